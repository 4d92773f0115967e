#pragma once
// Operations on two or three tensors, element by element, and their operators. See ops.h; binary_list.h says what the
// operations of the lists compute.
#include <string_view>

#include "binary_list.h"
#include "tensor.h"

namespace gradtape::at {

#define GRADTAPE_OF_TENSORS(name)                       \
  Tensor name(const Tensor& self, const Tensor& other); \
  Tensor& name##_out(Tensor& out, const Tensor& self, const Tensor& other);
#define GRADTAPE_OF_NUMBER(name)                        \
  GRADTAPE_OF_TENSORS(name)                             \
  Tensor name(const Tensor& self, const Scalar& other); \
  Tensor& name##_out(Tensor& out, const Tensor& self, const Scalar& other);
#define GRADTAPE_OF_TENSORS_ALIAS(name, original) GRADTAPE_OF_TENSORS(name)
#define GRADTAPE_OF_NUMBER_ALIAS(name, original) GRADTAPE_OF_NUMBER(name)
GRADTAPE_BINARY_OPS(GRADTAPE_OF_NUMBER)
GRADTAPE_BINARY_ALIASES(GRADTAPE_OF_NUMBER_ALIAS)
GRADTAPE_PAIR_OPS(GRADTAPE_OF_TENSORS)
GRADTAPE_PAIR_ALIASES(GRADTAPE_OF_TENSORS_ALIAS)
GRADTAPE_CHOICE_OPS(GRADTAPE_OF_TENSORS)
#undef GRADTAPE_OF_NUMBER_ALIAS
#undef GRADTAPE_OF_TENSORS_ALIAS
#undef GRADTAPE_OF_NUMBER
#undef GRADTAPE_OF_TENSORS
Tensor pow(const Scalar& self, const Tensor& exponent);
Tensor float_power(const Scalar& self, const Tensor& exponent);
Tensor remainder(const Scalar& self, const Tensor& other);
Tensor xlogy(const Scalar& self, const Tensor& other);
Tensor bitwise_and(const Scalar& self, const Tensor& other);
Tensor bitwise_or(const Scalar& self, const Tensor& other);
Tensor bitwise_xor(const Scalar& self, const Tensor& other);
Tensor bitwise_left_shift(const Scalar& self, const Tensor& other);
Tensor bitwise_right_shift(const Scalar& self, const Tensor& other);
inline Tensor max(const Tensor& self, const Tensor& other) { return maximum(self, other); }
inline Tensor min(const Tensor& self, const Tensor& other) { return minimum(self, other); }
Tensor bitwise_not(const Tensor& self);  // integers and bool
Tensor& bitwise_not_out(Tensor& out, const Tensor& self);

// x + alpha y, x - alpha y, y - alpha x
#define GRADTAPE_SUM(name)                                                       \
  Tensor name(const Tensor& self, const Tensor& other, const Scalar& alpha = 1); \
  Tensor name(const Tensor& self, const Scalar& other, const Scalar& alpha = 1); \
  Tensor& name##_out(Tensor& out, const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
GRADTAPE_SUM(add)
GRADTAPE_SUM(sub)
GRADTAPE_SUM(subtract)
GRADTAPE_SUM(rsub)
#undef GRADTAPE_SUM
// x / y rounded as rounding_mode says: nullopt (not at all), "trunc" (toward 0) or "floor"; these keep integers, and
// their derivative is 0.
#define GRADTAPE_QUOTIENT(name)                                                                          \
  Tensor name(const Tensor& self, const Tensor& other, const optional<std::string_view>& rounding_mode); \
  Tensor name(const Tensor& self, const Scalar& other, const optional<std::string_view>& rounding_mode); \
  Tensor& name##_out(Tensor& out, const Tensor& self, const Tensor& other,                               \
                     const optional<std::string_view>& rounding_mode);
GRADTAPE_QUOTIENT(div)
GRADTAPE_QUOTIENT(divide)
#undef GRADTAPE_QUOTIENT

// |x - y| <= atol + rtol |y|, or both the same infinity, or both NaN with equal_nan; one dtype; bool.
Tensor isclose(const Tensor& self, const Tensor& other, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false);
bool allclose(const Tensor& self, const Tensor& other, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false);
bool equal(const Tensor& self, const Tensor& other);  // same shape and all elements equal

// condition[i] ? x[i] : y[i]; condition is bool; a NaN in the branch not taken stays in its gradient's product.
Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other);
Tensor where(const Tensor& condition, const Tensor& self, const Scalar& other);
Tensor where(const Tensor& condition, const Scalar& self, const Tensor& other);
Tensor where(const Tensor& condition, const Scalar& self, const Scalar& other);
Tensor& where_out(Tensor& out, const Tensor& condition, const Tensor& self, const Tensor& other);
// x + w (y - x); one floating dtype.
Tensor lerp(const Tensor& self, const Tensor& end, const Tensor& weight);
Tensor lerp(const Tensor& self, const Tensor& end, const Scalar& weight);
Tensor& lerp_out(Tensor& out, const Tensor& self, const Tensor& end, const Tensor& weight);
Tensor& lerp_out(Tensor& out, const Tensor& self, const Tensor& end, const Scalar& weight);
Tensor addcmul(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1);  // x + v a b
Tensor& addcmul_out(Tensor& out, const Tensor& self, const Tensor& tensor1, const Tensor& tensor2,
                    const Scalar& value = 1);
Tensor addcdiv(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2,
               const Scalar& value = 1);  // x + v a / b; a and b not both integers
Tensor& addcdiv_out(Tensor& out, const Tensor& self, const Tensor& tensor1, const Tensor& tensor2,
                    const Scalar& value = 1);

// ---- operators ----
#define GRADTAPE_OPERATOR(op, name)                                                  \
  inline Tensor operator op(const Tensor& a, const Tensor& b) { return name(a, b); } \
  inline Tensor operator op(const Tensor& a, const Scalar& b) { return name(a, b); } \
  Tensor operator op(const Scalar& a, const Tensor& b);
GRADTAPE_OPERATOR(+, add)
GRADTAPE_OPERATOR(-, sub)
GRADTAPE_OPERATOR(*, mul)
GRADTAPE_OPERATOR(/, div)
GRADTAPE_OPERATOR(%, remainder)
GRADTAPE_OPERATOR(&, bitwise_and)
GRADTAPE_OPERATOR(|, bitwise_or)
GRADTAPE_OPERATOR(^, bitwise_xor)
GRADTAPE_OPERATOR(==, eq)
GRADTAPE_OPERATOR(!=, ne)
GRADTAPE_OPERATOR(<, lt)
GRADTAPE_OPERATOR(<=, le)
GRADTAPE_OPERATOR(>, gt)
GRADTAPE_OPERATOR(>=, ge)
#undef GRADTAPE_OPERATOR

}  // namespace gradtape::at
