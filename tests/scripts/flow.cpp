// A normalising flow: coupling layers turn a curved cloud of points into a Gaussian, by the change of variables.
#include <torch/torch.h>

#include "band.h"

struct CouplingImpl : torch::nn::Module {
  CouplingImpl(bool swap, int64_t hidden)
      : swap(swap),
        net(register_module("net", torch::nn::Sequential(torch::nn::Linear(1, hidden), torch::nn::Tanh(),
                                                         torch::nn::Linear(hidden, 2)))) {}

  // {z, log determinant of the Jacobian}
  std::tuple<torch::Tensor, torch::Tensor> forward(const torch::Tensor& x) {
    auto parts = x.chunk(2, 1);
    auto kept = swap ? parts[1] : parts[0], changed = swap ? parts[0] : parts[1];
    auto st = net->forward(kept).split(1, 1);
    auto s = torch::tanh(st[0]);
    auto z = changed * s.exp() + st[1];
    return std::make_tuple(swap ? torch::cat({z, kept}, 1) : torch::cat({kept, z}, 1), s.squeeze(1));
  }
  bool swap;
  torch::nn::Sequential net;
};
TORCH_MODULE(Coupling);

struct Flow : torch::nn::Module {
  Flow() {
    for (int i = 0; i < 4; ++i) layers->push_back(Coupling(i % 2 == 1, 24));
    register_module("layers", layers);
  }
  torch::Tensor log_prob(torch::Tensor x) {
    auto total = torch::zeros({x.size(0)});
    for (const auto& layer : *layers) {
      torch::Tensor log_det;
      std::tie(x, log_det) = layer->as<Coupling>()->forward(x);
      total = total + log_det;
    }
    return total - 0.5 * x.pow(2).sum(1) - std::log(2 * M_PI);
  }
  torch::nn::ModuleList layers;
};

torch::Tensor banana(int64_t n) {
  auto a = torch::randn({n}), b = torch::randn({n});
  return torch::stack({a, 0.3 * b + a.pow(2) - 1}, 1);
}

int main() {
  torch::manual_seed(14);
  Flow flow;
  torch::optim::Adam optimizer(flow.parameters(), torch::optim::AdamOptions(1e-2));
  double first = 0;
  for (int step = 0; step < 250; ++step) {
    auto loss = -flow.log_prob(banana(128)).mean();
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    if (step == 0) first = loss.item<double>();
    if (step % 50 == 0) printf("step %d: %.3f nats\n", step, loss.item<double>());
  }
  torch::NoGradGuard no_grad;
  // The entropy of the cloud is ln(2 pi e 0.3) = 1.63.
  bool ok = in_band("nats at the start", first, 2.2, 30);
  ok &= in_band("nats", -flow.log_prob(banana(2000)).mean().item<double>(), 1.5, 2.1);
  return ok ? 0 : 1;
}
