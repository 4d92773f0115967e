// Methods of Tensor that have no more to say than the function of the same name: element by element.
#include "autograd/ops/common.h"

namespace gradtape::at {
using ops::handle;

#define GRADTAPE_PLAIN(name) \
  Tensor Tensor::name() const { return at::name(*this); }
GRADTAPE_PLAIN(positive)
GRADTAPE_PLAIN(isreal)
#undef GRADTAPE_PLAIN

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

}  // namespace gradtape::at
