#pragma once
// Recurrent and attention modules on inputs from a formula: what comes out and its gradients. Built on gradtape by the
// tests and on libtorch by tests/parity/references/layers.cpp, which wrote what is right into *_values.inc.
#include <gradtape/gradtape.h>

#include <cstdint>
#include <functional>
#include <string>
#include <tuple>
#include <vector>

namespace sequences {
using namespace gradtape;  // NOLINT(google-build-using-namespace)

using Sizes = std::vector<std::int64_t>;

// The same numbers on every library: in (-1, 1), no two of the first 2003 equal.
inline Tensor values(const Sizes& sizes, int seed, ScalarType dtype = kFloat64) {
  std::int64_t n = 1;
  for (std::int64_t s : sizes) n *= s;
  std::vector<double> v;
  for (std::int64_t k = 0; k < n; ++k)
    v.push_back(static_cast<double>((k * 911 + seed * 577) % 2003) / 1001.5 - 1 + 1e-4);
  return gradtape::tensor(v, TensorOptions(kFloat64)).reshape(sizes).to(dtype);
}

// All elements of a small tensor, three sums with weights of a larger one.
inline std::vector<double> digest(const Tensor& t) {
  std::vector<double> out;
  if (!t.defined()) return out;
  const Tensor d = t.detach().to(kFloat64).contiguous();
  if (d.numel() <= 12) {
    for (std::int64_t k = 0; k < d.numel(); ++k) out.push_back(d.data_ptr<double>()[k]);
  } else {
    for (int seed = 5; seed < 8; ++seed) out.push_back((d * values(d.sizes().vec(), seed)).sum().item<double>());
  }
  return out;
}

struct Setting {
  ScalarType dtype;
  std::vector<std::vector<double>> results;

  Tensor input(const Sizes& sizes, int seed) const { return values(sizes, seed, dtype).requires_grad_(); }
  void prepare(nn::Module& m) const {
    m.to(dtype);
    NoGradGuard off;
    int seed = 20;
    for (const auto& p : m.named_parameters()) p.value().copy_(values(p.value().sizes().vec(), seed++) * 0.5);
  }
  // Results, and the gradients of their weighted sum.
  void add(const nn::Module& m, const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs) {
    Tensor sum = gradtape::zeros({}, TensorOptions(dtype));
    int seed = 60;
    for (const Tensor& y : outputs) {
      results.push_back(digest(y));
      if (y.defined()) sum = sum + (y * values(y.sizes().vec(), seed++, dtype)).sum();
    }
    sum.backward();
    for (const Tensor& x : inputs) results.push_back(digest(x.grad()));
    for (const auto& p : m.named_parameters()) results.push_back(digest(p.value().grad()));
  }
};

struct Case {
  std::string name;
  std::function<void(Setting&)> run;
};

template <class M>
void run_simple(Setting& s, M layer, const Sizes& x_sizes, const Sizes& h_sizes) {
  s.prepare(*layer);
  const Tensor x = s.input(x_sizes, 1), h = h_sizes.empty() ? Tensor() : s.input(h_sizes, 2);
  auto result = layer->forward(x, h);
  s.add(*layer, {std::get<0>(result), std::get<1>(result)},
        h.defined() ? std::vector<Tensor>{x, h} : std::vector<Tensor>{x});
}
inline void run_lstm(Setting& s, nn::LSTM layer, const Sizes& x_sizes, const Sizes& h_sizes, const Sizes& c_sizes) {
  s.prepare(*layer);
  const Tensor x = s.input(x_sizes, 1);
  if (h_sizes.empty()) {
    auto result = layer->forward(x);
    s.add(*layer, {std::get<0>(result), std::get<0>(std::get<1>(result)), std::get<1>(std::get<1>(result))}, {x});
    return;
  }
  const Tensor h = s.input(h_sizes, 2), c = s.input(c_sizes, 3);
  auto result = layer->forward(x, std::make_tuple(h, c));
  s.add(*layer, {std::get<0>(result), std::get<0>(std::get<1>(result)), std::get<1>(std::get<1>(result))}, {x, h, c});
}

// Lengths 3, 1, 4 of [4, 3, 2]; packed and padded again.
inline nn::utils::rnn::PackedSequence packed(const Tensor& x) {
  return nn::utils::rnn::pack_padded_sequence(x, gradtape::tensor({3, 1, 4}), false, false);
}
template <class M>
void run_packed(Setting& s, M layer, std::int64_t states, std::int64_t size) {
  s.prepare(*layer);
  const Tensor x = s.input({4, 3, 2}, 1), h = s.input({states, 3, size}, 2);
  auto result = layer->forward_with_packed_input(packed(x), h);
  auto padded = nn::utils::rnn::pad_packed_sequence(std::get<0>(result), true, 0.5);
  s.add(*layer, {std::get<0>(padded), std::get<1>(result)}, {x, h});
  s.results.push_back(digest(std::get<1>(padded)));
}

inline std::vector<Case> recurrent_cases() {
  std::vector<Case> all;
  all.push_back({"rnn", [](Setting& s) { run_simple(s, nn::RNN(2, 3), {3, 2, 2}, {1, 2, 3}); }});
  all.push_back(
      {"rnn relu, 2 layers, both ways, batch first", [](Setting& s) {
         run_simple(
             s, nn::RNN(nn::RNNOptions(2, 3).nonlinearity(kReLU).num_layers(2).bidirectional(true).batch_first(true)),
             {3, 4, 2}, {});
       }});
  all.push_back({"gru", [](Setting& s) { run_simple(s, nn::GRU(2, 3), {3, 2, 2}, {}); }});
  all.push_back({"gru, 3 layers, both ways, no bias", [](Setting& s) {
                   run_simple(s, nn::GRU(nn::GRUOptions(3, 4).num_layers(3).bidirectional(true).bias(false)), {5, 2, 3},
                              {6, 2, 4});
                 }});
  all.push_back({"lstm", [](Setting& s) { run_lstm(s, nn::LSTM(2, 3), {3, 2, 2}, {}, {}); }});
  all.push_back({"lstm, 2 layers, both ways, projected", [](Setting& s) {
                   run_lstm(s, nn::LSTM(nn::LSTMOptions(3, 4).num_layers(2).bidirectional(true).proj_size(2)),
                            {4, 2, 3}, {4, 2, 2}, {4, 2, 4});
                 }});
  all.push_back({"lstm, 2 layers, no bias, batch first", [](Setting& s) {
                   run_lstm(s, nn::LSTM(nn::LSTMOptions(2, 3).num_layers(2).bias(false).batch_first(true)), {2, 3, 2},
                            {2, 2, 3}, {2, 2, 3});
                 }});
  all.push_back({"lstm, one step of one", [](Setting& s) { run_lstm(s, nn::LSTM(1, 1), {1, 1, 1}, {}, {}); }});
  all.push_back({"rnn packed", [](Setting& s) { run_packed(s, nn::RNN(2, 3), 1, 3); }});
  all.push_back({"gru packed, 2 layers, both ways", [](Setting& s) {
                   run_packed(s, nn::GRU(nn::GRUOptions(2, 3).num_layers(2).bidirectional(true)), 4, 3);
                 }});
  all.push_back({"lstm packed, both ways", [](Setting& s) {
                   nn::LSTM layer(nn::LSTMOptions(2, 3).bidirectional(true));
                   s.prepare(*layer);
                   const Tensor x = s.input({4, 3, 2}, 1), h = s.input({2, 3, 3}, 2), c = s.input({2, 3, 3}, 3);
                   auto result = layer->forward_with_packed_input(packed(x), std::make_tuple(h, c));
                   auto padded = nn::utils::rnn::pad_packed_sequence(std::get<0>(result));
                   s.add(*layer,
                         {std::get<0>(padded), std::get<0>(std::get<1>(result)), std::get<1>(std::get<1>(result))},
                         {x, h, c});
                 }});
  all.push_back({"rnn cell", [](Setting& s) {
                   nn::RNNCell cell(2, 3);
                   s.prepare(*cell);
                   const Tensor x = s.input({2, 2}, 1), h = s.input({2, 3}, 2);
                   s.add(*cell, {cell->forward(x, h)}, {x, h});
                 }});
  all.push_back({"rnn cell relu, no bias", [](Setting& s) {
                   nn::RNNCell cell(nn::RNNCellOptions(2, 3).nonlinearity(kReLU).bias(false));
                   s.prepare(*cell);
                   const Tensor x = s.input({2, 2}, 1);
                   s.add(*cell, {cell->forward(x)}, {x});
                 }});
  all.push_back({"lstm cell", [](Setting& s) {
                   nn::LSTMCell cell(2, 3);
                   s.prepare(*cell);
                   const Tensor x = s.input({2, 2}, 1), h = s.input({2, 3}, 2), c = s.input({2, 3}, 3);
                   auto result = cell->forward(x, std::make_tuple(h, c));
                   s.add(*cell, {std::get<0>(result), std::get<1>(result)}, {x, h, c});
                 }});
  all.push_back({"gru cell", [](Setting& s) {
                   nn::GRUCell cell(2, 3);
                   s.prepare(*cell);
                   const Tensor x = s.input({2, 2}, 1), h = s.input({2, 3}, 2);
                   s.add(*cell, {cell->forward(x, h)}, {x, h});
                 }});
  return all;
}

}  // namespace sequences
