#pragma once
// Trigonometric and hyperbolic functions.
#include "autograd/kernels/functors_exponential.h"

namespace gradtape::kernels {

// The complex functions are holomorphic, as they must be, and libc keeps their tiny imaginary parts.
#define GRADTAPE_STANDARD(Name, name) \
  struct Name {                       \
    template <class T>                \
    T operator()(T x, Params) const { \
      return std::name(x);            \
    }                                 \
  };
// The same for |x| <= 1.
#define GRADTAPE_STANDARD_WITHIN_ONE(Name, name)                                       \
  struct Name {                                                                        \
    template <class T>                                                                 \
    T operator()(T x, Params) const {                                                  \
      return outside_real(x, -1) || outside_real(-x, -1) ? nan_of<T>() : std::name(x); \
    }                                                                                  \
  };
GRADTAPE_STANDARD(Sin, sin)
GRADTAPE_STANDARD(Cos, cos)
GRADTAPE_STANDARD(Tan, tan)
GRADTAPE_STANDARD_WITHIN_ONE(Asin, asin)
GRADTAPE_STANDARD_WITHIN_ONE(Acos, acos)
GRADTAPE_STANDARD(Atan, atan)
GRADTAPE_STANDARD(Sinh, sinh)
GRADTAPE_STANDARD(Cosh, cosh)
GRADTAPE_STANDARD(Tanh, tanh)
GRADTAPE_STANDARD(Asinh, asinh)
GRADTAPE_STANDARD_WITHIN_ONE(Atanh, atanh)
#undef GRADTAPE_STANDARD
#undef GRADTAPE_STANDARD_WITHIN_ONE

struct Acosh {
  template <class T>
  T operator()(T x, Params) const {
    return outside_real(x, 1) ? nan_of<T>() : std::acosh(x);
  }
};

}  // namespace gradtape::kernels
