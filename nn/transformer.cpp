#include "nn/transformer.h"

#include <limits>
#include <ostream>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "nn/cloneable.h"
#include "nn/init.h"

namespace gradtape::nn {
namespace {

// One tensor that is given three times is projected once.
Tensor attend(MultiheadAttention& attention, const Tensor& query, const Tensor& source, const Tensor& mask,
              const Tensor& key_padding_mask) {
  return std::get<0>(attention->forward(query, source, source, key_padding_mask, false, mask));
}

template <class Layer, class Options>
ModuleList copies(const Options& options, Layer layer, const char* name) {
  check<ValueError>(options.num_layers() > 0, name, "num_layers must be positive, got ", options.num_layers());
  check(!layer.is_empty(), name, "there is no layer to copy");
  ModuleList list;
  for (std::int64_t i = 0; i < options.num_layers(); ++i) list->push_back(layer->clone());
  return list;
}
void reset_norm(const AnyModule& norm) {
  if (norm.is_empty()) return;
  if (auto* layer_norm = norm.ptr()->as<LayerNormImpl>()) layer_norm->reset_parameters();
}

}  // namespace

Tensor activation_t::operator()(const Tensor& x) const {
  return function_ ? function_(x) : is_gelu_ ? gelu(x) : relu(x);
}

// ---- layers ----

TransformerEncoderLayerOptions::TransformerEncoderLayerOptions(std::int64_t d_model, std::int64_t nhead)
    : d_model_(d_model), nhead_(nhead) {}
TransformerDecoderLayerOptions::TransformerDecoderLayerOptions(std::int64_t d_model, std::int64_t nhead)
    : d_model_(d_model), nhead_(nhead) {}

TransformerEncoderLayerImpl::TransformerEncoderLayerImpl(std::int64_t d_model, std::int64_t nhead)
    : TransformerEncoderLayerImpl(TransformerEncoderLayerOptions(d_model, nhead)) {}
TransformerEncoderLayerImpl::TransformerEncoderLayerImpl(const TransformerEncoderLayerOptions& o) : options(o) {
  reset();
}
void TransformerEncoderLayerImpl::reset() {
  const TransformerEncoderLayerOptions& o = options;
  self_attn = register_module(
      "self_attn", MultiheadAttention(MultiheadAttentionOptions(o.d_model(), o.nhead()).dropout(o.dropout())));
  linear1 = register_module("linear1", Linear(o.d_model(), o.dim_feedforward()));
  dropout = register_module("dropout", Dropout(o.dropout()));
  linear2 = register_module("linear2", Linear(o.dim_feedforward(), o.d_model()));
  norm1 = register_module("norm1", LayerNorm(LayerNormOptions({o.d_model()})));
  norm2 = register_module("norm2", LayerNorm(LayerNormOptions({o.d_model()})));
  dropout1 = register_module("dropout1", Dropout(o.dropout()));
  dropout2 = register_module("dropout2", Dropout(o.dropout()));
}
void TransformerEncoderLayerImpl::reset_parameters() {
  self_attn->_reset_parameters();
  linear1->reset_parameters();
  linear2->reset_parameters();
  norm1->reset_parameters();
  norm2->reset_parameters();
}
void TransformerEncoderLayerImpl::pretty_print(std::ostream& stream) const { Module::pretty_print(stream); }
Tensor TransformerEncoderLayerImpl::forward(const Tensor& src, const Tensor& src_mask,
                                            const Tensor& src_key_padding_mask) {
  const Tensor x = norm1(src + dropout1(attend(self_attn, src, src, src_mask, src_key_padding_mask)));
  return norm2(x + dropout2(linear2(dropout(options.activation()(linear1(x))))));
}
GRADTAPE_LAYER_DEFINITION(TransformerEncoderLayerImpl);
GRADTAPE_LAYER_DEFAULTS(TransformerEncoderLayerImpl, {1, AnyValue(Tensor())}, {2, AnyValue(Tensor())});

TransformerDecoderLayerImpl::TransformerDecoderLayerImpl(std::int64_t d_model, std::int64_t nhead)
    : TransformerDecoderLayerImpl(TransformerDecoderLayerOptions(d_model, nhead)) {}
TransformerDecoderLayerImpl::TransformerDecoderLayerImpl(const TransformerDecoderLayerOptions& o) : options(o) {
  reset();
}
void TransformerDecoderLayerImpl::reset() {
  const TransformerDecoderLayerOptions& o = options;
  const auto attention = MultiheadAttentionOptions(o.d_model(), o.nhead()).dropout(o.dropout());
  self_attn = register_module("self_attn", MultiheadAttention(attention));
  multihead_attn = register_module("multihead_attn", MultiheadAttention(attention));
  linear1 = register_module("linear1", Linear(o.d_model(), o.dim_feedforward()));
  dropout = register_module("dropout", Dropout(o.dropout()));
  linear2 = register_module("linear2", Linear(o.dim_feedforward(), o.d_model()));
  norm1 = register_module("norm1", LayerNorm(LayerNormOptions({o.d_model()})));
  norm2 = register_module("norm2", LayerNorm(LayerNormOptions({o.d_model()})));
  norm3 = register_module("norm3", LayerNorm(LayerNormOptions({o.d_model()})));
  dropout1 = register_module("dropout1", Dropout(o.dropout()));
  dropout2 = register_module("dropout2", Dropout(o.dropout()));
  dropout3 = register_module("dropout3", Dropout(o.dropout()));
}
void TransformerDecoderLayerImpl::reset_parameters() {
  self_attn->_reset_parameters();
  multihead_attn->_reset_parameters();
  linear1->reset_parameters();
  linear2->reset_parameters();
  norm1->reset_parameters();
  norm2->reset_parameters();
  norm3->reset_parameters();
}
void TransformerDecoderLayerImpl::pretty_print(std::ostream& stream) const { Module::pretty_print(stream); }
Tensor TransformerDecoderLayerImpl::forward(Tensor tgt, const Tensor& memory, const Tensor& tgt_mask,
                                            const Tensor& memory_mask, const Tensor& tgt_key_padding_mask,
                                            const Tensor& memory_key_padding_mask) {
  tgt = norm1(tgt + dropout1(attend(self_attn, tgt, tgt, tgt_mask, tgt_key_padding_mask)));
  tgt = norm2(tgt + dropout2(attend(multihead_attn, tgt, memory, memory_mask, memory_key_padding_mask)));
  return norm3(tgt + dropout3(linear2(dropout(options.activation()(linear1(tgt))))));
}
GRADTAPE_LAYER_DEFINITION(TransformerDecoderLayerImpl);
GRADTAPE_LAYER_DEFAULTS(TransformerDecoderLayerImpl, {2, AnyValue(Tensor())}, {3, AnyValue(Tensor())},
                        {4, AnyValue(Tensor())}, {5, AnyValue(Tensor())});

// ---- stacks ----

TransformerEncoderOptions::TransformerEncoderOptions(TransformerEncoderLayer encoder_layer, std::int64_t num_layers)
    : encoder_layer_(std::move(encoder_layer)), num_layers_(num_layers) {}
TransformerEncoderOptions::TransformerEncoderOptions(const TransformerEncoderLayerOptions& encoder_layer_options,
                                                     std::int64_t num_layers)
    : TransformerEncoderOptions(TransformerEncoderLayer(encoder_layer_options), num_layers) {}
TransformerEncoderImpl::TransformerEncoderImpl(TransformerEncoderLayer encoder_layer, std::int64_t num_layers)
    : TransformerEncoderImpl(TransformerEncoderOptions(std::move(encoder_layer), num_layers)) {}
TransformerEncoderImpl::TransformerEncoderImpl(TransformerEncoderOptions o) : options(std::move(o)) { reset(); }
void TransformerEncoderImpl::reset() {
  layers = register_module("layers", copies(options, options.encoder_layer(), "TransformerEncoder"));
  if (options.norm().is_empty()) return;
  norm = options.norm().clone();
  register_module("norm", norm.ptr());
}
void TransformerEncoderImpl::reset_parameters() {
  for (std::size_t i = 0; i < layers->size(); ++i) layers->at<TransformerEncoderLayerImpl>(i).reset_parameters();
  reset_norm(norm);
}
void TransformerEncoderImpl::pretty_print(std::ostream& stream) const { Module::pretty_print(stream); }
Tensor TransformerEncoderImpl::forward(const Tensor& src, const Tensor& src_mask, const Tensor& src_key_padding_mask) {
  Tensor x = src;
  for (std::size_t i = 0; i < layers->size(); ++i)
    x = layers->at<TransformerEncoderLayerImpl>(i).forward(x, src_mask, src_key_padding_mask);
  return norm.is_empty() ? x : norm.forward<Tensor>(x);
}
GRADTAPE_LAYER_DEFINITION(TransformerEncoderImpl);
GRADTAPE_LAYER_DEFAULTS(TransformerEncoderImpl, {1, AnyValue(Tensor())}, {2, AnyValue(Tensor())});

TransformerDecoderOptions::TransformerDecoderOptions(TransformerDecoderLayer decoder_layer, std::int64_t num_layers)
    : decoder_layer_(std::move(decoder_layer)), num_layers_(num_layers) {}
TransformerDecoderOptions::TransformerDecoderOptions(const TransformerDecoderLayerOptions& decoder_layer_options,
                                                     std::int64_t num_layers)
    : TransformerDecoderOptions(TransformerDecoderLayer(decoder_layer_options), num_layers) {}
TransformerDecoderImpl::TransformerDecoderImpl(TransformerDecoderLayer decoder_layer, std::int64_t num_layers)
    : TransformerDecoderImpl(TransformerDecoderOptions(std::move(decoder_layer), num_layers)) {}
TransformerDecoderImpl::TransformerDecoderImpl(TransformerDecoderOptions o) : options(std::move(o)) { reset(); }
void TransformerDecoderImpl::reset() {
  layers = register_module("layers", copies(options, options.decoder_layer(), "TransformerDecoder"));
  if (options.norm().is_empty()) return;
  norm = options.norm().clone();
  register_module("norm", norm.ptr());
}
void TransformerDecoderImpl::reset_parameters() {
  for (std::size_t i = 0; i < layers->size(); ++i) layers->at<TransformerDecoderLayerImpl>(i).reset_parameters();
  reset_norm(norm);
}
void TransformerDecoderImpl::pretty_print(std::ostream& stream) const { Module::pretty_print(stream); }
Tensor TransformerDecoderImpl::forward(const Tensor& tgt, const Tensor& memory, const Tensor& tgt_mask,
                                       const Tensor& memory_mask, const Tensor& tgt_key_padding_mask,
                                       const Tensor& memory_key_padding_mask) {
  Tensor x = tgt;
  for (std::size_t i = 0; i < layers->size(); ++i)
    x = layers->at<TransformerDecoderLayerImpl>(i).forward(x, memory, tgt_mask, memory_mask, tgt_key_padding_mask,
                                                           memory_key_padding_mask);
  return norm.is_empty() ? x : norm.forward<Tensor>(x);
}
GRADTAPE_LAYER_DEFINITION(TransformerDecoderImpl);
GRADTAPE_LAYER_DEFAULTS(TransformerDecoderImpl, {2, AnyValue(Tensor())}, {3, AnyValue(Tensor())},
                        {4, AnyValue(Tensor())}, {5, AnyValue(Tensor())});

// ---- the whole ----

TransformerOptions::TransformerOptions() = default;
TransformerOptions::TransformerOptions(std::int64_t d_model, std::int64_t nhead) : d_model_(d_model), nhead_(nhead) {}
TransformerOptions::TransformerOptions(std::int64_t d_model, std::int64_t nhead, std::int64_t num_encoder_layers,
                                       std::int64_t num_decoder_layers)
    : d_model_(d_model),
      nhead_(nhead),
      num_encoder_layers_(num_encoder_layers),
      num_decoder_layers_(num_decoder_layers) {}

TransformerImpl::TransformerImpl(TransformerOptions o) : options(std::move(o)) { reset(); }
void TransformerImpl::reset() {
  const TransformerOptions& o = options;
  const auto configured = [&](auto layer) {
    return layer.dim_feedforward(o.dim_feedforward()).dropout(o.dropout()).activation(o.activation());
  };
  const auto norm = [&] { return AnyModule(LayerNorm(LayerNormOptions({o.d_model()}))); };
  encoder = o.custom_encoder().is_empty()
                ? AnyModule(TransformerEncoder(
                      TransformerEncoderOptions(configured(TransformerEncoderLayerOptions(o.d_model(), o.nhead())),
                                                o.num_encoder_layers())
                          .norm(norm())))
                : o.custom_encoder().clone();
  register_module("encoder", encoder.ptr());
  decoder = o.custom_decoder().is_empty()
                ? AnyModule(TransformerDecoder(
                      TransformerDecoderOptions(configured(TransformerDecoderLayerOptions(o.d_model(), o.nhead())),
                                                o.num_decoder_layers())
                          .norm(norm())))
                : o.custom_decoder().clone();
  register_module("decoder", decoder.ptr());
  reset_parameters();
}
void TransformerImpl::reset_parameters() {
  for (const Tensor& p : parameters())
    if (p.dim() > 1) init::xavier_uniform_(p);
}
void TransformerImpl::pretty_print(std::ostream& stream) const { Module::pretty_print(stream); }
Tensor TransformerImpl::forward(const Tensor& src, const Tensor& tgt, const Tensor& src_mask, const Tensor& tgt_mask,
                                const Tensor& memory_mask, const Tensor& src_key_padding_mask,
                                const Tensor& tgt_key_padding_mask, const Tensor& memory_key_padding_mask) {
  const std::int64_t d = options.d_model();
  check(src.defined() && tgt.defined() && src.dim() == 3 && tgt.dim() == 3 && src.size(1) == tgt.size(1) &&
            src.size(2) == d && tgt.size(2) == d,
        "Transformer", "src must be [sources, batch, ", d, "] and tgt [targets, batch, ", d, "] of one batch, got ",
        src, " and ", tgt);
  const Tensor memory = encoder.forward<Tensor>(src, src_mask, src_key_padding_mask);
  return decoder.forward<Tensor>(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);
}
Tensor TransformerImpl::generate_square_subsequent_mask(std::int64_t sz) {
  check<ValueError>(sz >= 0, "generate_square_subsequent_mask", "the size must not be negative, got ", sz);
  return full({sz, sz}, -std::numeric_limits<double>::infinity(), get_default_dtype()).triu(1);
}
GRADTAPE_LAYER_DEFINITION(TransformerImpl);
GRADTAPE_LAYER_DEFAULTS(TransformerImpl, {2, AnyValue(Tensor())}, {3, AnyValue(Tensor())}, {4, AnyValue(Tensor())},
                        {5, AnyValue(Tensor())}, {6, AnyValue(Tensor())}, {7, AnyValue(Tensor())});

}  // namespace gradtape::nn
