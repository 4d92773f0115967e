// Modules: names, values, gradients, printing; losses; initialisation.
#include "scripts.h"

namespace {

using torch::Tensor;
namespace nn = torch::nn;

// Values from a formula, as random generators differ.
void set_weights(nn::Module& m) {
  torch::NoGradGuard guard;
  int seed = 20;
  for (const auto& p : m.named_parameters()) p.value().copy_(values(p.value().sizes().vec(), seed++) * 0.5);
}
void show(Report& r, const std::string& name, const nn::Module& m) {
  std::ostringstream s;
  for (const auto& p : m.named_parameters()) s << p.key() << ' ' << p.value().sizes() << '\n';
  for (const auto& p : m.named_buffers()) s << "buffer " << p.key() << ' ' << p.value().sizes() << '\n';
  for (const auto& p : m.named_modules()) s << "module " << p.key() << ' ' << p.value()->name() << '\n';
  for (const auto& p : m.named_children()) s << "child " << p.key() << '\n';
  r.text(name + " names", s.str());
  r.printed(name + " printed", m);
}
void run(Report& r, const std::string& name, nn::Module& m, const std::function<Tensor(const Tensor&)>& f,
         const Tensor& x) {
  set_weights(m);
  const Tensor in = x.clone().requires_grad_();
  const Tensor y = f(in);
  r.sums(name, y, 8);
  (y * values(y.sizes().vec(), 30, y.scalar_type())).sum().backward();
  r.sums(name + " dx", in.grad(), 8);
  for (const auto& p : m.named_parameters()) r.sums(name + " d" + p.key(), p.value().grad(), 8);
}

struct NetImpl : nn::Module {
  NetImpl(std::int64_t in, std::int64_t hidden)
      : first(register_module("first", nn::Linear(in, hidden))),
        second(register_module("second", nn::Linear(nn::LinearOptions(hidden, 2).bias(false)))) {
    scale = register_parameter("scale", torch::ones({1}));
    count = register_buffer("count", torch::zeros({2}));
  }
  Tensor forward(const Tensor& x) { return scale * second(torch::relu(first(x))); }
  nn::Linear first, second;
  Tensor scale, count;
};
TORCH_MODULE(Net);

struct Cell : nn::Cloneable<Cell> {
  Cell() { reset(); }
  void reset() override {
    weight = register_parameter("weight", torch::ones({2, 2}));
    inner = register_module("inner", nn::Linear(2, 3));
  }
  Tensor forward(const Tensor& x) { return inner->forward(x.mm(weight)); }
  Tensor weight;
  nn::Linear inner{nullptr};
};

void layers(Report& r) {
  r.section("module");
  for (auto t : {torch::kFloat32, torch::kFloat64}) {
    std::ostringstream typed;
    typed << t << ' ';
    const std::string n = typed.str();
    nn::Linear linear(5, 3);
    linear->to(t);
    run(
        r, n + "linear", *linear, [&](const Tensor& x) { return linear(x); }, values({4, 5}, 1, t));
    linear->zero_grad();
    run(
        r, n + "linear 1-d", *linear, [&](const Tensor& x) { return linear(x); }, values({5}, 1, t));
    linear->zero_grad();
    run(
        r, n + "linear 3-d", *linear, [&](const Tensor& x) { return linear(x); }, values({2, 3, 5}, 1, t));
    nn::Linear plain(nn::LinearOptions(5, 3).bias(false));
    plain->to(t);
    run(
        r, n + "linear without bias", *plain, [&](const Tensor& x) { return plain(x); }, values({4, 5}, 1, t));
    nn::Sequential net(nn::Linear(6, 8), nn::ReLU(), nn::Linear(8, 7), nn::Sigmoid(), nn::Linear(7, 5), nn::Tanh(),
                       nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2)), nn::Linear(5, 3), nn::LogSoftmax(1));
    net->to(t);
    run(
        r, n + "sequential", *net, [&](const Tensor& x) { return net->forward(x); }, values({9, 6}, 2, t));
    Net user(4, 6);
    user->to(t);
    run(
        r, n + "user's", *user, [&](const Tensor& x) { return user(x); }, values({3, 4}, 3, t));
  }
  nn::Linear linear(5, 3);
  show(r, "linear", *linear);
  show(r, "linear without bias", *nn::Linear(nn::LinearOptions(2, 2).bias(false)));
  nn::Sequential net({{"fc1", nn::Linear(2, 8)}, {"act", nn::ReLU()}, {"fc2", nn::Linear(8, 1)}});
  show(r, "named sequential", *net);
  nn::Sequential activations(nn::Linear(2, 3), nn::Tanh(), nn::Sigmoid(), nn::Softmax(1), nn::LogSoftmax(1),
                             nn::Flatten(), nn::Identity(), nn::ReLU(nn::ReLUOptions(true)),
                             nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2).inplace(true)));
  show(r, "activations", *activations);
  show(r, "user's", *Net(4, 6));
  nn::ModuleList list(nn::Linear(2, 3), nn::ReLU());
  show(r, "list", *list);
  r.printed("bce printed", nn::BCELoss());
  r.printed("bce with logits printed", nn::BCEWithLogitsLoss());
  r.printed("mse printed", nn::MSELoss());
  r.printed("cross entropy printed", nn::CrossEntropyLoss());
  r.printed("nll printed", nn::NLLLoss());

  r.printed("size", net->size());
  r.printed("in_features", net->at<nn::LinearImpl>(2).options.in_features());
  r.printed("parameters", net->parameters().size());
  r.printed("modules", net->modules().size());
  r.printed("modules without self", net->modules(false).size());
  r.printed("training", net->is_training());
  net->eval();
  r.printed("eval", net[1]->is_training());
  net->train();
  r.printed("train", net[1]->is_training());
  std::string visited;
  net->apply([&](const std::string& name, nn::Module& m) { visited += name + "=" + m.name() + ";"; });
  r.text("apply", visited);
  set_weights(*net);
  net->forward(values({3, 2}, 4, torch::kFloat32)).sum().backward();
  net->zero_grad();
  r.same("zero_grad", net->parameters()[0].grad());
  net->zero_grad(true);
  r.printed("zero_grad to none", net->parameters()[0].grad().defined());
  const Tensor before = net->parameters()[0];
  net->to(torch::kFloat64);
  r.printed("to keeps the tensor", before.is_same(net->parameters()[0]));
  r.same("to", before);
  Cell cell;
  set_weights(cell);
  const auto copy = std::dynamic_pointer_cast<Cell>(cell.clone());
  {
    torch::NoGradGuard guard;
    cell.weight.zero_();
  }
  r.same("clone", copy->weight);
  r.same("clone inner", copy->inner->weight);
  r.sums("clone forward", copy->forward(torch::ones({2, 2})).detach());
  nn::Flatten flatten(nn::FlattenOptions().start_dim(1).end_dim(2));
  r.same("flatten", flatten(values({2, 3, 2, 2}, 5)));
  r.throws("name with a dot", [&] { net->register_module("a.b", nn::Linear(1, 1)); });
  r.throws("name twice", [&] { net->register_module("fc1", nn::Linear(1, 1)); });
  r.throws("empty name", [&] { net->register_parameter("", torch::ones({1})); });
  r.throws("wrong features", [&] { linear(torch::ones({2, 4})); });
  r.throws("wrong dtype", [&] { linear(torch::ones({2, 5}, torch::kFloat64)); });
  r.throws("empty holder", [] {
    nn::Linear none(nullptr);
    none->forward(torch::ones({1}));
  });
  r.throws("wrong class", [&] { net->at<nn::ReLUImpl>(0); });
  r.throws("beyond the end", [&] { net->ptr(3); });
  r.throws("empty sequential", [] {
    nn::Sequential none;
    none->forward(torch::ones({1}));
  });
}

void losses(Report& r) {
  r.section("loss");
  const auto check = [&](const std::string& name, const Tensor& input, const std::function<Tensor(const Tensor&)>& f) {
    for (auto t : {torch::kFloat64, torch::kFloat32}) {
      std::ostringstream typed;
      typed << name << ' ' << t;
      const Tensor x = input.to(t).clone().requires_grad_();
      Tensor y;
      r.throws(typed.str() + " outcome", [&] {
        y = f(x);
        (y * values(y.sizes().vec(), 3, t)).sum().backward();
      });
      // Both are differences: of logits and their logarithms, up to 3, and of probabilities and targets, up to 1.
      r.scaled(typed.str(), y.defined() ? y.detach() : y, 8, {3});
      r.scaled(typed.str() + " dx", x.grad(), 8, {1});
    }
  };
  const Tensor x = values({4, 3}, 1) * 3, p = torch::sigmoid(x), y = (values({4, 3}, 2) > 0).to(torch::kFloat64);
  const Tensor soft = torch::softmax(values({4, 3}, 5), 1), classes = torch::tensor({2, 0, 1, 2});
  const Tensor w = torch::tensor({0.5, 2.0, 1.5}, torch::kFloat64);
  const auto as = [](const Tensor& v, const Tensor& like) { return v.to(like.scalar_type()); };
#define REDUCTIONS(X) X(Mean) X(Sum) X(None)
#define CASE(R)                                                                                                        \
  check("mse " #R, x, [=](const Tensor& a) { return nn::MSELoss(nn::MSELossOptions(torch::k##R))(a, as(y, a)); });     \
  check("bce " #R, p,                                                                                                  \
        [=](const Tensor& a) { return nn::BCELoss(nn::BCELossOptions().reduction(torch::k##R))(a, as(y, a)); });       \
  check("bce weight " #R, p, [=](const Tensor& a) {                                                                    \
    return nn::BCELoss(nn::BCELossOptions().weight(as(w, a)).reduction(torch::k##R))(a, as(y, a));                     \
  });                                                                                                                  \
  check("logits " #R, x, [=](const Tensor& a) {                                                                        \
    return nn::BCEWithLogitsLoss(nn::BCEWithLogitsLossOptions().reduction(torch::k##R))(a, as(y, a));                  \
  });                                                                                                                  \
  check("logits weights " #R, x, [=](const Tensor& a) {                                                                \
    return nn::BCEWithLogitsLoss(                                                                                      \
        nn::BCEWithLogitsLossOptions().weight(as(w, a)).pos_weight(as(w, a) + 1).reduction(torch::k##R))(a, as(y, a)); \
  });                                                                                                                  \
  check("nll " #R, x, [=](const Tensor& a) {                                                                           \
    return nn::NLLLoss(nn::NLLLossOptions().reduction(torch::k##R))(torch::log_softmax(a, 1), classes);                \
  });                                                                                                                  \
  check("nll weight " #R, x, [=](const Tensor& a) {                                                                    \
    return nn::NLLLoss(nn::NLLLossOptions().weight(as(w, a)).ignore_index(0).reduction(torch::k##R))(a, classes);      \
  });                                                                                                                  \
  check("ce " #R, x, [=](const Tensor& a) {                                                                            \
    return nn::CrossEntropyLoss(nn::CrossEntropyLossOptions().reduction(torch::k##R))(a, classes);                     \
  });                                                                                                                  \
  check("ce weight " #R, x, [=](const Tensor& a) {                                                                     \
    return nn::CrossEntropyLoss(                                                                                       \
        nn::CrossEntropyLossOptions().weight(as(w, a)).ignore_index(1).reduction(torch::k##R))(a, classes);            \
  });                                                                                                                  \
  check("ce smoothing " #R, x, [=](const Tensor& a) {                                                                  \
    return nn::CrossEntropyLoss(                                                                                       \
        nn::CrossEntropyLossOptions().weight(as(w, a)).label_smoothing(0.1).reduction(torch::k##R))(a, classes);       \
  });                                                                                                                  \
  check("ce probabilities " #R, x, [=](const Tensor& a) {                                                              \
    return nn::CrossEntropyLoss(nn::CrossEntropyLossOptions().label_smoothing(0.1).reduction(torch::k##R))(            \
        a, as(soft, a));                                                                                               \
  });
  REDUCTIONS(CASE)
#undef CASE
#undef REDUCTIONS
  check("mse broadcast", x, [=](const Tensor& a) { return torch::mse_loss(a, as(y[0], a)); });
  check("bce sizes", p, [=](const Tensor& a) { return nn::BCELoss()(a, as(y[0], a)); });
  check("bce out of range", x, [=](const Tensor& a) { return nn::BCELoss()(a, as(y, a)); });
  check("logits sizes", x, [=](const Tensor& a) { return nn::BCEWithLogitsLoss()(a, as(y[0], a)); });
  check("ce class beyond", x, [=](const Tensor& a) { return nn::CrossEntropyLoss()(a, classes + 1); });
  check("ce class negative", x, [=](const Tensor& a) { return nn::CrossEntropyLoss()(a, classes - 1); });
  check("ce int32 classes", x, [=](const Tensor& a) { return nn::CrossEntropyLoss()(a, classes.to(torch::kInt32)); });
  check("ce sizes", x, [=](const Tensor& a) { return nn::CrossEntropyLoss()(a, classes.slice(0, 0, 3)); });
  check("ce 1-d", x, [=](const Tensor& a) { return nn::CrossEntropyLoss()(a[0], classes[0]); });
  check("ce all ignored", x, [=](const Tensor& a) {
    return nn::CrossEntropyLoss(nn::CrossEntropyLossOptions().ignore_index(7))(a, torch::full({4}, 7));
  });
  check("ce places", values({2, 3, 4}, 6), [](const Tensor& a) {
    return nn::CrossEntropyLoss()(a, torch::tensor({{0, 1, 2, 0}, {2, 2, 1, 0}}));
  });
  namespace F = nn::functional;
  check("F mse", x, [=](const Tensor& a) { return F::mse_loss(a, as(y, a), F::MSELossFuncOptions(torch::kSum)); });
  check("F bce", p, [=](const Tensor& a) { return F::binary_cross_entropy(a, as(y, a)); });
  check("F logits", x, [=](const Tensor& a) { return F::binary_cross_entropy_with_logits(a, as(y, a)); });
  check("F nll", x, [=](const Tensor& a) { return F::nll_loss(a, classes); });
  check("F ce", x, [=](const Tensor& a) { return F::cross_entropy(a, classes); });
  check("F softmax", x, [=](const Tensor& a) { return F::softmax(a, F::SoftmaxFuncOptions(1)); });
  check("F log_softmax", x, [=](const Tensor& a) { return F::log_softmax(a, F::LogSoftmaxFuncOptions(0)); });
  check("F relu", x, [=](const Tensor& a) { return F::relu(a); });
  check("F leaky_relu", x,
        [=](const Tensor& a) { return F::leaky_relu(a, F::LeakyReLUFuncOptions().negative_slope(0.3)); });
}

// Random values have no parity; bounds, spread and what is exact have.
void initialisation(Report& r) {
  r.section("init");
  namespace init = nn::init;
  r.same("constant_", init::constant_(torch::empty({2, 3}), 0.3));
  r.same("ones_", init::ones_(torch::empty({2})));
  r.same("zeros_", init::zeros_(torch::empty({2})));
  r.same("eye_", init::eye_(torch::empty({2, 3})));
  const auto within = [&](const std::string& name, const Tensor& t, double bound) {
    const double largest = t.abs().max().item<double>();
    r.text(name, largest <= bound && largest > 0.95 * bound ? "fills the bound" : "does not");
  };
  const auto spread = [&](const std::string& name, const Tensor& t, double std) {
    const double s = t.std().item<double>();
    r.text(name, s > 0.95 * std && s < 1.05 * std ? "has the spread" : "does not");
  };
  torch::manual_seed(1);
  within("uniform_", init::uniform_(torch::empty({100, 50}), -0.3, 0.3), 0.3);
  spread("normal_", init::normal_(torch::empty({100, 50}), 0, 0.7), 0.7);
  within("xavier_uniform_", init::xavier_uniform_(torch::empty({100, 50})), std::sqrt(6.0 / 150));
  spread("xavier_normal_", init::xavier_normal_(torch::empty({100, 50}), 2), 2 * std::sqrt(2.0 / 150));
  within("kaiming_uniform_", init::kaiming_uniform_(torch::empty({100, 50}), std::sqrt(5.0)), 1 / std::sqrt(50.0));
  spread("kaiming_normal_", init::kaiming_normal_(torch::empty({100, 50}), 0, torch::kFanOut, torch::kReLU),
         std::sqrt(2.0 / 100));
  within("linear weight", nn::Linear(50, 100)->weight.detach(), 1 / std::sqrt(50.0));
  within("linear bias", nn::Linear(50, 1000)->bias.detach(), 1 / std::sqrt(50.0));
  r.printed("gain tanh", init::calculate_gain(torch::kTanh));
  r.printed("gain relu", init::calculate_gain(torch::kReLU));
  r.printed("gain leaky", init::calculate_gain(torch::kLeakyReLU, 0.2));
  r.printed("requires grad stays", init::ones_(torch::zeros({2}).requires_grad_()).requires_grad());
  r.throws("xavier of a vector", [] { init::xavier_uniform_(torch::empty({3})); });
  r.throws("eye of a vector", [] { init::eye_(torch::empty({3})); });
}

}  // namespace

void modules(Report& report) {
  layers(report);
  losses(report);
  initialisation(report);
}
