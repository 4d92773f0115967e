// Rows of sums with products, and of products of several tensors.
#include <cmath>

#include "table_linalg.h"

namespace gradtape::table {
namespace {

const std::vector<Input> kTwoInputs = {Input(), Input()}, kThreeInputs = {Input(), Input(), Input()};

// beta x[0], spread over p, + alpha p
Plains blended(const Plains& x, const Plain& p, Real beta, Real alpha) {
  Plain y = p;
  std::int64_t k = 0;
  for_each_index(p.sizes, [&](const Shape& i) {
    Shape at = x[0].sizes;
    for (std::size_t d = 0; d < at.size(); ++d) at[d] = at[d] == 1 ? 0 : i[i.size() - at.size() + d];
    y[k] = (beta == 0 ? 0 : beta * x[0].at(at)) + alpha * p[k];
    ++k;
  });
  return {y};
}

using Blend = Tensor (*)(const Tensor&, const Tensor&, const Tensor&, const Scalar&, const Scalar&);
using BlendOut = Tensor& (*)(Tensor&, const Tensor&, const Tensor&, const Tensor&, const Scalar&, const Scalar&);
using BlendMethod = Tensor& (Tensor::*)(const Tensor&, const Tensor&, const Scalar&, const Scalar&) const;

struct Blended {
  const char* name;
  Blend f;
  BlendOut out;
  BlendMethod method;
  std::function<Plain(const Plain&, const Plain&)> product;
  std::vector<std::vector<Shape>> shapes;
};

void add_blend(const Add& add, const Blended& b) {
  const auto call = [&](const Scalar& beta, const Scalar& alpha) {
    return [f = b.f, beta, alpha](const Tensors& x) { return Tensors{f(x[0], x[1], x[2], beta, alpha)}; };
  };
  const auto reference = [&](Real beta, Real alpha) {
    return [p = b.product, beta, alpha](const Plains& x) { return blended(x, p(x[1], x[2]), beta, alpha); };
  };
  const std::string in_brackets = std::string("[") + b.name + "]";
  add(row(b.name, {"", call(1, 1), reference(1, 1), b.shapes, kThreeInputs})
          .also({"2, 3", call(2, 3), reference(2, 3)})
          .also({"0, 1", call(0, 1), reference(0, 1)})
          .also({"1, 0", call(1, 0), reference(1, 0)})
          .saved_by("")
          .in_place([m = b.method](Tensor& y, const Tensors& x) { (y.*m)(x[0], x[1], 1, 1); })
          .to_out([f = b.out](Tensor& y, const Tensors& x) { f(y, x[0], x[1], x[2], 1, 1); })
          .error([f = b.f, s = b.shapes[0]] { f(zero(7, 7), zeros(s[1]), zeros(s[2]), 1, 1); },
                 {in_brackets, "float32[7, 7]", "expand"})
          .error(
              [f = b.f, s = b.shapes[0]] { f(zeros(s[0], kInt64), zeros(s[1], kInt64), zeros(s[2], kInt64), 0.5, 1); },
              {in_brackets, "beta", "0.5", "int64"}));
}

void add_blends(const Add& add) {
  add_blend(add, {"addmm",
                  addmm,
                  addmm_out,
                  &Tensor::addmm_,
                  product,
                  {{{3, 2}, {3, 5}, {5, 2}},
                   {Shape{2}, {3, 5}, {5, 2}},
                   {{3, 1}, {3, 5}, {5, 2}},
                   {Shape(), {3, 5}, {5, 2}},
                   {{3, 2}, {3, 0}, {0, 2}},
                   {{0, 2}, {0, 3}, {3, 2}},
                   {{30, 20}, {30, 40}, {40, 20}}}});
  add_blend(add, {"addmv",
                  addmv,
                  addmv_out,
                  &Tensor::addmv_,
                  product,
                  {{Shape{3}, {3, 5}, Shape{5}},
                   {Shape{1}, {3, 5}, Shape{5}},
                   {Shape(), {3, 5}, Shape{5}},
                   {Shape{3}, {3, 0}, Shape{0}},
                   {Shape{30}, {30, 40}, Shape{40}}}});
  add_blend(add, {"addr",
                  addr,
                  addr_out,
                  &Tensor::addr_,
                  [](const Plain& a, const Plain& b) {
                    return contracted("i,j->ij", {a, b});
                  },
                  {{{3, 2}, Shape{3}, Shape{2}},
                   {Shape{2}, Shape{3}, Shape{2}},
                   {{3, 1}, Shape{3}, Shape{2}},
                   {{0, 2}, Shape{0}, Shape{2}},
                   {{30, 20}, Shape{30}, Shape{20}}}});
  add_blend(add, {"addbmm",
                  addbmm,
                  addbmm_out,
                  &Tensor::addbmm_,
                  [](const Plain& a, const Plain& b) {
                    return contracted("bij,bjk->ik", {a, b});
                  },
                  {{{3, 2}, {4, 3, 5}, {4, 5, 2}},
                   {Shape{2}, {1, 3, 5}, {1, 5, 2}},
                   {{3, 2}, {0, 3, 5}, {0, 5, 2}},
                   {{12, 9}, {5, 12, 7}, {5, 7, 9}}}});
  add_blend(add, {"baddbmm",
                  baddbmm,
                  baddbmm_out,
                  &Tensor::baddbmm_,
                  product,
                  {{{4, 3, 2}, {4, 3, 5}, {4, 5, 2}},
                   {{3, 2}, {4, 3, 5}, {4, 5, 2}},
                   {{4, 1, 1}, {4, 3, 5}, {4, 5, 2}},
                   {{2, 3, 2}, {2, 3, 0}, {2, 0, 2}},
                   {{5, 12, 9}, {5, 12, 7}, {5, 7, 9}}}});
}

void add_vectors(const Add& add) {
  const std::vector<std::vector<Shape>> vectors = {
      {Shape{3}, Shape{2}}, {Shape{1}, Shape{1}}, {Shape{0}, Shape{2}}, {Shape{30}, Shape{20}}};
  const Reference outer_of = [](const Plains& x) { return Plains{contracted("i,j->ij", x)}; };
  using Two = Tensor (*)(const Tensor&, const Tensor&);
  for (const auto& [name, f] : {std::pair<const char*, Two>{"outer", outer}, {"ger", ger}})
    add(row(name, {"", call_two(f), outer_of, vectors, kTwoInputs})
            .saved_by("mul")
            .checked_by("outer")
            .error([f = f] { f(zero(2), zero(2, 2)); }, {"[outer]", "vec2", "float32[2, 2]"}));
  add(row("vdot", {"",
                   call_two(vdot),
                   [](const Plains& x) { return Plains{product(x[0], x[1])}; },
                   {{Shape{3}, Shape{3}}, {Shape{0}, Shape{0}}, {Shape{301}, Shape{301}}},
                   kTwoInputs})
          .saved_by("mul")
          .checked_by("dot"));
  add(row("linalg_matmul", {"",
                            call_two(linalg_matmul),
                            [](const Plains& x) { return Plains{product(x[0], x[1])}; },
                            {{{3, 5}, {5, 2}}, {{2, 3, 4}, {4, 2}}, {Shape{3}, Shape{3}}},
                            kTwoInputs})
          .saved_by("")
          .checked_by("matmul"));
  add(row("linalg_vecdot", {"",
                            call_two([](const Tensor& x, const Tensor& y) { return linalg_vecdot(x, y); }),
                            [](const Plains& x) { return Plains{contracted("ai,ai->a", x)}; },
                            {{{3, 5}, {3, 5}}, {{3, 5}, {1, 5}}, {{2, 0}, {2, 0}}, {{20, 17}, {20, 17}}},
                            kTwoInputs})
          .saved_by("mul")
          .also({"0",
                 call_two([](const Tensor& x, const Tensor& y) { return linalg_vecdot(x, y, 0); }),
                 [](const Plains& x) { return Plains{contracted("ia,ia->a", x)}; },
                 {{{3, 5}, {3, 5}}}})
          .result(Result::Sum));
  const auto crossed = [](std::size_t d) {
    return [d](const Plains& x) {
      const Shape s = broadcast_shapes("reference", x[0].sizes, x[1].sizes);
      Plain y(s);
      const auto entry = [&](const Plain& p, Shape i, std::int64_t k) {
        i[d] = k % 3;
        for (std::size_t e = 0; e < i.size(); ++e)
          if (p.sizes[e] == 1) i[e] = 0;
        return p.at(i);
      };
      for_each_index(s, [&](const Shape& i) {
        const std::int64_t k = i[d];
        y.at(i) = entry(x[0], i, k + 1) * entry(x[1], i, k + 2) - entry(x[0], i, k + 2) * entry(x[1], i, k + 1);
      });
      return Plains{y};
    };
  };
  // Rounding scales with the products, not with their difference.
  const auto cross_sample = [&](const std::string& label, Two f, std::size_t d,
                                std::vector<std::vector<Shape>> shapes) {
    Sample s{label, call_two(f), crossed(d), std::move(shapes), kTwoInputs};
    return scaled(s, [](const Plains& x) {
      Plain y(broadcast_shapes("reference", x[0].sizes, x[1].sizes));
      Real a = 0, b = 0;
      for (Real v : x[0].v) a = std::max(a, std::fabs(v));
      for (Real v : x[1].v) b = std::max(b, std::fabs(v));
      std::fill(y.v.begin(), y.v.end(), 2 * a * b);
      return Plains{y};
    });
  };
  add(row("cross", cross_sample("", [](const Tensor& x, const Tensor& y) { return cross(x, y); }, 0,
                                {{Shape{3}, Shape{3}}, {{3, 5}, {3, 5}}, {{3, 3}, {3, 1}}, {{3, 0}, {3, 0}}}))
          .also(cross_sample("first of size 3", [](const Tensor& x, const Tensor& y) { return cross(x, y); }, 1,
                             {{{2, 3}, {2, 3}}, {{2, 3, 3}, {1, 3, 3}}}))
          .also(cross_sample("-1", [](const Tensor& x, const Tensor& y) { return cross(x, y, -1); }, 1,
                             {{{3, 3}, {3, 3}}}))
          .saved_by("mul")
          .cancels()
          .error([] { cross(zero(2, 2), zero(2, 2)); }, {"[cross]", "size 3", "float32[2, 2]"}));
  add(row("linalg_cross", cross_sample("", [](const Tensor& x, const Tensor& y) { return linalg_cross(x, y); }, 1,
                                       {{{5, 3}, {5, 3}}, {{5, 3}, {1, 3}}, {{0, 3}, {0, 3}}}))
          .also(cross_sample("0", [](const Tensor& x, const Tensor& y) { return linalg_cross(x, y, 0); }, 0,
                             {{{3, 2}, {3, 2}}}))
          .saved_by("mul")
          .cancels()
          .error([] { linalg_cross(zero(2, 2), zero(2, 2)); }, {"[linalg_cross]", "size 3", "float32[2, 2]"})
          .error([] { linalg_cross(zero(2, 3), zero(3)); }, {"[linalg_cross]", "rank", "float32[3]"}));
}

void add_chains(const Add& add) {
  const Reference chain = [](const Plains& x) { return Plains{product(product(x[0], x[1]), x[2])}; };
  const std::vector<std::vector<Shape>> shapes = {{{2, 3}, {3, 4}, {4, 2}},
                                                  {{5, 1}, {1, 5}, {5, 2}},
                                                  {{0, 3}, {3, 2}, {2, 2}},
                                                  {{2, 0}, {0, 3}, {3, 2}},
                                                  {{9, 20}, {20, 3}, {3, 30}}};
  add(row("chain_matmul", {"", [](const Tensors& x) { return Tensors{chain_matmul(x)}; }, chain, shapes, kThreeInputs})
          .also({"one",
                 [](const Tensors& x) { return Tensors{chain_matmul(x)}; },
                 [](const Plains& x) { return x; },
                 {{{2, 3}}},
                 {Input()}})
          .saved_by("mm")
          .error([] { chain_matmul({}); }, {"[chain_matmul]", "at least one"})
          .error(
              [] {
                chain_matmul({zero(2, 3), zero(2, 3)});
              },
              {"[chain_matmul]", "inner sizes", "float32[2, 3]"})
          .error([] { chain_matmul({zero(2)}); }, {"[chain_matmul]", "float32[2]"}));
  add(row("linalg_multi_dot",
          {"", [](const Tensors& x) { return Tensors{linalg_multi_dot(x)}; }, chain, shapes, kThreeInputs})
          .also({"vectors",
                 [](const Tensors& x) { return Tensors{linalg_multi_dot(x)}; },
                 chain,
                 {{Shape{3}, {3, 4}, Shape{4}}, {Shape{3}, {3, 4}, {4, 2}}, {{2, 3}, {3, 4}, Shape{4}}}})
          .saved_by("mm")
          .error([] { linalg_multi_dot({zero(2, 3)}); }, {"[linalg_multi_dot]", "at least two"})
          .error(
              [] {
                linalg_multi_dot({zero(2, 3), zero(3), zero(3, 2)});
              },
              {"[linalg_multi_dot]", "float32[3]"}));
  const auto power = [](int n) {
    return [n](const Plain& x) {
      return by_matrix(x, [n](const Plain& m) {
        Plain y = m;
        for (int k = 1; k < n; ++k) y = product(y, m);
        return y;
      });
    };
  };
  const auto one = [](const Plain& x) {
    return by_matrix(x, [](Plain m) {
      for (Real& v : m.v) v = 0;
      for (std::int64_t i = 0; i < m.sizes[0]; ++i) m.at({i, i}) = 1;
      return m;
    });
  };
  using Power = Tensor (*)(const Tensor&, std::int64_t);
  for (const auto& [name, f] :
       {std::pair<const char*, Power>{"matrix_power", matrix_power}, {"linalg_matrix_power", linalg_matrix_power}}) {
    const auto raised = [f = f](std::int64_t n) { return [=](const Tensor& x) { return f(x, n); }; };
    add(row(name, by_largest(single("3", raised(3), power(3), kSquares)))
            .also(by_largest(single("2", raised(2), power(2))))
            .also(by_largest(single("1", raised(1), power(1))))
            .also(by_largest(single("0", raised(0), one)))
            .saved_by("")
            .checked_by("linalg_matrix_power")
            .error([f = f] { f(zero(2, 3), 2); }, {"[linalg_matrix_power]", "square", "float32[2, 3]"}));
  }
}

void add_functions(const Add& add) {
  // x^k along a new last dim; k falls or rises to n - 1.
  const auto powers = [](std::int64_t n, bool rising) {
    return [=](const Plain& x) {
      Shape s = x.sizes;
      s.push_back(n < 0 ? x.sizes.back() : n);
      Plain y(s);
      for_each_index(s, [&](Shape i) {
        const std::int64_t k = rising ? i.back() : s.back() - 1 - i.back();
        Shape from = i;
        from.erase(from.size() - 1);
        y.at(i) = 1;
        for (std::int64_t l = 0; l < k; ++l) y.at(i) *= x.at(from);
      });
      return y;
    };
  };
  add(row("vander", single("", [](const Tensor& x) { return vander(x); }, powers(-1, false), {Shape{4}, Shape{2}}))
          .also(single(
              "3, increasing", [](const Tensor& x) { return vander(x, 3, true); }, powers(3, true)))
          .saved_by("")
          .result(Result::Sum)
          .error([] { vander(zero(2, 2)); }, {"[vander]", "rank 1", "float32[2, 2]"})
          .error([] { vander(zero(2), -1); }, {"[vander]", "-1"}));
  add(row("linalg_vander",
          single("", [](const Tensor& x) { return linalg_vander(x); }, powers(-1, true), {Shape{4}, {2, 3}, {0, 2}}))
          .also(single(
              "3", [](const Tensor& x) { return linalg_vander(x, 3); }, powers(3, true)))
          .saved_by("")
          .result(Result::Sum)
          .error([] { linalg_vander(zero()); }, {"[linalg_vander]", "rank 1", "float32[]"})
          .error([] { linalg_vander(zero(2), 1); }, {"[linalg_vander]", "N", "1"}));
  add(row("linalg_diagonal", single(
                                 "", [](const Tensor& x) { return linalg_diagonal(x); },
                                 [](const Plain& x) {
                                   return by_matrix(x, [](const Plain& m) {
                                     Plain y(Shape{std::min(m.sizes[0], m.sizes[1])});
                                     for (std::int64_t i = 0; i < y.numel(); ++i) y[i] = m.at({i, i});
                                     return y;
                                   });
                                 },
                                 {{3, 5}, {2, 4, 3}, {0, 3}}))
          .saves_nothing()
          .checked_by("diagonal"));
}

}  // namespace

void add_products(const Add& add) {
  add_blends(add);
  add_vectors(add);
  add_chains(add);
  add_functions(add);
}

}  // namespace gradtape::table
