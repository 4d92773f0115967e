// Matrix products and convolutions of one instruction-set level, where contraction of products and sums is wanted.
#include "autograd/kernels/levels.h"

namespace gradtape::kernels::GRADTAPE_LEVEL {

#include "autograd/kernels/level/transpose.inc"

#include "autograd/kernels/level/gemm.inc"

#include "autograd/kernels/level/convolution.inc"

decltype(transpose_f32) transpose_f32 = transpose<float>;
decltype(transpose_f64) transpose_f64 = transpose<double>;
decltype(gemm_f32) gemm_f32 = gemm<float>;
decltype(gemm_f64) gemm_f64 = gemm<double>;
const ConvolutionKernels<float> convolution_f32 = convolution_kernels<float>();
const ConvolutionKernels<double> convolution_f64 = convolution_kernels<double>();

}  // namespace gradtape::kernels::GRADTAPE_LEVEL
