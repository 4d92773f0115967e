#include "autograd/kernels/functors_bits.h"

#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {
namespace {

template <class F>
void dispatch_bits(ScalarType t, F f) {
  dispatch_all(t, [&](auto v) {
    if constexpr (std::is_integral_v<decltype(v)>) f(v);
  });
}
template <class F>
void dispatch_integers(ScalarType t, F f) {
  dispatch_bits(t, [&](auto v) {
    if constexpr (!std::is_same_v<decltype(v), bool>) f(v);
  });
}

}  // namespace

GRADTAPE_KERNEL1(bitwise_not, dispatch_bits, T, BitNot)
GRADTAPE_KERNEL2(bitwise_and, dispatch_bits, T, BitAnd)
GRADTAPE_KERNEL2(bitwise_or, dispatch_bits, T, BitOr)
GRADTAPE_KERNEL2(bitwise_xor, dispatch_bits, T, BitXor)
GRADTAPE_KERNEL2(left_shift, dispatch_integers, T, LeftShift)
GRADTAPE_KERNEL2(right_shift, dispatch_integers, T, RightShift)
GRADTAPE_KERNEL2(gcd, dispatch_integers, T, Gcd)
GRADTAPE_KERNEL2(lcm, dispatch_integers, T, Lcm)

}  // namespace gradtape::kernels
