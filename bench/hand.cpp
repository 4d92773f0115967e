// The training steps of rows_step.cpp written by hand on Eigen: the same mathematics on the same numbers, everything
// allocated before, no tape. Built with the flags that suit the machine (see CMakeLists.txt).
#include <Eigen/Core>
#include <cmath>

#include "data.h"
#include "nets.h"
#include "serve.h"

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
  T beta1 = T(0.9), beta2 = T(0.999), lr = T(bench::kAdamRate), eps = T(1e-8);
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
class Network {
 public:
  explicit Network(const bench::Sizes& s) : X_(s.batch, s.widths[0]), label_(static_cast<std::size_t>(s.batch)) {
    layers_.resize(s.widths.size() - 1);
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      const Eigen::Index in = s.widths[l], out = s.widths[l + 1];
      const double r = bench::weight_range(in);
      Layer<T>& y = layers_[l];
      y.W.resize(out, in);
      y.b.resize(out);
      bench::fill(y.W.data(), static_cast<std::size_t>(y.W.size()), bench::kWeights + l, -r, r);
      bench::fill(y.b.data(), static_cast<std::size_t>(y.b.size()), bench::kBiases + l, -r, r);
      y.dW = Matrix<T>::Zero(out, in);
      y.db = Row<T>::Zero(out);
      y.A = y.dZ = Matrix<T>::Zero(s.batch, out);
    }
    bench::fill(X_.data(), static_cast<std::size_t>(X_.size()), bench::kFeatures, -1, 1);
    bench::fill_labels(label_.data(), label_.size(), bench::kTargets, std::max<std::int64_t>(2, s.widths.back()));
  }

  // Mean loss of the batch, before the update.
  T step(bool adam) {
    forward();
    const T loss = layers_.back().A.cols() == 1 ? binary_cross_entropy() : cross_entropy();
    backward();
    if (adam)
      adam_update();
    else
      sgd_update();
    return loss;
  }

 private:
  void forward() {
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      Layer<T>& y = layers_[l];
      y.A.noalias() = (l ? layers_[l - 1].A : X_) * y.W.transpose();
      if (l + 1 < layers_.size())
        y.A = (y.A.rowwise() + y.b).cwiseMax(T(0));
      else
        y.A.rowwise() += y.b;
    }
  }
  T binary_cross_entropy() {
    Layer<T>& last = layers_.back();
    const T m = T(X_.rows());
    T loss = 0;
    for (Eigen::Index i = 0; i < X_.rows(); ++i) {
      const T z = last.A(i, 0), e = std::exp(-std::fabs(z)), t = T(label_[static_cast<std::size_t>(i)]);
      loss += std::max(z, T(0)) - z * t + std::log1p(e);
      last.dZ(i, 0) = ((z >= 0 ? 1 / (1 + e) : e / (1 + e)) - t) / m;
    }
    return loss / m;
  }
  T cross_entropy() {
    Layer<T>& last = layers_.back();
    const T m = T(X_.rows());
    T loss = 0;
    for (Eigen::Index i = 0; i < X_.rows(); ++i) {
      const auto c = label_[static_cast<std::size_t>(i)];
      const T top = last.A.row(i).maxCoeff();
      last.dZ.row(i) = (last.A.row(i).array() - top).exp();
      const T sum = last.dZ.row(i).sum();
      loss += std::log(sum) + top - last.A(i, c);
      last.dZ.row(i) /= sum * m;
      last.dZ(i, c) -= 1 / m;
    }
    return loss / m;
  }
  void backward() {
    for (std::size_t l = layers_.size(); l-- > 0;) {
      Layer<T>& y = layers_[l];
      y.dW.noalias() = y.dZ.transpose() * (l ? layers_[l - 1].A : X_);
      y.db = y.dZ.colwise().sum();
      if (l == 0) break;
      Layer<T>& before = layers_[l - 1];
      before.dZ.noalias() = y.dZ * y.W;
      before.dZ = (before.A.array() > T(0)).select(before.dZ, T(0));
    }
  }
  void sgd_update() {
    for (Layer<T>& y : layers_) {
      y.W -= T(bench::kSgdRate) * y.dW;
      y.b -= T(bench::kSgdRate) * y.db;
    }
  }
  void adam_update() {
    ++optimizer_.t;
    for (Layer<T>& y : layers_) {
      if (optimizer_.t == 1) {
        y.mW = y.vW = Matrix<T>::Zero(y.W.rows(), y.W.cols());
        y.mb = y.vb = Row<T>::Zero(y.b.size());
      }
      optimizer_.update(y.W, y.dW, y.mW, y.vW);
      optimizer_.update(y.b, y.db, y.mb, y.vb);
    }
  }

  Matrix<T> X_;
  std::vector<std::int64_t> label_;
  std::vector<Layer<T>> layers_;
  Adam<T> optimizer_;
};

template <class T>
void step(benchmark::State& state, const bench::Sizes& s, bool adam, int threads) {
  Eigen::setNbThreads(threads);
  Network<T> network(s);
  T loss = 0;
  for (int i = 0; i < bench::kWarmUp; ++i) loss = network.step(adam);
  state.counters["check"] = static_cast<double>(loss);
  const std::uint64_t before = bench::allocations();
  for (auto _ : state) {
    loss = network.step(adam);
    benchmark::DoNotOptimize(loss);
  }
  bench::report_allocations(state, before);
}

void add_rows() {
  for (const auto& net : bench::nets())
    for (const int threads : net.second.threads)
      for (const bool adam : {false, true}) {
        const bench::Sizes s = net.second;
        benchmark::RegisterBenchmark(bench::row_name(net.first, adam, false, threads).c_str(),
                                     [=](benchmark::State& t) { step<float>(t, s, adam, threads); });
        benchmark::RegisterBenchmark(bench::row_name(net.first, adam, true, threads).c_str(),
                                     [=](benchmark::State& t) { step<double>(t, s, adam, threads); });
      }
}
const int registered = (add_rows(), 0);

}  // namespace
