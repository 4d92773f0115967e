// The methods of methods_reduce.inc.
#include "autograd/ops/common.h"

namespace gradtape::at {

Tensor Tensor::sum(optional<ScalarType> dtype) const { return at::sum(*this, dtype); }
Tensor Tensor::sum(OptionalIntArrayRef dim, bool keepdim, optional<ScalarType> dtype) const {
  return at::sum(*this, dim, keepdim, dtype);
}
Tensor Tensor::nansum(OptionalIntArrayRef dim, bool keepdim, optional<ScalarType> dtype) const {
  return at::nansum(*this, dim, keepdim, dtype);
}
Tensor Tensor::mean(optional<ScalarType> dtype) const { return at::mean(*this, dtype); }
Tensor Tensor::mean(OptionalIntArrayRef dim, bool keepdim, optional<ScalarType> dtype) const {
  return at::mean(*this, dim, keepdim, dtype);
}
Tensor Tensor::nanmean(OptionalIntArrayRef dim, bool keepdim, optional<ScalarType> dtype) const {
  return at::nanmean(*this, dim, keepdim, dtype);
}
Tensor Tensor::prod(optional<ScalarType> dtype) const { return at::prod(*this, dtype); }
Tensor Tensor::prod(std::int64_t dim, bool keepdim, optional<ScalarType> dtype) const {
  return at::prod(*this, dim, keepdim, dtype);
}
Tensor Tensor::logsumexp(IntArrayRef dim, bool keepdim) const { return at::logsumexp(*this, dim, keepdim); }
Tensor Tensor::var(bool unbiased) const { return at::var(*this, unbiased); }
Tensor Tensor::var(int dim) const { return at::var(*this, dim); }
Tensor Tensor::var(OptionalIntArrayRef dim, bool unbiased, bool keepdim) const {
  return at::var(*this, dim, unbiased, keepdim);
}
Tensor Tensor::var(OptionalIntArrayRef dim, optional<std::int64_t> correction, bool keepdim) const {
  return at::var(*this, dim, correction, keepdim);
}
Tensor Tensor::std(bool unbiased) const { return at::std(*this, unbiased); }
Tensor Tensor::std(int dim) const { return at::std(*this, dim); }
Tensor Tensor::std(OptionalIntArrayRef dim, bool unbiased, bool keepdim) const {
  return at::std(*this, dim, unbiased, keepdim);
}
Tensor Tensor::std(OptionalIntArrayRef dim, optional<std::int64_t> correction, bool keepdim) const {
  return at::std(*this, dim, correction, keepdim);
}
Tensor Tensor::max() const { return at::max(*this); }
Tensor Tensor::min() const { return at::min(*this); }
std::tuple<Tensor, Tensor> Tensor::max(std::int64_t dim, bool keepdim) const { return at::max(*this, dim, keepdim); }
std::tuple<Tensor, Tensor> Tensor::min(std::int64_t dim, bool keepdim) const { return at::min(*this, dim, keepdim); }
Tensor Tensor::max(const Tensor& other) const { return at::max(*this, other); }
Tensor Tensor::min(const Tensor& other) const { return at::min(*this, other); }
Tensor Tensor::amax(IntArrayRef dim, bool keepdim) const { return at::amax(*this, dim, keepdim); }
Tensor Tensor::amin(IntArrayRef dim, bool keepdim) const { return at::amin(*this, dim, keepdim); }
std::tuple<Tensor, Tensor> Tensor::aminmax(optional<std::int64_t> dim, bool keepdim) const {
  return at::aminmax(*this, dim, keepdim);
}
Tensor Tensor::argmax(optional<std::int64_t> dim, bool keepdim) const { return at::argmax(*this, dim, keepdim); }
Tensor Tensor::argmin(optional<std::int64_t> dim, bool keepdim) const { return at::argmin(*this, dim, keepdim); }
Tensor Tensor::all() const { return at::all(*this); }
Tensor Tensor::all(std::int64_t dim, bool keepdim) const { return at::all(*this, dim, keepdim); }
Tensor Tensor::any() const { return at::any(*this); }
Tensor Tensor::any(std::int64_t dim, bool keepdim) const { return at::any(*this, dim, keepdim); }
Tensor Tensor::count_nonzero(IntArrayRef dim) const { return at::count_nonzero(*this, dim); }
Tensor Tensor::count_nonzero(optional<std::int64_t> dim) const { return at::count_nonzero(*this, dim); }
Tensor Tensor::cumsum(std::int64_t dim, optional<ScalarType> dtype) const { return at::cumsum(*this, dim, dtype); }
Tensor Tensor::cumprod(std::int64_t dim, optional<ScalarType> dtype) const { return at::cumprod(*this, dim, dtype); }
Tensor Tensor::logcumsumexp(std::int64_t dim) const { return at::logcumsumexp(*this, dim); }
std::tuple<Tensor, Tensor> Tensor::cummax(std::int64_t dim) const { return at::cummax(*this, dim); }
std::tuple<Tensor, Tensor> Tensor::cummin(std::int64_t dim) const { return at::cummin(*this, dim); }
std::tuple<Tensor, Tensor> Tensor::sort(std::int64_t dim, bool descending) const {
  return at::sort(*this, dim, descending);
}
std::tuple<Tensor, Tensor> Tensor::sort(optional<bool> stable, std::int64_t dim, bool descending) const {
  return at::sort(*this, stable, dim, descending);
}
Tensor Tensor::argsort(std::int64_t dim, bool descending) const { return at::argsort(*this, dim, descending); }
Tensor Tensor::argsort(bool stable, std::int64_t dim, bool descending) const {
  return at::argsort(*this, stable, dim, descending);
}
Tensor Tensor::msort() const { return at::msort(*this); }
std::tuple<Tensor, Tensor> Tensor::topk(std::int64_t k, std::int64_t dim, bool largest, bool sorted) const {
  return at::topk(*this, k, dim, largest, sorted);
}
std::tuple<Tensor, Tensor> Tensor::kthvalue(std::int64_t k, std::int64_t dim, bool keepdim) const {
  return at::kthvalue(*this, k, dim, keepdim);
}
Tensor Tensor::median() const { return at::median(*this); }
std::tuple<Tensor, Tensor> Tensor::median(std::int64_t dim, bool keepdim) const {
  return at::median(*this, dim, keepdim);
}
Tensor Tensor::nanmedian() const { return at::nanmedian(*this); }
std::tuple<Tensor, Tensor> Tensor::nanmedian(std::int64_t dim, bool keepdim) const {
  return at::nanmedian(*this, dim, keepdim);
}
std::tuple<Tensor, Tensor> Tensor::mode(std::int64_t dim, bool keepdim) const { return at::mode(*this, dim, keepdim); }
std::tuple<Tensor, Tensor, Tensor> Tensor::unique_consecutive(bool return_inverse, bool return_counts,
                                                              optional<std::int64_t> dim) const {
  return at::unique_consecutive(*this, return_inverse, return_counts, dim);
}
Tensor Tensor::bincount(const optional<Tensor>& weights, std::int64_t minlength) const {
  return at::bincount(*this, weights, minlength);
}
Tensor Tensor::histc(std::int64_t bins, const Scalar& min, const Scalar& max) const {
  return at::histc(*this, bins, min, max);
}
std::tuple<Tensor, Tensor> Tensor::histogram(std::int64_t bins, optional<ArrayRef<double>> range,
                                             const optional<Tensor>& weight, bool density) const {
  return at::histogram(*this, bins, range, weight, density);
}
std::tuple<Tensor, Tensor> Tensor::histogram(const Tensor& bins, const optional<Tensor>& weight, bool density) const {
  return at::histogram(*this, bins, weight, density);
}
Tensor Tensor::quantile(const Tensor& q, optional<std::int64_t> dim, bool keepdim,
                        std::string_view interpolation) const {
  return at::quantile(*this, q, dim, keepdim, interpolation);
}
Tensor Tensor::quantile(double q, optional<std::int64_t> dim, bool keepdim, std::string_view interpolation) const {
  return at::quantile(*this, q, dim, keepdim, interpolation);
}
Tensor Tensor::nanquantile(const Tensor& q, optional<std::int64_t> dim, bool keepdim,
                           std::string_view interpolation) const {
  return at::nanquantile(*this, q, dim, keepdim, interpolation);
}
Tensor Tensor::nanquantile(double q, optional<std::int64_t> dim, bool keepdim, std::string_view interpolation) const {
  return at::nanquantile(*this, q, dim, keepdim, interpolation);
}
Tensor Tensor::cov(std::int64_t correction, const optional<Tensor>& fweights, const optional<Tensor>& aweights) const {
  return at::cov(*this, correction, fweights, aweights);
}
Tensor Tensor::corrcoef() const { return at::corrcoef(*this); }
Tensor Tensor::renorm(const Scalar& p, std::int64_t dim, const Scalar& maxnorm) const {
  return at::renorm(*this, p, dim, maxnorm);
}
Tensor Tensor::softmax(std::int64_t dim, optional<ScalarType> dtype) const { return at::softmax(*this, dim, dtype); }
Tensor Tensor::log_softmax(std::int64_t dim, optional<ScalarType> dtype) const {
  return at::log_softmax(*this, dim, dtype);
}

}  // namespace gradtape::at
