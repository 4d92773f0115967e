// The largest and the smallest.
#include "autograd/ops/reduce_common.h"

namespace gradtape::ops {
namespace {

using kernels::Reduce;

void check_count(const char* op, const Tensor& self, std::int64_t count) {
  check<IndexError>(count > 0, op, "the largest or smallest of no elements does not exist: ", self);
}

// amax and amin over dims, max() and min() over everything; ties share the gradient evenly. With a NaN as the result
// max() gives it to the NaNs, while amax has none to give (0 / 0).
Tensor extreme(Reduce op, const char* name, const Tensor& self, IntArrayRef dim, bool keepdim, bool nan_counts) {
  check_defined(name, self);
  const Reduced d = prepare_reduction(name, self, dim);
  check_count(name, self, d.count);
  Tensor y = reduce_into(op, d, keepdim);
  if (auto r = record(name, y, {self})) {
    r.save(self);
    r.save_output(y);
    r.rule([mask = d.mask, keepdim, nan_counts](Sweep& s) {
      const Shape& sizes = s.sizes(0);
      const Tensor x = s.saved(0), y = with_kept_dims(s.y(), sizes, mask, keepdim);
      const Tensor best = cast(nan_counts && isnan(y).item<bool>() ? isnan(x) : x == y, type_of(s.g));
      s[0] = with_kept_dims(s.g, sizes, mask, keepdim) * (best / sum_kept(best, mask));
    });
  }
  return y;
}

// Index of the first extreme along one dimension, kept.
Tensor index_along(Reduce op, const char* name, const Tensor& self, std::int64_t dim) {
  const Column c = column_of(name, self, dim);
  check_count(name, self, c.n);
  Shape sizes = shape_of(self);
  if (!sizes.empty()) sizes[static_cast<std::size_t>(c.dim)] = 1;
  Tensor y = new_tensor(sizes, kInt64);
  kernels::arg_reduce(op, y.data_ptr<std::int64_t>(), c.in.impl()->data, type_of(self), c.outer, c.n, c.inner);
  return y;
}

std::tuple<Tensor, Tensor> extreme_along(Reduce op, const char* name, const Tensor& self, std::int64_t dim,
                                         bool keepdim) {
  check_defined(name, self);
  const std::int64_t d = wrap_dim(name, dim, self.dim());
  return values_at(name, self, d, index_along(op, name, self, d), keepdim);
}

Tensor arg_extreme(Reduce op, const char* name, const Tensor& self, optional<std::int64_t> dim, bool keepdim) {
  check_defined(name, self);
  const AutoGradMode off(false);
  if (!dim) {
    check_count(name, self, self.numel());
    const Tensor y = index_along(op, name, reshape(self, {-1}), 0);
    const Shape sizes = keepdim ? Shape(shape_of(self).size(), 1) : Shape();
    return core::make_alias(*y.impl(), sizes, contiguous_strides(sizes), 0);
  }
  const std::int64_t d = wrap_dim(name, *dim, self.dim());
  const Tensor y = index_along(op, name, self, d);
  return keepdim ? y : without_dim(y, d);
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor max(const Tensor& self) { return extreme(Reduce::Max, "max", self, {}, false, true); }
Tensor min(const Tensor& self) { return extreme(Reduce::Min, "min", self, {}, false, true); }
Tensor amax(const Tensor& self, IntArrayRef dim, bool keepdim) {
  return extreme(Reduce::Max, "amax", self, dim, keepdim, false);
}
Tensor amin(const Tensor& self, IntArrayRef dim, bool keepdim) {
  return extreme(Reduce::Min, "amin", self, dim, keepdim, false);
}
std::tuple<Tensor, Tensor> aminmax(const Tensor& self, optional<std::int64_t> dim, bool keepdim) {
  check_defined("aminmax", self);
  const IntArrayRef dims = dim ? IntArrayRef(*dim) : IntArrayRef();
  return {extreme(Reduce::Min, "aminmax", self, dims, keepdim, false),
          extreme(Reduce::Max, "aminmax", self, dims, keepdim, false)};
}
std::tuple<Tensor, Tensor> max(const Tensor& self, std::int64_t dim, bool keepdim) {
  return extreme_along(Reduce::Max, "max", self, dim, keepdim);
}
std::tuple<Tensor, Tensor> min(const Tensor& self, std::int64_t dim, bool keepdim) {
  return extreme_along(Reduce::Min, "min", self, dim, keepdim);
}
Tensor argmax(const Tensor& self, optional<std::int64_t> dim, bool keepdim) {
  return arg_extreme(Reduce::Max, "argmax", self, dim, keepdim);
}
Tensor argmin(const Tensor& self, optional<std::int64_t> dim, bool keepdim) {
  return arg_extreme(Reduce::Min, "argmin", self, dim, keepdim);
}

}  // namespace gradtape::at
