#include "autograd/kernels/functors_exponential.h"

#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {

GRADTAPE_LEVEL_UNARY_FLOATING(exp, Exp)
GRADTAPE_LEVEL_UNARY_FLOATING(exp2, Exp2)
GRADTAPE_LEVEL_UNARY_FLOATING(expm1, Expm1)
GRADTAPE_LEVEL_UNARY_FLOATING(log, Log)
GRADTAPE_LEVEL_UNARY_FLOATING(log1p, Log1p)
GRADTAPE_LEVEL_UNARY_FLOATING(log2, Log2)
GRADTAPE_LEVEL_UNARY_FLOATING(log10, Log10)
GRADTAPE_LEVEL_UNARY_FLOATING(sqrt, Sqrt)
GRADTAPE_LEVEL_UNARY_FLOATING(rsqrt, Rsqrt)

}  // namespace gradtape::kernels
