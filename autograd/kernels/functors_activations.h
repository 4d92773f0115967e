#pragma once
// Activations of neural networks.
#include "autograd/kernels/functors_special.h"

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
struct LogSigmoid {
  template <class T>
  T operator()(T x, Params) const {
    const bool positive = real_part(x) >= 0;
    const T l = Log1p()(std::exp(positive ? -x : x), {});
    return positive ? -l : x - l;
  }
};
struct Relu {
  template <class T>
  T operator()(T x, Params) const {
    switch_at(x, 0);
    return real_part(x) < 0 ? T(0) : x;
  }
};
struct LeakyRelu {
  template <class T>
  T operator()(T x, Params p) const {
    switch_at(x, 0);
    return real_part(x) > 0 ? x : x * T(p.a);
  }
};
// The slope of negative values is an operand.
struct Prelu {
  template <class T>
  T operator()(T x, T slope, Params) const {
    switch_at(x, 0);
    return real_part(x) > 0 ? x : x * slope;
  }
};
// b x above 0, a (e^(c x) - 1) below.
struct Elu {
  template <class T>
  T operator()(T x, Params p) const {
    switch_at(x, 0);
    return real_part(x) > 0 ? x * T(p.b) : Expm1()(x * T(p.c), {}) * T(p.a);
  }
};
struct Gelu {
  template <class T>
  T operator()(T x, Params) const {
    // The upper tail keeps its digits where 1 + erf would cancel.
    return T(0.5) * x * Erfc()(x * T(-0.70710678118654752440), {});
  }
};
struct GeluTanh {
  template <class T>
  T operator()(T x, Params) const {
    // (1 + tanh u) / 2 = sigmoid(2 u)
    return x * Sigmoid()(T(1.59576912160573071176) * (x + T(0.044715) * x * x * x), {});
  }
};
struct Silu {
  template <class T>
  T operator()(T x, Params) const {
    return x * Sigmoid()(x, {});
  }
};
struct Mish {
  template <class T>
  T operator()(T x, Params) const {
    // tanh(ln(1 + e^x)) = ((1 + e^x)^2 - 1) / ((1 + e^x)^2 + 1)
    const bool positive = real_part(x) >= 0;
    const T e = std::exp(positive ? -x : x);
    const T n = positive ? T(1) + T(2) * e : e * (e + T(2));
    return x * (n / (n + T(2) * (positive ? e * e : T(1))));
  }
};
// ln(1 + e^(a x)) / a, and x where a x > b.
struct Softplus {
  template <class T>
  T operator()(T x, Params p) const {
    const T t = x * T(p.a);
    switch_at(t, p.b);
    if (real_part(t) > p.b) return x;
    const bool positive = real_part(t) >= 0;
    const T l = Log1p()(std::exp(positive ? -t : t), {}) / T(p.a);
    return positive ? x + l : l;
  }
};
struct Hardtanh {
  template <class T>
  T operator()(T x, Params p) const {
    switch_at(x, p.a);
    switch_at(x, p.b);
    return real_part(x) < p.a ? convert<T>(p.a) : real_part(x) > p.b ? convert<T>(p.b) : x;
  }
};
struct Hardsigmoid {
  template <class T>
  T operator()(T x, Params) const {
    return Hardtanh()(x + T(3), {0, 6}) / T(6);
  }
};
struct Hardswish {
  template <class T>
  T operator()(T x, Params) const {
    return x * Hardsigmoid()(x, {});
  }
};
struct Hardshrink {
  template <class T>
  T operator()(T x, Params p) const {
    switch_at(x, p.a);
    switch_at(x, -p.a);
    return real_part(x) >= -p.a && real_part(x) <= p.a ? T(0) : x;
  }
};
struct Softshrink {
  template <class T>
  T operator()(T x, Params p) const {
    switch_at(x, p.a);
    switch_at(x, -p.a);
    return real_part(x) > p.a ? x - T(p.a) : real_part(x) < -p.a ? x + T(p.a) : T(0);
  }
};
// x above a, else b.
struct Threshold {
  template <class T>
  T operator()(T x, Params p) const {
    switch_at(x, p.a);
    return real_part(x) <= p.a ? convert<T>(p.b) : x;
  }
};

}  // namespace gradtape::kernels
