// Sequences of different lengths in one batch: a bidirectional GRU over packed input says whether the sum is positive.
#include <torch/torch.h>

#include <vector>

#include "band.h"

namespace rnn = torch::nn::utils::rnn;

struct Batch {
  torch::Tensor padded, lengths, labels;
};

Batch make_batch(int64_t n) {
  std::vector<torch::Tensor> sequences;
  auto lengths = torch::randint(2, 9, {n}, torch::kInt64);
  auto labels = torch::empty({n}, torch::kInt64);
  for (int64_t i = 0; i < n; ++i) {
    auto sequence = torch::randn({lengths[i].item<int64_t>(), 1});
    labels[i] = sequence.sum().item<float>() > 0 ? 1 : 0;
    sequences.push_back(sequence);
  }
  return {rnn::pad_sequence(sequences, /*batch_first=*/true, /*padding_value=*/99), lengths, labels};
}

struct ReaderImpl : torch::nn::Module {
  ReaderImpl()
      : gru(register_module("gru", torch::nn::GRU(torch::nn::GRUOptions(1, 12).bidirectional(true).batch_first(true)))),
        out(register_module("out", torch::nn::Linear(24, 2))) {}
  torch::Tensor forward(const Batch& batch) {
    auto packed = rnn::pack_padded_sequence(batch.padded, batch.lengths, /*batch_first=*/true,
                                            /*enforce_sorted=*/false);
    auto h = std::get<1>(gru->forward_with_packed_input(packed));
    return out(torch::cat({h[0], h[1]}, 1));
  }
  torch::nn::GRU gru;
  torch::nn::Linear out;
};
TORCH_MODULE(Reader);

int main() {
  torch::manual_seed(12);
  Reader reader;
  torch::optim::Adam optimizer(reader->parameters(), torch::optim::AdamOptions(2e-2));
  torch::nn::CrossEntropyLoss criterion;
  for (int step = 0; step < 80; ++step) {
    auto batch = make_batch(32);
    auto loss = criterion(reader(batch), batch.labels);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    if (step % 20 == 0) std::cout << "step " << step << " loss " << loss.item<float>() << std::endl;
  }
  torch::NoGradGuard no_grad;
  auto test = make_batch(300);
  auto accuracy = reader(test).argmax(1).eq(test.labels).to(torch::kDouble).mean().item<double>();
  return in_band("accuracy", accuracy, 0.85, 1) ? 0 : 1;
}
