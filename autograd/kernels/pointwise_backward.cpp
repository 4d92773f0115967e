#include "autograd/kernels/functors_backward.h"

#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {

GRADTAPE_LEVEL_BINARY_ANY(threshold_backward, ThresholdBackward)
GRADTAPE_LEVEL_BINARY_FLOATING(sigmoid_backward, SigmoidBackward)
GRADTAPE_LEVEL_BINARY_FLOATING(tanh_backward, TanhBackward)
GRADTAPE_LEVEL_BINARY_FLOATING(bce_backward, BceBackward)
GRADTAPE_LEVEL_BINARY_FLOATING(bce_logits_backward, BceLogitsBackward)
GRADTAPE_LEVEL_BINARY_FLOATING(mse_backward, MseBackward)
GRADTAPE_LEVEL_BINARY_FLOATING(huber_backward, HuberBackward)

void derivative(LevelRun* which, const Array& out, const Array& gradient, const Array& value, Params params) {
  map(which(out.dtype), params, out, gradient, value);
}

}  // namespace gradtape::kernels
