// Quantiles, integrals of samples, covariances: compositions of other operations.
#include "autograd/ops/reduce_common.h"

namespace gradtape::ops {
namespace {

enum class Interpolation : std::uint8_t { Linear, Lower, Higher, Midpoint, Nearest };

Interpolation interpolation_of(const char* op, std::string_view name) {
  if (name == "linear") return Interpolation::Linear;
  if (name == "lower") return Interpolation::Lower;
  if (name == "higher") return Interpolation::Higher;
  if (name == "midpoint") return Interpolation::Midpoint;
  check<ValueError>(name == "nearest", op,
                    "interpolation must be \"linear\", \"lower\", \"higher\", \"midpoint\" or \"nearest\", got \"",
                    std::string(name), "\"");
  return Interpolation::Nearest;
}

// a + w (b - a), from the nearer end, as libtorch's lerp.
Tensor between(const Tensor& a, const Tensor& b, const Tensor& w) {
  const Tensor d = b - a;
  return where(w < 0.5, a + w * d, b - d * (1 - w));
}

// The elements of sorted [.., n] at places [.., count], which are fractions.
Tensor at_places(const Tensor& sorted, const Tensor& places, Interpolation how) {
  const Tensor below = cast_value(places, kInt64), fraction = places - below;
  const Tensor above = below + cast_value(fraction > 0, kInt64);
  switch (how) {
    case Interpolation::Lower:
      return gather(sorted, -1, below);
    case Interpolation::Higher:
      return gather(sorted, -1, above);
    case Interpolation::Nearest: {
      const Tensor odd = below - 2 * cast_value(cast_value(below, kFloat64) / 2, kInt64);
      const Tensor up = where(fraction == 0.5, odd == 1, fraction > 0.5);
      return gather(sorted, -1, where(up, above, below));
    }
    case Interpolation::Midpoint:
      return between(gather(sorted, -1, below), gather(sorted, -1, above), full_like(fraction.detach(), 0.5));
    case Interpolation::Linear:
      break;
  }
  return between(gather(sorted, -1, below), gather(sorted, -1, above), fraction);
}

Tensor quantile_of(const char* op, const Tensor& self, const Tensor& q, optional<std::int64_t> dim, bool keepdim,
                   std::string_view interpolation, bool ignore_nan) {
  check_defined(op, self, q);
  check_floating(op, self);
  if (mixed(self, q)) return quantile_of(op, verified(self), verified(q), dim, keepdim, interpolation, ignore_nan);
  const Interpolation how = interpolation_of(op, interpolation);
  check(self.numel() > 0, op, "self must not be empty, got ", self);
  check(q.dim() <= 1, op, "q must be 0-d or 1-d, got ", q);
  check<TypeError>(type_of(q) == type_of(self), op, "q must have the dtype of self ", self, ", got ", q);
  const std::int64_t outside = kernels::first_outside(array_of(q), 0, 1);
  check<ValueError>(outside < 0, op, "q must be between 0 and 1, got ",
                    outside < 0 ? Scalar() : select(reshape(q.detach(), {-1}), 0, outside).item());
  const std::int64_t d = dim ? wrap_dim(op, *dim, self.dim()) : 0;
  const bool flat = !dim || self.dim() == 0;
  const Tensor lines = flat ? reshape(self, {-1}) : movedim(self, d, -1);
  const Tensor sorted = std::get<0>(sort(lines, -1));
  const Tensor several = reshape(q, {-1});
  // Places of each line [.., count].
  const Tensor nan = isnan(sorted).detach();
  const double last = static_cast<double>(lines.size(-1) - 1);
  Tensor places;
  if (ignore_nan) {
    const Tensor numbers = cast_value(sum(nan.logical_not(), -1, true), type_of(self)) - 1;
    places = clamp_min(several * numbers, 0);
  } else {
    // NaNs are sorted to the end.
    places = where(any(nan, -1, true), last, several * last);
  }
  Tensor y = at_places(sorted, places, how);  // [.., count]
  if (q.dim() == 0) {
    y = squeeze(y, -1);
  } else {
    y = movedim(y, -1, 0);
  }
  if (!keepdim || self.dim() == 0) return y;
  const std::int64_t lead = q.dim();
  if (!flat) return unsqueeze(y, d + lead);
  Shape sizes = shape_of(q);
  for (std::int64_t k = 0; k < self.dim(); ++k) sizes.push_back(1);
  return reshape(y, sizes);
}

// ---- integrals ----

void check_samples(const char* op, const Tensor& y) {
  check_defined(op, y);
  check<TypeError>(type_of(y) != kBool, op, "need numbers, got ", y);
}
// x_{i+1} - x_i, ready to be multiplied with what lies between the samples of y.
Tensor steps(const char* op, const Tensor& y, const Tensor& x, std::int64_t d) {
  check_defined(op, y, x);
  check<TypeError>(type_of(x) != kBool, op, "need numbers, got x ", x);
  Shape sizes;
  if (x.dim() == 1) {
    check(x.numel() == y.size(d), op, "x must have ", y.size(d), " elements for dim ", d, " of y ", y, ", got ", x);
    sizes = Shape(static_cast<std::size_t>(y.dim()), 1);
    sizes[static_cast<std::size_t>(d)] = x.numel();
  } else {
    for (std::int64_t k = x.dim(); k < y.dim(); ++k) sizes.push_back(1);
    for (std::int64_t n : x.sizes()) sizes.push_back(n);
  }
  const Tensor wide = reshape(x, sizes);
  const std::int64_t n = wide.size(d) - 1;
  check(n + 1 == y.size(d), op, "x ", x, " must have the size of y ", y, " at dim ", d);
  return narrow(wide, d, 1, n) - narrow(wide, d, 0, n);
}
// y_{i+1} + y_i
Tensor neighbours(const Tensor& y, std::int64_t d) {
  const std::int64_t n = y.size(d) - 1;
  return narrow(y, d, 1, n) + narrow(y, d, 0, n);
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor quantile(const Tensor& self, const Tensor& q, optional<std::int64_t> dim, bool keepdim,
                std::string_view interpolation) {
  return quantile_of("quantile", self, q, dim, keepdim, interpolation, false);
}
Tensor quantile(const Tensor& self, double q, optional<std::int64_t> dim, bool keepdim,
                std::string_view interpolation) {
  check_defined("quantile", self);
  check_floating("quantile", self);
  return quantile(self, new_filled({}, type_of(self), q), dim, keepdim, interpolation);
}
Tensor nanquantile(const Tensor& self, const Tensor& q, optional<std::int64_t> dim, bool keepdim,
                   std::string_view interpolation) {
  return quantile_of("nanquantile", self, q, dim, keepdim, interpolation, true);
}
Tensor nanquantile(const Tensor& self, double q, optional<std::int64_t> dim, bool keepdim,
                   std::string_view interpolation) {
  check_defined("nanquantile", self);
  check_floating("nanquantile", self);
  return nanquantile(self, new_filled({}, type_of(self), q), dim, keepdim, interpolation);
}

Tensor trapezoid(const Tensor& y, const Tensor& x, std::int64_t dim) {
  check_samples("trapezoid", y);
  const std::int64_t d = wrap_dim("trapezoid", dim, y.dim());
  check(y.dim() > 0, "trapezoid", "need a dimension to add up along, got ", y);
  if (y.size(d) == 0) return sum(y, d);
  return sum(steps("trapezoid", y, x, d) * neighbours(y, d), d) / 2;
}
Tensor trapezoid(const Tensor& y, const Scalar& dx, std::int64_t dim) {
  check_samples("trapezoid", y);
  const std::int64_t d = wrap_dim("trapezoid", dim, y.dim());
  check(y.dim() > 0, "trapezoid", "need a dimension to add up along, got ", y);
  if (y.size(d) == 0) return sum(y, d);
  return (sum(y, d) - (select(y, d, 0) + select(y, d, -1)) * 0.5) * dx;
}
Tensor trapz(const Tensor& y, const Tensor& x, std::int64_t dim) { return trapezoid(y, x, dim); }
Tensor trapz(const Tensor& y, double dx, std::int64_t dim) { return trapezoid(y, dx, dim); }
Tensor cumulative_trapezoid(const Tensor& y, const Tensor& x, std::int64_t dim) {
  check_samples("cumulative_trapezoid", y);
  const std::int64_t d = wrap_dim("cumulative_trapezoid", dim, y.dim());
  if (y.dim() > 0 && y.size(d) == 0) return y;
  return cumsum(steps("cumulative_trapezoid", y, x, d) * neighbours(y, d), d) / 2;
}
Tensor cumulative_trapezoid(const Tensor& y, const Scalar& dx, std::int64_t dim) {
  check_samples("cumulative_trapezoid", y);
  const std::int64_t d = wrap_dim("cumulative_trapezoid", dim, y.dim());
  check(y.dim() > 0, "cumulative_trapezoid", "need a dimension to add up along, got ", y);
  if (y.size(d) == 0) return y;
  return cumsum(neighbours(y, d) * (dx.toDouble() / 2), d);
}

Tensor cov(const Tensor& self, std::int64_t correction, const optional<Tensor>& fweights,
           const optional<Tensor>& aweights) {
  check_defined("cov", self);
  check(self.dim() <= 2, "cov", "need variables in rows and observations in columns, got ", self);
  check<TypeError>(type_of(self) != kBool, "cov", "need numbers, got ", self);
  const Tensor x = self.dim() < 2 ? reshape(self, {1, -1}) : self;
  const std::int64_t n = x.size(1);
  const auto check_weights = [&](const char* name, const Tensor& w, bool integers) {
    check(w.dim() <= 1 && w.numel() == n && is_floating(type_of(w)) != integers, "cov", name, " must be ",
          integers ? "integer [" : "floating-point [", n, "] for ", self, ", got ", w);
    const double infinite = std::numeric_limits<double>::infinity();
    const Tensor read = cast_value(w, floating_result(type_of(w)));
    check<ValueError>(kernels::first_outside(array_of(read), 0, infinite) < 0, "cov", name,
                      " must not be negative: ", w);
  };
  Tensor w, importance;
  if (fweights && fweights->defined()) {
    check_weights("fweights", *fweights, true);
    w = *fweights;
  }
  if (aweights && aweights->defined()) {
    check_weights("aweights", *aweights, false);
    importance = *aweights;
    w = w.defined() ? w * importance : importance;
  }
  Tensor freedom;
  Tensor mean_of_rows;
  if (!w.defined()) {
    freedom = full({}, static_cast<double>(std::max<std::int64_t>(n - correction, 0)), x.options().dtype(kFloat64));
    mean_of_rows = sum(x, 1, true) / static_cast<double>(n);
  } else {
    const Tensor total = sum(w);
    const Tensor read = cast_value(total, floating_result(type_of(total)));
    check<ValueError>(kernels::first_outside(array_of(read), 0, 0) >= 0, "cov", "the weights add up to 0");
    mean_of_rows = sum(x * w, 1, true) / total;
    freedom = correction == 0        ? total
              : importance.defined() ? total - static_cast<double>(correction) * sum(w * importance) / total
                                     : total - correction;
    freedom = clamp_min(freedom, 0);
  }
  const Tensor deviation = x - mean_of_rows;
  return squeeze(mm(deviation, t(w.defined() ? cast(deviation * w, type_of(deviation)) : deviation)) / freedom);
}

Tensor corrcoef(const Tensor& self) {
  check_defined("corrcoef", self);
  const Tensor c = cov(self);
  if (c.dim() == 0) return c / c;
  const Tensor deviation = sqrt(diagonal(c));
  // Only rounding leads out of [-1, 1], where the derivative is 0 in any case.
  const KeptMargin keep;
  return clamp(c / unsqueeze(deviation, 1) / unsqueeze(deviation, 0), -1, 1);
}

Tensor renorm(const Tensor& self, const Scalar& p, std::int64_t dim, const Scalar& maxnorm) {
  check_defined("renorm", self);
  check_floating("renorm", self);
  check(self.dim() > 1, "renorm", "need a tensor of rank 2 or more, got ", self);
  check<ValueError>(p.toDouble() > 0 && maxnorm.toDouble() >= 0, "renorm", "need p > 0 and maxnorm >= 0, got ", p,
                    " and ", maxnorm);
  const std::int64_t d = wrap_dim("renorm", dim, self.dim());
  Shape others;
  for (std::int64_t k = 0; k < self.dim(); ++k)
    if (k != d) others.push_back(k);
  const Tensor length = linalg_vector_norm(self, p, IntArrayRef(others), true);
  return self * where(length > maxnorm, maxnorm / (length + 1e-7), 1);
}
Tensor& Tensor::renorm_(const Scalar& p, std::int64_t dim, const Scalar& maxnorm) const {
  return ops::inplace("renorm_", *this, {}, true, [&](const Tensor& x) { return at::renorm(x, p, dim, maxnorm); });
}

}  // namespace gradtape::at
