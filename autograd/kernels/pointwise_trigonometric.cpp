#include "autograd/kernels/functors_trigonometric.h"

#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {

GRADTAPE_LEVEL_UNARY_FLOATING(sin, Sin)
GRADTAPE_LEVEL_UNARY_FLOATING(cos, Cos)
GRADTAPE_LEVEL_UNARY_FLOATING(tan, Tan)
GRADTAPE_LEVEL_UNARY_FLOATING(asin, Asin)
GRADTAPE_LEVEL_UNARY_FLOATING(acos, Acos)
GRADTAPE_LEVEL_UNARY_FLOATING(atan, Atan)
GRADTAPE_LEVEL_UNARY_FLOATING(sinh, Sinh)
GRADTAPE_LEVEL_UNARY_FLOATING(cosh, Cosh)
GRADTAPE_LEVEL_UNARY_FLOATING(tanh, Tanh)
GRADTAPE_LEVEL_UNARY_FLOATING(asinh, Asinh)
GRADTAPE_LEVEL_UNARY_FLOATING(acosh, Acosh)
GRADTAPE_LEVEL_UNARY_FLOATING(atanh, Atanh)

}  // namespace gradtape::kernels
