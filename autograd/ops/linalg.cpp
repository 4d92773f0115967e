// Matrix products.
#include "autograd/kernels/gemm.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

ScalarType product_dtype(const char* op, const Tensor& a, const Tensor& b) {
  check<TypeError>(type_of(a) == type_of(b), op, "need one dtype: self is ", a, ", other is ", b,
                   "; convert with to()");
  check<TypeError>(type_of(a) != kBool, op, "bool tensors have no product: ", a);
  return type_of(a);
}

kernels::Matrix matrix_of(const Tensor& t) {
  const Strides& s = t.impl()->strides;
  const std::size_t n = s.size();
  return {t.impl()->data, s[n - 2], s[n - 1]};
}

// a [.., n, k], b [.., k, m], the same leading sizes, given as strided tensors; not recorded.
Tensor batched_product(const Tensor& a, const Tensor& b, ScalarType dtype) {
  const Shape& x = shape_of(a);
  const std::size_t rank = x.size();
  const std::int64_t n = x[rank - 2], k = x[rank - 1], m = shape_of(b)[rank - 1];
  Shape sizes = x;
  sizes[rank - 1] = m;
  Tensor y = new_tensor(sizes, dtype);
  std::int64_t batches = 1;
  for (std::size_t d = 0; d + 2 < rank; ++d) batches *= x[d];
  kernels::Matrix p = matrix_of(a), q = matrix_of(b);
  const std::int64_t element = element_size(dtype);
  for (std::int64_t i = 0; i < batches; ++i) {
    std::int64_t rest = i, pa = 0, qb = 0;
    for (std::size_t d = rank - 2; d-- > 0;) {
      pa += rest % x[d] * a.impl()->strides[d];
      qb += rest % x[d] * b.impl()->strides[d];
      rest /= x[d];
    }
    kernels::gemm(dtype, n, m, k, {static_cast<const char*>(p.data) + pa * element, p.row, p.col},
                  {static_cast<const char*>(q.data) + qb * element, q.row, q.col}, y.impl()->data + i * n * m * element,
                  m);
  }
  return y;
}

void check_inner(const char* op, const Tensor& a, const Tensor& b, std::int64_t x, std::int64_t y, const char* need) {
  check(x == y, op, "inner sizes differ: self is ", a, ", other is ", b, "; need ", need);
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor mm(const Tensor& self, const Tensor& mat2) {
  check_defined("mm", self, mat2);
  if (mixed(self, mat2)) return mm(verified(self), verified(mat2));
  check(self.dim() == 2 && mat2.dim() == 2, "mm", "need two matrices: self is ", self, ", mat2 is ", mat2);
  check_inner("mm", self, mat2, self.size(1), mat2.size(0), "self.size(1) == mat2.size(0)");
  Tensor y = batched_product(self, mat2, product_dtype("mm", self, mat2));
  if (auto r = record("mm", y, {self, mat2})) {
    r.save(self, r.needs(1));
    r.save(mat2, r.needs(0));
    r.rule([](Sweep& s) {
      if (s.needs(0)) s[0] = mm(s.g, t(s.saved(1)));
      if (s.needs(1)) s[1] = mm(t(s.saved(0)), s.g);
    });
  }
  return y;
}

Tensor bmm(const Tensor& self, const Tensor& mat2) {
  check_defined("bmm", self, mat2);
  if (mixed(self, mat2)) return bmm(verified(self), verified(mat2));
  check(self.dim() == 3 && mat2.dim() == 3 && self.size(0) == mat2.size(0), "bmm",
        "need two batches of as many matrices: self is ", self, ", mat2 is ", mat2);
  check_inner("bmm", self, mat2, self.size(2), mat2.size(1), "self.size(2) == mat2.size(1)");
  Tensor y = batched_product(self, mat2, product_dtype("bmm", self, mat2));
  if (auto r = record("bmm", y, {self, mat2})) {
    r.save(self, r.needs(1));
    r.save(mat2, r.needs(0));
    r.rule([](Sweep& s) {
      if (s.needs(0)) s[0] = bmm(s.g, transpose(s.saved(1), 1, 2));
      if (s.needs(1)) s[1] = bmm(transpose(s.saved(0), 1, 2), s.g);
    });
  }
  return y;
}

Tensor mv(const Tensor& self, const Tensor& vec) {
  check_defined("mv", self, vec);
  check(self.dim() == 2 && vec.dim() == 1, "mv", "need a matrix and a vector: self is ", self, ", vec is ", vec);
  check_inner("mv", self, vec, self.size(1), vec.size(0), "self.size(1) == vec.size(0)");
  return squeeze(mm(self, unsqueeze(vec, 1)), 1);
}

Tensor dot(const Tensor& self, const Tensor& other) {
  check_defined("dot", self, other);
  if (mixed(self, other)) return dot(verified(self), verified(other));
  check(self.dim() == 1 && other.dim() == 1, "dot", "need two vectors: self is ", self, ", other is ", other);
  check_inner("dot", self, other, self.size(0), other.size(0), "self.size(0) == other.size(0)");
  const ScalarType t = product_dtype("dot", self, other);
  const Tensor terms = mul(self, other);
  return is_floating(t) ? sum(terms) : sum(terms, t);
}

Tensor matmul(const Tensor& self, const Tensor& other) {
  check_defined("matmul", self, other);
  if (mixed(self, other)) return matmul(verified(self), verified(other));
  check(self.dim() > 0 && other.dim() > 0, "matmul", "0-d tensors have no matrix product: self is ", self,
        ", other is ", other, "; use mul()");
  const std::int64_t inner = other.dim() == 1 ? other.size(0) : other.size(-2);
  check_inner("matmul", self, other, self.size(-1), inner,
              other.dim() == 1 ? "self.size(-1) == other.size(0)" : "self.size(-1) == other.size(-2)");
  product_dtype("matmul", self, other);
  if (self.dim() == 1 && other.dim() == 1) return dot(self, other);
  if (self.dim() == 2 && other.dim() == 1) return mv(self, other);
  if (self.dim() == 1 && other.dim() == 2) return squeeze(mm(unsqueeze(self, 0), other), 0);
  if (self.dim() == 2 && other.dim() == 2) return mm(self, other);
  const Tensor a = self.dim() == 1 ? unsqueeze(self, 0) : self;
  const Tensor b = other.dim() == 1 ? unsqueeze(other, 1) : other;
  const std::int64_t n = a.size(-2), k = a.size(-1), m = b.size(-1);
  Tensor y;
  if (b.dim() == 2) {
    // One product for all leading rows.
    Shape sizes(a.sizes());
    sizes[sizes.size() - 1] = m;
    y = reshape(mm(reshape(a, {numel_of(a.sizes().slice(0, a.sizes().size() - 1)), k}), b), sizes);
  } else {
    const Shape lead =
        broadcast_shapes("matmul", a.sizes().slice(0, a.sizes().size() - 2), b.sizes().slice(0, b.sizes().size() - 2));
    Shape sa = lead, sb = lead, sy = lead;
    sa.push_back(n), sa.push_back(k);
    sb.push_back(k), sb.push_back(m);
    sy.push_back(n), sy.push_back(m);
    const std::int64_t batches = numel_of(lead);
    y = reshape(bmm(reshape(a.expand(sa), {batches, n, k}), reshape(b.expand(sb), {batches, k, m})), sy);
  }
  if (self.dim() == 1) y = squeeze(y, -2);
  if (other.dim() == 1) y = squeeze(y, -1);
  return y;
}

}  // namespace gradtape::at
