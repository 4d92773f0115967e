#pragma once
// What every family uses: checks, promotion, results, views. Private to ops/ and engine/.
#include <string>

#include "autograd/core/tensor_impl.h"
#include "autograd/error.h"
#include "autograd/kernels/array.h"
#include "autograd/ops.h"
#include "autograd/tape.h"
#include "autograd/tape/node.h"

namespace gradtape::ops {

using core::tls;
using core::wrap_dim;
using tape::record;
using tape::Recorder;
using tape::Sweep;
using tape::would_record;

inline kernels::Array array_of(const Tensor& t) {
  const TensorImpl& i = *t.impl();
  return {i.data, i.dtype, &i.sizes, &i.strides, i.numel, i.contiguous};
}
// Other memory of the same layout.
inline kernels::Array array_like(const kernels::Array& a, const void* data) {
  kernels::Array other = a;
  other.data = static_cast<char*>(const_cast<void*>(data));
  return other;
}
inline ScalarType type_of(const Tensor& t) { return t.impl()->dtype; }  // internal: shows the verification dtype
inline const Shape& shape_of(const Tensor& t) { return t.impl()->sizes; }

template <class... T>
void check_defined(const char* op, const T&... t) {
  const bool ok = (t.defined() && ...);
  if (__builtin_expect(!ok, 0)) {
    int i = 0, missing = 0;
    ((t.defined() ? ++i : (missing = missing ? missing : ++i)), ...);
    fail(op, "argument ", missing, " is an undefined tensor");
  }
}
void check_floating(const char* op, const Tensor& t);
// The number can be stored in the dtype, rounded if need be but not beyond its range.
void check_fits(const char* op, const Scalar& v, ScalarType t);
// The dtype in which a float64 request is served while verifying; other dtypes unchanged.
inline ScalarType effective(ScalarType t) {
  return tls.verifying && t == ScalarType::Double ? ScalarType::Verification : t;
}

// A float64 constant that a checked function holds meets inputs under verification. Operations that promote need not
// care; those that ask for one dtype begin with `if (mixed(a, b)) return op(verified(a), verified(b))`.
template <class... T>
bool mixed(const T&... t) {
  if (__builtin_expect(!tls.verifying, 1)) return false;
  const auto is = [](const Tensor& x, ScalarType s) { return x.defined() && type_of(x) == s; };
  return (is(t, ScalarType::Double) || ...) && (is(t, ScalarType::Verification) || ...);
}
Tensor verified(const Tensor& t);

// libtorch's rule: dimensioned tensors outrank 0-d ones, these outrank numbers, unless of a lower category.
ScalarType result_type(const Tensor& a, const Tensor& b);
ScalarType result_type(const Tensor& a, const Tensor& b, const Tensor& c);
// A 0-d tensor that counts as a number in promotion, in the dtype an operation with `like` needs.
Tensor wrap(const Scalar& v);
Tensor wrap_for(const Scalar& v, const Tensor& like);
// Default dtype for integers, itself otherwise: what exp(int) computes in.
ScalarType floating_result(ScalarType t);
// Recorded conversion; itself when there is nothing to do.
Tensor cast(const Tensor& t, ScalarType dtype);
// The same, not recorded: for operations whose rule belongs to the unconverted input.
Tensor cast_value(const Tensor& t, ScalarType dtype);

inline Tensor new_tensor(IntArrayRef sizes, ScalarType dtype) { return core::make_tensor(sizes, dtype); }
Tensor new_filled(IntArrayRef sizes, ScalarType dtype, double value);

// A view of `base` that shares its memory and knows it; not yet recorded. offset from base's first element.
Tensor make_view(const Tensor& base, IntArrayRef sizes, IntArrayRef strides, std::int64_t offset = 0);
// Row-major copy or itself, not recorded; for kernels that want plain memory.
Tensor plain(const Tensor& t);
// A row-major copy, not recorded.
Tensor copy_of(const Tensor& t);
// Methods that change their tensor are const, as in libtorch: it is the elements that change, not the handle.
inline Tensor& handle(const Tensor& t) { return const_cast<Tensor&>(t); }

// Sorted, wrapped, distinct dims as a bit mask; empty means all.
std::uint32_t dim_mask(const char* op, IntArrayRef dims, std::int64_t rank);

// ---- in place ----
// Checks that `self` may be changed; call before computing.
void check_inplace(const char* op, const Tensor& self, bool recording);
// Writes y's elements into self and gives self (or its base) y's history.
Tensor& finish_inplace(const char* op, const Tensor& self, const Tensor& y, bool recording);
// To be called when self's elements were replaced by constants.
Tensor& finish_overwrite(const char* op, const Tensor& self, bool recording);
// Gives self, or its base, the history of y, whose elements are in self already; y undefined stands for constants.
void rewrite_history(const char* op, const Tensor& self, const Tensor& y);
// Writes y into a caller's tensor, which takes y's shape; not recorded.
Tensor& store_out(const char* op, Tensor& out, const Tensor& y);
// A tensor's elements and history in memory of its own, for rules that save an input which is about to change.
Tensor snapshot(const Tensor& self);
// self = f(self'), where f is the out-of-place operation. `saves_self` when its rule reads self's old value.
template <class F>
Tensor& inplace(const char* op, const Tensor& self, std::initializer_list<tape::Input> others, bool saves_self, F f) {
  check_defined(op, self);
  bool recording = would_record({self}) || would_record(others);
  check_inplace(op, self, recording);
  const Tensor y = f(recording && saves_self ? snapshot(self) : self);
  return finish_inplace(op, self, y, recording);
}

}  // namespace gradtape::ops
