// Rows of a table, and the table of unit rows.
#include "autograd/ops/index_common.h"

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor one_hot(const Tensor& self, std::int64_t num_classes) {
  check_defined("one_hot", self);
  check<TypeError>(type_of(self) == kInt64, "one_hot", "need an int64 tensor, got ", self);
  check<ValueError>(num_classes > 0 || (num_classes == -1 && self.numel() > 0), "one_hot",
                    "num_classes must be positive, got ", num_classes, " for ", self);
  const AutoGradMode off(false);
  const std::int64_t n = num_classes > 0 ? num_classes : max(self).item<std::int64_t>() + 1;
  checked_index("one_hot", self, n, false, self, -1);
  Shape sizes = shape_of(self);
  sizes.push_back(n);
  Tensor y = zeros(sizes, kInt64);
  return y.scatter_(-1, unsqueeze(self, -1), 1);
}

Tensor embedding(const Tensor& weight, const Tensor& indices, std::int64_t padding_idx, bool scale_grad_by_freq, bool) {
  check_defined("embedding", weight, indices);
  check(weight.dim() == 2, "embedding", "weight must be a matrix, got ", weight);
  const Tensor rows = checked_index("embedding", indices, weight.size(0), false, weight, 0);
  const Tensor flat = core::make_alias(*rows.impl(), {rows.numel()}, {1}, 0);
  Tensor y;
  {
    const AutoGradMode off(false);
    y = index_select(weight, 0, flat);
  }
  Shape sizes = shape_of(indices);
  sizes.push_back(weight.size(1));
  core::set_geometry(*y.impl(), sizes, contiguous_strides(sizes));
  if (auto r = record("embedding", y, {weight})) {
    r.save(flat);
    r.rule([padding_idx, scale_grad_by_freq](Sweep& s) {
      const Tensor at = s.saved(0);
      const Shape& table = s.sizes(0);
      Tensor g = reshape(s.g, {at.numel(), table[1]});
      if (padding_idx >= 0) g = masked_fill(g, unsqueeze(at == padding_idx, 1), 0);
      if (scale_grad_by_freq) g = g / unsqueeze(index_select(bincount(at, {}, table[0]), 0, at), 1);
      s[0] = index_add(zeros(table, g.options()), 0, at, g);
    });
  }
  return y;
}

}  // namespace gradtape::at
