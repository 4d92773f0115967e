// Second derivatives: the product of the Hessian of a two-layer network's loss with a vector, by double backward; and
// on gradtape the gradient check, for which libtorch's C++ frontend has nothing.
#include <vector>

#include "rows.h"

namespace {

using T = torch::Tensor;

struct Problem {
  T x, y;
  std::vector<T> parameters, direction;
  Problem(std::int64_t batch, std::int64_t in, std::int64_t hidden, torch::Dtype dtype) {
    x = bench::uniform({batch, in}, 1, -1, 1, dtype);
    y = bench::uniform({batch, 1}, 2, -1, 1, dtype);
    const std::vector<std::vector<std::int64_t>> shapes = {{hidden, in}, {hidden}, {1, hidden}, {1}};
    for (const auto& shape : shapes) {
      parameters.push_back(bench::uniform(shape, 3 + parameters.size(), -0.3, 0.3, dtype).requires_grad_());
      direction.push_back(bench::uniform(shape, 7 + direction.size(), -1, 1, dtype));
    }
  }
  T loss(const std::vector<T>& p) const {
    const T h = torch::tanh(torch::linear(x, p[0], p[1]));
    return torch::mse_loss(torch::linear(h, p[2], p[3]), y);
  }
};

double checked(const std::vector<T>& gradients) {
  double sum = 0;
  for (const T& g : gradients) sum += g.detach().abs().sum().item<double>();
  return sum;
}

void gradient(benchmark::State& state, std::int64_t batch, std::int64_t in, std::int64_t hidden, torch::Dtype dtype) {
  const Problem p(batch, in, hidden, dtype);
  std::vector<T> g;
  const auto once = [&]() { g = torch::autograd::grad({p.loss(p.parameters)}, p.parameters); };
  once();
  const std::uint64_t before = bench::allocations();
  for (auto _ : state) once();
  bench::report_allocations(state, before);
  state.counters["check"] = checked(g);
}

void hessian_vector(benchmark::State& state, std::int64_t batch, std::int64_t in, std::int64_t hidden,
                    torch::Dtype dtype) {
  const Problem p(batch, in, hidden, dtype);
  std::vector<T> product;
  const auto once = [&]() {
    const std::vector<T> g = torch::autograd::grad({p.loss(p.parameters)}, p.parameters, {}, true, true);
    product = torch::autograd::grad(g, p.parameters, p.direction);
  };
  once();
  const std::uint64_t before = bench::allocations();
  for (auto _ : state) once();
  bench::report_allocations(state, before);
  state.counters["check"] = checked(product);
}

#ifdef GRADTAPE_VERSION
void check(benchmark::State& state, int order) {
  Problem p(8, 6, 5, torch::kFloat64);
  torch::autograd::GradcheckOptions options;
  options.order = order;
  for (auto _ : state) {
    const auto result =
        torch::autograd::gradcheck([&](const std::vector<T>& v) { return p.loss(v); }, p.parameters, options);
    if (!result) state.SkipWithError("the gradients are wrong");
  }
}
#endif

void add_rows() {
  struct Size {
    const char* name;
    std::int64_t batch, in, hidden;
  };
  for (const Size s : {Size{"30-64-1", 64, 30, 64}, Size{"784-512-1", 256, 784, 512}})
    for (const torch::Dtype dtype : {torch::kFloat32, torch::kFloat64}) {
      const std::string name = std::string(s.name) + (dtype == torch::kFloat64 ? "/f64" : "/f32");
      benchmark::RegisterBenchmark(("gradient/" + name).c_str(),
                                   [=](benchmark::State& state) { gradient(state, s.batch, s.in, s.hidden, dtype); });
      benchmark::RegisterBenchmark(("hessian_vector/" + name).c_str(), [=](benchmark::State& state) {
        hessian_vector(state, s.batch, s.in, s.hidden, dtype);
      });
    }
#ifdef GRADTAPE_VERSION
  for (const int order : {1, 2})
    benchmark::RegisterBenchmark(("gradcheck/6-5-1/order:" + std::to_string(order)).c_str(),
                                 [=](benchmark::State& state) { check(state, order); });
#endif
}
const int registered = (add_rows(), 0);

}  // namespace
