// The proof: on random networks the tape's dZ, dW, db and dA are the hand-coded ones.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "examples/common/hand_coded.h"
#include "tests/nn/random_net.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using examples::LayerDifference;
using lecture::Activation;
using lecture::Case;

template <class T>
nn::Sequential model_of(const Case<T>& c) {
  nn::Sequential model;
  const NoGradGuard guard;
  for (std::size_t l = 1; l <= c.net.L(); ++l) {
    nn::Dense dense(c.net.W[l].cols(), c.net.W[l].rows());
    dense->to(dtype_of<T>::value);
    matrix_map_<T>(dense->weight) = c.net.W[l];
    vector_map_<T>(dense->bias) = c.net.b[l];
    model->push_back(dense);
    switch (c.net.g[l].kind) {
      case Activation::ReLU:
        model->push_back(nn::ReLU());
        break;
      case Activation::LeakyReLU:
        model->push_back(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(c.net.g[l].negative_slope)));
        break;
      case Activation::Sigmoid:
        model->push_back(nn::Sigmoid());
        break;
      case Activation::Tanh:
        model->push_back(nn::Tanh());
        break;
      case Activation::Identity:
        break;
    }
  }
  return model;
}

// m examples as rows: the lecture's columns.
template <class T>
Tensor rows_of(const lecture::Matrix<T>& M) {
  return from_eigen(lecture::Matrix<T>(M)).t();
}

template <class T>
LayerDifference worst_of(const Case<T>& c) {
  LayerDifference worst;
  for (const LayerDifference& d : examples::compare_with_hand_coded<T>(model_of(c), rows_of(c.X), rows_of(c.Y))) {
    worst.dZ = std::max(worst.dZ, d.dZ);
    worst.dW = std::max(worst.dW, d.dW);
    worst.db = std::max(worst.db, d.db);
    worst.dA = std::max(worst.dA, d.dA);
    worst.derived = std::max(worst.derived, d.derived);
  }
  return worst;
}

constexpr int kNets = 1000;
// In float32 one net in a thousand may be above the tolerance; it takes more nets than a thousand to count them.
constexpr int kSingleNets = 20000;
constexpr std::uint64_t kSeed = 20240229;

// Half of the nets end in a sigmoid and BCELoss, half in BCEWithLogitsLoss.
template <class T, class See>
void for_each_net(int count, See see) {
  Generator g(kSeed);
  for (int k = 0; k < count; ++k) {
    const Case<double> c = random_case(g, k % 2 ? Activation::Identity : Activation::Sigmoid);
    see(k, worst_of(lecture::cast<T>(c)));
  }
}

double largest(const LayerDifference& d) { return std::max({d.dZ, d.dW, d.db, d.dA, d.derived}); }

void print(const char* what, int nets, const LayerDifference& w) {
  std::printf("%s, %d nets, largest scaled difference: dZ %.1e  dW %.1e  db %.1e  dA %.1e  derived form %.1e\n", what,
              nets, w.dZ, w.dW, w.db, w.dA, w.derived);
}
void keep_larger(LayerDifference& w, const LayerDifference& d) {
  w = {std::max(w.dZ, d.dZ), std::max(w.dW, d.dW), std::max(w.db, d.db), std::max(w.dA, d.dA),
       std::max(w.derived, d.derived)};
}

TEST(Proof, DoublePrecision) {
  LayerDifference worst;
  for_each_net<double>(kNets, [&](int k, const LayerDifference& d) {
    EXPECT_LE(largest(d), 1e-12) << "net " << k;
    keep_larger(worst, d);
  });
  print("float64", kNets, worst);
}

TEST(Proof, SinglePrecision) {
  LayerDifference worst;
  int above = 0;
  for_each_net<float>(kSingleNets, [&](int k, const LayerDifference& d) {
    EXPECT_LE(largest(d), 5e-4) << "net " << k;
    above += largest(d) > 1e-5;
    keep_larger(worst, d);
  });
  print("float32", kSingleNets, worst);
  std::printf("float32, nets above 1e-5: %d of %d\n", above, kSingleNets);
  EXPECT_LE(above, kSingleNets / 1000);
}

// What the proof would say of wrong gradients: the comparison can fail.
TEST(Proof, AWrongFormulaIsSeen) {
  Generator g(7);
  Case<double> c = random_case(g, Activation::Sigmoid);
  while (c.X.cols() != 64) c = random_case(g, Activation::Sigmoid);
  const auto f = forward(c.net, c.X);
  const auto r = backward(f, lecture::start_gradient(f.A_L, c.Y));
  const auto s = examples::scales_of(f, r, 1);
  EXPECT_EQ(examples::scaled_difference(r.dW[1], r.dW[1], s.dW), 0);
  EXPECT_GT(examples::scaled_difference(r.dW[1], r.dW[1] * (64.0 / 63), s.dW), 1e-6);
  EXPECT_EQ(examples::scaled_difference(r.dW[1], r.dW[1] * NAN, s.dW), HUGE_VAL);
}

// ---- saturated outputs: the module's guard, which the formula does not have ----

struct Output {
  double a, y, gradient;
};
// Gradient of BCELoss (kSum) at a.
double tape_gradient(double a, double y) {
  const Tensor A = full({1}, a, TensorOptions(kFloat64).requires_grad(true));
  nn::BCELoss(nn::BCELossOptions().reduction(kSum))(A, full({1}, y, kFloat64)).backward();
  return A.grad().item<double>();
}
double formula(double a, double y) {
  lecture::Matrix<double> A(1, 1), Y(1, 1);
  A << a;
  Y << y;
  return lecture::start_gradient(A, Y)(0, 0);
}

TEST(Proof, TheGuardOfBCELoss) {
  // Far from the guard both agree, also where A (1 - A) is as small as 1e-11.
  EXPECT_NEAR(tape_gradient(1 - 1e-11, 1), formula(1 - 1e-11, 1), 1e-12);
  EXPECT_NEAR(tape_gradient(1e-11, 1) / formula(1e-11, 1), 1, 1e-12);
  // Behind it the module divides by 1e-12: (A - Y) / 1e-12, where the formula says -1 / A.
  const double a = 1 - 1e-14;
  EXPECT_DOUBLE_EQ(tape_gradient(a, 1), (a - 1) / 1e-12);
  EXPECT_NEAR(tape_gradient(a, 1), -0.01, 1e-4);
  EXPECT_NEAR(formula(a, 1), -1, 1e-12);
  // At the ends: zero where the output is right, 1e12 (not infinity) where it is wrong.
  EXPECT_EQ(tape_gradient(1, 1), 0);
  EXPECT_EQ(tape_gradient(0, 0), 0);
  EXPECT_DOUBLE_EQ(tape_gradient(1, 0), 1e12);
  EXPECT_DOUBLE_EQ(tape_gradient(0, 1), -1e12);
  EXPECT_EQ(formula(1, 1), -1);
  EXPECT_EQ(formula(1, 0), HUGE_VAL);
}

TEST(Proof, BothBoundTheLogarithms) {
  lecture::Matrix<double> A(1, 4), Y(1, 4);
  A << 0, 1, 1e-300, 0.5;
  Y << 1, 0, 1, 1;
  EXPECT_DOUBLE_EQ(nn::BCELoss()(rows_of(A), rows_of(Y)).item<double>(), lecture::cost(A, Y));
  EXPECT_DOUBLE_EQ(lecture::cost(A, Y), (300 + std::log(2.0)) / 4);
}

// From logits nothing breaks: dZ[L] = A[L] - Y on both sides, saturated or not.
TEST(Proof, LogitsNeedNoGuard) {
  lecture::Matrix<double> Z(1, 6), Y(1, 6);
  Z << -800, -40, 40, 800, 40, -800;
  Y << 0, 0, 1, 1, 0, 1;
  const Tensor z = rows_of(Z).contiguous().requires_grad_();
  const Tensor J = nn::BCEWithLogitsLoss()(z, rows_of(Y));
  J.backward();
  EXPECT_DOUBLE_EQ(J.item<double>(), lecture::cost_from_logits(Z, Y));
  const lecture::Matrix<double> dZ = lecture::start_gradient_from_logits(Z, Y);
  EXPECT_LE(examples::scaled_difference(matrix_map<double>(z.grad()).transpose() * 6, dZ, 1), 1e-15);
}

// A net driven into saturation: where A (1 - A) < 1e-12 the guard makes dZ[L] smaller than A - Y, and only there.
TEST(Proof, ASaturatedNetDiffersOnlyBehindTheGuard) {
  Generator g(99);
  Case<double> c;
  c.X = lecture::normal_matrix(g, 5, 200, 1);
  c.net.add_layer(lecture::normal_matrix(g, 1, 5, 12), lecture::Vector<double>::Zero(1), Activation::Sigmoid);
  c.Y = lecture::Matrix<double>::NullaryExpr(1, 200, [&] { return static_cast<double>(g.below(2)); });
  const auto f = forward(c.net, c.X);
  const auto r = backward(f, lecture::start_gradient(f.A_L, c.Y));
  const nn::Sequential model = model_of(c);
  const examples::TapedPass p = examples::taped_pass(model, rows_of(c.X));
  nn::BCELoss()(p.A[1], rows_of(c.Y)).backward();
  const lecture::Matrix<double> dZ = 200 * matrix_map<double>(p.Z[1].grad()).transpose();
  int behind = 0, differ = 0;
  for (Eigen::Index j = 0; j < 200; ++j) {
    const double a = f.A_L(j), q = a * (1 - a);
    if (q >= 1e-12) {
      EXPECT_NEAR(dZ(j), r.dZ[1](j), 1e-12 * std::max(1.0, std::abs(r.dZ[1](j))));
      continue;
    }
    ++behind;
    EXPECT_NEAR(dZ(j), (a - c.Y(j)) * q / 1e-12, 1e-12);
    differ += !(std::abs(dZ(j) - (a - c.Y(j))) < 1e-3);
  }
  EXPECT_GT(behind, 10);
  EXPECT_GT(differ, 5);
}

}  // namespace
