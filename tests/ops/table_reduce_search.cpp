// Rows of places in sorted sequences and of histograms by edges.
#include <algorithm>

#include "table_reduce.h"

namespace gradtape::table {
namespace {

std::int64_t place_among(const List& sorted, Real v, bool right) {
  std::int64_t n = 0;
  while (n < static_cast<std::int64_t>(sorted.size())) {
    const Real at = sorted[static_cast<std::size_t>(n)];
    if (at > v || (!right && at == v)) break;
    ++n;
  }
  return n;
}
Reference places(bool right) {
  return [=](const Plains& x) {
    Plain y(x[1].sizes);
    for (std::int64_t k = 0; k < y.numel(); ++k) y[k] = static_cast<Real>(place_among(x[0].v, x[1][k], right));
    return Plains{y};
  };
}
// A sorted sequence of the elements, whatever was drawn.
Call of_sorted(std::function<Tensor(const Tensor&, const Tensor&)> f) {
  return [f](const Tensors& x) { return Tensors{f(x[0].defined() ? msort(x[0]) : x[0], x[1])}; };
}
Reference sorted_first(const Reference& r) {
  return [r](Plains x) {
    std::sort(x[0].v.begin(), x[0].v.end());
    return r(x);
  };
}

}  // namespace

void add_places(std::vector<Row>& rows) {
  const std::vector<std::vector<Shape>> shapes = {{Shape{4}, Shape{7}}, {Shape{4}, {3, 5}}, {Shape{1}, Shape()},
                                                  {Shape{0}, Shape{3}}, {Shape{4}, {2, 0}}, {Shape{90}, Shape{300}}};
  const std::vector<Input> two = {Input(), Input()};
  rows.push_back(
      row("searchsorted", {"", of_sorted([](const Tensor& s, const Tensor& v) { return searchsorted(s, v); }),
                           sorted_first(places(false)), shapes, two})
          .only(kNumbers)
          .result(Result::Int64)
          .constant()
          .saves_nothing()
          .also({"right", of_sorted([](const Tensor& s, const Tensor& v) { return searchsorted(s, v, false, true); }),
                 sorted_first(places(true))})
          .also({"side",
                 of_sorted([](const Tensor& s, const Tensor& v) { return searchsorted(s, v, false, false, "right"); }),
                 sorted_first(places(true))})
          .also({"number", of_sorted([](const Tensor& s, const Tensor& v) {
                   return v.defined() ? searchsorted(s, 1).expand_as(v) : searchsorted(s, v);
                 }),
                 sorted_first([](const Plains& x) {
                   Plain y(x[1].sizes);
                   for (Real& v : y.v) v = static_cast<Real>(place_among(x[0].v, 1, false));
                   return Plains{y};
                 })})
          .also({"by order",
                 [](const Tensors& x) {
                   return Tensors{
                       searchsorted(x[0], x[1], false, false, nullopt, x[0].defined() ? argsort(x[0]) : Tensor())};
                 },
                 sorted_first(places(false))})
          .also({"line by line",
                 [](const Tensors& x) {
                   return Tensors{searchsorted(x[0].defined() ? std::get<0>(sort(x[0])) : x[0], x[1])};
                 },
                 [](const Plains& x) {
                   Plain y(x[1].sizes);
                   const std::int64_t n = x[0].sizes[1], m = x[1].sizes[1];
                   for (std::int64_t k = 0; k < y.numel(); ++k) {
                     List line(x[0].v.begin() + k / m * n, x[0].v.begin() + (k / m + 1) * n);
                     std::sort(line.begin(), line.end());
                     y[k] = static_cast<Real>(place_among(line, x[1][k], false));
                   }
                   return Plains{y};
                 },
                 {{{3, 4}, {3, 2}}, {{2, 90}, {2, 7}}, {{0, 3}, {0, 2}}}})
          .error(
              [] {
                searchsorted(zeros({2, 3}), zeros({2}));
              },
              {"[searchsorted]", "float32[2, 3]", "float32[2]"})
          .error([] { searchsorted(zeros({2}), zeros({2}), false, true, "left"); }, {"[searchsorted]", "left", "right"})
          .error([] { searchsorted(zeros({2}), zeros({2}), false, false, "up"); }, {"[searchsorted]", "\"up\""})
          .error([] { searchsorted(zeros({2}), 1, false, false, nullopt, full({2}, 2)); },
                 {"[searchsorted]", "sorter", "[0, 2)"}));
  rows.push_back(
      row("bucketize", {"", of_sorted([](const Tensor& s, const Tensor& v) { return bucketize(v, s); }),
                        sorted_first(places(false)), shapes, two})
          .only(kNumbers)
          .result(Result::Int64)
          .constant()
          .also({"right", of_sorted([](const Tensor& s, const Tensor& v) { return bucketize(v, s, false, true); }),
                 sorted_first(places(true))})
          .error(
              [] {
                bucketize(zeros({2}), zeros({2, 2}));
              },
              {"[bucketize]", "1-d", "float32[2, 2]"}));
  const auto among = [](bool invert) {
    return [=](const Plains& x) {
      Plain y(x[0].sizes);
      for (std::int64_t k = 0; k < y.numel(); ++k)
        y[k] = (std::find(x[1].v.begin(), x[1].v.end(), x[0][k]) != x[1].v.end()) != invert;
      return Plains{y};
    };
  };
  const Input few([](Generator& g) { return static_cast<double>(g.below(9)) / 2 - 2; });
  rows.push_back(row("isin", {"",
                              call_two([](const Tensor& x, const Tensor& y) { return isin(x, y); }),
                              among(false),
                              {{Shape{7}, Shape{3}},
                               {{3, 5}, {2, 2}},
                               {Shape(), Shape{3}},
                               {Shape{3}, Shape()},
                               {Shape{3}, Shape{0}},
                               {{2, 0}, Shape{3}},
                               {Shape{301}, Shape{4}}},
                              {few, few}})
                     .only(kAllTypes)
                     .result(Result::Bool)
                     .constant()
                     .with_special_values()
                     .also({"not", call_two([](const Tensor& x, const Tensor& y) { return isin(x, y, false, true); }),
                            among(true)}));

  // Edges that both dtypes hold.
  const auto counted = [](const Plains& x, const List& edges, bool density) {
    const std::size_t bins = edges.size() - 1;
    Plain y(Shape{static_cast<std::int64_t>(bins)}), e(Shape{static_cast<std::int64_t>(bins + 1)});
    e.v = edges;
    Real sum = 0;
    for (std::int64_t k = 0; k < x[0].numel(); ++k) {
      const Real v = x[0][k], w = x.size() > 1 ? x[1][k] : 1;
      if (!(v >= edges.front() && v <= edges.back())) continue;
      y.v[std::min(static_cast<std::size_t>(place_among(edges, v, true)), bins) - 1] += w;
      sum += w;
    }
    for (std::size_t b = 0; density && b < bins; ++b) y.v[b] /= sum * (edges[b + 1] - edges[b]);
    return Plains{y, e};
  };
  const List even = {-2, -1, 0, 1, 2}, uneven = {-1, 0, 0.5L, 3};
  const auto of_pair = [](auto f) {
    return [f](const Tensors& x) {
      const auto [counts, edges] = f(x);
      return Tensors{counts, edges};
    };
  };
  static const std::vector<double> range = {-2, 2};
  rows.push_back(
      row("histogram", {"range",
                        of_pair([](const Tensors& x) { return histogram(x[0], 4, ArrayRef<double>(range)); }),
                        [=](const Plains& x) { return counted(x, even, false); },
                        kOne,
                        {Input()}})
          .constant()
          .with_special_values()
          .also({"edges", of_pair([](const Tensors& x) {
                   if (!x[0].defined()) return histogram(x[0], 4);
                   return histogram(x[0], tensor({-1.0, 0.0, 0.5, 3.0}, x[0].options()));
                 }),
                 [=](const Plains& x) { return counted(x, uneven, false); }})
          .error([] { histogram(zeros({2}, kInt64), 3); }, {"[histogram]", "int64[2]"})
          .error([] { histogram(zeros({2}), 0); }, {"[histogram]", "bins", "0"})
          .error([] { histogram(full({2}, NAN), 3); }, {"[histogram]", "not finite"})
          .error([] { histogram(zeros({2}), zeros({1})); }, {"[histogram]", "two edges", "float32[1]"})
          .error([] { histogram(zeros({2}), 3, nullopt, zeros({3})); }, {"[histogram]", "weight", "float32[3]"}));
  rows.push_back(row("histogram",
                     {"",
                      of_pair([](const Tensors& x) { return histogram(x[0], 4, ArrayRef<double>(range), x[1], true); }),
                      [=](const Plains& x) { return counted(x, even, true); },
                      {{Shape{7}, Shape{7}}, {{3, 5}, {3, 5}}, {Shape{301}, Shape{301}}},
                      {Input(), Input(uniform(0.5, 2))}})
                     .named("density")
                     .constant()
                     .optional_inputs_from(1)
                     .within(64));
}

}  // namespace gradtape::table
