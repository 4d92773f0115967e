// Several threads: their own graphs, graphs handed over, tensors freed elsewhere, threads that end.
#include <atomic>
#include <cmath>
#include <stdexcept>
#include <thread>

#include "check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using check::leaf;
using check::Numbers;
using check::values;

// A small network trained for some steps; the same numbers wherever it runs.
Numbers train(std::uint64_t seed, int steps) {
  Generator g(seed);
  const auto draw = [&](IntArrayRef sizes) {
    Tensor t = zeros(sizes, kFloat64);
    for (std::int64_t i = 0; i < t.numel(); ++i) t.data_ptr<double>()[i] = g.normal();
    return t;
  };
  const Tensor x = draw({8, 3}), y = draw({8, 1});
  Tensor w1 = draw({3, 5}).requires_grad_(), w2 = draw({5, 1}).requires_grad_();
  for (int i = 0; i < steps; ++i) {
    const Tensor h = x.mm(w1).tanh();
    Tensor z = zeros({8, 1}, kFloat64);
    z.narrow(0, 0, 4).add_(h.narrow(0, 0, 4).mm(w2));
    z.narrow(0, 4, 4).add_(h.narrow(0, 4, 4).mm(w2));
    mse_loss(z, y).backward();
    const NoGradGuard off;
    for (Tensor* w : {&w1, &w2}) {
      w->sub_(w->grad(), 0.05);
      w->grad().zero_();
    }
  }
  Numbers out = values(w1);
  for (double v : values(w2)) out.push_back(v);
  return out;
}

TEST(Threads, TrainTheirOwnGraphsAtOnce) {
  constexpr std::size_t kThreads = 4;
  std::vector<Numbers> alone, together(kThreads);
  for (std::size_t k = 0; k < kThreads; ++k) alone.push_back(train(k, 60));
  std::vector<std::thread> threads;
  for (std::size_t k = 0; k < kThreads; ++k) threads.emplace_back([&, k] { together[k] = train(k, 60); });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(alone, together);
}

TEST(Threads, ReadSharedWeightsAtOnce) {
  const Tensor w = leaf({1, 2, 3});
  std::vector<Numbers> g(4);
  std::vector<std::thread> threads;
  for (std::size_t k = 0; k < 4; ++k)
    threads.emplace_back([&, k] {
      for (int i = 0; i < 200; ++i) g[k] = values(autograd::grad({(w * w * static_cast<double>(k + 1)).sum()}, {w})[0]);
    });
  for (std::thread& t : threads) t.join();
  for (std::size_t k = 0; k < 4; ++k) {
    const double f = 2 * static_cast<double>(k + 1);
    EXPECT_EQ(g[k], (Numbers{f, 2 * f, 3 * f}));
  }
}

TEST(Threads, SweepAGraphThatAnotherRecorded) {
  const Tensor x = leaf({1, 2});
  Tensor y;
  std::thread([&] {
    y = x * x;
    for (int i = 0; i < 100; ++i) y = y + x;
  }).join();
  // What is recorded here comes later than what was recorded there.
  const Tensor z = (y * x).sum();
  EXPECT_GT(z.grad_fn().sequence_nr(), y.grad_fn().sequence_nr());
  z.backward();
  EXPECT_EQ(values(x.grad()), (Numbers{3 + 200, 12 + 400}));
  Numbers there;
  const Tensor u = (x * x).sum();
  std::thread([&] { there = values(autograd::grad({u}, {x})[0]); }).join();
  EXPECT_EQ(there, (Numbers{2, 4}));
}

TEST(Threads, TensorsAndGraphsAreFreedElsewhere) {
  const auto before = tape::statistics();
  for (int round = 0; round < 20; ++round) {
    std::vector<Tensor> made;
    std::thread([&] {
      const Tensor x = leaf({1, 2});
      Tensor y = x;
      for (int i = 0; i < 500; ++i) {
        y = y * 1.5;
        made.push_back(y[0]);
        made.push_back(zeros({3000}));
      }
    }).join();
    std::thread([list = std::move(made)]() mutable { list.clear(); }).join();
  }
  std::thread([] {}).join();
  EXPECT_EQ(tape::statistics().nodes_alive, before.nodes_alive);
  EXPECT_EQ(tape::statistics().bytes_in_use, before.bytes_in_use);
}

TEST(Threads, RetainedTensorsMayDieDuringASweep) {
  for (int round = 0; round < 50; ++round) {
    const Tensor x = leaf({1, 2});
    std::vector<Tensor> retained;
    Tensor y = x;
    for (int i = 0; i < 50; ++i) {
      y = y * 1.01;
      y.retain_grad();
      retained.push_back(y);
    }
    const Tensor loss = y.sum();
    y = Tensor();
    std::thread other([&] {
      for (Tensor& t : retained) t = Tensor();
    });
    loss.backward();
    other.join();
    EXPECT_NEAR(values(x.grad())[0], std::pow(1.01, 50), 1e-12);
  }
}

TEST(Threads, WhatOneMakesAndAnotherFreesIsUsedAgain) {
  std::atomic<bool> full{false};
  std::vector<Tensor> box;
  constexpr int kRounds = 1000;
  const auto wait_for = [&](bool state) {
    while (full.load(std::memory_order_acquire) != state) std::this_thread::yield();
  };
  std::thread consumer([&] {
    for (int i = 0; i < kRounds; ++i) {
      wait_for(true);
      box.clear();
      full.store(false, std::memory_order_release);
    }
  });
  std::uint64_t halfway = 0;
  for (int i = 0; i < kRounds; ++i) {
    wait_for(false);
    if (i == kRounds / 2) halfway = tape::statistics().heap_allocations;
    for (int k = 0; k < 50; ++k) box.push_back(leaf({1}) * 2);
    full.store(true, std::memory_order_release);
  }
  consumer.join();
  EXPECT_EQ(tape::statistics().heap_allocations, halfway);
}

TEST(Threads, ExceptionsInOneLeaveTheOthersAlone) {
  std::atomic<int> caught{0};
  std::vector<std::thread> threads;
  for (int k = 0; k < 4; ++k)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        const Tensor x = leaf({1, 2});
        const Tensor y = x * 2;
        y.register_hook([](Tensor) { throw std::runtime_error("hook"); });
        try {
          y.sum().backward();
        } catch (const std::runtime_error&) {
          ++caught;
        }
        try {
          x.select(0, 5);
        } catch (const IndexError&) {
          ++caught;
        }
      }
    });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(caught, 400);
}

TEST(Threads, RandomOperationsShareOneGenerator) {
  manual_seed(1);
  std::vector<std::thread> threads;
  for (int k = 0; k < 4; ++k)
    threads.emplace_back([] {
      for (int i = 0; i < 50; ++i) rand({10});
    });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(default_generator().state().second, 2000u);
}

// Destroyed after main() has returned.
Tensor global_tensor = leaf({1, 2, 3});
Tensor global_result;  // made in the test, where a level that the processor lacks is an error and no end
struct GlobalWithThread {
  ~GlobalWithThread() {
    std::thread([] {
      const Tensor x = leaf({1});
      (x * 2).backward();
    }).join();
  }
} global_with_thread;
thread_local Tensor thread_tensor;

TEST(Threads, GlobalAndThreadLocalTensorsMayOutliveEverything) {
  global_result = (global_tensor * global_tensor).sum();
  global_result.backward();
  EXPECT_EQ(values(global_tensor.grad()), (Numbers{2, 4, 6}));
  thread_tensor = global_tensor * 2;
  std::thread([] { thread_tensor = global_tensor * 3; }).join();
}

}  // namespace
