// Rows of t.index({...}) and t.index_put_({...}, x). What each index means is written out as an enumeration of places.
#include <algorithm>

#include "table_index.h"

namespace gradtape::table {
namespace {

using indexing::None;
using indexing::Slice;
using indexing::TensorIndex;
using List = std::vector<TensorIndex>;
// The place in x that result element i comes from.
using From = std::function<Shape(const Plains&, const Shape&)>;

// An index of constants and of the inputs after the first, what size it gives, and where its elements lie.
struct Form {
  std::string label;
  std::function<List(const Tensors&)> list;
  std::function<Shape(const Plains&)> sizes;
  From from;
  std::vector<std::vector<Shape>> shapes;
  std::vector<Input> inputs;
};

std::int64_t from_front(const Plain& index, const Shape& i, std::int64_t n) {
  const auto at = static_cast<std::int64_t>(index.at(i));
  return at < 0 ? at + n : at;
}
// Row-major numbers of the places at which a mask holds.
std::vector<std::int64_t> held(const Plain& mask) {
  std::vector<std::int64_t> places;
  for (std::int64_t k = 0; k < mask.numel(); ++k)
    if (mask[k] != 0) places.push_back(k);
  return places;
}
std::int64_t count_of(const Plain& mask) { return static_cast<std::int64_t>(held(mask).size()); }
std::int64_t held_at(const Plain& mask, std::int64_t k) { return held(mask)[static_cast<std::size_t>(k)]; }

void put_at(Tensor& t, const List& list, const Tensor& value, bool accumulate) {
#ifdef GRADTAPE_ON_LIBTORCH
  // Its C++ interface adds up for lists of tensors only.
  if (accumulate) {
    const Tensor places = arange(t.numel(), kInt64).view(t.sizes()).index(list);
    t.put_(places, value.expand_as(places), true);
    return;
  }
  t.index_put_(list, value);
#else
  t.index_put_(list, value, accumulate);
#endif
}
Tensor put_copy(const Tensor& t, const List& list, const Tensor& value) {
#ifdef GRADTAPE_ON_LIBTORCH
  Tensor y = t.clone();
  put_at(y, list, value, true);
  return y;
#else
  return index_put(t, list, value, true);
#endif
}

std::vector<Form> forms() {
  const Input ends([](Generator& g) { return static_cast<double>(g.below(6)) - 3; }, kInt64);
  std::vector<Form> all;
  all.push_back({"[1, :, -1]",
                 [](const Tensors&) {
                   return List{1, Slice(), -1};
                 },
                 [](const Plains& x) { return Shape{x[0].sizes[1]}; },
                 [](const Plains& x, const Shape& i) {
                   return Shape{1, i[0], x[0].sizes[2] - 1};
                 },
                 {{{2, 3, 4}}, {{3, 0, 1}}, {{2, 90, 3}}},
                 {Input()}});
  all.push_back({"[..., 1:-1:2]",
                 [](const Tensors&) {
                   return List{"...", Slice(1, -1, 2)};
                 },
                 [](const Plains& x) {
                   Shape s = x[0].sizes;
                   s[s.size() - 1] = std::max<std::int64_t>(s.back() - 1, 0) / 2;
                   return s;
                 },
                 [](const Plains&, Shape i) {
                   i[i.size() - 1] = 1 + 2 * i.back();
                   return i;
                 },
                 {{Shape{7}}, {{3, 5}}, {{2, 3, 2}}, {{2, 1}}, {{3, 90}}},
                 {Input()}});
  all.push_back({"[None, 0, ..., None]",
                 [](const Tensors&) {
                   return List{None, 0, "...", None};
                 },
                 [](const Plains& x) {
                   Shape s = x[0].sizes;
                   s[0] = 1;
                   s.push_back(1);
                   return s;
                 },
                 [](const Plains&, Shape i) {
                   i.erase(i.size() - 1);
                   return i;
                 },
                 {{Shape{7}}, {{3, 5}}, {{2, 0, 3}}},
                 {Input()}});
  all.push_back({"[i]",
                 [](const Tensors& x) { return List{x[1]}; },
                 [](const Plains& x) {
                   Shape s = x[1].sizes;
                   for (std::size_t d = 1; d < x[0].sizes.size(); ++d) s.push_back(x[0].sizes[d]);
                   return s;
                 },
                 [](const Plains& x, const Shape& i) {
                   const std::size_t block = x[1].sizes.size();
                   Shape own, place;
                   for (std::size_t d = 0; d < i.size(); ++d) (d < block ? own : place).push_back(i[d]);
                   place.insert(0, from_front(x[1], own, x[0].sizes[0]));
                   return place;
                 },
                 {{{3, 4}, Shape{5}}, {Shape{3}, {2, 3}}, {{3, 2, 2}, {2, 2}}, {{3, 4}, Shape{0}}, {{3, 90}, Shape{4}}},
                 {Input(), ends}});
  all.push_back(
      {"[:, i, j]",
       [](const Tensors& x) {
         return List{Slice(), x[1], x[2]};
       },
       [](const Plains& x) {
         Shape s = broadcast_shapes("reference", x[1].sizes, x[2].sizes);
         s.insert(0, x[0].sizes[0]);
         return s;
       },
       [](const Plains& x, const Shape& i) {
         Shape block;
         for (std::size_t d = 1; d < i.size(); ++d) block.push_back(i[d]);
         const Shape sizes = broadcast_shapes("reference", x[1].sizes, x[2].sizes);
         return Shape{i[0], from_front(spread_to(x[1], sizes), block, 3), from_front(spread_to(x[2], sizes), block, 3)};
       },
       {{{2, 3, 3}, Shape{4}, Shape{4}}, {{2, 3, 3}, {2, 1}, Shape{3}}, {{0, 3, 3}, Shape{2}, Shape{2}}},
       {Input(), ends, ends}});
  // The block comes first when a slice stands between the indices.
  all.push_back({"[i, :, j]",
                 [](const Tensors& x) {
                   return List{x[1], Slice(), x[2]};
                 },
                 [](const Plains& x) {
                   return Shape{x[1].sizes[0], x[0].sizes[1]};
                 },
                 [](const Plains& x, const Shape& i) {
                   return Shape{from_front(x[1], {i[0]}, 3), i[1], from_front(x[2], {i[0]}, 3)};
                 },
                 {{{3, 2, 3}, Shape{4}, Shape{4}}, {{3, 90, 3}, Shape{5}, Shape{5}}, {{3, 2, 3}, Shape{0}, Shape{0}}},
                 {Input(), ends, ends}});
  all.push_back({"[mask]",
                 [](const Tensors& x) { return List{x[1]}; },
                 [](const Plains& x) {
                   Shape s{count_of(x[1])};
                   for (std::size_t d = x[1].sizes.size(); d < x[0].sizes.size(); ++d) s.push_back(x[0].sizes[d]);
                   return s;
                 },
                 [](const Plains& x, const Shape& i) {
                   Shape place = index_of(held_at(x[1], i[0]), x[1].sizes);
                   for (std::size_t d = 1; d < i.size(); ++d) place.push_back(i[d]);
                   return place;
                 },
                 {{{3, 5}, {3, 5}},
                  {Shape{7}, Shape{7}},
                  {{3, 5}, Shape{3}},
                  {{2, 3, 4}, {2, 3}},
                  {{0, 3}, {0, 3}},
                  {Shape{301}, Shape{301}}},
                 {Input(), condition()}});
  all.push_back({"[1, mask, i]",
                 [](const Tensors& x) {
                   return List{1, x[1], x[2]};
                 },
                 [](const Plains& x) { return Shape{count_of(x[1])}; },
                 [](const Plains& x, const Shape& i) {
                   return Shape{1, held_at(x[1], i[0]), from_front(x[2], {0}, 3)};
                 },
                 {{{2, 5, 3}, Shape{5}, Shape{1}}, {{2, 40, 3}, Shape{40}, Shape{1}}},
                 {Input(), condition(), ends}});
  return all;
}

}  // namespace

void add_indexing(const std::function<void(Row)>& add) {
  std::vector<Row> reading, writing, adding, copying;
  for (const Form& f : forms()) {
    reading.push_back(row("index", {f.label, [=](const Tensors& x) { return Tensors{x[0].index(f.list(x))}; },
                                    [=](const Plains& x) {
                                      Plain y(f.sizes(x));
                                      std::int64_t k = 0;
                                      for_each_index(y.sizes, [&](const Shape& i) { y[k++] = x[0].at(f.from(x, i)); });
                                      return Plains{y};
                                    },
                                    f.shapes, f.inputs}));
    // A value of one element goes to every place; where two places are one, it is the same or adds up.
    std::vector<std::vector<Shape>> shapes = f.shapes;
    for (auto& s : shapes) s.push_back(Shape{1});
    std::vector<Input> inputs = f.inputs;
    inputs.emplace_back();
    const auto put = [=](bool accumulate) {
      return Sample{f.label,
                    [=](const Tensors& x) {
                      Tensor y = x[0].defined() ? x[0].clone() : x[0];
                      put_at(y, f.list(x), x.back(), accumulate);
                      return Tensors{y};
                    },
                    [=](const Plains& x) {
                      Plain y = x[0];
                      for_each_index(f.sizes(x), [&](const Shape& i) {
                        Real& v = y.at(f.from(x, i));
                        v = accumulate ? v + x.back()[0] : x.back()[0];
                      });
                      return Plains{y};
                    },
                    shapes, inputs};
    };
    writing.push_back(row("index_put_", put(false)));
    adding.push_back(row("index_put_", put(true)).sums());
    if (inputs.size() > 2) continue;
    copying.push_back(row("index_put", put(true)).sums());
    copying.back().samples[0].call = [=](const Tensors& x) { return Tensors{put_copy(x[0], f.list(x), x.back())}; };
  }
  const auto join = [](std::vector<Row>& parts) {
    Row r = std::move(parts[0]);
    for (std::size_t k = 1; k < parts.size(); ++k) r.samples.push_back(parts[k].samples[0]);
    return r;
  };
  add(join(reading)
          .saves_nothing()
          .error(
              [] {
                zeros({2, 3}).index({0, 0, 0});
              },
              {"[index]", "too many indices", "float32[2, 3]"})
          .error(
              [] {
                zeros({2, 3}).index({2});
              },
              {"index 2", "dim 0"})
          .error(
              [] {
                zeros({2, 3}).index({full({1}, 2)});
              },
              {"[index]", "index 2", "dim 0"})
          .error(
              [] {
                zeros({2, 3}).index({zeros({2})});
              },
              {"[index]", "int64", "float32[2]"})
          .error(
              [] {
                zeros({2, 3}).index({zeros({3}, kBool)});
              },
              {"[index]", "mask", "bool[3]", "float32[2, 3]"})
          .error(
              [] {
                zeros({2, 3}).index({zeros({2}, kInt64), zeros({3}, kInt64)});
              },
              {"[index]", "[2]", "[3]"})
          .error(
              [] {
                zeros({2, 3}).index({Slice(None, None, -1)});
              },
              {"[index]", "step", "flip"}));
  add(join(writing)
          .saves_nothing()
          .error(
              [] {
                zeros({2, 3}).index_put_({zeros({2}, kInt64)}, zeros({2}));
              },
              {"[index_put_]", "float32[2]", "[2, 3]"})
          .error(
              [] {
                zeros({2, 3}).index_put_({zeros({2}, kInt64)}, zeros({3}, kFloat64));
              },
              {"[index_put_]", "float32[2, 3]", "float64[3]"}));
  add(join(adding).named("adding").saves_nothing());
  add(join(copying).saves_nothing());
}

}  // namespace gradtape::table
