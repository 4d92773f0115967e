#pragma once
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

// Row-major [batch, rows, cols]: `in` with zeros above the diagonal-th diagonal (lower), or below it.
void triangle(void* out, const void* in, std::int64_t element, std::int64_t batch, std::int64_t rows, std::int64_t cols,
              std::int64_t diagonal, bool upper);

}  // namespace gradtape::kernels
