// Initial values: bounds, moments, gains.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
namespace init = nn::init;

struct Moments {
  double mean, std, largest;
};
Moments moments(const Tensor& t) {
  const Tensor d = t.detach().to(kFloat64);
  const double mean = d.mean().item<double>();
  return {mean, std::sqrt(square(d - mean).mean().item<double>()), d.abs().max().item<double>()};
}
// Of n values of standard deviation std: the mean within 5 std / n^(1/2), the deviation within 5 of its own.
void expect_uniform(const Tensor& t, double bound) {
  const Moments m = moments(t);
  const double n = static_cast<double>(t.numel()), std = bound / std::sqrt(3.0);
  EXPECT_LE(m.largest, bound * (1 + 1e-6));
  EXPECT_GE(m.largest, bound * (1 - 20 / n));
  EXPECT_NEAR(m.mean, 0, 5 * std / std::sqrt(n));
  EXPECT_NEAR(m.std, std, 5 * std / std::sqrt(2 * n));
}
void expect_normal(const Tensor& t, double mean, double std) {
  const Moments m = moments(t);
  const double n = static_cast<double>(t.numel());
  EXPECT_NEAR(m.mean, mean, 5 * std / std::sqrt(n));
  EXPECT_NEAR(m.std, std, 5 * std / std::sqrt(2 * n));
  EXPECT_GT(m.largest, 2.5 * std);
}

TEST(Init, LinearStartsUniformWithinOneOverRootIn) {
  manual_seed(7);
  for (const std::int64_t in : {16, 100}) {
    nn::Linear fc(in, 20000);
    const double bound = 1 / std::sqrt(static_cast<double>(in));
    expect_uniform(fc->weight, bound);
    expect_uniform(fc->bias, bound);
  }
  nn::Linear fc(3, 4);
  const Tensor weight = fc->weight, before = weight.detach().clone();
  fc->reset_parameters();
  EXPECT_TRUE(fc->weight.is_same(weight));
  EXPECT_FALSE(equal(weight.detach(), before));
  EXPECT_EQ(nn::Linear(0, 4)(ones({2, 0})).sizes(), (IntArrayRef{2, 4}));
}

TEST(Init, FillsAndKeepsTheTape) {
  const Tensor t = ones({3, 4}, TensorOptions().requires_grad(true));
  EXPECT_TRUE(init::constant_(t, 2.5).is_same(t));
  EXPECT_TRUE(equal(t.detach(), full({3, 4}, 2.5)));
  EXPECT_TRUE(equal(init::zeros_(t).detach(), zeros({3, 4})));
  EXPECT_TRUE(equal(init::ones_(t).detach(), ones({3, 4})));
  EXPECT_TRUE(equal(init::eye_(t).detach(), eye(3, 4)));
  EXPECT_TRUE(t.is_leaf());
  EXPECT_TRUE(t.requires_grad());
  expect_error([] { init::eye_(ones({3})); }, {"[eye_]", "float32[3]"});
}

TEST(Init, UniformAndNormal) {
  manual_seed(8);
  const Tensor t = empty({200, 300});
  expect_uniform(init::uniform_(t, -2, 2), 2);
  init::uniform_(t, 3, 5);
  EXPECT_NEAR(t.mean().item<double>(), 4, 0.02);
  expect_normal(init::normal_(t, -1, 0.5), -1, 0.5);
  EXPECT_NEAR(moments(init::normal_(empty({200, 300}, kFloat64))).std, 1, 0.02);
}

TEST(Init, XavierAndKaimingHaveTheirVariance) {
  manual_seed(9);
  // [out, in, kernel] = [50, 30, 4, 5]: fan in 600, fan out 1000.
  const Tensor t = empty({50, 30, 4, 5});
  EXPECT_EQ(init::_calculate_fan_in_and_fan_out(t), std::tuple(std::int64_t{600}, std::int64_t{1000}));
  EXPECT_EQ(init::_calculate_fan_in_and_fan_out(empty({7, 3})), std::tuple(std::int64_t{3}, std::int64_t{7}));
  expect_uniform(init::xavier_uniform_(t), std::sqrt(6.0 / 1600));
  expect_uniform(init::xavier_uniform_(t, 2), 2 * std::sqrt(6.0 / 1600));
  expect_normal(init::xavier_normal_(t, 0.5), 0, 0.5 * std::sqrt(2.0 / 1600));
  expect_uniform(init::kaiming_uniform_(t), std::sqrt(3.0) * std::sqrt(2.0 / 600));
  expect_uniform(init::kaiming_uniform_(t, 0.5), std::sqrt(3.0) * std::sqrt(2.0 / 1.25 / 600));
  expect_uniform(init::kaiming_uniform_(t, 0, kFanOut, kReLU), std::sqrt(3.0) * std::sqrt(2.0 / 1000));
  expect_normal(init::kaiming_normal_(t, 0, kFanIn, kTanh), 0, 5.0 / 3 / std::sqrt(600.0));
  expect_normal(init::kaiming_normal_(t, 0, kFanOut, kLinear), 0, 1 / std::sqrt(1000.0));
  expect_error([] { init::xavier_uniform_(ones({3})); }, {"[xavier_uniform_]", "float32[3]", "two dimensions"});
  expect_error([] { init::kaiming_normal_(Tensor()); }, {"[kaiming_normal_]", "undefined"});
}

TEST(Init, Gains) {
  EXPECT_DOUBLE_EQ(init::calculate_gain(kLinear), 1);
  EXPECT_DOUBLE_EQ(init::calculate_gain(kConv2D), 1);
  EXPECT_DOUBLE_EQ(init::calculate_gain(kSigmoid), 1);
  EXPECT_DOUBLE_EQ(init::calculate_gain(kTanh), 5.0 / 3);
  EXPECT_DOUBLE_EQ(init::calculate_gain(kReLU), std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(init::calculate_gain(kLeakyReLU), std::sqrt(2 / (1 + 0.0001)));
  EXPECT_DOUBLE_EQ(init::calculate_gain(kLeakyReLU, 1), 1);
}

}  // namespace
