// The affine map of a layer, in one pass: product and bias together.
#include "autograd/kernels/gemm.h"
#include "autograd/kernels/reduce.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

kernels::Matrix matrix_of(const Tensor& t) {
  const Strides& s = t.impl()->strides;
  return {t.impl()->data, s[0], s[1]};
}

// The same products as of the differentiable rule, without views and nodes on the way.
void affine_backward(Sweep& s) {
  const ScalarType type = type_of(s.g);
  const std::int64_t m = shape_of(s.g)[0], n = shape_of(s.g)[1];
  const kernels::Matrix g = matrix_of(s.g);
  if (s.needs(0)) {
    const Tensor w = s.saved(1);
    const std::int64_t k = shape_of(w)[1];
    Tensor dx = new_tensor({m, k}, type);
    kernels::gemm(type, m, k, n, g, matrix_of(w), dx.impl()->data, k, nullptr);
    s[0] = std::move(dx);
  }
  if (s.needs(1)) {
    const Tensor x = s.saved(0);
    const std::int64_t k = shape_of(x)[1];
    Tensor dw = new_tensor({n, k}, type);
    kernels::gemm(type, n, k, m, {g.data, g.col, g.row}, matrix_of(x), dw.impl()->data, k, nullptr);
    s[1] = std::move(dw);
  }
  if (s.needs(2)) {
    const Tensor rows = plain(s.g);
    Tensor db = new_tensor({n}, type);
    kernels::reduce(kernels::Reduce::Sum, db.impl()->data, rows.impl()->data, type, 1, m, n);
    s[2] = std::move(db);
  }
}

// x [m, k], w [n, k], b [n] or undefined -> x w^T + b [m, n]
Tensor affine(const Tensor& x, const Tensor& w, const Tensor& b) {
  const std::int64_t m = shape_of(x)[0], k = shape_of(x)[1], n = shape_of(w)[0];
  Tensor y = new_tensor({m, n}, type_of(x));
  kernels::Matrix wt = matrix_of(w);
  std::swap(wt.row, wt.col);
  const Tensor bias = b.defined() ? plain(b) : b;
  kernels::gemm(type_of(x), m, n, k, matrix_of(x), wt, y.impl()->data, n, b.defined() ? bias.impl()->data : nullptr);
  if (auto r = record("linear", y, {x, w, b})) {
    r.save(x, r.needs(1));
    r.save(w, r.needs(0));
    r.rule([](Sweep& s) {
      if (!tls.grad_mode && type_of(s.g) != ScalarType::Verification) return affine_backward(s);
      if (s.needs(0)) s[0] = mm(s.g, s.saved(1));
      if (s.needs(1)) s[1] = mm(t(s.g), s.saved(0));
      if (s.needs(2)) s[2] = sum(s.g, 0);
    });
  }
  return y;
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias) {
  check_defined("linear", input, weight);
  if (mixed(input, weight, bias)) return linear(verified(input), verified(weight), verified(bias));
  check(input.dim() > 0 && (weight.dim() == 2 || weight.dim() == 1), "linear",
        "need input [*, in_features] and weight [out_features, in_features]: input is ", input, ", weight is ", weight);
  check(input.size(-1) == weight.size(-1), "linear", "inner sizes differ: input is ", input, ", weight is ", weight,
        "; need input.size(-1) == weight.size(1)");
  check<TypeError>(type_of(input) == type_of(weight) && (!bias.defined() || type_of(bias) == type_of(weight)), "linear",
                   "need one dtype: input is ", input, ", weight is ", weight, ", bias is ", bias,
                   "; convert with to()");
  const std::int64_t out = weight.dim() == 2 ? weight.size(0) : 1;
  check(!bias.defined() || bias.dim() == 0 || (bias.dim() == 1 && (bias.size(0) == 1 || bias.size(0) == out)), "linear",
        "bias must be [out_features]: bias is ", bias, ", weight is ", weight);
  const bool fused = weight.dim() == 2 && input.dim() >= 2 && type_of(input) != kBool &&
                     (!bias.defined() || (bias.dim() == 1 && bias.size(0) == out));
  if (!fused) {
    const Tensor y = matmul(input, weight.dim() == 2 ? t(weight) : weight);
    return bias.defined() ? y + bias : y;
  }
  if (input.dim() == 2) return affine(input, weight, bias);
  Shape sizes(input.sizes());
  sizes[sizes.size() - 1] = out;
  const std::int64_t rows = numel_of(input.sizes().slice(0, input.sizes().size() - 1));
  return reshape(affine(reshape(input, {rows, input.size(-1)}), weight, bias), sizes);
}

}  // namespace gradtape::at
