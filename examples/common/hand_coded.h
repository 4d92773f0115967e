#pragma once
// The tape against the lecture's formulas: the same network, the same data, every dZ, dW, db and dA.
#include <gradtape/autograd/eigen.h>
#include <gradtape/gradtape.h>
#include <gradtape/nn/lecture.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace examples {

namespace gt = gradtape;
namespace lecture = gradtape::lecture;

// Weights, biases and activations of Dense, Activation, Dense, ... as the hand-coded path takes them. Dense without an
// activation behind it counts as the identity.
template <class T>
lecture::Network<T> network_of(gt::nn::Sequential model) {
  lecture::Network<T> net;
  for (const auto& m : *model) {
    const gt::nn::Module& module = *m.ptr();
    if (const auto* dense = module.as<gt::nn::Dense>())
      net.add_layer(gt::matrix_map<T>(dense->weight), gt::vector_map<T>(dense->bias), lecture::Activation::Identity);
    else if (module.as<gt::nn::ReLU>())
      net.g.back() = lecture::Activation::ReLU;
    else if (module.as<gt::nn::Sigmoid>())
      net.g.back() = lecture::Activation::Sigmoid;
    else if (module.as<gt::nn::Tanh>())
      net.g.back() = lecture::Activation::Tanh;
    else if (const auto* leaky = module.as<gt::nn::LeakyReLU>())
      net.g.back() = {lecture::Activation::LeakyReLU, leaky->options.negative_slope()};
    else
      gt::fail("network_of", "no hand-coded form of ", module.name());
  }
  return net;
}

// Z[l] and A[l] of one pass through the modules, on the tape, with their gradients kept; element 0 is unused.
struct TapedPass {
  std::vector<gt::Tensor> Z{1}, A{1}, W{1}, b{1};
};
inline TapedPass taped_pass(gt::nn::Sequential model, const gt::Tensor& X) {
  TapedPass p;
  gt::Tensor h = X;
  for (auto& m : *model) {
    h = m.forward(h);
    h.retain_grad();
    if (const auto* dense = m.ptr()->as<gt::nn::Dense>()) {
      p.Z.push_back(h);
      p.A.push_back(h);
      p.W.push_back(dense->weight);
      p.b.push_back(dense->bias);
    } else {
      p.A.back() = h;
    }
  }
  return p;
}

// Scale of a difference: the largest sum of magnitudes of the terms that were added up. Sums cancel, so the largest
// result would make right answers look wrong.
template <class T>
struct Scales {
  T dZ, dW, db, dA;
};
template <class T>
Scales<T> scales_of(const lecture::Forward<T>& f, const lecture::Backward<T>& r, std::size_t l) {
  using Matrix = lecture::Matrix<T>;
  const Matrix dZ = r.dZ[l].cwiseAbs();
  const T m = static_cast<T>(dZ.cols());
  Scales<T> s{};
  s.dW = (dZ * f.cache[l].A_prev.cwiseAbs().transpose() / m).maxCoeff();
  s.db = (dZ.rowwise().sum() / m).maxCoeff();
  if (l < f.L()) {
    const Matrix terms = f.cache[l + 1].W.cwiseAbs().transpose() * r.dZ[l + 1].cwiseAbs();
    s.dA = terms.maxCoeff();
    s.dZ = terms.cwiseProduct(derivative(f.cache[l].g, f.Z(l)).cwiseAbs()).maxCoeff();
  } else {
    s.dZ = dZ.maxCoeff();
    s.dA = r.dA[l].size() ? r.dA[l].cwiseAbs().maxCoeff() : T(0);
  }
  return s;
}

// Largest |a - b| / scale. Equal is 0 whatever the scale; a NaN is infinitely far from everything.
template <class A, class B>
double scaled_difference(const Eigen::MatrixBase<A>& a, const Eigen::MatrixBase<B>& b, double scale) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) return HUGE_VAL;
  double worst = 0;
  for (Eigen::Index j = 0; j < a.cols(); ++j) {
    for (Eigen::Index i = 0; i < a.rows(); ++i) {
      const double d = std::abs(static_cast<double>(a(i, j)) - static_cast<double>(b(i, j)));
      if (d != 0) worst = std::max(worst, d / scale >= 0 ? d / scale : HUGE_VAL);
    }
  }
  return worst;
}

// Largest scaled differences of one layer; `derived` compares W[l+1]^T dZ[l+1] * g'(Z[l]) with dA[l] * g'(Z[l]), both
// from the tape's numbers.
struct LayerDifference {
  double dZ = 0, dW = 0, db = 0, dA = 0, derived = 0;
};

// The network on X [m, n0] and Y [m, nL], both ways, layer 1 first. The cost is BCELoss of the model's output, or
// BCEWithLogitsLoss when the model ends without a sigmoid; then there is no dA[L], and the hand-coded path starts at
// dZ[L] = A[L] - Y. The tape differentiates J, so its gradients at Z and A are 1/m of the lecture's dZ and dA.
template <class T>
std::vector<LayerDifference> compare_with_hand_coded(gt::nn::Sequential model, const gt::Tensor& X,
                                                     const gt::Tensor& Y) {
  using Matrix = lecture::Matrix<T>;
  const lecture::Network<T> net = network_of<T>(model);
  const Matrix Yt = gt::matrix_map<T>(Y).transpose();
  const lecture::Forward<T> f = forward(net, gt::matrix_map<T>(X).transpose());
  const bool logits = net.g.back().kind == lecture::Activation::Identity;
  const lecture::Backward<T> r = logits ? backward_from_dZ(f, lecture::start_gradient_from_logits(f.A_L, Yt))
                                        : backward(f, lecture::start_gradient(f.A_L, Yt));

  model->zero_grad();
  const TapedPass p = taped_pass(model, X);
  // The mean over m examples of the sum over the outputs.
  const auto m = static_cast<double>(X.size(0));
  const gt::Tensor out = p.A.back();
  const bool one = Y.size(1) == 1;
  gt::Tensor J;
  if (logits && one) J = gt::nn::BCEWithLogitsLoss()(out, Y);
  if (logits && !one) J = gt::nn::BCEWithLogitsLoss(gt::nn::BCEWithLogitsLossOptions().reduction(gt::kSum))(out, Y) / m;
  if (!logits && one) J = gt::nn::BCELoss()(out, Y);
  if (!logits && !one) J = gt::nn::BCELoss(gt::nn::BCELossOptions().reduction(gt::kSum))(out, Y) / m;
  J.backward();

  std::vector<LayerDifference> result;
  for (std::size_t l = 1; l <= f.L(); ++l) {
    const Scales<T> s = scales_of(f, r, l);
    const auto per_example = [&](const gt::Tensor& t) {
      return Matrix(gt::matrix_map<T>(t.grad()).transpose() * static_cast<T>(m));
    };
    LayerDifference d;
    const Matrix dZ = per_example(p.Z[l]);
    d.dZ = scaled_difference(dZ, r.dZ[l], s.dZ);
    d.dW = scaled_difference(gt::matrix_map<T>(p.W[l].grad()), r.dW[l], s.dW);
    d.db = scaled_difference(gt::vector_map<T>(p.b[l].grad()), r.db[l], s.db);
    if (l < f.L() || !logits) d.dA = scaled_difference(per_example(p.A[l]), r.dA[l], s.dA);
    if (l < f.L()) {
      const Matrix slope = derivative(net.g[l], Matrix(gt::matrix_map<T>(p.Z[l]).transpose()));
      const Matrix derived = (net.W[l + 1].transpose() * per_example(p.Z[l + 1])).cwiseProduct(slope);
      d.derived = scaled_difference(derived, Matrix(per_example(p.A[l]).cwiseProduct(slope)), s.dZ);
    }
    result.push_back(d);
  }
  return result;
}

}  // namespace examples
