#pragma once
// Derivatives that are one pass when they are one function; g is the arriving gradient.
#include "autograd/kernels/functors_activations.h"

namespace gradtape::kernels {

struct ThresholdBackward {
  template <class T>
  T operator()(T g, T x, Params p) const {
    return real_part(x) <= p.a ? T(0) : g;
  }
};
struct SigmoidBackward {
  template <class T>
  T operator()(T g, T y, Params) const {
    return g * (y * (T(1) - y));
  }
};
struct TanhBackward {
  template <class T>
  T operator()(T g, T y, Params) const {
    return g * (T(1) - y * y);
  }
};
// sigmoid(z) - y
struct BceLogitsBackward {
  template <class T>
  T operator()(T z, T y, Params p) const {
    return Sigmoid()(z, p) - y;
  }
};

}  // namespace gradtape::kernels
