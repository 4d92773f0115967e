// Operations on, or with, several tensors: split, chunk, cat, stack.
#include "table_shape.h"

namespace gradtape::table {

void add_several(const std::function<void(Row)>& add) {
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
