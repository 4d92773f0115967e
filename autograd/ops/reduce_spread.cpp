// Variance and standard deviation.
#include "autograd/ops/reduce_common.h"

namespace gradtape::ops {
namespace {

struct Spread {
  Reduced d;
  double freedom;  // count - correction
};

Spread prepare(const char* op, const Tensor& self, IntArrayRef dims, std::int64_t correction) {
  check_defined(op, self);
  check_floating(op, self);
  Spread s{prepare_reduction(op, self, dims), 0};
  s.freedom = static_cast<double>(s.d.count > correction ? s.d.count - correction : 0);
  return s;
}

Tensor values(const Spread& s, const Tensor& self, bool keepdim) {
  Tensor y = new_tensor(keepdim ? s.d.keepdim_sizes : s.d.sizes, type_of(self));
  kernels::variance(y.impl()->data, s.d.in.impl()->data, type_of(self), s.d.outer, s.d.count, s.d.inner, s.freedom);
  return y;
}

// d var / d x_i = 2 (x_i - mean) / freedom; without freedom no number or, as in libtorch, infinite.
Tensor derivative(const Tensor& x, std::uint32_t mask, double freedom) {
  const Shape dims = dims_of(mask, shape_of(x).size());
  const Tensor deviation = x - (dims.empty() ? x : mean(x, dims, true));
  if (freedom > 0) return deviation * (2 / freedom);
  return masked_fill(full_like(x, std::numeric_limits<double>::infinity()), deviation == 0,
                     std::numeric_limits<double>::quiet_NaN());
}

Tensor var_dims(const Tensor& self, IntArrayRef dims, std::int64_t correction, bool keepdim) {
  const Spread p = prepare("var", self, dims, correction);
  Tensor y = values(p, self, keepdim);
  if (auto r = record("var", y, {self})) {
    r.save(self);
    r.rule([mask = p.d.mask, freedom = p.freedom, keepdim](Sweep& s) {
      s[0] = with_kept_dims(s.g, s.sizes(0), mask, keepdim) * derivative(s.saved(0), mask, freedom);
    });
  }
  return y;
}

Tensor std_dims(const Tensor& self, IntArrayRef dims, std::int64_t correction, bool keepdim) {
  const Spread p = prepare("std", self, dims, correction);
  Tensor y = values(p, self, keepdim);
  y.sqrt_();
  if (auto r = record("std", y, {self})) {
    r.save(self);
    r.save_output(y);
    r.rule([mask = p.d.mask, freedom = p.freedom, keepdim](Sweep& s) {
      // 0 where the deviation is 0.
      const Tensor y = s.y(), g = masked_fill(s.g / (2 * y), y == 0, 0);
      s[0] = with_kept_dims(g, s.sizes(0), mask, keepdim) * derivative(s.saved(0), mask, freedom);
    });
  }
  return y;
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

// The three forms of each, and those with an int, which would otherwise become the bool of the first.
#define GRADTAPE_SPREAD(Result, name)                                                                                \
  Result name(const Tensor& self, bool unbiased) { return name(self, IntArrayRef(), unbiased, false); }              \
  Result name(const Tensor& self, int dim) { return name(self, IntArrayRef(static_cast<std::int64_t>(dim)), true); } \
  Result name(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {                            \
    return name(self, dim, optional<std::int64_t>(unbiased ? 1 : 0), keepdim);                                       \
  }
GRADTAPE_SPREAD(Tensor, var)
GRADTAPE_SPREAD(Tensor, std)
using Pair = std::tuple<Tensor, Tensor>;
GRADTAPE_SPREAD(Pair, var_mean)
GRADTAPE_SPREAD(Pair, std_mean)
#undef GRADTAPE_SPREAD

Tensor var(const Tensor& self, OptionalIntArrayRef dim, optional<std::int64_t> correction, bool keepdim) {
  return var_dims(self, dim.value_or({}), correction.value_or(1), keepdim);
}
Tensor std(const Tensor& self, OptionalIntArrayRef dim, optional<std::int64_t> correction, bool keepdim) {
  return std_dims(self, dim.value_or({}), correction.value_or(1), keepdim);
}
Pair var_mean(const Tensor& self, OptionalIntArrayRef dim, optional<std::int64_t> correction, bool keepdim) {
  return {var(self, dim, correction, keepdim), mean(self, dim, keepdim)};
}
Pair std_mean(const Tensor& self, OptionalIntArrayRef dim, optional<std::int64_t> correction, bool keepdim) {
  return {std(self, dim, correction, keepdim), mean(self, dim, keepdim)};
}

}  // namespace gradtape::at
