#pragma once
// Losses of one element.
#include "autograd/kernels/functors_exponential.h"

namespace gradtape::kernels {

struct BceLoss {
  template <class T>
  static T bounded_log(T x) {
    // ln 0 = -inf is bounded too; what is no number stays so.
    const T l = real_part(x) == 0 ? T(-100) : Log()(x, {});
    switch_at(l, -100);
    return real_part(l) < -100 ? T(-100) : l;
  }
  template <class T>
  T operator()(T a, T y, Params) const {
    return -(y * bounded_log(a) + (T(1) - y) * bounded_log(T(1) - a));
  }
};
struct MseLoss {
  template <class T>
  T operator()(T x, T y, Params) const {
    return (x - y) * (x - y);
  }
};
// Quadratic for differences up to b, then of slope c.
struct HuberLoss {
  template <class T>
  T operator()(T x, T y, Params p) const {
    const T d = real_less(x, y) ? y - x : x - y;
    switch_at(d, p.b);
    return real_part(d) > p.b ? (d - T(0.5 * p.b)) * T(p.c) : d * d * T(0.5 * p.c / p.b);
  }
};
struct BceLogitsLoss {
  template <class T>
  T operator()(T z, T y, Params) const {
    // (1 - y) z + ln(1 + e^-z)
    const bool positive = real_part(z) >= 0;
    const T e = std::exp(positive ? -z : z);
    return positive ? (T(1) - y) * z + Log1p()(e, {}) : Log1p()(e, {}) - y * z;
  }
};

}  // namespace gradtape::kernels
