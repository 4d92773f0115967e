#include "autograd/kernels/functors_pairs.h"

#include "autograd/kernels/functors_division.h"
#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {
namespace {

template <class F>
void dispatch_numbers(ScalarType t, F f) {
  dispatch_all(t, [&](auto v) {
    if constexpr (!std::is_same_v<decltype(v), bool>) f(v);
  });
}

}  // namespace

GRADTAPE_KERNEL2(trunc_divide, dispatch_numbers, T, TruncDivide)
GRADTAPE_KERNEL2(floor_divide, dispatch_numbers, T, FloorDivide)
GRADTAPE_KERNEL2(fmod, dispatch_numbers, T, Fmod)
GRADTAPE_KERNEL2(remainder, dispatch_numbers, T, Remainder)

GRADTAPE_LEVEL_BINARY_FLOATING(atan2, Atan2)
GRADTAPE_BINARY_FLOATING(hypot, Hypot)
GRADTAPE_BINARY_FLOATING(logaddexp, LogAddExp)
GRADTAPE_BINARY_FLOATING(logaddexp2, LogAddExp2)
GRADTAPE_BINARY_FLOATING(xlogy, Xlogy)
GRADTAPE_BINARY_ANY(fmax, Fmax)
GRADTAPE_BINARY_ANY(fmin, Fmin)
GRADTAPE_BINARY_FLOATING(copysign, CopySign)
GRADTAPE_BINARY_FLOATING(nextafter, NextAfter)
GRADTAPE_BINARY_ANY(heaviside, Heaviside)

GRADTAPE_KERNEL3(lerp, dispatch_floating, Lerp)
GRADTAPE_KERNEL3(addcmul, dispatch_all, AddCMul)
GRADTAPE_KERNEL3(addcdiv, dispatch_floating, AddCDiv)

}  // namespace gradtape::kernels
