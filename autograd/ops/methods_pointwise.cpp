// Methods of Tensor that have no more to say than the function of the same name: element by element.
#include "autograd/ops/common.h"

namespace gradtape::at {
using ops::handle;

#define GRADTAPE_PLAIN(name) \
  Tensor Tensor::name() const { return at::name(*this); }
GRADTAPE_PLAIN(positive)
GRADTAPE_PLAIN(isreal)
#undef GRADTAPE_PLAIN

#define GRADTAPE_BINARY(name) \
  Tensor Tensor::name(const Tensor& other) const { return at::name(*this, other); }
#define GRADTAPE_SCALAR(name) \
  Tensor Tensor::name(const Scalar& other) const { return at::name(*this, other); }
GRADTAPE_BINARY(mul)
GRADTAPE_SCALAR(mul)
GRADTAPE_BINARY(div)
GRADTAPE_SCALAR(div)
GRADTAPE_BINARY(pow)
GRADTAPE_SCALAR(pow)
GRADTAPE_BINARY(maximum)
GRADTAPE_BINARY(minimum)
GRADTAPE_BINARY(eq)
GRADTAPE_SCALAR(eq)
GRADTAPE_BINARY(ne)
GRADTAPE_SCALAR(ne)
GRADTAPE_BINARY(lt)
GRADTAPE_SCALAR(lt)
GRADTAPE_BINARY(le)
GRADTAPE_SCALAR(le)
GRADTAPE_BINARY(gt)
GRADTAPE_SCALAR(gt)
GRADTAPE_BINARY(ge)
GRADTAPE_SCALAR(ge)
#undef GRADTAPE_BINARY
#undef GRADTAPE_SCALAR

Tensor Tensor::round(std::int64_t decimals) const { return at::round(*this, decimals); }
Tensor& Tensor::round_(std::int64_t decimals) const { return at::round_(handle(*this), decimals); }
Tensor Tensor::logit(optional<double> eps) const { return at::logit(*this, eps); }
Tensor& Tensor::logit_(optional<double> eps) const { return at::logit_(handle(*this), eps); }
Tensor Tensor::polygamma(std::int64_t n) const { return at::polygamma(n, *this); }
Tensor Tensor::nan_to_num(optional<double> nan, optional<double> posinf, optional<double> neginf) const {
  return at::nan_to_num(*this, nan, posinf, neginf);
}
Tensor& Tensor::nan_to_num_(optional<double> nan, optional<double> posinf, optional<double> neginf) const {
  return at::nan_to_num_(handle(*this), nan, posinf, neginf);
}
Tensor Tensor::hardshrink(const Scalar& lambd) const { return at::hardshrink(*this, lambd); }
Tensor Tensor::prelu(const Tensor& weight) const { return at::prelu(*this, weight); }
Tensor Tensor::add(const Tensor& o, const Scalar& alpha) const { return at::add(*this, o, alpha); }
Tensor Tensor::add(const Scalar& o, const Scalar& alpha) const { return at::add(*this, o, alpha); }
Tensor Tensor::sub(const Tensor& o, const Scalar& alpha) const { return at::sub(*this, o, alpha); }
Tensor Tensor::sub(const Scalar& o, const Scalar& alpha) const { return at::sub(*this, o, alpha); }
Tensor Tensor::where(const Tensor& condition, const Tensor& other) const { return at::where(condition, *this, other); }
bool Tensor::equal(const Tensor& o) const { return at::equal(*this, o); }
bool Tensor::allclose(const Tensor& o, double rtol, double atol, bool equal_nan) const {
  return at::allclose(*this, o, rtol, atol, equal_nan);
}

}  // namespace gradtape::at
