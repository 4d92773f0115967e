// Linear layers, activations and shapes against plain loops.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "expect_error.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
namespace F = nn::functional;

// Elements in row-major order, as double.
std::vector<double> values(const Tensor& t) {
  const Tensor d = t.detach().to(kFloat64).contiguous();
  return std::vector<double>(d.data_ptr<double>(), d.data_ptr<double>() + d.numel());
}
void expect_close(const std::vector<double>& got, const std::vector<double>& want, double bound, const char* what) {
  ASSERT_EQ(got.size(), want.size()) << what;
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], want[i], bound) << what << " at " << i;
}
double bound_for(ScalarType t) { return t == kFloat64 ? 1e-13 : 1e-5; }

struct Sizes {
  std::int64_t rows, in, out;
};

TEST(Linear, EqualsALoopWithItsGradients) {
  manual_seed(3);
  for (ScalarType dtype : {kFloat64, kFloat32})
    for (const bool with_bias : {true, false})
      for (const Sizes n : {Sizes{1, 1, 1}, Sizes{4, 3, 5}, Sizes{7, 64, 2}, Sizes{0, 3, 2}}) {
        nn::Linear fc(nn::LinearOptions(n.in, n.out).bias(with_bias));
        fc->to(dtype);
        const Tensor x = randn({n.rows, n.in}, TensorOptions(dtype).requires_grad(true)),
                     g = randn({n.rows, n.out}, dtype);
        const Tensor y = fc(x);
        y.backward(g);
        const auto xs = values(x), ws = values(fc->weight), gs = values(g);
        const auto bs = with_bias ? values(fc->bias) : std::vector<double>(static_cast<std::size_t>(n.out), 0.0);
        const auto rows = static_cast<std::size_t>(n.rows), in = static_cast<std::size_t>(n.in),
                   out = static_cast<std::size_t>(n.out);
        std::vector<double> ys(rows * out), dx(rows * in, 0.0), dw(out * in, 0.0), db(out, 0.0);
        for (std::size_t r = 0; r < rows; ++r)
          for (std::size_t o = 0; o < out; ++o) {
            double sum = bs[o];
            for (std::size_t i = 0; i < in; ++i) {
              sum += xs[r * in + i] * ws[o * in + i];
              dx[r * in + i] += gs[r * out + o] * ws[o * in + i];
              dw[o * in + i] += gs[r * out + o] * xs[r * in + i];
            }
            ys[r * out + o] = sum;
            db[o] += gs[r * out + o];
          }
        const double bound = bound_for(dtype) * std::sqrt(static_cast<double>(n.in));
        expect_close(values(y), ys, bound, "y");
        expect_close(values(x.grad()), dx, bound, "dx");
        expect_close(values(fc->weight.grad()), dw, bound, "dW");
        if (with_bias) {
          expect_close(values(fc->bias.grad()), db, bound, "db");
        } else {
          EXPECT_FALSE(fc->bias.defined());
          EXPECT_EQ(fc->parameters().size(), 1u);
        }
      }
}

TEST(Linear, TakesAnyLeadingSizes) {
  nn::Dense fc(3, 2);
  const Tensor x = randn({4, 5, 3});
  const Tensor y = fc(x);
  EXPECT_EQ(y.sizes(), (IntArrayRef{4, 5, 2}));
  EXPECT_TRUE(allclose(y.reshape({20, 2}), fc(x.reshape({20, 3})), 0, 1e-6));
  EXPECT_EQ(fc(ones({3})).sizes(), (IntArrayRef{2}));
  EXPECT_TRUE(equal(fc(x), F::linear(x, fc->weight, fc->bias)));
}

TEST(Linear, Refuses) {
  nn::Linear fc(3, 2);
  expect_error([&] { fc(ones({4, 5})); }, {"[linear]", "float32[4, 5]", "float32[2, 3]"});
  expect_error([&] { fc(Tensor()); }, {"[linear]", "undefined"});
  expect_error([&] { fc(ones({4, 3}, kFloat64)); }, {"float64[4, 3]", "float32"});
  expect_error<ValueError>([] { nn::Linear(-1, 2); }, {"[Linear]", "-1"});
}

struct Activation {
  const char* name;
  std::function<Tensor(const Tensor&)> layer;
  std::function<double(double)> f;
};

TEST(Activations, EqualTheirFormula) {
  const std::vector<Activation> all = {
      {"relu", [](const Tensor& x) { return nn::ReLU()(x); }, [](double x) { return x > 0 ? x : 0; }},
      {"leaky", [](const Tensor& x) { return nn::LeakyReLU()(x); }, [](double x) { return x > 0 ? x : 0.01 * x; }},
      {"leaky 0.3", [](const Tensor& x) { return nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.3))(x); },
       [](double x) { return x > 0 ? x : 0.3 * x; }},
      {"sigmoid", [](const Tensor& x) { return nn::Sigmoid()(x); }, [](double x) { return 1 / (1 + std::exp(-x)); }},
      {"tanh", [](const Tensor& x) { return nn::Tanh()(x); }, [](double x) { return std::tanh(x); }},
      {"identity", [](const Tensor& x) { return nn::Identity(1, "anything")(x); }, [](double x) { return x; }},
      {"F::relu", [](const Tensor& x) { return F::relu(x); }, [](double x) { return x > 0 ? x : 0; }},
      {"F::leaky_relu", [](const Tensor& x) { return F::leaky_relu(x, F::LeakyReLUFuncOptions().negative_slope(0.2)); },
       [](double x) { return x > 0 ? x : 0.2 * x; }},
  };
  for (ScalarType dtype : {kFloat64, kFloat32})
    for (const Activation& a : all) {
      const Tensor x = 3 * randn({5, 7}, dtype);
      auto want = values(x);
      for (double& v : want) v = a.f(v);
      expect_close(values(a.layer(x)), want, bound_for(dtype), a.name);
    }
}

TEST(Activations, InPlaceWritesTheInputAndHasTheSameGradient) {
  const auto gradient = [](const Tensor& x0, auto layer) {
    const Tensor x = x0.clone().requires_grad_();
    Tensor z = x * 2;
    const Tensor y = layer(z);
    (y * y).sum().backward();
    return std::tuple(x.grad(), y.is_same(z) || y.is_alias_of(z));
  };
  const Tensor x = randn({4, 3}, kFloat64);
  const auto [g1, same1] = gradient(x, [](Tensor& z) { return nn::ReLU()(z); });
  const auto [g2, same2] = gradient(x, [](Tensor& z) { return nn::ReLU(true)(z); });
  EXPECT_TRUE(equal(g1, g2));
  EXPECT_FALSE(same1);
  EXPECT_TRUE(same2);
  const auto [g3, same3] = gradient(x, [](Tensor& z) { return nn::LeakyReLU()(z); });
  const auto [g4, same4] =
      gradient(x, [](Tensor& z) { return nn::LeakyReLU(nn::LeakyReLUOptions().inplace(true))(z); });
  EXPECT_TRUE(equal(g3, g4));
  EXPECT_FALSE(same3);
  EXPECT_TRUE(same4);
}

TEST(Softmax, EqualsItsFormulaAlongItsDim) {
  for (ScalarType dtype : {kFloat64, kFloat32})
    for (const std::int64_t dim : {0, 1, -1}) {
      const Tensor x = 3 * randn({4, 5}, dtype);
      const Tensor e = exp(x.to(kFloat64));
      const Tensor p = e / e.sum({dim}, true);
      expect_close(values(nn::Softmax(dim)(x)), values(p), bound_for(dtype), "softmax");
      expect_close(values(nn::LogSoftmax(dim)(x)), values(log(p)), 10 * bound_for(dtype), "log_softmax");
      expect_close(values(F::softmax(x, dim)), values(p), bound_for(dtype), "F::softmax");
      EXPECT_EQ(F::log_softmax(x, F::LogSoftmaxFuncOptions(dim).dtype(kFloat64)).dtype(), kFloat64);
    }
  expect_error<IndexError>([] { nn::Softmax(2)(ones({2, 2})); }, {"[softmax]", "dim 2"});
}

TEST(Flatten, JoinsDims) {
  const Tensor x = randn({2, 3, 4, 5});
  EXPECT_EQ(nn::Flatten()(x).sizes(), (IntArrayRef{2, 60}));
  EXPECT_EQ(nn::Flatten(nn::FlattenOptions().start_dim(0).end_dim(1))(x).sizes(), (IntArrayRef{6, 4, 5}));
  EXPECT_EQ(nn::Flatten(nn::FlattenOptions().start_dim(-2))(x).sizes(), (IntArrayRef{2, 3, 20}));
}

}  // namespace
