// Formulas are those of Abramowitz and Stegun, Handbook of Mathematical Functions (1964), numbers in parentheses. They
// are evaluated in long double, since differences of terms vanish where the functions do.
#include "autograd/kernels/special.h"

#include <cmath>
#include <limits>

namespace gradtape::kernels::special {
namespace {

using Real = long double;
using Long = std::complex<long double>;

constexpr Real kPi = 3.14159265358979323846264338327950288L;
constexpr Real kTwoOverSqrtPi = 1.12837916709551257389615890312154517L;
constexpr Real kInf = std::numeric_limits<Real>::infinity();
constexpr Real kNan = std::numeric_limits<Real>::quiet_NaN();

Real re(Real x) { return x; }
Real re(Long z) { return z.real(); }

// Terms of one sign for real z (7.1.6).
Long erf_series(Long z) {
  const Long step = Real(2) * z * z;
  Long term = z, sum = z;
  for (int n = 1; n < 200 && std::fabs(re(term)) > Real(1e-21) * std::fabs(re(sum)); ++n) {
    term *= step / Real(2 * n + 1);
    sum += term;
  }
  return kTwoOverSqrtPi * std::exp(-z * z) * sum;
}

// Continued fraction for a positive real part (7.1.14), evaluated from its end.
Long erfc_fraction(Long z) {
  if (re(z) > 30) return 0;
  const int terms = 20 + static_cast<int>(250 / (re(z) * re(z)));
  Long f = z;
  for (int k = terms; k > 0; --k) f = z + Real(k) / 2 / f;
  return std::exp(-z * z) * (kTwoOverSqrtPi / 2) / f;
}

Long erf_of(Long z) {
  if (std::isnan(re(z))) return z;
  if (std::fabs(re(z)) < Real(2.5)) return erf_series(z);
  return re(z) > 0 ? Real(1) - erfc_fraction(z) : erfc_fraction(-z) - Real(1);
}
Long erfc_of(Long z) {
  if (std::isnan(re(z))) return z;
  return re(z) < Real(0.5) ? Real(1) - erf_of(z) : erfc_fraction(z);
}

// Bernoulli numbers B(2k).
constexpr Real kBernoulli[] = {1.0L / 6,       -1.0L / 30, 1.0L / 42,      -1.0L / 30,     5.0L / 66,
                               -691.0L / 2730, 7.0L / 6,   -3617.0L / 510, 43867.0L / 798, -174611.0L / 330};
constexpr int kTerms = 10;

template <class T>
T inverse_power(T x, int s) {
  T y(1);
  for (; s > 0; --s) y *= x;
  return T(1) / y;
}

// Sum of (q + k)^-s over k >= 0 for a real part of q above 0 and whole s >= 2: Euler and Maclaurin's formula (23.1.30).
template <class T>
T zeta(int s, T q) {
  T sum(0);
  for (; re(q) < 12 + Real(s) / 2; q += Real(1)) sum += inverse_power(q, s);
  const T power = inverse_power(q, s), step = T(1) / (q * q);
  T term = power / q * Real(s);  // s (s + 1) .. (s + 2k - 2) q^(-s - 2k + 1)
  T tail = power * q / Real(s - 1) + power / Real(2);
  Real factorial = 2;
  for (int k = 1; k <= kTerms; ++k) {
    tail += term * (kBernoulli[k - 1] / factorial);
    term *= step * (Real(s + 2 * k - 1) * Real(s + 2 * k));
    factorial *= Real(2 * k + 1) * Real(2 * k + 2);
  }
  return sum + tail;
}

template <class T>
T digamma_of(T z) {
  const Real x = re(z);
  if (x <= 0) {
    if (x == 0) return T(std::signbit(x) ? kInf : -kInf);
    const Real whole = std::nearbyint(x);
    if (x == whole || std::isinf(x)) return T(kNan);
    return digamma_of(T(1) - z) - kPi / std::tan(kPi * (z - whole));  // (6.3.7)
  }
  if (x == kInf) return z;
  T sum(0);
  for (; re(z) < 12; z += Real(1)) sum -= T(1) / z;  // (6.3.5)
  const T step = T(1) / (z * z);
  T tail(0);  // (6.3.18)
  for (int k = kTerms; k > 0; --k) tail = (tail + kBernoulli[k - 1] / Real(2 * k)) * step;
  return (std::log(z) - T(1) / z / Real(2) - tail) + sum;
}

template <class T>
T polygamma_of(int n, T z) {
  const Real x = re(z);
  const int s = n + 1;
  Real factor = n % 2 ? 1 : -1;
  for (int k = 2; k <= n; ++k) factor *= Real(k);
  if (std::isnan(x)) return z;
  if (x == kInf) return T(0);
  if (x > 0) return factor * zeta(s, z);
  const Real whole = std::ceil(x), sign = s % 2 ? -1 : 1;
  if (x == whole) return T(factor * kInf);
  // The terms before the pole at 0 are the difference of two sums that run away from it.
  const T above = z - (whole - 1), below = whole - z;
  return factor * (zeta(s, above) + sign * (zeta(s, below) - zeta(s, T(1) - z)));
}

Long lgamma_of(Long z) {
  const Real x = re(z);
  if (!std::isfinite(x) || (x <= 0 && x == std::nearbyint(x))) return std::lgamma(x);
  if (x < 0) {
    // (6.1.17), the sine being that of the distance to the nearest pole
    const Long ratio = kPi / std::sin(kPi * (z - std::nearbyint(x)));
    return std::log(re(ratio) < 0 ? -ratio : ratio) - lgamma_of(Real(1) - z);
  }
  Long product(1);
  for (; re(z) < 12; z += Real(1)) product *= z;
  const Long step = Real(1) / (z * z);
  Long tail(0);  // (6.1.40)
  for (int k = kTerms; k > 0; --k) tail = tail * step + kBernoulli[k - 1] / Real(2 * k * (2 * k - 1));
  return ((z - Real(0.5)) * std::log(z) - z + std::log(2 * kPi) / 2 + tail / z) - std::log(product);
}

Real erfinv_of(Real x) {
  const Real a = std::fabs(x);
  if (!(a < 1)) return a == 1 ? std::copysign(kInf, x) : kNan;
  // Giles, "Approximating the erfinv function", GPU Computing Gems Jade Edition (2011), to float accuracy.
  Real w = -std::log((1 - x) * (1 + x)), p;
  if (w < 5) {
    w -= Real(2.5);
    p = Real(2.81022636e-08);
    for (double c : {3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503, -0.00417768164,
                     0.246640727, 1.50140941})
      p = Real(c) + p * w;
  } else {
    w = std::sqrt(w) - 3;
    p = Real(-0.000200214257);
    for (double c : {0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
                     1.00167406, 2.83297682})
      p = Real(c) + p * w;
  }
  Real y = p * a;
  // Halley's method on erf, or on erfc where erf has no digits left.
  for (int i = 0; i < 2; ++i) {
    const Real error = a < Real(0.5) ? std::erf(y) - a : (1 - a) - std::erfc(y);
    const Real step = error / (kTwoOverSqrtPi * std::exp(-y * y));
    y -= step / (1 + y * step);
  }
  return std::copysign(y, x);
}
Long erfinv_of(Long z) {
  const Real x = re(z);
  if (x < 0) return -erfinv_of(-z);
  Long y(erfinv_of(x));
  if (!std::isfinite(re(y))) return y;
  // Only the fixed point counts: were the slope wrong, more rounds would still end at erf(y) = z.
  for (int i = 0; i < 6; ++i) {
    const Long error = x < Real(0.5) ? erf_of(y) - z : (Real(1) - z) - erfc_of(y);
    y -= error / (kTwoOverSqrtPi * std::exp(-y * y));
  }
  return y;
}

Long in(Complex z) { return Long(z); }
Complex out(Long z) { return Complex(z); }
double out(Real x) { return static_cast<double>(x); }

}  // namespace

Complex erf(Complex z) { return out(erf_of(in(z))); }
Complex erfc(Complex z) { return out(erfc_of(in(z))); }
double erfinv(double x) { return out(erfinv_of(Real(x))); }
Complex erfinv(Complex z) { return out(erfinv_of(in(z))); }
double digamma(double x) { return out(digamma_of(Real(x))); }
Complex digamma(Complex z) { return out(digamma_of(in(z))); }
double polygamma(int n, double x) { return out(polygamma_of(n, Real(x))); }
Complex polygamma(int n, Complex z) { return out(polygamma_of(n, in(z))); }
Complex lgamma(Complex z) { return out(lgamma_of(in(z))); }
double lgamma(double x) {
#if defined(__GLIBC__)
  int sign;  // std::lgamma writes it to a global variable
  return ::lgamma_r(x, &sign);
#else
  return std::lgamma(x);
#endif
}

}  // namespace gradtape::kernels::special
