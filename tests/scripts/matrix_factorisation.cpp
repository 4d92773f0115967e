// Recommendations: ratings of users and items by the product of their embeddings and biases; unseen pairs are
// predicted.
#include <torch/torch.h>

#include "band.h"

struct FactorisationImpl : torch::nn::Module {
  FactorisationImpl(int64_t users, int64_t items, int64_t factors)
      : user_factors(register_module("user_factors", torch::nn::Embedding(users, factors))),
        item_factors(register_module("item_factors", torch::nn::Embedding(items, factors))),
        user_bias(register_module("user_bias", torch::nn::Embedding(users, 1))),
        item_bias(register_module("item_bias", torch::nn::Embedding(items, 1))) {
    for (auto& p : parameters()) torch::nn::init::normal_(p, 0.0, 0.1);
  }
  torch::Tensor forward(const torch::Tensor& user, const torch::Tensor& item) {
    auto product = (user_factors(user) * item_factors(item)).sum(1);
    return product + user_bias(user).squeeze(1) + item_bias(item).squeeze(1);
  }
  torch::nn::Embedding user_factors, item_factors, user_bias, item_bias;
};
TORCH_MODULE(Factorisation);

int main() {
  torch::manual_seed(20);
  const int64_t users = 40, items = 30, factors = 2;
  auto ratings = torch::randn({users, factors}).mm(torch::randn({factors, items})) + 0.5 * torch::randn({users, 1});
  auto seen = torch::rand({users, items}) < 0.6;
  auto known = seen.nonzero(), unknown = seen.logical_not().nonzero();
  auto rating = [&](const torch::Tensor& pairs) { return ratings.index({pairs.select(1, 0), pairs.select(1, 1)}); };

  Factorisation model(users, items, factors + 1);
  torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(0.02).weight_decay(1e-4));
  double last = 0;
  for (int epoch = 0; epoch < 40; ++epoch) {
    auto order = known.index_select(0, torch::randperm(known.size(0)));
    for (auto& batch : order.split(64)) {
      optimizer.zero_grad();
      auto loss = torch::mse_loss(model(batch.select(1, 0), batch.select(1, 1)), rating(batch));
      loss.backward();
      optimizer.step();
      last = loss.item<double>();
    }
    if (epoch % 10 == 0) std::cout << "epoch " << epoch << " loss " << last << '\n';
  }
  torch::NoGradGuard no_grad;
  auto error = torch::mse_loss(model(unknown.select(1, 0), unknown.select(1, 1)), rating(unknown)).item<double>();
  bool ok = in_band("training loss", last, 0, 0.15);
  ok &= in_band("error of unseen pairs, of their variance", error / rating(unknown).var().item<double>(), 0, 0.4);
  return ok ? 0 : 1;
}
