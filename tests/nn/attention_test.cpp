// Attention and transformers: values and gradients of libtorch, certified gradients, masks, shapes, errors.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "attention_cases.h"
#include "expect_error.h"
#include "sequence_check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using autograd::variable_list;
using sequences::certify;
using sequences::draw;
using sequences::printed;

std::vector<std::string> names(const nn::Module& m) { return m.named_parameters().keys(); }

TEST(Attention, ValuesAndGradientsOfLibtorch) {
  static const sequences::Values want = {
#include "attention_values.inc"
  };
  sequences::expect_values(sequences::attention_cases(), want);
}

TEST(Attention, PrintsAsLibtorch) {
  EXPECT_EQ(printed(*nn::MultiheadAttention(8, 2)),
            "torch::nn::MultiheadAttention(\n"
            "  (out_proj): torch::nn::Linear(in_features=8, out_features=8, bias=true)\n"
            ")");
  EXPECT_EQ(printed(*nn::TransformerEncoder(
                nn::TransformerEncoderOptions(nn::TransformerEncoderLayerOptions(8, 2).dim_feedforward(16), 1)
                    .norm(nn::AnyModule(nn::LayerNorm(nn::LayerNormOptions({8})))))),
            "torch::nn::TransformerEncoderImpl(\n"
            "  (layers): torch::nn::ModuleList(\n"
            "    (0): torch::nn::TransformerEncoderLayerImpl(\n"
            "      (self_attn): torch::nn::MultiheadAttention(\n"
            "        (out_proj): torch::nn::Linear(in_features=8, out_features=8, bias=true)\n"
            "      )\n"
            "      (linear1): torch::nn::Linear(in_features=8, out_features=16, bias=true)\n"
            "      (dropout): torch::nn::Dropout(p=0.1, inplace=false)\n"
            "      (linear2): torch::nn::Linear(in_features=16, out_features=8, bias=true)\n"
            "      (norm1): torch::nn::LayerNorm([8], eps=1e-05, elementwise_affine=true)\n"
            "      (norm2): torch::nn::LayerNorm([8], eps=1e-05, elementwise_affine=true)\n"
            "      (dropout1): torch::nn::Dropout(p=0.1, inplace=false)\n"
            "      (dropout2): torch::nn::Dropout(p=0.1, inplace=false)\n"
            "    )\n"
            "  )\n"
            "  (norm): torch::nn::LayerNorm([8], eps=1e-05, elementwise_affine=true)\n"
            ")");
  EXPECT_EQ(nn::MultiheadAttention(8, 2)->name(), "torch::nn::MultiheadAttention");
}

TEST(Attention, NamesAndInitialValues) {
  EXPECT_EQ(names(*nn::MultiheadAttention(nn::MultiheadAttentionOptions(8, 2).add_bias_kv(true))),
            (std::vector<std::string>{"in_proj_weight", "in_proj_bias", "bias_k", "bias_v", "out_proj.weight",
                                      "out_proj.bias"}));
  const nn::MultiheadAttention other(nn::MultiheadAttentionOptions(8, 2).kdim(3).vdim(5).bias(false));
  EXPECT_EQ(names(*other),
            (std::vector<std::string>{"q_proj_weight", "k_proj_weight", "v_proj_weight", "out_proj.weight"}));
  EXPECT_EQ(other->v_proj_weight.sizes(), (IntArrayRef{8, 5}));
  // Uniform within (6 / (in + out))^(1/2), biases 0.
  const nn::MultiheadAttention large(64, 4);
  const double bound = std::sqrt(6.0 / (64 + 192));
  EXPECT_LE(large->in_proj_weight.abs().max().item<double>(), bound);
  EXPECT_GT(large->in_proj_weight.max().item<double>(), 0.98 * bound);
  EXPECT_EQ(large->in_proj_bias.abs().sum().item<double>() + large->out_proj->bias.abs().sum().item<double>(), 0);
  EXPECT_EQ(nn::Transformer(nn::TransformerOptions(8, 2, 1, 1).dim_feedforward(16))->parameters().size(), 34u);
  EXPECT_EQ(names(*nn::TransformerDecoderLayer(8, 2))[4], "multihead_attn.in_proj_weight");
}

TEST(Attention, GradientsAreCertified) {
  manual_seed(3);
  const auto use = [](nn::MultiheadAttention& m) {
    return [&m](const variable_list& w) {
      m->in_proj_weight = w[0], m->in_proj_bias = w[1], m->bias_k = w[2], m->bias_v = w[3];
      m->out_proj->weight = w[4], m->out_proj->bias = w[5];
    };
  };
  const auto options = nn::MultiheadAttentionOptions(4, 2).add_bias_kv(true).add_zero_attn(true);
  nn::MultiheadAttention self(options);
  certify(*self, {draw({3, 2, 4})}, use(self), [&](const variable_list& x) {
    const auto [y, w] = self(x[0], x[0], x[0], sequences::padding(3), true, sequences::causal(3, kFloat64));
    return variable_list{y, w};
  });
  nn::MultiheadAttention memory(options);
  certify(*memory, {draw({2, 2, 4}), draw({3, 2, 4})}, use(memory), [&](const variable_list& x) {
    const auto [y, w] = memory(x[0], x[1], x[1]);
    return variable_list{y, w};
  });
  nn::MultiheadAttention sizes(nn::MultiheadAttentionOptions(4, 2).kdim(3).vdim(2).bias(false));
  certify(
      *sizes, {draw({2, 2, 4}), draw({3, 2, 3}), draw({3, 2, 2})},
      [&](const variable_list& w) {
        sizes->q_proj_weight = w[0], sizes->k_proj_weight = w[1], sizes->v_proj_weight = w[2];
        sizes->out_proj->weight = w[3];
      },
      [&](const variable_list& x) {
        const auto [y, w] = sizes(x[0], x[1], x[2]);
        return variable_list{y, w};
      });
}

TEST(Attention, GradientsOfTransformersAreCertified) {
  manual_seed(4);
  const auto set = [](const variable_list& w, std::size_t& k, nn::MultiheadAttention& m) {
    m->in_proj_weight = w[k++], m->in_proj_bias = w[k++];
    m->out_proj->weight = w[k++], m->out_proj->bias = w[k++];
  };
  const auto set_pair = [](const variable_list& w, std::size_t& k, auto& m) { m->weight = w[k++], m->bias = w[k++]; };
  nn::TransformerEncoderLayer encoder(
      nn::TransformerEncoderLayerOptions(4, 2).dim_feedforward(3).dropout(0).activation(kGELU));
  certify(
      *encoder, {draw({3, 2, 4})},
      [&](const variable_list& w) {
        std::size_t k = 0;
        set(w, k, encoder->self_attn);
        set_pair(w, k, encoder->linear1);
        set_pair(w, k, encoder->linear2);
        set_pair(w, k, encoder->norm1);
        set_pair(w, k, encoder->norm2);
      },
      [&](const variable_list& x) { return variable_list{encoder(x[0])}; });
  nn::TransformerDecoderLayer decoder(nn::TransformerDecoderLayerOptions(4, 2).dim_feedforward(3).dropout(0).activation(
      [](const Tensor& t) { return tanh(t); }));
  certify(
      *decoder, {draw({2, 2, 4}), draw({3, 2, 4})},
      [&](const variable_list& w) {
        std::size_t k = 0;
        set(w, k, decoder->self_attn);
        set(w, k, decoder->multihead_attn);
        set_pair(w, k, decoder->linear1);
        set_pair(w, k, decoder->linear2);
        set_pair(w, k, decoder->norm1);
        set_pair(w, k, decoder->norm2);
        set_pair(w, k, decoder->norm3);
      },
      [&](const variable_list& x) { return variable_list{decoder(x[0], x[1], sequences::causal(2, kFloat64))}; });
}

TEST(Attention, MasksOfEveryKindAgree) {
  manual_seed(5);
  nn::MultiheadAttention m(6, 2);
  const Tensor x = randn({4, 3, 6});
  const Tensor numbers = nn::TransformerImpl::generate_square_subsequent_mask(4);
  const auto [y, w] = m(x, x, x, Tensor(), true, numbers);
  const auto [y1, w1] = m(x, x, x, Tensor(), true, numbers.isinf());
  const auto [y2, w2] = m(x, x, x, Tensor(), true, numbers.expand({6, 4, 4}));
  EXPECT_TRUE(equal(y, y1));
  EXPECT_TRUE(equal(y, y2));
  EXPECT_TRUE(equal(w, w2));
  EXPECT_TRUE(allclose(w.sum(-1), ones({3, 4}), 0, 1e-6));
  EXPECT_EQ(w.triu(1).abs().max().item<double>(), 0);
  // A padded key is as if it were not there.
  Tensor padding = zeros({3, 4}, kBool);
  padding.select(1, 3).fill_(true);
  const auto [y3, w3] = m(x, x, x, padding);
  const Tensor shorter = x.slice(0, 0, 3);
  const auto [y4, w4] = m(x, shorter, shorter);
  EXPECT_TRUE(allclose(y3, y4, 1e-5, 1e-6));
  EXPECT_TRUE(equal(std::get<0>(m(x, x, x, padding.to(kUInt8))), y3));
  // Without the weights the output is the same.
  const auto [y5, w5] = m(x, x, x, padding, false);
  EXPECT_TRUE(equal(y5, y3));
  EXPECT_FALSE(w5.defined());
  EXPECT_EQ(std::get<1>(m(x, x, x, Tensor(), true, Tensor(), false)).sizes(), (IntArrayRef{3, 2, 4, 4}));
  EXPECT_EQ(numbers.dtype(), kFloat32);
  EXPECT_EQ(numbers[0][1].item<double>(), -std::numeric_limits<double>::infinity());
}

TEST(Attention, WithoutABatchAndTheSameTensorOrEqualOnes) {
  manual_seed(6);
  nn::MultiheadAttention m(4, 2);
  const Tensor x = randn({3, 4}), memory = randn({5, 4});
  const auto [y, w] = m(x, memory, memory);
  const auto [y1, w1] = m(x.unsqueeze(1), memory.unsqueeze(1), memory.unsqueeze(1));
  EXPECT_EQ(y.sizes(), (IntArrayRef{3, 4}));
  EXPECT_EQ(w.sizes(), (IntArrayRef{3, 5}));
  EXPECT_TRUE(allclose(y, y1.squeeze(1), 1e-6, 1e-7));
  EXPECT_TRUE(allclose(w, w1.squeeze(0), 1e-6, 1e-7));
  EXPECT_TRUE(allclose(std::get<0>(m(x, x, x)), std::get<0>(m(x, x.clone(), x.clone())), 1e-5, 1e-6));
  const Tensor none = zeros({3, 0, 4});
  EXPECT_EQ(std::get<0>(m(none, none, none)).sizes(), (IntArrayRef{3, 0, 4}));
}

TEST(Attention, DropsInTrainingOnly) {
  manual_seed(7);
  nn::TransformerEncoderLayer layer(nn::TransformerEncoderLayerOptions(8, 2).dim_feedforward(32).dropout(0.5));
  const Tensor x = randn({6, 2, 8});
  EXPECT_FALSE(equal(layer(x), layer(x)));
  layer->eval();
  EXPECT_TRUE(equal(layer(x), layer(x)));
  nn::MultiheadAttention m(nn::MultiheadAttentionOptions(8, 2).dropout(0.5));
  EXPECT_GT((std::get<1>(m(x, x, x, Tensor(), true, Tensor(), false)) == 0).sum().item<std::int64_t>(), 30);
  m->eval();
  EXPECT_EQ((std::get<1>(m(x, x, x)) == 0).sum().item<std::int64_t>(), 0);
}

TEST(Attention, WhatDropoutLeaves) {
  namespace F = nn::functional;
  manual_seed(9);
  const auto dropout = [](double p) { return F::DropoutFuncOptions().p(p).training(true); };
  for (ScalarType dtype : {kFloat32, kFloat64}) {
    const Tensor x = ones({101, 99}, dtype), y = F::dropout(x, dropout(0.25));
    const Tensor kept = y != 0;
    EXPECT_NEAR(kept.to(kFloat64).mean().item<double>(), 0.75, 0.02);
    EXPECT_TRUE(allclose(y.masked_select(kept), full({kept.sum().item<std::int64_t>()}, 4. / 3, dtype)));
    EXPECT_FALSE(equal(y, F::dropout(x, dropout(0.25))));
    EXPECT_TRUE(equal(F::dropout(x, dropout(1)), zeros_like(x)));
    EXPECT_TRUE(equal(F::dropout(x, dropout(0)), x));
    EXPECT_TRUE(equal(F::dropout(x), x));
    const Tensor z = x.clone();
    F::dropout(z, dropout(0.5).inplace(true));
    EXPECT_NEAR((z == 0).to(kFloat64).mean().item<double>(), 0.5, 0.03);
  }
  const Tensor x = draw({3, 5}).requires_grad_();
  const auto r = autograd::gradcheck([&](const Tensor& t) { return F::dropout(t * t, dropout(0.5)); }, {x});
  EXPECT_TRUE(r) << r.to_string();
  expect_error<ValueError>([] { nn::Dropout(1.5); }, {"[Dropout]", "1.5"});
}

TEST(Attention, CloneConvertAndSequential) {
  manual_seed(8);
  nn::Transformer t(nn::TransformerOptions(4, 2, 2, 1).dim_feedforward(8).dropout(0.3));
  t->eval();
  const auto copy = std::dynamic_pointer_cast<nn::TransformerImpl>(t->clone());
  ASSERT_NE(copy, nullptr);
  EXPECT_FALSE(copy->is_training());
  const Tensor src = randn({3, 2, 4}), tgt = randn({2, 2, 4});
  EXPECT_TRUE(equal(t(src, tgt), copy->forward(src, tgt)));
  EXPECT_EQ(names(*t), names(*copy));
  {
    const NoGradGuard off;
    for (const Tensor& p : t->parameters()) p.add_(0.1);
  }
  EXPECT_FALSE(equal(t(src, tgt), copy->forward(src, tgt)));
  copy->to(kFloat64);
  EXPECT_EQ(copy->forward(src.to(kFloat64), tgt.to(kFloat64)).dtype(), kFloat64);
  nn::Sequential net(nn::TransformerEncoderLayer(4, 2), nn::Linear(4, 1));
  EXPECT_EQ(net->forward(src).sizes(), (IntArrayRef{3, 2, 1}));
  // Layers of a stack are copies of the first, with weights of their own.
  nn::TransformerEncoder stack(nn::TransformerEncoderLayer(4, 2), 2);
  EXPECT_TRUE(equal(stack->layers->at<nn::TransformerEncoderLayerImpl>(0).linear1->weight,
                    stack->layers->at<nn::TransformerEncoderLayerImpl>(1).linear1->weight));
  stack->reset_parameters();
  EXPECT_FALSE(equal(stack->layers->at<nn::TransformerEncoderLayerImpl>(0).linear1->weight,
                     stack->layers->at<nn::TransformerEncoderLayerImpl>(1).linear1->weight));
}

TEST(Attention, Refuses) {
  nn::MultiheadAttention m(8, 2);
  const Tensor x = zeros({4, 3, 8});
  expect_error<ValueError>([] { nn::MultiheadAttention(7, 2); }, {"[MultiheadAttention]", "divisible", "7", "2"});
  expect_error([&] { m(zeros({4, 3, 7}), x, x); }, {"[MultiheadAttention]", "[targets, batch, 8]", "float32[4, 3, 7]"});
  expect_error([&] { m(x, zeros({5, 2, 8}), zeros({5, 2, 8})); }, {"key must be [sources, 3, 8]", "float32[5, 2, 8]"});
  expect_error([&] { m(x, x, zeros({5, 3, 8})); }, {"value must be [4, 3, 8]", "float32[5, 3, 8]"});
  expect_error([&] { m(x, x, Tensor()); }, {"[MultiheadAttention]", "defined"});
  expect_error([&] { m(x, x, x, zeros({3, 5}, kBool)); }, {"key_padding_mask", "bool[3, 5]"});
  expect_error([&] { m(x, x, x, Tensor(), true, zeros({3, 4})); }, {"attn_mask", "float32[3, 4]"});
  nn::Transformer t(nn::TransformerOptions(8, 2, 1, 1).dim_feedforward(4));
  expect_error([&] { t(x, zeros({2, 2, 8})); }, {"[Transformer]", "float32[4, 3, 8]", "float32[2, 2, 8]"});
  expect_error<ValueError>([] { nn::TransformerEncoder(nn::TransformerEncoderLayer(8, 2), 0); },
                           {"[TransformerEncoder]", "num_layers"});
  expect_error([] { nn::TransformerEncoder(nn::TransformerEncoderLayer(nullptr), 1); }, {"no layer"});
}

}  // namespace
