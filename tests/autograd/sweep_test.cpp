// backward() and grad(): arguments, accumulation, freed graphs, exceptions, sweeps inside sweeps.
#include <stdexcept>

#include "check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using check::leaf;
using check::Numbers;
using check::values;

TEST(Sweep, AddsUpInLeaves) {
  const Tensor x = leaf({1, 2});
  (x * x).sum().backward();
  const Tensor kept = x.grad();
  (x * x).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{4, 8}));
  EXPECT_TRUE(kept.is_same(x.grad()));  // added in place, as users may hold it
  EXPECT_FALSE(x.grad().requires_grad());
}

TEST(Sweep, StartsAtALeaf) {
  const Tensor x = leaf({3});
  x.backward();
  x.backward(ones({1}, kFloat64) * 5);
  EXPECT_EQ(values(x.grad()), (Numbers{6}));
}

TEST(Sweep, RootsMayRepeatAndContainEachOther) {
  const Tensor x = leaf({1, 2});
  const Tensor y = x * 2;
  autograd::backward({y, y, x}, {ones({2}, kFloat64), ones({2}, kFloat64), ones({2}, kFloat64)});
  EXPECT_EQ(values(x.grad()), (Numbers{5, 5}));
}

TEST(Sweep, RootThatOtherRootsDependOn) {
  const Tensor x = leaf({1, 2});
  const Tensor y = x * 2, z = (y * 3).sum();
  autograd::backward({y, z}, {ones({2}, kFloat64), Tensor()});
  EXPECT_EQ(values(x.grad()), (Numbers{8, 8}));
}

TEST(Sweep, GradientOfAnotherDtypeIsConverted) {
  const Tensor x = leaf({1, 2});
  (x * 2).backward(full({2}, 0.5, kFloat32));
  EXPECT_EQ(x.grad().dtype(), kFloat64);
  EXPECT_EQ(values(x.grad()), (Numbers{1, 1}));
}

TEST(Sweep, LeavesOfSeveralDtypes) {
  const Tensor a = leaf({1, 2}, {}, kFloat32), b = leaf({3, 4}, {}, kFloat64);
  (a * b).sum().backward();
  EXPECT_EQ(a.grad().dtype(), kFloat32);
  EXPECT_EQ(b.grad().dtype(), kFloat64);
  EXPECT_EQ(values(a.grad()), (Numbers{3, 4}));
  EXPECT_EQ(values(b.grad()), (Numbers{1, 2}));
}

TEST(Sweep, ManyLeaves) {
  std::vector<Tensor> xs;
  Tensor sum = zeros({1}, kFloat64);
  for (int i = 0; i < 200; ++i) {
    xs.push_back(leaf({1.0 * i}));
    sum = sum + xs.back() * i + xs[xs.size() / 2] * 1000;
  }
  sum.backward();
  for (int i = 0; i < 200; ++i)
    EXPECT_EQ(xs[static_cast<std::size_t>(i)].grad().item<double>(),
              i + (i < 101 ? (i == 0 || i == 100 ? 1000 : 2000) : 0))
        << i;
}

TEST(Sweep, WithInputsReachesOnlyThese) {
  const Tensor x = leaf({1, 1}), w = leaf({2, 2});
  const Tensor y = x * w, z = (y * 3).sum();
  z.backward({}, true, false, TensorList(x));
  EXPECT_EQ(values(x.grad()), (Numbers{6, 6}));
  EXPECT_FALSE(w.grad().defined());
  const std::vector<Tensor> twice = {x, x};
  z.backward({}, true, false, TensorList(twice));
  EXPECT_EQ(values(x.grad()), (Numbers{12, 12}));
  const std::vector<Tensor> both = {y, w};
  z.backward({}, true, false, TensorList(both));
  EXPECT_EQ(values(y.grad()), (Numbers{3, 3}));
  EXPECT_EQ(values(w.grad()), (Numbers{3, 3}));
  EXPECT_EQ(values(x.grad()), (Numbers{12, 12}));
}

TEST(Sweep, ErrorsOfBackward) {
  const Tensor x = leaf({1, 2});
  EXPECT_ERROR(Error, Tensor().backward(), "[backward] called on an undefined tensor");
  EXPECT_ERROR(Error, (x * 2).backward(), "only for a tensor with one element, but this is float64[2]");
  EXPECT_ERROR(Error, ones({1}).backward(), "[backward] tensor 0 float32[1] does not require grad");
  EXPECT_ERROR(Error, (x * 2).backward(ones({3})), "gradient float32[3] does not have the shape of float64[2]");
  EXPECT_ERROR(Error, autograd::backward({x, Tensor()}, {ones({2}), ones({2})}), "tensor 1 is undefined");
  EXPECT_ERROR(Error, autograd::backward({x}, {ones({2}), ones({2})}), "got 2 gradients for 1 tensors");
  EXPECT_ERROR(Error, autograd::backward({x.sum()}, {}, nullopt, false, {ones({2})}),
               "input 0 float32[2] does not require grad");
  {
    const NoGradGuard off;
    EXPECT_ERROR(Error, (x * 2).sum().backward(), "grad mode is on");
  }
  EXPECT_FALSE(x.grad().defined());
}

TEST(Sweep, GradReturnsAndChangesNothing) {
  const Tensor x = leaf({1, 2}), w = leaf({3, 4});
  const Tensor y = x * w;
  const auto g = autograd::grad({y.sum()}, {x, y, x, w});
  EXPECT_EQ(values(g[0]), (Numbers{3, 4}));
  EXPECT_EQ(values(g[1]), (Numbers{1, 1}));
  EXPECT_EQ(values(g[2]), (Numbers{3, 4}));
  EXPECT_EQ(values(g[3]), (Numbers{1, 2}));
  EXPECT_FALSE(x.grad().defined());
  EXPECT_FALSE(w.grad().defined());
}

TEST(Sweep, GradOfATensorWithRespectToItself) {
  const Tensor x = leaf({3});
  EXPECT_EQ(values(autograd::grad({x}, {x})[0]), (Numbers{1}));
  const Tensor y = x * 2;
  EXPECT_EQ(values(autograd::grad({y}, {y})[0]), (Numbers{1}));
}

TEST(Sweep, GradOfSeveralOutputsIsTheSum) {
  const Tensor x = leaf({1, 2});
  const auto g = autograd::grad({(x * 2).sum(), x * x}, {x}, {Tensor(), leaf({10, 100}).detach()});
  EXPECT_EQ(values(g[0]), (Numbers{2 + 20, 2 + 400}));
}

TEST(Sweep, UnusedInputs) {
  const Tensor x = leaf({1, 2}), w = leaf({3, 4});
  const Tensor y = (x * 2).sum();
  EXPECT_ERROR(Error, autograd::grad({y}, {x, w}, {}, true), "[grad] input 1 float64[2] was not used");
  const auto g = autograd::grad({y}, {x, w}, {}, nullopt, false, true);
  EXPECT_TRUE(g[0].defined());
  EXPECT_FALSE(g[1].defined());
  EXPECT_ERROR(Error, autograd::grad({y}, {ones({2})}), "[grad] input 0 float32[2] does not require grad");
  EXPECT_ERROR(Error, autograd::grad({y}, {Tensor()}), "[grad] input 0 is undefined");
}

TEST(Sweep, SecondTimeNeedsRetainGraph) {
  const Tensor x = leaf({1, 2});
  const Tensor y = (x * x).sum();
  y.backward({}, true);
  y.backward();
  EXPECT_ERROR(Error, y.backward(), "pass retain_graph = true to the earlier backward()");
  EXPECT_EQ(values(x.grad()), (Numbers{4, 8}));
  const Tensor z = (x * x).sum();
  z.backward({}, nullopt, true);  // create_graph keeps the graph
  z.backward();
}

TEST(Sweep, GraphsThatSaveNothingMayBeSweptAgain) {
  const Tensor x = leaf({1, 2});
  const Tensor y = (x + 1).sum();
  y.backward();
  y.backward();
  EXPECT_EQ(values(x.grad()), (Numbers{2, 2}));
}

TEST(Sweep, GradFreesOnlyWhatItWentThrough) {
  const Tensor x = leaf({1, 2}), w = leaf({3, 4});
  const Tensor a = x * x, b = w * w;
  const Tensor z = (a + b).sum();
  autograd::grad({z}, {w});
  EXPECT_EQ(values(autograd::grad({z}, {x})[0]), (Numbers{2, 4}));
  EXPECT_ERROR(Error, autograd::grad({z}, {w}), "MulBackward are freed");
}

TEST(Sweep, FreesSavedValues) {
  Tensor y;
  const Tensor x = leaf({1});
  const auto before = tape::statistics().bytes_in_use;
  {
    const Tensor big = (x + zeros({100000}, kFloat64));
    y = (big * big).sum();
  }
  if (tape::statistics().bytes_in_use == before) GTEST_SKIP() << "this build does not count bytes";
  EXPECT_GT(tape::statistics().bytes_in_use, before + 700000);
  y.backward();
  EXPECT_LT(tape::statistics().bytes_in_use, before + 10000);
}

TEST(Sweep, GradThatDoesNotFitIsReported) {
  const Tensor x = leaf({1, 2}), w = leaf({1, 2});
  x.mutable_grad() = ones({3}, kFloat64);
  EXPECT_ERROR(Error, (x * w).sum().backward(), "grad() of float64[2] is float64[3]");
  EXPECT_FALSE(w.grad().defined());
  x.mutable_grad() = ones({2}, kFloat32);
  (x * 2).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{3, 3}));
  x.mutable_grad() = ones({1}, kFloat64).expand({2});
  (x * 2).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{3, 3}));
}

TEST(Sweep, AnExceptionLeavesGradientsAndTheEngineAsTheyWere) {
  const Tensor x = leaf({1, 2}), w = leaf({3, 4});
  const Tensor u = x * 2, y = u * w;
  u.retain_grad();
  bool on = true;
  x.register_hook([&](Tensor) {
    if (on) throw std::runtime_error("from the leaf's hook");
  });
  EXPECT_THROW(y.sum().backward({}, true), std::runtime_error);
  EXPECT_FALSE(x.grad().defined());
  EXPECT_FALSE(w.grad().defined());
  EXPECT_FALSE(u.grad().defined());
  on = false;
  const unsigned h = u.register_hook([&](Tensor) { throw std::runtime_error("from the hook"); });
  EXPECT_THROW(y.sum().backward({}, true), std::runtime_error);
  EXPECT_FALSE(w.grad().defined());
  u.remove_hook(h);
  y.sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{6, 8}));
  EXPECT_EQ(values(w.grad()), (Numbers{2, 4}));
  EXPECT_EQ(values(u.grad()), (Numbers{3, 4}));
  EXPECT_TRUE(GradMode::is_enabled());
}

TEST(Sweep, InsideAHookOverAnotherGraph) {
  const Tensor x = leaf({1, 2}), w = leaf({3, 4});
  const Tensor y = x * 2;
  y.register_hook([&](Tensor) {
    const AutoGradMode on(true);
    (w * w).sum().backward();
  });
  (y * w).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{6, 8}));
  EXPECT_EQ(values(w.grad()), (Numbers{6 + 2, 8 + 4}));
}

TEST(Sweep, InsideAHookOverTheSameNodes) {
  const Tensor x = leaf({1, 1});
  const Tensor s = x * 2, a = s * 3, b = (s * s).sum();
  Numbers inner;
  a.register_hook([&](Tensor) { inner = values(autograd::grad({b}, {x}, {}, true)[0]); });
  (a.sum() + b).backward({}, true);
  EXPECT_EQ(inner, (Numbers{8, 8}));
  EXPECT_EQ(values(x.grad()), (Numbers{14, 14}));
  // And when the outer sweep is one that looks for captured tensors, and the inner one adds to leaves.
  x.mutable_grad() = Tensor();
  const Tensor c = s * 5;
  c.register_hook([&](Tensor) { b.backward({}, true); });
  const auto g = autograd::grad({(c.sum() + b)}, {x, s}, {}, true);
  EXPECT_EQ(values(g[0]), (Numbers{18, 18}));
  EXPECT_EQ(values(g[1]), (Numbers{9, 9}));
  EXPECT_EQ(values(x.grad()), (Numbers{8, 8}));
}

TEST(Sweep, AnExceptionOfAnInnerSweepLeavesTheOuterOneWhole) {
  const Tensor x = leaf({1, 1});
  const Tensor s = x * 2, a = s * 3, b = (s * s).sum();
  bool thrown = false;
  int depth = 0;
  s.register_hook([&](Tensor) {
    if (depth > 0) throw std::runtime_error("inner");
  });
  a.register_hook([&](Tensor) {
    ++depth;
    try {
      b.backward({}, true);
    } catch (const std::runtime_error&) {
      thrown = true;
    }
    --depth;
  });
  (a.sum() + b).backward();
  EXPECT_TRUE(thrown);
  EXPECT_EQ(values(x.grad()), (Numbers{14, 14}));
}

TEST(Sweep, NestedManyTimes) {
  const Tensor x = leaf({1});
  int depth = 0;
  std::function<Tensor(Tensor)> hook = [&](Tensor g) {
    if (++depth < 50) {
      const AutoGradMode on(true);
      Tensor y = x * 1;
      y.register_hook(hook);
      y.backward();
    }
    return g;
  };
  Tensor y = x * 1;
  y.register_hook(hook);
  y.backward();
  EXPECT_EQ(depth, 50);
  EXPECT_EQ(values(x.grad()), (Numbers{50}));
}

TEST(Sweep, HigherDerivatives) {
  const Tensor x = leaf({0.3, 1.7});
  const Tensor y = x * x * x * x;
  const Tensor d1 = autograd::grad({y.sum()}, {x}, {}, nullopt, true)[0];
  const Tensor d2 = autograd::grad({d1.sum()}, {x}, {}, nullopt, true)[0];
  const Tensor d3 = autograd::grad({d2.sum()}, {x}, {}, nullopt, true)[0];
  const Tensor d4 = autograd::grad({d3.sum()}, {x}, {}, nullopt, true)[0];
  EXPECT_NEAR(values(d1)[0], 4 * 0.027, 1e-14);
  EXPECT_NEAR(values(d2)[1], 12 * 1.7 * 1.7, 1e-13);
  EXPECT_NEAR(values(d3)[1], 24 * 1.7, 1e-13);
  EXPECT_NEAR(values(d4)[0], 24, 1e-13);
  EXPECT_TRUE(d3.requires_grad());
}

TEST(Sweep, CreateGraphMakesGradDifferentiable) {
  const Tensor x = leaf({2});
  (x * x * x).backward({}, nullopt, true);
  EXPECT_TRUE(x.grad().requires_grad());
  const Tensor g = x.grad();
  x.mutable_grad() = Tensor();
  g.backward();
  EXPECT_EQ(values(x.grad()), (Numbers{12}));
}

TEST(Sweep, SavedOutputsLeadBackUnderCreateGraph) {
  const Tensor x = leaf({0.5});
  const Tensor y = x.exp().sigmoid().tanh().sqrt();
  const Tensor d1 = autograd::grad({y}, {x}, {}, nullopt, true)[0];
  const Tensor d2 = autograd::grad({d1}, {x})[0];
  const double h = 1e-4;
  const auto first = [](double v) {
    const Tensor z = leaf({v});
    return autograd::grad({z.exp().sigmoid().tanh().sqrt()}, {z})[0].item<double>();
  };
  EXPECT_NEAR(d2.item<double>(), (first(0.5 + h) - first(0.5 - h)) / (2 * h), 1e-8);
}

}  // namespace
