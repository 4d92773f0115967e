// One instruction-set level; see Note [Instruction-set levels]. GRADTAPE_LEVEL names it, GRADTAPE_VECTOR_BYTES is the
// width of its registers.
#include "autograd/kernels/levels.h"

namespace gradtape::kernels::GRADTAPE_LEVEL {

// Each uses those before it.
// clang-format off
#include "autograd/kernels/level/extreme.inc"
#include "autograd/kernels/level/math.inc"
#include "autograd/kernels/level/math_trigonometric.inc"
#include "autograd/kernels/level/math_hyperbolic.inc"
#include "autograd/kernels/level/math_error.inc"
#include "autograd/kernels/level/optimizer.inc"
#include "autograd/kernels/level/pointwise.inc"
#include "autograd/kernels/level/derivatives.inc"
#include "autograd/kernels/level/sum.inc"
#include "autograd/kernels/level/softmax.inc"
// clang-format on

void gemm_f32(const GemmCall<float>& g);  // products.cpp
void gemm_f64(const GemmCall<double>& g);
extern const LayerKernels kLayers;  // layers.cpp

#define GRADTAPE_TEXT2(x) #x
#define GRADTAPE_TEXT(x) GRADTAPE_TEXT2(x)
extern const Level kLevel;
const Level kLevel = {GRADTAPE_TEXT(GRADTAPE_LEVEL),
                      gemm_f32,
                      gemm_f64,
                      sum<float>,
                      sum<double>,
                      extremes<float>,
                      extremes<double>,
                      softmax_rows<float>,
                      softmax_rows<double>,
                      softmax_backward_rows<float>,
                      softmax_backward_rows<double>,
                      logsumexp_rows<float>,
                      logsumexp_rows<double>,
                      cross_entropy_rows<float>,
                      cross_entropy_rows<double>,
                      cross_entropy_backward_rows<float>,
                      cross_entropy_backward_rows<double>,
                      sgd<float>,
                      sgd<double>,
                      adam<float>,
                      adam<double>,
                      &kLayers,
#define GRADTAPE_BOTH(name) {run_##name<float>, run_##name<double>},
                      {GRADTAPE_LEVEL_RUNS(GRADTAPE_BOTH)}};

}  // namespace gradtape::kernels::GRADTAPE_LEVEL
