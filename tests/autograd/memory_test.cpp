// Memory: long chains, many graphs, a steady state, what is counted.
#include <cmath>
#include <utility>

#include "check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using check::leaf;
using check::Numbers;
using check::values;

TEST(Memory, MillionNodesRecordSweepAndDrop) {
  const auto before = tape::statistics();
  Tensor x = leaf({1});
  Tensor y = x;
  for (int i = 0; i < 1000000; ++i) y = y + 1;
  EXPECT_EQ(tape::statistics().nodes_alive - before.nodes_alive, 1000000);
  EXPECT_EQ(tape::position() - before.position, 1000000u);
  y.backward();
  EXPECT_EQ(x.grad().item<double>(), 1.0);
  y = Tensor();
  EXPECT_EQ(tape::statistics().nodes_alive, before.nodes_alive);
}

TEST(Memory, MillionNodesWithSavedValues) {
  const auto before = tape::statistics();
  {
    const Tensor x = leaf({1}), c = leaf({1.000001});
    Tensor y = x;
    for (int i = 0; i < 1000000; ++i) y = y * c;
    y.backward();
    EXPECT_NEAR(x.grad().item<double>(), std::exp(1.0), 1e-5);
  }
  EXPECT_EQ(tape::statistics().nodes_alive, before.nodes_alive);
  EXPECT_EQ(tape::statistics().bytes_in_use, before.bytes_in_use);
}

TEST(Memory, WideGraphsAndInPlaceChainsDropWithoutRecursion) {
  const auto before = tape::statistics().nodes_alive;
  {
    const Tensor x = leaf({1, 2});
    Tensor y = x * 1;
    for (int i = 0; i < 200000; ++i) y.mul_(1.0000001);
    Tensor base = zeros({4}, kFloat64);
    for (int i = 0; i < 20000; ++i) base[i % 4].add_(x[0]);
    std::vector<Tensor> all;
    for (int i = 0; i < 100000; ++i) all.push_back(x * i);
    (stack(all).sum() + y.sum() + base.sum()).backward();
  }
  EXPECT_EQ(tape::statistics().nodes_alive, before);
}

TEST(Memory, ManyGraphsLeaveNothingBehind) {
  const Tensor x = leaf({1, 2, 3, 4}, {2, 2});
  const auto graph = [&](int i) {
    Tensor y = (x.mm(x) + i).sigmoid() * 3;
    y[0].mul_(2);
    const Tensor z = y.t().sum();
    if (i % 3 == 0) z.backward();
    if (i % 3 == 1) autograd::grad({z}, {x}, {}, nullopt, true);
    // And now and then none at all: recording without a sweep must not grow memory.
  };
  for (int i = 0; i < 1000; ++i) graph(i);
  const auto before = tape::statistics();
  for (int i = 0; i < 100000; ++i) graph(i);
  const auto after = tape::statistics();
  EXPECT_EQ(after.nodes_alive, before.nodes_alive);
  EXPECT_EQ(after.bytes_in_use, before.bytes_in_use);
  EXPECT_EQ(after.bytes_cached, before.bytes_cached);
  EXPECT_EQ(after.heap_allocations, before.heap_allocations);
  EXPECT_GT(after.nodes_total, before.nodes_total + 400000);
}

TEST(Memory, ASteadyStepAsksTheSystemForNothing) {
  const Tensor x = rand({64, 30}), target = (rand({64, 1}) > 0.5).to(kFloat32);
  std::vector<Tensor> w;
  for (const auto& [in, out] : {std::pair<int, int>{30, 64}, {64, 32}, {32, 1}}) {
    w.push_back((randn({out, in}) * 0.2).requires_grad_());
    w.push_back(zeros({out}, requires_grad()));
  }
  const auto step = [&] {
    Tensor h = relu(linear(x, w[0], w[1]));
    h = relu(linear(h, w[2], w[3]));
    binary_cross_entropy(linear(h, w[4], w[5]).sigmoid(), target).backward();
    const NoGradGuard off;
    for (Tensor& p : w) {
      p.sub_(p.grad(), 0.1);
      p.grad().zero_();
    }
  };
  for (int i = 0; i < 5; ++i) step();
  const auto before = tape::statistics().heap_allocations;
  for (int i = 0; i < 100; ++i) step();
  EXPECT_EQ(tape::statistics().heap_allocations, before);
}

TEST(Memory, BytesInUseFollowTheTensors) {
  const auto before = tape::statistics().bytes_in_use;
  {
    const Tensor t = zeros({1000, 1000});
    if (tape::statistics().bytes_in_use == before) GTEST_SKIP() << "this build does not count bytes";
    EXPECT_GE(tape::statistics().bytes_in_use - before, 4000000);
    const Tensor v = t.t(), d = t.detach();
    EXPECT_LT(tape::statistics().bytes_in_use - before, 5100000);
  }
  EXPECT_EQ(tape::statistics().bytes_in_use, before);
  tape::empty_cache();
  EXPECT_LT(tape::statistics().bytes_cached, 4000000);
}

TEST(Memory, CyclesThatUsersMayExpectToBeFreed) {
  const auto before = tape::statistics().nodes_alive;
  {
    const Tensor x = leaf({1, 2});
    const Tensor y = x.exp();  // saves its output
    const Tensor z = y * y;
    z.sum().backward({}, nullopt, true);  // grad() has a history of its own
    x.mutable_grad() = Tensor();          // x -> grad -> x would be a cycle
    Tensor t = x * 1;
    t.sigmoid_();
    t[0].exp_();
    t.register_hook([](Tensor g) { return g; });
    t.retain_grad();
    t.sum().backward();
  }
  EXPECT_EQ(tape::statistics().nodes_alive, before);
}

}  // namespace
