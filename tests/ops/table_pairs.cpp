// Rows of rounded quotients and remainders, angles, sums of exponentials, signs, and operations on three tensors.
#include <cmath>
#include <limits>

#include "table.h"

namespace gradtape::table {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN(), kInf = std::numeric_limits<double>::infinity();

Real remainder_of(Real x, Real y) {
  const Real r = std::fmod(x, y);
  return r != 0 && (r < 0) != (y < 0) ? r + y : r;
}
Real floor_of(Real x, Real y) {
  if (y == 0) return x / y;
  const Real r = std::fmod(x, y);
  if (std::isnan(r)) return r;
  return std::floor(x / y) - (r != 0 && (r < 0) != (y < 0) && std::floor(x / y) == x / y ? 1 : 0);
}
Real log_add(Real x, Real y, Real (*power)(Real), Real (*log)(Real)) {
  if (x == y && std::isinf(x)) return x;
  const Real larger = x < y ? y : x, smaller = x < y ? x : y;
  return larger + log(1 + power(smaller - larger));
}
Real larger_number(Real x, Real y) { return x >= y || std::isnan(y) ? x : y; }
Real smaller_number(Real x, Real y) { return x <= y || std::isnan(y) ? x : y; }
Real x_log_y(Real x, Real y) { return std::isnan(y) ? y : x == 0 ? 0 : x * std::log(y); }

void add_division(std::vector<Row>& rows) {
  const auto add_row = [&](Row r) { rows.push_back(std::move(r)); };
  const std::vector<Input> parted = {Input(), Input(away_from_zero(0.3, 2))};
  const auto zero = [](auto f) { return [f] { f(ones({2}, kInt64), zeros({2}, kInt64)); }; };

#define GRADTAPE_ROUNDED(name, mode, reference)                                                    \
  add_row(binary(                                                                                  \
              #name, [](const Tensor& x, const Tensor& y) { return name(x, y, mode); }, reference) \
              .named(mode)                                                                         \
              .checked_by("div")                                                                   \
              .steps()                                                                             \
              .only(kNumbers)                                                                      \
              .draws(parted)                                                                       \
              .in_place([](Tensor& x, const Tensors& o) { x.name##_(o[0], mode); })                \
              .to_out([](Tensor& y, const Tensors& x) { name##_out(y, x[0], x[1], mode); })        \
              .also(with_number([](const Tensor& x) { return name(x, 3, mode); },                  \
                                [](Real x) { return reference(x, 3); }, kInt64))                   \
              .error(zero([](const Tensor& x, const Tensor& y) { name(x, y, mode); }),             \
                     {"[div]", "division by zero", "int64[2]"})                                    \
              .error([] { name(ones({2}, kBool), ones({2}, kBool), mode); }, {"[div]", "bool[2]"}) \
              .error([] { name(ones({2}), ones({2}), "round"); }, {"[div]", "rounding_mode", "\"round\""}))
  GRADTAPE_ROUNDED(div, "floor", floor_of);
  GRADTAPE_ROUNDED(divide, "floor", floor_of);
  const auto trunc_of = [](Real x, Real y) { return std::trunc(x / y); };
  add_row(binary(
              "div", [](const Tensor& x, const Tensor& y) { return x.div(y, "trunc"); }, trunc_of)
              .named("trunc")
              .steps()
              .only(kNumbers)
              .draws(parted)
              .in_place([](Tensor& x, const Tensors& o) { x.div_(o[0], "trunc"); })
              .error(zero([](const Tensor& x, const Tensor& y) { div(x, y, "trunc"); }), {"[div]", "int64[2]"}));
  add_row(GRADTAPE_PAIR_ROW(floor_divide, floor_divide, floor_of)
              .steps()
              .only(kNumbers)
              .draws(parted)
              .also(with_number([](const Tensor& x) { return floor_divide(x, 3); },
                                [](Real x) { return floor_of(x, 3); }, kInt64))
              .error(zero([](const Tensor& x, const Tensor& y) { floor_divide(x, y); }),
                     {"[floor_divide]", "division by zero", "int64[2]"}));

  // The gradient in y at multiples of y is that of the quotient there.
  add_row(GRADTAPE_PAIR_ROW(fmod, fmod, [](Real x, Real y) { return std::fmod(x, y); })
              .only(kNumbers)
              .draws(parted)
              .convention({{7.5, -7.5, 6, 1}, {2, 2, 3, 0}}, {{1, 1, 1, 1}, {-3, 3, -2, -kInf}})
              .also(with_number([](const Tensor& x) { return fmod(x, 3); }, [](Real x) { return std::fmod(x, 3.0L); },
                                kInt64))
              .error(zero([](const Tensor& x, const Tensor& y) { fmod(x, y); }), {"[fmod]", "division by zero"})
              .error([] { fmod(ones({2}, kBool), ones({1}, kBool)); }, {"[fmod]", "bool[2]", "bool[1]"}));
  add_row(
      GRADTAPE_PAIR_ROW(remainder, remainder, remainder_of)
          .only(kNumbers)
          .draws(parted)
          .convention({{7.5, -7.5, 7.5, -7.5, 6, 1}, {2, 2, -2, -2, 3, 0}},
                      {{1, 1, 1, 1, 1, 1}, {-3, 4, 4, -3, -2, -kInf}})
          .also(with_number([](const Tensor& x) { return x % 3; }, [](Real x) { return remainder_of(x, 3); }, kInt64))
          .error(zero([](const Tensor& x, const Tensor& y) { remainder(x, y); }), {"[remainder]", "division by zero"}));
  add_row(row("remainder", with_number([](const Tensor& x) { return 5.5 % x; },
                                       [](Real x) { return remainder_of(5.5L, x); }, kFloat64))
              .named("of_number"));
}

void add_functions(std::vector<Row>& rows) {
  const auto add_row = [&](Row r) { rows.push_back(std::move(r)); };
  const Input apart(away_from_zero()), positive(uniform(0.2, 3));

  const auto angle = [](Real y, Real x) { return std::atan2(y, x); };
  add_row(GRADTAPE_PAIR_ROW(atan2, atan2, angle)
              .result(Result::Floating)
              .draws({apart, apart})
              .convention({{0, 1, 0}, {1, 0, 0}}, {{1, 0, kNan}, {0, -1, kNan}}));
  add_row(GRADTAPE_PAIR_ROW(arctan2, atan2, angle).result(Result::Floating).draws({apart, apart}));
  add_row(GRADTAPE_PAIR_ROW(hypot, hypot, [](Real x, Real y) { return std::hypot(x, y); })
              .only(kFloatingTypes)
              .draws({apart, apart})
              .convention({{0, 3, 0}, {0, 4, 2}}, {{kNan, 0.6, 0}, {kNan, 0.8, 1}})
              .error([] { hypot(ones({2}, kInt64), ones({2}, kBool)); }, {"[hypot]", "int64[2]", "bool[2]"}));
  add_row(GRADTAPE_PAIR_ROW(ldexp, mul, [](Real x, Real y) { return x * std::exp2(y); })
              .result(Result::Floating)
              .saved_by("")
              .checked_by("ldexp")
              .draws({Input(), Input(uniform(-2, 2))}));

  const auto of_two = [](const char* name, auto call, auto reference) {
    return binary(name, call, reference).error([call] { call(zeros({2, 3}), zeros({4})); }, {"[2, 3]", "[4]"});
  };
  // The larger one and the logarithm cancel where the result is near 0.
  const auto terms = elementwise([](const std::vector<Real>& x) { return 1 + std::fabs(x[0]) + std::fabs(x[1]); });
  Row sum_of_e = of_two(
                     "logaddexp", [](const Tensor& x, const Tensor& y) { return x.logaddexp(y); },
                     [](Real x, Real y) { return log_add(x, y, std::exp, std::log); })
                     .only(kFloatingTypes)
                     .to_out(logaddexp_out)
                     .convention({{kInf, -kInf, -kInf, 1000, kInf}, {kInf, -kInf, 3, 0, 1}},
                                 {{kNan, kNan, 0, 1, 1}, {kNan, kNan, 1, 0, 0}})
                     .error([] { logaddexp(ones({2}, kInt64), ones({2}, kBool)); }, {"[logaddexp]", "int64", "bool"});
  sum_of_e.samples[0].magnitude = terms;
  add_row(std::move(sum_of_e));
  Row sum_of_2 = of_two(
                     "logaddexp2", [](const Tensor& x, const Tensor& y) { return x.logaddexp2(y); },
                     [](Real x, Real y) { return log_add(x, y, std::exp2, std::log2); })
                     .only(kFloatingTypes)
                     .to_out(logaddexp2_out)
                     .convention({{kInf, -kInf, -kInf}, {kInf, -kInf, 3}}, {{kNan, kNan, 0}, {kNan, kNan, 1}});
  sum_of_2.samples[0].magnitude = terms;
  add_row(std::move(sum_of_2));
  add_row(of_two(
              "fmax", [](const Tensor& x, const Tensor& y) { return fmax(x, y); }, larger_number)
              .to_out(fmax_out)
              .convention({{1, 2, kNan, 1}, {1, 1, 2, kNan}}, {{1, 1, 0, 1}, {0, 0, 1, 0}}));
  add_row(of_two(
              "fmin", [](const Tensor& x, const Tensor& y) { return fmin(x, y); }, smaller_number)
              .to_out(fmin_out)
              .convention({{1, 2, kNan, 1}, {1, 1, 2, kNan}}, {{1, 0, 0, 1}, {0, 1, 1, 0}}));

  add_row(GRADTAPE_PAIR_ROW(xlogy, xlogy, x_log_y)
              .result(Result::Floating)
              .draws({Input(), positive})
              .convention({{0, 0, 0, 1, 2, 0}, {0, 1, kNan, 0, 3, -1}},
                          {{0, 0, kNan, -kInf, std::log(3.0), 0}, {kNan, 0, kNan, kInf, 2.0 / 3, 0}})
              .also(with_number([](const Tensor& x) { return xlogy(x, 2.0); },
                                [](Real x) { return x * std::log(2.0L); }, kFloat64)));
  add_row(row("xlogy", with_number([](const Tensor& x) { return xlogy(2.0, x); },
                                   [](Real x) { return 2 * std::log(x); }, kFloat64))
              .named("of_number")
              .draws({positive})
              .convention({{0, 1}}, {{kInf, 2}}));

  // Only the first has a gradient.
  add_row(binary(
              "copysign", [](const Tensor& x, const Tensor& y) { return x.copysign(y); },
              [](Real x, Real y) { return std::copysign(x, y); })
              .only({kFloat64})
              .draws({apart, Input(away_from_zero(), kFloat64)})
              .in_place(&Tensor::copysign_)
              .to_out(copysign_out)
              .error(
                  [] {
                    copysign(zeros({2, 3}), zeros({4}));
                  },
                  {"[copysign]", "[2, 3]", "[4]"}));
  add_row(row("copysign", with_number([](const Tensor& x) { return copysign(x, -2.0); },
                                      [](Real x) { return -std::fabs(x); }, kFloat64))
              .named("number")
              .only(kAllTypes)
              .convention({{1, -1, 0, 2}}, {{-1, 1, 0, -1}}));
  Row jump = GRADTAPE_PAIR_ROW(heaviside, heaviside,
                               [](Real x, Real y) { return x == 0  ? y
                                                           : x > 0 ? 1
                                                                   : static_cast<Real>(0); })
                 .steps()
                 .draws({apart, Input()})
                 .convention({{-1, 0, 1, 0}, {5, 6, 7, 8}}, {{0, 0, 0, 0}, {0, 1, 0, 1}})
                 .error([] { heaviside(ones({2}), ones({3}, kFloat64)); }, {"[heaviside]", "float32[2]", "float64[3]"});
  jump.saving = true;  // where x is 0, values has a gradient
  add_row(std::move(jump));

  const auto power = [](Real x, Real y) { return std::pow(x, y); };
  add_row(GRADTAPE_PAIR_ROW(float_power, pow, power)
              .checked_by("float_power")
              .only({kFloat64})
              .draws({positive, Input()})
              .convention({{2, 0, 0}, {3, 0, 2}}, {{12, 0, 0}, {8 * std::log(2.0), 0, 0}}));
}

void add_three(std::vector<Row>& rows) {
  const auto add_row = [&](Row r) { rows.push_back(std::move(r)); };
  const Input weight(uniform(0, 1)), apart(away_from_zero());
  const auto sizes = elementwise([](const std::vector<Real>& x) { return std::fabs(x[0]) + std::fabs(x[1]); });
  add_row(row("lerp", scaled({"",
                              [](const Tensors& x) { return Tensors{lerp(x[0], x[1], x[2])}; },
                              elementwise([](const std::vector<Real>& x) { return x[0] + x[2] * (x[1] - x[0]); }),
                              kThree,
                              {Input(), Input(), weight}},
                             sizes))
              .in_place([](Tensor& x, const Tensors& o) { x.lerp_(o[0], o[1]); })
              .to_out([](Tensor& y, const Tensors& x) { lerp_out(y, x[0], x[1], x[2]); })
              .also(scaled({"number",
                            call_two([](const Tensor& x, const Tensor& y) { return x.lerp(y, 0.3); }),
                            elementwise([](const std::vector<Real>& x) {
                              return x[0] + static_cast<Real>(0.3) * (x[1] - x[0]);
                            }),
                            kTwo,
                            {Input(), Input()}},
                           sizes))
              .error([] { lerp(ones({2}), ones({3}), 0.5); }, {"[lerp]", "[2]", "[3]"})
              .error([] { lerp(ones({2}), ones({2}, kFloat64), 0.5); }, {"[lerp]", "float32[2]", "float64[2]"})
              .error([] { lerp(ones({2}, kInt64), ones({2}, kInt64), 0.5); }, {"[lerp]", "int64[2]"}));

  add_row(row("addcmul", scaled({"",
                                 [](const Tensors& x) { return Tensors{addcmul(x[0], x[1], x[2], 3)}; },
                                 elementwise([](const std::vector<Real>& x) { return x[0] + 3 * x[1] * x[2]; }),
                                 kThree,
                                 {Input(), Input(), Input()}},
                                elementwise([](const std::vector<Real>& x) {
                                  return std::fabs(x[0]) + std::fabs(3 * x[1] * x[2]);
                                })))
              .only(kNumbers)
              .in_place([](Tensor& x, const Tensors& o) { x.addcmul_(o[0], o[1], 3); })
              .to_out([](Tensor& y, const Tensors& x) { addcmul_out(y, x[0], x[1], x[2], 3); })
              .error([] { addcmul(ones({2}), ones({3}), ones({2})); }, {"[addcmul]", "[2]", "[3]"})
              .error([] { addcmul(ones({2}, kBool), ones({2}, kBool), ones({2}, kBool)); }, {"[addcmul]", "bool[2]"}));
  add_row(row("addcdiv", scaled({"",
                                 [](const Tensors& x) { return Tensors{addcdiv(x[0], x[1], x[2], 3)}; },
                                 elementwise([](const std::vector<Real>& x) { return x[0] + 3 * x[1] / x[2]; }),
                                 kThree,
                                 {Input(), Input(), apart}},
                                elementwise([](const std::vector<Real>& x) {
                                  return std::fabs(x[0]) + std::fabs(3 * x[1] / x[2]);
                                })))
              .in_place([](Tensor& x, const Tensors& o) { x.addcdiv_(o[0], o[1], 3); })
              .to_out([](Tensor& y, const Tensors& x) { addcdiv_out(y, x[0], x[1], x[2], 3); })
              .error([] { addcdiv(ones({2}), ones({3}), ones({2})); }, {"[addcdiv]", "[2]", "[3]"})
              .error([] { addcdiv(ones({2}), ones({2}, kInt64), ones({2}, kInt32)); },
                     {"[addcdiv]", "int64[2]", "int32[2]"}));
}

}  // namespace

void add_pairs(std::vector<Row>& rows) {
  add_division(rows);
  add_functions(rows);
  add_three(rows);
}

}  // namespace gradtape::table
