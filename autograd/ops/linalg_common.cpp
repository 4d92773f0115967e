#include "autograd/ops/linalg_common.h"

#include "autograd/kernels/copy.h"

namespace gradtape::ops {

void check_matrices(const char* op, const Tensor& t) {
  check(t.dim() >= 2, op, "need a matrix or a batch of matrices [.., m, n], got ", t);
  check_floating(op, t);
}

void check_square(const char* op, const Tensor& t) {
  check_matrices(op, t);
  check(t.size(-1) == t.size(-2), op, "need square matrices [.., n, n], got ", t);
}

void check_one_dtype(const char* op, const Tensor& a, const Tensor& b) {
  check<TypeError>(type_of(a) == type_of(b), op, "need one dtype, got ", a, " and ", b, "; convert with to()");
}

Shape lead_of(const Tensor& t) { return Shape(t.sizes().slice(0, t.sizes().size() - 2)); }
Shape with_lead(const Shape& lead, std::int64_t m) {
  Shape s = lead;
  s.push_back(m);
  return s;
}
Shape with_lead(const Shape& lead, std::int64_t m, std::int64_t n) { return with_lead(with_lead(lead, m), n); }

Tensor fresh_copy(const Tensor& t, IntArrayRef sizes) {
  const AutoGradMode off(false);
  Tensor y = new_tensor(sizes, type_of(t));
  kernels::copy(array_of(y), array_of(shape_of(t) == sizes ? t : t.expand(sizes)));
  return y;
}

namespace {

Tensor places(std::int64_t n) { return arange(n, kInt64); }

}  // namespace

Tensor diagonal_matrix(const Tensor& t, const Tensor& rest) {
  const Tensor n = places(t.size(-1));
  const Tensor on = unsqueeze(n, 1) == n;
  return rest.defined() ? where(on, unsqueeze(t, -1), rest) : where(on, unsqueeze(t, -1), 0);
}

Tensor signs(const Tensor& x) {
  const AutoGradMode off(false);
  return cast(x > 0, type_of(x)) - cast(x < 0, type_of(x));
}

Tensor quotient_or_zero(const Tensor& x, const Tensor& y) {
  const Tensor zero = y == 0;
  return where(zero, 0, x / where(zero, 1, y));
}

void check_info(const char* op, const Tensor& info, const Tensor& self, const char* before, const char* after) {
  const auto* p = info.impl()->ptr<std::int32_t>();
  for (std::int64_t i = 0; i < info.numel(); ++i) {
    if (p[i] == 0) continue;
    const std::string which = info.numel() == 1 ? "" : "matrix " + std::to_string(i) + " of ";
    fail(op, which, self, before, p[i], after);
  }
}

}  // namespace gradtape::ops
