// Losses against plain formulas in double precision.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "expect_error.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
namespace F = nn::functional;
using Values = std::vector<double>;

Values values(const Tensor& t) {
  const Tensor d = t.detach().to(kFloat64).contiguous();
  return Values(d.data_ptr<double>(), d.data_ptr<double>() + d.numel());
}
double tolerance(ScalarType t) { return t == kFloat64 ? 1e-13 : 2e-6; }

// What each reduction must give, from the losses of single elements and the weight of the mean.
struct Expected {
  Values each;
  double divisor;
};
template <class Loss>
void expect_reductions(const Loss& loss, const Expected& want, ScalarType dtype, const char* what) {
  double sum = 0, magnitude = 1;
  for (double v : want.each) {
    sum += v;
    magnitude += std::abs(v);
  }
  const double bound = tolerance(dtype) * magnitude;
  const Values none = values(loss(kNone));
  ASSERT_EQ(none.size(), want.each.size()) << what;
  for (std::size_t i = 0; i < none.size(); ++i) EXPECT_NEAR(none[i], want.each[i], bound) << what << " at " << i;
  EXPECT_NEAR(loss(kSum).template item<double>(), sum, bound) << what;
  EXPECT_NEAR(loss(kMean).template item<double>(), sum / want.divisor, bound) << what;
  EXPECT_EQ(loss(kMean).dtype(), dtype) << what;
}

TEST(Loss, MeanSquaredError) {
  for (ScalarType dtype : {kFloat64, kFloat32}) {
    const Tensor x = randn({4, 3}, dtype), y = randn({4, 3}, dtype);
    const Values a = values(x), b = values(y);
    Expected want{{}, 12};
    for (std::size_t i = 0; i < a.size(); ++i) want.each.push_back((a[i] - b[i]) * (a[i] - b[i]));
    expect_reductions([&](auto r) { return nn::MSELoss(r)(x, y); }, want, dtype, "MSELoss");
    expect_reductions([&](auto r) { return F::mse_loss(x, y, F::MSELossFuncOptions(r)); }, want, dtype, "mse_loss");
  }
}

double log100(double x) { return std::max(std::log(x), -100.0); }

TEST(Loss, BinaryCrossEntropy) {
  for (ScalarType dtype : {kFloat64, kFloat32}) {
    Tensor x = rand({6, 3}, dtype);
    const Tensor y = rand({6, 3}, dtype), w = rand({3}, dtype);
    x[0].fill_(0);
    x[1].fill_(1);
    const Values a = values(x), t = values(y), ws = values(w);
    Expected plain{{}, 18}, weighted{{}, 18};
    for (std::size_t i = 0; i < a.size(); ++i) {
      plain.each.push_back(-(t[i] * log100(a[i]) + (1 - t[i]) * log100(1 - a[i])));
      weighted.each.push_back(ws[i % 3] * plain.each.back());
    }
    expect_reductions([&](auto r) { return nn::BCELoss(nn::BCELossOptions().reduction(r))(x, y); }, plain, dtype,
                      "BCELoss");
    expect_reductions([&](auto r) { return nn::BCELoss(nn::BCELossOptions().weight(w).reduction(r))(x, y); }, weighted,
                      dtype, "BCELoss, weighted");
    expect_reductions(
        [&](auto r) {
          return F::binary_cross_entropy(x, y, F::BinaryCrossEntropyFuncOptions().weight(w).reduction(r));
        },
        weighted, dtype, "binary_cross_entropy");
  }
  expect_error([] { nn::BCELoss()(full({2}, 1.5), ones({2})); }, {"[binary_cross_entropy]", "1.5", "sigmoid"});
  expect_error<ValueError>([] { nn::BCELoss()(ones({2}), ones({2, 1})); }, {"float32[2]", "float32[2, 1]"});
}

TEST(Loss, BinaryCrossEntropyWithLogits) {
  for (ScalarType dtype : {kFloat64, kFloat32}) {
    Tensor z = 4 * randn({6, 3}, dtype);
    const Tensor y = rand({6, 3}, dtype), w = rand({3}, dtype), p = rand({3}, dtype) + 0.5;
    z[0].fill_(80);
    z[1].fill_(-80);
    const Values zs = values(z), t = values(y), ws = values(w), ps = values(p);
    Expected plain{{}, 18}, weighted{{}, 18};
    for (std::size_t i = 0; i < zs.size(); ++i) {
      // ln(1 + e^-z) = max(-z, 0) + ln(1 + e^-|z|)
      const double soft = std::max(-zs[i], 0.0) + std::log1p(std::exp(-std::abs(zs[i])));
      plain.each.push_back((1 - t[i]) * zs[i] + soft);
      weighted.each.push_back(ws[i % 3] * ((1 - t[i]) * zs[i] + (1 + (ps[i % 3] - 1) * t[i]) * soft));
    }
    using Options = nn::BCEWithLogitsLossOptions;
    expect_reductions([&](auto r) { return nn::BCEWithLogitsLoss(Options().reduction(r))(z, y); }, plain, dtype,
                      "BCEWithLogitsLoss");
    expect_reductions(
        [&](auto r) { return nn::BCEWithLogitsLoss(Options().weight(w).pos_weight(p).reduction(r))(z, y); }, weighted,
        dtype, "BCEWithLogitsLoss, weighted");
    expect_reductions(
        [&](auto r) {
          return F::binary_cross_entropy_with_logits(z, y, Options().weight(w).pos_weight(p).reduction(r));
        },
        weighted, dtype, "binary_cross_entropy_with_logits");
  }
}

// -ln softmax over dim 1 of x [n, c, k], for every class.
struct Classes {
  std::size_t n, c, k;
  Values logp;
  double operator()(std::size_t i, std::size_t cls, std::size_t j) const { return logp[(i * c + cls) * k + j]; }
};
Classes log_softmax_loop(const Tensor& x, std::size_t n, std::size_t c, std::size_t k) {
  Classes out{n, c, k, values(x)};
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < k; ++j) {
      double sum = 0;
      for (std::size_t a = 0; a < c; ++a) sum += std::exp(out.logp[(i * c + a) * k + j]);
      for (std::size_t a = 0; a < c; ++a) out.logp[(i * c + a) * k + j] -= std::log(sum);
    }
  return out;
}

TEST(Loss, CrossEntropyAndNll) {
  constexpr std::size_t n = 5, c = 4, k = 3;
  for (ScalarType dtype : {kFloat64, kFloat32})
    for (const double smoothing : {0.0, 0.2})
      for (const bool weighted : {false, true}) {
        const Tensor x = 2 * randn({n, c, k}, dtype), t = randint(c, {n, k}), w = rand({c}, dtype) + 0.1;
        Tensor(t[1][2]).fill_(-7);
        const Classes p = log_softmax_loop(x, n, c, k);
        const Values cls = values(t), ws = values(w);
        Expected want{{}, 0}, want_nll{{}, 0};
        for (std::size_t i = 0; i < n; ++i)
          for (std::size_t j = 0; j < k; ++j) {
            const double target = cls[i * k + j];
            if (target < 0) {
              want.each.push_back(0);
              want_nll.each.push_back(0);
              continue;
            }
            const auto at = static_cast<std::size_t>(target);
            const double weight = weighted ? ws[at] : 1;
            double smooth = 0;
            for (std::size_t a = 0; a < c; ++a) smooth -= (weighted ? ws[a] : 1) * p(i, a, j);
            want_nll.each.push_back(-weight * p(i, at, j));
            want.each.push_back((1 - smoothing) * want_nll.each.back() + smoothing * smooth / double(c));
            want.divisor += weight;
            want_nll.divisor += weight;
          }
        const Tensor use = weighted ? w : Tensor();
        const auto options = [&](auto r) {
          return nn::CrossEntropyLossOptions().weight(use).ignore_index(-7).label_smoothing(smoothing).reduction(r);
        };
        expect_reductions([&](auto r) { return nn::CrossEntropyLoss(options(r))(x, t); }, want, dtype,
                          "CrossEntropyLoss");
        expect_reductions([&](auto r) { return F::cross_entropy(x, t, options(r)); }, want, dtype, "cross_entropy");
        if (smoothing != 0) continue;
        const auto nll = [&](auto r) { return nn::NLLLossOptions().weight(use).ignore_index(-7).reduction(r); };
        expect_reductions([&](auto r) { return nn::NLLLoss(nll(r))(log_softmax(x, 1), t); }, want_nll, dtype,
                          "NLLLoss");
        expect_reductions([&](auto r) { return F::nll_loss(log_softmax(x, 1), t, nll(r)); }, want_nll, dtype,
                          "nll_loss");
      }
}

TEST(Loss, CrossEntropyOfProbabilities) {
  constexpr std::size_t n = 5, c = 4;
  for (ScalarType dtype : {kFloat64, kFloat32})
    for (const double smoothing : {0.0, 0.3}) {
      const Tensor x = 2 * randn({n, c}, dtype), y = softmax(randn({n, c}, dtype), 1), w = rand({c}, dtype) + 0.1;
      const Classes p = log_softmax_loop(x, n, c, 1);
      const Values ys = values(y), ws = values(w);
      Expected want{{}, n};
      for (std::size_t i = 0; i < n; ++i) {
        double loss = 0;
        for (std::size_t a = 0; a < c; ++a)
          loss -= ws[a] * p(i, a, 0) * ((1 - smoothing) * ys[i * c + a] + smoothing / double(c));
        want.each.push_back(loss);
      }
      expect_reductions(
          [&](auto r) {
            return nn::CrossEntropyLoss(
                nn::CrossEntropyLossOptions().weight(w).label_smoothing(smoothing).reduction(r))(x, y);
          },
          want, dtype, "probabilities");
    }
}

TEST(Loss, CrossEntropyRefuses) {
  nn::CrossEntropyLoss loss;
  const Tensor x = randn({3, 4});
  expect_error([&] { loss(x, randint(4, {2})); }, {"float32[3, 4]", "int64[2]"});
  expect_error([&] { loss(x, full({3}, 4, kInt64)); }, {"4"});
  expect_error([&] { loss(x, ones({3}, kInt32)); }, {"int64", "int32"});
}

TEST(Loss, BuffersFollowTheModule) {
  nn::CrossEntropyLoss loss(nn::CrossEntropyLossOptions().weight(rand({3})));
  EXPECT_EQ(loss->named_buffers().keys(), std::vector<std::string>{"weight"});
  loss->to(kFloat64);
  EXPECT_EQ(loss->weight.dtype(), kFloat64);
  EXPECT_EQ(loss(randn({2, 3}, kFloat64), randint(3, {2})).dtype(), kFloat64);
  EXPECT_EQ(nn::BCELoss()->named_buffers().size(), 0u);
  nn::BCELoss bce(nn::BCELossOptions().weight(rand({3})));
  bce->to(kFloat64);
  EXPECT_EQ(bce(rand({2, 3}, kFloat64), rand({2, 3}, kFloat64)).dtype(), kFloat64);
}

TEST(Choices, KnowTheirNameAndKind) {
  EXPECT_STREQ(enumtype::get_enum_name(nn::reduction_t(kMean)), "kMean");
  EXPECT_STREQ(enumtype::get_enum_name(nn::init::NonlinearityType(kLeakyReLU)), "kLeakyReLU");
  EXPECT_TRUE(nn::MSELossOptions(kSum).reduction().is<enumtype::kSum>());
  EXPECT_TRUE(nn::MSELossOptions().reduction() == nn::reduction_t(kMean));
  static_assert(!std::is_convertible_v<enumtype::kFanIn, nn::reduction_t>);
}

}  // namespace
