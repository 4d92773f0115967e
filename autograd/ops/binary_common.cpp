#include "autograd/ops/binary_common.h"

#include "autograd/kernels/parallel.h"

namespace gradtape::ops {

Shape common_shape(const char* name, const Tensor& a, const Tensor& b) {
  const Shape &x = shape_of(a), &y = shape_of(b);
  if (x == y || y.empty()) return x;
  if (x.empty()) return y;
  return broadcast_shapes(name, x, y);
}

Tensor zip(kernels::BinaryKernel* op, const char* name, const Tensor& a, const Tensor& b, ScalarType t) {
  const TensorImpl &p = *a.impl(), &q = *b.impl();
  if (p.dtype == t && q.dtype == t && p.contiguous && q.contiguous && p.sizes == q.sizes) {
    Tensor y = core::make_like(p, t);
    op(array_of(y), array_of(a), array_of(b), {});
    return y;
  }
  Tensor y = new_tensor(common_shape(name, a, b), t);
  const Tensor x = cast_value(a, t), z = cast_value(b, t);
  op(array_of(y), array_of(x), array_of(z), {});
  return y;
}
Tensor zip(kernels::BinaryKernel* op, const char* name, const Tensor& a, const Tensor& b) {
  check_defined(name, a, b);
  return zip(op, name, a, b, result_type(a, b));
}
Tensor zip(kernels::LevelRun* level, kernels::BinaryKernel* op, const char* name, const Tensor& a, const Tensor& b) {
  check_defined(name, a, b);
  const TensorImpl &p = *a.impl(), &q = *b.impl();
  if (p.dtype == q.dtype && p.contiguous && q.contiguous && p.numel <= kernels::kGrain && p.sizes == q.sizes &&
      !p.wrapped_number && !q.wrapped_number) {
    if (kernels::Run* run = level(p.dtype)) {
      Tensor y = core::make_like(p, p.dtype);
      const void* const from[] = {p.data, q.data};
      run(y.impl()->data, from, p.numel, {});
      return y;
    }
  }
  return zip(op, name, a, b, result_type(a, b));
}

Tensor test(kernels::BinaryKernel* op, const char* name, const Tensor& a, const Tensor& b) {
  check_defined(name, a, b);
  const ScalarType t = result_type(a, b);
  Tensor y = new_tensor(common_shape(name, a, b), kBool);
  const Tensor x = cast_value(a, t), z = cast_value(b, t);
  op(array_of(y), array_of(x), array_of(z), {});
  return y;
}

ScalarType number_result(const char* op, const Tensor& a, const Tensor& b) {
  const ScalarType t = result_type(a, b);
  check<TypeError>(t != kBool, op, "bool tensors are no numbers: ", a, " and ", b, "; convert one");
  return t;
}
ScalarType floating_only(const char* op, const Tensor& a, const Tensor& b) {
  const ScalarType t = result_type(a, b);
  check<TypeError>(is_floating(t), op, "need a floating-point tensor, got ", a, " and ", b,
                   "; convert one with to(kFloat32)");
  return t;
}

}  // namespace gradtape::ops
