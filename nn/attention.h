#pragma once
// Attention: softmax(q k^T / d^(1/2)) v for several heads (Vaswani et al., arXiv 1706.03762).
#include <cstddef>
#include <cstdint>
#include <tuple>

#include "arg.h"
#include "layer.h"
#include "linear.h"

namespace gradtape::nn {

struct MultiheadAttentionOptions {
  MultiheadAttentionOptions(std::int64_t embed_dim, std::int64_t num_heads);
  GRADTAPE_ARG(std::int64_t, embed_dim);
  GRADTAPE_ARG(std::int64_t, num_heads);      // must divide embed_dim
  GRADTAPE_ARG(double, dropout) = 0.0;        // of the weights, in training
  GRADTAPE_ARG(bool, bias) = true;            // of the projections
  GRADTAPE_ARG(bool, add_bias_kv) = false;    // one more key and value, learned
  GRADTAPE_ARG(bool, add_zero_attn) = false;  // one more key and value, zeros
  GRADTAPE_ARG(std::int64_t, kdim);           // of keys; embed_dim unless set
  GRADTAPE_ARG(std::int64_t, vdim);           // of values
};

// query [targets, batch, embed_dim], key [sources, batch, kdim], value [sources, batch, vdim] -> {output [targets,
// batch, embed_dim], weights}, or all without the batch. Weights are the mean over the heads [batch, targets, sources],
// or [batch, heads, targets, sources] when not averaged, undefined when not needed.
// key_padding_mask [batch, sources]: not 0 where a key is to be ignored. attn_mask [targets, sources] or [batch heads,
// targets, sources]: added to the scores, or, of bool, true where a source is not allowed. A target with no source gets
// NaN.
// Parameters: in_proj_weight [3 embed_dim, embed_dim] of query, key and value, or with other sizes q_proj_weight,
// k_proj_weight, v_proj_weight; in_proj_bias; bias_k, bias_v; out_proj. Weights start uniform as init::xavier_uniform_,
// bias_k and bias_v as init::xavier_normal_, the other biases as 0, out_proj.weight as that of a Linear.
struct MultiheadAttentionImpl : Module {
  MultiheadAttentionImpl(std::int64_t embed_dim, std::int64_t num_heads);
  explicit MultiheadAttentionImpl(const MultiheadAttentionOptions& options);
  std::tuple<Tensor, Tensor> forward(const Tensor& query, const Tensor& key, const Tensor& value,
                                     const Tensor& key_padding_mask = {}, bool need_weights = true,
                                     const Tensor& attn_mask = {}, bool average_attn_weights = true);
  void _reset_parameters();

  MultiheadAttentionOptions options;
  bool _qkv_same_embed_dim = true;
  Tensor in_proj_weight, in_proj_bias;
  Tensor bias_k, bias_v;
  Linear out_proj = nullptr;
  Tensor q_proj_weight, k_proj_weight, v_proj_weight;
  std::int64_t head_dim = 0;
  GRADTAPE_LAYER(MultiheadAttentionImpl);
  std::size_t forward_defaults(AnyValue* values, std::size_t given) override;
};
GRADTAPE_MODULE(MultiheadAttention);

namespace functional {

struct MultiheadAttentionForwardFuncOptions {
  MultiheadAttentionForwardFuncOptions(std::int64_t embed_dim_to_check, std::int64_t num_heads, Tensor in_proj_weight,
                                       Tensor in_proj_bias, Tensor bias_k, Tensor bias_v, bool add_zero_attn,
                                       double dropout_p, Tensor out_proj_weight, Tensor out_proj_bias);
  MultiheadAttentionForwardFuncOptions(const MultiheadAttentionForwardFuncOptions& o);
  ~MultiheadAttentionForwardFuncOptions();
  GRADTAPE_ARG(std::int64_t, embed_dim_to_check);
  GRADTAPE_ARG(std::int64_t, num_heads);
  GRADTAPE_ARG(Tensor, in_proj_weight);
  GRADTAPE_ARG(Tensor, in_proj_bias);
  GRADTAPE_ARG(Tensor, bias_k);
  GRADTAPE_ARG(Tensor, bias_v);
  GRADTAPE_ARG(bool, add_zero_attn);
  GRADTAPE_ARG(double, dropout_p);
  GRADTAPE_ARG(Tensor, out_proj_weight);
  GRADTAPE_ARG(Tensor, out_proj_bias);
  GRADTAPE_ARG(bool, training) = true;
  GRADTAPE_ARG(Tensor, key_padding_mask) = {};
  GRADTAPE_ARG(bool, need_weights) = true;
  GRADTAPE_ARG(Tensor, attn_mask) = {};
  GRADTAPE_ARG(bool, use_separate_proj_weight) = false;  // q_, k_ and v_proj_weight instead of in_proj_weight
  GRADTAPE_ARG(Tensor, q_proj_weight) = {};
  GRADTAPE_ARG(Tensor, k_proj_weight) = {};
  GRADTAPE_ARG(Tensor, v_proj_weight) = {};
  GRADTAPE_ARG(Tensor, static_k) = {};  // [batch heads, sources, embed_dim / heads], in place of projected keys
  GRADTAPE_ARG(Tensor, static_v) = {};
  GRADTAPE_ARG(bool, average_attn_weights) = true;
};

// What MultiheadAttention computes, with a batch.
std::tuple<Tensor, Tensor> multi_head_attention_forward(const Tensor& query, const Tensor& key, const Tensor& value,
                                                        const MultiheadAttentionForwardFuncOptions& options);

}  // namespace functional
}  // namespace gradtape::nn
