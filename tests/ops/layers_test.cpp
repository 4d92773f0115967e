// What the rows of layers do not show: running statistics, and memory in a steady state.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)

Tensor numbers(IntArrayRef sizes) { return arange(numel_of(sizes), kFloat64).reshape(sizes); }

TEST(BatchNorm, StatisticsMoveTowardsThoseOfTheBatch) {
  // Channel 0 holds 0, 1, 4, 5, channel 1 holds 2, 3, 6, 7.
  const Tensor x = numbers({2, 2, 2}), mean = zeros({2}, kFloat64), variance = ones({2}, kFloat64);
  batch_norm(x, {}, {}, mean, variance, true, 0.1, 1e-5, true);
  EXPECT_TRUE(allclose(mean, tensor({0.25, 0.45}, kFloat64), 1e-14, 0));
  // 17 / 3 is the unbiased variance of both.
  EXPECT_TRUE(allclose(variance, full({2}, 0.9 + 0.1 * 17 / 3, kFloat64), 1e-14, 0));
  const Tensor before = mean.clone();
  batch_norm(x, {}, {}, mean, variance, false, 0.1, 1e-5, true);
  batch_norm(zeros({0, 2}, kFloat64), {}, {}, mean, variance, true, 0.1, 1e-5, true);
  EXPECT_TRUE(equal(mean, before));
}

TEST(BatchNorm, StatisticsMayChangeBeforeTheSweep) {
  const Tensor x = numbers({2, 2, 2}).requires_grad_(), mean = zeros({2}, kFloat64), variance = ones({2}, kFloat64);
  const Tensor y = batch_norm(x, {}, {}, mean, variance, false, 0.1, 0, true);
  variance.fill_(4);
  y.sum().backward();
  EXPECT_TRUE(equal(x.grad(), ones({2, 2, 2}, kFloat64)));
}

TEST(InstanceNorm, StatisticsMoveByTheMeanOverImages) {
  const Tensor x = numbers({2, 2, 2}), mean = zeros({2}, kFloat64), variance = ones({2}, kFloat64);
  instance_norm(x, {}, {}, mean, variance, true, 0.5, 1e-5, true);
  EXPECT_TRUE(allclose(mean, tensor({1.25, 2.25}, kFloat64), 1e-14, 0));
  EXPECT_TRUE(allclose(variance, full({2}, 0.75, kFloat64), 1e-14, 0));
}

TEST(Layers, AskForNoMemoryInASteadyState) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "every block comes from the system, so that misuse is seen";
#endif
  manual_seed(1);
  const Tensor x = randn({4, 3, 12, 12}), w = randn({8, 3, 3, 3}).requires_grad_(), b = zeros({8}).requires_grad_(),
               scale = ones({8}).requires_grad_(), shift = zeros({8}).requires_grad_(), mean = zeros({8}),
               variance = ones({8});
  const auto step = [&] {
    for (const Tensor& t : {w, b, scale, shift}) t.mutable_grad() = Tensor();
    const Tensor y =
        batch_norm(conv2d(x, w, b, 2, IntArrayRef(1)), scale, shift, mean, variance, true, 0.1, 1e-5, true);
    const Tensor pooled = avg_pool2d(max_pool2d(y, 2), 3);
    layer_norm(group_norm(pooled, 2).flatten(1), 8).square().sum().backward();
  };
  for (int i = 0; i < 20; ++i) step();
  const auto before = tape::statistics().heap_allocations;
  for (int i = 0; i < 100; ++i) step();
  EXPECT_EQ(tape::statistics().heap_allocations, before);
}

}  // namespace
