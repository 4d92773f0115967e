#pragma once
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

// A row- or column-strided matrix: element (i, j) at data[i * row + j * col]; one of row, col is 1 for fast products.
struct Matrix {
  const void* data;
  std::int64_t row, col;
};

// c [m, n] (row-major, leading dimension ldc) = a [m, k] b [k, n] + bias [n] (none when null), any dtype but bool.
void gemm(ScalarType dtype, std::int64_t m, std::int64_t n, std::int64_t k, Matrix a, Matrix b, void* c,
          std::int64_t ldc, const void* bias = nullptr);

}  // namespace gradtape::kernels
