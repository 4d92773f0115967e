// Recurrent layers and cells: values and gradients of libtorch, certified gradients, shapes, packing, errors.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include "expect_error.h"
#include "sequence_check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using autograd::variable_list;
namespace rnn = nn::utils::rnn;

using sequences::certify;
using sequences::draw;
using sequences::printed;

std::vector<std::string> names(const nn::Module& m) { return m.named_parameters().keys(); }

TEST(Recurrent, PrintsAsLibtorch) {
  EXPECT_EQ(printed(*nn::RNN(3, 4)),
            "torch::nn::RNN(input_size=3, hidden_size=4, num_layers=1, bias=true, batch_first=false, dropout=0, "
            "bidirectional=false)");
  EXPECT_EQ(
      printed(*nn::LSTM(
          nn::LSTMOptions(3, 4).num_layers(2).bias(false).batch_first(true).dropout(0.25).bidirectional(true).proj_size(
              2))),
      "torch::nn::LSTM(input_size=3, hidden_size=4, num_layers=2, bias=false, batch_first=true, dropout=0.25, "
      "bidirectional=true, proj_size=2)");
  EXPECT_EQ(printed(*nn::GRU(nn::GRUOptions(3, 4).num_layers(3))),
            "torch::nn::GRU(input_size=3, hidden_size=4, num_layers=3, bias=true, batch_first=false, dropout=0, "
            "bidirectional=false)");
  EXPECT_EQ(printed(*nn::RNNCell(nn::RNNCellOptions(3, 4).bias(false).nonlinearity(kReLU))),
            "torch::nn::RNNCell(3, 4, bias=false, nonlinearity=kReLU)");
  EXPECT_EQ(printed(*nn::RNNCell(3, 4)), "torch::nn::RNNCell(3, 4)");
  EXPECT_EQ(printed(*nn::LSTMCell(3, 4)), "torch::nn::LSTMCell(3, 4)");
  EXPECT_EQ(printed(*nn::GRUCell(nn::GRUCellOptions(3, 4).bias(false))), "torch::nn::GRUCell(3, 4, bias=false)");
  EXPECT_EQ(nn::LSTM(1, 1)->name(), "torch::nn::LSTMImpl");
}

TEST(Recurrent, NamesAndInitialValues) {
  const nn::LSTM lstm(nn::LSTMOptions(3, 4).num_layers(2).bidirectional(true).proj_size(2));
  EXPECT_EQ(names(*lstm),
            (std::vector<std::string>{
                "weight_ih_l0",         "weight_hh_l0",         "bias_ih_l0",           "bias_hh_l0",
                "weight_hr_l0",         "weight_ih_l0_reverse", "weight_hh_l0_reverse", "bias_ih_l0_reverse",
                "bias_hh_l0_reverse",   "weight_hr_l0_reverse", "weight_ih_l1",         "weight_hh_l1",
                "bias_ih_l1",           "bias_hh_l1",           "weight_hr_l1",         "weight_ih_l1_reverse",
                "weight_hh_l1_reverse", "bias_ih_l1_reverse",   "bias_hh_l1_reverse",   "weight_hr_l1_reverse"}));
  const auto p = lstm->named_parameters();
  EXPECT_EQ(p["weight_ih_l1_reverse"].sizes(), (IntArrayRef{16, 4}));
  EXPECT_EQ(p["weight_hh_l0"].sizes(), (IntArrayRef{16, 2}));
  EXPECT_EQ(p["weight_hr_l0"].sizes(), (IntArrayRef{2, 4}));
  EXPECT_EQ(lstm->all_weights().size(), 20u);
  EXPECT_EQ(names(*nn::GRU(nn::GRUOptions(2, 3).bias(false))),
            (std::vector<std::string>{"weight_ih_l0", "weight_hh_l0"}));
  EXPECT_EQ(names(*nn::GRUCell(2, 3)), (std::vector<std::string>{"weight_ih", "weight_hh", "bias_ih", "bias_hh"}));
  EXPECT_EQ(nn::GRUCell(2, 3)->weight_hh.sizes(), (IntArrayRef{9, 3}));
  // Uniform on (-1/8, 1/8): all within, and the largest near the ends.
  const nn::GRU gru(nn::GRUOptions(40, 64).num_layers(2));
  for (const Tensor& w : gru->parameters()) {
    EXPECT_LE(w.abs().max().item<double>(), 0.125);
    EXPECT_GT(w.max().item<double>(), 0.11);
    EXPECT_LT(w.min().item<double>(), -0.11);
  }
}

TEST(Recurrent, ValuesAndGradientsOfLibtorch) {
  static const sequences::Values want = {
#include "recurrent_values.inc"
  };
  sequences::expect_values(sequences::recurrent_cases(), want);
}

// A layer that computes with tensors in place of its parameters.
template <class Impl>
struct Open : Impl {
  using Impl::Impl;
  void use(std::vector<Tensor> weights) { this->flat_weights_ = std::move(weights); }
};
template <>
struct Open<nn::LSTMCellImpl> : nn::LSTMCellImpl {
  using LSTMCellImpl::LSTMCellImpl;
  void use(const std::vector<Tensor>& w) { weight_ih = w[0], weight_hh = w[1], bias_ih = w[2], bias_hh = w[3]; }
};
template <>
struct Open<nn::GRUCellImpl> : nn::GRUCellImpl {
  using GRUCellImpl::GRUCellImpl;
  void use(const std::vector<Tensor>& w) { weight_ih = w[0], weight_hh = w[1]; }
};
template <>
struct Open<nn::RNNCellImpl> : nn::RNNCellImpl {
  using RNNCellImpl::RNNCellImpl;
  void use(const std::vector<Tensor>& w) { weight_ih = w[0], weight_hh = w[1], bias_ih = w[2], bias_hh = w[3]; }
};

template <class M>
auto use_in(M& layer) {
  return [&](const variable_list& weights) { layer.use(weights); };
}

TEST(Recurrent, GradientsAreCertified) {
  manual_seed(3);
  Open<nn::RNNImpl> plain(2, 3);
  certify(plain, {draw({3, 2, 2}), draw({1, 2, 3})}, use_in(plain), [&](const variable_list& x) {
    const auto [y, h] = plain.forward(x[0], x[1]);
    return variable_list{y, h};
  });
  Open<nn::GRUImpl> gru(nn::GRUOptions(2, 2).num_layers(2).bidirectional(true));
  certify(gru, {draw({2, 2, 2}), draw({4, 2, 2})}, use_in(gru), [&](const variable_list& x) {
    const auto [y, h] = gru.forward(x[0], x[1]);
    return variable_list{y, h};
  });
  Open<nn::LSTMImpl> lstm(nn::LSTMOptions(2, 3).bidirectional(true).proj_size(2).batch_first(true));
  certify(lstm, {draw({2, 3, 2}), draw({2, 2, 2}), draw({2, 2, 3})}, use_in(lstm), [&](const variable_list& x) {
    const auto [y, state] = lstm.forward(x[0], std::make_tuple(x[1], x[2]));
    return variable_list{y, std::get<0>(state), std::get<1>(state)};
  });
  Open<nn::LSTMImpl> packed(nn::LSTMOptions(2, 2).bidirectional(true));
  certify(packed, {draw({4, 3, 2}), draw({2, 3, 2}), draw({2, 3, 2})}, use_in(packed), [&](const variable_list& x) {
    const auto [y, state] = packed.forward_with_packed_input(sequences::packed(x[0]), std::make_tuple(x[1], x[2]));
    return variable_list{std::get<0>(rnn::pad_packed_sequence(y)), std::get<0>(state), std::get<1>(state)};
  });
}
TEST(Recurrent, GradientsOfCellsAreCertified) {
  manual_seed(3);
  Open<nn::LSTMCellImpl> lstm(2, 3);
  certify(lstm, {draw({2, 2}), draw({2, 3}), draw({2, 3})}, use_in(lstm), [&](const variable_list& x) {
    const auto [h, c] = lstm.forward(x[0], std::make_tuple(x[1], x[2]));
    return variable_list{h, c};
  });
  // Of h' alone, and of c' alone.
  for (const std::size_t only : {0u, 1u})
    certify(lstm, {draw({2, 2}), draw({2, 3}), draw({2, 3})}, use_in(lstm), [&](const variable_list& x) {
      const auto [h, c] = lstm.forward(x[0], std::make_tuple(x[1], x[2]));
      return variable_list{only == 0 ? h : c};
    });
  Open<nn::GRUCellImpl> gru(nn::GRUCellOptions(2, 3).bias(false));
  certify(gru, {draw({2, 2}), draw({2, 3})}, use_in(gru),
          [&](const variable_list& x) { return variable_list{gru.forward(x[0], x[1])}; });
  Open<nn::RNNCellImpl> plain(2, 3);
  certify(plain, {draw({2, 2}), draw({2, 3})}, use_in(plain),
          [&](const variable_list& x) { return variable_list{plain.forward(x[0], x[1])}; });
}

TEST(Recurrent, OneSequenceIsABatchOfOne) {
  manual_seed(4);
  nn::LSTM lstm(nn::LSTMOptions(3, 4).num_layers(2).bidirectional(true).batch_first(true));
  const Tensor x = randn({5, 3}), h = randn({4, 4}), c = randn({4, 4});
  const auto [y, state] = lstm(x, std::make_tuple(h, c));
  const auto [y1, state1] = lstm(x.unsqueeze(0), std::make_tuple(h.unsqueeze(1), c.unsqueeze(1)));
  EXPECT_EQ(y.sizes(), (IntArrayRef{5, 8}));
  EXPECT_TRUE(equal(y, y1.squeeze(0)));
  EXPECT_TRUE(equal(std::get<0>(state), std::get<0>(state1).squeeze(1)));
  EXPECT_TRUE(equal(std::get<1>(state), std::get<1>(state1).squeeze(1)));
  nn::GRU gru(3, 4);
  EXPECT_EQ(std::get<1>(gru(x)).sizes(), (IntArrayRef{1, 4}));
  nn::GRUCell cell(3, 4);
  EXPECT_TRUE(equal(cell(x[0]), cell(x.slice(0, 0, 1)).squeeze(0)));
  nn::LSTMCell lstm_cell(3, 4);
  EXPECT_EQ(std::get<1>(lstm_cell(x[0])).sizes(), (IntArrayRef{4}));
}

TEST(Recurrent, CellsInALoopAreALayer) {
  manual_seed(5);
  nn::LSTM layer(2, 3);
  nn::LSTMCell cell(2, 3);
  {
    const NoGradGuard off;
    for (std::size_t i = 0; i < 4; ++i) cell->parameters()[i].copy_(layer->parameters()[i]);
  }
  const Tensor x = randn({6, 2, 2});
  Tensor y, h, c;
  std::forward_as_tuple(y, std::tie(h, c)) = layer(x);
  Tensor h1 = zeros({2, 3}), c1 = zeros({2, 3});
  for (std::int64_t t = 0; t < 6; ++t) {
    std::tie(h1, c1) = cell(x[t], std::make_tuple(h1, c1));
    EXPECT_TRUE(allclose(y[t], h1, 0, 1e-6));
  }
  EXPECT_TRUE(allclose(c[0], c1, 0, 1e-6));
  EXPECT_TRUE(equal(h[0], y[5]));
}

TEST(Recurrent, ReadsInputOfAnyStridesAndNoSequences) {
  manual_seed(6);
  nn::GRU gru(3, 4);
  const Tensor x = randn({5, 3, 2}).transpose(1, 2);
  EXPECT_FALSE(x.is_contiguous());
  EXPECT_TRUE(equal(std::get<0>(gru(x)), std::get<0>(gru(x.contiguous()))));
  const auto [y, h] = gru(zeros({2, 0, 3}));
  EXPECT_EQ(y.sizes(), (IntArrayRef{2, 0, 4}));
  EXPECT_EQ(h.sizes(), (IntArrayRef{1, 0, 4}));
}

TEST(Recurrent, DropsBetweenLayersInTraining) {
  manual_seed(7);
  nn::GRU gru(nn::GRUOptions(3, 50).num_layers(2).dropout(1));
  const Tensor x = randn({4, 2, 3});
  // Everything is dropped: the second layer sees zeros, whatever the input.
  EXPECT_TRUE(equal(std::get<0>(gru(x)), std::get<0>(gru(x + 1))));
  gru->eval();
  EXPECT_FALSE(equal(std::get<0>(gru(x)), std::get<0>(gru(x + 1))));
  nn::LSTM half(nn::LSTMOptions(3, 50).num_layers(2).dropout(0.5));
  EXPECT_FALSE(equal(std::get<0>(half(x)), std::get<0>(half(x))));
  half->eval();
  EXPECT_TRUE(equal(std::get<0>(half(x)), std::get<0>(half(x))));
  nn::LSTM single(nn::LSTMOptions(3, 5).dropout(0.5));
  EXPECT_TRUE(equal(std::get<0>(single(x)), std::get<0>(single(x))));
}

TEST(Recurrent, CloneAndConvert) {
  manual_seed(8);
  nn::LSTM lstm(nn::LSTMOptions(2, 3).num_layers(2));
  const Tensor x = randn({4, 1, 2});
  const auto copy = std::dynamic_pointer_cast<nn::LSTMImpl>(lstm->clone());
  ASSERT_NE(copy, nullptr);
  EXPECT_TRUE(equal(std::get<0>(lstm(x)), std::get<0>(copy->forward(x))));
  {
    const NoGradGuard off;
    for (const Tensor& p : lstm->parameters()) p.mul_(2);
  }
  EXPECT_FALSE(equal(std::get<0>(lstm(x)), std::get<0>(copy->forward(x))));
  copy->to(kFloat64);
  EXPECT_EQ(std::get<0>(copy->forward(x.to(kFloat64))).dtype(), kFloat64);
  EXPECT_TRUE(copy->all_weights()[0].is_same(copy->named_parameters()["weight_ih_l0"]));
  nn::GRUCell cell(2, 3);
  const auto cell_copy = std::dynamic_pointer_cast<nn::GRUCellImpl>(cell->clone());
  EXPECT_TRUE(equal(cell(x[0]), cell_copy->forward(x[0])));
  EXPECT_FALSE(cell->weight_ih.is_alias_of(cell_copy->weight_ih));
}

struct ShiftImpl : nn::Module {
  Tensor forward(const Tensor& x, double by, bool twice) { return x + (twice ? 2 * by : by); }

 protected:
  GRADTAPE_FORWARD_HAS_DEFAULT_ARGS({1, nn::AnyValue(3.)}, {2, nn::AnyValue(false)})
};
GRADTAPE_MODULE(Shift);

TEST(Recurrent, ArgumentsThatASequentialMayLeaveOut) {
  nn::Sequential net(nn::RNNCell(2, 3), Shift(), nn::GRUCell(3, 4));
  EXPECT_EQ(net->forward(ones({5, 2})).sizes(), (IntArrayRef{5, 4}));
  nn::AnyModule shift{Shift()};
  EXPECT_EQ(shift.forward(zeros({1})).item<double>(), 3);
  EXPECT_EQ(shift.forward(zeros({1}), 1.).item<double>(), 1);
  EXPECT_EQ(shift.forward(zeros({1}), 1., true).item<double>(), 2);
  expect_error([&] { shift.forward(); }, {"ShiftImpl", "3 argument(s), got 0"});
  expect_error([&] { shift.forward(zeros({1}), 1., true, 2); }, {"3 argument(s), got 4"});
  nn::AnyModule lstm{nn::LSTM(2, 3)};
  const auto result = lstm.forward<std::tuple<Tensor, std::tuple<Tensor, Tensor>>>(ones({4, 1, 2}));
  EXPECT_EQ(std::get<0>(result).sizes(), (IntArrayRef{4, 1, 3}));
}

// A graph of the gradient is made of operations; without one, kernels compute it.
TEST(Recurrent, BothWaysToTheGradientAgree) {
  manual_seed(10);
  nn::LSTM lstm(nn::LSTMOptions(3, 19).num_layers(2).bidirectional(true));
  nn::GRU gru(nn::GRUOptions(3, 19).num_layers(2).bidirectional(true));
  for (ScalarType dtype : {kFloat64, kFloat32}) {
    lstm->to(dtype);
    gru->to(dtype);
    const Tensor x = randn({4, 5, 3}, dtype).requires_grad_();
    const auto gradients = [&](const Tensor& y, const std::vector<Tensor>& parameters, bool graph) {
      variable_list inputs = parameters;
      inputs.push_back(x);
      return autograd::grad({y.square().sum()}, inputs, {}, true, graph);
    };
    const auto agree = [&](const Tensor& y, const std::vector<Tensor>& parameters) {
      const auto a = gradients(y, parameters, false), b = gradients(y, parameters, true);
      for (std::size_t i = 0; i < a.size(); ++i) {
        const double scale = b[i].abs().max().item<double>();
        EXPECT_GT(scale, 0);
        EXPECT_LE((a[i] - b[i]).abs().max().item<double>(), (dtype == kFloat64 ? 1e-13 : 1e-5) * scale) << i;
      }
    };
    agree(std::get<0>(lstm(x)), lstm->parameters());
    agree(std::get<0>(gru(x)), gru->parameters());
  }
}

TEST(Recurrent, LongSequences) {
  nn::RNN layer(1, 1);
  layer->to(kFloat64);
  const std::int64_t n = 33000;
  const Tensor x = ones({n, 1, 1}, kFloat64).requires_grad_();
  std::get<0>(layer(x)).sum().backward();
  EXPECT_EQ(x.grad().sizes(), (IntArrayRef{n, 1, 1}));
  EXPECT_GT(x.grad().abs().min().item<double>(), 0);
}

TEST(Recurrent, Refuses) {
  nn::LSTM lstm(nn::LSTMOptions(3, 4).batch_first(true));
  expect_error(
      [&] {
        lstm(zeros({2, 5, 4}));
      },
      {"[LSTM]", "[batch, time, 3]", "float32[2, 5, 4]", "hidden_size=4", "batch_first=true"});
  expect_error([&] { lstm(zeros({3})); }, {"[LSTM]", "float32[3]"});
  expect_error([&] { lstm(Tensor()); }, {"[LSTM]", "undefined"});
  expect_error([&] { lstm(zeros({2, 0, 3})); }, {"[LSTM]", "no time steps", "float32[2, 0, 3]"});
  expect_error(
      [&] {
        lstm(zeros({2, 5, 3}), std::make_tuple(zeros({1, 3, 4}), zeros({1, 2, 4})));
      },
      {"[LSTM]", "hx must be [1, 2, 4]", "float32[1, 3, 4]"});
  expect_error(
      [&] {
        lstm(zeros({2, 5, 3}), std::make_tuple(zeros({1, 2, 4}), zeros({1, 2, 3})));
      },
      {"[LSTM]", "cx must be [1, 2, 4]", "float32[1, 2, 3]"});
  expect_error<TypeError>(
      [] {
        nn::GRU(3, 4)(zeros({5, 2, 3}), zeros({1, 2, 4}, kFloat64));
      },
      {"[GRU]", "float64[1, 2, 4]"});
  expect_error([] { nn::GRU(3, 4)(zeros({5, 2, 3}, kFloat64)); }, {"float64[10, 3]", "float32"});
  expect_error<ValueError>([] { nn::LSTM(nn::LSTMOptions(3, 4).proj_size(4)); }, {"[LSTM]", "proj_size", "4"});
  expect_error<ValueError>([] { nn::RNN(nn::RNNOptions(3, 4).dropout(1.5)); }, {"[RNN]", "dropout", "1.5"});
  expect_error<ValueError>([] { nn::RNN(nn::RNNOptions(3, 4).num_layers(0)); }, {"[RNN]", "num_layers", "0"});
  expect_error<ValueError>([] { nn::GRU(3, 0); }, {"[GRU]", "hidden_size"});
  expect_error([] { nn::RNNCell(3, 4)(zeros({2, 4})); }, {"[RNNCell]", "float32[2, 4]", "torch::nn::RNNCell(3, 4)"});
  expect_error([] { nn::GRUCell(3, 4)(zeros({2, 3}), zeros({3, 4})); }, {"[GRUCell]", "hx must be [2, 4]"});
  expect_error([] { nn::LSTMCell(3, 4)(zeros({2, 2, 3})); }, {"[LSTMCell]", "float32[2, 2, 3]"});
}

TEST(Packing, PacksAndPads) {
  const Tensor x = arange(12).view({4, 3}).t().unsqueeze(2);  // [batch 3, time 4, 1]; x[b][t] = 3 t + b
  const rnn::PackedSequence p = rnn::pack_padded_sequence(x, tensor({2, 4, 1}), true, false);
  EXPECT_TRUE(equal(p.data().flatten(), tensor({1, 0, 2, 4, 3, 7, 10})));
  EXPECT_TRUE(equal(p.batch_sizes(), tensor({3, 2, 1, 1})));
  EXPECT_TRUE(equal(p.sorted_indices(), tensor({1, 0, 2})));
  EXPECT_TRUE(equal(p.unsorted_indices(), tensor({1, 0, 2})));
  const auto [y, lengths] = rnn::pad_packed_sequence(p, true, -1, 5);
  EXPECT_TRUE(equal(lengths, tensor({2, 4, 1})));
  EXPECT_TRUE(equal(y.squeeze(2), tensor({{0, 3, -1, -1, -1}, {1, 4, 7, 10, -1}, {2, -1, -1, -1, -1}})));
  const auto [z, same] = rnn::pad_packed_sequence(p);
  EXPECT_EQ(z.sizes(), (IntArrayRef{4, 3, 1}));
  // Sorted already: nothing to undo.
  const rnn::PackedSequence q = rnn::pack_sequence({ones({3, 2}), ones({1, 2})});
  EXPECT_FALSE(q.sorted_indices().defined());
  EXPECT_EQ(q.data().sizes(), (IntArrayRef{4, 2}));
  EXPECT_EQ(q.to(kFloat64).data().dtype(), kFloat64);
  const rnn::PackedSequence unsorted = rnn::pack_sequence({ones({1}), 2 * ones({3})}, false);
  EXPECT_TRUE(equal(unsorted.data(), tensor({2., 1., 2., 2.})));
  const Tensor padded = rnn::pad_sequence({ones({1, 2}), ones({3, 2})}, true, 0.5);
  EXPECT_EQ(padded.sizes(), (IntArrayRef{2, 3, 2}));
  EXPECT_EQ(padded.sum().item<double>(), 2 + 6 + 4 * 0.5);
  EXPECT_EQ(rnn::pad_sequence({ones({1, 2}), ones({3, 2})}).sizes(), (IntArrayRef{3, 2, 2}));
}

TEST(Packing, Refuses) {
  const Tensor x = zeros({5, 2, 3});
  expect_error<ValueError>(
      [&] {
        rnn::pack_padded_sequence(x, tensor({2, 5}));
      },
      {"[pack_padded_sequence]", "5 follows 2", "enforce_sorted"});
  expect_error<ValueError>([&] { rnn::pack_padded_sequence(x, tensor({5, 0})); }, {"from 1 to 5", "got 0"});
  expect_error<ValueError>([&] { rnn::pack_padded_sequence(x, tensor({7, 1})); }, {"from 1 to 5", "got 7"});
  expect_error([&] { rnn::pack_padded_sequence(x, tensor({3, 1, 1})); }, {"lengths must be [2]", "int64[3]"});
  expect_error([] { rnn::pack_padded_sequence(zeros({5}), tensor({3})); }, {"[longest, batch, *]", "float32[5]"});
  expect_error([] { rnn::pad_sequence({}); }, {"[pad_sequence]", "empty"});
  expect_error([] { rnn::pad_sequence({zeros({2, 3}), zeros({4, 2})}); }, {"float32[2, 3]", "float32[4, 2]"});
  const auto p = rnn::pack_sequence({ones({3, 2}), ones({1, 2})});
  expect_error<ValueError>([&] { rnn::pad_packed_sequence(p, false, 0, 2); }, {"total_length", "3", "2"});
  expect_error([&] { nn::GRU(3, 4)->forward_with_packed_input(p); }, {"[GRU]", "[rows, 3]", "float32[4, 2]"});
}

}  // namespace
