#pragma once
// One step of a recurrent layer, in float32 or float64; all arrays are row-major. See ops/recurrent.h for the formulas.
#include <cstdint>

#include "autograd/dtype.h"

namespace gradtape::kernels {

// x, s [rows, 4 hidden], c [rows, hidden] -> gates [rows, 5 hidden] (i, f, g, o, tanh c'), h' and c'.
void lstm_step(ScalarType dtype, std::int64_t rows, std::int64_t hidden, const void* x, const void* s, const void* c,
               void* gates, void* h, void* next);
// d_h, d_next: gradients of h' and c', null for 0. d_gates [rows, 4 hidden] is that of x and of s.
void lstm_step_backward(ScalarType dtype, std::int64_t rows, std::int64_t hidden, const void* gates, const void* c,
                        const void* d_h, const void* d_next, void* d_gates, void* d_c);
// x, s [rows, 3 hidden], h [rows, hidden] -> gates [rows, 3 hidden] (r, z, n) and h' in y.
void gru_step(ScalarType dtype, std::int64_t rows, std::int64_t hidden, const void* x, const void* s, const void* h,
              void* gates, void* y);
void gru_step_backward(ScalarType dtype, std::int64_t rows, std::int64_t hidden, const void* gates, const void* s,
                       const void* h, const void* g, void* d_x, void* d_s, void* d_h);

}  // namespace gradtape::kernels
