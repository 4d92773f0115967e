// Pointwise operations on 10^6 floats.
#include <string>
#include <vector>

#include "rows.h"

namespace {

using bench::Inputs;
using T = torch::Tensor;
constexpr double kPass = 4e6;  // bytes of one pass over the elements

// Passes over memory: of the forward operation, and of both.
void unary(const char* name, T (*f)(const T&), double low = -2, double high = 2, double both = 5) {
  bench::add({name,
              [=]() {
                return Inputs{bench::uniform({1000, 1000}, 1, low, high)};
              },
              [=](const Inputs& x) { return f(x[0]); },
              {2 * kPass},
              {both * kPass}});
}
void binary(const char* name, T (*f)(const T&, const T&), double low, double high, double both = 8) {
  bench::add({name,
              [=]() {
                return Inputs{bench::uniform({1000, 1000}, 1, low, high), bench::uniform({1000, 1000}, 2, low, high)};
              },
              [=](const Inputs& x) { return f(x[0], x[1]); },
              {3 * kPass},
              {both * kPass}});
}

void add_rows() {
  binary(
      "add", [](const T& x, const T& w) { return x + w; }, -1, 1, 6);
  binary(
      "sub", [](const T& x, const T& w) { return x - w; }, -1, 1, 6);
  binary(
      "mul", [](const T& x, const T& w) { return x * w; }, -1, 1);
  binary(
      "div", [](const T& x, const T& w) { return x / w; }, 0.5, 2);
  binary(
      "maximum", [](const T& x, const T& w) { return torch::maximum(x, w); }, -1, 1);
  binary(
      "pow_tensor", [](const T& x, const T& w) { return torch::pow(x, w); }, 0.5, 2);
  binary(
      "atan2", [](const T& x, const T& w) { return torch::atan2(x, w); }, 0.5, 2);
  binary(
      "where", [](const T& x, const T& w) { return torch::where(x > 0, x, w); }, -1, 1);
  unary(
      "add_number", [](const T& x) { return x + 0.5; }, -2, 2, 4);
  unary(
      "mul_number", [](const T& x) { return x * 0.5; }, -2, 2, 4);
  unary(
      "neg", [](const T& x) { return -x; }, -2, 2, 4);
  unary("abs", [](const T& x) { return torch::abs(x); });
  unary("square", [](const T& x) { return torch::square(x); });
  unary("pow3", [](const T& x) { return torch::pow(x, 3); });
  unary(
      "pow2.5", [](const T& x) { return torch::pow(x, 2.5); }, 0.1, 2);
  unary(
      "reciprocal", [](const T& x) { return torch::reciprocal(x); }, 0.5, 2);
  unary(
      "sqrt", [](const T& x) { return torch::sqrt(x); }, 0.1, 2);
  unary(
      "rsqrt", [](const T& x) { return torch::rsqrt(x); }, 0.1, 2);
  unary("exp", [](const T& x) { return torch::exp(x); });
  unary("expm1", [](const T& x) { return torch::expm1(x); });
  unary(
      "log", [](const T& x) { return torch::log(x); }, 0.1, 2);
  unary(
      "log1p", [](const T& x) { return torch::log1p(x); }, -0.5, 2);
  unary(
      "log2", [](const T& x) { return torch::log2(x); }, 0.1, 2);
  unary("sin", [](const T& x) { return torch::sin(x); });
  unary("cos", [](const T& x) { return torch::cos(x); });
  unary(
      "tan", [](const T& x) { return torch::tan(x); }, -1, 1);
  unary(
      "asin", [](const T& x) { return torch::asin(x); }, -0.9, 0.9);
  unary("atan", [](const T& x) { return torch::atan(x); });
  unary("sinh", [](const T& x) { return torch::sinh(x); });
  unary("cosh", [](const T& x) { return torch::cosh(x); });
  unary("tanh", [](const T& x) { return torch::tanh(x); });
  unary("sigmoid", [](const T& x) { return torch::sigmoid(x); });
  unary("erf", [](const T& x) { return torch::erf(x); });
  unary("relu", [](const T& x) { return torch::relu(x); });
  unary("leaky_relu", [](const T& x) { return torch::leaky_relu(x, 0.01); });
  unary("elu", [](const T& x) { return torch::elu(x); });
  unary("selu", [](const T& x) { return torch::selu(x); });
  unary("gelu", [](const T& x) { return torch::gelu(x); });
  unary("gelu_tanh", [](const T& x) { return torch::gelu(x, "tanh"); });
  unary("silu", [](const T& x) { return torch::silu(x); });
  unary("mish", [](const T& x) { return torch::mish(x); });
  unary("softplus", [](const T& x) { return torch::softplus(x); });
  unary("log_sigmoid", [](const T& x) { return torch::log_sigmoid(x); });
  unary("hardtanh", [](const T& x) { return torch::hardtanh(x); });
  unary(
      "hardswish", [](const T& x) { return torch::hardswish(x); }, -4, 4);
  unary("clamp", [](const T& x) { return torch::clamp(x, -1, 1); });
  unary(
      "floor", [](const T& x) { return torch::floor(x); }, -2, 2, 3);
}
const int registered = (add_rows(), 0);

}  // namespace
