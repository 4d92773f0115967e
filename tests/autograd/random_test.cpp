// Random numbers: one generator, the same numbers everywhere, its state saved and restored, moments, bounds.
#include <algorithm>
#include <cmath>

#include "check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using check::Numbers;
using check::values;

TEST(Random, IsPhilox) {
  // The first block of Philox 4x32-10 with key 0 and counter 0: 6627e8d5 e169c58d bc57ac4c 9b00dbd8 (known-answer test
  // of Random123).
  Generator g(0);
  EXPECT_EQ(g.random64(), 0xe169c58d6627e8d5u);
  EXPECT_EQ(g.state(), std::make_pair(std::uint64_t{0}, std::uint64_t{1}));
}

TEST(Random, SequencesAreReproducible) {
  manual_seed(42);
  const Numbers a = values(rand({3}, kFloat64)), b = values(randn({2}));
  const Tensor c = randint(100, {4}), d = randperm(5);
  manual_seed(42);
  EXPECT_EQ(values(rand({3}, kFloat64)), a);
  EXPECT_EQ(values(randn({2})), b);
  EXPECT_TRUE(randint(100, {4}).equal(c));
  EXPECT_TRUE(randperm(5).equal(d));
  EXPECT_EQ(default_generator().current_seed(), 42u);
  manual_seed(43);
  EXPECT_NE(values(rand({3}, kFloat64)), a);
}

TEST(Random, StateIsSavedAndRestored) {
  manual_seed(7);
  rand({13});
  const auto state = default_generator().state();
  const Numbers a = values(randn({5}));
  default_generator().set_state(state);
  EXPECT_EQ(values(randn({5})), a);
  Generator own(7);
  const double u = own.uniform();
  own.set_current_seed(7);
  EXPECT_EQ(own.uniform(), u);
}

TEST(Random, LayoutDoesNotMatter) {
  manual_seed(3);
  const Tensor a = rand({4, 3});
  manual_seed(3);
  Tensor b = empty({3, 4}).t();
  b.uniform_();
  EXPECT_EQ(values(a), values(b));
}

TEST(Random, UniformStaysBelowItsEnd) {
  manual_seed(1);
  for (ScalarType t : {kFloat32, kFloat64}) {
    const Numbers v = values(rand({200000}, t));
    EXPECT_GE(*std::min_element(v.begin(), v.end()), 0);
    EXPECT_LT(*std::max_element(v.begin(), v.end()), 1);
    double mean = 0, square = 0;
    for (double x : v) mean += x / 200000, square += x * x / 200000;
    EXPECT_NEAR(mean, 0.5, 5 * std::sqrt(1 / 12. / 200000));
    EXPECT_NEAR(square - mean * mean, 1 / 12., 1e-3);
  }
  const Numbers v = values(empty({1000}).uniform_(-3, -2));
  EXPECT_GE(*std::min_element(v.begin(), v.end()), -3);
  EXPECT_LE(*std::max_element(v.begin(), v.end()), -2);
  EXPECT_EQ(values(empty({2}).uniform_(4, 4)), (Numbers{4, 4}));
}

TEST(Random, NormalHasItsMoments) {
  manual_seed(2);
  const int n = 200000;
  const Numbers v = values(empty({n}, kFloat64).normal_(2, 3));
  double m1 = 0, m2 = 0, m3 = 0, m4 = 0;
  for (double x : v) {
    const double z = (x - 2) / 3;
    m1 += z / n, m2 += z * z / n, m3 += z * z * z / n, m4 += z * z * z * z / n;
  }
  EXPECT_NEAR(m1, 0, 5 / std::sqrt(n));
  EXPECT_NEAR(m2, 1, 5 * std::sqrt(2.0 / n));
  EXPECT_NEAR(m3, 0, 5 * std::sqrt(15.0 / n));
  EXPECT_NEAR(m4, 3, 5 * std::sqrt(96.0 / n));
  EXPECT_EQ(values(empty({2}).normal_(5, 0)), (Numbers{5, 5}));
}

TEST(Random, IntegersFillTheirRange) {
  manual_seed(4);
  std::vector<int> count(7, 0);
  const Tensor t = randint(-3, 4, {70000});
  for (std::int64_t i = 0; i < t.numel(); ++i) {
    const std::int64_t v = t.data_ptr<std::int64_t>()[i];
    ASSERT_GE(v, -3);
    ASSERT_LT(v, 4);
    ++count[static_cast<std::size_t>(v + 3)];
  }
  for (int c : count) EXPECT_NEAR(c, 10000, 5 * std::sqrt(10000 * 6 / 7.));
  EXPECT_EQ(values(randint(5, 6, {3})), (Numbers{5, 5, 5}));
  Generator g(5);
  for (int i = 0; i < 1000; ++i) EXPECT_LT(g.below(3), 3u);
  EXPECT_EQ(g.below(1), 0u);
}

TEST(Random, PermutationsHoldEveryNumberOnce) {
  manual_seed(6);
  for (std::int64_t n : {0, 1, 2, 17, 1000}) {
    const Tensor p = randperm(n);
    Numbers v = values(p);
    std::sort(v.begin(), v.end());
    for (std::int64_t i = 0; i < n; ++i) EXPECT_EQ(v[static_cast<std::size_t>(i)], static_cast<double>(i));
  }
  // All orders of three come up about equally often.
  std::vector<int> count(27, 0);
  for (int i = 0; i < 6000; ++i) {
    const Numbers v = values(randperm(3));
    ++count[static_cast<std::size_t>(v[0] * 9 + v[1] * 3 + v[2])];
  }
  int orders = 0;
  for (int c : count) {
    if (c == 0) continue;
    ++orders;
    EXPECT_NEAR(c, 1000, 5 * std::sqrt(1000 * 5 / 6.));
  }
  EXPECT_EQ(orders, 6);
  EXPECT_EQ(randperm(4, kInt32).dtype(), kInt32);
}

TEST(Random, LikeAnotherTensor) {
  const Tensor t = zeros({3, 2}, kFloat64).t();
  manual_seed(5);
  const Numbers uniform = values(rand_like(t)), normal = values(randn_like(t));
  manual_seed(5);
  EXPECT_EQ(values(rand({2, 3}, kFloat64)), uniform);
  EXPECT_EQ(values(randn({2, 3}, kFloat64)), normal);
  EXPECT_EQ(rand_like(t).dtype(), kFloat64);
  EXPECT_EQ(randn_like(arange(3), kFloat32).dtype(), kFloat32);
  EXPECT_EQ(empty_like(t).sizes(), t.sizes());
  EXPECT_EQ(empty_like(arange(3)).dtype(), kInt64);
  EXPECT_EQ(empty_like(t, kInt32).dtype(), kInt32);
  EXPECT_NE(empty_like(t).data_ptr(), t.data_ptr());
  EXPECT_EQ(rand_like(zeros({0, 2})).numel(), 0);
}

TEST(Random, StoredNumbers) {
  // Taken from this library once; a change here breaks what users have stored.
  manual_seed(0);
  EXPECT_EQ(values(rand({3}, kFloat64)), (Numbers{0.88052019788861424, 0.36209111566940344, 0.31944576791009149}));
  EXPECT_EQ(values(rand({2}, kFloat32)), (Numbers{0.41510701179504395, 0.69366365671157837}));
  const Numbers n = values(randn({3}, kFloat64));
  const Numbers expected = {-0.14595568297716499, 1.772399924128349, -0.28190663289750939};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(n[i], expected[i], 1e-15);
  EXPECT_EQ(values(randint(1000, {4})), (Numbers{627, 167, 815, 37}));
  EXPECT_EQ(values(randperm(6)), (Numbers{5, 3, 4, 0, 2, 1}));
}

}  // namespace
