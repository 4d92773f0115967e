// Kernels of layers for one instruction-set level; see Note [Instruction-set levels].
#include "autograd/kernels/levels.h"

namespace gradtape::kernels::GRADTAPE_LEVEL {

#include "autograd/kernels/level/math.inc"
#include "autograd/kernels/level/sum.inc"
#include "autograd/kernels/level/vector_sums.inc"

#include "autograd/kernels/level/normalization.inc"
#include "autograd/kernels/level/pooling.inc"

void taps_f32(const TapsCall<float>& s);  // products.cpp
void taps_f64(const TapsCall<double>& s);
void dots_f32(const DotsCall<float>& s);
void dots_f64(const DotsCall<double>& s);

extern const LayerKernels kLayers;
const LayerKernels kLayers = {GRADTAPE_VECTOR_BYTES,
                              GRADTAPE_VECTOR_BYTES == 64 ? 8 : 6,
                              8,
                              taps_f32,
                              taps_f64,
                              dots_f32,
                              dots_f64,
                              norm_kernels<float>(),
                              norm_kernels<double>(),
                              pool_kernels<float>(),
                              pool_kernels<double>()};

}  // namespace gradtape::kernels::GRADTAPE_LEVEL
