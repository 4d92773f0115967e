// What is made of singular values: pseudoinverse, rank, least squares, condition.
#include <cmath>
#include <limits>

#include "autograd/ops/linalg_common.h"

namespace gradtape::ops {
namespace {

struct Singular {
  Tensor u, s, v;  // v holds V^T
};

// Largest along the last dim, kept; 0 of none.
Tensor largest(const Tensor& s) {
  if (s.size(-1) == 0) {
    Shape sizes(s.sizes());
    sizes[sizes.size() - 1] = 1;
    return new_filled(sizes, type_of(s), 0);
  }
  return amax(s, -1, true);
}

double epsilon_of(const Tensor& t) {
  return type_of(t) == kFloat32 ? static_cast<double>(std::numeric_limits<float>::epsilon())
                                : std::numeric_limits<double>::epsilon();
}

// Those of the values [.., k], singular or of either sign, whose magnitude counts: above max(atol, rtol largest). Not
// recorded.
Tensor above_tolerance(const Tensor& self, const Tensor& values, const Tensor& atol, const Tensor& rtol) {
  const AutoGradMode off(false);
  // Real parts: which values count is no kink, unless one of them is at the bound.
  const Tensor s = abs(cast_value(values, type_of(values) == kFloat32 ? kFloat32 : kFloat64));
  Tensor relative = rtol;
  if (!relative.defined()) {
    const double standard = epsilon_of(self) * static_cast<double>(std::max(self.size(-1), self.size(-2)));
    relative = cast(scalar_tensor(standard, kFloat64), type_of(s));
    // An absolute tolerance alone counts alone.
    if (atol.defined()) relative = where(atol > 0, 0, relative);
  }
  const Tensor bound = unsqueeze(cast(relative, type_of(s)), -1) * largest(s);
  return s > (atol.defined() ? maximum(unsqueeze(cast(atol, type_of(s)), -1), bound) : bound);
}

Tensor as_tensor(const optional<double>& v) { return v ? scalar_tensor(*v, kFloat64) : Tensor(); }

// V^T^T (1 / s where it counts) U^T
Tensor inverse_where(const Tensor& counts, const Singular& f) {
  const Tensor inverse = where(counts, reciprocal(where(counts, f.s, 1)), 0);
  return matmul(turned(f.v) * unsqueeze(inverse, -2), turned(f.u));
}

Singular factors_of(const char* op, const Tensor& self, bool hermitian) {
  if (hermitian) {
    check_square(op, self);
    const auto [w, v] = linalg_eigh(self);
    return {v, w, turned(v)};
  }
  const auto [u, s, v] = linalg_svd(self, false);
  return {u, s, v};
}

// g d pinv(a) / d a, p = pinv(a) (Golub and Pereyra, SIAM J. Numer. Anal. 10, 1973), written for the shorter side.
Tensor pseudoinverse_gradient(const Tensor& g, const Tensor& a, const Tensor& p) {
  const Tensor pt = turned(p), gt = turned(g);
  if (a.size(-2) <= a.size(-1)) {
    const Tensor k = matmul(gt, p), kpt = matmul(k, pt);
    return kpt - turned(matmul(p, k)) - matmul(matmul(a, p), kpt) + matmul(matmul(pt, p), gt - matmul(k, a));
  }
  const Tensor k = matmul(p, gt), ptk = matmul(pt, k);
  return ptk - turned(matmul(k, p)) - matmul(matmul(ptk, p), a) + matmul(matmul(gt - matmul(a, k), p), pt);
}

Tensor pseudoinverse(const char* op, const Tensor& self, const Tensor& atol, const Tensor& rtol, bool hermitian) {
  check_defined(op, self);
  check_matrices(op, self);
  Tensor y;
  {
    const AutoGradMode off(false);
    const Singular f = factors_of(op, self, hermitian);
    y = copy_of(inverse_where(above_tolerance(self, f.s, atol, rtol), f));
  }
  if (auto r = record("linalg_pinv", y, {self})) {
    r.save(self);
    r.save_output(y);
    r.rule([](Sweep& s) { s[0] = pseudoinverse_gradient(s.g, s.saved(0), s.y()); });
  }
  return y;
}

Tensor rank_of(const char* op, const Tensor& self, const Tensor& atol, const Tensor& rtol, bool hermitian) {
  check_defined(op, self);
  check_matrices(op, self);
  const AutoGradMode off(false);
  const Tensor s = hermitian ? linalg_eigvalsh(self) : linalg_svdvals(self);
  return sum(above_tolerance(self, s, atol, rtol), IntArrayRef(-1));
}

// X of smallest norm that minimises |A X - B|, and the factors of A.
Tensor least_squares(const char* op, const Tensor& a, const Tensor& b, const Tensor& rcond, Tensor& rank, Tensor& s) {
  Tensor x;
  {
    const AutoGradMode off(false);
    const Singular f = factors_of(op, a, false);
    const Tensor counts = above_tolerance(a, f.s, Tensor(), rcond);
    rank = sum(counts, IntArrayRef(-1));
    s = f.s;
    const Tensor scaled =
        where(unsqueeze(counts, -1), matmul(turned(f.u), b) / unsqueeze(where(counts, f.s, 1), -1), 0);
    x = copy_of(matmul(turned(f.v), scaled));
  }
  if (auto r = record(op, x, {a, b})) {
    r.save(a);
    r.save(b);
    const double tolerance = rcond.defined() ? rcond.item<double>() : -1;
    r.rule([tolerance](Sweep& sweep) {
      const Tensor m = sweep.saved(0), right = sweep.saved(1);
      const Tensor p = tolerance < 0 ? linalg_pinv(m) : linalg_pinv(m, tolerance);
      if (sweep.needs(0)) sweep[0] = pseudoinverse_gradient(matmul(sweep.g, turned(right)), m, p);
      if (sweep.needs(1)) sweep[1] = matmul(turned(p), sweep.g);
    });
  }
  return x;
}

// norm(A) norm(A^-1); infinite for singular matrices.
template <class Order>
Tensor condition(const Tensor& self, const Order& p) {
  check_defined("linalg_cond", self);
  check_square("linalg_cond", self);
  if (self.size(-1) == 0) return new_filled(lead_of(self), type_of(self), 0);
  const auto [inverse, info] = linalg_inv_ex(self);
  const Tensor product = linalg_matrix_norm(self, p) * linalg_matrix_norm(inverse, p);
  return where(info > 0, std::numeric_limits<double>::infinity(), product);
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor linalg_pinv(const Tensor& self, const optional<Tensor>& atol, const optional<Tensor>& rtol, bool hermitian) {
  return pseudoinverse("linalg_pinv", self, atol.value_or(Tensor()), rtol.value_or(Tensor()), hermitian);
}
Tensor linalg_pinv(const Tensor& self, optional<double> atol, optional<double> rtol, bool hermitian) {
  return pseudoinverse("linalg_pinv", self, as_tensor(atol), as_tensor(rtol), hermitian);
}
Tensor linalg_pinv(const Tensor& self, double rcond, bool hermitian) {
  return pseudoinverse("linalg_pinv", self, as_tensor(0.0), as_tensor(rcond), hermitian);
}
Tensor linalg_pinv(const Tensor& self, const Tensor& rcond, bool hermitian) {
  return pseudoinverse("linalg_pinv", self, as_tensor(0.0), rcond, hermitian);
}
Tensor pinverse(const Tensor& self, double rcond) {
  return pseudoinverse("pinverse", self, as_tensor(0.0), as_tensor(rcond), false);
}

Tensor linalg_matrix_rank(const Tensor& input, const optional<Tensor>& atol, const optional<Tensor>& rtol,
                          bool hermitian) {
  return rank_of("linalg_matrix_rank", input, atol.value_or(Tensor()), rtol.value_or(Tensor()), hermitian);
}
Tensor linalg_matrix_rank(const Tensor& self, optional<double> atol, optional<double> rtol, bool hermitian) {
  return rank_of("linalg_matrix_rank", self, as_tensor(atol), as_tensor(rtol), hermitian);
}
Tensor linalg_matrix_rank(const Tensor& self, double tol, bool hermitian) {
  return rank_of("linalg_matrix_rank", self, as_tensor(tol), as_tensor(0.0), hermitian);
}
Tensor linalg_matrix_rank(const Tensor& input, const Tensor& tol, bool hermitian) {
  return rank_of("linalg_matrix_rank", input, tol, as_tensor(0.0), hermitian);
}

std::tuple<Tensor, Tensor, Tensor, Tensor> linalg_lstsq(const Tensor& self, const Tensor& b, optional<double> rcond,
                                                        optional<std::string_view> driver) {
  constexpr const char* op = "linalg_lstsq";
  check_defined(op, self, b);
  check_matrices(op, self);
  check_one_dtype(op, self, b);
  const std::string_view way = driver.value_or("gelsy");
  check<ValueError>(way == "gelsy" || way == "gels" || way == "gelsd" || way == "gelss", op, "driver is \"",
                    std::string(way), "\"; need \"gelsy\", \"gels\", \"gelsd\" or \"gelss\"");
  const bool vector = b.dim() == self.dim() - 1 && b.sizes() == self.sizes().slice(0, self.sizes().size() - 1);
  check(vector || (b.dim() >= 2 && b.size(-2) == self.size(-2)), op, "need b [*, m, k] or [*, m]: self is ", self,
        ", b is ", b);
  Tensor rank, s;
  const Tensor right = vector ? unsqueeze(b, -1) : b;
  const Tensor found = least_squares(op, self, right, as_tensor(rcond), rank, s);
  const Tensor x = vector ? squeeze(found, -1) : found;
  const AutoGradMode off(false);
  const std::int64_t m = self.size(-2), n = self.size(-1);
  const Tensor nothing = new_tensor({0}, type_of(self));
  Tensor residuals = nothing;
  if (m > n && way != "gelsy" && (way == "gels" || equal(rank, full_like(rank, n)))) {
    const Tensor difference = matmul(self, found) - right;
    residuals = sum(difference * difference, IntArrayRef(-2));
  }
  const bool singular = way == "gelsd" || way == "gelss";
  return {x, residuals, way == "gels" ? new_tensor({0}, kInt64) : rank, singular ? s : nothing};
}

Tensor linalg_cond(const Tensor& self, const optional<Scalar>& p) {
  const double order = p ? p->toDouble() : 2;
  if (std::fabs(order) != 2) return condition(self, order);
  check_defined("linalg_cond", self);
  check_matrices("linalg_cond", self);
  if (self.size(-1) == 0 || self.size(-2) == 0) return new_filled(lead_of(self), type_of(self), 0);
  const Tensor s = linalg_svdvals(self);
  const Tensor high = select(s, -1, 0), low = select(s, -1, -1);
  return order > 0 ? high / low : low / high;
}
Tensor linalg_cond(const Tensor& self, std::string_view p) { return condition(self, p); }

}  // namespace gradtape::at
