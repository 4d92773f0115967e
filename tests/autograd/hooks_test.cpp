// Hooks and retained gradients: order, replacement, removal, in-place changes, tensors that die first.
#include "check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using check::leaf;
using check::Numbers;
using check::values;

TEST(Hooks, OnALeafSeeTheWholeGradientOnce) {
  const Tensor x = leaf({1, 2});
  int calls = 0;
  Numbers seen;
  x.register_hook([&](Tensor g) {
    ++calls;
    seen = values(g);
  });
  (x * 2 + x * 3 + x).sum().backward();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(seen, (Numbers{6, 6}));
  EXPECT_EQ(values(x.grad()), (Numbers{6, 6}));
}

TEST(Hooks, OnANonLeafUsedSeveralTimesSeeTheWholeGradientOnce) {
  const Tensor x = leaf({1, 2});
  const Tensor y = x * 2;
  int calls = 0;
  y.register_hook([&](Tensor g) {
    ++calls;
    return g * 10;
  });
  (y * y + y).sum().backward();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(values(x.grad()), (Numbers{(2 * 2 + 1) * 20, (2 * 4 + 1) * 20}));
}

TEST(Hooks, RunInTheOrderOfRegistration) {
  const Tensor x = leaf({1});
  x.register_hook([](Tensor g) { return g * 2; });
  x.register_hook([](Tensor g) { return g + 1; });
  (x * 1).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{3}));
  const Tensor z = leaf({1});
  const Tensor y = z * 1;
  y.register_hook([](Tensor g) { return g + 1; });
  y.register_hook([](Tensor g) { return g * 2; });
  y.sum().backward();
  EXPECT_EQ(values(z.grad()), (Numbers{4}));
}

TEST(Hooks, CanBeRemoved) {
  const Tensor x = leaf({1});
  const unsigned first = x.register_hook([](Tensor g) { return g * 2; });
  const unsigned second = x.register_hook([](Tensor g) { return g * 5; });
  x.remove_hook(first);
  (x * 1).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{5}));
  x.remove_hook(second);
  (x * 1).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{6}));
  EXPECT_ERROR(IndexError, x.remove_hook(9), "[remove_hook] float64[1] has no hook 9");
  const Tensor y = x * 1;
  const unsigned third = y.register_hook([](Tensor g) { return g * 100; });
  y.remove_hook(third);
  y.sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{7}));
}

TEST(Hooks, MayRemoveThemselvesAndAddOthers) {
  const Tensor x = leaf({1});
  const Tensor y = x * 1;
  unsigned own = 0;
  int calls = 0, late = 0;
  own = y.register_hook([&](Tensor) {
    ++calls;
    y.remove_hook(own);
    y.register_hook([&](Tensor) { ++late; });
  });
  y.sum().backward({}, true);
  y.sum().backward({}, true);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(late, 2);
}

TEST(Hooks, MustKeepShapeAndDtype) {
  const Tensor x = leaf({1, 2});
  const Tensor y = x * 1;
  y.register_hook([](Tensor) { return ones({3}, kFloat64); });
  EXPECT_ERROR(Error, y.sum().backward(), "[hook] returned float64[3] for a gradient float64[2]");
  EXPECT_FALSE(x.grad().defined());
}

TEST(Hooks, NeedATensorThatRequiresGrad) {
  EXPECT_ERROR(Error, ones({2}).register_hook([](Tensor) {}), "[register_hook] float32[2] does not require grad");
  EXPECT_ERROR(Error, Tensor().register_hook([](Tensor) {}), "[register_hook] called on an undefined tensor");
  EXPECT_ERROR(Error, leaf({1}).register_hook(std::function<Tensor(Tensor)>()),
               "[register_hook] the function is empty");
  EXPECT_ERROR(Error, ones({2}).retain_grad(), "[retain_grad] float32[2] does not require grad");
}

TEST(Hooks, StayWithTheValueTheyWereRegisteredOn) {
  const Tensor x = leaf({1, 1});
  Tensor y = x * 2;
  Numbers before, after;
  const unsigned first = y.register_hook([&](Tensor g) { before = values(g); });
  y.mul_(5);
  const unsigned second = y.register_hook([&](Tensor g) { after = values(g); });
  EXPECT_NE(first, second);
  y.sum().backward({}, true);
  EXPECT_EQ(before, (Numbers{5, 5}));
  EXPECT_EQ(after, (Numbers{1, 1}));
  before = after = {};
  y.remove_hook(first);
  y.remove_hook(second);
  y.sum().backward();
  EXPECT_TRUE(before.empty());
  EXPECT_TRUE(after.empty());
}

TEST(Hooks, ActOnWhatFlowsOnNotOnWhatGradReturns) {
  const Tensor x = leaf({1, 1});
  const Tensor y = x * 2;
  int calls = 0;
  y.register_hook([&](Tensor g) {
    ++calls;
    return g * 10;
  });
  x.register_hook([&](Tensor g) {
    ADD_FAILURE() << "grad() leaves the leaf's hooks alone";
    return g;
  });
  const Tensor z = (y * 3).sum();
  EXPECT_EQ(values(autograd::grad({z}, {y}, {}, true)[0]), (Numbers{3, 3}));
  EXPECT_EQ(calls, 0);
  const auto both = autograd::grad({z}, {x, y});
  EXPECT_EQ(values(both[0]), (Numbers{60, 60}));
  EXPECT_EQ(values(both[1]), (Numbers{3, 3}));
  EXPECT_EQ(calls, 1);
}

TEST(Hooks, OfLeavesRunInBackwardWithInputs) {
  const Tensor x = leaf({1, 1});
  x.register_hook([](Tensor g) { return g * 10; });
  (x * 3).sum().backward({}, nullopt, false, TensorList(x));
  EXPECT_EQ(values(x.grad()), (Numbers{30, 30}));
}

TEST(Hooks, DoNotRunWhereNoGradientArrives) {
  const Tensor x = leaf({1, 1}), w = leaf({1, 1});
  const Tensor y = x * 2;
  y.register_hook([](Tensor) { ADD_FAILURE(); });
  (w * 2).sum().backward();
  EXPECT_FALSE(x.grad().defined());
}

TEST(RetainGrad, KeepsAndAddsUp) {
  const Tensor x = leaf({1, 1});
  const Tensor y = x * 2;
  EXPECT_FALSE(y.retains_grad());
  y.retain_grad();
  y.retain_grad();
  x.retain_grad();  // nothing to do for a leaf
  EXPECT_TRUE(y.retains_grad());
  EXPECT_FALSE(x.retains_grad());
  const Tensor z = (y * y).sum();
  z.backward({}, true);
  EXPECT_EQ(values(y.grad()), (Numbers{4, 4}));
  EXPECT_EQ(values(x.grad()), (Numbers{8, 8}));
  z.backward();
  EXPECT_EQ(values(y.grad()), (Numbers{8, 8}));
  EXPECT_EQ(values(x.grad()), (Numbers{16, 16}));
}

TEST(RetainGrad, IsLeftAloneByGrad) {
  const Tensor x = leaf({1, 1});
  const Tensor y = x * 2;
  y.retain_grad();
  const Tensor z = (y * y).sum();
  autograd::grad({z}, {x}, {}, true);
  EXPECT_FALSE(y.grad().defined());
  z.backward();
  EXPECT_EQ(values(y.grad()), (Numbers{4, 4}));
}

TEST(RetainGrad, KeepsWhatTheHookMadeOfIt) {
  const Tensor x = leaf({1});
  const Tensor y = x * 2;
  y.register_hook([](Tensor g) { return g * 7; });
  y.retain_grad();
  (y * 3).sum().backward();
  EXPECT_EQ(values(y.grad()), (Numbers{21}));
}

TEST(RetainGrad, DoesNotShareMemoryWithOtherGradients) {
  const Tensor x = leaf({1, 1});
  const Tensor y = x + 1, z = y + 1;
  y.retain_grad();
  z.retain_grad();
  z.sum().backward();
  y.mutable_grad().mul_(100);
  EXPECT_EQ(values(x.grad()), (Numbers{1, 1}));
  EXPECT_EQ(values(z.grad()), (Numbers{1, 1}));
}

TEST(RetainGrad, TheTensorMayDieBeforeTheSweep) {
  const Tensor x = leaf({1, 1});
  Tensor z;
  {
    Tensor y = x * 2;
    y.retain_grad();
    z = (y * 3).sum();
  }
  z.backward();
  EXPECT_EQ(values(x.grad()), (Numbers{6, 6}));
}

TEST(RetainGrad, FollowsTheTensorThroughInPlaceChanges) {
  const Tensor x = leaf({1, 1});
  Tensor y = x * 2;
  y.retain_grad();
  y.mul_(5);
  EXPECT_TRUE(y.retains_grad());
  (y * 3).sum().backward();
  EXPECT_EQ(values(y.grad()), (Numbers{3, 3}));
  EXPECT_EQ(values(x.grad()), (Numbers{30, 30}));
}

TEST(RetainGrad, FollowsAViewWhoseBaseChanges) {
  const Tensor x = leaf({1, 1});
  Tensor y = x * 2;
  Tensor v = y[0];
  v.retain_grad();
  y.mul_(5);
  (v * 3).backward();
  EXPECT_EQ(values(v.grad()), (Numbers{3}));
  EXPECT_EQ(values(x.grad()), (Numbers{30, 0}));
}

TEST(RetainGrad, EndsWithDetach) {
  const Tensor x = leaf({1, 1});
  Tensor y = x * 2;
  const Tensor z = (y * 3).sum();
  y.retain_grad();
  y.detach_();
  EXPECT_FALSE(y.retains_grad());
  z.backward();
  EXPECT_FALSE(y.grad().defined());
  EXPECT_EQ(values(x.grad()), (Numbers{6, 6}));
}

TEST(RetainGrad, OfManyTensorsOfOneNode) {
  const Tensor x = leaf({1, 1});
  Tensor z;
  std::vector<Tensor> kept;
  {
    Tensor y = x * 2;
    for (int i = 0; i < 4; ++i) {
      kept.push_back(y.view({2}));
      kept.back().retain_grad();
    }
    z = (kept[0] + kept[1] * 2 + kept[2] * 3 + kept[3] * 4).sum();
  }
  kept.erase(kept.begin() + 1);
  z.backward();
  EXPECT_EQ(values(kept[0].grad()), (Numbers{1, 1}));
  EXPECT_EQ(values(kept[1].grad()), (Numbers{3, 3}));
  EXPECT_EQ(values(kept[2].grad()), (Numbers{4, 4}));
  EXPECT_EQ(values(x.grad()), (Numbers{20, 20}));
}

}  // namespace
