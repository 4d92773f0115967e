// Rows of the operations on one tensor.
#include <cmath>
#include <limits>

#include "table.h"

namespace gradtape::table {

// Function, methods, in-place and out form of one line of GRADTAPE_UNARY_OPS.
#define GRADTAPE_ROW(name, reference) \
  unary(#name, at::name, reference).in_place(&Tensor::name##_).to_out(at::name##_out)

void add_pointwise(std::vector<Row>& rows) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Input positive(uniform(0.1, 3)), apart(away_from_zero());
  const auto add = [&](Row r) { rows.push_back(std::move(r)); };

  add(GRADTAPE_ROW(abs, [](Real x) { return std::fabs(x); })
          .only(kNumbers)
          .draws({apart})
          .convention({{0.0, -0.0}}, {{0, 0}})
          .error([] { abs(Tensor()); }, {"[abs]", "argument 1 is an undefined tensor"}));
  add(GRADTAPE_ROW(exp, [](Real x) { return std::exp(x); }).result(Result::Floating));
  add(GRADTAPE_ROW(log, [](Real x) { return std::log(x); })
          .result(Result::Floating)
          .draws({positive})
          .convention({{0.0}}, {{kInf}}));
  add(GRADTAPE_ROW(sqrt, [](Real x) { return std::sqrt(x); })
          .result(Result::Floating)
          .draws({positive})
          .convention({{0.0}}, {{kInf}}));
  add(GRADTAPE_ROW(square, [](Real x) { return x * x; }).only(kNumbers));
  add(GRADTAPE_ROW(neg, [](Real x) { return -x; })
          .only(kNumbers)
          .saves_nothing()
          .error(
              [] {
                neg(zeros({2, 3}, kBool));
              },
              {"[neg]", "bool[2, 3]", "logical_not"}));
  add(GRADTAPE_ROW(reciprocal, [](Real x) { return 1 / x; }).result(Result::Floating).draws({apart}));
  add(GRADTAPE_ROW(tanh, [](Real x) { return std::tanh(x); }).result(Result::Floating));
  add(GRADTAPE_ROW(sigmoid, [](Real x) { return 1 / (1 + std::exp(-x)); }).result(Result::Floating));
  add(GRADTAPE_ROW(relu, [](Real x) { return std::isnan(x) ? x
                                             : x > 0       ? x
                                                           : 0; })
          .only(kNumbers)
          .draws({apart})
          .convention({{0.0, -0.0}}, {{0, 0}}));
  add(unary(
          "leaky_relu", [](const Tensor& x) { return leaky_relu(x); },
          [](Real x) { return x > 0 ? x : static_cast<Real>(0.01) * x; })
          .only(kFloatingTypes)
          .draws({apart})
          .convention({{0.0, -0.0}}, {{0.01, 0.01}})
          .also({"slope -2", call_one([](const Tensor& x) { return leaky_relu(x, -2); }),
                 elementwise([](const std::vector<Real>& x) { return x[0] > 0 ? x[0] : -2 * x[0]; })})
          .error([] { leaky_relu(zeros({2}, kInt64)); }, {"[leaky_relu]", "int64[2]"}));
  add(unary("logical_not", at::logical_not, [](Real x) -> Real { return x == 0; }).result(Result::Bool).constant());
  add(unary("isnan", at::isnan, [](Real x) -> Real { return std::isnan(x); }).result(Result::Bool).constant());

  const auto clamped = [](Real x, Real low, Real high) { return x < low ? low : x > high ? high : x; };
  add(unary(
          "clamp", [](const Tensor& x) { return clamp(x, -1, 2); }, [=](Real x) { return clamped(x, -1, 2); })
          .only(kNumbers)
          .in_place([](Tensor& x, const Tensors&) { x.clamp_(-1, 2); })
          .convention({{-1, 2, -1.5, 0, 3, nan}}, {{1, 1, 0, 1, 0, 0}})
          .also({"floating bounds",
                 call_one([](const Tensor& x) { return clamp(x, -0.25, 0.75); }),
                 elementwise([=](const std::vector<Real>& x) { return clamped(x[0], -0.25L, 0.75L); }),
                 {},
                 {},
                 kFloat64})
          .also({"only max", call_one([](const Tensor& x) { return clamp(x, nullopt, 1); }),
                 elementwise([=](const std::vector<Real>& x) { return clamped(x[0], -INFINITY, 1); })})
          .error([] { clamp(zeros({2}), nullopt, nullopt); }, {"[clamp]", "min", "max"}));
  add(unary(
          "clamp_min", [](const Tensor& x) { return clamp_min(x, 0); }, [=](Real x) { return clamped(x, 0, INFINITY); })
          .only(kNumbers)
          .in_place([](Tensor& x, const Tensors&) { x.clamp_min_(0); })
          .convention({{0, 1, -1}}, {{1, 1, 0}}));
  add(unary(
          "clamp_max", [](const Tensor& x) { return clamp_max(x, 1); },
          [=](Real x) { return clamped(x, -INFINITY, 1); })
          .only(kNumbers)
          .in_place([](Tensor& x, const Tensors&) { x.clamp_max_(1); })
          .convention({{1, 2, -1}}, {{1, 0, 1}}));

  add(unary(
          "clone", [](const Tensor& x) { return at::clone(x); }, [](Real x) { return x; })
          .saves_nothing());
  add(unary(
          "contiguous", [](const Tensor& x) { return at::contiguous(x); }, [](Real x) { return x; })
          .saves_nothing());
}

}  // namespace gradtape::table
