// Linear algebra in long double, by definitions and the simplest algorithms.
#include <algorithm>
#include <cmath>
#include <map>

#include "table_linalg.h"

namespace gradtape::table {

const std::vector<Shape> kSquares = {{3, 3}, {1, 1}, {0, 0}, {2, 2, 2}, {2, 0, 0}, {0, 2, 2}, {2, 1, 3, 3}, {9, 9}};
const std::vector<Shape> kRectangles = {{3, 3}, {4, 2}, {2, 4}, {2, 3, 2}, {2, 2, 3}, {1, 3}, {0, 2, 3}, {9, 7}};

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
Plain transposed(const Plain& p) {
  const std::size_t r = p.sizes.size();
  Shape s = p.sizes;
  std::swap(s[r - 1], s[r - 2]);
  Plain t(s);
  for_each_index(p.sizes, [&](Shape i) {
    const Real v = p.at(i);
    std::swap(i[r - 1], i[r - 2]);
    t.at(i) = v;
  });
  return t;
}

std::int64_t matrices_in(const Plain& x) { return numel_of(IntArrayRef(x.sizes).slice(0, x.sizes.size() - 2)); }
Plain matrix_of(const Plain& x, std::int64_t k) {
  Plain m(Shape{x.sizes[x.sizes.size() - 2], x.sizes.back()});
  for (std::int64_t i = 0; i < m.numel(); ++i) m[i] = x[k * m.numel() + i];
  return m;
}
Plains by_matrices(const Plain& x, const std::function<Plains(const Plain&)>& f) {
  const IntArrayRef lead = IntArrayRef(x.sizes).slice(0, x.sizes.size() - 2);
  // For no matrices, the shapes that one would give.
  Plain like(Shape{x.sizes[x.sizes.size() - 2], x.sizes.back()});
  for (std::int64_t i = 0; i < std::min(like.sizes[0], like.sizes[1]); ++i) like.at({i, i}) = static_cast<Real>(i + 1);
  Plains out = f(like);
  for (Plain& p : out) {
    Shape s(lead);
    for (std::int64_t n : p.sizes) s.push_back(n);
    p = Plain(s);
  }
  for (std::int64_t k = 0; k < matrices_in(x); ++k) {
    const Plains one = f(matrix_of(x, k));
    for (std::size_t i = 0; i < out.size(); ++i)
      std::copy(one[i].v.begin(), one[i].v.end(), out[i].v.begin() + k * one[i].numel());
  }
  return out;
}
Plain by_matrix(const Plain& x, const std::function<Plain(const Plain&)>& f) {
  return by_matrices(x, [&](const Plain& m) { return Plains{f(m)}; })[0];
}

Plain contracted(const std::string& equation, const Plains& x) {
  std::map<char, std::int64_t> size;
  std::vector<std::string> terms(1);
  std::string result;
  for (std::size_t k = 0; k < equation.find('-'); ++k) {
    if (equation[k] == ',') {
      terms.emplace_back();
    } else {
      terms.back() += equation[k];
    }
  }
  result = equation.substr(equation.find('>') + 1);
  for (std::size_t t = 0; t < terms.size(); ++t)
    for (std::size_t d = 0; d < terms[t].size(); ++d) {
      std::int64_t& n = size.insert({terms[t][d], 1}).first->second;
      if (x[t].sizes[d] != 1) n = x[t].sizes[d];
    }
  Shape all, sizes;
  for (const auto& [letter, n] : size) all.push_back(n);
  for (char c : result) sizes.push_back(size[c]);
  Plain y(sizes);
  for_each_index(all, [&](const Shape& i) {
    std::map<char, std::int64_t> at;
    std::size_t next = 0;
    for (const auto& [letter, n] : size) at[letter] = i[next++];
    Real p = 1;
    for (std::size_t t = 0; t < terms.size(); ++t) {
      Shape from;
      for (std::size_t d = 0; d < terms[t].size(); ++d) from.push_back(x[t].sizes[d] == 1 ? 0 : at[terms[t][d]]);
      p *= x[t].at(from);
    }
    Shape to;
    for (char c : result) to.push_back(at[c]);
    y.at(to) += p;
  });
  return y;
}

namespace {

// Rows of [a, b] are combined until a is I; gives the determinant of a.
Real eliminate(Plain a, Plain& b) {
  const std::int64_t n = a.sizes[0], m = b.sizes[1];
  Real det = 1;
  for (std::int64_t k = 0; k < n; ++k) {
    std::int64_t best = k;
    for (std::int64_t i = k; i < n; ++i)
      if (std::fabs(a.at({i, k})) > std::fabs(a.at({best, k}))) best = i;
    const Real pivot = a.at({best, k});
    det *= best == k ? pivot : -pivot;
    if (pivot == 0) return 0;
    for (std::int64_t j = 0; j < n; ++j) std::swap(a.at({k, j}), a.at({best, j}));
    for (std::int64_t j = 0; j < m; ++j) std::swap(b.at({k, j}), b.at({best, j}));
    for (std::int64_t j = 0; j < n; ++j) a.at({k, j}) /= pivot;
    for (std::int64_t j = 0; j < m; ++j) b.at({k, j}) /= pivot;
    for (std::int64_t i = 0; i < n; ++i) {
      const Real factor = a.at({i, k});
      if (i == k || factor == 0) continue;
      for (std::int64_t j = 0; j < n; ++j) a.at({i, j}) -= factor * a.at({k, j});
      for (std::int64_t j = 0; j < m; ++j) b.at({i, j}) -= factor * b.at({k, j});
    }
  }
  return det;
}

Plain identity(std::int64_t n) {
  Plain p(Shape{n, n});
  for (std::int64_t i = 0; i < n; ++i) p.at({i, i}) = 1;
  return p;
}

// -1 for a column whose first entry within 1 % of its largest magnitude is negative.
Real sign_of_column(const Plain& a, std::int64_t j) {
  Real largest = 0;
  for (std::int64_t i = 0; i < a.sizes[0]; ++i) largest = std::max(largest, std::fabs(a.at({i, j})));
  for (std::int64_t i = 0; i < a.sizes[0]; ++i)
    if (std::fabs(a.at({i, j})) >= 0.99L * largest) return a.at({i, j}) < 0 ? -1 : 1;
  return 1;
}

Plain columns_of(const Plain& a, const std::vector<std::int64_t>& order) {
  Plain y(Shape{a.sizes[0], static_cast<std::int64_t>(order.size())});
  for_each_index(y.sizes, [&](const Shape& i) { y.at(i) = a.at({i[0], order[static_cast<std::size_t>(i[1])]}); });
  return y;
}

}  // namespace

Plain inverted(const Plain& a) {
  Plain b = identity(a.sizes[0]);
  eliminate(a, b);
  return b;
}
Real determinant(const Plain& a) {
  Plain b(Shape{a.sizes[0], 0});
  return eliminate(a, b);
}

Plain cholesky_factor(const Plain& a) {
  Plain l(a.sizes);
  for (std::int64_t i = 0; i < a.sizes[0]; ++i)
    for (std::int64_t j = 0; j <= i; ++j) {
      Real s = a.at({i, j});
      for (std::int64_t k = 0; k < j; ++k) s -= l.at({i, k}) * l.at({j, k});
      l.at({i, j}) = i == j ? std::sqrt(s) : s / l.at({j, j});
    }
  return l;
}

Plains orthogonal_factors(const Plain& a) {
  const std::int64_t m = a.sizes[0], n = a.sizes[1], k = std::min(m, n);
  Plain q(Shape{m, k}), r(Shape{k, n});
  for (std::int64_t j = 0; j < n; ++j) {
    std::vector<Real> rest;
    for (std::int64_t i = 0; i < m; ++i) rest.push_back(a.at({i, j}));
    // Twice, because the first time leaves rounding errors along the earlier columns.
    for (int again = 0; again < 2; ++again)
      for (std::int64_t l = 0; l < std::min(j, k); ++l) {
        Real along = 0;
        for (std::int64_t i = 0; i < m; ++i) along += q.at({i, l}) * rest[static_cast<std::size_t>(i)];
        r.at({l, j}) += along;
        for (std::int64_t i = 0; i < m; ++i) rest[static_cast<std::size_t>(i)] -= along * q.at({i, l});
      }
    if (j >= k) continue;
    Real length = 0;
    for (Real v : rest) length += v * v;
    r.at({j, j}) = std::sqrt(length);
    for (std::int64_t i = 0; i < m; ++i) q.at({i, j}) = rest[static_cast<std::size_t>(i)] / r.at({j, j});
  }
  return {q, r};
}

Plains symmetric_eigen(const Plain& a) {
  // Jacobi's rotations of rows and columns p and q, until nothing is left off the diagonal.
  const std::int64_t n = a.sizes[0];
  Plain d = a, v = identity(n);
  const auto rotate = [n](Plain& x, std::int64_t p, std::int64_t q, Real c, Real s, bool rows) {
    for (std::int64_t k = 0; k < n; ++k) {
      Real& y = rows ? x.at({p, k}) : x.at({k, p});
      Real& z = rows ? x.at({q, k}) : x.at({k, q});
      const Real old = y;
      y = c * old - s * z;
      z = s * old + c * z;
    }
  };
  for (int sweep = 0; sweep < 40; ++sweep)
    for (std::int64_t p = 0; p < n; ++p)
      for (std::int64_t q = p + 1; q < n; ++q) {
        if (std::fabs(d.at({p, q})) < 1e-30L) continue;
        const Real angle = std::atan2(2 * d.at({p, q}), d.at({q, q}) - d.at({p, p})) / 2;
        const Real c = std::cos(angle), s = std::sin(angle);
        rotate(d, p, q, c, s, true);
        rotate(d, p, q, c, s, false);
        rotate(v, p, q, c, s, false);
      }
  std::vector<std::int64_t> order;
  for (std::int64_t i = 0; i < n; ++i) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](auto i, auto j) { return d.at({i, i}) < d.at({j, j}); });
  Plain values(Shape{n}), vectors = columns_of(v, order);
  for (std::int64_t i = 0; i < n; ++i)
    values[i] = d.at({order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(i)]});
  for (std::int64_t j = 0; j < n; ++j) {
    const Real sign = sign_of_column(vectors, j);
    for (std::int64_t i = 0; i < n; ++i) vectors.at({i, j}) *= sign;
  }
  return {values, vectors};
}

Plains singular_values(const Plain& a) {
  const std::int64_t m = a.sizes[0], n = a.sizes[1], k = std::min(m, n);
  // Of the smaller of a^T a and a a^T; matrices are so well conditioned that squares do not hurt in long double.
  const bool tall = m >= n;
  const Plains e = symmetric_eigen(tall ? product(transposed(a), a) : product(a, transposed(a)));
  std::vector<std::int64_t> falling;
  for (std::int64_t i = k; i-- > 0;) falling.push_back(i);
  const Plain near = columns_of(e[1], falling);
  Plain s(Shape{k}), far = product(tall ? a : transposed(a), near);
  for (std::int64_t j = 0; j < k; ++j) {
    s[j] = std::sqrt(e[0][k - 1 - j]);
    for (std::int64_t i = 0; i < far.sizes[0]; ++i) far.at({i, j}) /= s[j];
  }
  Plain u = tall ? far : near, v = tall ? near : far;
  for (std::int64_t j = 0; j < k; ++j) {
    const Real sign = sign_of_column(u, j);
    for (std::int64_t i = 0; i < m; ++i) u.at({i, j}) *= sign;
    for (std::int64_t i = 0; i < n; ++i) v.at({i, j}) *= sign;
  }
  return {u, s, transposed(v)};
}

Tensor spread(const Tensor& x) {
  if (!x.defined()) return x;
  const Tensor d = unsqueeze(arange(1, x.size(-2) + 1, x.scalar_type()) * 2, 1);
  return x * 0.25 + eye(x.size(-2), x.size(-1), x.scalar_type()) * d;
}
Plain spread(const Plain& x) {
  return by_matrix(x, [](Plain m) {
    for (Real& v : m.v) v *= 0.25L;
    for (std::int64_t i = 0; i < std::min(m.sizes[0], m.sizes[1]); ++i) m.at({i, i}) += static_cast<Real>(2 * (i + 1));
    return m;
  });
}
Tensor symmetric(const Tensor& x) {
  const Tensor t = spread(x);
  return x.defined() ? (t + transpose(t, -2, -1)) * 0.5 : x;
}
Plain symmetric(const Plain& x) {
  Plain y = spread(x);
  const Plain t = transposed(y);
  for (std::int64_t i = 0; i < y.numel(); ++i) y[i] = (y[i] + t[i]) / 2;
  return y;
}

Sample by_largest(Sample s) {
  s.magnitude = [f = s.reference](const Plains& x) {
    Plains y = f(x);
    for (Plain& p : y) {
      Real largest = 0;
      for (Real v : p.v) largest = std::max(largest, std::fabs(v));
      std::fill(p.v.begin(), p.v.end(), largest);
    }
    return y;
  };
  return s;
}

}  // namespace gradtape::table
