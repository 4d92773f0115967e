// One instruction-set level; see Note [Instruction-set levels]. GRADTAPE_LEVEL names it, GRADTAPE_VECTOR_BYTES is the
// width of its registers.
#include "autograd/kernels/levels.h"

namespace gradtape::kernels::GRADTAPE_LEVEL {

// Each uses those before it.
// clang-format off
#include "autograd/kernels/level/math.inc"
#include "autograd/kernels/level/extreme.inc"
#include "autograd/kernels/level/math_trigonometric.inc"
#include "autograd/kernels/level/math_hyperbolic.inc"
#include "autograd/kernels/level/math_error.inc"
#include "autograd/kernels/level/optimizer.inc"
#include "autograd/kernels/level/pointwise.inc"
#include "autograd/kernels/level/derivatives.inc"
#include "autograd/kernels/level/sum.inc"
#include "autograd/kernels/level/softmax.inc"
// clang-format on

#define GRADTAPE_TEXT2(x) #x
#define GRADTAPE_TEXT(x) GRADTAPE_TEXT2(x)
const char* const kName = GRADTAPE_TEXT(GRADTAPE_LEVEL);

#define GRADTAPE_RUNS(name) const Runs name##_runs = {run_##name<float>, run_##name<double>};
GRADTAPE_LEVEL_RUNS(GRADTAPE_RUNS)

decltype(sum_f32) sum_f32 = sum<float>;
decltype(sum_f64) sum_f64 = sum<double>;
decltype(extremes_f32) extremes_f32 = extremes<float>;
decltype(extremes_f64) extremes_f64 = extremes<double>;
decltype(softmax_f32) softmax_f32 = softmax_rows<float>;
decltype(softmax_f64) softmax_f64 = softmax_rows<double>;
decltype(softmax_backward_f32) softmax_backward_f32 = softmax_backward_rows<float>;
decltype(softmax_backward_f64) softmax_backward_f64 = softmax_backward_rows<double>;
decltype(logsumexp_f32) logsumexp_f32 = logsumexp_rows<float>;
decltype(logsumexp_f64) logsumexp_f64 = logsumexp_rows<double>;
decltype(cross_entropy_f32) cross_entropy_f32 = cross_entropy_rows<float>;
decltype(cross_entropy_f64) cross_entropy_f64 = cross_entropy_rows<double>;
decltype(cross_entropy_backward_f32) cross_entropy_backward_f32 = cross_entropy_backward_rows<float>;
decltype(cross_entropy_backward_f64) cross_entropy_backward_f64 = cross_entropy_backward_rows<double>;
decltype(sgd_f32) sgd_f32 = sgd<float>;
decltype(sgd_f64) sgd_f64 = sgd<double>;
decltype(adam_f32) adam_f32 = adam<float>;
decltype(adam_f64) adam_f64 = adam<double>;

}  // namespace gradtape::kernels::GRADTAPE_LEVEL
