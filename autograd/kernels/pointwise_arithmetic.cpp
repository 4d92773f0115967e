#include "autograd/kernels/functors_arithmetic.h"

#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {

GRADTAPE_LEVEL_UNARY_ANY(abs, Abs)
GRADTAPE_LEVEL_UNARY_ANY(neg, Neg)
GRADTAPE_LEVEL_UNARY_ANY(square, Square)
GRADTAPE_UNARY_ANY(pow_scalar, PowScalar)
GRADTAPE_LEVEL_UNARY_ANY(clamp, Clamp)
GRADTAPE_LEVEL_UNARY_ANY(clamp_min, ClampMin)
GRADTAPE_LEVEL_UNARY_ANY(clamp_max, ClampMax)
GRADTAPE_LEVEL_UNARY_FLOATING(reciprocal, Reciprocal)
GRADTAPE_LEVEL_BINARY_ANY(add, Add)
GRADTAPE_LEVEL_BINARY_ANY(sub, Sub)
GRADTAPE_LEVEL_BINARY_ANY(mul, Mul)
GRADTAPE_BINARY_ANY(pow, Pow)
GRADTAPE_LEVEL_BINARY_ANY(maximum, Maximum)
GRADTAPE_LEVEL_BINARY_ANY(minimum, Minimum)
GRADTAPE_LEVEL_BINARY_FLOATING(div, Div)

}  // namespace gradtape::kernels
