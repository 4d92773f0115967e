// lecture.h against numbers worked out by hand and against the complex step.
#include <gradtape/gradtape.h>
#include <gradtape/nn/lecture.h>
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <string>

#include "examples/common/hand_coded.h"
#include "tests/nn/random_net.h"

namespace {
using namespace gradtape::lecture;  // NOLINT(google-build-using-namespace)
using examples::scaled_difference;
using examples::Scales;
using examples::scales_of;
using gradtape::Generator;
using Complex = std::complex<double>;

// J of the network, in any scalar type; logits when the last activation is the identity.
template <class T>
T cost_of(const Case<T>& c) {
  const Forward<T> f = forward(c.net, c.X);
  return c.net.g.back().kind == Activation::Sigmoid ? cost(f.A_L, c.Y) : cost_from_logits(f.A_L, c.Y);
}
Backward<double> gradient_of(const Case<double>& c) {
  const Forward<double> f = forward(c.net, c.X);
  if (c.net.g.back().kind == Activation::Sigmoid) return backward(f, start_gradient(f.A_L, c.Y));
  return backward_from_dZ(f, start_gradient_from_logits(f.A_L, c.Y));
}

constexpr double kStep = 1e-100;
// dJ/dv = Im J(v + ih) / h, exact to rounding.
double complex_step(Case<Complex>& c, Complex& v) {
  const Complex before = v;
  v += Complex(0, kStep);
  const double d = cost_of(c).imag() / kStep;
  v = before;
  return d;
}
Matrix<double> complex_step(Case<Complex>& c, Eigen::Ref<Matrix<Complex>> v) {
  Matrix<double> d(v.rows(), v.cols());
  for (Eigen::Index j = 0; j < v.cols(); ++j)
    for (Eigen::Index i = 0; i < v.rows(); ++i) d(i, j) = complex_step(c, v(i, j));
  return d;
}

TEST(Lecture, ForwardStepByHand) {
  Matrix<double> W(2, 3), A(3, 2);
  Vector<double> b(2);
  W << 1, -2, 0.5, 0, 3, -1;
  A << 1, 2, 0, -1, 4, 2;
  b << 0.5, -1;
  Matrix<double> Z(2, 2);
  Z << 3.5, 5.5, -5, -6;
  const auto relu = forward_step(A, W, b, Activation::ReLU);
  EXPECT_EQ(relu.cache.Z, Z);
  EXPECT_EQ(relu.A, Z.cwiseMax(0));
  EXPECT_EQ(relu.cache.A_prev, A);
  EXPECT_EQ(relu.cache.W, W);
  EXPECT_EQ(relu.cache.b, b);
  EXPECT_EQ(forward_step(A, W, b, Activation::Identity).A, Z);
  EXPECT_EQ(forward_step(A, W, b, {Activation::LeakyReLU, 0.25}).A(1, 0), -1.25);
  EXPECT_DOUBLE_EQ(forward_step(A, W, b, Activation::Sigmoid).A(1, 1), 1 / (1 + std::exp(6.0)));
  EXPECT_DOUBLE_EQ(forward_step(A, W, b, Activation::Tanh).A(0, 0), std::tanh(3.5));
}

TEST(Lecture, BackwardStepByHand) {
  Matrix<double> W(1, 2), A(2, 2), dA(1, 2), dW(1, 2), dA_prev(2, 2);
  Vector<double> b(1);
  W << 2, -1;
  A << 1, 3, 1, 8;
  b << 0.5;
  dA << 4, 10;
  // Z = [1.5, -1.5], so ReLU lets the first example through.
  const auto step = backward_step(dA, forward_step(A, W, b, Activation::ReLU).cache);
  dW << 2, 2;
  dA_prev << 8, 0, -4, 0;
  EXPECT_EQ(step.dZ, (Matrix<double>(1, 2) << 4, 0).finished());
  EXPECT_EQ(step.dW, dW);
  EXPECT_EQ(step.db(0), 2);
  EXPECT_EQ(step.dA_prev, dA_prev);
  // One example: dW = dZ A^T and db = dZ.
  const Matrix<double> one = A.col(0);
  const auto single = backward_step_from_dZ<double>(dA.col(0), forward_step(one, W, b, Activation::ReLU).cache);
  EXPECT_EQ(single.dW, (Matrix<double>(1, 2) << 4, 4).finished());
  EXPECT_EQ(single.db(0), 4);
}

TEST(Lecture, DerivativesAtZeroFollowTheConvention) {
  const Matrix<double> zero = Matrix<double>::Zero(1, 1);
  EXPECT_EQ(derivative<double>(Activation::ReLU, zero)(0, 0), 0);
  EXPECT_EQ(derivative<double>({Activation::LeakyReLU, 0.2}, zero)(0, 0), 0.2);
  EXPECT_EQ(derivative<double>(Activation::Sigmoid, zero)(0, 0), 0.25);
  EXPECT_EQ(derivative<double>(Activation::Tanh, zero)(0, 0), 1);
  EXPECT_EQ(derivative<double>(Activation::Identity, zero)(0, 0), 1);
}

TEST(Lecture, GradientsEqualTheComplexStep) {
  Generator g(2024);
  double worst = 0;
  for (int k = 0; k < 60; ++k) {
    Case<double> c = random_case(g, k % 2 ? Activation::Sigmoid : Activation::Identity);
    if (c.X.cols() == 64) c.X = c.X.leftCols(3).eval(), c.Y = c.Y.leftCols(3).eval();
    const Forward<double> f = forward(c.net, c.X);
    const Backward<double> r = gradient_of(c);
    Case<Complex> z = cast<Complex>(c);
    const double m = static_cast<double>(c.X.cols());
    for (std::size_t l = 1; l <= c.net.L(); ++l) {
      const Scales<double> s = scales_of(f, r, l);
      // The first rows and columns: every entry goes through the same formula, and all would take minutes.
      const auto rows = std::min<Eigen::Index>(4, c.net.W[l].rows()),
                 cols = std::min<Eigen::Index>(4, c.net.W[l].cols());
      worst = std::max(worst, scaled_difference(complex_step(z, z.net.W[l].topLeftCorner(rows, cols)),
                                                r.dW[l].topLeftCorner(rows, cols), s.dW));
      worst =
          std::max(worst, scaled_difference(complex_step(z, z.net.b[l].topRows(rows)), r.db[l].topRows(rows), s.db));
    }
    const double s = (f.cache[1].W.cwiseAbs().transpose() * r.dZ[1].cwiseAbs()).maxCoeff();
    const auto rows = std::min<Eigen::Index>(4, c.X.rows());
    worst = std::max(
        worst, scaled_difference(Matrix<double>(m * complex_step(z, z.X.topRows(rows))), r.dA[0].topRows(rows), s));
  }
  std::printf("lecture.h against the complex step: largest scaled difference %.1e\n", worst);
  EXPECT_LE(worst, 1e-12);
}

// Dividing by m - 1 for m: differences cannot see it, the complex step does.
TEST(Lecture, DividingByTheWrongCountIsCaught) {
  Generator g(5);
  Case<double> c;
  const Eigen::Index n[] = {4, 6, 6, 1}, m = 2000;
  c.X = normal_matrix(g, n[0], m, 1);
  for (int l = 1; l <= 3; ++l)
    c.net.add_layer(normal_matrix(g, n[l], n[l - 1], 1 / std::sqrt(static_cast<double>(n[l - 1]))),
                    normal_matrix(g, n[l], 1, 0.1), l < 3 ? Activation::ReLU : Activation::Sigmoid);
  c.Y = Matrix<double>::NullaryExpr(1, m, [&] { return static_cast<double>(g.below(2)); });
  const Backward<double> right = gradient_of(c);
  const double wrong = static_cast<double>(m) / static_cast<double>(m - 1);
  Case<Complex> z = cast<Complex>(c);
  int parameters = 0, seen_by_difference = 0, seen_by_complex_step = 0, right_missed = 0;
  const auto examine = [&](double& v, Complex& zv, double gradient) {
    ++parameters;
    const double mutant = gradient * wrong, before = v, h = 1e-6;
    v = before + h;
    const double up = cost_of(c);
    v = before - h;
    const double difference = (up - cost_of(c)) / (2 * h);
    v = before;
    seen_by_difference += std::abs(mutant - difference) > 1e-5 + 1e-3 * std::abs(difference);
    const double exact = complex_step(z, zv);
    seen_by_complex_step += std::abs(mutant - exact) > 1e-12 * std::max(1.0, std::abs(exact));
    right_missed += std::abs(gradient - exact) > 1e-12 * std::max(1.0, std::abs(exact));
  };
  for (std::size_t l = 1; l <= 3; ++l) {
    for (Eigen::Index i = 0; i < c.net.W[l].size(); ++i)
      examine(c.net.W[l].data()[i], z.net.W[l].data()[i], right.dW[l].data()[i]);
    for (Eigen::Index i = 0; i < c.net.b[l].size(); ++i) examine(c.net.b[l](i), z.net.b[l](i), right.db[l](i));
  }
  EXPECT_EQ(parameters, 79);
  EXPECT_EQ(seen_by_difference, 0);
  EXPECT_EQ(seen_by_complex_step, 79);
  EXPECT_EQ(right_missed, 0);
}

TEST(Lecture, TheDerivedFormAgrees) {
  Generator g(31);
  for (int k = 0; k < 50; ++k) {
    const Case<double> c = random_case(g, Activation::Sigmoid);
    const Forward<double> f = forward(c.net, c.X);
    const Backward<double> r = gradient_of(c);
    for (std::size_t l = 1; l < c.net.L(); ++l) {
      const Matrix<double> derived =
          (c.net.W[l + 1].transpose() * r.dZ[l + 1]).cwiseProduct(derivative(c.net.g[l], f.Z(l)));
      EXPECT_LE(scaled_difference(derived, r.dZ[l], scales_of(f, r, l).dZ), 1e-14);
    }
  }
}

TEST(Lecture, CostAndStartGradient) {
  Matrix<double> A(2, 2), Y(2, 2);
  A << 0.25, 0.5, 0.8, 0.9;
  Y << 1, 0, 1, 0.5;
  const double J = -(std::log(0.25) + std::log(0.5) + std::log(0.8) + 0.5 * std::log(0.9) + 0.5 * std::log(0.1)) / 2;
  EXPECT_DOUBLE_EQ(cost(A, Y), J);
  const Matrix<double> dA = start_gradient(A, Y);
  EXPECT_DOUBLE_EQ(dA(0, 0), -4);
  EXPECT_DOUBLE_EQ(dA(0, 1), 2);
  EXPECT_DOUBLE_EQ(dA(1, 0), -1.25);
  EXPECT_DOUBLE_EQ(dA(1, 1), -0.5 / 0.9 + 0.5 / 0.1);
  const Matrix<double> Z = (A.array() / (1 - A.array())).log();
  EXPECT_NEAR(cost_from_logits(Z, Y), J, 1e-15);
  EXPECT_LE((start_gradient_from_logits(Z, Y) - (A - Y)).cwiseAbs().maxCoeff(), 1e-15);
}

TEST(Lecture, SaturatedOutputs) {
  Matrix<double> A(1, 4), Y(1, 4);
  A << 0, 1, 0, 1;
  Y << 0, 1, 1, 0;
  const Matrix<double> dA = start_gradient(A, Y);
  EXPECT_EQ(dA(0), 1);   // (1 - 0) / (1 - 0)
  EXPECT_EQ(dA(1), -1);  // -1 / 1
  EXPECT_EQ(dA(2), -HUGE_VAL);
  EXPECT_EQ(dA(3), HUGE_VAL);
  EXPECT_EQ(cost(A, Y), 50);  // (0 + 0 + 100 + 100) / 4
  Matrix<double> Z(1, 4);
  Z << -800, 800, -800, 800;
  EXPECT_EQ(cost_from_logits(Z, Y), 400);
  EXPECT_EQ(start_gradient_from_logits(Z, Y), (Matrix<double>(1, 4) << 0, 0, -1, 1).finished());
  EXPECT_EQ(activate<double>(Activation::Sigmoid, Z), A);
}

TEST(Lecture, MapsAndExpressionsAreAccepted) {
  const double elements[] = {1, 2, 3, 4, 5, 6};
  Network<double> net;
  net.add_layer(Matrix<double>::Ones(1, 2), Vector<double>::Zero(1), Activation::Identity);
  const Eigen::Map<const Matrix<double>> X(elements, 2, 3);
  EXPECT_EQ(forward(net, X).A_L, (Matrix<double>(1, 3) << 3, 7, 11).finished());
  EXPECT_EQ(forward(net, 2 * X).A_L(0, 2), 22);
}

template <class F>
std::string message_of(F f) {
  try {
    f();
  } catch (const gradtape::Error& e) {
    return e.what();
  }
  return "nothing was thrown";
}

TEST(Lecture, WrongShapesNameTheStep) {
  const Matrix<double> A = Matrix<double>::Ones(3, 5), W = Matrix<double>::Ones(2, 4), Y = Matrix<double>::Ones(2, 5);
  const Vector<double> b = Vector<double>::Zero(2);
  EXPECT_EQ(message_of([&] { forward_step(A, W, b, Activation::ReLU); }),
            "[lecture::forward_step] W is 2 x 4, A_prev is 3 x 5; need as many columns of W as rows of A_prev");
  EXPECT_EQ(
      message_of([&] { forward_step(A, Matrix<double>(W.leftCols(3)), Vector<double>::Zero(3), Activation::ReLU); }),
      "[lecture::forward_step] W is 2 x 3, b has 3 rows; need 2");
  const auto cache = forward_step(A, Matrix<double>(W.leftCols(3)), b, Activation::ReLU).cache;
  EXPECT_EQ(message_of([&] { backward_step(A, cache); }),
            "[lecture::backward_step] dA is 3 x 5, the cached Z is 2 x 5; need the same size");
  EXPECT_EQ(message_of([&] { backward_step_from_dZ(A, cache); }),
            "[lecture::backward_step_from_dZ] dZ is 3 x 5, the cached Z is 2 x 5; need the same size");
  EXPECT_EQ(message_of([&] { cost(A, Y); }), "[lecture::cost] A[L] is 3 x 5, Y is 2 x 5; need the same size");
  EXPECT_EQ(message_of([&] { start_gradient(A, Y); }),
            "[lecture::start_gradient] A[L] is 3 x 5, Y is 2 x 5; need the same size");
  EXPECT_EQ(message_of([] { cost<double>(Matrix<double>(1, 0), Matrix<double>(1, 0)); }),
            "[lecture::cost] there is no example: Y is 1 x 0");
  Network<double> net;
  net.add_layer(W, b, Activation::ReLU);
  EXPECT_EQ(
      message_of([&] { net.add_layer(W, b, Activation::ReLU); }),
      "[lecture::Network::add_layer] W[2] is 2 x 4, b[2] has 2 rows, n[1] is 2; need W n[l] x n[l-1] and b n[l] x 1");
  EXPECT_EQ(net.L(), 1U);
  EXPECT_EQ(message_of([] { backward(Forward<double>(), Matrix<double>()); }),
            "[lecture::backward] the network has no layer");
}

TEST(Lecture, SinglePrecision) {
  Generator g(8);
  const Case<double> c = random_case(g, Activation::Sigmoid);
  const Case<float> s = cast<float>(c);
  const Forward<float> f = forward(s.net, s.X);
  EXPECT_NEAR(static_cast<double>(cost(f.A_L, s.Y)), cost_of(c), 1e-5);
}

}  // namespace
