// Distinct elements and counts; nothing here has a gradient.
#include "autograd/kernels/copy.h"
#include "autograd/kernels/sort.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

using Triple = std::tuple<Tensor, Tensor, Tensor>;

// Rows of `rows` [n, width], in sorted order or as they lie: the first of each group, each row's group, group sizes.
Triple distinct(const Tensor& rows, bool sorted) {
  const std::int64_t n = rows.size(0), width = rows.size(1);
  const Tensor x = plain(rows);
  Tensor order, group = new_tensor({n}, kInt64);
  if (sorted) {
    order = new_tensor({n}, kInt64);
    if (width == 1) {
      kernels::sort(order.data_ptr<std::int64_t>(), x.impl()->data, type_of(x), 1, n, 1, false, 0, n);
    } else {
      kernels::sort_rows(order.data_ptr<std::int64_t>(), x.impl()->data, type_of(x), n, width);
    }
  }
  const auto* o = order.defined() ? order.data_ptr<std::int64_t>() : nullptr;
  auto* g = group.data_ptr<std::int64_t>();
  const std::int64_t groups = kernels::group_rows(g, x.impl()->data, type_of(x), o, n, width);
  Tensor first = new_tensor({groups}, kInt64), inverse = new_tensor({n}, kInt64), counts = zeros({groups}, kInt64);
  auto *f = first.data_ptr<std::int64_t>(), *i = inverse.data_ptr<std::int64_t>();
  auto* count = counts.data_ptr<std::int64_t>();
  for (std::int64_t k = n; k-- > 0;) {
    const std::int64_t row = o ? o[k] : k;
    f[g[k]] = row;
    i[row] = g[k];
    ++count[g[k]];
  }
  return {index_select(x, 0, first), inverse, counts};
}

Triple flat(const char* op, const Tensor& self, bool sorted, bool return_inverse, bool return_counts) {
  check_defined(op, self);
  const AutoGradMode off(false);
  auto [values, inverse, counts] = distinct(reshape(self, {self.numel(), 1}), sorted);
  const Tensor none = new_tensor({0}, kInt64);
  return {reshape(values, {values.numel()}), return_inverse ? reshape(inverse, self.sizes()) : none,
          return_counts ? counts : none};
}

Triple along(const char* op, const Tensor& self, std::int64_t dim, bool sorted) {
  check_defined(op, self);
  const std::int64_t d = wrap_dim(op, dim, self.dim());
  const AutoGradMode off(false);
  const Tensor x = self.dim() == 0 ? reshape(self, {1}) : self;
  const Tensor front = transpose(x, 0, d);
  const std::int64_t n = front.size(0), width = n > 0 ? front.numel() / n : 0;
  auto [values, inverse, counts] = distinct(reshape(front, {n, width}), sorted);
  Shape sizes = shape_of(front);
  sizes[0] = values.size(0);
  return {plain(transpose(reshape(values, sizes), 0, d)), inverse, counts};
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

std::tuple<Tensor, Tensor> _unique(const Tensor& self, bool, bool return_inverse) {
  auto [values, inverse, counts] = flat("unique", self, true, return_inverse, false);
  return {values, inverse};
}
Triple _unique2(const Tensor& self, bool, bool return_inverse, bool return_counts) {
  return flat("unique", self, true, return_inverse, return_counts);
}
Triple unique_dim(const Tensor& self, std::int64_t dim, bool, bool, bool) {
  return along("unique_dim", self, dim, true);
}
Triple unique_consecutive(const Tensor& self, bool return_inverse, bool return_counts, optional<std::int64_t> dim) {
  if (!dim) return flat("unique_consecutive", self, false, return_inverse, return_counts);
  return along("unique_consecutive", self, *dim, false);
}
Triple unique_dim_consecutive(const Tensor& self, std::int64_t dim, bool, bool) {
  return along("unique_consecutive", self, dim, false);
}

Tensor bincount(const Tensor& self, const optional<Tensor>& weights, std::int64_t minlength) {
  check_defined("bincount", self);
  check<TypeError>(is_integral(type_of(self)), "bincount", "need an integer tensor, got ", self);
  check(self.dim() == 1, "bincount", "need a tensor of rank 1, got ", self);
  check<ValueError>(minlength >= 0, "bincount", "minlength must not be negative, got ", minlength);
  const AutoGradMode off(false);
  const Tensor x = cast_value(self, kInt64);
  std::int64_t size = minlength;
  if (x.numel() > 0) {
    check<ValueError>(min(x).item<std::int64_t>() >= 0, "bincount", "elements must not be negative: ", self);
    const std::int64_t most = max(x).item<std::int64_t>() + 1;
    if (most > size) size = most;
  }
  const bool weighted = weights && weights->defined() && (x.numel() > 0 || weights->numel() > 0);
  if (!weighted) return index_add(zeros({size}, kInt64), 0, x, ones(x.sizes(), kInt64));
  check(weights->sizes() == self.sizes(), "bincount", "weights ", *weights, " must have the shape of ", self);
  const ScalarType type = type_of(*weights) == kFloat32 ? kFloat32 : effective(kFloat64);
  return index_add(zeros({size}, type), 0, x, cast_value(*weights, type));
}

Tensor histc(const Tensor& self, std::int64_t bins, const Scalar& min, const Scalar& max) {
  check_defined("histc", self);
  check_floating("histc", self);
  check<ValueError>(bins > 0, "histc", "bins must be positive, got ", bins);
  const AutoGradMode off(false);
  double low = min.toDouble(), high = max.toDouble();
  if (low == high && self.numel() > 0) {
    low = at::min(self).item<double>();
    high = at::max(self).item<double>();
  }
  if (low == high) {
    low -= 1;
    high += 1;
  }
  check<ValueError>(std::isfinite(low) && std::isfinite(high), "histc", "the range [", low, ", ", high,
                    "] is not finite: ", self);
  check<ValueError>(low < high, "histc", "min ", low, " must be below max ", high);
  const Tensor counts = new_filled({bins}, kFloat64, 0), x = plain(self);
  kernels::histogram(counts.data_ptr<double>(), bins, low, high, x.impl()->data, type_of(x), x.numel());
  return cast_value(counts, type_of(self));
}

}  // namespace gradtape::at
