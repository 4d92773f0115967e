// Rows of the views, and of joining tensors.
#include "table_shape.h"

namespace gradtape::table {
namespace {

const std::vector<std::vector<Shape>> kMatrices = {{{3, 5}}, {{1, 4}}, {{4, 1}}, {{0, 3}}, {{20, 17}}};
const std::vector<std::vector<Shape>> kRankThree = {{{2, 3, 4}}, {{1, 3, 1}}, {{2, 0, 3}}, {{5, 8, 9}}};

void add_rearranging(const std::function<void(Row)>& add) {
  const auto flat = one([](const Plain& x) { return reshaped(x, {x.numel()}); });
  add(row("reshape", {"-1", call_one([](const Tensor& x) { return reshape(x, {-1}); }), flat, kOne, {Input()}})
          .also({"4, 3, 2",
                 call_one([](const Tensor& x) {
                   return reshape(x, {4, 3, 2});
                 }),
                 one([](const Plain& x) {
                   return reshaped(x, {4, 3, 2});
                 }),
                 {{{2, 3, 4}}, {Shape{24}}, {{6, 4}}, {{12, 2}}}})
          .also({"1, -1, 1", call_one([](const Tensor& x) {
                   return reshape(x, {1, -1, 1});
                 }),
                 one([](const Plain& x) {
                   return reshaped(x, {1, x.numel(), 1});
                 })})
          .error(
              [] {
                reshape(zeros({2, 3}), {4});
              },
              {"[reshape]", "[4]", "float32[2, 3]"})
          .error(
              [] {
                reshape(zeros({2, 3}), {-1, -1});
              },
              {"[reshape]", "-1"})
          .error(
              [] {
                reshape(zeros({2, 3}), {-1, 4});
              },
              {"[reshape]", "[-1, 4]", "float32[2, 3]"})
          .error(
              [] {
                reshape(zeros({0}), {-1, 0});
              },
              {"[reshape]", "[-1, 0]"}));
  add(row("view", {"-1", call_one([](const Tensor& x) { return x.view({-1}); }), flat, kOne, {Input()}})
          .laid_out({Layout::Contiguous, Layout::Offset})
          .also({"by size 1", call_one([](const Tensor& x) {
                   return x.view({-1, 1});
                 }),
                 one([](const Plain& x) {
                   return reshaped(x, {x.numel(), 1});
                 })})
          .error(
              [] {
                zeros({2, 3}).t().view({6});
              },
              {"[view]", "strides", "reshape()"})
          .error(
              [] {
                zeros({2, 3}).view({5});
              },
              {"[view]", "[5]", "float32[2, 3]"}));
  add(row("flatten", {"", call_one([](const Tensor& x) { return flatten(x); }), flat, kOne, {Input()}})
          .also({"1 .. -1", call_one([](const Tensor& x) { return flatten(x, 1); }), one([](const Plain& x) {
                   return reshaped(x, {x.sizes[0], x.sizes[1] * x.sizes[2]});
                 }),
                 kRankThree})
          .error(
              [] {
                flatten(zeros({2, 3}), 1, 0);
              },
              {"[flatten]", "start_dim", "float32[2, 3]"}));
  add(row("permute", {"1, 2, 0",
                      call_one([](const Tensor& x) {
                        return permute(x, {1, 2, 0});
                      }),
                      one([](const Plain& x) {
                        return permuted(x, {1, 2, 0});
                      }),
                      kRankThree,
                      {Input()}})
          .also({"-1, 0, 1", call_one([](const Tensor& x) {
                   return permute(x, {-1, 0, 1});
                 }),
                 one([](const Plain& x) {
                   return permuted(x, {2, 0, 1});
                 })})
          .error(
              [] {
                permute(zeros({2, 3}), {0});
              },
              {"[permute]", "float32[2, 3]", "[0]"})
          .error(
              [] {
                permute(zeros({2, 3}), {1, -1});
              },
              {"[permute]", "twice", "[1, -1]"}));
  add(row("transpose", {"0, 1",
                        call_one([](const Tensor& x) { return transpose(x, 0, 1); }),
                        one([](const Plain& x) {
                          return permuted(x, {1, 0});
                        }),
                        kMatrices,
                        {Input()}})
          .also({"0, -1", call_one([](const Tensor& x) { return transpose(x, 0, -1); }), one([](const Plain& x) {
                   return permuted(x, {2, 1, 0});
                 }),
                 kRankThree})
          .error(
              [] {
                transpose(zeros({2, 3}), 0, 2);
              },
              {"[transpose]", "dim 2", "rank 2"}));
  add(row("t", {"",
                call_one([](const Tensor& x) { return t(x); }),
                one([](const Plain& x) {
                  return permuted(x, {1, 0});
                }),
                kMatrices,
                {Input()}})
          .also({"rank 1",
                 call_one([](const Tensor& x) { return t(x); }),
                 one([](const Plain& x) { return x; }),
                 {{Shape()}, {Shape{3}}}})
          .error(
              [] {
                t(zeros({2, 3, 4}));
              },
              {"[t]", "float32[2, 3, 4]", "transpose"}));
  add(row("squeeze", {"all",
                      call_one([](const Tensor& x) { return squeeze(x); }),
                      one([](const Plain& x) {
                        Shape s;
                        for (std::int64_t n : x.sizes)
                          if (n != 1) s.push_back(n);
                        return reshaped(x, s);
                      }),
                      kOne,
                      {Input()}})
          .also({"dim 1",
                 call_one([](const Tensor& x) { return squeeze(x, 1); }),
                 one([](const Plain& x) { return x.sizes[1] == 1 ? without(x, 1) : x; }),
                 {{{3, 1}}, {{3, 2}}, {{1, 1, 1}}, {{2, 1, 0}}}})
          .also({"dim 0 of rank 0",
                 call_one([](const Tensor& x) { return squeeze(x, 0); }),
                 one([](const Plain& x) { return x; }),
                 {{Shape()}}})
          .error(
              [] {
                squeeze(zeros({2, 1}), 2);
              },
              {"[squeeze]", "dim 2", "rank 2"}));
  add(row("unsqueeze", {"0",
                        call_one([](const Tensor& x) { return unsqueeze(x, 0); }),
                        one([](const Plain& x) {
                          Shape s = x.sizes;
                          s.insert(0, 1);
                          return reshaped(x, s);
                        }),
                        kOne,
                        {Input()}})
          .also({"-1", call_one([](const Tensor& x) { return unsqueeze(x, -1); }), one([](const Plain& x) {
                   Shape s = x.sizes;
                   s.push_back(1);
                   return reshaped(x, s);
                 })})
          .error(
              [] {
                unsqueeze(zeros({2, 1}), 3);
              },
              {"[unsqueeze]", "dim 3"}));
}

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
  const auto diagonal_of = [](const Plain& x, std::int64_t offset, std::size_t a, std::size_t b) {
    const std::int64_t down = offset < 0 ? -offset : 0, right = offset > 0 ? offset : 0;
    const std::int64_t n = std::max<std::int64_t>(std::min(x.sizes[a] - down, x.sizes[b] - right), 0);
    Shape sizes;
    for (std::size_t d = 0; d < x.sizes.size(); ++d)
      if (d != a && d != b) sizes.push_back(x.sizes[d]);
    sizes.push_back(n);
    return picked(x, sizes, [=](const Shape& i) {
      Shape from(i.size() + 1, 0);
      std::size_t next = 0;
      for (std::size_t d = 0; d < from.size(); ++d)
        from[d] = d == a ? i.back() + down : d == b ? i.back() + right : i[next++];
      return from;
    });
  };
  add(row("diagonal", {"",
                       call_one([](const Tensor& x) { return diagonal(x); }),
                       one([=](const Plain& x) { return diagonal_of(x, 0, 0, 1); }),
                       {{{3, 5}}, {{4, 1}}, {{0, 3}}, {{2, 3, 4}}, {{20, 20}}},
                       {Input()}})
          .also({"-1, 2, 0", call_one([](const Tensor& x) { return diagonal(x, -1, 2, 0); }),
                 one([=](const Plain& x) { return diagonal_of(x, -1, 2, 0); }), kRankThree})
          .also({"beyond",
                 call_one([](const Tensor& x) { return diagonal(x, 7); }),
                 one([=](const Plain& x) { return diagonal_of(x, 7, 0, 1); }),
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
}

}  // namespace

void add_shape(std::vector<Row>& rows) {
  const auto add = [&](Row r) {
    if (r.op != "sum_to") r.dtypes = kAllTypes;
    rows.push_back(std::move(r).saves_nothing());
  };
  add_rearranging(add);
  add_windows(add);
  add_several(add);
}

}  // namespace gradtape::table
