#include <algorithm>

#include "table_reduce.h"

namespace gradtape::table {

const std::vector<std::vector<Shape>> kFromTwo = {{{3, 5}},    {{1, 4}},   {{4, 1}},   {{2, 3, 4}},
                                                  {{2, 0, 3}}, {{300, 3}}, {{3, 300}}, {{17, 19}}};
const std::vector<std::vector<Shape>> kFromThree = {{{2, 3, 4}},  {{1, 3, 1}},  {{2, 0, 3}},   {{3, 2, 1, 5}},
                                                    {{5, 70, 3}}, {{2, 3, 90}}, {{2, 3, 2, 3}}};
// None is empty.
const std::vector<std::vector<Shape>> kFull = {{Shape()},   {Shape{1}},   {Shape{7}}, {{3, 5}},
                                               {{2, 3, 4}}, {Shape{301}}, {{17, 19}}};
const std::vector<std::vector<Shape>> kFullTwo = {{{3, 5}},   {{1, 4}},   {{4, 1}},   {{2, 3, 4}},
                                                  {{3, 300}}, {{300, 3}}, {{2, 3, 0}}};

namespace {

std::size_t wrapped(std::int64_t dim, const Shape& sizes) {
  return static_cast<std::size_t>(dim < 0 ? dim + static_cast<std::int64_t>(sizes.size()) : dim);
}

}  // namespace

Plain fold(const Plain& x, const Dims& dims, bool keepdim, const Fold& f) {
  std::vector<bool> reduced(x.sizes.size(), dims.empty());
  for (std::int64_t d : dims)
    if (!x.sizes.empty()) reduced[wrapped(d, x.sizes)] = true;
  Shape one, kept;
  for (std::size_t d = 0; d < x.sizes.size(); ++d) {
    one.push_back(reduced[d] ? 1 : x.sizes[d]);
    if (!reduced[d]) kept.push_back(x.sizes[d]);
  }
  Plain y(one);
  Lists lists(y.v.size());
  for_each_index(x.sizes, [&](Shape index) {
    const Real v = x.at(index);
    for (std::size_t d = 0; d < index.size(); ++d)
      if (reduced[d]) index[d] = 0;
    lists[static_cast<std::size_t>(y.number(index))].push_back(v);
  });
  for (std::size_t k = 0; k < lists.size(); ++k) y.v[k] = f(lists[k]);
  if (!keepdim) y.sizes = kept;
  return y;
}

Reference folded(Dims dims, bool keepdim, Fold f) {
  return folded(std::move(dims), keepdim, std::vector<Fold>{std::move(f)});
}
Reference folded(Dims dims, bool keepdim, std::vector<Fold> f) {
  return [=](const Plains& x) {
    Plains y;
    for (const Fold& one : f) y.push_back(fold(x[0], dims, keepdim, one));
    return y;
  };
}

Reference along(std::int64_t dim, std::function<Real(Real, const List&)> f) {
  return by_line(dim, [f](const List& line) {
    List y;
    for (Real v : line) y.push_back(f(v, line));
    return Lists{y};
  });
}

Reference by_line(std::int64_t dim, std::function<Lists(const List&)> f) {
  return [=](const Plains& in) {
    const Plain& x = in[0];
    Plains out;
    if (x.sizes.empty()) {
      for (const List& y : f(x.v)) {
        out.emplace_back();
        out.back().v = y;
      }
      return out;
    }
    const std::size_t d = wrapped(dim, x.sizes);
    const auto n = static_cast<std::size_t>(x.sizes[d]);
    Shape one = x.sizes;
    one[d] = 1;
    // An empty result has its size from a line of zeros.
    for (const List& y : f(List(n))) {
      Shape sizes = x.sizes;
      sizes[d] = static_cast<std::int64_t>(y.size());
      out.emplace_back(sizes);
    }
    for_each_index(one, [&](Shape index) {
      List line;
      for (index[d] = 0; index[d] < x.sizes[d]; ++index[d]) line.push_back(x.at(index));
      const Lists y = f(line);
      for (std::size_t k = 0; k < y.size(); ++k)
        for (index[d] = 0; index[d] < out[k].sizes[d]; ++index[d])
          out[k].at(index) = y[k][static_cast<std::size_t>(index[d])];
    });
    return out;
  };
}

Row over_dims(std::string op, Over call, std::vector<Fold> folds,
              const std::vector<std::vector<std::vector<Shape>>>& shapes) {
  const std::vector<std::vector<std::vector<Shape>>> usual = {kOne, kFromTwo, kFromThree};
  const auto& lists = shapes.empty() ? usual : shapes;
  const auto sample = [&](const char* label, const Dims& dims, bool keepdim, std::size_t list) {
    return Sample{label,
                  [=](const Tensors& x) { return call(x[0], dims, keepdim); },
                  folded(dims, keepdim, folds),
                  lists[list],
                  {Input()}};
  };
  return row(std::move(op), sample("all", {}, false, 0))
      .also(sample("all kept", {}, true, 0))
      .also(sample("dim 0", {0}, false, 1))
      .also(sample("dim 1 kept", {1}, true, 1))
      .also(sample("dims 0, 2", {0, 2}, false, 2))
      .also(sample("dims 0, -1 kept", {0, -1}, true, 2));
}

Plain without_dim(const Plain& x, std::int64_t dim) {
  Plain y = x;
  if (!x.sizes.empty()) y.sizes.erase(wrapped(dim, x.sizes));
  return y;
}

Real total(const List& x) {
  Real s = 0;
  for (Real v : x) s += v;
  return s;
}
Real average(const List& x) { return total(x) / static_cast<Real>(x.size()); }

std::size_t extreme_at(const List& x, int sign) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < x.size() && !std::isnan(x[best]); ++i)
    if (std::isnan(x[i]) || static_cast<Real>(sign) * x[i] > static_cast<Real>(sign) * x[best]) best = i;
  return best;
}

Real log_sum_exp(const List& x) {
  if (x.empty()) return -kInfinity;
  const Real m = x[extreme_at(x, 1)];
  if (!std::isfinite(m)) return m;
  Real s = 0;
  for (Real v : x) s += std::exp(v - m);
  return m + std::log(s);
}

std::vector<std::size_t> places_in_order(const List& x, bool descending) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < x.size(); ++i) places.push_back(i);
  std::stable_sort(places.begin(), places.end(), [&](std::size_t i, std::size_t j) {
    const Real a = descending ? x[j] : x[i], b = descending ? x[i] : x[j];
    return a < b || (std::isnan(b) && !std::isnan(a));
  });
  return places;
}
List at_places(const List& x, const std::vector<std::size_t>& places) {
  List y;
  for (std::size_t i : places) y.push_back(x[i]);
  return y;
}
List numbers(const std::vector<std::size_t>& places) { return List(places.begin(), places.end()); }

}  // namespace gradtape::table
