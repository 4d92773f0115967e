#pragma once
// Activations of neural networks.
#include "autograd/kernels/functors_common.h"

namespace gradtape::kernels {

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
struct LeakyRelu {
  template <class T>
  T operator()(T x, Params p) const {
    switch_at(x, 0);
    return real_part(x) > 0 ? x : x * T(p.a);
  }
};

}  // namespace gradtape::kernels
