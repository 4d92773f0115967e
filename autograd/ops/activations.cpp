// Activations of neural networks, element by element.
#include "autograd/ops/pointwise_common.h"

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

namespace {
constexpr double kSqrtHalf = 0.70710678118654752440, kGauss = 0.39894228040143267794;  // (2 pi)^(-1/2)
// sigmoid(2 u) = (1 + tanh u) / 2 for u = (2 / pi)^(1/2) (x + 0.044715 x^3)
constexpr double kTwoRootTwoOverPi = 1.59576912160573071176, kCubic = 0.044715;

Tensor silu_slope(const Tensor& x) {
  const Tensor s = sigmoid(x);
  return s * (1 + x * (1 - s));
}
// d(x t)/dx for t = tanh(ln(1 + e^x))
Tensor mish_slope(const Tensor& x) {
  const Tensor t = tanh(-log_sigmoid(-x));
  return t + x * sigmoid(x) * (1 - square(t));
}
Tensor hardswish_grad(const Tensor& g, const Tensor& x) {
  return where(x < -3, 0, where(x >= 3, g, g * (x / 3 + 0.5)));
}
}  // namespace

// clang-format off
GRADTAPE_UNARY_FUNCTION(log_sigmoid, real, x, log_sigmoid_backward, g * sigmoid(-x))
GRADTAPE_UNARY_FUNCTION(silu,        real, x, silu_backward,        g * silu_slope(x))
GRADTAPE_UNARY_FUNCTION(mish,        real, x, mish_backward,        g * mish_slope(x))
GRADTAPE_UNARY_FUNCTION(hardsigmoid, real, x, hardsigmoid_backward, where((x > -3) * (x < 3), g / 6, 0))
GRADTAPE_UNARY_FUNCTION(hardswish,   real, x, hardswish_backward,   hardswish_grad(g, x))
// clang-format on

Tensor leaky_relu(const Tensor& self, const Scalar& negative_slope) {
  const double slope = negative_slope.toDouble();
  return mapped("leaky_relu", kernels::leaky_relu, Kind::real, Reads::x, self, {slope}, level_run::leaky_relu_backward,
                [](const Tensor& g, const Tensor& x, Params p) { return where(x > 0, g, g * p.a); });
}
GRADTAPE_INPLACE(leaky_relu, x, (const Scalar& negative_slope), (negative_slope))
GRADTAPE_OUT(leaky_relu, (const Scalar& negative_slope), (negative_slope))

namespace {

// scale x above 0, alpha scale (e^(input_scale x) - 1) below.
Tensor exponential_unit(const char* op, const Tensor& self, double alpha, double scale, double input_scale) {
  return mapped(op, kernels::elu, Kind::real, Reads::x, self, {alpha * scale, scale, input_scale},
                level_run::elu_backward, [](const Tensor& g, const Tensor& x, Params p) {
                  // Bounded above, for where() does not hide an infinity of the branch not taken from its own rule.
                  const Tensor e = exp(clamp_max(x, 0) * p.c);
                  return g * where(x <= 0, e * (p.a * p.c), p.b);
                });
}
constexpr double kSeluAlpha = 1.67326324235437728482, kSeluScale = 1.05070098735548049342;

}  // namespace

Tensor elu(const Tensor& self, const Scalar& alpha, const Scalar& scale, const Scalar& input_scale) {
  return exponential_unit("elu", self, alpha.toDouble(), scale.toDouble(), input_scale.toDouble());
}
GRADTAPE_INPLACE(elu, x, (const Scalar& alpha, const Scalar& scale, const Scalar& input_scale),
                 (alpha, scale, input_scale))
GRADTAPE_OUT(elu, (const Scalar& alpha, const Scalar& scale, const Scalar& input_scale), (alpha, scale, input_scale))

Tensor selu(const Tensor& self) { return exponential_unit("selu", self, kSeluAlpha, kSeluScale, 1); }
Tensor& selu_(Tensor& self) {
  return inplace("selu_", self, {}, true, [](const Tensor& t) { return at::selu(t); });
}

Tensor celu(const Tensor& self, const Scalar& alpha) {
  const double a = alpha.toDouble();
  check<ValueError>(a != 0, "celu", "alpha must not be 0");
  return exponential_unit("celu", self, a, 1, 1 / a);
}
GRADTAPE_INPLACE(celu, x, (const Scalar& alpha), (alpha))
GRADTAPE_OUT(celu, (const Scalar& alpha), (alpha))

Tensor gelu(const Tensor& self, std::string_view approximate) {
  check<ValueError>(approximate == "none" || approximate == "tanh", "gelu", "approximate must be none or tanh, got ",
                    std::string(approximate));
  if (approximate == "tanh") {
    return mapped("gelu", kernels::gelu_tanh, Kind::real, Reads::x, self, {}, level_run::gelu_tanh_backward,
                  [](const Tensor& g, const Tensor& x, Params) {
                    const Tensor s = sigmoid(kTwoRootTwoOverPi * (x + kCubic * (x * square(x))));
                    return g * (s + x * s * (1 - s) * (kTwoRootTwoOverPi * (1 + 3 * kCubic * square(x))));
                  });
  }
  return mapped("gelu", kernels::gelu, Kind::real, Reads::x, self, {}, level_run::gelu_backward,
                [](const Tensor& g, const Tensor& x, Params) {
                  return g * (0.5 * erfc(x * -kSqrtHalf) + x * (kGauss * exp(-0.5 * square(x))));
                });
}
GRADTAPE_INPLACE(gelu, x, (std::string_view approximate), (approximate))
GRADTAPE_OUT(gelu, (std::string_view approximate), (approximate))

Tensor softplus(const Tensor& self, const Scalar& beta, const Scalar& threshold) {
  const double b = beta.toDouble(), t = threshold.toDouble();
  return mapped("softplus", kernels::softplus, Kind::real, Reads::x, self, {b, t}, level_run::softplus_backward,
                [](const Tensor& g, const Tensor& x, Params p) {
                  const Tensor z = x * p.a;
                  return g * where(z > p.b, 1, sigmoid(z));
                });
}
GRADTAPE_OUT(softplus, (const Scalar& beta, const Scalar& threshold), (beta, threshold))

namespace {

Tensor bounded(const char* op, const Tensor& self, double low, double high) {
  check_defined(op, self);
  check<ValueError>(type_of(self) != kUInt8 || low >= 0, op, "uint8 has no value as low as ", low, ": ", self);
  return mapped(op, kernels::hardtanh, Kind::numbers, Reads::x, self, {low, high}, level_run::hardtanh_backward,
                [](const Tensor& g, const Tensor& x, Params p) { return where((x <= p.a) + (x >= p.b), 0, g); });
}

}  // namespace

Tensor hardtanh(const Tensor& self, const Scalar& min_val, const Scalar& max_val) {
  return bounded("hardtanh", self, min_val.toDouble(), max_val.toDouble());
}
GRADTAPE_INPLACE(hardtanh, x, (const Scalar& min_val, const Scalar& max_val), (min_val, max_val))
GRADTAPE_OUT(hardtanh, (const Scalar& min_val, const Scalar& max_val), (min_val, max_val))

Tensor relu6(const Tensor& self) { return bounded("relu6", self, 0, 6); }
Tensor& relu6_(Tensor& self) {
  return inplace("relu6_", self, {}, true, [](const Tensor& t) { return at::relu6(t); });
}

namespace {

// Nothing within [-lambd, lambd].
Tensor shrunk(const char* op, UnaryKernel* kernel, const Tensor& self, const Scalar& lambd) {
  const double l = lambd.toDouble();
  return mapped(op, kernel, Kind::real, Reads::x, self, {l}, level_run::shrink_backward,
                [](const Tensor& g, const Tensor& x, Params p) { return where((x >= -p.a) * (x <= p.a), 0, g); });
}

}  // namespace

Tensor hardshrink(const Tensor& self, const Scalar& lambd) {
  return shrunk("hardshrink", kernels::hardshrink, self, lambd);
}
GRADTAPE_OUT(hardshrink, (const Scalar& lambd), (lambd))

Tensor softshrink(const Tensor& self, const Scalar& lambd) {
  check<ValueError>(lambd.toDouble() >= 0, "softshrink", "lambd must be at least 0, got ", lambd);
  return shrunk("softshrink", kernels::softshrink, self, lambd);
}
GRADTAPE_OUT(softshrink, (const Scalar& lambd), (lambd))

Tensor threshold(const Tensor& self, const Scalar& threshold, const Scalar& value) {
  const double t = threshold.toDouble();
  return mapped("threshold", kernels::threshold, Kind::numbers, Reads::x, self, {t, value.toDouble()},
                level_run::threshold_backward,
                [](const Tensor& g, const Tensor& x, Params p) { return threshold_backward(g, x, p.a); });
}
GRADTAPE_INPLACE(threshold, x, (const Scalar& threshold, const Scalar& value), (threshold, value))
GRADTAPE_OUT(threshold, (const Scalar& threshold, const Scalar& value), (threshold, value))

Tensor softsign(const Tensor& self) {
  check_defined("softsign", self);
  return self / (abs(self) + 1);
}
Tensor tanhshrink(const Tensor& self) {
  check_defined("tanhshrink", self);
  return self - tanh(self);
}

Tensor glu(const Tensor& self, std::int64_t dim) {
  check_defined("glu", self);
  check_floating("glu", self);
  check(self.dim() > 0, "glu", "need at least one dimension, got ", self);
  const std::int64_t n = self.size(wrap_dim("glu", dim, self.dim()));
  check(n % 2 == 0, "glu", "the size in dim ", dim, " must be even to be halved: ", self);
  return narrow(self, dim, 0, n / 2) * sigmoid(narrow(self, dim, n / 2, n / 2));
}
GRADTAPE_OUT(glu, (std::int64_t dim), (dim))

Tensor prelu(const Tensor& self, const Tensor& weight) {
  check_defined("prelu", self, weight);
  if (mixed(self, weight)) return prelu(verified(self), verified(weight));
  check_floating("prelu", self);
  const std::int64_t channels = self.dim() > 1 ? self.size(1) : 1;
  check(weight.dim() <= 1 && (weight.numel() == 1 || weight.numel() == channels) && type_of(weight) == type_of(self),
        "prelu", "weight must be one slope or a slope for each of the ", channels, " channels (dim 1) of self ", self,
        ", of its dtype; got ", weight);
  Shape spread(self.dim() > 1 ? shape_of(self).size() : 0, 1);
  if (self.dim() > 1) spread[1] = weight.numel();
  const Tensor w = reshape(weight, spread);
  Tensor y = new_tensor(shape_of(self), type_of(self));
  kernels::prelu(array_of(y), array_of(self), array_of(w), {});
  if (auto r = record("prelu", y, {self, w})) {
    r.save(self);
    r.save(w, r.needs(0));
    r.rule([](Sweep& s) {
      const Tensor x = s.saved(0);
      if (s.needs(0)) s[0] = where(x > 0, s.g, s.g * s.saved(1));
      if (s.needs(1)) s[1] = s.g * clamp_max(x, 0);
    });
  }
  return y;
}
Tensor& prelu_out(Tensor& out, const Tensor& self, const Tensor& weight) {
  return store_out("prelu_out", out, prelu(self, weight));
}

}  // namespace gradtape::at
