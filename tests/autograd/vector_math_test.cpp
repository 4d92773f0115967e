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
namespace level_run = gradtape::kernels::level_run;
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
std::vector<T> run(LevelRun* which, const std::vector<T>& x) {
  std::vector<T> y(x.size());
  const void* in[] = {x.data()};
  which(sizeof(T) == 4 ? ScalarType::Float : ScalarType::Double)(y.data(), in, static_cast<std::int64_t>(x.size()), {});
  return y;
}
template <class T>
T run(LevelRun* which, T x) {
  return run(which, std::vector<T>{x})[0];
}

// Largest error over numbers of every magnitude in [low, high], both signs where allowed. One number alone, which no
// vector instruction sees, has the same bits.
template <class T, class G>
double worst(LevelRun* which, G exact, double low, double high, bool negative) {
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

// A function, its exact values, the largest error allowed, and ranges of magnitudes.
struct Range {
  double low, high;
  bool negative;
};
struct Row {
  LevelRun* run;
  const char* name;
  Wide (*exact)(Wide);
  double bound;
  std::vector<Range> ranges;
};

template <class T>
void check_all() {
  const double tiny = sizeof(T) == 4 ? 1e-44 : 1e-320, huge = sizeof(T) == 4 ? 3e38 : 1e308;
  const std::vector<Range> everywhere = {{tiny, huge, true}, {0.1, 10, true}};
  const std::vector<Range> angles = {{tiny, huge, true}, {0.1, 100, true}, {1e3, 3e6, true}};
  const std::vector<Range> exponents = {{tiny, 800, true}, {0.1, 10, true}}, above_zero = {{tiny, huge, false}};
  const std::vector<Range> to_one = {{tiny, 1, true}, {0.3, 1.1, true}};
#define GRADTAPE_ROW(name, bound, ...)                                                      \
  {                                                                                         \
    level_run::name, #name, [](Wide x) -> Wide { return std::name(x); }, bound, __VA_ARGS__ \
  }
  const Row rows[] = {
      GRADTAPE_ROW(exp, 1.2, exponents),
      GRADTAPE_ROW(exp2, 1.2, {{1e-9, 1100, true}}),
      GRADTAPE_ROW(expm1, 3, exponents),
      GRADTAPE_ROW(log, 1.2, {{tiny, huge, false}, {0.5, 2, false}}),
      GRADTAPE_ROW(log2, 1.2, {{tiny, huge, false}, {0.5, 2, false}}),
      GRADTAPE_ROW(log10, 1.2, {{tiny, huge, false}, {0.5, 2, false}}),
      GRADTAPE_ROW(log1p, 2, {{tiny, huge, false}, {tiny, 0.999, true}}),
      GRADTAPE_ROW(sin, 1.2, angles),
      GRADTAPE_ROW(cos, 1.2, angles),
      GRADTAPE_ROW(tan, 2.5, angles),
      GRADTAPE_ROW(asin, 2.5, to_one),
      GRADTAPE_ROW(acos, 2, to_one),
      GRADTAPE_ROW(atan, 2.5, everywhere),
      GRADTAPE_ROW(sinh, 2, exponents),
      GRADTAPE_ROW(cosh, 2, exponents),
      GRADTAPE_ROW(tanh, 3, exponents),
      GRADTAPE_ROW(asinh, 2.5, everywhere),
      GRADTAPE_ROW(acosh, 2.5, {{1, huge, false}, {1, 3, false}}),
      GRADTAPE_ROW(atanh, 2.5, to_one),
      GRADTAPE_ROW(erf, 2, {{tiny, 30, true}, {0.3, 3, true}}),
      GRADTAPE_ROW(erfc, 5, {{tiny, 30, true}, {0.3, 30, false}}),
      {level_run::sigmoid, "sigmoid", [](Wide x) { return 1 / (1 + std::exp(-x)); }, 3, exponents},
      {level_run::gelu,
       "gelu",
       [](Wide x) { return 0.5L * x * std::erfc(x * -0.707106781186547524400844362104849039L); },
       7,
       {{tiny, 40, true}, {0.3, 5, true}}},
  };
#undef GRADTAPE_ROW
  for (const Row& r : rows)
    for (const Range& range : r.ranges)
      EXPECT_LT(worst<T>(r.run, r.exact, range.low, range.high, range.negative), r.bound)
          << r.name << " in [" << range.low << ", " << range.high << "]";
}

TEST(VectorMath, ErrorsFloat32) { check_all<float>(); }
TEST(VectorMath, ErrorsFloat64) { check_all<double>(); }

template <class T>
T run2(LevelRun* which, T x, T y) {
  const void* in[] = {&x, &y};
  T z = 0;
  which(sizeof(T) == 4 ? ScalarType::Float : ScalarType::Double)(&z, in, 1, {});
  return z;
}

template <class T>
void check_pairs() {
  std::mt19937_64 gen(8);
  const double range = sizeof(T) == 4 ? 140 : 1060;
  std::uniform_real_distribution<double> exponent(-range, range * 0.9), angle(-3.2, 3.2);
  double w = 0;
  for (int i = 0; i < 100000; ++i) {
    const double size = std::exp2(exponent(gen)), at = angle(gen);
    T y = static_cast<T>(size * std::sin(at)), x = static_cast<T>(size * std::cos(at));
    if (i % 4 == 0) x = static_cast<T>(std::copysign(std::exp2(exponent(gen)), at));
    w = std::max(w, ulps<T>(run2(level_run::atan2, y, x), std::atan2(static_cast<Wide>(y), static_cast<Wide>(x))));
  }
  EXPECT_LT(w, 2.5);
  const T inf = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  const T largest = std::numeric_limits<T>::max();
  const T values[] = {0, -T(0), 1, -1, inf, -inf, nan, largest, -largest, std::numeric_limits<T>::denorm_min()};
  for (const T y : values)
    for (const T x : values) {
      const T exact = std::atan2(y, x), got = run2(level_run::atan2, y, x);
      EXPECT_LT((ulps<T>(got, exact)), 2) << y << ", " << x;
      EXPECT_TRUE(std::isnan(exact) || std::signbit(got) == std::signbit(exact)) << y << ", " << x;
    }
}

TEST(VectorMath, Pairs) {
  check_pairs<float>();
  check_pairs<double>();
}

// Where the C library's values are what standards ask for, they are met.
template <class T>
void check_special() {
  const T inf = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  const T values[] = {0, -T(0), 1, -1, 2, -2, inf, -inf, nan, std::numeric_limits<T>::denorm_min()};
#define GRADTAPE_ROW(name)                                        \
  {                                                               \
    level_run::name, #name, [](T x) -> T { return std::name(x); } \
  }
  struct {
    LevelRun* run;
    const char* name;
    T (*exact)(T);
  } const rows[] = {
      GRADTAPE_ROW(exp),   GRADTAPE_ROW(exp2),
      GRADTAPE_ROW(expm1), GRADTAPE_ROW(log),
      GRADTAPE_ROW(log2),  GRADTAPE_ROW(log10),
      GRADTAPE_ROW(log1p), GRADTAPE_ROW(sin),
      GRADTAPE_ROW(cos),   GRADTAPE_ROW(tan),
      GRADTAPE_ROW(asin),  GRADTAPE_ROW(acos),
      GRADTAPE_ROW(atan),  GRADTAPE_ROW(sinh),
      GRADTAPE_ROW(cosh),  GRADTAPE_ROW(tanh),
      GRADTAPE_ROW(asinh), GRADTAPE_ROW(acosh),
      GRADTAPE_ROW(atanh), GRADTAPE_ROW(erf),
      GRADTAPE_ROW(erfc),  {level_run::sigmoid, "sigmoid", [](T x) { return T(1) / (T(1) + std::exp(-x)); }},
  };
#undef GRADTAPE_ROW
  for (const auto& r : rows)
    for (const T x : values) {
      const T exact = r.exact(x), got = run(r.run, x);
      EXPECT_LT((ulps<T>(got, exact)), 3) << r.name << " of " << x;
      EXPECT_TRUE(std::isnan(exact) || std::signbit(got) == std::signbit(exact)) << r.name << " of " << x;
    }
  EXPECT_EQ(run(level_run::gelu, inf), inf);
  EXPECT_TRUE(std::isnan(run(level_run::gelu, -inf)));
  EXPECT_TRUE(std::isnan(run(level_run::gelu, nan)));
  // Powers come out whole.
  for (int k = -37; k <= 38; ++k) {
    EXPECT_EQ(run(level_run::log2, std::ldexp(T(1), k)), k);
    EXPECT_EQ(run(level_run::exp2, static_cast<T>(k)), std::ldexp(T(1), k));
  }
  for (int k = 0; k <= (sizeof(T) == 4 ? 10 : 22); ++k)
    EXPECT_EQ(run(level_run::log10, static_cast<T>(std::pow(10.0, k))), k);
}

TEST(VectorMath, SpecialValues) {
  check_special<float>();
  check_special<double>();
}

}  // namespace
