// A curve through noisy points: Sequential, MSELoss, SGD with momentum; the fit is looked at where there was no point.
#include <torch/torch.h>

#include "band.h"

using namespace torch;

int main() {
  manual_seed(0);
  auto x = torch::linspace(-1, 1, 200).unsqueeze(1);
  auto y = (3 * x).sin() + 0.3 * x + 0.05 * torch::randn({200, 1});

  nn::Sequential model(nn::Linear(1, 32), nn::Tanh(), nn::Linear(32, 32), nn::Tanh(), nn::Linear(32, 1));
  nn::MSELoss criterion;
  optim::SGD optimizer(model->parameters(), optim::SGDOptions(0.05).momentum(0.9));
  std::cout << model << std::endl;

  double first = 0, last = 0;
  for (size_t step = 0; step < 600; step++) {
    auto loss = criterion(model->forward(x), y);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    if (step == 0) first = loss.item<double>();
    last = loss.item<double>();
    if (step % 200 == 0) printf("step %zu: loss %f\n", step, last);
  }

  NoGradGuard guard;
  auto unseen = torch::linspace(-0.99, 0.99, 57).unsqueeze(1);
  auto error = (model->forward(unseen) - ((3 * unseen).sin() + 0.3 * unseen)).abs().max();
  bool ok = in_band("first loss", first, 0.1, 2);
  ok &= in_band("last loss", last, 0.001, 0.02);
  ok &= in_band("largest error", error.item<double>(), 0, 0.3);
  return ok ? 0 : 1;
}
