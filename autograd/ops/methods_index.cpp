// The methods of methods_index.inc that have no more to say than the function of the same name.
#include "autograd/ops/common.h"

namespace gradtape::at {

Tensor Tensor::index_select(std::int64_t dim, const Tensor& index) const { return at::index_select(*this, dim, index); }
Tensor Tensor::index_add(std::int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) const {
  return at::index_add(*this, dim, index, source, alpha);
}
Tensor Tensor::index_copy(std::int64_t dim, const Tensor& index, const Tensor& source) const {
  return at::index_copy(*this, dim, index, source);
}
Tensor Tensor::index_fill(std::int64_t dim, const Tensor& index, const Tensor& value) const {
  return at::index_fill(*this, dim, index, value);
}
Tensor Tensor::index_fill(std::int64_t dim, const Tensor& index, const Scalar& value) const {
  return at::index_fill(*this, dim, index, value);
}
Tensor Tensor::gather(std::int64_t dim, const Tensor& index, bool) const { return at::gather(*this, dim, index); }
Tensor Tensor::scatter(std::int64_t dim, const Tensor& index, const Tensor& src) const {
  return at::scatter(*this, dim, index, src);
}
Tensor Tensor::scatter(std::int64_t dim, const Tensor& index, const Scalar& value) const {
  return at::scatter(*this, dim, index, value);
}
Tensor Tensor::scatter(std::int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) const {
  return at::scatter(*this, dim, index, src, reduce);
}
Tensor Tensor::scatter(std::int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) const {
  return at::scatter(*this, dim, index, value, reduce);
}
Tensor Tensor::scatter_add(std::int64_t dim, const Tensor& index, const Tensor& src) const {
  return at::scatter_add(*this, dim, index, src);
}
Tensor Tensor::take_along_dim(const Tensor& indices, optional<std::int64_t> dim) const {
  return at::take_along_dim(*this, indices, dim);
}
Tensor Tensor::take(const Tensor& index) const { return at::take(*this, index); }
Tensor Tensor::put(const Tensor& index, const Tensor& source, bool accumulate) const {
  return at::put(*this, index, source, accumulate);
}
Tensor Tensor::masked_select(const Tensor& mask) const { return at::masked_select(*this, mask); }
Tensor Tensor::masked_fill(const Tensor& mask, const Tensor& value) const {
  return at::masked_fill(*this, mask, value);
}
Tensor Tensor::masked_fill(const Tensor& mask, const Scalar& value) const {
  return at::masked_fill(*this, mask, value);
}
Tensor Tensor::masked_scatter(const Tensor& mask, const Tensor& source) const {
  return at::masked_scatter(*this, mask, source);
}
Tensor Tensor::nonzero() const { return at::nonzero(*this); }
Tensor Tensor::argwhere() const { return at::nonzero(*this); }
std::vector<Tensor> Tensor::nonzero_numpy() const { return at::nonzero_numpy(*this); }

}  // namespace gradtape::at
