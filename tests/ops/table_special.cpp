// Rows of the error and gamma functions, and of the inverse of the sigmoid.
#include <cmath>
#include <limits>

#include "table.h"

namespace gradtape::table {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
const double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr Real kPi = 3.14159265358979323846264338327950288L;

// By bisection, which needs the error function only.
Real erfinv_of(Real y) {
  if (std::isnan(y) || std::fabs(y) > 1) return NAN;
  if (std::fabs(y) == 1) return y * INFINITY;
  if (std::fabs(y) < 1e-10L) return y * std::sqrt(kPi) / 2;
  Real low = 0, high = 10;
  const Real target = std::fabs(y);
  for (int i = 0; i < 200; ++i) {
    const Real mid = (low + high) / 2;
    const bool below = target < 0.5L ? std::erf(mid) < target : std::erfc(mid) > 1 - target;
    (below ? low : high) = mid;
  }
  return std::copysign((low + high) / 2, y);
}

// n-th derivative of ln gamma(x) less its first (-1)^(n+1) n! zeta(n + 1, x), by 200 terms and an asymptotic tail.
Real polygamma_of(int n, Real x) {
  if (std::isnan(x)) return x;
  if (x == INFINITY) return n == 0 ? x : 0;
  if (x == -INFINITY || (n == 0 && x < 0 && x == std::floor(x))) return n == 0 ? NAN : n % 2 ? INFINITY : -INFINITY;
  if (x <= 0 && x == std::floor(x)) return n == 0 ? -1 / x : n % 2 ? INFINITY : -INFINITY;
  if (std::fabs(x) < 1e-20L) return n == 0 ? -1 / x : (n % 2 ? 1 : -1) * std::tgamma(n + 1.0L) * std::pow(x, -n - 1);
  if (x > 1e10L) return n == 0 ? std::log(x) : (n % 2 ? 1 : -1) * std::tgamma(static_cast<Real>(n)) * std::pow(x, -n);
  Real sum = 0;
  for (; x < 200; x += 1) sum += std::pow(x, static_cast<Real>(-n - 1));
  const Real p = std::pow(x, static_cast<Real>(-n));
  if (n == 0)
    return std::log(x) - 1 / (2 * x) - 1 / (12 * x * x) + 1 / (120 * std::pow(x, 4.0L)) -
           1 / (252 * std::pow(x, 6.0L)) - sum;
  const Real s = n + 1;
  const Real third = s * (s + 1) * (s + 2), fifth = third * (s + 3) * (s + 4);
  const Real tail = p / n + p / x / 2 + s * p / (x * x) / 12 - third * p / std::pow(x, 4.0L) / 720 +
                    fifth * p / std::pow(x, 6.0L) / 30240;
  return (n % 2 ? 1 : -1) * std::tgamma(s) * (sum + tail);
}

Real logit_of(Real x) { return x < 0 || x > 1 ? NAN : std::log(x) - std::log1p(-x); }

}  // namespace

void add_special(std::vector<Row>& rows) {
  const Input positive(uniform(0.3, 4)), below_half(uniform(-0.45, 0.45)), inside(uniform(0.03, 0.47));
  // Twice as far, where the in-place forms are checked too, there is still no pole.
  const Input between_poles([](Generator& g) { return -std::floor(4 * g.uniform()) - 0.1 - 0.3 * g.uniform(); });
  const auto add = [&](Row r) { rows.push_back(std::move(r)); };
  const auto floating = [&](Row r) { add(std::move(r).result(Result::Floating)); };
  floating(GRADTAPE_ROW(erf, [](Real x) { return std::erf(x); }));
  floating(GRADTAPE_ROW(erfc, [](Real x) { return std::erfc(x); }));
  floating(GRADTAPE_ROW(erfinv, erfinv_of).draws({below_half}).convention({{1, -1, 2}}, {{kInf, kInf, kNan}}));
  add(unary("erfinv", at::erfinv, erfinv_of)
          .named("tails")
          .only(kFloatingTypes)
          .draws({Input(away_from_zero(0.5, 0.999))}));
  const auto gamma = [&](Row r, const Input& draw) {
    Row negative = r;
    floating(std::move(r).draws({draw}));
    add(std::move(negative).named("negative").only(kFloatingTypes).draws({between_poles}));
  };
  gamma(GRADTAPE_ROW(lgamma, [](Real x) { return std::lgamma(x); }), positive);
  // Near its zero at 1.4616 digamma is the difference of two numbers near 1.
  gamma(GRADTAPE_ROW(digamma, [](Real x) { return polygamma_of(0, x); }),
        Input([](Generator& g) { return g.uniform() < 0.3 ? 0.3 + g.uniform() : 1.6 + 3 * g.uniform(); }));
  Sample zero{"",
              call_one(at::digamma),
              elementwise([](const std::vector<Real>& x) { return polygamma_of(0, x[0]); }),
              kOne,
              {Input(uniform(1.44, 1.48))}};
  add(row("digamma", scaled(zero,
                            [](const Plains& x) {
                              Plain one(x[0].sizes);
                              for (Real& v : one.v) v = 1;
                              return Plains{one};
                            }))
          .named("near_its_zero"));
  gamma(unary(
            "polygamma", [](const Tensor& x) { return polygamma(1, x); }, [](Real x) { return polygamma_of(1, x); })
            .in_place([](Tensor& x, const Tensors&) { x.polygamma_(1); })
            .to_out([](Tensor& y, const Tensor& x) -> Tensor& { return polygamma_out(y, 1, x); })
            .also({"2", call_one([](const Tensor& x) { return x.polygamma(2); }),
                   elementwise([](const std::vector<Real>& x) { return polygamma_of(2, x[0]); })})
            .also({"5", call_one([](const Tensor& x) { return polygamma(5, x); }),
                   elementwise([](const std::vector<Real>& x) { return polygamma_of(5, x[0]); })})
            .error([] { polygamma(-1, zeros({2})); }, {"[polygamma]", "-1"}),
        positive);
  floating(unary(
               "logit", [](const Tensor& x) { return logit(x); }, logit_of)
               .draws({inside})
               .in_place([](Tensor& x, const Tensors&) { x.logit_(); })
               .to_out([](Tensor& y, const Tensor& x) -> Tensor& { return logit_out(y, x); })
               .convention({{0, -0.0, 1, -1, 2}}, {{kInf, kInf, kInf, kNan, kNan}})
               .also({"eps 1/8", call_one([](const Tensor& x) { return x.logit(0.125); }),
                      elementwise([](const std::vector<Real>& x) {
                        return logit_of(x[0] < 0.125L ? 0.125L : x[0] > 0.875L ? 0.875L : x[0]);
                      })}));
}

}  // namespace gradtape::table
