#pragma once
// Trigonometric and hyperbolic functions.
#include "autograd/kernels/functors_common.h"

namespace gradtape::kernels {

struct Tanh {
  template <class T>
  T operator()(T x, Params) const {
    return std::tanh(x);
  }
};

}  // namespace gradtape::kernels
