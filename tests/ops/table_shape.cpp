// Rows of the views of all elements.
#include "table_shape.h"

namespace gradtape::table {
namespace {

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
                 each(kRankThree)})
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
                      each(kRankThree),
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
                        each(kMatrices),
                        {Input()}})
          .also({"0, -1", call_one([](const Tensor& x) { return transpose(x, 0, -1); }), one([](const Plain& x) {
                   return permuted(x, {2, 1, 0});
                 }),
                 each(kRankThree)})
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
                each(kMatrices),
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

}  // namespace

void add_shape(std::vector<Row>& rows) {
  const auto add = [&](Row r) {
    if (r.dtypes == kFloatingTypes && !r.adds_up) r.dtypes = kAllTypes;
    rows.push_back(std::move(r).saves_nothing());
  };
  add_rearranging(add);
  add_views(add);
  add_windows(add);
  add_scatters(add);
  add_several(add);
  add_joins(add);
  add_repeats(add);
  add_reordering(add);
  add_triangles(add);
  add_padding(add);
  add_images(add);
}

}  // namespace gradtape::table
