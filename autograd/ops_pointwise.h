#pragma once
// Operations on one tensor, element by element. See ops.h.
#include "tensor.h"

namespace gradtape::at {

// ---- pointwise: y[i] = f(x[i]) ----
#define GRADTAPE_FUNCTION(name)    \
  Tensor name(const Tensor& self); \
  Tensor& name##_(Tensor& self);   \
  Tensor& name##_out(Tensor& out, const Tensor& self);
#define GRADTAPE_ALIAS(name, original) GRADTAPE_FUNCTION(name)
GRADTAPE_UNARY_OPS(GRADTAPE_FUNCTION)
GRADTAPE_UNARY_ALIASES(GRADTAPE_ALIAS)
#undef GRADTAPE_ALIAS
#undef GRADTAPE_FUNCTION
Tensor positive(const Tensor& self);                      // x itself
Tensor round(const Tensor& self, std::int64_t decimals);  // to a multiple of 10^-decimals, ties to even
Tensor& round_(Tensor& self, std::int64_t decimals);
Tensor& round_out(Tensor& out, const Tensor& self, std::int64_t decimals);
// ln(x / (1 - x)); NaN outside [0, 1], or x brought into [eps, 1 - eps] first.
Tensor logit(const Tensor& self, optional<double> eps = nullopt);
Tensor& logit_(Tensor& self, optional<double> eps = nullopt);
Tensor& logit_out(Tensor& out, const Tensor& self, optional<double> eps = nullopt);
Tensor polygamma(std::int64_t n, const Tensor& self);  // n-th derivative of digamma, n >= 0
Tensor& polygamma_out(Tensor& out, std::int64_t n, const Tensor& self);
// What is not finite replaced, infinities by the largest finite numbers unless given; derivative 0 there.
Tensor nan_to_num(const Tensor& self, optional<double> nan = nullopt, optional<double> posinf = nullopt,
                  optional<double> neginf = nullopt);
Tensor& nan_to_num_(Tensor& self, optional<double> nan = nullopt, optional<double> posinf = nullopt,
                    optional<double> neginf = nullopt);
Tensor& nan_to_num_out(Tensor& out, const Tensor& self, optional<double> nan = nullopt,
                       optional<double> posinf = nullopt, optional<double> neginf = nullopt);
// Tests, bool results.
#define GRADTAPE_TEST(name)        \
  Tensor name(const Tensor& self); \
  Tensor& name##_out(Tensor& out, const Tensor& self);
GRADTAPE_TEST(isnan)
GRADTAPE_TEST(isinf)
GRADTAPE_TEST(isfinite)
GRADTAPE_TEST(isposinf)
GRADTAPE_TEST(isneginf)
GRADTAPE_TEST(signbit)      // of negative numbers and -0
GRADTAPE_TEST(logical_not)  // x == 0
#undef GRADTAPE_TEST
Tensor isreal(const Tensor& self);  // all
// min(max(x, lo), hi), so hi where lo > hi; the gradient passes at the bounds; keeps the dtype. A bound that is NaN
// makes the result NaN. Tensors broadcast; a bound gets the gradient where it is the result, if lo < hi. clip is clamp.
#define GRADTAPE_CLAMP(name, bound)                                                                  \
  Tensor name(const Tensor& self, const optional<bound>& min, const optional<bound>& max = nullopt); \
  Tensor& name##_(Tensor& self, const optional<bound>& min, const optional<bound>& max = nullopt);   \
  Tensor& name##_out(Tensor& out, const Tensor& self, const optional<bound>& min, const optional<bound>& max = nullopt);
GRADTAPE_CLAMP(clamp, Scalar)
GRADTAPE_CLAMP(clamp, Tensor)
GRADTAPE_CLAMP(clip, Scalar)
GRADTAPE_CLAMP(clip, Tensor)
#undef GRADTAPE_CLAMP
#define GRADTAPE_BOUND(name, bound)                    \
  Tensor name(const Tensor& self, const bound& value); \
  Tensor& name##_(Tensor& self, const bound& value);   \
  Tensor& name##_out(Tensor& out, const Tensor& self, const bound& value);
GRADTAPE_BOUND(clamp_min, Scalar)
GRADTAPE_BOUND(clamp_min, Tensor)
GRADTAPE_BOUND(clamp_max, Scalar)
GRADTAPE_BOUND(clamp_max, Tensor)
#undef GRADTAPE_BOUND

// ---- derivatives in one pass; grad_output is the arriving gradient ----
Tensor threshold_backward(const Tensor& grad_output, const Tensor& self, const Scalar& threshold);  // 0 where x <= it
Tensor sigmoid_backward(const Tensor& grad_output, const Tensor& output);                           // g y (1 - y)
Tensor tanh_backward(const Tensor& grad_output, const Tensor& output);                              // g (1 - y^2)

}  // namespace gradtape::at
