#pragma once
// Error and gamma functions, and the inverse of the sigmoid.
#include "autograd/kernels/functors_exponential.h"
#include "autograd/kernels/special.h"

namespace gradtape::kernels {

struct Erf {
  template <class T>
  T operator()(T x, Params) const {
    if constexpr (is_complex<T>) {
      return special::erf(x);
    } else {
      return std::erf(x);
    }
  }
};
struct Erfc {
  template <class T>
  T operator()(T x, Params) const {
    if constexpr (is_complex<T>) {
      return special::erfc(x);
    } else {
      return std::erfc(x);
    }
  }
};

// In float64 at least: these functions lose digits where they vanish.
template <class T>
using Wide = std::conditional_t<std::is_same_v<T, float>, double, T>;
#define GRADTAPE_SPECIAL(Name, call)    \
  struct Name {                         \
    template <class T>                  \
    T operator()(T v, Params p) const { \
      (void)p;                          \
      const Wide<T> x(v);               \
      return T(special::call);          \
    }                                   \
  };
GRADTAPE_SPECIAL(Erfinv, erfinv(x))
GRADTAPE_SPECIAL(Lgamma, lgamma(x))
GRADTAPE_SPECIAL(Digamma, digamma(x))
GRADTAPE_SPECIAL(Polygamma, polygamma(static_cast<int>(p.a), x))
#undef GRADTAPE_SPECIAL

// ln(x / (1 - x)), for x brought into [a, 1 - a] unless a is negative.
struct Logit {
  template <class T>
  T operator()(T x, Params p) const {
    if (p.a >= 0) {
      switch_at(x, p.a);
      switch_at(x, 1 - p.a);
      const double r = real_part(x);
      x = r < p.a ? T(p.a) : r > 1 - p.a ? T(1 - p.a) : x;
    }
    const T rest = T(1) - x;
    // Near 1/2 the logarithm vanishes, and 2 x - 1 is exact.
    return std::fabs(real_part(x) - 0.5) < 0.25 ? Log1p()((x + x - T(1)) / rest, {}) : Log()(x / rest, {});
  }
};

}  // namespace gradtape::kernels
