// Rows of writing along a dimension and at positions of the flattened tensor, and of what reads there.
#include "table_index.h"

namespace gradtape::table {
namespace {

using Combine = std::function<Real(Real, Real)>;
Real keep_last(Real, Real b) { return b; }
Real plus(Real a, Real b) { return a + b; }
Real times(Real a, Real b) { return a * b; }

// x with f(what is there, source) at the places that index names along d, entry by entry.
Reference scattered(std::int64_t dim, Combine f) {
  return [=](const Plains& x) {
    Plain y = x[0];
    for_each_named(x[1], wrapped_dim(dim, x[0]), [&](const Shape& place, const Shape& i) {
      Real& at = place.empty() || y.sizes.empty() ? y[0] : y.at(place);
      at = f(at, x[2].sizes.empty() ? x[2][0] : x[2].at(i));
    });
    return Plains{y};
  };
}
// The same with slices: index has one dimension.
Reference sliced_in(std::int64_t dim, Combine f) {
  return [=](const Plains& x) {
    Plain y = x[0];
    if (y.sizes.empty()) return y[0] = f(y[0], x[2][0]), Plains{y};
    const std::size_t d = wrapped_dim(dim, y);
    Shape sizes = y.sizes;
    sizes[d] = x[1].numel();
    for_each_index(sizes, [&](const Shape& i) {
      Shape place = i;
      place[d] = entry(x[1], i[d]);
      y.at(place) = f(y.at(place), x[2].sizes.empty() ? x[2][0] : x[2].at(i));
    });
    return Plains{y};
  };
}
Reference with_value(const Reference& r, Real value) {
  return [=](const Plains& x) {
    Plain v;
    v[0] = value;
    return r({x[0], x[1], v});
  };
}
Plain put_into(Plain x, const Plain& index, const Plain& source, const Combine& f) {
  for (std::int64_t k = 0; k < index.numel(); ++k) {
    const std::int64_t at = entry(index, k);
    Real& v = x[at < 0 ? at + x.numel() : at];
    v = f(v, source[k]);
  }
  return x;
}
// Indices in [-n, n).
Input either_end(std::int64_t n) {
  return Input(
      [n](Generator& g) {
        return static_cast<double>(g.below(static_cast<std::uint64_t>(2 * n))) - static_cast<double>(n);
      },
      kInt64);
}

}  // namespace

void add_scatter(const std::function<void(Row)>& add) {
  const std::vector<Input> three = {Input(), index_input(3), Input()};
  const std::vector<std::vector<Shape>> along_0 = {{Shape{3}, Shape{5}, Shape{5}},
                                                   {{3, 4}, {2, 3}, {2, 4}},
                                                   {{3, 2, 2}, {4, 2, 1}, {5, 2, 2}},
                                                   {{3, 2}, {0, 2}, {0, 2}},
                                                   {{3, 100}, {4, 100}, {4, 100}}};
  const std::vector<std::vector<Shape>> rank_0 = {{Shape(), Shape{1}, Shape{1}}, {Shape(), Shape(), Shape()}};
  const std::vector<Input> three_0 = {Input(), index_input(1), Input()};
  const auto scatter_at = [](std::int64_t dim) {
    return [=](const Tensors& x) { return Tensors{scatter(x[0], dim, x[1], x[2])}; };
  };
  add(row("scatter", {"0", scatter_at(0), scattered(0, keep_last), along_0, three})
          .in_place([](Tensor& self, const Tensors& x) { self.scatter_(0, x[0], x[1]); })
          .also({"-1",
                 scatter_at(-1),
                 scattered(-1, keep_last),
                 {{Shape{3}, Shape{2}, Shape{2}}, {{4, 3}, {2, 5}, {4, 5}}, {{2, 2, 3}, {2, 1, 4}, {2, 1, 4}}}})
          .also({"rank 0", scatter_at(0), scattered(0, keep_last), rank_0, three_0})
          .error(
              [] {
                scatter(zeros({2, 3}), 1, full({2, 2}, 3), zeros({2, 2}));
              },
              {"[scatter]", "index 3", "dim 1"})
          .error(
              [] {
                scatter(zeros({2, 3}), 1, full({2, 2}, -1), zeros({2, 2}));
              },
              {"[scatter]", "index -1", "dim 1"})
          .error(
              [] {
                scatter(zeros({2, 3}), 1, zeros({2, 2}, kInt64), zeros({2, 1}));
              },
              {"[scatter]", "int64[2, 2]", "float32[2, 1]"})
          .error(
              [] {
                scatter(zeros({2, 3}), 1, zeros({2}, kInt64), zeros({2}));
              },
              {"[scatter]", "rank", "int64[2]"})
          .error([] { scatter(zeros({2}), 0, zeros({2}, kInt64), zeros({2}, kFloat64)); },
                 {"[scatter]", "float32[2]", "float64[2]"}));
  const std::vector<std::vector<Shape>> two_along_0 = {
      {Shape{3}, Shape{5}}, {{3, 4}, {2, 3}}, {{3, 2}, {0, 2}}, {{3, 100}, {4, 100}}};
  add(row("scatter", {"0",
                      [](const Tensors& x) { return Tensors{scatter(x[0], 0, x[1], 2)}; },
                      with_value(scattered(0, keep_last), 2),
                      two_along_0,
                      {Input(), index_input(3)}})
          .named("of_number")
          .only(kNumbers)
          .in_place([](Tensor& self, const Tensors& x) { self.scatter_(0, x[0], 2); })
          .also({"add", [](const Tensors& x) { return Tensors{scatter(x[0], 0, x[1], 2, "add")}; },
                 with_value(scattered(0, plus), 2)}));
  add(row("scatter", {"0", [](const Tensors& x) { return Tensors{scatter(x[0], 0, x[1], x[2], "add")}; },
                      scattered(0, plus), along_0, three})
          .named("adding")
          .sums()
          .in_place([](Tensor& self, const Tensors& x) { self.scatter_(0, x[0], x[1], "add"); })
          .saved_by("scatter_add")
          .checked_by("scatter_add")
          .error([] { scatter(zeros({2}), 0, zeros({2}, kInt64), zeros({2}), "mean"); },
                 {"[scatter]", "\"mean\"", "\"add\""}));
  add(row("scatter", {"0",
                      [](const Tensors& x) {
                        const NoGradGuard guard;
                        return Tensors{scatter(x[0], 0, x[1], x[2], "multiply")};
                      },
                      scattered(0, times), along_0, three})
          .named("multiplying")
          .constant()
          .also({"number",
                 [](const Tensors& x) {
                   const NoGradGuard guard;
                   return Tensors{scatter(x[0], 0, x[1], 2, "multiply")};
                 },
                 with_value(scattered(0, times), 2),
                 {{Shape{3}, Shape{2}}, {{3, 4}, {2, 3}}},
                 {Input(), index_input(3)}})
          .only(kNumbers)
          .error([] { scatter(ones({2}).requires_grad_(), 0, zeros({1}, kInt64), 2, "multiply"); },
                 {"[scatter]", "multiply", "no gradient"}));

  const auto copy_at = [](std::int64_t dim) {
    return [=](const Tensors& x) { return Tensors{index_copy(x[0], dim, x[1], x[2])}; };
  };
  add(row("index_copy", {"0",
                         copy_at(0),
                         sliced_in(0, keep_last),
                         {{Shape{3}, Shape{5}, Shape{5}},
                          {{3, 4}, Shape{2}, {2, 4}},
                          {{3, 2, 2}, Shape{4}, {4, 2, 2}},
                          {{3, 2}, Shape{0}, {0, 2}},
                          {{3, 0}, Shape{2}, {2, 0}}},
                         three})
          .in_place([](Tensor& self, const Tensors& x) { self.index_copy_(0, x[0], x[1]); })
          .also(
              {"-1", copy_at(-1), sliced_in(-1, keep_last), {{{2, 3}, Shape{5}, {2, 5}}, {{4, 3}, Shape{90}, {4, 90}}}})
          .also({"rank 0", copy_at(0), sliced_in(0, keep_last), rank_0, three_0})
          .error(
              [] {
                index_copy(zeros({2, 3}), 1, full({2}, 3), zeros({2, 2}));
              },
              {"[index_copy]", "index 3", "dim 1"})
          .error(
              [] {
                index_copy(zeros({2, 3}), 1, zeros({2}, kInt64), zeros({2, 3}));
              },
              {"[index_copy]", "source", "[2, 2]", "float32[2, 3]"})
          .error(
              [] {
                index_copy(zeros({2, 3}), 1, zeros({2}, kInt64), zeros({2, 2}, kFloat64));
              },
              {"[index_copy]", "float32[2, 3]", "float64[2, 2]"}));
  const std::vector<Input> fill_inputs = {Input(), either_end(3), Input()};
  const auto from_front = [](const Reference& r, std::int64_t dim) {
    return [=](Plains x) {
      const std::int64_t n = x[0].sizes.empty() ? 1 : x[0].sizes[wrapped_dim(dim, x[0])];
      for (Real& v : x[1].v) v = v < 0 ? v + static_cast<Real>(n) : v;
      return r(x);
    };
  };
  add(row("index_fill", {"0",
                         [](const Tensors& x) { return Tensors{index_fill(x[0], 0, x[1], x[2])}; },
                         from_front(sliced_in(0, keep_last), 0),
                         {{Shape{3}, Shape{5}, Shape()},
                          {{3, 4}, Shape{2}, Shape()},
                          {{3, 2, 2}, Shape{4}, Shape()},
                          {{3, 2}, Shape{0}, Shape()},
                          {{3, 0}, Shape{2}, Shape()}},
                         fill_inputs})
          .in_place([](Tensor& self, const Tensors& x) { self.index_fill_(0, x[0], x[1]); })
          .also({"-1",
                 [](const Tensors& x) { return Tensors{index_fill(x[0], -1, x[1], x[2])}; },
                 from_front(sliced_in(-1, keep_last), -1),
                 {{{2, 3}, Shape{2}, Shape()}, {{4, 3}, Shape{90}, Shape()}}})
          .also({"rank 0",
                 [](const Tensors& x) { return Tensors{index_fill(x[0], 0, x[1], x[2])}; },
                 sliced_in(0, keep_last),
                 {{Shape(), Shape{1}, Shape()}, {Shape(), Shape(), Shape()}},
                 {Input(), index_input(1), Input()}})
          .error(
              [] {
                index_fill(zeros({2, 3}), 1, full({2}, 3), 0);
              },
              {"[index_fill]", "index 3", "dim 1"})
          .error(
              [] {
                index_fill(zeros({2, 3}), 1, zeros({1}, kInt64), zeros({1}));
              },
              {"[index_fill]", "0-d", "float32[1]"}));
  add(row("index_fill", {"0",
                         [](const Tensors& x) { return Tensors{index_fill(x[0], 0, x[1], 2)}; },
                         from_front(with_value(sliced_in(0, keep_last), 2), 0),
                         {{Shape{3}, Shape{5}}, {{3, 4}, Shape{2}}, {{3, 2}, Shape{0}}},
                         {Input(), either_end(3)}})
          .named("of_number")
          .only(kNumbers)
          .in_place([](Tensor& self, const Tensors& x) { self.index_fill_(0, x[0], 2); }));

  add(row("take",
          {"",
           [](const Tensors& x) { return Tensors{take(x[0], x[1])}; },
           [](const Plains& x) {
             Plain y(x[1].sizes);
             for (std::int64_t k = 0; k < y.numel(); ++k) {
               const std::int64_t at = entry(x[1], k);
               y[k] = x[0][at < 0 ? at + x[0].numel() : at];
             }
             return Plains{y};
           },
           {{Shape{6}, Shape{4}}, {{2, 3}, {3, 2}}, {{3, 2}, Shape()}, {{2, 3}, Shape{0}}, {{6, 1}, Shape{301}}},
           {Input(), either_end(6)}})
          .error(
              [] {
                take(zeros({2, 3}), full({1}, 6));
              },
              {"[take]", "index 6", "float32[2, 3]"})
          .error(
              [] {
                take(zeros({2, 3}), zeros({1}));
              },
              {"[take]", "int64", "float32[1]"}));
  for (const bool accumulate : {false, true})
    add(row("put", {"",
                    [=](const Tensors& x) { return Tensors{put(x[0], x[1], x[2], accumulate)}; },
                    [=](const Plains& x) { return Plains{put_into(x[0], x[1], x[2], accumulate ? plus : keep_last)}; },
                    {{Shape{6}, Shape{4}, Shape{4}},
                     {{2, 3}, {3, 2}, {3, 2}},
                     {{2, 3}, {3, 2}, Shape{6}},
                     {{2, 3}, Shape(), Shape{1}},
                     {{2, 3}, Shape{0}, Shape{0}},
                     {{6, 1}, Shape{301}, Shape{301}}},
                    {Input(), either_end(6), Input()}})
            .named(accumulate ? "adding" : "")
            .sums()
            .within(accumulate ? 64 : 0)
            .in_place([=](Tensor& self, const Tensors& x) { self.put_(x[0], x[1], accumulate); })
            .error(
                [] {
                  put(zeros({2, 3}), full({1}, 6), zeros({1}));
                },
                {"[put]", "index 6", "float32[2, 3]"})
            .error(
                [] {
                  put(zeros({2, 3}), zeros({2}, kInt64), zeros({1}));
                },
                {"[put]", "int64[2]", "float32[1]"})
            .error(
                [] {
                  put(zeros({2, 3}), zeros({1}, kInt64), zeros({1}, kFloat64));
                },
                {"[put]", "float32[2, 3]", "float64[1]"}));

  const auto gathered = [](std::int64_t dim) {
    return [dim](const Plains& x) {
      const std::size_t d = wrapped_dim(dim, x[0]);
      Shape own = x[0].sizes, index = x[1].sizes;
      own[d] = index[d] = 1;
      own = index = broadcast_shapes("reference", own, index);
      own[d] = x[0].sizes[d];
      index[d] = x[1].sizes[d];
      const Plain from = spread_to(x[0], own), at = spread_to(x[1], index);
      Plain y(index);
      for_each_named(at, d, [&](const Shape& place, const Shape& i) { y.at(i) = from.at(place); });
      return Plains{y};
    };
  };
  add(row("take_along_dim", {"0",
                             [](const Tensors& x) { return Tensors{take_along_dim(x[0], x[1], 0)}; },
                             gathered(0),
                             {{Shape{3}, Shape{5}},
                              {{3, 4}, {2, 4}},
                              {{3, 4}, {2, 1}},
                              {{3, 1}, {2, 4}},
                              {{3, 2}, {0, 2}},
                              {{3, 100}, {4, 1}}},
                             {Input(), index_input(3)}})
          .also({"-1",
                 [](const Tensors& x) { return Tensors{take_along_dim(x[0], x[1], -1)}; },
                 gathered(-1),
                 {{{4, 3}, {4, 5}}, {{2, 1, 3}, {1, 4, 2}}}})
          .also({"flat",
                 [](const Tensors& x) { return Tensors{take_along_dim(x[0], x[1])}; },
                 [](const Plains& x) {
                   Plain y(Shape{x[1].numel()});
                   for (std::int64_t k = 0; k < y.numel(); ++k) y[k] = x[0][entry(x[1], k)];
                   return Plains{y};
                 },
                 {{{2, 3}, Shape{4}}, {{3, 2}, {2, 2}}}})
          .error(
              [] {
                take_along_dim(zeros({2, 3}), zeros({2}, kInt64), 1);
              },
              {"[take_along_dim]", "rank", "int64[2]"})
          .error(
              [] {
                take_along_dim(zeros({2, 3}), full({2, 1}, 3), 1);
              },
              {"[take_along_dim]", "index 3", "dim 1"})
          .error(
              [] {
                take_along_dim(zeros({2, 3}), zeros({3, 1}, kInt64), 1);
              },
              {"[take_along_dim]", "[2, 1]", "[3, 1]"}));
}

}  // namespace gradtape::table
