// Orthogonal factors: QR, symmetric eigenvalues, singular values.
#include "autograd/kernels/linalg.h"
#include "autograd/ops/linalg_common.h"

namespace gradtape::ops {
namespace {

// Gradients of a node with several outputs may not have arrived.
Tensor sum_of(const Tensor& a, const Tensor& b) { return !a.defined() ? b : !b.defined() ? a : a + b; }

// Q [.., m, columns], R [.., columns, n] of a = Q R.
std::pair<Tensor, Tensor> factor_qr(const Tensor& a, std::int64_t columns) {
  const Shape lead = lead_of(a);
  const std::int64_t m = a.size(-2), n = a.size(-1);
  Tensor r = fresh_copy(a), q = new_tensor(with_lead(lead, m, columns), type_of(a));
  kernels::qr(type_of(a), numel_of(lead), m, n, r.impl()->data, columns, q.impl()->data);
  const AutoGradMode off(false);
  return {q, columns == m ? r : copy_of(narrow(r, -2, 0, columns))};
}

// m >= n. gA = (gQ + Q M) R^-T, M the lower triangle of R gR^T - gQ^T Q, mirrored (Walter, Lehmann and Lamour,
// Optimization Methods and Software 27, 2012).
std::pair<Tensor, Tensor> tall_qr(const Tensor& a) {
  const auto [q, r] = factor_qr(a, a.size(-1));
  if (auto rec = record("linalg_qr", q, {a})) {
    rec.add_output(r);
    rec.save_output(q);
    rec.save_output(r);
    rec.rule([](Sweep& s) {
      const Tensor y = s.saved(0), x = s.saved(1), gq = s.grad(0), gr = s.grad(1);
      const Tensor m =
          sum_of(gr.defined() ? matmul(x, turned(gr)) : Tensor(), gq.defined() ? -matmul(turned(gq), y) : Tensor());
      const Tensor mirrored = tril(m) + turned(tril(m, -1));
      s[0] = linalg_solve_triangular(turned(x), sum_of(gq, matmul(y, mirrored)), false, false);
    });
  }
  return {q, r};
}

// m < n: A = [A1 A2] with A1 square; Q R1 = A1, R2 = Q^T A2.
std::pair<Tensor, Tensor> wide_qr(const Tensor& a) {
  const std::int64_t m = a.size(-2), n = a.size(-1);
  const auto [q, left] = tall_qr(narrow(a, -1, 0, m));
  return {q, cat({left, matmul(turned(q), narrow(a, -1, m, n - m))}, -1)};
}

std::pair<Tensor, Tensor> complete_qr(const Tensor& a) {
  auto [q, r] = factor_qr(a, a.size(-2));
  if (auto rec = record("linalg_qr", q, {a})) {
    rec.add_output(r);
    rec.rule([](Sweep& s) {
      fail("linalg_qr", "has no derivative when mode is \"complete\" and there are more rows than columns, as for ",
           s.sizes(0), "; use mode \"reduced\"");
    });
  }
  return {q, r};
}

std::tuple<Tensor, Tensor> qr_in_mode(const char* op, const Tensor& a, std::string_view mode) {
  check_defined(op, a);
  check_matrices(op, a);
  check<ValueError>(mode == "reduced" || mode == "complete" || mode == "r", op, "mode is \"", std::string(mode),
                    "\"; need \"reduced\", \"complete\" or \"r\"");
  const bool tall = a.size(-2) >= a.size(-1);
  auto [q, r] = !tall ? wide_qr(a) : mode == "complete" && a.size(-2) > a.size(-1) ? complete_qr(a) : tall_qr(a);
  if (mode == "r") q = new_tensor({0}, type_of(a));
  return {q, r};
}

// The lower triangle of a counts.
std::pair<Tensor, Tensor> symmetric_eigen(const char* op, const Tensor& a, bool want_vectors) {
  const Shape lead = lead_of(a);
  const std::int64_t n = a.size(-1);
  const bool vectors = want_vectors || would_record({a});
  Tensor v = fresh_copy(a), w = new_tensor(with_lead(lead, n), type_of(a)), info = new_tensor(lead, kInt32);
  kernels::eigh(type_of(a), numel_of(lead), n, v.impl()->data, w.impl()->data, vectors,
                info.impl()->ptr<std::int32_t>());
  check_info(op, info, a, ": the iteration for its eigenvalues did not converge, info ", "; are all entries finite?");
  if (auto r = record("linalg_eigh", w, {a})) {
    r.add_output(v);
    r.save_output(w);
    r.save_output(v);
    // V (diag(gL) + (V^T gV - gV^T V) / (2 E)) V^T, E(i, j) = L(j) - L(i): the symmetric part of the derivative (Giles,
    // An extended collection of matrix derivative results, 2008, 3.1).
    r.rule([](Sweep& s) {
      const Tensor l = s.saved(0), y = s.saved(1), gl = s.grad(0), gv = s.grad(1);
      Tensor inner;
      if (gv.defined()) {
        const Tensor gaps = diagonal_matrix(cast(ones(l.sizes()), type_of(l)), unsqueeze(l, -2) - unsqueeze(l, -1));
        const Tensor p = matmul(turned(y), gv);
        inner = diagonal_matrix(gl.defined() ? gl : zeros_like(l), (p - turned(p)) / (gaps * 2));
      } else {
        inner = diagonal_matrix(gl);
      }
      s[0] = matmul(y, matmul(inner, turned(y)));
    });
  }
  return {w, v};
}

bool is_upper(const char* op, std::string_view uplo) {
  const bool upper = uplo == "U" || uplo == "u";
  check<ValueError>(upper || uplo == "L" || uplo == "l", op, "UPLO is \"", std::string(uplo),
                    "\"; need \"L\" or \"U\", the triangle to read");
  return upper;
}

struct Singular {
  Tensor u, s, v;  // v holds V^T
};

// U [.., m, k], S [.., k], V^T [.., k, n].
Singular singular_values(const char* op, const Tensor& a) {
  check_defined(op, a);
  check_matrices(op, a);
  const Shape lead = lead_of(a);
  const std::int64_t m = a.size(-2), n = a.size(-1), k = std::min(m, n);
  const Tensor in = fresh_copy(a);
  Singular y{new_tensor(with_lead(lead, m, k), type_of(a)), new_tensor(with_lead(lead, k), type_of(a)),
             new_tensor(with_lead(lead, k, n), type_of(a))};
  Tensor info = new_tensor(lead, kInt32);
  kernels::svd(type_of(a), numel_of(lead), m, n, in.impl()->data, y.u.impl()->data, y.s.impl()->data, y.v.impl()->data,
               info.impl()->ptr<std::int32_t>());
  check_info(op, info, a, ": the iteration for its singular values did not converge, info ",
             "; are all entries finite?");
  auto r = record("linalg_svd", y.u, {a});
  if (!r) return y;
  r.add_output(y.s);
  r.add_output(y.v);
  r.save_output(y.u);
  r.save_output(y.s);
  r.save_output(y.v);
  // Townsend, Differentiating the singular value decomposition, 2016, with E(i, j) = S(j)^2 - S(i)^2:
  //   U ((U^T gU - gU^T U) / E S + S (V^T gV - gV^T V) / E + diag(gS)) V^T
  //     + (I - U U^T) gU S^-1 V^T + U S^-1 gV^T (I - V V^T)
  r.rule([](Sweep& sweep) {
    const Tensor u = sweep.saved(0), s = sweep.saved(1), v = sweep.saved(2);
    const Tensor gu = sweep.grad(0), gs = sweep.grad(1), gv = sweep.grad(2);
    const Tensor along = unsqueeze(s, -2), down = unsqueeze(s, -1);  // of columns, of rows
    const auto over_gaps = [&](const Tensor& p) {
      const Tensor gaps = diagonal_matrix(cast(ones(s.sizes()), type_of(s)), (along - down) * (along + down));
      return (p - turned(p)) / gaps;
    };
    Tensor inner = gs.defined() ? diagonal_matrix(gs) : Tensor();
    const Tensor pu = gu.defined() ? matmul(turned(u), gu) : Tensor();
    const Tensor pv = gv.defined() ? matmul(v, turned(gv)) : Tensor();
    if (pu.defined()) inner = sum_of(inner, over_gaps(pu) * along);
    if (pv.defined()) inner = sum_of(inner, down * over_gaps(pv));
    Tensor ga = matmul(u, matmul(inner, v));
    const bool tall = u.size(-2) > u.size(-1), wide = v.size(-1) > v.size(-2);
    if (tall && gu.defined()) ga = ga + matmul((gu - matmul(u, pu)) / along, v);
    if (wide && gv.defined()) ga = ga + matmul(u, (gv - matmul(turned(pv), v)) / down);
    sweep[0] = ga;
  });
  return y;
}

// [u, columns that complete it to an orthogonal matrix]; no gradient flows into these.
Tensor completed(const Tensor& u) {
  const std::int64_t m = u.size(-2), k = u.size(-1);
  if (m == k) return u;
  return cat({u, narrow(factor_qr(u, m).first, -1, k, m - k)}, -1);
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

std::tuple<Tensor, Tensor> linalg_qr(const Tensor& A, std::string_view mode) {
  return qr_in_mode("linalg_qr", A, mode);
}
std::tuple<Tensor, Tensor> qr(const Tensor& self, bool some) {
  return qr_in_mode("qr", self, some ? "reduced" : "complete");
}

std::tuple<Tensor, Tensor> linalg_eigh(const Tensor& self, std::string_view UPLO) {
  check_defined("linalg_eigh", self);
  check_square("linalg_eigh", self);
  return symmetric_eigen("linalg_eigh", is_upper("linalg_eigh", UPLO) ? turned(self) : self, true);
}
Tensor linalg_eigvalsh(const Tensor& self, std::string_view UPLO) {
  check_defined("linalg_eigvalsh", self);
  check_square("linalg_eigvalsh", self);
  return symmetric_eigen("linalg_eigvalsh", is_upper("linalg_eigvalsh", UPLO) ? turned(self) : self, false).first;
}

std::tuple<Tensor, Tensor, Tensor> linalg_svd(const Tensor& A, bool full_matrices, optional<std::string_view>) {
  const Singular f = singular_values("linalg_svd", A);
  if (!full_matrices) return {f.u, f.s, f.v};
  return {completed(f.u), f.s, turned(completed(turned(f.v)))};
}
Tensor linalg_svdvals(const Tensor& A, optional<std::string_view>) { return singular_values("linalg_svdvals", A).s; }
std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& self, bool some, bool compute_uv) {
  const Singular f = singular_values("svd", self);
  if (compute_uv) return {some ? f.u : completed(f.u), f.s, some ? turned(f.v) : completed(turned(f.v))};
  const Shape lead = lead_of(self);
  const std::int64_t m = self.size(-2), n = self.size(-1);
  return {new_filled(with_lead(lead, m, m), type_of(self), 0), f.s,
          new_filled(with_lead(lead, n, n), type_of(self), 0)};
}

}  // namespace gradtape::at
