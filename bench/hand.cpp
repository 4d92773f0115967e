// The training steps of rows_step.cpp written by hand on Eigen: the same mathematics, everything allocated before, no
// tape. Build it with the flags of the machine (see CMakeLists.txt).
#include <benchmark/benchmark.h>

#include <Eigen/Core>
#include <cmath>

#include "nets.h"

namespace {

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using Row = Eigen::Matrix<T, 1, Eigen::Dynamic>;

template <class T>
struct Layer {
  Matrix<T> W, dW, mW, vW, A, dZ;
  Row<T> b, db, mb, vb;
};

template <class T>
struct Adam {
  T beta1 = T(0.9), beta2 = T(0.999), lr = T(0.001), eps = T(1e-8);
  int t = 0;
  template <class P>
  void update(P& p, const P& g, P& m, P& v) const {
    const T c1 = lr / (1 - std::pow(beta1, T(t))), c2 = 1 / std::sqrt(1 - std::pow(beta2, T(t)));
    T* __restrict x = p.data();
    const T* __restrict d = g.data();
    T* __restrict a = m.data(), * __restrict s = v.data();
    for (Eigen::Index i = 0; i < p.size(); ++i) {
      a[i] = beta1 * a[i] + (1 - beta1) * d[i];
      s[i] = beta2 * s[i] + (1 - beta2) * d[i] * d[i];
      x[i] -= c1 * a[i] / (std::sqrt(s[i]) * c2 + eps);
    }
  }
};

template <class T>
void step(benchmark::State& state, const bench::Sizes& s, bool adam) {
  std::srand(1);
  std::vector<Layer<T>> layers(s.widths.size() - 1);
  const Eigen::Index m = s.batch;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const Eigen::Index in = s.widths[l], out = s.widths[l + 1];
    Layer<T>& y = layers[l];
    y.W = Matrix<T>::Random(out, in) / std::sqrt(T(in));
    y.dW = y.mW = y.vW = Matrix<T>::Zero(out, in);
    y.b = y.db = y.mb = y.vb = Row<T>::Zero(out);
    y.A = y.dZ = Matrix<T>::Zero(m, out);
  }
  const Matrix<T> X = Matrix<T>::Random(m, s.widths[0]);
  std::vector<Eigen::Index> label(static_cast<std::size_t>(m));
  for (std::size_t i = 0; i < label.size(); ++i) label[i] = std::rand() % std::max<Eigen::Index>(2, s.widths.back());
  Adam<T> optimizer;
  T loss = 0;
  for (auto _ : state) {
    for (std::size_t l = 0; l < layers.size(); ++l) {
      Layer<T>& y = layers[l];
      y.A.noalias() = (l ? layers[l - 1].A : X) * y.W.transpose();
      y.A.rowwise() += y.b;
      if (l + 1 < layers.size()) y.A = y.A.cwiseMax(T(0));
    }
    Layer<T>& last = layers.back();
    loss = 0;
    for (Eigen::Index i = 0; i < m; ++i) {
      const auto c = label[static_cast<std::size_t>(i)];
      if (last.A.cols() == 1) {
        const T z = last.A(i, 0), e = std::exp(-std::fabs(z)), t = T(c);
        loss += std::max(z, T(0)) - z * t + std::log1p(e);
        last.dZ(i, 0) = ((z >= 0 ? 1 / (1 + e) : e / (1 + e)) - t) / T(m);
      } else {
        const T top = last.A.row(i).maxCoeff();
        last.dZ.row(i) = (last.A.row(i).array() - top).exp();
        const T sum = last.dZ.row(i).sum();
        loss += std::log(sum) + top - last.A(i, c);
        last.dZ.row(i) /= sum * T(m);
        last.dZ(i, c) -= 1 / T(m);
      }
    }
    benchmark::DoNotOptimize(loss);
    for (std::size_t l = layers.size(); l-- > 0;) {
      Layer<T>& y = layers[l];
      y.dW.noalias() = y.dZ.transpose() * (l ? layers[l - 1].A : X);
      y.db = y.dZ.colwise().sum();
      if (l == 0) break;
      Layer<T>& before = layers[l - 1];
      before.dZ.noalias() = y.dZ * y.W;
      before.dZ = (before.A.array() > T(0)).select(before.dZ, T(0));
    }
    ++optimizer.t;
    for (Layer<T>& y : layers) {
      if (adam) {
        optimizer.update(y.W, y.dW, y.mW, y.vW);
        optimizer.update(y.b, y.db, y.mb, y.vb);
      } else {
        y.W -= T(0.01) * y.dW;
        y.b -= T(0.01) * y.db;
      }
    }
  }
}

void add_rows() {
  for (const auto& net : bench::nets()) {
    const bench::Sizes s = net.second;
    for (const bool adam : {false, true}) {
      const std::string name = net.first + (adam ? "/Adam/" : "/SGD/");
      benchmark::RegisterBenchmark((name + "f32").c_str(), [=](benchmark::State& t) { step<float>(t, s, adam); });
      benchmark::RegisterBenchmark((name + "f64").c_str(), [=](benchmark::State& t) { step<double>(t, s, adam); });
    }
  }
}
const int registered = (add_rows(), 0);

}  // namespace
