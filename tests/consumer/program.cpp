// Two layers fitted to a parabola; exits with 1 unless the loss falls a hundredfold.
#include <gradtape/gradtape.h>

#include <cstdio>

using namespace gradtape;  // NOLINT(google-build-using-namespace)
Tensor doubled(const Tensor& x);

int main() {
  manual_seed(1);
  const Tensor x = linspace(-1, 1, 64).unsqueeze(1), y = doubled(x * x);
  nn::Sequential net(nn::Linear(1, 16), nn::Tanh(), nn::Linear(16, 1));
  optim::Adam adam(net->parameters(), optim::AdamOptions(1e-2));
  double first = 0, last = 0;
  for (int step = 0; step < 1000; ++step) {
    adam.zero_grad();
    const Tensor loss = mse_loss(net->forward(x), y);
    last = loss.item<double>();
    if (step == 0) first = last;
    loss.backward();
    adam.step();
  }
  std::printf("loss %g -> %g, version %d\n", first, last, GRADTAPE_VERSION);
  return last < first / 100 ? 0 : 1;
}
