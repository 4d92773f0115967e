#pragma once
// Further losses, reduced by kMean, kSum or not at all (kNone); formulas of most in autograd/ops_loss.h. Those of most
// scripts are in loss.h.
#include <cstdint>
#include <functional>

#include "arg.h"
#include "enum.h"
#include "layer.h"
#include "loss.h"

namespace gradtape::nn {

struct L1LossOptions {
  GRADTAPE_REDUCTION_OPTIONS(L1LossOptions)
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
};
struct SmoothL1LossOptions {
  GRADTAPE_REDUCTION_OPTIONS(SmoothL1LossOptions)
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
  GRADTAPE_ARG(double, beta) = 1.0;
};
struct HuberLossOptions {
  GRADTAPE_REDUCTION_OPTIONS(HuberLossOptions)
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
  GRADTAPE_ARG(double, delta) = 1.0;
};
struct KLDivLossOptions {
  using reduction_t = enumtype::OneOf<enumtype::kNone, enumtype::kBatchMean, enumtype::kSum, enumtype::kMean>;
  KLDivLossOptions() = default;
  KLDivLossOptions(reduction_t r) : reduction_(r) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(reduction_t, reduction) = kMean;       // kBatchMean: the sum over the first size
  GRADTAPE_ARG(bool, log_target) = false;
};
struct HingeEmbeddingLossOptions {
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(double, margin) = 1.0;
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
};
struct MultiMarginLossOptions {
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(std::int64_t, p) = 1;  // or 2
  GRADTAPE_ARG(double, margin) = 1.0;
  GRADTAPE_ARG(Tensor, weight) = {};
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
};
struct MultiLabelMarginLossOptions {
  GRADTAPE_REDUCTION_OPTIONS(MultiLabelMarginLossOptions)
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
};
struct MultiLabelSoftMarginLossOptions {
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(Tensor, weight) = {};
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
};
struct SoftMarginLossOptions {
  GRADTAPE_REDUCTION_OPTIONS(SoftMarginLossOptions)
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
};
struct CosineEmbeddingLossOptions {
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(double, margin) = 0.0;
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
};
struct MarginRankingLossOptions {
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(double, margin) = 0.0;
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
};
struct TripletMarginLossOptions {
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(double, margin) = 1.0;
  GRADTAPE_ARG(double, p) = 2.0;
  GRADTAPE_ARG(double, eps) = 1e-6;
  GRADTAPE_ARG(bool, swap) = false;
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
};
struct TripletMarginWithDistanceLossOptions {
  using reduction_t = nn::reduction_t;
  using distance_function_t = std::function<Tensor(const Tensor&, const Tensor&)>;
  GRADTAPE_ARG(optional<distance_function_t>, distance_function) = nullopt;  // pairwise_distance
  GRADTAPE_ARG(double, margin) = 1.0;
  GRADTAPE_ARG(bool, swap) = false;
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
};
struct PoissonNLLLossOptions {
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(bool, log_input) = true;
  GRADTAPE_ARG(bool, full) = false;
  GRADTAPE_ARG(double, eps) = 1e-8;
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
};
struct GaussianNLLLossOptions {
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(bool, full) = false;
  GRADTAPE_ARG(double, eps) = 1e-6;
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
};
struct CTCLossOptions {
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(std::int64_t, blank) = 0;
  GRADTAPE_ARG(reduction_t, reduction) = kMean;  // the mean of losses over the lengths of their targets
  GRADTAPE_ARG(bool, zero_infinity) = false;
};

#define GRADTAPE_LOSS(Name, ...)                            \
  struct Name##Impl : Module {                              \
    explicit Name##Impl(const Name##Options& options = {}); \
    Tensor forward(__VA_ARGS__);                            \
    Name##Options options;                                  \
    GRADTAPE_LAYER(Name##Impl);                             \
  };                                                        \
  GRADTAPE_MODULE(Name);
GRADTAPE_LOSS(L1Loss, const Tensor& input, const Tensor& target)
GRADTAPE_LOSS(SmoothL1Loss, const Tensor& input, const Tensor& target)
GRADTAPE_LOSS(HuberLoss, const Tensor& input, const Tensor& target)
GRADTAPE_LOSS(KLDivLoss, const Tensor& input, const Tensor& target)
GRADTAPE_LOSS(HingeEmbeddingLoss, const Tensor& input, const Tensor& target)
// sum over j != t of max(0, margin - x_t + x_j)^p w_t, over C; input [N, C] or [C], target int64 [N] or [].
GRADTAPE_LOSS(MultiMarginLoss, const Tensor& input, const Tensor& target)
// sum over targets t and others j of max(0, 1 - x_t + x_j), over C; target int64 like input, classes up to the first
// -1.
GRADTAPE_LOSS(MultiLabelMarginLoss, const Tensor& input, const Tensor& target)
// The mean over the last dim of -w (y ln sigmoid(x) + (1 - y) ln sigmoid(-x)).
GRADTAPE_LOSS(MultiLabelSoftMarginLoss, const Tensor& input, const Tensor& target)
GRADTAPE_LOSS(SoftMarginLoss, const Tensor& input, const Tensor& target)
GRADTAPE_LOSS(CosineEmbeddingLoss, const Tensor& input1, const Tensor& input2, const Tensor& target)
GRADTAPE_LOSS(MarginRankingLoss, const Tensor& input1, const Tensor& input2, const Tensor& target)
GRADTAPE_LOSS(TripletMarginLoss, const Tensor& anchor, const Tensor& positive, const Tensor& negative)
GRADTAPE_LOSS(TripletMarginWithDistanceLoss, const Tensor& anchor, const Tensor& positive, const Tensor& negative)
GRADTAPE_LOSS(PoissonNLLLoss, const Tensor& log_input, const Tensor& target)
// (ln v + (x - y)^2 / v) / 2, v = max(var, eps) (its gradient that of var); full adds ln(2 pi) / 2. (Python's torch.)
GRADTAPE_LOSS(GaussianNLLLoss, const Tensor& input, const Tensor& target, const Tensor& var)
// -ln of the probability of all ways to spell the target in the time given (Graves et al., ICML 2006): log_probs
// [T, N, C] or [T, C], targets int64 [N, S] or all in one row, lengths int64 [N].
GRADTAPE_LOSS(CTCLoss, const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
              const Tensor& target_lengths)
#undef GRADTAPE_LOSS

struct CosineSimilarityOptions {
  GRADTAPE_ARG(std::int64_t, dim) = 1;
  GRADTAPE_ARG(double, eps) = 1e-8;
};
struct PairwiseDistanceOptions {
  GRADTAPE_ARG(double, p) = 2.0;
  GRADTAPE_ARG(double, eps) = 1e-6;
  GRADTAPE_ARG(bool, keepdim) = false;
};
struct CosineSimilarityImpl : Module {
  explicit CosineSimilarityImpl(const CosineSimilarityOptions& options = {});
  Tensor forward(const Tensor& x1, const Tensor& x2);
  CosineSimilarityOptions options;
  GRADTAPE_LAYER(CosineSimilarityImpl);
};
GRADTAPE_MODULE(CosineSimilarity);
struct PairwiseDistanceImpl : Module {
  explicit PairwiseDistanceImpl(const PairwiseDistanceOptions& options = {});
  Tensor forward(const Tensor& x1, const Tensor& x2);
  PairwiseDistanceOptions options;
  GRADTAPE_LAYER(PairwiseDistanceImpl);
};
GRADTAPE_MODULE(PairwiseDistance);

namespace functional {
using L1LossFuncOptions = L1LossOptions;
using SmoothL1LossFuncOptions = SmoothL1LossOptions;
using HuberLossFuncOptions = HuberLossOptions;
using KLDivFuncOptions = KLDivLossOptions;
using HingeEmbeddingLossFuncOptions = HingeEmbeddingLossOptions;
using MultiMarginLossFuncOptions = MultiMarginLossOptions;
using MultilabelMarginLossFuncOptions = MultiLabelMarginLossOptions;
using MultilabelSoftMarginLossFuncOptions = MultiLabelSoftMarginLossOptions;
using SoftMarginLossFuncOptions = SoftMarginLossOptions;
using CosineEmbeddingLossFuncOptions = CosineEmbeddingLossOptions;
using MarginRankingLossFuncOptions = MarginRankingLossOptions;
using TripletMarginLossFuncOptions = TripletMarginLossOptions;
using TripletMarginWithDistanceLossFuncOptions = TripletMarginWithDistanceLossOptions;
using PoissonNLLLossFuncOptions = PoissonNLLLossOptions;
using GaussianNLLLossFuncOptions = GaussianNLLLossOptions;
using CTCLossFuncOptions = CTCLossOptions;
using CosineSimilarityFuncOptions = CosineSimilarityOptions;
using PairwiseDistanceFuncOptions = PairwiseDistanceOptions;
Tensor l1_loss(const Tensor& input, const Tensor& target, const L1LossFuncOptions& options = {});
// beta, where given, comes before that of the options.
Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, const SmoothL1LossFuncOptions& options = {},
                      optional<double> beta = nullopt);
Tensor huber_loss(const Tensor& input, const Tensor& target, const HuberLossFuncOptions& options = {});
Tensor kl_div(const Tensor& input, const Tensor& target, const KLDivFuncOptions& options = {});
Tensor hinge_embedding_loss(const Tensor& input, const Tensor& target,
                            const HingeEmbeddingLossFuncOptions& options = {});
Tensor multi_margin_loss(const Tensor& input, const Tensor& target, const MultiMarginLossFuncOptions& options = {});
Tensor multilabel_margin_loss(const Tensor& input, const Tensor& target,
                              const MultilabelMarginLossFuncOptions& options = {});
Tensor multilabel_soft_margin_loss(const Tensor& input, const Tensor& target,
                                   const MultilabelSoftMarginLossFuncOptions& options = {});
Tensor soft_margin_loss(const Tensor& input, const Tensor& target, const SoftMarginLossFuncOptions& options = {});
Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                             const CosineEmbeddingLossFuncOptions& options = {});
Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                           const MarginRankingLossFuncOptions& options = {});
Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           const TripletMarginLossFuncOptions& options = {});
Tensor triplet_margin_with_distance_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                                         const TripletMarginWithDistanceLossFuncOptions& options = {});
Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, const PoissonNLLLossFuncOptions& options = {});
Tensor gaussian_nll_loss(const Tensor& input, const Tensor& target, const Tensor& var,
                         const GaussianNLLLossFuncOptions& options = {});
Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                const Tensor& target_lengths, const CTCLossFuncOptions& options = {});
Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, const CosineSimilarityFuncOptions& options = {});
Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, const PairwiseDistanceFuncOptions& options = {});
}  // namespace functional

}  // namespace gradtape::nn
