// Products beside matmul: sums with products, outer products, contractions, powers.
#include <limits>

#include "autograd/ops/linalg_common.h"

namespace gradtape::ops {
namespace {

void check_factor(const char* op, const Scalar& v, const char* name, const Tensor& self) {
  check(is_floating(type_of(self)) || !v.isFloatingPoint(), op, name, " is ", v, ", but self holds integers: ", self);
}

// beta self + alpha product, self spread over the product. With beta = 0 the values of self do not count, NaN neither.
Tensor blend(const char* op, const Tensor& self, const Tensor& product, const Scalar& beta, const Scalar& alpha) {
  check_one_dtype(op, self, product);
  check(is_expandable_to(self.sizes(), product.sizes()), op, "self ", self, " cannot be expanded to the product ",
        product);
  check_factor(op, beta, "beta", self);
  check_factor(op, alpha, "alpha", self);
  const Tensor p = alpha.toDouble() == 1 ? product : mul(product, alpha);
  if (beta.toDouble() != 0) return (beta.toDouble() == 1 ? self : mul(self, beta)) + p;
  Tensor y = core::make_alias(*p.impl());
  if (auto r = record(op, y, {self, p})) {
    r.rule([](Sweep& s) {
      if (s.needs(0)) s[0] = zeros_like(s.g);
      if (s.needs(1)) s[1] = s.g;
    });
  }
  return y;
}

void check_rank(const char* op, const Tensor& t, std::int64_t rank, const char* what) {
  check(t.dim() == rank, op, "need ", what, ", got ", t);
}

// Sizes of `dims` of t, multiplied.
std::int64_t product_of(const Tensor& t, const Shape& dims) {
  std::int64_t n = 1;
  for (std::int64_t d : dims) n *= t.size(d);
  return n;
}

// Order of multiplication with the fewest scalar products (Cormen et al., Introduction to Algorithms, 15.2).
// split[i][j]: where the product of the matrices i .. j is cut.
std::vector<std::vector<std::size_t>> best_splits(const std::vector<Tensor>& m) {
  const std::size_t n = m.size();
  std::vector<std::vector<double>> cost(n, std::vector<double>(n, 0));
  std::vector<std::vector<std::size_t>> split(n, std::vector<std::size_t>(n, 0));
  for (std::size_t length = 1; length < n; ++length)
    for (std::size_t i = 0; i + length < n; ++i) {
      const std::size_t j = i + length;
      cost[i][j] = std::numeric_limits<double>::infinity();
      for (std::size_t k = i; k < j; ++k) {
        const double here =
            cost[i][k] + cost[k + 1][j] +
            static_cast<double>(m[i].size(0)) * static_cast<double>(m[k].size(1)) * static_cast<double>(m[j].size(1));
        if (here < cost[i][j]) {
          cost[i][j] = here;
          split[i][j] = k;
        }
      }
    }
  return split;
}

Tensor multiply(const std::vector<Tensor>& m, const std::vector<std::vector<std::size_t>>& split, std::size_t i,
                std::size_t j) {
  if (i == j) return m[i];
  const std::size_t k = split[i][j];
  return mm(multiply(m, split, i, k), multiply(m, split, k + 1, j));
}

Tensor product_of_chain(const char* op, std::vector<Tensor> m) {
  for (std::size_t i = 0; i + 1 < m.size(); ++i)
    check(m[i].size(1) == m[i + 1].size(0), op, "inner sizes differ: matrix ", static_cast<std::int64_t>(i), " is ",
          m[i], ", the next is ", m[i + 1]);
  return multiply(m, best_splits(m), 0, m.size() - 1);
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor addmm(const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) {
  check_defined("addmm", self, mat1, mat2);
  return blend("addmm", self, mm(mat1, mat2), beta, alpha);
}
Tensor addmv(const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta, const Scalar& alpha) {
  check_defined("addmv", self, mat, vec);
  return blend("addmv", self, mv(mat, vec), beta, alpha);
}
Tensor addr(const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta, const Scalar& alpha) {
  check_defined("addr", self, vec1, vec2);
  // Unlike the other products, an outer product promotes.
  const ScalarType dtype = promote_types(type_of(self), promote_types(type_of(vec1), type_of(vec2)));
  return blend("addr", cast(self, dtype), outer(cast(vec1, dtype), cast(vec2, dtype)), beta, alpha);
}
Tensor baddbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta,
               const Scalar& alpha) {
  check_defined("baddbmm", self, batch1, batch2);
  return blend("baddbmm", self, bmm(batch1, batch2), beta, alpha);
}
Tensor addbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) {
  check_defined("addbmm", self, batch1, batch2);
  check(batch1.dim() == 3 && batch2.dim() == 3 && batch1.size(0) == batch2.size(0) && batch1.size(2) == batch2.size(1),
        "addbmm", "need batch1 [b, n, k] and batch2 [b, k, m], got ", batch1, " and ", batch2);
  // The sum over the batch is one more inner dimension.
  const std::int64_t b = batch1.size(0), n = batch1.size(1), k = batch1.size(2), m = batch2.size(2);
  const Tensor product = mm(reshape(permute(batch1, {1, 0, 2}), {n, b * k}), reshape(batch2, {b * k, m}));
  return blend("addbmm", self, product, beta, alpha);
}

#define GRADTAPE_OUT(name)                                                                                  \
  Tensor& name##_out(Tensor& out, const Tensor& self, const Tensor& a, const Tensor& b, const Scalar& beta, \
                     const Scalar& alpha) {                                                                 \
    return store_out(#name "_out", out, name(self, a, b, beta, alpha));                                     \
  }
GRADTAPE_OUT(addmm)
GRADTAPE_OUT(addmv)
GRADTAPE_OUT(addr)
GRADTAPE_OUT(addbmm)
GRADTAPE_OUT(baddbmm)
#undef GRADTAPE_OUT

Tensor& mm_out(Tensor& out, const Tensor& self, const Tensor& mat2) { return store_out("mm_out", out, mm(self, mat2)); }
Tensor& bmm_out(Tensor& out, const Tensor& self, const Tensor& mat2) {
  return store_out("bmm_out", out, bmm(self, mat2));
}
Tensor& mv_out(Tensor& out, const Tensor& self, const Tensor& vec) { return store_out("mv_out", out, mv(self, vec)); }
Tensor& matmul_out(Tensor& out, const Tensor& self, const Tensor& other) {
  return store_out("matmul_out", out, matmul(self, other));
}

Tensor vdot(const Tensor& self, const Tensor& other) { return dot(self, other); }

Tensor outer(const Tensor& self, const Tensor& vec2) {
  check_defined("outer", self, vec2);
  check_rank("outer", self, 1, "self to be a vector");
  check_rank("outer", vec2, 1, "vec2 to be a vector");
  return unsqueeze(self, 1) * vec2;
}
Tensor ger(const Tensor& self, const Tensor& vec2) { return outer(self, vec2); }

Tensor inner(const Tensor& self, const Tensor& other) {
  check_defined("inner", self, other);
  check_one_dtype("inner", self, other);
  if (self.dim() == 0 || other.dim() == 0) return self * other;
  check(self.size(-1) == other.size(-1), "inner", "last sizes differ: self is ", self, ", other is ", other);
  return tensordot(self, other, {-1}, {-1});
}

Tensor tensordot(const Tensor& self, const Tensor& other, IntArrayRef dims_self, IntArrayRef dims_other) {
  check_defined("tensordot", self, other);
  check_one_dtype("tensordot", self, other);
  check(dims_self.size() == dims_other.size(), "tensordot", "need as many dims of self as of other, got ", dims_self,
        " and ", dims_other);
  Tensor a = self, b = other;
  Shape summed_a, summed_b, order_a, order_b, sizes;
  std::uint32_t used_a = 0, used_b = 0;
  for (std::size_t i = 0; i < dims_self.size(); ++i) {
    const std::int64_t p = wrap_dim("tensordot", dims_self[i], self.dim());
    const std::int64_t q = wrap_dim("tensordot", dims_other[i], other.dim());
    check(!(used_a >> p & 1u) && !(used_b >> q & 1u), "tensordot", "a dim appears twice in ", dims_self, " or ",
          dims_other);
    used_a |= 1u << p;
    used_b |= 1u << q;
    // A size of 1 is spread over the other's.
    if (a.size(p) == 1 && b.size(q) != 1) b = sum(b, q, true, type_of(b));
    if (b.size(q) == 1 && a.size(p) != 1) a = sum(a, p, true, type_of(a));
    check(a.size(p) == b.size(q), "tensordot", "dim ", p, " of self ", self, " and dim ", q, " of other ", other,
          " differ in size");
    summed_a.push_back(p);
    summed_b.push_back(q);
  }
  for (std::int64_t d = 0; d < a.dim(); ++d) {
    if (used_a >> d & 1u) continue;
    order_a.push_back(d);
    sizes.push_back(a.size(d));
  }
  const std::int64_t rows = product_of(a, order_a), k = product_of(a, summed_a);
  for (std::int64_t d : summed_a) order_a.push_back(d);
  order_b = summed_b;
  std::int64_t columns = 1;
  for (std::int64_t d = 0; d < b.dim(); ++d) {
    if (used_b >> d & 1u) continue;
    order_b.push_back(d);
    sizes.push_back(b.size(d));
    columns *= b.size(d);
  }
  return reshape(mm(reshape(permute(a, order_a), {rows, k}), reshape(permute(b, order_b), {k, columns})), sizes);
}

Tensor kron(const Tensor& self, const Tensor& other) {
  check_defined("kron", self, other);
  const std::size_t rank = static_cast<std::size_t>(std::max(self.dim(), other.dim()));
  Shape a, b, sizes;
  const auto size_of = [&](const Tensor& t, std::size_t d) {
    const std::size_t missing = rank - static_cast<std::size_t>(t.dim());
    return d < missing ? std::int64_t{1} : t.size(static_cast<std::int64_t>(d - missing));
  };
  for (std::size_t d = 0; d < rank; ++d) {
    const std::int64_t p = size_of(self, d), q = size_of(other, d);
    a.push_back(p), a.push_back(1);
    b.push_back(1), b.push_back(q);
    sizes.push_back(p * q);
  }
  return reshape(reshape(self, a) * reshape(other, b), sizes);
}

Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const Tensor& bias) {
  constexpr const char* op = "bilinear";
  check_defined(op, input1, input2, weight);
  check_rank(op, weight, 3, "weight [out_features, in1_features, in2_features]");
  check_one_dtype(op, input1, weight);
  check_one_dtype(op, input2, weight);
  const auto lead = [](const Tensor& t) { return Shape(t.sizes().slice(0, t.sizes().size() - 1)); };
  check(input1.dim() > 0 && input1.dim() == input2.dim() && lead(input1) == lead(input2) &&
            input1.size(-1) == weight.size(1) && input2.size(-1) == weight.size(2),
        op, "need input1 [*, in1_features] and input2 [*, in2_features] with the same leading sizes: input1 is ",
        input1, ", input2 is ", input2, ", weight is ", weight);
  check(!bias.defined() || (bias.dim() == 1 && bias.size(0) == weight.size(0)), op,
        "bias must be [out_features]: bias is ", bias, ", weight is ", weight);
  const std::int64_t out = weight.size(0), in1 = weight.size(1), in2 = weight.size(2);
  const Shape shape = lead(input1);
  const std::int64_t rows = numel_of(shape);
  const Tensor left = reshape(mm(reshape(input1, {rows, in1}), reshape(permute(weight, {1, 0, 2}), {in1, out * in2})),
                              {rows, out, in2});
  const Tensor y = reshape(bmm(left, reshape(input2, {rows, in2, 1})), with_lead(shape, out));
  return bias.defined() ? y + bias : y;
}

Tensor chain_matmul(TensorList matrices) {
  check(!matrices.empty(), "chain_matmul", "need at least one matrix");
  for (const Tensor& t : matrices) {
    check_defined("chain_matmul", t);
    check_rank("chain_matmul", t, 2, "matrices");
  }
  return product_of_chain("chain_matmul", matrices.vec());
}
Tensor linalg_multi_dot(TensorList tensors) {
  check(tensors.size() >= 2, "linalg_multi_dot", "need at least two tensors");
  std::vector<Tensor> m = tensors.vec();
  for (std::size_t i = 0; i < m.size(); ++i) {
    check_defined("linalg_multi_dot", m[i]);
    const bool end = i == 0 || i + 1 == m.size();
    check(m[i].dim() == 2 || (end && m[i].dim() == 1), "linalg_multi_dot",
          "need matrices, the first and last may be vectors, got ", m[i]);
  }
  const bool row = m.front().dim() == 1, column = m.back().dim() == 1;
  if (row) m.front() = unsqueeze(m.front(), 0);
  if (column) m.back() = unsqueeze(m.back(), 1);
  Tensor y = product_of_chain("linalg_multi_dot", std::move(m));
  if (row) y = squeeze(y, 0);
  return column ? squeeze(y, -1) : y;
}

Tensor linalg_matrix_power(const Tensor& self, std::int64_t n) {
  constexpr const char* op = "linalg_matrix_power";
  check_defined(op, self);
  check(self.dim() >= 2 && self.size(-1) == self.size(-2), op, "need square matrices [.., n, n], got ", self);
  if (n == 0) {
    Tensor y = fresh_copy(cast_value(eye(self.size(-1)), type_of(self)), self.sizes());
    if (auto r = record(op, y, {self})) r.rule([](Sweep& s) { s[0] = zeros_like(s.g); });
    return y;
  }
  Tensor square = n < 0 ? linalg_inv(self) : self;
  Tensor y;
  for (std::int64_t rest = n < 0 ? -n : n; rest; rest >>= 1) {
    if (rest & 1) y = y.defined() ? matmul(y, square) : square;
    if (rest > 1) square = matmul(square, square);
  }
  return n == 1 ? clone(y) : y;
}
Tensor matrix_power(const Tensor& self, std::int64_t n) { return linalg_matrix_power(self, n); }

Tensor linalg_matmul(const Tensor& self, const Tensor& other) { return matmul(self, other); }
Tensor linalg_vecdot(const Tensor& x, const Tensor& y, std::int64_t dim) {
  check_defined("linalg_vecdot", x, y);
  return sum(x * y, dim);
}

Tensor linalg_cross(const Tensor& self, const Tensor& other, std::int64_t dim) {
  constexpr const char* op = "linalg_cross";
  check_defined(op, self, other);
  check(self.dim() == other.dim(), op, "need tensors of one rank: self is ", self, ", other is ", other);
  const std::int64_t d = wrap_dim(op, dim, self.dim());
  check(self.dim() > 0 && self.size(d) == 3 && other.size(d) == 3, op, "dim ", dim, " must have size 3: self is ", self,
        ", other is ", other);
  const Shape shape = broadcast_shapes(op, self.sizes(), other.sizes());
  const Tensor a = self.expand(shape), b = other.expand(shape);
  const auto part = [d](const Tensor& t, std::int64_t k) { return select(t, d, k); };
  std::vector<Tensor> y;
  for (std::int64_t k = 0; k < 3; ++k) {
    const std::int64_t p = (k + 1) % 3, q = (k + 2) % 3;
    y.push_back(part(a, p) * part(b, q) - part(a, q) * part(b, p));
  }
  return stack(y, d);
}
Tensor cross(const Tensor& self, const Tensor& other, optional<std::int64_t> dim) {
  check_defined("cross", self, other);
  if (dim) return linalg_cross(self, other, *dim);
  for (std::int64_t d = 0; d < self.dim(); ++d)
    if (self.size(d) == 3) return linalg_cross(self, other, d);
  fail("cross", "need a dim of size 3: self is ", self);
}

}  // namespace gradtape::at
