// A character-level language model: an LSTM that learns a sentence by heart and writes it, state by state.
#include <torch/torch.h>

#include <map>
#include <string>

#include "band.h"

struct CharModelImpl : torch::nn::Module {
  CharModelImpl(int64_t vocabulary, int64_t hidden)
      : vocabulary(vocabulary),
        lstm(register_module("lstm", torch::nn::LSTM(torch::nn::LSTMOptions(vocabulary, hidden).batch_first(true)))),
        head(register_module("head", torch::nn::Linear(hidden, vocabulary))) {}

  torch::Tensor forward(torch::Tensor tokens, torch::Tensor& h, torch::Tensor& c) {
    auto input = torch::one_hot(tokens, vocabulary).to(torch::kFloat32);
    torch::Tensor output;
    std::forward_as_tuple(output, std::tie(h, c)) = lstm->forward(input, std::make_tuple(h, c));
    return head->forward(output);
  }

  int64_t vocabulary;
  torch::nn::LSTM lstm;
  torch::nn::Linear head;
};
TORCH_MODULE(CharModel);

int main() {
  torch::manual_seed(7);
  const std::string text = "the quick brown fox jumps over the lazy dog and runs away. ";
  std::map<char, int64_t> index;
  std::string letters;
  for (char ch : text)
    if (index.emplace(ch, static_cast<int64_t>(letters.size())).second) letters += ch;
  std::vector<int64_t> tokens;
  for (int repeat = 0; repeat < 2; ++repeat)
    for (char ch : text) tokens.push_back(index[ch]);
  const int64_t n = text.size(), hidden = 64;

  CharModel model(static_cast<int64_t>(letters.size()), hidden);
  torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-2));
  auto all = torch::tensor(tokens, torch::kInt64);
  auto input = all.slice(0, 0, n).unsqueeze(0), target = all.slice(0, 1, n + 1);

  float loss_value = 0;
  for (int epoch = 0; epoch < 60; ++epoch) {
    auto h = torch::zeros({1, 1, hidden}), c = torch::zeros({1, 1, hidden});
    auto logits = model->forward(input, h, c);
    auto loss = torch::nn::functional::cross_entropy(logits.squeeze(0), target);
    optimizer.zero_grad();
    loss.backward();
    torch::Tensor total = torch::zeros({});
    for (auto& p : model->parameters()) total += p.grad().pow(2).sum();
    if (total.item<float>() > 25)
      for (auto& p : model->parameters()) p.mutable_grad().mul_(5 / std::sqrt(total.item<float>()));
    optimizer.step();
    loss_value = loss.item<float>();
    if (epoch % 20 == 0) std::cout << "epoch " << epoch << " loss " << loss_value << std::endl;
  }

  torch::NoGradGuard no_grad;
  auto h = torch::zeros({1, 1, hidden}), c = torch::zeros({1, 1, hidden});
  std::string written(1, text[0]);
  while (static_cast<int64_t>(written.size()) < n) {
    auto token = torch::full({1, 1}, index[written.back()], torch::kInt64);
    written += letters[model->forward(token, h, c).argmax(-1).item<int64_t>()];
  }
  int64_t same = 0;
  for (int64_t i = 0; i < n; ++i) same += written[i] == text[i];
  std::cout << written << std::endl;
  bool ok = in_band("loss", loss_value, 0, 0.5);
  ok &= in_band("letters that are right", static_cast<double>(same) / n, 0.3, 1);
  return ok ? 0 : 1;
}
