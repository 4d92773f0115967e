#pragma once
// Rounding, signs, and what replaces some values. A step has no derivative but 0; it sees the real part.
#include "autograd/kernels/functors_common.h"

namespace gradtape::kernels {

#define GRADTAPE_STEP(Name, name)                         \
  struct Name {                                           \
    template <class T>                                    \
    T operator()(T x, Params) const {                     \
      if constexpr (is_complex<T>) {                      \
        return std::name(x.real());                       \
      } else if constexpr (std::is_floating_point_v<T>) { \
        return std::name(x);                              \
      } else {                                            \
        return x;                                         \
      }                                                   \
    }                                                     \
  };
GRADTAPE_STEP(Floor, floor)
GRADTAPE_STEP(Ceil, ceil)
GRADTAPE_STEP(Trunc, trunc)
GRADTAPE_STEP(Round, nearbyint)  // ties to even
#undef GRADTAPE_STEP

// To a multiple of 1 / a, or of a when b is set.
struct RoundTo {
  template <class T>
  T operator()(T x, Params p) const {
    if constexpr (is_complex<T>) {
      return RoundTo()(x.real(), p);
    } else {
      const T a = T(p.a);
      if (p.b != 0) return std::nearbyint(x / a) * a;
      return std::isinf(x * a) ? x : std::nearbyint(x * a) / a;
    }
  }
};
struct Frac {
  template <class T>
  T operator()(T x, Params) const {
    if constexpr (is_complex<T>) {
      const double whole = std::nearbyint(x.real());
      if (whole != 0) switch_at(x, whole);
      return x - std::trunc(x.real());
    } else {
      return x - std::trunc(x);
    }
  }
};
struct Sign {
  template <class T>
  T operator()(T x, Params) const {
    switch_at(x, 0);
    const double r = real_part(x);
    return convert<T>(static_cast<double>(r > 0) - static_cast<double>(r < 0));  // 0 for NaN
  }
};
// NaN becomes a, infinity b, negative infinity c.
struct NanToNum {
  template <class T>
  T operator()(T x, Params p) const {
    const double r = real_part(x);
    return std::isnan(r) ? T(p.a) : std::isinf(r) ? T(r > 0 ? p.b : p.c) : x;
  }
};

}  // namespace gradtape::kernels
