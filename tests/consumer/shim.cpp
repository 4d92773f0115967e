// The same program as it is written for libtorch.
#include <torch/torch.h>

struct NetImpl : torch::nn::Module {
  explicit NetImpl(int64_t hidden)
      : first(register_module("first", torch::nn::Linear(1, hidden))),
        second(register_module("second", torch::nn::Linear(torch::nn::LinearOptions(hidden, 1).bias(true)))) {}
  torch::Tensor forward(torch::Tensor x) { return second(torch::tanh(first->forward(x))); }
  torch::nn::Linear first, second;
};
TORCH_MODULE(Net);

int main() {
  torch::manual_seed(1);
  const torch::Device device(torch::cuda::is_available() ? torch::kCUDA : torch::kCPU);
  const auto x = torch::linspace(-1, 1, 64).unsqueeze(1).to(device), y = 2 * x * x;
  Net net(16);
  net->to(device);
  torch::optim::Adam adam(net->parameters(), torch::optim::AdamOptions(1e-2).betas({0.9, 0.999}));
  double first = 0, last = 0;
  for (int step = 0; step < 1000; ++step) {
    adam.zero_grad();
    const auto loss = torch::mse_loss(net->forward(x), y);
    last = loss.item<double>();
    if (step == 0) first = last;
    loss.backward();
    adam.step();
  }
  std::cout << net << "\nloss " << first << " -> " << last << std::endl;
  try {
    TORCH_CHECK(x.size(0) == 1, "x has ", x.size(0), " rows");
  } catch (const c10::Error& e) {
    std::cout << e.what_without_backtrace() << std::endl;
    return last < first / 100 ? 0 : 1;
  }
  return 1;
}
