// Gaussian process regression: three numbers of a kernel by maximum likelihood, through a Cholesky factorisation.
#include <torch/torch.h>

#include "band.h"

using torch::Tensor;

struct GaussianProcess : torch::nn::Module {
  GaussianProcess() {
    log_length = register_parameter("log_length", torch::zeros({}, torch::kFloat64));
    log_scale = register_parameter("log_scale", torch::zeros({}, torch::kFloat64));
    log_noise = register_parameter("log_noise", torch::full({}, -1.0, torch::kFloat64));
  }
  Tensor kernel(const Tensor& a, const Tensor& b) {
    auto d = (a.unsqueeze(1) - b.unsqueeze(0)) / log_length.exp();
    return (2 * log_scale).exp() * (-0.5 * d * d).exp();
  }
  Tensor noisy(const Tensor& x) {
    return kernel(x, x) + (2 * log_noise).exp() * torch::eye(x.size(0), torch::kFloat64);
  }
  // Negative logarithm of the likelihood of one observation, on average.
  Tensor loss(const Tensor& x, const Tensor& y) {
    auto l = torch::linalg::cholesky(noisy(x));
    auto alpha = torch::cholesky_solve(y.unsqueeze(1), l).squeeze(1);
    auto n = static_cast<double>(x.size(0));
    return (0.5 * y.dot(alpha) + l.diagonal().log().sum()) / n + 0.5 * std::log(2 * M_PI);
  }
  Tensor mean(const Tensor& x, const Tensor& y, const Tensor& at) {
    return kernel(at, x).mv(torch::cholesky_solve(y.unsqueeze(1), torch::linalg::cholesky(noisy(x))).squeeze(1));
  }
  Tensor log_length, log_scale, log_noise;
};

int main() {
  torch::manual_seed(16);
  auto x = torch::rand({40}, torch::kFloat64) * 10;
  auto y = x.sin() + 0.1 * torch::randn({40}, torch::kFloat64);
  GaussianProcess gp;
  torch::optim::Adam optimizer(gp.parameters(), torch::optim::AdamOptions(0.05));
  double loss_value = 0;
  for (int i = 0; i < 150; ++i) {
    optimizer.zero_grad();
    auto loss = gp.loss(x, y);
    loss.backward();
    optimizer.step();
    loss_value = loss.item<double>();
    if (i % 50 == 0) std::cout << i << ": " << loss_value << std::endl;
  }
  torch::NoGradGuard no_grad;
  auto grid = torch::linspace(1, 9, 50, torch::kFloat64);
  bool ok = in_band("negative log-likelihood", loss_value, -1, 0.3);
  ok &= in_band("length", gp.log_length.exp().item<double>(), 0.8, 3.5);
  ok &= in_band("noise", gp.log_noise.exp().item<double>(), 0.05, 0.2);
  ok &= in_band("largest error", (gp.mean(x, y, grid) - grid.sin()).abs().max().item<double>(), 0, 0.4);
  return ok ? 0 : 1;
}
