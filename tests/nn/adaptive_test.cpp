// Optimizers and schedulers: libtorch's where it has them, plain double arithmetic for the others.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "optim_cases.h"
#include "sequence_check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using namespace optim;     // NOLINT(google-build-using-namespace)

TEST(Optimizers, FollowLibtorch) {
  static const sequences::Values want = {
#include "optim_values.inc"
  };
  sequences::expect_values(optimizers::optim_cases(), want);
}

// Twelve steps; reference(p, g, t) changes one element, remembering what it likes.
template <class O, class Options, class Reference>
void expect_path(const char* what, Options options, const Reference& reference) {
  for (const ScalarType dtype : {kFloat64, kFloat32}) {
    const double bound = dtype == kFloat64 ? 1e-12 : 2e-5;
    const Tensor p = tensor({0.5, -1.25, 2.0}, dtype).requires_grad_();
    O optimizer({p}, options);
    std::vector<Reference> references(3, reference);
    std::vector<double> want = {0.5, -1.25, 2.0};
    for (int t = 1; t <= 12; ++t) {
      const Tensor g = tensor({std::sin(1.0 * t), 0.3 * std::cos(2.0 * t), t % 2 ? 1.5 : 0.25}, dtype);
      p.mutable_grad() = g.clone();
      optimizer.step();
      EXPECT_TRUE(equal(p.grad(), g)) << what << " changed the gradient";
      for (std::size_t i = 0; i < 3; ++i) {
        references[i](want[i], g[static_cast<std::int64_t>(i)].item<double>(), t);
        ASSERT_NEAR(p[static_cast<std::int64_t>(i)].item<double>(), want[i], bound) << what << " step " << t;
      }
    }
  }
}

struct Moments {
  double m = 0, v = 0;
  void add(double g, double b1, double b2) {
    m = b1 * m + (1 - b1) * g;
    v = b2 * v + (1 - b2) * g * g;
  }
};

TEST(Optimizers, FollowTheirPapers) {
  expect_path<Adadelta>("Adadelta", AdadeltaOptions(0.7).rho(0.8).eps(1e-3).weight_decay(0.1),
                        [v = 0.0, a = 0.0](double& p, double g, int) mutable {
                          g += 0.1 * p;
                          v = 0.8 * v + 0.2 * g * g;
                          const double d = std::sqrt(a + 1e-3) / std::sqrt(v + 1e-3) * g;
                          p -= 0.7 * d;
                          a = 0.8 * a + 0.2 * d * d;
                        });
  expect_path<Adamax>("Adamax", AdamaxOptions(0.02).betas({0.8, 0.9}).weight_decay(0.1),
                      [m = 0.0, u = 0.0](double& p, double g, int t) mutable {
                        g += 0.1 * p;
                        m = 0.8 * m + 0.2 * g;
                        u = std::max(0.9 * u, std::abs(g) + 1e-8);
                        p -= 0.02 / (1 - std::pow(0.8, t)) * m / u;
                      });
  expect_path<NAdam>("NAdam", NAdamOptions(0.02).betas({0.8, 0.9}),
                     [s = Moments(), product = 1.0](double& p, double g, int t) mutable {
                       s.add(g, 0.8, 0.9);
                       const double mu = 0.8 * (1 - 0.5 * std::pow(0.96, t * 4e-3));
                       const double next = 0.8 * (1 - 0.5 * std::pow(0.96, (t + 1) * 4e-3));
                       product *= mu;
                       const double scale = std::sqrt(s.v / (1 - std::pow(0.9, t))) + 1e-8;
                       p -= 0.02 * ((1 - mu) / (1 - product) * g + next / (1 - product * next) * s.m) / scale;
                     });
  expect_path<RAdam>("RAdam", RAdamOptions(0.02).betas({0.8, 0.9}),
                     [s = Moments()](double& p, double g, int t) mutable {
                       s.add(g, 0.8, 0.9);
                       const double c1 = 1 - std::pow(0.8, t), c2 = 1 - std::pow(0.9, t), limit = 19;
                       const double r = limit - 2 * t * std::pow(0.9, t) / c2;
                       if (r > 5) {
                         const double c = std::sqrt((r - 4) * (r - 2) * limit / ((limit - 4) * (limit - 2) * r));
                         p -= 0.02 * c * s.m / c1 * std::sqrt(c2) / (std::sqrt(s.v) + 1e-8);
                       } else {
                         p -= 0.02 * s.m / c1;
                       }
                     });
  expect_path<Lion>("Lion", LionOptions(0.03).betas({0.7, 0.9}).weight_decay(0.2),
                    [m = 0.0](double& p, double g, int) mutable {
                      p *= 1 - 0.03 * 0.2;
                      const double c = 0.7 * m + 0.3 * g;
                      p -= 0.03 * (c > 0 ? 1 : c < 0 ? -1 : 0);
                      m = 0.9 * m + 0.1 * g;
                    });
  expect_path<Rprop>("Rprop", RpropOptions(0.1).step_sizes({0.06, 0.13}),
                     [last = 0.0, size = 0.1](double& p, double g, int) mutable {
                       const double turn = g * last;
                       size = std::min(0.13, std::max(0.06, size * (turn > 0 ? 1.2 : turn < 0 ? 0.5 : 1)));
                       if (turn < 0) g = 0;
                       p -= size * (g > 0 ? 1 : g < 0 ? -1 : 0);
                       last = g;
                     });
}

TEST(Optimizers, OptionsAreCheckedCopiedAndCompared) {
  const Tensor p = zeros({2}).requires_grad_();
  expect_error<ValueError>([&] { AdamW({p}, AdamWOptions(-1)); }, {"AdamW", "lr must not be negative", "-1"});
  expect_error<ValueError>([&] { RMSprop({p}, RMSpropOptions(1).momentum(-1)); }, {"RMSprop", "momentum"});
  expect_error<ValueError>([&] { Lion({p}, LionOptions(1).betas({0.9, 1})); }, {"Lion", "betas"});
  expect_error<ValueError>([&] { Rprop({p}, RpropOptions(1).etas({1.5, 2})); }, {"Rprop", "etas"});
  EXPECT_TRUE(AdamWOptions(0.1) == AdamWOptions(0.1));
  EXPECT_FALSE(AdamWOptions(0.1) == AdamWOptions(0.1).weight_decay(0.5));
  const auto copy = RMSpropOptions(0.3).alpha(0.5).clone();
  EXPECT_EQ(copy->get_lr(), 0.3);
  EXPECT_EQ(dynamic_cast<RMSpropOptions&>(*copy).alpha(), 0.5);
}

// The learning rate after each of n calls.
template <class Scheduler>
std::vector<double> rates(SGD& optimizer, Scheduler& scheduler, int n) {
  std::vector<double> lrs;
  for (int k = 0; k < n; ++k) {
    scheduler.step();
    lrs.push_back(optimizer.param_groups()[0].options().get_lr());
  }
  return lrs;
}
void expect_rates(const std::vector<double>& got, const std::vector<double>& want) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], want[i], 1e-14) << "call " << i + 1;
}
TEST(Schedulers, SetTheirRates) {
  const auto optimizer = [] { return SGD({zeros({1}).requires_grad_()}, SGDOptions(0.8)); };
  {
    SGD o = optimizer();
    MultiStepLR s(o, {2, 3}, 0.5);
    expect_rates(rates(o, s, 4), {0.8, 0.4, 0.2, 0.2});
  }
  {
    SGD o = optimizer();
    ExponentialLR s(o, 0.5);
    expect_rates(rates(o, s, 3), {0.4, 0.2, 0.1});
  }
  {
    SGD o = optimizer();
    CosineAnnealingLR s(o, 4, 0.2);
    const double h = std::sqrt(0.5);
    expect_rates(rates(o, s, 4), {0.2 + 0.3 * (1 + h), 0.5, 0.2 + 0.3 * (1 - h), 0.2});
  }
  {
    SGD o = optimizer();
    LinearWarmup s(o, 4, 0.5);
    EXPECT_EQ(o.param_groups()[0].options().get_lr(), 0.4);
    expect_rates(rates(o, s, 5), {0.5, 0.6, 0.7, 0.8, 0.8});
  }
  {
    SGD o = optimizer();
    LambdaLR s(o, [](std::int64_t n) { return 1.0 / static_cast<double>(n + 1); });
    expect_rates(rates(o, s, 3), {0.4, 0.8 / 3, 0.2});
  }
  {
    SGD o = optimizer();
    OneCycleLR s(o, 1.0, 10, 0.5, 10, 100);  // up over steps 0 .. 4, down to step 9
    EXPECT_NEAR(o.param_groups()[0].options().get_lr(), 0.1, 1e-15);
    const std::vector<double> lrs = rates(o, s, 9);
    EXPECT_NEAR(lrs[1], 0.55, 1e-14);
    EXPECT_NEAR(lrs[3], 1.0, 1e-14);
    EXPECT_NEAR(lrs[8], 0.001, 1e-14);
    expect_error<ValueError>([&] { s.step(); }, {"OneCycleLR", "beyond total_steps 10"});
  }
}

TEST(Schedulers, ReduceOnPlateau) {
  SGD o({zeros({1}).requires_grad_()}, SGDOptions(1.0));
  ReduceLROnPlateauScheduler s(o, ReduceLROnPlateauScheduler::min, 0.5F, 1, 0.1, ReduceLROnPlateauScheduler::rel, 1,
                               {0.2F});
  const auto after = [&](double metric) {
    s.step(metric);
    return o.param_groups()[0].options().get_lr();
  };
  EXPECT_EQ(after(10), 1);
  EXPECT_EQ(after(9.5), 1);    // not 10 % better: one bad call
  EXPECT_EQ(after(9.5), 0.5);  // two are more than the patience
  EXPECT_EQ(after(9.5), 0.5);  // cooling down
  EXPECT_EQ(after(8), 0.5);    // better
  EXPECT_EQ(after(8), 0.5);
  EXPECT_EQ(after(8), 0.25);
  for (int k = 0; k < 6; ++k) after(8);
  EXPECT_FLOAT_EQ(static_cast<float>(after(8)), 0.2F);
  expect_error<ValueError>(
      [&] {
        ReduceLROnPlateauScheduler(o, ReduceLROnPlateauScheduler::max, 0.5F, 1, 0.1, ReduceLROnPlateauScheduler::abs, 0,
                                   {0, 0});
      },
      {"min_lr needs one number for each of 1 groups", "got 2"});
}

}  // namespace
