// Rows of the matrix products.
#include "table.h"

namespace gradtape::table {
namespace {

// matmul in every rank case, by the definition.
Plain product(Plain a, Plain b) {
  const bool row = a.sizes.size() == 1, column = b.sizes.size() == 1;
  if (row) a.sizes.insert(0, 1);
  if (column) b.sizes.push_back(1);
  const std::size_t ra = a.sizes.size(), rb = b.sizes.size();
  const std::int64_t n = a.sizes[ra - 2], k = a.sizes[ra - 1], m = b.sizes[rb - 1];
  const Shape lead =
      broadcast_shapes("reference", IntArrayRef(a.sizes).slice(0, ra - 2), IntArrayRef(b.sizes).slice(0, rb - 2));
  Shape sizes = lead;
  sizes.push_back(n);
  sizes.push_back(m);
  Plain y(sizes);
  // Index of the batch in an operand that may have fewer or broadcast leading dimensions.
  const auto place = [&](const Plain& p, const Shape& index, std::int64_t i, std::int64_t j) {
    const std::size_t own = p.sizes.size() - 2;
    Shape at;
    for (std::size_t d = 0; d < own; ++d) at.push_back(p.sizes[d] == 1 ? 0 : index[lead.size() - own + d]);
    at.push_back(i);
    at.push_back(j);
    return p.at(at);
  };
  std::int64_t at = 0;
  for_each_index(sizes, [&](const Shape& index) {
    Real s = 0;
    for (std::int64_t l = 0; l < k; ++l)
      s += place(a, index, index[lead.size()], l) * place(b, index, l, index[lead.size() + 1]);
    y[at++] = s;
  });
  if (column) y.sizes.erase(y.sizes.size() - 1);
  if (row) y.sizes.erase(y.sizes.size() - (column ? 1 : 2));
  return y;
}
const Reference kProduct = [](const Plains& x) { return Plains{product(x[0], x[1])}; };

Plain transposed(const Plain& p) {
  Plain t(Shape{p.sizes[1], p.sizes[0]});
  for_each_index(p.sizes, [&](const Shape& i) { t.at({i[1], i[0]}) = p.at(i); });
  return t;
}

}  // namespace

void add_linalg(std::vector<Row>& rows) {
  const auto add = [&](Row r) { rows.push_back(std::move(r).only(kNumbers).sums().within(16)); };
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
                  {{1, 300}, {300, 1}},
                  {{19, 20}, {20, 3}}},
                 two})
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
}

}  // namespace gradtape::table
