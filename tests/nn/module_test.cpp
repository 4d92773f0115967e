// The tree of modules: registration, names, modes, conversion, printing.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "expect_error.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using Names = std::vector<std::string>;

struct InnerImpl : nn::Module {
  InnerImpl() {
    scale = register_parameter("scale", ones({3}));
    count = register_buffer("count", arange(3));
    fc = register_module("fc", nn::Linear(2, 3));
  }
  Tensor forward(const Tensor& x) { return fc(x) * scale; }
  Tensor scale, count;
  nn::Linear fc{nullptr};
};
GRADTAPE_MODULE(Inner);

struct OuterImpl : nn::Module {
  explicit OuterImpl(std::int64_t n) {
    a = register_module("a", Inner());
    b = register_module("b", std::make_shared<InnerImpl>());
    bias = register_parameter("bias", zeros({n}), false);
    none = register_parameter("none", Tensor());
  }
  Inner a{nullptr};
  std::shared_ptr<InnerImpl> b;
  Tensor bias, none;
};
GRADTAPE_MODULE(Outer);

template <class T>
std::string printed(const T& t) {
  std::ostringstream out;
  out << t;
  return out.str();
}

TEST(Module, NamesParametersWithDots) {
  Outer net(4);
  EXPECT_EQ(net->named_parameters().keys(),
            (Names{"bias", "a.scale", "a.fc.weight", "a.fc.bias", "b.scale", "b.fc.weight", "b.fc.bias"}));
  EXPECT_EQ(net->named_parameters(false).keys(), Names{"bias"});
  EXPECT_EQ(net->parameters().size(), 7u);
  EXPECT_EQ(net->parameters(false).size(), 1u);
  EXPECT_EQ(net->named_buffers().keys(), (Names{"a.count", "b.count"}));
  EXPECT_EQ(net->buffers(false).size(), 0u);
  EXPECT_TRUE(net->named_parameters()["a.fc.weight"].is_same(net->a->fc->weight));
  EXPECT_TRUE(net->a->scale.requires_grad());
  EXPECT_FALSE(net->bias.requires_grad());
}

TEST(Module, ReturnsWhatWasRegistered) {
  nn::Module m;
  const Tensor t = ones({2});
  EXPECT_TRUE(m.register_parameter("t", t).is_same(t));
  EXPECT_TRUE(m.register_buffer("t", t).is_same(t));
  const nn::Linear fc(1, 2);
  EXPECT_EQ(m.register_module("fc", fc).get(), fc.get());
  const auto relu = std::make_shared<nn::ReLUImpl>();
  EXPECT_EQ(m.register_module("relu", relu), relu);
  EXPECT_EQ(m.named_children()["fc"].get(), fc.get());
}

TEST(Module, ListsModulesDepthFirst) {
  Outer net(4);
  EXPECT_EQ(net->named_modules().keys(), (Names{"", "a", "a.fc", "b", "b.fc"}));
  EXPECT_EQ(net->named_modules("net").keys(), (Names{"net", "net.a", "net.a.fc", "net.b", "net.b.fc"}));
  EXPECT_EQ(net->named_modules("net", false).keys(), (Names{"net.a", "net.a.fc", "net.b", "net.b.fc"}));
  EXPECT_EQ(net->modules().size(), 5u);
  EXPECT_EQ(net->modules()[0].get(), net.get());
  EXPECT_EQ(net->modules(false).size(), 4u);
  EXPECT_EQ(net->named_children().keys(), (Names{"a", "b"}));
  EXPECT_EQ(net->children().size(), 2u);
  OuterImpl on_the_stack(4);
  EXPECT_EQ(on_the_stack.modules(false).size(), 4u);
  expect_error([&] { on_the_stack.modules(); }, {"[modules]", "OuterImpl", "include_self = false"});
}

TEST(Module, AppliesAFunctionEverywhere) {
  Outer net(4);
  Names classes, names;
  net->apply([&](nn::Module& m) { classes.push_back(m.name()); });
  EXPECT_EQ(classes.size(), 5u);
  EXPECT_NE(classes[0].find("OuterImpl"), std::string::npos);
  EXPECT_EQ(classes[2], "torch::nn::LinearImpl");
  const OuterImpl& constant = *net;
  int n = 0;
  constant.apply([&](const nn::Module&) { ++n; });
  EXPECT_EQ(n, 5);
  net->apply([&](const std::string& name, nn::Module&) { names.push_back(name); }, "x");
  EXPECT_EQ(names, (Names{"x", "x.a", "x.a.fc", "x.b", "x.b.fc"}));
  names.clear();
  constant.apply([&](const std::string& name, const nn::Module&) { names.push_back(name); });
  EXPECT_EQ(names, (Names{"", "a", "a.fc", "b", "b.fc"}));
  net->apply([&](const std::shared_ptr<nn::Module>& m) { n -= m != nullptr; });
  EXPECT_EQ(n, 0);
  names.clear();
  net->apply([&](const std::string& name, const std::shared_ptr<nn::Module>&) { names.push_back(name); });
  EXPECT_EQ(names.size(), 5u);
  net->apply([](nn::Module& m) {
    if (auto* fc = m.as<nn::Linear>()) nn::init::constant_(fc->weight, 0.5);
  });
  EXPECT_EQ(net->b->fc->weight.sum().item<float>(), 3);
}

TEST(Module, RefusesBadNamesAndModules) {
  Outer net(4);
  expect_error([&] { net->register_parameter("bias", ones({1})); }, {"[register_parameter]", "OuterImpl", "'bias'"});
  expect_error([&] { net->register_parameter("a.b", ones({1})); }, {"[register_parameter]", "'a.b'", "dot"});
  expect_error([&] { net->register_parameter("", ones({1})); }, {"[register_parameter]", "empty"});
  expect_error<TypeError>([&] { net->register_parameter("i", arange(3)); }, {"'i'", "int64[3]", "register_buffer"});
  expect_error([&] { net->a->register_buffer("count", ones({1})); }, {"[register_buffer]", "InnerImpl", "'count'"});
  expect_error([&] { net->register_module("a", nn::ReLU()); }, {"[register_module]", "OuterImpl", "'a'"});
  expect_error([&] { net->register_module("a.b", nn::ReLU()); }, {"[register_module]", "dot"});
  expect_error([&] { net->register_module("c", std::shared_ptr<nn::ReLUImpl>()); }, {"'c'", "null"});
  expect_error([&] { net->register_module("c", nn::ReLU(nullptr)); }, {"[ModuleHolder]", "ReLUImpl"});
  expect_error([&] { net->a->fc->register_module("up", net); }, {"'up'", "contains that module itself"});
  expect_error([&] { net->unregister_module("z"); }, {"[unregister_module]", "'z'", "a, b"});
  expect_error([&] { net->replace_module("z", nn::ReLU()); }, {"[replace_module]", "'z'", "a, b"});
  expect_error([&] { net->named_parameters()["z"]; }, {"Parameter 'z' is not defined"});
  EXPECT_EQ(net->named_modules().keys(), (Names{"", "a", "a.fc", "b", "b.fc"}));
  EXPECT_EQ(net->named_parameters(false).keys(), Names{"bias"});
}

TEST(Module, ReplacesAndUnregisters) {
  Outer net(4);
  const nn::Linear fc(1, 1);
  EXPECT_EQ(net->replace_module("b", fc).get(), fc.get());
  EXPECT_EQ(net->named_parameters().keys(),
            (Names{"bias", "a.scale", "a.fc.weight", "a.fc.bias", "b.weight", "b.bias"}));
  net->unregister_module("a");
  EXPECT_EQ(net->named_parameters().keys(), (Names{"bias", "b.weight", "b.bias"}));
}

TEST(Module, TrainAndEvalReachEveryModule) {
  Outer net(4);
  EXPECT_TRUE(net->is_training());
  net->eval();
  for (const auto& m : net->modules()) EXPECT_FALSE(m->is_training());
  net->a->train();
  EXPECT_TRUE(net->a->fc->is_training());
  EXPECT_FALSE(net->is_training());
  net->train(false);
  EXPECT_FALSE(net->a->fc->is_training());
}

TEST(Module, ConvertsButKeepsTheTensors) {
  Outer net(4);
  const auto before = net->named_parameters();
  const Tensor weight = net->a->fc->weight, value = weight.detach().clone();
  net->a->forward(ones({1, 2})).sum().backward();
  net->to(kFloat64);
  for (const auto& item : net->named_parameters()) {
    EXPECT_EQ(item.value().dtype(), kFloat64) << item.key();
    EXPECT_TRUE(item.value().is_same(before[item.key()])) << item.key();
  }
  EXPECT_TRUE(net->a->fc->weight.is_same(weight));
  EXPECT_TRUE(allclose(weight, value.to(kFloat64), 0, 0));
  EXPECT_TRUE(weight.requires_grad());
  EXPECT_TRUE(weight.is_leaf());
  EXPECT_EQ(weight.grad().dtype(), kFloat64);
  EXPECT_EQ(net->a->count.dtype(), kFloat64);
  net->a->forward(ones({1, 2}, kFloat64)).sum().backward();
  EXPECT_EQ(net->a->scale.grad().dtype(), kFloat64);
  net->to(kCPU);
  net->to(kCPU, kFloat32);
  EXPECT_EQ(weight.dtype(), kFloat32);
  expect_error<TypeError>([&] { net->to(kInt64); }, {"[Module::to]", "a.scale", "int64"});
  expect_error([&] { net->to(kCUDA); }, {"[Module::to]", "only the CPU"});
  EXPECT_EQ(weight.dtype(), kFloat32);
}

TEST(Module, ZeroGradLeavesZerosUnlessAskedForNone) {
  Outer net(4);
  EXPECT_FALSE(net->a->scale.grad().defined());
  net->zero_grad();
  EXPECT_FALSE(net->a->scale.grad().defined());
  net->a->forward(ones({1, 2})).sum().backward();
  const Tensor held = net->a->scale.grad();
  EXPECT_FALSE(equal(held, zeros({3})));
  net->zero_grad();
  EXPECT_TRUE(net->a->scale.grad().is_same(held));
  EXPECT_TRUE(equal(held, zeros({3})));
  EXPECT_TRUE(equal(net->a->fc->weight.grad(), zeros({3, 2})));
  net->zero_grad(true);
  EXPECT_FALSE(net->a->scale.grad().defined());
  EXPECT_FALSE(net->a->fc->bias.grad().defined());
}

TEST(Module, PrintsItsTree) {
  struct Named : nn::Module {
    Named() : nn::Module("Net") {
      register_module("fc", nn::Linear(2, 3));
      register_module("seq", nn::Sequential(nn::Linear(nn::LinearOptions(3, 4).bias(false)), nn::ReLU()));
    }
  };
  EXPECT_EQ(printed(Named()), R"(Net(
  (fc): torch::nn::Linear(in_features=2, out_features=3, bias=true)
  (seq): torch::nn::Sequential(
    (0): torch::nn::Linear(in_features=3, out_features=4, bias=false)
    (1): torch::nn::ReLU()
  )
))");
  EXPECT_EQ(printed(nn::Linear(2, 3)), "torch::nn::Linear(in_features=2, out_features=3, bias=true)");
  EXPECT_EQ(printed(nn::ReLU(true)), "torch::nn::ReLU(inplace=true)");
  EXPECT_EQ(printed(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2).inplace(true))),
            "torch::nn::LeakyReLU(negative_slope=0.2, inplace=true)");
  EXPECT_EQ(printed(nn::LeakyReLU()), "torch::nn::LeakyReLU(negative_slope=0.01)");
  EXPECT_EQ(printed(nn::Sigmoid()), "torch::nn::Sigmoid()");
  EXPECT_EQ(printed(nn::Tanh()), "torch::nn::Tanh()");
  EXPECT_EQ(printed(nn::Softmax(1)), "torch::nn::Softmax(dim=1)");
  EXPECT_EQ(printed(nn::LogSoftmax(-1)), "torch::nn::LogSoftmax(dim=-1)");
  EXPECT_EQ(printed(nn::Identity()), "torch::nn::Identity()");
  EXPECT_EQ(printed(nn::Flatten()), "torch::nn::Flatten(start_dim=1, end_dim=-1)");
  EXPECT_EQ(printed(nn::BCELoss()), "torch::nn::BCELoss()");
  EXPECT_EQ(printed(nn::MSELoss(kSum)), "torch::nn::MSELoss()");
  EXPECT_EQ(printed(nn::Sequential()), "torch::nn::Sequential");
}

TEST(Module, CastsToItsClassOrHolder) {
  Outer net(4);
  std::shared_ptr<nn::Module> m = net->a.ptr();
  EXPECT_EQ(m->as<Inner>(), net->a.get());
  EXPECT_EQ(m->as<InnerImpl>(), net->a.get());
  EXPECT_EQ(m->as<nn::Linear>(), nullptr);
  const nn::Module& constant = *m;
  const InnerImpl* inner = constant.as<Inner>();
  EXPECT_EQ(inner, net->a.get());
}

TEST(Holder, SharesItsModule) {
  Inner a;
  Inner b = a;
  EXPECT_EQ(a.get(), b.get());
  EXPECT_EQ(a->weak_from_this().use_count(), 2);
  const Tensor x = ones({1, 2});
  EXPECT_TRUE(equal(a(x), b->forward(x)));
  EXPECT_TRUE(equal(a(x), (*a).forward(x)));
  Inner none{nullptr};
  EXPECT_TRUE(none.is_empty());
  EXPECT_FALSE(none);
  expect_error([&] { none->forward(ones({1, 2})); }, {"[ModuleHolder]", "InnerImpl"});
  expect_error([&] { none(ones({1, 2})); }, {"[ModuleHolder]", "InnerImpl"});
  none = a;
  EXPECT_TRUE(none);
  Inner taken = std::move(none);
  EXPECT_EQ(taken.get(), a.get());
  EXPECT_TRUE(none.is_empty());  // NOLINT(bugprone-use-after-move) what a holder promises
  taken = nullptr;
  EXPECT_TRUE(taken.is_empty());
  EXPECT_EQ(a->weak_from_this().use_count(), 2);
  static_assert(std::is_same_v<Inner::Impl, InnerImpl>);
  static_assert(std::is_same_v<Inner::ContainedType, InnerImpl>);
  static_assert(std::is_same_v<nn::Dense, nn::Linear>);
}

TEST(OrderedDict, KeepsTheOrderOfInsertion) {
  OrderedDict<std::string, int> d("Thing");
  d.insert("b", 1);
  d.insert("a", 2);
  d.insert("c", 3);
  EXPECT_EQ(d.keys(), (Names{"b", "a", "c"}));
  EXPECT_EQ(d.values(), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(d.pairs()[1], (std::pair<std::string, int>("a", 2)));
  EXPECT_EQ(d["a"], 2);
  EXPECT_EQ(d[0].key(), "b");
  EXPECT_EQ(d.front().value(), 1);
  EXPECT_EQ(d.back().value(), 3);
  EXPECT_EQ(*d.find("c"), 3);
  EXPECT_EQ(d.find("z"), nullptr);
  EXPECT_TRUE(d.contains("a"));
  std::string joined;
  for (auto& item : d) {
    joined += item.key();
    *item += 10;
  }
  EXPECT_EQ(joined, "bac");
  EXPECT_EQ(d["c"], 13);
  for (const auto& [key, value] : d.pairs()) EXPECT_EQ(d[key], value);
  EXPECT_EQ(d.items()[1].pair().second, 12);
  expect_error([&] { d.insert("a", 5); }, {"[OrderedDict]", "Thing 'a' is already defined"});
  expect_error([&] { d["z"]; }, {"Thing 'z' is not defined"});
  expect_error<IndexError>([&] { d[7]; }, {"index 7", "3"});
  expect_error([&] { d.erase("z"); }, {"Thing 'z'"});
  d.erase("b");
  EXPECT_EQ(d.keys(), (Names{"a", "c"}));
  EXPECT_EQ(d["c"], 13);
  const OrderedDict<std::string, int> copy = d;
  EXPECT_TRUE(copy == d);
  OrderedDict<std::string, int> more{{"x", 1}, {"y", 2}};
  more.update(d);
  EXPECT_EQ(more.size(), 4u);
  EXPECT_FALSE(copy == more);
  d.clear();
  EXPECT_TRUE(d.is_empty());
  expect_error<IndexError>([&] { d.front(); }, {"index 0"});
  expect_error<IndexError>([&] { d.back(); }, {"index"});
  EXPECT_EQ(copy.size(), 2u);
}

}  // namespace
