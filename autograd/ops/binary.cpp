// Sums, products and quotients of two tensors.
#include "autograd/kernels/levels.h"
#include "autograd/kernels/parallel.h"
#include "autograd/ops/binary_common.h"

namespace gradtape::ops {
namespace {

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

// g times a saved value; in g's memory when this is its last use and nobody else sees it.
Tensor times_saved(Sweep& s, std::size_t i, bool last) {
  const TensorImpl& g = *s.g.impl();
  const void* saved = g.contiguous ? s.saved_memory(i, g) : nullptr;
  if (!saved) return s.g * s.saved(i);
  const kernels::Array from = array_of(s.g);
  Tensor y = last ? s.take_g() : Tensor();
  if (!y.defined()) y = core::make_like(g, g.dtype);
  kernels::Run* run = from.numel <= kernels::kGrain ? kernels::level_run::mul(from.dtype) : nullptr;
  if (run) {
    const void* const factors[] = {from.data, saved};
    run(y.impl()->data, factors, from.numel, {});
  } else {
    kernels::mul(array_of(y), from, array_like(from, saved), {});
  }
  return y;
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor add(const Tensor& self, const Tensor& other, const Scalar& alpha) {
  check_defined("add", self, other);
  if (alpha.toDouble() != 1) return add(self, scaled("add", self, other, alpha));
  Tensor y = zip(kernels::level_run::add, kernels::add, "add", self, other);
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
  Tensor y = zip(kernels::level_run::sub, kernels::sub, "sub", self, other);
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
  Tensor y = zip(kernels::level_run::mul, kernels::mul, "mul", self, other);
  if (auto r = record("mul", y, {self, other})) {
    r.save(self, r.needs(1));
    r.save(other, r.needs(0));
    r.rule([](Sweep& s) {
      const bool both = s.needs(1);
      if (s.needs(0)) s[0] = times_saved(s, 1, !both);
      if (both) s[1] = times_saved(s, 0, true);
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
    r.save(self, r.needs(1));
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

Tensor rsub(const Tensor& self, const Tensor& other, const Scalar& alpha) { return sub(other, self, alpha); }
Tensor rsub(const Tensor& self, const Scalar& other, const Scalar& alpha) {
  check_defined("rsub", self);
  return alpha.toDouble() == 1 ? other - self : sub(wrap(other), self, alpha);
}
Tensor subtract(const Tensor& self, const Tensor& other, const Scalar& alpha) { return sub(self, other, alpha); }
Tensor subtract(const Tensor& self, const Scalar& other, const Scalar& alpha) { return sub(self, other, alpha); }

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
