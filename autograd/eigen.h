#pragma once
// Bridge to the caller's own Eigen (>= 3.4). Opt-in: gradtape.h does not include it; the CMake target gradtape::eigen
// adds Eigen's include path. Element types: float, double, int32, int64, uint8, bool, as in dtype_of.
//
//   auto X = matrix_map<double>(t);          // reads t in place
//   matrix_map_<double>(t) *= 2;             // writes t in place: an in-place change like t.mul_(2)
//   Tensor a = from_eigen(std::move(M));     // a owns what M held
//   Tensor b = from_eigen(M);                // b looks at M, which must outlive it and keep its size
#include <Eigen/Core>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "error.h"
#include "ops.h"
#include "tensor.h"

namespace gradtape {

namespace detail {
// First element of `t`, checked to have rank `rank` and dtype `want`.
const void* readable_data(const char* op, const Tensor& t, std::int64_t rank, ScalarType want);
// The same for writing: checks the rules of in-place changes (Note [In-place changes]), then raises the version.
// What is written through a pointer cannot be recorded, so a tensor that requires grad is refused in grad mode.
void* writable_data(const char* op, const Tensor& t, std::int64_t rank, ScalarType want);
}  // namespace detail

// Steps may differ from the tensor's creation: transposed, sliced and (read-only) expanded tensors map as they are.
using DynamicStride = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
template <class T>
using MatrixMap =
    Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>, Eigen::Unaligned, DynamicStride>;
template <class T>
using ConstMatrixMap = Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>,
                                  Eigen::Unaligned, DynamicStride>;
template <class T>
using VectorMap = Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, 1>, Eigen::Unaligned, Eigen::InnerStride<>>;
template <class T>
using ConstVectorMap = Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, 1>, Eigen::Unaligned, Eigen::InnerStride<>>;

// A tensor [r, c] of dtype T, read as a matrix r x c. The map looks at the tensor's memory and must not outlive it.
// TypeError for another dtype, Error for another rank.
template <class T>
ConstMatrixMap<T> matrix_map(const Tensor& t) {
  const auto* p = static_cast<const T*>(detail::readable_data("matrix_map", t, 2, dtype_of<T>::value));
  return {p, t.size(0), t.size(1), DynamicStride(t.stride(0), t.stride(1))};
}
// A tensor [n] of dtype T, read as a column vector.
template <class T>
ConstVectorMap<T> vector_map(const Tensor& t) {
  const auto* p = static_cast<const T*>(detail::readable_data("vector_map", t, 1, dtype_of<T>::value));
  return {p, t.size(0), Eigen::InnerStride<>(t.stride(0))};
}

// The same for writing. Calling it is the in-place change: it raises the version once, so a tensor that the tape has
// saved is found changed in backward; take a new map for a later change. Throws where an in-place operation would:
// for expanded tensors, and for tensors that require grad unless grad mode is off.
template <class T>
MatrixMap<T> matrix_map_(const Tensor& t) {
  auto* p = static_cast<T*>(detail::writable_data("matrix_map_", t, 2, dtype_of<T>::value));
  return {p, t.size(0), t.size(1), DynamicStride(t.stride(0), t.stride(1))};
}
template <class T>
VectorMap<T> vector_map_(const Tensor& t) {
  auto* p = static_cast<T*>(detail::writable_data("vector_map_", t, 1, dtype_of<T>::value));
  return {p, t.size(0), Eigen::InnerStride<>(t.stride(0))};
}

namespace detail {

// Looks at the elements of m, which stay where they are.
template <class M>
Tensor tensor_on(M& m, const std::function<void(void*)>& deleter) {
  using T = std::remove_const_t<typename M::Scalar>;
  const TensorOptions options(dtype_of<T>::value);
  if constexpr (M::IsVectorAtCompileTime) {
    return from_blob(m.data(), {m.size()}, {m.innerStride()}, deleter, options);
  } else {
    const std::int64_t rows = M::IsRowMajor ? m.outerStride() : m.innerStride();
    const std::int64_t cols = M::IsRowMajor ? m.innerStride() : m.outerStride();
    return from_blob(m.data(), {m.rows(), m.cols()}, {rows, cols}, deleter, options);
  }
}

}  // namespace detail

// A matrix r x c becomes a tensor [r, c], row-major or column-major as the matrix is stored; a type that is a vector at
// compile time becomes [n].
// An lvalue is borrowed: the tensor and its views look at the matrix, which must outlive them and must not be resized.
// An rvalue is owned: a matrix is moved into the tensor (no element is copied when it lives on the heap), an expression
// is evaluated. A const lvalue does not compile, since a tensor can be written to.
template <class M>
Tensor from_eigen(M&& m) {
  using Plain = std::remove_cv_t<std::remove_reference_t<M>>;
  if constexpr (std::is_lvalue_reference_v<M>) {
    static_assert(!std::is_const_v<std::remove_reference_t<M>>,
                  "a const matrix cannot be borrowed, since a tensor can be written to: from_eigen(M.eval()) copies");
    static_assert((Plain::Flags & Eigen::DirectAccessBit) != 0 && (Plain::Flags & Eigen::LvalueBit) != 0,
                  "this expression has no memory to borrow: from_eigen(E.eval()) copies");
    return detail::tensor_on(m, nullptr);
  } else {
    using Owned = typename Plain::PlainObject;
    auto* owned = new Owned(std::forward<M>(m));
    const std::function<void(void*)> deleter = [owned](void*) { delete owned; };
    try {
      return detail::tensor_on(*owned, deleter);
    } catch (...) {
      delete owned;
      throw;
    }
  }
}

}  // namespace gradtape
