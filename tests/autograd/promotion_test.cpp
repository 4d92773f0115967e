// Which dtype results, against tables taken from libtorch 1.13.1.
#include "check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)

const std::vector<ScalarType> kTypes = {kUInt8, kInt32, kInt64, kFloat32, kFloat64, kBool};

std::string letter(ScalarType t) {
  switch (t) {
    case kUInt8:
      return "B";
    case kInt32:
      return "i";
    case kInt64:
      return "l";
    case kFloat32:
      return "f";
    case kFloat64:
      return "d";
    default:
      return "b";
  }
}

template <class F>
std::string row(ScalarType a, F f) {
  std::string s;
  for (ScalarType b : kTypes) s += letter(f(a, b));
  return s;
}

TEST(Promotion, OfTypes) {
  const char* table[] = {"BilfdB", "iilfdi", "lllfdl", "ffffdf", "dddddd", "Bilfdb"};
  for (std::size_t k = 0; k < kTypes.size(); ++k)
    EXPECT_EQ(row(kTypes[k], [](ScalarType a, ScalarType b) { return promote_types(a, b); }), table[k]);
}

TEST(Promotion, OfTensors) {
  const char* table[] = {"BilfdB", "iilfdi", "lllfdl", "ffffdf", "dddddd", "Bilfdb"};
  for (std::size_t k = 0; k < kTypes.size(); ++k)
    EXPECT_EQ(row(kTypes[k], [](ScalarType a, ScalarType b) { return (ones({2}, a) * ones({2}, b)).dtype(); }),
              table[k]);
}

TEST(Promotion, ZeroDimensionalTensorsCountByCategory) {
  const char* table[] = {"BBBfdB", "iiifdi", "lllfdl", "ffffff", "dddddd", "Bilfdb"};
  for (std::size_t k = 0; k < kTypes.size(); ++k) {
    EXPECT_EQ(
        row(kTypes[k], [](ScalarType a, ScalarType b) { return (ones({2}, a) * ones(IntArrayRef(), b)).dtype(); }),
        table[k]);
    EXPECT_EQ(
        row(kTypes[k], [](ScalarType a, ScalarType b) { return (ones(IntArrayRef(), b) * ones({2}, a)).dtype(); }),
        table[k]);
  }
}

TEST(Promotion, NumbersCountByCategory) {
  // With an int, a double, a bool.
  const char* table[] = {"BfB", "ifi", "lfl", "fff", "ddd", "lfb"};
  for (std::size_t k = 0; k < kTypes.size(); ++k)
    for (const Shape& shape : {Shape{2}, Shape()}) {
      const Tensor t = ones(shape, kTypes[k]);
      EXPECT_EQ(letter((t * 2).dtype()) + letter((t * 2.5).dtype()) + letter((t * true).dtype()), table[k]);
      EXPECT_EQ(letter((2 * t).dtype()) + letter((2.5 * t).dtype()) + letter((true * t).dtype()), table[k]);
    }
}

TEST(Promotion, OfResults) {
  for (ScalarType t : kTypes) {
    EXPECT_EQ((ones({2}, t) / ones({2}, t)).dtype(), is_floating(t) ? t : kFloat32);
    EXPECT_EQ((ones({2}, t) / 2).dtype(), is_floating(t) ? t : kFloat32);
    EXPECT_EQ((ones({2}, t) == ones({2}, kFloat64)).dtype(), kBool);
    EXPECT_EQ(sum(ones({2}, t)).dtype(), is_floating(t) ? t : kInt64);
    EXPECT_EQ(exp(ones({2}, t)).dtype(), is_floating(t) ? t : kFloat32);
  }
  EXPECT_EQ((ones({2}, kBool) + ones({2}, kBool)).dtype(), kBool);
  EXPECT_EQ(pow(ones({2}, kInt64), 2).dtype(), kInt64);
  EXPECT_EQ(pow(ones({2}, kInt64), 2.0).dtype(), kFloat32);
  EXPECT_EQ(where(ones({2}, kBool), ones({2}, kInt32), ones({2})).dtype(), kFloat32);
  EXPECT_EQ(cat({ones({2}, kInt32), ones({2})}).dtype(), kFloat32);
  EXPECT_ERROR(TypeError, ones({2}, kBool) - ones({2}, kBool), "[sub] bool has no difference");
  EXPECT_ERROR(TypeError, -ones({2}, kBool), "[neg] not defined for bool: bool[2]; use logical_not");
  EXPECT_ERROR(ValueError, pow(ones({2}, kInt64), -1), "[pow] integers to a negative integer power");
  EXPECT_ERROR(TypeError, mean(ones({2}, kInt32)), "[mean] need a floating-point tensor, got int32[2]");
}

}  // namespace
