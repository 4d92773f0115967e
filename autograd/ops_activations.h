#pragma once
// Activations of neural networks, element by element unless a dimension is named; floating tensors, but hardtanh,
// relu6 and threshold keep integers. relu, sigmoid and tanh stand in tensor.h. See ops.h.
#include <string_view>

#include "tensor.h"

namespace gradtape::at {

#define GRADTAPE_ACTIVATION(name)  \
  Tensor name(const Tensor& self); \
  Tensor& name##_(Tensor& self);   \
  Tensor& name##_out(Tensor& out, const Tensor& self);
GRADTAPE_ACTIVATION(log_sigmoid)  // ln(1 / (1 + e^-x))
GRADTAPE_ACTIVATION(silu)         // x / (1 + e^-x)
GRADTAPE_ACTIVATION(mish)         // x tanh(ln(1 + e^x)); Misra, arXiv 1908.08681
GRADTAPE_ACTIVATION(hardsigmoid)  // min(max(x + 3, 0), 6) / 6; derivative 0 at -3 and 3
GRADTAPE_ACTIVATION(hardswish)    // x hardsigmoid(x); derivative -1/2 at -3, 1 at 3; Howard et al., arXiv 1905.02244
#undef GRADTAPE_ACTIVATION
Tensor leaky_relu(const Tensor& self, const Scalar& negative_slope = 0.01);  // x > 0 ? x : slope x; slope at 0
Tensor& leaky_relu_(Tensor& self, const Scalar& negative_slope = 0.01);
Tensor& leaky_relu_out(Tensor& out, const Tensor& self, const Scalar& negative_slope = 0.01);
// scale (x > 0 ? x : alpha (e^(input_scale x) - 1)); at 0 the derivative from below; Clevert et al., arXiv 1511.07289
Tensor elu(const Tensor& self, const Scalar& alpha = 1, const Scalar& scale = 1, const Scalar& input_scale = 1);
Tensor& elu_(Tensor& self, const Scalar& alpha = 1, const Scalar& scale = 1, const Scalar& input_scale = 1);
Tensor& elu_out(Tensor& out, const Tensor& self, const Scalar& alpha = 1, const Scalar& scale = 1,
                const Scalar& input_scale = 1);
Tensor selu(const Tensor& self);  // elu(x, 1.67326.., 1.05070..); Klambauer et al., arXiv 1706.02515
Tensor& selu_(Tensor& self);
Tensor celu(const Tensor& self, const Scalar& alpha = 1);  // elu(x, alpha, 1, 1 / alpha); Barron, arXiv 1704.07483
Tensor& celu_(Tensor& self, const Scalar& alpha = 1);
Tensor& celu_out(Tensor& out, const Tensor& self, const Scalar& alpha = 1);
// x (1 + erf(x / sqrt(2))) / 2, or with "tanh" x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2; arXiv 1606.08415
Tensor gelu(const Tensor& self, std::string_view approximate = "none");
Tensor& gelu_(Tensor& self, std::string_view approximate = "none");
Tensor& gelu_out(Tensor& out, const Tensor& self, std::string_view approximate = "none");
// ln(1 + e^(beta x)) / beta, and x where beta x > threshold
Tensor softplus(const Tensor& self, const Scalar& beta = 1, const Scalar& threshold = 20);
Tensor& softplus_out(Tensor& out, const Tensor& self, const Scalar& beta = 1, const Scalar& threshold = 20);
// min(max(x, min_val), max_val); derivative 0 at both
Tensor hardtanh(const Tensor& self, const Scalar& min_val = -1, const Scalar& max_val = 1);
Tensor& hardtanh_(Tensor& self, const Scalar& min_val = -1, const Scalar& max_val = 1);
Tensor& hardtanh_out(Tensor& out, const Tensor& self, const Scalar& min_val = -1, const Scalar& max_val = 1);
Tensor relu6(const Tensor& self);  // hardtanh(x, 0, 6)
Tensor& relu6_(Tensor& self);
Tensor hardshrink(const Tensor& self, const Scalar& lambd = 0.5);  // |x| > lambd ? x : 0
Tensor& hardshrink_out(Tensor& out, const Tensor& self, const Scalar& lambd = 0.5);
Tensor softshrink(const Tensor& self, const Scalar& lambd = 0.5);  // x - lambd, x + lambd, or 0 between; 0 for NaN
Tensor& softshrink_out(Tensor& out, const Tensor& self, const Scalar& lambd = 0.5);
Tensor threshold(const Tensor& self, const Scalar& threshold, const Scalar& value);  // x > threshold ? x : value
Tensor& threshold_(Tensor& self, const Scalar& threshold, const Scalar& value);
Tensor& threshold_out(Tensor& out, const Tensor& self, const Scalar& threshold, const Scalar& value);
Tensor softsign(const Tensor& self);                    // x / (1 + |x|)
Tensor tanhshrink(const Tensor& self);                  // x - tanh(x)
Tensor glu(const Tensor& self, std::int64_t dim = -1);  // a sigmoid(b) for the halves a, b of x along dim
Tensor& glu_out(Tensor& out, const Tensor& self, std::int64_t dim = -1);
// x > 0 ? x : w x; one w, or one for each channel (dim 1); w at 0; He et al., arXiv 1502.01852
Tensor prelu(const Tensor& self, const Tensor& weight);
Tensor& prelu_out(Tensor& out, const Tensor& self, const Tensor& weight);

}  // namespace gradtape::at
