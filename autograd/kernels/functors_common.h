#pragma once
// What scalar functions share: each is written for float, double, complex double and, where it keeps integers, integer
// types.
//
// Note [The verification dtype]
// Complex double is run only to differentiate by the complex step f'(x) = Im f(x + ih) / h with h = 1e-100 (Squire and
// Trapp, SIAM Review 40, 1998). Every functor is written for it as one holomorphic expression: no conjugate, no
// modulus, no f'(re) * im. A piecewise function chooses by the real part, passes the whole value on, and reports how
// near it was to the switch (note_margin).
#include <cmath>
#include <limits>

#include "autograd/core/thread_state.h"
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

inline void note_margin(Complex distance) {
  const double d = std::fabs(distance.real());
  if (d < core::tls.margin) core::tls.margin = d;
  if (d < core::tls.step_margin && distance.imag() != 0) core::tls.step_margin = d;
}
template <class T>
void switch_at(T x, double at) {
  if constexpr (is_complex<T>) note_margin(x - at);
}
template <class T>
void switch_between(T x, T y) {
  if constexpr (is_complex<T>) note_margin(x - y);
}
template <class T>
T nan_of() {
  return T(std::numeric_limits<double>::quiet_NaN());
}

// Comparisons see the real part; integers compare as integers.
template <class T>
bool real_equal(T x, T y) {
  if constexpr (is_complex<T>) {
    return x.real() == y.real();
  } else {
    return x == y;
  }
}
template <class T>
bool real_less(T x, T y) {
  if constexpr (is_complex<T>) {
    return x.real() < y.real();
  } else {
    return x < y;
  }
}
template <class T>
bool real_less_equal(T x, T y) {
  if constexpr (is_complex<T>) {
    return x.real() <= y.real();
  } else {
    return x <= y;
  }
}

}  // namespace gradtape::kernels
