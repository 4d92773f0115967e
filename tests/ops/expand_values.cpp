// Values against plain mathematics in every dtype and layout; result dtype and shape; the same bits in every layout
// and run; inputs untouched; nothing recorded without grad mode.
#include <algorithm>

#include "expand.h"

namespace gradtape::table {
namespace {

class Values : public RowTest {};
TEST_P(Values, EqualThePlainMathematics) {
  const Row& row = *GetParam();
  for (const Case& c : cases_of(row, {true, true, false}, 120)) {
    SCOPED_TRACE(c.describe());
    const Tensors x = make_inputs(row, c);
    const std::string before = bits(x);
    const Tensors y = c.sample->call(x);
    const Plains in = read(x);
    const Plains reference = c.sample->reference(in);
    ASSERT_EQ(y.size(), reference.size());
    const Plains scale = scale_of(row, *c.sample, in);
    for (std::size_t k = 0; k < y.size(); ++k) {
      ASSERT_EQ(y[k].scalar_type(), expected_dtype(row, c, k)) << "output " << k;
      ASSERT_TRUE(close(y[k], reference[k], &scale[k], row.tolerance)) << "output " << k;
    }
    EXPECT_EQ(bits(x), before) << "an input was changed";
    const std::string result = bits(y);
    EXPECT_TRUE(bits(c.sample->call(x)) == result) << "a second run gives other bits";
    Tensors plain;
    for (const Tensor& t : x) plain.push_back(contiguous_copy(t));
    EXPECT_TRUE(bits(c.sample->call(plain)) == result) << "contiguous inputs give other bits";
  }
}
INSTANTIATE_ROWS(Values, true);

class NoGrad : public RowTest {};
TEST_P(NoGrad, RecordsNothing) {
  const Row& row = *GetParam();
  for (const Case& c : cases_of(row, {}, 5)) {
    SCOPED_TRACE(c.describe());
    const Tensors x = make_inputs(row, c);
    for (std::size_t i = 0; i < x.size(); ++i)
      if (c.sample->inputs[i].is_value()) x[i].requires_grad_();
    const Tensors recorded = c.sample->call(x);
    bool any = false;
    for (const Tensor& y : recorded) any = any || y.requires_grad();
    EXPECT_EQ(any, row.differentiable);
    const auto before = tape::statistics();
    const NoGradGuard guard;
    const auto is_input = [&](const Tensor& y) {
      return std::any_of(x.begin(), x.end(), [&](const Tensor& t) { return t.is_same(y); });
    };
    for (const Tensor& y : c.sample->call(x)) EXPECT_TRUE(!y.requires_grad() || is_input(y));
    EXPECT_EQ(tape::statistics().nodes_total, before.nodes_total);
    EXPECT_EQ(tape::position(), before.position);
  }
}
INSTANTIATE_ROWS(NoGrad, true);

}  // namespace
}  // namespace gradtape::table
