// Gradients of one pass are those of the rule in differentiable operations, which a graph of the gradient asks for.

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "gradtape.h"

namespace {

using gradtape::Tensor;
namespace at = gradtape::at;
using Function = std::function<Tensor(const Tensor&)>;

const std::vector<std::pair<const char*, Function>>& functions() {
#define GRADTAPE_ROW(name)                             \
  {                                                    \
#name, [](const Tensor& x) { return at::name(x); } \
  }
  static const std::vector<std::pair<const char*, Function>> rows = {
      GRADTAPE_ROW(abs),
      GRADTAPE_ROW(square),
      GRADTAPE_ROW(reciprocal),
      GRADTAPE_ROW(exp),
      GRADTAPE_ROW(exp2),
      GRADTAPE_ROW(expm1),
      GRADTAPE_ROW(log),
      GRADTAPE_ROW(log1p),
      GRADTAPE_ROW(log2),
      GRADTAPE_ROW(log10),
      GRADTAPE_ROW(sqrt),
      GRADTAPE_ROW(rsqrt),
      GRADTAPE_ROW(sin),
      GRADTAPE_ROW(cos),
      GRADTAPE_ROW(tan),
      GRADTAPE_ROW(asin),
      GRADTAPE_ROW(acos),
      GRADTAPE_ROW(atan),
      GRADTAPE_ROW(sinh),
      GRADTAPE_ROW(cosh),
      GRADTAPE_ROW(tanh),
      GRADTAPE_ROW(asinh),
      GRADTAPE_ROW(acosh),
      GRADTAPE_ROW(atanh),
      GRADTAPE_ROW(sigmoid),
      GRADTAPE_ROW(relu),
      GRADTAPE_ROW(erf),
      GRADTAPE_ROW(erfc),
      GRADTAPE_ROW(log_sigmoid),
      GRADTAPE_ROW(silu),
      GRADTAPE_ROW(mish),
      GRADTAPE_ROW(hardsigmoid),
      GRADTAPE_ROW(hardswish),
      GRADTAPE_ROW(selu),
      GRADTAPE_ROW(relu6),
      {"leaky_relu", [](const Tensor& x) { return at::leaky_relu(x, 0.1); }},
      {"elu", [](const Tensor& x) { return at::elu(x, 1.5, 0.75, 2); }},
      {"celu", [](const Tensor& x) { return at::celu(x, 0.5); }},
      {"gelu", [](const Tensor& x) { return at::gelu(x, "none"); }},
      {"gelu_tanh", [](const Tensor& x) { return at::gelu(x, "tanh"); }},
      {"softplus", [](const Tensor& x) { return at::softplus(x, 2, 3); }},
      {"hardtanh", [](const Tensor& x) { return at::hardtanh(x, -1, 2); }},
      {"hardshrink", [](const Tensor& x) { return at::hardshrink(x, 0.5); }},
      {"softshrink", [](const Tensor& x) { return at::softshrink(x, 0.5); }},
      {"threshold", [](const Tensor& x) { return at::threshold(x, 1, 7); }},
      {"clamp", [](const Tensor& x) { return at::clamp(x, -1, 2); }},
      {"clamp_min", [](const Tensor& x) { return at::clamp_min(x, -1); }},
      {"clamp_max", [](const Tensor& x) { return at::clamp_max(x, 2); }},
  };
#undef GRADTAPE_ROW
  return rows;
}

void check(const char* name, const Function& f, const Tensor& values, const Tensor& g, double tolerance) {
  const Tensor x = values.detach().clone().requires_grad_();
  const Tensor y = f(x);
  const Tensor once = gradtape::autograd::grad({y}, {x}, {g}, true, false)[0];
  const Tensor twice = gradtape::autograd::grad({y}, {x}, {g}, true, true)[0];
  EXPECT_FALSE(once.requires_grad());
  EXPECT_TRUE(twice.sizes() == once.sizes());
  if (!at::allclose(once, twice, tolerance, tolerance / 8, true)) {
    ADD_FAILURE() << name;
    for (std::int64_t i = 0; i < x.numel(); ++i) {
      const double a = once.reshape({-1})[i].item<double>(), b = twice.reshape({-1})[i].item<double>();
      if (!at::allclose(once.reshape({-1})[i], twice.reshape({-1})[i], tolerance, tolerance / 8, true))
        ADD_FAILURE() << "at " << values.reshape({-1})[i].item<double>() << ": " << a << ", not " << b;
    }
  }
}

TEST(OnePass, IsTheRule) {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> v = {0.0, -0.0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 6, 1.5, inf, -inf, nan, 1e7, -1e7, 30, -30, 90};
  for (int i = 0; i < 300; ++i) v.push_back(-7.5 + 0.05 * i + 0.0013);
  const Tensor values = at::tensor(v, gradtape::kFloat64);
  const Tensor g = at::linspace(0.5, 1.5, values.numel(), gradtape::kFloat64);
  for (const auto& f : functions()) {
    check(f.first, f.second, values, g, 4e-15);
    check(f.first, f.second, values.to(gradtape::kFloat32), g.to(gradtape::kFloat32), 2e-6);
    // Gradients that arrive expanded, values that are not in order.
    const Tensor square = values.slice(0, 20, 320).reshape({20, 15});
    check(f.first, f.second, square.t(), at::ones({}, gradtape::kFloat64).expand({15, 20}), 4e-15);
  }
}

}  // namespace
