// The checker itself: that right gradients pass, and that wrong ones of every kind do not.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <string>

namespace {
using namespace gradtape;            // NOLINT(google-build-using-namespace)
using namespace gradtape::autograd;  // NOLINT(google-build-using-namespace)

Tensor leaf(IntArrayRef sizes) { return randn(sizes, kFloat64).requires_grad_(); }

TEST(Gradcheck, RightGradientsPassAtEveryOrder) {
  const auto fn = [](const variable_list& x) { return tanh(x[0] * x[1]) / (1 + square(x[1])); };
  const variable_list inputs = {leaf({3, 2}), leaf({2})};
  for (int order = 1; order <= 4; ++order) {
    GradcheckOptions o;
    o.order = order;
    const GradcheckResult r = gradcheck(fn, inputs, o);
    EXPECT_TRUE(r) << r.to_string();
    EXPECT_FALSE(r.kink);
    EXPECT_FALSE(r.vacuous);
    EXPECT_EQ(r.inputs.size(), order == 1 ? 2u : order == 2 ? 3u : order == 3 ? 5u : 8u) << r.to_string();
  }
  EXPECT_FALSE(inputs[0].grad().defined());
}

// y with a gradient that `wrong` has changed on its way.
template <class F>
Tensor planted(const Tensor& y, F wrong) {
  if (y.requires_grad()) y.register_hook(wrong);
  return y;
}

TEST(Gradcheck, FindsAnErrorOfOnePartInABillion) {
  const auto fn = [](Tensor x) { return planted(x * x, [](Tensor g) { return g * (1 + 1e-9); }); };
  const GradcheckResult r = gradcheck(fn, {leaf({4})});
  EXPECT_FALSE(r);
  EXPECT_NEAR(r.inputs[0].relative, 1e-9, 1e-12);
  EXPECT_NE(r.to_string().find("NOT RIGHT"), std::string::npos) << r.to_string();
}

TEST(Gradcheck, NamesInputAndPlaceOfTheWorstEntry) {
  Tensor x = leaf({2, 3});
  x.set_name("weight");
  const auto wrong = [](Tensor g) {
    Tensor changed = g.clone();
    changed[1][2].mul_(-1);
    return changed;
  };
  const GradcheckResult r = gradcheck([&](Tensor t) { return planted(t * 3, wrong); }, {x});
  EXPECT_FALSE(r);
  EXPECT_EQ(r.inputs[0].name, "weight");
  EXPECT_EQ(r.inputs[0].place, Shape({1, 2}));
  EXPECT_EQ(r.inputs[0].analytic, -r.inputs[0].reference);
}

TEST(Gradcheck, SecondOrderFindsWhatFirstOrderCannot) {
  // The gradient 3 x^2 is right, but cut off from x.
  const auto fn = [](Tensor x) {
    const Tensor slope = 3 * square(x.detach());
    return planted(x + (x * x * x - x).detach(), [slope](Tensor g) { return g * slope; });
  };
  EXPECT_TRUE(gradcheck(fn, {leaf({3})}));
  const GradcheckResult r = gradgradcheck(fn, {leaf({3})});
  EXPECT_FALSE(r) << r.to_string();
  EXPECT_FALSE(r.inputs[0].ok);
  EXPECT_TRUE(r.inputs[1].ok) << r.to_string();
}

TEST(Gradcheck, KinksAreReportedAndNeitherPassNorFail) {
  Tensor x = linspace(-1.5, 1.5, 3, kFloat64).requires_grad_();
  const GradcheckResult r = gradcheck([](Tensor t) { return relu(t); }, {x});
  EXPECT_TRUE(r) << r.to_string();
  EXPECT_TRUE(r.kink);
  EXPECT_EQ(r.margin, 0);
  EXPECT_EQ(r.inputs[0].kinks, 1);
  EXPECT_EQ(r.inputs[0].entries, 2);
  const GradcheckResult all = gradcheck([](Tensor t) { return abs(t); }, {zeros({2}, kFloat64).requires_grad_()});
  EXPECT_FALSE(all);
  // A tie of a value with itself is no kink.
  EXPECT_FALSE(gradcheck([](Tensor t) { return maximum(t, t); }, {leaf({3})}).kink);
}

TEST(Gradcheck, TwoZeroSidesDoNotPass) {
  const auto fn = [](const variable_list& x) { return x[0] + 0 * x[1]; };
  const GradcheckResult r = gradcheck(fn, {leaf({2}), leaf({2})});
  EXPECT_FALSE(r);
  EXPECT_TRUE(r.vacuous);
  EXPECT_FALSE(r.inputs[0].vacuous);
  EXPECT_TRUE(r.inputs[1].vacuous);
  GradcheckOptions o;
  o.allow_zero = true;
  EXPECT_TRUE(gradcheck(fn, {leaf({2}), leaf({2})}, o));
}

TEST(Gradcheck, RandomOperationsSeeTheSameNumbers) {
  const auto state = default_generator().state();
  const GradcheckResult r = gradcheck([](Tensor x) { return x * rand(x.sizes(), x.options()); }, {leaf({5})});
  EXPECT_TRUE(r) << r.to_string();
  int calls = 0;
  const GradcheckResult changing = gradcheck([&](Tensor x) { return x * ++calls; }, {leaf({5})});
  EXPECT_TRUE(changing.nondeterministic);
  EXPECT_FALSE(changing);
  manual_seed(7);
  const auto before = default_generator().state();
  gradcheck([](Tensor x) { return x * rand(x.sizes(), x.options()); }, {zeros({2}, kFloat64).requires_grad_()});
  EXPECT_EQ(default_generator().state(), before);
  default_generator().set_state(state);
}

TEST(Gradcheck, SamplesEntriesAndKeepsTheEnds) {
  GradcheckOptions o;
  o.entries = 5;
  const GradcheckResult r = gradcheck([](Tensor x) { return square(x); }, {leaf({1000})}, o);
  EXPECT_TRUE(r);
  EXPECT_EQ(r.inputs[0].entries, 5);
}

std::string message_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "nothing was thrown";
}
void expect_error(const std::function<void()>& f, const std::string& text) {
  EXPECT_NE(message_of(f).find(text), std::string::npos) << message_of(f);
}

TEST(Gradcheck, WrongUseIsNamed) {
  const auto square_of = [](Tensor x) { return square(x); };
  expect_error([&] { gradcheck(square_of, {randn({2}).requires_grad_()}); }, "input 0 is float32[2]; inputs must be");
  expect_error([&] { gradcheck(square_of, {randn({2}, kFloat64)}); }, "no input requires grad");
  expect_error([&] { gradcheck(square_of, {Tensor()}); }, "input 0 is undefined");
  expect_error([&] { gradcheck(square_of, {leaf({2}), leaf({2})}); }, "fn takes one tensor, but 2 were given");
  expect_error([&] { gradcheck([](Tensor x) { return x > 0; }, {leaf({2})}); }, "no floating-point tensor");
  expect_error([&] { gradcheck([](Tensor x) { return x.detach(); }, {leaf({2})}); }, "does not depend on");
  expect_error([&] { gradcheck([](Tensor x) { return x.to(kFloat32); }, {leaf({2})}); }, "must compute in float64");
  expect_error([&] { gradcheck([](Tensor x) { return x * x.sum().item(); }, {leaf({2})}); }, "by item()");
  expect_error([&] { gradcheck(square_of, {ones({1}, kFloat64).expand({3}).detach().requires_grad_()}); },
               "share one place in memory");
}

}  // namespace
