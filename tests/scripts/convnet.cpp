// LeNet in small on 12 x 12 pictures of lines: the network of the MNIST examples, its loop, its test function.
#include <torch/torch.h>

#include <string>

#include "band.h"

struct Net : torch::nn::Module {
  Net()
      : conv1(torch::nn::Conv2dOptions(1, 6, /*kernel_size=*/3)),
        conv2(torch::nn::Conv2dOptions(6, 12, /*kernel_size=*/3).bias(false)),
        norm(12),
        fc1(12 * 2 * 2, 24),
        fc2(24, 4) {
    register_module("conv1", conv1);
    register_module("conv2", conv2);
    register_module("norm", norm);
    register_module("fc1", fc1);
    register_module("fc2", fc2);
  }

  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(torch::max_pool2d(conv1->forward(x), 2));
    x = torch::relu(torch::adaptive_avg_pool2d(norm(conv2->forward(x)), {2, 2}));
    x = x.view({-1, 48});
    x = torch::relu(fc1->forward(x));
    return torch::log_softmax(fc2->forward(x), /*dim=*/1);
  }

  torch::nn::Conv2d conv1;
  torch::nn::Conv2d conv2;
  torch::nn::BatchNorm2d norm;
  torch::nn::Linear fc1;
  torch::nn::Linear fc2;
};

struct Example {
  torch::Tensor data, target;
};

// 0: a row, 1: a column, 2 and 3: the two diagonals; each somewhere, in noise.
Example pictures(int64_t n) {
  auto data = 0.3 * torch::randn({n, 1, 12, 12});
  auto target = torch::randint(4, {n}, torch::kInt64);
  auto shift = torch::randint(-3, 4, {n}, torch::kInt64);
  auto a = target.accessor<int64_t, 1>(), s = shift.accessor<int64_t, 1>();
  for (int64_t i = 0; i < n; ++i)
    for (int64_t k = 2; k < 10; ++k) {
      const int64_t across = 6 + s[i];
      if (a[i] == 0) data[i][0][across][k] += 1;
      if (a[i] == 1) data[i][0][k][across] += 1;
      if (a[i] >= 2) {
        const int64_t column = std::min<int64_t>(11, std::max<int64_t>(0, (a[i] == 2 ? k : 11 - k) + s[i]));
        data[i][0][k][column] += 1;
      }
    }
  return {data, target};
}

template <typename Optimizer>
void train(int epoch, Net& model, const Example& set, Optimizer& optimizer) {
  model.train();
  size_t batch_idx = 0;
  for (int64_t start = 0; start < set.data.size(0); start += 32) {
    auto data = set.data.slice(0, start, start + 32), targets = set.target.slice(0, start, start + 32);
    optimizer.zero_grad();
    auto output = model.forward(data);
    auto loss = torch::nll_loss(output, targets);
    AT_ASSERT(!std::isnan(loss.template item<float>()));
    loss.backward();
    optimizer.step();
    if (batch_idx++ % 5 == 0)
      std::printf("Train Epoch: %d [%5ld/%5ld] Loss: %.4f\n", epoch, static_cast<long>(start),
                  static_cast<long>(set.data.size(0)), loss.template item<float>());
  }
}

int main() {
  torch::manual_seed(19);
  Net model;
  torch::optim::SGD optimizer(model.parameters(), torch::optim::SGDOptions(0.05).momentum(0.9));
  auto set = pictures(320);
  for (int epoch = 1; epoch <= 12; ++epoch) train(epoch, model, set, optimizer);

  torch::NoGradGuard no_grad;
  model.eval();
  auto test = pictures(200);
  auto output = model.forward(test.data);
  auto loss = torch::nll_loss(output, test.target, /*weight=*/{}, torch::Reduction::Mean).item<double>();
  auto accuracy = output.argmax(1).eq(test.target).sum().template item<int64_t>() / 200.0;
  bool ok = in_band("test loss", loss, 0, 0.6);
  ok &= in_band("accuracy", accuracy, 0.8, 1);
  return ok ? 0 : 1;
}
