#pragma once
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

// Of each row of row-major [rows, n], n > 0, in float or double: e^x / sum e^x, or its logarithm. The row's largest
// element is taken off first, so that nothing overflows.
void softmax(ScalarType dtype, void* y, const void* x, std::int64_t rows, std::int64_t n, bool logarithm);
// The gradient, from the arriving one and the result.
void softmax_backward(ScalarType dtype, void* out, const void* g, const void* y, std::int64_t rows, std::int64_t n,
                      bool logarithm);

// ln sum e^x of each row.
void logsumexp(ScalarType dtype, void* y, const void* x, std::int64_t rows, std::int64_t n);

// The cross entropy of rows with one class each, all in [0, n) but `ignore`, where it is 0: loss[r] = ln sum e^x -
// x[t]. y becomes softmax(x).
void cross_entropy(ScalarType dtype, void* loss, void* y, const void* x, const std::int64_t* target, std::int64_t rows,
                   std::int64_t n, std::int64_t ignore);
// (y - [class is t]) * scale, 0 in ignored rows.
void cross_entropy_backward(ScalarType dtype, void* out, const void* y, const std::int64_t* target, double scale,
                            std::int64_t rows, std::int64_t n, std::int64_t ignore);

}  // namespace gradtape::kernels
