#pragma once
// Random networks for the tests of the lecture's formulas.
#include <gradtape/autograd/random.h>
#include <gradtape/nn/lecture.h>

#include <cmath>
#include <cstdint>

namespace gradtape::lecture {

template <class T>
struct Case {
  Network<T> net;
  Matrix<T> X, Y;
};

inline Matrix<double> normal_matrix(Generator& g, Eigen::Index rows, Eigen::Index cols, double std) {
  Matrix<double> m(rows, cols);
  for (Eigen::Index j = 0; j < cols; ++j)
    for (Eigen::Index i = 0; i < rows; ++i) m(i, j) = std * g.normal();
  return m;
}

// L = 1..6, widths 1..64, m in {1, 2, 7, 64}, W ~ N(0, s^2 / n[l-1]) with s in {0.5, 1, 1.4}, hidden activations mixed;
// one output in half of the nets. One net in four has targets between 0 and 1.
inline Case<double> random_case(Generator& g, Activation last) {
  const double spreads[] = {0.5, 1, 1.4};
  const Eigen::Index examples[] = {1, 2, 7, 64};
  const Activation hidden[] = {Activation::ReLU, Activation::Sigmoid, Activation::Tanh, Activation::LeakyReLU,
                               Activation::Identity};
  const auto width = [&] { return static_cast<Eigen::Index>(1 + g.below(64)); };
  const auto L = 1 + g.below(6);
  const double s = spreads[g.below(3)];
  const Eigen::Index m = examples[g.below(4)];
  Case<double> c;
  Eigen::Index n = width();
  c.X = normal_matrix(g, n, m, 1);
  for (std::uint64_t l = 1; l <= L; ++l) {
    const Eigen::Index out = l < L ? width() : g.below(2) ? 1 : 1 + static_cast<Eigen::Index>(g.below(8));
    const Matrix<double> W = normal_matrix(g, out, n, s / std::sqrt(static_cast<double>(n)));
    c.net.add_layer(W, normal_matrix(g, out, 1, 0.1), l < L ? hidden[g.below(5)] : last);
    n = out;
  }
  const bool soft = g.below(4) == 0;
  c.Y = Matrix<double>::NullaryExpr(n, m, [&] { return soft ? g.uniform() : static_cast<double>(g.below(2)); });
  return c;
}

template <class To, class From>
Case<To> cast(const Case<From>& c) {
  Case<To> r;
  for (std::size_t l = 1; l <= c.net.L(); ++l)
    r.net.add_layer(c.net.W[l].template cast<To>(), c.net.b[l].template cast<To>(), c.net.g[l]);
  r.X = c.X.template cast<To>();
  r.Y = c.Y.template cast<To>();
  return r;
}

}  // namespace gradtape::lecture
