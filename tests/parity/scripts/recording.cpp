// Autograd: backward, grad, hooks, accumulation, in-place changes, views, errors, a user's own function.
#include "scripts.h"

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void basics(Report& r) {
  r.section("autograd");
  const Tensor x = variable({3, 4}, 1), w = variable({4, 2}, 2), b = variable({2}, 3);
  const Tensor y = torch::tanh(x.mm(w) + b);
  y.sum().backward();
  r.sums("x", x.grad());
  r.sums("w", w.grad());
  r.sums("b", b.grad());
  (x * x).sum().backward();
  r.sums("x accumulates", x.grad());
  x.mutable_grad().zero_();
  x.pow(3).sum().backward();
  r.near("x after zero_", x.grad());
  x.mutable_grad() = Tensor();
  (x * 2).backward(torch::ones({3, 4}, torch::kFloat64));
  r.same("x after reset", x.grad());
  r.printed("leaf", x.is_leaf());
  r.printed("no leaf", y.is_leaf());
  r.printed("requires grad", y.requires_grad());
  r.printed("detached", y.detach().requires_grad());
  r.printed("constant is leaf", torch::ones({1}).is_leaf());
  r.printed("grad of no leaf", (x * 2).grad().defined());

  const auto g = torch::autograd::grad({(x * x * x).sum()}, {x}, {}, true, true);
  r.near("grad", g[0]);
  const auto h = torch::autograd::grad({g[0].sum()}, {x}, {}, true, true);
  r.near("second", h[0]);
  const auto k = torch::autograd::grad({h[0].sum()}, {x});
  r.near("third", k[0]);
  const auto both =
      torch::autograd::grad({x.tanh() * 1, w.exp()}, {x, w},
                            {torch::full({3, 4}, 2.0, torch::kFloat64), torch::ones({4, 2}, torch::kFloat64)});
  r.near("two outputs, x", both[0]);
  r.near("two outputs, w", both[1]);
  const auto unused = torch::autograd::grad({x.sum()}, {x, w}, {}, torch::nullopt, false, true);
  r.printed("unused", unused[1].defined());
  r.throws("unused not allowed", [=] { torch::autograd::grad({x.sum()}, {x, w}); });
  r.throws("not scalar", [=] { (x * 2).backward(); });
  r.throws("nothing requires grad", [] { torch::ones({1}).backward(); });
  r.throws("wrong gradient", [=] { (x * 2).backward(torch::ones({4, 3}, torch::kFloat64)); });
  r.throws("second sweep", [=] {
    const Tensor z = x.exp().sum();
    z.backward();
    z.backward();
  });
  r.throws("second sweep, retained", [=] {
    const Tensor z = x.exp().sum();
    z.backward({}, true);
    z.backward();
  });
  r.throws("second sweep, nothing saved", [=] {
    const Tensor z = (x + 1).sum();
    z.backward();
    z.backward();
  });
  const Tensor s = variable({}, 4);
  (s * s).backward();
  r.near("scalar", s.grad());
  const Tensor one = variable({1}, 4);
  (one * 3).backward();
  r.near("one element", one.grad());
  const Tensor a = variable({2, 3}, 5), c = variable({3}, 6);
  torch::autograd::backward({(a * c).sum(), c.exp()}, {Tensor(), torch::ones({3}, torch::kFloat64)});
  r.sums("several roots, a", a.grad());
  r.sums("several roots, c", c.grad());
  const Tensor p = variable({2}, 7), q = variable({2}, 8);
  (p * q).sum().backward({}, torch::nullopt, false, std::vector<Tensor>{q});
  r.printed("inputs only", p.grad().defined());
  r.same("inputs only, q", q.grad());
  const Tensor big = torch::ones({2}, torch::kFloat32).requires_grad_();
  (big.to(torch::kFloat64) * 0.1).sum().backward();
  r.same("through to()", big.grad());
}

void modes(Report& r) {
  r.section("mode");
  const Tensor x = variable({3}, 1);
  {
    torch::NoGradGuard guard;
    r.printed("no_grad", (x * 2).requires_grad());
    r.printed("enabled", torch::GradMode::is_enabled());
    {
      torch::AutoGradMode on(true);
      r.printed("on again", (x * 2).requires_grad());
    }
    x.add_(1);
    r.same("in place under no_grad", x);
  }
  {
    torch::InferenceMode guard;
    const Tensor y = x * 2;
    r.printed("inference", y.requires_grad());
    r.printed("is inference", y.is_inference());
  }
  Tensor inference;
  {
    torch::InferenceMode guard;
    inference = torch::ones({3}, torch::kFloat64);
  }
  r.throws("inference tensor saved", [=] { (inference * x).sum().backward(); });
  r.printed("enabled after", torch::GradMode::is_enabled());
  const Tensor z = x.detach();
  z.add_(1);
  r.same("detach shares", x);
  r.throws("detach shares the version", [] {
    const Tensor a = variable({2}, 2);
    const Tensor y = a.exp();
    y.detach().add_(1);
    y.sum().backward();
  });
  r.throws("data does not share the version", [] {
    const Tensor a = variable({2}, 2);
    const Tensor y = a.exp();
    y.data().add_(1);
    y.sum().backward();
  });
  const Tensor a = variable({2}, 2), y = a * 3;
  y.retain_grad();
  (y * y).sum().backward();
  r.near("retain_grad", y.grad());
  r.printed("retains", y.retains_grad());
  r.throws("requires_grad_(false) of no leaf", [=] { (a * 2).requires_grad_(false); });
  Tensor d = a * 2;
  d.detach_();
  r.printed("detach_", d.requires_grad());
  r.throws("detach_ of a view", [=] { (a * 2)[0].detach_(); });
}

void hooks(Report& r) {
  r.section("hook");
  const Tensor x = variable({3}, 1);
  int called = 0;
  const unsigned first = x.register_hook([&](Tensor g) {
    ++called;
    return g * 2;
  });
  const unsigned second = x.register_hook([&](Tensor g) { return g + 1; });
  (x * x).sum().backward();
  r.near("two hooks", x.grad());
  x.remove_hook(second);
  (x * 3).sum().backward();
  r.near("one left", x.grad());
  x.remove_hook(first);
  x.mutable_grad() = Tensor();
  (x * 3).sum().backward();
  r.near("none left", x.grad());
  r.printed("calls", called);
  const Tensor w = variable({2}, 2), y = w * 2;
  Tensor seen;
  y.register_hook([&](Tensor g) { seen = g.clone(); });
  y.register_hook([](Tensor g) { return g * 10; });
  (y * y).sum().backward();
  r.near("seen in the middle", seen);
  r.near("changed in the middle", w.grad());
  const Tensor u = variable({2}, 3), v = u * 2;
  v.register_hook([](Tensor g) { return g * 10; });
  v.retain_grad();
  (v * v).sum().backward();
  r.near("retained after the hook", v.grad());
  std::string order;
  const Tensor a = variable({1}, 3), b = a * 2, c = b * 3;
  b.register_hook([&](Tensor) { order += "b"; });
  c.register_hook([&](Tensor) { order += "c"; });
  a.register_hook([&](Tensor) { order += "a"; });
  c.backward();
  r.text("order", order);
  r.throws("hook on what needs no gradient", [] { torch::ones({1}).register_hook([](Tensor g) { return g; }); });
}

void in_place(Report& r) {
  r.section("in place");
  const auto gradient = [&](const std::string& name, const std::function<Tensor(const Tensor&)>& f) {
    const Tensor x = variable({3, 2}, 4);
    Tensor y;
    r.throws(name + " outcome", [&] {
      y = f(x);
      y.sum().backward();
    });
    r.near(name, y);
    r.sums(name + " gradient", x.grad());
  };
  gradient("leaf", [](const Tensor& x) { return x.add_(1); });
  gradient("leaf view", [](const Tensor& x) { return x[0].add_(1); });
  gradient("add_", [](const Tensor& x) { return (x * 2).add_(x); });
  gradient("mul_", [](const Tensor& x) { return (x * 2).mul_(x); });
  gradient("mul_ saved", [](const Tensor& x) {
    const Tensor y = x * 2, z = y * y;
    y.mul_(3);
    return z;
  });
  gradient("exp saves its output", [](const Tensor& x) {
    const Tensor y = x.exp();
    y.add_(1);
    return y;
  });
  gradient("sigmoid saves its output", [](const Tensor& x) {
    const Tensor y = torch::sigmoid(x);
    y.mul_(2);
    return y;
  });
  gradient("relu_", [](const Tensor& x) { return (x * 2).relu_() * 3; });
  gradient("add saves nothing", [](const Tensor& x) {
    const Tensor y = x * 2, z = y + 1;
    y.mul_(3);
    return z;
  });
  gradient("constant factor", [](const Tensor& x) {
    const Tensor c = torch::full({3, 2}, 2.0, torch::kFloat64), y = x * 1, z = y * c;
    y.add_(1);
    return z;
  });
  gradient("through a view", [](const Tensor& x) {
    const Tensor y = x * 2;
    y[1].mul_(5);
    return y;
  });
  gradient("through two views", [](const Tensor& x) {
    const Tensor y = x * 2;
    y.t().select(0, 1).add_(y[0][0]);
    return y * y;
  });
  gradient("base changed, view read", [](const Tensor& x) {
    const Tensor y = x * 2, v = y[1];
    y.mul_(5);
    return v * 1;
  });
  gradient("assignment", [](const Tensor& x) {
    const Tensor y = x * 2;
    y[0] = x[1];
    return y;
  });
  gradient("assign a number", [](const Tensor& x) {
    const Tensor y = x * 2;
    y[0] = 7;
    return y;
  });
  gradient("copy_", [](const Tensor& x) {
    const Tensor y = torch::zeros({3, 2}, torch::kFloat64);
    y.copy_(x);
    return y * x;
  });
  gradient("copy_ into a view", [](const Tensor& x) {
    const Tensor y = torch::zeros({4, 2}, torch::kFloat64);
    y.narrow(0, 1, 3).copy_(x);
    return y * y;
  });
  gradient("fill_", [](const Tensor& x) { return (x * 2).fill_(3) + x; });
  gradient("zero_", [](const Tensor& x) { return (x * 2).zero_() + x; });
  gradient("chunk", [](const Tensor& x) {
    const Tensor y = x * 2;
    y.chunk(3)[0].add_(1);
    return y;
  });
  gradient("unbind", [](const Tensor& x) {
    const Tensor y = x * 2;
    y.unbind()[0].add_(1);
    return y;
  });
  gradient("split", [](const Tensor& x) {
    const Tensor y = x * 2;
    y.split(1)[0].mul_(2);
    return y;
  });
  gradient("view made under no_grad", [](const Tensor& x) {
    const Tensor y = x * 2;
    Tensor v;
    {
      torch::NoGradGuard guard;
      v = y[0];
    }
    v.add_(1);
    return y;
  });
  gradient("expanded", [](const Tensor& x) { return (x.sum() * 1).expand({2}).add_(1); });
  gradient("clamp_", [](const Tensor& x) { return (x * 2).clamp_(-0.5, 0.5); });
  gradient("index_put_", [](const Tensor& x) {
    const Tensor y = x * 2;
    y.index_put_({torch::tensor({0, 2})}, x.index({torch::tensor({1, 1})}));
    return y * x;
  });
  gradient("masked_fill_", [](const Tensor& x) { return (x * 2).masked_fill_(x > 0, 1) * x; });
  gradient("into a smaller", [](const Tensor& x) { return (x[0] * 2).add_(x); });
  const Tensor v = torch::zeros({2});
  v.add_(1).mul_(2);
  r.printed("version", v._version());
  r.printed("version of a view", v[0]._version());
  r.printed("is_view", v[0].is_view());
  r.printed("base", v[0]._base().is_same(v));
}

// y = x^3 with a saved input, a saved output and a number.
struct Cube : torch::autograd::Function<Cube> {
  static Tensor forward(AutogradContext* ctx, Tensor x, double factor) {
    ctx->saved_data["factor"] = factor;
    const Tensor y = x * x;
    ctx->save_for_backward({x});
    return y * x * factor;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    const Tensor x = ctx->get_saved_variables()[0];
    return {3 * ctx->saved_data["factor"].toDouble() * x * x * g[0], Tensor()};
  }
};
struct Two : torch::autograd::Function<Two> {
  static variable_list forward(AutogradContext* ctx, Tensor x, Tensor y) {
    ctx->save_for_backward({x, y});
    const Tensor largest = x.max();
    ctx->mark_non_differentiable({largest});
    return {x * y, x + y, largest};
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    const auto saved = ctx->get_saved_variables();
    return {g[0] * saved[1] + g[1], g[0] * saved[0] + g[1]};
  }
};
struct TooFew : torch::autograd::Function<TooFew> {
  static Tensor forward(AutogradContext*, Tensor x, Tensor y) { return x * y; }
  static variable_list backward(AutogradContext*, variable_list g) { return {g[0]}; }
};

void functions(Report& r) {
  r.section("function");
  const Tensor x = variable({3}, 5), y = variable({3}, 6);
  const Tensor c = Cube::apply(x, 2.0);
  r.near("cube", c);
  const auto g = torch::autograd::grad({c.sum()}, {x}, {}, true, true);
  r.near("gradient", g[0]);
  r.near("second", torch::autograd::grad({g[0].sum()}, {x})[0]);
  const auto two = Two::apply(x, y);
  r.printed("outputs", two.size());
  r.printed("non-differentiable", two[2].requires_grad());
  (two[0].sum() + 2 * two[1].sum()).backward();
  r.near("x", x.grad());
  r.near("y", y.grad());
  x.mutable_grad() = Tensor();
  Two::apply(x, y)[1].sum().backward();
  r.near("one output only", x.grad());
  r.throws("too few gradients", [=] { TooFew::apply(x, y).sum().backward(); });
  r.printed("under no_grad", [&] {
    torch::NoGradGuard guard;
    return Cube::apply(x, 2.0).requires_grad();
  }());
}

}  // namespace

void recording(Report& report) {
  basics(report);
  modes(report);
  hooks(report);
  in_place(report);
  functions(report);
}
