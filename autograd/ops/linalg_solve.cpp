// What is solved by triangular factors: systems, inverses, determinants.
#include <limits>

#include "autograd/kernels/linalg.h"
#include "autograd/ops/linalg_common.h"

namespace gradtape::ops {
namespace {

struct Factors {
  Tensor lu, pivots, info;
};

// Of every matrix of a; not recorded.
Factors factorise(const Tensor& a) {
  const Shape lead = lead_of(a);
  const std::int64_t n = a.size(-1);
  Factors f{fresh_copy(a), new_tensor(with_lead(lead, n), kInt32), new_tensor(lead, kInt32)};
  kernels::lu(type_of(a), numel_of(lead), n, n, f.lu.impl()->data, f.pivots.impl()->ptr<std::int32_t>(),
              f.info.impl()->ptr<std::int32_t>());
  return f;
}

void check_regular(const char* op, const Factors& f, const Tensor& a) {
  check_info(op, f.info, a, " is singular: pivot ", " is 0");
}

// a^-1 b for a [.., n, n], b [.., n, k].
Tensor solve_matrices(const char* op, const Tensor& a, const Tensor& b, Tensor* info) {
  const Shape lead = broadcast_shapes(op, lead_of(a), lead_of(b));
  const std::int64_t n = a.size(-1), k = b.size(-1);
  const Factors f = factorise(a);
  if (info) {
    *info = f.info;
  } else {
    check_regular(op, f, a);
  }
  Tensor x = fresh_copy(b, with_lead(lead, n, k));
  const Tensor lu = lead_of(a) == lead ? f.lu : fresh_copy(f.lu, with_lead(lead, n, n));
  const Tensor pivots = lead_of(a) == lead ? f.pivots : fresh_copy(f.pivots, with_lead(lead, n));
  kernels::lu_solve(type_of(a), numel_of(lead), n, k, lu.impl()->data, pivots.impl()->ptr<std::int32_t>(),
                    x.impl()->data);
  if (auto r = record(op, x, {a, b})) {
    r.save(a);
    r.save_output(x);
    r.rule([](Sweep& s) {
      const Tensor gb = solve_matrices("linalg_solve", turned(s.saved(0)), s.g, nullptr);
      if (s.needs(1)) s[1] = gb;
      if (s.needs(0)) s[0] = -matmul(gb, turned(s.y()));
    });
  }
  return x;
}

Tensor solve(const char* op, const Tensor& a, const Tensor& b, bool left, Tensor* info) {
  check_defined(op, a, b);
  check_square(op, a);
  check_one_dtype(op, a, b);
  const IntArrayRef rows = a.sizes().slice(0, a.sizes().size() - 1);
  const bool vector = b.dim() == 1 || (b.dim() == a.dim() - 1 && b.sizes() == rows);
  check(left || !vector, op, "vectors have no side: left = false needs B [.., k, n]; A is ", a, ", B is ", b);
  check(vector || b.dim() >= 2, op, "need B [.., n, k] or vectors [.., n]: A is ", a, ", B is ", b);
  const std::int64_t need = vector || !left ? b.size(-1) : b.size(-2);
  check(need == a.size(-1), op, "sizes differ: A is ", a, ", B is ", b, "; need ",
        left ? "A.size(-1) == B.size(-2)" : "A.size(-1) == B.size(-1)");
  if (vector) return squeeze(solve_matrices(op, a, unsqueeze(b, -1), info), -1);
  if (left) return solve_matrices(op, a, b, info);
  return turned(solve_matrices(op, turned(a), turned(b), info));
}

Tensor inverse_of(const char* op, const Tensor& a, Tensor* info) {
  check_defined(op, a);
  check_square(op, a);
  const std::int64_t n = a.size(-1);
  const Factors f = factorise(a);
  if (info) {
    *info = f.info;
  } else {
    check_regular(op, f, a);
  }
  Tensor y = fresh_copy(cast_value(eye(n), type_of(a)), shape_of(a));
  kernels::lu_solve(type_of(a), f.info.numel(), n, n, f.lu.impl()->data, f.pivots.impl()->ptr<std::int32_t>(),
                    y.impl()->data);
  if (auto r = record("linalg_inv", y, {a})) {
    r.save_output(y);
    r.rule([](Sweep& s) {
      const Tensor t = turned(s.y());
      s[0] = -matmul(t, matmul(s.g, t));
    });
  }
  return y;
}

// x of a x = b, where a is seen as a triangle.
Tensor solve_triangles(const Tensor& a, const Tensor& b, bool upper, bool unit) {
  constexpr const char* op = "linalg_solve_triangular";
  const Shape lead = broadcast_shapes(op, lead_of(a), lead_of(b));
  const std::int64_t n = a.size(-1), k = b.size(-1);
  Tensor x = fresh_copy(b, with_lead(lead, n, k));
  const Tensor p = fresh_copy(a, with_lead(lead, n, n));
  kernels::triangular_solve(type_of(a), numel_of(lead), n, k, p.impl()->data, x.impl()->data, upper, unit);
  if (auto r = record(op, x, {a, b})) {
    r.save(a);
    r.save_output(x);
    r.rule([upper, unit](Sweep& s) {
      const Tensor gb = solve_triangles(turned(s.saved(0)), s.g, !upper, unit);
      if (s.needs(1)) s[1] = gb;
      if (!s.needs(0)) return;
      const Tensor ga = -matmul(gb, turned(s.y()));
      s[0] = upper ? triu(ga, unit ? 1 : 0) : tril(ga, unit ? -1 : 0);
    });
  }
  return x;
}

void check_system(const char* op, const Tensor& a, const Tensor& b, bool left) {
  check_defined(op, a, b);
  check_square(op, a);
  check_matrices(op, b);
  check_one_dtype(op, a, b);
  check(a.size(-1) == b.size(left ? -2 : -1), op, "sizes differ: A is ", a, ", B is ", b, "; need ",
        left ? "A.size(-1) == B.size(-2)" : "A.size(-1) == B.size(-1)");
}

// L of a = L L^T, with the lower triangle of a.
Tensor cholesky_factor(const Tensor& a, Tensor& info) {
  const Shape lead = lead_of(a);
  Tensor y = fresh_copy(a);
  info = new_tensor(lead, kInt32);
  kernels::cholesky(type_of(a), numel_of(lead), a.size(-1), y.impl()->data, info.impl()->ptr<std::int32_t>());
  if (auto r = record("linalg_cholesky", y, {a})) {
    r.save_output(y);
    // L^-T (lower triangle of L^T g, mirrored) L^-1 / 2 (Murray, Differentiation of the Cholesky decomposition, 2016).
    r.rule([](Sweep& s) {
      const Tensor upper = turned(s.y());
      const Tensor p = matmul(upper, s.g);
      const Tensor mirrored = tril(p) + turned(tril(p, -1));
      const Tensor half = solve_triangles(upper, mirrored, true, false);
      s[0] = solve_triangles(upper, turned(half), true, false) * 0.5;
    });
  }
  return y;
}

std::tuple<Tensor, Tensor> cholesky(const char* op, const Tensor& self, bool upper, bool check_errors) {
  check_defined(op, self);
  check_square(op, self);
  Tensor info;
  const Tensor l = cholesky_factor(upper ? turned(self) : self, info);
  if (check_errors)
    check_info(op, info, self, " is not positive-definite: the leading minor of order ", " is not positive");
  return {upper ? turned(l) : l, info};
}

// The cofactors of singular matrices: det(U V) U diag(s1 .. sn without si) V^T for a = U diag(s) V^T.
Tensor cofactors_by_singular_values(const Tensor& a) {
  const auto [u, s, v] = linalg_svd(a);
  const Tensor n = arange(a.size(-1), kInt64);
  const Tensor products = prod(where(unsqueeze(n, 1) == n, 1, unsqueeze(s, -2)), -1);
  const Tensor sign = unsqueeze(unsqueeze(linalg_det(u) * linalg_det(v), -1), -1);
  return sign * matmul(u * unsqueeze(products, -2), v);
}

// d det / d a, the cofactors: det a^-T where a has an inverse. Else minor by minor, which is differentiable whatever
// the rank; large matrices of which no second derivative is wanted go by singular values (the vectors of those near 0
// are rounding errors, right for the value only).
Tensor cofactors(const Tensor& a, const Tensor& det) {
  const auto [inverse, info] = linalg_inv_ex(a);
  const auto* p = info.impl()->ptr<std::int32_t>();
  bool regular = true;
  for (std::int64_t i = 0; i < info.numel(); ++i) regular = regular && p[i] == 0;
  if (regular) return unsqueeze(unsqueeze(det, -1), -1) * turned(inverse);
  const std::int64_t n = a.size(-1);
  if (n == 1) return cast(ones(a.sizes()), type_of(a));
  const bool value_only = !GradMode::is_enabled() && type_of(a) != ScalarType::Verification;
  if (n > 16 && value_only) return cofactors_by_singular_values(a);
  // Row i of `others` has every number below n but i.
  const Tensor i = unsqueeze(arange(n, kInt64), 1), j = arange(n - 1, kInt64);
  const Tensor others = reshape(j + (j >= i).to(kInt64), {n * (n - 1)});
  const Shape lead = lead_of(a);
  Shape split = lead, order;
  for (std::int64_t size : {n, n - 1, n, n - 1}) split.push_back(size);
  const auto rank = static_cast<std::int64_t>(lead.size());
  for (std::int64_t d = 0; d < rank; ++d) order.push_back(d);
  for (std::int64_t d : {0, 2, 1, 3}) order.push_back(rank + d);
  const Tensor minors = permute(reshape(index_select(index_select(a, -2, others), -1, others), split), order);
  const Tensor row_sign = cast(pow(-1, i), type_of(a));
  return linalg_det(minors) * (row_sign * turned(row_sign));
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor linalg_inv(const Tensor& A) { return inverse_of("linalg_inv", A, nullptr); }
Tensor inverse(const Tensor& self) { return inverse_of("inverse", self, nullptr); }
std::tuple<Tensor, Tensor> linalg_inv_ex(const Tensor& A, bool check_errors) {
  Tensor info;
  const Tensor y = inverse_of("linalg_inv_ex", A, check_errors ? nullptr : &info);
  if (check_errors) info = cast(zeros(lead_of(A)), kInt32);
  return {y, info};
}

Tensor linalg_solve(const Tensor& A, const Tensor& B, bool left) { return solve("linalg_solve", A, B, left, nullptr); }
std::tuple<Tensor, Tensor> linalg_solve_ex(const Tensor& A, const Tensor& B, bool left, bool check_errors) {
  Tensor info;
  const Tensor x = solve("linalg_solve_ex", A, B, left, check_errors ? nullptr : &info);
  if (check_errors) info = cast(zeros(lead_of(A)), kInt32);
  return {x, info};
}

Tensor linalg_solve_triangular(const Tensor& self, const Tensor& B, bool upper, bool left, bool unitriangular) {
  check_system("linalg_solve_triangular", self, B, left);
  if (left) return solve_triangles(self, B, upper, unitriangular);
  return turned(solve_triangles(turned(self), turned(B), !upper, unitriangular));
}
std::tuple<Tensor, Tensor> triangular_solve(const Tensor& self, const Tensor& A, bool upper, bool transpose,
                                            bool unitriangular) {
  check_system("triangular_solve", A, self, true);
  const Shape lead = broadcast_shapes("triangular_solve", lead_of(A), lead_of(self));
  const Tensor x = solve_triangles(transpose ? turned(A) : A, self, upper != transpose, unitriangular);
  return {x, clone(A.expand(with_lead(lead, A.size(-2), A.size(-1))))};
}

Tensor linalg_cholesky(const Tensor& self, bool upper) {
  return std::get<0>(ops::cholesky("linalg_cholesky", self, upper, true));
}
Tensor cholesky(const Tensor& self, bool upper) { return std::get<0>(ops::cholesky("cholesky", self, upper, true)); }
std::tuple<Tensor, Tensor> linalg_cholesky_ex(const Tensor& self, bool upper, bool check_errors) {
  return ops::cholesky("linalg_cholesky_ex", self, upper, check_errors);
}
Tensor cholesky_solve(const Tensor& self, const Tensor& input2, bool upper) {
  check_system("cholesky_solve", input2, self, true);
  const Tensor half = solve_triangles(upper ? turned(input2) : input2, self, false, false);
  return solve_triangles(upper ? input2 : turned(input2), half, true, false);
}
Tensor cholesky_inverse(const Tensor& self, bool upper) {
  check_defined("cholesky_inverse", self);
  check_square("cholesky_inverse", self);
  return cholesky_solve(cast(eye(self.size(-1)), type_of(self)).expand(self.sizes()), self, upper);
}

Tensor linalg_det(const Tensor& A) {
  check_defined("linalg_det", A);
  check_square("linalg_det", A);
  const Factors f = factorise(A);
  Tensor y = new_tensor(lead_of(A), type_of(A));
  kernels::determinant(type_of(A), y.numel(), A.size(-1), f.lu.impl()->data, f.pivots.impl()->ptr<std::int32_t>(),
                       y.impl()->data, nullptr);
  if (auto r = record("linalg_det", y, {A})) {
    r.save(A);
    r.save_output(y);
    r.rule([](Sweep& s) { s[0] = unsqueeze(unsqueeze(s.g, -1), -1) * cofactors(s.saved(0), s.y()); });
  }
  return y;
}
Tensor det(const Tensor& self) { return linalg_det(self); }

std::tuple<Tensor, Tensor> linalg_slogdet(const Tensor& A) {
  check_defined("linalg_slogdet", A);
  check_square("linalg_slogdet", A);
  const Factors f = factorise(A);
  const Shape lead = lead_of(A);
  Tensor sign = new_tensor(lead, type_of(A)), logabsdet = new_tensor(lead, type_of(A));
  kernels::determinant(type_of(A), sign.numel(), A.size(-1), f.lu.impl()->data, f.pivots.impl()->ptr<std::int32_t>(),
                       sign.impl()->data, logabsdet.impl()->data);
  if (auto r = record("linalg_slogdet", sign, {A})) {
    r.add_output(logabsdet);
    r.save(A);
    r.rule([](Sweep& s) {
      const Tensor a = s.saved(0), g = s.grad(1);
      // A singular matrix has an infinite gradient, not an error: its value, -inf, is none either.
      s[0] = g.defined() ? unsqueeze(unsqueeze(g, -1), -1) * turned(std::get<0>(linalg_inv_ex(a))) : zeros_like(a);
    });
  }
  return {sign, logabsdet};
}
std::tuple<Tensor, Tensor> slogdet(const Tensor& self) { return linalg_slogdet(self); }

Tensor logdet(const Tensor& self) {
  const auto [sign, logabsdet] = linalg_slogdet(self);
  return where(sign == -1, std::numeric_limits<double>::quiet_NaN(), logabsdet);
}

}  // namespace gradtape::at
