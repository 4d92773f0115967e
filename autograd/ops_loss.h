#pragma once
// Losses. See ops.h.
#include "tensor.h"

namespace gradtape::at {

// ---- losses ----
namespace Reduction {
enum Reduction : std::int64_t { None, Mean, Sum };
}
// -w (y ln a + (1 - y) ln(1 - a)), each logarithm >= -100; dJ/da = (a - y) / max(a (1 - a), 1e-12)
Tensor binary_cross_entropy(const Tensor& self, const Tensor& target, const Tensor& weight = {},
                            std::int64_t reduction = Reduction::Mean);
// w ((1 - y) z + (1 + (p - 1) y) ln(1 + e^-z)); dJ/dz = sigmoid(z) - y for p = 1
Tensor binary_cross_entropy_with_logits(const Tensor& self, const Tensor& target, const Tensor& weight = {},
                                        const Tensor& pos_weight = {}, std::int64_t reduction = Reduction::Mean);
Tensor mse_loss(const Tensor& self, const Tensor& target, std::int64_t reduction = Reduction::Mean);  // (x - y)^2
// -w[t] x[i][t[i]]; x [N, C] or [N, C, ...] or [C], t int64; Mean divides by the sum of the weights used.
Tensor nll_loss(const Tensor& self, const Tensor& target, const Tensor& weight = {},
                std::int64_t reduction = Reduction::Mean, std::int64_t ignore_index = -100);
// nll_loss(log_softmax(x, 1), t), in one pass; t of floating dtype and of x's shape holds class probabilities.
Tensor cross_entropy_loss(const Tensor& self, const Tensor& target, const Tensor& weight = {},
                          std::int64_t reduction = Reduction::Mean, std::int64_t ignore_index = -100,
                          double label_smoothing = 0);

}  // namespace gradtape::at
