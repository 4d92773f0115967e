// A recurrent encoder and a decoder with attention that learn to write a sequence backwards; teacher forcing.
#include <torch/torch.h>

#include "band.h"

using torch::Tensor;
namespace nn = torch::nn;

constexpr int64_t kSymbols = 6, kLength = 5, kHidden = 32;

struct EncoderDecoderImpl : nn::Module {
  EncoderDecoderImpl()
      : encoder(register_module("encoder", nn::GRU(nn::GRUOptions(kSymbols, kHidden)))),
        cell(register_module("cell", nn::GRUCell(kSymbols + kHidden, kHidden))),
        attention(register_module("attention", nn::MultiheadAttention(kHidden, 1))),
        out(register_module("out", nn::Linear(kHidden, kSymbols))) {}

  // source and target [length, batch] of symbols; scores [length, batch, symbols].
  Tensor forward(const Tensor& source, const Tensor& target) {
    Tensor memory, h;
    std::tie(memory, h) = encoder(torch::one_hot(source, kSymbols).to(torch::kFloat));
    Tensor state = h.squeeze(0);
    Tensor before = torch::zeros({source.size(1), kSymbols});
    std::vector<Tensor> scores;
    for (int64_t t = 0; t < kLength; ++t) {
      auto context = std::get<0>(attention(state.unsqueeze(0), memory, memory)).squeeze(0);
      state = cell(torch::cat({before, context}, 1), state);
      scores.push_back(out(state));
      auto symbol = is_training() ? target[t] : scores.back().argmax(1);
      before = torch::one_hot(symbol, kSymbols).to(torch::kFloat);
    }
    return torch::stack(scores);
  }
  nn::GRU encoder;
  nn::GRUCell cell;
  nn::MultiheadAttention attention;
  nn::Linear out;
};
TORCH_MODULE(EncoderDecoder);

int main() {
  torch::manual_seed(17);
  EncoderDecoder model;
  torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-2));
  float last = 0;
  for (int step = 0; step < 150; ++step) {
    auto source = torch::randint(kSymbols, {kLength, 32}, torch::kInt64);
    auto target = source.flip({0});
    auto scores = model(source, target);
    auto loss = nn::functional::cross_entropy(scores.view({-1, kSymbols}), target.reshape({-1}));
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    last = loss.item<float>();
    if (step % 50 == 0) std::cout << "step " << step << " loss " << last << std::endl;
  }
  model->eval();
  torch::NoGradGuard no_grad;
  auto source = torch::randint(kSymbols, {kLength, 200}, torch::kInt64);
  auto right = model(source, Tensor()).argmax(2).eq(source.flip({0})).to(torch::kFloat).mean().item<double>();
  bool ok = in_band("loss", last, 0, 1);
  ok &= in_band("symbols that are right", right, 0.6, 1);
  return ok ? 0 : 1;
}
