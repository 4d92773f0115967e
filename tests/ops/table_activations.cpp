// Rows of the activations of neural networks.
#include <cmath>
#include <limits>

#include "table.h"

#ifdef GRADTAPE_ON_LIBTORCH
// What libtorch has elsewhere, and the one in-place form it lacks.
namespace gradtape {
using torch::nn::functional::softsign;
using torch::nn::functional::tanhshrink;
namespace at {
inline Tensor& log_sigmoid_(Tensor& self) { return self.copy_(log_sigmoid(self)); }
}  // namespace at
}  // namespace gradtape
#endif

namespace gradtape::table {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
const double kNan = std::numeric_limits<double>::quiet_NaN();

Real sigmoid_of(Real x) { return 1 / (1 + std::exp(-x)); }
Real softplus_of(Real x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }
Real bounded(Real x, Real low, Real high) { return x < low ? low : x > high ? high : x; }
Real gelu_of(Real x) { return x * std::erfc(-x / std::sqrt(2.0L)) / 2; }
Real gelu_tanh_of(Real x) {
  const Real u = std::sqrt(2 / std::acos(-1.0L)) * (x + 0.044715L * x * x * x);
  return x / (1 + std::exp(-2 * u));
}

void add_smooth(const std::function<void(Row)>& add) {
  add(GRADTAPE_ROW(sigmoid, sigmoid_of).result(Result::Floating));
  add(GRADTAPE_FUNCTION_ROW(log_sigmoid, [](Real x) { return -softplus_of(-x); })
          .to_out(log_sigmoid_out)
          .error([] { log_sigmoid(zeros({2}, kInt64)); }, {"[log_sigmoid]", "int64[2]"}));
  add(GRADTAPE_FUNCTION_ROW(silu, [](Real x) { return x * sigmoid_of(x); }).to_out(silu_out));
  add(GRADTAPE_FUNCTION_ROW(mish, [](Real x) { return x * std::tanh(softplus_of(x)); }).to_out(mish_out));
  // e^(-x^2 / 2) multiplies the rounding of x / sqrt(2) by x^2.
  add(unary(
          "gelu", [](const Tensor& x) { return gelu(x); }, gelu_of)
          .only(kFloatingTypes)
          .within(16)
          .in_place([](Tensor& x, const Tensors&) { gelu_(x); })
          .to_out([](Tensor& y, const Tensor& x) -> Tensor& { return gelu_out(y, x); })
          .error([] { gelu(zeros({2}, kInt64)); }, {"[gelu]", "int64[2]"})
          .error([] { gelu(zeros({2}), "erf"); }, {"[gelu]", "none or tanh", "erf"}));
  add(unary(
          "gelu", [](const Tensor& x) { return gelu(x, "tanh"); }, gelu_tanh_of)
          .named("tanh")
          .only(kFloatingTypes)
          .within(16)
          .in_place([](Tensor& x, const Tensors&) { gelu_(x, "tanh"); }));
  add(unary(
          "softplus", [](const Tensor& x) { return softplus(x); }, softplus_of)
          .only(kFloatingTypes)
          .to_out([](Tensor& y, const Tensor& x) -> Tensor& { return softplus_out(y, x); })
          .also({"beta 2, threshold 1", call_one([](const Tensor& x) { return softplus(x, 2, 1); }),
                 elementwise(
                     [](const std::vector<Real>& x) { return x[0] > 0.5L ? x[0] : softplus_of(2 * x[0]) / 2; })}));
  add(unary("softsign", softsign, [](Real x) { return x / (1 + std::fabs(x)); })
          .only(kFloatingTypes)
          .draws({Input(away_from_zero())})
          .saved_by(""));
  Row shrink = unary("tanhshrink", tanhshrink, [](Real x) { return x - std::tanh(x); });
  shrink.samples[0] = scaled(shrink.samples[0], [](const Plains& x) { return x; });
  add(std::move(shrink).only(kFloatingTypes).saves_nothing());
}

void add_piecewise(const std::function<void(Row)>& add) {
  const Input apart(away_from_zero()), wide(away_from_zero(0.6, 5));
  add(GRADTAPE_ROW(relu, [](Real x) { return x < 0 ? 0 : x; })
          .only(kNumbers)
          .draws({apart})
          .convention({{0.0, -0.0, kNan}}, {{0, 0, 1}})
          .error([] { relu(zeros({2}, kBool)); }, {"[relu]", "bool[2]"}));
  add(GRADTAPE_FUNCTION_ROW(leaky_relu, [](Real x) { return x > 0 ? x : static_cast<Real>(0.01) * x; })
          .draws({apart})
          .convention({{0.0, -0.0, kNan}}, {{0.01, 0.01, 0.01}})
          .to_out([](Tensor& y, const Tensor& x) -> Tensor& { return leaky_relu_out(y, x); })
          .also({"slope -2", call_one([](const Tensor& x) { return leaky_relu(x, -2); }),
                 elementwise([](const std::vector<Real>& x) { return x[0] > 0 ? x[0] : -2 * x[0]; })})
          .error([] { leaky_relu(zeros({2}, kInt64)); }, {"[leaky_relu]", "int64[2]"}));

  const auto exponential = [](Real x, Real alpha, Real scale, Real input_scale) {
    return scale * (x > 0 ? x : alpha * std::expm1(input_scale * x));
  };
  const double selu_scale = 1.0507009873554804934193349852946, selu_alpha = 1.6732632423543772848170429916717;
  add(GRADTAPE_FUNCTION_ROW(elu, [=](Real x) { return exponential(x, 1, 1, 1); })
          .draws({apart})
          .convention({{0.0, kInf, -kInf, kNan}}, {{1, 1, 0, 1}})
          .to_out([](Tensor& y, const Tensor& x) -> Tensor& { return elu_out(y, x); })
          .also({"alpha 1/2, scale 2, input scale 3", call_one([](const Tensor& x) { return elu(x, 0.5, 2, 3); }),
                 elementwise([=](const std::vector<Real>& x) { return exponential(x[0], 0.5L, 2, 3); })})
          .error([] { elu(zeros({2}, kInt64)); }, {"[elu]", "int64[2]"}));
  add(GRADTAPE_FUNCTION_ROW(selu, [=](Real x) { return exponential(x, selu_alpha, selu_scale, 1); })
          .draws({apart})
          .convention({{0.0, 1.0}}, {{selu_alpha * selu_scale, selu_scale}}));
  add(GRADTAPE_FUNCTION_ROW(celu, [=](Real x) { return exponential(x, 1, 1, 1); })
          .draws({apart})
          .convention({{0.0, 1.0}}, {{1, 1}})
          .to_out([](Tensor& y, const Tensor& x) -> Tensor& { return celu_out(y, x); })
          .also({"alpha 1/2", call_one([](const Tensor& x) { return celu(x, 0.5); }),
                 elementwise([=](const std::vector<Real>& x) { return exponential(x[0], 0.5L, 1, 2); })})
          .error([] { celu(zeros({2}), 0); }, {"[celu]", "alpha"}));

  add(unary(
          "hardtanh", [](const Tensor& x) { return hardtanh(x, 0, 2); }, [](Real x) { return bounded(x, 0, 2); })
          .only(kNumbers)
          .draws({wide})
          .in_place([](Tensor& x, const Tensors&) { hardtanh_(x, 0, 2); })
          .to_out([](Tensor& y, const Tensor& x) -> Tensor& { return hardtanh_out(y, x, 0, 2); })
          .convention({{0, 2, 1, 3, kNan}}, {{0, 0, 1, 0, 1}})
          .error([] { hardtanh(zeros({2}, kUInt8)); }, {"[hardtanh]", "uint8[2]", "-1"})
          .error([] { hardtanh(zeros({2}, kBool), 0, 1); }, {"[hardtanh]", "bool[2]"}));
  add(unary(
          "hardtanh", [](const Tensor& x) { return hardtanh(x); }, [](Real x) { return bounded(x, -1, 1); })
          .named("default")
          .only({kFloat32, kFloat64, kInt64})
          .draws({Input(away_from_zero(0.1, 0.9))})
          .convention({{-1, 1, 0}}, {{0, 0, 1}}));
  add(unary("relu6", relu6, [](Real x) { return bounded(x, 0, 6); })
          .only(kNumbers)
          .draws({Input(away_from_zero(0.1, 9))})
          .in_place([](Tensor& x, const Tensors&) { relu6_(x); })
          .convention({{0, 6, 3, kNan}}, {{0, 0, 1, 1}}));
  add(GRADTAPE_FUNCTION_ROW(hardsigmoid, [](Real x) { return bounded(x + 3, 0, 6) / 6; })
          .draws({wide})
          .to_out(hardsigmoid_out)
          .convention({{-3, 3, kNan}}, {{0, 0, 0}}));
  add(GRADTAPE_FUNCTION_ROW(hardswish, [](Real x) { return x * bounded(x + 3, 0, 6) / 6; })
          .draws({wide})
          .to_out(hardswish_out)
          .convention({{-3, 3, kNan}}, {{-0.5, 1, kNan}}));
  add(unary(
          "hardshrink", [](const Tensor& x) { return hardshrink(x); },
          [](Real x) { return std::fabs(x) <= 0.5L ? 0 : x; })
          .only(kFloatingTypes)
          .draws({wide})
          .to_out([](Tensor& y, const Tensor& x) -> Tensor& { return hardshrink_out(y, x); })
          .convention({{-0.5, 0.5, 0, kNan}}, {{0, 0, 0, 1}})
          .also({"lambd 2", call_one([](const Tensor& x) { return x.hardshrink(2); }),
                 elementwise([](const std::vector<Real>& x) { return std::fabs(x[0]) <= 2 ? 0 : x[0]; })}));
  const auto shrunk = [](Real x, Real l) { return x > l ? x - l : x < -l ? x + l : 0; };
  add(unary(
          "softshrink", [](const Tensor& x) { return softshrink(x); }, [=](Real x) { return shrunk(x, 0.5L); })
          .only(kFloatingTypes)
          .draws({wide})
          .to_out([](Tensor& y, const Tensor& x) -> Tensor& { return softshrink_out(y, x); })
          .convention({{-0.5, 0.5, 0, kNan}}, {{0, 0, 0, 1}})
          .also({"lambd 2", call_one([](const Tensor& x) { return softshrink(x, 2); }),
                 elementwise([=](const std::vector<Real>& x) { return shrunk(x[0], 2); })})
          .error([] { softshrink(zeros({2}), -1); }, {"[softshrink]", "lambd", "-1"}));
  add(unary(
          "threshold", [](const Tensor& x) { return threshold(x, 1, 7); }, [](Real x) { return x <= 1 ? 7 : x; })
          .only(kNumbers)
          .draws({wide})
          .in_place([](Tensor& x, const Tensors&) { threshold_(x, 1, 7); })
          .to_out([](Tensor& y, const Tensor& x) -> Tensor& { return threshold_out(y, x, 1, 7); })
          .convention({{1, 2, kNan}}, {{0, 1, 1}}));
}

const std::vector<std::vector<Shape>> kEvenLast = {{Shape{2}}, {{3, 4}}, {{2, 0, 6}}, {{2, 3, 8}}};
const std::vector<std::vector<Shape>> kEvenFirst = {{Shape{4}}, {{2, 5}}, {{6, 3, 2}}};
const std::vector<std::vector<Shape>> kChannels = {{Shape(), Shape{1}},  {Shape{7}, Shape{1}},  {{3, 5}, Shape{5}},
                                                   {{3, 5}, Shape()},    {{2, 3, 4}, Shape{3}}, {{2, 0, 4}, Shape{1}},
                                                   {{17, 19}, Shape{19}}};

// x times the sigmoid of the other half.
Plain glu_of(const Plain& x, std::size_t dim) {
  Shape half;
  for (std::size_t d = 0; d < x.sizes.size(); ++d) half.push_back(d == dim ? x.sizes[d] / 2 : x.sizes[d]);
  Plain y(half);
  std::int64_t k = 0;
  for_each_index(half, [&](Shape index) {
    const Real a = x.at(index);
    index[dim] += half[dim];
    y[k++] = a * sigmoid_of(x.at(index));
  });
  return y;
}

Plains prelu_of(const Plains& x) {
  Plain y(x[0].sizes);
  std::int64_t k = 0;
  for_each_index(y.sizes, [&](const Shape& index) {
    const Real w = x[1].numel() == 1 ? x[1][0] : x[1][index[1]], v = x[0].at(index);
    y[k++] = v > 0 ? v : w * v;
  });
  return {y};
}

}  // namespace

void add_activations(std::vector<Row>& rows) {
  const auto add = [&](Row r) { rows.push_back(std::move(r)); };
  add_smooth(add);
  add_piecewise(add);
  Sample last{"last",
              call_one([](const Tensor& x) { return glu(x); }),
              [](const Plains& x) { return Plains{glu_of(x[0], x[0].sizes.size() - 1)}; },
              kEvenLast,
              {Input()}};
  Sample first{"dim 0", call_one([](const Tensor& x) { return glu(x, 0); }),
               [](const Plains& x) { return Plains{glu_of(x[0], 0)}; }, kEvenFirst};
  add(row("glu", last)
          .also(first)
          .saved_by("")
          .to_out([](Tensor& y, const Tensor& x) -> Tensor& { return glu_out(y, x); })
          .error(
              [] {
                glu(zeros({3, 5}));
              },
              {"[glu]", "even", "float32[3, 5]"})
          .error([] { glu(zeros({4}, kInt64)); }, {"[glu]", "int64[4]"})
          .error([] { glu(zeros(Shape())); }, {"[glu]", "at least one dimension"}));
  Sample channels{"",
                  call_two([](const Tensor& x, const Tensor& w) { return prelu(x, w); }),
                  prelu_of,
                  kChannels,
                  {Input(away_from_zero()), Input()}};
  Row slopes = row("prelu", channels);
  slopes.out = [](Tensor& y, const Tensors& x) { prelu_out(y, x[0], x[1]); };
  add(std::move(slopes)
          .convention({{0.0, -0.0, 1, kInf, kNan}, {0.25}}, {{0.25, 0.25, 1, 1, 0.25}, {kNan}})
          .error(
              [] {
                prelu(zeros({2, 3}), zeros({2}));
              },
              {"[prelu]", "float32[2, 3]", "float32[2]", "3 channels"})
          .error([] { prelu(zeros({2}, kInt64), zeros({1})); }, {"[prelu]", "int64[2]"}));
}

}  // namespace gradtape::table
