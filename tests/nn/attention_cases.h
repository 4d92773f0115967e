#pragma once
// Cases of attention and transformers; see sequence_cases.h.
#include "sequence_cases.h"

namespace sequences {

inline nn::MultiheadAttentionOptions attention(std::int64_t embed_dim, std::int64_t heads) {
  return nn::MultiheadAttentionOptions(embed_dim, heads);
}
// The third source of the second of two sequences, or of all lengths but the last.
inline Tensor padding(std::int64_t sources) {
  Tensor mask = gradtape::zeros({2, sources}, TensorOptions(kBool));
  mask[1][2] = true;
  return mask;
}
inline Tensor causal(std::int64_t n, ScalarType dtype) {
  return nn::TransformerImpl::generate_square_subsequent_mask(n).to(dtype);
}

inline std::vector<Case> attention_cases() {
  std::vector<Case> all;
  all.push_back({"self-attention", [](Setting& s) {
                   nn::MultiheadAttention m(4, 2);
                   s.prepare(*m);
                   const Tensor x = s.input({3, 2, 4}, 1);
                   auto result = m->forward(x, x, x);
                   s.add(*m, {std::get<0>(result), std::get<1>(result)}, {x});
                 }});
  all.push_back({"causal self-attention of padded sequences, weights of heads, no bias", [](Setting& s) {
                   nn::MultiheadAttention m(attention(6, 3).bias(false));
                   s.prepare(*m);
                   const Tensor x = s.input({4, 2, 6}, 1);
                   auto result = m->forward(x, x, x, padding(4), true, causal(4, s.dtype), false);
                   s.add(*m, {std::get<0>(result), std::get<1>(result)}, {x});
                 }});
  all.push_back({"attention to a memory", [](Setting& s) {
                   nn::MultiheadAttention m(4, 1);
                   s.prepare(*m);
                   const Tensor x = s.input({2, 2, 4}, 1), y = s.input({3, 2, 4}, 2);
                   auto result = m->forward(x, y, y, padding(3), false);
                   s.add(*m, {std::get<0>(result), std::get<1>(result)}, {x, y});
                 }});
  all.push_back({"query, key and value, with learned and zero rows", [](Setting& s) {
                   nn::MultiheadAttention m(attention(4, 2).add_bias_kv(true).add_zero_attn(true));
                   s.prepare(*m);
                   const Tensor q = s.input({2, 2, 4}, 1), k = s.input({3, 2, 4}, 2), v = s.input({3, 2, 4}, 3);
                   auto result = m->forward(q, k, v, padding(3), true, values({2, 3}, 4, s.dtype));
                   s.add(*m, {std::get<0>(result), std::get<1>(result)}, {q, k, v});
                 }});
  all.push_back({"keys and values of another size", [](Setting& s) {
                   nn::MultiheadAttention m(attention(4, 2).kdim(3).vdim(3));
                   s.prepare(*m);
                   const Tensor q = s.input({2, 2, 4}, 1), k = s.input({3, 2, 3}, 2), v = s.input({3, 2, 3}, 3);
                   auto result = m->forward(q, k, v);
                   s.add(*m, {std::get<0>(result), std::get<1>(result)}, {q, k, v});
                 }});
  all.push_back({"given keys and values", [](Setting& s) {
                   nn::MultiheadAttention m(4, 2);
                   s.prepare(*m);
                   const Tensor q = s.input({2, 2, 4}, 1), k = s.input({4, 3, 2}, 2), v = s.input({4, 3, 2}, 3);
                   auto result = nn::functional::multi_head_attention_forward(
                       q, q, q,
                       nn::functional::MultiheadAttentionForwardFuncOptions(4, 2, m->in_proj_weight, m->in_proj_bias,
                                                                            {}, {}, false, 0, m->out_proj->weight,
                                                                            m->out_proj->bias)
                           .static_k(k)
                           .static_v(v));
                   s.add(*m, {std::get<0>(result), std::get<1>(result)}, {q, k, v});
                 }});
  all.push_back({"encoder layer", [](Setting& s) {
                   nn::TransformerEncoderLayer m(
                       nn::TransformerEncoderLayerOptions(4, 2).dim_feedforward(6).dropout(0));
                   s.prepare(*m);
                   const Tensor x = s.input({3, 2, 4}, 1);
                   s.add(*m, {m->forward(x, causal(3, s.dtype), padding(3))}, {x});
                 }});
  all.push_back({"decoder layer, gelu", [](Setting& s) {
                   nn::TransformerDecoderLayer m(
                       nn::TransformerDecoderLayerOptions(4, 2).dim_feedforward(5).dropout(0).activation(kGELU));
                   s.prepare(*m);
                   const Tensor x = s.input({2, 2, 4}, 1), y = s.input({3, 2, 4}, 2);
                   s.add(*m, {m->forward(x, y, causal(2, s.dtype), {}, {}, padding(3))}, {x, y});
                 }});
  all.push_back({"encoder of two layers and a norm", [](Setting& s) {
                   nn::TransformerEncoder m(
                       nn::TransformerEncoderOptions(
                           nn::TransformerEncoderLayerOptions(4, 2).dim_feedforward(6).dropout(0).activation(
                               [](const Tensor& t) { return gradtape::tanh(t); }),
                           2)
                           .norm(nn::AnyModule(nn::LayerNorm(nn::LayerNormOptions({4})))));
                   s.prepare(*m);
                   const Tensor x = s.input({3, 2, 4}, 1);
                   s.add(*m, {m->forward(x)}, {x});
                 }});
  all.push_back({"transformer", [](Setting& s) {
                   nn::Transformer m(nn::TransformerOptions(4, 2, 1, 2).dim_feedforward(5).dropout(0));
                   s.prepare(*m);
                   const Tensor x = s.input({3, 2, 4}, 1), y = s.input({2, 2, 4}, 2);
                   s.add(*m, {m->forward(x, y, {}, causal(2, s.dtype), {}, padding(3), {}, padding(3))}, {x, y});
                 }});
  return all;
}

}  // namespace sequences
