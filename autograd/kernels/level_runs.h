#pragma once
// The pointwise loops that each instruction-set level has for float and double; level/pointwise.inc defines them.
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

// out[i] = f(in[0][i], in[1][i], ..) for n elements in contiguous memory. `out` may be an input, and overlaps none
// otherwise.
using Run = void(void* out, const void* const* in, std::int64_t n, Params params);

// clang-format off
#define GRADTAPE_LEVEL_RUNS(X) \
  X(abs) X(neg) X(square) X(reciprocal) X(sqrt) X(clamp) X(clamp_min) X(clamp_max) X(add_number) X(mul_number) \
  X(div_number) X(number_sub) X(exp) X(exp2) X(expm1) X(log) X(log1p) X(log2) X(log10) X(sin) X(cos) X(tan) X(asin) \
  X(acos) X(atan) X(atan2) X(sinh) X(cosh) X(asinh) X(acosh) X(atanh) X(erf) X(erfc) X(gelu) X(tanh) X(sigmoid) \
  X(relu) X(leaky_relu) X(rsqrt) X(floor) X(ceil) X(trunc) X(round) X(elu) X(silu) X(gelu_tanh) X(log_sigmoid) \
  X(softplus) X(mish) X(hardtanh) X(hardsigmoid) X(hardswish) X(hardshrink) X(softshrink) X(threshold) X(add) X(sub) \
  X(mul) X(div) X(maximum) X(minimum) X(threshold_backward) X(sigmoid_backward) X(tanh_backward) X(bce_loss) \
  X(bce_logits_loss) X(mse_loss) X(bce_backward) X(bce_logits_backward) X(mse_backward) X(huber_loss) X(huber_backward) X(abs_backward) \
  X(square_backward) X(reciprocal_backward) X(exp2_backward) X(expm1_backward) X(log1p_backward) X(log2_backward) \
  X(log10_backward) X(sqrt_backward) X(rsqrt_backward) X(tan_backward) X(asin_backward) X(acos_backward) \
  X(atan_backward) X(sinh_backward) X(cosh_backward) X(asinh_backward) X(acosh_backward) X(atanh_backward) \
  X(erf_backward) X(erfc_backward) X(sin_backward) X(cos_backward) X(clamp_min_backward) X(clamp_max_backward) \
  X(clamp_backward) X(hardtanh_backward) X(shrink_backward) X(leaky_relu_backward) X(elu_backward) \
  X(log_sigmoid_backward) X(silu_backward) X(mish_backward) X(gelu_backward) X(gelu_tanh_backward) \
  X(softplus_backward) X(hardsigmoid_backward) X(hardswish_backward)
// clang-format on

struct Runs {
  Run *f32, *f64;
};
// The loop of a name for a dtype; null for other dtypes than float and double. In namespace level_run, levels.h.
using LevelRun = Run*(ScalarType t);

}  // namespace gradtape::kernels
