// Grad mode, inference mode, detach, data, set_data.
#include <thread>

#include "check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using check::leaf;
using check::Numbers;
using check::values;

TEST(Modes, GradModeIsScopedAndPerThread) {
  EXPECT_TRUE(GradMode::is_enabled());
  const Tensor x = leaf({1, 2});
  {
    const NoGradGuard off;
    EXPECT_FALSE(GradMode::is_enabled());
    EXPECT_FALSE((x * 2).requires_grad());
    EXPECT_TRUE(x.requires_grad());
    {
      const AutoGradMode on(true);
      EXPECT_TRUE((x * 2).requires_grad());
    }
    EXPECT_FALSE(GradMode::is_enabled());
    bool elsewhere = false;
    std::thread([&] { elsewhere = GradMode::is_enabled(); }).join();
    EXPECT_TRUE(elsewhere);
  }
  EXPECT_TRUE(GradMode::is_enabled());
  try {
    const NoGradGuard off;
    throw 1;
  } catch (int) {
  }
  EXPECT_TRUE(GradMode::is_enabled());
}

TEST(Modes, NothingIsRecordedForConstants) {
  const auto before = tape::statistics().nodes_total;
  const Tensor a = ones({2}), b = exp(a) * a + 3;
  EXPECT_FALSE(b.requires_grad());
  const Tensor i = leaf({1, 2}) > 1;  // no gradient through integers and bools
  EXPECT_FALSE(i.requires_grad());
  EXPECT_EQ(tape::statistics().nodes_total, before);
}

TEST(Modes, RequiresGradCanBeSwitched) {
  Tensor x = ones({2});
  EXPECT_TRUE(x.is_leaf());
  x.requires_grad_();
  EXPECT_TRUE(x.is_leaf() && x.requires_grad());
  EXPECT_FALSE(x.grad_fn());
  x.set_requires_grad(false);
  EXPECT_FALSE(x.requires_grad());
  const Tensor y = leaf({1}) * 2;
  EXPECT_FALSE(y.is_leaf());
  EXPECT_TRUE(y.requires_grad_(true).requires_grad());
}

TEST(Modes, InferenceTensors) {
  Tensor t;
  {
    const InferenceMode mode;
    EXPECT_TRUE(InferenceMode::is_enabled());
    EXPECT_FALSE(GradMode::is_enabled());
    t = ones({2}, kFloat64);
    EXPECT_TRUE(t.is_inference());
    t.add_(1);
    EXPECT_TRUE(ones({2}, requires_grad()).requires_grad());
  }
  EXPECT_FALSE(InferenceMode::is_enabled());
  EXPECT_TRUE(GradMode::is_enabled());
  const Tensor x = leaf({1, 2});
  EXPECT_TRUE((x + t).requires_grad());
  EXPECT_ERROR(Error, x * t, "[mul] an inference tensor cannot be saved for backward");
  EXPECT_ERROR(Error, t.add_(1), "[add_] an inference tensor cannot be changed outside InferenceMode: float64[2]");
  EXPECT_ERROR(Error, t.requires_grad_(), "[requires_grad_] an inference tensor cannot require grad");
  EXPECT_ERROR(Error, t._version(), "[_version] inference tensors have no version");
  EXPECT_TRUE(t.view({2}).is_inference());
  EXPECT_TRUE(t.detach().is_inference());
  EXPECT_TRUE(t.data().is_inference());
  EXPECT_FALSE(t.clone().is_inference());
  EXPECT_EQ(values(x * t.clone()), (Numbers{2, 4}));
  EXPECT_EQ(values(t), (Numbers{2, 2}));
}

TEST(Modes, InferenceModeOutlastsGradMode) {
  const Tensor x = leaf({1, 2});
  {
    const InferenceMode mode;
    {
      const AutoGradMode on(true);
      EXPECT_FALSE((x * 2).requires_grad());
      EXPECT_TRUE((x * 2).is_inference());
    }
    {
      const InferenceMode off(false);
      EXPECT_TRUE(GradMode::is_enabled());
      const Tensor y = x * 2;
      EXPECT_TRUE(y.requires_grad());
      EXPECT_FALSE(y.is_inference());
    }
    EXPECT_FALSE(GradMode::is_enabled());
  }
  EXPECT_TRUE((x * 2).requires_grad());
}

TEST(Modes, InferenceModeLeavesNormalTensorsNormal) {
  const Tensor x = leaf({1, 2});
  Tensor y = x * 1;
  {
    const InferenceMode mode;
    y.add_(1);
    EXPECT_FALSE(y.view({2}).is_inference());
    EXPECT_TRUE(y.requires_grad());
    y.view({2});
  }
  EXPECT_EQ(y._version(), 1u);
  (y * 1).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{1, 1}));
}

TEST(Modes, DetachSharesElementsAndVersion) {
  const Tensor x = leaf({1, 2});
  Tensor y = x * 1;
  Tensor d = y.detach();
  EXPECT_FALSE(d.requires_grad());
  EXPECT_FALSE(d.is_view());
  EXPECT_TRUE(d.is_alias_of(y));
  d.add_(1);
  EXPECT_EQ(y._version(), 1u);
  EXPECT_EQ(values(y), (Numbers{2, 3}));
  d.requires_grad_();
  EXPECT_TRUE(d.is_leaf());
  EXPECT_FALSE(y.is_leaf());
}

TEST(Modes, DetachInPlace) {
  const Tensor x = leaf({1, 2});
  Tensor y = x * 2;
  const Tensor v = y.view({2});
  y.detach_();
  EXPECT_TRUE(y.is_leaf());
  EXPECT_FALSE(y.requires_grad());
  EXPECT_TRUE(v.requires_grad());
  v.sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{2, 2}));
  Tensor z = leaf({1});
  z.detach_();
  EXPECT_FALSE(z.requires_grad());
}

TEST(Modes, DataIsNotSeenByTheTape) {
  const Tensor x = leaf({1, 2});
  Tensor raw = x.data();
  EXPECT_FALSE(raw.requires_grad());
  raw.add_(1);
  EXPECT_EQ(x._version(), 0u);
  EXPECT_EQ(raw._version(), 1u);
  EXPECT_EQ(values(x), (Numbers{2, 3}));
  EXPECT_TRUE(raw.is_alias_of(x));
  EXPECT_TRUE(raw.data().is_alias_of(x));
  x.data() = full({2}, 7., kFloat64);
  EXPECT_EQ(values(x), (Numbers{7, 7}));
  x.data()[1] = 9;
  EXPECT_EQ(values(x), (Numbers{7, 9}));
  raw.fill_(1);
  raw = Tensor();
  EXPECT_EQ(values(x), (Numbers{1, 1}));
}

TEST(Modes, DataOutlivesItsTensor) {
  Tensor raw;
  {
    const Tensor x = full({1000}, 3., kFloat64);
    raw = x.data().view({10, 100});
  }
  EXPECT_EQ(raw.sum().item<double>(), 3000);
}

TEST(Modes, SetDataKeepsTheTensor) {
  Tensor x = leaf({1, 2});
  const Tensor other = zeros({3}, kFloat32);
  x.set_data(other);
  EXPECT_EQ(x.sizes(), IntArrayRef({3}));
  EXPECT_EQ(x.dtype(), kFloat32);
  EXPECT_TRUE(x.requires_grad() && x.is_leaf());
  EXPECT_TRUE(x.is_alias_of(other));
  (x * 2).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{2, 2, 2}));
  x.set_data(x);
  EXPECT_EQ(x.numel(), 3);
  x.set_data(ones({2, 2}).t());
  EXPECT_EQ(x.strides(), IntArrayRef({1, 2}));
}

TEST(Modes, NamesAreForPeople) {
  const Tensor x = leaf({1});
  EXPECT_EQ(x.name(), "");
  EXPECT_EQ(x.set_name("weight").name(), "weight");
  EXPECT_EQ((x * 1).name(), "");
}

}  // namespace
