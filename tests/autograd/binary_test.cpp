// Operations on two and three tensors beyond their rows: dtypes, corners and operators, against values from libtorch
// 1.13.1.
#include <cmath>
#include <limits>

#include "check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using check::leaf;
using check::Numbers;
using check::values;

constexpr double kInf = std::numeric_limits<double>::infinity(), kNan = std::numeric_limits<double>::quiet_NaN();

Tensor doubles(const Numbers& v) { return leaf(v).detach(); }
Tensor integers(const Numbers& v, ScalarType t = kInt64) { return doubles(v).to(t); }

void expect_values(const Tensor& t, const Numbers& want) {
  const Numbers got = values(t);
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (std::isnan(want[i])) {
      EXPECT_TRUE(std::isnan(got[i])) << i;
    } else {
      EXPECT_EQ(got[i], want[i]) << i;
      EXPECT_EQ(std::signbit(got[i]), std::signbit(want[i])) << i;
    }
  }
}

// A letter for each pair of {uint8, int32, int64, float32, float64, bool}; - where f throws.
std::string dtypes(Tensor (*f)(const Tensor&, const Tensor&)) {
  const std::vector<ScalarType> types = {kUInt8, kInt32, kInt64, kFloat32, kFloat64, kBool};
  std::string all;
  for (ScalarType a : types) {
    if (!all.empty()) all += ' ';
    for (ScalarType b : types) {
      try {
        const ScalarType t = f(ones({2}, a), ones({2}, b)).scalar_type();
        all += t == kUInt8 ? 'B' : t == kInt32 ? 'i' : t == kInt64 ? 'l' : t == kFloat32 ? 'f' : t == kBool ? 'b' : 'd';
      } catch (const TypeError&) {
        all += '-';
      }
    }
  }
  return all;
}
#define DTYPES(expression) dtypes([](const Tensor& a, const Tensor& c) -> Tensor { return expression; })

TEST(Binary, Dtypes) {
  const std::string numbers = "BilfdB iilfdi lllfdl ffffdf dddddd Bilfd-";
  EXPECT_EQ(DTYPES(div(a, c, "floor")), numbers);
  EXPECT_EQ(DTYPES(div(a, c, "trunc")), numbers);
  EXPECT_EQ(DTYPES(floor_divide(a, c)), numbers);
  EXPECT_EQ(DTYPES(fmod(a, c)), numbers);
  EXPECT_EQ(DTYPES(remainder(a, c)), numbers);
  EXPECT_EQ(DTYPES(addcmul(a, c, c)), numbers);
  EXPECT_EQ(DTYPES(addcmul(a, a, c)), numbers);
  const std::string any = "BilfdB iilfdi lllfdl ffffdf dddddd Bilfdb";
  EXPECT_EQ(DTYPES(fmin(a, c)), any);
  EXPECT_EQ(DTYPES(fmax(a, c)), any);
  EXPECT_EQ(DTYPES(maximum(a, c)), any);
  EXPECT_EQ(DTYPES(where(c == c, a, c)), any);
  const std::string floating = "ffffdf ffffdf ffffdf ffffdf dddddd ffffdf";
  EXPECT_EQ(DTYPES(atan2(a, c)), floating);
  EXPECT_EQ(DTYPES(xlogy(a, c)), floating);
  EXPECT_EQ(DTYPES(copysign(a, c)), floating);
  EXPECT_EQ(DTYPES(ldexp(a, c)), floating);
  EXPECT_EQ(DTYPES(float_power(a, c)), "dddddd dddddd dddddd dddddd dddddd dddddd");
  const std::string only_floating = "---fd- ---fd- ---fd- ffffdf dddddd ---fd-";
  EXPECT_EQ(DTYPES(hypot(a, c)), only_floating);
  EXPECT_EQ(DTYPES(logaddexp(a, c)), only_floating);
  EXPECT_EQ(DTYPES(logaddexp2(a, c)), only_floating);
  EXPECT_EQ(DTYPES(nextafter(a, c)), only_floating);
  EXPECT_EQ(DTYPES(addcdiv(a, c, c)), "---fd- ---fd- ---fd- ---fd- ---dd- ---fd-");
  EXPECT_EQ(DTYPES(lerp(a, c, 0.5)), "------ ------ ------ ---f-- ----d- ------");
  EXPECT_EQ(DTYPES(lerp(a, c, c)), "------ ------ ------ ---f-- ----d- ------");
  EXPECT_EQ(DTYPES(heaviside(a, c)), "B----- -i---- --l--- ---f-- ----d- -----b");
  EXPECT_EQ(DTYPES(isclose(a, c)), "b----- -b---- --b--- ---b-- ----b- -----b");
  EXPECT_EQ(DTYPES(logical_and(a, c)), "bbbbbb bbbbbb bbbbbb bbbbbb bbbbbb bbbbbb");
  EXPECT_EQ(DTYPES(bitwise_and(a, c)), "Bil--B iil--i lll--l ------ ------ Bil--b");
  EXPECT_EQ(DTYPES(bitwise_left_shift(a, c)), "Bil--B iil--i lll--l ------ ------ Bil---");
  EXPECT_EQ(DTYPES(gcd(a, c)), "Bil--B iil--i lll--l ------ ------ Bil---");
  EXPECT_EQ(DTYPES(rsub(a, c)), "Bilfd- iilfd- lllfd- ffffd- ddddd- ------");
}

TEST(Binary, NumbersCountByCategory) {
  const Tensor i = ones({2}, kInt32), f = ones({2}), b = ones({2}, kBool);
  EXPECT_EQ(floor_divide(i, 2).dtype(), kInt32);
  EXPECT_EQ(floor_divide(i, 2.5).dtype(), kFloat32);
  EXPECT_EQ(fmod(b, 2).dtype(), kInt64);
  EXPECT_EQ(remainder(5, i).dtype(), kInt32);
  EXPECT_EQ(xlogy(i, 2).dtype(), kFloat32);
  EXPECT_EQ((f % 2.5).dtype(), kFloat32);
  EXPECT_EQ((b ^ 1).dtype(), kInt64);
  EXPECT_EQ((b ^ true).dtype(), kBool);
  EXPECT_EQ(copysign(f, -1.0).dtype(), kFloat32);
  EXPECT_EQ(float_power(2, i).dtype(), kFloat64);
  EXPECT_EQ(lerp(f, f, 0.5).dtype(), kFloat32);
  EXPECT_EQ(addcmul(i, i, i, 2.5).dtype(), kInt32);
  EXPECT_EQ(addcmul(f, f, ones(IntArrayRef(), kFloat64)).dtype(), kFloat32);
  EXPECT_EQ(addcmul(i, ones(IntArrayRef()), i).dtype(), kFloat32);
  EXPECT_EQ(where(b, 1, 2).dtype(), kInt64);
  EXPECT_EQ(where(b, 1., 2).dtype(), kFloat32);
  EXPECT_EQ(where(b, true, false).dtype(), kBool);
  EXPECT_EQ(where(b, f, 2.5).dtype(), kFloat32);
  EXPECT_EQ(where(b, 2.5, i).dtype(), kFloat32);
}

TEST(Binary, QuotientsAtCorners) {
  const Tensor x = doubles({7, -7, 7, -7, 1, -1, 0, kInf, 5, kInf, -5, kNan, -0.0});
  const Tensor y = doubles({2, 2, -2, -2, 0, 0, 0, 2, kInf, kInf, kInf, 1, 3});
  expect_values(div(x, y, "floor"), {3, -4, -4, 3, kInf, -kInf, kNan, kNan, 0, kNan, -1, kNan, -0.0});
  expect_values(div(x, y, "trunc"), {3, -3, -3, 3, kInf, -kInf, kNan, kInf, 0, kNan, -0.0, kNan, -0.0});
  expect_values(fmod(x, y), {1, -1, 1, -1, kNan, kNan, kNan, kNan, 5, kNan, -5, kNan, -0.0});
  expect_values(remainder(x, y), {1, 1, -1, -1, kNan, kNan, kNan, kNan, 5, kNan, kInf, kNan, -0.0});
  expect_values(floor_divide(doubles({0.3, 1, 6.3}), doubles({0.1, 0.1, 0.7})), {2, 9, 9});
  expect_values(div(x, y, nullopt), values(x / y));
  for (ScalarType t : {kInt32, kInt64}) {
    const Tensor a = integers({7, -7, 7, -7}, t), b = integers({2, 3, -3, -2}, t);
    expect_values(div(a, b, "floor"), {3, -3, -3, 3});
    expect_values(div(a, b, "trunc"), {3, -2, -2, 3});
    expect_values(a % b, {1, 2, -2, -1});
    expect_values(fmod(a, b), {1, -1, 1, -1});
    // The smallest number over -1, a trap on some processors, wraps around.
    const double least = t == kInt32 ? -0x1p31 : -0x1p63;
    const Tensor low = integers({least}, t), minus = integers({-1}, t);
    for (const char* mode : {"floor", "trunc"}) expect_values(div(low, minus, mode), {least});
    expect_values(fmod(low, minus), {0});
    expect_values(remainder(low, minus), {0});
    expect_values(gcd(integers({12, -12, 0, 0}, t), integers({18, 18, 0, -5}, t)), {6, 6, 0, 5});
    expect_values(lcm(integers({4, -4, 0, 3}, t), integers({6, 6, 5, 0}, t)), {12, 12, 0, 0});
  }
  expect_values(div(integers({200}, kUInt8), integers({7}, kUInt8), "floor"), {28});
  expect_values(div(integers({200}, kUInt8), integers({255}, kUInt8), "trunc"), {0});
  EXPECT_ERROR(ValueError, ones({2}, kInt32).fmod_(0), "[fmod] an integer division by zero");
}

TEST(Binary, FunctionsAtCorners) {
  expect_values(hypot(doubles({3, kInf, kNan, 0}), doubles({4, kNan, kInf, 0})), {5, kInf, kInf, 0});
  EXPECT_NEAR(hypot(doubles({3e200}), doubles({4e200})).item<double>(), 5e200, 1e185);
  expect_values(logaddexp(doubles({1000, kInf, -kInf, -kInf, kNan, 0}), doubles({0, kInf, -kInf, 3, 1, 1000})),
                {1000, kInf, -kInf, 3, kNan, 1000});
  expect_values(logaddexp2(doubles({0, kInf, -kInf, -kInf, 2000}), doubles({0, kInf, -kInf, 3, 0})),
                {1, kInf, -kInf, 3, 2000});
  expect_values(xlogy(doubles({0, 0, 0, 0, 1, kNan, 1}), doubles({0, -1, kNan, kInf, 0, 1, -1})),
                {0, 0, kNan, 0, -kInf, kNan, kNan});
  expect_values(fmin(doubles({1, kNan, kNan, -0.0, 0.}), doubles({kNan, 2, kNan, 0., -0.0})), {1, 2, kNan, -0.0, 0});
  expect_values(maximum(doubles({-0.0, 0.}), doubles({0., -0.0})), {-0.0, 0});
  expect_values(copysign(integers({1, 2}), integers({-1, 0})), {-1, 2});
  expect_values(copysign(doubles({1, 2}), -0.0), {-1, -2});
  expect_values(nextafter(doubles({0, 1, kInf, kNan}), doubles({1, 1, 0, 1})),
                {std::numeric_limits<double>::denorm_min(), 1, std::numeric_limits<double>::max(), kNan});
  expect_values(nextafter(ones({1}), zeros({1})), {1 - 0x1p-24});
  Tensor up = ones({2});
  EXPECT_FALSE(nextafter(leaf({1}), leaf({2})).requires_grad());
  up.nextafter_(full({2}, 2.));
  expect_values(up, {1 + 0x1p-23, 1 + 0x1p-23});
  Tensor out = empty({0});
  nextafter_out(out, ones({1}), zeros({1}));
  expect_values(out, {1 - 0x1p-24});
  expect_values(heaviside(doubles({-1, 0, 1, kNan, -0.0}), doubles({5, 6, 7, 8, kNan})), {0, 6, 1, 0, kNan});
  expect_values(lerp(doubles({1, 2}), doubles({3, 6}), doubles({0, 1})), {1, 6});
  expect_values(pow(doubles({0, 0, 0, -2, -2, kInf}), doubles({0, 2, -1, 2, 0.5, 0})), {1, 0, kInf, 4, kNan, 1});
  expect_values(pow(integers({2, 0, -1, 3, 1}), integers({-1, -1, -1, -2, -5})), {0, 0, -1, 0, 1});
  expect_values(float_power(integers({2}), integers({-1})), {0.5});
}

TEST(Binary, Bits) {
  for (ScalarType t : {kInt32, kInt64}) {
    expect_values(integers({6, -1}, t) & integers({3, 5}, t), {2, 5});
    expect_values(integers({6, -1}, t) | integers({3, 5}, t), {7, -1});
    expect_values(integers({6, -1}, t) ^ integers({3, 5}, t), {5, -6});
    expect_values(~integers({6, -1}, t), {-7, 0});
    expect_values(bitwise_left_shift(integers({1, 3, -3, 1}, t), integers({2, 1, 1, 64}, t)), {4, 6, -6, 0});
    expect_values(bitwise_right_shift(integers({8, -8, -1, 8}, t), integers({2, 1, 64, -1}, t)), {2, -4, -1, 0});
  }
  expect_values(bitwise_left_shift(integers({200}, kUInt8), integers({1}, kUInt8)), {144});
  expect_values(~integers({5}, kUInt8), {250});
  const Tensor b = integers({0, 1, 0, 1}, kBool), c = integers({0, 0, 1, 1}, kBool);
  expect_values(b & c, {0, 0, 0, 1});
  expect_values(b | c, {0, 1, 1, 1});
  expect_values(b ^ c, {0, 1, 1, 0});
  expect_values(~b, {1, 0, 1, 0});
  expect_values(6 & integers({3}), {2});
  expect_values(6 | integers({3}), {7});
  expect_values(6 ^ integers({3}), {5});
  expect_values(bitwise_left_shift(1, integers({3})), {8});
  expect_values(bitwise_right_shift(8, integers({3})), {1});
  Tensor x = integers({7});
  x &= 3;
  x |= integers({8});
  x ^= 1;
  expect_values(x, {10});
  x.bitwise_left_shift_(2).bitwise_right_shift_(integers({1}));
  expect_values(x, {20});
  x.bitwise_not_();
  expect_values(x, {-21});
  expect_values(logical_and(doubles({0, 1, kNan}), doubles({1, 1, 1})), {0, 1, 1});
  EXPECT_ERROR(TypeError, ~ones({2}), "[bitwise_not] need integers or bool, got float32[2]");
  EXPECT_ERROR(TypeError, ones({2}) & 1, "[bitwise_and] need integers or bool, got float32[2]");
  EXPECT_ERROR(TypeError, bitwise_left_shift(b, c), "[bitwise_left_shift] need integers, got bool[4]");
}

TEST(Binary, NumbersOnTheLeft) {
  const Tensor x = integers({1, 2, 3});
  expect_values(2 < x, {0, 0, 1});
  expect_values(2 <= x, {0, 1, 1});
  expect_values(2 > x, {1, 0, 0});
  expect_values(2 >= x, {1, 1, 0});
  expect_values(2 == x, {0, 1, 0});
  expect_values(2 != x, {1, 0, 1});
  expect_values(7 % x, {0, 1, 1});
  expect_values(pow(2, x), {2, 4, 8});
}

TEST(Binary, WhereInEveryForm) {
  const Tensor c = doubles({0, 1}) > 0;
  expect_values(where(c, 1, 2), {2, 1});
  expect_values(where(c, integers({1, 2}), doubles({3, 4})), {3, 2});
  expect_values(where(integers({1, 0}, kUInt8), doubles({1, 2}), doubles({3, 4})), {1, 4});
  expect_values(doubles({1, 2}).where(c, 5), {5, 2});
  EXPECT_ERROR(TypeError, where(doubles({0, 1}), 1, 2), "[where] condition must be bool, got float64[2]");
  const std::vector<Tensor> at = where(eye(2) > 0);
  ASSERT_EQ(at.size(), 2u);
  expect_values(at[0], {0, 1});
  expect_values(at[1], {0, 1});
  expect_values(where(doubles({0, 1, 2}))[0], {1, 2});
}

TEST(Binary, Equality) {
  EXPECT_TRUE(equal(integers({1}), doubles({1})));
  EXPECT_TRUE(equal(integers({1}, kBool), integers({1})));
  EXPECT_FALSE(equal(doubles({kNan}), doubles({kNan})));
  EXPECT_FALSE(equal(integers({1}), integers({1, 1})));
  expect_values(isclose(doubles({1, 1, kNan, kInf, kInf}), doubles({1 + 1e-9, 1.1, kNan, kInf, -kInf})),
                {1, 0, 0, 1, 0});
  expect_values(isclose(doubles({kNan}), doubles({kNan}), 1e-5, 1e-8, true), {1});
  expect_values(isclose(integers({1, 100}), integers({1, 101}), 0.1, 0), {1, 1});
  expect_values(isclose(integers({0}, kUInt8), integers({1}, kUInt8), 0, 2), {1});
  EXPECT_TRUE(allclose(integers({1}), integers({2}), 1));
  EXPECT_ERROR(TypeError, allclose(doubles({1}), ones({1})), "need one dtype: float64[1] and float32[1]");
  const Tensor x = leaf({1, 2});
  EXPECT_FALSE(isclose(x, x * 2).requires_grad());
}

TEST(Binary, ResultsMustFitInPlace) {
  EXPECT_ERROR(TypeError, integers({1}).div_(integers({2})), "the result float32[1] cannot be stored in int64[1]");
  EXPECT_ERROR(TypeError, integers({1}).mul_(2.5), "cannot be stored in int64[1]");
  EXPECT_ERROR(TypeError, integers({1}, kBool).bitwise_and_(integers({1})), "cannot be stored in bool[1]");
  EXPECT_ERROR(TypeError, integers({1}).copysign_(2), "cannot be stored in int64[1]");
  EXPECT_ERROR(TypeError, integers({1}).floor_divide_(2.5), "cannot be stored in int64[1]");
  EXPECT_ERROR(TypeError, integers({1}).pow_(0.5), "cannot be stored in int64[1]");
  expect_values(integers({7}).div_(integers({2}), "floor"), {3});
  expect_values(integers({1}).addcmul_(integers({2}), integers({3}), 2), {13});
  expect_values(integers({3}).eq_(3), {1});
  expect_values(doubles({1, 2}).lt_(2), {1, 0});
  expect_values(integers({1}, kBool).logical_and_(integers({0})), {0});
  Tensor whole = empty({2}, kInt32);
  EXPECT_ERROR(TypeError, add_out(whole, doubles({1, 2}), doubles({1, 2})),
               "[add_out] the result float64[2] cannot be stored in int32[2]");
  eq_out(whole, doubles({1, 2}), 2);
  expect_values(whole, {0, 1});
  Tensor grows = empty({0}, kFloat64);
  add_out(grows, ones({2}), ones({2}));
  EXPECT_EQ(grows.dtype(), kFloat64);
  expect_values(grows, {2, 2});
  Tensor wrong = empty({3}, kInt32);
  EXPECT_ERROR(TypeError, div_out(wrong, integers({1}), integers({2})), "[div_out] the result float32[1]");
}

// The rule reads the operand as it was, also where it is the tensor that changes.
TEST(Binary, InPlaceWithItself) {
  const Numbers at = {0.7, 1.9};
  const auto gradient = [&](auto change) {
    const Tensor x = leaf(at);
    Tensor y = x * 1;
    change(y);
    y.sum().backward();
    return values(x.grad());
  };
  EXPECT_EQ(gradient([](Tensor& y) { y.addcmul_(y, y, 2); }), (Numbers{1 + 4 * 0.7, 1 + 4 * 1.9}));
  EXPECT_EQ(gradient([](Tensor& y) { y.lerp_(y, 0.25); }), (Numbers{1, 1}));
  // y mod 2y = y
  EXPECT_EQ(gradient([](Tensor& y) { y.fmod_(y * 2); }), (Numbers{1, 1}));
  const Numbers hypots = gradient([](Tensor& y) { y.hypot_(y); });
  for (double g : hypots) EXPECT_NEAR(g, std::sqrt(2.0), 1e-15);
  EXPECT_EQ(gradient([](Tensor& y) { y.eq_(y); }), (Numbers{0, 0}));
  EXPECT_EQ(gradient([](Tensor& y) { y.logical_or_(y); }), (Numbers{0, 0}));
  EXPECT_EQ(gradient([](Tensor& y) { y.floor_divide_(y[0]); }), (Numbers{0, 0}));
}

}  // namespace
