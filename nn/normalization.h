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

namespace functional {
struct LayerNormFuncOptions {
  LayerNormFuncOptions(std::vector<std::int64_t> normalized_shape);  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(std::vector<std::int64_t>, normalized_shape);
  GRADTAPE_ARG(Tensor, weight) = {};
  GRADTAPE_ARG(Tensor, bias) = {};
  GRADTAPE_ARG(double, eps) = 1e-5;
};
Tensor layer_norm(const Tensor& input, const LayerNormFuncOptions& options);
}  // namespace functional

}  // namespace gradtape::nn
