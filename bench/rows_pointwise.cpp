// Operations on 10^6 elements, forward alone and with backward. The same source is built on gradtape and on libtorch.
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <functional>
#include <string>

namespace {

using Operation = std::function<torch::Tensor(const torch::Tensor&, const torch::Tensor&)>;

void measure(benchmark::State& state, const Operation& f, bool backward) {
  torch::manual_seed(1);
  const torch::Tensor x = torch::rand({1000, 1000}) + 0.1, w = torch::rand({1000, 1000}) + 0.1;
  if (backward) {
    x.requires_grad_();
    w.requires_grad_();
  }
  const torch::Tensor g = torch::ones_like(f(x, w)).detach();
  for (auto _ : state) {
    torch::Tensor y = f(x, w);
    if (backward) {
      x.mutable_grad() = torch::Tensor();
      w.mutable_grad() = torch::Tensor();
      y.backward(g);
    }
    benchmark::DoNotOptimize(y);
  }
}

void add_rows() {
  using T = torch::Tensor;
  const std::pair<const char*, Operation> operations[] = {
      {"add", [](const T& x, const T& w) { return x + w; }},
      {"mul", [](const T& x, const T& w) { return x * w; }},
      {"div", [](const T& x, const T& w) { return x / w; }},
      {"mul_number", [](const T& x, const T&) { return x * 0.5; }},
      {"relu", [](const T& x, const T&) { return torch::relu(x); }},
      {"exp", [](const T& x, const T&) { return torch::exp(x); }},
      {"log", [](const T& x, const T&) { return torch::log(x); }},
      {"sqrt", [](const T& x, const T&) { return torch::sqrt(x); }},
      {"sigmoid", [](const T& x, const T&) { return torch::sigmoid(x); }},
      {"tanh", [](const T& x, const T&) { return torch::tanh(x); }},
      {"sum", [](const T& x, const T&) { return torch::sum(x); }},
      {"sum_rows", [](const T& x, const T&) { return torch::sum(x, 1); }},
      {"sum_columns", [](const T& x, const T&) { return torch::sum(x, 0); }},
      {"softmax", [](const T& x, const T&) { return torch::softmax(x, 1); }},
      {"log_softmax", [](const T& x, const T&) { return torch::log_softmax(x, 1); }},
      {"transpose_copy", [](const T& x, const T&) { return x.t().contiguous(); }},
  };
  for (const auto& o : operations)
    for (const bool backward : {false, true})
      benchmark::RegisterBenchmark((std::string(o.first) + (backward ? "/backward" : "/forward")).c_str(),
                                   [f = o.second, backward](benchmark::State& s) { measure(s, f, backward); });
}
const int registered = (add_rows(), 0);

}  // namespace
