// In-place and out forms beside the form that returns its result: the same values, bits and gradients, in every
// layout; no element changed that is not the tensor's; values that a rule needs are guarded.
#include <cmath>
#include <set>

#include "expand.h"

namespace gradtape::table {
namespace {

Tensors rest_of(const Tensors& x) { return Tensors(x.begin() + 1, x.end()); }

// Bytes of t's storage that no element of t covers.
std::string surroundings(const Tensor& t) {
  std::set<std::int64_t> own;
  const Shape sizes(t.sizes());
  std::int64_t last = t.storage_offset();
  for_each_index(sizes, [&](const Shape& index) {
    std::int64_t at = t.storage_offset();
    for (std::size_t d = 0; d < index.size(); ++d) at += index[d] * t.strides()[d];
    own.insert(at);
    last = std::max(last, at);
  });
  const auto element = static_cast<std::size_t>(t.element_size());
  const char* memory = static_cast<const char*>(t.data_ptr()) - static_cast<std::size_t>(t.storage_offset()) * element;
  std::string out;
  for (std::int64_t k = 0; k <= last; ++k)
    if (!own.count(k)) out.append(memory + static_cast<std::size_t>(k) * element, element);
  return out;
}

// The result fits into the first input.
bool fits(const Row& row, const Case& c, const Tensor& self, const Tensor& result) {
  const auto category = [](ScalarType t) { return is_floating(t) ? 2 : t == kBool ? 0 : 1; };
  return self.sizes() == result.sizes() && category(expected_dtype(row, c, 0)) <= category(self.scalar_type());
}

std::vector<Case> first_sample(std::vector<Case> cases, const Row& row) {
  std::vector<Case> out;
  for (const Case& c : cases)
    if (c.sample == &row.samples[0]) out.push_back(c);
  return out;
}

class InPlace : public RowTest {};
TEST_P(InPlace, EqualsTheOtherForm) {
  const Row& row = *GetParam();
  for (const Case& c : first_sample(cases_of(row, {true, true, false}, 120), row)) {
    SCOPED_TRACE(c.describe());
    const Tensors x = make_inputs(row, c);
    const Tensor result = c.sample->call(x)[0];
    Tensor self = x[0];
    const std::string before = bits(x), around = surroundings(self);
    if (c.layouts[0] == Layout::Expanded && self.numel() == 0) continue;
    if (c.layouts[0] == Layout::Expanded || !fits(row, c, self, result)) {
      EXPECT_THROW(row.inplace(self, rest_of(x)), Error);
      EXPECT_EQ(bits(x), before) << "changed by a call that threw";
      continue;
    }
    const auto version = self._version();
    row.inplace(self, rest_of(x));
    EXPECT_TRUE(self.is_same(x[0]));
    EXPECT_GT(self._version(), version);
    EXPECT_TRUE(bits(self) == bits(result.to(self.scalar_type()))) << "other values than the form that returns them";
    EXPECT_EQ(surroundings(self), around) << "elements outside the tensor were changed";
    EXPECT_EQ(bits(rest_of(x)), bits(rest_of(make_inputs(row, c)))) << "another input was changed";
  }
}
INSTANTIATE_ROWS(InPlace, r.inplace != nullptr);

class InPlaceGradient : public RowTest {};
TEST_P(InPlaceGradient, EqualsTheComplexStep) {
  const Row& row = *GetParam();
  for (const Case& c : first_sample(cases_of(row, {false, false, true}, 30), row)) {
    SCOPED_TRACE(c.describe());
    const Tensors x = make_inputs(row, c);
    if (!fits(row, c, x[0], c.sample->call(x)[0])) continue;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (c.mask >> i & 1u) x[i].requires_grad_();
    // Inputs of other dtypes stay inside the functions.
    Tensors leaves;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (c.sample->inputs[i].is_value()) leaves.push_back(x[i]);
    const auto change = [&](Tensor& y, const Tensors& given) {
      Tensors others = x;
      std::size_t next = 0;
      for (std::size_t i = 0; i < x.size(); ++i)
        if (c.sample->inputs[i].is_value()) others[i] = given[next++];
      row.inplace(y, rest_of(others));
    };
    // On a tensor of its own; on a view, whose base sees it; with a reader of the old value before.
    const auto own = [&](const Tensors& in) {
      Tensor y = in[0].clone();
      change(y, in);
      return y;
    };
    const auto view = [&](const Tensors& in) {
      const Tensor base = stack({in[0], in[0] * 2});
      Tensor part = base[1];
      change(part, in);
      return base;
    };
    const auto read_before = [&](const Tensors& in) {
      Tensor y = in[0] * 1;
      const Tensor before = y + 1;
      change(y, in);
      return Tensors{before, y};
    };
    for (int order : {1, 2}) {
      autograd::GradcheckOptions o;
      o.order = order;
      o.entries = 8;
      o.allow_zero = true;
      if (row.may_cancel) o.absolute_tolerance = 1e-14;
      for (const autograd::TensorFunction& fn :
           {autograd::TensorFunction(own), autograd::TensorFunction(view), autograd::TensorFunction(read_before)}) {
        count_case();
        const autograd::GradcheckResult r = autograd::gradcheck(fn, leaves, o);
        ASSERT_TRUE(r) << r.to_string();
      }
    }
  }
}
INSTANTIATE_ROWS(InPlaceGradient, r.inplace != nullptr && r.differentiable);

class Out : public RowTest {};
TEST_P(Out, EqualsTheOtherForm) {
  const Row& row = *GetParam();
  for (const Case& c : first_sample(cases_of(row, {true, true, false}, 60), row)) {
    SCOPED_TRACE(c.describe());
    const Tensors x = make_inputs(row, c);
    const Tensor result = c.sample->call(x)[0];
    // The layout of the first input serves for the result.
    Tensor y = lay_out(read(result), result.scalar_type(),
                       c.layouts[0] == Layout::Expanded ? Layout::Contiguous : c.layouts[0]);
    y.zero_();
    const std::string around = surroundings(y);
    row.out(y, x);
    EXPECT_TRUE(bits(y) == bits(result));
    EXPECT_EQ(surroundings(y), around);
    Tensor other = zeros({5, 2, 1}, result.scalar_type());
    row.out(other, x);
    EXPECT_TRUE(bits(other) == bits(result)) << "a result of another shape takes the right one";
    if (!x[0].is_floating_point() || !row.differentiable) continue;
    x[0].requires_grad_();
    EXPECT_THROW(row.out(y, x), Error);
  }
}
INSTANTIATE_ROWS(Out, r.out != nullptr);

// What became of the gradients after one tensor was overwritten.
struct Outcome {
  Tensors gradients;
  std::string message;  // of the error
  bool overwritten = true;
};

// Calls the operation, overwrites tensor `target` (inputs, then outputs; kNone: none), and sweeps.
constexpr std::size_t kNone = 99;
Outcome overwrite(const Row& row, const Case& c, std::size_t target) {
  Outcome out;
  const Tensors leaves = make_inputs(row, c);
  Tensors x;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (c.mask >> i & 1u) leaves[i].requires_grad_();
    x.push_back(leaves[i].clone());
  }
  const Tensors y = c.sample->call(x);
  Tensors roots, weights;
  Generator draws(5);
  for (const Tensor& t : y) {
    if (!t.requires_grad()) continue;
    Plain w{Shape(t.sizes())};
    for (Real& v : w.v) v = draws.normal();
    roots.push_back(t);
    weights.push_back(lay_out(w, kFloat64, Layout::Contiguous));
  }
  try {
    const NoGradGuard guard;
    if (target < x.size()) x[target].fill_(c.sample->inputs[target].is_value() ? Scalar(0.75) : Scalar(0));
    if (target >= x.size() && target < x.size() + y.size()) y[target - x.size()].fill_(0.75);
  } catch (const Error&) {
    out.overwritten = false;  // elements that share memory
  }
  try {
    if (!roots.empty()) autograd::backward(roots, weights);
  } catch (const Error& e) {
    out.message = e.what();
    for (const Tensor& t : leaves) EXPECT_FALSE(t.grad().defined()) << "an error left a gradient behind";
  }
  for (const Tensor& t : leaves) out.gradients.push_back(t.grad());
  return out;
}

void expect_close(const Tensors& got, const Tensors& want) {
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_EQ(got[i].defined(), want[i].defined());
    if (!got[i].defined()) continue;
    Plain scale = read(want[i]);
    Real largest = 0;
    for (Real v : scale.v) largest = std::max(largest, std::fabs(v));
    for (Real& v : scale.v) v = largest;
    // Not bit by bit: a view of an overwritten tensor finds its way back by another rule.
    EXPECT_TRUE(close(got[i], read(want[i]), &scale, 64)) << "input " << i;
  }
}

// Overwriting any input or output after the call either leaves the gradients as they were or is reported.
class Saved : public RowTest {};
TEST_P(Saved, ValuesThatWereOverwrittenAreReported) {
  const Row& row = *GetParam();
  int reported = 0;
  for (const Case& c : cases_of(row, {false, false, true}, 30)) {
    SCOPED_TRACE(c.describe());
    const Outcome before = overwrite(row, c, kNone);
    ASSERT_EQ(before.message, "");
    const std::size_t tensors = c.shapes->size() + c.sample->call(make_inputs(row, c)).size();
    for (std::size_t target = 0; target < tensors; ++target) {
      SCOPED_TRACE("tensor " + std::to_string(target) + " overwritten");
      count_case();
      const Outcome after = overwrite(row, c, target);
      if (!after.overwritten) continue;
      const std::string& m = after.message;
      if (m.empty()) {
        expect_close(after.gradients, before.gradients);
      } else if (row.several_views) {
        EXPECT_NE(m.find("several views"), std::string::npos) << m;
      } else {
        ++reported;
        EXPECT_EQ(m.find("[backward]"), 0u) << m;
        EXPECT_NE(m.find("(recorded by " + row.saver), std::string::npos) << m;
        EXPECT_NE(m.find("fill_ changed it"), std::string::npos) << m;
      }
    }
  }
  if (row.saving) {
    EXPECT_GT(reported, 0) << "nothing seems to be saved";
  } else {
    EXPECT_EQ(reported, 0) << "more is saved than the rule reads";
  }
}
INSTANTIATE_ROWS(Saved, r.differentiable);

}  // namespace
}  // namespace gradtape::table
