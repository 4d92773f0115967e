#pragma once
// The building blocks of a deep network, by hand: one forward and one backward step per layer, chained over L layers,
// in the notation of the lecture. The reference that the tape is compared with: no tape and no kernel of the library
// takes part, only the caller's own Eigen. Opt-in: gradtape.h does not include it.
//
// A column is one example, m the number of columns:
//   A[0] = X  n[0] x m       Z[l], A[l], dZ[l], dA[l]  n[l] x m   (derivatives per example, no 1/m inside)
//   W[l]      n[l] x n[l-1]  dW[l], db[l]              as W, b    (derivatives of the cost J, 1/m inside)
//   b[l]      n[l] x 1
// Indices are the lecture's: layers run from 1 to L, and element 0 of a list of layers is unused.
// T is float or double. Forward functions and costs also take std::complex<double>, for derivatives by complex step.
// Wrong shapes throw gradtape::Error, which names the step and the sizes.
#include <Eigen/Core>
#include <cmath>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../autograd/error.h"

namespace gradtape::lecture {

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
template <class T>
using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;

// g[l], applied to each element.
struct Activation {
  enum Kind { Identity, ReLU, LeakyReLU, Sigmoid, Tanh };
  Activation(Kind k = Identity, double slope = 0.01) : kind(k), negative_slope(slope) {}  // NOLINT
  Kind kind;
  double negative_slope;  // of LeakyReLU
};

// What the forward step of layer l keeps for its backward step.
template <class T>
struct Cache {
  Matrix<T> A_prev;  // A[l-1]
  Matrix<T> W;
  Vector<T> b;
  Matrix<T> Z;
  Activation g;
};

template <class T>
struct ForwardStep {
  Matrix<T> A;
  Cache<T> cache;
};

template <class T>
struct BackwardStep {
  Matrix<T> dZ, dW;
  Vector<T> db;
  Matrix<T> dA_prev;  // dA[l-1]
};

namespace detail {

template <class T>
struct NotDeduced {
  using type = T;
};
// A parameter that takes maps and expressions too: T comes from the other arguments.
template <class T>
using Mat = typename NotDeduced<Matrix<T>>::type;
template <class T>
using Vec = typename NotDeduced<Vector<T>>::type;

template <class T>
struct RealOf {
  using type = T;
};
template <class T>
struct RealOf<std::complex<T>> {
  using type = T;
};
template <class T>
using Real = typename RealOf<T>::type;

// Branches look at the real part: under the complex step the imaginary part is a derivative, not a value.
template <class T>
Real<T> real_part(const T& z) {
  if constexpr (std::is_same_v<T, Real<T>>) {
    return z;
  } else {
    return z.real();
  }
}

template <class Derived>
std::string size_of(const Eigen::MatrixBase<Derived>& m) {
  return std::to_string(m.rows()) + " x " + std::to_string(m.cols());
}

// 1 / (1 + e^-z); the exponent is never positive, so nothing overflows.
template <class T>
T sigmoid(const T& z) {
  const T one(1);
  if (real_part(z) >= 0) return one / (one + std::exp(-z));
  const T e = std::exp(z);
  return e / (one + e);
}

// max(ln a, -100): the bound that keeps the loss of a saturated output finite.
template <class T>
T bounded_log(const T& a) {
  if (real_part(a) <= 0) return T(-100);
  const T v = std::log(a);
  return real_part(v) < -100 ? T(-100) : v;
}

template <class A, class B>
void check_same_size(const char* step, const char* a_name, const A& a, const char* b_name, const B& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols())
    fail(step, a_name, " is ", size_of(a), ", ", b_name, " is ", size_of(b), "; need the same size");
}

}  // namespace detail

// A = g(Z).
template <class T>
Matrix<T> activate(const Activation& g, const Matrix<T>& Z) {
  const T slope(static_cast<detail::Real<T>>(g.negative_slope));
  switch (g.kind) {
    case Activation::ReLU:
      return Z.unaryExpr([](const T& z) { return detail::real_part(z) > 0 ? z : T(0); });
    case Activation::LeakyReLU:
      return Z.unaryExpr([slope](const T& z) { return detail::real_part(z) > 0 ? z : T(slope * z); });
    case Activation::Sigmoid:
      return Z.unaryExpr([](const T& z) { return detail::sigmoid(z); });
    case Activation::Tanh:
      return Z.unaryExpr([](const T& z) { return T(std::tanh(z)); });
    case Activation::Identity:
      break;
  }
  return Z;
}

// g'(Z). Where it does not exist, at 0: ReLU gives 0, LeakyReLU its slope.
template <class T>
Matrix<T> derivative(const Activation& g, const Matrix<T>& Z) {
  const T slope(static_cast<detail::Real<T>>(g.negative_slope));
  switch (g.kind) {
    case Activation::ReLU:
      return Z.unaryExpr([](const T& z) { return z > 0 ? T(1) : T(0); });
    case Activation::LeakyReLU:
      return Z.unaryExpr([slope](const T& z) { return z > 0 ? T(1) : slope; });
    case Activation::Sigmoid:
      return Z.unaryExpr([](const T& z) {
        const T a = detail::sigmoid(z);
        return a * (1 - a);
      });
    case Activation::Tanh:
      return Z.unaryExpr([](const T& z) {
        const T a = std::tanh(z);
        return 1 - a * a;
      });
    case Activation::Identity:
      break;
  }
  return Matrix<T>::Ones(Z.rows(), Z.cols());
}

// Z[l] = W[l] A[l-1] + b[l],  A[l] = g[l](Z[l]).
template <class T>
ForwardStep<T> forward_step(const Matrix<T>& A_prev, const detail::Mat<T>& W, const detail::Vec<T>& b,
                            const Activation& g) {
  const char* step = "lecture::forward_step";
  if (W.cols() != A_prev.rows())
    fail(step, "W is ", detail::size_of(W), ", A_prev is ", detail::size_of(A_prev),
         "; need as many columns of W as rows of A_prev");
  if (b.rows() != W.rows()) fail(step, "W is ", detail::size_of(W), ", b has ", b.rows(), " rows; need ", W.rows());
  Matrix<T> Z = W * A_prev;
  Z.colwise() += b;
  Matrix<T> A = activate(g, Z);
  return {std::move(A), {A_prev, W, b, std::move(Z), g}};
}

// The linear part, from dZ[l]:  dW[l] = 1/m dZ[l] A[l-1]^T,  db[l] = 1/m (sum of the columns of dZ[l]),
// dA[l-1] = W[l]^T dZ[l].
template <class T>
BackwardStep<T> backward_step_from_dZ(const Matrix<T>& dZ, const Cache<T>& cache) {
  const char* step = "lecture::backward_step_from_dZ";
  detail::check_same_size(step, "dZ", dZ, "the cached Z", cache.Z);
  if (dZ.cols() == 0) fail(step, "there is no example: dZ is ", detail::size_of(dZ));
  const T m = static_cast<T>(dZ.cols());
  return {dZ, dZ * cache.A_prev.transpose() / m, dZ.rowwise().sum() / m, cache.W.transpose() * dZ};
}

// dZ[l] = dA[l] * g[l]'(Z[l]) element by element, then the linear part.
template <class T>
BackwardStep<T> backward_step(const Matrix<T>& dA, const Cache<T>& cache) {
  detail::check_same_size("lecture::backward_step", "dA", dA, "the cached Z", cache.Z);
  return backward_step_from_dZ<T>(dA.cwiseProduct(derivative(cache.g, cache.Z)), cache);
}

// W[l], b[l], g[l] for l = 1 .. L.
template <class T>
struct Network {
  std::vector<Matrix<T>> W{1};
  std::vector<Vector<T>> b{1};
  std::vector<Activation> g{1};

  std::size_t L() const { return W.size() - 1; }
  void add_layer(Matrix<T> weight, Vector<T> bias, const Activation& activation) {
    if (bias.rows() != weight.rows() || (L() > 0 && weight.cols() != W.back().rows()))
      fail("lecture::Network::add_layer", "W[", L() + 1, "] is ", detail::size_of(weight), ", b[", L() + 1, "] has ",
           bias.rows(), " rows, n[", L(), "] is ", L() > 0 ? W.back().rows() : weight.cols(),
           "; need W n[l] x n[l-1] and b n[l] x 1");
    W.push_back(std::move(weight));
    b.push_back(std::move(bias));
    g.push_back(activation);
  }
};

// Left to right: the caches of the layers 1 .. L, and A[L], the prediction Y-hat.
template <class T>
struct Forward {
  std::vector<Cache<T>> cache{1};
  Matrix<T> A_L;

  std::size_t L() const { return cache.size() - 1; }
  const Matrix<T>& Z(std::size_t l) const { return cache[l].Z; }
  const Matrix<T>& A(std::size_t l) const { return l == L() ? A_L : cache[l + 1].A_prev; }
};

// Right to left: dA[0 .. L] and dZ, dW, db for 1 .. L. From logits dA[L] stays empty.
template <class T>
struct Backward {
  std::vector<Matrix<T>> dA, dZ, dW;
  std::vector<Vector<T>> db;
};

template <class T>
Forward<T> forward(const Network<T>& net, const detail::Mat<T>& X) {
  Forward<T> f;
  f.A_L = X;
  for (std::size_t l = 1; l <= net.L(); ++l) {
    ForwardStep<T> step = forward_step<T>(f.A_L, net.W[l], net.b[l], net.g[l]);
    f.cache.push_back(std::move(step.cache));
    f.A_L = std::move(step.A);
  }
  return f;
}

namespace detail {

template <class T>
Backward<T> run_back(const Forward<T>& f, const Matrix<T>& start, bool start_is_dZ) {
  const std::size_t L = f.L();
  if (L == 0) fail("lecture::backward", "the network has no layer");
  Backward<T> r;
  r.dA.resize(L + 1);
  r.dZ.resize(L + 1);
  r.dW.resize(L + 1);
  r.db.resize(L + 1);
  if (!start_is_dZ) r.dA[L] = start;
  for (std::size_t l = L; l >= 1; --l) {
    BackwardStep<T> step =
        start_is_dZ && l == L ? backward_step_from_dZ<T>(start, f.cache[l]) : backward_step<T>(r.dA[l], f.cache[l]);
    r.dZ[l] = std::move(step.dZ);
    r.dW[l] = std::move(step.dW);
    r.db[l] = std::move(step.db);
    r.dA[l - 1] = std::move(step.dA_prev);
  }
  return r;
}

}  // namespace detail

// The chain from dA[L].
template <class T>
Backward<T> backward(const Forward<T>& f, const detail::Mat<T>& dA_L) {
  return detail::run_back<T>(f, dA_L, false);
}
// The chain from dZ[L], for a cost that contains g[L].
template <class T>
Backward<T> backward_from_dZ(const Forward<T>& f, const detail::Mat<T>& dZ_L) {
  return detail::run_back<T>(f, dZ_L, true);
}

// Binary cross-entropy  J = -1/m sum_columns sum_rows (y ln a + (1 - y) ln(1 - a)), each logarithm not below -100.
template <class T>
T cost(const Matrix<T>& A_L, const detail::Mat<T>& Y) {
  detail::check_same_size("lecture::cost", "A[L]", A_L, "Y", Y);
  if (Y.cols() == 0) fail("lecture::cost", "there is no example: Y is ", detail::size_of(Y));
  const T one(1);
  T sum(0);
  for (Eigen::Index j = 0; j < Y.cols(); ++j)
    for (Eigen::Index i = 0; i < Y.rows(); ++i)
      sum -= Y(i, j) * detail::bounded_log(A_L(i, j)) + (one - Y(i, j)) * detail::bounded_log(T(one - A_L(i, j)));
  return sum / T(static_cast<detail::Real<T>>(Y.cols()));
}

// dA[L] = -Y / A[L] + (1 - Y) / (1 - A[L]) per example. A term whose numerator is 0 is 0, so that a saturated output
// that is right (A = Y) gives 1 or -1 and no NaN; one that is wrong gives an infinite derivative, as the formula says.
template <class T>
Matrix<T> start_gradient(const Matrix<T>& A_L, const detail::Mat<T>& Y) {
  detail::check_same_size("lecture::start_gradient", "A[L]", A_L, "Y", Y);
  return A_L.binaryExpr(Y, [](const T& a, const T& y) {
    const T positive = y == 0 ? T(0) : T(-y / a);
    const T negative = y == 1 ? T(0) : T((1 - y) / (1 - a));
    return T(positive + negative);
  });
}

// The same cost of a = sigmoid(z), from the logits Z[L] (identity as last activation), without rounding a:
// J = 1/m sum (max(z, 0) - z y + ln(1 + e^-|z|)).
template <class T>
T cost_from_logits(const Matrix<T>& Z_L, const detail::Mat<T>& Y) {
  detail::check_same_size("lecture::cost_from_logits", "Z[L]", Z_L, "Y", Y);
  if (Y.cols() == 0) fail("lecture::cost_from_logits", "there is no example: Y is ", detail::size_of(Y));
  T sum(0);
  for (Eigen::Index j = 0; j < Y.cols(); ++j) {
    for (Eigen::Index i = 0; i < Y.rows(); ++i) {
      const T z = Z_L(i, j);
      const bool positive = detail::real_part(z) > 0;
      const T e = std::exp(positive ? T(-z) : z);
      if constexpr (std::is_floating_point_v<T>) {
        sum += (positive ? z : T(0)) - z * Y(i, j) + std::log1p(e);
      } else {
        sum += (positive ? z : T(0)) - z * Y(i, j) + std::log(T(1) + e);
      }
    }
  }
  return sum / T(static_cast<detail::Real<T>>(Y.cols()));
}

// dZ[L] = A[L] - Y per example, where A[L] = sigmoid(Z[L]): the two formulas above put together.
template <class T>
Matrix<T> start_gradient_from_logits(const Matrix<T>& Z_L, const detail::Mat<T>& Y) {
  detail::check_same_size("lecture::start_gradient_from_logits", "Z[L]", Z_L, "Y", Y);
  return activate(Activation(Activation::Sigmoid), Z_L) - Y;
}

}  // namespace gradtape::lecture
