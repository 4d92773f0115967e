#include "nn/margin_loss.h"

#include <ostream>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "autograd/tape.h"
#include "nn/cloneable.h"

namespace gradtape::nn {
namespace {

Tensor reduced(const Tensor& loss, reduction_t r) {
  return r.is<enumtype::kNone>() ? loss : r.is<enumtype::kMean>() ? loss.mean() : loss.sum();
}
const char* text(bool b) { return b ? "true" : "false"; }

}  // namespace

namespace functional {

Tensor l1_loss(const Tensor& input, const Tensor& target, const L1LossFuncOptions& o) {
  return at::l1_loss(input, target, reduction_of(o.reduction()));
}
Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, const SmoothL1LossFuncOptions& o,
                      optional<double> beta) {
  return at::smooth_l1_loss(input, target, reduction_of(o.reduction()), beta.value_or(o.beta()));
}
Tensor huber_loss(const Tensor& input, const Tensor& target, const HuberLossFuncOptions& o) {
  return at::huber_loss(input, target, reduction_of(o.reduction()), o.delta());
}
Tensor kl_div(const Tensor& input, const Tensor& target, const KLDivFuncOptions& o) {
  const auto r = o.reduction();
  const std::int64_t reduction = r.is<enumtype::kNone>()   ? Reduction::None
                                 : r.is<enumtype::kMean>() ? Reduction::Mean
                                                           : Reduction::Sum;
  const Tensor loss = at::kl_div(input, target, reduction, o.log_target());
  return r.is<enumtype::kBatchMean>() && input.dim() != 0 ? loss / input.size(0) : loss;
}
Tensor hinge_embedding_loss(const Tensor& input, const Tensor& target, const HingeEmbeddingLossFuncOptions& o) {
  return at::hinge_embedding_loss(input, target, o.margin(), reduction_of(o.reduction()));
}

Tensor multi_margin_loss(const Tensor& input, const Tensor& target, const MultiMarginLossFuncOptions& o) {
  const char* op = "multi_margin_loss";
  check(input.defined() && target.defined(), op, "input or target is an undefined tensor");
  check<ValueError>(o.p() == 1 || o.p() == 2, op, "p must be 1 or 2, got ", o.p());
  check<TypeError>(target.scalar_type() == kInt64, op, "target must be int64 class numbers, got ", target);
  check<ValueError>((input.dim() == 2 && target.dim() == 1 && target.size(0) == input.size(0)) ||
                        (input.dim() == 1 && target.numel() == 1),
                    op, "needs input [N, C] and target [N], or [C] and [], got ", input, " and ", target);
  const Tensor x = input.dim() == 1 ? input.unsqueeze(0) : input, t = target.reshape({-1, 1});
  const std::int64_t classes = x.size(1);
  check<ValueError>(!o.weight().defined() || (o.weight().dim() == 1 && o.weight().size(0) == classes), op,
                    "weight must be [", classes, "], got ", o.weight().defined() ? o.weight().numel() : 0, " elements");
  Tensor loss = relu(o.margin() - x.gather(1, t) + x);
  if (o.p() == 2) loss = loss * loss;
  if (o.weight().defined()) loss = loss * o.weight().index_select(0, t.reshape({-1})).unsqueeze(1);
  const Tensor others = ones(x.sizes(), x.options()).scatter_(1, t, 0.0);
  loss = (loss * others).sum(1) / classes;
  return reduced(input.dim() == 1 ? loss.squeeze(0) : loss, o.reduction());
}

Tensor multilabel_margin_loss(const Tensor& input, const Tensor& target, const MultilabelMarginLossFuncOptions& o) {
  const char* op = "multilabel_margin_loss";
  check(input.defined() && target.defined(), op, "input or target is an undefined tensor");
  check<TypeError>(target.scalar_type() == kInt64, op, "target must be int64 class numbers, got ", target);
  check<ValueError>(input.sizes() == target.sizes() && (input.dim() == 1 || input.dim() == 2), op,
                    "needs input and target of one shape [N, C] or [C], got ", input, " and ", target);
  const Tensor x = input.dim() == 1 ? input.unsqueeze(0) : input, t = input.dim() == 1 ? target.unsqueeze(0) : target;
  const Tensor used = t.ne(-1).to(kInt64).cumprod(1), place = t * used;
  const Tensor valid = used.to(x.scalar_type());
  const Tensor is_target = zeros(x.sizes(), x.options()).scatter_add(1, place, valid).clamp_max(1);
  const Tensor gap = relu(1 - x.gather(1, place).unsqueeze(2) + x.unsqueeze(1));
  const Tensor loss = (gap * valid.unsqueeze(2) * (1 - is_target).unsqueeze(1)).sum(IntArrayRef{1, 2}) / x.size(1);
  return reduced(input.dim() == 1 ? loss.squeeze(0) : loss, o.reduction());
}

Tensor multilabel_soft_margin_loss(const Tensor& input, const Tensor& target,
                                   const MultilabelSoftMarginLossFuncOptions& o) {
  Tensor loss = -(target * log_sigmoid(input) + (1 - target) * log_sigmoid(-input));
  if (o.weight().defined()) loss = loss * o.weight();
  return reduced(loss.mean(IntArrayRef{-1}), o.reduction());
}
Tensor soft_margin_loss(const Tensor& input, const Tensor& target, const SoftMarginLossFuncOptions& o) {
  return at::soft_margin_loss(input, target, reduction_of(o.reduction()));
}
Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                             const CosineEmbeddingLossFuncOptions& o) {
  return at::cosine_embedding_loss(input1, input2, target, o.margin(), reduction_of(o.reduction()));
}
Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                           const MarginRankingLossFuncOptions& o) {
  return at::margin_ranking_loss(input1, input2, target, o.margin(), reduction_of(o.reduction()));
}
Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           const TripletMarginLossFuncOptions& o) {
  return at::triplet_margin_loss(anchor, positive, negative, o.margin(), o.p(), o.eps(), o.swap(),
                                 reduction_of(o.reduction()));
}
Tensor triplet_margin_with_distance_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                                         const TripletMarginWithDistanceLossFuncOptions& o) {
  const auto distance = [&](const Tensor& a, const Tensor& b) {
    return o.distance_function() ? (*o.distance_function())(a, b) : at::pairwise_distance(a, b);
  };
  const Tensor near = distance(anchor, positive);
  Tensor far = distance(anchor, negative);
  if (o.swap()) far = minimum(far, distance(positive, negative));
  return reduced(relu(o.margin() + near - far), o.reduction());
}
Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, const PoissonNLLLossFuncOptions& o) {
  return at::poisson_nll_loss(input, target, o.log_input(), o.full(), o.eps(), reduction_of(o.reduction()));
}

Tensor gaussian_nll_loss(const Tensor& input, const Tensor& target, const Tensor& var,
                         const GaussianNLLLossFuncOptions& o) {
  const char* op = "gaussian_nll_loss";
  check(input.defined() && target.defined() && var.defined(), op, "an argument is an undefined tensor");
  check<ValueError>(!var.lt(0).any().item<bool>(), op, "var has a negative element: ", var);
  // One variance for each sample is for all its elements.
  const bool rowwise = var.sizes() != input.sizes() && var.dim() + 1 == input.dim();
  const Tensor own = rowwise ? var.unsqueeze(-1) : var;
  Tensor v = own.clone();
  {
    const NoGradGuard off;
    v.clamp_min_(o.eps());
  }
  const Tensor d = input - target;
  constexpr double kHalfLogTwoPi = 0.91893853320467274178;
  const Tensor loss = (log(v) + d * d / v) / 2;
  return reduced(o.full() ? loss + kHalfLogTwoPi : loss, o.reduction());
}

Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, const CosineSimilarityFuncOptions& o) {
  return at::cosine_similarity(x1, x2, o.dim(), o.eps());
}
Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, const PairwiseDistanceFuncOptions& o) {
  return at::pairwise_distance(x1, x2, o.p(), o.eps(), o.keepdim());
}

}  // namespace functional

#define GRADTAPE_LOSS(Name, name, shown)                                                                \
  Name##Impl::Name##Impl(const Name##Options& o) : options(o) {}                                        \
  Tensor Name##Impl::forward(const Tensor& input, const Tensor& target) {                               \
    return functional::name(input, target, options);                                                    \
  }                                                                                                     \
  void Name##Impl::reset() {}                                                                           \
  void Name##Impl::pretty_print(std::ostream& stream) const { stream << "torch::nn::" #Name << shown; } \
  GRADTAPE_LAYER_DEFINITION(Name##Impl);
#define GRADTAPE_LOSS3(Name, name, shown)                                                               \
  Name##Impl::Name##Impl(const Name##Options& o) : options(o) {}                                        \
  Tensor Name##Impl::forward(const Tensor& a, const Tensor& b, const Tensor& c) {                       \
    return functional::name(a, b, c, options);                                                          \
  }                                                                                                     \
  void Name##Impl::reset() {}                                                                           \
  void Name##Impl::pretty_print(std::ostream& stream) const { stream << "torch::nn::" #Name << shown; } \
  GRADTAPE_LAYER_DEFINITION(Name##Impl);
GRADTAPE_LOSS(L1Loss, l1_loss, "()")
GRADTAPE_LOSS(SmoothL1Loss, smooth_l1_loss, "")
GRADTAPE_LOSS(HuberLoss, huber_loss, "")
GRADTAPE_LOSS(KLDivLoss, kl_div, "()")
GRADTAPE_LOSS(HingeEmbeddingLoss, hinge_embedding_loss, "(margin=" << options.margin() << ')')
GRADTAPE_LOSS(MultiMarginLoss, multi_margin_loss,
              "(p=" << options.p() << ", margin=" << options.margin() << ", weight=" << options.weight()
                    << ", reduction=" << enumtype::get_enum_name(options.reduction()) << ')')
GRADTAPE_LOSS(MultiLabelMarginLoss, multilabel_margin_loss, "()")
GRADTAPE_LOSS(MultiLabelSoftMarginLoss, multilabel_soft_margin_loss, "()")
GRADTAPE_LOSS(SoftMarginLoss, soft_margin_loss, "()")
GRADTAPE_LOSS(PoissonNLLLoss, poisson_nll_loss, "()")
GRADTAPE_LOSS3(CosineEmbeddingLoss, cosine_embedding_loss, "(margin=" << options.margin() << ')')
GRADTAPE_LOSS3(MarginRankingLoss, margin_ranking_loss, "()")
GRADTAPE_LOSS3(TripletMarginLoss, triplet_margin_loss,
               "(margin=" << options.margin() << ", p=" << options.p() << ", eps=" << options.eps()
                          << ", swap=" << text(options.swap()) << ')')
GRADTAPE_LOSS3(TripletMarginWithDistanceLoss, triplet_margin_with_distance_loss,
               "(margin=" << options.margin() << ", swap=" << text(options.swap()) << ')')
GRADTAPE_LOSS3(GaussianNLLLoss, gaussian_nll_loss, "()")
GRADTAPE_LOSS(CosineSimilarity, cosine_similarity, "(dim=" << options.dim() << ", eps=" << options.eps() << ')')
GRADTAPE_LOSS(PairwiseDistance, pairwise_distance,
              "(p=" << options.p() << ", eps=" << options.eps() << ", keepdim=" << text(options.keepdim()) << ')')

}  // namespace gradtape::nn
