#include "autograd/kernels/functors_trigonometric.h"

#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {

GRADTAPE_UNARY_FLOATING(sin, Sin)
GRADTAPE_UNARY_FLOATING(cos, Cos)
GRADTAPE_UNARY_FLOATING(tan, Tan)
GRADTAPE_UNARY_FLOATING(asin, Asin)
GRADTAPE_UNARY_FLOATING(acos, Acos)
GRADTAPE_UNARY_FLOATING(atan, Atan)
GRADTAPE_UNARY_FLOATING(sinh, Sinh)
GRADTAPE_UNARY_FLOATING(cosh, Cosh)
GRADTAPE_LEVEL_UNARY_FLOATING(tanh, Tanh)
GRADTAPE_UNARY_FLOATING(asinh, Asinh)
GRADTAPE_UNARY_FLOATING(acosh, Acosh)
GRADTAPE_UNARY_FLOATING(atanh, Atanh)

}  // namespace gradtape::kernels
