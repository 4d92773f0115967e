// What the machine can do on one core: bytes a second of a copy of 10^6 floats, which lie in cache, and floating-point
// operations a second of fused multiply-adds in registers. Part of bench_hand.
#include <cstring>
#include <vector>

#include "serve.h"

namespace {

void copy(benchmark::State& state) {
  constexpr std::size_t kBytes = 4000000;
  std::vector<char> from(kBytes, 1), to(kBytes, 2);
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), kBytes);
    benchmark::ClobberMemory();
  }
  state.counters["bytes"] = 2.0 * kBytes;
}
BENCHMARK(copy)->Name("floor/copy");

template <class T>
void multiply_add(benchmark::State& state) {
  constexpr int kVectors = 12, kLoops = 1000;  // enough independent sums to hide the latency
  constexpr std::size_t kBytes = 32;
  typedef T V __attribute__((vector_size(kBytes)));  // as an alias, g++ ignores it on a template argument
  V sum[kVectors] = {}, a = V{} + T(0.999), b = V{} + T(0.001);
  for (auto _ : state) {
    for (int i = 0; i < kLoops; ++i)
      for (V& s : sum) s = s * a + b;
    benchmark::DoNotOptimize(sum);
  }
  state.counters["flops"] = 2.0 * kVectors * kLoops * static_cast<double>(kBytes / sizeof(T));
}
BENCHMARK_TEMPLATE(multiply_add, float)->Name("floor/multiply_add/f32");
BENCHMARK_TEMPLATE(multiply_add, double)->Name("floor/multiply_add/f64");

}  // namespace
