// Rows of what is solved by triangular factors: systems, inverses, determinants, Cholesky.
#include <cmath>

#include "table_linalg.h"

namespace gradtape::table {
namespace {

const std::vector<Input> kTwoInputs = {Input(), Input()};

Plain inverse_of(const Plain& a) { return by_matrix(a, inverted); }
Plain number(Real v) {
  Plain p;
  p[0] = v;
  return p;
}
Plain filled(Plain p, Real v) {
  for (Real& e : p.v) e = v;
  return p;
}

// Of one matrix or a batch of them: f(spread(x)).
Sample of_matrix(const std::string& label, std::function<Tensor(const Tensor&)> f,
                 std::function<Plain(const Plain&)> reference, const std::vector<Shape>& shapes = {}) {
  return by_largest(single(
      label, [f = std::move(f)](const Tensor& x) { return f(spread(x)); },
      [r = std::move(reference)](const Plain& x) { return r(spread(x)); }, shapes));
}
// The same of a symmetric, positive-definite matrix.
Sample of_symmetric(const std::string& label, std::function<Tensors(const Tensor&)> f,
                    std::function<Plains(const Plain&)> reference, const std::vector<Shape>& shapes = {}) {
  Sample s{label, [f = std::move(f)](const Tensors& x) { return f(symmetric(x[0])); },
           [r = std::move(reference)](const Plains& x) { return r(symmetric(x[0])); }};
  s.inputs.emplace_back();
  for (const Shape& shape : shapes) s.shapes.push_back({shape});
  return by_largest(s);
}

void add_inverses(const Add& add) {
  using One = Tensor (*)(const Tensor&);
  for (const auto& [name, f] : {std::pair<const char*, One>{"inverse", inverse}, {"linalg_inv", linalg_inv}}) {
    const std::string in_brackets = std::string("[") + name + "]";
    add(row(name, of_matrix("", f, inverse_of, kSquares))
            .within(32)
            .saved_by("linalg_inv")
            .error([f = f] { f(zero(2, 3)); }, {in_brackets, "square", "float32[2, 3]"})
            .error([f = f] { f(zero(3)); }, {in_brackets, "matrix", "float32[3]"})
            .error([f = f] { f(zero(2, 2)); }, {in_brackets, "float32[2, 2]", "singular", "pivot 1"})
            .error([f = f] { f(zero(3, 2, 2)); }, {in_brackets, "matrix 0 of float32[3, 2, 2]", "singular"})
            .error([f = f] { f(zero(2, 2).to(kInt64)); }, {in_brackets, "int64[2, 2]", "floating"}));
  }
  Sample with_info = of_matrix("", linalg_inv, inverse_of, kSquares);
  with_info.call = [](const Tensors& x) {
    const auto [y, info] = linalg_inv_ex(spread(x[0]));
    return Tensors{y, info};
  };
  with_info.reference = [](const Plains& x) {
    return Plains{inverse_of(spread(x[0])), by_matrix(x[0], [](const Plain&) { return number(0); })};
  };
  add(row("linalg_inv_ex", by_largest(with_info))
          .within(32)
          .saved_by("linalg_inv")
          .result({Result::Promoted, Result::Int32})
          .error([] { linalg_inv_ex(zero(2, 2), true); }, {"[linalg_inv_ex]", "singular"}));
  const auto det_of = [](const Plain& a) {
    return by_matrix(a, [](const Plain& m) { return number(determinant(m)); });
  };
  // Of rank n - 1: the determinant is 0, the cofactors are not.
  const auto with_equal_rows = [](One f) {
    Sample s = single(
        "singular",
        [f](const Tensor& x) {
          return f(x.defined() ? stack({x, ones({2}, x.scalar_type())}) : x);
        },
        [](const Plain& x) { return number(x[0] - x[1]); }, {Shape{2}});
    s.inputs = {Input(uniform(2, 2))};
    return s;
  };
  for (const auto& [name, f] : {std::pair<const char*, One>{"det", det}, {"linalg_det", linalg_det}})
    add(row(name, of_matrix("", f, det_of, kSquares))
            .within(32)
            .saved_by("linalg_det")
            .checked_by("linalg_det")
            // Where rows are equal, cofactors cancel.
            .laid_out({Layout::Contiguous, Layout::Transposed, Layout::StepTwo, Layout::Offset})
            .also(with_equal_rows(f))
            .cancels()
            .error([f = f] { f(zero(2, 3)); }, {"[linalg_det]", "square", "float32[2, 3]"}));
  const auto log_of = [=](const Plain& a) {
    return by_matrix(a, [](const Plain& m) { return number(std::log(std::fabs(determinant(m)))); });
  };
  // Near 1 the logarithm is as wrong as the determinant, not as itself.
  const auto within_one = [](Sample s) {
    s.magnitude = [f = s.reference](const Plains& x) {
      Plains y = f(x);
      for (Plain& p : y) p = filled(p, 10);
      return y;
    };
    return s;
  };
  add(row("logdet", within_one(of_matrix("", logdet, log_of, kSquares)))
          .within(32)
          .saves_nothing()
          .checked_by("linalg_slogdet")
          .error([] { logdet(zero(2, 3)); }, {"[linalg_slogdet]", "square"}));
  using Logarithm = std::tuple<Tensor, Tensor> (*)(const Tensor&);
  for (const auto& [name, f] :
       {std::pair<const char*, Logarithm>{"slogdet", slogdet}, {"linalg_slogdet", linalg_slogdet}}) {
    add(row(name, within_one(of_matrix(
                      "", [f = f](const Tensor& a) { return std::get<1>(f(a)); }, log_of, kSquares)))
            .within(32)
            .saves_nothing()
            .checked_by("linalg_slogdet"));
    // One eigenvalue is negative.
    Sample both = single("", nullptr, nullptr, {{3, 3}, {1, 1}, {2, 2, 2}});
    both.call = [f = f](const Tensors& x) {
      const NoGradGuard guard;
      const auto [a, b] = f(x[0].defined() ? spread(x[0]) - 4 * eye(x[0].size(-1), x[0].scalar_type()) : x[0]);
      return Tensors{a, b};
    };
    both.reference = [=](const Plains& x) {
      const Plain a = by_matrix(spread(x[0]), [](Plain m) {
        for (std::int64_t i = 0; i < m.sizes[0]; ++i) m.at({i, i}) -= 4;
        return m;
      });
      return Plains{by_matrix(a, [](const Plain& m) { return number(determinant(m) < 0 ? -1 : 1); }), log_of(a)};
    };
    add(row(name, within_one(both)).named("sign").within(64).constant().checked_by("linalg_slogdet"));
  }
}

const std::vector<std::vector<Shape>> kSystems = {{{3, 3}, {3, 2}},    {{1, 1}, {1, 1}},       {{0, 0}, {0, 2}},
                                                  {{3, 3}, {3, 0}},    {{2, 3, 3}, {2, 3, 1}}, {{2, 1, 3, 3}, {3, 2}},
                                                  {{3, 3}, {4, 3, 2}}, {{9, 9}, {9, 8}},       {{0, 3, 3}, {0, 3, 2}}};

// f(spread(a), b)
Sample of_system(const std::string& label, std::function<Tensor(const Tensor&, const Tensor&)> f,
                 std::function<Plain(const Plain&, const Plain&)> reference,
                 std::vector<std::vector<Shape>> shapes = {}) {
  return by_largest({label, call_two([f = std::move(f)](const Tensor& a, const Tensor& b) { return f(spread(a), b); }),
                     [r = std::move(reference)](const Plains& x) { return Plains{r(spread(x[0]), x[1])}; },
                     std::move(shapes), kTwoInputs});
}

void add_systems(const Add& add) {
  const auto solved = [](const Plain& a, const Plain& b) { return product(inverse_of(a), b); };
  const auto solved_right = [](const Plain& a, const Plain& b) { return product(b, inverse_of(a)); };
  // B [.., n] in a batch are vectors when they are as many as the matrices.
  const auto solved_vectors = [](const Plain& a, Plain b) {
    b.sizes.push_back(1);
    Plain y = product(inverse_of(a), b);
    y.sizes.erase(y.sizes.size() - 1);
    return y;
  };
  const std::vector<std::vector<Shape>> right = {{{3, 3}, {2, 3}}, {{2, 3, 3}, {1, 3}}, {{0, 0}, {2, 0}}};
  const std::vector<std::vector<Shape>> vectors = {{{3, 3}, Shape{3}}, {{2, 3, 3}, {2, 3}}, {{0, 0}, Shape{0}}};
  add(row("linalg_solve",
          of_system(
              "", [](const Tensor& a, const Tensor& b) { return linalg_solve(a, b); }, solved, kSystems))
          .within(32)
          .also(of_system(
              "right", [](const Tensor& a, const Tensor& b) { return linalg_solve(a, b, false); }, solved_right, right))
          .also(of_system(
              "vectors", [](const Tensor& a, const Tensor& b) { return linalg_solve(a, b); }, solved_vectors, vectors))
          .error([] { linalg_solve(zero(2, 2), zero(3, 1)); },
                 {"[linalg_solve]", "float32[2, 2]", "float32[3, 1]", "B.size(-2)"})
          .error([] { linalg_solve(zero(2, 2), zero(2), false); }, {"[linalg_solve]", "side", "float32[2]"})
          .error([] { linalg_solve(zero(2, 2), zero(2)); }, {"[linalg_solve]", "singular"})
          .error([] { linalg_solve(zero(2, 2), zero(2).to(kFloat64)); },
                 {"[linalg_solve]", "float64[2]", "one dtype"}));
  Sample with_info = of_system(
      "", [](const Tensor& a, const Tensor& b) { return linalg_solve(a, b); }, solved, kSystems);
  with_info.call = [](const Tensors& x) {
    const auto [y, info] = linalg_solve_ex(spread(x[0]), x[1]);
    return Tensors{y, info};
  };
  with_info.reference = [=](const Plains& x) {
    return Plains{solved(spread(x[0]), x[1]), by_matrix(x[0], [](const Plain&) { return number(0); })};
  };
  add(row("linalg_solve_ex", by_largest(with_info))
          .within(32)
          .result({Result::Promoted, Result::Int32})
          .error([] { linalg_solve_ex(zero(2, 2), zero(2), true, true); }, {"[linalg_solve_ex]", "singular"}));
  // The matrix that a triangle stands for.
  const auto triangle = [](const Plain& a, bool upper, bool unit) {
    return by_matrix(a, [=](Plain m) {
      for_each_index(m.sizes, [&](const Shape& i) {
        if (upper ? i[0] > i[1] : i[0] < i[1]) m.at(i) = 0;
        if (unit && i[0] == i[1]) m.at(i) = 1;
      });
      return m;
    });
  };
  const auto in_triangle = [=](const std::string& label, bool upper, bool left, bool unit,
                               std::vector<std::vector<Shape>> shapes) {
    return of_system(
        label, [=](const Tensor& a, const Tensor& b) { return linalg_solve_triangular(a, b, upper, left, unit); },
        [=](const Plain& a, const Plain& b) {
          const Plain t = triangle(a, upper, unit);
          return left ? solved(t, b) : solved_right(t, b);
        },
        std::move(shapes));
  };
  add(row("linalg_solve_triangular", in_triangle("upper", true, true, false, kSystems))
          .within(32)
          .also(in_triangle("lower", false, true, false, kSystems))
          .also(in_triangle("unit", true, true, true, {{{3, 3}, {3, 2}}}))
          .also(in_triangle("lower unit", false, true, true, {{{2, 3, 3}, {3, 2}}}))
          .also(in_triangle("right", true, false, false, right))
          .error([] { linalg_solve_triangular(zero(2, 2), zero(3, 1), true); },
                 {"[linalg_solve_triangular]", "float32[2, 2]", "float32[3, 1]"})
          .error([] { linalg_solve_triangular(zero(2, 2), zero(2), true); },
                 {"[linalg_solve_triangular]", "float32[2]"}));
  const auto old_form = [=](const std::string& label, bool upper, bool transpose, bool unit) {
    Sample s{label,
             [=](const Tensors& x) {
               const auto [y, a] = triangular_solve(x[0], spread(x[1]), upper, transpose, unit);
               return Tensors{y, a};
             },
             [=](const Plains& x) {
               const Plain a = spread(x[1]);
               const Plain t = triangle(a, upper, unit);
               // The copy of A is spread over the batches of both.
               const Plain y = solved(transpose ? transposed(t) : t, x[0]);
               Shape lead = y.sizes;
               lead[lead.size() - 1] = a.sizes.back();
               Plain zeros(lead);
               return Plains{y, elementwise([](const std::vector<Real>& v) { return v[0] + v[1]; })({zeros, a})[0]};
             },
             {{{3, 2}, {3, 3}}, {{2, 3, 1}, {3, 3}}, {{3, 2}, {2, 3, 3}}, {{0, 2}, {0, 0}}},
             kTwoInputs};
    return by_largest(s);
  };
  add(row("triangular_solve", old_form("", true, false, false))
          .within(32)
          .also(old_form("lower", false, false, false))
          .also(old_form("transposed", true, true, false))
          .also(old_form("lower transposed unit", false, true, true))
          .saved_by("linalg_solve_triangular")
          .error([] { triangular_solve(zero(3, 1), zero(2, 2)); },
                 {"[triangular_solve]", "float32[2, 2]", "float32[3, 1]"}));
}

void add_cholesky(const Add& add) {
  const auto factor = [](const Plain& a) { return by_matrix(a, cholesky_factor); };
  using Factor = Tensor (*)(const Tensor&, bool);
  for (const auto& [name, f] :
       {std::pair<const char*, Factor>{"cholesky", cholesky}, {"linalg_cholesky", linalg_cholesky}}) {
    const std::string in_brackets = std::string("[") + name + "]";
    add(row(name, of_symmetric(
                      "", [f = f](const Tensor& a) { return Tensors{f(a, false)}; },
                      [=](const Plain& a) { return Plains{factor(a)}; }, kSquares))
            .within(32)
            .also(of_symmetric(
                "upper", [f = f](const Tensor& a) { return Tensors{f(a, true)}; },
                [=](const Plain& a) { return Plains{transposed(factor(a))}; }))
            .saved_by("linalg_cholesky")
            .error([f = f] { f(zero(2, 2), false); }, {in_brackets, "positive-definite", "order 1"})
            .error([f = f] { f(zero(2, 3), false); }, {in_brackets, "square", "float32[2, 3]"}));
  }
  add(row("linalg_cholesky_ex", of_symmetric(
                                    "",
                                    [](const Tensor& a) {
                                      const auto [l, info] = linalg_cholesky_ex(a);
                                      return Tensors{l, info};
                                    },
                                    [=](const Plain& a) {
                                      return Plains{factor(a), by_matrix(a, [](const Plain&) { return number(0); })};
                                    },
                                    kSquares))
          .within(32)
          .saved_by("linalg_cholesky")
          .result({Result::Promoted, Result::Int32})
          .error([] { linalg_cholesky_ex(zero(2, 2), false, true); }, {"[linalg_cholesky_ex]", "positive-definite"}));
  // L L^T, of the lower triangle, or U^T U.
  const auto multiplied = [](const Plain& a, bool upper) {
    return by_matrix(upper ? transposed(a) : a, [](Plain m) {
      for_each_index(m.sizes, [&](const Shape& i) {
        if (i[1] > i[0]) m.at(i) = 0;
      });
      return product(m, transposed(m));
    });
  };
  const auto solving = [=](const std::string& label, bool upper) {
    return of_system(
        label, [=](const Tensor& a, const Tensor& b) { return cholesky_solve(b, a, upper); },
        [=](const Plain& a, const Plain& b) { return product(inverse_of(multiplied(a, upper)), b); }, kSystems);
  };
  add(row("cholesky_solve", solving("", false))
          .within(64)
          .also(solving("upper", true))
          .saved_by("linalg_solve_triangular")
          .error([] { cholesky_solve(zero(3, 1), zero(2, 2)); },
                 {"[cholesky_solve]", "float32[2, 2]", "float32[3, 1]"}));
  add(row("cholesky_inverse", of_matrix(
                                  "", [](const Tensor& a) { return cholesky_inverse(a); },
                                  [=](const Plain& a) { return inverse_of(multiplied(a, false)); }, kSquares))
          .within(64)
          .also(of_matrix(
              "upper", [](const Tensor& a) { return cholesky_inverse(a, true); },
              [=](const Plain& a) { return inverse_of(multiplied(a, true)); }))
          .saved_by("linalg_solve_triangular")
          .error([] { cholesky_inverse(zero(2, 3)); }, {"[cholesky_inverse]", "square", "float32[2, 3]"}));
}

void add_functions(const Add& add) {
  // Squared four times, so that the series is short.
  const auto exponential = [](const Plain& x) {
    return by_matrix(x, [](Plain m) {
      for (Real& v : m.v) v /= 16;
      Plain y(m.sizes), term(m.sizes);
      for (std::int64_t i = 0; i < m.sizes[0]; ++i) y.at({i, i}) = term.at({i, i}) = 1;
      for (int k = 1; k < 40; ++k) {
        term = product(term, m);
        for (std::int64_t i = 0; i < y.numel(); ++i) y[i] += term[i] /= static_cast<Real>(k);
      }
      for (int k = 0; k < 4; ++k) y = product(y, y);
      return y;
    });
  };
  using One = Tensor (*)(const Tensor&);
  for (const auto& [name, f] :
       {std::pair<const char*, One>{"matrix_exp", matrix_exp}, {"linalg_matrix_exp", linalg_matrix_exp}})
    add(row(name, by_largest(single("", f, exponential, kSquares)))
            .within(32)
            .saved_by("linalg_matrix_exp")
            .checked_by("linalg_matrix_exp")
            .error([f = f] { f(zero(2, 3)); }, {"[linalg_matrix_exp]", "square", "float32[2, 3]"}));
  add(row("linalg_tensorinv",
          of_matrix(
              "", [](const Tensor& a) { return linalg_tensorinv(a.defined() ? a.reshape(ints(2, 3, 6)) : a); },
              [](const Plain& a) {
                Plain y = inverted(a);
                y.sizes = {6, 2, 3};
                return y;
              },
              {{6, 6}}))
          .within(32)
          .saved_by("linalg_inv")
          .error([] { linalg_tensorinv(zero(2, 3, 5)); }, {"[linalg_tensorinv]", "2", "float32[2, 3, 5]"})
          .error([] { linalg_tensorinv(zero(2, 2), 0); }, {"[linalg_tensorinv]", "ind", "0"}));
  const auto as_cube = [](const Tensor& a) { return a.defined() ? a.reshape(ints(2, 3, 6)) : a; };
  const auto solved = [](const Plain& a, Plain b) {
    b.sizes = {6, 1};
    Plain y = product(inverted(a), b);
    y.sizes = Shape{6};
    return y;
  };
  add(row("linalg_tensorsolve",
          of_system("", [=](const Tensor& a, const Tensor& b) { return linalg_tensorsolve(as_cube(a), b); }, solved,
                    {{{6, 6}, {2, 3}}}))
          .within(32)
          .also(of_system("dims",
                          [=](const Tensor& a, const Tensor& b) {
                            return linalg_tensorsolve(a.defined() ? movedim(as_cube(a), -1, 0) : a, b, 0);
                          },
                          solved, {{{6, 6}, {2, 3}}}))
          .saved_by("linalg_solve")
          .error([] { linalg_tensorsolve(zero(2, 3, 5), zero(2, 3)); },
                 {"[linalg_tensorsolve]", "float32[2, 3, 5]", "float32[2, 3]"}));
}

}  // namespace

void add_solving(const Add& add) {
  add_inverses(add);
  add_systems(add);
  add_cholesky(add);
  add_functions(add);
}

}  // namespace gradtape::table
