// Recurrent layers, attention and transformers: names, printing, and a hundred steps of training from the same weights.
#include "scripts.h"

namespace {

using torch::Tensor;
namespace nn = torch::nn;
namespace rnn = torch::nn::utils::rnn;

void set_weights(nn::Module& m) {
  torch::NoGradGuard guard;
  int seed = 20;
  for (const auto& p : m.named_parameters()) p.value().copy_(values(p.value().sizes().vec(), seed++) * 0.4);
}

// What the module is, and its losses over 100 steps of SGD that bring f() nearer to a target: small steps, as large
// ones carry rounding on to more and more of the digits.
void train(Report& r, const std::string& name, nn::Module& m, const std::function<Tensor(torch::Dtype)>& f) {
  std::ostringstream s;
  for (const auto& p : m.named_parameters()) s << p.key() << ' ' << p.value().sizes() << '\n';
  for (const auto& p : m.named_modules()) s << "module " << p.key() << ' ' << p.value()->name() << '\n';
  r.text(name + " names", s.str());
  r.printed(name + " printed", m);
  for (auto t : {torch::kFloat64, torch::kFloat32}) {
    m.zero_grad(true);
    m.to(t);
    set_weights(m);
    torch::optim::SGD optimizer(m.parameters(), torch::optim::SGDOptions(0.01).momentum(0.5));
    std::vector<double> losses;
    for (int step = 0; step < 100; ++step) {
      const Tensor y = f(t);
      const Tensor loss = torch::mse_loss(y, values(y.sizes().vec(), 40, t) * 0.5);
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      losses.push_back(loss.item<double>());
    }
    // 1e-12 in float64, 1e-5 in float32, of the largest.
    r.sums(name + (t == torch::kFloat64 ? " curve" : " curve in float32"), torch::tensor(losses, torch::kFloat64).to(t),
           t == torch::kFloat64 ? 4500 : 84);
  }
}

template <class M>
void recurrent(Report& r, const std::string& name, M m, std::vector<std::int64_t> sizes) {
  train(r, name, *m, [&](torch::Dtype t) { return std::get<0>(m->forward(values(sizes, 3, t))); });
}

}  // namespace

void sequences(Report& r) {
  r.section("sequence");
  recurrent(r, "rnn", nn::RNN(nn::RNNOptions(3, 4).nonlinearity(torch::kReLU).num_layers(2)), {5, 2, 3});
  recurrent(r, "gru", nn::GRU(nn::GRUOptions(3, 4).bidirectional(true).batch_first(true)), {2, 5, 3});
  recurrent(r, "lstm", nn::LSTM(nn::LSTMOptions(3, 4).num_layers(2).bidirectional(true).proj_size(2)), {5, 2, 3});
  nn::LSTM packed(3, 4);
  train(r, "packed lstm", *packed, [&](torch::Dtype t) {
    const auto input = rnn::pack_padded_sequence(values({5, 3, 3}, 3, t), torch::tensor({2, 5, 4}), false, false);
    return std::get<0>(rnn::pad_packed_sequence(std::get<0>(packed->forward_with_packed_input(input))));
  });
  nn::LSTMCell cell(3, 4);
  train(r, "lstm cell", *cell, [&](torch::Dtype t) {
    Tensor h = torch::zeros({2, 4}, t), c = torch::zeros({2, 4}, t);
    for (int step = 0; step < 3; ++step) std::tie(h, c) = cell->forward(values({2, 3}, step, t), std::make_tuple(h, c));
    return h;
  });
  nn::GRUCell gru_cell(3, 4);
  train(r, "gru cell", *gru_cell, [&](torch::Dtype t) { return gru_cell->forward(values({2, 3}, 3, t)); });
  nn::RNNCell rnn_cell(3, 4);
  train(r, "rnn cell", *rnn_cell, [&](torch::Dtype t) { return rnn_cell->forward(values({2, 3}, 3, t)); });
  nn::MultiheadAttention attention(nn::MultiheadAttentionOptions(4, 2).add_bias_kv(true).add_zero_attn(true));
  train(r, "attention", *attention, [&](torch::Dtype t) {
    const Tensor x = values({3, 2, 4}, 3, t), y = values({5, 2, 4}, 4, t);
    return std::get<0>(attention->forward(x, y, y));
  });
  nn::TransformerEncoder encoder(
      nn::TransformerEncoderOptions(nn::TransformerEncoderLayerOptions(4, 2).dim_feedforward(6).dropout(0), 2));
  train(r, "encoder", *encoder, [&](torch::Dtype t) {
    return encoder->forward(values({4, 2, 4}, 3, t), nn::TransformerImpl::generate_square_subsequent_mask(4).to(t));
  });
  nn::Transformer transformer(
      nn::TransformerOptions(4, 2, 1, 1).dim_feedforward(6).dropout(0).activation(torch::kGELU));
  train(r, "transformer", *transformer, [&](torch::Dtype t) {
    return transformer->forward(values({4, 2, 4}, 3, t), values({3, 2, 4}, 4, t));
  });
}
