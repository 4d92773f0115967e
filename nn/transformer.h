#pragma once
// Transformers (Vaswani et al., arXiv 1706.03762), normalised after each addition. Sequences are [length, batch,
// d_model]; masks are those of MultiheadAttention.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <type_traits>
#include <utility>

#include "any.h"
#include "arg.h"
#include "attention.h"
#include "container.h"
#include "dropout.h"
#include "enum.h"
#include "layer.h"
#include "linear.h"
#include "normalization.h"

namespace gradtape::nn {

// kReLU, kGELU or a function from Tensor to Tensor.
class activation_t {
 public:
  activation_t(enumtype::kReLU) {}                   // NOLINT(google-explicit-constructor)
  activation_t(enumtype::kGELU) : is_gelu_(true) {}  // NOLINT(google-explicit-constructor)
  template <class F, class = std::enable_if_t<std::is_invocable_r_v<Tensor, F&, const Tensor&>>>
  activation_t(F f) : function_(std::move(f)) {}  // NOLINT(google-explicit-constructor)
  Tensor operator()(const Tensor& x) const;

 private:
  bool is_gelu_ = false;
  std::function<Tensor(const Tensor&)> function_;
};

struct TransformerEncoderLayerOptions {
  TransformerEncoderLayerOptions(std::int64_t d_model, std::int64_t nhead);
  GRADTAPE_ARG(std::int64_t, d_model);
  GRADTAPE_ARG(std::int64_t, nhead);
  GRADTAPE_ARG(std::int64_t, dim_feedforward) = 2048;
  GRADTAPE_ARG(double, dropout) = 0.1;
  GRADTAPE_ARG(activation_t, activation) = kReLU;
};

// x = norm1(x + dropout1(self_attn(x))), y = norm2(x + dropout2(linear2(dropout(activation(linear1(x))))))
struct TransformerEncoderLayerImpl : Module {
  TransformerEncoderLayerImpl(std::int64_t d_model, std::int64_t nhead);
  explicit TransformerEncoderLayerImpl(const TransformerEncoderLayerOptions& options);
  Tensor forward(const Tensor& src, const Tensor& src_mask = {}, const Tensor& src_key_padding_mask = {});
  void reset_parameters();

  TransformerEncoderLayerOptions options;
  MultiheadAttention self_attn = nullptr;
  Linear linear1 = nullptr;
  Dropout dropout = nullptr;
  Linear linear2 = nullptr;
  LayerNorm norm1 = nullptr, norm2 = nullptr;
  Dropout dropout1 = nullptr, dropout2 = nullptr;
  GRADTAPE_LAYER(TransformerEncoderLayerImpl);
  std::size_t forward_defaults(AnyValue* values, std::size_t given) override;
};
GRADTAPE_MODULE(TransformerEncoderLayer);

struct TransformerDecoderLayerOptions {
  TransformerDecoderLayerOptions(std::int64_t d_model, std::int64_t nhead);
  GRADTAPE_ARG(std::int64_t, d_model);
  GRADTAPE_ARG(std::int64_t, nhead);
  GRADTAPE_ARG(std::int64_t, dim_feedforward) = 2048;
  GRADTAPE_ARG(double, dropout) = 0.1;
  GRADTAPE_ARG(activation_t, activation) = kReLU;
};

// As the encoder's layer, with multihead_attn to the memory, dropout2 and norm2 between the two steps.
struct TransformerDecoderLayerImpl : Module {
  TransformerDecoderLayerImpl(std::int64_t d_model, std::int64_t nhead);
  explicit TransformerDecoderLayerImpl(const TransformerDecoderLayerOptions& options);
  Tensor forward(Tensor tgt, const Tensor& memory, const Tensor& tgt_mask = {}, const Tensor& memory_mask = {},
                 const Tensor& tgt_key_padding_mask = {}, const Tensor& memory_key_padding_mask = {});
  void reset_parameters();

  TransformerDecoderLayerOptions options;
  MultiheadAttention self_attn = nullptr;
  Dropout dropout1 = nullptr;
  LayerNorm norm1 = nullptr;
  MultiheadAttention multihead_attn = nullptr;
  Dropout dropout2 = nullptr;
  LayerNorm norm2 = nullptr;
  Linear linear1 = nullptr;
  Dropout dropout = nullptr;
  Linear linear2 = nullptr;
  Dropout dropout3 = nullptr;
  LayerNorm norm3 = nullptr;
  GRADTAPE_LAYER(TransformerDecoderLayerImpl);
  std::size_t forward_defaults(AnyValue* values, std::size_t given) override;
};
GRADTAPE_MODULE(TransformerDecoderLayer);

// num_layers copies of a layer, then `norm`, any module from Tensor to Tensor, if there is one.
struct TransformerEncoderOptions {
  TransformerEncoderOptions(TransformerEncoderLayer encoder_layer, std::int64_t num_layers);
  TransformerEncoderOptions(const TransformerEncoderLayerOptions& encoder_layer_options, std::int64_t num_layers);
  GRADTAPE_ARG(TransformerEncoderLayer, encoder_layer) = nullptr;
  GRADTAPE_ARG(std::int64_t, num_layers);
  GRADTAPE_ARG(AnyModule, norm);
};

struct TransformerEncoderImpl : Module {
  TransformerEncoderImpl(TransformerEncoderLayer encoder_layer, std::int64_t num_layers);
  explicit TransformerEncoderImpl(TransformerEncoderOptions options);
  Tensor forward(const Tensor& src, const Tensor& src_mask = {}, const Tensor& src_key_padding_mask = {});
  void reset_parameters();

  TransformerEncoderOptions options;
  ModuleList layers = nullptr;
  AnyModule norm;
  GRADTAPE_LAYER(TransformerEncoderImpl);
  std::size_t forward_defaults(AnyValue* values, std::size_t given) override;
};
GRADTAPE_MODULE(TransformerEncoder);

struct TransformerDecoderOptions {
  TransformerDecoderOptions(TransformerDecoderLayer decoder_layer, std::int64_t num_layers);
  TransformerDecoderOptions(const TransformerDecoderLayerOptions& decoder_layer_options, std::int64_t num_layers);
  GRADTAPE_ARG(TransformerDecoderLayer, decoder_layer) = nullptr;
  GRADTAPE_ARG(std::int64_t, num_layers);
  GRADTAPE_ARG(AnyModule, norm);
};

struct TransformerDecoderImpl : Module {
  TransformerDecoderImpl(TransformerDecoderLayer decoder_layer, std::int64_t num_layers);
  explicit TransformerDecoderImpl(TransformerDecoderOptions options);
  Tensor forward(const Tensor& tgt, const Tensor& memory, const Tensor& tgt_mask = {}, const Tensor& memory_mask = {},
                 const Tensor& tgt_key_padding_mask = {}, const Tensor& memory_key_padding_mask = {});
  void reset_parameters();

  TransformerDecoderOptions options;
  ModuleList layers = nullptr;
  AnyModule norm;
  GRADTAPE_LAYER(TransformerDecoderImpl);
  std::size_t forward_defaults(AnyValue* values, std::size_t given) override;
};
GRADTAPE_MODULE(TransformerDecoder);

struct TransformerOptions {
  TransformerOptions();
  TransformerOptions(std::int64_t d_model, std::int64_t nhead);
  TransformerOptions(std::int64_t d_model, std::int64_t nhead, std::int64_t num_encoder_layers,
                     std::int64_t num_decoder_layers);
  GRADTAPE_ARG(std::int64_t, d_model) = 512;
  GRADTAPE_ARG(std::int64_t, nhead) = 8;
  GRADTAPE_ARG(std::int64_t, num_encoder_layers) = 6;
  GRADTAPE_ARG(std::int64_t, num_decoder_layers) = 6;
  GRADTAPE_ARG(std::int64_t, dim_feedforward) = 2048;
  GRADTAPE_ARG(double, dropout) = 0.1;
  GRADTAPE_ARG(activation_t, activation) = kReLU;
  // In place of the library's: called with the arguments of TransformerEncoder and TransformerDecoder, all of them.
  GRADTAPE_ARG(AnyModule, custom_encoder);
  GRADTAPE_ARG(AnyModule, custom_decoder);
};

// decoder(tgt, encoder(src)), each with a LayerNorm at its end. All matrices start as init::xavier_uniform_.
struct TransformerImpl : Module {
  explicit TransformerImpl(TransformerOptions options);
  Tensor forward(const Tensor& src, const Tensor& tgt, const Tensor& src_mask = {}, const Tensor& tgt_mask = {},
                 const Tensor& memory_mask = {}, const Tensor& src_key_padding_mask = {},
                 const Tensor& tgt_key_padding_mask = {}, const Tensor& memory_key_padding_mask = {});
  void reset_parameters();
  // [sz, sz]: -infinity above the diagonal, 0 elsewhere.
  static Tensor generate_square_subsequent_mask(std::int64_t sz);

  TransformerOptions options;
  AnyModule encoder;
  AnyModule decoder;
  GRADTAPE_LAYER(TransformerImpl);
  std::size_t forward_defaults(AnyValue* values, std::size_t given) override;
};
GRADTAPE_MODULE(Transformer);

}  // namespace gradtape::nn
