// A user's own differentiable operation: a linear layer with its own backward, a clipped exponential with saved data,
// and a straight-through sign, trained and compared with what autograd does by itself.
#include <torch/torch.h>

#include "band.h"

using namespace torch::autograd;

class LinearFunction : public Function<LinearFunction> {
 public:
  static torch::Tensor forward(AutogradContext* ctx, torch::Tensor input, torch::Tensor weight,
                               torch::Tensor bias = torch::Tensor()) {
    ctx->save_for_backward({input, weight, bias});
    auto output = input.mm(weight.t());
    if (bias.defined()) output += bias.unsqueeze(0).expand_as(output);
    return output;
  }

  static tensor_list backward(AutogradContext* ctx, tensor_list grad_outputs) {
    auto saved = ctx->get_saved_variables();
    auto input = saved[0];
    auto weight = saved[1];
    auto bias = saved[2];
    auto grad_output = grad_outputs[0];
    auto grad_input = grad_output.mm(weight);
    auto grad_weight = grad_output.t().mm(input);
    auto grad_bias = torch::Tensor();
    if (bias.defined()) grad_bias = grad_output.sum(0);
    return {grad_input, grad_weight, grad_bias};
  }
};

class ScaledExp : public Function<ScaledExp> {
 public:
  static variable_list forward(AutogradContext* ctx, Variable x, double scale) {
    auto y = torch::exp(x * scale);
    ctx->saved_data["scale"] = scale;
    ctx->save_for_backward({y});
    return {y};
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    auto y = ctx->get_saved_variables()[0];
    return {g[0] * y * ctx->saved_data["scale"].toDouble(), Variable()};
  }
};

class StraightThroughSign : public Function<StraightThroughSign> {
 public:
  static Variable forward(AutogradContext*, Variable x) { return x.sign(); }
  static variable_list backward(AutogradContext*, variable_list g) { return {g[0]}; }
};

int main() {
  torch::manual_seed(8);
  auto x = torch::randn({6, 4}, torch::kFloat64).requires_grad_();
  auto w = torch::randn({3, 4}, torch::kFloat64).requires_grad_();
  auto b = torch::randn({3}, torch::kFloat64).requires_grad_();
  auto upstream = torch::randn({6, 3}, torch::kFloat64);

  auto own = grad({ScaledExp::apply(LinearFunction::apply(x, w, b).tanh(), 0.5)[0]}, {x, w, b}, {upstream});
  auto reference = grad({torch::exp(torch::addmm(b, x, w.t()).tanh() * 0.5)}, {x, w, b}, {upstream});
  double difference = 0;
  for (size_t i = 0; i < own.size(); ++i)
    difference = std::max(difference, (own[i] - reference[i]).abs().max().item<double>());

  // A layer of weights that are +1 or -1.
  auto truth = torch::randn({8}).sign();
  auto data = torch::randn({64, 8});
  auto target = data.mv(truth);
  auto latent = (0.1 * torch::randn({8})).requires_grad_();
  double loss_value = 0;
  for (int i = 0; i < 200; ++i) {
    auto loss = torch::mse_loss(data.mv(StraightThroughSign::apply(latent)), target);
    loss_value = loss.item<double>();
    if (latent.grad().defined()) latent.mutable_grad().zero_();
    loss.backward();
    torch::NoGradGuard guard;
    latent -= 0.01 * latent.grad();
  }
  std::cout << StraightThroughSign::apply(latent).grad_fn()->name() << std::endl;
  bool ok = in_band("largest difference of a gradient", difference, 0, 1e-12);
  ok &= in_band("loss of the binary layer", loss_value, 0, 1e-6);
  return ok ? 0 : 1;
}
