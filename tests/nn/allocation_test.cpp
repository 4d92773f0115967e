// A training step in its steady state asks the system for no memory: neither through operator new, counted here for
// the whole program, nor through the library's own allocator.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<long> news{0};

void* counted(std::size_t bytes) {
  ++news;
  if (void* p = std::malloc(bytes ? bytes : 1)) return p;
  throw std::bad_alloc();
}
void* counted(std::size_t bytes, std::align_val_t alignment) {
  ++news;
  void* p = nullptr;
  if (posix_memalign(&p, static_cast<std::size_t>(alignment), bytes ? bytes : 1) == 0) return p;
  throw std::bad_alloc();
}
}  // namespace

void* operator new(std::size_t bytes) { return counted(bytes); }
void* operator new[](std::size_t bytes) { return counted(bytes); }
void* operator new(std::size_t bytes, std::align_val_t a) { return counted(bytes, a); }
void* operator new[](std::size_t bytes, std::align_val_t a) { return counted(bytes, a); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)

struct Counts {
  long news;
  std::uint64_t heap;
};
Counts now() { return {news.load(), tape::statistics().heap_allocations}; }

// 120 steps; what the last 100 asked for.
template <class Step>
Counts of_steps_20_to_120(Step step) {
  for (int i = 0; i < 20; ++i) step();
  const Counts before = now();
  for (int i = 0; i < 100; ++i) step();
  const Counts after = now();
  return {after.news - before.news, after.heap - before.heap};
}

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kPools = false;  // under ASan every block comes from the system, so that misuse is seen
#else
constexpr bool kPools = true;
#endif

void expect_none(const char* what, Counts c) {
  EXPECT_EQ(c.news, 0) << what;
  if (kPools) {
    EXPECT_EQ(c.heap, 0u) << what;
  }
}

TEST(Allocations, TheCounterCounts) {
  const Counts before = now();
  ::operator delete(::operator new(3));
  EXPECT_GE(now().news, before.news + 1);
}

struct NetImpl : nn::Module {
  NetImpl() {
    fc1 = register_module("fc1", nn::Linear(30, 64));
    fc2 = register_module("fc2", nn::Linear(64, 32));
    fc3 = register_module("fc3", nn::Linear(32, 1));
  }
  Tensor forward(Tensor x) {
    x = relu(fc1->forward(x));
    x = relu(fc2->forward(x));
    return sigmoid(fc3->forward(x));
  }
  nn::Linear fc1{nullptr}, fc2{nullptr}, fc3{nullptr};
};
GRADTAPE_MODULE(Net);

TEST(Allocations, TheLecturesNetworkTrainsWithoutAny) {
  for (ScalarType dtype : {kFloat32, kFloat64}) {
    Net net;
    net->to(dtype);
    const Tensor x = randn({64, 30}, dtype), y = (x.sum({1}, true) > 0).to(dtype);
    nn::BCELoss loss_fn;
    optim::SGD sgd(net->parameters(), 0.01);
    const auto train = [&](optim::Optimizer& optimizer) {
      return of_steps_20_to_120([&] {
        optimizer.zero_grad();
        loss_fn(net(x), y).backward();
        optimizer.step();
      });
    };
    expect_none("SGD", train(sgd));
    optim::SGD momentum(net->parameters(), optim::SGDOptions(0.01).momentum(0.9).nesterov(true).weight_decay(1e-4));
    expect_none("SGD with momentum", train(momentum));
    optim::Adam adam(net->parameters(), optim::AdamOptions(0.001).amsgrad(true));
    expect_none("Adam", train(adam));
  }
}

TEST(Allocations, SequentialAndEveryLossTrainWithoutAny) {
  nn::Sequential net(nn::Linear(30, 64), nn::LeakyReLU(), nn::Linear(64, 32), nn::Tanh(), nn::Linear(32, 10));
  const Tensor x = randn({64, 30}), t = randint(10, {64}), y = rand({64, 10});
  optim::Adam adam(net->parameters(), 0.001);
  nn::CrossEntropyLoss cross_entropy;
  nn::NLLLoss nll;
  nn::MSELoss mse;
  nn::BCEWithLogitsLoss bce;
  nn::BCEWithLogitsLoss bce_sum(nn::BCEWithLogitsLossOptions().reduction(kSum).pos_weight(rand({10})));
  const auto train = [&](auto loss) {
    return of_steps_20_to_120([&] {
      net->zero_grad();
      loss(net->forward(x)).backward();
      adam.step();
    });
  };
  expect_none("cross entropy", train([&](const Tensor& z) { return cross_entropy(z, t); }));
  expect_none("nll", train([&](const Tensor& z) { return nll(log_softmax(z, 1), t); }));
  expect_none("mse", train([&](const Tensor& z) { return mse(z, y); }));
  expect_none("bce with logits", train([&](const Tensor& z) { return bce(z, y); }));
  expect_none("bce with logits, weighted", train([&](const Tensor& z) { return bce_sum(z, y); }));
}

TEST(Allocations, ReadingTheLossNeedsNone) {
  nn::Linear net(4, 1);
  const Tensor x = randn({8, 4}), y = randn({8, 1});
  optim::SGD sgd(net->parameters(), 0.01);
  double total = 0;
  expect_none("item", of_steps_20_to_120([&] {
                sgd.zero_grad(true);
                const Tensor loss = mse_loss(net(x), y);
                loss.backward();
                sgd.step();
                total += loss.item<double>();
              }));
  EXPECT_GT(total, 0);
}

}  // namespace
