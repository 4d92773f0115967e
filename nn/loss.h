#pragma once
// Losses: forward(input, target), reduced by kMean, kSum or not at all (kNone).
#include <cstdint>

#include "arg.h"
#include "enum.h"
#include "layer.h"

namespace gradtape::nn {

#define GRADTAPE_REDUCTION_OPTIONS(Name)                                               \
  Name() = default;                                                                    \
  Name(enumtype::kNone r) : reduction_(r) {} /* NOLINT(google-explicit-constructor) */ \
  Name(enumtype::kMean r) : reduction_(r) {} /* NOLINT(google-explicit-constructor) */ \
  Name(enumtype::kSum r) : reduction_(r) {}  /* NOLINT(google-explicit-constructor) */

struct MSELossOptions {
  GRADTAPE_REDUCTION_OPTIONS(MSELossOptions)
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
};

// (x - y)^2
struct MSELossImpl : Module {
  explicit MSELossImpl(const MSELossOptions& options = {});
  Tensor forward(const Tensor& input, const Tensor& target);
  MSELossOptions options;
  GRADTAPE_LAYER(MSELossImpl);
};
GRADTAPE_MODULE(MSELoss);

struct BCELossOptions {
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(Tensor, weight) = {};
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
};

// -w (y ln a + (1 - y) ln(1 - a)), each logarithm >= -100; a in [0, 1].
struct BCELossImpl : Module {
  explicit BCELossImpl(const BCELossOptions& options = {});
  Tensor forward(const Tensor& input, const Tensor& target);
  BCELossOptions options;
  GRADTAPE_LAYER(BCELossImpl);
};
GRADTAPE_MODULE(BCELoss);

struct BCEWithLogitsLossOptions {
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(Tensor, weight) = {};
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
  GRADTAPE_ARG(Tensor, pos_weight) = {};
};

// BCE of a = sigmoid(z), in one step and without overflow; pos_weight multiplies the term of y.
struct BCEWithLogitsLossImpl : Module {
  explicit BCEWithLogitsLossImpl(const BCEWithLogitsLossOptions& options = {});
  Tensor forward(const Tensor& input, const Tensor& target);
  BCEWithLogitsLossOptions options;
  Tensor weight;
  Tensor pos_weight;
  GRADTAPE_LAYER(BCEWithLogitsLossImpl);
};
GRADTAPE_MODULE(BCEWithLogitsLoss);

struct NLLLossOptions {
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(Tensor, weight) = {};
  GRADTAPE_ARG(std::int64_t, ignore_index) = -100;
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
};

// -w[t] x[i][t[i]] of log-probabilities x [N, C, ...] and classes t [N, ...]; kMean divides by the sum of the weights.
struct NLLLossImpl : Module {
  explicit NLLLossImpl(const NLLLossOptions& options = {});
  Tensor forward(const Tensor& input, const Tensor& target);
  NLLLossOptions options;
  Tensor weight;
  GRADTAPE_LAYER(NLLLossImpl);
};
GRADTAPE_MODULE(NLLLoss);

struct CrossEntropyLossOptions {
  using reduction_t = nn::reduction_t;
  GRADTAPE_ARG(Tensor, weight) = {};
  GRADTAPE_ARG(std::int64_t, ignore_index) = -100;
  GRADTAPE_ARG(reduction_t, reduction) = kMean;
  GRADTAPE_ARG(double, label_smoothing) = 0.0;
};

// NLL of log_softmax(x, 1); a target of floating dtype and x's shape holds class probabilities. With label_smoothing s
// the target is (1 - s) t + s / C.
struct CrossEntropyLossImpl : Module {
  explicit CrossEntropyLossImpl(const CrossEntropyLossOptions& options = {});
  Tensor forward(const Tensor& input, const Tensor& target);
  CrossEntropyLossOptions options;
  Tensor weight;
  GRADTAPE_LAYER(CrossEntropyLossImpl);
};
GRADTAPE_MODULE(CrossEntropyLoss);

namespace functional {
using MSELossFuncOptions = MSELossOptions;
using BinaryCrossEntropyFuncOptions = BCELossOptions;
using BinaryCrossEntropyWithLogitsFuncOptions = BCEWithLogitsLossOptions;
using NLLLossFuncOptions = NLLLossOptions;
using CrossEntropyFuncOptions = CrossEntropyLossOptions;
Tensor mse_loss(const Tensor& input, const Tensor& target, const MSELossFuncOptions& options = {});
Tensor binary_cross_entropy(const Tensor& input, const Tensor& target,
                            const BinaryCrossEntropyFuncOptions& options = {});
Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                        const BinaryCrossEntropyWithLogitsFuncOptions& options = {});
Tensor nll_loss(const Tensor& input, const Tensor& target, const NLLLossFuncOptions& options = {});
Tensor cross_entropy(const Tensor& input, const Tensor& target, const CrossEntropyFuncOptions& options = {});
}  // namespace functional

}  // namespace gradtape::nn
