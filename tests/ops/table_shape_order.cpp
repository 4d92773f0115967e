// Rows of reordering: flips, rolls, triangles, diagonals, differences.
#include "table_shape.h"

namespace gradtape::table {
namespace {

using Dims = std::vector<std::size_t>;

Plain flipped(const Plain& x, const Dims& dims) {
  return picked(x, x.sizes, [&](Shape i) {
    for (std::size_t d : dims) i[d] = x.sizes[d] - 1 - i[d];
    return i;
  });
}
Plain rolled(const Plain& x, std::int64_t shift, std::size_t d) {
  return picked(x, x.sizes, [&](Shape i) {
    const std::int64_t n = x.sizes[d];
    i[d] = ((i[d] - shift) % n + n) % n;
    return i;
  });
}
// A quarter turn from dim a to dim b.
Plain turned(const Plain& x, std::size_t a, std::size_t b) {
  Shape s = x.sizes;
  std::swap(s[a], s[b]);
  return picked(x, s, [&](Shape i) {
    const std::int64_t row = i[b], column = x.sizes[b] - 1 - i[a];
    i[a] = row;
    i[b] = column;
    return i;
  });
}

void add_flips(const Add& add) {
  add(row("flip", single(
                      "0", [](const Tensor& x) { return flip(x, 0); }, [](const Plain& x) { return flipped(x, {0}); },
                      {Shape{7}, {3, 5}, {2, 0, 3}, {2, 3, 4}, {20, 17}}))
          .also(single(
              "-1, 0", [](const Tensor& x) { return flip(x, ints(-1, 0)); },
              [](const Plain& x) {
                return flipped(x, {0, x.sizes.size() - 1});
              },
              {{3, 5}, {2, 3, 4}}))
          .also(single(
              "no dims", [](const Tensor& x) { return flip(x, ints()); }, [](const Plain& x) { return x; }))
          .also(single(
              "rank 0", [](const Tensor& x) { return flip(x, 0); }, [](const Plain& x) { return x; }, {Shape()}))
          .error([] { flip(zero(2, 3), ints(0, -2)); }, {"[flip]", "[0, -2]"})
          .error([] { flip(zero(2, 3), 2); }, {"[flip]", "dim 2", "rank 2"}));
  add(row("fliplr", single("", fliplr, [](const Plain& x) { return flipped(x, {1}); }, {{3, 5}, {2, 3, 4}, {0, 3}}))
          .error([] { fliplr(zero(3)); }, {"[fliplr]", "rank 2", "float32[3]"}));
  add(row("flipud", single("", flipud, [](const Plain& x) { return flipped(x, {0}); }, {Shape{3}, {3, 5}, {0, 3}}))
          .error([] { flipud(zero()); }, {"[flipud]", "rank 1", "float32[]"}));
  add(row("roll",
          single(
              "2 of all", [](const Tensor& x) { return roll(x, 2); },
              [](const Plain& x) { return reshaped(rolled(reshaped(x, {x.numel()}), 2, 0), x.sizes); }, all_shapes()))
          .also(single(
              "-4 of -1", [](const Tensor& x) { return roll(x, -4, -1); },
              [](const Plain& x) { return rolled(x, -4, x.sizes.size() - 1); }, {Shape{3}, {3, 5}, {2, 0}, {2, 3, 4}}))
          .also(single(
              "1, 2 of 0, 1", [](const Tensor& x) { return roll(x, ints(1, 2), ints(0, 1)); },
              [](const Plain& x) { return rolled(rolled(x, 1, 0), 2, 1); }, {{3, 5}, {2, 3, 4}}))
          .also(single(
              "a dim twice", [](const Tensor& x) { return roll(x, ints(1, 1), ints(1, 1)); },
              [](const Plain& x) { return rolled(x, 2, 1); }, {{3, 5}}))
          .error([] { roll(zero(3), ints()); }, {"[roll]", "shift"})
          .error([] { roll(zero(3, 3), ints(1, 2), 0); }, {"[roll]", "[1, 2]", "[0]"})
          .error([] { roll(zero(3), 1, 1); }, {"[roll]", "dim 1"}));
  const std::vector<Shape> shapes = {{3, 5}, {2, 3, 4}, {0, 3}, {20, 17}};
  add(row("rot90",
          single(
              "", [](const Tensor& x) { return rot90(x); }, [](const Plain& x) { return turned(x, 0, 1); }, shapes))
          .also(single(
              "2", [](const Tensor& x) { return rot90(x, 2); },
              [](const Plain& x) {
                return flipped(x, {0, 1});
              }))
          .also(single(
              "-1", [](const Tensor& x) { return rot90(x, -1); }, [](const Plain& x) { return turned(x, 1, 0); }))
          .also(single(
              "8", [](const Tensor& x) { return rot90(x, 8); }, [](const Plain& x) { return x; }))
          .also(single(
              "1 of -1, 0", [](const Tensor& x) { return rot90(x, 1, ints(-1, 0)); },
              [](const Plain& x) { return turned(x, x.sizes.size() - 1, 0); }))
          .error([] { rot90(zero(3)); }, {"[rot90]", "rank 2", "float32[3]"})
          .error([] { rot90(zero(3, 3), 1, ints(0, -2)); }, {"[rot90]", "same", "[0, -2]"})
          .error([] { rot90(zero(3, 3), 1, 0); }, {"[rot90]", "two dims"}));
}

void add_differences(const Add& add) {
  const auto difference = [](const Plain& x, std::size_t d) {
    Plain y = sliced(x, d, 0, std::max<std::int64_t>(x.sizes[d] - 1, 0));
    std::int64_t k = 0;
    for_each_index(y.sizes, [&](Shape i) {
      ++i[d];
      y[k] = x.at(i) - y[k];
      ++k;
    });
    return y;
  };
  const auto last = [](const Plain& x) { return x.sizes.size() - 1; };
  add(row("diff",
          single(
              "", [](const Tensor& x) { return diff(x); }, [=](const Plain& x) { return difference(x, last(x)); },
              {Shape{5}, {3, 5}, {2, 3, 4}, {3, 0}, {3, 1}, {9, 40}}))
          .sums()
          .also(single(
              "0", [](const Tensor& x) { return diff(x, 0); }, [](const Plain& x) { return x; }))
          .also(single(
              "1 of 0", [](const Tensor& x) { return diff(x, 1, 0); }, [=](const Plain& x) { return difference(x, 0); },
              {{3, 5}, {1, 3}}))
          .also({"prepend, append",
                 [](const Tensors& x) { return Tensors{diff(x[0], 1, -1, x[1], x[2])}; },
                 [=](const Plains& x) {
                   return Plains{difference(joined({x[1], x[0], x[2]}, last(x[0])), last(x[0]))};
                 },
                 {{Shape{4}, Shape{2}, Shape{1}}, {{3, 4}, {3, 1}, {3, 2}}},
                 {Input(), Input(), Input()}})
          .optional_inputs_from(1)
          .only(kAllTypes)
          .error([] { diff(zero()); }, {"[diff]", "rank 1", "float32[]"})
          .error([] { diff(zero(3), -1); }, {"[diff]", "-1"}));
  add(row("diff", single(
                      "", [](const Tensor& x) { return diff(x, 2); },
                      [=](const Plain& x) { return difference(difference(x, last(x)), last(x)); },
                      {Shape{5}, {3, 5}, {3, 1}, {9, 40}}))
          .named("twice")
          .sums()
          .cancels()
          .within(8)
          .only({kFloat32, kFloat64, kInt64, kInt32}));
}

// Elements at i, j of each matrix for which keep(j - i), else 0.
std::function<Plain(const Plain&)> masked(std::function<bool(std::int64_t)> keep) {
  return [keep = std::move(keep)](const Plain& x) {
    Plain y = x;
    std::int64_t k = 0;
    for_each_index(x.sizes, [&](const Shape& i) {
      if (!keep(i.back() - i[i.size() - 2])) y[k] = 0;
      ++k;
    });
    return y;
  };
}

// x along the diagonal `offset` of dims a and b, zeros elsewhere.
Plain embedded(const Plain& x, std::int64_t offset, std::size_t a, std::size_t b) {
  const std::int64_t down = offset < 0 ? -offset : 0, right = offset > 0 ? offset : 0;
  const std::int64_t n = x.sizes.back() + down + right;
  Shape s = x.sizes;
  s.erase(s.size() - 1);
  s.insert(std::min(a, b), n);
  s.insert(std::max(a, b), n);
  Plain y(s);
  std::int64_t k = 0;
  for_each_index(x.sizes, [&](const Shape& i) {
    Shape at(s.size(), 0);
    std::size_t next = 0;
    for (std::size_t d = 0; d < s.size(); ++d) at[d] = d == a ? i.back() + down : d == b ? i.back() + right : i[next++];
    y.at(at) = x[k++];
  });
  return y;
}

}  // namespace

void add_reordering(const Add& add) {
  add_flips(add);
  add_differences(add);
}

void add_triangles(const Add& add) {
  const std::vector<Shape> shapes = {{3, 5}, {5, 3}, {2, 3, 4}, {0, 3}, {2, 0, 3}, {1, 1}, {20, 17}};
  add(row("tril", single(
                      "", [](const Tensor& x) { return tril(x); }, masked([](auto d) { return d <= 0; }), shapes))
          .also(single(
              "1", [](const Tensor& x) { return tril(x, 1); }, masked([](auto d) { return d <= 1; })))
          .also(single(
              "-2", [](const Tensor& x) { return tril(x, -2); }, masked([](auto d) { return d <= -2; })))
          .in_place([](Tensor& x, const Tensors&) { x.tril_(); })
          .error([] { tril(zero(3)); }, {"[tril]", "rank 2", "float32[3]"}));
  add(row("triu", single(
                      "", [](const Tensor& x) { return triu(x); }, masked([](auto d) { return d >= 0; }), shapes))
          .also(single(
              "1", [](const Tensor& x) { return triu(x, 1); }, masked([](auto d) { return d >= 1; })))
          .also(single(
              "-2", [](const Tensor& x) { return triu(x, -2); }, masked([](auto d) { return d >= -2; })))
          .in_place([](Tensor& x, const Tensors&) { x.triu_(); })
          .error([] { triu(zero(3)); }, {"[triu]", "rank 2", "float32[3]"}));
  // No inputs: positions in a matrix of 3 rows and 4 columns.
  const auto positions = [](std::function<bool(std::int64_t)> keep) {
    return [keep = std::move(keep)](const Plains&) {
      std::vector<Real> rows, columns;
      for_each_index({3, 4}, [&](const Shape& i) {
        if (!keep(i[1] - i[0])) return;
        rows.push_back(static_cast<Real>(i[0]));
        columns.push_back(static_cast<Real>(i[1]));
      });
      Plain y(Shape{2, static_cast<std::int64_t>(rows.size())});
      std::copy(columns.begin(), columns.end(), std::copy(rows.begin(), rows.end(), y.v.begin()));
      return Plains{y};
    };
  };
  const std::vector<std::vector<Shape>> none = {{}};
  using Indices = Tensor (*)(std::int64_t, std::int64_t, std::int64_t, const TensorOptions&);
  for (const auto& [name, f, upper] : {std::tuple<const char*, Indices, bool>{"tril_indices", tril_indices, false},
                                       {"triu_indices", triu_indices, true}}) {
    const auto keep = [upper = upper](std::int64_t offset) {
      return [=](std::int64_t d) { return upper ? d >= offset : d <= offset; };
    };
    add(row(name, {"", [f = f](const Tensors&) { return Tensors{f(3, 4, 0, kInt64)}; }, positions(keep(0)), none})
            .also({"1", [f = f](const Tensors&) { return Tensors{f(3, 4, 1, kInt64)}; }, positions(keep(1))})
            .also({"-2", [f = f](const Tensors&) { return Tensors{f(3, 4, -2, kInt64)}; }, positions(keep(-2))})
            .also({"none", [f = f, upper = upper](const Tensors&) { return Tensors{f(3, 4, upper ? 4 : -3, kInt64)}; },
                   positions([](std::int64_t) { return false; })})
            .result(Result::Int64)
            .constant()
            .error([f = f] { f(-1, 2, 0, kInt64); }, {"negative", "-1"})
            .error([f = f] { f(1, 2, 0, kFloat32); }, {"integer", "float32"}));
  }
  add(row("diag", single(
                      "of a vector", [](const Tensor& x) { return diag(x); },
                      [](const Plain& x) { return embedded(x, 0, 0, 1); }, {Shape{3}, Shape{1}, Shape{0}, Shape{17}}))
          .also(single(
              "-2 of a vector", [](const Tensor& x) { return diag(x, -2); },
              [](const Plain& x) { return embedded(x, -2, 0, 1); }))
          .also(single(
              "of a matrix", [](const Tensor& x) { return diag(x); },
              [](const Plain& x) { return diagonal_of(x, 0, 0, 1); }, kMatrices))
          .also(single(
              "1 of a matrix", [](const Tensor& x) { return diag(x, 1); },
              [](const Plain& x) { return diagonal_of(x, 1, 0, 1); }, {{3, 5}, {1, 4}}))
          .error([] { diag(zero()); }, {"[diag]", "float32[]", "diag_embed"})
          .error([] { diag(zero(2, 2, 2)); }, {"[diag]", "float32[2, 2, 2]", "diagonal()"}));
  const std::vector<Shape> from1 = {Shape{3}, {2, 3}, {0, 2}, {2, 0}, {9, 9}};
  add(row("diag_embed", single(
                            "", [](const Tensor& x) { return diag_embed(x); },
                            [](const Plain& x) { return embedded(x, 0, x.sizes.size() - 1, x.sizes.size()); }, from1))
          .also(single(
              "1, 0, -1", [](const Tensor& x) { return diag_embed(x, 1, 0, -1); },
              [](const Plain& x) { return embedded(x, 1, 0, x.sizes.size()); }))
          .also(single(
              "-2, -1, 0", [](const Tensor& x) { return diag_embed(x, -2, -1, 0); },
              [](const Plain& x) { return embedded(x, -2, x.sizes.size(), 0); }))
          .error([] { diag_embed(zero()); }, {"[diag_embed]", "rank 1", "float32[]"})
          .error([] { diag_embed(zero(2), 0, 0, -2); }, {"[diag_embed]", "same"}));
  add(row("diagflat", single(
                          "", [](const Tensor& x) { return diagflat(x); },
                          [](const Plain& x) { return embedded(reshaped(x, {x.numel()}), 0, 0, 1); },
                          {Shape(), Shape{3}, {2, 3}, {2, 0}, {2, 2, 2}}))
          .also(single(
              "1", [](const Tensor& x) { return diagflat(x, 1); },
              [](const Plain& x) { return embedded(reshaped(x, {x.numel()}), 1, 0, 1); })));
  add(row("trace", single(
                       "", trace,
                       [](const Plain& x) {
                         const Plain d = diagonal_of(x, 0, 0, 1);
                         Plain y;
                         for (Real v : d.v) y[0] += v;
                         return y;
                       },
                       kMatrices))
          .sums()
          .within(16)
          .only(kAllTypes)
          .result(Result::Sum)
          .error([] { trace(zero(2)); }, {"[trace]", "float32[2]"})
          .error([] { trace(zero(2, 2, 2)); }, {"[trace]", "float32[2, 2, 2]"}));
}

}  // namespace gradtape::table
