#pragma once
// Linear layers and what only changes shapes.
#include <cstdint>

#include "arg.h"
#include "layer.h"

namespace gradtape::nn {

struct LinearOptions {
  LinearOptions(std::int64_t in_features, std::int64_t out_features);
  GRADTAPE_ARG(std::int64_t, in_features);
  GRADTAPE_ARG(std::int64_t, out_features);
  GRADTAPE_ARG(bool, bias) = true;
};

// y = x W^T + b; x [*, in_features], weight W [out_features, in_features], bias b [out_features], y [*, out_features].
// Both start uniform on (-k, k), k = in_features^(-1/2).
struct LinearImpl : Module {
  LinearImpl(std::int64_t in_features, std::int64_t out_features);
  explicit LinearImpl(const LinearOptions& options);
  Tensor forward(const Tensor& input);
  void reset_parameters();

  LinearOptions options;
  Tensor weight;
  Tensor bias;  // undefined without bias
  GRADTAPE_LAYER(LinearImpl);
};
GRADTAPE_MODULE(Linear);
using DenseOptions = LinearOptions;
using DenseImpl = LinearImpl;
using Dense = Linear;

// y = x
struct IdentityImpl : Module {
  IdentityImpl();
  // Arguments of any kind are taken and not looked at.
  template <class... A>
  explicit IdentityImpl(const A&...) : IdentityImpl() {}
  Tensor forward(const Tensor& input);
  GRADTAPE_LAYER(IdentityImpl);
};
GRADTAPE_MODULE(Identity);

struct FlattenOptions {
  GRADTAPE_ARG(std::int64_t, start_dim) = 1;
  GRADTAPE_ARG(std::int64_t, end_dim) = -1;
};

// Dims start_dim .. end_dim as one: by default [N, ...] becomes [N, rest].
struct FlattenImpl : Module {
  explicit FlattenImpl(const FlattenOptions& options = {});
  Tensor forward(const Tensor& input);

  FlattenOptions options;
  GRADTAPE_LAYER(FlattenImpl);
};
GRADTAPE_MODULE(Flatten);

namespace functional {
Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias = {});
}  // namespace functional

}  // namespace gradtape::nn
