// One training step (zero_grad, forward, loss, backward, optimizer) of dense networks; and its heap allocations.
#include <benchmark/benchmark.h>
#include <gradtape/gradtape.h>

#include <cstdint>

namespace {

using namespace gradtape;  // NOLINT(google-build-using-namespace)

struct Net : nn::Module {
  Net(std::int64_t in, std::int64_t hidden1, std::int64_t hidden2, std::int64_t out)
      : a(register_module("a", nn::Linear(in, hidden1))),
        b(register_module("b", nn::Linear(hidden1, hidden2))),
        c(register_module("c", nn::Linear(hidden2, out))) {}
  Tensor forward(const Tensor& x) { return c->forward(relu(b->forward(relu(a->forward(x))))); }
  nn::Linear a, b, c;
};

template <class Optimizer, class Options>
void step(benchmark::State& state, const Options& options) {
  const std::int64_t in = state.range(0), out = state.range(3), batch = state.range(4);
  manual_seed(1);
  Net net(in, state.range(1), state.range(2), out);
  Optimizer optimizer(net.parameters(), options);
  const Tensor x = randn({batch, in});
  const Tensor y = out > 1 ? randint(out, {batch}) : (rand({batch, 1}) > 0.5).to(kFloat32);
  const auto once = [&]() {
    optimizer.zero_grad();
    const Tensor z = net.forward(x);
    const Tensor loss = out > 1 ? cross_entropy_loss(z, y) : binary_cross_entropy_with_logits(z, y);
    loss.backward();
    optimizer.step();
  };
  for (int i = 0; i < 3; ++i) once();
  const auto before = tape::statistics().heap_allocations;
  for (auto _ : state) once();
  state.counters["heap_allocations"] = static_cast<double>(tape::statistics().heap_allocations - before);
}

void Sgd(benchmark::State& state) { step<optim::SGD>(state, optim::SGDOptions(0.01)); }
void Adam(benchmark::State& state) { step<optim::Adam>(state, optim::AdamOptions(0.001)); }

// Features, hidden widths, outputs, batch.
#define GRADTAPE_NETS \
  ->Args({2, 16, 16, 1, 32})->Args({30, 64, 32, 1, 64})->Args({784, 128, 64, 10, 64})->Args({784, 512, 512, 10, 256})
BENCHMARK(Sgd) GRADTAPE_NETS;
BENCHMARK(Adam) GRADTAPE_NETS;

}  // namespace
