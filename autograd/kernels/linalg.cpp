// Triangular factors. Large matrices are split in halves until a block is small, so that most of the work is products.
#include "autograd/kernels/linalg.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "autograd/kernels/functors_arithmetic.h"
#include "autograd/kernels/gemm.h"
#include "autograd/kernels/linalg_common.h"

namespace gradtape::kernels {
namespace {

constexpr std::int64_t kBlock = 32;

// A strided matrix to read; transposing one is swapping its steps.
template <class T>
struct View {
  const T* p;
  std::int64_t row, col;
  T operator()(std::int64_t i, std::int64_t j) const { return p[i * row + j * col]; }
  View from(std::int64_t i, std::int64_t j) const { return {p + i * row + j * col, row, col}; }
};

// c [m, n] -= a [m, k] b [k, n]
template <class T>
void subtract_product(std::int64_t m, std::int64_t n, std::int64_t k, View<T> a, View<T> b, T* c, std::int64_t ldc) {
  if (m == 0 || n == 0 || k == 0) return;
  std::vector<T> product(static_cast<std::size_t>(m * n));
  gemm(dtype_for<T>, m, n, k, {a.p, a.row, a.col}, {b.p, b.row, b.col}, product.data(), n);
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < n; ++j) c[i * ldc + j] -= product[static_cast<std::size_t>(i * n + j)];
}

// b [n, k] := a^-1 b
template <class T>
void solve_triangle(std::int64_t n, std::int64_t k, View<T> a, bool upper, bool unit, T* b, std::int64_t ldb) {
  if (n > kBlock) {
    const std::int64_t half = n / 2, rest = n - half;
    T* low = b + half * ldb;
    if (upper) {
      solve_triangle(rest, k, a.from(half, half), upper, unit, low, ldb);
      subtract_product(half, k, rest, a.from(0, half), View<T>{low, ldb, 1}, b, ldb);
      solve_triangle(half, k, a, upper, unit, b, ldb);
    } else {
      solve_triangle(half, k, a, upper, unit, b, ldb);
      subtract_product(rest, k, half, a.from(half, 0), View<T>{b, ldb, 1}, low, ldb);
      solve_triangle(rest, k, a.from(half, half), upper, unit, low, ldb);
    }
    return;
  }
  for (std::int64_t step = 0; step < n; ++step) {
    const std::int64_t i = upper ? n - 1 - step : step;
    T* row = b + i * ldb;
    for (std::int64_t l = upper ? i + 1 : 0; l < (upper ? n : i); ++l) {
      const T v = a(i, l);
      const T* known = b + l * ldb;
      for (std::int64_t j = 0; j < k; ++j) row[j] -= v * known[j];
    }
    if (unit) continue;
    const T pivot = a(i, i);
    for (std::int64_t j = 0; j < k; ++j) row[j] /= pivot;
  }
}

template <class T>
void swap_rows(T* a, std::int64_t lda, std::int64_t columns, std::int64_t steps, const std::int32_t* pivots) {
  for (std::int64_t i = 0; i < steps; ++i) {
    const std::int64_t j = pivots[i];
    if (j != i) std::swap_ranges(a + i * lda, a + i * lda + columns, a + j * lda);
  }
}

// Imaginary parts decide only between pivots whose real parts are 0, so that a determinant has its derivative there.
template <class T>
bool is_larger(T x, T y) {
  if constexpr (is_complex<T>) {
    const double p = std::fabs(x.real()), q = std::fabs(y.real());
    return p > q || (p == q && p == 0 && std::fabs(x.imag()) > std::fabs(y.imag()));
  } else {
    return std::fabs(x) > std::fabs(y);
  }
}

template <class T>
void factor(std::int64_t m, std::int64_t n, T* a, std::int64_t lda, std::int32_t* pivots) {
  if (n > m) {
    factor(m, m, a, lda, pivots);
    swap_rows(a + m, lda, n - m, m, pivots);
    return solve_triangle(m, n - m, View<T>{a, lda, 1}, false, true, a + m, lda);
  }
  if (n > kBlock) {
    const std::int64_t half = n / 2;
    T* right = a + half;
    T* corner = right + half * lda;
    factor(m, half, a, lda, pivots);
    swap_rows(right, lda, n - half, half, pivots);
    solve_triangle(half, n - half, View<T>{a, lda, 1}, false, true, right, lda);
    subtract_product(m - half, n - half, half, View<T>{a + half * lda, lda, 1}, View<T>{right, lda, 1}, corner, lda);
    factor(m - half, n - half, corner, lda, pivots + half);
    swap_rows(a + half * lda, lda, half, n - half, pivots + half);
    for (std::int64_t i = half; i < n; ++i) pivots[i] += static_cast<std::int32_t>(half);
    return;
  }
  for (std::int64_t i = 0; i < n; ++i) {
    std::int64_t best = i;
    for (std::int64_t j = i + 1; j < m; ++j)
      if (is_larger(a[j * lda + i], a[best * lda + i])) best = j;
    pivots[i] = static_cast<std::int32_t>(best);
    T* row = a + i * lda;
    if (best != i) std::swap_ranges(row, row + n, a + best * lda);
    if (row[i] == T(0)) continue;
    for (std::int64_t j = i + 1; j < m; ++j) {
      T* below = a + j * lda;
      const T v = below[i] /= row[i];
      for (std::int64_t l = i + 1; l < n; ++l) below[l] -= v * row[l];
    }
  }
}

// Row number from 1 of the first pivot that is not positive, 0 without.
template <class T>
std::int32_t factor_symmetric(std::int64_t n, T* a, std::int64_t lda) {
  if (n > kBlock) {
    const std::int64_t half = n / 2, rest = n - half;
    T* low = a + half * lda;
    if (const std::int32_t bad = factor_symmetric(half, a, lda)) return bad;
    // X L^T = A, seen as L X^T = A^T.
    std::vector<T> turned(static_cast<std::size_t>(half * rest));
    for (std::int64_t i = 0; i < rest; ++i)
      for (std::int64_t j = 0; j < half; ++j) turned[static_cast<std::size_t>(j * rest + i)] = low[i * lda + j];
    solve_triangle(half, rest, View<T>{a, lda, 1}, false, false, turned.data(), rest);
    for (std::int64_t i = 0; i < rest; ++i)
      for (std::int64_t j = 0; j < half; ++j) low[i * lda + j] = turned[static_cast<std::size_t>(j * rest + i)];
    subtract_product(rest, rest, half, View<T>{low, lda, 1}, View<T>{low, 1, lda}, low + half, lda);
    const std::int32_t bad = factor_symmetric(rest, low + half, lda);
    return bad ? bad + static_cast<std::int32_t>(half) : 0;
  }
  for (std::int64_t i = 0; i < n; ++i) {
    T* row = a + i * lda;
    for (std::int64_t j = 0; j <= i; ++j) {
      const T* other = a + j * lda;
      T v = row[j];
      for (std::int64_t l = 0; l < j; ++l) v -= row[l] * other[l];
      if (j < i) {
        row[j] = v / other[j];
      } else {
        if (!(real_part(v) > 0)) return static_cast<std::int32_t>(i + 1);
        row[j] = std::sqrt(v);
      }
    }
  }
  return 0;
}

// Sums of squares need no magnitude.
template <class T>
T distance(const T* x, const T* y, std::int64_t m, double ord) {
  const Abs magnitude;
  const auto power = [](T v, double e) { return PowScalar()(v, Params{e, 0}); };
  T s(0);
  if (ord == 2) {
    for (std::int64_t i = 0; i < m; ++i) s += (x[i] - y[i]) * (x[i] - y[i]);
    switch_at(s, 0);
    return std::sqrt(s);
  }
  for (std::int64_t i = 0; i < m; ++i) {
    const T d = magnitude(x[i] - y[i], {});
    if (ord == 0) {
      s += T(real_part(d) == 0 ? 0 : 1);
    } else if (ord == 1) {
      s += d;
    } else if (std::isinf(ord)) {
      switch_between(d, s);
      if (real_part(d) > real_part(s) || std::isnan(real_part(d))) s = d;
    } else {
      s += power(d, ord);
    }
  }
  return ord == 0 || ord == 1 || std::isinf(ord) ? s : power(s, 1 / ord);
}

}  // namespace

void lu(ScalarType dtype, std::int64_t count, std::int64_t m, std::int64_t n, void* a, std::int32_t* pivots,
        std::int32_t* info) {
  const std::int64_t steps = std::min(m, n);
  for_each_matrix(dtype, count, [&](auto t, std::int64_t i) {
    auto* p = of(t, a) + i * m * n;
    factor(m, n, p, n, pivots + i * steps);
    info[i] = 0;
    for (std::int64_t k = steps; k-- > 0;)
      if (real_part(p[k * n + k]) == 0) info[i] = static_cast<std::int32_t>(k + 1);
  });
}

void determinant(ScalarType dtype, std::int64_t count, std::int64_t n, const void* a, const std::int32_t* pivots,
                 void* value, void* logarithm) {
  for_each_matrix(dtype, count, [&](auto t, std::int64_t i) {
    using T = decltype(t);
    const T* p = of(t, a) + i * n * n;
    T product(1), sum(0);
    for (std::int64_t k = 0; k < n; ++k) {
      const T d = p[k * n + k];
      const T swapped(pivots[i * n + k] == k ? 1 : -1);
      if (!logarithm) {
        product *= d * swapped;
        continue;
      }
      const double real = real_part(d);
      product *= static_cast<T>(real > 0 ? 1 : real < 0 ? -1 : real) * swapped;
      sum += std::log(real < 0 ? -d : d);
    }
    of(t, value)[i] = product;
    if (logarithm) of(t, logarithm)[i] = sum;
  });
}

void lu_solve(ScalarType dtype, std::int64_t count, std::int64_t n, std::int64_t k, const void* a,
              const std::int32_t* pivots, void* b) {
  for_each_matrix(dtype, count, [&](auto t, std::int64_t i) {
    const View<decltype(t)> f{of(t, a) + i * n * n, n, 1};
    auto* x = of(t, b) + i * n * k;
    swap_rows(x, k, k, n, pivots + i * n);
    solve_triangle(n, k, f, false, true, x, k);
    solve_triangle(n, k, f, true, false, x, k);
  });
}

void triangular_solve(ScalarType dtype, std::int64_t count, std::int64_t n, std::int64_t k, const void* a, void* b,
                      bool upper, bool unit) {
  for_each_matrix(dtype, count, [&](auto t, std::int64_t i) {
    solve_triangle(n, k, View<decltype(t)>{of(t, a) + i * n * n, n, 1}, upper, unit, of(t, b) + i * n * k, k);
  });
}

void cholesky(ScalarType dtype, std::int64_t count, std::int64_t n, void* a, std::int32_t* info) {
  for_each_matrix(dtype, count, [&](auto t, std::int64_t i) {
    auto* p = of(t, a) + i * n * n;
    info[i] = factor_symmetric(n, p, n);
    for (std::int64_t r = 0; r < n; ++r) std::fill(p + r * n + r + 1, p + (r + 1) * n, decltype(t)(0));
  });
}

void cdist(ScalarType dtype, std::int64_t count, std::int64_t p, std::int64_t r, std::int64_t m, const void* x1,
           const void* x2, void* out, double ord) {
  for_each_matrix(dtype, count, [&](auto t, std::int64_t i) {
    using T = decltype(t);
    const T *x = of(t, x1) + i * p * m, *y = of(t, x2) + i * r * m;
    T* to = of(t, out) + i * p * r;
    for (std::int64_t j = 0; j < p; ++j)
      for (std::int64_t l = 0; l < r; ++l) to[j * r + l] = distance(x + j * m, y + l * m, m, ord);
  });
}

}  // namespace gradtape::kernels
