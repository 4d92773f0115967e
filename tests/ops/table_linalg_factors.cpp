// Rows of orthogonal factors and of what is made of them.
#include <cmath>
#include <limits>

#include "table_linalg.h"

namespace gradtape::table {
namespace {

Sample of_factors(const std::string& label, std::function<Tensors(const Tensor&)> f,
                  std::function<Plains(const Plain&)> reference, const std::vector<Shape>& shapes = {}) {
  Sample s{label, [f = std::move(f)](const Tensors& x) { return f(x[0]); },
           [r = std::move(reference)](const Plains& x) { return r(x[0]); }};
  s.inputs.emplace_back();
  for (const Shape& shape : shapes) s.shapes.push_back({shape});
  return by_largest(s);
}

// LAPACK's signs: a diagonal entry of R is the opposite of the positive one that it comes from, unless it is in the
// last row.
Plains lapack_factors(const Plain& a) {
  Plains f = orthogonal_factors(a);
  const std::int64_t m = a.sizes[0], k = f[1].sizes[0];
  for (std::int64_t i = 0; i < std::min(k, m - 1); ++i) {
    for (std::int64_t j = 0; j < m; ++j) f[0].at({j, i}) = -f[0].at({j, i});
    for (std::int64_t j = i; j < a.sizes[1]; ++j) f[1].at({i, j}) = -f[1].at({i, j});
  }
  return f;
}

Tensors listed(const std::tuple<Tensor, Tensor>& t) { return {std::get<0>(t), std::get<1>(t)}; }
Tensors listed(const std::tuple<Tensor, Tensor, Tensor>& t) { return {std::get<0>(t), std::get<1>(t), std::get<2>(t)}; }

void add_qr(const Add& add) {
  const auto reference = [](const Plain& x) { return by_matrices(spread(x), lapack_factors); };
  add(row("linalg_qr", of_factors(
                           "", [](const Tensor& x) { return listed(linalg_qr(spread(x))); }, reference, kRectangles))
          .within(32)
          .also(of_factors(
              "r", [](const Tensor& x) { return Tensors{std::get<1>(linalg_qr(spread(x), "r"))}; },
              [=](const Plain& x) { return Plains{reference(x)[1]}; }))
          .also(of_factors("complete, wide", [](const Tensor& x) { return listed(linalg_qr(spread(x), "complete")); },
                           reference, {{3, 3}, {2, 4}}))
          .cancels()
          .saved_by("")
          .error([] { linalg_qr(zero(2, 2), "full"); }, {"[linalg_qr]", "\"full\"", "\"reduced\"", "\"complete\""})
          .error([] { linalg_qr(zero(2)); }, {"[linalg_qr]", "matrix", "float32[2]"})
          .error([] { linalg_qr(zero(2, 2).to(kInt64)); }, {"[linalg_qr]", "floating", "int64[2, 2]"})
          .error(
              [] {
                const Tensor x = zero(3, 2) + eye(3, 2);
                std::get<1>(linalg_qr(x.requires_grad_(), "complete")).sum().backward();
              },
              {"[linalg_qr]", "no derivative", "\"complete\"", "\"reduced\""}));
  add(row("qr", of_factors(
                    "", [](const Tensor& x) { return listed(qr(spread(x))); }, reference, kRectangles))
          .within(32)
          .cancels()
          .saved_by(""));
  // Columns beyond the first are any that complete the basis.
  add(row("qr", of_factors(
                    "",
                    [](const Tensor& x) {
                      const NoGradGuard guard;
                      const auto [q, r] = qr(spread(x), false);
                      return Tensors{matmul(q, r), matmul(transpose(q, -2, -1), q), tril(r, -1)};
                    },
                    [](const Plain& x) {
                      return by_matrices(spread(x), [](const Plain& a) {
                        Plain one(Shape{a.sizes[0], a.sizes[0]});
                        for (std::int64_t i = 0; i < a.sizes[0]; ++i) one.at({i, i}) = 1;
                        return Plains{a, one, Plain(a.sizes)};
                      });
                    },
                    {{4, 2}, {3, 3}, {2, 4}, {2, 4, 1}}))
          .named("complete")
          .within(32)
          .constant());
}

void add_eigen(const Add& add) {
  const auto reference = [](const Plain& x) { return by_matrices(symmetric(x), symmetric_eigen); };
  add(row("linalg_eigh",
          of_factors(
              "", [](const Tensor& x) { return listed(linalg_eigh(symmetric(x))); }, reference, kSquares))
          .within(64)
          .also(of_factors(
              "U", [](const Tensor& x) { return listed(linalg_eigh(symmetric(x), "U")); }, reference))
          .error([] { linalg_eigh(zero(2, 2), "X"); }, {"[linalg_eigh]", "\"X\"", "\"L\"", "\"U\""})
          .error([] { linalg_eigh(zero(2, 3)); }, {"[linalg_eigh]", "square", "float32[2, 3]"})
          .error([] { linalg_eigh(zero(2, 2) / 0); }, {"[linalg_eigh]", "converge", "finite"}));
  add(row("linalg_eigvalsh", of_factors(
                                 "", [](const Tensor& x) { return Tensors{linalg_eigvalsh(symmetric(x))}; },
                                 [=](const Plain& x) { return Plains{reference(x)[0]}; }, kSquares))
          .within(32)
          .also(of_factors(
              "U", [](const Tensor& x) { return Tensors{linalg_eigvalsh(symmetric(x), "U")}; },
              [=](const Plain& x) { return Plains{reference(x)[0]}; }))
          .saved_by("linalg_eigh")
          .error([] { linalg_eigvalsh(zero(2, 3)); }, {"[linalg_eigvalsh]", "square", "float32[2, 3]"}));
}

void add_singular(const Add& add) {
  const auto reference = [](const Plain& x) { return by_matrices(spread(x), singular_values); };
  const auto with_v = [=](const Plain& x) {
    Plains f = reference(x);
    f[2] = transposed(f[2]);
    return f;
  };
  add(row("linalg_svd",
          of_factors(
              "", [](const Tensor& x) { return listed(linalg_svd(spread(x), false)); }, reference, kRectangles))
          .within(64)
          .also(of_factors("full_matrices of squares", [](const Tensor& x) { return listed(linalg_svd(spread(x))); },
                           reference, {{3, 3}, {2, 2, 2}}))
          .error([] { linalg_svd(zero(2)); }, {"[linalg_svd]", "matrix", "float32[2]"})
          .error([] { linalg_svd(zero(2, 3) / 0); }, {"[linalg_svd]", "converge", "finite"}));
  add(row("linalg_svd", of_factors(
                            "",
                            [](const Tensor& x) {
                              const NoGradGuard guard;
                              const auto [u, s, v] = linalg_svd(spread(x));
                              const std::int64_t k = s.size(-1);
                              return Tensors{matmul(narrow(u, -1, 0, k) * unsqueeze(s, -2), narrow(v, -2, 0, k)),
                                             matmul(transpose(u, -2, -1), u), matmul(v, transpose(v, -2, -1))};
                            },
                            [](const Plain& x) {
                              return by_matrices(spread(x), [](const Plain& a) {
                                const auto one = [](std::int64_t n) {
                                  Plain p(Shape{n, n});
                                  for (std::int64_t i = 0; i < n; ++i) p.at({i, i}) = 1;
                                  return p;
                                };
                                return Plains{a, one(a.sizes[0]), one(a.sizes[1])};
                              });
                            },
                            {{4, 2}, {2, 4}, {3, 3}, {2, 4, 1}}))
          .named("full")
          .within(64)
          .constant());
  add(row("linalg_svdvals", of_factors(
                                "", [](const Tensor& x) { return Tensors{linalg_svdvals(spread(x))}; },
                                [=](const Plain& x) { return Plains{reference(x)[1]}; }, kRectangles))
          .within(32)
          .saved_by("linalg_svd"));
  add(row("svd", of_factors(
                     "", [](const Tensor& x) { return listed(svd(spread(x))); }, with_v, kRectangles))
          .within(64)
          .also(of_factors(
              "values", [](const Tensor& x) { return Tensors{std::get<1>(svd(spread(x), true, false))}; },
              [=](const Plain& x) { return Plains{reference(x)[1]}; }))
          .saved_by("linalg_svd"));
  add(row("svd", of_factors(
                     "",
                     [](const Tensor& x) {
                       const NoGradGuard guard;
                       return listed(svd(spread(x), true, false));
                     },
                     [=](const Plain& x) {
                       return by_matrices(spread(x), [](const Plain& a) {
                         return Plains{Plain(Shape{a.sizes[0], a.sizes[0]}), singular_values(a)[1],
                                       Plain(Shape{a.sizes[1], a.sizes[1]})};
                       });
                     },
                     kRectangles))
          .named("values")
          .within(32)
          .constant());
}

// For full rank: (A^T A)^-1 A^T, or A^T (A A^T)^-1.
Plain pseudoinverse(const Plain& a) {
  return by_matrix(a, [](const Plain& m) {
    const Plain t = transposed(m);
    return m.sizes[0] >= m.sizes[1] ? product(inverted(product(t, m)), t) : product(t, inverted(product(m, t)));
  });
}

void add_pseudoinverse(const Add& add) {
  const auto of_spread = [](const Plain& x) { return pseudoinverse(spread(x)); };
  add(row("pinverse", by_largest(single(
                          "", [](const Tensor& x) { return pinverse(spread(x)); }, of_spread, kRectangles)))
          .within(32)
          .saved_by("linalg_pinv"));
  add(row("linalg_pinv", by_largest(single(
                             "", [](const Tensor& x) { return linalg_pinv(spread(x)); }, of_spread, kRectangles)))
          .within(32)
          .also(by_largest(single(
              "rcond", [](const Tensor& x) { return linalg_pinv(spread(x), 1e-3); }, of_spread)))
          .also(by_largest(single(
              "atol", [](const Tensor& x) { return linalg_pinv(spread(x), 0.01, nullopt); }, of_spread)))
          .also(by_largest(single(
              "hermitian", [](const Tensor& x) { return linalg_pinv(symmetric(x), 1e-3, true); },
              [](const Plain& x) { return by_matrix(symmetric(x), inverted); }, kSquares)))
          .saved_by("")
          .error([] { linalg_pinv(zero(2)); }, {"[linalg_pinv]", "matrix", "float32[2]"})
          .error([] { linalg_pinv(zero(2, 3), 1e-3, true); }, {"[linalg_pinv]", "square", "float32[2, 3]"}));
  // Of rank 1. What a null space is made of has no derivative, so that the complex step has no answer; the gradient is
  // in linalg_test.cpp.
  add(row("linalg_pinv", by_largest(single(
                             "",
                             [](const Tensor& x) {
                               const NoGradGuard guard;
                               return linalg_pinv(x.defined() ? outer(x, x) : x, 1e-3);
                             },
                             [](const Plain& x) {
                               Real squares = 0;
                               for (Real v : x.v) squares += v * v;
                               Plain y = contracted("i,j->ij", {x, x});
                               for (Real& v : y.v) v /= squares * squares;
                               return y;
                             },
                             {Shape{3}, Shape{1}, Shape{7}})))
          .named("rank_one")
          .within(32)
          .constant());
  const auto counted = [](Real bound, bool relative) {
    return [=](const Plain& x) {
      return by_matrix(spread(x), [=](const Plain& a) {
        const Plain s = singular_values(a)[1];
        Plain n;
        for (Real v : s.v) n[0] += v > (relative ? bound * s[0] : bound);
        return n;
      });
    };
  };
  add(row("linalg_matrix_rank",
          single(
              "", [](const Tensor& x) { return linalg_matrix_rank(spread(x)); }, counted(0, false), kRectangles))
          .also(single(
              "tol", [](const Tensor& x) { return linalg_matrix_rank(spread(x), 3.0); }, counted(3, false)))
          .also(single(
              "rtol", [](const Tensor& x) { return linalg_matrix_rank(spread(x), nullopt, 0.6); }, counted(0.6L, true)))
          .also(single(
              "tol tensor", [](const Tensor& x) { return linalg_matrix_rank(spread(x), scalar_tensor(3.0)); },
              counted(3, false)))
          .also(single(
              "hermitian", [](const Tensor& x) { return linalg_matrix_rank(symmetric(x), 1e-3, true); },
              [](const Plain& x) {
                return by_matrix(x, [](const Plain& a) {
                  Plain n;
                  n[0] = static_cast<Real>(a.sizes[0]);
                  return n;
                });
              },
              kSquares))
          .result(Result::Int64)
          .constant()
          .error([] { linalg_matrix_rank(zero(2)); }, {"[linalg_matrix_rank]", "matrix", "float32[2]"}));
}

void add_least_squares(const Add& add) {
  const std::vector<Input> two = {Input(), Input()};
  const std::vector<std::vector<Shape>> shapes = {
      {{4, 2}, {4, 3}}, {{3, 3}, {3, 1}}, {{2, 4}, {2, 2}}, {{2, 4, 2}, {2, 4, 1}}, {{9, 5}, {9, 4}}};
  const auto best = [](const Plains& x) { return product(pseudoinverse(spread(x[0])), x[1]); };
  add(row("linalg_lstsq",
          by_largest({"", [](const Tensors& x) { return Tensors{std::get<0>(linalg_lstsq(spread(x[0]), x[1]))}; },
                      [=](const Plains& x) { return Plains{best(x)}; }, shapes, two}))
          .within(32)
          .also(by_largest({"vectors",
                            [](const Tensors& x) { return Tensors{std::get<0>(linalg_lstsq(spread(x[0]), x[1]))}; },
                            [=](const Plains& x) {
                              Plain b = x[1];
                              b.sizes.push_back(1);
                              Plain y = best({x[0], b});
                              y.sizes.erase(y.sizes.size() - 1);
                              return Plains{y};
                            },
                            {{{4, 2}, Shape{4}}, {{2, 4, 2}, {2, 4}}}}))
          .error([] { linalg_lstsq(zero(3, 2), zero(2, 2)); }, {"[linalg_lstsq]", "float32[3, 2]", "float32[2, 2]"})
          .error([] { linalg_lstsq(zero(3, 2), zero(3, 2), nullopt, "qr"); },
                 {"[linalg_lstsq]", "\"qr\"", "\"gelsy\""}));
  add(row("linalg_lstsq", by_largest({"gelsd",
                                      [](const Tensors& x) {
                                        const NoGradGuard guard;
                                        const auto [y, residuals, rank, s] =
                                            linalg_lstsq(spread(x[0]), x[1], nullopt, "gelsd");
                                        return Tensors{y, residuals, rank, s};
                                      },
                                      [=](const Plains& x) {
                                        const Plain a = spread(x[0]), y = best(x);
                                        Plain r = product(a, y);
                                        for (std::int64_t i = 0; i < r.numel(); ++i)
                                          r[i] = (r[i] - x[1][i]) * (r[i] - x[1][i]);
                                        const Plain residuals =
                                            by_matrix(r, [](const Plain& m) { return contracted("ij->j", {m}); });
                                        Plains f = by_matrices(a, [](const Plain& m) {
                                          Plain n;
                                          n[0] = static_cast<Real>(m.sizes[1]);
                                          return Plains{n, singular_values(m)[1]};
                                        });
                                        return Plains{y, residuals, f[0], f[1]};
                                      },
                                      {{{4, 2}, {4, 3}}, {{2, 4, 2}, {2, 4, 1}}, {{9, 5}, {9, 4}}},
                                      two}))
          .named("all")
          .within(64)
          .result({Result::Promoted, Result::Promoted, Result::Int64, Result::Promoted})
          .constant());
}

}  // namespace

void add_factors(const Add& add) {
  add_qr(add);
  add_eigen(add);
  add_singular(add);
  add_pseudoinverse(add);
  add_least_squares(add);
}

}  // namespace gradtape::table
