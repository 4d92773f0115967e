// The tape: chains of additions and multiplications of tensors that are too small to cost anything themselves.
#include <algorithm>
#include <chrono>

#include "rows.h"

namespace {

// Counters: nanoseconds a node to record, to sweep and to free, the least of all iterations.
void chain(benchmark::State& state, std::int64_t depth, std::int64_t n) {
  using Clock = std::chrono::steady_clock;
  torch::Tensor x = torch::full({n}, 0.5, torch::kFloat32);
  x.requires_grad_();
  const torch::Tensor b = torch::full({n}, 1e-6, torch::kFloat32), m = torch::full({n}, 0.9999, torch::kFloat32);
  const torch::Tensor g = torch::ones({n});
  Clock::duration record = Clock::duration::max(), sweep = record, release = record;
  const auto once = [&]() {
    x.mutable_grad() = torch::Tensor();
    const auto t0 = Clock::now();
    torch::Tensor y = x;
    for (std::int64_t i = 0; i < depth; ++i) y = i % 2 ? y * m : y + b;
    const auto t1 = Clock::now();
    y.backward(g);
    const auto t2 = Clock::now();
    y = torch::Tensor();
    record = std::min(record, t1 - t0);
    sweep = std::min(sweep, t2 - t1);
    release = std::min(release, Clock::now() - t2);
  };
  if (depth <= 10000) once();
  const std::uint64_t before = bench::allocations();
  for (auto _ : state) once();
  bench::report_allocations(state, before);
  const auto per_node = [&](Clock::duration d) {
    return std::chrono::duration<double, std::nano>(d).count() / static_cast<double>(depth);
  };
  state.counters["record"] = per_node(record);
  state.counters["sweep"] = per_node(sweep);
  state.counters["free"] = per_node(release);
  state.counters["check"] = x.grad()[0].item<double>();
}

void add_rows() {
  for (const std::int64_t n : {1, 64})
    for (const std::int64_t depth : {1000, 10000, 100000, 1000000})
      benchmark::RegisterBenchmark(("tape/" + std::to_string(n) + "/depth:" + std::to_string(depth)).c_str(),
                                   [=](benchmark::State& state) { chain(state, depth, n); });
}
const int registered = (add_rows(), 0);

}  // namespace
