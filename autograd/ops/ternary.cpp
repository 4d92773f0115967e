// Operations on three tensors, element by element.
#include "autograd/ops/binary_common.h"

namespace gradtape::ops {
namespace {

Shape common_shape(const char* op, const Tensor& a, const Tensor& b, const Tensor& c) {
  return broadcast_shapes(op, ops::common_shape(op, a, b), shape_of(c));
}

Tensor zip(kernels::TernaryKernel* kernel, const char* op, const Tensor& a, const Tensor& b, const Tensor& c,
           ScalarType t, kernels::Params params) {
  Tensor y = new_tensor(common_shape(op, a, b, c), t);
  const Tensor u = cast_value(a, t), v = cast_value(b, t), w = cast_value(c, t);
  kernel(array_of(y), array_of(u), array_of(v), array_of(w), params);
  return y;
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other) {
  check_defined("where", condition, self, other);
  // libtorch still takes uint8 masks.
  if (type_of(condition) == kUInt8) return where(condition.to(kBool), self, other);
  check<TypeError>(type_of(condition) == kBool, "where", "condition must be bool, got ", condition);
  const ScalarType t = result_type(self, other);
  const Shape shape = broadcast_shapes("where", shape_of(condition), common_shape("where", self, other));
  Tensor y = new_tensor(shape, t);
  const Tensor a = cast_value(self, t), b = cast_value(other, t);
  kernels::where(array_of(y), array_of(condition), array_of(a), array_of(b));
  if (auto r = record("where", y, {condition, self, other})) {
    r.save(condition);
    r.rule([](Sweep& s) {
      const Tensor c = s.saved(0);
      if (s.needs(1)) s[1] = where(c, s.g, 0);
      if (s.needs(2)) s[2] = where(c, 0, s.g);
    });
  }
  return y;
}
Tensor where(const Tensor& condition, const Tensor& self, const Scalar& other) {
  return where(condition, self, wrap(other));
}
Tensor where(const Tensor& condition, const Scalar& self, const Tensor& other) {
  return where(condition, wrap(self), other);
}
Tensor where(const Tensor& condition, const Scalar& self, const Scalar& other) {
  const auto one = [](const Scalar& v) { return v.isFloatingPoint() ? get_default_dtype() : TypeMeta(v.type()); };
  const ScalarType t = promote_types(one(self), one(other));
  return where(condition, scalar_tensor(self, t), scalar_tensor(other, t));
}

Tensor lerp(const Tensor& self, const Tensor& end, const Tensor& weight) {
  check_defined("lerp", self, end, weight);
  if (mixed(self, end, weight)) return lerp(verified(self), verified(end), verified(weight));
  check_floating("lerp", self);
  const ScalarType t = type_of(self);
  check<TypeError>(type_of(end) == t && type_of(weight) == t, "lerp", "need one dtype: self ", self, ", end ", end,
                   ", weight ", weight);
  Tensor y = zip(kernels::lerp, "lerp", self, end, weight, t, {});
  if (auto r = record("lerp", y, {self, end, weight})) {
    r.save(self, r.needs(2));
    r.save(end, r.needs(2));
    r.save(weight);
    r.rule([](Sweep& s) {
      const Tensor w = s.saved(2);
      if (s.needs(0)) s[0] = s.g * (1 - w);
      if (s.needs(1)) s[1] = s.g * w;
      if (s.needs(2)) s[2] = s.g * (s.saved(1) - s.saved(0));
    });
  }
  return y;
}
Tensor lerp(const Tensor& self, const Tensor& end, const Scalar& weight) {
  check_defined("lerp", self, end);
  check_floating("lerp", self);
  return lerp(self, end, wrap_for(weight, self));
}

Tensor addcmul(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  check_defined("addcmul", self, tensor1, tensor2);
  const ScalarType t = result_type(self, tensor1, tensor2);
  check<TypeError>(t != kBool, "addcmul", "bool tensors are no numbers: ", self, ", ", tensor1, " and ", tensor2);
  const double v = value.toDouble();
  Tensor y = zip(kernels::addcmul, "addcmul", self, tensor1, tensor2, t, {v, 0});
  if (auto r = record("addcmul", y, {self, tensor1, tensor2})) {
    r.save(tensor1, r.needs(2));
    r.save(tensor2, r.needs(1));
    r.rule([v](Sweep& s) {
      if (s.needs(0)) s[0] = s.g;
      if (s.needs(1)) s[1] = s.g * v * s.saved(1);
      if (s.needs(2)) s[2] = s.g * v * s.saved(0);
    });
  }
  return y;
}
Tensor addcdiv(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  check_defined("addcdiv", self, tensor1, tensor2);
  check<TypeError>(is_floating(type_of(tensor1)) || is_floating(type_of(tensor2)), "addcdiv",
                   "integers are not divided here: ", tensor1, " by ", tensor2, "; convert one with to(kFloat32)");
  const ScalarType t = result_type(self, tensor1, tensor2);
  const double v = value.toDouble();
  Tensor y = zip(kernels::addcdiv, "addcdiv", self, tensor1, tensor2, t, {v, 0});
  if (auto r = record("addcdiv", y, {self, tensor1, tensor2})) {
    r.save(tensor1, r.needs(2));
    r.save(tensor2);
    r.rule([v](Sweep& s) {
      const Tensor b = s.saved(1);
      if (s.needs(0)) s[0] = s.g;
      if (s.needs(1)) s[1] = s.g * v / b;
      // As in div: 1 / b alone may be infinite.
      if (s.needs(2)) s[2] = -(s.g * v * (s.saved(0) / b)) / b;
    });
  }
  return y;
}

}  // namespace gradtape::at
