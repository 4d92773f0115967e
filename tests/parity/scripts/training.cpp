// Optimizers: parameters and their states after some steps from the same weights.
#include "scripts.h"

namespace {

using torch::Tensor;
namespace nn = torch::nn;
namespace optim = torch::optim;

nn::Sequential network(torch::Dtype t) {
  nn::Sequential net(nn::Linear(4, 8), nn::Tanh(), nn::Linear(8, 3));
  net->to(t);
  torch::NoGradGuard guard;
  int seed = 40;
  for (const Tensor& p : net->parameters()) p.copy_(values(p.sizes().vec(), seed++) * 0.5);
  return net;
}

template <class Make>
void train(Report& r, const std::string& name, Make make) {
  for (auto t : {torch::kFloat64, torch::kFloat32}) {
    std::ostringstream typed;
    typed << name << ' ' << t;
    nn::Sequential net = network(t);
    auto optimizer = make(net->parameters());
    const Tensor x = values({16, 4}, 50, t), y = (values({16}, 51).abs() * 2.9).to(torch::kInt64);
    std::vector<double> losses;
    for (int step = 0; step < 20; ++step) {
      optimizer.zero_grad();
      const Tensor loss = torch::nll_loss(torch::log_softmax(net->forward(x), 1), y);
      loss.backward();
      optimizer.step();
      losses.push_back(loss.template item<double>());
    }
    // 20 steps carry the rounding of the first on: a few dozen units of the largest weight.
    int k = 0;
    for (const Tensor& p : net->parameters()) r.sums(typed.str() + " parameter " + std::to_string(k++), p, 32);
    r.near(typed.str() + " losses", torch::tensor(losses, torch::kFloat64).to(t), 32);
  }
}

void optimizers(Report& r) {
  r.section("sgd");
  train(r, "plain", [](std::vector<Tensor> p) { return optim::SGD(p, 0.1); });
  train(r, "momentum", [](std::vector<Tensor> p) { return optim::SGD(p, optim::SGDOptions(0.1).momentum(0.9)); });
  train(r, "nesterov",
        [](std::vector<Tensor> p) { return optim::SGD(p, optim::SGDOptions(0.1).momentum(0.9).nesterov(true)); });
  train(r, "weight decay",
        [](std::vector<Tensor> p) { return optim::SGD(p, optim::SGDOptions(0.1).momentum(0.5).weight_decay(0.01)); });
  train(r, "dampening", [](std::vector<Tensor> p) {
    return optim::SGD(p, optim::SGDOptions(0.1).momentum(0.9).dampening(0.3).weight_decay(0.02));
  });
  r.section("adam");
  train(r, "default", [](std::vector<Tensor> p) { return optim::Adam(p); });
  train(r, "lr", [](std::vector<Tensor> p) { return optim::Adam(p, 0.05); });
  train(r, "options", [](std::vector<Tensor> p) {
    return optim::Adam(p, optim::AdamOptions(0.02).betas({0.8, 0.99}).eps(1e-6).weight_decay(0.05));
  });
  train(r, "amsgrad", [](std::vector<Tensor> p) {
    return optim::Adam(p, optim::AdamOptions(0.05).amsgrad(true).weight_decay(0.01));
  });

  r.section("optimizer");
  const Tensor a = variable({3}, 60), b = variable({2, 2}, 61), unused = variable({2}, 62);
  optim::SGD groups({optim::OptimizerParamGroup({a}, std::make_unique<optim::SGDOptions>(0.5)),
                     optim::OptimizerParamGroup({b, unused})},
                    optim::SGDOptions(0.1).momentum(0.9));
  r.printed("groups", groups.param_groups().size());
  for (int i = 0; i < 3; ++i) {
    groups.zero_grad();
    ((a * a).sum() + b.pow(3).sum()).backward();
    groups.step();
  }
  r.near("group options, a", a, 4);
  r.near("group options, b", b, 4);
  r.same("without gradient", unused);
  r.printed("gradient left alone", a.grad().defined());
  for (auto& group : groups.param_groups()) static_cast<optim::SGDOptions&>(group.options()).lr(0.01);
  r.printed("lr of the group", static_cast<optim::SGDOptions&>(groups.param_groups()[0].options()).lr());
  r.printed("lr of the defaults", static_cast<optim::SGDOptions&>(groups.defaults()).lr());
  r.printed("get_lr", groups.param_groups()[0].options().get_lr());
  groups.step();
  r.near("lr changed", a, 4);
  groups.zero_grad();
  r.same("zero_grad", a.grad());
  optim::SGD closure({a}, 0.1);
  const Tensor loss = closure.step([&] {
    closure.zero_grad();
    const Tensor l = (a * a).sum();
    l.backward();
    return l;
  });
  r.near("closure", loss, 4);
  r.near("closure, a", a, 4);
  {
    torch::NoGradGuard guard;
    closure.step([&] {
      const Tensor l = (a * a).sum();
      l.backward();
      return l;
    });
  }
  r.near("closure under no_grad", a, 4);
  optim::Adam adam({b}, optim::AdamOptions(0.1));
  b.pow(2).sum().backward();
  adam.step();
  r.sums("adam one step", b);
  r.throws("no leaf", [=] { optim::SGD({a * 2}, 0.1); });
  r.throws("twice", [=] { optim::SGD({a, a}, 0.1); });
  r.throws("negative lr", [=] { optim::SGD({a}, -1); });
  r.throws("negative momentum", [=] { optim::SGD({a}, optim::SGDOptions(0.1).momentum(-1)); });
  r.throws("nesterov without momentum", [=] { optim::SGD({a}, optim::SGDOptions(0.1).nesterov(true)); });
  r.throws("adam betas", [=] { optim::Adam({a}, optim::AdamOptions(0.1).betas({1.5, 0.9})); });
  r.throws("adam eps", [=] { optim::Adam({a}, optim::AdamOptions(0.1).eps(-1)); });
}

}  // namespace

void training(Report& report) { optimizers(report); }
