// REINFORCE: an agent in a corridor learns to walk to the right end, by the log-probabilities of what it did.
#include <torch/torch.h>

#include <vector>

#include "band.h"

struct Corridor {
  static constexpr int kCells = 7;
  int cell = 0;
  int steps = 0;

  torch::Tensor reset() {
    cell = kCells / 2;
    steps = 0;
    return state();
  }
  torch::Tensor state() const {
    auto s = torch::zeros({kCells});
    s[cell] = 1;
    return s;
  }
  // {reward, done}
  std::pair<float, bool> step(int64_t action) {
    cell += action == 1 ? 1 : -1;
    ++steps;
    if (cell <= 0) return {-1.f, true};
    if (cell >= kCells - 1) return {1.f, true};
    return {-0.02f, steps >= 30};
  }
};

struct PolicyImpl : torch::nn::Module {
  PolicyImpl()
      : affine1(register_module("affine1", torch::nn::Linear(Corridor::kCells, 16))),
        affine2(register_module("affine2", torch::nn::Linear(16, 2))) {}
  torch::Tensor forward(torch::Tensor x) { return torch::softmax(affine2(torch::relu(affine1(x))), /*dim=*/-1); }
  torch::nn::Linear affine1, affine2;
};
TORCH_MODULE(Policy);

int main() {
  torch::manual_seed(543);
  Policy policy;
  torch::optim::Adam optimizer(policy->parameters(), torch::optim::AdamOptions(1e-2));
  Corridor world;
  double running_reward = 0;
  for (int episode = 0; episode < 200; ++episode) {
    std::vector<torch::Tensor> log_probs;
    std::vector<float> rewards;
    auto state = world.reset();
    for (bool done = false; !done;) {
      auto probs = policy(state);
      auto action = torch::multinomial(probs, 1);
      log_probs.push_back(probs.gather(0, action).log());
      auto result = world.step(action.item<int64_t>());
      rewards.push_back(result.first);
      done = result.second;
      state = world.state();
    }
    std::vector<float> returns(rewards.size());
    float total = 0, sum = 0;
    for (size_t i = rewards.size(); i-- > 0;) {
      total = rewards[i] + 0.99f * total;
      returns[i] = total;
      sum += rewards[i];
    }
    auto weights = torch::tensor(returns);
    auto loss = -(torch::cat(log_probs) * weights).sum();
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    running_reward = 0.05 * sum + 0.95 * running_reward;
    if (episode % 50 == 0) printf("Episode %d\tlast reward %.2f\taverage %.2f\n", episode, sum, running_reward);
  }
  auto right = policy(world.reset())[1].item<double>();
  bool ok = in_band("average reward", running_reward, 0.6, 1);
  ok &= in_band("probability of going right", right, 0.7, 1);
  return ok ? 0 : 1;
}
