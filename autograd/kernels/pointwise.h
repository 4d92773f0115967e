#pragma once
// Maps of one, two or three arrays, a function an operation, so that a program links only those that it reaches.
// `out` has the broadcast shape; it may be an operand itself, and overlaps none otherwise.
#include "autograd/kernels/array.h"
#include "autograd/kernels/level_runs.h"

namespace gradtape::kernels {

using UnaryKernel = void(const Array& out, const Array& in, Params params);
using BinaryKernel = void(const Array& out, const Array& a, const Array& b, Params params);
using TernaryKernel = void(const Array& out, const Array& a, const Array& b, const Array& c, Params params);

// ---- operands of one dtype, which is also that of the result: any, or a floating one ----
UnaryKernel abs, neg, square, pow_scalar, clamp, clamp_min, clamp_max, sign, floor, ceil, trunc, round;
UnaryKernel relu, hardtanh, threshold;
BinaryKernel add, sub, mul, pow, maximum, minimum;

UnaryKernel reciprocal, exp, exp2, expm1, log, log1p, log2, log10, sqrt, rsqrt;
UnaryKernel sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh;
UnaryKernel round_to, frac, nan_to_num, erf, erfc, erfinv, lgamma, digamma, polygamma, logit;
UnaryKernel sigmoid, log_sigmoid, leaky_relu, elu, gelu, gelu_tanh, silu, mish, softplus, hardsigmoid, hardswish;
UnaryKernel hardshrink, softshrink;
BinaryKernel div, prelu, bce_loss, bce_logits_loss, mse_loss;
BinaryKernel huber_loss;  // c / (2 b) d^2 for d = |x - y| up to params.b, then of slope params.c

// ---- with params.a, floating ----
UnaryKernel add_number, mul_number, div_number, number_sub;  // x + a, x a, x / a, a - x

// ---- derivatives, of the arriving gradient and a value ----
BinaryKernel threshold_backward;  // value <= params.a ? 0 : gradient; every dtype
BinaryKernel sigmoid_backward, tanh_backward;
// One pass of a level for the gradient, of the arriving one and a value, all of one dtype, float or double.
void derivative(LevelRun* which, const Array& out, const Array& gradient, const Array& value, Params params);
// ---- derivatives of losses by the first operand, times params.a ----
BinaryKernel bce_backward, bce_logits_backward, mse_backward, huber_backward;

// ---- bool results, operands of any one dtype ----
BinaryKernel eq, ne, lt, le, gt, ge;
UnaryKernel is_nan, is_zero, is_inf, is_finite, is_posinf, is_neginf, sign_bit;

// ---- two operands of one dtype: any (divisors are not 0 in integers), a floating one, integers ----
BinaryKernel trunc_divide, floor_divide, fmod, remainder, fmax, fmin, heaviside;
BinaryKernel atan2, hypot, logaddexp, logaddexp2, xlogy, copysign, nextafter;
UnaryKernel bitwise_not;  // bool too
BinaryKernel bitwise_and, bitwise_or, bitwise_xor;
BinaryKernel left_shift, right_shift, gcd, lcm;
// ---- three: params.a is the weight of the product or quotient ----
TernaryKernel lerp, addcdiv;  // floating
TernaryKernel addcmul;

// condition is bool, the others have one dtype.
void where(const Array& out, const Array& condition, const Array& a, const Array& b);

}  // namespace gradtape::kernels
