// Operations on two tensors, element by element; where.
#include "autograd/kernels/pointwise.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

using kernels::BinaryKernel;

Shape common_shape(const char* name, const Tensor& a, const Tensor& b) {
  const Shape &x = shape_of(a), &y = shape_of(b);
  if (x == y || y.empty()) return x;
  if (x.empty()) return y;
  return broadcast_shapes(name, x, y);
}

Tensor zip(BinaryKernel* op, const char* name, const Tensor& a, const Tensor& b, ScalarType t) {
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
Tensor zip(BinaryKernel* op, const char* name, const Tensor& a, const Tensor& b) {
  check_defined(name, a, b);
  return zip(op, name, a, b, result_type(a, b));
}

Tensor test(BinaryKernel* op, const char* name, const Tensor& a, const Tensor& b) {
  check_defined(name, a, b);
  const ScalarType t = result_type(a, b);
  Tensor y = new_tensor(common_shape(name, a, b), kBool);
  const Tensor x = cast_value(a, t), z = cast_value(b, t);
  op(array_of(y), array_of(x), array_of(z), {});
  return y;
}

Tensor as_type(const Tensor& mask, const Tensor& like) { return cast(mask, type_of(like)); }

// Gradient of max and min of two: all to the one chosen, half to each in a tie, all to both beside a NaN.
void split_ties(Sweep& s, bool larger) {
  const Tensor a = s.saved(0), b = s.saved(1);
  const Tensor shared = s.g * (1 - as_type(a == b, s.g) * 0.5);
  if (s.needs(0)) s[0] = where(larger ? a < b : a > b, 0, shared);
  if (s.needs(1)) s[1] = where(larger ? b < a : b > a, 0, shared);
}

Tensor choose(BinaryKernel* op, const char* name, const Tensor& a, const Tensor& b, bool larger) {
  Tensor y = zip(op, name, a, b);
  if (auto r = record(name, y, {a, b})) {
    r.save(a);
    r.save(b);
    r.rule([larger](Sweep& s) { split_ties(s, larger); });
  }
  return y;
}

void check_alpha(const char* op, ScalarType t, const Scalar& alpha) {
  check<TypeError>(is_floating(t) || !alpha.isFloatingPoint(), op, "alpha must be an integer for a result of dtype ", t,
                   ", got ", alpha);
}
// alpha y in the dtype of x + y.
Tensor scaled(const char* op, const Tensor& x, const Tensor& y, const Scalar& alpha) {
  const ScalarType t = result_type(x, y);
  check_alpha(op, t, alpha);
  return cast(mul(y, alpha), t);
}
Scalar times(const char* op, const Tensor& x, const Scalar& y, const Scalar& alpha) {
  if (alpha.toDouble() == 1) return y;
  if (!y.isFloatingPoint()) check_alpha(op, type_of(x), alpha);
  return y.isFloatingPoint() || alpha.isFloatingPoint() ? Scalar(y.toDouble() * alpha.toDouble())
                                                        : Scalar(y.toLong() * alpha.toLong());
}

// Whether x keeps its dtype with any number, so that op(x, number) needs no array for the number.
bool keeps_dtype(const Tensor& x) { return is_floating(type_of(x)) && !x.impl()->wrapped_number; }

Tensor with_number(kernels::UnaryKernel* op, const Tensor& x, double a) {
  Tensor y = x.impl()->contiguous ? core::make_like(*x.impl(), type_of(x)) : new_tensor(shape_of(x), type_of(x));
  op(array_of(y), array_of(x), {a, 0});
  return y;
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor add(const Tensor& self, const Tensor& other, const Scalar& alpha) {
  check_defined("add", self, other);
  if (alpha.toDouble() != 1) return add(self, scaled("add", self, other, alpha));
  Tensor y = zip(kernels::add, "add", self, other);
  if (auto r = record("add", y, {self, other})) {
    r.rule([](Sweep& s) {
      if (s.needs(0)) s[0] = s.g;
      if (s.needs(1)) s[1] = s.g;
    });
  }
  return y;
}
Tensor add(const Tensor& self, const Scalar& other, const Scalar& alpha) {
  check_defined("add", self);
  const Scalar number = times("add", self, other, alpha);
  if (!keeps_dtype(self)) return add(self, wrap(number));
  Tensor y = with_number(kernels::add_number, self, number.toDouble());
  if (auto r = record("add", y, {self})) r.rule([](Sweep& s) { s[0] = s.g; });
  return y;
}

Tensor sub(const Tensor& self, const Tensor& other, const Scalar& alpha) {
  check_defined("sub", self, other);
  check<TypeError>(type_of(self) != kBool && type_of(other) != kBool, "sub", "bool has no difference: ", self, " and ",
                   other, "; use logical_xor or logical_not, or convert with to()");
  if (alpha.toDouble() != 1) return sub(self, scaled("sub", self, other, alpha));
  Tensor y = zip(kernels::sub, "sub", self, other);
  if (auto r = record("sub", y, {self, other})) {
    r.rule([](Sweep& s) {
      if (s.needs(0)) s[0] = s.g;
      if (s.needs(1)) s[1] = -s.g;
    });
  }
  return y;
}
Tensor sub(const Tensor& self, const Scalar& other, const Scalar& alpha) {
  check_defined("sub", self);
  return sub(self, wrap(times("sub", self, other, alpha)));
}

Tensor mul(const Tensor& self, const Tensor& other) {
  Tensor y = zip(kernels::mul, "mul", self, other);
  if (auto r = record("mul", y, {self, other})) {
    r.save(r.needs(1) ? self : Tensor());
    r.save(r.needs(0) ? other : Tensor());
    r.rule([](Sweep& s) {
      if (s.needs(0)) s[0] = s.g * s.saved(1);
      if (s.needs(1)) s[1] = s.g * s.saved(0);
    });
  }
  return y;
}
Tensor mul(const Tensor& self, const Scalar& other) {
  check_defined("mul", self);
  if (!keeps_dtype(self)) return mul(self, wrap(other));
  const double a = other.toDouble();
  Tensor y = with_number(kernels::mul_number, self, a);
  if (auto r = record("mul", y, {self})) r.rule([a](Sweep& s) { s[0] = s.g * a; });
  return y;
}

Tensor div(const Tensor& self, const Tensor& other) {
  check_defined("div", self, other);
  Tensor y = zip(kernels::div, "div", self, other, floating_result(result_type(self, other)));
  if (auto r = record("div", y, {self, other})) {
    r.save(r.needs(1) ? self : Tensor());
    r.save(other);
    r.rule([](Sweep& s) {
      const Tensor b = s.saved(1);
      if (s.needs(0)) s[0] = s.g / b;
      // g / b first would be infinite for a tiny b, and 0 times that NaN.
      if (s.needs(1)) s[1] = -(s.g * (s.saved(0) / b)) / b;
    });
  }
  return y;
}
Tensor div(const Tensor& self, const Scalar& other) {
  check_defined("div", self);
  if (!keeps_dtype(self)) return div(self, wrap(other));
  const double a = other.toDouble();
  Tensor y = with_number(kernels::div_number, self, a);
  if (auto r = record("div", y, {self})) r.rule([a](Sweep& s) { s[0] = s.g / a; });
  return y;
}

Tensor pow(const Tensor& self, const Tensor& exponent) {
  Tensor y = zip(kernels::pow, "pow", self, exponent);
  if (auto r = record("pow", y, {self, exponent})) {
    r.save(self);
    r.save(exponent);
    r.save_output(y);
    r.rule([](Sweep& s) {
      const Tensor x = s.saved(0), n = s.saved(1);
      if (s.needs(0)) s[0] = s.g * where(n == 0, 0, n * pow(x, n - 1));
      // x^n ln x, 0 where x = 0 and n >= 0
      if (s.needs(1)) s[1] = s.g * where((x == 0) * (n >= 0), 0, s.y() * log(x));
    });
  }
  return y;
}
Tensor pow(const Scalar& self, const Tensor& exponent) {
  check_defined("pow", exponent);
  return pow(wrap(self), exponent);
}

Tensor maximum(const Tensor& self, const Tensor& other) {
  return choose(kernels::maximum, "maximum", self, other, true);
}
Tensor minimum(const Tensor& self, const Tensor& other) {
  return choose(kernels::minimum, "minimum", self, other, false);
}
Tensor max(const Tensor& self, const Tensor& other) { return maximum(self, other); }
Tensor min(const Tensor& self, const Tensor& other) { return minimum(self, other); }

#define GRADTAPE_COMPARE(name)                                                                             \
  Tensor name(const Tensor& self, const Tensor& other) { return test(kernels::name, #name, self, other); } \
  Tensor name(const Tensor& self, const Scalar& other) {                                                   \
    check_defined(#name, self);                                                                            \
    return test(kernels::name, #name, self, wrap(other));                                                  \
  }
GRADTAPE_COMPARE(eq)
GRADTAPE_COMPARE(ne)
GRADTAPE_COMPARE(lt)
GRADTAPE_COMPARE(le)
GRADTAPE_COMPARE(gt)
GRADTAPE_COMPARE(ge)
#undef GRADTAPE_COMPARE

Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other) {
  check_defined("where", condition, self, other);
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

Tensor operator+(const Scalar& a, const Tensor& b) { return add(b, a); }
Tensor operator-(const Scalar& a, const Tensor& b) {
  check_defined("sub", b);
  if (!keeps_dtype(b)) return sub(wrap(a), b);
  Tensor y = with_number(kernels::number_sub, b, a.toDouble());
  if (auto r = record("sub", y, {b})) r.rule([](Sweep& s) { s[0] = -s.g; });
  return y;
}
Tensor operator*(const Scalar& a, const Tensor& b) { return mul(b, a); }
Tensor operator/(const Scalar& a, const Tensor& b) {
  check_defined("div", b);
  return div(wrap(a), b);
}

}  // namespace gradtape::at
