// Optimizers step by step against plain double arithmetic.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "expect_error.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using Values = std::vector<double>;
constexpr int kSteps = 20;

Values values(const Tensor& t) {
  const Tensor d = t.detach().to(kFloat64).contiguous();
  return Values(d.data_ptr<double>(), d.data_ptr<double>() + d.numel());
}

// Runs 20 steps of `optimizer` on one parameter with given gradients and compares each with `reference`, which changes
// its values by a gradient.
template <class Reference>
void expect_same_path(optim::Optimizer& optimizer, const Tensor& p, Reference reference, const char* what) {
  const double bound = p.dtype() == kFloat64 ? 1e-13 : 4e-6;
  Values want = values(p);
  for (int step = 1; step <= kSteps; ++step) {
    Tensor g = randn(p.sizes(), p.dtype());
    if (step == 7) g.mul_(100);
    p.mutable_grad() = g;
    const Tensor g_before = g.clone();
    optimizer.step();
    EXPECT_TRUE(p.grad().is_same(g)) << what;
    EXPECT_TRUE(equal(g, g_before)) << what << ": step() changed the gradient";
    reference(want, values(g_before), step);
    const Values got = values(p);
    for (std::size_t i = 0; i < got.size(); ++i)
      ASSERT_NEAR(got[i], want[i], bound * (1 + std::abs(want[i]))) << what << ", step " << step << " at " << i;
  }
}

// Row-major, transposed and 0-d parameters: the update must not depend on the layout.
std::vector<Tensor> parameters(ScalarType dtype) {
  std::vector<Tensor> list = {randn({3, 5}, dtype), randn({4, 3}, dtype).t(), randn({6, 8}, dtype).slice(1, 1, 8, 2),
                              randn({}, dtype)};
  for (Tensor& t : list) t = t.detach().requires_grad_();
  return list;
}

TEST(SGD, FollowsItsRecurrence) {
  manual_seed(11);
  const std::vector<optim::SGDOptions> all = {
      optim::SGDOptions(0.1),
      optim::SGDOptions(0.1).weight_decay(0.3),
      optim::SGDOptions(0.1).momentum(0.9),
      optim::SGDOptions(0.1).momentum(0.9).weight_decay(0.3),
      optim::SGDOptions(0.1).momentum(0.9).dampening(0.4),
      optim::SGDOptions(0.05).momentum(0.8).dampening(0.4).weight_decay(0.01),
      optim::SGDOptions(0.1).momentum(0.9).nesterov(true),
      optim::SGDOptions(0.1).momentum(0.7).nesterov(true).weight_decay(0.3),
  };
  for (ScalarType dtype : {kFloat64, kFloat32})
    for (const optim::SGDOptions& o : all)
      for (const Tensor& p : parameters(dtype)) {
        optim::SGD sgd({p}, o);
        Values buffer;
        expect_same_path(
            sgd, p,
            [&](Values& x, const Values& grad, int step) {
              for (std::size_t i = 0; i < x.size(); ++i) {
                double d = grad[i] + o.weight_decay() * x[i];
                if (o.momentum() != 0) {
                  if (step == 1) {
                    buffer.push_back(d);
                  } else {
                    buffer[i] = o.momentum() * buffer[i] + (1 - o.dampening()) * d;
                  }
                  d = o.nesterov() ? d + o.momentum() * buffer[i] : buffer[i];
                }
                x[i] -= o.lr() * d;
              }
            },
            "SGD");
      }
}

TEST(Adam, FollowsItsRecurrence) {
  manual_seed(12);
  const std::vector<optim::AdamOptions> all = {
      optim::AdamOptions(),
      optim::AdamOptions(0.1).betas({0.7, 0.95}),
      optim::AdamOptions(0.05).eps(1e-3).weight_decay(0.2),
      optim::AdamOptions(0.05).amsgrad(true),
      optim::AdamOptions(0.02).betas(std::make_tuple(0.5, 0.6)).amsgrad(true).weight_decay(0.1),
  };
  for (ScalarType dtype : {kFloat64, kFloat32})
    for (const optim::AdamOptions& o : all)
      for (const Tensor& p : parameters(dtype)) {
        optim::Adam adam({p}, o);
        const auto n = static_cast<std::size_t>(p.numel());
        Values m(n, 0.0), v(n, 0.0), most(n, 0.0);
        const auto [b1, b2] = o.betas();
        expect_same_path(
            adam, p,
            [&, b1 = b1, b2 = b2](Values& x, const Values& grad, int step) {
              for (std::size_t i = 0; i < x.size(); ++i) {
                const double d = grad[i] + o.weight_decay() * x[i];
                m[i] = b1 * m[i] + (1 - b1) * d;
                v[i] = b2 * v[i] + (1 - b2) * d * d;
                most[i] = std::max(most[i], v[i]);
                const double size = std::sqrt(o.amsgrad() ? most[i] : v[i]) / std::sqrt(1 - std::pow(b2, step));
                x[i] -= o.lr() / (1 - std::pow(b1, step)) * m[i] / (size + o.eps());
              }
            },
            "Adam");
      }
}

TEST(Optimizers, LearnASmallRegression) {
  manual_seed(13);
  const Tensor x = randn({64, 3}, kFloat64), w = randn({3, 1}, kFloat64), y = x.mm(w) + 0.5;
  const auto train = [&](auto make) {
    nn::Linear fc(3, 1);
    fc->to(kFloat64);
    auto optimizer = make(fc->parameters());
    double loss_value = 0;
    for (int i = 0; i < 400; ++i) {
      optimizer.zero_grad();
      const Tensor loss = mse_loss(fc(x), y);
      loss.backward();
      optimizer.step();
      loss_value = loss.template item<double>();
    }
    EXPECT_LT(loss_value, 1e-4);
    EXPECT_TRUE(allclose(fc->weight.detach(), w.t(), 0, 0.02));
    EXPECT_NEAR(fc->bias.template item<double>(), 0.5, 0.02);
  };
  train([](std::vector<Tensor> p) { return optim::SGD(std::move(p), 0.1); });
  train([](std::vector<Tensor> p) { return optim::SGD(std::move(p), optim::SGDOptions(0.02).momentum(0.9)); });
  train([](std::vector<Tensor> p) { return optim::Adam(std::move(p), 0.05); });
}

TEST(Optimizers, KeepOptionsByGroup) {
  const Tensor a = ones({2}).requires_grad_(), b = ones({2}).requires_grad_(), c = ones({2}).requires_grad_();
  std::vector<optim::OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<Tensor>{a});
  groups.emplace_back(std::vector<Tensor>{b}, std::make_unique<optim::SGDOptions>(0.5));
  optim::SGD sgd(groups, optim::SGDOptions(0.1));
  sgd.add_param_group(optim::OptimizerParamGroup({c}));
  EXPECT_EQ(sgd.param_groups().size(), 3u);
  EXPECT_EQ(sgd.size(), 3u);
  EXPECT_EQ(sgd.param_groups()[0].options().get_lr(), 0.1);
  EXPECT_EQ(sgd.param_groups()[1].options().get_lr(), 0.5);
  sgd.param_groups()[2].options().set_lr(0.25);
  static_cast<optim::SGDOptions&>(sgd.param_groups()[0].options()).lr(0.125).weight_decay(1);
  EXPECT_EQ(static_cast<optim::SGDOptions&>(sgd.defaults()).lr(), 0.1);
  for (const Tensor& t : {a, b, c}) t.mutable_grad() = ones({2});
  sgd.step();
  EXPECT_EQ(values(a), Values(2, 0.75));
  EXPECT_EQ(values(b), Values(2, 0.5));
  EXPECT_EQ(values(c), Values(2, 0.75));
  EXPECT_TRUE(optim::SGDOptions(0.1).momentum(0.9) == optim::SGDOptions(0.1).momentum(0.9));
  EXPECT_FALSE(optim::AdamOptions(0.1) == optim::AdamOptions(0.1).amsgrad(true));
}

TEST(Optimizers, PassOverParametersWithoutGradient) {
  const Tensor a = ones({2}).requires_grad_(), b = ones({2}).requires_grad_();
  optim::Adam adam({a, b}, 0.1);
  a.mutable_grad() = ones({2});
  adam.step();
  EXPECT_NEAR(values(a)[0], 0.9, 1e-6);
  EXPECT_EQ(values(b), Values(2, 1.0));
  EXPECT_EQ(adam.state().size(), 1u);
  auto& state = static_cast<optim::AdamParamState&>(*adam.state().at(a.impl()));
  EXPECT_EQ(state.step(), 1);
  EXPECT_NEAR(values(state.exp_avg())[0], 0.1, 1e-7);
  EXPECT_FALSE(state.max_exp_avg_sq().defined());
  const auto copy = state.clone();
  EXPECT_EQ(static_cast<optim::AdamParamState&>(*copy).step(), 1);
}

TEST(Optimizers, ZeroGrad) {
  const Tensor a = ones({2}).requires_grad_();
  optim::SGD sgd({a}, 0.1);
  sgd.zero_grad();
  EXPECT_FALSE(a.grad().defined());
  (2 * a).sum().backward();
  const Tensor held = a.grad();
  sgd.zero_grad();
  EXPECT_TRUE(a.grad().is_same(held));
  EXPECT_EQ(values(held), Values(2, 0.0));
  sgd.zero_grad(true);
  EXPECT_FALSE(a.grad().defined());
}

TEST(Optimizers, RunTheClosureWithGradModeOn) {
  const Tensor a = full({1}, 3.0).requires_grad_();
  optim::SGD sgd({a}, 0.5);
  const NoGradGuard off;
  const Tensor loss = sgd.step([&] {
    EXPECT_TRUE(GradMode::is_enabled());
    sgd.zero_grad();
    Tensor l = (a * a).sum();
    l.backward();
    return l;
  });
  EXPECT_EQ(loss.item<double>(), 9);
  EXPECT_EQ(a.item<double>(), 0);
  EXPECT_FALSE(GradMode::is_enabled());
  EXPECT_FALSE(sgd.step().defined());
}

TEST(Optimizers, CountAsAChangeInPlace) {
  for (const bool use_adam : {false, true}) {
    const Tensor w = ones({2}).requires_grad_();
    optim::SGD sgd({w}, 0.1);
    optim::Adam adam({w}, 0.1);
    const Tensor y = (w * w).sum();
    w.mutable_grad() = ones({2});
    const auto version = w._version();
    if (use_adam) {
      adam.step();
    } else {
      sgd.step();
    }
    EXPECT_EQ(w._version(), version + 1);
    EXPECT_TRUE(w.is_leaf());
    EXPECT_TRUE(w.requires_grad());
    expect_error([&] { y.backward(); }, {"[backward]", "changed in place", use_adam ? "adam_" : "sgd_"});
  }
}

TEST(Optimizers, GoOnAfterTheParametersMoved) {
  nn::Linear fc(2, 1);
  optim::SGD sgd(fc->parameters(), 0.1);
  fc->to(kFloat64);
  fc(ones({1, 2}, kFloat64)).sum().backward();
  const Values before = values(fc->bias);
  sgd.step();
  EXPECT_NEAR(values(fc->bias)[0], before[0] - 0.1, 1e-15);
}

TEST(Optimizers, TakeTheGradientThatIsTheParameter) {
  const Tensor w = ones({3}).requires_grad_();
  w.mutable_grad() = w.detach();
  optim::SGD sgd({w}, optim::SGDOptions(0.5).momentum(0.5));
  sgd.step();
  EXPECT_EQ(values(w), Values(3, 0.5));
}

TEST(Optimizers, CarryNotANumberThrough) {
  const Tensor w = ones({2}).requires_grad_();
  w.mutable_grad() = full({2}, std::numeric_limits<double>::quiet_NaN(), kFloat32);
  optim::Adam adam({w}, optim::AdamOptions(0.1).amsgrad(true));
  adam.step();
  EXPECT_TRUE(std::isnan(values(w)[0]));
}

TEST(Optimizers, Refuse) {
  const Tensor a = ones({2}).requires_grad_(), i = arange(2);
  expect_error<ValueError>([&] { optim::SGD({a}, optim::SGDOptions(-1)); }, {"[SGD]", "lr", "-1"});
  expect_error<ValueError>([&] { optim::SGD({a}, optim::SGDOptions(1).momentum(-1)); }, {"[SGD]", "momentum"});
  expect_error<ValueError>([&] { optim::SGD({a}, optim::SGDOptions(1).weight_decay(-1)); }, {"weight_decay"});
  expect_error<ValueError>([&] { optim::SGD({a}, optim::SGDOptions(1).nesterov(true)); }, {"nesterov"});
  expect_error<ValueError>([&] { optim::Adam({a}, -1.0); }, {"[Adam]", "lr"});
  expect_error<ValueError>([&] { optim::Adam({a}, optim::AdamOptions().betas({1.0, 0.9})); }, {"[Adam]", "betas", "1"});
  expect_error<ValueError>([&] { optim::Adam({a}, optim::AdamOptions().betas({0.9, -1})); }, {"betas", "-1"});
  expect_error<ValueError>([&] { optim::Adam({a}, optim::AdamOptions().eps(-1)); }, {"eps"});
  expect_error([&] { optim::SGD({a * 2}, 0.1); }, {"[add_param_group]", "leaves", "float32[2]"});
  expect_error([&] { optim::SGD({Tensor()}, 0.1); }, {"[add_param_group]", "parameter 0", "undefined"});
  optim::SGD sgd({a}, 0.1);
  expect_error([&] { sgd.add_param_group(optim::OptimizerParamGroup({a})); }, {"another group"});
  EXPECT_EQ(sgd.param_groups().size(), 1u);
  a.mutable_grad() = ones({3});
  expect_error([&] { sgd.step(); }, {"[sgd_]", "float32[3]", "float32[2]"});
  a.mutable_grad() = ones({2}, kFloat64);
  expect_error([&] { sgd.step(); }, {"[sgd_]", "float64[2]", "float32[2]"});
  EXPECT_EQ(values(a), Values(2, 1.0));
  expect_error([] { optim::OptimizerParamGroup(std::vector<Tensor>{}).options(); }, {"no options"});
  optim::SGD empty(std::vector<optim::OptimizerParamGroup>{}, 0.1);
  expect_error([&] { empty.parameters(); }, {"no parameter group"});
  EXPECT_FALSE(empty.step().defined());
}

TEST(Optimizers, StateMustFitTheParameter) {
  const Tensor a = ones({2}).requires_grad_();
  optim::Adam adam({a}, 0.1);
  a.mutable_grad() = ones({2});
  adam.step();
  a.set_data(ones({2}, kFloat64));
  a.mutable_grad() = ones({2}, kFloat64);
  expect_error([&] { adam.step(); }, {"[adam_]", "float32[2]", "float64[2]"});
}

}  // namespace
