// Rows of joining and repeating tensors, beside cat and stack.
#include "table_shape.h"

namespace gradtape::table {
namespace {

const std::vector<Input> kTwoInputs = {Input(), Input()};

Plain with_rank(Plain x, std::size_t rank, bool as_column = false) {
  Shape s = x.sizes;
  if (s.empty()) s.push_back(1);
  if (rank >= 2 && s.size() == 1) s.insert(as_column ? 1 : 0, 1);
  if (rank >= 3 && s.size() == 2) s.push_back(1);
  return reshaped(std::move(x), s);
}

Reference joined_with_rank(std::size_t rank, std::size_t d, bool as_column = false) {
  return [=](const Plains& x) {
    Plains parts;
    for (const Plain& p : x) parts.push_back(with_rank(p, rank, as_column));
    return Plains{joined(parts, d)};
  };
}

Call of_list(Tensor (*f)(TensorList)) {
  return [f](const Tensors& x) { return Tensors{f(x)}; };
}

void add_stacks(const Add& add) {
  add(row("hstack", {"matrices",
                     of_list(hstack),
                     joined_with_rank(2, 1),
                     {{{2, 3}, {2, 1}}, {{3, 0}, {3, 2}}, {{0, 2}, {0, 1}}, {{20, 9}, {20, 8}}},
                     kTwoInputs})
          .also({"vectors",
                 of_list(hstack),
                 joined_with_rank(1, 0),
                 {{Shape{2}, Shape{3}}, {Shape(), Shape{2}}, {Shape(), Shape()}, {Shape{0}, Shape{2}}}})
          .error(
              [] {
                hstack({zero(2, 3), zero(3, 3)});
              },
              {"[cat]", "float32[2, 3]", "float32[3, 3]", "dim 1"})
          .error([] { hstack({}); }, {"[hstack]", "at least one"}));
  for (const auto& [name, f] :
       {std::pair<const char*, Tensor (*)(TensorList)>{"vstack", vstack}, {"row_stack", row_stack}})
    add(row(name, {"",
                   of_list(f),
                   joined_with_rank(2, 0),
                   {{{2, 3}, {1, 3}}, {Shape{3}, {2, 3}}, {Shape{3}, Shape{3}}, {Shape(), Shape()}, {{20, 9}, {8, 9}}},
                   kTwoInputs})
            .checked_by("vstack")
            .error(
                [f = f] {
                  f({zero(3), zero(2)});
                },
                {"[cat]", "[1, 3]", "[1, 2]", "dim 0"}));
  add(row("dstack",
          {"",
           of_list(dstack),
           joined_with_rank(3, 2),
           {{{2, 3}, {2, 3}}, {Shape{3}, Shape{3}}, {Shape(), Shape()}, {{2, 3, 2}, {2, 3}}, {{20, 9}, {20, 9}}},
           kTwoInputs})
          .error(
              [] {
                dstack({zero(2, 3), zero(3, 3)});
              },
              {"[cat]", "[2, 3, 1]", "[3, 3, 1]", "dim 2"}));
  add(row("column_stack", {"",
                           of_list(column_stack),
                           joined_with_rank(2, 1, true),
                           {{Shape{3}, Shape{3}}, {Shape{3}, {3, 2}}, {Shape(), Shape()}, {{20, 9}, Shape{20}}},
                           kTwoInputs})
          .error(
              [] {
                column_stack({zero(2), zero(3)});
              },
              {"[cat]", "[2, 1]", "[3, 1]"}));
  using Join = Tensor (*)(TensorList, std::int64_t);
  for (const auto& [name, f] : {std::pair<const char*, Join>{"concat", concat}, {"concatenate", concatenate}})
    add(row(name, {"-1",
                   [f = f](const Tensors& x) { return Tensors{f(x, -1)}; },
                   [](const Plains& x) { return Plains{joined(x, x[0].sizes.size() - 1)}; },
                   {{Shape{2}, Shape{3}}, {{3, 2}, {3, 1}}},
                   kTwoInputs})
            .checked_by("cat"));
  add(row("block_diag",
          {"",
           of_list(block_diag),
           [](const Plains& x) {
             Shape s(2, 0);
             for (const Plain& p : x)
               for (std::size_t d = 0; d < 2; ++d) s[d] += with_rank(p, 2).sizes[d];
             Plain y(s);
             std::int64_t top = 0, left = 0;
             for (const Plain& p : x) {
               const Plain block = with_rank(p, 2);
               for_each_index(block.sizes, [&](const Shape& i) { y.at({top + i[0], left + i[1]}) = block.at(i); });
               top += block.sizes[0];
               left += block.sizes[1];
             }
             return Plains{y};
           },
           {{{2, 3}, {1, 2}, {3, 1}}, {Shape{2}, Shape(), {2, 1}}, {{0, 2}, {2, 0}, {1, 1}}, {{9, 4}, {8, 20}, {3, 3}}},
           {Input(), Input(), Input()}})
          .error([] { block_diag({zero(2, 2, 2)}); }, {"[block_diag]", "rank 2 or less", "float32[2, 2, 2]"})
          .error([] { block_diag({}); }, {"[block_diag]", "at least one"}));
}

// Result k of a grid of vectors; it varies along dim k, or with `swap` the first two change places.
Plains grids(const Plains& x, bool swap) {
  const auto place = [=](std::size_t k) { return swap && k < 2 ? 1 - k : k; };
  Shape s(x.size(), 1);
  for (std::size_t k = 0; k < x.size(); ++k) s[place(k)] = x[k].numel();
  Plains out;
  for (std::size_t k = 0; k < x.size(); ++k)
    out.push_back(picked(reshaped(x[k], {x[k].numel()}), s, [&](const Shape& i) { return Shape{i[place(k)]}; }));
  return out;
}

void add_grids(const Add& add) {
  const std::vector<Input> three = {Input(), Input(), Input()};
  const std::vector<std::vector<Shape>> shapes = {{Shape{2}, Shape{3}, Shape{4}},
                                                  {Shape{3}, Shape(), Shape{1}},
                                                  {Shape{2}, Shape{0}, Shape{3}},
                                                  {Shape{9}, Shape{8}, Shape{7}}};
  add(row("meshgrid", {"", [](const Tensors& x) { return meshgrid(x); },
                       [](const Plains& x) { return grids(x, false); }, shapes, three})
          .also({"xy", [](const Tensors& x) { return meshgrid(x, "xy"); },
                 [](const Plains& x) { return grids(x, true); }})
          .also({"xy of one",
                 [](const Tensors& x) { return meshgrid(x, "xy"); },
                 [](const Plains& x) { return x; },
                 {{Shape{3}}},
                 {Input()}})
          .error([] { meshgrid({}); }, {"[meshgrid]", "at least one"})
          .error(
              [] {
                meshgrid({zero(2), zero(2)}, "yx");
              },
              {"[meshgrid]", "\"yx\"", "\"xy\""})
          .error(
              [] {
                meshgrid({zero(2), zero(2, 2)});
              },
              {"[meshgrid]", "float32[2, 2]"})
          .error(
              [] {
                meshgrid({zero(2), zero(2).to(kInt64)});
              },
              {"[meshgrid]", "float32[2]", "int64[2]"}));
  add(row("cartesian_prod",
          {"",
           of_list(cartesian_prod),
           [](const Plains& x) {
             const Plains g = grids(x, false);
             Plain y(Shape{g[0].numel(), static_cast<std::int64_t>(x.size())});
             for (std::int64_t k = 0; k < y.numel(); ++k)
               y[k] = g[static_cast<std::size_t>(k) % x.size()][k / static_cast<std::int64_t>(x.size())];
             return Plains{y};
           },
           {{Shape{2}, Shape{3}, Shape{4}}, {Shape{2}, Shape{0}, Shape{3}}, {Shape{9}, Shape{8}, Shape{7}}},
           three})
          .also({"one", of_list(cartesian_prod), [](const Plains& x) { return x; }, {{Shape{3}}}, {Input()}})
          .error([] { cartesian_prod({zero(2, 2)}); }, {"[cartesian_prod]", "rank 1", "float32[2, 2]"}));
  const auto chosen = [](std::int64_t r, std::int64_t step) {
    return [=](const Plain& x) {
      // All tuples of indices in lexicographic order, of which the rising ones count.
      Plain y;
      y.v.clear();
      for_each_index(Shape(static_cast<std::size_t>(r), x.numel()), [&](const Shape& i) {
        for (std::size_t k = 1; k < i.size(); ++k)
          if (i[k] < i[k - 1] + step) return;
        for (std::int64_t k : i) y.v.push_back(x[k]);
      });
      y.sizes = {static_cast<std::int64_t>(y.v.size()) / r, r};
      return y;
    };
  };
  const std::vector<Shape> vectors = {Shape{2}, Shape{5}, Shape{1}, Shape{0}, Shape{17}};
  add(row("combinations", single(
                              "", [](const Tensor& x) { return combinations(x); }, chosen(2, 1), vectors))
          .also(single("3", [](const Tensor& x) { return combinations(x, 3); }, chosen(3, 1), {Shape{5}, Shape{2}}))
          .also(single(
              "1", [](const Tensor& x) { return combinations(x, 1); }, chosen(1, 1)))
          .also(single(
              "with replacement", [](const Tensor& x) { return combinations(x, 2, true); }, chosen(2, 0)))
          .also(single("3 with replacement", [](const Tensor& x) { return combinations(x, 3, true); }, chosen(3, 0),
                       {Shape{4}, Shape{1}}))
          .error([] { combinations(zero(2, 2)); }, {"[combinations]", "rank 1", "float32[2, 2]"})
          .error([] { combinations(zero(2), -1); }, {"[combinations]", "r ", "-1"}));
}

}  // namespace

void add_joins(const Add& add) {
  add_stacks(add);
  add_grids(add);
}

void add_repeats(const Add& add) {
  // Repeated `times` along each dim, new ones in front.
  const auto repeated = [](const Shape& times) {
    return [=](const Plain& x) {
      const std::size_t lead = times.size() > x.sizes.size() ? times.size() - x.sizes.size() : 0;
      const std::size_t missing = x.sizes.size() > times.size() ? x.sizes.size() - times.size() : 0;
      Shape s(lead + x.sizes.size(), 1);
      for (std::size_t d = 0; d < x.sizes.size(); ++d) s[lead + d] = x.sizes[d];
      for (std::size_t d = 0; d < times.size(); ++d) s[missing + d] *= times[d];
      return picked(x, s, [&](const Shape& i) {
        Shape from = x.sizes;
        for (std::size_t d = 0; d < from.size(); ++d) from[d] = i[lead + d] % from[d];
        return from;
      });
    };
  };
  const std::vector<Shape> upto2 = {Shape(), Shape{3}, Shape{0}, {2, 3}, {1, 4}, {2, 0}, {20, 9}};
  add(row("repeat", single(
                        "3, 2", [](const Tensor& x) { return x.repeat(ints(3, 2)); }, repeated({3, 2}), upto2))
          .also(single(
              "2, 1, 3", [](const Tensor& x) { return x.repeat(ints(2, 1, 3)); }, repeated({2, 1, 3})))
          .also(single(
              "0 times", [](const Tensor& x) { return x.repeat(ints(2, 0)); }, repeated({2, 0})))
          .also(single("of rank 0", [](const Tensor& x) { return x.repeat(ints()); }, repeated({}), {Shape()}))
          .error([] { zero(2, 3).repeat(2); }, {"[repeat]", "[2]", "float32[2, 3]"})
          .error([] { zero(2).repeat(-1); }, {"[repeat]", "negative", "[-1]"}));
  add(row("tile", single(
                      "3, 2", [](const Tensor& x) { return tile(x, ints(3, 2)); }, repeated({3, 2}), upto2))
          .also(single(
              "2", [](const Tensor& x) { return tile(x, 2); }, repeated(Shape{2})))
          .also(single(
              "", [](const Tensor& x) { return tile(x, ints()); }, repeated({})))
          .error([] { tile(zero(2), -1); }, {"negative", "[-1]"}));
  // Element i of dim d counts[i] times.
  const auto each_repeated = [](std::size_t d, std::vector<std::int64_t> counts) {
    return [=](const Plain& x) {
      std::vector<std::int64_t> places;
      for (std::int64_t i = 0; i < x.sizes[d]; ++i)
        for (std::int64_t k = 0; k < counts[static_cast<std::size_t>(i) % counts.size()]; ++k) places.push_back(i);
      Shape s = x.sizes;
      s[d] = static_cast<std::int64_t>(places.size());
      return picked(x, s, [&](Shape i) {
        i[d] = places[static_cast<std::size_t>(i[d])];
        return i;
      });
    };
  };
  const auto flat = [=](std::vector<std::int64_t> counts) {
    return [=](const Plain& x) { return each_repeated(0, counts)(reshaped(x, {x.numel()})); };
  };
  const std::vector<Shape> short_ones = {Shape(), Shape{3}, Shape{0}, {2, 3}, {2, 0}, {3, 5}};
  add(row("repeat_interleave", single(
                                   "2", [](const Tensor& x) { return repeat_interleave(x, 2); }, flat({2}), short_ones))
          .also(single(
              "3 of -1", [](const Tensor& x) { return repeat_interleave(x, 3, -1); },
              [=](const Plain& x) { return each_repeated(x.sizes.size() - 1, {3})(x); },
              {Shape{3}, {2, 3}, {2, 0}, {2, 3, 2}}))
          .also(single("1, 0, 4 of 0",
                       [](const Tensor& x) {
                         return repeat_interleave(x, tensor({1, 0, 4}, kInt64), 0);
                       },
                       each_repeated(0, {1, 0, 4}), {Shape{3}, {3, 2}, {3, 0}}))
          .also(single("2, 1 of all",
                       [](const Tensor& x) {
                         return repeat_interleave(x, tensor({2, 1}, kInt32));
                       },
                       flat({2, 1}), {Shape{2}, {2, 1}, {1, 2}}))
          .also(single("output_size",
                       [](const Tensor& x) { return repeat_interleave(x, scalar_tensor(2, kInt64), 1, 4); },
                       each_repeated(1, {2}), {{3, 2}}))
          .error(
              [] {
                repeat_interleave(zero(3), tensor({1, 2}, kInt64));
              },
              {"[repeat_interleave]", "float32[3]", "int64[2]"})
          .error(
              [] {
                repeat_interleave(zero(3), tensor({1, -2, 1}, kInt64));
              },
              {"[repeat_interleave]", "-2"})
          .error([] { repeat_interleave(zero(3), -1); }, {"[repeat_interleave]", "-1"})
          .error([] { repeat_interleave(zero(3), 2, 0, 5); }, {"[repeat_interleave]", "output_size", "6"})
          .error([] { repeat_interleave(zero(3), zero(3)); }, {"[repeat_interleave]", "int64", "float32[3]"}));
  add(row("repeat_interleave", {"",
                                call_one([](const Tensor& n) { return repeat_interleave(n); }),
                                one([](const Plain& n) {
                                  Plain y(Shape{0});
                                  for (std::int64_t i = 0; i < n.numel(); ++i)
                                    for (Real k = 0; k < n[i]; ++k) y.v.push_back(static_cast<Real>(i));
                                  y.sizes[0] = y.numel();
                                  return y;
                                }),
                                {{Shape{5}}, {Shape{1}}, {Shape{0}}, {Shape{30}}},
                                {index_input(4)}})
          .named("indices")
          .result(Result::Int64)
          .constant());
}

}  // namespace gradtape::table
