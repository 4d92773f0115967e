// Matrix products of one instruction-set level, where contraction of products and sums is wanted.
#include "autograd/kernels/levels.h"

namespace gradtape::kernels::GRADTAPE_LEVEL {

#include "autograd/kernels/level/gemm.inc"

void gemm_f32(const GemmCall<float>& g);
void gemm_f64(const GemmCall<double>& g);
void gemm_f32(const GemmCall<float>& g) { gemm(g); }
void gemm_f64(const GemmCall<double>& g) { gemm(g); }

}  // namespace gradtape::kernels::GRADTAPE_LEVEL
