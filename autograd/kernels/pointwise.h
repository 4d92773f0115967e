#pragma once
// Maps of one, two or three arrays, a function an operation, so that a program links only those that it reaches.
// `out` has the broadcast shape; it may be an operand itself, and overlaps none otherwise.
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

using UnaryKernel = void(const Array& out, const Array& in, Params params);
using BinaryKernel = void(const Array& out, const Array& a, const Array& b, Params params);

// ---- operands of one dtype, which is also that of the result ----
UnaryKernel abs, neg, sign, square, pow_scalar, clamp, clamp_min, clamp_max;  // every dtype
BinaryKernel add, sub, mul, pow, maximum, minimum;
UnaryKernel reciprocal, exp, log, sqrt, tanh;  // floating from here on
BinaryKernel div;
UnaryKernel relu;  // every dtype
UnaryKernel sigmoid, leaky_relu;
BinaryKernel bce_loss, bce_logits_loss;

// ---- with params.a, floating ----
UnaryKernel add_number, mul_number, div_number, number_sub;  // x + a, x a, x / a, a - x

// ---- derivatives, of the arriving gradient and a value ----
BinaryKernel threshold_backward;  // value <= params.a ? 0 : gradient; every dtype
BinaryKernel sigmoid_backward, tanh_backward;
BinaryKernel bce_logits_backward;  // sigmoid(z) - y

// ---- bool results, operands of any one dtype ----
BinaryKernel eq, ne, lt, le, gt, ge;
UnaryKernel is_nan, is_zero;

// condition is bool, the others have one dtype.
void where(const Array& out, const Array& condition, const Array& a, const Array& b);

}  // namespace gradtape::kernels
