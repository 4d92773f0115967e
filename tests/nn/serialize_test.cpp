// save() and load(): tensors, modules, optimizers, archives.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "expect_error.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using serialize::InputArchive;
using serialize::OutputArchive;

std::string file(const char* name) { return testing::TempDir() + "gradtape_" + name; }

nn::Sequential network() {
  return nn::Sequential(nn::Conv2d(1, 2, 3), nn::BatchNorm2d(2), nn::ReLU(), nn::Flatten(), nn::Linear(8, 3));
}

TEST(Serialize, TensorsComeBack) {
  const std::string path = file("tensors");
  const Tensor t = randn({2, 3}, kFloat64);
  save(t, path);
  Tensor back;
  load(back, path);
  EXPECT_TRUE(equal(back, t));
  EXPECT_EQ(back.dtype(), t.dtype());
  const std::vector<Tensor> list = {t, arange(4), zeros({})};
  std::stringstream stream;
  save(list, stream);
  std::vector<Tensor> read;
  load(read, stream);
  ASSERT_EQ(read.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(equal(read[i], list[i]));
  std::remove(path.c_str());
}

TEST(Serialize, ModulesComeBackWithTheirBuffers) {
  const std::string path = file("module");
  manual_seed(1);
  nn::Sequential net = network();
  const Tensor x = randn({4, 1, 4, 4});
  net->forward(x);  // moves the running statistics
  net->eval();
  save(net, path);
  manual_seed(2);
  nn::Sequential other = network();
  other->eval();
  EXPECT_FALSE(equal(other->forward(x), net->forward(x)));
  const Tensor held = other->parameters()[0];
  load(other, path);
  EXPECT_TRUE(equal(other->forward(x), net->forward(x)));
  EXPECT_TRUE(held.is_same(other->parameters()[0]));
  EXPECT_TRUE(held.requires_grad());
  std::shared_ptr<nn::Module> base = other.ptr();
  load(base, path);
  // What Python sees.
  const SafeTensors contents = read_safetensors(path);
  ASSERT_EQ(contents.tensors.size(), 9u);
  EXPECT_EQ(contents.tensors[0].first, "0.weight");
  EXPECT_EQ(contents.tensors[4].first, "1.running_mean");
  std::remove(path.c_str());
}

TEST(Serialize, AModuleThatDoesNotFitIsLeftAsItIs) {
  std::stringstream stream;
  save(nn::Sequential(nn::Linear(2, 3), nn::Linear(3, 4)), stream);
  nn::Sequential other(nn::Linear(2, 3), nn::Linear(3, 5), nn::Linear(5, 1));
  const Tensor before = other->parameters()[0].clone();
  expect_error<ValueError>(
      [&] { load(other, stream); },
      {"the stream does not fit torch::nn::SequentialImpl", "sizes differ: \"1.weight\"", "float32[4, 3]",
       "float32[5, 3]", "\"1.bias\"", "missing: \"2.weight\"", "missing: \"2.bias\""});
  EXPECT_TRUE(equal(other->parameters()[0], before));
}

TEST(Serialize, StateDictsListAllThatIsWrong) {
  nn::Linear a(2, 3), b(2, 3);
  nn::load_state_dict(*b, nn::state_dict(*a));
  EXPECT_TRUE(equal(a->weight, b->weight));
  auto state = nn::state_dict(*a);
  state[0].second = zeros({3, 3});
  state[1].first = "bais";
  expect_error<ValueError>([&] { nn::load_state_dict(*b, state); },
                           {"sizes differ: \"weight\"", "missing: \"bias\"", "unexpected: \"bais\""});
  state = nn::state_dict(*a);
  state.emplace_back("more", zeros({1}));
  nn::load_state_dict(*b, state, false);
  expect_error<ValueError>([&] { nn::load_state_dict(*b, state); }, {"unexpected: \"more\""});
}

template <class O, class Options>
void expect_resumed(Options options) {
  const auto run = [](O& o, const Tensor& p, int from, int to) {
    for (int k = from; k < to; ++k) {
      p.mutable_grad() = tensor({1.0 + k, -0.5 * k, 2.0}, kFloat64);
      o.step();
    }
  };
  const Tensor p = tensor({1.0, 2.0, 3.0}, kFloat64).requires_grad_(), q = p.detach().clone().requires_grad_();
  O first({p}, options);
  run(first, p, 0, 3);
  std::stringstream stream;
  save(first, stream);
  std::stringstream parameter;
  save(p, parameter);
  run(first, p, 3, 6);
  O second({q}, Options(0.5));
  load(second, stream);
  Tensor stored;
  load(stored, parameter);
  {
    const NoGradGuard off;
    q.copy_(stored);
  }
  run(second, q, 3, 6);
  EXPECT_TRUE(equal(p, q));
  EXPECT_EQ(second.param_groups()[0].options().get_lr(), options.lr());
}
TEST(Serialize, TrainingGoesOnWhereItWasSaved) {
  using namespace optim;  // NOLINT(google-build-using-namespace)
  expect_resumed<SGD>(SGDOptions(0.1).momentum(0.9).nesterov(true));
  expect_resumed<Adam>(AdamOptions(0.1).amsgrad(true));
  expect_resumed<AdamW>(AdamWOptions(0.1).betas({0.8, 0.9}));
  expect_resumed<RMSprop>(RMSpropOptions(0.1).centered(true).momentum(0.5));
  expect_resumed<Adagrad>(AdagradOptions(0.1).lr_decay(0.1));
  expect_resumed<Adadelta>(AdadeltaOptions(0.1));
  expect_resumed<Adamax>(AdamaxOptions(0.1));
  expect_resumed<NAdam>(NAdamOptions(0.1));
  expect_resumed<RAdam>(RAdamOptions(0.1));
  expect_resumed<Lion>(LionOptions(0.1));
  expect_resumed<Rprop>(RpropOptions(0.1));
}
TEST(Serialize, AnOptimizerNeedsTheSameGroups) {
  using namespace optim;  // NOLINT(google-build-using-namespace)
  const auto leaf = [] { return zeros({1}).requires_grad_(); };
  std::stringstream stream;
  save(SGD(std::vector<Tensor>{leaf(), leaf()}, SGDOptions(1)), stream);
  SGD other(std::vector<Tensor>{leaf()}, SGDOptions(1));
  expect_error<ValueError>([&] { load(other, stream); }, {"has 2 parameters, here it has 1"});
}

TEST(Serialize, ArchivesNestAndHoldValues) {
  OutputArchive out, inner;
  inner.write("t", tensor({1.0}));
  inner.write("n", IValue(3));
  out.write("inner", inner);
  out.write("x", IValue(0.1));
  out.write("flag", IValue(true));
  out.write("name", IValue("a \"name\""));
  out.write("list", IValue(std::vector<std::int64_t>{1, -2}));
  out.write("none", IValue());
  std::stringstream stream;
  out.save_to(stream);
  InputArchive in, nested;
  in.load_from(stream);
  in.read("inner", nested);
  IValue v;
  nested.read("n", v);
  EXPECT_EQ(v.toInt(), 3);
  Tensor t;
  nested.read("t", t);
  EXPECT_EQ(t.item<double>(), 1);
  in.read("x", v);
  EXPECT_EQ(v.toDouble(), 0.1);
  in.read("flag", v);
  EXPECT_TRUE(v.toBool());
  in.read("name", v);
  EXPECT_EQ(v.toStringRef(), "a \"name\"");
  in.read("list", v);
  EXPECT_EQ(v.toIntVector(), (std::vector<std::int64_t>{1, -2}));
  in.read("none", v);
  EXPECT_TRUE(v.isNone());
  EXPECT_EQ(in.keys(), (std::vector<std::string>{"inner", "x", "flag", "name", "list", "none"}));
  EXPECT_FALSE(in.try_read("nothing", t));
  expect_error<ValueError>([&] { nested.read("nothing", t); }, {"the stream has no tensor \"inner.nothing\""});
}

TEST(Serialize, FilesThatAreNone) {
  Tensor t;
  expect_error([&] { load(t, "/nowhere/model.pt"); }, {"cannot open /nowhere/model.pt"});
  const std::string path = file("damaged");
  std::ofstream(path) << "not at all";
  expect_error<ValueError>([&] { load(t, path); }, {path.c_str(), "no safetensors file"});
  std::stringstream whole;
  save(zeros({100}), whole);
  std::ofstream(path, std::ios::binary) << whole.str().substr(0, 300);
  expect_error<ValueError>([&] { load(t, path); }, {path.c_str(), "damaged or cut off"});
  std::remove(path.c_str());
  expect_error([] { save(Tensor(), "x"); }, {"save", "undefined"});
}

}  // namespace
