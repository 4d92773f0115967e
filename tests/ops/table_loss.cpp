// Rows of the losses.
#include <cmath>

#include "table.h"

namespace gradtape::table {
namespace {

using Reduction::Mean;
using Reduction::None;
using Reduction::Sum;

Plains reduced(const Plain& loss, std::int64_t reduction) {
  if (reduction == None) return {loss};
  Plain y;
  for (Real v : loss.v) y[0] += v;
  if (reduction == Mean) y[0] /= static_cast<Real>(loss.v.size());
  return {y};
}

const char* label_of(std::int64_t reduction) { return reduction == None ? "none" : reduction == Mean ? "mean" : "sum"; }

const std::vector<std::vector<Shape>> kPairs = {{Shape(), Shape()},      {Shape{1}, Shape{1}}, {Shape{7}, Shape{7}},
                                                {{3, 5}, {3, 5}},        {{2, 0}, {2, 0}},     {{2, 3, 4}, {2, 3, 4}},
                                                {Shape{301}, Shape{301}}};

// A loss of two tensors of one shape, element by element, in the three reductions.
using Loss = std::function<Tensor(const Tensor&, const Tensor&, std::int64_t)>;
Row pairwise(std::string op, Loss call, std::function<Real(Real, Real)> f, std::vector<Input> inputs) {
  const auto sample = [=](std::int64_t reduction) {
    const Reference each = elementwise([f](const std::vector<Real>& x) { return f(x[0], x[1]); });
    return Sample{label_of(reduction),
                  call_two([=](const Tensor& x, const Tensor& y) { return call(x, y, reduction); }),
                  [=](const Plains& x) { return reduced(each(x)[0], reduction); }, kPairs, inputs};
  };
  return row(std::move(op), sample(None)).also(sample(Mean)).also(sample(Sum)).within(8);
}

// x [C], [N, C] or [N, C, ...]; the classes are known to the call, as they depend on the shape.
struct Classes {
  std::vector<std::int64_t> target;  // by place
  Shape sizes;
};
Classes classes_for(const Shape& x) {
  Classes c;
  c.sizes = x;
  const std::size_t d = x.size() == 1 ? 0 : 1;
  const std::int64_t count = x[d];
  c.sizes.erase(d);
  for (std::int64_t k = 0; k < numel_of(c.sizes); ++k) c.target.push_back((5 * k + 2) % count);
  return c;
}
Tensor target_for(const Tensor& x, bool ignore_first) {
  if (!x.defined()) return x;
  const Classes c = classes_for(Shape(x.sizes()));
  Tensor t = empty(c.sizes, kInt64);
  for (std::size_t k = 0; k < c.target.size(); ++k) t.data_ptr<std::int64_t>()[k] = c.target[k];
  if (ignore_first && !c.target.empty()) t.data_ptr<std::int64_t>()[0] = -100;
  return t;
}
Tensor class_weights(const Tensor& x) {
  if (!x.defined()) return x;
  const std::int64_t n = x.size(x.dim() == 1 ? 0 : 1);
  return (arange(n, x.options()) + 1) / 2;
}
Real class_weight(std::int64_t c) { return static_cast<Real>(c + 1) / 2; }

// -w[t] x[i][t]; `smoothing` adds the mean over classes, as in cross entropy.
Plains negative_log(const Plain& x, bool weighted, bool ignore_first, std::int64_t reduction, Real smoothing) {
  const Classes c = classes_for(x.sizes);
  const std::size_t d = x.sizes.size() == 1 ? 0 : 1;
  const std::int64_t count = x.sizes[d];
  Plain loss(c.sizes);
  Real weights = 0;
  for (std::int64_t k = 0; k < loss.numel(); ++k) {
    if (ignore_first && k == 0) continue;
    Shape place = index_of(k, c.sizes);
    place.insert(d, 0);
    const auto value = [&](std::int64_t i) {
      place[d] = i;
      return -(weighted ? class_weight(i) : 1) * x.at(place);
    };
    const std::int64_t t = c.target[static_cast<std::size_t>(k)];
    weights += weighted ? class_weight(t) : 1;
    Real all = 0;
    for (std::int64_t i = 0; i < count; ++i) all += value(i);
    loss[k] = (1 - smoothing) * value(t) + smoothing * all / static_cast<Real>(count);
  }
  if (reduction != Mean) return reduced(loss, reduction);
  Plain y = reduced(loss, Sum)[0];
  y[0] /= weights;
  return {y};
}

Plain log_softmax_of(const Plain& x) {
  const std::size_t d = x.sizes.size() == 1 ? 0 : 1;
  Plain y = x;
  for_each_index(x.sizes, [&](const Shape& i) {
    Shape line = i;
    Real largest = -INFINITY, s = 0;
    for (line[d] = 0; line[d] < x.sizes[d]; ++line[d]) largest = std::max(largest, x.at(line));
    for (line[d] = 0; line[d] < x.sizes[d]; ++line[d]) s += std::exp(x.at(line) - largest);
    y.at(i) = x.at(i) - largest - std::log(s);
  });
  return y;
}

const std::vector<std::vector<Shape>> kScores = {{Shape{4}},  {{1, 3}},       {{5, 4}},
                                                 {{2, 3, 4}}, {{2, 3, 2, 2}}, {{60, 7}}};

void add_class_losses(std::vector<Row>& rows) {
  const auto nll = [](std::int64_t reduction, bool weighted, bool ignore) {
    return Sample{std::string(label_of(reduction)) + (weighted ? " weighted" : "") + (ignore ? " ignoring" : ""),
                  call_one([=](const Tensor& x) {
                    return nll_loss(x, target_for(x, ignore), weighted ? class_weights(x) : Tensor(), reduction);
                  }),
                  [=](const Plains& x) { return negative_log(x[0], weighted, ignore, reduction, 0); },
                  kScores,
                  {Input()}};
  };
  Row nll_row = row("nll_loss", nll(Mean, false, false));
  const std::vector<std::vector<Shape>> several = {{{5, 4}}, {{2, 3, 4}}, {{60, 7}}};
  for (std::int64_t reduction : {None, Mean, Sum})
    for (bool weighted : {false, true}) {
      nll_row.samples.push_back(nll(reduction, weighted, false));
      Sample s = nll(reduction, weighted, true);
      s.shapes = several;
      nll_row.samples.push_back(std::move(s));
    }
  rows.push_back(std::move(nll_row)
                     .sums()
                     .within(8)
                     .saves_nothing()
                     .error(
                         [] {
                           nll_loss(zeros({2, 3}), zeros({3}, kInt64));
                         },
                         {"[nll_loss]", "float32[2, 3]", "int64[3]", "[2]"})
                     .error(
                         [] {
                           nll_loss(zeros({2, 3}), zeros({2}));
                         },
                         {"[nll_loss]", "int64", "float32[2]"})
                     .error(
                         [] {
                           nll_loss(zeros({2, 3}), full({2}, 3));
                         },
                         {"[nll_loss]", "3", "float32[2, 3]"})
                     .error(
                         [] {
                           nll_loss(zeros({2, 3}), zeros({2}, kInt64), ones({4}));
                         },
                         {"[nll_loss]", "weight", "[3]", "float32[4]"})
                     .error(
                         [] {
                           nll_loss(zeros({2, 3}), zeros({2}, kInt64), {}, 7);
                         },
                         {"[nll_loss]", "reduction 7"}));

  const auto ce = [](std::int64_t reduction, bool weighted, bool ignore, double smoothing) {
    return Sample{
        std::string(label_of(reduction)) + (weighted ? " weighted" : "") + (ignore ? " ignoring" : "") +
            (smoothing > 0 ? " smoothed" : ""),
        call_one([=](const Tensor& x) {
          return cross_entropy_loss(x, target_for(x, ignore), weighted ? class_weights(x) : Tensor(), reduction, -100,
                                    smoothing);
        }),
        [=](const Plains& x) { return negative_log(log_softmax_of(x[0]), weighted, ignore, reduction, smoothing); },
        kScores,
        {Input()}};
  };
  Row ce_row = row("cross_entropy_loss", ce(Mean, false, false, 0));
  for (std::int64_t reduction : {None, Mean, Sum})
    for (bool weighted : {false, true})
      for (double smoothing : {0.0, 0.125}) {
        ce_row.samples.push_back(ce(reduction, weighted, false, smoothing));
        Sample s = ce(reduction, weighted, true, smoothing);
        s.shapes = several;
        ce_row.samples.push_back(std::move(s));
      }
  rows.push_back(std::move(ce_row)
                     .within(32)
                     .cancels()
                     .saves_nothing()
                     .error(
                         [] {
                           cross_entropy_loss(zeros({2, 3}), zeros({3}, kInt64));
                         },
                         {"[cross_entropy_loss]", "float32[2, 3]", "int64[3]"})
                     .error(
                         [] {
                           cross_entropy_loss(zeros({2, 3}), zeros({2}));
                         },
                         {"[cross_entropy_loss]", "float32[2, 3]", "float32[2]"})
                     .error(
                         [] {
                           cross_entropy_loss(zeros({2, 3}), full({2}, 3));
                         },
                         {"[cross_entropy_loss]", "3", "float32[2, 3]"})
                     .error(
                         [] {
                           cross_entropy_loss(zeros({2, 3}), zeros({2}, kInt64), {}, 1, -100, 2.0);
                         },
                         {"[cross_entropy_loss]", "label_smoothing", "2"}));

  // Class probabilities as targets: sum_c -w_c y_c ln p_c, the mean over places.
  const auto soft = [](std::int64_t reduction, double smoothing) {
    return Sample{
        std::string(label_of(reduction)) + (smoothing > 0 ? " smoothed" : ""),
        call_two([=](const Tensor& x, const Tensor& y) {
          return cross_entropy_loss(x, y, class_weights(x), reduction, -100, smoothing);
        }),
        [=](const Plains& x) {
          const std::size_t d = x[0].sizes.size() == 1 ? 0 : 1;
          const Real s = smoothing, count = static_cast<Real>(x[0].sizes[d]);
          const Plain logp = log_softmax_of(x[0]);
          Plain loss(classes_for(x[0].sizes).sizes);
          std::int64_t k = 0;
          for_each_index(x[0].sizes, [&](const Shape& i) {
            Shape place = i;
            place.erase(d);
            loss.at(place) -= class_weight(i[d]) * ((1 - s) * x[1][k] + s / count) * logp[k];
            ++k;
          });
          return reduced(loss, reduction);
        },
        {{Shape{4}, Shape{4}}, {{1, 3}, {1, 3}}, {{5, 4}, {5, 4}}, {{2, 3, 4}, {2, 3, 4}}, {{40, 7}, {40, 7}}},
        {Input(), Input(uniform(0.05, 1))}};
  };
  rows.push_back(row("cross_entropy_loss", soft(Mean, 0))
                     .named("of_probabilities")
                     .within(32)
                     .cancels()
                     .saved_by("")
                     .also(soft(None, 0))
                     .also(soft(Sum, 0))
                     .also(soft(Mean, 0.125))
                     .also(soft(None, 0.125)));
}

}  // namespace

void add_loss(std::vector<Row>& rows) {
  const Input probability(uniform(0.05, 0.95)), label(uniform(0.1, 0.9));
  const auto bce = [](Real a, Real y) {
    return -(y * std::max(std::log(a), -100.0L) + (1 - y) * std::max(std::log1p(-a), -100.0L));
  };
  rows.push_back(
      pairwise("binary_cross_entropy",
               [](const Tensor& a, const Tensor& y, std::int64_t r) { return binary_cross_entropy(a, y, {}, r); }, bce,
               {probability, label})
          .also({"weighted",
                 [](const Tensors& x) { return Tensors{binary_cross_entropy(x[0], x[1], x[2], None)}; },
                 elementwise([=](const std::vector<Real>& x) { return x[2] * bce(x[0], x[1]); }),
                 {{{3, 5}, {3, 5}, {3, 5}}, {{3, 5}, {3, 5}, Shape{5}}, {Shape{7}, Shape{7}, Shape()}},
                 {probability, label, Input()}})
          // (a - y) / max(a (1 - a), 1e-12): the guard of a saturated unit.
          .saved_by("")
          .optional_inputs_from(2)
          .convention({{0, 1, 1, 0.5}, {0, 1, 0, 0.5}}, {{0, 0, 1e12, 0}, {INFINITY, -INFINITY, -INFINITY, 0}})
          .error([] { binary_cross_entropy(zeros({2}), zeros({3})); },
                 {"[binary_cross_entropy]", "float32[2]", "float32[3]"})
          .error([] { binary_cross_entropy(full({2}, 1.5), zeros({2})); },
                 {"[binary_cross_entropy]", "between 0 and 1", "1.5", "sigmoid"})
          .error([] { binary_cross_entropy(full({2}, -0.5), zeros({2})); }, {"[binary_cross_entropy]", "-0.5"})
          .error([] { binary_cross_entropy(zeros({2}), zeros({2}, kInt64)); }, {"[binary_cross_entropy]", "int64[2]"})
          .error([] { binary_cross_entropy(zeros({2}), zeros({2}), {}, 3); },
                 {"[binary_cross_entropy]", "reduction 3"}));
  const auto softplus = [](Real z) { return z > 0 ? z + std::log1p(std::exp(-z)) : std::log1p(std::exp(z)); };
  const auto logits = [=](Real z, Real y) { return (1 - y) * z + softplus(-z); };
  const auto logits_weighted = [=](Real z, Real y, Real w, Real p) {
    return w * ((1 - y) * z + (1 + (p - 1) * y) * softplus(-z));
  };
  rows.push_back(
      pairwise("binary_cross_entropy_with_logits",
               [](const Tensor& z, const Tensor& y, std::int64_t r) {
                 return binary_cross_entropy_with_logits(z, y, {}, {}, r);
               },
               logits, {Input(), label})
          .also(
              {"weighted",
               [](const Tensors& x) { return Tensors{binary_cross_entropy_with_logits(x[0], x[1], x[2], x[3], None)}; },
               elementwise([=](const std::vector<Real>& x) { return logits_weighted(x[0], x[1], x[2], x[3]); }),
               {{{3, 5}, {3, 5}, {3, 5}, Shape{5}},
                {{3, 5}, {3, 5}, Shape{5}, Shape()},
                {Shape{7}, Shape{7}, Shape(), Shape{7}}},
               {Input(), label, Input(), Input(uniform(0.5, 3))}})
          .saved_by("")
          .optional_inputs_from(2)
          .convention({{0, 0}, {0, 1}}, {{0.5, -0.5}, {0, 0}})
          .error([] { binary_cross_entropy_with_logits(zeros({2}), zeros({3})); },
                 {"[binary_cross_entropy_with_logits]", "float32[2]", "float32[3]"})
          .error([] { binary_cross_entropy_with_logits(zeros({2}), zeros({2}, kBool)); },
                 {"[binary_cross_entropy_with_logits]", "bool[2]"}));
  Row mse = pairwise(
                "mse_loss", [](const Tensor& x, const Tensor& y, std::int64_t r) { return mse_loss(x, y, r); },
                [](Real x, Real y) { return (x - y) * (x - y); }, {Input(), Input()})
                .also({"broadcast", call_two([](const Tensor& x, const Tensor& y) { return mse_loss(x, y, None); }),
                       elementwise([](const std::vector<Real>& x) { return (x[0] - x[1]) * (x[0] - x[1]); }), kTwo})
                .error([] { mse_loss(zeros({2}), zeros({3})); }, {"[mse_loss]", "[2]", "[3]"})
                .error([] { mse_loss(zeros({2}, kInt64), zeros({2})); }, {"[mse_loss]", "int64[2]"});
  rows.push_back(std::move(mse));
  add_class_losses(rows);
  add_margin_losses(rows);
}

}  // namespace gradtape::table
