// One training step (zero_grad, forward, loss, backward, optimizer) of dense networks. The same source is built on
// gradtape and on libtorch; names of rows are those of hand.cpp too.
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "nets.h"

namespace {

struct Net : torch::nn::Module {
  explicit Net(const bench::Sizes& s) {
    for (std::size_t l = 1; l < s.widths.size(); ++l)
      layers.push_back(register_module("layer" + std::to_string(l), torch::nn::Linear(s.widths[l - 1], s.widths[l])));
  }
  torch::Tensor forward(torch::Tensor x) {
    for (std::size_t l = 0; l < layers.size(); ++l) {
      x = layers[l]->forward(x);
      if (l + 1 < layers.size()) x = torch::relu(x);
    }
    return x;
  }
  std::vector<torch::nn::Linear> layers;
};

template <class Optimizer, class Options>
void step(benchmark::State& state, const bench::Sizes& s, torch::Dtype dtype, const Options& options) {
  torch::manual_seed(1);
  Net net(s);
  net.to(dtype);
  Optimizer optimizer(net.parameters(), options);
  const auto outputs = s.widths.back();
  const torch::Tensor x = torch::randn({s.batch, s.widths[0]}, dtype);
  const torch::Tensor y =
      outputs > 1 ? torch::randint(outputs, {s.batch}, torch::kInt64) : (torch::rand({s.batch, 1}) > 0.5).to(dtype);
  const auto once = [&]() {
    optimizer.zero_grad();
    const torch::Tensor z = net.forward(x);
    const torch::Tensor loss = outputs > 1 ? torch::nn::functional::cross_entropy(z, y)
                                           : torch::nn::functional::binary_cross_entropy_with_logits(z, y);
    loss.backward();
    optimizer.step();
  };
  for (int i = 0; i < 3; ++i) once();
#ifdef GRADTAPE_VERSION
  const auto before = gradtape::tape::statistics().heap_allocations;
#endif
  for (auto _ : state) once();
#ifdef GRADTAPE_VERSION
  state.counters["heap_allocations"] = static_cast<double>(gradtape::tape::statistics().heap_allocations - before);
#endif
}

void add_rows() {
  for (const auto& net : bench::nets()) {
    const bench::Sizes s = net.second;
    for (const torch::Dtype dtype : {torch::kFloat32, torch::kFloat64}) {
      const std::string suffix = dtype == torch::kFloat32 ? "f32" : "f64";
      benchmark::RegisterBenchmark((net.first + "/SGD/" + suffix).c_str(), [=](benchmark::State& state) {
        step<torch::optim::SGD>(state, s, dtype, torch::optim::SGDOptions(0.01));
      });
      benchmark::RegisterBenchmark((net.first + "/Adam/" + suffix).c_str(), [=](benchmark::State& state) {
        step<torch::optim::Adam>(state, s, dtype, torch::optim::AdamOptions(0.001));
      });
    }
  }
}
const int registered = (add_rows(), 0);

}  // namespace
