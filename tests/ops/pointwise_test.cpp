// What rows of one tensor cannot say: numbers that no double holds, values that depend on the dtype.
#include <cmath>
#include <limits>
#include <tuple>

#include "autograd/kernels/copy.h"
#include "autograd/ops/common.h"
#include "expand.h"

namespace gradtape::table {
namespace {

TEST(Pointwise, ClampKeepsIntegersThatNoDoubleHolds) {
  const std::int64_t bound = (std::int64_t(1) << 60) + 1;
  EXPECT_EQ(clamp_min(zeros({2}, kInt64), bound)[1].item<std::int64_t>(), bound);
  EXPECT_EQ(clamp(full({2}, -bound - 2, kInt64), -bound, 0)[0].item<std::int64_t>(), -bound);
  EXPECT_EQ(clamp_max(full({2}, bound + 5, kInt64), bound)[0].item<std::int64_t>(), bound);
  EXPECT_EQ(clamp(full({2}, bound, kInt64), 0, 2 * bound)[0].item<std::int64_t>(), bound);
}

// A bound that the dtype does not reach does what its nearest number does, as a number and as a 0-d tensor.
TEST(Pointwise, ClampByBoundsOutsideTheDtype) {
  const std::int64_t far = std::int64_t(1) << 40;
  for (const auto& [t, least, largest] : {std::tuple{kUInt8, std::int64_t(0), std::int64_t(255)},
                                          {kInt32, -(std::int64_t(1) << 31), (std::int64_t(1) << 31) - 1}}) {
    const Tensor x = tensor({0, 1, 77}).to(t);
    const auto same = [&, dtype = t](const Tensor& y, const Tensor& z) {
      EXPECT_EQ(y.scalar_type(), dtype);
      EXPECT_TRUE(y.equal(z)) << y << z;
    };
    for (std::int64_t bound : {-far, 2 * least - 1, 2 * largest + 1, far, std::int64_t(1) << 60}) {
      const bool above = bound > 0;
      const Tensor low = above ? full_like(x, largest) : x, high = above ? x : full_like(x, least);
      same(clamp_min(x, bound), low);
      same(clamp_max(x, bound), high);
      same(clamp(x, bound, nullopt), low);
      same(clamp(x, bound, far), low);
      same(clamp(x, -far, bound), high);
      same(clamp_min(x, tensor(bound)), low);
      same(clamp_max(x, tensor(bound)), high);
      same(clamp(x, tensor(bound), tensor(far)), low);
      same(x.clone().clamp_(bound, far), low);
    }
    // A tensor of a wider dtype that has dimensions decides.
    EXPECT_TRUE(clamp_min(x, full({3}, far, kInt64)).equal(full({3}, far, kInt64)));
  }
  const std::int64_t odd = (std::int64_t(1) << 60) + 1;
  EXPECT_EQ(clamp_min(zeros({2}, kBool), odd)[0].item<std::int64_t>(), odd);
}

TEST(Pointwise, LogitOfNegativeEpsHasNoBounds) {
  const Tensor x = tensor({-0.05, 0.25, 1.05}, kFloat64).requires_grad_();
  const Tensor y = logit(x, -0.1);
  const Tensor g = autograd::grad({y.sum()}, {x})[0];
  for (std::int64_t k : {0, 2}) {
    EXPECT_TRUE(std::isnan(y[k].item<double>()));
    EXPECT_TRUE(std::isnan(g[k].item<double>()));
  }
  EXPECT_NEAR(g[1].item<double>(), 16 / 3., 1e-14);
}

// What windows overlap is added up, in every dtype.
TEST(Kernels, AccumulateAddsInEveryDtype) {
  for (ScalarType t : kAllTypes) {
    const Tensor x = ones({4}, t), twice = t == kBool ? x : x + x;
    const Tensor y = x.clone();
    kernels::accumulate(ops::array_of(y), ops::array_of(x));
    EXPECT_TRUE(y.equal(twice)) << t;
    const Tensor z = ones({8}, t), half = z.slice(0, 0, 8, 2);
    kernels::accumulate(ops::array_of(half), ops::array_of(ones({}, t).expand({4})));
    EXPECT_TRUE(half.equal(twice)) << t;
    EXPECT_TRUE(z.slice(0, 1, 8, 2).equal(x)) << t;
  }
}

TEST(Pointwise, BoundThatIsNanMakesAllNan) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Tensor x = tensor({1.0, -1.0});
  EXPECT_TRUE(isnan(clamp(x, nan, 1.0)).all().item<bool>());
  EXPECT_TRUE(isnan(clamp(x, -1.0, nan)).all().item<bool>());
  EXPECT_TRUE(isnan(clamp(x, tensor(nan), tensor(1.0))).all().item<bool>());
}

TEST(Pointwise, NanToNumTakesTheLargestOfTheDtype) {
  const double inf = std::numeric_limits<double>::infinity();
  for (ScalarType t : kFloatingTypes) {
    const Tensor y = nan_to_num(tensor({inf, -inf, std::nan("")}, t));
    const double largest = t == kFloat32 ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
    EXPECT_EQ(y[0].item<double>(), largest);
    EXPECT_EQ(y[1].item<double>(), -largest);
    EXPECT_EQ(y[2].item<double>(), 0);
  }
}

TEST(Pointwise, BoolsCountWhereLibtorchCountsThem) {
  const Tensor b = ones({2}, kBool);
  EXPECT_EQ(square(b).scalar_type(), kInt64);
  EXPECT_EQ(clamp(b, 0, 1).scalar_type(), kInt64);
  EXPECT_EQ(pow(b, 2).scalar_type(), kInt64);
  EXPECT_EQ(sign(b).scalar_type(), kBool);
}

TEST(Pointwise, PositiveIsTheTensorItself) {
  const Tensor x = ones({2});
  EXPECT_TRUE(positive(x).is_same(x));
}

// A bound that is the tensor itself, or a part of it.
TEST(Pointwise, ClampInPlaceByItself) {
  const Tensor leaf = tensor({1.0, -2.0}).requires_grad_();
  Tensor x = leaf * 1;
  x.clamp_min_(x);
  x.sum().backward();
  EXPECT_TRUE(leaf.grad().equal(ones({2})));
}

}  // namespace
}  // namespace gradtape::table
