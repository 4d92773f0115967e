// Cost of the tape: chains of additions and multiplications, recorded, swept and dropped. The same source is built on
// gradtape and on libtorch.
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <cstdint>

namespace {

// Arguments: depth, elements. Counter: seconds per node.
template <bool kSweep>
void run(benchmark::State& state) {
  const std::int64_t depth = state.range(0), n = state.range(1);
  const torch::Tensor x = torch::full({n}, 0.5, torch::dtype(torch::kFloat32).requires_grad(true));
  const torch::Tensor b = torch::full({n}, 1e-6, torch::kFloat32), m = torch::full({n}, 0.9999, torch::kFloat32);
  const torch::Tensor g = torch::ones({n});
  for (auto _ : state) {
    torch::Tensor y = x;
    for (std::int64_t i = 0; i < depth; ++i) y = i % 2 ? y * m : y + b;
    if (kSweep) y.backward(g);
    benchmark::DoNotOptimize(y);
  }
  state.counters["per_node"] = benchmark::Counter(
      static_cast<double>(depth), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void record_free(benchmark::State& state) { run<false>(state); }
void record_sweep_free(benchmark::State& state) { run<true>(state); }

#define GRADTAPE_SIZES ->Args({1000, 1})->Args({1000, 64})->Args({1000000, 1})
BENCHMARK(record_free) GRADTAPE_SIZES;
BENCHMARK(record_sweep_free) GRADTAPE_SIZES;

}  // namespace
