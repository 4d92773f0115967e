// Norms and distances.
#include <cmath>
#include <limits>

#include "autograd/kernels/linalg.h"
#include "autograd/ops/linalg_common.h"

namespace gradtape::ops {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Shape dims_of(const char* op, const Tensor& self, const OptionalIntArrayRef& dim) {
  Shape dims;
  if (dim && !(*dim).empty()) {
    dim_mask(op, *dim, self.dim());
    for (std::int64_t d : *dim) dims.push_back(wrap_dim(op, d, self.dim()));
  } else {
    for (std::int64_t d = 0; d < self.dim(); ++d) dims.push_back(d);
  }
  return dims;
}

Tensor drop_dims(const Tensor& t, const Shape& dims) {
  Shape sizes;
  for (std::int64_t d = 0; d < t.dim(); ++d) {
    bool gone = false;
    for (std::int64_t other : dims) gone = gone || other == d;
    if (!gone) sizes.push_back(t.size(d));
  }
  return reshape(t, sizes);
}

// (sum |x|^p)^(1/p) over dims, kept.
Tensor norm_value(const Tensor& x, double p, const Shape& dims) {
  if (p == 2) return sqrt(sum(x * x, dims, true));
  const Tensor a = abs(x);
  if (p == 1) return sum(a, dims, true);
  if (p == 0) return sum(cast(x != 0, type_of(x)), dims, true);
  if (p == kInfinity) return amax(a, dims, true);
  if (p == -kInfinity) return amin(a, dims, true);
  return pow(sum(pow(a, p), dims, true), 1 / p);
}

// g d y / d x for y = norm_value(x, p, dims); at 0 it is 0.
Tensor norm_gradient(const Tensor& g, const Tensor& x, const Tensor& y, double p, const Shape& dims) {
  if (p == 0) return x * 0 * g;
  if (p == 1) return g * signs(x);
  if (p == 2) return g * quotient_or_zero(x, y);
  if (std::isinf(p)) {
    const AutoGradMode keep(GradMode::is_enabled());
    const Tensor best = cast(abs(x) == y, type_of(x));
    return g * signs(x) * (best / sum(best, dims, true));
  }
  const Tensor zero = p > 0 && p < 1 ? x == 0 : y == 0;
  // |x|^(p-1) y^(1-p) sgn x, from a quotient that stays in range.
  const Tensor ratio = abs(where(zero, 1, x)) / where(y == 0, 1, y);
  return g * signs(x) * where(zero, 0, pow(ratio, p - 1));
}

Tensor vector_norm(const char* op, const Tensor& self, double p, const OptionalIntArrayRef& dim, bool keepdim,
                   const optional<ScalarType>& dtype, bool empty_is_zero = false) {
  check_defined(op, self);
  if (!dtype) check_floating(op, self);
  check(!dtype || is_floating(*dtype), op, "dtype must be floating-point, got ", dtype.value_or(kFloat32));
  const Tensor x = dtype ? cast(self, effective(*dtype)) : self;
  const Shape dims = dims_of(op, x, dim);
  std::int64_t count = 1;
  for (std::int64_t d : dims) count *= x.size(d);
  const bool exists = count > 0 || (p >= 0 && !std::isinf(p));
  check(exists || empty_is_zero, op, "the norm of order ", p, " of no elements does not exist: ", self);
  Tensor y;
  {
    const AutoGradMode off(false);
    y = norm_value(x, exists ? p : 2, dims);
  }
  if (y.impl() == x.impl()) y = clone(y);
  if (auto r = record(op, y, {x})) {
    r.save(x);
    r.save_output(y);
    r.rule([p, dims](Sweep& s) { s[0] = norm_gradient(s.g, s.saved(0), s.y(), p, dims); });
  }
  return keepdim ? y : drop_dims(y, dims);
}

std::pair<std::int64_t, std::int64_t> matrix_dims(const char* op, const Tensor& self, IntArrayRef dim) {
  check_defined(op, self);
  check_floating(op, self);
  check(dim.size() == 2, op, "need two dims, got ", dim);
  check(self.dim() >= 2, op, "need a matrix or a batch of matrices, got ", self);
  const std::int64_t a = wrap_dim(op, dim[0], self.dim()), b = wrap_dim(op, dim[1], self.dim());
  check(a != b, op, "dims must differ, got ", dim);
  return {a, b};
}

Tensor as_type(const Tensor& self, const optional<ScalarType>& dtype) {
  return dtype ? cast(self, effective(*dtype)) : self;
}

// Singular values of the matrices in dims a and b, last.
Tensor singular_values_of(const Tensor& self, std::int64_t a, std::int64_t b) {
  Shape order;
  for (std::int64_t d = 0; d < self.dim(); ++d)
    if (d != a && d != b) order.push_back(d);
  order.push_back(a);
  order.push_back(b);
  return linalg_svdvals(permute(self, order));
}

Tensor with_kept(const Tensor& t, std::int64_t a, std::int64_t b, bool keepdim) {
  if (!keepdim) return t;
  return unsqueeze(unsqueeze(t, std::min(a, b)), std::max(a, b));
}

Tensor spectral(const Tensor& self, std::int64_t a, std::int64_t b, bool keepdim, bool largest) {
  const Tensor s = singular_values_of(self, a, b);
  return with_kept(largest ? amax(s, -1) : amin(s, -1), a, b, keepdim);
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor linalg_vector_norm(const Tensor& self, const Scalar& ord, OptionalIntArrayRef dim, bool keepdim,
                          optional<ScalarType> dtype) {
  return vector_norm("linalg_vector_norm", self, ord.toDouble(), dim, keepdim, dtype);
}

Tensor linalg_matrix_norm(const Tensor& self, const Scalar& ord, IntArrayRef dim, bool keepdim,
                          optional<ScalarType> dtype) {
  constexpr const char* op = "linalg_matrix_norm";
  auto [rows, columns] = matrix_dims(op, self, dim);
  const double p = ord.toDouble();
  const Tensor x = as_type(self, dtype);
  if (std::fabs(p) == 2) return spectral(x, rows, columns, keepdim, p > 0);
  check<ValueError>(std::fabs(p) == 1 || std::isinf(p), op, "order ", ord,
                    " is not one of 1, -1, 2, -2, inf, -inf, \"fro\", \"nuc\"");
  if (std::isinf(p)) std::swap(rows, columns);
  // The largest or smallest sum over a column, or for inf over a row.
  const Tensor sums = sum(abs(x), rows, keepdim);
  const std::int64_t d = !keepdim && columns > rows ? columns - 1 : columns;
  return p > 0 ? amax(sums, d, keepdim) : amin(sums, d, keepdim);
}
Tensor linalg_matrix_norm(const Tensor& self, std::string_view ord, IntArrayRef dim, bool keepdim,
                          optional<ScalarType> dtype) {
  constexpr const char* op = "linalg_matrix_norm";
  const auto [a, b] = matrix_dims(op, self, dim);
  if (ord == "fro") return vector_norm(op, self, 2, dim, keepdim, dtype);
  check<ValueError>(ord == "nuc", op, "order \"", std::string(ord),
                    "\" is not one of 1, -1, 2, -2, inf, -inf, \"fro\", \"nuc\"");
  return with_kept(sum(singular_values_of(as_type(self, dtype), a, b), -1), a, b, keepdim);
}

Tensor linalg_norm(const Tensor& self, const optional<Scalar>& ord, OptionalIntArrayRef dim, bool keepdim,
                   optional<ScalarType> dtype) {
  constexpr const char* op = "linalg_norm";
  check_defined(op, self);
  check(!dim || (*dim).size() == 1 || (*dim).size() == 2, op, "need one or two dims, got ", dim ? *dim : IntArrayRef());
  if (!ord) return vector_norm(op, self, 2, dim, keepdim, dtype);
  check(dim || self.dim() == 1 || self.dim() == 2, op,
        "with an order and no dim self must be a vector or a matrix: ", self);
  if (dim ? (*dim).size() == 2 : self.dim() == 2)
    return linalg_matrix_norm(self, *ord, dim ? *dim : IntArrayRef({0, 1}), keepdim, dtype);
  return vector_norm(op, self, ord->toDouble(), dim, keepdim, dtype);
}
Tensor linalg_norm(const Tensor& self, std::string_view ord, OptionalIntArrayRef dim, bool keepdim,
                   optional<ScalarType> dtype) {
  check_defined("linalg_norm", self);
  check(dim || self.dim() == 2, "linalg_norm", "with an order and no dim self must be a matrix: ", self);
  return linalg_matrix_norm(self, ord, dim ? *dim : IntArrayRef({0, 1}), keepdim, dtype);
}

Tensor norm(const Tensor& self, const Scalar& p) {
  return vector_norm("norm", self, p.toDouble(), {}, false, nullopt, true);
}
Tensor norm(const Tensor& self, const optional<Scalar>& p, ScalarType dtype) {
  return vector_norm("norm", self, p.value_or(2).toDouble(), {}, false, dtype, true);
}
Tensor norm(const Tensor& self, const optional<Scalar>& p, IntArrayRef dim, bool keepdim) {
  return vector_norm("norm", self, p.value_or(2).toDouble(), dim, keepdim, nullopt, true);
}
Tensor norm(const Tensor& self, const optional<Scalar>& p, IntArrayRef dim, bool keepdim, ScalarType dtype) {
  return vector_norm("norm", self, p.value_or(2).toDouble(), dim, keepdim, dtype, true);
}
Tensor frobenius_norm(const Tensor& self, IntArrayRef dim, bool keepdim) {
  check(dim.size() <= 2, "frobenius_norm", "need at most two dims, got ", dim);
  return vector_norm("frobenius_norm", self, 2, dim, keepdim, nullopt);
}
Tensor nuclear_norm(const Tensor& self, bool keepdim) { return nuclear_norm(self, {0, 1}, keepdim); }
Tensor nuclear_norm(const Tensor& self, IntArrayRef dim, bool keepdim) {
  const auto [a, b] = matrix_dims("nuclear_norm", self, dim);
  return with_kept(sum(singular_values_of(self, a, b), -1), a, b, keepdim);
}

Tensor dist(const Tensor& self, const Tensor& other, const Scalar& p) {
  check_defined("dist", self, other);
  broadcast_shapes("dist", self.sizes(), other.sizes());
  return vector_norm("dist", self - other, p.toDouble(), {}, false, nullopt, true);
}

Tensor cdist(const Tensor& x1, const Tensor& x2, double p, optional<std::int64_t>) {
  constexpr const char* op = "cdist";
  check_defined(op, x1, x2);
  check_matrices(op, x1);
  check_matrices(op, x2);
  check_one_dtype(op, x1, x2);
  check(x1.size(-1) == x2.size(-1), op, "need rows of one length: x1 is ", x1, ", x2 is ", x2);
  check<ValueError>(p >= 0, op, "p must not be negative, got ", p);
  const Shape lead = broadcast_shapes(op, lead_of(x1), lead_of(x2));
  const std::int64_t rows = x1.size(-2), columns = x2.size(-2), m = x1.size(-1);
  const Tensor a = fresh_copy(x1, with_lead(lead, rows, m)), b = fresh_copy(x2, with_lead(lead, columns, m));
  Tensor y = new_tensor(with_lead(lead, rows, columns), type_of(x1));
  kernels::cdist(type_of(x1), numel_of(lead), rows, columns, m, a.impl()->data, b.impl()->data, y.impl()->data, p);
  if (auto r = record(op, y, {x1, x2})) {
    r.save(x1);
    r.save(x2);
    r.save_output(y);
    r.rule([p](Sweep& s) {
      const Tensor a = s.saved(0), b = s.saved(1), y = s.y();
      if (p == 2) {
        // sum_j r(i, j) (a(i) - b(j)) without the differences
        const Tensor r = quotient_or_zero(s.g, y);
        if (s.needs(0)) s[0] = a * sum(r, -1, true) - matmul(r, b);
        if (s.needs(1)) s[1] = b * unsqueeze(sum(r, -2), -1) - matmul(turned(r), a);
        return;
      }
      const Tensor d = unsqueeze(a, -2) - unsqueeze(b, -3);
      const Shape last{d.dim() - 1};
      const Tensor g = norm_gradient(unsqueeze(s.g, -1), d, unsqueeze(y, -1), p, last);
      if (s.needs(0)) s[0] = sum(g, -2);
      if (s.needs(1)) s[1] = -sum(g, -3);
    });
  }
  return y;
}

Tensor pdist(const Tensor& self, double p) {
  constexpr const char* op = "pdist";
  check_defined(op, self);
  check(self.dim() == 2, op, "need one matrix, got ", self);
  check_floating(op, self);
  check<ValueError>(p >= 0, op, "p must not be negative, got ", p);
  const std::int64_t n = self.size(0);
  Tensor first = new_tensor({n * std::max<std::int64_t>(n - 1, 0) / 2}, kInt64);
  Tensor second = new_tensor(first.sizes(), kInt64);
  auto *i = first.impl()->ptr<std::int64_t>(), *j = second.impl()->ptr<std::int64_t>();
  for (std::int64_t a = 0; a < n; ++a)
    for (std::int64_t b = a + 1; b < n; ++b) {
      *i++ = a;
      *j++ = b;
    }
  return vector_norm(op, index_select(self, 0, first) - index_select(self, 0, second), p, -1, false, nullopt);
}

Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, double p, double eps, bool keepdim) {
  check_defined("pairwise_distance", x1, x2);
  broadcast_shapes("pairwise_distance", x1.sizes(), x2.sizes());
  return vector_norm("pairwise_distance", x1 - x2 + eps, p, -1, keepdim, nullopt);
}

Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, std::int64_t dim, double eps) {
  constexpr const char* op = "cosine_similarity";
  check_defined(op, x1, x2);
  check_floating(op, x1);
  check_floating(op, x2);
  const Shape shape = broadcast_shapes(op, x1.sizes(), x2.sizes());
  // Each vector is divided by its own length, so that products stay in range.
  const auto unit = [&](const Tensor& x) {
    const Tensor t = x.expand(shape);
    return t / clamp_min(vector_norm(op, t, 2, dim, true, nullopt), eps);
  };
  return sum(unit(x1) * unit(x2), dim);
}

}  // namespace gradtape::at
