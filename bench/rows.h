#pragma once
// What the rows share. A row is a Google Benchmark of a name; its source is built on gradtape and on libtorch.
// Counters: check (a number that both libraries must agree on), allocations (of the heap, an iteration), bytes and
// flops (what the mathematics cannot do without, an iteration).
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "data.h"
#include "serve.h"

namespace bench {

inline torch::Tensor uniform(std::vector<std::int64_t> sizes, std::uint64_t seed, double low, double high,
                             torch::Dtype dtype = torch::kFloat32) {
  torch::Tensor t = torch::empty(sizes, dtype);
  const auto n = static_cast<std::size_t>(t.numel());
  if (dtype == torch::kFloat64)
    fill(t.data_ptr<double>(), n, seed, low, high);
  else
    fill(t.data_ptr<float>(), n, seed, low, high);
  return t;
}
inline torch::Tensor labels(std::vector<std::int64_t> sizes, std::uint64_t seed, std::int64_t end) {
  torch::Tensor t = torch::empty(sizes, torch::kInt64);
  fill_labels(t.data_ptr<std::int64_t>(), static_cast<std::size_t>(t.numel()), seed, end);
  return t;
}

// The least that must move through memory and be computed. 0 where nothing is claimed.
struct Cost {
  double bytes = 0, flops = 0;
};

using Inputs = std::vector<torch::Tensor>;
// `inputs` that are floating receive gradients, but for the last `constants` of them.
struct Operation {
  std::string name;
  std::function<Inputs()> inputs;
  std::function<torch::Tensor(const Inputs&)> run;
  Cost forward, both;
  std::size_t constants = 0;
};
// Registers NAME/forward, and NAME/backward: forward and backward together.
void add(const Operation& operation);

}  // namespace bench
