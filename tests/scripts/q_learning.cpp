// Deep Q-learning on a grid: a replay buffer of tensors, a target network that is a copy, smooth L1 loss.
#include <torch/torch.h>

#include <deque>
#include <random>

#include "band.h"

constexpr int kSide = 4;

torch::Tensor encode(int cell) { return torch::one_hot(torch::tensor(cell), kSide * kSide).to(torch::kFloat32); }

int move(int cell, int action) {
  int row = cell / kSide, column = cell % kSide;
  if (action == 0 && row > 0) --row;
  if (action == 1 && row < kSide - 1) ++row;
  if (action == 2 && column > 0) --column;
  if (action == 3 && column < kSide - 1) ++column;
  return row * kSide + column;
}

struct QNetImpl : torch::nn::Module {
  QNetImpl() : hidden(kSide * kSide, 32), value(32, 4) {
    register_module("hidden", hidden);
    register_module("value", value);
  }
  torch::Tensor forward(torch::Tensor x) { return value(torch::relu(hidden(x))); }
  torch::nn::Linear hidden, value;
};
TORCH_MODULE(QNet);

void copy_weights(QNet& from, QNet& to) {
  torch::NoGradGuard no_grad;
  auto source = from->named_parameters();
  for (auto& item : to->named_parameters()) item.value().copy_(source[item.key()]);
}

struct Transition {
  torch::Tensor state, next;
  int64_t action;
  float reward, mask;
};

int main() {
  torch::manual_seed(15);
  std::mt19937 random(15);
  QNet online, target;
  copy_weights(online, target);
  torch::optim::Adam optimizer(online->parameters(), torch::optim::AdamOptions(5e-3));
  std::deque<Transition> memory;
  const int goal = kSide * kSide - 1;
  int cell = 0;
  float epsilon = 1;
  for (int step = 0; step < 800; ++step) {
    auto state = encode(cell);
    int64_t action = 0;
    if (std::uniform_real_distribution<float>(0, 1)(random) < epsilon) {
      action = random() % 4;
    } else {
      torch::NoGradGuard no_grad;
      action = online(state).argmax().item<int64_t>();
    }
    const int next = move(cell, static_cast<int>(action));
    memory.push_back({state, encode(next), action, next == goal ? 1.f : -0.05f, next == goal ? 0.f : 1.f});
    if (memory.size() > 500) memory.pop_front();
    cell = next == goal ? static_cast<int>(random() % goal) : next;
    epsilon = std::max(0.1f, epsilon * 0.995f);

    if (memory.size() < 32) continue;
    std::vector<torch::Tensor> states, nexts;
    std::vector<int64_t> actions;
    std::vector<float> rewards, masks;
    for (int k = 0; k < 32; ++k) {
      const auto& t = memory[random() % memory.size()];
      states.push_back(t.state);
      nexts.push_back(t.next);
      actions.push_back(t.action);
      rewards.push_back(t.reward);
      masks.push_back(t.mask);
    }
    auto q = online(torch::stack(states)).gather(1, torch::tensor(actions).unsqueeze(1)).squeeze(1);
    auto best = std::get<0>(target(torch::stack(nexts)).detach().max(1));
    auto expected = torch::tensor(rewards) + 0.9 * torch::tensor(masks) * best;
    auto loss = torch::smooth_l1_loss(q, expected);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    if (step % 50 == 0) copy_weights(online, target);
  }
  // Follow the best action from every cell.
  torch::NoGradGuard no_grad;
  int arrived = 0;
  for (int start = 0; start < goal; ++start) {
    int at = start;
    for (int step = 0; step < 8 && at != goal; ++step) at = move(at, online(encode(at)).argmax().item<int>());
    arrived += at == goal;
  }
  return in_band("cells that lead to the goal", arrived, 12, goal) ? 0 : 1;
}
