// Elementary functions of one tensor, element by element.
#include "autograd/ops/pointwise_common.h"

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

namespace {
constexpr double kLn2 = 0.69314718055994530942, kLn10 = 2.30258509299404568402;
constexpr double kPi = 3.14159265358979323846;
}  // namespace

// Value and derivative, a line each; see GRADTAPE_UNARY.
// clang-format off
GRADTAPE_UNARY(abs,        numbers,  x,    abs_backward,         g * sgn(x))
GRADTAPE_UNARY(neg,        numbers,  none, none,                 -g)
GRADTAPE_UNARY(square,     counts,   x,    square_backward,      g * (2 * x))
GRADTAPE_UNARY(reciprocal, floating, y,    reciprocal_backward,  -g * square(y))
GRADTAPE_UNARY(exp,        floating, y,    mul,                  g * y)
GRADTAPE_UNARY(exp2,       floating, y,    exp2_backward,        g * (y * kLn2))
GRADTAPE_UNARY(expm1,      floating, y,    expm1_backward,       g * (y + 1))
GRADTAPE_UNARY(log,        floating, x,    div,                  g / x)
GRADTAPE_UNARY(log1p,      floating, x,    log1p_backward,       g / (x + 1))
GRADTAPE_UNARY(log2,       floating, x,    log2_backward,        g / (x * kLn2))
GRADTAPE_UNARY(log10,      floating, x,    log10_backward,       g / (x * kLn10))
GRADTAPE_UNARY(sqrt,       floating, y,    sqrt_backward,        g / (2 * y))
GRADTAPE_UNARY(rsqrt,      floating, y,    rsqrt_backward,       g * (-0.5 * pow(y, 3)))
GRADTAPE_UNARY(sin,        floating, x,    sin_backward,         g * cos(x))
GRADTAPE_UNARY(cos,        floating, x,    cos_backward,         g * -sin(x))
GRADTAPE_UNARY(tan,        floating, y,    tan_backward,         g * (1 + square(y)))
GRADTAPE_UNARY(asin,       floating, x,    asin_backward,        g * rsqrt(1 - square(x)))
GRADTAPE_UNARY(acos,       floating, x,    acos_backward,        g * -rsqrt(1 - square(x)))
GRADTAPE_UNARY(atan,       floating, x,    atan_backward,        g / (1 + square(x)))
GRADTAPE_UNARY(sinh,       floating, x,    sinh_backward,        g * cosh(x))
GRADTAPE_UNARY(cosh,       floating, x,    cosh_backward,        g * sinh(x))
GRADTAPE_UNARY(tanh,       floating, y,    tanh_backward,        tanh_backward(g, y))
GRADTAPE_UNARY(asinh,      floating, x,    asinh_backward,       g * rsqrt(square(x) + 1))
GRADTAPE_UNARY(acosh,      floating, x,    acosh_backward,       g * rsqrt(square(x) - 1))
GRADTAPE_UNARY(atanh,      floating, x,    atanh_backward,       g / (1 - square(x)))
GRADTAPE_UNARY(sigmoid,    floating, y,    sigmoid_backward,     sigmoid_backward(g, y))
GRADTAPE_UNARY(relu,       numbers,  y,    threshold_backward,   threshold_backward(g, y, 0))
// clang-format on

#define GRADTAPE_SCALED(name, factor)                                                                          \
  Tensor name(const Tensor& self) {                                                                            \
    return mapped(#name, kernels::mul_number, Kind::floating, Reads::none, self, {factor},                     \
                  [](const Tensor& g, const Tensor&) { return g * (factor); });                                \
  }                                                                                                            \
  Tensor& name##_(Tensor& self) {                                                                              \
    return inplace(#name "_", self, {}, false, [](const Tensor& t) { return at::name(t); });                   \
  }                                                                                                            \
  Tensor& name##_out(Tensor& out, const Tensor& self) { return store_out(#name "_out", out, at::name(self)); } \
  Tensor Tensor::name() const { return at::name(*this); }                                                      \
  Tensor& Tensor::name##_() const { return at::name##_(handle(*this)); }
GRADTAPE_SCALED(deg2rad, kPi / 180)
GRADTAPE_SCALED(rad2deg, 180 / kPi)
#undef GRADTAPE_SCALED

#define GRADTAPE_ALIAS(name, original)                                                      \
  Tensor name(const Tensor& self) { return original(self); }                                \
  Tensor& name##_(Tensor& self) { return original##_(self); }                               \
  Tensor& name##_out(Tensor& out, const Tensor& self) { return original##_out(out, self); } \
  Tensor Tensor::name() const { return original(); }                                        \
  Tensor& Tensor::name##_() const { return original##_(); }
GRADTAPE_UNARY_ALIASES(GRADTAPE_ALIAS)
#undef GRADTAPE_ALIAS

Tensor positive(const Tensor& self) {
  check_defined("positive", self);
  check<TypeError>(type_of(self) != kBool, "positive", "not defined for bool: ", self);
  return self;
}

Tensor pow(const Tensor& self, const Scalar& exponent) {
  check_defined("pow", self);
  const double n = exponent.toDouble();
  check<ValueError>(exponent.isFloatingPoint() || n >= 0 || is_floating(type_of(self)), "pow",
                    "integers to a negative integer power are not allowed: ", self, " to the power ", exponent);
  Tensor y = map(kernels::pow_scalar, "pow", self, exponent.isFloatingPoint() ? Kind::floating : Kind::counts, {n});
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
