// Gradients of first and second order against the complex step; the same bits in every layout and run; float32
// gradients beside float64 ones; conventions where there is no derivative.
#include <cmath>

#include "expand.h"

namespace gradtape::table {
namespace {

// The row's call as a function of its inputs that are values; the others, and what expand() repeats, stay inside.
struct Function {
  autograd::TensorFunction fn;
  Tensors inputs;
};
Function function_of(const Row& row, const Case& c) {
  const Tensors x = make_inputs(row, c);
  Tensors leaves;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!c.sample->inputs[i].is_value()) continue;
    leaves.push_back(c.layouts[i] == Layout::Expanded ? compact(x[i]) : x[i]);
    if (c.mask >> i & 1u) leaves.back().requires_grad_();
  }
  const auto fn = [&c, x](const Tensors& given) {
    Tensors all = x;
    std::size_t next = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!c.sample->inputs[i].is_value()) continue;
      const Tensor& t = given[next++];
      all[i] = c.layouts[i] == Layout::Expanded ? t.expand(x[i].sizes()) : t;
    }
    return c.sample->call(all);
  };
  return {fn, leaves};
}

bool all_finite(const Tensors& t) {
  for (const Plain& p : read(t))
    for (Real v : p.v)
      if (!std::isfinite(v)) return false;
  return true;
}

// All cases of a row. A single one may have a gradient of 0 (relu of one negative number); a row may not.
void check_order(const Row& row, int order, std::size_t limit) {
  std::vector<bool> moved;
  std::vector<std::string> names;
  for (const Case& c : cases_of(row, {false, true, true}, limit)) {
    SCOPED_TRACE(c.describe());
    const Function f = function_of(row, c);
    // The mean of nothing and the like have no gradient to differentiate.
    if (order > 1 && !all_finite(c.sample->call(make_inputs(row, c)))) continue;
    autograd::GradcheckOptions o;
    o.order = order;
    o.entries = order == 1 ? 24 : 12;
    o.allow_zero = true;
    if (row.may_cancel) o.absolute_tolerance = 1e-14;
    const autograd::GradcheckResult r = autograd::gradcheck(f.fn, f.inputs, o);
    ASSERT_TRUE(r) << r.to_string();
    ASSERT_FALSE(r.kink) << "the inputs must be drawn away from kinks\n" << r.to_string();
    for (const auto& i : r.inputs) {
      // At second order a linear operation moves only with the arriving gradients.
      if (order > 1 && i.name.compare(0, 5, "input") == 0) continue;
      std::size_t k = 0;
      while (k < names.size() && names[k] != i.name) ++k;
      if (k == names.size()) {
        names.push_back(i.name);
        moved.push_back(false);
      }
      moved[k] = moved[k] || (i.entries > 0 && !i.vacuous);
    }
  }
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (row.flat) {
      EXPECT_FALSE(moved[k]) << "a gradient that is not 0, for " << names[k];
      continue;
    }
    EXPECT_TRUE(moved[k]) << "nothing was checked: gradient and reference are 0 in every case, for " << names[k];
  }
}

class Gradient : public RowTest {};
TEST_P(Gradient, EqualsTheComplexStep) { check_order(*GetParam(), 1, 60); }
INSTANTIATE_ROWS(Gradient, r.differentiable);

class SecondGradient : public RowTest {};
TEST_P(SecondGradient, EqualsTheComplexStep) { check_order(*GetParam(), 2, 30); }
INSTANTIATE_ROWS(SecondGradient, r.differentiable && !r.flat);

// Gradients of a weighted sum of the floating outputs; undefined where none is required.
Tensors gradients(const Case& c, const Tensors& x) {
  Tensors leaves;
  for (std::size_t i = 0; i < x.size(); ++i) {
    leaves.push_back(x[i].detach());
    if (c.mask >> i & 1u) leaves.back().requires_grad_();
  }
  Tensors roots, weights, wanted;
  Generator g(11);
  for (const Tensor& y : c.sample->call(leaves)) {
    if (!y.requires_grad()) continue;
    roots.push_back(y);
    Plain w{Shape(y.sizes())};
    for (Real& v : w.v) v = static_cast<float>(g.normal());
    weights.push_back(lay_out(w, y.scalar_type(), Layout::Contiguous));
  }
  if (!roots.empty()) autograd::backward(roots, weights);
  Tensors out;
  for (const Tensor& t : leaves) out.push_back(t.grad());
  return out;
}

class GradientLayout : public RowTest {};
TEST_P(GradientLayout, HasTheSameBitsInEveryLayoutAndRun) {
  const Row& row = *GetParam();
  for (const Case& c : cases_of(row, {false, true, true}, 40)) {
    for (ScalarType t : kFloatingTypes) {
      Case typed = c;
      typed.dtype = t;
      SCOPED_TRACE(typed.describe());
      const Tensors x = make_inputs(row, typed);
      const Tensors g = gradients(typed, x);
      for (std::size_t i = 0; i < x.size(); ++i) {
        ASSERT_EQ(g[i].defined(), (c.mask >> i & 1u) != 0) << "input " << i;
        if (!g[i].defined()) continue;
        EXPECT_EQ(Shape(g[i].sizes()), Shape(x[i].sizes()));
        EXPECT_EQ(g[i].scalar_type(), t);
      }
      const std::string result = bits(g);
      EXPECT_TRUE(bits(gradients(typed, x)) == result) << "a second run gives other bits";
      Tensors plain;
      for (const Tensor& v : x) plain.push_back(contiguous_copy(v));
      EXPECT_TRUE(bits(gradients(typed, plain)) == result) << "contiguous inputs give other bits";
    }
  }
}
INSTANTIATE_ROWS(GradientLayout, r.differentiable);

class SingleGradient : public RowTest {};
TEST_P(SingleGradient, IsNearTheDoubleOne) {
  const Row& row = *GetParam();
  for (Case c : cases_of(row, {false, false, true}, 20)) {
    SCOPED_TRACE(c.describe());
    c.dtype = kFloat32;
    const Tensors single = make_inputs(row, c);
    Tensors both;
    for (const Tensor& t : single) both.push_back(t.is_floating_point() ? t.to(kFloat64) : t);
    const Tensors g = gradients(c, single), reference = gradients(c, both);
    for (std::size_t i = 0; i < g.size(); ++i) {
      if (!g[i].defined()) continue;
      const Plain want = read(reference[i]);
      Plain scale = want;
      Real largest = 0;
      for (Real v : want.v) largest = std::max(largest, std::fabs(v));
      for (Real& v : scale.v) v = largest;
      EXPECT_TRUE(close(g[i], want, &scale, 32)) << "input " << i;
    }
  }
}
INSTANTIATE_ROWS(SingleGradient, r.differentiable);

class Conventions : public RowTest {};
TEST_P(Conventions, HoldWhereThereIsNoDerivative) {
  for (const Convention& k : GetParam()->conventions) {
    count_case();
    Tensors x;
    for (const auto& values : k.inputs) {
      Plain p(Shape{static_cast<std::int64_t>(values.size())});
      p.v.assign(values.begin(), values.end());
      x.push_back(lay_out(p, kFloat64, Layout::Contiguous).requires_grad_());
    }
    autograd::backward({GetParam()->samples[0].call(x)[0].sum()});
    for (std::size_t i = 0; i < x.size(); ++i) {
      ASSERT_TRUE(x[i].grad().defined());
      const Plain g = read(x[i].grad());
      for (std::size_t e = 0; e < g.v.size(); ++e) {
        const double have = static_cast<double>(g.v[e]), want = k.gradients[i][e];
        EXPECT_TRUE(have == want || (std::isnan(have) && std::isnan(want)))
            << "input " << i << " element " << e << ": gradient " << have << ", expected " << want;
      }
    }
  }
}
INSTANTIATE_ROWS(Conventions, !r.conventions.empty());

}  // namespace
}  // namespace gradtape::table
