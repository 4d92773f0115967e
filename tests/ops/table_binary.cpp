// Rows of sums, products, quotients and powers of two tensors; maximum, minimum, where.
#include <cmath>
#include <limits>

#include "table.h"

namespace gradtape::table {
namespace {

Real larger(Real x, Real y) { return std::isnan(x) ? x : std::isnan(y) || y > x ? y : x; }
Real smaller(Real x, Real y) { return std::isnan(x) ? x : std::isnan(y) || y < x ? y : x; }

const double kNan = std::numeric_limits<double>::quiet_NaN();

const auto kMismatch = [](auto f) { return [f] { f(zeros({2, 3}), zeros({4})); }; };

}  // namespace

void add_binary(std::vector<Row>& rows) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  const auto add_row = [&](Row r) { rows.push_back(std::move(r)); };
  const Input apart(away_from_zero()), positive(uniform(0.2, 3));

  const Reference terms = elementwise([](const std::vector<Real>& x) { return std::fabs(x[0]) + 3 * std::fabs(x[1]); });
  const auto plus = [](const Tensor& x, const Tensor& y) { return add(x, y); };
  add_row(binary("add", plus, [](Real x, Real y) { return x + y; })
              .saves_nothing()
              .in_place([](Tensor& x, const Tensors& o) { x.add_(o[0]); })
              .to_out([](Tensor& y, const Tensors& x) { add_out(y, x[0], x[1]); })
              .also(scaled({"alpha", call_two([](const Tensor& x, const Tensor& y) { return add(x, y, 3); }),
                            elementwise([](const std::vector<Real>& x) { return x[0] + 3 * x[1]; })},
                           terms))
              .also(with_number([](const Tensor& x) { return add(x, 2, 3); }, [](Real x) { return x + 6; }, kInt64))
              .also(with_number([](const Tensor& x) { return 0.5 + x; }, [](Real x) { return x + 0.5L; }, kFloat64))
              .error(kMismatch(plus), {"[add]", "[2, 3]", "[4]"}));
  const auto minus = [](const Tensor& x, const Tensor& y) { return sub(x, y); };
  add_row(binary("sub", minus, [](Real x, Real y) { return x - y; })
              .only(kNumbers)
              .saves_nothing()
              .in_place([](Tensor& x, const Tensors& o) { x.sub_(o[0]); })
              .to_out([](Tensor& y, const Tensors& x) { sub_out(y, x[0], x[1]); })
              .also(scaled({"alpha", call_two([](const Tensor& x, const Tensor& y) { return sub(x, y, 3); }),
                            elementwise([](const std::vector<Real>& x) { return x[0] - 3 * x[1]; })},
                           terms))
              .also(with_number([](const Tensor& x) { return sub(x, 2, 3); }, [](Real x) { return x - 6; }, kInt64))
              .also(with_number([](const Tensor& x) { return 0.5 - x; }, [](Real x) { return 0.5L - x; }, kFloat64))
              .error(kMismatch(minus), {"[sub]", "[2, 3]", "[4]"})
              .error(
                  [] {
                    sub(zeros({2}, kBool), zeros({3, 1}, kBool));
                  },
                  {"[sub]", "bool[2]", "bool[3, 1]"})
              .error([] { sub(zeros({2}), zeros({2}, kBool)); }, {"[sub]", "float32[2]", "bool[2]"})
              .error([] { 1 - zeros({2}, kBool); }, {"[sub]", "bool[2]"}));
  add_row(binary(
              "subtract", [](const Tensor& x, const Tensor& y) { return subtract(x, y); },
              [](Real x, Real y) { return x - y; })
              .only(kNumbers)
              .saves_nothing()
              .checked_by("sub")
              .in_place([](Tensor& x, const Tensors& o) { x.subtract_(o[0]); })
              .to_out([](Tensor& y, const Tensors& x) { subtract_out(y, x[0], x[1]); })
              .also(with_number([](const Tensor& x) { return x.subtract(2); }, [](Real x) { return x - 2; }, kInt64)));
  add_row(binary(
              "rsub", [](const Tensor& x, const Tensor& y) { return rsub(x, y); }, [](Real x, Real y) { return y - x; })
              .only(kNumbers)
              .saves_nothing()
              .checked_by("sub")
              .to_out([](Tensor& y, const Tensors& x) { rsub_out(y, x[0], x[1]); }));
  add_row(row("rsub", with_number([](const Tensor& x) { return rsub(x, 2); }, [](Real x) { return 2 - x; }, kInt64))
              .named("number")
              .only(kNumbers)
              .saves_nothing()
              .also(scaled(
                  with_number([](const Tensor& x) { return rsub(x, 2, 3); }, [](Real x) { return 2 - 3 * x; }, kInt64),
                  elementwise([](const std::vector<Real>& x) { return 2 + 3 * std::fabs(x[0]); }))));
#define GRADTAPE_PRODUCT(name)                                                                                     \
  add_row(GRADTAPE_PAIR_ROW(name, mul, [](Real x, Real y) { return x * y; })                                       \
              .also(with_number([](const Tensor& x) { return name(x, 3); }, [](Real x) { return 3 * x; }, kInt64)) \
              .also(with_number([](const Tensor& x) { return 0.3 * x; },                                           \
                                [](Real x) { return static_cast<Real>(0.3) * x; }, kFloat64)))
  GRADTAPE_PRODUCT(mul);
  GRADTAPE_PRODUCT(multiply);
#define GRADTAPE_RATIO(name)                                                                                       \
  add_row(GRADTAPE_PAIR_ROW(name, div, [](Real x, Real y) { return x / y; })                                       \
              .result(Result::Floating)                                                                            \
              .draws({Input(), apart})                                                                             \
              .convention({{0.0}, {1e-310}}, {{kInf}, {0}})                                                        \
              .also(with_number([](const Tensor& x) { return name(x, 3); }, [](Real x) { return x / 3; }, kInt64)) \
              .also(with_number([](const Tensor& x) { return 2.0 / x; }, [](Real x) { return 2 / x; }, kFloat64)))
  GRADTAPE_RATIO(div);
  GRADTAPE_RATIO(divide);
  GRADTAPE_RATIO(true_divide);

  add_row(GRADTAPE_PAIR_ROW(pow, pow, [](Real x, Real y) { return std::pow(x, y); })
              .draws({positive, Input(uniform(0, 1.2))})
              .convention({{0, 0, 0, 2}, {0, 2, 1, 0}}, {{0, 0, 1, 0}, {0, 0, 0, std::log(2.0)}}));
  // A negative base has a derivative in x only, at integer exponents.
  const auto to_the = [&](double n) {
    return with_number([n](const Tensor& x) { return pow(x, n); },
                       [n](Real x) { return std::pow(x, static_cast<Real>(n)); }, kFloat64);
  };
  const auto labelled = [](std::string label, Sample s) {
    s.label = std::move(label);
    return s;
  };
  add_row(
      row("pow",
          labelled("2", with_number([](const Tensor& x) { return pow(x, 2); }, [](Real x) { return x * x; }, kInt64)))
          .named("number")
          .only(kAllTypes)
          .in_place([](Tensor& x, const Tensors&) { x.pow_(2); })
          .convention({{0.0}}, {{0}})
          .also(labelled("0", with_number([](const Tensor& x) { return pow(x, 0); }, [](Real) { return 1; }, kInt64)))
          .also(labelled("1", with_number([](const Tensor& x) { return pow(x, 1); }, [](Real x) { return x; }, kInt64)))
          .also(labelled(
              "3", with_number([](const Tensor& x) { return pow(x, 3); }, [](Real x) { return x * x * x; }, kInt64)))
          .also(labelled("5.0", to_the(5)))
          .also(labelled("-1.0", to_the(-1)))
          .also(labelled("-3.0", to_the(-3)))
          .error([] { pow(zeros({2}, kInt64), -1); }, {"[pow]", "int64[2]", "-1"}));
  add_row(row("pow", labelled("0.5", to_the(0.5)))
              .named("real")
              .only(kAllTypes)
              .draws({positive})
              .also(labelled("-1.5", to_the(-1.5)))
              .also(labelled("2.5", to_the(2.5)))
              .draws({positive}));
  add_row(row("pow", labelled("2.0", with_number([](const Tensor& x) { return pow(2.0, x); },
                                                 [](Real x) { return std::pow(2.0L, x); }, kFloat64)))
              .named("base")
              .only(kAllTypes)
              .draws({Input(uniform(-2, 2))})
              .convention({{0.0, 1.0}}, {{std::log(2.0), 2 * std::log(2.0)}}));

  for (const char* name : {"maximum", "max"}) {
    const bool is_method = std::string(name) == "maximum";
    const auto call = is_method ? [](const Tensor& x, const Tensor& y) { return maximum(x, y); }
                                : [](const Tensor& x, const Tensor& y) { return max(x, y); };
    add_row(binary(name, call, larger)
                .named(is_method ? "" : "of_two")
                .saved_by("maximum")
                .checked_by("maximum")
                .to_out(maximum_out)
                .convention({{1, 2, 3, kNan, 1}, {1, 1, 4, 1, kNan}}, {{0.5, 1, 0, 1, 1}, {0.5, 0, 1, 1, 1}})
                .error(kMismatch(call), {"[maximum]", "[2, 3]", "[4]"}));
  }
  for (const char* name : {"minimum", "min"}) {
    const bool is_method = std::string(name) == "minimum";
    const auto call = is_method ? [](const Tensor& x, const Tensor& y) { return minimum(x, y); }
                                : [](const Tensor& x, const Tensor& y) { return min(x, y); };
    add_row(binary(name, call, smaller)
                .named(is_method ? "" : "of_two")
                .saved_by("minimum")
                .checked_by("minimum")
                .to_out(minimum_out)
                .convention({{1, 2, 3, kNan, 1}, {1, 1, 4, 1, kNan}}, {{0.5, 0, 1, 1, 1}, {0.5, 1, 0, 1, 1}})
                .error(kMismatch(call), {"[minimum]", "[2, 3]", "[4]"}));
  }

  const auto choose = elementwise([](const std::vector<Real>& x) { return x[0] != 0 ? x[1] : x[2]; });
  add_row(row("where", {"",
                        [](const Tensors& x) { return Tensors{where(x[0], x[1], x[2])}; },
                        choose,
                        kThree,
                        {condition(), Input(), Input()}})
              .only(kAllTypes)
              .to_out([](Tensor& y, const Tensors& x) { where_out(y, x[0], x[1], x[2]); })
              .also({"number below",
                     [](const Tensors& x) { return Tensors{where(x[0], x[1], 2)}; },
                     elementwise([](const std::vector<Real>& x) { return x[0] != 0 ? x[1] : 2; }),
                     kTwo,
                     {condition(), Input()},
                     kInt64})
              .also({"number above",
                     [](const Tensors& x) { return Tensors{where(x[0], 0.5, x[1])}; },
                     elementwise([](const std::vector<Real>& x) { return x[0] != 0 ? 0.5L : x[1]; }),
                     kTwo,
                     {condition(), Input()},
                     kFloat64})
              .error([] { where(zeros({2}), zeros({2}), zeros({2})); }, {"[where]", "bool", "float32[2]"})
              .error([] { where(zeros({2}, kBool), zeros({3}), zeros({3})); }, {"[where]", "[2]", "[3]"})
              .error([] { where(zeros({3}, kBool), zeros({3}), zeros({2})); }, {"[where]", "[3]", "[2]"}));
}

}  // namespace gradtape::table
