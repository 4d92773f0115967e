#pragma once
// Normalisation over the elements of a sample.
#include <cstdint>
#include <vector>

#include "arg.h"
#include "layer.h"

namespace gradtape::nn {

struct LayerNormOptions {
  LayerNormOptions(std::vector<std::int64_t> normalized_shape);  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(std::vector<std::int64_t>, normalized_shape);
  GRADTAPE_ARG(double, eps) = 1e-5;
  GRADTAPE_ARG(bool, elementwise_affine) = true;
};

// (x - mean) / (variance + eps)^(1/2) weight + bias over the last dims, which are normalized_shape; the variance is the
// biased one. weight starts as 1, bias as 0. Ba et al., arXiv 1607.06450.
struct LayerNormImpl : Module {
  LayerNormImpl(std::vector<std::int64_t> normalized_shape);  // NOLINT(google-explicit-constructor)
  explicit LayerNormImpl(const LayerNormOptions& options);
  Tensor forward(const Tensor& input);
  void reset_parameters();

  LayerNormOptions options;
  Tensor weight, bias;  // undefined without elementwise_affine
  GRADTAPE_LAYER(LayerNormImpl);
};
GRADTAPE_MODULE(LayerNorm);

struct GroupNormOptions {
  GroupNormOptions(std::int64_t num_groups, std::int64_t num_channels)
      : num_groups_(num_groups), num_channels_(num_channels) {}
  GRADTAPE_ARG(std::int64_t, num_groups);
  GRADTAPE_ARG(std::int64_t, num_channels);
  GRADTAPE_ARG(double, eps) = 1e-5;
  GRADTAPE_ARG(bool, affine) = true;
};
// The same over groups of channels of x [N, C, *] (Wu and He, arXiv 1803.08494); one weight and bias a channel.
struct GroupNormImpl : Module {
  GroupNormImpl(std::int64_t num_groups, std::int64_t num_channels);
  explicit GroupNormImpl(const GroupNormOptions& options);
  Tensor forward(const Tensor& input);
  void reset_parameters();
  GroupNormOptions options;
  Tensor weight, bias;  // undefined unless affine
  GRADTAPE_LAYER(GroupNormImpl);
};
GRADTAPE_MODULE(GroupNorm);

struct LocalResponseNormOptions {
  LocalResponseNormOptions(std::int64_t size) : size_(size) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(std::int64_t, size);
  GRADTAPE_ARG(double, alpha) = 1e-4;
  GRADTAPE_ARG(double, beta) = 0.75;
  GRADTAPE_ARG(double, k) = 1.0;
};
// x / (k + alpha mean of x^2 over `size` neighbouring channels)^beta; x [N, C, *]. (Krizhevsky et al., NIPS 2012.)
struct LocalResponseNormImpl : Module {
  LocalResponseNormImpl(std::int64_t size);  // NOLINT(google-explicit-constructor)
  explicit LocalResponseNormImpl(const LocalResponseNormOptions& options);
  Tensor forward(const Tensor& input);
  LocalResponseNormOptions options;
  GRADTAPE_LAYER(LocalResponseNormImpl);
};
GRADTAPE_MODULE(LocalResponseNorm);

namespace functional {
struct LayerNormFuncOptions {
  LayerNormFuncOptions(std::vector<std::int64_t> normalized_shape);  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(std::vector<std::int64_t>, normalized_shape);
  GRADTAPE_ARG(Tensor, weight) = {};
  GRADTAPE_ARG(Tensor, bias) = {};
  GRADTAPE_ARG(double, eps) = 1e-5;
};
Tensor layer_norm(const Tensor& input, const LayerNormFuncOptions& options);
struct GroupNormFuncOptions {
  GroupNormFuncOptions(std::int64_t num_groups) : num_groups_(num_groups) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(std::int64_t, num_groups);
  GRADTAPE_ARG(Tensor, weight) = {};
  GRADTAPE_ARG(Tensor, bias) = {};
  GRADTAPE_ARG(double, eps) = 1e-5;
};
Tensor group_norm(const Tensor& input, const GroupNormFuncOptions& options);
using LocalResponseNormFuncOptions = LocalResponseNormOptions;
Tensor local_response_norm(const Tensor& input, const LocalResponseNormFuncOptions& options);
struct NormalizeFuncOptions {
  GRADTAPE_ARG(double, p) = 2.0;
  GRADTAPE_ARG(std::int64_t, dim) = 1;
  GRADTAPE_ARG(double, eps) = 1e-12;
};
Tensor normalize(const Tensor& input, NormalizeFuncOptions options = {});  // x / max(norm over dim, eps)
}  // namespace functional

}  // namespace gradtape::nn
