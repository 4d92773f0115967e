// Rows of the matrix products.
#include "table_linalg.h"

namespace gradtape::table {
namespace {

const Reference kProduct = [](const Plains& x) { return Plains{product(x[0], x[1])}; };

}  // namespace

void add_linalg(std::vector<Row>& rows) {
  const auto add = [&](Row r) { rows.push_back(std::move(r).only(kNumbers).sums().within(16)); };
  const auto keep = [&](Row r) { rows.push_back(std::move(r)); };
  const std::vector<Input> two = {Input(), Input()};
  add(row("matmul", {"",
                     call_two(at::matmul),
                     kProduct,
                     {{Shape{3}, Shape{3}},     {Shape{0}, Shape{0}},      {{2, 3}, Shape{3}},     {Shape{3}, {3, 2}},
                      {{3, 5}, {5, 2}},         {{1, 1}, {1, 1}},          {{0, 3}, {3, 2}},       {{2, 0}, {0, 3}},
                      {{2, 3, 4}, Shape{4}},    {Shape{3}, {2, 3, 4}},     {{2, 3, 4}, {4, 5}},    {{3, 4}, {2, 4, 5}},
                      {{2, 3, 4}, {2, 4, 5}},   {{2, 1, 3, 4}, {5, 4, 2}}, {{1, 3, 4}, {2, 4, 5}}, {{0, 3, 4}, {4, 2}},
                      {{2, 3, 0}, {0, 2}},      {{5, 400}, {400, 7}},      {{250, 3}, {3, 9}},     {{33, 17}, {17, 65}},
                      {{2, 2, 3, 2}, {2, 2, 1}}},
                     two})
          .saved_by("")
          .to_out([](Tensor& y, const Tensors& x) { matmul_out(y, x[0], x[1]); })
          .error(
              [] {
                matmul(zeros({2, 3}), zeros({4, 5}));
              },
              {"[matmul]", "[2, 3]", "[4, 5]", "inner sizes"})
          .error(
              [] {
                matmul(zeros({2, 3}), zeros({4}));
              },
              {"[matmul]", "[2, 3]", "[4]"})
          .error([] { matmul(Tensor(zeros(IntArrayRef())), zeros({4})); }, {"[matmul]", "0-d", "mul()"})
          .error(
              [] {
                matmul(zeros({2, 3, 4}), zeros({3, 4, 5}));
              },
              {"[matmul]", "[2]", "[3]"})
          .error(
              [] {
                matmul(zeros({2, 2}), zeros({2, 2}, kInt64));
              },
              {"[matmul]", "float32", "int64", "to()"}));
  add(row("mm", {"",
                 call_two(at::mm),
                 kProduct,
                 {{{3, 5}, {5, 2}},
                  {{1, 1}, {1, 1}},
                  {{0, 3}, {3, 2}},
                  {{2, 0}, {0, 3}},
                  {{4, 1}, {1, 4}},
                  {{70, 40}, {40, 30}},
                  {{1, 64}, {64, 1}},
                  {{19, 20}, {20, 3}}},
                 two})
          .to_out([](Tensor& y, const Tensors& x) { mm_out(y, x[0], x[1]); })
          .error(
              [] {
                mm(zeros({2, 3}), zeros({4, 5}));
              },
              {"[mm]", "[2, 3]", "[4, 5]", "self.size(1)"})
          .error(
              [] {
                mm(zeros({2}), zeros({2, 5}));
              },
              {"[mm]", "two matrices", "[2]"})
          .error(
              [] {
                mm(zeros({2, 2}, kBool), zeros({2, 2}, kBool));
              },
              {"[mm]", "bool[2, 2]"}));
  add(row("mv",
          {"",
           call_two(at::mv),
           kProduct,
           {{{3, 5}, Shape{5}}, {{1, 1}, Shape{1}}, {{0, 3}, Shape{3}}, {{2, 0}, Shape{0}}, {{40, 300}, Shape{300}}},
           two})
          .saved_by("mm")
          .to_out([](Tensor& y, const Tensors& x) { mv_out(y, x[0], x[1]); })
          .error(
              [] {
                mv(zeros({2, 3}), zeros({4}));
              },
              {"[mv]", "[2, 3]", "[4]"})
          .error(
              [] {
                mv(zeros({2, 3}), zeros({3, 1}));
              },
              {"[mv]", "[3, 1]", "vector"}));
  add(row("dot", {"",
                  call_two(at::dot),
                  kProduct,
                  {{Shape{3}, Shape{3}}, {Shape{1}, Shape{1}}, {Shape{0}, Shape{0}}, {Shape{301}, Shape{301}}},
                  two})
          .saved_by("mul")
          .error([] { dot(zeros({3}), zeros({4})); }, {"[dot]", "[3]", "[4]"})
          .error(
              [] {
                dot(zeros({3}), zeros({3, 1}));
              },
              {"[dot]", "[3, 1]", "vectors"})
          .error([] { dot(zeros({3}), zeros({3}, kFloat64)); }, {"[dot]", "float32[3]", "float64[3]"}));
  add(row("bmm", {"",
                  call_two(at::bmm),
                  kProduct,
                  {{{2, 3, 4}, {2, 4, 5}},
                   {{1, 1, 1}, {1, 1, 1}},
                   {{0, 2, 3}, {0, 3, 2}},
                   {{2, 0, 3}, {2, 3, 2}},
                   {{2, 3, 0}, {2, 0, 2}},
                   {{3, 20, 17}, {3, 17, 18}}},
                  two})
          .to_out([](Tensor& y, const Tensors& x) { bmm_out(y, x[0], x[1]); })
          .error(
              [] {
                bmm(zeros({2, 3, 4}), zeros({3, 4, 5}));
              },
              {"[bmm]", "[2, 3, 4]", "[3, 4, 5]"})
          .error(
              [] {
                bmm(zeros({2, 3, 4}), zeros({2, 5, 4}));
              },
              {"[bmm]", "[2, 5, 4]", "inner sizes"}));
  const auto linear_of = [](const Plains& x) {
    Plain y = product(x[0], x[1].sizes.size() == 2 ? transposed(x[1]) : x[1]);
    const std::int64_t m = y.sizes.empty() ? 1 : y.sizes.back();
    if (x.size() > 2)
      for (std::int64_t k = 0; k < y.numel(); ++k) y[k] += x[2].numel() == 1 ? x[2][0] : x[2][k % m];
    return Plains{y};
  };
  add(row("linear", {"",
                     [](const Tensors& x) { return Tensors{linear(x[0], x[1], x[2])}; },
                     linear_of,
                     {{{4, 3}, {5, 3}, Shape{5}},
                      {Shape{3}, {5, 3}, Shape{5}},
                      {{2, 4, 3}, {5, 3}, Shape{5}},
                      {{0, 3}, {5, 3}, Shape{5}},
                      {{4, 0}, {5, 0}, Shape{5}},
                      {{1, 1}, {1, 1}, Shape{1}},
                      {{4, 3}, {5, 3}, Shape{1}},
                      {{33, 40}, {21, 40}, Shape{21}}},
                     {Input(), Input(), Input()}})
          .saved_by("")
          .optional_inputs_from(2)
          .also({"no bias",
                 [](const Tensors& x) { return Tensors{linear(x[0], x[1])}; },
                 linear_of,
                 {{{4, 3}, {5, 3}}, {Shape{3}, {5, 3}}, {{2, 4, 3}, {5, 3}}, {{4, 3}, Shape{3}}, {{40, 30}, {20, 30}}},
                 two})
          .error(
              [] {
                linear(zeros({4, 3}), zeros({5, 2}));
              },
              {"[linear]", "[4, 3]", "[5, 2]"})
          .error(
              [] {
                linear(zeros({4, 3}), zeros({5, 3}), zeros({4}));
              },
              {"[linear]", "bias", "[4]", "[5, 3]"}));
  add_products(add);
  add_contractions(add);
  add_solving(keep);
  add_factors(keep);
  add_norms(keep);
}

}  // namespace gradtape::table
