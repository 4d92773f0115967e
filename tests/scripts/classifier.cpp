// A multilayer perceptron that tells two spirals apart: mini-batches, dropout, Adam, accuracy in evaluation mode.
#include <torch/torch.h>

#include "band.h"

namespace F = torch::nn::functional;

struct Net : torch::nn::Module {
  Net() {
    fc1 = register_module("fc1", torch::nn::Linear(2, 64));
    fc2 = register_module("fc2", torch::nn::Linear(64, 64));
    fc3 = register_module("fc3", torch::nn::Linear(64, 2));
  }

  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(fc1->forward(x));
    x = F::dropout(x, F::DropoutFuncOptions().p(0.1).training(is_training()));
    x = torch::relu(fc2->forward(x));
    return torch::log_softmax(fc3->forward(x), /*dim=*/1);
  }

  torch::nn::Linear fc1{nullptr}, fc2{nullptr}, fc3{nullptr};
};

struct Data {
  torch::Tensor x, y;
};

Data spirals(int64_t n) {
  auto label = torch::randint(0, 2, {n}, torch::kLong);
  auto t = torch::rand({n}).sqrt() * 6.0;
  auto angle = t + label.to(torch::kFloat) * M_PI;
  auto x = torch::stack({t * angle.cos(), t * angle.sin()}, 1) / 6 + 0.02 * torch::randn({n, 2});
  return {x, label};
}

int main() {
  torch::manual_seed(1);
  auto train = spirals(512);
  auto test = spirals(512);

  auto net = std::make_shared<Net>();
  torch::optim::Adam optimizer(net->parameters(), torch::optim::AdamOptions(1e-2));

  const int64_t batch_size = 64;
  float last_loss = 0;
  for (int epoch = 1; epoch <= 50; ++epoch) {
    net->train();
    auto order = torch::randperm(train.x.size(0));
    for (int64_t start = 0; start < train.x.size(0); start += batch_size) {
      auto batch = order.slice(0, start, start + batch_size);
      optimizer.zero_grad();
      auto prediction = net->forward(train.x.index_select(0, batch));
      auto loss = torch::nll_loss(prediction, train.y.index_select(0, batch));
      loss.backward();
      optimizer.step();
      last_loss = loss.item<float>();
    }
    if (epoch % 10 == 0) std::cout << "Epoch: " << epoch << " | Loss: " << last_loss << std::endl;
  }

  net->eval();
  torch::NoGradGuard no_grad;
  auto correct = net->forward(test.x).argmax(1).eq(test.y).sum().item<int64_t>();
  return in_band("accuracy", static_cast<double>(correct) / test.x.size(0), 0.9, 1) ? 0 : 1;
}
