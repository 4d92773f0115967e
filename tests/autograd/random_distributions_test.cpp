// Distributions: moments and frequencies within five standard errors at fixed seeds, supports, generators, gradients.
#include <algorithm>
#include <cmath>

#include "check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using check::Numbers;
using check::values;

constexpr int kDraws = 100000;

Tensor many() { return empty({kDraws}, kFloat64); }

double mean_of(const Numbers& v, double (*f)(double)) {
  double sum = 0;
  for (double x : v) sum += f(x);
  return sum / static_cast<double>(v.size());
}
double same(double x) { return x; }
double square(double x) { return x * x; }

// E f = expected, Var f = variance.
void expect_mean(const Numbers& v, double (*f)(double), double expected, double variance) {
  EXPECT_NEAR(mean_of(v, f), expected, 5 * std::sqrt(variance / static_cast<double>(v.size())));
}
void expect_share(const Numbers& v, double value, double p) {
  const double n = static_cast<double>(v.size());
  EXPECT_NEAR(static_cast<double>(std::count(v.begin(), v.end(), value)) / n, p, 5 * std::sqrt(p * (1 - p) / n) + 1e-12)
      << "share of " << value;
}

TEST(Distributions, Exponential) {
  manual_seed(10);
  const Numbers v = values(many().exponential_(2));
  EXPECT_GE(*std::min_element(v.begin(), v.end()), 0);
  expect_mean(v, same, 0.5, 0.25);
  expect_mean(v, square, 0.5, 1.25);  // E x^4 - (E x^2)^2 = 24 / 16 - 1 / 4
  expect_mean(
      v, [](double x) { return std::exp(-x); }, 2. / 3, 0.5 - 4. / 9);
  EXPECT_EQ(values(empty({2}).exponential_(0)), (Numbers{HUGE_VAL, HUGE_VAL}));
  EXPECT_ERROR(ValueError, many().exponential_(-1), "[exponential_] lambd must not be negative, got -1");
  EXPECT_ERROR(TypeError, empty({2}, kInt32).exponential_(), "[exponential_] need a floating-point tensor");
}

TEST(Distributions, LogNormal) {
  manual_seed(11);
  Numbers v = values(many().log_normal_(1, 0.5));
  expect_mean(v, same, std::exp(1 + 0.125), (std::exp(0.25) - 1) * std::exp(2.25));
  for (double& x : v) x = (std::log(x) - 1) / 0.5;
  expect_mean(v, same, 0, 1);
  expect_mean(v, square, 1, 2);
  EXPECT_ERROR(ValueError, many().log_normal_(0, 0), "[log_normal_] std must be positive, got 0");
}

TEST(Distributions, Cauchy) {
  manual_seed(12);
  Numbers v = values(many().cauchy_(3, 2));
  // It has no moments; its quartiles lie at median - sigma, median, median + sigma.
  for (double& x : v) x = x < 1 ? 0 : x < 3 ? 1 : x < 5 ? 2 : 3;
  for (double quarter : {0., 1., 2., 3.}) expect_share(v, quarter, 0.25);
  EXPECT_EQ(values(empty({2}).cauchy_(4, 0)), (Numbers{4, 4}));
}

TEST(Distributions, Geometric) {
  manual_seed(13);
  for (ScalarType t : {kFloat32, kInt32, kUInt8}) {
    const Numbers v = values(empty({kDraws}, t).geometric_(0.5));
    EXPECT_EQ(*std::min_element(v.begin(), v.end()), 1);
    expect_mean(v, same, 2, 2);
    for (int k = 1; k < 6; ++k) expect_share(v, k, std::pow(0.5, k));
  }
  for (double wrong : {0., 1., 1.5, -1., std::nan("")})
    EXPECT_ERROR(ValueError, many().geometric_(wrong), "[geometric_] p must lie in (0, 1)");
  EXPECT_ERROR(TypeError, empty({2}, kBool).geometric_(0.5), "[geometric_] need a dtype that counts, got bool[2]");
}

TEST(Distributions, Bernoulli) {
  manual_seed(14);
  expect_share(values(many().bernoulli_(0.3)), 1, 0.3);
  expect_share(values(many().bernoulli_()), 1, 0.5);
  expect_share(values(bernoulli(full({kDraws}, 0.9))), 1, 0.9);
  expect_share(values(bernoulli(empty({kDraws}, kInt64), 0.1)), 1, 0.1);
  expect_share(values(empty({kDraws}, kBool).bernoulli_(0.25)), 1, 0.25);
  expect_share(values(empty({kDraws / 2, 2}).bernoulli_(tensor({0.2, 0.6}))), 1, 0.4);
  EXPECT_EQ(values(bernoulli(tensor({0., 1., 0.}))), (Numbers{0, 1, 0}));
  EXPECT_EQ(values(tensor({1., 0.}).bernoulli()), (Numbers{1, 0}));
  EXPECT_EQ(values(zeros({2, 2}, kInt32).bernoulli_(tensor({1., 0.}))), (Numbers{1, 0, 1, 0}));
  EXPECT_EQ(values(zeros({2}).bernoulli_(1)), (Numbers{1, 1}));
  for (double wrong : {-0.1, 1.1, std::nan("")}) {
    EXPECT_ERROR(ValueError, many().bernoulli_(wrong), "[bernoulli_] a probability must lie in [0, 1]");
    EXPECT_ERROR(ValueError, bernoulli(full({2}, wrong)), "in float32[2]");
  }
  EXPECT_ERROR(TypeError, bernoulli(ones({2}, kInt64)), "[bernoulli] need a floating-point tensor, got int64[2]");
  EXPECT_ERROR(Error, zeros({2}).bernoulli_(ones({3})), "probabilities float32[3] do not broadcast to self float32[2]");
}

TEST(Distributions, Poisson) {
  manual_seed(15);
  for (double rate : {0.5, 4., 9.99, 10., 60., 5000.}) {
    const Numbers v = values(poisson(full({kDraws}, rate, kFloat64)));
    expect_mean(v, same, rate, rate);
    double spread = 0;
    for (double x : v) spread += (x - rate) * (x - rate) / kDraws;
    // Var (x - rate)^2 = rate (1 + 2 rate)
    EXPECT_NEAR(spread, rate, 5 * std::sqrt(rate * (1 + 2 * rate) / kDraws)) << rate;
    const double k = std::floor(rate);
    expect_share(v, k, std::exp(k * std::log(rate) - rate - std::lgamma(k + 1)));
  }
  EXPECT_EQ(values(poisson(zeros({3}))), (Numbers{0, 0, 0}));
  EXPECT_ERROR(ValueError, poisson(tensor({1., -1.})),
               "[poisson] a rate must be finite and >= 0, got -1 in float32[2]");
}

TEST(Distributions, NormalOfTensors) {
  manual_seed(16);
  const Numbers v = values(normal(full({kDraws}, 2., kFloat64), 3));
  expect_mean(v, same, 2, 9);
  expect_mean(v, square, 13, 2 * 81 + 4 * 4 * 9);
  expect_mean(values(normal(1., full({kDraws}, 2., kFloat64))), square, 5, 2 * 16 + 4 * 4);
  expect_mean(values(normal(-1, 0.5, {kDraws})), same, -1, 0.25);
  EXPECT_EQ(values(normal(tensor({1., 2.}), zeros({2, 2}))), (Numbers{1, 2, 1, 2}));
  EXPECT_EQ(normal(ones({2}), zeros({2}, kFloat64)).dtype(), kFloat32);
  EXPECT_EQ(normal(0, 1, {2}, nullopt, kFloat64).dtype(), kFloat64);
  EXPECT_ERROR(ValueError, normal(ones({2}), -1), "[normal] std must be >= 0, got -1");
  EXPECT_ERROR(ValueError, normal(ones({2}), tensor({1., -1.})), "[normal] std must be >= 0, got -1 in float32[2]");
  EXPECT_ERROR(TypeError, normal(ones({2}, kInt32), 1), "[normal] need a floating-point tensor, got int32[2]");
  EXPECT_ERROR(Error, normal(ones({2}), ones({3})), "[normal]");
}

TEST(Distributions, Random) {
  manual_seed(17);
  const Numbers v = values(empty({60000}).random_(3, 9));
  for (int k = 3; k < 9; ++k) expect_share(v, k, 1 / 6.);
  const Numbers to = values(empty({30000}, kUInt8).random_(3));
  for (int k = 0; k < 3; ++k) expect_share(to, k, 1 / 3.);
  const auto span = [](ScalarType t, double last) {
    const Numbers w = values(empty({1000}, t).random_());
    EXPECT_GE(*std::min_element(w.begin(), w.end()), 0);
    EXPECT_LE(*std::max_element(w.begin(), w.end()), last);
    EXPECT_GT(*std::max_element(w.begin(), w.end()), last * 0.98);
  };
  span(kFloat32, 0x1p24);
  span(kFloat64, 0x1p53);
  span(kInt32, 2147483647);
  span(kInt64, 0x1p63);
  span(kUInt8, 255);
  const Numbers flags = values(empty({kDraws}, kBool).random_());
  expect_share(flags, 1, 0.5);
  EXPECT_EQ(values(empty({2}, kUInt8).random_(255, nullopt, nullopt)), (Numbers{255, 255}));
  EXPECT_ERROR(ValueError, empty({2}).random_(3, 3), "[random_] need from < to, got 3 and 3");
  EXPECT_ERROR(ValueError, empty({2}, kUInt8).random_(0, 257), "numbers from 0 to 257 - 1 do not fit into uint8");
  EXPECT_ERROR(ValueError, randint(-1, 3, {2}, kUInt8), "[randint] numbers from -1 to 3 - 1 do not fit into uint8");
  EXPECT_ERROR(ValueError, randint(0, 3, {2}, kBool), "do not fit into bool");
  EXPECT_ERROR(ValueError, randperm(300, kUInt8), "[randperm] numbers from 0 to 300 - 1 do not fit into uint8");
}

TEST(Distributions, Multinomial) {
  manual_seed(18);
  const Tensor w = tensor({1., 0., 3., 6.});
  const Tensor with = multinomial(w, kDraws, true);
  EXPECT_EQ(with.dtype(), kInt64);
  const Numbers v = values(with);
  expect_share(v, 0, 0.1);
  expect_share(v, 1, 0);
  expect_share(v, 2, 0.3);
  expect_share(v, 3, 0.6);
  // Without replacement the second index follows the weights that are left.
  Numbers first, second;
  const Tensor rows = multinomial(w.expand({20000, 4}), 2);
  EXPECT_EQ(rows.sizes(), IntArrayRef({20000, 2}));
  first = values(rows.select(1, 0)), second = values(rows.select(1, 1));
  expect_share(first, 3, 0.6);
  expect_share(second, 0, 0.3 * 1 / 7 + 0.6 * 1 / 4);
  for (std::size_t i = 0; i < first.size(); ++i) ASSERT_NE(first[i], second[i]);
  Numbers all = values(multinomial(w, 4));
  EXPECT_EQ(all[3], 1) << "weight 0 comes last";
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, (Numbers{0, 1, 2, 3}));
  EXPECT_EQ(values(tensor({{0., 1.}, {1., 0.}}).multinomial(1)), (Numbers{1, 0}));
  EXPECT_EQ(multinomial(ones({0, 2}), 1).sizes(), IntArrayRef({0, 1}));
  EXPECT_ERROR(ValueError, multinomial(w, 5), "5 samples without replacement need at least as many weights a row");
  EXPECT_ERROR(ValueError, multinomial(w, 0), "[multinomial] need num_samples > 0, got 0");
  EXPECT_ERROR(ValueError, multinomial(zeros({2}), 1), "the weights of row 0 of float32[2] sum to 0");
  EXPECT_ERROR(ValueError, multinomial(tensor({-1., 2.}), 1), "weights must be finite and >= 0, got -1");
  EXPECT_ERROR(ValueError, multinomial(tensor({1., HUGE_VAL}), 1), "weights must be finite and >= 0, got inf");
  EXPECT_ERROR(TypeError, multinomial(tensor({1, 2}), 1), "[multinomial] need a floating-point tensor");
  EXPECT_ERROR(Error, multinomial(ones({2, 2, 2}), 1), "need weights of shape [n] or [rows, n], got float32[2, 2, 2]");
  EXPECT_ERROR(ValueError, multinomial(ones({2, 0}), 1, true), "there is nothing to draw from in float32[2, 0]");
}

TEST(Distributions, OwnGenerators) {
  const Generator g = make_generator<CPUGeneratorImpl>(5);
  const Generator shared = g;
  const Generator apart = g.clone();
  const auto draws = [](const Generator& from) {
    Numbers all;
    const auto add = [&](const Tensor& t) {
      for (double x : values(t)) all.push_back(x);
    };
    add(rand({3}, from));
    add(randn({3}, from, kFloat64));
    add(randint(100, {2}, from));
    add(randint(5, 100, {2}, from, kInt32));
    add(randperm(5, from));
    add(normal(0, 1, {2}, from));
    add(normal(ones({2}), 1, from));
    add(normal(1., ones({2}), from));
    add(bernoulli(full({9}, 0.5), from));
    add(bernoulli(zeros({9}), 0.5, from));
    add(poisson(full({3}, 5.), from));
    add(multinomial(ones({9}), 3, true, from));
    const Tensor t = empty({2});
    for (const Tensor& u :
         {t.uniform_(0, 1, from), t.normal_(0, 1, from), t.exponential_(1, from), t.log_normal_(1, 2, from),
          t.cauchy_(0, 1, from), t.geometric_(0.1, from), t.bernoulli_(0.5, from), t.bernoulli_(full({2}, 0.5), from)})
      add(u);
    add(t.random_(from));
    add(t.random_(50, from));
    add(t.random_(5, 50, from));
    return all;
  };
  const auto untouched = default_generator().state();
  const Numbers a = draws(g);
  EXPECT_NE(draws(shared), a) << "a copy of the handle goes on with the same sequence";
  EXPECT_EQ(draws(apart), a);
  EXPECT_EQ(default_generator().state(), untouched);
  shared.set_current_seed(5);
  EXPECT_EQ(draws(g), a);
  const Tensor state = g.get_state();
  EXPECT_EQ(state.sizes(), IntArrayRef(16));
  const Numbers b = draws(g);
  Generator restored(1);
  restored.set_state(state);
  EXPECT_EQ(draws(restored), b);
  EXPECT_TRUE(g == shared && g != apart && g.defined() && !Generator().defined());
  EXPECT_EQ(restored.current_seed(), 5u);
  const std::uint64_t fresh = restored.seed();
  EXPECT_EQ(restored.current_seed(), fresh);
  EXPECT_ERROR(Error, rand({2}, Generator()), "[uniform_] the generator is undefined");
  EXPECT_ERROR(Error, Generator().current_seed(), "[Generator] the generator is undefined");
  EXPECT_ERROR(Error, g.set_state(zeros({3}, kUInt8)),
               "[set_state] need what get_state() returns, uint8[16], got uint8[3]");
}

TEST(Distributions, LayoutDoesNotMatter) {
  const auto same_numbers = [](const std::function<void(Tensor)>& draw) {
    manual_seed(19);
    const Tensor plain = empty({4, 3});
    draw(plain);
    manual_seed(19);
    const Tensor turned = empty({3, 4}).t();
    draw(turned);
    EXPECT_TRUE(plain.equal(turned));
  };
  const Tensor p = rand({4, 3});
  same_numbers([](const Tensor& t) { t.exponential_(); });
  same_numbers([](const Tensor& t) { t.geometric_(0.2); });
  same_numbers([](const Tensor& t) { t.random_(); });
  same_numbers([](const Tensor& t) { t.bernoulli_(0.4); });
  same_numbers([&](const Tensor& t) { t.bernoulli_(p); });
  same_numbers([&](const Tensor& t) { t.copy_(normal(p.t().contiguous().t(), p)); });
}

TEST(Distributions, NoGradientFlows) {
  const Tensor q = full({2, 2}, 0.5, dtype(kFloat64).requires_grad(true));
  const auto expect_zero = [&](const Tensor& y) {
    EXPECT_TRUE(y.requires_grad());
    q.mutable_grad() = Tensor();
    y.sum().backward();
    EXPECT_EQ(values(q.grad()), Numbers(4, 0));
  };
  expect_zero(bernoulli(q));
  expect_zero(poisson(q));
  expect_zero(normal(q, 1));
  expect_zero(normal(1., q));
  expect_zero(normal(q, q));
  expect_zero(zeros({2, 2}).bernoulli_(q));
  expect_zero((q * 1).bernoulli_(q));
  expect_zero((q * 1).exponential_());
  expect_zero((q * 1).random_(5));
  EXPECT_FALSE(multinomial(q, 1).requires_grad());
  EXPECT_FALSE(bernoulli(q, 0.5).requires_grad());
  EXPECT_FALSE(rand_like(q).requires_grad());
  EXPECT_ERROR(Error, q.exponential_(), "[exponential_] a leaf that requires grad cannot be changed in place");
}

}  // namespace
