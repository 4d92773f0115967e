// A variational autoencoder of 8 x 8 pictures of bars: reparametrised samples, reconstruction and divergence.
#include <torch/torch.h>

#include <tuple>

#include "band.h"

struct VAEOutput {
  torch::Tensor reconstruction;
  torch::Tensor mu;
  torch::Tensor log_var;
};

class VAEImpl : public torch::nn::Module {
 public:
  VAEImpl(int64_t image_size, int64_t h_dim, int64_t z_dim)
      : fc1(image_size, h_dim), fc2(h_dim, z_dim), fc3(h_dim, z_dim), fc4(z_dim, h_dim), fc5(h_dim, image_size) {
    register_module("fc1", fc1);
    register_module("fc2", fc2);
    register_module("fc3", fc3);
    register_module("fc4", fc4);
    register_module("fc5", fc5);
  }

  std::pair<torch::Tensor, torch::Tensor> encode(torch::Tensor x) {
    auto h = torch::nn::functional::relu(fc1->forward(x));
    return {fc2->forward(h), fc3->forward(h)};
  }

  torch::Tensor reparameterize(torch::Tensor mu, torch::Tensor log_var) {
    if (!is_training()) return mu;
    auto std = log_var.div(2).exp_();
    return mu + torch::randn_like(std) * std;
  }

  torch::Tensor decode(torch::Tensor z) {
    auto h = torch::nn::functional::relu(fc4->forward(z));
    return torch::sigmoid(fc5->forward(h));
  }

  VAEOutput forward(torch::Tensor x) {
    auto encoded = encode(x);
    auto z = reparameterize(encoded.first, encoded.second);
    return {decode(z), encoded.first, encoded.second};
  }

 private:
  torch::nn::Linear fc1, fc2, fc3, fc4, fc5;
};
TORCH_MODULE(VAE);

// Each picture has one row and one column set.
torch::Tensor bars(int64_t n) {
  auto image = torch::zeros({n, 8, 8});
  for (int64_t i = 0; i < n; ++i) {
    image[i][torch::randint(8, {1}).item<int64_t>()] = 1;
    image[i].select(1, torch::randint(8, {1}).item<int64_t>()).fill_(1);
  }
  return image.view({n, 64});
}

int main() {
  torch::manual_seed(5);
  VAE model(64, 128, 8);
  torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(3e-3));

  double reconstruction = 0, divergence = 0, first = 0;
  for (int step = 0; step < 400; ++step) {
    auto images = bars(32);
    auto output = model->forward(images);
    auto reconstruction_loss = torch::nn::functional::binary_cross_entropy(
        output.reconstruction, images, torch::nn::functional::BinaryCrossEntropyFuncOptions().reduction(torch::kSum));
    auto kl_divergence = -0.5 * torch::sum(1 + output.log_var - output.mu.pow(2) - output.log_var.exp());
    auto loss = reconstruction_loss + kl_divergence;
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    reconstruction = reconstruction_loss.item<double>() / 32;
    divergence = kl_divergence.item<double>() / 32;
    if (step == 0) first = loss.item<double>() / 32;
    if (step % 100 == 0)
      std::cout << "Step [" << step << "], Reconst Loss: " << reconstruction << ", KL Div: " << divergence << "\n";
  }
  model->eval();
  torch::NoGradGuard no_grad;
  auto images = bars(64);
  auto wrong = (model->forward(images).reconstruction - images).abs().gt(0.5).to(torch::kFloat).mean();
  bool ok = in_band("first loss", first, 35, 60);
  ok &= in_band("reconstruction", reconstruction, 0.1, 22);
  ok &= in_band("divergence", divergence, 2, 30);
  ok &= in_band("wrong pixels", wrong.item<double>(), 0, 0.1);
  return ok ? 0 : 1;
}
