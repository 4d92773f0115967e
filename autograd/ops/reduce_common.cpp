#include "autograd/ops/reduce_common.h"

namespace gradtape::ops {

Reduced prepare_reduction(const char* op, const Tensor& self, IntArrayRef dims) {
  const std::int64_t rank = self.dim();
  Reduced r;
  r.mask = dim_mask(op, dims, rank);
  Shape kept, reduced;  // dims
  for (std::int64_t d = 0; d < rank; ++d) {
    const bool gone = r.mask >> d & 1u;
    (gone ? reduced : kept).push_back(d);
    r.keepdim_sizes.push_back(gone ? 1 : self.size(d));
    if (!gone) r.sizes.push_back(self.size(d));
    if (gone) r.count *= self.size(d);
  }
  // Already [outer, reduced, inner] when the reduced dims are neighbours; otherwise they are moved to the end.
  const bool neighbours =
      reduced.empty() || reduced.back() - reduced[0] + 1 == static_cast<std::int64_t>(reduced.size());
  if (neighbours) {
    r.in = plain(self);
    for (std::int64_t d : kept) (!reduced.empty() && d > reduced.back() ? r.inner : r.outer) *= self.size(d);
  } else {
    Shape order = kept;
    for (std::int64_t d : reduced) order.push_back(d);
    const AutoGradMode off(false);
    r.in = plain(permute(self, order));
    for (std::int64_t d : kept) r.outer *= self.size(d);
  }
  return r;
}

std::int64_t reduced_count(const Tensor& self, std::uint32_t mask) {
  std::int64_t n = 1;
  for (std::int64_t d = 0; d < self.dim(); ++d)
    if (mask >> d & 1u) n *= self.size(d);
  return n;
}

Tensor reduce_into(kernels::Reduce op, const Reduced& d, bool keepdim) {
  Tensor y = new_tensor(keepdim ? d.keepdim_sizes : d.sizes, type_of(d.in));
  kernels::reduce(op, y.impl()->data, d.in.impl()->data, type_of(d.in), d.outer, d.count, d.inner);
  return y;
}

Tensor with_kept_dims(const Tensor& g, const Shape& input, std::uint32_t mask, bool keepdim) {
  if (keepdim) return g;
  Shape sizes;
  for (std::size_t d = 0; d < input.size(); ++d) sizes.push_back(mask >> d & 1u ? 1 : input[d]);
  return reshape(g, sizes);
}

Shape dims_of(std::uint32_t mask, std::size_t rank) {
  Shape dims;
  for (std::size_t d = 0; d < rank; ++d)
    if (mask >> d & 1u) dims.push_back(static_cast<std::int64_t>(d));
  return dims;
}

Tensor sum_kept(const Tensor& x, std::uint32_t mask) {
  const Shape dims = dims_of(mask, shape_of(x).size());
  return dims.empty() ? x : sum(x, dims, true);
}

Column column_of(const char* op, const Tensor& self, std::int64_t dim) {
  Column c;
  c.dim = wrap_dim(op, dim, self.dim());
  c.in = plain(self);
  for (std::int64_t d = 0; d < self.dim(); ++d) (d < c.dim ? c.outer : d > c.dim ? c.inner : c.n) *= self.size(d);
  return c;
}

Tensor largest(const Tensor& x, IntArrayRef dims) {
  const AutoGradMode off(false);
  const KeptMargin keep;
  Tensor m = amax(x, dims, true);
  return m;
}
Tensor largest_finite(const Tensor& x, IntArrayRef dims) {
  const AutoGradMode off(false);
  const Tensor m = largest(x, dims);
  return where((m == m) * (m - m == 0), m, 0);
}

Tensor without_dim(const Tensor& t, std::int64_t dim) {
  Shape sizes = shape_of(t);
  if (!sizes.empty()) sizes.erase(static_cast<std::size_t>(dim));
  return core::make_alias(*t.impl(), sizes, contiguous_strides(sizes), 0);
}

}  // namespace gradtape::ops
