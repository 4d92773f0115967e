// A Wasserstein GAN with gradient penalty (a gradient of a gradient) that learns points on a circle.
#include <torch/torch.h>

#include "band.h"

namespace nn = torch::nn;

nn::Sequential mlp(int64_t in, int64_t out) {
  return nn::Sequential(nn::Linear(in, 32), nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2)),
                        nn::Linear(32, 32), nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2)),
                        nn::Linear(32, out));
}

torch::Tensor circle(int64_t n) {
  auto angle = torch::rand({n}) * 2 * M_PI;
  return torch::stack({angle.cos(), angle.sin()}, 1) + 0.02 * torch::randn({n, 2});
}

torch::Tensor gradient_penalty(nn::Sequential& critic, const torch::Tensor& real, const torch::Tensor& fake) {
  auto alpha = torch::rand({real.size(0), 1});
  auto mixed = (alpha * real + (1 - alpha) * fake).requires_grad_(true);
  auto score = critic->forward(mixed);
  auto gradient = torch::autograd::grad({score}, {mixed}, {torch::ones_like(score)}, /*retain_graph=*/true,
                                        /*create_graph=*/true)[0];
  return (gradient.norm(2, 1) - 1).pow(2).mean();
}

int main() {
  torch::manual_seed(2);
  const int64_t batch = 64, latent = 4;
  auto generator = mlp(latent, 2);
  auto critic = mlp(2, 1);
  torch::optim::Adam g_optimizer(generator->parameters(), torch::optim::AdamOptions(4e-3).betas({0.5, 0.9}));
  torch::optim::Adam d_optimizer(critic->parameters(), torch::optim::AdamOptions(4e-3).betas({0.5, 0.9}));

  double distance = 0, penalty = 0;
  for (int step = 0; step < 600; ++step) {
    for (int k = 0; k < 3; ++k) {
      auto real = circle(batch);
      auto fake = generator->forward(torch::randn({batch, latent})).detach();
      auto gp = gradient_penalty(critic, real, fake);
      auto wasserstein = critic->forward(real).mean() - critic->forward(fake).mean();
      d_optimizer.zero_grad();
      (2 * gp - wasserstein).backward();
      d_optimizer.step();
      distance = wasserstein.item<double>();
      penalty = gp.item<double>();
    }
    g_optimizer.zero_grad();
    auto g_loss = -critic->forward(generator->forward(torch::randn({batch, latent}))).mean();
    g_loss.backward();
    g_optimizer.step();
    if (step % 100 == 0) printf("step %d: distance %.3f, penalty %.3f\n", step, distance, penalty);
  }

  torch::NoGradGuard no_grad;
  auto radius = generator->forward(torch::randn({1000, latent})).norm(2, 1);
  bool ok = in_band("mean radius", radius.mean().item<double>(), 0.75, 1.25);
  ok &= in_band("spread of the radius", radius.std().item<double>(), 0, 0.35);
  ok &= in_band("gradient penalty", penalty, 0, 0.2);
  return ok ? 0 : 1;
}
