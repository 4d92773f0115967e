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
Tensor l1_loss(const Tensor& self, const Tensor& target, std::int64_t reduction = Reduction::Mean);  // |x - y|
// d = |x - y|: d^2 / (2 beta) where d < beta, else d - beta / 2
Tensor smooth_l1_loss(const Tensor& self, const Tensor& target, std::int64_t reduction = Reduction::Mean,
                      double beta = 1.0);
// d^2 / 2 where d <= delta, else delta (d - delta / 2)
Tensor huber_loss(const Tensor& self, const Tensor& target, std::int64_t reduction = Reduction::Mean,
                  double delta = 1.0);
// y (ln y - x), 0 for y = 0; e^y (y - x) with log_target. The mean is over all elements.
Tensor kl_div(const Tensor& self, const Tensor& target, std::int64_t reduction = Reduction::Mean,
              bool log_target = false);
// e^x - y x, or x - y ln(x + eps) without log_input; full adds y ln y - y + ln(2 pi y) / 2 where y > 1.
Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, bool log_input, bool full, double eps,
                        std::int64_t reduction);
Tensor soft_margin_loss(const Tensor& self, const Tensor& target,
                        std::int64_t reduction = Reduction::Mean);  // ln(1 + e^(-y x))
// x for y = 1, max(0, margin - x) for y = -1
Tensor hinge_embedding_loss(const Tensor& self, const Tensor& target, double margin = 1.0,
                            std::int64_t reduction = Reduction::Mean);
// max(0, margin - y (x1 - x2))
Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin = 0.0,
                           std::int64_t reduction = Reduction::Mean);
// c = cos(x1, x2) of the last dim: 1 - c for y = 1, max(0, c - margin) for y = -1
Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin = 0.0,
                             std::int64_t reduction = Reduction::Mean);
// max(0, margin + |a - p| - |a - n|), distances as pairwise_distance; swap: |p - n| where that is less than |a - n|
Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative, double margin = 1.0,
                           double p = 2, double eps = 1e-06, bool swap = false,
                           std::int64_t reduction = Reduction::Mean);

}  // namespace gradtape::at
