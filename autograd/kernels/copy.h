#pragma once
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

// out = in, converted and broadcast.
void copy(const Array& out, const Array& in);
// out += in, broadcast; same dtype. `out` may reach an element more than once (then it is added to as often).
void accumulate(const Array& out, const Array& in);
void fill(const Array& out, Complex value);
// Elements as doubles, row-major.
void to_doubles(const Array& in, double* out);
Complex read_scalar(const Array& in);
// out[i] = start + i step
void ramp(const Array& out, double start, double step);

}  // namespace gradtape::kernels
