#pragma once
// Functions of two or three numbers.
#include "autograd/kernels/functors_exponential.h"

namespace gradtape::kernels {

// Angle of the point (x, y), the arguments in the order y, x.
struct Atan2 {
  template <class T>
  T operator()(T y, T x, Params) const {
    if constexpr (is_complex<T>) {
      constexpr double kPi = 3.141592653589793;
      const double re = x.real(), im = y.real();
      if (re <= 0) note_margin(y);  // the cut
      if (std::fabs(re) > std::fabs(im)) return std::atan(y / x) + (re > 0 ? 0 : std::copysign(kPi, im));
      if (im == 0) return T(std::atan2(im, re));
      return std::copysign(kPi / 2, im) - std::atan(x / y);
    } else {
      return std::atan2(y, x);
    }
  }
};
struct Hypot {
  template <class T>
  T operator()(T x, T y, Params) const {
    if constexpr (is_complex<T>) {
      const double size = std::hypot(x.real(), y.real());
      note_margin({size, x.imag() + y.imag()});
      return std::sqrt(x * x + y * y);
    } else {
      return std::hypot(x, y);
    }
  }
};

// ln(e^x + e^y) and log2(2^x + 2^y), from the larger one up.
struct LogAddExp {
  template <class T>
  T operator()(T x, T y, Params) const {
    if (real_equal(x, y) && std::isinf(real_part(x))) return x;
    const T larger = real_less(x, y) ? y : x, smaller = real_less(x, y) ? x : y;
    return larger + Log1p()(std::exp(smaller - larger), {});
  }
};
struct LogAddExp2 {
  template <class T>
  T operator()(T x, T y, Params) const {
    constexpr double kLn2 = 0.6931471805599453;
    if (real_equal(x, y) && std::isinf(real_part(x))) return x;
    const T larger = real_less(x, y) ? y : x, smaller = real_less(x, y) ? x : y;
    return larger + Log1p()(std::exp((smaller - larger) * T(kLn2)), {}) / T(kLn2);
  }
};

// x ln y, 0 where x is 0 unless y is NaN.
struct Xlogy {
  template <class T>
  T operator()(T x, T y, Params) const {
    if (!real_equal(y, y)) return nan_of<T>();
    return x == T(0) ? T(0) : x * Log()(y, {});
  }
};

// The larger and the smaller one; a NaN loses.
struct Fmax {
  template <class T>
  T operator()(T x, T y, Params) const {
    switch_between(x, y);
    return real_less_equal(y, x) || !real_equal(y, y) ? x : y;
  }
};
struct Fmin {
  template <class T>
  T operator()(T x, T y, Params) const {
    switch_between(x, y);
    return real_less_equal(x, y) || !real_equal(y, y) ? x : y;
  }
};

struct CopySign {
  template <class T>
  T operator()(T x, T y, Params) const {
    if constexpr (is_complex<T>) {
      switch_at(x, 0);
      switch_at(y, 0);
      return std::signbit(x.real()) == std::signbit(y.real()) ? x : -x;
    } else {
      return std::copysign(x, y);
    }
  }
};
struct NextAfter {
  template <class T>
  T operator()(T x, T y, Params) const {
    if constexpr (is_complex<T>) {
      return T(std::nextafter(x.real(), y.real()));
    } else {
      return std::nextafter(x, y);
    }
  }
};
// 0 below 0, the second number at 0, 1 above.
struct Heaviside {
  template <class T>
  T operator()(T x, T at_zero, Params) const {
    switch_at(x, 0);
    return real_equal(x, T(0)) ? at_zero : real_less(T(0), x) ? T(1) : T(0);
  }
};

// x + w (y - x), exact at both ends.
struct Lerp {
  template <class T>
  T operator()(T x, T y, T w, Params) const {
    return real_part(w) < 0.5 ? x + w * (y - x) : y - (y - x) * (T(1) - w);
  }
};
struct AddCMul {
  template <class T>
  T operator()(T x, T a, T b, Params p) const {
    return static_cast<T>(x + convert<T>(p.a) * a * b);
  }
};
struct AddCDiv {
  template <class T>
  T operator()(T x, T a, T b, Params p) const {
    return x + convert<T>(p.a) * a / b;
  }
};

}  // namespace gradtape::kernels
