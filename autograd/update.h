#pragma once
// What optimizers are made of: one pass over a parameter that changes it, and the optimizer's memory of it, by its
// gradient. Unrecorded changes in place: parameter and memory rise in version, the gradient is only read. All tensors
// have the parameter's shape and dtype, float32 or float64.
#include "tensor.h"

namespace gradtape::update {

struct SgdNumbers {
  double lr;
  double momentum = 0, dampening = 0, weight_decay = 0;
  bool nesterov = false;
  bool first = false;  // the buffer holds nothing yet: b = d
};
// d = g + weight_decay p;  b = momentum b + (1 - dampening) d;  p -= lr (nesterov ? d + momentum b : b).
// Without momentum there is no buffer (undefined) and p -= lr d.
void sgd_(const Tensor& param, const Tensor& grad, const Tensor& buffer, const SgdNumbers& n);

struct AdamNumbers {
  double lr, beta1, beta2, eps, weight_decay;
  double correction1, correction2;  // 1 - beta1^t, 1 - beta2^t at step t = 1, 2, ..
};
// d = g + weight_decay p;  m = beta1 m + (1 - beta1) d;  v = beta2 v + (1 - beta2) d^2;  x = max(x, v) where x is
// defined, else v;  p -= lr / correction1 m / ((x / correction2)^(1/2) + eps)
void adam_(const Tensor& param, const Tensor& grad, const Tensor& m, const Tensor& v, const Tensor& x,
           const AdamNumbers& n);

}  // namespace gradtape::update
