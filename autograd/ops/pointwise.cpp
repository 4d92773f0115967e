// Operations on one tensor, element by element.
#include "autograd/kernels/pointwise.h"

#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

using kernels::Params;
using kernels::UnaryKernel;

// What integers compute in: the default dtype, or their own; for `numbers` a bool is refused.
enum class Kind : std::uint8_t { floating, keeps, numbers };
enum class Reads : std::uint8_t { none, x, y };

// y[i] = op(x[i])
Tensor map(UnaryKernel* op, const char* name, const Tensor& x, Kind kind, Params params = {}) {
  check_defined(name, x);
  check<TypeError>(kind != Kind::numbers || type_of(x) != kBool, name, "not defined for bool: ", x,
                   "; use logical_not, or convert with to(kInt64)");
  const ScalarType t = kind == Kind::floating ? floating_result(type_of(x)) : type_of(x);
  const Tensor in = cast_value(x, t);
  Tensor y = x.impl()->contiguous ? core::make_like(*x.impl(), t) : new_tensor(shape_of(x), t);
  op(array_of(y), array_of(in), params);
  return y;
}

// 1 where the mask holds, in the dtype of `like`.
Tensor mask_as(const Tensor& mask, const Tensor& like) { return cast(mask, type_of(like)); }

Tensor sign(const Tensor& x) { return map(kernels::sign, "sign", x, Kind::keeps); }

// x = op(x) without a record.
bool map_inplace(UnaryKernel* op, const char* name, const Tensor& x, Kind kind) {
  if (would_record({x}) || (kind == Kind::floating && !is_floating(type_of(x))) || type_of(x) == kBool) return false;
  check_inplace(name, x, false);
  op(array_of(x), array_of(x), {});
  core::bump_version(*x.impl(), name);
  return true;
}

}  // namespace

// One line of the list below: the function, its in-place and its out form, and the two methods.
#define GRADTAPE_UNARY(name, kind, reads, derivative)                                                           \
  Tensor name(const Tensor& self) {                                                                             \
    Tensor result = map(kernels::name, #name, self, Kind::kind);                                                \
    if (auto r = record(#name, result, {self})) {                                                               \
      if (Reads::reads == Reads::x) r.save(self);                                                               \
      if (Reads::reads == Reads::y) r.save_output(result);                                                      \
      r.rule([](Sweep& s) {                                                                                     \
        const Tensor& g = s.g;                                                                                  \
        const Tensor reads = Reads::reads == Reads::none ? Tensor() : s.saved(0);                               \
        (void)reads;                                                                                            \
        s[0] = derivative;                                                                                      \
      });                                                                                                       \
    }                                                                                                           \
    return result;                                                                                              \
  }                                                                                                             \
  Tensor& name##_(Tensor& self) {                                                                               \
    check_defined(#name "_", self);                                                                             \
    if (map_inplace(kernels::name, #name "_", self, Kind::kind)) return self;                                   \
    return inplace(#name "_", self, {}, Reads::reads == Reads::x, [](const Tensor& t) { return at::name(t); }); \
  }                                                                                                             \
  Tensor& name##_out(Tensor& out, const Tensor& self) { return store_out(#name "_out", out, at::name(self)); }  \
  Tensor Tensor::name() const { return at::name(*this); }                                                       \
  Tensor& Tensor::name##_() const { return at::name##_(const_cast<Tensor&>(*this)); }

}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

// Value and derivative, a line each: name (also of the kernel), what integers compute in, what the rule reads
// (x: the input, y: the result, none), and the gradient from g, the arriving one.
// clang-format off
GRADTAPE_UNARY(abs,        keeps,       x,    g * sign(x))
GRADTAPE_UNARY(exp,        floating, y,    g * y)
GRADTAPE_UNARY(log,        floating, x,    g / x)
GRADTAPE_UNARY(sqrt,       floating, y,    g / (2 * y))
GRADTAPE_UNARY(square,     keeps,       x,    g * (2 * x))
GRADTAPE_UNARY(neg,        numbers,     none, -g)
GRADTAPE_UNARY(reciprocal, floating, y,    -g * square(y))
GRADTAPE_UNARY(tanh,       floating, y,    tanh_backward(g, y))
GRADTAPE_UNARY(sigmoid,    floating, y,    sigmoid_backward(g, y))
GRADTAPE_UNARY(relu,       keeps,       y,    threshold_backward(g, y, 0))
// clang-format on

Tensor leaky_relu(const Tensor& self, const Scalar& negative_slope) {
  check_defined("leaky_relu", self);
  check_floating("leaky_relu", self);
  const double slope = negative_slope.toDouble();
  Tensor y = map(kernels::leaky_relu, "leaky_relu", self, Kind::floating, {slope, 0});
  if (auto r = record("leaky_relu", y, {self})) {
    r.save(self);
    r.rule([slope](Sweep& s) { s[0] = where(s.saved(0) > 0, s.g, s.g * slope); });
  }
  return y;
}

namespace {

Tensor clamp_between(const char* op, const Tensor& self, const optional<Scalar>& min, const optional<Scalar>& max) {
  check_defined(op, self);
  check<ValueError>(min || max, op, "at least one of min and max must be given");
  const Params p{min ? min->toDouble() : 0, max ? max->toDouble() : 0};
  const bool low = min.has_value(), high = max.has_value();
  const bool floating = (low && min->isFloatingPoint()) || (high && max->isFloatingPoint());
  const Kind kind = floating ? Kind::floating : Kind::keeps;
  Tensor y = map(low ? (high ? kernels::clamp : kernels::clamp_min) : kernels::clamp_max, op, self, kind, p);
  if (auto r = record(op, y, {self})) {
    r.save(self);
    r.rule([p, low, high](Sweep& s) {
      const Tensor x = s.saved(0);
      Tensor g = s.g;
      if (low) g = g * mask_as(x >= p.a, g);
      if (high) g = g * mask_as(x <= p.b, g);
      s[0] = g;
    });
  }
  return y;
}

}  // namespace

Tensor clamp(const Tensor& self, const optional<Scalar>& min, const optional<Scalar>& max) {
  return clamp_between("clamp", self, min, max);
}
Tensor clamp_min(const Tensor& self, const Scalar& min) { return clamp_between("clamp_min", self, min, nullopt); }
Tensor clamp_max(const Tensor& self, const Scalar& max) { return clamp_between("clamp_max", self, nullopt, max); }

Tensor logical_not(const Tensor& self) {
  check_defined("logical_not", self);
  Tensor y = new_tensor(shape_of(self), kBool);
  kernels::is_zero(array_of(y), array_of(self), {});
  return y;
}

Tensor isnan(const Tensor& self) {
  check_defined("isnan", self);
  Tensor y = new_tensor(shape_of(self), kBool);
  kernels::is_nan(array_of(y), array_of(self), {});
  return y;
}

Tensor pow(const Tensor& self, const Scalar& exponent) {
  check_defined("pow", self);
  const double n = exponent.toDouble();
  check<ValueError>(exponent.isFloatingPoint() || n >= 0 || is_floating(type_of(self)), "pow",
                    "integers to a negative integer power are not allowed: ", self, " to the power ", exponent);
  const bool counts = type_of(self) == kBool && !exponent.isFloatingPoint();
  Tensor y = map(kernels::pow_scalar, "pow", counts ? cast_value(self, kInt64) : self,
                 exponent.isFloatingPoint() ? Kind::floating : Kind::keeps, {n, 0});
  if (auto r = record("pow", y, {self})) {
    r.save(self);
    r.rule([n](Sweep& s) {
      // n x^(n-1); x^0 has derivative 0 also where x is 0 or infinite.
      s[0] = n == 0 ? zeros_like(s.g) : s.g * (n * pow(s.saved(0), n - 1));
    });
  }
  return y;
}

}  // namespace gradtape::at
