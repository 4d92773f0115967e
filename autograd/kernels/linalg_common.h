#pragma once
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

template <class T>
inline constexpr ScalarType dtype_for = dtype_of<T>::value;
template <>
inline constexpr ScalarType dtype_for<Complex> = ScalarType::Verification;

// p as a pointer to t's type.
template <class T>
T* of(T, void* p) {
  return static_cast<T*>(p);
}
template <class T>
const T* of(T, const void* p) {
  return static_cast<const T*>(p);
}

// f(T{}, number of the matrix)
template <class F>
void for_each_matrix(ScalarType dtype, std::int64_t count, F f) {
  dispatch_floating(dtype, [&](auto t) {
    for (std::int64_t i = 0; i < count; ++i) f(t, i);
  });
}

}  // namespace gradtape::kernels
