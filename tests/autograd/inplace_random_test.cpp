// Random programs of in-place changes through views and bases, against the same programs written without any: there a
// view is a function of the base, and a change through it places new elements by index.
#include <cmath>
#include <functional>

#include "check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using check::leaf;
using check::Numbers;
using check::values;

using View = std::function<Tensor(const Tensor&)>;

class Program {
 public:
  explicit Program(std::uint64_t seed) : random_(seed) {}

  // The scalar that the program computes from x and w, and its last state.
  struct Result {
    Tensor value, state;
  };

  // In place, or with the state passed on.
  Result run(const Tensor& x, const Tensor& w, bool in_place) {
    Generator g = random_.clone();
    Tensor base = x * 1;       // changed in place
    std::vector<Tensor> kept;  // views made at some time
    std::vector<View> made;    // what they are as functions of the base
    Tensor state = x * 1;      // the same base out of place
    Tensor sum = zeros(IntArrayRef(), kFloat64);
    for (int step = 0; step < 8; ++step) {
      const View how = random_view(g);
      made.push_back(how);
      if (in_place) kept.push_back(how(base));
      const std::size_t target = g.below(made.size()), other = g.below(made.size());
      const auto operation = static_cast<int>(g.below(10));
      if (in_place) {
        change(kept[target], kept[other], w, operation);
        const Tensor& seen = kept[g.below(kept.size())];
        sum = sum + (seen * 0.7).sum() + (base * 0.1).sum();
      } else {
        const Tensor before = made[target](state);
        Tensor copy = before.clone();
        const Tensor changed = changed_copy(copy, made[other](state), w, operation);
        state = written(state, made[target], changed);
        sum = sum + (made[g.below(made.size())](state) * 0.7).sum() + (state * 0.1).sum();
      }
    }
    return {sum, in_place ? base : state};
  }

 private:
  static View random_view(Generator& g) {
    const auto one = [](Generator& r) -> View {
      switch (r.below(8)) {
        case 0:
          return [](const Tensor& t) { return t.dim() > 0 && t.size(0) > 1 ? t.select(0, -1) : t; };
        case 1:
          return [](const Tensor& t) { return t.dim() > 0 && t.size(-1) > 2 ? t.narrow(-1, 1, 2) : t; };
        case 2:
          return [](const Tensor& t) { return t.dim() == 2 ? t.t() : t; };
        case 3:
          return [](const Tensor& t) { return t.dim() == 2 ? t.diagonal() : t; };
        case 4:
          return [](const Tensor& t) { return t.dim() > 0 ? t.slice(-1, 0, 4, 2) : t; };
        case 5:
          return [](const Tensor& t) { return t.is_contiguous() ? t.view({-1}) : t; };
        case 6:
          return [](const Tensor& t) { return t.unsqueeze(0).squeeze(0); };
        default:
          return [](const Tensor& t) { return t; };
      }
    };
    const View a = one(g), b = one(g);
    return [a, b](const Tensor& t) { return b(a(t)); };
  }

  // `other` cut and spread to the shape of `like`.
  static Tensor fitting(const Tensor& other, const Tensor& like) {
    Tensor t = other;
    while (t.dim() > 0 && !is_expandable_to(t.sizes(), like.sizes())) t = t.select(0, 0);
    return t;
  }

  static void change(const Tensor& v, const Tensor& other, const Tensor& w, int operation) {
    switch (operation) {
      case 0:
        v.mul_(w);
        return;
      case 1:
        v.add_(fitting(other, v), 0.5);
        return;
      case 2:
        v.mul_(fitting(other, v)).mul_(0.25);
        return;
      case 3:
        v.tanh_();
        return;
      case 4:
        v.sigmoid_();
        return;
      case 5:
        v.copy_(fitting(other, v));
        return;
      case 6:
        v.fill_(0.3);
        return;
      case 7:
        v.div_(w + 2);
        return;
      case 8:
        v.square_().clamp_(-0.5, 0.8);
        return;
      default:
        v.sub_(w);
    }
  }
  static Tensor changed_copy(const Tensor& v, const Tensor& other, const Tensor& w, int operation) {
    switch (operation) {
      case 0:
        return v * w;
      case 1:
        return v + fitting(other, v) * 0.5;
      case 2:
        return v * fitting(other, v) * 0.25;
      case 3:
        return v.tanh();
      case 4:
        return v.sigmoid();
      case 5:
        return fitting(other, v).expand(v.sizes());
      case 6:
        return full(v.sizes(), 0.3, kFloat64);
      case 7:
        return v / (w + 2);
      case 8:
        return v.square().clamp(-0.5, 0.8);
      default:
        return v - w;
    }
  }

  // state with `changed` where the view looks.
  static Tensor written(const Tensor& state, const View& view, const Tensor& changed) {
    const Tensor places = view(arange(state.numel(), kInt64).view(state.sizes())).contiguous().view({-1});
    Tensor mask = ones({state.numel()}, kFloat64);
    double* m = mask.data_ptr<double>();
    for (std::int64_t i = 0; i < places.numel(); ++i) m[places.data_ptr<std::int64_t>()[i]] = 0;
    const Tensor flat = state.reshape({-1});
    return (flat * mask + zeros({state.numel()}, kFloat64).scatter_add(0, places, changed.reshape({-1})))
        .reshape(state.sizes());
  }

  Generator random_;
};

void expect_close(const Tensor& a, const Tensor& b, std::uint64_t seed) {
  ASSERT_EQ(a.defined(), b.defined()) << seed;
  if (!a.defined()) return;
  const Numbers x = values(a), y = values(b);
  ASSERT_EQ(x.size(), y.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    EXPECT_NEAR(x[i], y[i], 1e-12 * (1 + std::abs(y[i]))) << "program " << seed << ", element " << i;
}

TEST(InPlace, RandomProgramsEqualTheirOutOfPlaceForm) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Program p(seed);
    const Tensor x = leaf({0.1, -0.2, 0.3, 0.4, -0.5, 0.6, 0.7, -0.8, 0.9}, {3, 3}),
                 w = leaf({0.6}).detach()[0].requires_grad_();
    const Program::Result a = p.run(x, w, true), b = p.run(x, w, false);
    expect_close(a.state, b.state, seed);
    expect_close(a.value, b.value, seed);
    const auto ga = autograd::grad({a.value}, {x, w}, {}, nullopt, true, true);
    const auto gb = autograd::grad({b.value}, {x, w}, {}, nullopt, true, true);
    for (std::size_t i = 0; i < 2; ++i) {
      expect_close(ga[i].defined() ? ga[i] : zeros_like(i ? w : x), gb[i].defined() ? gb[i] : zeros_like(i ? w : x),
                   seed);
      if (HasFailure()) return;
    }
    // Second order.
    const auto norm = [](const autograd::variable_list& g) {
      Tensor s = zeros(IntArrayRef(), kFloat64);
      for (const Tensor& t : g)
        if (t.defined()) s = s + t.square().sum();
      return s;
    };
    const Tensor na = norm(ga), nb = norm(gb);
    if (!na.requires_grad() || !nb.requires_grad()) continue;
    const auto ha = autograd::grad({na}, {x, w}, {}, nullopt, false, true);
    const auto hb = autograd::grad({nb}, {x, w}, {}, nullopt, false, true);
    for (std::size_t i = 0; i < 2; ++i) {
      expect_close(ha[i].defined() ? ha[i] : zeros_like(i ? w : x), hb[i].defined() ? hb[i] : zeros_like(i ? w : x),
                   seed);
      if (HasFailure()) return;
    }
  }
}

}  // namespace
