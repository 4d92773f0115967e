// Rounding, signs, tests for infinities and NaN, and what replaces them.
#include <cmath>
#include <limits>

#include "autograd/ops/pointwise_common.h"

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

// clang-format off
GRADTAPE_UNARY(floor, numbers,  none, none,                 zeros_like(g))
GRADTAPE_UNARY(ceil,  numbers,  none, none,                 zeros_like(g))
GRADTAPE_UNARY(round, numbers,  none, none,                 zeros_like(g))
GRADTAPE_UNARY(trunc, numbers,  none, none,                 zeros_like(g))
GRADTAPE_UNARY(frac,  real,     none, none,                 g)
GRADTAPE_UNARY(sign,  keeps,    none, none,                 zeros_like(g))
// clang-format on

Tensor sgn(const Tensor& self) { return sign(self); }
Tensor& sgn_(Tensor& self) { return sign_(self); }
Tensor& sgn_out(Tensor& out, const Tensor& self) { return sign_out(out, self); }
Tensor Tensor::sgn() const { return sign(); }
Tensor& Tensor::sgn_() const { return sign_(); }

Tensor round(const Tensor& self, std::int64_t decimals) {
  if (decimals == 0) return round(self);
  const double power = std::pow(10.0, static_cast<double>(std::abs(decimals)));
  return mapped("round", kernels::round_to, Kind::real, Reads::none, self, {power, decimals < 0 ? 1.0 : 0.0},
                [](const Tensor& g, const Tensor&) { return zeros_like(g); });
}
GRADTAPE_INPLACE(round, none, (std::int64_t decimals), (decimals))
GRADTAPE_OUT(round, (std::int64_t decimals), (decimals))

namespace {

Tensor test(UnaryKernel* kernel, const char* op, const Tensor& self) {
  check_defined(op, self);
  Tensor y = new_tensor(shape_of(self), kBool);
  kernel(array_of(y), array_of(self), {});
  return y;
}

}  // namespace

#define GRADTAPE_TEST(name, kernel)                                                                            \
  Tensor name(const Tensor& self) { return test(kernels::kernel, #name, self); }                               \
  Tensor& name##_out(Tensor& out, const Tensor& self) { return store_out(#name "_out", out, at::name(self)); } \
  Tensor Tensor::name() const { return at::name(*this); }
GRADTAPE_TEST(isnan, is_nan)
GRADTAPE_TEST(isinf, is_inf)
GRADTAPE_TEST(isfinite, is_finite)
GRADTAPE_TEST(isposinf, is_posinf)
GRADTAPE_TEST(isneginf, is_neginf)
GRADTAPE_TEST(signbit, sign_bit)
GRADTAPE_TEST(logical_not, is_zero)
#undef GRADTAPE_TEST

Tensor isreal(const Tensor& self) {
  check_defined("isreal", self);
  return new_filled(shape_of(self), kBool, 1);
}
Tensor& Tensor::logical_not_() const {
  return inplace("logical_not_", *this, {}, false, [](const Tensor& t) { return at::logical_not(t); });
}

Tensor nan_to_num(const Tensor& self, optional<double> nan, optional<double> posinf, optional<double> neginf) {
  check_defined("nan_to_num", self);
  if (!is_floating(type_of(self))) return clone(self);
  const double largest =
      type_of(self) == kFloat32 ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
  const Params p{nan ? *nan : 0, posinf ? *posinf : largest, neginf ? *neginf : -largest};
  return mapped("nan_to_num", kernels::nan_to_num, Kind::real, Reads::x, self, p,
                [](const Tensor& g, const Tensor& x) { return where(isfinite(x), g, 0); });
}
GRADTAPE_INPLACE(nan_to_num, x, (optional<double> nan, optional<double> posinf, optional<double> neginf),
                 (nan, posinf, neginf))
GRADTAPE_OUT(nan_to_num, (optional<double> nan, optional<double> posinf, optional<double> neginf),
             (nan, posinf, neginf))

}  // namespace gradtape::at
