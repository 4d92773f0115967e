#pragma once
// Elementary functions without branches or calls, so that a loop over them becomes vector code at every level.
// Errors are below 2 units of the last place, over the whole range, denormals and special values included; the test
// measures them. Reductions and polynomials follow Cephes (Moshier, "Methods and Programs for Mathematical Functions",
// 1989) and fdlibm (Sun Microsystems, 1993), which give them with their error bounds.
#include <cstdint>

namespace gradtape::kernels::math {

template <class To, class From>
inline To bits(From v) {
  static_assert(sizeof(To) == sizeof(From));
  To t;
  __builtin_memcpy(&t, &v, sizeof t);
  return t;
}

// What differs between the two types: exponent fields, and the magic number 1.5 * 2^mantissa whose addition rounds to
// an integer, which then stands in the low bits.
template <class T>
struct Format;
template <>
struct Format<float> {
  using Int = std::int32_t;
  static constexpr int kMantissa = 23;
  static constexpr Int kBias = 127;
  static constexpr float kMagic = 12582912.0f;
  static constexpr float kLog2e = 1.44269504f, kLn2High = 0.693359375f, kLn2Low = -2.12194440e-4f;
  static constexpr float kExpMax = 88.7228394f, kExpMin = -104.0f;
  static constexpr float kInfinity = __builtin_inff(), kNan = __builtin_nanf("");
  static constexpr float kTwoMantissa = 8388608.0f * 4;  // scales denormals into the normal range
  static constexpr float kSmallest = 1.17549435e-38f;
};
template <>
struct Format<double> {
  using Int = std::int64_t;
  static constexpr int kMantissa = 52;
  static constexpr Int kBias = 1023;
  static constexpr double kMagic = 6755399441055744.0;
  static constexpr double kLog2e = 1.4426950408889634, kLn2High = 6.93147180369123816490e-01,
                          kLn2Low = 1.90821492927058770002e-10;
  static constexpr double kExpMax = 709.782712893383973096, kExpMin = -745.2;
  static constexpr double kInfinity = __builtin_inf(), kNan = __builtin_nan("");
  static constexpr double kTwoMantissa = 4503599627370496.0 * 4;
  static constexpr double kSmallest = 2.2250738585072014e-308;
};

// 2^n for n in the exponent range of normal numbers.
template <class T>
inline T power_of_two(typename Format<T>::Int n) {
  using F = Format<T>;
  return bits<T>(static_cast<typename F::Int>((n + F::kBias) << F::kMantissa));
}

// e^r - 1 - r over r^2, |r| <= ln(2) / 2.
inline float exp_tail(float r) {
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  return p * r + 5.0000001201e-1f;
}
inline double exp_tail(double r) {
  // Taylor to r^13: the next term is below 2^-58 of the sum.
  double p = 1.0 / 87178291200.0;
  p = p * r + 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  return p * r + 0.5;
}

// x = n ln 2 + r; gives r and, in the low bits of `shifted`, n.
template <class T>
struct Reduced {
  T r;
  typename Format<T>::Int n;
};
template <class T>
inline Reduced<T> reduce(T x) {
  using F = Format<T>;
  const T shifted = x * F::kLog2e + F::kMagic;
  const T n = shifted - F::kMagic;
  const T r = (x - n * F::kLn2High) - n * F::kLn2Low;
  return {r, static_cast<typename F::Int>(bits<typename F::Int>(shifted) - bits<typename F::Int>(F::kMagic))};
}

template <class T>
inline T exp(T x) {
  using F = Format<T>;
  // Comparisons with a NaN are false, so it stays.
  T in = x > F::kExpMax ? F::kExpMax : x;
  in = in < F::kExpMin ? F::kExpMin : in;
  const Reduced<T> d = reduce(in);
  const T y = (exp_tail(d.r) * d.r * d.r + d.r) + T(1);
  // In two steps, since 2^n itself may be too large or denormal.
  const auto half = static_cast<typename F::Int>(d.n >> 1);
  const T scaled = y * power_of_two<T>(half) * power_of_two<T>(static_cast<typename F::Int>(d.n - half));
  return x > F::kExpMax ? F::kInfinity : scaled;
}

// e^x - 1
template <class T>
inline T expm1(T x) {
  using F = Format<T>;
  T in = x > F::kExpMax ? F::kExpMax : x;
  in = in < T(-40) ? T(-40) : in;
  const Reduced<T> d = reduce(in);
  const T tail = exp_tail(d.r) * d.r * d.r + d.r;  // e^r - 1
  // 2^n (e^r - 1) + (2^n - 1), with the last doubling apart: 2^1024 does not exist.
  const T scale = power_of_two<T>(static_cast<typename F::Int>(d.n - 1));
  const T sum = (scale * tail + (scale - T(0.5))) * T(2);
  const T y = d.n == 0 ? tail : sum;
  return x > F::kExpMax ? F::kInfinity : (x == T(0) ? x : y);
}

// (ln(1 + f) - f + f^2 / 2) / s for s = f / (2 + f), less f^2 / 2; from fdlibm's e_log and e_logf.
inline float log_tail(float z) {
  const float w = z * z;
  const float t1 = w * (0.40000972152f + w * 0.24279078841f);
  const float t2 = z * (0.66666662693f + w * 0.28498786688f);
  return t1 + t2;
}
inline double log_tail(double z) {
  const double w = z * z;
  const double t1 = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  const double t2 =
      z * (6.666666666666735130e-01 +
           w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  return t1 + t2;
}

// ln(x (1 + c)) for a correction c far below 1: the rounding error of what x was computed from.
template <class T>
inline T log_corrected(T x, T c) {
  using F = Format<T>;
  using Int = typename F::Int;
  const bool tiny = x < F::kSmallest;
  const T in = tiny ? x * F::kTwoMantissa : x;
  // Mantissa in [sqrt(1/2), sqrt(2)).
  constexpr Int root_half = sizeof(T) == 4 ? Int(0x3f3504f3) : static_cast<Int>(0x3fe6a09e667f3bcdLL);
  constexpr Int one = F::kBias << F::kMantissa;
  const Int i = static_cast<Int>(bits<Int>(in) + (one - root_half));
  // The exponent as a floating-point number, without a conversion that older vector units lack.
  const Int e = static_cast<Int>((i >> F::kMantissa) & ((Int(1) << (sizeof(T) * 8 - 1 - F::kMantissa)) - 1));
  const T exponent = bits<T>(static_cast<Int>(e + bits<Int>(F::kMagic))) - F::kMagic;
  const T k = exponent - (tiny ? T(F::kBias + F::kMantissa + 2) : T(F::kBias));
  const T m = bits<T>(static_cast<Int>((i & ((Int(1) << F::kMantissa) - 1)) + root_half));
  const T f = m - T(1);
  const T s = f / (T(2) + f);
  const T half = T(0.5) * f * f;
  const T r = log_tail(s * s);
  T y = k * F::kLn2High - ((half - (s * (half + r) + (k * F::kLn2Low + c))) - f);
  y = x == T(0) ? -F::kInfinity : y;
  y = x == F::kInfinity ? x : y;
  return x >= T(0) ? y : F::kNan;
}

template <class T>
inline T log(T x) {
  return log_corrected(x, T(0));
}

// ln(1 + x)
template <class T>
inline T log1p(T x) {
  const T u = T(1) + x;
  // What the sum lost, relative to u; the larger operand first.
  const T lost = x > T(1) ? T(1) - (u - x) : x - (u - T(1));
  const bool plain = u == Format<T>::kInfinity || !(u > T(0));
  const T y = log_corrected(u, plain ? T(0) : lost / u);
  // Below the last place of 1 the sum saw nothing of x, and the sign of zero is kept.
  const T magnitude = x < T(0) ? -x : x;
  return magnitude < (sizeof(T) == 4 ? T(2.9802322e-8) : T(5.5511151231257827e-17)) ? x : y;
}

template <class T>
inline T tanh(T x) {
  const T magnitude = x < T(0) ? -x : x;
  // (1 - e^-2a) / (1 + e^-2a) with e^-2a - 1 = t.
  const T t = expm1(T(-2) * magnitude);
  const T y = -t / (t + T(2));
  return x < T(0) ? -y : (x == T(0) ? x : y);
}

template <class T>
inline T sigmoid(T x) {
  const T magnitude = x < T(0) ? -x : x;
  const T e = exp(-magnitude);
  return (x < T(0) ? e : T(1)) / (T(1) + e);
}

}  // namespace gradtape::kernels::math
