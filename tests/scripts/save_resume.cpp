// Training that is interrupted: model and optimizer are saved, loaded into new ones, and go on as if nothing had been.
#include <torch/torch.h>

#include <cstdio>
#include <string>

#include "band.h"

struct NetImpl : torch::nn::Module {
  NetImpl() {
    fc1 = register_module("fc1", torch::nn::Linear(4, 16));
    fc2 = register_module("fc2", torch::nn::Linear(16, 1));
    steps = register_buffer("steps", torch::zeros({1}, torch::kInt64));
  }
  torch::Tensor forward(const torch::Tensor& x) {
    if (is_training()) steps += 1;
    return fc2(torch::tanh(fc1(x)));
  }
  torch::nn::Linear fc1{nullptr}, fc2{nullptr};
  torch::Tensor steps;
};
TORCH_MODULE(Net);

double train(Net& net, torch::optim::Optimizer& optimizer, const torch::Tensor& x, const torch::Tensor& y, int steps) {
  double last = 0;
  for (int i = 0; i < steps; ++i) {
    optimizer.zero_grad();
    auto loss = torch::mse_loss(net(x), y);
    loss.backward();
    optimizer.step();
    last = loss.item<double>();
  }
  return last;
}

int main() {
  torch::manual_seed(21);
  auto x = torch::randn({64, 4}), y = x.pow(2).sum(1, /*keepdim=*/true);
  auto options = torch::optim::AdamOptions(1e-2);

  Net net;
  torch::optim::Adam optimizer(net->parameters(), options);
  train(net, optimizer, x, y, 30);
  torch::save(net, "net.pt");
  torch::save(optimizer, "optimizer.pt");
  torch::save(x, "x.pt");
  torch::save(std::vector<torch::Tensor>{y, x}, "both.pt");
  const double uninterrupted = train(net, optimizer, x, y, 30);

  Net resumed;
  torch::optim::Adam resumed_optimizer(resumed->parameters(), options);
  torch::load(resumed, "net.pt");
  torch::load(resumed_optimizer, "optimizer.pt");
  torch::Tensor x_again;
  torch::load(x_again, "x.pt");
  std::vector<torch::Tensor> both;
  torch::load(both, "both.pt");
  const double after = train(resumed, resumed_optimizer, x_again, both.at(0), 30);
  std::printf("loss %.9g uninterrupted, %.9g resumed\n", uninterrupted, after);

  bool thrown = false;
  try {
    torch::load(resumed, "no such file.pt");
  } catch (const c10::Error&) {
    thrown = true;
  }
  for (const char* file : {"net.pt", "optimizer.pt", "x.pt", "both.pt"}) std::remove(file);
  bool ok = in_band("difference of the two", std::abs(uninterrupted - after), 0, 0);
  ok &= in_band("steps that the buffer counts", resumed->steps.item<double>(), 60, 60);
  ok &= in_band("a missing file throws", thrown, 1, 1);
  ok &= in_band("loss", after, 0, 10);
  return ok ? 0 : 1;
}
