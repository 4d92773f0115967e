// The elementary functions of the instruction-set level in use; CTest runs this once per level.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "autograd/kernels/levels.h"

namespace {

using gradtape::ScalarType;
using gradtape::kernels::LevelRun;
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

template <class T>
std::vector<T> run(LevelRun which, const std::vector<T>& x) {
  std::vector<T> y(x.size());
  const void* in[] = {x.data()};
  level_run(which, sizeof(T) == 4 ? ScalarType::Float : ScalarType::Double)(y.data(), in,
                                                                            static_cast<std::int64_t>(x.size()), {});
  return y;
}
template <class T>
T run(LevelRun which, T x) {
  return run(which, std::vector<T>{x})[0];
}

// Largest error over numbers of every magnitude in [low, high], both signs where allowed. One number alone, which no
// vector instruction sees, has the same bits.
template <class T, class G>
double worst(LevelRun which, G exact, double low, double high, bool negative) {
  std::mt19937_64 gen(7);
  std::uniform_real_distribution<double> exponent(std::log2(low), std::log2(high));
  std::vector<T> x(200003);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<T>(std::exp2(exponent(gen)));
    if (negative && (i & 1)) x[i] = -x[i];
  }
  const std::vector<T> y = run(which, x);
  double w = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    w = std::max(w, ulps<T>(y[i], exact(static_cast<Wide>(x[i]))));
    if (i % 64 == 0 || i + 3 >= x.size()) {
      const T alone = run(which, x[i]);
      EXPECT_EQ(std::memcmp(&alone, &y[i], sizeof(T)), 0) << "at " << x[i];
    }
  }
  return w;
}

template <class T>
void check_all() {
  const double tiny = sizeof(T) == 4 ? 1e-44 : 1e-320, huge = sizeof(T) == 4 ? 3e38 : 1e308;
  EXPECT_LT((worst<T>(
                LevelRun::exp, [](Wide x) { return std::exp(x); }, 1e-9, 800, true)),
            2);
  EXPECT_LT((worst<T>(
                LevelRun::expm1, [](Wide x) { return std::expm1(x); }, tiny, 800, true)),
            3);
  EXPECT_LT((worst<T>(
                LevelRun::log, [](Wide x) { return std::log(x); }, tiny, huge, false)),
            2);
  EXPECT_LT((worst<T>(
                LevelRun::log, [](Wide x) { return std::log(x); }, 0.5, 2, false)),
            2);
  EXPECT_LT((worst<T>(
                LevelRun::log1p, [](Wide x) { return std::log1p(x); }, tiny, huge, false)),
            2);
  EXPECT_LT((worst<T>(
                LevelRun::log1p, [](Wide x) { return std::log1p(x); }, tiny, 0.999, true)),
            2);
  EXPECT_LT((worst<T>(
                LevelRun::tanh, [](Wide x) { return std::tanh(x); }, tiny, 100, true)),
            4);
  EXPECT_LT((worst<T>(
                LevelRun::sigmoid, [](Wide x) { return 1 / (1 + std::exp(-x)); }, 1e-9, 700, true)),
            4);
}

TEST(VectorMath, ErrorsFloat32) { check_all<float>(); }
TEST(VectorMath, ErrorsFloat64) { check_all<double>(); }

template <class T>
void check_special() {
  const T inf = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  EXPECT_EQ(run(LevelRun::exp, inf), inf);
  EXPECT_EQ(run(LevelRun::exp, -inf), T(0));
  EXPECT_TRUE(std::isnan(run(LevelRun::exp, nan)));
  EXPECT_EQ(run(LevelRun::exp, T(0)), T(1));
  EXPECT_EQ(run(LevelRun::expm1, -inf), T(-1));
  EXPECT_EQ(run(LevelRun::expm1, inf), inf);
  EXPECT_TRUE(std::isnan(run(LevelRun::expm1, nan)));
  EXPECT_EQ(run(LevelRun::log, T(0)), -inf);
  EXPECT_EQ(run(LevelRun::log, inf), inf);
  EXPECT_TRUE(std::isnan(run(LevelRun::log, T(-1))));
  EXPECT_TRUE(std::isnan(run(LevelRun::log, nan)));
  EXPECT_EQ(run(LevelRun::log, T(1)), T(0));
  EXPECT_EQ(run(LevelRun::log1p, T(-1)), -inf);
  EXPECT_EQ(run(LevelRun::log1p, inf), inf);
  EXPECT_TRUE(std::isnan(run(LevelRun::log1p, T(-2))));
  EXPECT_TRUE(std::isnan(run(LevelRun::log1p, nan)));
  EXPECT_EQ(run(LevelRun::tanh, inf), T(1));
  EXPECT_EQ(run(LevelRun::tanh, -inf), T(-1));
  EXPECT_TRUE(std::isnan(run(LevelRun::tanh, nan)));
  EXPECT_EQ(run(LevelRun::sigmoid, inf), T(1));
  EXPECT_EQ(run(LevelRun::sigmoid, -inf), T(0));
  EXPECT_TRUE(std::isnan(run(LevelRun::sigmoid, nan)));
  for (T z : {T(0), -T(0)}) {
    EXPECT_EQ(std::signbit(run(LevelRun::expm1, z)), std::signbit(z));
    EXPECT_EQ(std::signbit(run(LevelRun::log1p, z)), std::signbit(z));
    EXPECT_EQ(std::signbit(run(LevelRun::tanh, z)), std::signbit(z));
  }
}

TEST(VectorMath, SpecialValues) {
  check_special<float>();
  check_special<double>();
}

}  // namespace
