#include "autograd/kernels/functors_activations.h"

#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {

GRADTAPE_LEVEL_UNARY_ANY(relu, Relu)
GRADTAPE_LEVEL_UNARY_ANY(hardtanh, Hardtanh)
GRADTAPE_LEVEL_UNARY_ANY(threshold, Threshold)
GRADTAPE_LEVEL_UNARY_FLOATING(sigmoid, Sigmoid)
GRADTAPE_LEVEL_UNARY_FLOATING(log_sigmoid, LogSigmoid)
GRADTAPE_LEVEL_UNARY_FLOATING(leaky_relu, LeakyRelu)
GRADTAPE_LEVEL_UNARY_FLOATING(elu, Elu)
GRADTAPE_LEVEL_UNARY_FLOATING(gelu, Gelu)
GRADTAPE_LEVEL_UNARY_FLOATING(gelu_tanh, GeluTanh)
GRADTAPE_LEVEL_UNARY_FLOATING(silu, Silu)
GRADTAPE_LEVEL_UNARY_FLOATING(mish, Mish)
GRADTAPE_LEVEL_UNARY_FLOATING(softplus, Softplus)
GRADTAPE_LEVEL_UNARY_FLOATING(hardsigmoid, Hardsigmoid)
GRADTAPE_LEVEL_UNARY_FLOATING(hardswish, Hardswish)
GRADTAPE_LEVEL_UNARY_FLOATING(hardshrink, Hardshrink)
GRADTAPE_LEVEL_UNARY_FLOATING(softshrink, Softshrink)
GRADTAPE_BINARY_FLOATING(prelu, Prelu)

}  // namespace gradtape::kernels
