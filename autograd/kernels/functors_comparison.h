#pragma once
// Comparisons and tests, which see the real part.
#include "autograd/kernels/functors_common.h"

namespace gradtape::kernels {

struct Eq {
  template <class T>
  bool operator()(T x, T y, Params) const {
    return real_equal(x, y);
  }
};
struct Ne {
  template <class T>
  bool operator()(T x, T y, Params) const {
    return !real_equal(x, y);
  }
};
struct Lt {
  template <class T>
  bool operator()(T x, T y, Params) const {
    return real_less(x, y);
  }
};
struct Le {
  template <class T>
  bool operator()(T x, T y, Params) const {
    return real_less_equal(x, y);
  }
};
struct Gt {
  template <class T>
  bool operator()(T x, T y, Params) const {
    return real_less(y, x);
  }
};
struct Ge {
  template <class T>
  bool operator()(T x, T y, Params) const {
    return real_less_equal(y, x);
  }
};
struct IsNan {
  template <class T>
  bool operator()(T x, Params) const {
    return !real_equal(x, x);
  }
};
struct IsZero {
  template <class T>
  bool operator()(T x, Params) const {
    return real_equal(x, T(0));
  }
};
struct IsInf {
  template <class T>
  bool operator()(T x, Params) const {
    return std::isinf(real_part(x));
  }
};
struct IsFinite {
  template <class T>
  bool operator()(T x, Params) const {
    return std::isfinite(real_part(x));
  }
};
struct IsPosInf {
  template <class T>
  bool operator()(T x, Params) const {
    return real_part(x) == std::numeric_limits<double>::infinity();
  }
};
struct IsNegInf {
  template <class T>
  bool operator()(T x, Params) const {
    return real_part(x) == -std::numeric_limits<double>::infinity();
  }
};
struct SignBit {
  template <class T>
  bool operator()(T x, Params) const {
    return std::signbit(real_part(x));
  }
};

}  // namespace gradtape::kernels
