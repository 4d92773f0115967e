#include "autograd/ops/pointwise_common.h"

namespace gradtape::ops {
namespace {

ScalarType computed_in(Kind kind, const char* op, const Tensor& x) {
  const ScalarType t = type_of(x);
  switch (kind) {
    case Kind::floating:
      return floating_result(t);
    case Kind::counts:
      return t == kBool ? kInt64 : t;
    case Kind::numbers:
      check<TypeError>(t != kBool, op, "not defined for bool: ", x, "; use logical_not, or convert with to(kInt64)");
      return t;
    case Kind::real:
      check_floating(op, x);
      return t;
    case Kind::keeps:
      break;
  }
  return t;
}

}  // namespace

Tensor map(UnaryKernel* kernel, const char* op, const Tensor& x, Kind kind, Params params) {
  check_defined(op, x);
  const ScalarType t = computed_in(kind, op, x);
  Tensor y = x.impl()->contiguous ? core::make_like(*x.impl(), t) : new_tensor(shape_of(x), t);
  if (type_of(x) == t) {
    kernel(array_of(y), array_of(x), params);
  } else {
    kernel(array_of(y), array_of(cast_value(x, t)), params);
  }
  return y;
}

Tensor one_pass(LevelRun* slope, Sweep& s, Params params) {
  const TensorImpl& g = *s.g.impl();
  const ScalarType t = g.dtype;
  if (tls.grad_mode || (t != kFloat32 && t != kFloat64)) return {};
  if (const void* saved = g.contiguous ? s.saved_memory(0, g) : nullptr) {
    const kernels::Array from = array_of(s.g), v = array_like(from, saved);
    Tensor out = s.take_g();
    if (!out.defined()) out = core::make_like(g, t);
    kernels::derivative(slope, array_of(out), from, v, params);
    return out;
  }
  const Tensor v = s.saved(0);
  if (type_of(v) != t || shape_of(v) != g.sizes) return {};
  Tensor out = v.impl()->contiguous ? core::make_like(*v.impl(), t) : new_tensor(shape_of(v), t);
  kernels::derivative(slope, array_of(out), array_of(s.g), array_of(v), params);
  return out;
}

bool map_inplace(UnaryKernel* kernel, const char* op, const Tensor& x, Params params) {
  if (would_record({x}) || !is_floating(type_of(x))) return false;
  check_inplace(op, x, false);
  kernel(array_of(x), array_of(x), params);
  core::bump_version(*x.impl(), op);
  return true;
}

}  // namespace gradtape::ops
