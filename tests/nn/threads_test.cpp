// Results do not depend on the number of threads, bit for bit, and the threads that are asked for do run.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "autograd/core/thread_pool.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)

class Threads : public ::testing::Test {
 protected:
  void TearDown() override { set_num_threads(before_); }

 private:
  int before_ = get_num_threads();
};

// FNV-1a of the bytes.
std::uint64_t hash_of(const std::vector<Tensor>& tensors) {
  std::uint64_t h = 14695981039346656037ULL;
  for (const Tensor& t : tensors) {
    const Tensor c = t.contiguous();
    const auto* p = static_cast<const unsigned char*>(c.data_ptr());
    const std::int64_t n = c.numel() * static_cast<std::int64_t>(c.element_size());
    for (std::int64_t i = 0; i < n; ++i) h = (h ^ p[i]) * 1099511628211ULL;
  }
  return h;
}

std::vector<Tensor> values_of(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> out;
  for (const Tensor& p : parameters) out.push_back(p.detach());
  return out;
}

template <class Optimizer, class Options>
std::uint64_t train(ScalarType dtype, const Options& options, int steps) {
  manual_seed(3);
  nn::Sequential net(nn::Linear(128, 256), nn::ReLU(), nn::Linear(256, 256), nn::Tanh(), nn::Linear(256, 10));
  net->to(dtype);
  Optimizer optimizer(net->parameters(), options);
  const Tensor x = randn({128, 128}, dtype), y = randint(10, {128}, kInt64);
  for (int i = 0; i < steps; ++i) {
    optimizer.zero_grad();
    nn::functional::cross_entropy(net->forward(x), y).backward();
    optimizer.step();
  }
  return hash_of(values_of(net->parameters()));
}

TEST_F(Threads, WeightsAfterTrainingAreTheSame) {
  for (const ScalarType dtype : {kFloat32, kFloat64}) {
    set_num_threads(1);
    const std::int64_t before = core::worker_blocks();
    const auto sgd = train<optim::SGD>(dtype, optim::SGDOptions(0.1).momentum(0.9), 200);
    const auto adam = train<optim::Adam>(dtype, optim::AdamOptions(1e-3), 20);
    EXPECT_EQ(core::worker_blocks(), before);
    for (const int threads : {2, 3, 4, 8}) {
      set_num_threads(threads);
      const std::int64_t alone = core::worker_blocks();
      EXPECT_EQ(train<optim::SGD>(dtype, optim::SGDOptions(0.1).momentum(0.9), 200), sgd) << threads;
      EXPECT_EQ(train<optim::Adam>(dtype, optim::AdamOptions(1e-3), 20), adam) << threads;
      EXPECT_GT(core::worker_blocks(), alone) << threads;
    }
  }
}

// Every kind of kernel that is shared, with odd sizes, in plain and strided layouts.
std::uint64_t operations(ScalarType dtype) {
  manual_seed(5);
  const Tensor a = randn({701, 523}, dtype).requires_grad_(), b = randn({523, 701}, dtype).requires_grad_();
  const Tensor row = randn({523}, dtype).requires_grad_();
  std::vector<Tensor> y = {a * b.t() + row,
                           a.exp().t().contiguous(),
                           softmax(a, 1),
                           log_softmax(a, 1).sum(0),
                           (a * a).sum(),
                           a.sum(1),
                           a.mean(0),
                           a.var(1),
                           std::get<0>(a.max(1)),
                           a.mm(b),
                           a.t().matmul(b.t()),
                           at::where(a > 0, a, b.t()),
                           a.clone().fill_(3),
                           a.tanh().to(kFloat32)};
  y.push_back(at::binary_cross_entropy_with_logits(a, b.t().detach().sigmoid()));
  y.push_back(at::mse_loss(a, b.t()));
  const Tensor image = randn({8, 5, 41, 43}, dtype).requires_grad_(),
               kernel = randn({6, 5, 3, 3}, dtype).requires_grad_();
  y.push_back(at::conv2d(image, kernel, {}, 1, 1));
  y.push_back(at::max_pool2d(at::batch_norm(y.back(), {}, {}, {}, {}, true, 0.1, 1e-5, false), 2));
  y.push_back(at::layer_norm(a, {523}));
  Tensor total = zeros({}, dtype);
  for (const Tensor& t : y)
    if (t.requires_grad() && t.scalar_type() == dtype) total = total + t.sum();
  total.backward();
  std::vector<Tensor> all = values_of(y);
  for (const Tensor& t : {a, b, row, image, kernel}) all.push_back(t.grad());
  optim::Adam adam({a}, optim::AdamOptions(1e-2));
  adam.step();
  optim::SGD sgd({b}, optim::SGDOptions(1e-2).momentum(0.5).nesterov(true));
  sgd.step();
  all.push_back(a.detach());
  all.push_back(b.detach());
  return hash_of(all);
}

TEST_F(Threads, OperationsGiveTheSameBits) {
  for (const ScalarType dtype : {kFloat32, kFloat64}) {
    set_num_threads(1);
    const std::uint64_t alone = operations(dtype);
    for (const int threads : {2, 3, 8}) {
      set_num_threads(threads);
      EXPECT_EQ(operations(dtype), alone) << threads;
    }
  }
}

TEST_F(Threads, NumberIsCheckedAndKept) {
  set_num_threads(3);
  EXPECT_EQ(get_num_threads(), 3);
  EXPECT_THROW(set_num_threads(0), ValueError);
  EXPECT_THROW(set_num_threads(-2), ValueError);
  EXPECT_EQ(get_num_threads(), 3);
}

TEST_F(Threads, ABlockThatThrowsEndsTheJob) {
  set_num_threads(4);
  for (int i = 0; i < 20; ++i) {
    EXPECT_THROW(core::run_blocks(
                     64,
                     [](void*, std::int64_t block) {
                       if (block == 17) throw std::runtime_error("block 17");
                     },
                     nullptr),
                 std::runtime_error);
  }
  std::atomic<int> ran{0};
  core::run_blocks(
      64, [](void* n, std::int64_t) { ++*static_cast<std::atomic<int>*>(n); }, &ran);
  EXPECT_EQ(ran, 64);
}

TEST_F(Threads, JobsInsideJobsAndFromSeveralThreads) {
  set_num_threads(4);
  std::atomic<int> ran{0};
  const auto outer = [](void* n, std::int64_t) {
    core::run_blocks(
        8, [](void* m, std::int64_t) { ++*static_cast<std::atomic<int>*>(m); }, n);
  };
  std::vector<std::thread> users;
  for (int k = 0; k < 3; ++k)
    users.emplace_back([&] {
      for (int i = 0; i < 50; ++i) core::run_blocks(16, outer, &ran);
    });
  for (std::thread& t : users) t.join();
  EXPECT_EQ(ran, 3 * 50 * 16 * 8);
}

#if !defined(__SANITIZE_THREAD__)
TEST_F(Threads, AForkedChildStartsItsOwnWorkers) {
  set_num_threads(2);
  const std::uint64_t here = operations(kFloat32);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) _exit(operations(kFloat32) == here ? 0 : 1);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
#endif

}  // namespace
