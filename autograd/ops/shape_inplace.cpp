// The same tensor with another shape.
#include <cstring>

#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

// self takes the geometry and the history of a view of itself. Its version rises, because rules that saved it would
// read it in the new shape.
template <class F>
Tensor& reshape_inplace(const char* op, const Tensor& self, F view_of) {
  check_defined(op, self);
  TensorImpl& t = *self.impl();
  check(!t.inference || tls.inference_mode, op, "an inference tensor cannot be changed outside InferenceMode: ", self,
        "; clone() it first");
  check(!(tls.grad_mode && t.requires_grad && !t.node), op,
        "a leaf that requires grad cannot be changed in place: ", self, "; use the form without the underscore");
  tape::node_of(t);
  const Tensor y = view_of(self);
  const Shape sizes = shape_of(y);
  const Strides strides = y.impl()->strides;
  core::set_geometry(t, sizes, strides);
  core::bump_version(t, op);
  if (t.base) {
    tape::node_of(t);  // made anew from the base
  } else if (tape::Node* n = y.impl()->node) {
    tape::set_history(t, n, y.impl()->output_nr);
  }
  return handle(self);
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor& Tensor::squeeze_() const {
  return reshape_inplace("squeeze_", *this, [](const Tensor& t) { return at::squeeze(t); });
}
Tensor& Tensor::squeeze_(std::int64_t dim) const {
  return reshape_inplace("squeeze_", *this, [dim](const Tensor& t) { return at::squeeze(t, dim); });
}
Tensor& Tensor::unsqueeze_(std::int64_t dim) const {
  return reshape_inplace("unsqueeze_", *this, [dim](const Tensor& t) { return at::unsqueeze(t, dim); });
}
Tensor& Tensor::transpose_(std::int64_t dim0, std::int64_t dim1) const {
  return reshape_inplace("transpose_", *this, [=](const Tensor& t) { return at::transpose(t, dim0, dim1); });
}
Tensor& Tensor::t_() const {
  return reshape_inplace("t_", *this, [](const Tensor& t) { return at::t(t); });
}

Tensor& Tensor::resize_(IntArrayRef size) const {
  check_defined("resize_", *this);
  TensorImpl& t = *impl_;
  check(!requires_grad(), "resize_", "a tensor that requires grad cannot be resized: ", *this, "; use reshape()");
  for (std::int64_t s : size) check<ValueError>(s >= 0, "resize_", "sizes must not be negative: ", size);
  const std::int64_t bytes = numel_of(size) * gradtape::element_size(t.dtype);
  const std::int64_t start = t.data - static_cast<char*>(t.storage->data);
  if (start + bytes > t.storage->bytes) {
    check(t.storage->refs.unique() && !t.base && !t.storage->deleter, "resize_", *this, " cannot grow to ", size,
          " because other tensors share its elements; clone() it first");
    const Tensor grown = new_tensor(size, t.dtype);
    std::memcpy(grown.impl()->data, t.storage->data, static_cast<std::size_t>(t.storage->bytes));
    const std::uint32_t version = t.storage->version;
    grown.impl()->storage->refs.add();
    core::release(t.storage);
    t.storage = grown.impl()->storage;
    t.storage->version = version;
    t.data = grown.impl()->data;
  }
  core::set_geometry(t, Shape(size), contiguous_strides(size));
  core::bump_version(t, "resize_");
  return handle(*this);
}

}  // namespace gradtape::at
