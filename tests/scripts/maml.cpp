// Learning to learn: parameters from which one gradient step fits a new sine wave (gradients through gradients).
#include <torch/torch.h>

#include <vector>

#include "band.h"

using torch::Tensor;
namespace F = torch::nn::functional;

struct Task {
  float amplitude, phase;
  Tensor y(const Tensor& x) const { return amplitude * (x + phase).sin(); }
};

Task sample_task() {
  auto r = torch::rand({2});
  return {0.5f + 1.5f * r[0].item<float>(), 3.f * r[1].item<float>()};
}

Tensor net(const Tensor& x, const std::vector<Tensor>& p) {
  auto h = F::linear(x, p[0], p[1]).tanh();
  h = F::linear(h, p[2], p[3]).tanh();
  return F::linear(h, p[4], p[5]);
}

std::vector<Tensor> adapted(const std::vector<Tensor>& p, const Tensor& x, const Tensor& y, bool create_graph) {
  auto loss = torch::mse_loss(net(x, p), y);
  auto g = torch::autograd::grad({loss}, p, {}, /*retain_graph=*/create_graph, create_graph);
  std::vector<Tensor> out;
  for (size_t i = 0; i < p.size(); ++i) out.push_back(p[i] - 0.1 * g[i]);
  return out;
}

int main() {
  torch::manual_seed(13);
  std::vector<Tensor> p;
  int64_t sizes[] = {1, 24, 24, 1};
  for (int layer = 0; layer < 3; ++layer) {
    p.push_back(torch::randn({sizes[layer + 1], sizes[layer]}).div_(std::sqrt(double(sizes[layer]))).requires_grad_());
    p.push_back(torch::zeros({sizes[layer + 1]}).requires_grad_());
  }
  torch::optim::Adam optimizer(p, torch::optim::AdamOptions(3e-3));
  for (int step = 0; step < 300; ++step) {
    Tensor loss = torch::zeros({});
    for (int k = 0; k < 4; ++k) {
      auto task = sample_task();
      auto support = torch::rand({10, 1}) * 6 - 3, query = torch::rand({10, 1}) * 6 - 3;
      loss = loss + torch::mse_loss(net(query, adapted(p, support, task.y(support), true)), task.y(query));
    }
    optimizer.zero_grad();
    (loss / 4).backward();
    optimizer.step();
    if (step % 100 == 0) std::cout << "step " << step << " loss " << loss.item<float>() / 4 << std::endl;
  }
  double before = 0, after = 0;
  auto grid = torch::linspace(-3, 3, 50).unsqueeze(1);
  for (int k = 0; k < 30; ++k) {
    auto task = sample_task();
    auto x = torch::rand({10, 1}) * 6 - 3;
    before += torch::mse_loss(net(grid, p), task.y(grid)).item<double>() / 30;
    after += torch::mse_loss(net(grid, adapted(p, x, task.y(x), false)), task.y(grid)).item<double>() / 30;
  }
  bool ok = in_band("loss before the step", before, 0.2, 3);
  ok &= in_band("loss after it, of the loss before", after / before, 0, 0.9);
  return ok ? 0 : 1;
}
