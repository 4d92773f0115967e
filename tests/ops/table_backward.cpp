// Rows of the derivatives that are operations of their own.
#include <cmath>

#include "table.h"

namespace gradtape::table {

void add_backward(std::vector<Row>& rows) {
  std::vector<std::vector<Shape>> same;
  for (const std::vector<Shape>& s : kOne) same.push_back({s[0], s[0]});
  const auto add = [&](const char* op, Tensor (*call)(const Tensor&, const Tensor&), const Draw& value,
                       std::function<Real(Real, Real)> f) {
    rows.push_back(row(op, {"",
                            call_two(call),
                            elementwise([f](const std::vector<Real>& x) { return f(x[0], x[1]); }),
                            same,
                            {Input(), Input(value)}})
                       .only(kFloatingTypes)
                       .error([call] { call(zeros({2}), zeros({3})); }, {std::string("[") + op, "[2]", "[3]"})
                       .error([call] { call(zeros({2}), zeros({2}, kFloat64)); }, {"float32[2]", "float64[2]"}));
    rows.back().is_pointwise = true;
    // y lies within -1 and 1; beyond, its square may overflow.
    rows.back().samples[0].magnitude =
        elementwise([](const std::vector<Real>& x) { return std::fabs(x[0]) * (1 + x[1] * x[1]); });
  };
  // Constant in its second argument.
  rows.push_back(
      unary(
          "threshold_backward",
          [](const Tensor& x) { return threshold_backward(x, x.defined() ? x.detach() : x, 0.5); },
          [](Real x) { return x <= 0.5L ? 0 : x; })
          .only(kFloatingTypes)
          .draws({Input([](Generator& g) { return 0.5 + away_from_zero()(g); })})
          .convention({{0.5, 1}}, {{0, 1}})
          .error([] { threshold_backward(zeros({2}), zeros({3}), 0); }, {"[threshold_backward]", "[2]", "[3]"}));
  add("sigmoid_backward", sigmoid_backward, uniform(0.05, 0.95), [](Real g, Real y) { return g * y * (1 - y); });
  add("tanh_backward", tanh_backward, uniform(-0.9, 0.9), [](Real g, Real y) { return g * (1 - y * y); });
}

}  // namespace gradtape::table
