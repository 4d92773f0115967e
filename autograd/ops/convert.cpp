// Copies, conversions, and new tensors like a given one.
#include "autograd/kernels/copy.h"
#include "autograd/ops/factory.h"

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor clone(const Tensor& self, optional<MemoryFormat>) {
  check_defined("clone", self);
  Tensor y = new_tensor(shape_of(self), type_of(self));
  kernels::copy(array_of(y), array_of(self));
  if (auto r = record("clone", y, {self})) r.rule([](Sweep& s) { s[0] = s.g; });
  return y;
}
Tensor contiguous(const Tensor& self, MemoryFormat) {
  check_defined("contiguous", self);
  return self.impl()->contiguous ? self : clone(self);
}
Tensor Tensor::clone(optional<MemoryFormat> f) const { return at::clone(*this, f); }
Tensor Tensor::contiguous(MemoryFormat f) const { return at::contiguous(*this, f); }

Tensor Tensor::to(ScalarType dtype, bool, bool copy, optional<MemoryFormat>) const {
  check_defined("to", *this);
  check<TypeError>(dtype != ScalarType::Verification && dtype != ScalarType::Undefined, "to", "unknown dtype");
  const Tensor y = cast(*this, effective(dtype));
  return copy && y.is_same(*this) ? at::clone(y) : y;
}
Tensor Tensor::to(TypeMeta dtype, bool non_blocking, bool copy) const {
  return to(dtype.toScalarType(), non_blocking, copy);
}
Tensor Tensor::to(Device device, ScalarType dtype, bool non_blocking, bool copy, optional<MemoryFormat> f) const {
  return to(TensorOptions(dtype).device(device), non_blocking, copy, f);
}
Tensor Tensor::to(Device device, TypeMeta dtype, bool non_blocking, bool copy) const {
  return to(device, dtype.toScalarType(), non_blocking, copy);
}
Tensor Tensor::to(const TensorOptions& o, bool non_blocking, bool copy, optional<MemoryFormat>) const {
  check_defined("to", *this);
  check(o.device().is_cpu(), "to", "only the CPU is supported; ", *this, " was to move to CUDA");
  check<ValueError>(!o.requires_grad(), "to", "options must not ask for requires_grad; call requires_grad_() after it");
  return o.has_dtype() ? to(o.dtype(), non_blocking, copy) : copy ? at::clone(*this) : *this;
}
Tensor Tensor::to(const Tensor& other, bool non_blocking, bool copy, optional<MemoryFormat>) const {
  check_defined("to", *this, other);
  return to(other.scalar_type(), non_blocking, copy);
}
Tensor Tensor::type_as(const Tensor& other) const {
  check_defined("type_as", *this, other);
  return to(other.scalar_type());
}
Tensor Tensor::cuda() const { return to(kCUDA); }

Tensor Tensor::new_empty(IntArrayRef size, const TensorOptions& o) const {
  const TensorOptions own = like("new_empty", *this, o);
  return at::empty(size, own);
}
Tensor Tensor::new_empty_strided(IntArrayRef size, IntArrayRef stride, const TensorOptions& o) const {
  const TensorOptions own = like("new_empty_strided", *this, o);
  return at::empty_strided(size, stride, own);
}
Tensor Tensor::new_zeros(IntArrayRef size, const TensorOptions& o) const {
  const TensorOptions own = like("new_zeros", *this, o);
  return at::zeros(size, own);
}
Tensor Tensor::new_ones(IntArrayRef size, const TensorOptions& o) const {
  const TensorOptions own = like("new_ones", *this, o);
  return at::ones(size, own);
}
Tensor Tensor::new_full(IntArrayRef size, const Scalar& value, const TensorOptions& o) const {
  const TensorOptions own = like("new_full", *this, o);
  return at::full(size, value, own);
}

}  // namespace gradtape::at
