#pragma once
// Tables of vectors by number.
#include <cstdint>

#include "arg.h"
#include "enum.h"
#include "layer.h"

namespace gradtape::nn {

struct EmbeddingOptions {
  EmbeddingOptions(std::int64_t num_embeddings, std::int64_t embedding_dim)
      : num_embeddings_(num_embeddings), embedding_dim_(embedding_dim) {}
  GRADTAPE_ARG(std::int64_t, num_embeddings);
  GRADTAPE_ARG(std::int64_t, embedding_dim);
  GRADTAPE_ARG(optional<std::int64_t>, padding_idx) = nullopt;  // a row that starts as 0 and gets no gradient
  // Rows that are used and have a larger norm (of order norm_type) are scaled to it first, in place.
  GRADTAPE_ARG(optional<double>, max_norm) = nullopt;
  GRADTAPE_ARG(double, norm_type) = 2.0;
  GRADTAPE_ARG(bool, scale_grad_by_freq) = false;
  GRADTAPE_ARG(bool, sparse) = false;  // gradients are dense all the same
  GRADTAPE_ARG(Tensor, _weight) = {};
};
struct EmbeddingFromPretrainedOptions {
  GRADTAPE_ARG(bool, freeze) = true;
  GRADTAPE_ARG(optional<std::int64_t>, padding_idx) = nullopt;
  GRADTAPE_ARG(optional<double>, max_norm) = nullopt;
  GRADTAPE_ARG(double, norm_type) = 2.0;
  GRADTAPE_ARG(bool, scale_grad_by_freq) = false;
  GRADTAPE_ARG(bool, sparse) = false;
};

// indices int64 [*] to rows [*, embedding_dim] of weight [num_embeddings, embedding_dim], which starts as N(0, 1).
struct EmbeddingImpl : Module {
  EmbeddingImpl(std::int64_t num_embeddings, std::int64_t embedding_dim);
  explicit EmbeddingImpl(const EmbeddingOptions& options);
  Tensor forward(const Tensor& indices);
  void reset_parameters();
  EmbeddingOptions options;
  Tensor weight;
  GRADTAPE_LAYER(EmbeddingImpl);
};
class Embedding : public ModuleHolder<EmbeddingImpl> {
 public:
  using ModuleHolder<EmbeddingImpl>::ModuleHolder;
  using Impl [[maybe_unused]] = EmbeddingImpl;
  static Embedding from_pretrained(const Tensor& embeddings, const EmbeddingFromPretrainedOptions& options = {});
};

using EmbeddingBagMode = enumtype::OneOf<enumtype::kSum, enumtype::kMean, enumtype::kMax>;
struct EmbeddingBagOptions {
  EmbeddingBagOptions(std::int64_t num_embeddings, std::int64_t embedding_dim)
      : num_embeddings_(num_embeddings), embedding_dim_(embedding_dim) {}
  GRADTAPE_ARG(std::int64_t, num_embeddings);
  GRADTAPE_ARG(std::int64_t, embedding_dim);
  GRADTAPE_ARG(optional<double>, max_norm) = nullopt;
  GRADTAPE_ARG(double, norm_type) = 2.0;
  GRADTAPE_ARG(bool, scale_grad_by_freq) = false;
  GRADTAPE_ARG(EmbeddingBagMode, mode) = kMean;
  GRADTAPE_ARG(bool, sparse) = false;
  GRADTAPE_ARG(Tensor, _weight) = {};
  GRADTAPE_ARG(bool, include_last_offset) = false;
  GRADTAPE_ARG(optional<std::int64_t>, padding_idx) = nullopt;  // a row that counts in no bag
};
struct EmbeddingBagFromPretrainedOptions {
  GRADTAPE_ARG(bool, freeze) = true;
  GRADTAPE_ARG(optional<double>, max_norm) = nullopt;
  GRADTAPE_ARG(double, norm_type) = 2.0;
  GRADTAPE_ARG(bool, scale_grad_by_freq) = false;
  GRADTAPE_ARG(EmbeddingBagMode, mode) = kMean;
  GRADTAPE_ARG(bool, sparse) = false;
  GRADTAPE_ARG(bool, include_last_offset) = false;
  GRADTAPE_ARG(optional<std::int64_t>, padding_idx) = nullopt;
};

// Bags of rows as one row each: their sum, mean or largest elements; an empty bag is 0. input int64 [N, per bag], or
// [all] with offsets int64 [N] where each bag begins (include_last_offset: and where the last one ends).
// per_sample_weights, like input, multiply rows (kSum only).
struct EmbeddingBagImpl : Module {
  EmbeddingBagImpl(std::int64_t num_embeddings, std::int64_t embedding_dim);
  explicit EmbeddingBagImpl(const EmbeddingBagOptions& options);
  Tensor forward(const Tensor& input, const Tensor& offsets = {}, const Tensor& per_sample_weights = {});
  void reset_parameters();
  EmbeddingBagOptions options;
  Tensor weight;
  GRADTAPE_LAYER(EmbeddingBagImpl);

 protected:
  std::size_t forward_defaults(AnyValue* values, std::size_t given) override;
};
class EmbeddingBag : public ModuleHolder<EmbeddingBagImpl> {
 public:
  using ModuleHolder<EmbeddingBagImpl>::ModuleHolder;
  using Impl [[maybe_unused]] = EmbeddingBagImpl;
  static EmbeddingBag from_pretrained(const Tensor& embeddings, const EmbeddingBagFromPretrainedOptions& options = {});
};

namespace functional {
struct EmbeddingFuncOptions {
  GRADTAPE_ARG(optional<std::int64_t>, padding_idx) = nullopt;
  GRADTAPE_ARG(optional<double>, max_norm) = nullopt;
  GRADTAPE_ARG(double, norm_type) = 2.0;
  GRADTAPE_ARG(bool, scale_grad_by_freq) = false;
  GRADTAPE_ARG(bool, sparse) = false;
};
struct EmbeddingBagFuncOptions {
  GRADTAPE_ARG(Tensor, offsets) = {};
  GRADTAPE_ARG(optional<double>, max_norm) = nullopt;
  GRADTAPE_ARG(double, norm_type) = 2.0;
  GRADTAPE_ARG(bool, scale_grad_by_freq) = false;
  GRADTAPE_ARG(EmbeddingBagMode, mode) = kMean;
  GRADTAPE_ARG(bool, sparse) = false;
  GRADTAPE_ARG(Tensor, per_sample_weights) = {};
  GRADTAPE_ARG(bool, include_last_offset) = false;
  GRADTAPE_ARG(optional<std::int64_t>, padding_idx) = nullopt;
};
Tensor embedding(const Tensor& input, const Tensor& weight, const EmbeddingFuncOptions& options = {});
Tensor embedding_bag(const Tensor& input, const Tensor& weight, const EmbeddingBagFuncOptions& options = {});
Tensor one_hot(const Tensor& tensor, std::int64_t num_classes = -1);
}  // namespace functional

}  // namespace gradtape::nn
