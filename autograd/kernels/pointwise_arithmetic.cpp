#include "autograd/kernels/functors_arithmetic.h"

#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {

GRADTAPE_UNARY_ANY(abs, Abs)
GRADTAPE_UNARY_ANY(neg, Neg)
GRADTAPE_UNARY_ANY(sign, Sign)
GRADTAPE_UNARY_ANY(square, Square)
GRADTAPE_UNARY_ANY(pow_scalar, PowScalar)
GRADTAPE_UNARY_ANY(clamp, Clamp)
GRADTAPE_UNARY_ANY(clamp_min, ClampMin)
GRADTAPE_UNARY_ANY(clamp_max, ClampMax)
GRADTAPE_UNARY_FLOATING(reciprocal, Reciprocal)
GRADTAPE_BINARY_ANY(add, Add)
GRADTAPE_BINARY_ANY(sub, Sub)
GRADTAPE_BINARY_ANY(mul, Mul)
GRADTAPE_BINARY_ANY(pow, Pow)
GRADTAPE_BINARY_ANY(maximum, Maximum)
GRADTAPE_BINARY_ANY(minimum, Minimum)
GRADTAPE_BINARY_FLOATING(div, Div)

}  // namespace gradtape::kernels
