// Values of one of several types.
#include "check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)

TEST(IValue, HoldsOneOfManyTypes) {
  IValue v;
  EXPECT_TRUE(v.isNone());
  v = 3;
  EXPECT_EQ(v.toInt(), 3);
  EXPECT_EQ(v.to<int>(), 3);
  v = 2.5f;
  EXPECT_EQ(v.to<float>(), 2.5f);
  v = true;
  EXPECT_TRUE(v.isBool() && v.to<bool>());
  v = "text";
  EXPECT_EQ(v.toStringRef(), "text");
  v = std::vector<double>{1, 2};
  IValue copy = v;
  v = ones({2});
  EXPECT_EQ(copy.toDoubleVector(), (std::vector<double>{1, 2}));
  EXPECT_EQ(copy.to<std::vector<double>>().size(), 2u);
  EXPECT_EQ(v.toTensor().numel(), 2);
  v = std::vector<Tensor>{ones({2}), Tensor()};
  EXPECT_EQ(v.toTensorVector().size(), 2u);
  EXPECT_ERROR(TypeError, v.toInt(), "[toInt] the value is a list of tensors, not an int");
  EXPECT_ERROR(TypeError, copy.toTensor(), "[toTensor] the value is a list of doubles, not a tensor");
  EXPECT_ERROR(TypeError, IValue().toScalar(), "[toScalar] the value is nothing, not a number");
  EXPECT_EQ(IValue(4).toScalar().toDouble(), 4);
}

}  // namespace
