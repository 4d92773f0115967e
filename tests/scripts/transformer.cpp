// A transformer encoder that learns to sort digits: positions are added, every place is classified.
#include <torch/torch.h>

#include "band.h"

struct SorterImpl : torch::nn::Module {
  SorterImpl(int64_t digits, int64_t length, int64_t d_model)
      : embed(register_module("embed", torch::nn::Linear(digits, d_model))),
        encoder(register_module(
            "encoder",
            torch::nn::TransformerEncoder(torch::nn::TransformerEncoderOptions(
                torch::nn::TransformerEncoderLayerOptions(d_model, 4).dim_feedforward(64).dropout(0.0), 2)))),
        head(register_module("head", torch::nn::Linear(d_model, digits))) {
    position = register_parameter("position", torch::randn({length, 1, d_model}) * 0.1);
  }

  torch::Tensor forward(const torch::Tensor& one_hot) {
    auto x = embed(one_hot.transpose(0, 1)) + position;  // length first
    return head(encoder(x)).transpose(0, 1);
  }

  torch::nn::Linear embed;
  torch::nn::TransformerEncoder encoder;
  torch::nn::Linear head;
  torch::Tensor position;
};
TORCH_MODULE(Sorter);

int main() {
  torch::manual_seed(11);
  const int64_t digits = 4, length = 5, batch = 32;
  Sorter model(digits, length, 32);
  torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(3e-3));

  float first = 0, last = 0;
  for (int step = 0; step < 200; ++step) {
    auto x = torch::randint(digits, {batch, length}, torch::kInt64);
    auto y = std::get<0>(x.sort(1));
    auto logits = model(torch::one_hot(x, digits).to(torch::kFloat));
    auto loss = torch::nn::functional::cross_entropy(logits.reshape({-1, digits}), y.reshape({-1}));
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    last = loss.item<float>();
    if (step == 0) first = last;
    if (step % 50 == 0) std::cout << "step " << step << ", loss " << last << std::endl;
  }

  model->eval();
  torch::NoGradGuard no_grad;
  auto x = torch::randint(digits, {200, length}, torch::kInt64);
  auto predicted = model(torch::one_hot(x, digits).to(torch::kFloat)).argmax(-1);
  auto accuracy = predicted.eq(std::get<0>(x.sort(1))).to(torch::kFloat).mean().item<double>();
  bool ok = in_band("first loss", first, 1, 2.5);
  ok &= in_band("last loss", last, 0, 0.5);
  ok &= in_band("accuracy", accuracy, 0.8, 1);
  return ok ? 0 : 1;
}
