// Losses of two tensors or three, element by element or by line, beside plain formulas.
#include <cmath>

#include "table.h"

namespace gradtape::table {
namespace {

using Reduction::Mean;
using Reduction::None;
using Reduction::Sum;
using Element = std::function<Real(const std::vector<Real>&)>;
using Loss = std::function<Tensor(const Tensors&, std::int64_t)>;

Plains reduced(const Plain& loss, std::int64_t reduction) {
  if (reduction == None) return {loss};
  Plain y;
  for (Real v : loss.v) y[0] += v;
  if (reduction == Mean) y[0] /= static_cast<Real>(loss.v.size());
  return {y};
}

// In the three reductions.
Row loss(std::string op, Loss call, const Reference& each, const std::vector<std::vector<Shape>>& shapes,
         const std::vector<Input>& inputs) {
  const auto sample = [=](std::int64_t reduction) {
    return Sample{reduction == None   ? "none"
                  : reduction == Mean ? "mean"
                                      : "sum",
                  [=](const Tensors& x) { return Tensors{call(x, reduction)}; },
                  [=](const Plains& x) { return reduced(each(x)[0], reduction); }, shapes, inputs};
  };
  return row(std::move(op), sample(None)).also(sample(Mean)).also(sample(Sum)).within(32).cancels().saved_by("");
}

const std::vector<std::vector<Shape>> kPairs = {{Shape(), Shape()}, {Shape{7}, Shape{7}},     {{3, 5}, {3, 5}},
                                                {{3, 5}, Shape{5}}, {Shape{101}, Shape{101}}, {{2, 0}, {2, 0}}};

// Rounding scales with the sizes of what is subtracted.
Row&& beside(Row&& r, Real size) {
  for (Sample& s : r.samples)
    s = scaled(s, [s, size](const Plains& x) {
      Plains y = s.reference(x);
      const bool sum = y[0].numel() == 1 && x[0].numel() > 1;
      for (Real& v : y[0].v) v = size * (sum ? static_cast<Real>(x[0].numel()) : 1) + std::fabs(v);
      return y;
    });
  return std::move(r);
}

// The product of two lines, and the p-norm of their difference, as cosine_embedding_loss and pairwise_distance have it.
Real product(const Plain& a, const Plain& b, std::int64_t line) {
  const std::int64_t n = a.sizes.back();
  Real s = 0;
  for (std::int64_t k = 0; k < n; ++k) s += a[line * n + k] * b[line * n + k];
  return s;
}
Real distance(const Plain& a, const Plain& b, std::int64_t line, Real p) {
  const std::int64_t n = a.sizes.back();
  Real s = 0;
  for (std::int64_t k = 0; k < n; ++k) s += std::pow(std::fabs(a[line * n + k] - b[line * n + k] + 1e-6L), p);
  return std::pow(s, 1 / p);
}
Plain lines_of(const Plain& x) {
  Shape sizes = x.sizes;
  sizes.erase(sizes.size() - 1);
  return Plain(sizes);
}

}  // namespace

void add_margin_losses(std::vector<Row>& rows) {
  const std::vector<Input> two = {Input(), Input()};
  const Input sign([](Generator&g) { return g.below(2) ? 1.0 : -1.0; }), chance(uniform(0.1, 0.9));
  const auto pair = [&](std::string op, Loss call, const Element& f, const std::vector<Input>& inputs) {
    rows.push_back(beside(loss(std::move(op), call, elementwise(f), kPairs, inputs), 4)
                       .error(
                           [=] {
                             call({ones({2}), ones({2})}, 7);
                           },
                           {"reduction 7"}));
  };
  const auto undefined = [](const std::string& op) { return std::vector<std::string>{"[" + op + "]", "int64[2]"}; };
  pair(
      "l1_loss", [](const Tensors& x, std::int64_t r) { return l1_loss(x[0], x[1], r); },
      [](const std::vector<Real>& x) { return std::fabs(x[0] - x[1]); }, two);
  std::move(rows.back())
      .saves_nothing()
      .convention({{1, 2}, {1, 1}}, {{0, 1}, {0, -1}})
      .error([] { l1_loss(zeros({2}, kInt64), zeros({2})); }, undefined("l1_loss"));
  for (const double beta : {1.0, 0.5}) {
    pair(
        "smooth_l1_loss", [=](const Tensors& x, std::int64_t r) { return smooth_l1_loss(x[0], x[1], r, beta); },
        [=](const std::vector<Real>& x) {
          const Real d = std::fabs(x[0] - x[1]), b = beta;
          return d < b ? d * d / (2 * b) : d - b / 2;
        },
        two);
    std::move(rows.back()).named(beta == 1 ? "" : "half").saved_by("");
    pair(
        "huber_loss", [=](const Tensors& x, std::int64_t r) { return huber_loss(x[0], x[1], r, beta); },
        [=](const std::vector<Real>& x) {
          const Real d = std::fabs(x[0] - x[1]), b = beta;
          return d <= b ? d * d / 2 : b * (d - b / 2);
        },
        two);
    std::move(rows.back()).named(beta == 1 ? "" : "half").saved_by("");
  }
  std::move(rows.back()).error([] { huber_loss(zeros({2}), zeros({2}), 1, 0); }, {"[huber_loss]", "delta", "0"});
  pair(
      "kl_div", [](const Tensors& x, std::int64_t r) { return kl_div(x[0], x[1], r); },
      [](const std::vector<Real>& x) { return x[1] * (std::log(x[1]) - x[0]); }, {Input(), chance});
  // As libtorch has it, though 0 ln 0 is 0: no slope.
  std::move(rows.back()).convention({{-1, 2}, {0, 1}}, {{0, -1}, {std::nan(""), -1}});
  pair(
      "kl_div", [](const Tensors& x, std::int64_t r) { return kl_div(x[0], x[1], r, true); },
      [](const std::vector<Real>& x) { return std::exp(x[1]) * (x[1] - x[0]); }, two);
  std::move(rows.back()).named("of_logarithms").saves_nothing();
  pair(
      "poisson_nll_loss",
      [](const Tensors& x, std::int64_t r) { return poisson_nll_loss(x[0], x[1], true, false, 1e-8, r); },
      [](const std::vector<Real>& x) { return std::exp(x[0]) - x[1] * x[0]; }, two);
  pair(
      "poisson_nll_loss",
      [](const Tensors& x, std::int64_t r) { return poisson_nll_loss(x[0], x[1], false, true, 0.125, r); },
      [](const std::vector<Real>& x) {
        const Real t = x[1];
        const Real stirling = t > 1 ? t * std::log(t) - t + std::log(2 * std::acos(-1.0L) * t) / 2 : 0;
        return x[0] - t * std::log(x[0] + 0.125L) + stirling;
      },
      {Input(uniform(0.5, 2)), Input(uniform(0.2, 3))});
  std::move(rows.back()).named("full");
  pair(
      "soft_margin_loss", [](const Tensors& x, std::int64_t r) { return soft_margin_loss(x[0], x[1], r); },
      [](const std::vector<Real>& x) { return std::log1p(std::exp(-x[0] * x[1])); }, two);
  std::move(rows.back()).within(64);
  rows.push_back(beside(loss("hinge_embedding_loss",
                             [](const Tensors& x, std::int64_t r) {
                               return hinge_embedding_loss(x[0], x[1].defined() ? x[1].detach() : x[1], 1.5, r);
                             },
                             elementwise([](const std::vector<Real>& x) {
                               return x[1] == 1 ? x[0] : std::max(0.0L, 1.5L - x[0]);
                             }),
                             kPairs, {Input(), Input([](Generator& g) { return g.below(2) ? 1.0 : -1.0; }, kInt64)}),
                        4)
                     .saves_nothing());
  rows.push_back(
      beside(loss("margin_ranking_loss",
                  [](const Tensors& x, std::int64_t r) { return margin_ranking_loss(x[0], x[1], x[2], 0.25, r); },
                  elementwise([](const std::vector<Real>& x) { return std::max(0.0L, 0.25L - x[2] * (x[0] - x[1])); }),
                  {{Shape(), Shape(), Shape()}, {Shape{7}, Shape{7}, Shape{7}}, {{3, 5}, {3, 5}, {3, 1}}},
                  {Input(), Input(), sign}),
             4)
          .error([] { margin_ranking_loss(zeros({2}), zeros({2}), ones({})); },
                 {"[margin_ranking_loss]", "rank", "float32[2]", "float32[]"}));
  rows.push_back(
      beside(loss(
                 "cosine_embedding_loss",
                 [](const Tensors& x, std::int64_t r) { return cosine_embedding_loss(x[0], x[1], x[2], -0.5, r); },
                 [](const Plains& x) {
                   Plain y = lines_of(x[0]);
                   for (std::int64_t k = 0; k < y.numel(); ++k) {
                     const Real size = (product(x[0], x[0], k) + 1e-12L) * (product(x[1], x[1], k) + 1e-12L);
                     const Real c = product(x[0], x[1], k) / std::sqrt(size);
                     y[k] = x[2][k] == 1 ? 1 - c : std::max(0.0L, c + 0.5L);
                   }
                   return Plains{y};
                 },
                 {{{3, 5}, {3, 5}, Shape{3}}, {Shape{4}, Shape{4}, Shape()}, {{40, 3}, {40, 3}, Shape{40}}},
                 {Input(away_from_zero()), Input(away_from_zero()),
                  Input([](Generator& g) { return g.below(2) ? 1.0 : -1.0; }, kInt64)}),
             4)
          // Lines of equal elements are parallel: there the derivatives cancel.
          .laid_out({Layout::Contiguous, Layout::Transposed, Layout::StepTwo, Layout::Offset})
          .error(
              [] {
                cosine_embedding_loss(zeros({2, 3}), zeros({2, 3}), ones({2, 1}));
              },
              {"[cosine_embedding_loss]", "[N, D]", "float32[2, 1]"}));
  for (const bool swap : {false, true}) {
    rows.push_back(beside(loss(
                              "triplet_margin_loss",
                              [=](const Tensors& x, std::int64_t r) {
                                return triplet_margin_loss(x[0], x[1], x[2], 2.5, 2, 1e-6, swap, r);
                              },
                              [=](const Plains& x) {
                                Plain y = lines_of(x[0]);
                                for (std::int64_t k = 0; k < y.numel(); ++k) {
                                  Real far = distance(x[0], x[2], k, 2);
                                  if (swap) far = std::min(far, distance(x[1], x[2], k, 2));
                                  y[k] = std::max(0.0L, 2.5L + distance(x[0], x[1], k, 2) - far);
                                }
                                return Plains{y};
                              },
                              {{{3, 5}, {3, 5}, {3, 5}}, {Shape{4}, Shape{4}, Shape{4}}, {{40, 3}, {40, 3}, {40, 3}}},
                              {Input(), Input(), Input()}),
                          4)
                       .named(swap ? "swapped" : "")
                       .saves_nothing()
                       .error(
                           [] {
                             triplet_margin_loss(zeros({2, 3}), zeros({2, 3}), zeros({3}));
                           },
                           {"[triplet_margin_loss]", "rank", "float32[3]"}));
  }
}

}  // namespace gradtape::table
