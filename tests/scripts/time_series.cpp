// Forecasting: a two-layer LSTM reads windows of a wave and predicts the next value; then it continues it by itself.
#include <torch/torch.h>

#include "band.h"

struct ForecasterImpl : torch::nn::Module {
  explicit ForecasterImpl(int64_t hidden) {
    lstm = register_module("lstm", torch::nn::LSTM(torch::nn::LSTMOptions(1, hidden).num_layers(2).batch_first(true)));
    linear = register_module("linear", torch::nn::Linear(hidden, 1));
  }
  torch::Tensor forward(torch::Tensor x) {
    auto output = std::get<0>(lstm->forward(x));
    return linear->forward(output.select(1, -1));
  }
  torch::nn::LSTM lstm{nullptr};
  torch::nn::Linear linear{nullptr};
};
TORCH_MODULE(Forecaster);

int main() {
  torch::manual_seed(9);
  auto t = torch::arange(0, 300, torch::kFloat32) * 0.2;
  auto series = (t.sin() + 0.5 * (0.5 * t).sin()) / 1.5;
  const int64_t window = 16;
  auto windows = series.unfold(0, window + 1, 1);
  auto x = windows.slice(1, 0, window).unsqueeze(-1).contiguous();
  auto y = windows.select(1, window).unsqueeze(-1);
  const int64_t train_size = 220;

  Forecaster model(24);
  torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-2));
  double loss_value = 0;
  for (int epoch = 0; epoch < 12; ++epoch) {
    auto order = torch::randperm(train_size);
    for (auto& batch : order.split(44)) {
      optimizer.zero_grad();
      auto loss = torch::mse_loss(model(x.index({batch})), y.index({batch}));
      loss.backward();
      optimizer.step();
      loss_value = loss.item<double>();
    }
    if (epoch % 4 == 0) std::cout << "epoch " << epoch << ", loss " << loss_value << "\n";
  }

  torch::NoGradGuard no_grad;
  model->eval();
  auto test_loss = torch::mse_loss(model(x.slice(0, train_size)), y.slice(0, train_size)).item<double>();
  auto history = x[train_size].clone();
  double worst = 0;
  for (int64_t k = 0; k < 10; ++k) {
    auto next = model(history.unsqueeze(0));
    worst = std::max(worst, (next - y[train_size + k]).abs().item<double>());
    history = torch::cat({history.slice(0, 1), next}, 0);
  }
  bool ok = in_band("training loss", loss_value, 0, 0.03);
  ok &= in_band("loss on what follows", test_loss, 0, 0.03);
  ok &= in_band("largest error of ten steps ahead", worst, 0, 0.8);
  return ok ? 0 : 1;
}
