// A user's own Function.
#include <cmath>
#include <stdexcept>

#include "check.h"

namespace {
using namespace gradtape;            // NOLINT(google-build-using-namespace)
using namespace gradtape::autograd;  // NOLINT(google-build-using-namespace)
using check::leaf;
using check::Numbers;
using check::values;

struct Square : Function<Square> {
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    ctx->save_for_backward({x});
    return x * x;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    return {2 * ctx->get_saved_variables()[0] * g[0]};
  }
};

struct Exp : Function<Exp> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x) {
    Tensor y = x.exp();
    ctx->save_for_backward({y});
    return y;
  }
  static tensor_list backward(AutogradContext* ctx, tensor_list g) { return {ctx->get_saved_variables()[0] * g[0]}; }
};

TEST(Function, ValueGradientAndName) {
  const Tensor x = leaf({1, 2, 3});
  const Tensor y = Square::apply(x);
  EXPECT_EQ(values(y), (Numbers{1, 4, 9}));
  EXPECT_EQ(y.grad_fn()->name(), "SquareBackward");
  y.sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{2, 4, 6}));
}

TEST(Function, HigherDerivativesThroughSavedInputsAndOutputs) {
  const Tensor x = leaf({0.5, 1.5});
  Tensor d = Square::apply(Exp::apply(x)).sum();  // e^(2x)
  for (int order = 1; order <= 3; ++order) {
    d = autograd::grad({d}, {x}, {}, nullopt, true)[0];
    const Numbers v = values(d);
    EXPECT_NEAR(v[0], std::pow(2, order) * std::exp(1.0), 1e-12);
    EXPECT_NEAR(v[1], std::pow(2, order) * std::exp(3.0), 1e-11);
    d = d.sum();
  }
}

TEST(Function, BackwardIsRecordedOnlyUnderCreateGraph) {
  const Tensor x = leaf({1, 2});
  EXPECT_FALSE(autograd::grad({Square::apply(x).sum()}, {x})[0].requires_grad());
  EXPECT_TRUE(autograd::grad({Square::apply(x).sum()}, {x}, {}, nullopt, true)[0].requires_grad());
}

TEST(Function, SavedOutputMakesNoCycle) {
  const auto before = tape::statistics();
  const Tensor x = leaf({1, 2});
  for (int i = 0; i < 10; ++i) Exp::apply(Exp::apply(x));
  EXPECT_EQ(tape::statistics().nodes_alive, before.nodes_alive);
}

TEST(Function, RunsOnceForwardWithoutRecordingInside) {
  struct Counts : Function<Counts> {
    static Tensor forward(AutogradContext*, Tensor x, bool* enabled) {
      *enabled = GradMode::is_enabled();
      return x * 2 * 3;
    }
    static variable_list backward(AutogradContext*, variable_list g) { return {g[0] * 6, Tensor()}; }
  };
  const Tensor x = leaf({1});
  bool enabled = true;
  const auto before = tape::statistics().nodes_total;
  const Tensor y = Counts::apply(x, &enabled);
  EXPECT_FALSE(enabled);
  EXPECT_TRUE(GradMode::is_enabled());
  EXPECT_EQ(tape::statistics().nodes_total - before, 1u);
  EXPECT_EQ(y.grad_fn()->name(), "CountsBackward");
}

// Several outputs, arguments of all kinds, values saved by name.
struct Mixed : Function<Mixed> {
  static variable_list forward(AutogradContext* ctx, Tensor x, int n, double p, const Tensor& y, std::string name,
                               optional<Tensor> maybe, optional<Tensor> none, std::vector<Tensor> unseen) {
    ctx->saved_data["n"] = n;
    ctx->saved_data["p"] = p;
    ctx->saved_data["flag"] = true;
    ctx->saved_data["name"] = name;
    ctx->saved_data["sizes"] = x.sizes();
    ctx->saved_data["constant"] = unseen[0];
    ctx->saved_data["none"] = none;
    EXPECT_TRUE(ctx->needs_input_grad(0));
    EXPECT_FALSE(ctx->needs_input_grad(2));
    return {x * n + *maybe, y * p};
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    const auto n = ctx->saved_data["n"].toInt();
    const double p = ctx->saved_data["p"].toDouble();
    EXPECT_TRUE(ctx->saved_data["flag"].toBool());
    EXPECT_EQ(ctx->saved_data["name"].toStringRef(), "a name");
    EXPECT_EQ(ctx->saved_data["sizes"].toIntVector(), (std::vector<std::int64_t>{2}));
    EXPECT_EQ(ctx->saved_data["constant"].toTensor().item<double>(), 7);
    EXPECT_TRUE(ctx->saved_data["none"].isNone());
    return {g[0] * n, Tensor(), Tensor(), g[1] * p, Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

TEST(Function, ManyKindsOfArgumentsAndOutputs) {
  const Tensor x = leaf({1, 2}), y = leaf({3, 4});
  const std::vector<Tensor> unseen = {full({1}, 7.0)};
  const auto call = [&] {
    return Mixed::apply(x, 3, 0.5, y, std::string("a name"), optional<Tensor>(ones({2}, kFloat64)), optional<Tensor>(),
                        unseen);
  };
  const variable_list out = call();
  EXPECT_EQ(values(out[0]), (Numbers{4, 7}));
  EXPECT_EQ(values(out[1]), (Numbers{1.5, 2}));
  EXPECT_EQ(out[1].output_nr(), 1);
  (out[0] + out[1] * 10).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{3, 3}));
  EXPECT_EQ(values(y.grad()), (Numbers{5, 5}));
  // The output that is not used arrives as zeros.
  call()[0].sum().backward();
  EXPECT_EQ(values(y.grad()), (Numbers{5, 5}));
  EXPECT_EQ(values(x.grad()), (Numbers{6, 6}));
}

TEST(Function, UndefinedGradients) {
  struct Two : Function<Two> {
    static variable_list forward(AutogradContext* ctx, Tensor x, bool materialize, std::vector<bool>* seen) {
      ctx->set_materialize_grads(materialize);
      ctx->saved_data["seen"] = reinterpret_cast<std::int64_t>(seen);
      return {x * 2, x * 3};
    }
    static variable_list backward(AutogradContext* ctx, variable_list g) {
      auto* seen = reinterpret_cast<std::vector<bool>*>(ctx->saved_data["seen"].toInt());
      *seen = {g[0].defined(), g[1].defined()};
      Tensor sum;
      if (g[0].defined()) sum = g[0] * 2;
      if (g[1].defined()) sum = sum.defined() ? sum + g[1] * 3 : g[1] * 3;
      return {sum, Tensor(), Tensor()};
    }
  };
  const Tensor x = leaf({1, 2});
  std::vector<bool> seen;
  Two::apply(x, true, &seen)[1].sum().backward();
  EXPECT_EQ(seen, (std::vector<bool>{true, true}));
  Two::apply(x, false, &seen)[1].sum().backward();
  EXPECT_EQ(seen, (std::vector<bool>{false, true}));
  EXPECT_EQ(values(x.grad()), (Numbers{6, 6}));
}

TEST(Function, UndefinedGradientsPassThroughOtherNodes) {
  struct None : Function<None> {
    static Tensor forward(AutogradContext*, Tensor x) { return x * 2; }
    static variable_list backward(AutogradContext*, variable_list) { return {Tensor()}; }
  };
  struct Sees : Function<Sees> {
    static Tensor forward(AutogradContext*, Tensor x) { return x * 2; }
    static variable_list backward(AutogradContext*, variable_list g) {
      EXPECT_TRUE(g[0].defined());
      return {g[0] * 2};
    }
  };
  const Tensor x = leaf({1, 2});
  const Tensor a = Sees::apply(x);
  a.register_hook([](Tensor) { ADD_FAILURE() << "no gradient arrives here"; });
  None::apply(a * 3).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{0, 0}));
  const Tensor z = leaf({1, 2});
  EXPECT_FALSE(autograd::grad({None::apply(z * 3).sum()}, {z}, {}, nullopt, false, true)[0].defined());
}

TEST(Function, GradientsAreFittedToTheInput) {
  struct Wide : Function<Wide> {
    static Tensor forward(AutogradContext*, Tensor x) { return x * 2; }
    static variable_list backward(AutogradContext*, variable_list) { return {ones({3, 2}, kFloat32)}; }
  };
  const Tensor x = leaf({1, 2});
  Wide::apply(x).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{3, 3}));
  EXPECT_EQ(x.grad().dtype(), kFloat64);
  struct Bad : Function<Bad> {
    static Tensor forward(AutogradContext*, Tensor x) { return x * 2; }
    static variable_list backward(AutogradContext*, variable_list) { return {ones({3})}; }
  };
  EXPECT_ERROR(Error, Bad::apply(x).sum().backward(),
               "[backward] BadBackward gave a gradient float32[3] for input 0 of shape [2]");
}

TEST(Function, WrongNumberOfGradients) {
  struct TooFew : Function<TooFew> {
    static Tensor forward(AutogradContext*, Tensor x, int) { return x * 2; }
    static variable_list backward(AutogradContext*, variable_list g) { return {g[0]}; }
  };
  struct TooMany : Function<TooMany> {
    static Tensor forward(AutogradContext*, Tensor x, int extra) { return x * 2 * extra; }
    static variable_list backward(AutogradContext*, variable_list g) { return {g[0], Tensor(), Tensor(), Tensor()}; }
  };
  struct ForNumber : Function<ForNumber> {
    static Tensor forward(AutogradContext*, Tensor x, int n) { return x * n; }
    static variable_list backward(AutogradContext*, variable_list g) { return {g[0], g[0]}; }
  };
  const Tensor x = leaf({1});
  EXPECT_ERROR(Error, TooFew::apply(x, 1).backward(),
               "[TooFew] backward must return one gradient for each argument of forward: 2, but it returned 1");
  EXPECT_ERROR(Error, ForNumber::apply(x, 1).backward(),
               "[ForNumber] backward returned a gradient float64[1] for argument 1 of forward, which is no tensor");
  EXPECT_FALSE(x.grad().defined());
  TooMany::apply(x, 1).backward();  // undefined ones too many do no harm
  EXPECT_EQ(values(x.grad()), (Numbers{1}));
}

TEST(Function, SavedValuesAreCheckedAndFreed) {
  const Tensor x = leaf({1, 2});
  Tensor c = x * 1;
  const Tensor y = Square::apply(c);
  c.add_(1);
  EXPECT_ERROR(Error, y.sum().backward(),
               "SquareBackward (recorded by Square) saved its input float64[2] at version 0");
  const Tensor z = Square::apply(x).sum();
  z.backward();
  EXPECT_ERROR(Error, z.backward(), "the values saved by SquareBackward are freed");
}

TEST(Function, WithoutRecording) {
  const Tensor x = leaf({1, 2});
  const NoGradGuard off;
  EXPECT_FALSE(Square::apply(x).requires_grad());
  EXPECT_FALSE(GradMode::is_enabled());
  struct Same : Function<Same> {
    static Tensor forward(AutogradContext*, Tensor x) { return x; }
    static variable_list backward(AutogradContext*, variable_list g) { return g; }
  };
  const Tensor y = Same::apply(x);
  EXPECT_FALSE(y.requires_grad());
  EXPECT_TRUE(x.requires_grad());
  EXPECT_TRUE(y.is_alias_of(x));
}

TEST(Function, ExceptionsLeaveEverythingUsable) {
  struct Throws : Function<Throws> {
    static Tensor forward(AutogradContext*, Tensor x, bool now) {
      if (now) throw std::runtime_error("forward");
      return x * 2;
    }
    static variable_list backward(AutogradContext*, variable_list) { throw std::runtime_error("backward"); }
  };
  const auto before = tape::statistics().nodes_alive;
  const Tensor x = leaf({1, 2}), w = leaf({3, 4});
  EXPECT_THROW(Throws::apply(x, true), std::runtime_error);
  EXPECT_TRUE(GradMode::is_enabled());
  EXPECT_THROW((Throws::apply(x, false) + w).sum().backward(), std::runtime_error);
  EXPECT_TRUE(GradMode::is_enabled());
  EXPECT_FALSE(w.grad().defined());
  EXPECT_EQ(tape::statistics().nodes_alive, before);
  (Square::apply(x) + w).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{2, 4}));
}

TEST(Function, NeedsInputGradKnowsTheSweep) {
  struct Product : Function<Product> {
    static Tensor forward(AutogradContext* ctx, Tensor a, Tensor b, std::vector<bool>* asked) {
      ctx->save_for_backward({a, b});
      ctx->saved_data["asked"] = reinterpret_cast<std::int64_t>(asked);
      return a * b;
    }
    static variable_list backward(AutogradContext* ctx, variable_list g) {
      const auto saved = ctx->get_saved_variables();
      auto* asked = reinterpret_cast<std::vector<bool>*>(ctx->saved_data["asked"].toInt());
      *asked = {ctx->needs_input_grad(0), ctx->needs_input_grad(1)};
      EXPECT_ERROR(IndexError, ctx->needs_input_grad(2), "[needs_input_grad] input 2 of 2 does not exist in Product");
      return {g[0] * saved[1], g[0] * saved[0], Tensor()};
    }
  };
  const Tensor x = leaf({1, 2}), w = leaf({3, 4});
  std::vector<bool> asked;
  const Tensor y = Product::apply(x, w, &asked).sum();
  EXPECT_EQ(values(autograd::grad({y}, {w}, {}, true)[0]), (Numbers{1, 2}));
  EXPECT_EQ(asked, (std::vector<bool>{false, true}));
  y.backward();
  EXPECT_EQ(asked, (std::vector<bool>{true, true}));
  Product::apply(x, w.detach(), &asked).sum().backward();
  EXPECT_EQ(asked, (std::vector<bool>{true, false}));
}

TEST(Function, MaySweepInside) {
  // Computes again in backward what forward did not keep.
  struct Checkpoint : Function<Checkpoint> {
    static Tensor forward(AutogradContext* ctx, Tensor x) {
      ctx->save_for_backward({x});
      return (x * x).sigmoid();
    }
    static variable_list backward(AutogradContext* ctx, variable_list g) {
      const AutoGradMode on(true);
      const Tensor x = ctx->get_saved_variables()[0].detach().requires_grad_();
      const Tensor y = (x * x).sigmoid();
      return {autograd::grad({y}, {x}, {g[0]})[0]};
    }
  };
  const Tensor x = leaf({0.5, -1}), z = leaf({0.5, -1});
  Checkpoint::apply(Checkpoint::apply(x * 2)).sum().backward();
  const Tensor a = (z * 2);
  const Tensor b = (a * a).sigmoid();
  (b * b).sigmoid().sum().backward();
  EXPECT_EQ(values(x.grad()), values(z.grad()));
}

TEST(Function, ManyInputsAndOutputs) {
  struct Wide : Function<Wide> {
    static variable_list forward(AutogradContext* ctx, TensorList in) {
      variable_list out;
      for (const Tensor& t : in) out.push_back(t * 2);
      variable_list save(in.begin(), in.end());
      save.insert(save.end(), out.begin(), out.end());
      ctx->save_for_backward(save);
      return out;
    }
    static variable_list backward(AutogradContext* ctx, variable_list g) {
      const variable_list saved = ctx->get_saved_variables();
      variable_list out;
      for (std::size_t i = 0; i < g.size(); ++i) out.push_back(g[i] * saved[g.size() + i] / saved[i]);
      return out;
    }
  };
  std::vector<Tensor> in;
  for (int i = 0; i < 400; ++i) in.push_back(leaf({1.0 + i}));
  const variable_list out = Wide::apply(TensorList(in));
  (out[3] * 5 + out[399] * 7).sum().backward({}, nullopt, true);
  EXPECT_EQ(values(in[3].grad()), (Numbers{10}));
  EXPECT_EQ(values(in[399].grad()), (Numbers{14}));
  EXPECT_EQ(values(in[0].grad()), (Numbers{0}));
  // A recorded gradient holds its graph, which holds the leaf.
  for (Tensor& t : in) t.mutable_grad() = Tensor();
}

TEST(Function, ReturnsNothing) {
  struct Nothing : Function<Nothing> {
    static variable_list forward(AutogradContext*, Tensor) { return {}; }
    static variable_list backward(AutogradContext*, variable_list) { return {}; }
  };
  EXPECT_ERROR(Error, Nothing::apply(leaf({1})), "[Nothing] forward returned 0 tensors");
}

}  // namespace
