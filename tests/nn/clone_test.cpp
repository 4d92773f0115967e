// Clones: equal in value, independent in memory.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <memory>

#include "expect_error.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)

struct BlockImpl : nn::Cloneable<BlockImpl> {
  explicit BlockImpl(std::int64_t n) : width(n) { reset(); }
  void reset() override {
    fc = register_module("fc", nn::Linear(width, width));
    scale = register_parameter("scale", randn({width}));
    frozen = register_parameter("frozen", randn({width}), false);
    seen = register_buffer("seen", zeros({1}));
  }
  Tensor forward(Tensor x) { return fc(x) * scale + frozen; }
  std::int64_t width;
  nn::Linear fc{nullptr};
  Tensor scale, frozen, seen;
};
GRADTAPE_MODULE(Block);

struct NetImpl : nn::Cloneable<NetImpl> {
  NetImpl() { reset(); }
  void reset() override {
    block = register_module("block", Block(3));
    seq = register_module("seq", nn::Sequential({{"first", nn::Linear(3, 4)}, {"act", nn::Tanh()}}));
  }
  Tensor forward(Tensor x) { return seq->forward(block(x)); }
  Block block{nullptr};
  nn::Sequential seq{nullptr};
};
GRADTAPE_MODULE(Net);

void expect_equal_and_apart(const nn::Module& a, const nn::Module& b) {
  const auto x = a.named_parameters(), y = b.named_parameters();
  ASSERT_EQ(x.keys(), y.keys());
  for (const auto& item : x) {
    const Tensor& copy = y[item.key()];
    EXPECT_TRUE(equal(item.value(), copy)) << item.key();
    EXPECT_FALSE(item.value().is_alias_of(copy)) << item.key();
    EXPECT_EQ(item.value().requires_grad(), copy.requires_grad()) << item.key();
    EXPECT_TRUE(copy.is_leaf()) << item.key();
    EXPECT_FALSE(copy.grad().defined()) << item.key();
  }
  const auto p = a.named_buffers(), q = b.named_buffers();
  ASSERT_EQ(p.keys(), q.keys());
  for (const auto& item : p) {
    EXPECT_TRUE(equal(item.value(), q[item.key()])) << item.key();
    EXPECT_FALSE(item.value().is_alias_of(q[item.key()])) << item.key();
  }
}

TEST(Clone, IsEqualAndIndependent) {
  Net net;
  const Tensor x = randn({5, 3});
  net(x).sum().backward();
  const auto copy = std::dynamic_pointer_cast<NetImpl>(net->clone());
  ASSERT_NE(copy, nullptr);
  expect_equal_and_apart(*net, *copy);
  EXPECT_TRUE(equal(net(x), copy->forward(x)));
  // The members of the copy are what it registered.
  EXPECT_TRUE(copy->block->scale.is_same(copy->named_parameters()["block.scale"]));
  EXPECT_TRUE(copy->block->fc->weight.is_same(copy->named_parameters()["block.fc.weight"]));
  EXPECT_TRUE(copy->seq->at<nn::LinearImpl>(0).weight.is_same(copy->named_parameters()["seq.first.weight"]));
  EXPECT_NE(copy->block.get(), net->block.get());
  const Tensor before = net(x).detach().clone();
  {
    const NoGradGuard off;
    for (Tensor& p : copy->parameters()) p.add_(1);
  }
  EXPECT_TRUE(equal(net(x), before));
  EXPECT_FALSE(equal(copy->forward(x), before));
}

TEST(Clone, KeepsModeAndDtype) {
  Net net;
  net->to(kFloat64);
  net->eval();
  const auto copy = net->clone();
  for (const Tensor& p : copy->parameters()) EXPECT_EQ(p.dtype(), kFloat64);
  EXPECT_FALSE(copy->is_training());
  expect_equal_and_apart(*net, *copy);
  EXPECT_FALSE(std::dynamic_pointer_cast<NetImpl>(copy)->seq->is_training());
}

TEST(Clone, CopiesEveryLibraryModule) {
  const nn::Sequential all(nn::Linear(3, 4), nn::Linear(nn::LinearOptions(4, 4).bias(false)), nn::Identity(),
                           nn::Flatten(nn::FlattenOptions().start_dim(0)), nn::ReLU(), nn::LeakyReLU(), nn::Sigmoid(),
                           nn::Tanh(), nn::Softmax(0), nn::LogSoftmax(0));
  const auto copy = std::dynamic_pointer_cast<nn::SequentialImpl>(all->clone());
  expect_equal_and_apart(*all, *copy);
  const Tensor x = randn({2, 3});
  EXPECT_TRUE(equal(all.ptr()->forward(x), copy->forward(x)));
  nn::ModuleList list(nn::Linear(1, 2), nn::ReLU());
  list->push_back(nn::MSELoss());
  const auto list_copy = list->clone();
  expect_equal_and_apart(*list, *list_copy);
  EXPECT_EQ(list_copy->children().size(), 3u);
  EXPECT_EQ(list_copy->as<nn::ModuleList>()->size(), 3u);
}

TEST(Clone, OwnsTheWeightsOfALoss) {
  manual_seed(1);
  Tensor w = rand({3});
  // Two classes: a mean over one would not depend on its weight.
  const Tensor p = rand({3}), z = randn({2, 3}), y = rand({2, 3}), t = tensor({0, 2});
  nn::BCELoss bce(nn::BCELossOptions().weight(w).reduction(kSum));
  nn::BCEWithLogitsLoss logits(nn::BCEWithLogitsLossOptions().weight(w).pos_weight(p));
  nn::CrossEntropyLoss cross(nn::CrossEntropyLossOptions().weight(w));
  nn::NLLLoss nll(nn::NLLLossOptions().weight(w));
  const auto check = [&](auto& loss, const Tensor& input, const Tensor& target) {
    using Impl = typename std::decay_t<decltype(loss)>::ContainedType;
    const auto copy = std::dynamic_pointer_cast<Impl>(loss->clone());
    expect_equal_and_apart(*loss, *copy);
    const Tensor before = copy->forward(input, target).clone();
    EXPECT_TRUE(equal(loss(input, target), before));
    const Tensor old = w.clone();
    w.mul_(2);
    w.add_(1);
    EXPECT_TRUE(equal(copy->forward(input, target), before));
    EXPECT_FALSE(equal(loss(input, target), before));
    w.copy_(old);
  };
  check(bce, sigmoid(z), y);
  check(logits, z, y);
  check(cross, z, t);
  check(nll, log_softmax(z, 1), t);
}

struct NotCloneableImpl : nn::Module {};
GRADTAPE_MODULE(NotCloneable);

struct WrongImpl : nn::Cloneable<WrongImpl> {
  WrongImpl() { late = register_parameter("late", ones({1})); }
  void reset() override {}
  Tensor late;
};

struct ParentImpl : nn::Cloneable<ParentImpl> {
  ParentImpl() { reset(); }
  void reset() override { child = register_module("child", NotCloneable()); }
  NotCloneable child{nullptr};
};

TEST(Clone, SaysWhyItCannotBe) {
  expect_error<NotImplementedError>([] { NotCloneable()->clone(); }, {"[clone]", "NotCloneableImpl", "Cloneable"});
  expect_error([] { WrongImpl().clone(); }, {"[clone]", "WrongImpl", "late", "reset()"});
  expect_error<NotImplementedError>([] { ParentImpl().clone(); }, {"[clone]", "NotCloneableImpl"});
  expect_error([] { nn::Linear(1, 1)->clone(Device(kCUDA)); }, {"[clone]", "only the CPU"});
}

}  // namespace
