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
GRADTAPE_UNARY(abs,        numbers,  x,    g * sgn(x))
GRADTAPE_UNARY(neg,        numbers,  none, -g)
GRADTAPE_UNARY(square,     counts,   x,    g * (2 * x))
GRADTAPE_UNARY(reciprocal, floating, y,    -g * square(y))
GRADTAPE_UNARY(exp,        floating, y,    g * y)
GRADTAPE_UNARY(exp2,       floating, y,    g * (y * kLn2))
GRADTAPE_UNARY(expm1,      floating, y,    g * (y + 1))
GRADTAPE_UNARY(log,        floating, x,    g / x)
GRADTAPE_UNARY(log1p,      floating, x,    g / (x + 1))
GRADTAPE_UNARY(log2,       floating, x,    g / (x * kLn2))
GRADTAPE_UNARY(log10,      floating, x,    g / (x * kLn10))
GRADTAPE_UNARY(sqrt,       floating, y,    g / (2 * y))
GRADTAPE_UNARY(rsqrt,      floating, y,    g * (-0.5 * pow(y, 3)))
GRADTAPE_UNARY(sin,        floating, x,    g * cos(x))
GRADTAPE_UNARY(cos,        floating, x,    g * -sin(x))
GRADTAPE_UNARY(tan,        floating, y,    g * (1 + square(y)))
GRADTAPE_UNARY(asin,       floating, x,    g * rsqrt(1 - square(x)))
GRADTAPE_UNARY(acos,       floating, x,    g * -rsqrt(1 - square(x)))
GRADTAPE_UNARY(atan,       floating, x,    g / (1 + square(x)))
GRADTAPE_UNARY(sinh,       floating, x,    g * cosh(x))
GRADTAPE_UNARY(cosh,       floating, x,    g * sinh(x))
GRADTAPE_UNARY(tanh,       floating, y,    tanh_backward(g, y))
GRADTAPE_UNARY(asinh,      floating, x,    g * rsqrt(square(x) + 1))
GRADTAPE_UNARY(acosh,      floating, x,    g * rsqrt(square(x) - 1))
GRADTAPE_UNARY(atanh,      floating, x,    g / (1 - square(x)))
GRADTAPE_UNARY(sigmoid,    floating, y,    sigmoid_backward(g, y))
GRADTAPE_UNARY(relu,       numbers,  y,    threshold_backward(g, y, 0))
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
