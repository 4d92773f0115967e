// What rows of one tensor cannot say: numbers that no double holds, values that depend on the dtype.
#include <cmath>
#include <limits>

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
