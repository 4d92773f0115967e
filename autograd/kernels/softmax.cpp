#include "autograd/kernels/softmax.h"

#include "autograd/kernels/levels.h"

namespace gradtape::kernels {

void softmax(ScalarType dtype, void* y, const void* x, std::int64_t rows, std::int64_t n, bool logarithm) {
  if (dtype == ScalarType::Float) {
    level().softmax_f32(static_cast<float*>(y), static_cast<const float*>(x), rows, n, logarithm);
  } else {
    level().softmax_f64(static_cast<double*>(y), static_cast<const double*>(x), rows, n, logarithm);
  }
}

void softmax_backward(ScalarType dtype, void* out, const void* g, const void* y, std::int64_t rows, std::int64_t n,
                      bool logarithm) {
  if (dtype == ScalarType::Float) {
    level().softmax_backward_f32(static_cast<float*>(out), static_cast<const float*>(g), static_cast<const float*>(y),
                                 rows, n, logarithm);
  } else {
    level().softmax_backward_f64(static_cast<double*>(out), static_cast<const double*>(g),
                                 static_cast<const double*>(y), rows, n, logarithm);
  }
}

}  // namespace gradtape::kernels
