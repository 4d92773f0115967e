// Operations on, or with, several tensors: split, chunk, cat, stack.
#include "table_shape.h"

namespace gradtape::table {

namespace {

// The parts of dim d that end at `ends`, the last at its size; an end before its forerunner gives an empty part.
Plains cut_at(const Plain& x, std::size_t d, const std::vector<std::int64_t>& ends) {
  Plains out;
  std::int64_t start = 0;
  const auto part = [&](std::int64_t end) {
    const std::int64_t n = x.sizes[d], stop = std::min(end < 0 ? end + n : end, n), from = std::min(start, n);
    out.push_back(sliced(x, d, from, std::max<std::int64_t>(stop - from, 0)));
    start = end < 0 ? end + n : end;
  };
  for (std::int64_t end : ends) part(end);
  part(x.sizes[d]);
  return out;
}
// `sections` parts, the first ones longer by one where the size does not divide.
Plains cut_into(const Plain& x, std::size_t d, std::int64_t sections) {
  std::vector<std::int64_t> ends;
  std::int64_t end = 0;
  for (std::int64_t k = 0; k + 1 < sections; ++k)
    ends.push_back(end += x.sizes[d] / sections + (k < x.sizes[d] % sections ? 1 : 0));
  return cut_at(x, d, ends);
}

void add_cuts(const Add& add) {
  using Sizes = std::vector<Tensor> (*)(const Tensor&, IntArrayRef, std::int64_t);
  for (const auto& [name, f] :
       {std::pair<const char*, Sizes>{"split", split}, {"split_with_sizes", split_with_sizes}}) {
    Row r = row(name, {"1, 0, 3",
                       [f = f](const Tensors& x) { return f(x[0], ints(1, 0, 3), 0); },
                       [](const Plains& x) {
                         return cut_at(x[0], 0, {1, 1});
                       },
                       {{Shape{4}}, {{4, 3}}, {{4, 0}}, {{4, 90}}},
                       {Input()}})
                .gives_several_views()
                .checked_by("split")
                .also({"2, 1 of -1",
                       [f = f](const Tensors& x) { return f(x[0], ints(2, 1), -1); },
                       [](const Plains& x) { return cut_at(x[0], x[0].sizes.size() - 1, {2}); },
                       {{{2, 3}}, {{2, 4, 3}}}})
                .error([f = f] { f(zero(4), ints(1, 2), 0); }, {"[split]", "[1, 2]", "3", "float32[4]", "size 4"})
                .error([f = f] { f(zero(4), ints(5, -1), 0); }, {"[split]", "negative", "[5, -1]"});
    if (r.op == "split") r.variant = "sizes";
    add(std::move(r));
  }
  add(row("tensor_split", {"3 of 0",
                           [](const Tensors& x) { return tensor_split(x[0], 3); },
                           [](const Plains& x) { return cut_into(x[0], 0, 3); },
                           {{Shape{7}}, {{2, 3}}, {{0, 3}}, {{3, 90}}},
                           {Input()}})
          .gives_several_views()
          .also({"4, 2, 6 of 0",
                 [](const Tensors& x) { return tensor_split(x[0], ints(4, 2, 6)); },
                 [](const Plains& x) {
                   return cut_at(x[0], 0, {4, 2, 6});
                 },
                 {{Shape{7}}, {{5, 3}}}})
          .also({"-2 of -1",
                 [](const Tensors& x) { return tensor_split(x[0], ints(-2), -1); },
                 [](const Plains& x) { return cut_at(x[0], x[0].sizes.size() - 1, {-2}); },
                 {{{2, 5}}}})
          .also({"a number in a tensor",
                 [](const Tensors& x) { return tensor_split(x[0], scalar_tensor(2, kInt64)); },
                 [](const Plains& x) { return cut_into(x[0], 0, 2); },
                 {{Shape{7}}}})
          .also({"indices in a tensor",
                 [](const Tensors& x) {
                   return tensor_split(x[0], tensor({1, 3}, kInt64), 1);
                 },
                 [](const Plains& x) {
                   return cut_at(x[0], 1, {1, 3});
                 },
                 {{{2, 5}}}})
          .error([] { tensor_split(zero(3), 0); }, {"[tensor_split]", "sections", "0"})
          .error([] { tensor_split(zero(3), zero(2)); }, {"[tensor_split]", "int64", "float32[2]"})
          .error([] { tensor_split(zero(), 2); }, {"[tensor_split]", "0-d"}));
  using Parts = std::vector<Tensor> (*)(const Tensor&, std::int64_t);
  using Cuts = std::vector<Tensor> (*)(const Tensor&, IntArrayRef);
  struct Along {
    const char* name;
    Parts parts;
    Cuts cuts;
    std::size_t dim;
    std::vector<std::vector<Shape>> shapes;
  };
  for (const Along& a : {Along{"hsplit", hsplit, hsplit, 1, {{{2, 4}}, {{3, 4, 2}}, {{0, 4}}}},
                         Along{"vsplit", vsplit, vsplit, 0, {{{4, 3}}, {{4, 3, 2}}, {{4, 0}}}},
                         Along{"dsplit", dsplit, dsplit, 2, {{{2, 3, 4}}, {{2, 0, 4}}}}}) {
    const std::string in_brackets = std::string("[") + a.name + "]";
    add(row(a.name, {"2",
                     [f = a.parts](const Tensors& x) { return f(x[0], 2); },
                     [d = a.dim](const Plains& x) { return cut_into(x[0], d, 2); },
                     a.shapes,
                     {Input()}})
            .gives_several_views()
            .also({"1, 3", [f = a.cuts](const Tensors& x) { return f(x[0], ints(1, 3)); },
                   [d = a.dim](const Plains& x) {
                     return cut_at(x[0], d, {1, 3});
                   }})
            .error([f = a.parts, s = a.shapes[0][0]] { f(zeros(s), 3); }, {in_brackets, "divide", "3"})
            .error([f = a.parts] { f(zero(), 1); }, {in_brackets, "rank", "float32[]"}));
  }
  add(row("hsplit", {"2 of a vector",
                     [](const Tensors& x) { return hsplit(x[0], 2); },
                     [](const Plains& x) { return cut_into(x[0], 0, 2); },
                     {{Shape{4}}},
                     {Input()}})
          .named("vector")
          .gives_several_views());
}

}  // namespace

void add_several(const Add& add) {
  const auto parts_of = [](const Plain& x, std::size_t d, std::int64_t size) {
    Plains out;
    std::int64_t at = 0;
    do {
      out.push_back(sliced(x, d, at, std::min(size, x.sizes[d] - at)));
      at += size;
    } while (at < x.sizes[d]);
    return out;
  };
  add(row("unbind", {"0",
                     [](const Tensors& x) { return unbind(x[0]); },
                     [](const Plains& x) {
                       Plains out;
                       for (std::int64_t i = 0; i < x[0].sizes[0]; ++i) out.push_back(selected(x[0], 0, i));
                       return out;
                     },
                     {{Shape{3}}, {{3, 5}}, {{2, 0, 3}}, {{2, 20, 9}}},
                     {Input()}})
          .gives_several_views()
          .also({"-1",
                 [](const Tensors& x) { return unbind(x[0], -1); },
                 [](const Plains& x) {
                   Plains out;
                   for (std::int64_t i = 0; i < x[0].sizes.back(); ++i)
                     out.push_back(selected(x[0], x[0].sizes.size() - 1, i));
                   return out;
                 },
                 {{{3, 5}}, {{2, 3, 4}}}})
          .error([] { unbind(scalar_tensor(1)); }, {"[unbind]", "0-d"}));
  add(row("split", {"2 of 0",
                    [](const Tensors& x) { return split(x[0], 2); },
                    [=](const Plains& x) { return parts_of(x[0], 0, 2); },
                    {{Shape{5}}, {{4, 3}}, {{1, 3}}, {{0, 3}}, {{5, 70}}},
                    {Input()}})
          .gives_several_views()
          .also({"3 of -1",
                 [](const Tensors& x) { return split(x[0], 3, -1); },
                 [=](const Plains& x) { return parts_of(x[0], x[0].sizes.size() - 1, 3); },
                 {{{2, 3, 4}}, {{3, 9}}}})
          .error([] { split(zeros({4}), 0); }, {"[split]", "split_size", "0"})
          .error([] { split(zeros({4}), 2, 1); }, {"[split]", "dim 1", "rank 1"}));
  add(row("chunk", {"2 of 0",
                    [](const Tensors& x) { return chunk(x[0], 2); },
                    // An empty dimension gives as many empty parts as were asked for.
                    [=](const Plains& x) {
                      return x[0].sizes[0] == 0 ? Plains{x[0], x[0]} : parts_of(x[0], 0, (x[0].sizes[0] + 1) / 2);
                    },
                    {{Shape{5}}, {{4, 3}}, {{1, 3}}, {{0, 3}}},
                    {Input()}})
          .gives_several_views()
          .also({"3 of -1",
                 [](const Tensors& x) { return chunk(x[0], 3, -1); },
                 [=](const Plains& x) { return parts_of(x[0], x[0].sizes.size() - 1, (x[0].sizes.back() + 2) / 3); },
                 {{{2, 3, 4}}, {{3, 9}}}})
          .error([] { chunk(zeros({4}), 0); }, {"[chunk]", "chunks", "0"}));
  add_cuts(add);
  const std::vector<Input> three = {Input(), Input(), Input()};
  add(row("cat", {"0",
                  [](const Tensors& x) { return Tensors{cat(x)}; },
                  [](const Plains& x) { return Plains{joined(x, 0)}; },
                  {{Shape{2}, Shape{3}, Shape{1}},
                   {{2, 3}, {1, 3}, {4, 3}},
                   {{2, 3}, {0, 3}, {1, 3}},
                   {{2, 3}, Shape{0}, {1, 3}},
                   {Shape{0}, Shape{0}, Shape{0}},
                   {{2, 0}, {1, 0}, {3, 0}},
                   {{30, 5}, {20, 5}, {10, 5}}},
                  three})
          .also({"-1",
                 [](const Tensors& x) { return Tensors{cat(x, -1)}; },
                 [](const Plains& x) { return Plains{joined(x, x[0].sizes.size() - 1)}; },
                 {{Shape{2}, Shape{3}, Shape{1}}, {{3, 2}, {3, 1}, {3, 4}}, {{2, 2, 1}, {2, 2, 3}, {2, 2, 0}}}})
          .also({"one",
                 [](const Tensors& x) { return Tensors{cat(x)}; },
                 [](const Plains& x) { return x; },
                 {{{2, 3}}},
                 {Input()}})
          .also({"six",
                 [](const Tensors& x) {
                   return Tensors{cat({x[0], x[1], x[0], x[1], x[0], x[1]}, 1)};
                 },
                 [](const Plains& x) {
                   return Plains{joined({x[0], x[1], x[0], x[1], x[0], x[1]}, 1)};
                 },
                 {{{2, 3}, {2, 1}}},
                 {Input(), Input()}})
          .error(
              [] {
                cat({zeros({2, 3}), zeros({2, 4})});
              },
              {"[cat]", "float32[2, 3]", "float32[2, 4]", "dim 0"})
          .error(
              [] {
                cat({zeros({2}), scalar_tensor(1)});
              },
              {"[cat]", "tensor 1", "0-d", "stack()"})
          .error([] { cat(TensorList()); }, {"[cat]", "at least one"})
          .error(
              [] {
                cat({zeros({2}), Tensor()});
              },
              {"[cat]", "tensor 1", "undefined"}));
  const auto stacked = [](const Plains& x, std::size_t d) {
    Plains rows;
    for (Plain p : x) {
      p.sizes.insert(d, 1);
      rows.push_back(std::move(p));
    }
    return Plains{joined(rows, d)};
  };
  const std::vector<Input> two = {Input(), Input()};
  add(row("stack",
          {"0",
           [](const Tensors& x) { return Tensors{stack(x)}; },
           [=](const Plains& x) { return stacked(x, 0); },
           {{Shape(), Shape()}, {Shape{3}, Shape{3}}, {{2, 3}, {2, 3}}, {Shape{0}, Shape{0}}, {{20, 9}, {20, 9}}},
           two})
          .saved_by("cat")
          .also({"-1", [](const Tensors& x) { return Tensors{stack(x, -1)}; },
                 [=](const Plains& x) { return stacked(x, x[0].sizes.size()); }})
          .error(
              [] {
                stack({zeros({2, 3}), zeros({2, 4})});
              },
              {"[stack]", "float32[2, 3]", "float32[2, 4]"})
          .error(
              [] {
                stack({zeros({2}), zeros({2})}, 2);
              },
              {"[stack]", "dim 2"})
          .error([] { stack(TensorList()); }, {"[stack]", "at least one"}));
}

}  // namespace gradtape::table
