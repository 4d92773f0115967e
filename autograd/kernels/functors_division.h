#pragma once
// Quotients rounded to integers, and what they leave. Integer divisors are not 0: the operations see to that.
#include "autograd/kernels/functors_common.h"

namespace gradtape::kernels {

// Of the quotient x / y to the nearest integer, where its rounding switches.
template <class T>
void switch_at_whole(T x, T y) {
  if constexpr (is_complex<T>) {
    const T q = x / y;
    note_margin(q - std::nearbyint(q.real()));
  }
}

// The smallest integer divided by -1 has no quotient: it stays itself, as in two's complement.
template <class T>
T negated(T x) {
  return static_cast<T>(0u - static_cast<std::make_unsigned_t<T>>(x));
}

struct TruncDivide {
  template <class T>
  T operator()(T x, T y, Params) const {
    if constexpr (is_complex<T>) {
      switch_at_whole(x, y);
      return T(std::trunc(x.real() / y.real()));
    } else if constexpr (std::is_floating_point_v<T>) {
      return std::trunc(x / y);
    } else {
      if constexpr (std::is_signed_v<T>) {
        if (y == -1) return negated(x);
      }
      return static_cast<T>(x / y);
    }
  }
};
struct FloorDivide {
  template <class T>
  T operator()(T x, T y, Params) const {
    if constexpr (is_complex<T>) {
      switch_at_whole(x, y);
      return T((*this)(x.real(), y.real(), {}));
    } else if constexpr (std::is_floating_point_v<T>) {
      if (y == 0) return x / y;
      // Not floor(x / y): the quotient may be rounded up to an integer (1 / 0.1 is 10, yet 10 times 0.1 exceeds 1).
      const T rest = std::fmod(x, y);
      T q = (x - rest) / y;
      if (rest != 0 && (y < 0) != (rest < 0)) q -= 1;
      if (q == 0) return std::copysign(T(0), x / y);
      const T down = std::floor(q);
      return q - down > T(0.5) ? down + 1 : down;
    } else {
      if constexpr (std::is_signed_v<T>) {
        if (y == -1) return negated(x);
      }
      const T q = static_cast<T>(x / y);
      return x % y != 0 && (x < 0) != (y < 0) ? static_cast<T>(q - 1) : q;
    }
  }
};

// x - n y with n = trunc(x / y).
struct Fmod {
  template <class T>
  T operator()(T x, T y, Params) const {
    if constexpr (is_complex<T>) {
      switch_at_whole(x, y);
      const double rest = std::fmod(x.real(), y.real());
      return {rest, x.imag() - std::nearbyint((x.real() - rest) / y.real()) * y.imag()};
    } else if constexpr (std::is_floating_point_v<T>) {
      return std::fmod(x, y);
    } else {
      if constexpr (std::is_signed_v<T>) {
        if (y == -1) return T(0);
      }
      return static_cast<T>(x % y);
    }
  }
};
// The same with n = floor(x / y): the sign is that of y.
struct Remainder {
  template <class T>
  T operator()(T x, T y, Params) const {
    const T rest = Fmod()(x, y, {});
    if (real_equal(rest, T(0)) || real_less(rest, T(0)) == real_less(y, T(0))) return rest;
    return static_cast<T>(rest + y);
  }
};

}  // namespace gradtape::kernels
