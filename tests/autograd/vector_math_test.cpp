#include "autograd/kernels/vector_math.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

namespace {

namespace math = gradtape::kernels::math;
using Wide = long double;

// Distance in units of the last place of the nearest T to the exact value.
template <class T>
double ulps(T got, Wide exact) {
  const T near = static_cast<T>(exact);
  if (std::isnan(near) || std::isinf(near) || near == 0) {
    const bool same = (std::isnan(near) && std::isnan(got)) || near == got;
    return same ? 0 : 1e30;
  }
  int e = 0;
  std::frexp(near, &e);
  const int lowest = std::numeric_limits<T>::min_exponent - std::numeric_limits<T>::digits;
  const int last = std::max(e - std::numeric_limits<T>::digits, lowest);
  return static_cast<double>(std::fabs((static_cast<Wide>(got) - exact) / std::ldexp(Wide(1), last)));
}

// Largest error over numbers of every magnitude in [low, high], both signs where allowed.
template <class T, class F, class G>
double worst(F f, G exact, double low, double high, bool negative) {
  std::mt19937_64 gen(7);
  std::uniform_real_distribution<double> exponent(std::log2(low), std::log2(high));
  double w = 0;
  for (int i = 0; i < 200000; ++i) {
    T x = static_cast<T>(std::exp2(exponent(gen)));
    if (negative && (i & 1)) x = -x;
    w = std::max(w, ulps<T>(f(x), exact(static_cast<Wide>(x))));
  }
  return w;
}

template <class T>
void check_all() {
  const double tiny = sizeof(T) == 4 ? 1e-44 : 1e-320, huge = sizeof(T) == 4 ? 3e38 : 1e308;
  EXPECT_LT((worst<T>([](T x) { return math::exp(x); }, [](Wide x) { return std::exp(x); }, 1e-9, 800, true)), 2);
  EXPECT_LT((worst<T>([](T x) { return math::expm1(x); }, [](Wide x) { return std::expm1(x); }, tiny, 800, true)), 3);
  EXPECT_LT((worst<T>([](T x) { return math::log(x); }, [](Wide x) { return std::log(x); }, tiny, huge, false)), 2);
  EXPECT_LT((worst<T>([](T x) { return math::log(x); }, [](Wide x) { return std::log(x); }, 0.5, 2, false)), 2);
  EXPECT_LT((worst<T>([](T x) { return math::log1p(x); }, [](Wide x) { return std::log1p(x); }, tiny, huge, false)), 2);
  EXPECT_LT((worst<T>([](T x) { return math::log1p(x); }, [](Wide x) { return std::log1p(x); }, tiny, 0.999, true)), 2);
  EXPECT_LT((worst<T>([](T x) { return math::tanh(x); }, [](Wide x) { return std::tanh(x); }, tiny, 100, true)), 4);
  EXPECT_LT(
      (worst<T>([](T x) { return math::sigmoid(x); }, [](Wide x) { return 1 / (1 + std::exp(-x)); }, 1e-9, 700, true)),
      4);
}

TEST(VectorMath, ErrorsFloat32) { check_all<float>(); }
TEST(VectorMath, ErrorsFloat64) { check_all<double>(); }

template <class T>
void check_special() {
  const T inf = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  EXPECT_EQ(math::exp(inf), inf);
  EXPECT_EQ(math::exp(-inf), T(0));
  EXPECT_TRUE(std::isnan(math::exp(nan)));
  EXPECT_EQ(math::exp(T(0)), T(1));
  EXPECT_EQ(math::expm1(-inf), T(-1));
  EXPECT_EQ(math::expm1(inf), inf);
  EXPECT_TRUE(std::isnan(math::expm1(nan)));
  EXPECT_EQ(math::log(T(0)), -inf);
  EXPECT_EQ(math::log(inf), inf);
  EXPECT_TRUE(std::isnan(math::log(T(-1))));
  EXPECT_TRUE(std::isnan(math::log(nan)));
  EXPECT_EQ(math::log(T(1)), T(0));
  EXPECT_EQ(math::log1p(T(-1)), -inf);
  EXPECT_EQ(math::log1p(inf), inf);
  EXPECT_TRUE(std::isnan(math::log1p(T(-2))));
  EXPECT_TRUE(std::isnan(math::log1p(nan)));
  EXPECT_EQ(math::tanh(inf), T(1));
  EXPECT_EQ(math::tanh(-inf), T(-1));
  EXPECT_TRUE(std::isnan(math::tanh(nan)));
  EXPECT_EQ(math::sigmoid(inf), T(1));
  EXPECT_EQ(math::sigmoid(-inf), T(0));
  EXPECT_TRUE(std::isnan(math::sigmoid(nan)));
  for (T z : {T(0), -T(0)}) {
    EXPECT_EQ(std::signbit(math::expm1(z)), std::signbit(z));
    EXPECT_EQ(std::signbit(math::log1p(z)), std::signbit(z));
    EXPECT_EQ(std::signbit(math::tanh(z)), std::signbit(z));
  }
}

TEST(VectorMath, SpecialValues) {
  check_special<float>();
  check_special<double>();
}

}  // namespace
