#pragma once
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

// A convolution of images of up to three dimensions, those that do not exist being 1 long. `padding` is what stands in
// front of an image; what stands behind follows from `out`. Images are row-major [batch, groups, channels, dims..],
// kernels [groups, out_channels, in_channels, dims..].
struct Convolution {
  std::int64_t batch, groups, in_channels, out_channels;  // channels of one group
  std::int64_t in[3], out[3], kernel[3], stride[3], padding[3], dilation[3];
};

// The form sum x[i] w[k] y[o] over all i = o stride - padding + k dilation, derived by y, by x and by w: each in
// floating dtypes. `bias` (may be null) is added to each channel of the result.
void convolve(ScalarType dtype, const Convolution& c, void* y, const void* x, const void* w, const void* bias);
void convolve_input(ScalarType dtype, const Convolution& c, void* x, const void* y, const void* w, const void* bias);
void convolve_weight(ScalarType dtype, const Convolution& c, void* w, const void* y, const void* x);

}  // namespace gradtape::kernels
