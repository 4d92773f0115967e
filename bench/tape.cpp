// Cost of the tape: chains of additions and multiplications, recorded, swept and dropped; time per node.
#include <benchmark/benchmark.h>
#include <gradtape/gradtape.h>

#include <cstdint>

namespace {

using namespace gradtape;  // NOLINT(google-build-using-namespace)

Tensor chain(const Tensor& x, const Tensor& b, const Tensor& m, std::int64_t depth) {
  Tensor y = x;
  for (std::int64_t i = 0; i < depth; ++i) y = i % 2 ? y * m : y + b;
  return y;
}

// Arguments: depth, elements. Counter: seconds per node.
template <bool kSweep>
void run(benchmark::State& state) {
  const std::int64_t depth = state.range(0), n = state.range(1);
  const Tensor x = full({n}, 0.5, TensorOptions(kFloat32).requires_grad(true));
  const Tensor b = full({n}, 1e-6, kFloat32), m = full({n}, 0.9999, kFloat32), g = ones({n});
  for (auto _ : state) {
    Tensor y = chain(x, b, m, depth);
    if (kSweep) y.backward(g);
    benchmark::DoNotOptimize(y);
  }
  state.counters["per_node"] = benchmark::Counter(
      static_cast<double>(depth), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void RecordAndFree(benchmark::State& state) { run<false>(state); }
void RecordSweepAndFree(benchmark::State& state) { run<true>(state); }

#define GRADTAPE_SIZES ->Args({1000, 1})->Args({1000, 64})->Args({1000000, 1})->Args({1000000, 64})
BENCHMARK(RecordAndFree) GRADTAPE_SIZES;
BENCHMARK(RecordSweepAndFree) GRADTAPE_SIZES;

}  // namespace
