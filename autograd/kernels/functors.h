#pragma once
// Scalar functions, each for float, double, complex double and, where it keeps integers, integer types.
//
// Note [The verification dtype]
// Complex double is run only to differentiate by the complex step f'(x) = Im f(x + ih) / h with h = 1e-100 (Squire and
// Trapp, SIAM Review 40, 1998). Every functor is written for it as one holomorphic expression: no conjugate, no
// modulus, no f'(re) * im. A piecewise function chooses by the real part, passes the whole value on, and reports how
// near it was to the switch (note_margin).
#include <cmath>
#include <limits>

#include "autograd/core/thread_state.h"
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

inline void note_margin(Complex distance) {
  const double d = std::fabs(distance.real());
  if (d < core::tls.margin) core::tls.margin = d;
  if (d < core::tls.step_margin && distance.imag() != 0) core::tls.step_margin = d;
}
template <class T>
void switch_at(T x, double at) {
  if constexpr (is_complex<T>) note_margin(x - at);
}
template <class T>
void switch_between(T x, T y) {
  if constexpr (is_complex<T>) note_margin(x - y);
}
template <class T>
T nan_of() {
  return T(std::numeric_limits<double>::quiet_NaN());
}

// Comparisons see the real part; integers compare as integers.
template <class T>
bool real_equal(T x, T y) {
  if constexpr (is_complex<T>) {
    return x.real() == y.real();
  } else {
    return x == y;
  }
}
template <class T>
bool real_less(T x, T y) {
  if constexpr (is_complex<T>) {
    return x.real() < y.real();
  } else {
    return x < y;
  }
}
template <class T>
bool real_less_equal(T x, T y) {
  if constexpr (is_complex<T>) {
    return x.real() <= y.real();
  } else {
    return x <= y;
  }
}

struct Abs {
  template <class T>
  T operator()(T x, Params) const {
    switch_at(x, 0);
    if constexpr (is_complex<T>) {
      return x.real() < 0 ? -x : x;
    } else if constexpr (std::is_floating_point_v<T>) {
      return std::fabs(x);
    } else {
      return static_cast<T>(x < T(0) ? T(0) - x : x);
    }
  }
};
struct Exp {
  template <class T>
  T operator()(T x, Params) const {
    return std::exp(x);
  }
};
struct Log {
  template <class T>
  T operator()(T x, Params) const {
    if constexpr (is_complex<T>) {
      if (x.real() < 0) return nan_of<T>();
    }
    return std::log(x);
  }
};
struct Sqrt {
  template <class T>
  T operator()(T x, Params) const {
    if constexpr (is_complex<T>) {
      switch_at(x, 0);
      if (x.real() < 0) return nan_of<T>();
    }
    return std::sqrt(x);
  }
};
struct Square {
  template <class T>
  T operator()(T x, Params) const {
    return static_cast<T>(x * x);
  }
};
struct Neg {
  template <class T>
  T operator()(T x, Params) const {
    return static_cast<T>(-x);
  }
};
struct Reciprocal {
  template <class T>
  T operator()(T x, Params) const {
    return T(1) / x;
  }
};
struct Tanh {
  template <class T>
  T operator()(T x, Params) const {
    return std::tanh(x);
  }
};
struct Sigmoid {
  template <class T>
  T operator()(T x, Params) const {
    // e^-|x| never overflows.
    if (real_part(x) >= 0) return T(1) / (T(1) + std::exp(-x));
    const T e = std::exp(x);
    return e / (T(1) + e);
  }
};
struct Relu {
  template <class T>
  T operator()(T x, Params) const {
    switch_at(x, 0);
    return real_part(x) <= 0 ? T(0) : x;
  }
};
struct Sign {
  template <class T>
  T operator()(T x, Params) const {
    switch_at(x, 0);
    const double r = real_part(x);
    return convert<T>(r > 0 ? 1.0 : r < 0 ? -1.0 : r == 0 ? 0.0 : r);
  }
};
struct LeakyRelu {
  template <class T>
  T operator()(T x, Params p) const {
    switch_at(x, 0);
    return real_part(x) > 0 ? x : x * T(p.a);
  }
};
struct ClampMin {
  template <class T>
  T operator()(T x, Params p) const {
    switch_at(x, p.a);
    return real_part(x) < p.a ? convert<T>(p.a) : x;
  }
};
struct ClampMax {
  template <class T>
  T operator()(T x, Params p) const {
    switch_at(x, p.b);
    return real_part(x) > p.b ? convert<T>(p.b) : x;
  }
};
struct Clamp {
  template <class T>
  T operator()(T x, Params p) const {
    return ClampMax()(ClampMin()(x, p), p);
  }
};

template <class T>
T power_by_squaring(T x, std::int64_t n) {
  T result(1);
  for (; n > 0; n >>= 1) {
    if (n & 1) result = static_cast<T>(result * x);
    x = static_cast<T>(x * x);
  }
  return result;
}
struct Pow {
  template <class T>
  T operator()(T x, T y) const {
    if constexpr (is_complex<T>) {
      // std::pow(complex) loses all of a tiny imaginary part.
      const double n = y.real();
      if (y.imag() == 0 && n == std::floor(n) && std::fabs(n) < 64) {
        const T p = power_by_squaring(x, static_cast<std::int64_t>(std::fabs(n)));
        return n < 0 ? T(1) / p : p;
      }
      if (x.real() < 0) return nan_of<T>();
      if (x == T(0)) return T(std::pow(0.0, n));
      return std::exp(y * std::log(x));
    } else if constexpr (std::is_integral_v<T>) {
      if (y < T(0)) return x == T(1) ? T(1) : (x == static_cast<T>(-1) ? static_cast<T>(y % 2 ? -1 : 1) : T(0));
      return power_by_squaring(x, static_cast<std::int64_t>(y));
    } else {
      return std::pow(x, y);
    }
  }
};
struct PowScalar {
  template <class T>
  T operator()(T x, Params p) const {
    if (p.a == 2) return static_cast<T>(x * x);
    if (p.a == 1) return x;
    if (p.a == 3) return static_cast<T>(x * x * x);
    return Pow()(x, convert<T>(p.a));
  }
};

struct Add {
  template <class T>
  T operator()(T x, T y) const {
    return static_cast<T>(x + y);
  }
};
struct Sub {
  template <class T>
  T operator()(T x, T y) const {
    return static_cast<T>(x - y);
  }
};
struct Mul {
  template <class T>
  T operator()(T x, T y) const {
    return static_cast<T>(x * y);
  }
};
struct Div {
  template <class T>
  T operator()(T x, T y) const {
    return x / y;
  }
};
struct Maximum {
  template <class T>
  T operator()(T x, T y) const {
    switch_between(x, y);
    return !real_equal(x, x) || real_less_equal(y, x) ? x : y;
  }
};
struct Minimum {
  template <class T>
  T operator()(T x, T y) const {
    switch_between(x, y);
    return !real_equal(x, x) || real_less_equal(x, y) ? x : y;
  }
};
template <class T>
T log1p(T x) {
  if constexpr (is_complex<T>) {
    const double re = x.real(), im = x.imag();
    return {0.5 * std::log1p(re * (2 + re) + im * im), std::atan2(im, 1 + re)};
  } else {
    return std::log1p(x);
  }
}
struct BceLoss {
  template <class T>
  static T bounded_log(T x) {
    // ln 0 = -inf is bounded too; what is no number stays so.
    const T l = real_part(x) == 0 ? T(-100) : Log()(x, {});
    switch_at(l, -100);
    return real_part(l) < -100 ? T(-100) : l;
  }
  template <class T>
  T operator()(T a, T y) const {
    return -(y * bounded_log(a) + (T(1) - y) * bounded_log(T(1) - a));
  }
};
struct BceLogitsLoss {
  template <class T>
  T operator()(T z, T y) const {
    // (1 - y) z + ln(1 + e^-z)
    const bool positive = real_part(z) >= 0;
    const T e = std::exp(positive ? -z : z);
    return positive ? (T(1) - y) * z + log1p(e) : log1p(e) - y * z;
  }
};

}  // namespace gradtape::kernels
