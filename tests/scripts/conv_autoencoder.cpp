// A convolutional autoencoder removes noise from pictures of discs: strided convolutions down, transposed ones up.
#include <torch/torch.h>

#include "band.h"

namespace nn = torch::nn;

struct AutoencoderImpl : nn::Module {
  AutoencoderImpl()
      : encoder(nn::Conv2d(nn::Conv2dOptions(1, 8, 3).stride(2).padding(1)), nn::BatchNorm2d(8), nn::ReLU(),
                nn::Conv2d(nn::Conv2dOptions(8, 8, 3).stride(2).padding(1)), nn::ReLU()),
        decoder(nn::ConvTranspose2d(nn::ConvTranspose2dOptions(8, 8, 4).stride(2).padding(1)), nn::ReLU(),
                nn::ConvTranspose2d(nn::ConvTranspose2dOptions(8, 1, 4).stride(2).padding(1)), nn::Sigmoid()) {
    register_module("encoder", encoder);
    register_module("decoder", decoder);
  }
  torch::Tensor forward(torch::Tensor x) { return decoder->forward(encoder->forward(x)); }
  nn::Sequential encoder, decoder;
};
TORCH_MODULE(Autoencoder);

torch::Tensor discs(int64_t n) {
  auto grid = torch::arange(16, torch::kFloat32);
  auto center = torch::rand({n, 2, 1, 1}) * 8 + 4;
  auto radius = torch::rand({n, 1, 1}) * 2 + 2.5;
  auto distance =
      (grid.view({1, 16, 1}) - center.select(1, 0)).pow(2) + (grid.view({1, 1, 16}) - center.select(1, 1)).pow(2);
  return (distance < radius.pow(2)).to(torch::kFloat32).unsqueeze(1);
}

int main() {
  torch::manual_seed(18);
  Autoencoder model;
  torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-2));
  std::cout << model << std::endl;
  double last = 0;
  for (int step = 0; step < 120; ++step) {
    auto clean = discs(16);
    auto noisy = clean + 0.5 * torch::randn_like(clean);
    auto loss = torch::binary_cross_entropy(model(noisy), clean);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    last = loss.item<double>();
    if (step % 40 == 0) std::cout << "step " << step << " loss " << last << std::endl;
  }
  model->eval();
  torch::NoGradGuard no_grad;
  auto clean = discs(64), noisy = clean + 0.5 * torch::randn_like(clean);
  auto wrong = [&](const torch::Tensor& x) {
    return ((x > 0.5) != (clean > 0.5)).to(torch::kFloat).mean().item<double>();
  };
  bool ok = in_band("loss", last, 0.001, 0.15);
  ok &= in_band("wrong pixels of the noisy pictures", wrong(noisy), 0.1, 0.25);
  ok &= in_band("wrong pixels of the cleaned pictures", wrong(model(noisy)), 0, 0.05);
  return ok ? 0 : 1;
}
