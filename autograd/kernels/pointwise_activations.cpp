#include "autograd/kernels/functors_activations.h"

#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {

GRADTAPE_LEVEL_UNARY_ANY(relu, Relu)
GRADTAPE_UNARY_ANY(hardtanh, Hardtanh)
GRADTAPE_UNARY_ANY(threshold, Threshold)
GRADTAPE_LEVEL_UNARY_FLOATING(sigmoid, Sigmoid)
GRADTAPE_UNARY_FLOATING(log_sigmoid, LogSigmoid)
GRADTAPE_LEVEL_UNARY_FLOATING(leaky_relu, LeakyRelu)
GRADTAPE_UNARY_FLOATING(elu, Elu)
GRADTAPE_UNARY_FLOATING(gelu, Gelu)
GRADTAPE_UNARY_FLOATING(gelu_tanh, GeluTanh)
GRADTAPE_UNARY_FLOATING(silu, Silu)
GRADTAPE_UNARY_FLOATING(mish, Mish)
GRADTAPE_UNARY_FLOATING(softplus, Softplus)
GRADTAPE_UNARY_FLOATING(hardsigmoid, Hardsigmoid)
GRADTAPE_UNARY_FLOATING(hardswish, Hardswish)
GRADTAPE_UNARY_FLOATING(hardshrink, Hardshrink)
GRADTAPE_UNARY_FLOATING(softshrink, Softshrink)
GRADTAPE_BINARY_FLOATING(prelu, Prelu)

}  // namespace gradtape::kernels
