// The methods of methods_linalg.inc.
#include "autograd/ops/common.h"

namespace gradtape::at {

#define GRADTAPE_PLAIN(name) \
  Tensor Tensor::name() const { return at::name(*this); }
GRADTAPE_PLAIN(inverse)
GRADTAPE_PLAIN(det)
GRADTAPE_PLAIN(logdet)
#undef GRADTAPE_PLAIN

#define GRADTAPE_BINARY(name) \
  Tensor Tensor::name(const Tensor& other) const { return at::name(*this, other); }
GRADTAPE_BINARY(matmul)
GRADTAPE_BINARY(mm)
GRADTAPE_BINARY(mv)
GRADTAPE_BINARY(dot)
GRADTAPE_BINARY(vdot)
GRADTAPE_BINARY(bmm)
GRADTAPE_BINARY(inner)
GRADTAPE_BINARY(outer)
GRADTAPE_BINARY(ger)
GRADTAPE_BINARY(kron)
#undef GRADTAPE_BINARY

#define GRADTAPE_SUM_WITH_PRODUCT(name)                                                                      \
  Tensor Tensor::name(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) const {     \
    return at::name(*this, a, b, beta, alpha);                                                               \
  }                                                                                                          \
  Tensor& Tensor::name##_(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) const { \
    ops::check_defined(#name "_", *this, a, b);                                                              \
    return ops::inplace(#name "_", *this, {a, b}, false,                                                     \
                        [&](const Tensor& self) { return at::name(self, a, b, beta, alpha); });              \
  }
GRADTAPE_SUM_WITH_PRODUCT(addmm)
GRADTAPE_SUM_WITH_PRODUCT(addmv)
GRADTAPE_SUM_WITH_PRODUCT(addr)
GRADTAPE_SUM_WITH_PRODUCT(addbmm)
GRADTAPE_SUM_WITH_PRODUCT(baddbmm)
#undef GRADTAPE_SUM_WITH_PRODUCT

Tensor Tensor::cross(const Tensor& other, optional<std::int64_t> dim) const { return at::cross(*this, other, dim); }
Tensor Tensor::matrix_power(std::int64_t n) const { return at::matrix_power(*this, n); }
std::tuple<Tensor, Tensor> Tensor::slogdet() const { return at::slogdet(*this); }
Tensor Tensor::pinverse(double rcond) const { return at::pinverse(*this, rcond); }
std::tuple<Tensor, Tensor> Tensor::triangular_solve(const Tensor& A, bool upper, bool transpose,
                                                    bool unitriangular) const {
  return at::triangular_solve(*this, A, upper, transpose, unitriangular);
}
Tensor Tensor::cholesky(bool upper) const { return at::cholesky(*this, upper); }
Tensor Tensor::cholesky_solve(const Tensor& input2, bool upper) const {
  return at::cholesky_solve(*this, input2, upper);
}
Tensor Tensor::cholesky_inverse(bool upper) const { return at::cholesky_inverse(*this, upper); }
std::tuple<Tensor, Tensor> Tensor::qr(bool some) const { return at::qr(*this, some); }
std::tuple<Tensor, Tensor, Tensor> Tensor::svd(bool some, bool compute_uv) const {
  return at::svd(*this, some, compute_uv);
}
Tensor Tensor::norm(const Scalar& p) const { return at::norm(*this, p); }
Tensor Tensor::norm(const optional<Scalar>& p, ScalarType dtype) const { return at::norm(*this, p, dtype); }
Tensor Tensor::norm(const optional<Scalar>& p, IntArrayRef dim, bool keepdim) const {
  return at::norm(*this, p, dim, keepdim);
}
Tensor Tensor::norm(const optional<Scalar>& p, IntArrayRef dim, bool keepdim, ScalarType dtype) const {
  return at::norm(*this, p, dim, keepdim, dtype);
}
Tensor Tensor::dist(const Tensor& other, const Scalar& p) const { return at::dist(*this, other, p); }

}  // namespace gradtape::at
