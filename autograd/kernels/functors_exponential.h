#pragma once
// Exponentials, logarithms and roots.
#include "autograd/kernels/functors_common.h"

namespace gradtape::kernels {

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
struct Log1p {
  template <class T>
  T operator()(T x, Params) const {
    if constexpr (is_complex<T>) {
      const double re = x.real(), im = x.imag();
      return {0.5 * std::log1p(re * (2 + re) + im * im), std::atan2(im, 1 + re)};
    } else {
      return std::log1p(x);
    }
  }
};

}  // namespace gradtape::kernels
