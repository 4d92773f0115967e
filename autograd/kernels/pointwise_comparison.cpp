#include "autograd/kernels/functors_comparison.h"

#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {

GRADTAPE_COMPARE(eq, Eq)
GRADTAPE_COMPARE(ne, Ne)
GRADTAPE_COMPARE(lt, Lt)
GRADTAPE_COMPARE(le, Le)
GRADTAPE_COMPARE(gt, Gt)
GRADTAPE_COMPARE(ge, Ge)
GRADTAPE_TEST(is_nan, IsNan)
GRADTAPE_TEST(is_zero, IsZero)
GRADTAPE_TEST(is_inf, IsInf)
GRADTAPE_TEST(is_finite, IsFinite)
GRADTAPE_TEST(is_posinf, IsPosInf)
GRADTAPE_TEST(is_neginf, IsNegInf)
GRADTAPE_TEST(sign_bit, SignBit)

}  // namespace gradtape::kernels
