// Rows of the views of some elements, and of what writes where they look.
#include "table_shape.h"

namespace gradtape::table {

void add_windows(const std::function<void(Row)>& add) {
  add(row("select", {"0, 1",
                     call_one([](const Tensor& x) { return select(x, 0, 1); }),
                     one([](const Plain& x) { return selected(x, 0, 1); }),
                     {{Shape{2}}, {{3, 5}}, {{2, 0, 3}}, {{2, 3, 4}}},
                     {Input()}})
          .also({"-1, -2",
                 call_one([](const Tensor& x) { return select(x, -1, -2); }),
                 one([](const Plain& x) { return selected(x, x.sizes.size() - 1, x.sizes.back() - 2); }),
                 {{{3, 5}}, {{2, 3, 4}}, {{30, 12}}}})
          .error(
              [] {
                select(zeros({2, 3}), 1, 3);
              },
              {"[select]", "index 3", "dim 1", "float32[2, 3]"})
          .error(
              [] {
                select(zeros({2, 3}), 1, -4);
              },
              {"[select]", "index -4"})
          .error([] { select(scalar_tensor(1), 0, 0); }, {"[select]", "0-d", "item()"}));
  add(row("narrow", {"1, 1, 2",
                     call_one([](const Tensor& x) { return narrow(x, 1, 1, 2); }),
                     one([](const Plain& x) { return sliced(x, 1, 1, 2); }),
                     {{{3, 5}}, {{2, 3, 4}}, {{0, 3}}, {{40, 9}}},
                     {Input()}})
          .also({"0, -2, 1",
                 call_one([](const Tensor& x) { return narrow(x, 0, -2, 1); }),
                 one([](const Plain& x) { return sliced(x, 0, x.sizes[0] - 2, 1); }),
                 {{Shape{3}}, {{2, 3, 4}}}})
          .also({"no elements",
                 call_one([](const Tensor& x) { return narrow(x, 0, 2, 0); }),
                 one([](const Plain& x) { return sliced(x, 0, 0, 0); }),
                 {{Shape{3}}, {{2, 3}}}})
          .error(
              [] {
                narrow(zeros({2, 3}), 1, 2, 2);
              },
              {"[narrow]", "start 2", "length 2", "float32[2, 3]"})
          .error(
              [] {
                narrow(zeros({2, 3}), 0, 3, 0);
              },
              {"[narrow]", "start 3"})
          .error(
              [] {
                narrow(zeros({2, 3}), 0, 0, -1);
              },
              {"[narrow]", "length -1"}));
  add(row("slice", {"1, 0, end, 2",
                    call_one([](const Tensor& x) { return slice(x, 1, 0, nullopt, 2); }),
                    one([](const Plain& x) { return sliced(x, 1, 0, (x.sizes[1] + 1) / 2, 2); }),
                    {{{3, 5}}, {{2, 3, 4}}, {{2, 0, 3}}, {{30, 21}}},
                    {Input()}})
          .also({"0, -3, -1",
                 call_one([](const Tensor& x) { return slice(x, 0, -3, -1); }),
                 one([](const Plain& x) {
                   const std::int64_t a = std::max<std::int64_t>(x.sizes[0] - 3, 0),
                                      b = std::max<std::int64_t>(x.sizes[0] - 1, a);
                   return sliced(x, 0, a, b - a);
                 }),
                 {{Shape{5}}, {{2, 3}}, {Shape{0}}, {Shape{1}}}})
          .also({"0, 2, 100, 3",
                 call_one([](const Tensor& x) { return slice(x, 0, 2, 100, 3); }),
                 one([](const Plain& x) { return sliced(x, 0, 2, x.sizes[0] > 2 ? x.sizes[0] / 3 : 0, 3); }),
                 {{Shape{8}}, {{5, 2}}, {{2, 2}}}})
          .error(
              [] {
                slice(zeros({2, 3}), 0, 0, 1, 0);
              },
              {"[slice]", "step", "0"})
          .error([] { slice(scalar_tensor(1)); }, {"[slice]", "0-d"}));
  // Windows that overlap, skip and repeat.
  const auto windowed = [](Shape sizes, Strides strides, std::int64_t offset) {
    return one([=](const Plain& x) {
      return picked(reshaped(x, {x.numel()}), sizes, [&](const Shape& i) {
        std::int64_t at = offset;
        for (std::size_t d = 0; d < i.size(); ++d) at += i[d] * strides[d];
        return Shape{at};
      });
    });
  };
  add(row("as_strided", {"overlapping",
                         call_one([](const Tensor& x) {
                           return as_strided(x, {4, 3}, {2, 1});
                         }),
                         windowed({4, 3}, {2, 1}, 0),
                         {{{3, 4}}, {Shape{9}}, {{2, 3, 4}}},
                         {Input()}})
          .laid_out({Layout::Contiguous, Layout::Offset})
          .also({"repeating", call_one([](const Tensor& x) {
                   return as_strided(x, {3, 2}, {0, 5});
                 }),
                 windowed({3, 2}, {0, 5}, 0)})
          .also({"from 2", call_one([](const Tensor& x) {
                   return as_strided(x, {2}, {3}, (x.defined() ? x.storage_offset() : 0) + 2);
                 }),
                 windowed({2}, {3}, 2)})
          .also({"rank 0", call_one([](const Tensor& x) { return as_strided(x, {}, {}); }), windowed({}, {}, 0)})
          .also({"empty", call_one([](const Tensor& x) {
                   return as_strided(x, {0, 3}, {1, 1});
                 }),
                 windowed({0, 3}, {1, 1}, 0)})
          .error([] { as_strided(zeros({4}), {3}, {2}); }, {"[as_strided]", "[3]", "[2]", "float32[4]"})
          .error(
              [] {
                as_strided(zeros({4}), {2, 2}, {1});
              },
              {"[as_strided]", "[2, 2]", "[1]"})
          .error([] { as_strided(zeros({4}), {2}, {-1}); }, {"[as_strided]", "negative"}));
  add(row("diagonal", {"",
                       call_one([](const Tensor& x) { return diagonal(x); }),
                       one([](const Plain& x) { return diagonal_of(x, 0, 0, 1); }),
                       {{{3, 5}}, {{4, 1}}, {{0, 3}}, {{2, 3, 4}}, {{20, 20}}},
                       {Input()}})
          .also({"-1, 2, 0", call_one([](const Tensor& x) { return diagonal(x, -1, 2, 0); }),
                 one([](const Plain& x) { return diagonal_of(x, -1, 2, 0); }), each(kRankThree)})
          .also({"beyond",
                 call_one([](const Tensor& x) { return diagonal(x, 7); }),
                 one([](const Plain& x) { return diagonal_of(x, 7, 0, 1); }),
                 {{{3, 5}}}})
          .error([] { diagonal(zeros({4})); }, {"[diagonal]", "float32[4]"})
          .error(
              [] {
                diagonal(zeros({4, 4}), 0, 1, -1);
              },
              {"[diagonal]", "same"}));
  add(row("expand", {"",
                     call_one([](const Tensor& x) {
                       return x.expand({4, 2, 3});
                     }),
                     one([](const Plain& x) {
                       return picked(x, {4, 2, 3}, [&](const Shape& i) {
                         Shape from = x.sizes;
                         for (std::size_t d = 0; d < from.size(); ++d)
                           from[d] = from[d] == 1 ? 0 : i[3 - from.size() + d];
                         return from;
                       });
                     }),
                     {{Shape()}, {Shape{3}}, {Shape{1}}, {{2, 3}}, {{2, 1}}, {{1, 3}}, {{4, 2, 3}}, {{4, 1, 1}}},
                     {Input()}})
          .also({"-1",
                 call_one([](const Tensor& x) {
                   return x.expand({-1, 150});
                 }),
                 one([](const Plain& x) {
                   return picked(x, {x.sizes[0], 150}, [](const Shape& i) { return Shape{i[0], 0}; });
                 }),
                 {{{3, 1}}, {{0, 1}}}})
          .also({"to nothing",
                 call_one([](const Tensor& x) {
                   return x.expand({0, 3});
                 }),
                 one([](const Plain&) {
                   return Plain(Shape{0, 3});
                 }),
                 {{{1, 3}}, {Shape{3}}}})
          .error(
              [] {
                zeros({2, 3}).expand({2, 4});
              },
              {"[expand]", "float32[2, 3]", "[2, 4]", "dim 1"})
          .error(
              [] {
                zeros({2, 3}).expand({3});
              },
              {"[expand]", "float32[2, 3]", "[3]"})
          .error(
              [] {
                zeros({3}).expand({-1, 3});
              },
              {"[expand]", "leading"}));
  add(row("sum_to", {"3, 1",
                     call_one([](const Tensor& x) {
                       return sum_to(x, {3, 1});
                     }),
                     one([](const Plain& x) {
                       Plain y(Shape{3, 1});
                       std::int64_t k = 0;
                       for_each_index(x.sizes, [&](const Shape& i) {
                         y[x.sizes[x.sizes.size() - 2] == 1 ? 0 : i[i.size() - 2]] += x[k++];
                       });
                       return y;
                     }),
                     {{{3, 1}}, {{3, 5}}, {{2, 3, 4}}, {{2, 3, 1}}, {{0, 3, 2}}, {{3, 150}}},
                     {Input()}})
          .sums()
          .also({"rank 0", call_one([](const Tensor& x) { return sum_to(x, IntArrayRef()); }), one([](const Plain& x) {
                   Plain y;
                   for (Real v : x.v) y[0] += v;
                   return y;
                 }),
                 kOne})
          .only(kFloatingTypes)
          .error(
              [] {
                sum_to(zeros({2, 3}), {2});
              },
              {"[sum_to]", "float32[2, 3]", "[2]"}));
  add(row("narrow_copy", single(
                             "1, 1, 2", [](const Tensor& x) { return narrow_copy(x, 1, 1, 2); },
                             [](const Plain& x) { return sliced(x, 1, 1, 2); }, {{3, 5}, {2, 3, 4}, {0, 3}, {40, 9}}))
          .error([] { narrow_copy(zero(2, 3), 1, 2, 2); }, {"start 2", "length 2", "float32[2, 3]"}));
  // Runs of `size` elements, `step` apart.
  const auto runs = [](std::size_t d, std::int64_t size, std::int64_t step) {
    return [=](const Plain& x) {
      Shape s = x.sizes;
      s[d] = (s[d] - size) / step + 1;
      s.push_back(size);
      return picked(x, s, [=](const Shape& i) {
        Shape from = i;
        from.erase(from.size() - 1);
        from[d] = i[d] * step + i.back();
        return from;
      });
    };
  };
  add(row("unfold", single("overlapping", [](const Tensor& x) { return x.unfold(0, 3, 2); }, runs(0, 3, 2),
                           {Shape{7}, {4, 3}, {3, 0}, {31, 9}}))
          .also(single("apart", [](const Tensor& x) { return x.unfold(-1, 2, 3); }, runs(1, 2, 3), {{3, 5}, {2, 9}}))
          .also(single("of nothing", [](const Tensor& x) { return x.unfold(1, 0, 2); }, runs(1, 0, 2), {{3, 5}}))
          .error([] { zero(3).unfold(0, 4, 1); }, {"[unfold]", "4", "float32[3]"})
          .error([] { zero(3).unfold(0, 1, 0); }, {"[unfold]", "step", "0"})
          .error([] { zero(3).unfold(1, 1, 1); }, {"[unfold]", "dim 1"}));
}

namespace {

// x with src at the places that `place` gives for src's indices.
Plain scattered(Plain x, const Plain& src, const Index& place) {
  for_each_index(src.sizes, [&](const Shape& i) { x.at(place(i)) = src.at(i); });
  return x;
}

}  // namespace

void add_scatters(const Add& add) {
  const std::vector<Input> two = {Input(), Input()};
  add(row("select_scatter", {"1, -1",
                             call_two([](const Tensor& x, const Tensor& s) { return select_scatter(x, s, 1, -1); }),
                             [](const Plains& x) {
                               return Plains{scattered(x[0], x[1], [&](Shape i) {
                                 i.insert(1, x[0].sizes[1] - 1);
                                 return i;
                               })};
                             },
                             {{{3, 5}, Shape{3}}, {{2, 3, 4}, {2, 4}}, {{0, 2}, Shape{0}}, {{20, 17}, Shape{20}}},
                             two})
          .error([] { select_scatter(zero(2, 3), zero(3), 1, 0); }, {"[select_scatter]", "float32[3]", "[2]"})
          .error([] { select_scatter(zero(2, 3), zero(2), 1, 3); }, {"index 3"}));
  add(row("slice_scatter",
          {"0, 1, end, 2",
           call_two([](const Tensor& x, const Tensor& s) { return slice_scatter(x, s, 0, 1, nullopt, 2); }),
           [](const Plains& x) {
             return Plains{scattered(x[0], x[1], [](Shape i) {
               i[0] = 1 + 2 * i[0];
               return i;
             })};
           },
           {{Shape{5}, Shape{2}}, {{4, 3}, {2, 3}}, {{3, 0}, {1, 0}}, {{41, 9}, {20, 9}}},
           two})
          .also({"1, -2, -1",
                 call_two([](const Tensor& x, const Tensor& s) { return slice_scatter(x, s, 1, -2, -1); }),
                 [](const Plains& x) {
                   return Plains{scattered(x[0], x[1], [&](Shape i) {
                     i[1] += x[0].sizes[1] - 2;
                     return i;
                   })};
                 },
                 {{{3, 5}, {3, 1}}, {{2, 3, 4}, {2, 1, 4}}}})
          .error([] { slice_scatter(zero(4), zero(3), 0, 2); }, {"[slice_scatter]", "float32[3]", "[2]"})
          .error([] { slice_scatter(zero(4), zero(4), 0, 0, 4, 0); }, {"step", "0"}));
  add(row("diagonal_scatter",
          {"",
           call_two([](const Tensor& x, const Tensor& s) { return diagonal_scatter(x, s); }),
           [](const Plains& x) {
             return Plains{scattered(x[0], x[1], [](const Shape& i) {
               Shape at = {i.back(), i.back()};
               for (std::size_t d = 0; d + 1 < i.size(); ++d) at.push_back(i[d]);
               return at;
             })};
           },
           {{{3, 5}, Shape{3}}, {{4, 1}, Shape{1}}, {{2, 3, 4}, {4, 2}}, {{0, 3}, Shape{0}}, {{20, 20}, Shape{20}}},
           two})
          .also({"-1",
                 call_two([](const Tensor& x, const Tensor& s) { return diagonal_scatter(x, s, -1); }),
                 [](const Plains& x) {
                   return Plains{scattered(x[0], x[1], [](const Shape& i) { return Shape{i[0] + 1, i[0]}; })};
                 },
                 {{{3, 5}, Shape{2}}, {{5, 2}, Shape{2}}}})
          .error([] { diagonal_scatter(zero(3, 3), zero(2)); }, {"[diagonal_scatter]", "float32[2]", "[3]"}));
}

}  // namespace gradtape::table
