// The methods of methods_shape.inc that have no more to say than the function of the same name.
#include "autograd/ops/common.h"

namespace gradtape::at {

Tensor Tensor::reshape(IntArrayRef shape) const { return at::reshape(*this, shape); }
Tensor Tensor::flatten(std::int64_t start_dim, std::int64_t end_dim) const {
  return at::flatten(*this, start_dim, end_dim);
}
Tensor Tensor::ravel() const { return at::ravel(*this); }
Tensor Tensor::unflatten(std::int64_t dim, IntArrayRef sizes) const { return at::unflatten(*this, dim, sizes); }
Tensor Tensor::squeeze() const { return at::squeeze(*this); }
Tensor Tensor::squeeze(std::int64_t dim) const { return at::squeeze(*this, dim); }
Tensor Tensor::unsqueeze(std::int64_t dim) const { return at::unsqueeze(*this, dim); }
Tensor Tensor::permute(IntArrayRef dims) const { return at::permute(*this, dims); }
Tensor Tensor::transpose(std::int64_t dim0, std::int64_t dim1) const { return at::transpose(*this, dim0, dim1); }
Tensor Tensor::swapaxes(std::int64_t axis0, std::int64_t axis1) const { return at::swapaxes(*this, axis0, axis1); }
Tensor Tensor::swapdims(std::int64_t dim0, std::int64_t dim1) const { return at::swapdims(*this, dim0, dim1); }
Tensor Tensor::t() const { return at::t(*this); }
Tensor Tensor::movedim(IntArrayRef source, IntArrayRef destination) const {
  return at::movedim(*this, source, destination);
}
Tensor Tensor::movedim(std::int64_t source, std::int64_t destination) const {
  return at::movedim(*this, source, destination);
}
Tensor Tensor::moveaxis(IntArrayRef source, IntArrayRef destination) const {
  return at::moveaxis(*this, source, destination);
}
Tensor Tensor::moveaxis(std::int64_t source, std::int64_t destination) const {
  return at::moveaxis(*this, source, destination);
}
Tensor Tensor::broadcast_to(IntArrayRef size) const { return at::broadcast_to(*this, size); }
Tensor Tensor::select(std::int64_t dim, std::int64_t index) const { return at::select(*this, dim, index); }
Tensor Tensor::narrow(std::int64_t dim, std::int64_t start, std::int64_t length) const {
  return at::narrow(*this, dim, start, length);
}
Tensor Tensor::slice(std::int64_t dim, optional<std::int64_t> start, optional<std::int64_t> end,
                     std::int64_t step) const {
  return at::slice(*this, dim, start, end, step);
}
Tensor Tensor::as_strided(IntArrayRef size, IntArrayRef stride, optional<std::int64_t> storage_offset) const {
  return at::as_strided(*this, size, stride, storage_offset);
}
Tensor Tensor::diagonal(std::int64_t offset, std::int64_t dim1, std::int64_t dim2) const {
  return at::diagonal(*this, offset, dim1, dim2);
}
Tensor Tensor::narrow_copy(std::int64_t dim, std::int64_t start, std::int64_t length) const {
  return at::narrow_copy(*this, dim, start, length);
}
Tensor Tensor::select_scatter(const Tensor& src, std::int64_t dim, std::int64_t index) const {
  return at::select_scatter(*this, src, dim, index);
}
Tensor Tensor::slice_scatter(const Tensor& src, std::int64_t dim, optional<std::int64_t> start,
                             optional<std::int64_t> end, std::int64_t step) const {
  return at::slice_scatter(*this, src, dim, start, end, step);
}
Tensor Tensor::diagonal_scatter(const Tensor& src, std::int64_t offset, std::int64_t dim1, std::int64_t dim2) const {
  return at::diagonal_scatter(*this, src, offset, dim1, dim2);
}
std::vector<Tensor> Tensor::unbind(std::int64_t dim) const { return at::unbind(*this, dim); }
std::vector<Tensor> Tensor::split(std::int64_t split_size, std::int64_t dim) const {
  return at::split(*this, split_size, dim);
}
std::vector<Tensor> Tensor::split(IntArrayRef split_sizes, std::int64_t dim) const {
  return at::split(*this, split_sizes, dim);
}
std::vector<Tensor> Tensor::split_with_sizes(IntArrayRef split_sizes, std::int64_t dim) const {
  return at::split_with_sizes(*this, split_sizes, dim);
}
std::vector<Tensor> Tensor::chunk(std::int64_t chunks, std::int64_t dim) const { return at::chunk(*this, chunks, dim); }
std::vector<Tensor> Tensor::tensor_split(std::int64_t sections, std::int64_t dim) const {
  return at::tensor_split(*this, sections, dim);
}
std::vector<Tensor> Tensor::tensor_split(IntArrayRef indices, std::int64_t dim) const {
  return at::tensor_split(*this, indices, dim);
}
std::vector<Tensor> Tensor::tensor_split(const Tensor& tensor_indices_or_sections, std::int64_t dim) const {
  return at::tensor_split(*this, tensor_indices_or_sections, dim);
}
std::vector<Tensor> Tensor::hsplit(std::int64_t sections) const { return at::hsplit(*this, sections); }
std::vector<Tensor> Tensor::hsplit(IntArrayRef indices) const { return at::hsplit(*this, indices); }
std::vector<Tensor> Tensor::vsplit(std::int64_t sections) const { return at::vsplit(*this, sections); }
std::vector<Tensor> Tensor::vsplit(IntArrayRef indices) const { return at::vsplit(*this, indices); }
std::vector<Tensor> Tensor::dsplit(std::int64_t sections) const { return at::dsplit(*this, sections); }
std::vector<Tensor> Tensor::dsplit(IntArrayRef indices) const { return at::dsplit(*this, indices); }
Tensor Tensor::tile(IntArrayRef dims) const { return at::tile(*this, dims); }
Tensor Tensor::repeat_interleave(const Tensor& repeats, optional<std::int64_t> dim,
                                 optional<std::int64_t> output_size) const {
  return at::repeat_interleave(*this, repeats, dim, output_size);
}
Tensor Tensor::repeat_interleave(std::int64_t repeats, optional<std::int64_t> dim,
                                 optional<std::int64_t> output_size) const {
  return at::repeat_interleave(*this, repeats, dim, output_size);
}
Tensor Tensor::flip(IntArrayRef dims) const { return at::flip(*this, dims); }
Tensor Tensor::fliplr() const { return at::fliplr(*this); }
Tensor Tensor::flipud() const { return at::flipud(*this); }
Tensor Tensor::roll(IntArrayRef shifts, IntArrayRef dims) const { return at::roll(*this, shifts, dims); }
Tensor Tensor::rot90(std::int64_t k, IntArrayRef dims) const { return at::rot90(*this, k, dims); }
Tensor Tensor::tril(std::int64_t diagonal) const { return at::tril(*this, diagonal); }
Tensor Tensor::triu(std::int64_t diagonal) const { return at::triu(*this, diagonal); }
Tensor Tensor::diag(std::int64_t diagonal) const { return at::diag(*this, diagonal); }
Tensor Tensor::diag_embed(std::int64_t offset, std::int64_t dim1, std::int64_t dim2) const {
  return at::diag_embed(*this, offset, dim1, dim2);
}
Tensor Tensor::diagflat(std::int64_t offset) const { return at::diagflat(*this, offset); }
Tensor Tensor::trace() const { return at::trace(*this); }
Tensor Tensor::diff(std::int64_t n, std::int64_t dim, const optional<Tensor>& prepend,
                    const optional<Tensor>& append) const {
  return at::diff(*this, n, dim, prepend, append);
}
Tensor Tensor::sum_to_size(IntArrayRef size) const { return at::sum_to(*this, size); }

}  // namespace gradtape::at
