// One training step (zero_grad, forward, loss, backward, optimizer) of dense networks. Names of rows are those of
// hand.cpp too.
#include "nets.h"
#include "rows.h"

namespace {

struct Net : torch::nn::Module {
  explicit Net(const bench::Sizes& s, torch::Dtype dtype) {
    const torch::NoGradGuard guard;
    for (std::size_t l = 0; l + 1 < s.widths.size(); ++l) {
      const double r = bench::weight_range(s.widths[l]);
      layers.push_back(register_module("layer" + std::to_string(l), torch::nn::Linear(s.widths[l], s.widths[l + 1])));
      layers.back()->weight.set_data(bench::uniform({s.widths[l + 1], s.widths[l]}, bench::kWeights + l, -r, r, dtype));
      layers.back()->bias.set_data(bench::uniform({s.widths[l + 1]}, bench::kBiases + l, -r, r, dtype));
    }
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
void step(benchmark::State& state, const bench::Sizes& s, torch::Dtype dtype, int threads, const Options& options) {
  torch::set_num_threads(threads);
  Net net(s, dtype);
  Optimizer optimizer(net.parameters(), options);
  const auto outputs = s.widths.back();
  const torch::Tensor x = bench::uniform({s.batch, s.widths[0]}, bench::kFeatures, -1, 1, dtype);
  torch::Tensor y = bench::labels({s.batch}, bench::kTargets, outputs > 1 ? outputs : 2);
  if (outputs == 1) y = y.to(dtype).unsqueeze(1);
  torch::Tensor loss;
  const auto once = [&]() {
    optimizer.zero_grad();
    const torch::Tensor z = net.forward(x);
    loss = outputs > 1 ? torch::nn::functional::cross_entropy(z, y)
                       : torch::nn::functional::binary_cross_entropy_with_logits(z, y);
    loss.backward();
    optimizer.step();
  };
  for (int i = 0; i < bench::kWarmUp; ++i) once();
  state.counters["check"] = loss.item<double>();
  const std::uint64_t before = bench::allocations();
  for (auto _ : state) once();
  bench::report_allocations(state, before);
  double flops = 0;  // of the products: forward, gradient of the weights, and of the features but the first
  for (std::size_t l = 0; l + 1 < s.widths.size(); ++l)
    flops += 2.0 * static_cast<double>(s.batch * s.widths[l] * s.widths[l + 1]) * (l ? 3 : 2);
  state.counters["flops"] = flops;
  torch::set_num_threads(1);
}

void add_rows() {
  for (const auto& [net, sizes] : bench::nets())
    for (const torch::Dtype dtype : {torch::kFloat32, torch::kFloat64})
      for (const int threads : sizes.threads) {
        const bool f64 = dtype == torch::kFloat64;
        const auto sgd = [s = sizes, dtype, threads](benchmark::State& state) {
          step<torch::optim::SGD>(state, s, dtype, threads, torch::optim::SGDOptions(bench::kSgdRate));
        };
        const auto adam = [s = sizes, dtype, threads](benchmark::State& state) {
          step<torch::optim::Adam>(state, s, dtype, threads, torch::optim::AdamOptions(bench::kAdamRate));
        };
        benchmark::RegisterBenchmark(bench::row_name(net, false, f64, threads).c_str(), sgd);
        benchmark::RegisterBenchmark(bench::row_name(net, true, f64, threads).c_str(), adam);
      }
}
const int registered = (add_rows(), 0);

}  // namespace
