// Operations with their gradients of first and second order, and what the gradient is where there is no derivative.
#include "scripts.h"

namespace {

using torch::Tensor;

// Each operation of the lecture's network and its checks, with its gradient and the gradient's gradient.
void derivatives(Report& r) {
  r.section("operation");
  const auto check = [&](const std::string& name, const std::function<Tensor(const Tensor&, const Tensor&)>& f) {
    for (auto t : {torch::kFloat64, torch::kFloat32}) {
      std::ostringstream typed;
      typed << name << ' ' << t;
      const std::string n = typed.str();
      const Tensor x = variable({3, 4}, 7, t), y = variable({3, 4}, 9, t);
      const Tensor z = f(x, y);
      r.sums(n, z, 8);
      const Tensor weight = values({z.numel()}, 10, t).reshape(z.sizes());
      const auto g = torch::autograd::grad({z}, {x, y}, {weight}, true, true, true);
      for (std::size_t i = 0; i < 2; ++i) {
        r.sums(n + (i ? " dy" : " dx"), g[i].defined() ? g[i].detach() : g[i], 8);
        // Where the second derivative is 0, it may be zeros, undefined or not recorded at all.
        std::vector<Tensor> h(2);
        if (g[i].defined() && g[i].requires_grad())
          h = torch::autograd::grad({(g[i] * values({3, 4}, 11, t)).sum()}, {x, y}, {}, true, false, true);
        for (std::size_t j = 0; j < 2; ++j)
          r.sums(n + (i ? " dy" : " dx") + (j ? " dy" : " dx"), h[j].defined() ? h[j] : torch::zeros({3, 4}, t), 16);
      }
    }
  };
#define DIFFERENTIATE(name, ...) \
  check(name, [](const Tensor& x, const Tensor& y) -> Tensor { return static_cast<void>(y), __VA_ARGS__; })
  DIFFERENTIATE("add", x + 2 * y);
  DIFFERENTIATE("sub", x - y.sum(0));
  DIFFERENTIATE("mul", x * y.select(1, 0).unsqueeze(1));
  DIFFERENTIATE("div", x / (2 + y));
  DIFFERENTIATE("pow", (1.5 + x).pow(y));
  DIFFERENTIATE("pow 3", x.pow(3));
  DIFFERENTIATE("pow 2.5", (1.5 + x).pow(2.5));
  DIFFERENTIATE("2 pow", torch::pow(2, x));
  DIFFERENTIATE("neg", -x);
  DIFFERENTIATE("exp", x.exp());
  DIFFERENTIATE("log", (1.5 + x).log());
  DIFFERENTIATE("sqrt", (1.5 + x).sqrt());
  DIFFERENTIATE("square", x.square());
  DIFFERENTIATE("reciprocal", (1.5 + x).reciprocal());
  DIFFERENTIATE("tanh", x.tanh());
  DIFFERENTIATE("sigmoid", torch::sigmoid(5 * x));
  DIFFERENTIATE("relu", torch::relu(x));
  DIFFERENTIATE("leaky_relu", torch::leaky_relu(x, 0.1));
  DIFFERENTIATE("abs", x.abs());
  DIFFERENTIATE("clamp", x.clamp(-0.5, 0.25));
  DIFFERENTIATE("where", torch::where(x > y, x * x, y * x));
  DIFFERENTIATE("maximum", torch::maximum(x, y) * x);
  DIFFERENTIATE("minimum", torch::minimum(x, y) * x);
  DIFFERENTIATE("sum", (x * x).sum());
  DIFFERENTIATE("sum 1", (x * x).sum(1));
  DIFFERENTIATE("sum keepdim", (x * x).sum(torch::IntArrayRef({0, 1}), true));
  DIFFERENTIATE("mean", (x * x).mean());
  DIFFERENTIATE("mean 0", (x * y).mean(0));
  DIFFERENTIATE("prod", x.prod(1));
  DIFFERENTIATE("var", x.var(1));
  DIFFERENTIATE("std", x.std());
  DIFFERENTIATE("max", (x * x).max());
  DIFFERENTIATE("max 1", std::get<0>((x * x).max(1)));
  DIFFERENTIATE("min 0", std::get<0>((x * y).min(0)));
  DIFFERENTIATE("amax", (x * x).amax({1}));
  DIFFERENTIATE("norm", x.norm());
  DIFFERENTIATE("logsumexp", x.logsumexp(1));
  DIFFERENTIATE("cumsum", (x * x).cumsum(1));
  DIFFERENTIATE("mm", x.mm(y.t()));
  DIFFERENTIATE("matmul", torch::matmul(x, y[0]));
  DIFFERENTIATE("linear", torch::nn::functional::linear(x, y));
  DIFFERENTIATE("linear bias", torch::nn::functional::linear(x, y, y.sum(1)));
  DIFFERENTIATE("softmax", torch::softmax(x, 1));
  DIFFERENTIATE("log_softmax", torch::log_softmax(x, 1));
  DIFFERENTIATE("log_softmax 0", torch::log_softmax(x, 0));
  DIFFERENTIATE("t", x.t() * 2);
  DIFFERENTIATE("reshape", x.t().reshape({2, 6}).square());
  DIFFERENTIATE("expand", (x.sum(0).expand({5, 4})).square());
  DIFFERENTIATE("select", x.select(1, 2).square());
  DIFFERENTIATE("narrow", x.narrow(1, 1, 2).square());
  DIFFERENTIATE("slice", x.slice(1, 0, 4, 2).square());
  DIFFERENTIATE("cat", torch::cat({x, y, x * y}, 1));
  DIFFERENTIATE("stack", torch::stack({x, y * x}, 0));
  DIFFERENTIATE("index", x.index({torch::tensor({0, 0, 2})}).square());
  DIFFERENTIATE("mse", torch::mse_loss(x, y));
  DIFFERENTIATE("bce", torch::binary_cross_entropy(torch::sigmoid(x), torch::sigmoid(y.detach())));
  DIFFERENTIATE("bce with logits", torch::binary_cross_entropy_with_logits(5 * x, torch::sigmoid(y.detach())));
  DIFFERENTIATE("nll", torch::nll_loss(torch::log_softmax(x, 1), torch::tensor({3, 0, 1})));
  DIFFERENTIATE("cross entropy", torch::cross_entropy_loss(3 * x, torch::tensor({3, 0, 1})));
  DIFFERENTIATE("flip", x.flip({1}) * x);
  DIFFERENTIATE("tril", x.tril() * x);
  DIFFERENTIATE("gather", x.gather(1, torch::tensor({{0, 0}, {1, 3}, {2, 2}})).square());
  DIFFERENTIATE("clone", x.clone() * x);
  DIFFERENTIATE("0-d", x[0][0] * y[1][1]);
#undef DIFFERENTIATE
}

// Ties, zeros, NaN: gradients by convention.
void conventions(Report& r) {
  r.section("convention");
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  const auto check = [&](const std::string& name, std::vector<double> at,
                         const std::function<Tensor(const Tensor&)>& f) {
    const Tensor x = torch::tensor(at, torch::kFloat64).requires_grad_();
    const Tensor y = f(x);
    r.near(name, y);
    y.sum().backward();
    r.near(name + " gradient", x.grad());
  };
  const std::vector<double> special = {0, -0.0, 1, -1, 0.5, inf, -inf, nan, 1e-310, 1e308};
  check("relu", special, [](const Tensor& x) { return torch::relu(x); });
  check("leaky_relu", special, [](const Tensor& x) { return torch::leaky_relu(x); });
  check("abs", special, [](const Tensor& x) { return x.abs(); });
  check("sqrt", special, [](const Tensor& x) { return x.sqrt(); });
  check("log", special, [](const Tensor& x) { return x.log(); });
  check("exp", special, [](const Tensor& x) { return x.exp(); });
  check("tanh", special, [](const Tensor& x) { return x.tanh(); });
  check("sigmoid", special, [](const Tensor& x) { return torch::sigmoid(x); });
  check("clamp", special, [](const Tensor& x) { return x.clamp(-1, 0.5); });
  check("reciprocal", special, [](const Tensor& x) { return 1 / x; });
  check("pow 0", special, [](const Tensor& x) { return x.pow(0); });
  check("pow 1", special, [](const Tensor& x) { return x.pow(1); });
  check("pow 2", special, [](const Tensor& x) { return x.pow(2); });
  check("pow 0.5", special, [](const Tensor& x) { return x.pow(0.5); });
  check("pow -1", special, [](const Tensor& x) { return x.pow(-1); });
  check("pow itself", special, [](const Tensor& x) { return torch::pow(x, x); });
  check("max ties", {1, 3, 3, 2, 3}, [](const Tensor& x) { return x.max(); });
  check("max(dim) ties", {1, 3, 3, 2, 3}, [](const Tensor& x) { return std::get<0>(x.max(0)); });
  check("amax ties", {1, 3, 3, 2, 3}, [](const Tensor& x) { return x.amax({0}); });
  check("max with NaN", {1, nan, 3}, [](const Tensor& x) { return x.max(); });
  check("maximum ties", {1, 2, 3}, [](const Tensor& x) { return torch::maximum(x, x.detach()); });
  check("norm at 0", {0, 0}, [](const Tensor& x) { return x.norm(); });
  check("std at 0", {2, 2}, [](const Tensor& x) { return x.std(); });
  check("prod with zeros", {2, 0, 3, 0}, [](const Tensor& x) { return x.prod(); });
  check("prod with a zero", {2, 0, 3}, [](const Tensor& x) { return x.prod(); });
  check("where hides no NaN", {0, 4}, [](const Tensor& x) { return torch::where(x > 0, x.sqrt(), x * 2); });
  check("logsumexp -inf", {-inf, 1}, [](const Tensor& x) { return x.logsumexp(0); });
  check("softmax inf", {inf, 1, 2}, [](const Tensor& x) { return torch::softmax(x, 0); });
  check("log_softmax large", {1000, 0, -1000}, [](const Tensor& x) { return torch::log_softmax(x, 0); });
  check("mean of nothing", {}, [](const Tensor& x) { return x.mean(); });
  check("sum of nothing", {}, [](const Tensor& x) { return x.sum(); });
  check("sort ties", {2, 1, 2, 1},
        [](const Tensor& x) { return std::get<0>(x.sort(0)) * torch::arange(4, torch::kFloat64); });
  check("bce at the ends", {0, 1, 0.5, 1e-320}, [](const Tensor& x) {
    return torch::binary_cross_entropy(x, torch::tensor({1.0, 0.0, 0.5, 1.0}, torch::kFloat64));
  });
  check("bce with logits, large", {1000, -1000, 0, 40}, [](const Tensor& x) {
    return torch::binary_cross_entropy_with_logits(x, torch::tensor({1.0, 0.0, 0.5, 1.0}, torch::kFloat64));
  });
}

}  // namespace

void operations(Report& report) {
  derivatives(report);
  conventions(report);
}
