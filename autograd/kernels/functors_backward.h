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
// Derivatives of losses by the first operand, times a.
struct BceBackward {
  template <class T>
  T operator()(T x, T y, Params p) const {
    const T spread = x * (T(1) - x);
    return p.a * ((x - y) / (real_part(spread) < 1e-12 ? T(1e-12) : spread));
  }
};
struct BceLogitsBackward {
  template <class T>
  T operator()(T z, T y, Params p) const {
    return p.a * (Sigmoid()(z, p) - y);
  }
};
struct HuberBackward {
  template <class T>
  T operator()(T x, T y, Params p) const {
    const T d = x - y;
    const double r = real_part(d);
    switch_at(d, p.b);
    switch_at(d, -p.b);
    return p.a * (r > p.b ? T(p.c) : r < -p.b ? T(-p.c) : d * T(p.c / p.b));
  }
};
struct MseBackward {
  template <class T>
  T operator()(T x, T y, Params p) const {
    return p.a * (2.0 * (x - y));
  }
};

}  // namespace gradtape::kernels
