#pragma once
// Activations as modules and, in nn::functional, as functions: element by element unless said otherwise.
#include <cstdint>

#include "arg.h"
#include "layer.h"

namespace gradtape::nn {

struct ReLUOptions {
  ReLUOptions(bool inplace = false) : inplace_(inplace) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(bool, inplace);
};

// max(x, 0)
struct ReLUImpl : Module {
  explicit ReLUImpl(const ReLUOptions& options = {});
  Tensor forward(Tensor input);
  ReLUOptions options;
  GRADTAPE_LAYER(ReLUImpl);
};
GRADTAPE_MODULE(ReLU);

struct LeakyReLUOptions {
  GRADTAPE_ARG(double, negative_slope) = 1e-2;
  GRADTAPE_ARG(bool, inplace) = false;
};

// x > 0 ? x : negative_slope x
struct LeakyReLUImpl : Module {
  explicit LeakyReLUImpl(const LeakyReLUOptions& options = {});
  Tensor forward(Tensor input);
  LeakyReLUOptions options;
  GRADTAPE_LAYER(LeakyReLUImpl);
};
GRADTAPE_MODULE(LeakyReLU);

// 1 / (1 + e^-x)
struct SigmoidImpl : Module {
  SigmoidImpl();
  Tensor forward(const Tensor& input);
  GRADTAPE_LAYER(SigmoidImpl);
};
GRADTAPE_MODULE(Sigmoid);

// (e^x - e^-x) / (e^x + e^-x)
struct TanhImpl : Module {
  TanhImpl();
  Tensor forward(const Tensor& input);
  GRADTAPE_LAYER(TanhImpl);
};
GRADTAPE_MODULE(Tanh);

struct SoftmaxOptions {
  SoftmaxOptions(std::int64_t dim) : dim_(dim) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(std::int64_t, dim);
};

// e^x / sum of e^x over `dim`
struct SoftmaxImpl : Module {
  explicit SoftmaxImpl(const SoftmaxOptions& options);
  Tensor forward(const Tensor& input);
  SoftmaxOptions options;
  GRADTAPE_LAYER(SoftmaxImpl);
};
GRADTAPE_MODULE(Softmax);

struct LogSoftmaxOptions {
  LogSoftmaxOptions(std::int64_t dim) : dim_(dim) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(std::int64_t, dim);
};

// x - ln sum of e^x over `dim`
struct LogSoftmaxImpl : Module {
  explicit LogSoftmaxImpl(const LogSoftmaxOptions& options);
  Tensor forward(const Tensor& input);
  LogSoftmaxOptions options;
  GRADTAPE_LAYER(LogSoftmaxImpl);
};
GRADTAPE_MODULE(LogSoftmax);

namespace functional {
using ReLUFuncOptions = ReLUOptions;
using LeakyReLUFuncOptions = LeakyReLUOptions;
struct SoftmaxFuncOptions {
  SoftmaxFuncOptions(std::int64_t dim) : dim_(dim) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(std::int64_t, dim);
  GRADTAPE_ARG(optional<Dtype>, dtype) = nullopt;  // the input is converted to it first
};
struct LogSoftmaxFuncOptions {
  LogSoftmaxFuncOptions(std::int64_t dim) : dim_(dim) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(std::int64_t, dim);
  GRADTAPE_ARG(optional<Dtype>, dtype) = nullopt;
};
Tensor relu(Tensor input, const ReLUFuncOptions& options = {});
Tensor leaky_relu(Tensor input, const LeakyReLUFuncOptions& options = {});
Tensor softmax(const Tensor& input, const SoftmaxFuncOptions& options);
Tensor log_softmax(const Tensor& input, const LogSoftmaxFuncOptions& options);
}  // namespace functional

}  // namespace gradtape::nn
