#pragma once
// Exponentials, logarithms and roots.
#include "autograd/kernels/functors_common.h"

namespace gradtape::kernels {

constexpr double kLn2 = 0.69314718055994530942, kLn10 = 2.30258509299404568402;

// Where a real function ends, the complex one goes on; the verification dtype keeps to the real one.
template <class T>
bool outside_real(T x, double low) {
  if constexpr (is_complex<T>) {
    return x.real() < low;
  } else {
    return false;
  }
}

struct Exp {
  template <class T>
  T operator()(T x, Params) const {
    return std::exp(x);
  }
};
struct Exp2 {
  template <class T>
  T operator()(T x, Params) const {
    if constexpr (is_complex<T>) {
      return std::polar(std::exp2(x.real()), x.imag() * kLn2);
    } else {
      return std::exp2(x);
    }
  }
};
struct Expm1 {
  template <class T>
  T operator()(T x, Params) const {
    if constexpr (is_complex<T>) {
      // e^x (cos y + i sin y) - 1, with cos y - 1 = -2 sin^2(y / 2)
      const double m = std::expm1(x.real()), s = std::sin(0.5 * x.imag());
      return {m * std::cos(x.imag()) - 2 * s * s, (m + 1) * std::sin(x.imag())};
    } else {
      return std::expm1(x);
    }
  }
};
struct Log {
  template <class T>
  T operator()(T x, Params) const {
    return outside_real(x, 0) ? nan_of<T>() : std::log(x);
  }
};
struct Log1p {
  template <class T>
  T operator()(T x, Params) const {
    if constexpr (is_complex<T>) {
      const double re = x.real(), im = x.imag();
      if (re < -1) return nan_of<T>();
      return {0.5 * std::log1p(re * (2 + re) + im * im), std::atan2(im, 1 + re)};
    } else {
      return std::log1p(x);
    }
  }
};
struct Log2 {
  template <class T>
  T operator()(T x, Params) const {
    if constexpr (is_complex<T>) {
      return Log()(x, {}) / kLn2;
    } else {
      return std::log2(x);
    }
  }
};
struct Log10 {
  template <class T>
  T operator()(T x, Params) const {
    if constexpr (is_complex<T>) {
      return Log()(x, {}) / kLn10;
    } else {
      return std::log10(x);
    }
  }
};
struct Sqrt {
  template <class T>
  T operator()(T x, Params) const {
    switch_at(x, 0);
    return outside_real(x, 0) ? nan_of<T>() : std::sqrt(x);
  }
};
struct Rsqrt {
  template <class T>
  T operator()(T x, Params) const {
    return T(1) / (outside_real(x, 0) ? nan_of<T>() : std::sqrt(x));
  }
};

}  // namespace gradtape::kernels
