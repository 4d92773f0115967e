// Rows of masks, of the places that are not zero, and of rows of a table.
#include "table_index.h"

namespace gradtape::table {
namespace {

struct Masked {
  Plain self, mask;
};
Masked common(const Plains& x) {
  const Shape sizes = broadcast_shapes("reference", x[0].sizes, x[1].sizes);
  return {spread_to(x[0], sizes), spread_to(x[1], sizes)};
}
Plains filled(const Plains& x, Real value) {
  Masked m = common(x);
  for (std::int64_t k = 0; k < m.self.numel(); ++k)
    if (m.mask[k] != 0) m.self[k] = value;
  return {m.self};
}
// Zeros in any place, of any dtype.
const Input kMayBeZero([](Generator& g) { return static_cast<double>(g.below(3)) - 1; });

}  // namespace

void add_masks(const std::function<void(Row)>& add) {
  const std::vector<std::vector<Shape>> pairs = {{{3, 5}, {3, 5}},         {Shape{7}, Shape{7}},  {{3, 5}, Shape{5}},
                                                 {Shape{5}, {3, 1}},       {{2, 3, 4}, Shape()},  {Shape(), {2, 3}},
                                                 {Shape(), Shape()},       {{2, 0}, {2, 1}},      {Shape{0}, Shape()},
                                                 {Shape{301}, Shape{301}}, {{2, 3, 4}, {2, 3, 1}}};
  add(row("masked_select", {"",
                            [](const Tensors& x) { return Tensors{masked_select(x[0], x[1])}; },
                            [](const Plains& x) {
                              const Masked m = common(x);
                              Plain y(Shape{0});
                              for (std::int64_t k = 0; k < m.self.numel(); ++k)
                                if (m.mask[k] != 0) y.v.push_back(m.self[k]);
                              y.sizes[0] = static_cast<std::int64_t>(y.v.size());
                              return Plains{y};
                            },
                            pairs,
                            {Input(), condition()}})
          .with_special_values()
          .error(
              [] {
                masked_select(zeros({2, 3}), zeros({2}, kBool));
              },
              {"[masked_select]", "[2, 3]", "[2]"})
          .error([] { masked_select(zeros({2}), zeros({2})); }, {"[masked_select]", "bool", "float32[2]"}));
  std::vector<std::vector<Shape>> with_value = pairs;
  for (auto& shapes : with_value) shapes.push_back(Shape());
  add(row("masked_fill", {"",
                          [](const Tensors& x) { return Tensors{masked_fill(x[0], x[1], x[2])}; },
                          [](const Plains& x) { return filled(x, x[2][0]); },
                          with_value,
                          {Input(), condition(), Input()}})
          .with_special_values()
          .in_place([](Tensor& self, const Tensors& x) { self.masked_fill_(x[0], x[1]); })
          .error(
              [] {
                masked_fill(zeros({2, 3}), zeros({2}, kBool), 1);
              },
              {"[masked_fill]", "[2, 3]", "[2]"})
          .error([] { masked_fill(zeros({2}), zeros({2}), 1); }, {"[masked_fill]", "bool", "float32[2]"})
          .error([] { masked_fill(zeros({2}), zeros({2}, kBool), zeros({1})); },
                 {"[masked_fill]", "0-d", "float32[1]"}));
  add(row("masked_fill", {"",
                          [](const Tensors& x) { return Tensors{masked_fill(x[0], x[1], 2)}; },
                          [](const Plains& x) { return filled(x, 2); },
                          pairs,
                          {Input(), condition()}})
          .named("of_number")
          .only(kNumbers)
          .with_special_values()
          .in_place([](Tensor& self, const Tensors& x) { self.masked_fill_(x[0], 2); }));
  add(row("masked_scatter", {"",
                             [](const Tensors& x) { return Tensors{masked_scatter(x[0], x[1], x[2])}; },
                             [](const Plains& x) {
                               Masked m = common(x);
                               std::int64_t next = 0;
                               for (std::int64_t k = 0; k < m.self.numel(); ++k)
                                 if (m.mask[k] != 0) m.self[k] = x[2][next++];
                               return Plains{m.self};
                             },
                             {{{3, 5}, {3, 5}, {5, 3}},
                              {Shape{7}, Shape{7}, Shape{9}},
                              {{3, 5}, Shape{5}, {4, 4}},
                              {Shape{5}, {3, 1}, Shape{15}},
                              {Shape(), Shape(), Shape()},
                              {{2, 0}, {2, 1}, Shape{0}},
                              {Shape{301}, Shape{301}, Shape{301}}},
                             {Input(), condition(), Input()}})
          .in_place([](Tensor& self, const Tensors& x) { self.masked_scatter_(x[0], x[1]); })
          .error([] { masked_scatter(zeros({2}), ones({2}, kBool), zeros({1})); },
                 {"[masked_scatter]", "2 places", "float32[1]"})
          .error([] { masked_scatter(zeros({2}), ones({2}, kBool), zeros({2}, kFloat64)); },
                 {"[masked_scatter]", "float32[2]", "float64[2]"}));

  const auto places = [](const Plain& x) {
    std::vector<Shape> found;
    for_each_index(x.sizes, [&](const Shape& i) {
      if (x.at(i) != 0) found.push_back(i);
    });
    return found;
  };
  add(row("nonzero",
          {"",
           call_one([](const Tensor& x) { return nonzero(x); }),
           [=](const Plains& x) {
             const auto found = places(x[0]);
             Plain y(Shape{static_cast<std::int64_t>(found.size()), static_cast<std::int64_t>(x[0].sizes.size())});
             std::int64_t k = 0;
             for (const Shape& i : found)
               for (std::int64_t at : i) y[k++] = static_cast<Real>(at);
             return Plains{y};
           },
           kOne,
           {kMayBeZero}})
          .result(Result::Int64)
          .constant()
          .with_special_values());
  const auto columns = [=](const Plains& x) {
    Plain line = x[0];
    if (line.sizes.empty()) line.sizes = Shape{1};
    const auto found = places(line);
    Plains y(line.sizes.size(), Plain(Shape{static_cast<std::int64_t>(found.size())}));
    for (std::size_t k = 0; k < found.size(); ++k)
      for (std::size_t d = 0; d < y.size(); ++d) y[d].v[k] = static_cast<Real>(found[k][d]);
    return y;
  };
  add(row("nonzero_numpy", {"", [](const Tensors& x) { return nonzero_numpy(x[0]); }, columns, kOne, {kMayBeZero}})
          .result(Result::Int64)
          .constant()
          .with_special_values());
  add(row("argwhere", {"",
                       call_one([](const Tensor& x) { return argwhere(x); }),
                       [=](const Plains& x) {
                         const auto found = places(x[0]);
                         const auto rank = static_cast<std::int64_t>(x[0].sizes.size());
                         Plain y(Shape{static_cast<std::int64_t>(found.size()), rank});
                         for_each_index(y.sizes, [&](const Shape& i) {
                           y.at(i) =
                               static_cast<Real>(found[static_cast<std::size_t>(i[0])][static_cast<std::size_t>(i[1])]);
                         });
                         return Plains{y};
                       },
                       kOne,
                       {kMayBeZero}})
          .checked_by("nonzero")
          .result(Result::Int64)
          .constant());
  add(row("where", {"", [](const Tensors& x) { return where(x[0]); }, columns, kOne, {kMayBeZero}})
          .named("of_condition")
          .checked_by("nonzero_numpy")
          .result(Result::Int64)
          .constant());
}

void add_tables(const std::function<void(Row)>& add) {
  const auto unit_rows = [](std::int64_t classes) {
    return [=](const Plains& x) {
      Shape sizes = x[0].sizes;
      Real largest = -1;
      for (Real v : x[0].v) largest = std::max(largest, v);
      sizes.push_back(classes < 0 ? static_cast<std::int64_t>(largest) + 1 : classes);
      Plain y(sizes);
      for (std::int64_t k = 0; k < x[0].numel(); ++k) y[k * sizes.back() + entry(x[0], k)] = 1;
      return Plains{y};
    };
  };
  add(row("one_hot",
          {"5", call_one([](const Tensor& x) { return one_hot(x, 5); }), unit_rows(5), kOne, {index_input(5)}})
          .only(kFloatingTypes)
          .result(Result::Int64)
          .constant()
          .also({"no argument",
                 call_one([](const Tensor& x) { return one_hot(x); }),
                 unit_rows(-1),
                 {{Shape()}, {Shape{7}}, {{3, 5}}, {Shape{301}}}})
          .error([] { one_hot(full({2}, 3), 3); }, {"[one_hot]", "3", "int64[2]"})
          .error([] { one_hot(full({2}, -1)); }, {"[one_hot]", "-1"})
          .error([] { one_hot(zeros({0}, kInt64)); }, {"[one_hot]", "num_classes", "int64[0]"})
          .error([] { one_hot(zeros({2})); }, {"[one_hot]", "int64", "float32[2]"}));
  const auto rows_at = [](const Plains& x) {
    Shape sizes = x[1].sizes;
    const std::int64_t width = x[0].sizes[1];
    sizes.push_back(width);
    Plain y(sizes);
    for (std::int64_t k = 0; k < y.numel(); ++k) y[k] = x[0][entry(x[1], k / width) * width + k % width];
    return Plains{y};
  };
  add(row("embedding", {"",
                        [](const Tensors& x) { return Tensors{embedding(x[0], x[1])}; },
                        rows_at,
                        {{{3, 4}, Shape{5}},
                         {{3, 4}, {2, 3}},
                         {{3, 1}, Shape()},
                         {{3, 4}, {2, 0}},
                         {{3, 100}, Shape{7}},
                         {{3, 0}, Shape{2}}},
                        {Input(), index_input(3)}})
          .error(
              [] {
                embedding(zeros({3, 4}), full({2}, 3));
              },
              {"[embedding]", "index 3", "float32[3, 4]"})
          .error(
              [] {
                embedding(zeros({3, 4}), full({2}, -1));
              },
              {"[embedding]", "index -1"})
          .error([] { embedding(zeros({3}), zeros({2}, kInt64)); }, {"[embedding]", "matrix", "float32[3]"})
          .error(
              [] {
                embedding(zeros({3, 4}), zeros({2}));
              },
              {"[embedding]", "int64", "float32[2]"}));
}

}  // namespace gradtape::table
