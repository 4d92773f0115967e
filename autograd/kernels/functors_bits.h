#pragma once
// Integers as bits and as integers; bool has one bit.
#include <type_traits>

#include "autograd/kernels/functors_common.h"

namespace gradtape::kernels {

struct BitAnd {
  template <class T>
  T operator()(T x, T y, Params) const {
    return static_cast<T>(x & y);
  }
};
struct BitOr {
  template <class T>
  T operator()(T x, T y, Params) const {
    return static_cast<T>(x | y);
  }
};
struct BitXor {
  template <class T>
  T operator()(T x, T y, Params) const {
    return static_cast<T>(x ^ y);
  }
};
struct BitNot {
  template <class T>
  T operator()(T x, Params) const {
    if constexpr (std::is_same_v<T, bool>) {
      return !x;
    } else {
      return static_cast<T>(~x);
    }
  }
};

// Beyond the width every bit is gone; by less than nothing too.
template <class T>
bool shifts_all(T by) {
  return by < T(0) || static_cast<std::uint64_t>(by) >= 8 * sizeof(T);
}
struct LeftShift {
  template <class T>
  T operator()(T x, T by, Params) const {
    return shifts_all(by) ? T(0) : static_cast<T>(static_cast<std::uint64_t>(x) << by);
  }
};
struct RightShift {
  template <class T>
  T operator()(T x, T by, Params) const {
    if (shifts_all(by)) return x < T(0) ? static_cast<T>(-1) : T(0);
    return static_cast<T>(x >> by);
  }
};

template <class T>
std::uint64_t magnitude(T x) {
  return x < T(0) ? 0 - static_cast<std::uint64_t>(x) : static_cast<std::uint64_t>(x);
}
struct Gcd {
  template <class T>
  T operator()(T x, T y, Params) const {
    std::uint64_t a = magnitude(x), b = magnitude(y);
    while (b != 0) {
      const std::uint64_t rest = a % b;
      a = b;
      b = rest;
    }
    return static_cast<T>(a);
  }
};
struct Lcm {
  template <class T>
  T operator()(T x, T y, Params) const {
    const std::uint64_t g = magnitude(Gcd()(x, y, {}));
    return g == 0 ? T(0) : static_cast<T>(magnitude(x) / g * magnitude(y));
  }
};

}  // namespace gradtape::kernels
