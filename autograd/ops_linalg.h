#pragma once
// Matrix products and linear algebra. See ops.h.
//
// A batch of matrices is a tensor [*, m, n]: any leading sizes, broadcast where there are several. Everything below
// "factorisations" needs floating-point tensors of one dtype. Functions of libtorch's torch::linalg are at the end.
#include <string_view>

#include "tensor.h"

namespace gradtape::at {

// ---- products ----
// 1-d x 1-d: dot; 2-d x 2-d: product; 1-d beside a matrix: a row or column; higher ranks: batched, broadcast.
Tensor matmul(const Tensor& self, const Tensor& other);
Tensor mm(const Tensor& self, const Tensor& mat2);     // [n, k] x [k, m]
Tensor mv(const Tensor& self, const Tensor& vec);      // [n, k] x [k]
Tensor dot(const Tensor& self, const Tensor& other);   // [k] x [k]
Tensor vdot(const Tensor& self, const Tensor& other);  // dot
Tensor bmm(const Tensor& self, const Tensor& mat2);    // [b, n, k] x [b, k, m]
Tensor& matmul_out(Tensor& out, const Tensor& self, const Tensor& other);
Tensor& mm_out(Tensor& out, const Tensor& self, const Tensor& mat2);
Tensor& mv_out(Tensor& out, const Tensor& self, const Tensor& vec);
Tensor& bmm_out(Tensor& out, const Tensor& self, const Tensor& mat2);
// beta self + alpha product; self is broadcast to the product, and does not count with beta = 0.
Tensor addmm(const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1,
             const Scalar& alpha = 1);  // [n, k] x [k, m]
Tensor addmv(const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta = 1,
             const Scalar& alpha = 1);  // [n, k] x [k]
Tensor addr(const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta = 1,
            const Scalar& alpha = 1);  // outer(vec1, vec2)
Tensor addbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1,
              const Scalar& alpha = 1);  // sum of the matrices of bmm(batch1, batch2)
Tensor baddbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1,
               const Scalar& alpha = 1);  // bmm(batch1, batch2)
Tensor& addmm_out(Tensor& out, const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1,
                  const Scalar& alpha = 1);
Tensor& addmv_out(Tensor& out, const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta = 1,
                  const Scalar& alpha = 1);
Tensor& addr_out(Tensor& out, const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta = 1,
                 const Scalar& alpha = 1);
Tensor& addbmm_out(Tensor& out, const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1,
                   const Scalar& alpha = 1);
Tensor& baddbmm_out(Tensor& out, const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1,
                    const Scalar& alpha = 1);
Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias = {});  // x W^T + b; x [*, in], W [out, in]
// y[*, o] = x1[*]^T W[o] x2[*] + b[o]; W [out, in1, in2]
Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const Tensor& bias = {});
Tensor outer(const Tensor& self, const Tensor& vec2);   // x[i] y[j]
Tensor ger(const Tensor& self, const Tensor& vec2);     // outer
Tensor inner(const Tensor& self, const Tensor& other);  // sums x[.., k] y[.., k] over k; with a 0-d tensor: mul
Tensor kron(const Tensor& self, const Tensor& other);   // x[i] y[j] at i size(y) + j, in every dim
// Sum over pairs of dims; the dims left of self, then those of other. A size of 1 is spread over its partner's.
Tensor tensordot(const Tensor& self, const Tensor& other, IntArrayRef dims_self, IntArrayRef dims_other);
// Einstein's sum: "bij,bjk->bik" names the dims of every operand and of the result; a label that is not in the result
// is summed over. A label twice in one operand takes the diagonal; "..." stands for the dims not named, which are
// broadcast; without "->" the result has "..." and the labels that come once, in alphabetic order. Products go from
// left to right, or as `path` says: two positions a step, of operands that are taken out, the product going to the end.
Tensor einsum(std::string_view equation, TensorList tensors, OptionalIntArrayRef path = nullopt);
Tensor chain_matmul(TensorList matrices);                 // product of matrices, in the cheapest order
Tensor matrix_power(const Tensor& self, std::int64_t n);  // A^n; of the inverse for n < 0
// 3-vectors along dim, the first dim of size 3 unless given: (y1 z2 - z1 y2, ..)
Tensor cross(const Tensor& self, const Tensor& other, optional<std::int64_t> dim = nullopt);

// ---- factorisations ----
// A singular, or for cholesky a not positive-definite matrix is an Error that names it.
Tensor inverse(const Tensor& self);
Tensor det(const Tensor& self);
Tensor logdet(const Tensor& self);                       // ln det; NaN where det < 0
std::tuple<Tensor, Tensor> slogdet(const Tensor& self);  // sign, ln |det|
// {X, a copy of A}, A X = B = self with A upper or lower triangular, transposed first, ones on the diagonal
std::tuple<Tensor, Tensor> triangular_solve(const Tensor& self, const Tensor& A, bool upper = true,
                                            bool transpose = false, bool unitriangular = false);
// L of A = L L^T, or L^T with `upper`. One triangle is read; the gradient is that of the symmetric part.
Tensor cholesky(const Tensor& self, bool upper = false);
Tensor cholesky_solve(const Tensor& self, const Tensor& input2, bool upper = false);  // A^-1 self, input2 = cholesky(A)
Tensor cholesky_inverse(const Tensor& self, bool upper = false);                      // A^-1, self = cholesky(A)
// {Q, R}; with some = false Q is square.
std::tuple<Tensor, Tensor> qr(const Tensor& self, bool some = true);
// {U, S, V}, A = U diag(S) V^T: the first min(m, n) columns or, with some = false, all. Without compute_uv U and V are
// 0.
std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& self, bool some = true, bool compute_uv = true);
Tensor pinverse(const Tensor& self, double rcond = 1e-15);

// ---- norms: (sum |x|^p)^(1/p), p = 0 counts, inf and -inf are the largest and smallest; gradient 0 at 0 ----
Tensor norm(const Tensor& self, const Scalar& p = 2);
Tensor norm(const Tensor& self, const optional<Scalar>& p, ScalarType dtype);
Tensor norm(const Tensor& self, const optional<Scalar>& p, IntArrayRef dim, bool keepdim = false);
Tensor norm(const Tensor& self, const optional<Scalar>& p, IntArrayRef dim, bool keepdim, ScalarType dtype);
Tensor frobenius_norm(const Tensor& self, IntArrayRef dim = {}, bool keepdim = false);
Tensor nuclear_norm(const Tensor& self, bool keepdim = false);  // sum of the singular values
Tensor nuclear_norm(const Tensor& self, IntArrayRef dim, bool keepdim = false);
Tensor dist(const Tensor& self, const Tensor& other, const Scalar& p = 2);  // norm(x - y, p)
// Distances of rows: y[*, i, j] = norm(x1[*, i] - x2[*, j], p). compute_mode is accepted; no result depends on it.
Tensor cdist(const Tensor& x1, const Tensor& x2, double p = 2, optional<std::int64_t> compute_mode = nullopt);
Tensor pdist(const Tensor& self, double p = 2);  // of the rows i < j of one matrix, in this order
Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, double p = 2, double eps = 1e-6,
                         bool keepdim = false);  // norm(x1 - x2 + eps, p) over the last dim
// x1 . x2 / max(|x1| |x2|, eps) over dim
Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, std::int64_t dim = 1, double eps = 1e-8);

// ---- torch::linalg ----
Tensor linalg_matmul(const Tensor& self, const Tensor& other);
Tensor linalg_multi_dot(TensorList tensors);  // chain_matmul whose first and last may be vectors
Tensor linalg_matrix_power(const Tensor& self, std::int64_t n);
Tensor linalg_cross(const Tensor& self, const Tensor& other, std::int64_t dim = -1);
Tensor linalg_vander(const Tensor& x, optional<std::int64_t> N = nullopt);  // 1, x, .., x^(N-1) of the last dim
Tensor linalg_diagonal(const Tensor& A, std::int64_t offset = 0, std::int64_t dim1 = -2, std::int64_t dim2 = -1);
Tensor linalg_matrix_exp(const Tensor& self);  // I + A + A^2 / 2! + ..
Tensor matrix_exp(const Tensor& self);
// The inverse of self seen as a matrix of its first `ind` dims and the others: tensordot(inverse, self, ind) is I.
Tensor linalg_tensorinv(const Tensor& self, std::int64_t ind = 2);
// X of tensordot(self, X, X.dim()) = other; `dims` of self are moved to its end first.
Tensor linalg_tensorsolve(const Tensor& self, const Tensor& other, OptionalIntArrayRef dims = nullopt);
Tensor linalg_vecdot(const Tensor& x, const Tensor& y, std::int64_t dim = -1);  // sum x y over dim
Tensor linalg_inv(const Tensor& A);
Tensor linalg_det(const Tensor& A);
std::tuple<Tensor, Tensor> linalg_slogdet(const Tensor& A);
// X of A X = B, or of X A = B with left = false. B holds vectors when it has one dim, or A's sizes but the last.
Tensor linalg_solve(const Tensor& A, const Tensor& B, bool left = true);
Tensor linalg_solve_triangular(const Tensor& self, const Tensor& B, bool upper, bool left = true,
                               bool unitriangular = false);
Tensor linalg_cholesky(const Tensor& self, bool upper = false);
// With `info`, int32: the number of the pivot that failed, or 0; nothing is thrown unless check_errors.
std::tuple<Tensor, Tensor> linalg_inv_ex(const Tensor& A, bool check_errors = false);
std::tuple<Tensor, Tensor> linalg_solve_ex(const Tensor& A, const Tensor& B, bool left = true,
                                           bool check_errors = false);
std::tuple<Tensor, Tensor> linalg_cholesky_ex(const Tensor& self, bool upper = false, bool check_errors = false);
// A = Q R with Q^T Q = I, R upper triangular. mode "reduced": Q [*, m, k], k = min(m, n); "complete": Q [*, m, m], not
// differentiable when m > n; "r": Q is empty. R(i, i) has the sign opposite to the entry it comes from, as LAPACK's.
std::tuple<Tensor, Tensor> linalg_qr(const Tensor& A, std::string_view mode = "reduced");
// {L, V}: eigenvalues, rising, and eigenvectors, as columns, of symmetric matrices; UPLO names the triangle that is
// read, "L" or "U". Of the entries of a column within 1 % of its largest magnitude, the first is positive. The gradient
// with respect to V is finite where eigenvalues differ.
std::tuple<Tensor, Tensor> linalg_eigh(const Tensor& self, std::string_view UPLO = "L");
Tensor linalg_eigvalsh(const Tensor& self, std::string_view UPLO = "L");
// {U, S, V^T}, A = U diag(S) V^T, S falling; signs as for eigh, in the columns of U. The columns that full_matrices
// adds get no gradient. The gradient with respect to U and V is finite where singular values differ. `driver` is
// accepted; there is one.
std::tuple<Tensor, Tensor, Tensor> linalg_svd(const Tensor& A, bool full_matrices = true,
                                              optional<std::string_view> driver = nullopt);
Tensor linalg_svdvals(const Tensor& A, optional<std::string_view> driver = nullopt);
// Pseudoinverse V diag(1 / S) U^T of the singular values above max(atol, rtol max S); rtol is eps max(m, n) unless atol
// > 0 is given. hermitian: by eigenvalues.
Tensor linalg_pinv(const Tensor& self, const optional<Tensor>& atol = {}, const optional<Tensor>& rtol = {},
                   bool hermitian = false);
Tensor linalg_pinv(const Tensor& self, optional<double> atol, optional<double> rtol, bool hermitian = false);
Tensor linalg_pinv(const Tensor& self, double rcond, bool hermitian = false);
Tensor linalg_pinv(const Tensor& self, const Tensor& rcond, bool hermitian = false);
// Number of singular values above the same bound, int64. `tol` is absolute.
Tensor linalg_matrix_rank(const Tensor& input, const optional<Tensor>& atol = {}, const optional<Tensor>& rtol = {},
                          bool hermitian = false);
Tensor linalg_matrix_rank(const Tensor& self, optional<double> atol, optional<double> rtol, bool hermitian = false);
Tensor linalg_matrix_rank(const Tensor& self, double tol, bool hermitian = false);
Tensor linalg_matrix_rank(const Tensor& input, const Tensor& tol, bool hermitian = false);
// {X of smallest norm among those that minimise |A X - B|, residuals |A X - B|^2 of the columns, rank, singular
// values}. rcond: as rtol of pinv. driver "gelsy" (default), "gels", "gelsd", "gelss" decides which of the last three
// are computed, as in LAPACK; the others are empty.
std::tuple<Tensor, Tensor, Tensor, Tensor> linalg_lstsq(const Tensor& self, const Tensor& b,
                                                        optional<double> rcond = nullopt,
                                                        optional<std::string_view> driver = nullopt);
Tensor linalg_vector_norm(const Tensor& self, const Scalar& ord = 2, OptionalIntArrayRef dim = nullopt,
                          bool keepdim = false, optional<ScalarType> dtype = nullopt);
// 2, -2: largest, smallest singular value; 1, -1: of the sums of magnitudes of the columns; inf, -inf: of the rows;
// "fro": vector norm; "nuc": sum of the singular values.
Tensor linalg_matrix_norm(const Tensor& self, const Scalar& ord, IntArrayRef dim = {-2, -1}, bool keepdim = false,
                          optional<ScalarType> dtype = nullopt);
Tensor linalg_matrix_norm(const Tensor& self, std::string_view ord = "fro", IntArrayRef dim = {-2, -1},
                          bool keepdim = false, optional<ScalarType> dtype = nullopt);
// Vector norm for one dim, matrix norm for two; without an order the vector norm of all.
Tensor linalg_norm(const Tensor& self, const optional<Scalar>& ord = nullopt, OptionalIntArrayRef dim = nullopt,
                   bool keepdim = false, optional<ScalarType> dtype = nullopt);
Tensor linalg_norm(const Tensor& self, std::string_view ord, OptionalIntArrayRef dim = nullopt, bool keepdim = false,
                   optional<ScalarType> dtype = nullopt);
Tensor linalg_cond(const Tensor& self, const optional<Scalar>& p = nullopt);  // norm(A) norm(A^-1); p = 2 unless given
Tensor linalg_cond(const Tensor& self, std::string_view p);

}  // namespace gradtape::at

// torch::linalg::inv is linalg_inv, and so on; see there.
namespace gradtape::linalg {

using at::Tensor;
using at::TensorList;

inline Tensor inv(const Tensor& input) { return at::linalg_inv(input); }
inline Tensor det(const Tensor& self) { return at::linalg_det(self); }
inline std::tuple<Tensor, Tensor> slogdet(const Tensor& input) { return at::linalg_slogdet(input); }
inline Tensor solve(const Tensor& input, const Tensor& other, bool left = true) {
  return at::linalg_solve(input, other, left);
}
inline std::tuple<Tensor, Tensor> solve_ex(const Tensor& input, const Tensor& other, bool left, bool check_errors) {
  return at::linalg_solve_ex(input, other, left, check_errors);
}
inline Tensor solve_triangular(const Tensor& input, const Tensor& other, bool upper, bool left, bool unitriangular) {
  return at::linalg_solve_triangular(input, other, upper, left, unitriangular);
}
inline Tensor cholesky(const Tensor& self) { return at::linalg_cholesky(self); }
inline std::tuple<Tensor, Tensor> qr(const Tensor& input, std::string_view mode = "reduced") {
  return at::linalg_qr(input, mode);
}
inline std::tuple<Tensor, Tensor> eigh(const Tensor& self, std::string_view uplo) {
  return at::linalg_eigh(self, uplo);
}
inline Tensor eigvalsh(const Tensor& self, std::string_view uplo) { return at::linalg_eigvalsh(self, uplo); }
inline std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& input, bool full_matrices,
                                              optional<std::string_view> driver) {
  return at::linalg_svd(input, full_matrices, driver);
}
inline Tensor svdvals(const Tensor& input, optional<std::string_view> driver) {
  return at::linalg_svdvals(input, driver);
}
inline Tensor pinv(const Tensor& input, double rcond = 1e-15, bool hermitian = false) {
  return at::linalg_pinv(input, rcond, hermitian);
}
inline Tensor matrix_rank(const Tensor& input, double tol, bool hermitian) {
  return at::linalg_matrix_rank(input, tol, hermitian);
}
inline Tensor matrix_rank(const Tensor& input, const Tensor& tol, bool hermitian) {
  return at::linalg_matrix_rank(input, tol, hermitian);
}
inline Tensor matrix_rank(const Tensor& input, optional<double> atol, optional<double> rtol, bool hermitian) {
  return at::linalg_matrix_rank(input, atol, rtol, hermitian);
}
inline Tensor matrix_rank(const Tensor& input, const optional<Tensor>& atol, const optional<Tensor>& rtol,
                          bool hermitian) {
  return at::linalg_matrix_rank(input, atol, rtol, hermitian);
}
inline std::tuple<Tensor, Tensor, Tensor, Tensor> lstsq(const Tensor& self, const Tensor& b, optional<double> cond,
                                                        optional<std::string_view> driver) {
  return at::linalg_lstsq(self, b, cond, driver);
}
inline Tensor norm(const Tensor& self, const optional<Scalar>& opt_ord, OptionalIntArrayRef opt_dim, bool keepdim,
                   optional<ScalarType> opt_dtype) {
  return at::linalg_norm(self, opt_ord, opt_dim, keepdim, opt_dtype);
}
inline Tensor norm(const Tensor& self, std::string_view ord, OptionalIntArrayRef opt_dim, bool keepdim,
                   optional<ScalarType> opt_dtype) {
  return at::linalg_norm(self, ord, opt_dim, keepdim, opt_dtype);
}
inline Tensor vector_norm(const Tensor& self, const Scalar& ord, OptionalIntArrayRef opt_dim, bool keepdim,
                          optional<ScalarType> opt_dtype) {
  return at::linalg_vector_norm(self, ord, opt_dim, keepdim, opt_dtype);
}
inline Tensor matrix_norm(const Tensor& self, const Scalar& ord, IntArrayRef dim, bool keepdim,
                          optional<ScalarType> dtype) {
  return at::linalg_matrix_norm(self, ord, dim, keepdim, dtype);
}
inline Tensor matrix_norm(const Tensor& self, std::string_view ord, IntArrayRef dim, bool keepdim,
                          optional<ScalarType> dtype) {
  return at::linalg_matrix_norm(self, ord, dim, keepdim, dtype);
}
inline Tensor matrix_power(const Tensor& self, std::int64_t n) { return at::linalg_matrix_power(self, n); }
inline Tensor multi_dot(TensorList tensors) { return at::linalg_multi_dot(tensors); }

}  // namespace gradtape::linalg
