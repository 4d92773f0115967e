// Rows of contractions: einsum, tensordot, inner, kron, bilinear.
#include "table_linalg.h"

namespace gradtape::table {
namespace {

const std::vector<Input> kTwoInputs = {Input(), Input()};

// einsum of `equation`; its reference in letters only, where the equation has none.
Sample sum_of(const std::string& equation, const std::string& plain, std::vector<std::vector<Shape>> shapes,
              std::size_t inputs) {
  return {equation, [=](const Tensors& x) { return Tensors{einsum(equation, x)}; },
          [=](const Plains& x) { return Plains{contracted(plain, x)}; }, std::move(shapes), std::vector<Input>(inputs)};
}
Sample sum_of(const std::string& equation, std::vector<std::vector<Shape>> shapes, std::size_t inputs) {
  return sum_of(equation, equation, std::move(shapes), inputs);
}

void add_einsum(const Add& add) {
  add(row("einsum", sum_of("ij,jk->ik", {{{3, 5}, {5, 2}}, {{0, 3}, {3, 2}}, {{2, 0}, {0, 3}}, {{20, 30}, {30, 9}}}, 2))
          .also(sum_of("ij,jk", "ij,jk->ik", {{{3, 5}, {5, 2}}}, 2))
          .also(sum_of("ba,cb", "ba,cb->ac", {{{3, 5}, {2, 3}}}, 2))
          .also(sum_of("bij,bjk->bik", {{{2, 3, 4}, {2, 4, 5}}, {{0, 3, 4}, {0, 4, 5}}}, 2))
          .also(sum_of("bij,bjk->kbi", {{{2, 3, 4}, {2, 4, 5}}, {{1, 3, 4}, {2, 4, 5}}}, 2))
          .also(sum_of("i,i->", {{Shape{3}, Shape{3}}, {Shape{0}, Shape{0}}}, 2))
          .also(sum_of("i,j->ij", {{Shape{3}, Shape{2}}}, 2))
          .also(sum_of("ij,ij->ij", {{{3, 5}, {3, 5}}, {{3, 1}, {1, 5}}}, 2))
          .also(sum_of("...ij,...jk", "aij,bjk->aik", {{{2, 3, 4}, {1, 4, 5}}}, 2))
          .also(sum_of("...ij,jk->...ik", "abij,jk->abik", {{{2, 3, 4, 5}, {5, 2}}}, 2))
          .also(sum_of("i...,i...->...", "iab,iab->ab", {{{3, 2, 4}, {3, 2, 4}}}, 2))
          .also(sum_of("ijk,j->i", {{{2, 3, 4}, Shape{3}}}, 2))
          .also(sum_of("ij,kj,lj->ikl", {{{2, 3}, {4, 3}, {2, 3}}}, 3))
          .also(sum_of("bn,anm,bm->ba", {{{2, 3}, {4, 3, 5}, {2, 5}}}, 3))
          .saved_by("")
          .error(
              [] {
                einsum("ij,jk->ik", {zero(2, 3), zero(2, 3)});
              },
              {"[einsum]", "\"ij,jk->ik\"", "sizes 3 and 2"})
          .error([] { einsum("ij,jk->ik", {zero(2, 3)}); }, {"[einsum]", "2 terms", "1 operands"})
          .error([] { einsum("ij->ik", {zero(2, 3)}); }, {"[einsum]", "'k'", "no operand"})
          .error([] { einsum("ij->ii", {zero(2, 3)}); }, {"[einsum]", "'i'", "twice"})
          .error([] { einsum("ijk", {zero(2, 3)}); }, {"[einsum]", "2 dims", "names 3"})
          .error([] { einsum("i-j", {zero(2, 3)}); }, {"[einsum]", "'-'", "position 1"})
          .error([] { einsum("ii", {zero(2, 3)}); }, {"[einsum]", "'i'", "sizes 2 and 3"})
          .error([] { einsum("", {}); }, {"[einsum]", "at least one"})
          .error(
              [] {
                einsum("i,i", {zero(2), zero(2).to(kFloat64)});
              },
              {"[einsum]", "float32[2]", "float64[2]"}));
  add(row("einsum", sum_of("ij->ji", {{{3, 5}}, {{0, 3}}, {{20, 17}}}, 1))
          .named("one")
          .also(sum_of("ba", "ba->ab", {{{3, 5}}}, 1))
          .also(sum_of("...i->i...", "abi->iab", {{{3, 2, 4}}}, 1))
          .saves_nothing());
  add(row("einsum", sum_of("ij->", {{{3, 5}}, {{0, 3}}}, 1))
          .named("sum")
          .also(sum_of("ij->i", {{{3, 5}}}, 1))
          .also(sum_of("ii", "ii->", {{{3, 3}}}, 1))
          .also(sum_of("iij->j", {{{3, 3, 2}}}, 1))
          .also(sum_of("iji->j", {{{3, 2, 3}}}, 1))
          .also(sum_of("i...->...", "iab->ab", {{{3, 2, 4}}}, 1))
          .saves_nothing()
          .result(Result::Sum));
}

}  // namespace

void add_contractions(const Add& add) {
  add_einsum(add);
  const auto by_dims = [](const Shape& a, const Shape& b) {
    return call_two([=](const Tensor& x, const Tensor& y) { return tensordot(x, y, a, b); });
  };
  const auto in_letters = [](const std::string& equation) {
    return [=](const Plains& x) { return Plains{contracted(equation, x)}; };
  };
  add(row("tensordot", {"-1 with 0",
                        by_dims(Shape{-1}, Shape{0}),
                        in_letters("abi,ic->abc"),
                        {{{2, 3, 4}, {4, 5}}, {{2, 3, 1}, {4, 5}}, {{2, 3, 0}, {0, 5}}, {{9, 8, 20}, {20, 7}}},
                        kTwoInputs})
          .also({"1, 2 with 1, 0", by_dims({1, 2}, {1, 0}), in_letters("aij,jib->ab"), {{{2, 3, 4}, {4, 3, 5}}}})
          .also({"none", by_dims(Shape(), Shape()), in_letters("ab,c->abc"), {{{2, 3}, Shape{4}}}})
          .also({"all", by_dims({0, 1}, {0, 1}), in_letters("ij,ij->"), {{{2, 3}, {2, 3}}}})
          .saved_by("mm")
          .error([] { tensordot(zero(2, 3), zero(2, 3), 1, 0); }, {"[tensordot]", "dim 1", "dim 0", "float32[2, 3]"})
          .error([] { tensordot(zero(2, 3), zero(2, 3), 1, ints(0, 1)); }, {"[tensordot]", "[1]", "[0, 1]"})
          .error([] { tensordot(zero(2, 2), zero(2, 2), ints(0, 0), ints(0, 1)); }, {"[tensordot]", "twice"}));
  add(row("inner", {"",
                    call_two(inner),
                    in_letters("ai,bi->ab"),
                    {{{2, 3}, {4, 3}}, {{2, 0}, {4, 0}}, {{20, 17}, {9, 17}}},
                    kTwoInputs})
          .also({"vectors", call_two(inner), in_letters("i,i->"), {{Shape{3}, Shape{3}}}})
          .also({"rank 3", call_two(inner), in_letters("abi,i->ab"), {{{2, 3, 4}, Shape{4}}}})
          .also({"rank 0", call_two(inner), in_letters("ab,->ab"), {{{2, 3}, Shape()}, {{2, 0}, Shape()}}})
          .saved_by("")
          .error([] { inner(zero(2, 3), zero(2)); }, {"[inner]", "last sizes", "float32[2, 3]", "float32[2]"}));
  // Merges neighbouring dims.
  const auto merged = [](const std::string& equation, std::size_t rank) {
    return [=](const Plains& x) {
      Plain y = contracted(equation, x);
      Shape s;
      for (std::size_t d = 0; d < rank; ++d) s.push_back(y.sizes[2 * d] * y.sizes[2 * d + 1]);
      y.sizes = s;
      return Plains{y};
    };
  };
  add(row("kron", {"matrices",
                   call_two(kron),
                   merged("ab,cd->acbd", 2),
                   {{{2, 3}, {4, 5}}, {{1, 1}, {2, 2}}, {{0, 3}, {2, 2}}, {{5, 6}, {7, 3}}},
                   kTwoInputs})
          .also({"vectors", call_two(kron), merged("a,b->ab", 1), {{Shape{2}, Shape{3}}}})
          .also({"a number", call_two(kron), in_letters("ab,->ab"), {{{2, 3}, Shape()}}})
          .also({"a vector",
                 call_two(kron),
                 [=](const Plains& x) {
                   Plain v = x[1];
                   v.sizes.insert(0, 1);
                   return merged("ab,cd->acbd", 2)({x[0], v});
                 },
                 {{{2, 3}, Shape{4}}}})
          .saved_by("mul"));
  add(row("bilinear", {"",
                       [](const Tensors& x) { return Tensors{bilinear(x[0], x[1], x[2], x[3])}; },
                       [](const Plains& x) {
                         Plain y = contracted("ni,oij,nj->no", {x[0], x[2], x[1]});
                         for (std::int64_t k = 0; k < y.numel(); ++k) y[k] += x[3][k % x[3].numel()];
                         return Plains{y};
                       },
                       {{{2, 3}, {2, 4}, {5, 3, 4}, Shape{5}},
                        {{0, 3}, {0, 4}, {5, 3, 4}, Shape{5}},
                        {{1, 1}, {1, 1}, {1, 1, 1}, Shape{1}},
                        {{9, 6}, {9, 8}, {7, 6, 8}, Shape{7}}},
                       {Input(), Input(), Input(), Input()}})
          .also({"no bias",
                 [](const Tensors& x) { return Tensors{bilinear(x[0], x[1], x[2])}; },
                 [](const Plains& x) {
                   return Plains{contracted("ni,oij,nj->no", {x[0], x[2], x[1]})};
                 },
                 {{{2, 3}, {2, 4}, {5, 3, 4}}},
                 {Input(), Input(), Input()}})
          .also({"rank 1",
                 [](const Tensors& x) { return Tensors{bilinear(x[0], x[1], x[2])}; },
                 [](const Plains& x) {
                   return Plains{contracted("i,oij,j->o", {x[0], x[2], x[1]})};
                 },
                 {{Shape{3}, Shape{4}, {5, 3, 4}}},
                 {Input(), Input(), Input()}})
          .saved_by("")
          .optional_inputs_from(3)
          .error([] { bilinear(zero(2, 3), zero(2, 4), zero(5, 4, 3)); },
                 {"[bilinear]", "float32[2, 3]", "float32[2, 4]", "float32[5, 4, 3]"})
          .error([] { bilinear(zero(2, 3), zero(2, 4), zero(5, 3, 4), zero(4)); }, {"[bilinear]", "bias", "float32[4]"})
          .error([] { bilinear(zero(2, 3), zero(1, 4), zero(5, 3, 4)); }, {"[bilinear]", "leading", "float32[1, 4]"}));
}

}  // namespace gradtape::table
