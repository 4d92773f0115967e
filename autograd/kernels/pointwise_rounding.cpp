#include "autograd/kernels/functors_rounding.h"

#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {

GRADTAPE_UNARY_ANY(sign, Sign)
GRADTAPE_LEVEL_UNARY_ANY(floor, Floor)
GRADTAPE_LEVEL_UNARY_ANY(ceil, Ceil)
GRADTAPE_LEVEL_UNARY_ANY(trunc, Trunc)
GRADTAPE_LEVEL_UNARY_ANY(round, Round)
GRADTAPE_UNARY_FLOATING(round_to, RoundTo)
GRADTAPE_UNARY_FLOATING(frac, Frac)
GRADTAPE_UNARY_FLOATING(nan_to_num, NanToNum)

}  // namespace gradtape::kernels
