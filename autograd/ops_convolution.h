#pragma once
// Convolutions. See ops.h. Images are [n, channels, dims..], or [channels, dims..] without a batch; weights
// [out_channels, channels / groups, kernel dims..], transposed [channels, out_channels / groups, kernel dims..]; bias
// [out_channels]. Stride, padding and dilation have one number a dimension, or one for all. All of one floating dtype.
// y[n, o, p] = b[o] + sum over c, k of w[o, c, k] x[n, c, p stride - padding + k dilation], x being 0 outside, and
// channels falling into `groups` that do not meet. Dumoulin and Visin, arXiv 1603.07285.
#include <string_view>

#include "tensor.h"

namespace gradtape::at {

// The result has (size + 2 padding - dilation (kernel - 1) - 1) / stride + 1 places along a dimension. padding "same"
// keeps the size (stride 1; the odd zero stands behind), "valid" is 0.
#define GRADTAPE_CONVOLUTION(name)                                                                                  \
  Tensor name(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias = {}, IntArrayRef stride = 1, \
              IntArrayRef padding = 0, IntArrayRef dilation = 1, std::int64_t groups = 1);                          \
  Tensor name(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias, IntArrayRef stride,          \
              std::string_view padding, IntArrayRef dilation = 1, std::int64_t groups = 1);
GRADTAPE_CONVOLUTION(conv1d)
GRADTAPE_CONVOLUTION(conv2d)
GRADTAPE_CONVOLUTION(conv3d)
#undef GRADTAPE_CONVOLUTION
// The convolution's adjoint: y[n, o, p stride - padding + k dilation] += w[c, o, k] x[n, c, p]. The result has
// (size - 1) stride - 2 padding + dilation (kernel - 1) + output_padding + 1 places along a dimension.
#define GRADTAPE_CONVOLUTION(name)                                                                                  \
  Tensor name(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias = {}, IntArrayRef stride = 1, \
              IntArrayRef padding = 0, IntArrayRef output_padding = 0, std::int64_t groups = 1,                     \
              IntArrayRef dilation = 1);
GRADTAPE_CONVOLUTION(conv_transpose1d)
GRADTAPE_CONVOLUTION(conv_transpose2d)
GRADTAPE_CONVOLUTION(conv_transpose3d)
#undef GRADTAPE_CONVOLUTION
// All of these; with a batch.
Tensor convolution(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias, IntArrayRef stride,
                   IntArrayRef padding, IntArrayRef dilation, bool transposed, IntArrayRef output_padding,
                   std::int64_t groups);

}  // namespace gradtape::at
