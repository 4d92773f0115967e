#pragma once
// Linear layers and what only changes shapes.
#include <cstdint>

#include "arg.h"
#include "module.h"

namespace gradtape::nn {

struct LinearOptions {
  LinearOptions(std::int64_t in_features, std::int64_t out_features);
  GRADTAPE_ARG(std::int64_t, in_features);
  GRADTAPE_ARG(std::int64_t, out_features);
  GRADTAPE_ARG(bool, bias) = true;
};

// y = x W^T + b; x [*, in_features], weight W [out_features, in_features], bias b [out_features], y [*, out_features].
// Both start uniform on (-k, k), k = in_features^(-1/2).
class LinearImpl : public Module {
 public:
  LinearImpl(std::int64_t in_features, std::int64_t out_features);
  explicit LinearImpl(const LinearOptions& options);
  ~LinearImpl() override;
  Tensor forward(const Tensor& input);
  void reset();
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;

  LinearOptions options;
  Tensor weight;
  Tensor bias;  // undefined without bias

 private:
  const detail::CloneTable* clone_table() const override;
};
GRADTAPE_MODULE(Linear);
using DenseOptions = LinearOptions;
using DenseImpl = LinearImpl;
using Dense = Linear;

// y = x
class IdentityImpl : public Module {
 public:
  IdentityImpl();
  ~IdentityImpl() override;
  // Arguments of any kind are taken and not looked at.
  template <class... A>
  explicit IdentityImpl(const A&...) : IdentityImpl() {}
  Tensor forward(const Tensor& input);
  void reset();
  void pretty_print(std::ostream& stream) const override;

 private:
  const detail::CloneTable* clone_table() const override;
};
GRADTAPE_MODULE(Identity);

struct FlattenOptions {
  GRADTAPE_ARG(std::int64_t, start_dim) = 1;
  GRADTAPE_ARG(std::int64_t, end_dim) = -1;
};

// Dims start_dim .. end_dim as one: by default [N, ...] becomes [N, rest].
class FlattenImpl : public Module {
 public:
  explicit FlattenImpl(const FlattenOptions& options = {});
  ~FlattenImpl() override;
  Tensor forward(const Tensor& input);
  void reset();
  void pretty_print(std::ostream& stream) const override;

  FlattenOptions options;

 private:
  const detail::CloneTable* clone_table() const override;
};
GRADTAPE_MODULE(Flatten);

}  // namespace gradtape::nn
