// Rows of running sums, products and extremes.
#include "table_reduce.h"

namespace gradtape::table {
namespace {

// y_i = f(y_{i-1}, x_i)
std::function<Lists(const List&)> running(std::function<Real(Real, Real)> f) {
  return [f](const List& x) {
    List y;
    for (Real v : x) y.push_back(y.empty() ? v : f(y.back(), v));
    return Lists{y};
  };
}
// The best so far and its place: of equal ones the last; a NaN stays, and gives way to the next NaN.
std::function<Lists(const List&)> best_so_far(int sign) {
  return [sign](const List& x) {
    Lists y(2);
    std::size_t best = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const bool wins = !std::isnan(x[best]) && static_cast<Real>(sign) * x[i] >= static_cast<Real>(sign) * x[best];
      if (std::isnan(x[i]) || wins) best = i;
      y[0].push_back(x[best]);
      y[1].push_back(static_cast<Real>(best));
    }
    return y;
  };
}
Real log_add_exp(Real a, Real b) { return log_sum_exp({a, b}); }

using Scan = std::function<Tensor(const Tensor&, std::int64_t)>;
Row scan(const std::string& op, const Scan& call, std::function<Lists(const List&)> line) {
  return row(op, {"dim -1", call_one([=](const Tensor& x) { return call(x, -1); }), by_line(-1, line), kOne, {Input()}})
      .also({"dim 0", call_one([=](const Tensor& x) { return call(x, 0); }), by_line(0, line), kOne})
      .also({"dim 1", call_one([=](const Tensor& x) { return call(x, 1); }), by_line(1, line), kFromTwo})
      .with_special_values()
      .error(
          [=] {
            call(zeros({2, 3}), 2);
          },
          {"[" + op + "]", "dim 2", "rank 2"});
}

}  // namespace

void add_running(std::vector<Row>& rows) {
  const auto plus = running([](Real a, Real b) { return a + b; });
  const auto times = running([](Real a, Real b) { return a * b; });
  rows.push_back(scan(
                     "cumsum", [](const Tensor& x, std::int64_t d) { return cumsum(x, d); }, plus)
                     .only(kAllTypes)
                     .result(Result::Sum)
                     .sums()
                     .within(301)
                     .saves_nothing());
  rows.push_back(row("cumsum", {"",
                                call_one([](const Tensor& x) { return cumsum(x, 0, kFloat64); }),
                                by_line(0, plus),
                                {{Shape()}, {Shape{7}}, {{3, 5}}},
                                {Input()}})
                     .named("as_float64")
                     .only(kAllTypes)
                     .result(Result::Float64)
                     .sums()
                     .saves_nothing());
  // Integers stay below 2^63: at most 7^22.
  const Input near_one(away_from_zero(0.5, 1.75));
  const std::vector<std::vector<Shape>> few = {{Shape()}, {Shape{0}}, {Shape{1}}, {Shape{7}}, {{3, 5}}, {{2, 0, 3}}};
  rows.push_back(scan(
                     "cumprod", [](const Tensor& x, std::int64_t d) { return cumprod(x, d); }, times)
                     .only(kAllTypes)
                     .result(Result::Sum)
                     .draws({near_one})
                     .within(32)
                     .convention({{2, 0, 3}}, {{1, 8, 0}})
                     .convention({{0, 0, 3}}, {{1, 0, 0}}));
  for (Sample& s : rows.back().samples) s.shapes = few;
  rows.back().samples[2].shapes = {{{3, 5}}, {{2, 3, 4}}, {{4, 1}}, {{2, 0, 3}}, {{2, 20}}};
  rows.push_back(row("cumprod", {"",
                                 call_one([](const Tensor& x) { return cumprod(x, 0); }),
                                 by_line(0, times),
                                 {{Shape{301}}, {{300, 3}}},
                                 {near_one}})
                     .named("of_many")
                     .within(301));
  rows.push_back(
      scan(
          "logcumsumexp", [](const Tensor& x, std::int64_t d) { return logcumsumexp(x, d); }, running(log_add_exp))
          .within(301)
          .cancels()
          .error([] { logcumsumexp(zeros({2}, kInt64), 0); }, {"[logcumsumexp]", "int64[2]"}));
  // The second derivatives with respect to an element that stride 0 repeats cancel, with a rounding of its count.
  for (Sample& sample : rows.back().samples)
    for (auto& shapes : sample.shapes)
      if (shapes[0] == Shape{301}) shapes[0] = Shape{101};
  const auto add_extreme = [&](const std::string& op, auto call, int sign, const std::vector<double>& gradient) {
    const auto both = [=](std::int64_t d) { return call_several([=](const Tensor& x) { return call(x, d); }); };
    rows.push_back(row(op, {"dim -1", both(-1), by_line(-1, best_so_far(sign)), kOne, {Input()}})
                       .only(kAllTypes)
                       .result({Result::Promoted, Result::Int64})
                       .with_special_values()
                       .also({"dim 0", both(0), by_line(0, best_so_far(sign)), kOne})
                       .also({"dim 1", both(1), by_line(1, best_so_far(sign)), kFromTwo})
                       .convention({{2, 1, 1, 2, 3, 0}}, {gradient})
                       .convention({{NAN, 1, NAN}}, {{2, 0, 1}})
                       .error(
                           [=] {
                             both(2)({zeros({2, 3})});
                           },
                           {"[" + op + "]", "dim 2", "rank 2"}));
  };
  add_extreme("cummax", [](const Tensor& x, std::int64_t d) { return cummax(x, d); }, 1, {3, 0, 0, 1, 2, 0});
  add_extreme("cummin", [](const Tensor& x, std::int64_t d) { return cummin(x, d); }, -1, {1, 1, 3, 0, 0, 1});
}

}  // namespace gradtape::table
