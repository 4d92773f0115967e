// Matrix products and convolutions of one instruction-set level, where contraction of products and sums is wanted.
#include "autograd/kernels/levels.h"

namespace gradtape::kernels::GRADTAPE_LEVEL {

#include "autograd/kernels/level/gemm.inc"

#include "autograd/kernels/level/convolution.inc"

void gemm_f32(const GemmCall<float>& g);
void gemm_f64(const GemmCall<double>& g);
void gemm_f32(const GemmCall<float>& g) { gemm(g); }
void gemm_f64(const GemmCall<double>& g) { gemm(g); }

void taps_f32(const TapsCall<float>& s);
void taps_f64(const TapsCall<double>& s);
void dots_f32(const DotsCall<float>& s);
void dots_f64(const DotsCall<double>& s);
void taps_f32(const TapsCall<float>& s) { taps(s); }
void taps_f64(const TapsCall<double>& s) { taps(s); }
void dots_f32(const DotsCall<float>& s) { dots(s); }
void dots_f64(const DotsCall<double>& s) { dots(s); }

}  // namespace gradtape::kernels::GRADTAPE_LEVEL
