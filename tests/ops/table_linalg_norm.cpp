// Rows of norms, distances and conditions.
#include <cmath>
#include <limits>

#include "table_linalg.h"

namespace gradtape::table {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const std::vector<Input> kTwoInputs = {Input(), Input()};
// Where all elements are equal, terms of second derivatives cancel.
const std::vector<Layout> kNotRepeated = {Layout::Contiguous, Layout::Transposed, Layout::StepTwo, Layout::Offset};

Real norm_of(const std::vector<Real>& x, Real p) {
  Real y = p == -static_cast<Real>(kInfinity) ? static_cast<Real>(kInfinity) : 0;
  for (Real v : x) {
    const Real a = std::fabs(v);
    if (std::isinf(p)) {
      y = p > 0 ? std::max(y, a) : std::min(y, a);
    } else {
      y += p == 0 ? (a != 0) : std::pow(a, p);
    }
  }
  return std::isinf(p) || p == 0 ? y : std::pow(y, 1 / p);
}

// f of the elements along `dims`, which keep size 1 or go.
Plain along(const Plain& x, const std::vector<std::size_t>& dims, bool keep,
            const std::function<Real(const std::vector<Real>&)>& f) {
  const auto over = [&](std::size_t d) { return std::find(dims.begin(), dims.end(), d) != dims.end(); };
  Shape kept = x.sizes, run = x.sizes, sizes;
  for (std::size_t d = 0; d < kept.size(); ++d) {
    (over(d) ? kept : run)[d] = 1;
    if (keep || !over(d)) sizes.push_back(over(d) ? 1 : x.sizes[d]);
  }
  Plain y(kept);
  std::int64_t k = 0;
  for_each_index(kept, [&](const Shape& i) {
    std::vector<Real> values;
    for_each_index(run, [&](Shape j) {
      for (std::size_t d = 0; d < j.size(); ++d) j[d] += i[d];
      values.push_back(x.at(j));
    });
    y[k++] = f(values);
  });
  y.sizes = sizes;
  return y;
}
std::vector<std::size_t> all_dims(const Plain& x) {
  std::vector<std::size_t> d(x.sizes.size());
  for (std::size_t i = 0; i < d.size(); ++i) d[i] = i;
  return d;
}
Plain normed(const Plain& x, double p) {
  return along(x, all_dims(x), false, [p](const std::vector<Real>& v) { return norm_of(v, p); });
}
Plain normed(const Plain& x, const std::vector<std::size_t>& dims, double p, bool keep = false) {
  return along(x, dims, keep, [p](const std::vector<Real>& v) { return norm_of(v, p); });
}
Plain difference(const Plains& x, Real plus = 0) {
  return elementwise([plus](const std::vector<Real>& v) { return v[0] - v[1] + plus; })(x)[0];
}

const std::vector<Shape> kNotEmpty = {Shape(), Shape{1}, Shape{7}, {3, 5}, {2, 3, 4}, {17, 19}};
const std::vector<double> kOrders = {2, 1, 0, 3, 0.5, -1, kInfinity, -kInfinity};

std::string label_of(double p) { return "p " + std::to_string(p); }

void add_vector_norms(const Add& add) {
  Row r = row("norm",
              single(
                  "", [](const Tensor& x) { return norm(x); }, [](const Plain& x) { return normed(x, 2); }, kNotEmpty));
  Row l = row("linalg_vector_norm", single(
                                        "", [](const Tensor& x) { return linalg_vector_norm(x); },
                                        [](const Plain& x) { return normed(x, 2); }, kNotEmpty));
  for (double p : kOrders) {
    const auto reference = [p](const Plain& x) { return normed(x, p); };
    std::move(r).also(single(
        label_of(p), [p](const Tensor& x) { return norm(x, p); }, reference));
    std::move(l).also(single(
        label_of(p), [p](const Tensor& x) { return linalg_vector_norm(x, p); }, reference));
  }
  const std::vector<Shape> matrices = {{3, 5}, {2, 3, 4}, {0, 3}};
  for (double p : {2.0, 3.0, kInfinity}) {
    const auto last = [p](const Plain& x) { return normed(x, {x.sizes.size() - 1}, p, true); };
    std::move(r)
        .also(single(
            label_of(p) + " -1 kept", [p](const Tensor& x) { return norm(x, p, -1, true); }, last, matrices))
        .also(single(
            label_of(p) + " 1, 0", [p](const Tensor& x) { return norm(x, p, ints(1, 0)); },
            [p](const Plain& x) {
              return normed(x, {0, 1}, p);
            },
            {{3, 5}, {2, 3, 4}}));
    std::move(l)
        .also(single(
            label_of(p) + " -1 kept", [p](const Tensor& x) { return linalg_vector_norm(x, p, ints(-1), true); }, last,
            matrices))
        .also(single(
            label_of(p) + " 0", [p](const Tensor& x) { return linalg_vector_norm(x, p, ints(0)); },
            [p](const Plain& x) { return normed(x, {0}, p); }, {{3, 5}, {2, 3, 4}, {3, 0}}));
  }
  add(std::move(r)
          .draws({Input(away_from_zero())})
          .within(16)
          .cancels()
          .also(single(
              "empty", [](const Tensor& x) { return norm(x); }, [](const Plain& x) { return normed(x, 2); },
              {Shape{0}, {2, 0}}))
          .convention({{0, 0}}, {{0, 0}})
          .error([] { norm(zero(2).to(kInt64)); }, {"[norm]", "floating", "int64[2]"})
          .error([] { norm(zero(2, 3), 2, 2); }, {"[norm]", "dim 2", "rank 2"}));
  add(std::move(l)
          .draws({Input(away_from_zero())})
          .within(16)
          .cancels()
          .convention({{0, 0}}, {{0, 0}})
          .error([] { linalg_vector_norm(zero(0), kInfinity); }, {"[linalg_vector_norm]", "inf", "float32[0]"})
          .error([] { linalg_vector_norm(zero(2), 2, nullopt, false, kInt64); }, {"[linalg_vector_norm]", "int64"}));
  add(row("frobenius_norm", single(
                                "0, 1", [](const Tensor& x) { return frobenius_norm(x, ints(0, 1)); },
                                [](const Plain& x) {
                                  return normed(x, {0, 1}, 2);
                                },
                                {{3, 5}, {2, 3, 4}, {0, 3}}))
          .within(16)
          .also(single(
              "-1 kept", [](const Tensor& x) { return frobenius_norm(x, -1, true); },
              [](const Plain& x) { return normed(x, {x.sizes.size() - 1}, 2, true); }))
          .also(single(
              "all", [](const Tensor& x) { return frobenius_norm(x); }, [](const Plain& x) { return normed(x, 2); }))
          .error([] { frobenius_norm(zero(2, 2, 2), ints(0, 1, 2)); }, {"[frobenius_norm]", "[0, 1, 2]"}));
}

// Of a matrix: the largest or smallest sum over its columns (1), rows (infinity), or singular value (2).
Real matrix_norm(const Plain& a, double p) {
  const Plain s =
      std::fabs(p) == 2 ? singular_values(a)[1] : normed(a, {std::isinf(p) ? std::size_t{1} : std::size_t{0}}, 1);
  return norm_of(s.v, p > 0 ? kInfinity : -kInfinity);
}
Real matrix_norm(const Plain& a, const std::string& p) {
  return p == "fro" ? normed(a, 2)[0] : norm_of(singular_values(a)[1].v, 1);
}
template <class Order>
std::function<Plain(const Plain&)> by_norm(Order p) {
  return [p](const Plain& x) {
    return by_matrix(spread(x), [p](const Plain& a) {
      Plain y;
      y[0] = matrix_norm(a, p);
      return y;
    });
  };
}

const std::vector<Shape> kMatrixShapes = {{3, 3}, {4, 2}, {2, 4}, {2, 3, 2}, {1, 3}, {9, 7}};
const std::vector<double> kMatrixOrders = {1, -1, 2, -2, kInfinity, -kInfinity};

void add_matrix_norms(const Add& add) {
  Row m = row("linalg_matrix_norm", single(
                                        "", [](const Tensor& x) { return linalg_matrix_norm(spread(x)); },
                                        by_norm(std::string("fro")), kMatrixShapes));
  Row n = row("linalg_norm", single(
                                 "", [](const Tensor& x) { return linalg_norm(x); },
                                 [](const Plain& x) { return normed(x, 2); }, kNotEmpty));
  for (double p : kMatrixOrders) {
    std::move(m).also(single(
        label_of(p), [p](const Tensor& x) { return linalg_matrix_norm(spread(x), p); }, by_norm(p)));
    // Dims in another order turn the matrix.
    std::move(m).also(single(
        label_of(p) + " 1, 0 kept",
        [p](const Tensor& x) {
          return linalg_matrix_norm(x.defined() ? transpose(spread(x), 0, 1) : x, p, ints(1, 0), true);
        },
        [p](const Plain& x) {
          Plain y;
          y[0] = matrix_norm(spread(x), p);
          y.sizes = {1, 1};
          return y;
        },
        {{3, 2}, {2, 4}}));
    std::move(n).also(single(label_of(p) + " of a matrix", [p](const Tensor& x) { return linalg_norm(spread(x), p); },
                             by_norm(p), {{3, 2}, {2, 4}}));
  }
  for (double p : kOrders)
    std::move(n)
        .also(single(
            label_of(p) + " of a vector", [p](const Tensor& x) { return linalg_norm(x, p); },
            [p](const Plain& x) { return normed(x, p); }, {Shape{1}, Shape{7}}))
        .also(single(
            label_of(p) + " of 0", [p](const Tensor& x) { return linalg_norm(x, p, ints(0), true); },
            [p](const Plain& x) { return normed(x, {0}, p, true); }, {Shape{7}, {3, 5}}));
  for (const char* p : {"fro", "nuc"}) {
    const auto reference = by_norm(std::string(p));
    std::move(m).also(single(
        p, [p](const Tensor& x) { return linalg_matrix_norm(spread(x), p); }, reference));
    std::move(n)
        .also(single(p, [p](const Tensor& x) { return linalg_norm(spread(x), p); }, reference, {{3, 2}, {2, 4}}))
        .also(single(std::string(p) + " of -2, -1",
                     [p](const Tensor& x) { return linalg_norm(spread(x), p, ints(-2, -1)); }, reference, {{2, 3, 2}}));
  }
  add(std::move(m)
          .draws({Input(away_from_zero())})
          .within(32)
          .saved_by("")
          .error([] { linalg_matrix_norm(zero(2, 2), 3); }, {"[linalg_matrix_norm]", "order 3", "\"nuc\""})
          .error([] { linalg_matrix_norm(zero(2, 2), "max"); }, {"[linalg_matrix_norm]", "\"max\"", "\"fro\""})
          .error([] { linalg_matrix_norm(zero(2)); }, {"[linalg_matrix_norm]", "matrix", "float32[2]"})
          .error([] { linalg_matrix_norm(zero(2, 2), 1, ints(0, -2)); }, {"[linalg_matrix_norm]", "differ"}));
  add(std::move(n)
          .draws({Input(away_from_zero())})
          .within(32)
          .cancels()
          .saved_by("")
          .error([] { linalg_norm(zero(2, 2, 2), 1); }, {"[linalg_norm]", "float32[2, 2, 2]", "order"})
          .error([] { linalg_norm(zero(2), "fro"); }, {"[linalg_norm]", "float32[2]", "matrix"})
          .error([] { linalg_norm(zero(2, 2, 2), 1, ints(0, 1, 2)); }, {"[linalg_norm]", "[0, 1, 2]"}));
  add(row("nuclear_norm", single("", [](const Tensor& x) { return nuclear_norm(spread(x)); },
                                 by_norm(std::string("nuc")), {{3, 3}, {4, 2}, {2, 4}, {9, 7}}))
          .within(32)
          .also(single("-2, -1", [](const Tensor& x) { return nuclear_norm(spread(x), ints(-2, -1)); },
                       by_norm(std::string("nuc")), {{2, 3, 2}, {2, 4}}))
          .saves_nothing()
          .error([] { nuclear_norm(zero(2)); }, {"[nuclear_norm]", "matrix", "float32[2]"}));
  // norm(A) norm(A^-1), of singular values their quotient.
  const auto condition = [](auto p) {
    return [p](const Plain& x) {
      return by_matrix(spread(x), [p](const Plain& a) {
        Plain y;
        y[0] = matrix_norm(a, p) * matrix_norm(inverted(a), p);
        return y;
      });
    };
  };
  const std::vector<Shape> squares = {{3, 3}, {2, 2, 2}, {7, 7}};
  Row c = row("linalg_cond", single(
                                 "", [](const Tensor& x) { return linalg_cond(spread(x)); },
                                 [](const Plain& x) {
                                   return by_matrix(spread(x), [](const Plain& a) {
                                     Plain y;
                                     y[0] = matrix_norm(a, 2) / matrix_norm(a, -2);
                                     return y;
                                   });
                                 },
                                 kMatrixShapes));
  for (double p : kMatrixOrders)
    std::move(c).also(single(
        label_of(p), [p](const Tensor& x) { return linalg_cond(spread(x), p); }, condition(p), squares));
  for (const char* p : {"fro", "nuc"})
    std::move(c).also(single(
        p, [p](const Tensor& x) { return linalg_cond(spread(x), p); }, condition(std::string(p)), squares));
  add(std::move(c)
          .within(64)
          .cancels()
          .saves_nothing()
          .error([] { linalg_cond(zero(2, 3), 1); }, {"[linalg_cond]", "square", "float32[2, 3]"})
          .error([] { linalg_cond(zero(2)); }, {"[linalg_cond]", "matrix", "float32[2]"}));
}

void add_distances(const Add& add) {
  Row d = row("dist", {"",
                       call_two([](const Tensor& x, const Tensor& y) { return dist(x, y); }),
                       [](const Plains& x) { return Plains{normed(difference(x), 2)}; },
                       {{{3, 5}, {3, 5}}, {{3, 5}, Shape{5}}, {Shape(), Shape()}, {Shape{301}, Shape{301}}},
                       kTwoInputs});
  for (double p : kOrders)
    std::move(d).also({label_of(p), call_two([p](const Tensor& x, const Tensor& y) { return dist(x, y, p); }),
                       [p](const Plains& x) { return Plains{normed(difference(x), p)}; }});
  add(std::move(d)
          .within(16)
          .cancels()
          .laid_out(kNotRepeated)
          .error([] { dist(zero(2), zero(3)); }, {"[dist]", "[2]", "[3]"}));

  // Distances of all pairs of rows.
  const auto between = [](double p) {
    return [p](const Plains& x) {
      Plain a = x[0], b = x[1];
      a.sizes.insert(a.sizes.size() - 1, 1);
      b.sizes.insert(b.sizes.size() - 2, 1);
      const Plain delta = difference({a, b});
      return Plains{normed(delta, {delta.sizes.size() - 1}, p)};
    };
  };
  Row c = row("cdist", {"",
                        call_two([](const Tensor& x, const Tensor& y) { return cdist(x, y); }),
                        between(2),
                        {{{3, 4}, {2, 4}},
                         {{2, 3, 4}, {2, 5, 4}},
                         {{2, 1, 3, 4}, {2, 4}},
                         {{0, 4}, {2, 4}},
                         {{3, 2}, {2, 2}},
                         {{20, 17}, {9, 17}}},
                        kTwoInputs});
  for (double p : {0.0, 0.5, 1.0, 3.0, kInfinity})
    std::move(c).also(
        {label_of(p), call_two([p](const Tensor& x, const Tensor& y) { return cdist(x, y, p); }), between(p)});
  add(std::move(c)
          .within(16)
          .cancels()
          .also({"of nothing",
                 call_two([](const Tensor& x, const Tensor& y) { return cdist(x, y); }),
                 [](const Plains&) {
                   return Plains{Plain(Shape{3, 2})};
                 },
                 {{{3, 0}, {2, 0}}}})
          .error([] { cdist(zero(3, 4), zero(3, 5)); }, {"[cdist]", "float32[3, 4]", "float32[3, 5]"})
          .error([] { cdist(zero(3, 4), zero(3, 4), -1); }, {"[cdist]", "negative", "-1"})
          .error([] { cdist(zero(3), zero(3)); }, {"[cdist]", "float32[3]"}));
  const auto within = [](double p) {
    return [p](const Plain& x) {
      Plain y(Shape{0});
      for (std::int64_t i = 0; i < x.sizes[0]; ++i)
        for (std::int64_t j = i + 1; j < x.sizes[0]; ++j) {
          std::vector<Real> delta;
          for (std::int64_t k = 0; k < x.sizes[1]; ++k) delta.push_back(x.at({i, k}) - x.at({j, k}));
          y.v.push_back(norm_of(delta, p));
        }
      y.sizes[0] = y.numel();
      return y;
    };
  };
  Row p = row("pdist", single("", [](const Tensor& x) { return pdist(x); }, within(2),
                              {{4, 3}, {2, 5}, {1, 3}, {0, 3}, {12, 9}}));
  for (double q : {0.0, 0.5, 1.0, 3.0, kInfinity})
    std::move(p).also(single(
        label_of(q), [q](const Tensor& x) { return pdist(x, q); }, within(q)));
  // No distance has a derivative where rows are equal.
  add(std::move(p)
          .within(16)
          .cancels()
          .laid_out(kNotRepeated)
          .error([] { pdist(zero(3)); }, {"[pdist]", "matrix", "float32[3]"})
          .error([] { pdist(zero(3, 2), -1); }, {"[pdist]", "negative"}));
  const std::vector<std::vector<Shape>> rows_of = {{{3, 5}, {3, 5}},    {{3, 5}, Shape{5}}, {Shape{5}, Shape{5}},
                                                   {{2, 3, 4}, {3, 1}}, {{0, 3}, {0, 3}},   {{20, 17}, {20, 17}}};
  add(row("pairwise_distance", {"", call_two([](const Tensor& x, const Tensor& y) { return pairwise_distance(x, y); }),
                                [](const Plains& x) {
                                  const Plain delta = difference(x, 1e-6L);
                                  return Plains{normed(delta, {delta.sizes.size() - 1}, 2)};
                                },
                                rows_of, kTwoInputs})
          .cancels()
          .within(16)
          .also({"p 1, eps 0.5, kept",
                 call_two([](const Tensor& x, const Tensor& y) { return pairwise_distance(x, y, 1, 0.5, true); }),
                 [](const Plains& x) {
                   const Plain delta = difference(x, 0.5L);
                   return Plains{normed(delta, {delta.sizes.size() - 1}, 1, true)};
                 }})
          .error([] { pairwise_distance(zero(2), zero(3)); }, {"[pairwise_distance]", "[2]", "[3]"}));
  const auto cosine = [](std::size_t dim, double eps) {
    return [=](const Plains& x) {
      const Shape s = broadcast_shapes("reference", x[0].sizes, x[1].sizes);
      const auto spread_over = [&](const Plain& p) {
        return elementwise([](const std::vector<Real>& v) { return v[0] + v[1]; })({p, Plain(s)})[0];
      };
      const Plain a = spread_over(x[0]), b = spread_over(x[1]);
      Plain product = a;
      for (std::int64_t i = 0; i < a.numel(); ++i) product[i] *= b[i];
      const Plain na = normed(a, {dim}, 2), nb = normed(b, {dim}, 2);
      Plain y = along(product, {dim}, false, [](const std::vector<Real>& v) {
        Real sum = 0;
        for (Real e : v) sum += e;
        return sum;
      });
      const Real least = static_cast<Real>(eps);
      for (std::int64_t i = 0; i < y.numel(); ++i) y[i] /= std::max(na[i], least) * std::max(nb[i], least);
      return Plains{y};
    };
  };
  const auto sample = [&](const std::string& label, std::size_t dim, double eps, Call call,
                          std::vector<std::vector<Shape>> shapes) {
    return scaled({label, std::move(call), cosine(dim, eps), std::move(shapes), kTwoInputs}, [=](const Plains& x) {
      Plains y = cosine(dim, eps)(x);
      for (Real& v : y[0].v) v = 1;
      return y;
    });
  };
  add(row("cosine_similarity",
          sample(
              "", 1, 1e-8, call_two([](const Tensor& x, const Tensor& y) { return cosine_similarity(x, y); }),
              {{{3, 5}, {3, 5}}, {{3, 5}, Shape{5}}, {{2, 3, 4}, {1, 3, 1}}, {{3, 0}, {3, 0}}, {{20, 17}, {20, 17}}}))
          .within(16)
          // Vectors of equal entries are parallel, where the gradient cancels.
          .laid_out(kNotRepeated)
          .cancels()
          .also(sample("-1, eps 3", 0, 3,
                       call_two([](const Tensor& x, const Tensor& y) { return cosine_similarity(x, y, -1, 3); }),
                       {{Shape{2}, Shape{2}}, {Shape{30}, Shape{30}}}))
          .saved_by("")
          .error([] { cosine_similarity(zero(2, 3), zero(2, 4)); }, {"[cosine_similarity]", "[2, 3]", "[2, 4]"})
          .error([] { cosine_similarity(zero(2), zero(2), 1); }, {"[cosine_similarity]", "dim 1"}));
}

}  // namespace

void add_norms(const Add& add) {
  add_vector_norms(add);
  add_matrix_norms(add);
  add_distances(add);
}

}  // namespace gradtape::table
