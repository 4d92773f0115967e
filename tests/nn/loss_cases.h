#pragma once
// Activations and losses on inputs from a formula, on either library; see sequence_cases.h.
#include "sequence_cases.h"

namespace losses {
using namespace sequences;  // NOLINT(google-build-using-namespace)

template <class M>
std::function<void(Setting&)> on(M layer, Sizes sizes, double scale = 3) {
  return [=](Setting& s) {
    M own = layer;
    own->zero_grad();
    own->to(s.dtype);
    own->eval();
    const Tensor x = s.input(sizes, 1);
    s.add(*own, {own->forward(x * scale)}, {x});
  };
}
// Two inputs that get gradients.
template <class M>
std::function<void(Setting&)> pair(M layer, Sizes sizes, bool positive = false) {
  return [=](Setting& s) {
    M own = layer;
    const Tensor x = s.input(sizes, 1), y = s.input(sizes, 2);
    const Tensor t = positive ? (y + 1.2) * 0.4 : y;
    s.add(*own, {own->forward(positive ? x - 1.5 : x * 2, t)}, {x, y});
  };
}
template <class M>
std::function<void(Setting&)> triple(M layer, Sizes sizes) {
  return [=](Setting& s) {
    M own = layer;
    const Tensor a = s.input(sizes, 1), b = s.input(sizes, 2), c = s.input(sizes, 3);
    s.add(*own, {own->forward(a, b, c)}, {a, b, c});
  };
}
// A target of its own.
template <class M>
std::function<void(Setting&)> against(M layer, Sizes sizes, Tensor target) {
  return [=](Setting& s) {
    M own = layer;
    const Tensor x = s.input(sizes, 1);
    const Tensor t = target.is_floating_point() ? target.to(s.dtype) : target;
    s.add(*own, {own->forward(x * 2, t)}, {x});
  };
}
template <class M>
std::function<void(Setting&)> signed_pair(M layer, Sizes sizes, Tensor target) {
  return [=](Setting& s) {
    M own = layer;
    const Tensor a = s.input(sizes, 1), b = s.input(sizes, 2);
    s.add(*own, {own->forward(a, b, target.to(s.dtype))}, {a, b});
  };
}
inline Tensor ints(std::vector<std::int64_t> v, Sizes sizes) {
  return gradtape::tensor(v, TensorOptions(kInt64)).reshape(sizes);
}
inline Tensor reals(std::vector<double> v, Sizes sizes) {
  return gradtape::tensor(v, TensorOptions(kFloat64)).reshape(sizes);
}

inline void add_activations(std::vector<Case>& all) {
  const Sizes sizes = {3, 4};
  all.push_back({"elu", on(nn::ELU(nn::ELUOptions().alpha(1.5)), sizes)});
  all.push_back({"selu", on(nn::SELU(), sizes)});
  all.push_back({"celu", on(nn::CELU(nn::CELUOptions().alpha(0.5)), sizes)});
  all.push_back({"relu6", on(nn::ReLU6(), sizes, 9)});
  all.push_back({"hardtanh", on(nn::Hardtanh(nn::HardtanhOptions().min_val(-0.5).max_val(2)), sizes)});
  all.push_back({"rrelu in evaluation", on(nn::RReLU(nn::RReLUOptions().lower(0.1).upper(0.4)), sizes)});
  all.push_back({"threshold", on(nn::Threshold(0.3, -1.5), sizes)});
  all.push_back({"softplus", on(nn::Softplus(nn::SoftplusOptions().beta(2).threshold(3)), sizes)});
  all.push_back({"gelu", on(nn::GELU(), sizes)});
  all.push_back({"gelu tanh", on(nn::GELU(nn::GELUOptions().approximate("tanh")), sizes)});
  all.push_back({"hardshrink", on(nn::Hardshrink(0.8), sizes)});
  all.push_back({"softshrink", on(nn::Softshrink(0.8), sizes)});
  all.push_back({"glu", on(nn::GLU(1), sizes)});
  all.push_back({"softmin", on(nn::Softmin(1), sizes)});
  all.push_back({"log sigmoid", on(nn::LogSigmoid(), sizes)});
  all.push_back({"silu", on(nn::SiLU(), sizes)});
  all.push_back({"mish", on(nn::Mish(), sizes)});
  all.push_back({"softsign", on(nn::Softsign(), sizes)});
  all.push_back({"tanhshrink", on(nn::Tanhshrink(), sizes)});
  all.push_back({"softmax 2d", on(nn::Softmax2d(), {2, 3, 2, 2})});
  all.push_back({"prelu", on(nn::PReLU(), sizes)});
  all.push_back({"prelu by channel", on(nn::PReLU(nn::PReLUOptions().num_parameters(4).init(0.4)), sizes)});
}

inline void add_losses(std::vector<Case>& all) {
  const Sizes sizes = {3, 4};
  all.push_back({"l1", pair(nn::L1Loss(), sizes)});
  all.push_back({"l1, sum", pair(nn::L1Loss(nn::L1LossOptions(kSum)), sizes)});
  all.push_back({"smooth l1", pair(nn::SmoothL1Loss(nn::SmoothL1LossOptions().beta(0.7)), sizes)});
  all.push_back({"huber", pair(nn::HuberLoss(nn::HuberLossOptions().delta(0.7).reduction(kNone)), sizes)});
  all.push_back({"kl div", pair(nn::KLDivLoss(), sizes, true)});
  all.push_back({"kl div, batch mean", pair(nn::KLDivLoss(nn::KLDivLossOptions(kBatchMean)), sizes, true)});
  all.push_back({"kl div, log target", pair(nn::KLDivLoss(nn::KLDivLossOptions(kSum).log_target(true)), sizes)});
  all.push_back({"poisson", pair(nn::PoissonNLLLoss(nn::PoissonNLLLossOptions().full(true)), sizes, true)});
  const Tensor signs = reals({1, -1, -1, 1, 1, 1, -1, 1, -1, -1, 1, 1}, sizes);
  all.push_back(
      {"hinge embedding", against(nn::HingeEmbeddingLoss(nn::HingeEmbeddingLossOptions().margin(1.2)), sizes, signs)});
  all.push_back({"soft margin", against(nn::SoftMarginLoss(), sizes, signs)});
  all.push_back(
      {"multi label soft margin",
       against(nn::MultiLabelSoftMarginLoss(nn::MultiLabelSoftMarginLossOptions().weight(reals({1, 2, 0.5, 3}, {4}))),
               sizes, (signs + 1) / 2)});
  all.push_back({"multi margin", against(nn::MultiMarginLoss(), sizes, ints({1, 3, 0}, {3}))});
  all.push_back({"multi margin, squares", against(nn::MultiMarginLoss(nn::MultiMarginLossOptions().p(2).margin(0.6)),
                                                  sizes, ints({1, 3, 0}, {3}))});
  all.push_back({"multi margin, alone", against(nn::MultiMarginLoss(), {4}, ints({2}, {}))});
  all.push_back({"multi label margin",
                 against(nn::MultiLabelMarginLoss(), sizes, ints({1, 3, -1, 0, 0, -1, -1, -1, 2, 1, 0, 3}, sizes))});
  all.push_back({"cosine embedding", signed_pair(nn::CosineEmbeddingLoss(nn::CosineEmbeddingLossOptions().margin(-0.5)),
                                                 sizes, reals({1, -1, -1}, {3}))});
  all.push_back(
      {"margin ranking", signed_pair(nn::MarginRankingLoss(nn::MarginRankingLossOptions().margin(0.3)), sizes, signs)});
  all.push_back({"triplet", triple(nn::TripletMarginLoss(), sizes)});
  all.push_back({"triplet, swap", triple(nn::TripletMarginLoss(
                                             nn::TripletMarginLossOptions().p(3).margin(2).swap(true).reduction(kNone)),
                                         sizes)});
  all.push_back(
      {"triplet with distance",
       triple(nn::TripletMarginWithDistanceLoss(nn::TripletMarginWithDistanceLossOptions().swap(true).distance_function(
                  [](const Tensor& a, const Tensor& b) { return (a - b).abs().sum(1); })),
              sizes)});
  all.push_back({"cosine similarity", pair(nn::CosineSimilarity(), sizes)});
  all.push_back(
      {"pairwise distance", pair(nn::PairwiseDistance(nn::PairwiseDistanceOptions().p(3).keepdim(true)), sizes)});
}

// log_softmax of inputs [6, 3, 4], targets of lengths 2, 3 and 1 with a repeated class.
inline std::function<void(Setting&)> ctc(nn::CTCLoss layer, Tensor targets, Tensor input_lengths) {
  return [=](Setting& s) {
    nn::CTCLoss own = layer;
    const Tensor x = s.input({6, 3, 4}, 1);
    s.add(*own, {own->forward((x * 2).log_softmax(2), targets, input_lengths, ints({2, 3, 1}, {3}))}, {x});
  };
}
inline void add_ctc(std::vector<Case>& all) {
  const Tensor rows = ints({1, 2, 0, 3, 3, 2, 2, 0, 0}, {3, 3}), flat = ints({1, 2, 3, 3, 2, 2}, {6});
  const Tensor whole = ints({6, 6, 6}, {3}), parts = ints({5, 6, 2}, {3});
  all.push_back({"ctc", ctc(nn::CTCLoss(), rows, whole)});
  all.push_back({"ctc, in one row", ctc(nn::CTCLoss(nn::CTCLossOptions().reduction(kSum)), flat, parts)});
  all.push_back({"ctc, none", ctc(nn::CTCLoss(nn::CTCLossOptions().reduction(kNone)), rows, parts)});
  all.push_back(
      {"ctc, impossible", ctc(nn::CTCLoss(nn::CTCLossOptions().zero_infinity(true)), rows, ints({6, 3, 6}, {3}))});
}

inline std::vector<Case> loss_cases() {
  std::vector<Case> all;
  add_activations(all);
  add_losses(all);
  add_ctc(all);
  return all;
}

}  // namespace losses
