// Rows of reading and adding at positions given by an index.
#include "table_index.h"

namespace gradtape::table {
namespace {

// y[.., k, ..] = x[.., index[k], ..]
Plain taken(const Plain& x, std::size_t d, const Plain& index) {
  Shape sizes = x.sizes;
  sizes[d] = index.numel();
  Plain y(sizes);
  std::int64_t n = 0;
  for_each_index(sizes, [&](Shape i) {
    i[d] = entry(index, i[d]);
    y[n++] = x.at(i);
  });
  return y;
}
Plain added(Plain x, std::size_t d, const Plain& index, const Plain& source) {
  std::int64_t n = 0;
  for_each_index(source.sizes, [&](Shape i) {
    i[d] = entry(index, i[d]);
    x.at(i) += source[n++];
  });
  return x;
}
}  // namespace

Plain spread_to(const Plain& x, const Shape& sizes) {
  const std::size_t lead = sizes.size() - x.sizes.size();
  Plain y(sizes);
  std::int64_t k = 0;
  for_each_index(sizes, [&](const Shape& i) {
    Shape own = x.sizes;
    for (std::size_t d = 0; d < own.size(); ++d) own[d] = own[d] == 1 ? 0 : i[lead + d];
    y[k++] = x.at(own);
  });
  return y;
}

void add_index(std::vector<Row>& rows) {
  const auto add = [&](Row r) {
    if (r.dtypes == kFloatingTypes) r.dtypes = kAllTypes;
    rows.push_back(std::move(r));
  };
  const std::vector<Input> value_index = {Input(), index_input(3)};
  add(row("index_select", {"0",
                           [](const Tensors& x) { return Tensors{index_select(x[0], 0, x[1])}; },
                           [](const Plains& x) { return Plains{taken(x[0], 0, x[1])}; },
                           {{Shape{3}, Shape{5}},
                            {{3, 4}, Shape{2}},
                            {{4, 2, 3}, Shape{7}},
                            {{3, 0}, Shape{2}},
                            {{3, 2}, Shape{0}},
                            {{3, 100}, Shape{4}}},
                           value_index})
          .also({"-1",
                 [](const Tensors& x) { return Tensors{index_select(x[0], -1, x[1])}; },
                 [](const Plains& x) { return Plains{taken(x[0], x[0].sizes.size() - 1, x[1])}; },
                 {{Shape{3}, Shape{1}}, {{2, 3}, Shape{5}}, {{2, 3, 4}, Shape{3}}}})
          .also({"rank 0",
                 [](const Tensors& x) { return Tensors{index_select(x[0], 0, x[1])}; },
                 [](const Plains& x) { return Plains{x[0]}; },
                 {{Shape(), Shape{1}}, {Shape(), Shape()}},
                 {Input(), index_input(1)}})
          .error(
              [] {
                index_select(zeros({2, 3}), 1, full({2}, 3));
              },
              {"[index_select]", "index 3", "dim 1", "float32[2, 3]"})
          .error(
              [] {
                index_select(zeros({2, 3}), 1, full({2}, -1));
              },
              {"[index_select]", "index -1"})
          .error(
              [] {
                index_select(zeros({2, 3}), 1, zeros({2}));
              },
              {"[index_select]", "int64", "float32[2]"})
          .error(
              [] {
                index_select(zeros({2, 3}), 1, zeros({2, 2}, kInt64));
              },
              {"[index_select]", "rank 1", "int64[2, 2]"}));
  add(row("index_add", {"0",
                        [](const Tensors& x) { return Tensors{index_add(x[0], 0, x[1], x[2])}; },
                        [](const Plains& x) { return Plains{added(x[0], 0, x[1], x[2])}; },
                        {{Shape{3}, Shape{5}, Shape{5}},
                         {{3, 4}, Shape{2}, {2, 4}},
                         {{3, 2, 2}, Shape{4}, {4, 2, 2}},
                         {{3, 2}, Shape{0}, {0, 2}},
                         {{3, 0}, Shape{2}, {2, 0}}},
                        {Input(), index_input(3), Input()}})
          .sums()
          .in_place([](Tensor& self, const Tensors& x) { self.index_add_(0, x[0], x[1]); })
          .also({"alpha 3", [](const Tensors& x) { return Tensors{index_add(x[0], 0, x[1], x[2], 3)}; },
                 [](const Plains& x) {
                   Plain source = x[2];
                   for (Real& v : source.v) v *= 3;
                   return Plains{added(x[0], 0, x[1], source)};
                 }})
          .also({"rank 0",
                 [](const Tensors& x) { return Tensors{index_add(x[0], 0, x[1], x[2])}; },
                 [](const Plains& x) {
                   Plain y = x[0];
                   y[0] += x[2][0];
                   return Plains{y};
                 },
                 {{Shape(), Shape{1}, Shape{1}}, {Shape(), Shape(), Shape()}},
                 {Input(), index_input(1), Input()}})
          .also({"1",
                 [](const Tensors& x) { return Tensors{index_add(x[0], 1, x[1], x[2])}; },
                 [](const Plains& x) { return Plains{added(x[0], 1, x[1], x[2])}; },
                 {{{2, 3}, Shape{5}, {2, 5}}, {{2, 4, 3}, Shape{2}, {2, 2, 3}}, {{4, 3}, Shape{90}, {4, 90}}}})
          .error(
              [] {
                index_add(zeros({2, 3}), 1, full({2}, 3), zeros({2, 2}));
              },
              {"[index_add]", "index 3", "dim 1"})
          .error(
              [] {
                index_add(zeros({2, 3}), 1, zeros({2}, kInt64), zeros({2, 3}));
              },
              {"[index_add]", "source", "[2, 2]", "float32[2, 3]"})
          .error(
              [] {
                index_add(zeros({2, 3}), 1, zeros({2}, kInt64), zeros({2, 2}, kFloat64));
              },
              {"[index_add]", "float32[2, 3]", "float64[2, 2]"}));
  const auto gathered = [](std::size_t d) {
    return [d](const Plains& x) {
      Plain y(x[1].sizes);
      for_each_named(x[1], d, [&](const Shape& place, const Shape& i) { y.at(i) = x[0].at(place); });
      return Plains{y};
    };
  };
  add(row("gather",
          {"0",
           [](const Tensors& x) { return Tensors{gather(x[0], 0, x[1])}; },
           gathered(0),
           {{Shape{3}, Shape{5}}, {{3, 4}, {2, 3}}, {{3, 2, 2}, {4, 2, 1}}, {{3, 2}, {0, 2}}, {{3, 100}, {4, 100}}},
           value_index})
          .also({"-1",
                 [](const Tensors& x) { return Tensors{gather(x[0], -1, x[1])}; },
                 [=](const Plains& x) { return gathered(x[0].sizes.size() - 1)(x); },
                 {{Shape{3}, Shape{2}}, {{4, 3}, {2, 5}}, {{2, 2, 3}, {2, 1, 4}}}})
          .also({"rank 0",
                 [](const Tensors& x) { return Tensors{gather(x[0], 0, x[1])}; },
                 [](const Plains& x) { return Plains{x[0]}; },
                 {{Shape(), Shape()}},
                 {Input(), index_input(1)}})
          .error(
              [] {
                gather(zeros({2, 3}), 1, full({2, 2}, 3));
              },
              {"[gather]", "index 3", "dim 1", "float32[2, 3]"})
          .error(
              [] {
                gather(zeros({2, 3}), 1, zeros({3, 2}, kInt64));
              },
              {"[gather]", "int64[3, 2]", "float32[2, 3]", "dim 0"})
          .error(
              [] {
                gather(zeros({2, 3}), 1, zeros({3}, kInt64));
              },
              {"[gather]", "rank", "int64[3]"}));
  const auto scattered = [](std::size_t d) {
    return [d](const Plains& x) {
      Plain y = x[0];
      for_each_named(x[1], d, [&](const Shape& place, const Shape& i) { y.at(place) += x[2].at(i); });
      return Plains{y};
    };
  };
  const std::vector<Input> scatter_inputs = {Input(), index_input(3), Input()};
  add(row("scatter_add", {"0",
                          [](const Tensors& x) { return Tensors{scatter_add(x[0], 0, x[1], x[2])}; },
                          scattered(0),
                          {{Shape{3}, Shape{5}, Shape{5}},
                           {{3, 4}, {2, 3}, {2, 4}},
                           {{3, 2, 2}, {4, 2, 1}, {5, 2, 2}},
                           {{3, 2}, {0, 2}, {0, 2}},
                           {{3, 100}, {4, 100}, {4, 100}}},
                          scatter_inputs})
          .sums()
          .in_place([](Tensor& self, const Tensors& x) { self.scatter_add_(0, x[0], x[1]); })
          .also({"rank 0",
                 [](const Tensors& x) { return Tensors{scatter_add(x[0], 0, x[1], x[2])}; },
                 [](const Plains& x) {
                   Plain y = x[0];
                   y[0] += x[2][0];
                   return Plains{y};
                 },
                 {{Shape(), Shape{1}, Shape{1}}, {Shape(), Shape(), Shape()}},
                 {Input(), index_input(1), Input()}})
          .also({"-1",
                 [](const Tensors& x) { return Tensors{scatter_add(x[0], -1, x[1], x[2])}; },
                 [=](const Plains& x) { return scattered(x[0].sizes.size() - 1)(x); },
                 {{Shape{3}, Shape{2}, Shape{2}}, {{4, 3}, {2, 5}, {4, 5}}, {{2, 2, 3}, {2, 1, 4}, {2, 1, 4}}}})
          .error(
              [] {
                scatter_add(zeros({2, 3}), 1, full({2, 2}, 3), zeros({2, 2}));
              },
              {"[scatter_add]", "index 3", "dim 1"})
          .error(
              [] {
                scatter_add(zeros({2, 3}), 1, zeros({2, 2}, kInt64), zeros({2, 1}));
              },
              {"[scatter_add]", "int64[2, 2]", "float32[2, 1]"})
          .error([] { scatter_add(zeros({2}), 0, zeros({2}, kInt64), zeros({2}, kFloat64)); },
                 {"[scatter_add]", "float32[2]", "float64[2]"}));
  const auto placed = [](const Plains& x) {
    Plain y = x[0];
    std::int64_t k = 0;
    for_each_index(x[1].sizes, [&](const Shape& i) { y[1 + 4 * i[0] + 2 * i[1]] = x[1][k++]; });
    return Plains{y};
  };
  add(row("as_strided_scatter", {"",
                                 [](const Tensors& x) {
                                   return Tensors{as_strided_scatter(x[0], x[1], {2, 2}, {4, 2}, 1)};
                                 },
                                 placed,
                                 {{{3, 4}, {2, 2}}, {Shape{8}, {2, 2}}},
                                 {Input(), Input()}})
          .saves_nothing()
          .error([] { as_strided_scatter(zeros({4}), zeros({2}), {2}, {4}, 0); }, {"[as_strided", "float32[4]"}));
  add_scatter(add);
  add_masks(add);
  add_tables(add);
  add_indexing(add);
}

}  // namespace gradtape::table
