#pragma once
// Maps of one, two or three arrays. Strided operands pass through small contiguous buffers, so that the arithmetic is
// one loop an operation and dtype, and the bits do not depend on the layout.
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

// Functors of functors.h: those of floating types, and those of every type.
#define GRADTAPE_UNARY_FLOATING(X) X(Exp) X(Log) X(Sqrt) X(Reciprocal) X(Tanh) X(Sigmoid) X(LeakyRelu)
#define GRADTAPE_UNARY_ANY(X) X(Abs) X(Square) X(Neg) X(Relu) X(Sign) X(ClampMin) X(ClampMax) X(Clamp) X(PowScalar)
#define GRADTAPE_BINARY_FLOATING(X) X(Div) X(BceLoss) X(BceLogitsLoss)
#define GRADTAPE_BINARY_ANY(X) X(Add) X(Sub) X(Mul) X(Pow) X(Maximum) X(Minimum)

#define GRADTAPE_NAME(name) name,
enum class Unary : std::uint8_t { GRADTAPE_UNARY_FLOATING(GRADTAPE_NAME) GRADTAPE_UNARY_ANY(GRADTAPE_NAME) };
enum class Binary : std::uint8_t { GRADTAPE_BINARY_FLOATING(GRADTAPE_NAME) GRADTAPE_BINARY_ANY(GRADTAPE_NAME) };
#undef GRADTAPE_NAME
enum class Compare : std::uint8_t { Eq, Ne, Lt, Le, Gt, Ge };
enum class Test : std::uint8_t { IsNan, IsZero };

// out and in have one dtype; in is broadcast to out.
void unary(Unary op, const Array& out, const Array& in, Params params = {});
void binary(Binary op, const Array& out, const Array& a, const Array& b);
void compare(Compare op, const Array& out, const Array& a, const Array& b);  // out: bool
void test(Test op, const Array& out, const Array& in);                       // out: bool
void where(const Array& out, const Array& condition, const Array& a, const Array& b);

}  // namespace gradtape::kernels
