// Functions of matrices, and tensors seen as matrices.
#include <cmath>

#include "autograd/ops/linalg_common.h"

namespace gradtape::ops {
namespace {

// Power of 2 by which the matrices are divided so that none is larger than 1/2 in the 1-norm.
int halvings(const Tensor& a) {
  if (a.numel() == 0) return 0;
  const Tensor sums = sum(abs(cast_value(a, type_of(a) == kFloat32 ? kFloat32 : kFloat64)), -2);
  const double largest = amax(sums).item().toDouble();
  check(std::isfinite(largest), "linalg_matrix_exp", a, " has entries that are not finite");
  return largest <= 0.5 ? 0 : std::ilogb(largest) + 2;
}

// Scaling and squaring of a Taylor polynomial (Higham, Functions of Matrices, 2008, 10.3). At 1/2 the terms from the
// 17th on are below rounding.
Tensor exponential(const Tensor& a) {
  const int s = halvings(a);
  const Tensor x = mul(a, std::ldexp(1.0, -s)), one = cast(eye(a.size(-1)), type_of(a));
  Tensor y = one + x * (1.0 / 16);
  for (int k = 15; k > 0; --k) y = one + matmul(x, y) * (1.0 / k);
  for (int k = 0; k < s; ++k) y = matmul(y, y);
  return copy_of(y.expand(a.sizes()));
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor linalg_matrix_exp(const Tensor& self) {
  constexpr const char* op = "linalg_matrix_exp";
  check_defined(op, self);
  check_square(op, self);
  Tensor y;
  {
    const AutoGradMode off(false);
    // Every squaring doubles the relative error, which float64 has room for.
    const bool single = type_of(self) == kFloat32;
    y = single ? cast_value(exponential(cast_value(self, kFloat64)), kFloat32) : exponential(self);
  }
  if (auto r = record(op, y, {self})) {
    r.save(self);
    // The upper right block of exp [[A^T, G], [0, A^T]] (Mathias, SIAM J. Matrix Anal. Appl. 17, 1996).
    r.rule([](Sweep& s) {
      const Tensor a = turned(s.saved(0));
      const std::int64_t n = a.size(-1);
      const Tensor upper = cat({a, s.g}, -1), lower = cat({zeros_like(a), a}, -1);
      s[0] = narrow(narrow(linalg_matrix_exp(cat({upper, lower}, -2)), -2, 0, n), -1, n, n);
    });
  }
  return y;
}
Tensor matrix_exp(const Tensor& self) { return linalg_matrix_exp(self); }

Tensor linalg_diagonal(const Tensor& A, std::int64_t offset, std::int64_t dim1, std::int64_t dim2) {
  return diagonal(A, offset, dim1, dim2);
}

Tensor linalg_vander(const Tensor& x, optional<std::int64_t> N) {
  constexpr const char* op = "linalg_vander";
  check_defined(op, x);
  check(x.dim() >= 1, op, "need a tensor of rank 1 or more, got ", x);
  const std::int64_t n = N.value_or(x.size(-1));
  check<ValueError>(n > 1, op, "N must be greater than 1, got ", n);
  Shape sizes(x.sizes());
  sizes.push_back(n - 1);
  Shape first = sizes;
  first[first.size() - 1] = 1;
  return cumprod(cat({cast(ones(first), type_of(x)), unsqueeze(x, -1).expand(sizes)}, -1), -1);
}

Tensor linalg_tensorinv(const Tensor& self, std::int64_t ind) {
  constexpr const char* op = "linalg_tensorinv";
  check_defined(op, self);
  check<ValueError>(ind > 0 && ind <= self.dim(), op, "ind must be in [1, ", self.dim(), "], got ", ind);
  const auto k = static_cast<std::size_t>(ind);
  const IntArrayRef rows = self.sizes().slice(0, k), columns = self.sizes().slice(k, self.sizes().size() - k);
  check(numel_of(rows) == numel_of(columns), op, "the first ", ind,
        " dims must have as many elements as the others: ", self);
  Shape sizes(columns);
  for (std::int64_t n : rows) sizes.push_back(n);
  return reshape(linalg_inv(reshape(self, {numel_of(rows), numel_of(columns)})), sizes);
}

Tensor linalg_tensorsolve(const Tensor& self, const Tensor& other, OptionalIntArrayRef dims) {
  constexpr const char* op = "linalg_tensorsolve";
  check_defined(op, self, other);
  check_one_dtype(op, self, other);
  Tensor a = self;
  if (dims) {
    Shape end;
    for (std::size_t k = 0; k < (*dims).size(); ++k)
      end.push_back(static_cast<std::int64_t>(k) - static_cast<std::int64_t>((*dims).size()));
    a = movedim(self, *dims, end);
  }
  check(a.dim() >= other.dim() && a.numel() == other.numel() * other.numel(), op,
        "self seen as a matrix must be square, with as many rows as other has elements: self is ", self, ", other is ",
        other);
  const auto k = static_cast<std::size_t>(other.dim());
  const Shape sizes(a.sizes().slice(k, a.sizes().size() - k));
  check(numel_of(sizes) == other.numel(), op, "the first ", other.dim(), " dims of self ", self,
        " must have as many elements as other ", other);
  return reshape(linalg_solve(reshape(a, {other.numel(), other.numel()}), reshape(other, {-1})), sizes);
}

}  // namespace gradtape::at
