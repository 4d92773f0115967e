// Rows of distinct elements and counts.
#include <algorithm>

#include "table_reduce.h"

namespace gradtape::table {
namespace {

// Groups of equal slices, in the order of their first members: what each holds and who belongs to it.
struct Groups {
  std::vector<std::size_t> first;
  List of, counts;
};
Groups group(const Lists& slices, bool sorted) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < slices.size(); ++i) order.push_back(i);
  const auto less = [](const List& a, const List& b) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (a[i] < b[i] || (std::isnan(b[i]) && !std::isnan(a[i]))) return true;
      if (b[i] < a[i] || (std::isnan(a[i]) && !std::isnan(b[i]))) return false;
    }
    return false;
  };
  if (sorted)
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t i, std::size_t j) { return less(slices[i], slices[j]); });
  Groups g;
  g.of.resize(slices.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    // A NaN equals nothing.
    if (k == 0 || slices[order[k]] != slices[order[k - 1]]) {
      g.first.push_back(order[k]);
      g.counts.push_back(0);
    }
    g.of[order[k]] = static_cast<Real>(g.first.size() - 1);
    ++g.counts.back();
  }
  return g;
}
Plain plain_of(const List& v) {
  Plain p(Shape{static_cast<std::int64_t>(v.size())});
  p.v = v;
  return p;
}
// {values, inverse, counts}; what is not wanted is empty.
Reference distinct(bool sorted, bool inverse, bool counts) {
  return [=](const Plains& x) {
    Lists slices;
    for (Real v : x[0].v) slices.push_back({v});
    const Groups g = group(slices, sorted);
    Plain of = x[0];
    of.v = g.of;
    return Plains{plain_of(at_places(x[0].v, g.first)), inverse ? of : Plain(Shape{0}),
                  counts ? plain_of(g.counts) : Plain(Shape{0})};
  };
}
Reference distinct_slices(std::int64_t dim, bool sorted) {
  return [=](const Plains& x) {
    const auto d = static_cast<std::size_t>(dim < 0 ? dim + static_cast<std::int64_t>(x[0].sizes.size()) : dim);
    Lists slices(static_cast<std::size_t>(x[0].sizes[d]));
    for_each_index(x[0].sizes, [&](const Shape& i) { slices[static_cast<std::size_t>(i[d])].push_back(x[0].at(i)); });
    const Groups g = group(slices, sorted);
    Shape sizes = x[0].sizes;
    sizes[d] = static_cast<std::int64_t>(g.first.size());
    Plain values(sizes);
    std::int64_t k = 0;
    for_each_index(sizes, [&](Shape i) {
      i[d] = static_cast<std::int64_t>(g.first[static_cast<std::size_t>(i[d])]);
      values[k++] = x[0].at(i);
    });
    return Plains{values, plain_of(g.of), plain_of(g.counts)};
  };
}

void add_unique(std::vector<Row>& rows) {
  // Few values, so that some are equal.
  const Input few([](Generator& g) { return static_cast<double>(g.below(5)) / 2 - 1; });
  const auto add = [&](Row r) {
    rows.push_back(std::move(r)
                       .only(kAllTypes)
                       .draws({few})
                       .result({Result::Promoted, Result::Int64})
                       .constant()
                       .with_special_values());
  };
  add(row("_unique", {"no argument", call_several([](const Tensor& x) { return _unique(x); }),
                      [](const Plains& x) {
                        Plains y = distinct(true, false, false)(x);
                        y.pop_back();
                        return y;
                      },
                      kOne})
          .also({"inverse", call_several([](const Tensor& x) { return _unique(x, true, true); }),
                 [](const Plains& x) {
                   Plains y = distinct(true, true, false)(x);
                   y.pop_back();
                   return y;
                 }})
          .checked_by("unique"));
  add(row("_unique2", {"all", call_several([](const Tensor& x) { return _unique2(x, true, true, true); }),
                       distinct(true, true, true), kOne})
          .also(
              {"no argument", call_several([](const Tensor& x) { return _unique2(x); }), distinct(true, false, false)})
          .also({"counts", call_several([](const Tensor& x) { return _unique2(x, true, false, true); }),
                 distinct(true, false, true)})
          .checked_by("unique"));
  add(row("unique_consecutive", {"all", call_several([](const Tensor& x) { return unique_consecutive(x, true, true); }),
                                 distinct(false, true, true), kOne})
          .also({"no argument", call_several([](const Tensor& x) { return unique_consecutive(x); }),
                 distinct(false, false, false)})
          .also({"dim 1",
                 call_several([](const Tensor& x) { return unique_consecutive(x, true, true, 1); }),
                 distinct_slices(1, false),
                 {{{2, 7}}, {{1, 40}}, {{3, 1}}, {{2, 0}}, {{1, 9, 1}}}}));
  // Two columns of few values: equal rows are there.
  const std::vector<std::vector<Shape>> first = {{Shape{9}}, {{40, 1}}, {{50, 2}}, {{30, 1, 2}}, {{1, 3}}, {{0, 3}}},
                                        last = {{Shape{9}}, {{1, 40}}, {{2, 50}}, {{1, 2, 30}}, {{3, 1}}, {{3, 0}}};
  add(row("unique_dim",
          {"0", call_several([](const Tensor& x) { return unique_dim(x, 0); }), distinct_slices(0, true), first})
          .also({"-1", call_several([](const Tensor& x) { return unique_dim(x, -1, true, true, true); }),
                 distinct_slices(-1, true), last})
          .error(
              [] {
                unique_dim(zeros({2, 3}), 2);
              },
              {"[unique_dim]", "dim 2", "rank 2"}));
  add(row("unique_dim_consecutive", {"0", call_several([](const Tensor& x) { return unique_dim_consecutive(x, 0); }),
                                     distinct_slices(0, false), first})
          .also({"-1", call_several([](const Tensor& x) { return unique_dim_consecutive(x, -1, true, true); }),
                 distinct_slices(-1, false), last})
          .checked_by("unique_consecutive")
          .error(
              [] {
                unique_dim_consecutive(zeros({2, 3}), -3);
              },
              {"[unique_consecutive]", "dim -3", "rank 2"}));
}

// Weights, or ones, added up by element; at least `size` places.
Plains counted(const Plains& x, std::size_t size) {
  Plain y;
  for (Real v : x[0].v) size = std::max(size, static_cast<std::size_t>(v) + 1);
  y = Plain(Shape{static_cast<std::int64_t>(size)});
  for (std::int64_t k = 0; k < x[0].numel(); ++k) y[static_cast<std::int64_t>(x[0][k])] += x.size() > 1 ? x[1][k] : 1;
  return {y};
}

// The bin of v: of `bins` of one width in [low, high], the last one closed; the largest number is none.
Plain histogram(const Plain& x, std::int64_t bins, Real low, Real high) {
  Plain y(Shape{bins});
  for (Real v : x.v) {
    if (!(v >= low && v <= high)) continue;
    const auto bin = static_cast<std::int64_t>((v - low) * static_cast<Real>(bins) / (high - low));
    y[std::min(bin, bins - 1)] += 1;
  }
  return y;
}

}  // namespace

void add_counts(std::vector<Row>& rows) {
  add_unique(rows);
  const std::vector<std::vector<Shape>> lists = {{Shape{0}}, {Shape{1}}, {Shape{7}}, {Shape{301}}};
  rows.push_back(row("bincount", {"",
                                  call_one([](const Tensor& x) { return bincount(x); }),
                                  [](const Plains& x) { return counted(x, 0); },
                                  lists,
                                  {index_input(9)}})
                     .result(Result::Int64)
                     .constant()
                     .also({"at least 12", call_one([](const Tensor& x) { return bincount(x, {}, 12); }),
                            [](const Plains& x) { return counted(x, 12); }})
                     .error([] { bincount(zeros({2})); }, {"[bincount]", "integer", "float32[2]"})
                     .error(
                         [] {
                           bincount(zeros({2, 2}, kInt64));
                         },
                         {"[bincount]", "rank 1", "int64[2, 2]"})
                     .error([] { bincount(full({1}, -1)); }, {"[bincount]", "negative"})
                     .error([] { bincount(full({1}, 1), {}, -1); }, {"[bincount]", "minlength", "-1"})
                     .error([] { bincount(full({1}, 1), zeros({2})); }, {"[bincount]", "float32[2]", "int64[1]"}));
  rows.push_back(row("bincount", {"",
                                  [](const Tensors& x) { return Tensors{bincount(x[0], x[1], 4)}; },
                                  [](const Plains& x) { return counted(x, 4); },
                                  {{Shape{1}, Shape{1}}, {Shape{7}, Shape{7}}, {Shape{301}, Shape{301}}},
                                  {index_input(9), Input()}})
                     .named("weighted")
                     .sums()
                     .within(64)
                     .constant()
                     .optional_inputs_from(1));
  rows.push_back(row("histc", {"4 bins of [-1, 3]",
                               call_one([](const Tensor& x) { return histc(x, 4, -1, 3); }),
                               [](const Plains& x) { return Plains{histogram(x[0], 4, -1, 3)}; },
                               kOne,
                               {Input()}})
                     .constant()
                     .with_special_values()
                     .error([] { histc(zeros({2}, kInt64)); }, {"[histc]", "int64[2]"})
                     .error([] { histc(zeros({2}), 0); }, {"[histc]", "bins", "0"})
                     .error([] { histc(zeros({2}), 3, 2, 1); }, {"[histc]", "min 2", "max 1"})
                     .error([] { histc(full({2}, NAN), 3); }, {"[histc]", "not finite"}));
  // Between the extremes, or around the only value.
  const auto between_extremes = [](std::int64_t bins) {
    return [bins](const Plains& x) {
      Real low = 0, high = 0;
      if (!x[0].v.empty()) low = *std::min_element(x[0].v.begin(), x[0].v.end());
      if (!x[0].v.empty()) high = *std::max_element(x[0].v.begin(), x[0].v.end());
      if (low == high) --low, ++high;
      return Plains{histogram(x[0], bins, low, high)};
    };
  };
  // Eighths, for the bounds of the bins to be exact.
  const Input eighths([](Generator& g) { return static_cast<double>(g.below(65)) / 8 - 4; });
  rows.push_back(
      row("histc", {"no argument",
                    call_one([](const Tensor& x) { return histc(x); }),
                    between_extremes(100),
                    {{Shape{301}}, {{17, 19}}},
                    {eighths}})
          .named("of_all")
          .constant()
          .also({"3 bins", call_one([](const Tensor& x) { return histc(x, 3); }), between_extremes(3), kOne}));
}

}  // namespace gradtape::table
