#pragma once
// Updates of a parameter by its gradient, each one pass; formulas in autograd/update.h. The arrays have one shape and
// one dtype, float32 or float64, and no two share memory.
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

struct SgdNumbers {
  double lr, momentum, dampening, weight_decay;
  bool nesterov, first;
};
// buffer: null without momentum.
void sgd(const Array& param, const Array& grad, const Array* buffer, const SgdNumbers& n);

struct AdamNumbers {
  double lr, beta1, beta2, eps, weight_decay, correction1, correction2;
};
// largest: null without amsgrad.
void adam(const Array& param, const Array& grad, const Array& m, const Array& v, const Array* largest,
          const AdamNumbers& n);

}  // namespace gradtape::kernels
