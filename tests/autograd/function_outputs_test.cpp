// What a user's Function may return: inputs, views, changed inputs, outputs without gradient.
#include <cmath>

#include "check.h"

namespace {
using namespace gradtape;            // NOLINT(google-build-using-namespace)
using namespace gradtape::autograd;  // NOLINT(google-build-using-namespace)
using check::leaf;
using check::Numbers;
using check::values;

TEST(Function, AnInputReturnedAsItIsStillRunsBackward) {
  struct Reverse : Function<Reverse> {
    static Tensor forward(AutogradContext*, Tensor x) { return x; }
    static variable_list backward(AutogradContext*, variable_list g) { return {-g[0]}; }
  };
  const Tensor x = leaf({1, 2});
  const Tensor y = Reverse::apply(x);
  EXPECT_FALSE(y.is_same(x));
  EXPECT_TRUE(y.is_alias_of(x));
  EXPECT_TRUE(y.is_view());
  EXPECT_TRUE(x.is_leaf());
  y.sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{-1, -1}));
  Tensor z = x * 1, r = Reverse::apply(z);
  EXPECT_ERROR(Error, r.mul_(2), "a user's Function returned it, whose backward the change would bypass");
  z.mul_(2);
  EXPECT_ERROR(Error, r.sum().backward(), "a user's Function returned it");
}

TEST(Function, ViewsAsOutputs) {
  struct Flat : Function<Flat> {
    static Tensor forward(AutogradContext*, Tensor x) { return x.view({-1}); }
    static variable_list backward(AutogradContext*, variable_list g) { return {g[0].view({2, 2}) * 5}; }
  };
  struct Parts : Function<Parts> {
    static variable_list forward(AutogradContext*, Tensor x) { return {x[0], x[1]}; }
    static variable_list backward(AutogradContext*, variable_list g) { return {stack(g)}; }
  };
  const Tensor x = leaf({1, 2, 3, 4}, {2, 2});
  Tensor y = Flat::apply(x * 1);
  y.sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{5, 5, 5, 5}));
  EXPECT_ERROR(Error, y.mul_(2), "a user's Function returned it");
  const variable_list p = Parts::apply(x * 1);
  EXPECT_ERROR(Error, p[0].mul_(2), "one of several views made by one call");
  (p[0] * 2 + p[1] * 3).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{7, 7, 8, 8}));
}

struct Doubled : Function<Doubled> {
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    x.mul_(2);
    ctx->mark_dirty({x});
    return x;
  }
  static variable_list backward(AutogradContext*, variable_list g) { return {g[0] * 2}; }
};

TEST(Function, ChangesAnInputInPlace) {
  const Tensor x = leaf({1, 2});
  EXPECT_ERROR(Error, Doubled::apply(leaf({1})), "[Doubled] a leaf that requires grad cannot be changed in place");
  Tensor z = x * 1;
  const Tensor y = Doubled::apply(z);
  EXPECT_TRUE(y.is_same(z));
  EXPECT_EQ(z.grad_fn()->name(), "DoubledBackward");
  z.sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{2, 2}));
  // Through a view its base follows.
  Tensor base = x * 1;
  Tensor v = base[0];
  Doubled::apply(v);
  EXPECT_EQ(values(base), (Numbers{2, 2}));
  (base * 10).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{22, 12}));
  // What saved the old value notices.
  Tensor s = x * 1;
  const Tensor sq = s * s;
  Doubled::apply(s);
  EXPECT_ERROR(Error, sq.sum().backward(), "then Doubled changed it");
  // Constants too.
  Tensor c = ones({2});
  Doubled::apply(c);
  EXPECT_EQ(values(c), (Numbers{2, 2}));
  EXPECT_FALSE(c.requires_grad());
}

TEST(Function, DirtyInputsMustBeReturned) {
  struct Forgets : Function<Forgets> {
    static Tensor forward(AutogradContext* ctx, Tensor x, Tensor counter) {
      counter.add_(1);
      x.mul_(2);
      ctx->mark_dirty({x, counter});
      return x * 2;
    }
    static variable_list backward(AutogradContext*, variable_list g) { return {g[0] * 4, Tensor()}; }
  };
  Tensor counter = zeros({1});
  EXPECT_ERROR(Error, Forgets::apply(leaf({1}) * 1, counter),
               "[Forgets] forward changed an input in place, float64[1]");
}

struct SavesDirty : Function<SavesDirty> {
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    x.exp_();
    ctx->mark_dirty({x});
    ctx->save_for_backward({x});
    return x;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    return {g[0] * ctx->get_saved_variables()[0]};
  }
};

TEST(Function, SavedDirtyOutputsMakeNoCycle) {
  const auto before = tape::statistics().nodes_alive;
  {
    const Tensor x = leaf({0.5, 0.25});
    Tensor y = x * 1, b = x * 1, v = b[1];
    SavesDirty::apply(y);
    SavesDirty::apply(v);
    const Tensor d1 = autograd::grad({y.sum() + b.sum()}, {x}, {}, nullopt, true)[0];
    EXPECT_NEAR(values(d1)[0], std::exp(0.5) + 1, 1e-15);
    EXPECT_NEAR(values(d1)[1], 2 * std::exp(0.25), 1e-15);
    const Tensor d2 = autograd::grad({d1.sum()}, {x})[0];
    EXPECT_NEAR(values(d2)[0], std::exp(0.5), 1e-15);
    EXPECT_NEAR(values(d2)[1], 2 * std::exp(0.25), 1e-15);
  }
  EXPECT_EQ(tape::statistics().nodes_alive, before);
}

TEST(Function, NonDifferentiableOutputs) {
  struct WithIndex : Function<WithIndex> {
    static variable_list forward(AutogradContext* ctx, Tensor x) {
      Tensor twin = x * 3;
      ctx->mark_non_differentiable({twin});
      return {x * 2, twin, ones({2}, kInt64), Tensor()};
    }
    static variable_list backward(AutogradContext*, variable_list g) {
      EXPECT_EQ(g.size(), 4u);
      EXPECT_EQ(values(g[1]), (Numbers{0, 0}));
      EXPECT_EQ(g[2].dtype(), kInt64);
      EXPECT_FALSE(g[3].defined());
      return {g[0] * 2};
    }
  };
  const Tensor x = leaf({1, 2});
  const variable_list out = WithIndex::apply(x);
  EXPECT_TRUE(out[0].requires_grad());
  EXPECT_FALSE(out[1].requires_grad());
  EXPECT_FALSE(out[2].requires_grad());
  EXPECT_FALSE(out[3].defined());
  out[0].sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{2, 2}));
}

TEST(Function, OutputsThatRepeat) {
  struct Twice : Function<Twice> {
    static variable_list forward(AutogradContext*, Tensor x) { return {x, x}; }
    static variable_list backward(AutogradContext*, variable_list g) { return {g[0] * 2 + g[1] * 3}; }
  };
  const Tensor x = leaf({1});
  const variable_list out = Twice::apply(x);
  (out[0] + out[1] * 10).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{32}));
}

}  // namespace
