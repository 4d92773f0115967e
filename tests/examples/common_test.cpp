// The parts that the examples share.
#include <gtest/gtest.h>

#include <set>

#include "examples/common/metrics.h"
#include "examples/common/split.h"
#include "examples/common/svg.h"

namespace {
using namespace examples;  // NOLINT(google-build-using-namespace)
using gradtape::Generator;

TEST(Metrics, ConfusionAndAccuracy) {
  const Confusion c = confusion_of({0.1, 0.9, 0.5, 0.49, 0.7}, {0, 1, 0, 1, 1});
  EXPECT_EQ(c[0][0], 1);
  EXPECT_EQ(c[0][1], 1);
  EXPECT_EQ(c[1][0], 1);
  EXPECT_EQ(c[1][1], 2);
  EXPECT_DOUBLE_EQ(accuracy_of(c), 0.6);
}

TEST(Metrics, AreaUnderTheCurve) {
  EXPECT_EQ(auc_of({0.1, 0.2, 0.8, 0.9}, {0, 0, 1, 1}), 1);
  EXPECT_EQ(auc_of({0.9, 0.8, 0.2, 0.1}, {0, 0, 1, 1}), 0);
  EXPECT_EQ(auc_of({0.5, 0.5, 0.5}, {0, 1, 1}), 0.5);
  // Of the pairs (0.35, 0.1), (0.35, 0.4), (0.8, 0.1), (0.8, 0.4) three are in order.
  EXPECT_EQ(auc_of({0.1, 0.4, 0.35, 0.8}, {0, 0, 1, 1}), 0.75);
  // Against the definition, with ties.
  Generator g(3);
  std::vector<double> p;
  std::vector<int> y;
  for (int i = 0; i < 200; ++i) {
    p.push_back(static_cast<double>(g.below(20)) / 20);
    y.push_back(static_cast<int>(g.below(2)));
  }
  double pairs = 0, won = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    for (std::size_t j = 0; j < p.size(); ++j) {
      if (y[i] != 1 || y[j] != 0) continue;
      pairs += 1;
      won += p[i] > p[j] ? 1 : p[i] == p[j] ? 0.5 : 0;
    }
  }
  EXPECT_DOUBLE_EQ(auc_of(p, y), won / pairs);
}

std::vector<int> labels(int zeros, int ones) {
  std::vector<int> v(static_cast<std::size_t>(zeros), 0);
  v.insert(v.end(), static_cast<std::size_t>(ones), 1);
  return v;
}

TEST(Split, KeepsTheClassesInProportion) {
  const std::vector<int> y = labels(212, 357);
  Generator g(1);
  const Split s = stratified_split(y, 0.2, g);
  EXPECT_EQ(s.train.size() + s.test.size(), y.size());
  std::set<std::int64_t> all(s.train.begin(), s.train.end());
  all.insert(s.test.begin(), s.test.end());
  EXPECT_EQ(all.size(), y.size());
  int ones = 0;
  for (std::int64_t i : s.test) ones += y[static_cast<std::size_t>(i)];
  EXPECT_EQ(s.test.size(), 113U);
  EXPECT_EQ(ones, 71);
}

TEST(Split, FoldsCoverEveryRowOnce) {
  const std::vector<int> y = labels(212, 357);
  Generator g(1);
  std::multiset<std::int64_t> tested;
  for (const Split& s : stratified_folds(y, 5, g)) {
    EXPECT_EQ(s.train.size() + s.test.size(), y.size());
    EXPECT_NEAR(static_cast<double>(s.test.size()), 569 / 5.0, 1);
    int zeros = 0;
    for (std::int64_t i : s.test) zeros += y[static_cast<std::size_t>(i)] == 0;
    EXPECT_NEAR(zeros, 212 / 5.0, 1);
    const std::set<std::int64_t> train(s.train.begin(), s.train.end());
    for (std::int64_t i : s.test) EXPECT_EQ(train.count(i), 0U);
    tested.insert(s.test.begin(), s.test.end());
  }
  EXPECT_EQ(tested.size(), y.size());
  EXPECT_EQ(std::set<std::int64_t>(tested.begin(), tested.end()).size(), y.size());
}

TEST(Split, StandardizerUsesTheRowsItWasMadeFrom) {
  gradtape::manual_seed(4);
  const gradtape::Tensor X = gradtape::randn({50, 3}, gradtape::kFloat64) * 7 + 3;
  gradtape::Tensor constant = X.clone();
  constant.select(1, 1).fill_(0.1);
  const Standardizer standardize(constant);
  const gradtape::Tensor S = standardize(constant);
  EXPECT_LE(S.mean({0}).abs().max().item<double>(), 1e-12);
  EXPECT_NEAR(S.select(1, 0).square().mean().item<double>(), 1, 1e-12);
  EXPECT_LE(S.select(1, 1).abs().max().item<double>(), 1e-12);
  // Other rows: the same shift and unit, not their own.
  EXPECT_TRUE(allclose(standardize(constant.slice(0, 0, 5)), S.slice(0, 0, 5), 1e-14, 1e-14));
}

TEST(Svg, TicksAreRound) {
  EXPECT_DOUBLE_EQ(examples::detail::nice_step(0.71, 6), 0.2);
  EXPECT_DOUBLE_EQ(examples::detail::nice_step(40, 10), 5);
  EXPECT_DOUBLE_EQ(examples::detail::nice_step(6e5, 6), 1e5);
  EXPECT_EQ(examples::detail::escaped("a<b & c"), "a&lt;b &amp; c");
}

}  // namespace
