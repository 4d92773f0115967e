// Linear algebra where the complex step has no answer.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

namespace gradtape {
namespace {

// The gradients of sum(w f(x)) with respect to x, of first order and of the sum of squares of the first.
std::vector<Tensor> both_orders(const std::function<Tensor(const Tensor&)>& f, const Tensor& values, const Tensor& w) {
  const Tensor x = values.clone().requires_grad_();
  const Tensor g = autograd::grad({(f(x) * w).sum()}, {x}, {}, true, true)[0];
  return {g, autograd::grad({(g * g).sum()}, {x})[0]};
}

TEST(Pseudoinverse, OfRankOneHasTheGradientOfItsClosedForm) {
  manual_seed(3);
  for (std::int64_t n : {2, 3, 6}) {
    const Tensor x = randn({n}, kFloat64), w = randn({n, n}, kFloat64);
    const auto direct = both_orders([](const Tensor& v) { return at::linalg_pinv(outer(v, v), 1e-6); }, x, w);
    const auto closed = both_orders([](const Tensor& v) { return outer(v, v) / pow(dot(v, v), 2); }, x, w);
    for (std::size_t order : {0u, 1u}) {
      EXPECT_GT(closed[order].abs().max().item<double>(), 1e-3);
      const double error = ((direct[order] - closed[order]).abs().max() / closed[order].abs().max()).item<double>();
      EXPECT_LT(error, order == 0 ? 1e-12 : 1e-10) << "order " << order + 1 << ", n = " << n;
    }
  }
}

// Rows that rounding left, of squares whose squares no float32 holds.
TEST(Svd, OfRankOneInFloat32Converges) {
  const Tensor x = tensor(
      {0x1.b07158p-2, 0x1.33838ap+0, -0x1.054aa8p-3, -0x1.bf4b28p-1, -0x1.b40abep-14, -0x1.5a4bb4p-1, 0x1.203524p+1},
      kFloat32);
  const Tensor y = tensor(
      {-0x1.3f0bbap-1, 0x1.b8cf94p-3, -0x1.bd2618p-1, 0x1.bfc21p-2, -0x1.a52586p-2, -0x1.e046b8p-2, -0x1.27fb52p+0},
      kFloat32);
  const Tensor a = outer(x, y), one = eye(7);
  const auto [u, s, v] = at::linalg_svd(a);
  const auto differ = [](const Tensor& p, const Tensor& q) { return (p - q).abs().max().item<double>(); };
  EXPECT_LT(differ(u.matmul(s.diag()).matmul(v), a), 1e-5);
  EXPECT_LT(differ(u.t().matmul(u), one), 1e-5);
  EXPECT_LT(differ(v.matmul(v.t()), one), 1e-5);
  EXPECT_LT(s[1].item<double>(), 1e-6 * s[0].item<double>());
}

}  // namespace
}  // namespace gradtape
