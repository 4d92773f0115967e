// Rows of the elementary operations on one tensor.
#include <cmath>
#include <limits>

#include "table.h"

#ifdef GRADTAPE_ON_LIBTORCH
// The one out form that libtorch lacks.
namespace gradtape::at {
inline Tensor& isfinite_out(Tensor& out, const Tensor& self) {
  return out.resize_(self.sizes()).copy_(self.isfinite());
}
}  // namespace gradtape::at
#endif

namespace gradtape::table {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
const double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr Real kPi = 3.14159265358979323846264338327950288L;

void add_elementary(const std::function<void(Row)>& add) {
  // In-place forms are checked at twice the inputs as well.
  const Input positive(uniform(0.1, 3)), apart(away_from_zero()), below_half(uniform(-0.45, 0.45));

  add(GRADTAPE_ROW(abs, [](Real x) { return std::fabs(x); })
          .only(kNumbers)
          .draws({apart})
          .convention({{0.0, -0.0, kNan}}, {{0, 0, 0}})
          .error([] { abs(Tensor()); }, {"[abs]", "argument 1 is an undefined tensor"})
          .error([] { abs(zeros({2}, kBool)); }, {"[abs]", "bool[2]"}));
  add(GRADTAPE_ROW(neg, [](Real x) { return -x; })
          .only(kNumbers)
          .saves_nothing()
          .error(
              [] {
                neg(zeros({2, 3}, kBool));
              },
              {"[neg]", "bool[2, 3]", "logical_not"}));
  add(GRADTAPE_ROW(square, [](Real x) { return x * x; }).only(kNumbers));
  add(GRADTAPE_ROW(reciprocal, [](Real x) { return 1 / x; }).result(Result::Floating).draws({apart}));
  add(unary("positive", at::positive, [](Real x) { return x; })
          .only(kNumbers)
          .saves_nothing()
          .error([] { at::positive(zeros({2}, kBool)); }, {"[positive]", "bool[2]"}));

  const auto floating = [&](Row r) { add(std::move(r).result(Result::Floating)); };
  floating(GRADTAPE_ROW(exp, [](Real x) { return std::exp(x); }));
  floating(GRADTAPE_ROW(exp2, [](Real x) { return std::exp2(x); }));
  floating(GRADTAPE_ROW(expm1, [](Real x) { return std::expm1(x); }));
  floating(GRADTAPE_ROW(log, [](Real x) { return std::log(x); }).draws({positive}).convention({{0.0}}, {{kInf}}));
  floating(GRADTAPE_ROW(log1p, [](Real x) { return std::log1p(x); }).draws({Input(uniform(-0.45, 3))}));
  floating(GRADTAPE_ROW(log2, [](Real x) { return std::log2(x); }).draws({positive}).convention({{0.0}}, {{kInf}}));
  floating(GRADTAPE_ROW(log10, [](Real x) { return std::log10(x); }).draws({positive}).convention({{0.0}}, {{kInf}}));
  floating(GRADTAPE_ROW(sqrt, [](Real x) { return std::sqrt(x); }).draws({positive}).convention({{0.0}}, {{kInf}}));
  floating(GRADTAPE_ROW(rsqrt, [](Real x) { return 1 / std::sqrt(x); })
               .draws({positive})
               .convention({{0.0, -0.0}}, {{-kInf, kInf}}));
  floating(GRADTAPE_ROW(sin, [](Real x) { return std::sin(x); }));
  floating(GRADTAPE_ROW(cos, [](Real x) { return std::cos(x); }));
  floating(GRADTAPE_ROW(tan, [](Real x) { return std::tan(x); }).draws({Input(uniform(-1.2, 1.2))}));
  floating(GRADTAPE_ROW(asin, [](Real x) { return std::asin(x); })
               .draws({below_half})
               .convention({{1, -1, 2}}, {{kInf, kInf, kNan}}));
  floating(GRADTAPE_ROW(acos, [](Real x) { return std::acos(x); })
               .draws({below_half})
               .convention({{1, -1, 2}}, {{-kInf, -kInf, kNan}}));
  floating(GRADTAPE_ROW(atan, [](Real x) { return std::atan(x); }));
  floating(GRADTAPE_ROW(sinh, [](Real x) { return std::sinh(x); }));
  floating(GRADTAPE_ROW(cosh, [](Real x) { return std::cosh(x); }));
  floating(GRADTAPE_ROW(tanh, [](Real x) { return std::tanh(x); }));
  floating(GRADTAPE_ROW(asinh, [](Real x) { return std::asinh(x); }));
  floating(GRADTAPE_ROW(acosh, [](Real x) { return std::acosh(x); })
               .draws({Input(uniform(1.1, 4))})
               .convention({{1}}, {{kInf}}));
  floating(GRADTAPE_ROW(atanh, [](Real x) { return std::atanh(x); })
               .draws({below_half})
               .convention({{1, -1}}, {{kInf, kInf}}));
  floating(GRADTAPE_ROW(deg2rad, [](Real x) { return x * kPi / 180; }).saves_nothing());
  floating(GRADTAPE_ROW(rad2deg, [](Real x) { return x * 180 / kPi; }).saves_nothing());

  const auto alias = [&](Row r, const std::string& original) {
    floating(std::move(r).checked_by(original).saved_by(original));
  };
  alias(GRADTAPE_ROW(arcsin, [](Real x) { return std::asin(x); }).draws({below_half}), "asin");
  alias(GRADTAPE_ROW(arccos, [](Real x) { return std::acos(x); }).draws({below_half}), "acos");
  alias(GRADTAPE_ROW(arctan, [](Real x) { return std::atan(x); }), "atan");
  alias(GRADTAPE_ROW(arcsinh, [](Real x) { return std::asinh(x); }), "asinh");
  alias(GRADTAPE_ROW(arccosh, [](Real x) { return std::acosh(x); }).draws({Input(uniform(1.1, 4))}), "acosh");
  alias(GRADTAPE_ROW(arctanh, [](Real x) { return std::atanh(x); }).draws({below_half}), "atanh");
  add(GRADTAPE_ROW(absolute, [](Real x) { return std::fabs(x); })
          .only(kNumbers)
          .draws({apart})
          .checked_by("abs")
          .saved_by("abs"));
  add(GRADTAPE_ROW(negative, [](Real x) { return -x; }).only(kNumbers).saves_nothing().checked_by("neg"));
}

Real sign_of(Real x) { return static_cast<Real>(x > 0) - static_cast<Real>(x < 0); }

void add_rounding(const std::function<void(Row)>& add) {
  const Input apart(away_from_zero()), between([](Generator&g) {
    // Away from halves and whole numbers.
    return std::trunc(4 * g.normal()) + 0.05 + 0.4 * g.uniform() + (g.uniform() < 0.5 ? 0.5 : 0);
  });
  const auto step = [&](Row r) { add(std::move(r).draws({between}).only(kNumbers).steps()); };
  step(GRADTAPE_ROW(floor, [](Real x) { return std::floor(x); })
           .convention({{0, 1, kInf}}, {{0, 0, 0}})
           .error([] { floor(zeros({2}, kBool)); }, {"[floor]", "bool[2]"}));
  step(GRADTAPE_ROW(ceil, [](Real x) { return std::ceil(x); }));
  step(GRADTAPE_ROW(trunc, [](Real x) { return std::trunc(x); }));
  step(GRADTAPE_ROW(fix, [](Real x) { return std::trunc(x); }).checked_by("trunc"));
  step(GRADTAPE_ROW(round, [](Real x) { return std::nearbyint(x); }));
  step(GRADTAPE_ROW(sign, sign_of).convention({{0, kNan}}, {{0, 0}}));
  step(GRADTAPE_ROW(sgn, sign_of).checked_by("sign"));
  const auto to_tenths = [](Real x) { return std::nearbyint(10 * x) / 10; };
  add(unary(
          "round", [](const Tensor& x) { return round(x, 1); }, to_tenths)
          .named("decimals")
          .only(kFloatingTypes)
          .draws({Input(uniform(0.31, 0.34))})
          .steps()
          .in_place([](Tensor& x, const Tensors&) { x.round_(1); })
          .also({"to tens", call_one([](const Tensor& x) { return x.round(-1); }),
                 elementwise([](const std::vector<Real>& x) { return std::nearbyint(x[0] / 10) * 10; })})
          .also({"to whole numbers", call_one([](const Tensor& x) { return round(x, 0); }),
                 elementwise([](const std::vector<Real>& x) { return std::nearbyint(x[0]); })})
          .error([] { round(zeros({2}, kInt64), 1); }, {"[round]", "int64[2]"}));
  add(GRADTAPE_ROW(frac, [](Real x) { return std::isinf(x) ? NAN : x - std::trunc(x); })
          .draws({between})
          .only(kFloatingTypes)
          .saves_nothing()
          .convention({{0, 1, -2}}, {{1, 1, 1}})
          .error([] { frac(zeros({2}, kInt64)); }, {"[frac]", "int64[2]"}));

  const auto finite = [](Real x, Real nan, Real high, Real low) {
    return std::isnan(x) ? nan : x == INFINITY ? high : x == -INFINITY ? low : x;
  };
  // The largest number is another one in float32, which the cast of the reference gives when it is too large.
  add(unary(
          "nan_to_num", [](const Tensor& x) { return nan_to_num(x, 2, 3, -4); },
          [=](Real x) { return finite(x, 2, 3, -4); })
          .in_place([](Tensor& x, const Tensors&) { x.nan_to_num_(2, 3, -4); })
          .to_out([](Tensor& y, const Tensor& x) -> Tensor& { return nan_to_num_out(y, x, 2, 3, -4); })
          .convention({{kNan, kInf, -kInf, 1}}, {{0, 0, 0, 1}})
          .also({"only NaN by default", call_one([](const Tensor& x) { return x.nan_to_num(nullopt, 1, -1); }),
                 elementwise([=](const std::vector<Real>& x) { return finite(x[0], 0, 1, -1); })}));

  const auto test = [&](Row r) { add(std::move(r).result(Result::Bool).constant()); };
  test(unary("isnan", at::isnan, [](Real x) -> Real { return std::isnan(x); }).to_out(at::isnan_out));
  test(unary("isinf", at::isinf, [](Real x) -> Real { return std::isinf(x); }).to_out(at::isinf_out));
  test(unary("isfinite", at::isfinite, [](Real x) -> Real { return std::isfinite(x); }).to_out(at::isfinite_out));
  test(unary("isposinf", at::isposinf, [](Real x) -> Real { return x == INFINITY; }).to_out(at::isposinf_out));
  test(unary("isneginf", at::isneginf, [](Real x) -> Real { return x == -INFINITY; }).to_out(at::isneginf_out));
  test(unary("isreal", at::isreal, [](Real) -> Real { return 1; }));
  test(unary("signbit", at::signbit, [](Real x) -> Real { return std::signbit(x); }).to_out(at::signbit_out));
  test(unary("logical_not", at::logical_not, [](Real x) -> Real { return x == 0; })
           .in_place(&Tensor::logical_not_)
           .to_out(at::logical_not_out));
}

void add_clamp(const std::function<void(Row)>& add) {
  const auto clamped = [](Real x, Real low, Real high) { return x < low ? low : x > high ? high : x; };
  add(unary(
          "clamp", [](const Tensor& x) { return clamp(x, -1, 2); }, [=](Real x) { return clamped(x, -1, 2); })
          .only(kNumbers)
          .in_place([](Tensor& x, const Tensors&) { clamp_(x, -1, 2); })
          .to_out([](Tensor& y, const Tensor& x) -> Tensor& { return clamp_out(y, x, -1, 2); })
          .convention({{-1, 2, -1.5, 0, 3, kNan}}, {{1, 1, 0, 1, 0, 0}})
          .also({"floating bounds",
                 call_one([](const Tensor& x) { return clamp(x, -0.25, 0.75); }),
                 elementwise([=](const std::vector<Real>& x) { return clamped(x[0], -0.25L, 0.75L); }),
                 {},
                 {},
                 kFloat64})
          .also({"only max", call_one([](const Tensor& x) { return clamp(x, nullopt, 1); }),
                 elementwise([=](const std::vector<Real>& x) { return clamped(x[0], -INFINITY, 1); })})
          .also({"crossed", call_one([](const Tensor& x) { return clamp(x, 2, 1); }),
                 elementwise([=](const std::vector<Real>& x) { return std::isnan(x[0]) ? x[0] : 1; })})
          .error([] { clamp(zeros({2}), optional<Scalar>(), nullopt); }, {"[clamp]", "min", "max"}));
  add(unary(
          "clip", [](const Tensor& x) { return clip(x, -1, 2); }, [=](Real x) { return clamped(x, -1, 2); })
          .only(kNumbers)
          .in_place([](Tensor& x, const Tensors&) { clip_(x, -1, 2); })
          .to_out([](Tensor& y, const Tensor& x) -> Tensor& { return clip_out(y, x, -1, 2); })
          .saved_by("clamp")
          .checked_by("clamp"));
  add(unary(
          "clamp_min", [](const Tensor& x) { return clamp_min(x, 0); }, [=](Real x) { return clamped(x, 0, INFINITY); })
          .only(kNumbers)
          .in_place([](Tensor& x, const Tensors&) { clamp_min_(x, 0); })
          .to_out([](Tensor& y, const Tensor& x) -> Tensor& { return clamp_min_out(y, x, 0); })
          .convention({{0, 1, -1}}, {{1, 1, 0}}));
  add(unary(
          "clamp_max", [](const Tensor& x) { return clamp_max(x, 1); },
          [=](Real x) { return clamped(x, -INFINITY, 1); })
          .only(kNumbers)
          .in_place([](Tensor& x, const Tensors&) { clamp_max_(x, 1); })
          .to_out([](Tensor& y, const Tensor& x) -> Tensor& { return clamp_max_out(y, x, 1); })
          .convention({{1, 2, -1}}, {{1, 0, 1}}));

  // Bounds that are tensors; NaN anywhere is the result, but of the upper bound last.
  const auto larger = [](Real x, Real y) { return std::isnan(x) || x >= y ? x : y; };
  const auto smaller = [](Real x, Real y) { return std::isnan(x) || x <= y ? x : y; };
  Row both = row("clamp", {"",
                           [](const Tensors& x) { return Tensors{clamp(x[0], x[1], x[2])}; },
                           elementwise([=](const std::vector<Real>& x) { return smaller(larger(x[0], x[1]), x[2]); }),
                           kThree,
                           {Input(), Input(), Input()}});
  both.is_pointwise = true;
  add(std::move(both)
          .named("between_tensors")
          .only(kNumbers)
          .in_place([](Tensor& x, const Tensors& bounds) { x.clamp_(bounds[0], bounds[1]); })
          .convention({{0, 1, 2, -1, -1, 5}, {0, 0, 0, 0, 3, 3}, {2, 2, 2, 2, 1, 1}},
                      {{1, 1, 1, 0, 0, 0}, {0, 0, 0, 1, 0, 0}, {0, 0, 0, 0, 1, 1}})
          .error([] { clamp(zeros({2}), optional<Tensor>(), nullopt); }, {"[clamp]", "min", "max"}));
  add(binary(
          "clamp_min", [](const Tensor& x, const Tensor& low) { return clamp_min(x, low); }, larger)
          .named("tensor")
          .only(kNumbers)
          .in_place([](Tensor& x, const Tensors& low) { x.clamp_min_(low[0]); })
          .convention({{0, 1, -1}, {0, 0, 0}}, {{1, 1, 0}, {0, 0, 1}}));
  add(binary(
          "clamp_max", [](const Tensor& x, const Tensor& high) { return clamp_max(x, high); }, smaller)
          .named("tensor")
          .only(kNumbers)
          .in_place([](Tensor& x, const Tensors& high) { x.clamp_max_(high[0]); })
          .convention({{0, 1, -1}, {0, 0, 0}}, {{1, 0, 1}, {0, 1, 0}}));
}

}  // namespace

void add_pointwise(std::vector<Row>& rows) {
  const auto add = [&](Row r) { rows.push_back(std::move(r)); };
  add_elementary(add);
  add_rounding(add);
  add_clamp(add);
  add(unary(
          "clone", [](const Tensor& x) { return at::clone(x); }, [](Real x) { return x; })
          .saves_nothing());
  add(unary(
          "contiguous", [](const Tensor& x) { return at::contiguous(x); }, [](Real x) { return x; })
          .saves_nothing());
}

}  // namespace gradtape::table
