#include "autograd/kernels/functors_activations.h"

#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {

GRADTAPE_LEVEL_UNARY_ANY(relu, Relu)
GRADTAPE_LEVEL_UNARY_FLOATING(sigmoid, Sigmoid)
GRADTAPE_LEVEL_UNARY_FLOATING(leaky_relu, LeakyRelu)

}  // namespace gradtape::kernels
