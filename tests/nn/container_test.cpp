// Sequential, AnyModule, ModuleList.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "expect_error.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using Names = std::vector<std::string>;

struct AddImpl : nn::Module {
  Tensor forward(Tensor a, const Tensor& b, double scale) { return a + scale * b; }
};
GRADTAPE_MODULE(Add);
struct SplitImpl : nn::Module {
  std::tuple<Tensor, Tensor> forward(const Tensor& x) const { return {x, 2 * x}; }
};
GRADTAPE_MODULE(Split);
struct JoinImpl : nn::Module {
  Tensor forward(std::tuple<Tensor, Tensor> x) { return std::get<0>(x) + std::get<1>(x); }
};
GRADTAPE_MODULE(Join);
struct CountImpl : nn::Module {
  int forward(Tensor x) { return static_cast<int>(x.numel()); }
};
GRADTAPE_MODULE(Count);

TEST(Sequential, TakesHoldersValuesAndPointers) {
  const auto tanh_ptr = std::make_shared<nn::TanhImpl>();
  nn::Linear fc(2, 3);
  nn::Sequential net(fc, nn::ReLUImpl(), tanh_ptr, nn::AnyModule(nn::Linear(3, 1)));
  EXPECT_EQ(net->size(), 4u);
  EXPECT_EQ(net->named_parameters().keys(), (Names{"0.weight", "0.bias", "3.weight", "3.bias"}));
  EXPECT_EQ(net->ptr(0).get(), fc.get());
  EXPECT_EQ(net->ptr<nn::TanhImpl>(2), tanh_ptr);
  EXPECT_EQ((*net)[2], tanh_ptr);
  EXPECT_EQ(net[2u], tanh_ptr);
  EXPECT_EQ(&net->at<nn::LinearImpl>(0), fc.get());
  const Tensor x = randn({5, 2});
  const Tensor expect = net->at<nn::LinearImpl>(3).forward(tanh(relu(fc(x))));
  EXPECT_TRUE(equal(net->forward(x), expect));
  EXPECT_TRUE(equal(net(x), expect));
}

TEST(Sequential, TakesNames) {
  nn::Sequential net(
      {{"fc1", nn::Linear(2, 3)}, {"act", nn::ReLUImpl()}, {"fc2", std::make_shared<nn::LinearImpl>(3, 1)}});
  EXPECT_EQ(net->named_parameters().keys(), (Names{"fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"}));
  net->push_back("out", nn::Sigmoid());
  net->push_back(nn::Identity());
  EXPECT_EQ(net->named_children().keys(), (Names{"fc1", "act", "fc2", "out", "4"}));
  expect_error([&] { net->push_back("out", nn::ReLU()); }, {"[register_module]", "'out'"});
  EXPECT_EQ(net->size(), 5u);
  OrderedDict<std::string, nn::AnyModule> dict;
  dict.insert("one", nn::AnyModule(nn::Linear(1, 2)));
  nn::Sequential from_dict(std::move(dict));
  EXPECT_EQ(from_dict->named_parameters().keys(), (Names{"one.weight", "one.bias"}));
}

TEST(Sequential, GrowsAndIterates) {
  nn::Sequential net;
  EXPECT_TRUE(net->is_empty());
  net->push_back(nn::Linear(2, 2));
  nn::Sequential more(nn::ReLU(), nn::Linear(2, 1));
  net->extend(*more);
  net->extend(std::vector<nn::Linear>{nn::Linear(1, 4), nn::Linear(4, 1)});
  EXPECT_EQ(net->size(), 5u);
  std::size_t linear = 0;
  for (auto& module : *net) linear += module.ptr()->as<nn::Linear>() != nullptr;
  EXPECT_EQ(linear, 4u);
  EXPECT_EQ(net->begin()->get<nn::Linear>()->options.out_features(), 2);
  EXPECT_EQ(net->forward(ones({3, 2})).sizes(), (IntArrayRef{3, 1}));
}

TEST(Sequential, NestsAndIsShared) {
  nn::Sequential inner(nn::Linear(2, 2), nn::Tanh());
  nn::Sequential net(inner, nn::Linear(2, 1));
  EXPECT_EQ(net->named_parameters().keys(), (Names{"0.0.weight", "0.0.bias", "1.weight", "1.bias"}));
  const Tensor x = randn({3, 2});
  EXPECT_TRUE(equal(net(x), net->at<nn::LinearImpl>(1).forward(inner(x))));
  nn::Sequential same(net);
  EXPECT_EQ(same.get(), net.get());
}

TEST(Sequential, PassesOtherTypesAlong) {
  const Tensor x = randn({2, 3});
  nn::Sequential net{Add(), Split(), Join()};
  EXPECT_TRUE(allclose(net->forward(x, x, 2.0), 9 * x));
  nn::Sequential count(nn::Linear(3, 5), Count());
  EXPECT_EQ(count->forward<int>(x), 10);
  expect_error<TypeError>([&] { count->forward(x); }, {"[AnyValue]", "int", "Tensor"});
  expect_error<TypeError>([&] { net->forward(x, x, 2); }, {"argument 2", "AddImpl", "double", "int"});
  expect_error([&] { net->forward(x); }, {"AddImpl", "takes 3", "got 1"});
}

TEST(Sequential, CanBeDerivedFrom) {
  struct StackImpl : nn::SequentialImpl {
    using nn::SequentialImpl::SequentialImpl;
    Tensor forward(Tensor x) { return 2 * SequentialImpl::forward(x); }
  };
  const auto stack = std::make_shared<StackImpl>(nn::Linear(2, 2));
  nn::Sequential net(stack, nn::ReLU());
  const Tensor x = randn({3, 2});
  EXPECT_TRUE(equal(net(x), relu(2 * stack->at<nn::LinearImpl>(0).forward(x))));
}

TEST(Sequential, CloneKeepsNames) {
  nn::Sequential net({{"fc1", nn::Linear(2, 3)}, {"act", nn::ReLU()}});
  const auto copy = std::dynamic_pointer_cast<nn::SequentialImpl>(net->clone());
  EXPECT_EQ(copy->named_children().keys(), (Names{"fc1", "act"}));
  EXPECT_FALSE(copy->at<nn::LinearImpl>(0).weight.is_same(net->at<nn::LinearImpl>(0).weight));
}

TEST(Sequential, Refuses) {
  nn::Sequential net(nn::Linear(2, 3));
  expect_error([] { nn::Sequential()->forward(ones({1})); }, {"[Sequential]", "empty"});
  expect_error<IndexError>([&] { net->ptr(1); }, {"[Sequential]", "index 1", "1 modules"});
  expect_error<TypeError>([&] { net->at<nn::ReLUImpl>(0); }, {"LinearImpl", "ReLUImpl"});
  expect_error([&] { net->push_back(std::shared_ptr<nn::ReLUImpl>()); }, {"null pointer", "ReLUImpl"});
  expect_error([&] { net->push_back(nn::AnyModule()); }, {"empty AnyModule"});
  expect_error([&] { net->forward(ones({1, 5})); }, {"[linear]", "float32[1, 5]", "float32[3, 2]"});
}

TEST(AnyModule, CallsAnyForward) {
  nn::AnyModule add{Add()};
  const Tensor x = randn({2});
  EXPECT_TRUE(equal(add.forward(x, x, 1.0), x + x));
  nn::AnyModule count(std::make_shared<CountImpl>());
  EXPECT_EQ(count.forward<int>(x), 2);
  nn::AnyModule copy = count;
  EXPECT_EQ(copy.ptr(), count.ptr());
  nn::AnyModule value{nn::LinearImpl(2, 3)};
  EXPECT_EQ(value.get<nn::LinearImpl>().options.out_features(), 3);
  EXPECT_EQ(value.get<nn::Linear>().ptr(), value.ptr<nn::LinearImpl>());
  EXPECT_TRUE(value.type_info() == typeid(nn::LinearImpl));
  nn::AnyModule clone = value.clone();
  EXPECT_NE(clone.ptr(), value.ptr());
  EXPECT_TRUE(equal(clone.forward(ones({1, 2})), value.forward(ones({1, 2}))));
  value = std::make_shared<nn::ReLUImpl>();
  EXPECT_TRUE(value.type_info() == typeid(nn::ReLUImpl));
  nn::AnyModule empty;
  EXPECT_TRUE(empty.is_empty());
  expect_error([&] { empty.forward(x); }, {"[AnyModule]", "empty"});
  expect_error([&] { empty.get<nn::ReLUImpl>(); }, {"ReLUImpl", "empty"});
  expect_error([&] { empty.ptr(); }, {"empty"});
}

TEST(AnyValue, HoldsAnything) {
  const Tensor t = ones({2});
  nn::AnyValue tensor(t), text(std::string("text"));
  EXPECT_TRUE(tensor.get<Tensor>().is_same(t));
  nn::AnyValue copy = text;
  *copy.try_get<std::string>() += "!";
  EXPECT_EQ(text.get<std::string>(), "text");
  EXPECT_EQ(copy.get<std::string>(), "text!");
  EXPECT_EQ(text.try_get<int>(), nullptr);
  EXPECT_TRUE(text.type_info() == typeid(std::string));
  expect_error<TypeError>([&] { text.get<int>(); }, {"[AnyValue]", "int"});
  expect_error<TypeError>([] { nn::AnyValue().get<int>(); }, {"[AnyValue]", "void"});
}

TEST(ModuleList, RegistersByPosition) {
  nn::ModuleList list(nn::Linear(1, 2), nn::ReLU());
  list->push_back(nn::LinearImpl(2, 3));
  list->extend(std::vector<nn::Linear>{nn::Linear(3, 4)});
  EXPECT_EQ(list->named_parameters().keys(), (Names{"0.weight", "0.bias", "2.weight", "2.bias", "3.weight", "3.bias"}));
  nn::Linear extra(5, 5);
  list->insert(1, extra);
  EXPECT_EQ(list->size(), 5u);
  EXPECT_EQ(list->ptr(1).get(), extra.get());
  EXPECT_EQ(list->at<nn::LinearImpl>(3).options.out_features(), 3);
  EXPECT_TRUE(list->named_parameters()["1.weight"].is_same(extra->weight));
  EXPECT_EQ(list->named_parameters()["4.weight"].size(0), 4);
  Tensor x = ones({1, 1});
  for (const auto& m : *list)
    if (auto* fc = m->as<nn::Linear>(); fc && fc != extra.get()) x = fc->forward(x);
  EXPECT_EQ(x.sizes(), (IntArrayRef{1, 4}));
  expect_error<IndexError>([&] { list->ptr(5); }, {"[ModuleList]", "index 5"});
  expect_error<IndexError>([&] { list->insert(7, nn::ReLU()); }, {"[ModuleList]", "7"});
  expect_error<TypeError>([&] { list->at<nn::ReLUImpl>(0); }, {"LinearImpl", "ReLUImpl"});
}

}  // namespace
