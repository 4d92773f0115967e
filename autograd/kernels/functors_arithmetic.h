#pragma once
// Sums, products, powers, and what chooses between values.
#include "autograd/kernels/functors_common.h"

namespace gradtape::kernels {

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
// A bound that is no number makes every result so.
struct ClampMin {
  template <class T>
  T operator()(T x, Params p) const {
    switch_at(x, p.a);
    return real_part(x) >= p.a || !real_equal(x, x) ? x : convert<T>(p.a);
  }
};
struct ClampMax {
  template <class T>
  T operator()(T x, Params p) const {
    switch_at(x, p.b);
    return real_part(x) <= p.b || !real_equal(x, x) ? x : convert<T>(p.b);
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
  T operator()(T x, T y, Params) const {
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
    return Pow()(x, convert<T>(p.a), {});
  }
};

struct Add {
  template <class T>
  T operator()(T x, T y, Params) const {
    return static_cast<T>(x + y);
  }
};
struct Sub {
  template <class T>
  T operator()(T x, T y, Params) const {
    return static_cast<T>(x - y);
  }
};
struct Mul {
  template <class T>
  T operator()(T x, T y, Params) const {
    return static_cast<T>(x * y);
  }
};
struct Div {
  template <class T>
  T operator()(T x, T y, Params) const {
    return x / y;
  }
};
struct Maximum {
  template <class T>
  T operator()(T x, T y, Params) const {
    switch_between(x, y);
    return !real_equal(x, x) || real_less_equal(y, x) ? x : y;
  }
};
struct Minimum {
  template <class T>
  T operator()(T x, T y, Params) const {
    switch_between(x, y);
    return !real_equal(x, x) || real_less_equal(x, y) ? x : y;
  }
};

}  // namespace gradtape::kernels
