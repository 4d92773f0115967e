#include "autograd/kernels/functors_exponential.h"

#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {

GRADTAPE_LEVEL_UNARY_FLOATING(exp, Exp)
GRADTAPE_LEVEL_UNARY_FLOATING(log, Log)
GRADTAPE_LEVEL_UNARY_FLOATING(sqrt, Sqrt)

}  // namespace gradtape::kernels
