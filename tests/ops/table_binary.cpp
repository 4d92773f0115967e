// Rows of the operations on two tensors, element by element; where.
#include <cmath>
#include <limits>

#include "table.h"

namespace gradtape::table {
namespace {

Real larger(Real x, Real y) { return std::isnan(x) ? x : std::isnan(y) || y > x ? y : x; }
Real smaller(Real x, Real y) { return std::isnan(x) ? x : std::isnan(y) || y < x ? y : x; }

// A second way to call it, on one tensor and a number.
Sample with_number(std::function<Tensor(const Tensor&)> call, std::function<Real(Real)> reference, ScalarType number) {
  return {number == kInt64 ? "number" : "floating number",
          call_one(std::move(call)),
          elementwise([f = std::move(reference)](const std::vector<Real>& x) { return f(x[0]); }),
          kOne,
          {Input(away_from_zero())},
          number};
}

const auto kMismatch = [](auto f) { return [f] { f(zeros({2, 3}), zeros({4})); }; };

template <class Call, class CallNumber>
Row comparison(std::string op, Call call, CallNumber call_number, std::function<bool(Real, Real)> reference) {
  const std::string bracketed = "[" + op + "]";
  return binary(op, call, [reference](Real x, Real y) -> Real { return reference(x, y); })
      .result(Result::Bool)
      .constant()
      .also(with_number(
          call_number, [reference](Real x) -> Real { return reference(x, 1); }, kInt64))
      .error(kMismatch(call), {bracketed, "[2, 3]", "[4]"});
}

}  // namespace

void add_binary(std::vector<Row>& rows) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto add_row = [&](Row r) { rows.push_back(std::move(r)); };
  const Input apart(away_from_zero()), positive(uniform(0.2, 3));

  const Reference terms = elementwise([](const std::vector<Real>& x) { return std::fabs(x[0]) + 3 * std::fabs(x[1]); });
  const auto plus = [](const Tensor& x, const Tensor& y) { return add(x, y); };
  add_row(binary("add", plus, [](Real x, Real y) { return x + y; })
              .saves_nothing()
              .in_place([](Tensor& x, const Tensors& o) { x.add_(o[0]); })
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
  const auto times = [](const Tensor& x, const Tensor& y) { return mul(x, y); };
  add_row(binary("mul", times, [](Real x, Real y) { return x * y; })
              .in_place([](Tensor& x, const Tensors& o) { x.mul_(o[0]); })
              .also(with_number([](const Tensor& x) { return mul(x, 3); }, [](Real x) { return 3 * x; }, kInt64))
              .also(with_number([](const Tensor& x) { return 0.3 * x; },
                                [](Real x) { return static_cast<Real>(0.3) * x; }, kFloat64))
              .error(kMismatch(times), {"[mul]", "[2, 3]", "[4]"}));
  const auto over = [](const Tensor& x, const Tensor& y) { return div(x, y); };
  add_row(binary("div", over, [](Real x, Real y) { return x / y; })
              .result(Result::Floating)
              .draws({Input(), apart})
              .convention({{0.0}, {1e-310}}, {{kInf}, {0}})
              .in_place([](Tensor& x, const Tensors& o) { x.div_(o[0]); })
              .also(with_number([](const Tensor& x) { return div(x, 3); }, [](Real x) { return x / 3; }, kInt64))
              .also(with_number([](const Tensor& x) { return 2.0 / x; }, [](Real x) { return 2 / x; }, kFloat64))
              .error(kMismatch(over), {"[div]", "[2, 3]", "[4]"}));

  const auto power = [](const Tensor& x, const Tensor& y) { return pow(x, y); };
  add_row(binary("pow", power, [](Real x, Real y) { return std::pow(x, y); })
              .draws({positive, Input(uniform(0, 1.2))})
              .in_place([](Tensor& x, const Tensors& o) { x.pow_(o[0]); })
              .convention({{0, 0, 0, 2}, {0, 2, 1, 0}}, {{0, 0, 1, 0}, {0, 0, 0, std::log(2.0)}})
              .error(kMismatch(power), {"[pow]", "[2, 3]", "[4]"}));
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
                .convention({{1, 2, 3, nan, 1}, {1, 1, 4, 0, nan}}, {{0.5, 1, 0, 1, 1}, {0.5, 0, 1, 1, 1}})
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
                .convention({{1, 2, 3, nan, 1}, {1, 1, 4, 0, nan}}, {{0.5, 0, 1, 1, 1}, {0.5, 1, 0, 1, 1}})
                .error(kMismatch(call), {"[minimum]", "[2, 3]", "[4]"}));
  }

#define GRADTAPE_COMPARISON(name, op)                                                                                 \
  add_row(comparison(                                                                                                 \
      #name, [](const Tensor& x, const Tensor& y) { return name(x, y); }, [](const Tensor& x) { return name(x, 1); }, \
      [](Real x, Real y) { return x op y; }))
  GRADTAPE_COMPARISON(eq, ==);
  GRADTAPE_COMPARISON(ne, !=);
  GRADTAPE_COMPARISON(lt, <);
  GRADTAPE_COMPARISON(le, <=);
  GRADTAPE_COMPARISON(gt, >);
  GRADTAPE_COMPARISON(ge, >=);
#undef GRADTAPE_COMPARISON

  const auto choose = elementwise([](const std::vector<Real>& x) { return x[0] != 0 ? x[1] : x[2]; });
  add_row(row("where", {"",
                        [](const Tensors& x) { return Tensors{where(x[0], x[1], x[2])}; },
                        choose,
                        kThree,
                        {condition(), Input(), Input()}})
              .only(kAllTypes)
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
