#include "autograd/kernels/functors_trigonometric.h"

#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {

GRADTAPE_LEVEL_UNARY_FLOATING(tanh, Tanh)

}  // namespace gradtape::kernels
