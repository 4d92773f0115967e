#pragma once
// Linear layers and what only changes shapes.
#include <cstdint>
#include <utility>
#include <vector>

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

struct UnflattenOptions {
  UnflattenOptions(std::int64_t dim, std::vector<std::int64_t> sizes) : dim_(dim), sizes_(std::move(sizes)) {}
  GRADTAPE_ARG(std::int64_t, dim);
  GRADTAPE_ARG(std::vector<std::int64_t>, sizes);
};
// The reverse of Flatten: dim as several.
struct UnflattenImpl : Module {
  UnflattenImpl(std::int64_t dim, std::vector<std::int64_t> sizes);
  explicit UnflattenImpl(const UnflattenOptions& options);
  Tensor forward(const Tensor& input);
  UnflattenOptions options;
  GRADTAPE_LAYER(UnflattenImpl);
};
GRADTAPE_MODULE(Unflatten);

struct BilinearOptions {
  BilinearOptions(std::int64_t in1_features, std::int64_t in2_features, std::int64_t out_features)
      : in1_features_(in1_features), in2_features_(in2_features), out_features_(out_features) {}
  GRADTAPE_ARG(std::int64_t, in1_features);
  GRADTAPE_ARG(std::int64_t, in2_features);
  GRADTAPE_ARG(std::int64_t, out_features);
  GRADTAPE_ARG(bool, bias) = true;
};
// y_o = x1^T W_o x2 + b_o; weight [out, in1, in2], bias [out]; both start uniform on (-k, k), k = in1_features^(-1/2).
struct BilinearImpl : Module {
  BilinearImpl(std::int64_t in1_features, std::int64_t in2_features, std::int64_t out_features);
  explicit BilinearImpl(const BilinearOptions& options);
  Tensor forward(const Tensor& input1, const Tensor& input2);
  void reset_parameters();
  BilinearOptions options;
  Tensor weight;
  Tensor bias;  // undefined without bias
  GRADTAPE_LAYER(BilinearImpl);
};
GRADTAPE_MODULE(Bilinear);

namespace functional {
Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias = {});
Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const Tensor& bias = {});
}  // namespace functional

}  // namespace gradtape::nn
