// Places in sorted sequences, and what follows from them; nothing here has a gradient.
#include "autograd/kernels/sort.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

Tensor places_in(const char* op, const Tensor& sequence, const Tensor& self, bool out_int32, bool right,
                 const optional<Tensor>& sorter) {
  check_defined(op, sequence, self);
  const AutoGradMode off(false);
  const bool one_sequence = sequence.dim() == 1;
  bool fits = sequence.dim() > 0 && (one_sequence || self.dim() == sequence.dim());
  for (std::int64_t d = 0; fits && !one_sequence && d + 1 < self.dim(); ++d) fits = self.size(d) == sequence.size(d);
  check(fits, op, "the sorted sequence ", sequence, " must be 1-d or have the sizes of ", self,
        " but for the last dim");
  Tensor order;
  if (sorter && sorter->defined()) {
    check(sorter->sizes() == sequence.sizes() && type_of(*sorter) == kInt64, op,
          "sorter must be int64 with the sizes of ", sequence, ", got ", *sorter);
    order = plain(*sorter);
    const std::int64_t n = sequence.size(-1);
    check<IndexError>(
        order.numel() == 0 || (min(order).item<std::int64_t>() >= 0 && max(order).item<std::int64_t>() < n), op,
        "sorter has elements outside [0, ", n, ")");
  }
  const ScalarType t = result_type(sequence, self);
  const Tensor s = plain(cast_value(sequence, t)), v = plain(cast_value(self, t));
  const std::int64_t n = sequence.size(-1), m = one_sequence ? v.numel() : v.size(-1);
  Tensor y = new_tensor(shape_of(self), kInt64);
  if (y.numel() > 0)
    kernels::search(y.data_ptr<std::int64_t>(), s.impl()->data, v.impl()->data, t, v.numel() / m, n, m, one_sequence,
                    right, order.defined() ? order.data_ptr<std::int64_t>() : nullptr);
  return cast_value(y, out_int32 ? kInt32 : kInt64);
}

bool right_side(bool right, const optional<std::string_view>& side) {
  if (!side) return right;
  check<ValueError>(*side == "left" || *side == "right", "searchsorted", "side must be \"left\" or \"right\", got \"",
                    std::string(*side), "\"");
  check<ValueError>(!right || *side == "right", "searchsorted", "side is \"left\", but right is true");
  return *side == "right";
}

Tensor number(const Scalar& v) { return wrap(v); }

// Counts between edges [bins + 1], or sums of weights.
std::tuple<Tensor, Tensor> count_between(const Tensor& self, const Tensor& edges, const optional<Tensor>& weight,
                                         bool density) {
  const std::int64_t bins = edges.numel() - 1;
  const Tensor x = reshape(self, {-1});
  const Tensor last = select(edges, 0, bins);
  const Tensor inside = (x >= select(edges, 0, 0)) * (x <= last);
  Tensor w = ones(x.sizes(), x.options());
  if (weight && weight->defined()) {
    check(weight->sizes() == self.sizes() && type_of(*weight) == type_of(self), "histogram", "weight must be like ",
          self, ", got ", *weight);
    w = reshape(*weight, {-1});
  }
  const Tensor place = places_in("histogram", edges, masked_select(x, inside), false, true, {}) - 1;
  // The last bin has its upper end.
  const Tensor bin = clamp_max(place, bins - 1);
  Tensor counts = index_add(zeros({bins}, x.options()), 0, bin, masked_select(w, inside));
  if (density) counts = counts / (sum(counts) * (narrow(edges, 0, 1, bins) - narrow(edges, 0, 0, bins)));
  return {counts, edges};
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& self, bool out_int32, bool right,
                    optional<std::string_view> side, const optional<Tensor>& sorter) {
  return places_in("searchsorted", sorted_sequence, self, out_int32, right_side(right, side), sorter);
}
Tensor searchsorted(const Tensor& sorted_sequence, const Scalar& self, bool out_int32, bool right,
                    optional<std::string_view> side, const optional<Tensor>& sorter) {
  return searchsorted(sorted_sequence, number(self), out_int32, right, side, sorter);
}
Tensor bucketize(const Tensor& self, const Tensor& boundaries, bool out_int32, bool right) {
  check_defined("bucketize", self, boundaries);
  check(boundaries.dim() == 1, "bucketize", "boundaries must be 1-d, got ", boundaries);
  return places_in("bucketize", boundaries, self, out_int32, right, {});
}
Tensor bucketize(const Scalar& self, const Tensor& boundaries, bool out_int32, bool right) {
  return bucketize(number(self), boundaries, out_int32, right);
}

Tensor isin(const Tensor& elements, const Tensor& test_elements, bool, bool invert) {
  check_defined("isin", elements, test_elements);
  const AutoGradMode off(false);
  if (test_elements.numel() == 0) return full(elements.sizes(), invert, kBool);
  const ScalarType t = result_type(elements, test_elements);
  const Tensor x = cast_value(elements, t), sorted = msort(reshape(cast_value(test_elements, t), {-1}));
  const Tensor place = clamp_max(places_in("isin", sorted, x, false, false, {}), sorted.numel() - 1);
  const Tensor found = take(sorted, place) == x;
  return invert ? found.logical_not() : found;
}
Tensor isin(const Tensor& elements, const Scalar& test_element, bool assume_unique, bool invert) {
  return isin(elements, number(test_element), assume_unique, invert);
}
Tensor isin(const Scalar& element, const Tensor& test_elements, bool assume_unique, bool invert) {
  return isin(number(element), test_elements, assume_unique, invert);
}

std::tuple<Tensor, Tensor> histogram(const Tensor& self, std::int64_t bins, optional<ArrayRef<double>> range,
                                     const optional<Tensor>& weight, bool density) {
  check_defined("histogram", self);
  check_floating("histogram", self);
  check<ValueError>(bins > 0, "histogram", "bins must be positive, got ", bins);
  const AutoGradMode off(false);
  double low = 0, high = 1;
  if (range) {
    check<ValueError>(range->size() == 2 && (*range)[0] <= (*range)[1], "histogram",
                      "range must be {low, high} with low <= high");
    low = (*range)[0];
    high = (*range)[1];
  } else if (self.numel() > 0) {
    low = min(self).item<double>();
    high = max(self).item<double>();
  }
  if (low == high) {
    low -= 0.5;
    high += 0.5;
  }
  check<ValueError>(std::isfinite(low) && std::isfinite(high), "histogram", "the range [", low, ", ", high,
                    "] is not finite: ", self);
  return count_between(self, linspace(low, high, bins + 1, self.options()), weight, density);
}
std::tuple<Tensor, Tensor> histogram(const Tensor& self, const Tensor& bins, const optional<Tensor>& weight,
                                     bool density) {
  check_defined("histogram", self, bins);
  check_floating("histogram", self);
  check(bins.dim() == 1 && bins.numel() > 1 && type_of(bins) == type_of(self), "histogram",
        "bins must be two edges or more in the dtype of ", self, ", got ", bins);
  const AutoGradMode off(false);
  return count_between(self, plain(bins), weight, density);
}

}  // namespace gradtape::at
