// Methods, in-place forms, out forms and other names of the operations on two and three tensors.
#include "autograd/ops/binary_common.h"

namespace gradtape::ops {
namespace {

// What a rule saves of an operand must not change with self.
Tensor kept(const Tensor& t, const Tensor& self) {
  return would_record({self, t}) && t.is_alias_of(self) ? snapshot(t) : t;
}

// With a kernel for what needs no recording and no conversion, computed where it stands.
Tensor& with_kernel(const char* op, const Tensor& self, const Tensor& other, kernels::BinaryKernel* kernel,
                    bool saves_self, Tensor (*out_of_place)(const Tensor&, const Tensor&)) {
  check_defined(op, self, other);
  if (!would_record({self, other}) && type_of(self) == type_of(other) &&
      is_expandable_to(other.sizes(), self.sizes()) && is_floating(type_of(self)) &&
      (!other.is_alias_of(self) || other.is_same(self))) {
    check_inplace(op, self, false);
    kernel(array_of(self), array_of(self), array_of(other), {});
    core::bump_version(*self.impl(), op);
    return handle(self);
  }
  return inplace(op, self, {other}, saves_self,
                 [&](const Tensor& s) { return out_of_place(s, saves_self ? kept(other, self) : other); });
}

template <class F>
Tensor& with_tensor(const char* op, const Tensor& self, const Tensor& other, F f) {
  check_defined(op, self, other);
  return inplace(op, self, {other}, true, [&](const Tensor& s) { return f(s, kept(other, self)); });
}
template <class F>
Tensor& with_two(const char* op, const Tensor& self, const Tensor& a, const Tensor& b, F f) {
  check_defined(op, self, a, b);
  return inplace(op, self, {a, b}, true, [&](const Tensor& s) { return f(s, kept(a, self), kept(b, self)); });
}

Tensor number_for(const char* op, const Tensor& self, const Scalar& v) {
  check_defined(op, self);
  return is_floating(type_of(self)) ? wrap_for(v, self) : wrap(v);
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

// ---- methods and out forms ----
#define GRADTAPE_TENSOR_FORM(name)                                                  \
  Tensor Tensor::name(const Tensor& other) const { return at::name(*this, other); } \
  Tensor& name##_out(Tensor& out, const Tensor& self, const Tensor& other) {        \
    return store_out(#name "_out", out, at::name(self, other));                     \
  }
#define GRADTAPE_NUMBER_FORM(name)                                                  \
  GRADTAPE_TENSOR_FORM(name)                                                        \
  Tensor Tensor::name(const Scalar& other) const { return at::name(*this, other); } \
  Tensor& name##_out(Tensor& out, const Tensor& self, const Scalar& other) {        \
    return store_out(#name "_out", out, at::name(self, other));                     \
  }
#define GRADTAPE_TENSOR_ALIAS(name, original)                                            \
  Tensor name(const Tensor& self, const Tensor& other) { return original(self, other); } \
  Tensor& Tensor::name##_(const Tensor& other) const { return original##_(other); }      \
  GRADTAPE_TENSOR_FORM(name)
#define GRADTAPE_NUMBER_ALIAS(name, original)                                            \
  Tensor name(const Tensor& self, const Tensor& other) { return original(self, other); } \
  Tensor name(const Tensor& self, const Scalar& other) { return original(self, other); } \
  Tensor& Tensor::name##_(const Tensor& other) const { return original##_(other); }      \
  Tensor& Tensor::name##_(const Scalar& other) const { return original##_(other); }      \
  GRADTAPE_NUMBER_FORM(name)
GRADTAPE_BINARY_OPS(GRADTAPE_NUMBER_FORM)
GRADTAPE_BINARY_ALIASES(GRADTAPE_NUMBER_ALIAS)
GRADTAPE_PAIR_OPS(GRADTAPE_TENSOR_FORM)
GRADTAPE_PAIR_ALIASES(GRADTAPE_TENSOR_ALIAS)
GRADTAPE_CHOICE_OPS(GRADTAPE_TENSOR_FORM)
#undef GRADTAPE_NUMBER_ALIAS
#undef GRADTAPE_TENSOR_ALIAS
#undef GRADTAPE_NUMBER_FORM
#undef GRADTAPE_TENSOR_FORM

// ---- in place ----
#define GRADTAPE_TENSOR_INPLACE(name)                                                                             \
  Tensor& Tensor::name##_(const Tensor& other) const {                                                            \
    return with_tensor(#name "_", *this, other, [](const Tensor& a, const Tensor& b) { return at::name(a, b); }); \
  }
#define GRADTAPE_NUMBER_INPLACE(name)                                                                \
  GRADTAPE_TENSOR_INPLACE(name)                                                                      \
  Tensor& Tensor::name##_(const Scalar& other) const {                                               \
    return inplace(#name "_", *this, {}, true, [&](const Tensor& s) { return at::name(s, other); }); \
  }
GRADTAPE_PAIR_OPS(GRADTAPE_TENSOR_INPLACE)
GRADTAPE_NUMBER_INPLACE(floor_divide)
GRADTAPE_NUMBER_INPLACE(fmod)
GRADTAPE_NUMBER_INPLACE(remainder)
GRADTAPE_NUMBER_INPLACE(pow)
GRADTAPE_NUMBER_INPLACE(float_power)
GRADTAPE_NUMBER_INPLACE(xlogy)
GRADTAPE_NUMBER_INPLACE(copysign)
GRADTAPE_NUMBER_INPLACE(eq)
GRADTAPE_NUMBER_INPLACE(ne)
GRADTAPE_NUMBER_INPLACE(lt)
GRADTAPE_NUMBER_INPLACE(le)
GRADTAPE_NUMBER_INPLACE(gt)
GRADTAPE_NUMBER_INPLACE(ge)
GRADTAPE_NUMBER_INPLACE(bitwise_and)
GRADTAPE_NUMBER_INPLACE(bitwise_or)
GRADTAPE_NUMBER_INPLACE(bitwise_xor)
GRADTAPE_NUMBER_INPLACE(bitwise_left_shift)
GRADTAPE_NUMBER_INPLACE(bitwise_right_shift)
#undef GRADTAPE_NUMBER_INPLACE
#undef GRADTAPE_TENSOR_INPLACE
Tensor& Tensor::mul_(const Tensor& other) const {
  return with_kernel("mul_", *this, other, kernels::mul, true,
                     [](const Tensor& a, const Tensor& b) { return at::mul(a, b); });
}
Tensor& Tensor::div_(const Tensor& other) const {
  return with_kernel("div_", *this, other, kernels::div, true,
                     [](const Tensor& a, const Tensor& b) { return at::div(a, b); });
}
Tensor& Tensor::mul_(const Scalar& other) const { return mul_(number_for("mul_", *this, other)); }
Tensor& Tensor::div_(const Scalar& other) const { return div_(number_for("div_", *this, other)); }

// ---- sums ----
Tensor& Tensor::add_(const Tensor& other, const Scalar& alpha) const {
  if (alpha.toDouble() != 1) return add_(at::mul(other, alpha));
  return with_kernel("add_", *this, other, kernels::add, false,
                     [](const Tensor& a, const Tensor& b) { return at::add(a, b); });
}
Tensor& Tensor::sub_(const Tensor& other, const Scalar& alpha) const {
  if (alpha.toDouble() != 1) return sub_(at::mul(other, alpha));
  return with_kernel("sub_", *this, other, kernels::sub, false,
                     [](const Tensor& a, const Tensor& b) { return at::sub(a, b); });
}
Tensor& Tensor::add_(const Scalar& other, const Scalar& alpha) const {
  return add_(number_for("add_", *this, other), alpha);
}
Tensor& Tensor::sub_(const Scalar& other, const Scalar& alpha) const {
  return sub_(number_for("sub_", *this, other), alpha);
}
Tensor& Tensor::subtract_(const Tensor& other, const Scalar& alpha) const { return sub_(other, alpha); }
Tensor& Tensor::subtract_(const Scalar& other, const Scalar& alpha) const { return sub_(other, alpha); }
#define GRADTAPE_SUM_FORM(name)                                                                   \
  Tensor& name##_out(Tensor& out, const Tensor& self, const Tensor& other, const Scalar& alpha) { \
    return store_out(#name "_out", out, at::name(self, other, alpha));                            \
  }
GRADTAPE_SUM_FORM(add)
GRADTAPE_SUM_FORM(sub)
GRADTAPE_SUM_FORM(subtract)
GRADTAPE_SUM_FORM(rsub)
#undef GRADTAPE_SUM_FORM
#define GRADTAPE_SUM_METHOD(name)                                                                               \
  Tensor Tensor::name(const Tensor& other, const Scalar& alpha) const { return at::name(*this, other, alpha); } \
  Tensor Tensor::name(const Scalar& other, const Scalar& alpha) const { return at::name(*this, other, alpha); }
GRADTAPE_SUM_METHOD(add)
GRADTAPE_SUM_METHOD(sub)
GRADTAPE_SUM_METHOD(subtract)
#undef GRADTAPE_SUM_METHOD

// ---- quotients with a rounding mode ----
using Rounding = optional<std::string_view>;
Tensor divide(const Tensor& self, const Tensor& other, const Rounding& r) { return div(self, other, r); }
Tensor divide(const Tensor& self, const Scalar& other, const Rounding& r) { return div(self, other, r); }
Tensor& div_out(Tensor& out, const Tensor& self, const Tensor& other, const Rounding& r) {
  return store_out("div_out", out, div(self, other, r));
}
Tensor& divide_out(Tensor& out, const Tensor& self, const Tensor& other, const Rounding& r) {
  return div_out(out, self, other, r);
}
Tensor Tensor::div(const Tensor& other, const Rounding& r) const { return at::div(*this, other, r); }
Tensor Tensor::div(const Scalar& other, const Rounding& r) const { return at::div(*this, other, r); }
Tensor Tensor::divide(const Tensor& other, const Rounding& r) const { return at::div(*this, other, r); }
Tensor Tensor::divide(const Scalar& other, const Rounding& r) const { return at::div(*this, other, r); }
Tensor& Tensor::div_(const Tensor& other, const Rounding& r) const {
  return with_tensor("div_", *this, other, [&](const Tensor& a, const Tensor& b) { return at::div(a, b, r); });
}
Tensor& Tensor::div_(const Scalar& other, const Rounding& r) const {
  return inplace("div_", *this, {}, true, [&](const Tensor& s) { return at::div(s, other, r); });
}
Tensor& Tensor::divide_(const Tensor& other, const Rounding& r) const { return div_(other, r); }
Tensor& Tensor::divide_(const Scalar& other, const Rounding& r) const { return div_(other, r); }

// ---- of one tensor, and of three ----
Tensor Tensor::bitwise_not() const { return at::bitwise_not(*this); }
Tensor& Tensor::bitwise_not_() const { return inplace("bitwise_not_", *this, {}, false, at::bitwise_not); }
Tensor& bitwise_not_out(Tensor& out, const Tensor& self) {
  return store_out("bitwise_not_out", out, bitwise_not(self));
}
Tensor Tensor::where(const Tensor& condition, const Tensor& other) const { return at::where(condition, *this, other); }
Tensor Tensor::where(const Tensor& condition, const Scalar& other) const { return at::where(condition, *this, other); }
Tensor& where_out(Tensor& out, const Tensor& condition, const Tensor& self, const Tensor& other) {
  return store_out("where_out", out, where(condition, self, other));
}
Tensor Tensor::lerp(const Tensor& end, const Tensor& w) const { return at::lerp(*this, end, w); }
Tensor Tensor::lerp(const Tensor& end, const Scalar& w) const { return at::lerp(*this, end, w); }
Tensor& Tensor::lerp_(const Tensor& end, const Tensor& weight) const {
  return with_two("lerp_", *this, end, weight,
                  [](const Tensor& s, const Tensor& e, const Tensor& w) { return at::lerp(s, e, w); });
}
Tensor& Tensor::lerp_(const Tensor& end, const Scalar& weight) const {
  return with_tensor("lerp_", *this, end, [&](const Tensor& s, const Tensor& e) { return at::lerp(s, e, weight); });
}
Tensor& lerp_out(Tensor& out, const Tensor& self, const Tensor& end, const Tensor& weight) {
  return store_out("lerp_out", out, lerp(self, end, weight));
}
Tensor& lerp_out(Tensor& out, const Tensor& self, const Tensor& end, const Scalar& weight) {
  return store_out("lerp_out", out, lerp(self, end, weight));
}
#define GRADTAPE_THREE(name)                                                                                        \
  Tensor Tensor::name(const Tensor& a, const Tensor& b, const Scalar& v) const { return at::name(*this, a, b, v); } \
  Tensor& Tensor::name##_(const Tensor& a, const Tensor& b, const Scalar& v) const {                                \
    return with_two(#name "_", *this, a, b,                                                                         \
                    [&](const Tensor& s, const Tensor& x, const Tensor& y) { return at::name(s, x, y, v); });       \
  }                                                                                                                 \
  Tensor& name##_out(Tensor& out, const Tensor& self, const Tensor& a, const Tensor& b, const Scalar& v) {          \
    return store_out(#name "_out", out, at::name(self, a, b, v));                                                   \
  }
GRADTAPE_THREE(addcmul)
GRADTAPE_THREE(addcdiv)
#undef GRADTAPE_THREE

Tensor Tensor::isclose(const Tensor& o, double rtol, double atol, bool equal_nan) const {
  return at::isclose(*this, o, rtol, atol, equal_nan);
}
bool Tensor::allclose(const Tensor& o, double rtol, double atol, bool equal_nan) const {
  return at::allclose(*this, o, rtol, atol, equal_nan);
}
bool Tensor::equal(const Tensor& o) const { return at::equal(*this, o); }

}  // namespace gradtape::at
