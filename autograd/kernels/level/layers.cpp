// Kernels of layers for one instruction-set level; see Note [Instruction-set levels].
#include "autograd/kernels/levels.h"

namespace gradtape::kernels::GRADTAPE_LEVEL {

#include "autograd/kernels/level/math.inc"
#include "autograd/kernels/level/math_hyperbolic.inc"
#include "autograd/kernels/level/sum.inc"
#include "autograd/kernels/level/vector_sums.inc"

#include "autograd/kernels/level/normalization.inc"
#include "autograd/kernels/level/pooling.inc"
#include "autograd/kernels/level/recurrent.inc"

const NormKernels<float> norm_f32 = norm_kernels<float>();
const NormKernels<double> norm_f64 = norm_kernels<double>();
const PoolKernels<float> pool_f32 = pool_kernels<float>();
const PoolKernels<double> pool_f64 = pool_kernels<double>();
const StepKernels<float> step_f32 = step_kernels<float>();
const StepKernels<double> step_f64 = step_kernels<double>();

}  // namespace gradtape::kernels::GRADTAPE_LEVEL
