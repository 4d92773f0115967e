#pragma once
// What kernels see: typed memory with sizes and strides; no tensor, no tape.
#include <complex>
#include <cstdint>
#include <type_traits>

#include "autograd/dtype.h"
#include "autograd/shape.h"

namespace gradtape::kernels {

using Complex = std::complex<double>;

template <class T>
constexpr bool is_complex = std::is_same_v<T, Complex>;

// Numbers that an operation is given beside its arrays.
struct Params {
  double a = 0, b = 0, c = 0;
};

struct Array {
  char* data;
  ScalarType dtype;
  const Shape* sizes;
  const Strides* strides;  // in elements
  std::int64_t numel;
  bool contiguous;
};

// Iteration over several arrays of one shape (operands are broadcast to it first), dimensions merged where every
// operand allows it. Strides in bytes.
template <int N>
struct Loop {
  int rank;
  std::int64_t sizes[kMaxRank];
  std::int64_t strides[N][kMaxRank];
  char* data[N];
};

// `shape` is that of operand 0; other operands may have fewer dimensions or size 1 where it is larger.
template <int N>
Loop<N> make_loop(const Array (&a)[N]) {
  Loop<N> loop;
  const Shape& shape = *a[0].sizes;
  const int rank = static_cast<int>(shape.size());
  int out = 0;
  for (int k = 0; k < N; ++k) loop.data[k] = a[k].data;
  for (int d = 0; d < rank; ++d) {
    const std::int64_t size = shape[static_cast<std::size_t>(d)];
    if (size == 1) continue;
    std::int64_t st[N];
    for (int k = 0; k < N; ++k) {
      const int own = d - (rank - static_cast<int>(a[k].sizes->size()));
      const bool spread = own < 0 || (*a[k].sizes)[static_cast<std::size_t>(own)] == 1;
      st[k] = spread ? 0 : (*a[k].strides)[static_cast<std::size_t>(own)] * element_size(a[k].dtype);
    }
    bool merge = out > 0;
    for (int k = 0; k < N && merge; ++k) merge = loop.strides[k][out - 1] == st[k] * size;
    if (merge) {
      loop.sizes[out - 1] *= size;
      for (int k = 0; k < N; ++k) loop.strides[k][out - 1] = st[k];
    } else {
      loop.sizes[out] = size;
      for (int k = 0; k < N; ++k) loop.strides[k][out] = st[k];
      ++out;
    }
  }
  if (out == 0) {
    loop.sizes[0] = 1;
    for (int k = 0; k < N; ++k) loop.strides[k][0] = element_size(a[k].dtype);
    out = 1;
  }
  loop.rank = out;
  return loop;
}

// f(char* const (&pointers)[N], const std::int64_t (&strides)[N], n) for every innermost row, in row-major order.
template <int N, class F>
void for_rows(const Loop<N>& loop, F f) {
  const int inner = loop.rank - 1;
  std::int64_t strides[N];
  char* p[N];
  for (int k = 0; k < N; ++k) {
    strides[k] = loop.strides[k][inner];
    p[k] = loop.data[k];
  }
  for (int d = 0; d < loop.rank; ++d)
    if (loop.sizes[d] == 0) return;
  std::int64_t index[kMaxRank] = {};
  for (;;) {
    f(p, strides, loop.sizes[inner]);
    int d = inner - 1;
    for (; d >= 0; --d) {
      for (int k = 0; k < N; ++k) p[k] += loop.strides[k][d];
      if (++index[d] < loop.sizes[d]) break;
      index[d] = 0;
      for (int k = 0; k < N; ++k) p[k] -= loop.strides[k][d] * loop.sizes[d];
    }
    if (d < 0) return;
  }
}

// f(T{}) for the C++ type of a dtype; bool is its own type.
template <class F>
void dispatch_all(ScalarType t, F f) {
  switch (t) {
    case ScalarType::Float:
      return f(float());
    case ScalarType::Double:
      return f(double());
    case ScalarType::Long:
      return f(std::int64_t());
    case ScalarType::Int:
      return f(std::int32_t());
    case ScalarType::Byte:
      return f(std::uint8_t());
    case ScalarType::Bool:
      return f(bool());
    case ScalarType::Verification:
      return f(Complex());
    case ScalarType::Undefined:
      return;
  }
}
template <class F>
void dispatch_floating(ScalarType t, F f) {
  switch (t) {
    case ScalarType::Float:
      return f(float());
    case ScalarType::Double:
      return f(double());
    case ScalarType::Verification:
      return f(Complex());
    default:
      return;
  }
}

// Number conversion as C++ does it, with complex seen by its real part and bool as "is not zero".
template <class To, class From>
To convert(From v) {
  if constexpr (is_complex<From>) {
    if constexpr (is_complex<To>) {
      return v;
    } else {
      return convert<To>(v.real());
    }
  } else if constexpr (is_complex<To>) {
    return To(static_cast<double>(v), 0);
  } else if constexpr (std::is_same_v<To, bool>) {
    return v != From(0);
  } else if constexpr (std::is_same_v<To, std::uint8_t> && std::is_floating_point_v<From>) {
    return static_cast<To>(static_cast<std::int64_t>(v));
  } else {
    return static_cast<To>(v);
  }
}
template <class T>
double real_part(T v) {
  if constexpr (is_complex<T>) {
    return v.real();
  } else {
    return static_cast<double>(v);
  }
}

}  // namespace gradtape::kernels
