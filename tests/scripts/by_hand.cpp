// Logistic regression on nothing but tensors: gradients by backward(), parameters changed in place by hand.
#include <torch/torch.h>

#include "band.h"

using torch::Tensor;

int main() {
  torch::manual_seed(3);
  auto options = torch::TensorOptions().dtype(torch::kFloat64);
  Tensor truth = torch::tensor({2.0, -1.0, 0.5}, options);
  Tensor x = torch::randn({400, 3}, options);
  Tensor y = (torch::sigmoid(x.mv(truth) + 0.7) > torch::rand({400}, options)).to(torch::kFloat64);

  Tensor w = torch::zeros({3}, options.requires_grad(true));
  Tensor b = torch::zeros({}, options.requires_grad(true));
  const double lr = 1.0;
  double loss_value = 0;
  for (int i = 0; i < 200; ++i) {
    Tensor z = torch::matmul(x, w) + b;
    Tensor loss = (torch::log1p(torch::exp(-z.abs())) + z.clamp_min(0) - z * y).mean();
    loss.backward();
    loss_value = loss.item().toDouble();
    {
      torch::NoGradGuard no_grad;
      w -= lr * w.grad();
      b -= lr * b.grad();
    }
    w.grad().zero_();
    b.grad().zero_();
  }
  std::cout << "w = " << w << "\nb = " << b.item<double>() << std::endl;
  auto error = (w.detach() - truth).abs().max();
  bool ok = in_band("loss", loss_value, 0.25, 0.6);
  ok &= in_band("largest error of a weight", error.item<double>(), 0, 0.8);
  ok &= in_band("bias", b.item<double>(), 0.2, 1.2);
  return ok ? 0 : 1;
}
