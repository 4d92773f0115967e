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

}  // namespace
}  // namespace gradtape
