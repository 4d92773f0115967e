// Losses of regression, of distributions and of margins: compositions of other operations, or one pass.
#include "autograd/ops/loss_common.h"

namespace gradtape::ops {
namespace {

// By x; what is no number stays so.
Tensor huber_slope(const Tensor& x, const Tensor& y, kernels::Params p) {
  const Tensor d = x - y;
  return where(abs(d) > p.b, sgn(d) * p.c, d * (p.c / p.b));
}
Tensor huber_target_slope(const Tensor& x, const Tensor& y, kernels::Params p) { return huber_slope(y, x, p); }
const PairLoss kSmoothL1 = {"smooth_l1_loss", kernels::huber_loss, kernels::huber_backward, huber_slope,
                            huber_target_slope};
const PairLoss kHuber = {"huber_loss", kernels::huber_loss, kernels::huber_backward, huber_slope, huber_target_slope};

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor l1_loss(const Tensor& self, const Tensor& target, std::int64_t reduction) {
  check_pair("l1_loss", self, target);
  return reduce_loss("l1_loss", abs(self - target), reduction);
}

Tensor smooth_l1_loss(const Tensor& self, const Tensor& target, std::int64_t reduction, double beta) {
  check_pair("smooth_l1_loss", self, target);
  check<ValueError>(beta >= 0, "smooth_l1_loss", "beta must not be negative, got ", beta);
  if (beta == 0) return l1_loss(self, target, reduction);
  if (alike(self, target)) return pair_loss(kSmoothL1, self, target, reduction, {1, beta, 1});
  const Tensor d = abs(self - target);
  return reduce_loss("smooth_l1_loss", where(d < beta, d * d * (0.5 / beta), d - 0.5 * beta), reduction);
}

Tensor huber_loss(const Tensor& self, const Tensor& target, std::int64_t reduction, double delta) {
  check_pair("huber_loss", self, target);
  check<ValueError>(delta > 0, "huber_loss", "delta must be positive, got ", delta);
  if (alike(self, target)) return pair_loss(kHuber, self, target, reduction, {1, delta, delta});
  const Tensor d = abs(self - target);
  return reduce_loss("huber_loss", where(d <= delta, d * d * 0.5, (d - 0.5 * delta) * delta), reduction);
}

Tensor kl_div(const Tensor& self, const Tensor& target, std::int64_t reduction, bool log_target) {
  check_pair("kl_div", self, target);
  return reduce_loss("kl_div", log_target ? exp(target) * (target - self) : xlogy(target, target) - target * self,
                     reduction);
}

Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, bool log_input, bool full, double eps,
                        std::int64_t reduction) {
  check_pair("poisson_nll_loss", input, target);
  Tensor loss = log_input ? exp(input) - target * input : input - target * log(input + eps);
  if (full) {
    // Stirling's ln t!, from t = 1 on.
    const Tensor t = where(target <= 1, 1, target);
    constexpr double kTwoPi = 6.283185307179586477;
    loss = loss + where(target <= 1, 0, t * log(t) - t + log(t * kTwoPi) * 0.5);
  }
  return reduce_loss("poisson_nll_loss", loss, reduction);
}

Tensor soft_margin_loss(const Tensor& self, const Tensor& target, std::int64_t reduction) {
  check_pair("soft_margin_loss", self, target);
  // ln(1 + e^-z), as the loss of a positive example.
  const Tensor z = self * target;
  return binary_cross_entropy_with_logits(z, ones_like(z), {}, {}, reduction);
}

Tensor hinge_embedding_loss(const Tensor& self, const Tensor& target, double margin, std::int64_t reduction) {
  const char* op = "hinge_embedding_loss";
  check_pair(op, self, target);
  const Tensor apart = where(target == 1, 0, clamp_min(margin - self, 0));
  return reduce_loss(op, apart + where(target == -1, 0, self), reduction);
}

Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin,
                           std::int64_t reduction) {
  const char* op = "margin_ranking_loss";
  check_defined(op, input1, input2, target);
  check(input1.dim() == input2.dim() && input1.dim() == target.dim(), op, "input1 ", input1, ", input2 ", input2,
        " and target ", target, " must have the same rank");
  return reduce_loss(op, clamp_min(margin - target * (input1 - input2), 0), reduction);
}

Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin,
                             std::int64_t reduction) {
  const char* op = "cosine_embedding_loss";
  check_defined(op, input1, input2, target);
  check(target.dim() <= 1 && input1.dim() == target.dim() + 1 && input2.dim() == input1.dim(), op,
        "need inputs [N, D] and target [N], or [D] and 0-d; got ", input1, ", ", input2, " and ", target);
  constexpr double kTiny = 1e-12;
  const auto product = [](const Tensor& a, const Tensor& b) { return sum(a * b, -1); };
  const Tensor cosine =
      product(input1, input2) / sqrt((product(input1, input1) + kTiny) * (product(input2, input2) + kTiny));
  const Tensor near = where(target == 1, 1 - cosine, 0), apart = clamp_min(cosine - margin, 0);
  return reduce_loss(op, near + where(target == -1, apart, 0), reduction);
}

Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative, double margin,
                           double p, double eps, bool swap, std::int64_t reduction) {
  const char* op = "triplet_margin_loss";
  check_defined(op, anchor, positive, negative);
  check(anchor.dim() == positive.dim() && anchor.dim() == negative.dim(), op, "anchor ", anchor, ", positive ",
        positive, " and negative ", negative, " must have the same rank");
  const Tensor near = pairwise_distance(anchor, positive, p, eps);
  Tensor far = pairwise_distance(anchor, negative, p, eps);
  if (swap) far = minimum(far, pairwise_distance(positive, negative, p, eps));
  return reduce_loss(op, clamp_min(margin + near - far, 0), reduction);
}

}  // namespace gradtape::at
