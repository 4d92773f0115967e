// A physics-informed network: u'' = -pi^2 sin(pi x) on [0, 1], u(0) = u(1) = 0, from second derivatives of the network.
#include <torch/torch.h>

#include "band.h"

class PINN : public torch::nn::Module {
 public:
  PINN() {
    layers = register_module("layers", torch::nn::Sequential());
    layers->push_back(torch::nn::Linear(1, 20));
    layers->push_back(torch::nn::Tanh());
    layers->push_back(torch::nn::Linear(20, 20));
    layers->push_back(torch::nn::Tanh());
    layers->push_back(torch::nn::Linear(20, 1));
    for (auto& p : named_parameters())
      if (p.key().find("weight") != std::string::npos) torch::nn::init::xavier_normal_(p.value());
  }
  torch::Tensor forward(const torch::Tensor& x) { return layers->forward(x); }

 private:
  torch::nn::Sequential layers{nullptr};
};

torch::Tensor derivative(const torch::Tensor& y, const torch::Tensor& x) {
  return torch::autograd::grad({y}, {x}, {torch::ones_like(y)}, true, true)[0];
}

int main() {
  torch::manual_seed(4);
  torch::set_default_dtype(torch::scalarTypeToTypeMeta(torch::kFloat64));
  auto net = std::make_shared<PINN>();
  torch::optim::Adam optimizer(net->parameters(), 5e-3);

  auto x = torch::linspace(0, 1, 40).view({-1, 1}).set_requires_grad(true);
  auto boundary = torch::tensor({{0.0}, {1.0}});
  double residual_loss = 0;
  for (int epoch = 0; epoch < 700; ++epoch) {
    optimizer.zero_grad();
    auto u = net->forward(x);
    auto u_x = derivative(u, x);
    auto u_xx = derivative(u_x, x);
    auto residual = u_xx + M_PI * M_PI * torch::sin(M_PI * x.detach());
    auto loss = residual.pow(2).mean() + 50 * net->forward(boundary).pow(2).mean();
    loss.backward();
    optimizer.step();
    residual_loss = loss.item<double>();
    if (epoch % 100 == 0) std::cout << "epoch " << epoch << " loss " << residual_loss << '\n';
  }
  auto exact = torch::sin(M_PI * x.detach());
  auto error = (net->forward(x).detach() - exact).norm() / exact.norm();
  bool ok = in_band("loss", residual_loss, 0, 0.5);
  ok &= in_band("relative error", error.item<double>(), 0, 0.05);
  return ok ? 0 : 1;
}
