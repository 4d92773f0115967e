#include "rows.h"

#include <cmath>

namespace bench {
namespace {

template <class T>
double sum_of_sizes(const torch::Tensor& t) {
  double sum = 0;
  for (std::int64_t i = 0; i < t.numel(); ++i) sum += std::fabs(static_cast<double>(t.data_ptr<T>()[i]));
  return sum;
}
double size_of(const torch::Tensor& t) {
  const torch::Tensor c = t.detach().contiguous();
  return c.scalar_type() == torch::kFloat64 ? sum_of_sizes<double>(c) : sum_of_sizes<float>(c);
}

void measure(benchmark::State& state, const Operation& operation, bool backward) {
  Inputs x = operation.inputs(), leaves;
  for (std::size_t i = 0; backward && i + operation.constants < x.size(); ++i)
    if (x[i].is_floating_point()) leaves.push_back(x[i].requires_grad_());
  const torch::Tensor g = uniform(operation.run(x).sizes().vec(), 99, 0.5, 1.5);
  // Results go before the next ones come, as allocators like it best.
  double check = 0;
  const auto once = [&](bool checked) {
    for (torch::Tensor& leaf : leaves) leaf.mutable_grad() = torch::Tensor();
    torch::Tensor y = operation.run(x);
    if (backward) y.backward(g);
    benchmark::DoNotOptimize(y);
    if (checked) check = size_of(y);
  };
  once(true);
  for (const torch::Tensor& leaf : leaves) check += size_of(leaf.grad());
  state.counters["check"] = check;
  const std::uint64_t before = allocations();
  for (auto _ : state) once(false);
  report_allocations(state, before);
  const Cost& cost = backward ? operation.both : operation.forward;
  state.counters["bytes"] = cost.bytes;
  state.counters["flops"] = cost.flops;
}

}  // namespace

void add(const Operation& operation) {
  for (const bool backward : {false, true})
    benchmark::RegisterBenchmark(
        (operation.name + (backward ? "/backward" : "/forward")).c_str(),
        [operation, backward](benchmark::State& state) { measure(state, operation, backward); });
}

}  // namespace bench
