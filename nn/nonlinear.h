#pragma once
// Further activations as modules and functions, element by element unless said otherwise; formulas in
// autograd/ops_activations.h. Those of most scripts are in activation.h.
#include <cstdint>
#include <string>

#include "arg.h"
#include "layer.h"

namespace gradtape::nn {

// Those that have only the choice to work in place.
#define GRADTAPE_ACTIVATION(Name)                                           \
  struct Name##Options {                                                    \
    Name##Options(bool inplace = false) : inplace_(inplace) {} /* NOLINT */ \
    GRADTAPE_ARG(bool, inplace);                                            \
  };                                                                        \
  struct Name##Impl : Module {                                              \
    explicit Name##Impl(const Name##Options& options = {});                 \
    Tensor forward(Tensor input);                                           \
    Name##Options options;                                                  \
    GRADTAPE_LAYER(Name##Impl);                                             \
  };                                                                        \
  GRADTAPE_MODULE(Name);
GRADTAPE_ACTIVATION(ReLU6)
GRADTAPE_ACTIVATION(SELU)
#undef GRADTAPE_ACTIVATION

struct ELUOptions {
  GRADTAPE_ARG(double, alpha) = 1.0;
  GRADTAPE_ARG(bool, inplace) = false;
};
struct CELUOptions {
  GRADTAPE_ARG(double, alpha) = 1.0;
  GRADTAPE_ARG(bool, inplace) = false;
};
struct HardtanhOptions {
  GRADTAPE_ARG(double, min_val) = -1.0;
  GRADTAPE_ARG(double, max_val) = 1.0;
  GRADTAPE_ARG(bool, inplace) = false;
};
// Slopes of negative elements: drawn from [lower, upper) in training, their middle in evaluation.
struct RReLUOptions {
  GRADTAPE_ARG(double, lower) = 1.0 / 8.0;
  GRADTAPE_ARG(double, upper) = 1.0 / 3.0;
  GRADTAPE_ARG(bool, inplace) = false;
};
struct ThresholdOptions {
  ThresholdOptions(double threshold, double value) : threshold_(threshold), value_(value) {}
  GRADTAPE_ARG(double, threshold);
  GRADTAPE_ARG(double, value);
  GRADTAPE_ARG(bool, inplace) = false;
};
struct SoftplusOptions {
  GRADTAPE_ARG(double, beta) = 1.0;
  GRADTAPE_ARG(double, threshold) = 20.0;
};
struct GELUOptions {
  GRADTAPE_ARG(std::string, approximate) = "none";  // or "tanh"
};
struct HardshrinkOptions {
  HardshrinkOptions(double lambda = 0.5) : lambda_(lambda) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(double, lambda);
};
struct SoftshrinkOptions {
  SoftshrinkOptions(double lambda = 0.5) : lambda_(lambda) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(double, lambda);
};
struct GLUOptions {
  GLUOptions(std::int64_t dim = -1) : dim_(dim) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(std::int64_t, dim);
};
struct SoftminOptions {
  SoftminOptions(std::int64_t dim) : dim_(dim) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(std::int64_t, dim);
};

#define GRADTAPE_ACTIVATION(Name)                           \
  struct Name##Impl : Module {                              \
    explicit Name##Impl(const Name##Options& options = {}); \
    Tensor forward(Tensor input);                           \
    Name##Options options;                                  \
    GRADTAPE_LAYER(Name##Impl);                             \
  };                                                        \
  GRADTAPE_MODULE(Name);
GRADTAPE_ACTIVATION(ELU)
GRADTAPE_ACTIVATION(CELU)
GRADTAPE_ACTIVATION(Hardtanh)
GRADTAPE_ACTIVATION(RReLU)
GRADTAPE_ACTIVATION(Softplus)
GRADTAPE_ACTIVATION(GELU)
GRADTAPE_ACTIVATION(Hardshrink)
GRADTAPE_ACTIVATION(Softshrink)
GRADTAPE_ACTIVATION(GLU)  // x[first half] sigmoid(x[second half]) along dim
#undef GRADTAPE_ACTIVATION

struct ThresholdImpl : Module {
  ThresholdImpl(double threshold, double value);
  explicit ThresholdImpl(const ThresholdOptions& options);
  Tensor forward(Tensor input);
  ThresholdOptions options;
  GRADTAPE_LAYER(ThresholdImpl);
};
GRADTAPE_MODULE(Threshold);
// softmax(-x)
struct SoftminImpl : Module {
  explicit SoftminImpl(const SoftminOptions& options);
  Tensor forward(const Tensor& input);
  SoftminOptions options;
  GRADTAPE_LAYER(SoftminImpl);
};
GRADTAPE_MODULE(Softmin);

#define GRADTAPE_ACTIVATION(Name)        \
  struct Name##Impl : Module {           \
    Name##Impl();                        \
    Tensor forward(const Tensor& input); \
    GRADTAPE_LAYER(Name##Impl);          \
  };                                     \
  GRADTAPE_MODULE(Name);
GRADTAPE_ACTIVATION(LogSigmoid)
GRADTAPE_ACTIVATION(SiLU)
GRADTAPE_ACTIVATION(Mish)
GRADTAPE_ACTIVATION(Softsign)
GRADTAPE_ACTIVATION(Tanhshrink)
GRADTAPE_ACTIVATION(Softmax2d)  // over the channels of [N, C, H, W] or [C, H, W]
#undef GRADTAPE_ACTIVATION

struct PReLUOptions {
  GRADTAPE_ARG(std::int64_t, num_parameters) = 1;  // one for all channels, or one for each (dim 1)
  GRADTAPE_ARG(double, init) = 0.25;
};
// x > 0 ? x : weight x, the weight being trained.
struct PReLUImpl : Module {
  explicit PReLUImpl(const PReLUOptions& options = {});
  Tensor forward(const Tensor& input);
  PReLUOptions options;
  Tensor weight;
  GRADTAPE_LAYER(PReLUImpl);
};
GRADTAPE_MODULE(PReLU);

namespace functional {
using ELUFuncOptions = ELUOptions;
using SELUFuncOptions = SELUOptions;
using CELUFuncOptions = CELUOptions;
using ReLU6FuncOptions = ReLU6Options;
using HardtanhFuncOptions = HardtanhOptions;
using ThresholdFuncOptions = ThresholdOptions;
using SoftplusFuncOptions = SoftplusOptions;
using GELUFuncOptions = GELUOptions;
using HardshrinkFuncOptions = HardshrinkOptions;
using SoftshrinkFuncOptions = SoftshrinkOptions;
using GLUFuncOptions = GLUOptions;
struct RReLUFuncOptions {
  GRADTAPE_ARG(double, lower) = 1.0 / 8.0;
  GRADTAPE_ARG(double, upper) = 1.0 / 3.0;
  GRADTAPE_ARG(bool, training) = false;
  GRADTAPE_ARG(bool, inplace) = false;
};
struct SoftminFuncOptions {
  SoftminFuncOptions(std::int64_t dim) : dim_(dim) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(std::int64_t, dim);
  GRADTAPE_ARG(optional<Dtype>, dtype) = nullopt;
};
struct GumbelSoftmaxFuncOptions {
  GRADTAPE_ARG(double, tau) = 1.0;
  GRADTAPE_ARG(bool, hard) = false;  // one-hot, with the gradient of the soft sample
  GRADTAPE_ARG(int, dim) = -1;
};
Tensor elu(Tensor input, const ELUFuncOptions& options = {});
Tensor selu(Tensor input, const SELUFuncOptions& options = {});
Tensor celu(Tensor input, const CELUFuncOptions& options = {});
Tensor relu6(Tensor input, const ReLU6FuncOptions& options = {});
Tensor hardtanh(Tensor input, const HardtanhFuncOptions& options = {});
Tensor rrelu(Tensor input, const RReLUFuncOptions& options = {});
Tensor threshold(Tensor input, const ThresholdFuncOptions& options);
Tensor softplus(const Tensor& input, const SoftplusFuncOptions& options = {});
Tensor gelu(const Tensor& input, const GELUFuncOptions& options = {});
Tensor hardshrink(const Tensor& input, const HardshrinkFuncOptions& options = {});
Tensor softshrink(const Tensor& input, const SoftshrinkFuncOptions& options = {});
Tensor glu(const Tensor& input, const GLUFuncOptions& options = {});
Tensor softmin(const Tensor& input, const SoftminFuncOptions& options);
Tensor logsigmoid(const Tensor& input);
Tensor silu(const Tensor& input);
Tensor mish(const Tensor& input);
Tensor softsign(const Tensor& input);
Tensor tanhshrink(const Tensor& input);
Tensor prelu(const Tensor& input, const Tensor& weight);
// softmax((x + Gumbel noise) / tau). (Jang et al., arXiv 1611.01144.)
Tensor gumbel_softmax(const Tensor& logits, const GumbelSoftmaxFuncOptions& options = {});
}  // namespace functional

}  // namespace gradtape::nn
