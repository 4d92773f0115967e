#pragma once
// Operations on one tensor, element by element. See ops.h.
#include "tensor.h"

namespace gradtape::at {

// ---- pointwise: y[i] = f(x[i]) ----
#define GRADTAPE_FUNCTION(name)    \
  Tensor name(const Tensor& self); \
  Tensor& name##_(Tensor& self);   \
  Tensor& name##_out(Tensor& out, const Tensor& self);
GRADTAPE_UNARY_OPS(GRADTAPE_FUNCTION)
#undef GRADTAPE_FUNCTION
Tensor leaky_relu(const Tensor& self, const Scalar& negative_slope = 0.01);  // x > 0 ? x : slope x; slope at 0
Tensor logical_not(const Tensor& self);                                      // x == 0, bool
Tensor isnan(const Tensor& self);                                            // bool
// min(max(x, lo), hi); the gradient passes at the bounds; keeps the dtype.
Tensor clamp(const Tensor& self, const optional<Scalar>& min, const optional<Scalar>& max = nullopt);
Tensor clamp_min(const Tensor& self, const Scalar& min);
Tensor clamp_max(const Tensor& self, const Scalar& max);

// ---- derivatives in one pass; grad_output is the arriving gradient ----
Tensor threshold_backward(const Tensor& grad_output, const Tensor& self, const Scalar& threshold);  // 0 where x <= it
Tensor sigmoid_backward(const Tensor& grad_output, const Tensor& output);                           // g y (1 - y)
Tensor tanh_backward(const Tensor& grad_output, const Tensor& output);                              // g (1 - y^2)

}  // namespace gradtape::at
