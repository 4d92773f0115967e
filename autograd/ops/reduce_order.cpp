// Sorting and what depends on order: the k largest, the k-th, medians, the most frequent. Each finds indices; the
// values are read at them, which is where the gradient goes.
#include "autograd/kernels/pointwise.h"
#include "autograd/kernels/sort.h"
#include "autograd/ops/reduce_common.h"

namespace gradtape::ops {
namespace {

// Indices of places first .. first + keep - 1 in the order along dim.
Tensor order(const Column& c, const Tensor& self, bool descending, std::int64_t first, std::int64_t keep) {
  Shape sizes = shape_of(self);
  if (!sizes.empty()) sizes[static_cast<std::size_t>(c.dim)] = keep;
  Tensor index = new_tensor(sizes, kInt64);
  kernels::sort(index.data_ptr<std::int64_t>(), c.in.impl()->data, type_of(self), c.outer, c.n, c.inner, descending,
                first, keep);
  return index;
}

void check_not_empty(const char* op, const Tensor& self, const Column& c) {
  check<IndexError>(c.n > 0, op, "dim ", c.dim, " of ", self, " has no elements");
}

// For each column the index that the kernel finds, kept as size 1.
template <class F>
Tensor index_by(const Tensor& self, const Column& c, F find) {
  Shape sizes = shape_of(self);
  if (!sizes.empty()) sizes[static_cast<std::size_t>(c.dim)] = 1;
  Tensor index = new_tensor(sizes, kInt64);
  find(index.data_ptr<std::int64_t>());
  return index;
}

// The lower median; a NaN is the median of what contains it, or counts for nothing when ignored.
Tensor median_index(const Tensor& self, const Column& c, bool ignore_nan) {
  return index_by(self, c, [&](std::int64_t* index) {
    const AutoGradMode off(false);
    // Numbers of elements and of NaNs in each column give the place in ascending order, where NaNs come last.
    const Tensor nans = sum(isnan(c.in), c.in.dim() ? IntArrayRef(c.dim) : IntArrayRef(), true);
    const auto* bad = nans.data_ptr<std::int64_t>();
    Tensor place = new_tensor({c.outer * c.inner}, kInt64);
    auto* p = place.data_ptr<std::int64_t>();
    for (std::int64_t k = 0; k < place.numel(); ++k) {
      const std::int64_t good = c.n - bad[k];
      p[k] = bad[k] == 0 || ignore_nan ? (good > 0 ? (good - 1) / 2 : 0) : good;
    }
    kernels::select_nth(index, c.in.impl()->data, type_of(self), c.outer, c.n, c.inner, p);
  });
}

std::tuple<Tensor, Tensor> median_along(const char* op, const Tensor& self, std::int64_t dim, bool keepdim,
                                        bool ignore_nan) {
  check_defined(op, self);
  const Column c = column_of(op, self, dim);
  check_not_empty(op, self, c);
  return values_at(op, self, c.dim, median_index(self, c, ignore_nan), keepdim);
}

// Over everything; ties share the gradient evenly, as in max().
Tensor median_all(const char* op, const Tensor& self, bool ignore_nan) {
  check_defined(op, self);
  if (self.numel() == 0) {
    check<ValueError>(is_floating(type_of(self)), op, "an empty ", self, " has no median");
    return sum(self) * std::numeric_limits<double>::quiet_NaN();
  }
  Tensor y;
  {
    const AutoGradMode off(false);
    const Tensor flat = plain(self).reshape({-1});
    const Column c = column_of(op, flat, 0);
    y = std::get<0>(values_at(op, flat, 0, median_index(flat, c, ignore_nan), false));
  }
  if (auto r = record(op, y, {self})) {
    r.save(self);
    r.save_output(y);
    r.rule([](Sweep& s) {
      const Tensor x = s.saved(0), y = s.y();
      const Tensor chosen = cast(isnan(y).item<bool>() ? isnan(x) : x == y, type_of(s.g));
      s[0] = s.g * (chosen / sum(chosen));
    });
  }
  return y;
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

std::tuple<Tensor, Tensor> sort(const Tensor& self, optional<bool>, std::int64_t dim, bool descending) {
  check_defined("sort", self);
  const Column c = column_of("sort", self, dim);
  return values_at("sort", self, c.dim, order(c, self, descending, 0, c.n), true);
}
std::tuple<Tensor, Tensor> sort(const Tensor& self, std::int64_t dim, bool descending) {
  return sort(self, optional<bool>(true), dim, descending);
}
Tensor argsort(const Tensor& self, std::int64_t dim, bool descending) {
  check_defined("argsort", self);
  const Column c = column_of("argsort", self, dim);
  return order(c, self, descending, 0, c.n);
}
Tensor argsort(const Tensor& self, bool, std::int64_t dim, bool descending) { return argsort(self, dim, descending); }
Tensor msort(const Tensor& self) { return std::get<0>(sort(self, 0)); }

std::tuple<Tensor, Tensor> topk(const Tensor& self, std::int64_t k, std::int64_t dim, bool largest, bool) {
  check_defined("topk", self);
  const Column c = column_of("topk", self, dim);
  check<IndexError>(k >= 0 && k <= c.n, "topk", "k = ", k, " is not in [0, ", c.n, "], the size of dim ", c.dim, " of ",
                    self);
  return values_at("topk", self, c.dim, order(c, self, largest, 0, k), true);
}

std::tuple<Tensor, Tensor> kthvalue(const Tensor& self, std::int64_t k, std::int64_t dim, bool keepdim) {
  check_defined("kthvalue", self);
  const Column c = column_of("kthvalue", self, dim);
  check<IndexError>(k >= 1 && k <= c.n, "kthvalue", "k = ", k, " is not in [1, ", c.n, "], the size of dim ", c.dim,
                    " of ", self);
  return values_at("kthvalue", self, c.dim, order(c, self, false, k - 1, 1), keepdim);
}

Tensor median(const Tensor& self) { return median_all("median", self, false); }
std::tuple<Tensor, Tensor> median(const Tensor& self, std::int64_t dim, bool keepdim) {
  return median_along("median", self, dim, keepdim, false);
}
Tensor nanmedian(const Tensor& self) { return median_all("nanmedian", self, true); }
std::tuple<Tensor, Tensor> nanmedian(const Tensor& self, std::int64_t dim, bool keepdim) {
  return median_along("nanmedian", self, dim, keepdim, true);
}

std::tuple<Tensor, Tensor> mode(const Tensor& self, std::int64_t dim, bool keepdim) {
  check_defined("mode", self);
  const Column c = column_of("mode", self, dim);
  check_not_empty("mode", self, c);
  const Tensor index = index_by(
      self, c, [&](std::int64_t* out) { kernels::mode(out, c.in.impl()->data, type_of(self), c.outer, c.n, c.inner); });
  return values_at("mode", self, c.dim, index, keepdim);
}

}  // namespace gradtape::at
