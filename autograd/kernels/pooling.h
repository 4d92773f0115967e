#pragma once
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

// Windows on row-major planes of up to three dimensions, those that do not exist being 1 long. `adaptive`: window o of
// a dimension goes from floor(o in / out) to ceil((o + 1) in / out), and kernel, stride, padding, dilation count
// for nothing.
struct Pooling {
  std::int64_t planes, in[3], out[3], kernel[3], stride[3], padding[3], dilation[3];
  bool adaptive;
  // What an average divides by: the size with or without what lies in the padding, or this number when it is not 0.
  bool count_padding;
  std::int64_t divisor;
};

// The largest element of each window by its real part, the first of several, or a NaN; and its number in the plane.
void max_pool(ScalarType dtype, const Pooling& p, void* y, std::int64_t* index, const void* x);
// y[o] = x[index[o]] within each plane, and its adjoint.
void pick_in_planes(ScalarType dtype, const Pooling& p, void* y, const std::int64_t* index, const void* x);
void place_in_planes(ScalarType dtype, const Pooling& p, void* x, const std::int64_t* index, const void* y);
// Averages of windows, and the adjoint.
void avg_pool(ScalarType dtype, const Pooling& p, void* y, const void* x);
void avg_pool_adjoint(ScalarType dtype, const Pooling& p, void* x, const void* y);

}  // namespace gradtape::kernels
