#include "autograd/kernels/functors_special.h"

#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {

GRADTAPE_LEVEL_UNARY_FLOATING(erf, Erf)
GRADTAPE_LEVEL_UNARY_FLOATING(erfc, Erfc)
GRADTAPE_UNARY_FLOATING(erfinv, Erfinv)
GRADTAPE_UNARY_FLOATING(lgamma, Lgamma)
GRADTAPE_UNARY_FLOATING(digamma, Digamma)
GRADTAPE_UNARY_FLOATING(polygamma, Polygamma)
GRADTAPE_UNARY_FLOATING(logit, Logit)

}  // namespace gradtape::kernels
