// Error and gamma functions, and the inverse of the sigmoid.
#include <limits>

#include "autograd/ops/pointwise_common.h"

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

namespace {
constexpr double kTwoOverSqrtPi = 1.12837916709551257390;
}

// clang-format off
GRADTAPE_UNARY(erf,     floating, x,    erf_backward,         g * (kTwoOverSqrtPi * exp(-square(x))))
GRADTAPE_UNARY(erfc,    floating, x,    erfc_backward,        g * (-kTwoOverSqrtPi * exp(-square(x))))
GRADTAPE_UNARY(erfinv,  floating, y,    none,                 g * (1 / kTwoOverSqrtPi * exp(square(y))))
GRADTAPE_UNARY(lgamma,  floating, x,    none,                 g * digamma(x))
GRADTAPE_UNARY(digamma, floating, x,    none,                 g * polygamma(1, x))
// clang-format on

Tensor polygamma(std::int64_t n, const Tensor& self) {
  check<ValueError>(n >= 0, "polygamma", "n must be at least 0, got ", n);
  if (n == 0) return digamma(self);
  return mapped("polygamma", kernels::polygamma, Kind::floating, Reads::x, self, {static_cast<double>(n)},
                [n](const Tensor& g, const Tensor& x) { return g * polygamma(n + 1, x); });
}
Tensor& polygamma_out(Tensor& out, std::int64_t n, const Tensor& self) {
  return store_out("polygamma_out", out, polygamma(n, self));
}
Tensor& Tensor::polygamma_(std::int64_t n) const {
  return inplace("polygamma_", *this, {}, true, [n](const Tensor& t) { return at::polygamma(n, t); });
}

Tensor logit(const Tensor& self, optional<double> eps) {
  if (eps && !(*eps >= 0)) eps = nullopt;
  return mapped("logit", kernels::logit, Kind::floating, Reads::x, self, {eps ? *eps : -1},
                [eps](const Tensor& g, const Tensor& x) {
                  const double low = eps ? *eps : 0, outside = eps ? 0 : std::numeric_limits<double>::quiet_NaN();
                  // + 0, so that -0 has the slope of 0.
                  return where((x < low) + (x > 1 - low), outside, g / (x * (1 - x) + 0));
                });
}
GRADTAPE_INPLACE(logit, x, (optional<double> eps), (eps))
GRADTAPE_OUT(logit, (optional<double> eps), (eps))

}  // namespace gradtape::at
