#pragma once
// What the linear algebra files share. A batch of matrices is a tensor [.., m, n]; its leading sizes are its `lead`.
#include <utility>
#include <vector>

#include "autograd/ops/common.h"

namespace gradtape::ops {

// Every matrix transposed.
inline Tensor turned(const Tensor& t) { return transpose(t, -2, -1); }
// Floating-point, two dimensions or more; all of one dtype.
void check_matrices(const char* op, const Tensor& t);
void check_square(const char* op, const Tensor& t);
void check_one_dtype(const char* op, const Tensor& a, const Tensor& b);
Shape lead_of(const Tensor& t);
Shape with_lead(const Shape& lead, std::int64_t m);
Shape with_lead(const Shape& lead, std::int64_t m, std::int64_t n);
// The elements of t, expanded to `sizes`, in row-major memory of their own; not recorded.
Tensor fresh_copy(const Tensor& t, IntArrayRef sizes);
inline Tensor fresh_copy(const Tensor& t) { return fresh_copy(t, shape_of(t)); }
// [.., n] -> [.., n, n] with the entries on the diagonal and `rest`, or zeros, elsewhere.
Tensor diagonal_matrix(const Tensor& t, const Tensor& rest = {});
// 1 where x > 0, -1 where x < 0, else 0; not recorded.
Tensor signs(const Tensor& x);
// x / y, and 0 where y is 0, also in the derivatives.
Tensor quotient_or_zero(const Tensor& x, const Tensor& y);
// The first matrix whose info is not 0, as "matrix 3 of " or "" when there is only one; throws Error with the text.
void check_info(const char* op, const Tensor& info, const Tensor& self, const char* before, const char* after);

}  // namespace gradtape::ops
