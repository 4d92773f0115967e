#pragma once
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

// Of each row of row-major [rows, n], n > 0, in float or double: e^x / sum e^x, or its logarithm. The row's largest
// element is taken off first, so that nothing overflows.
void softmax(ScalarType dtype, void* y, const void* x, std::int64_t rows, std::int64_t n, bool logarithm);
// The gradient, from the arriving one and the result.
void softmax_backward(ScalarType dtype, void* out, const void* g, const void* y, std::int64_t rows, std::int64_t n,
                      bool logarithm);

}  // namespace gradtape::kernels
