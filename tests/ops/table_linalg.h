#pragma once
// References for the rows of linear algebra, and the families that are added apart.
#include "table.h"

namespace gradtape::table {

// matmul in every rank case, by the definition.
Plain product(Plain a, Plain b);
// The last two dims exchanged.
Plain transposed(const Plain& p);
// f of every matrix of a batch; the results have one shape.
Plain by_matrix(const Plain& x, const std::function<Plain(const Plain&)>& f);
// Matrix number `k` of a batch, and the number of matrices.
Plain matrix_of(const Plain& x, std::int64_t k);
std::int64_t matrices_in(const Plain& x);
// Results of f for every matrix of a batch, each joined into a batch again.
Plains by_matrices(const Plain& x, const std::function<Plains(const Plain&)>& f);
// Einstein's sum, letters only and with an arrow; sizes of 1 are spread.
Plain contracted(const std::string& equation, const Plains& x);

// By Gauss and Jordan, rows chosen by largest magnitude.
Plain inverted(const Plain& a);
Real determinant(const Plain& a);
// L of a = L L^T
Plain cholesky_factor(const Plain& a);
// Q [m, k], R [k, n] with a positive diagonal, by Gram and Schmidt.
Plains orthogonal_factors(const Plain& a);
// Eigenvalues, rising, and vectors as columns, signs as ops_linalg.h has them.
Plains symmetric_eigen(const Plain& a);
// U [m, k], S [k], V^T [k, n]; S falls, signs as ops_linalg.h has them.
Plains singular_values(const Plain& a);

// 0.25 x + diag(2, 4, ..): matrices whose eigenvalues and singular values are apart, for which rounding stays small.
Tensor spread(const Tensor& x);
Plain spread(const Plain& x);
// (spread(x) + spread(x)^T) / 2, positive-definite; through which derivatives with respect to all entries exist.
Tensor symmetric(const Tensor& x);
Plain symmetric(const Plain& x);
// Square matrices, single and in batches, and sizes 0.
extern const std::vector<Shape> kSquares, kRectangles;
// The same sample, rounding measured by the largest entry of each result.
Sample by_largest(Sample s);

using Add = std::function<void(Row)>;
void add_products(const Add& add);
void add_contractions(const Add& add);
void add_solving(const Add& add);
void add_factors(const Add& add);
void add_norms(const Add& add);

}  // namespace gradtape::table
