// Orthogonal factors.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <type_traits>
#include <vector>

#include "autograd/kernels/eigen_private.h"
#include "autograd/kernels/linalg.h"
#include "autograd/kernels/linalg_common.h"

namespace gradtape::kernels {
namespace {

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

template <class T>
T bilinear(const T* x, const T* y, std::int64_t n) {
  T s(0);
  for (std::int64_t i = 0; i < n; ++i) s += x[i] * y[i];
  return s;
}

template <class T>
bool finite(const T* x, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i)
    if (!std::isfinite(real_part(x[i]))) return false;
  return true;
}

// A power of 2 that brings `largest` near 1: squares stay in range and scaling rounds nothing.
template <class T>
T unit_scale(double largest) {
  if (largest == 0) return T(1);
  constexpr int kLimit = sizeof(T) == sizeof(float) ? 120 : 1000;
  return T(std::ldexp(1.0, std::clamp(-std::ilogb(largest), -kLimit, kLimit)));
}

// Reflection k: column k of a, from the diagonal on, becomes (beta, 0, ..). The vector (1, v) is left below the
// diagonal. Returns tau of I - tau (1, v) (1, v)^T.
template <class T>
T reflect(std::int64_t m, std::int64_t n, std::int64_t k, T* a, T* w, bool& bare) {
  double scale = 0;
  for (std::int64_t i = k + 1; i < m; ++i) scale = std::max(scale, std::fabs(real_part(a[i * n + k])));
  bare = scale == 0;
  const T alpha = a[k * n + k];
  scale = std::max(scale, std::fabs(real_part(alpha)));
  if (scale == 0) return T(0);
  const T up = unit_scale<T>(scale);
  T squares(0);
  for (std::int64_t i = k; i < m; ++i) squares += (a[i * n + k] * up) * (a[i * n + k] * up);
  const T norm = std::sqrt(squares) / up;
  const T beta = real_part(alpha) < 0 || (real_part(alpha) == 0 && std::signbit(real_part(alpha))) ? norm : -norm;
  const T tau = (beta - alpha) / beta;
  const T shrink = T(1) / (alpha - beta);
  a[k * n + k] = beta;
  for (std::int64_t i = k + 1; i < m; ++i) a[i * n + k] *= shrink;
  for (std::int64_t j = k + 1; j < n; ++j) w[j] = a[k * n + j];
  for (std::int64_t i = k + 1; i < m; ++i)
    for (std::int64_t j = k + 1; j < n; ++j) w[j] += a[i * n + k] * a[i * n + j];
  for (std::int64_t j = k + 1; j < n; ++j) a[k * n + j] -= w[j] *= tau;
  for (std::int64_t i = k + 1; i < m; ++i)
    for (std::int64_t j = k + 1; j < n; ++j) a[i * n + j] -= a[i * n + k] * w[j];
  return tau;
}

template <class T>
void qr_one(std::int64_t m, std::int64_t n, T* a, std::int64_t columns, T* q) {
  const std::int64_t steps = std::min(m, n);
  std::vector<T> taus(at(steps)), w(at(std::max(n, columns)));
  std::vector<char> bare(at(steps));
  for (std::int64_t k = 0; k < steps; ++k) {
    bool alone = false;
    taus[at(k)] = reflect(m, n, k, a, w.data(), alone);
    bare[at(k)] = alone;
  }
  if (q) {
    std::fill(q, q + m * columns, T(0));
    for (std::int64_t i = 0; i < std::min(m, columns); ++i) q[i * columns + i] = T(1);
    for (std::int64_t k = steps; k-- > 0;) {
      for (std::int64_t j = 0; j < columns; ++j) w[at(j)] = q[k * columns + j];
      for (std::int64_t i = k + 1; i < m; ++i)
        for (std::int64_t j = 0; j < columns; ++j) w[at(j)] += a[i * n + k] * q[i * columns + j];
      for (std::int64_t j = 0; j < columns; ++j) q[k * columns + j] -= w[at(j)] *= taus[at(k)];
      for (std::int64_t i = k + 1; i < m; ++i)
        for (std::int64_t j = 0; j < columns; ++j) q[i * columns + j] -= a[i * n + k] * w[at(j)];
    }
  }
  // Where nothing stood below the diagonal LAPACK does not reflect. We do, for the derivative, and turn back.
  for (std::int64_t k = 0; k < steps; ++k) {
    if (!bare[at(k)] || taus[at(k)] == T(0)) continue;
    for (std::int64_t j = k; j < n; ++j) a[k * n + j] = -a[k * n + j];
    if (q && k < columns)
      for (std::int64_t i = 0; i < m; ++i) q[i * columns + k] = -q[i * columns + k];
  }
  for (std::int64_t i = 1; i < m; ++i) std::fill(a + i * n, a + i * n + std::min(i, n), T(0));
}

// tan of the angle that makes the off-diagonal entry c of [[a, c], [c, b]] vanish, d = b - a; the smaller one.
template <class T>
T jacobi_tangent(T d, T c) {
  // Squares of float32, which are what d and c are, leave its range when squared again.
  if constexpr (std::is_same_v<T, float>) return static_cast<T>(jacobi_tangent<double>(d, c));
  const T twice = c + c;
  T root = std::sqrt(d * d + twice * twice);
  if constexpr (is_complex<T>) {
    if (root.real() * d.real() + root.imag() * d.imag() < 0) root = -root;
  } else if (d < 0) {
    root = -root;
  }
  return twice / (d + root);
}

template <class T>
void rotate(T* x, T* y, std::int64_t n, std::int64_t step, T c, T s) {
  for (std::int64_t i = 0; i < n * step; i += step) {
    const T p = x[i], q = y[i];
    x[i] = c * p - s * q;
    y[i] = s * p + c * q;
  }
}

// A Jacobi iteration converges quadratically, its derivative one step later: two sweeps more for the verification
// dtype, whose imaginary part is a derivative.
template <class T>
constexpr int kFurtherSweeps = is_complex<T> ? 2 : 0;
constexpr int kMaxSweeps = 60;

// +1 or -1 for the convention on signs, of n entries `step` apart.
template <class T>
T sign_of(const T* x, std::int64_t n, std::int64_t step) {
  double largest = 0;
  for (std::int64_t i = 0; i < n; ++i) largest = std::max(largest, std::fabs(real_part(x[i * step])));
  for (std::int64_t i = 0; i < n; ++i)
    if (std::fabs(real_part(x[i * step])) >= 0.99 * largest) return real_part(x[i * step]) < 0 ? T(-1) : T(1);
  return T(1);
}

// Positions in the order of their values.
template <class T, class Compare>
std::vector<std::int64_t> order_of(const std::vector<T>& values, Compare before) {
  std::vector<std::int64_t> order(values.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t i, std::int64_t j) {
    return before(real_part(values[at(i)]), real_part(values[at(j)]));
  });
  return order;
}

// Two-sided Jacobi rotations of the full symmetric matrix; columns of `vectors` are the eigenvectors.
template <class T>
bool eigh_jacobi(std::int64_t n, T* a, T* values, bool want_vectors) {
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = i + 1; j < n; ++j) a[i * n + j] = a[j * n + i];
  std::vector<T> v(at(n * n), T(0));
  for (std::int64_t i = 0; i < n; ++i) v[at(i * n + i)] = T(1);
  bool converged = n < 2;
  for (int sweep = 0, further = 0; sweep < kMaxSweeps && further <= kFurtherSweeps<T>; ++sweep) {
    double off = 0, whole = 0;
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t j = 0; j < n; ++j) {
        const double size = std::fabs(real_part(a[i * n + j]));
        whole = std::max(whole, size);
        if (i != j) off = std::max(off, size);
      }
    converged = off <= std::numeric_limits<double>::epsilon() * 1e-2 * whole;
    if (converged) ++further;
    for (std::int64_t p = 0; p < n; ++p)
      for (std::int64_t q = p + 1; q < n; ++q) {
        if (a[p * n + q] == T(0)) continue;
        const T t = jacobi_tangent(a[q * n + q] - a[p * n + p], a[p * n + q]);
        const T c = T(1) / std::sqrt(T(1) + t * t), s = c * t;
        rotate(a + p * n, a + q * n, n, 1, c, s);
        rotate(a + p, a + q, n, n, c, s);
        a[p * n + q] = a[q * n + p] = T(0);
        rotate(v.data() + p * n, v.data() + q * n, n, 1, c, s);
      }
  }
  std::vector<T> diagonal(at(n));
  for (std::int64_t i = 0; i < n; ++i) diagonal[at(i)] = a[i * n + i];
  const auto order = order_of(diagonal, std::less<>());
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t from = order[at(i)];
    values[i] = diagonal[at(from)];
    if (!want_vectors) continue;
    for (std::int64_t j = 0; j < n; ++j) a[j * n + i] = v[at(from * n + j)];
  }
  return converged;
}

template <class T>
bool eigh_real(std::int64_t n, T* a, T* values, bool want_vectors) {
  using Matrix = gradtape_eigen::Matrix<T, gradtape_eigen::Dynamic, gradtape_eigen::Dynamic, gradtape_eigen::RowMajor>;
  gradtape_eigen::Map<Matrix> map(a, n, n);
  // Column-major inside, so that the solver's own loops run along columns.
  using Solver = gradtape_eigen::SelfAdjointEigenSolver<
      gradtape_eigen::Matrix<T, gradtape_eigen::Dynamic, gradtape_eigen::Dynamic>>;
  const Solver solver(map, want_vectors ? gradtape_eigen::ComputeEigenvectors : gradtape_eigen::EigenvaluesOnly);
  if (solver.info() != gradtape_eigen::Success) return false;
  for (std::int64_t i = 0; i < n; ++i) values[i] = solver.eigenvalues()(i);
  if (want_vectors) map = solver.eigenvectors();
  return true;
}

template <class T>
bool eigh_one(std::int64_t n, T* a, T* values, bool want_vectors) {
  for (std::int64_t i = 0; i < n; ++i)
    if (!finite(a + i * n, i + 1)) return false;
  if (n == 0) return true;
  bool converged;
  if constexpr (is_complex<T>) {
    converged = eigh_jacobi(n, a, values, want_vectors);
  } else {
    converged = eigh_real(n, a, values, want_vectors);
  }
  for (std::int64_t j = 0; converged && want_vectors && j < n; ++j) {
    const T sign = sign_of(a + j, n, n);
    for (std::int64_t i = 0; i < n; ++i) a[i * n + j] *= sign;
  }
  return converged;
}

// A unit row orthogonal to the first `known` rows of v [.., n].
template <class T>
void complete_row(std::int64_t known, std::int64_t n, T* v) {
  T* row = v + known * n;
  // One of the unit vectors is at least sqrt((n - known) / n) away from the span of the known rows.
  for (std::int64_t unit = 0; unit < n; ++unit) {
    std::fill(row, row + n, T(0));
    row[unit] = T(1);
    for (int again = 0; again < 2; ++again)
      for (std::int64_t r = 0; r < known; ++r) {
        const T along = bilinear(row, v + r * n, n);
        for (std::int64_t j = 0; j < n; ++j) row[j] -= along * v[r * n + j];
      }
    const T norm = std::sqrt(bilinear(row, row, n));
    if (real_part(norm) < 0.5 / std::sqrt(static_cast<double>(n))) continue;
    for (std::int64_t j = 0; j < n; ++j) row[j] /= norm;
    return;
  }
}

// m >= n. u [m, n], s [n], v [n, n] = V^T.
template <class T>
bool svd_tall(std::int64_t m, std::int64_t n, T* a, T* u, T* s, T* v) {
  if (!finite(a, m * n)) return false;
  double largest = 0;
  for (std::int64_t i = 0; i < m * n; ++i) largest = std::max(largest, std::fabs(real_part(a[i])));
  const T scale = unit_scale<T>(largest);
  for (std::int64_t i = 0; i < m * n; ++i) a[i] *= scale;
  std::vector<T> q(at(m * n)), turn(at(n * n), T(0)), squares(at(n));
  qr_one(m, n, a, n, q.data());
  for (std::int64_t i = 0; i < n; ++i) turn[at(i * n + i)] = T(1);
  const double small = sizeof(T) == sizeof(float) ? 1.2e-7 : 2.2e-16;
  // What rounding leaves of an inner product of n terms, as in LAPACK's gesvj.
  const double orthogonal = small * std::sqrt(static_cast<double>(n));
  // A row shorter than small^2 beside the longest is what rounding left of a parallel one: its direction is chance, and
  // turning it would never end.
  const double left_over = small * small * small * small;
  // Squares of shorter rows have lost their digits to underflow.
  using Value = std::conditional_t<sizeof(T) == sizeof(float), float, double>;
  const double shortest = std::sqrt(static_cast<double>(std::numeric_limits<Value>::min()) / small);
  bool converged = n < 2;
  for (int sweep = 0, further = 0; n > 1 && sweep < kMaxSweeps && further <= kFurtherSweeps<T>; ++sweep) {
    converged = true;
    double longest = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      squares[at(i)] = bilinear(a + i * n, a + i * n, n);
      longest = std::max(longest, real_part(squares[at(i)]));
    }
    for (std::int64_t p = 0; p < n; ++p)
      for (std::int64_t r = p + 1; r < n; ++r) {
        T *x = a + p * n, *y = a + r * n;
        const T cross = bilinear(x, y, n);
        const double bound = orthogonal * std::sqrt(std::fabs(real_part(squares[at(p)]) * real_part(squares[at(r)])));
        const bool far = std::fabs(real_part(cross)) > bound;
        if (far) converged = false;
        const std::int64_t low = real_part(squares[at(p)]) < real_part(squares[at(r)]) ? p : r;
        if (far && real_part(squares[at(low)]) <= left_over * longest) {
          std::fill(a + low * n, a + (low + 1) * n, T(0));
          squares[at(low)] = T(0);
          continue;
        }
        if (!(far || (is_complex<T> && cross != T(0)))) continue;
        const T t = jacobi_tangent(squares[at(r)] - squares[at(p)], cross);
        const T c = T(1) / std::sqrt(T(1) + t * t), d = c * t;
        rotate(x, y, n, 1, c, d);
        rotate(turn.data() + p * n, turn.data() + r * n, n, 1, c, d);
        squares[at(p)] -= t * cross;
        squares[at(r)] += t * cross;
      }
    if (converged) ++further;
  }
  for (std::int64_t i = 0; i < n; ++i) squares[at(i)] = std::sqrt(bilinear(a + i * n, a + i * n, n));
  const auto order = order_of(squares, std::greater<>());
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t from = order[at(i)];
    const T sigma = squares[at(from)];
    s[i] = sigma / scale;
    // u = q turn^T
    for (std::int64_t j = 0; j < m; ++j) u[j * n + i] = bilinear(q.data() + j * n, turn.data() + from * n, n);
    const T sign = sign_of(u + i, m, n);
    for (std::int64_t j = 0; j < m; ++j) u[j * n + i] *= sign;
    if (real_part(sigma) <= shortest) {
      complete_row(i, n, v);
    } else {
      for (std::int64_t j = 0; j < n; ++j) v[i * n + j] = a[from * n + j] / sigma * sign;
    }
  }
  return converged;
}

template <class T>
void transpose(std::int64_t m, std::int64_t n, const T* a, T* out) {
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < n; ++j) out[j * m + i] = a[i * n + j];
}

template <class T>
bool svd_one(std::int64_t m, std::int64_t n, const T* a, T* u, T* s, T* v) {
  std::vector<T> work(at(m * n));
  if (m >= n) {
    std::copy(a, a + m * n, work.begin());
    return svd_tall(m, n, work.data(), u, s, v);
  }
  std::vector<T> left(at(n * m)), right(at(m * m));
  transpose(m, n, a, work.data());
  const bool converged = svd_tall(n, m, work.data(), left.data(), s, right.data());
  transpose(n, m, left.data(), v);
  transpose(m, m, right.data(), u);
  for (std::int64_t i = 0; i < m; ++i) {
    const T sign = sign_of(u + i, m, m);
    for (std::int64_t j = 0; j < m; ++j) u[j * m + i] *= sign;
    for (std::int64_t j = 0; j < n; ++j) v[i * n + j] *= sign;
  }
  return converged;
}

}  // namespace

void qr(ScalarType dtype, std::int64_t count, std::int64_t m, std::int64_t n, void* a, std::int64_t columns, void* q) {
  for_each_matrix(dtype, count, [&](auto t, std::int64_t i) {
    qr_one(m, n, of(t, a) + i * m * n, columns, q ? of(t, q) + i * m * columns : nullptr);
  });
}

void eigh(ScalarType dtype, std::int64_t count, std::int64_t n, void* a, void* values, bool vectors,
          std::int32_t* info) {
  for_each_matrix(dtype, count, [&](auto t, std::int64_t i) {
    info[i] = eigh_one(n, of(t, a) + i * n * n, of(t, values) + i * n, vectors) ? 0 : 1;
  });
}

void svd(ScalarType dtype, std::int64_t count, std::int64_t m, std::int64_t n, const void* a, void* u, void* s, void* v,
         std::int32_t* info) {
  const std::int64_t k = std::min(m, n);
  for_each_matrix(dtype, count, [&](auto t, std::int64_t i) {
    info[i] = svd_one(m, n, of(t, a) + i * m * n, of(t, u) + i * m * k, of(t, s) + i * k, of(t, v) + i * k * n) ? 0 : 1;
  });
}

}  // namespace gradtape::kernels
