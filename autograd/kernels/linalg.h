#pragma once
// Factorisations of dense matrices: float32, float64 and the verification dtype, for which every step is holomorphic
// (z z where textbooks have |z|^2, choices by the real part).
//
// Matrices are row-major without gaps, `count` of them one after another. `info` has an entry a matrix: 0, or as said.
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

// a [m, n] becomes L (below the diagonal, which is 1) and U of P a = L U, rows chosen by largest magnitude (Golub and
// Van Loan, Matrix Computations, 4th ed., 3.4). Step i swapped the rows i and pivots[i]; min(m, n) steps. info: number,
// from 1, of the first pivot that is 0.
void lu(ScalarType dtype, std::int64_t count, std::int64_t m, std::int64_t n, void* a, std::int32_t* pivots,
        std::int32_t* info);
// From an lu with m = n: the determinant; or, when `logarithm` is given, its sign (-1, 0, 1) and ln |determinant|.
void determinant(ScalarType dtype, std::int64_t count, std::int64_t n, const void* a, const std::int32_t* pivots,
                 void* value, void* logarithm);
// b [n, k] becomes A^-1 b, where lu made `a` and `pivots` of A.
void lu_solve(ScalarType dtype, std::int64_t count, std::int64_t n, std::int64_t k, const void* a,
              const std::int32_t* pivots, void* b);
// b [n, k] becomes A^-1 b, where A is the upper or lower triangle of a [n, n]; unit: with ones on the diagonal.
void triangular_solve(ScalarType dtype, std::int64_t count, std::int64_t n, std::int64_t k, const void* a, void* b,
                      bool upper, bool unit);
// a [n, n] becomes L of a = L L^T, of which the lower triangle is read. info: number, from 1, of the first row whose
// pivot is not positive; L is then right above that row.
void cholesky(ScalarType dtype, std::int64_t count, std::int64_t n, void* a, std::int32_t* info);
// a [m, n] becomes R (zeros below the diagonal) of a = Q R; q [m, columns] is the left part of the orthogonal Q, and
// may be null. Householder reflections with LAPACK's signs: R(i, i) has the sign opposite to the entry it comes from,
// unless nothing stands below that entry, which then stays.
void qr(ScalarType dtype, std::int64_t count, std::int64_t m, std::int64_t n, void* a, std::int64_t columns, void* q);
// Eigenvalues [n], rising, of the symmetric matrix whose lower triangle a [n, n] has; a becomes the eigenvectors, as
// columns, or is destroyed when `vectors` is false. info: 1 when not converged.
// Sign: of the entries of a column within 1 % of its largest magnitude, the first is positive.
void eigh(ScalarType dtype, std::int64_t count, std::int64_t n, void* a, void* values, bool vectors,
          std::int32_t* info);
// a [m, n] = U diag(s) V^T with k = min(m, n) singular values s [k], falling; u [m, k]; v [k, n] holds V^T. Signs as
// for eigh, in the columns of u. One-sided Jacobi rotations of the R of a = Q R (Drmac and Veselic, SIAM J. Matrix
// Anal. Appl. 29, 2008). info: 1 when not converged.
void svd(ScalarType dtype, std::int64_t count, std::int64_t m, std::int64_t n, const void* a, void* u, void* s, void* v,
         std::int32_t* info);
// out [p, r] = distances ||x1_i - x2_j||_ord of the rows of x1 [p, m] and x2 [r, m], ord >= 0, perhaps infinite.
void cdist(ScalarType dtype, std::int64_t count, std::int64_t p, std::int64_t r, std::int64_t m, const void* x1,
           const void* x2, void* out, double ord);

}  // namespace gradtape::kernels
