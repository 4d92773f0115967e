// In-place changes: values, versions, history of views and bases, and what is refused.
#include <cmath>

#include "check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using check::leaf;
using check::Numbers;
using check::values;

TEST(InPlace, RaisesTheVersionOfAllViews) {
  Tensor x = zeros({2, 3});
  const Tensor v = x[0], d = x.detach(), c = x.clone();
  EXPECT_EQ(x._version(), 0u);
  x.add_(1);
  v.mul_(2);
  d.zero_();
  EXPECT_EQ(x._version(), 3u);
  EXPECT_EQ(v._version(), 3u);
  EXPECT_EQ(d._version(), 3u);
  EXPECT_EQ(c._version(), 0u);
  x.data().add_(1);  // its own counter
  EXPECT_EQ(x._version(), 3u);
  EXPECT_EQ(x.data()._version(), 0u);
  EXPECT_EQ(values(x), (Numbers{1, 1, 1, 1, 1, 1}));
}

TEST(InPlace, ReturnsTheTensorItself) {
  Tensor x = ones({2});
  EXPECT_TRUE((x += 1).is_same(x));
  EXPECT_TRUE((x *= x).is_same(x));
  EXPECT_TRUE(x.sub_(1).div_(3).exp_().is_same(x));
}

TEST(InPlace, ConstHandlesToo) {
  const Tensor x = leaf({1, 2});
  (x * x).sum().backward();
  x.grad().zero_();
  EXPECT_EQ(values(x.grad()), (Numbers{0, 0}));
}

TEST(InPlace, IndexedAssignmentWritesThrough) {
  Tensor t = zeros({2, 2});
  t[0] = ones({2}) * 5;
  t[1][1] = 7;
  t.select(0, 1).narrow(0, 0, 1) = full({1}, 3.0);
  EXPECT_EQ(values(t), (Numbers{5, 5, 3, 7}));
  Tensor other = zeros({2, 2});
  other = t;  // a handle takes another tensor
  EXPECT_TRUE(other.is_same(t));
  const Tensor x = leaf({1, 2});
  Tensor y = zeros({2, 2}, kFloat64);
  y[0] = x * 2;
  y[1] = x * 3;
  (y * y).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{26, 52}));
  x.mutable_grad().data() = full({2}, 9.0, kFloat64);
  EXPECT_EQ(values(x.grad()), (Numbers{9, 9}));
}

TEST(InPlace, SelfAndOverlappingOperands) {
  const Tensor x = leaf({2, 3});
  Tensor y = x * 1;
  y.mul_(y);
  y.add_(y);
  y.sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{8, 12}));

  const Tensor m = leaf({1, 2, 3, 4}, {2, 2});
  Tensor a = m * 1;
  a.add_(a.t());
  EXPECT_EQ(values(a), (Numbers{2, 5, 5, 8}));
  a.mul_(a.t());
  EXPECT_EQ(values(a), (Numbers{4, 25, 25, 64}));
  a.sum().backward();
  EXPECT_EQ(values(m.grad()), (Numbers{8, 20, 20, 32}));

  const NoGradGuard off;
  Tensor p = arange(6., kFloat64);
  p.slice(0, 1, 6).copy_(p.slice(0, 0, 5));
  EXPECT_EQ(values(p), (Numbers{0, 0, 1, 2, 3, 4}));
  p.slice(0, 0, 5).add_(p.slice(0, 1, 6));
  EXPECT_EQ(values(p), (Numbers{0, 1, 3, 5, 7, 4}));
  Tensor q = arange(4., kFloat64).view({2, 2});
  q.mul_(q.data().t());  // the same memory behind another version counter
  EXPECT_EQ(values(q), (Numbers{0, 2, 2, 9}));
  q.pow_(q.t());
  EXPECT_EQ(values(q), (Numbers{1, 4, 4, std::pow(9., 9.)}));
}

TEST(InPlace, BroadcastsTheOtherOperand) {
  const Tensor x = leaf({1, 2, 3, 4}, {2, 2}), b = leaf({10, 20}), s = leaf({5}, {1, 1});
  Tensor y = x * 1;
  y.mul_(b).add_(s);
  y.sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{10, 20, 10, 20}));
  EXPECT_EQ(values(b.grad()), (Numbers{4, 6}));
  EXPECT_EQ(values(s.grad()), (Numbers{4}));
}

TEST(InPlace, KeepsTheDtype) {
  const Tensor d = leaf({2, 3}, {}, kFloat64);
  Tensor f = ones({2}, kFloat32);
  f.mul_(d);
  EXPECT_EQ(f.dtype(), kFloat32);
  f.sum().backward();
  EXPECT_EQ(d.grad().dtype(), kFloat64);
  EXPECT_EQ(values(d.grad()), (Numbers{1, 1}));
  Tensor i = ones({2}, kInt32);
  i.add_(ones({2}, kInt64));
  EXPECT_EQ(i.dtype(), kInt32);
  EXPECT_EQ(values(i), (Numbers{2, 2}));
  i.add_(true);
  EXPECT_EQ(values(i), (Numbers{3, 3}));
  EXPECT_ERROR(TypeError, i.add_(1.5), "[add_] the result float32[2] cannot be stored in int32[2]");
  EXPECT_ERROR(TypeError, i.add_(ones({2})), "[add_] the result float32[2] cannot be stored in int32[2]");
  EXPECT_ERROR(TypeError, i.div_(2), "[div_] the result float32[2] cannot be stored in int32[2]");
  EXPECT_ERROR(TypeError, i.exp_(), "[exp_] the result float32[2] cannot be stored in int32[2]");
  EXPECT_ERROR(TypeError, ones({2}, kBool).add_(ones({2}, kInt64)), "cannot be stored in bool[2]");
  EXPECT_EQ(values(i), (Numbers{3, 3}));
  EXPECT_EQ(i._version(), 2u);
}

TEST(InPlace, ZeroDimensionalAndEmpty) {
  const Tensor x = leaf({3}, {1}).detach().reshape(IntArrayRef()).requires_grad_();
  Tensor y = x * 1;
  y.mul_(x).add_(1).sigmoid_();
  y.backward();
  const double s = 1 / (1 + std::exp(-10.0));
  EXPECT_NEAR(x.grad().item<double>(), 6 * s * (1 - s), 1e-15);
  Tensor e = (zeros({0, 3}, TensorOptions(kFloat64).requires_grad(true)) * 1);
  e.mul_(2).add_(e).copy_(e).zero_();
  e.narrow(1, 0, 2).mul_(3);
  e.sum().backward();
}

TEST(InPlace, ErrorsChangeNothing) {
  Tensor x = ones({2, 1});
  EXPECT_ERROR(Error, x.add_(ones({2, 3})), "[add_] the result float32[2, 3] does not fit into self float32[2, 1]");
  EXPECT_ERROR(Error, x.add_(ones({3})), "[add_]");
  EXPECT_ERROR(Error, x.add_(ones({3, 4})), "do not broadcast");
  EXPECT_ERROR(Error, x.copy_(ones({3})), "[copy_] source float32[3] does not broadcast to self float32[2, 1]");
  EXPECT_ERROR(Error, x.copy_(Tensor()), "[copy_] argument 2 is an undefined tensor");
  EXPECT_ERROR(Error, x.add_(Tensor()), "argument 2 is an undefined tensor");
  EXPECT_ERROR(Error, Tensor().add_(1), "undefined tensor");
  EXPECT_ERROR(Error, Tensor().zero_(), "[fill_] argument 1 is an undefined tensor");
  EXPECT_ERROR(Error, x.fill_(ones({2})), "[fill_] value must be 0-d, got float32[2]");
  EXPECT_EQ(values(x), (Numbers{1, 1}));
  EXPECT_EQ(x._version(), 0u);
}

TEST(InPlace, RefusesLeavesAndTheirViews) {
  const Tensor x = leaf({1, 2, 3, 4});
  EXPECT_ERROR(Error, x.mul_(2), "[mul_] a leaf that requires grad cannot be changed in place: float64[4]");
  const Tensor view_as_leaf = zeros({4}).view({2, 2}).requires_grad_();
  EXPECT_ERROR(Error, view_as_leaf[0].mul_(2), "[mul_] this is a view of a leaf that requires grad: float32[2]");
  EXPECT_ERROR(Error, x.view({2, 2}).mul_(2), "[mul_] this is a view of a leaf that requires grad: float64[2, 2]");
  EXPECT_ERROR(Error, x.zero_(), "[fill_] a leaf that requires grad");
  EXPECT_ERROR(Error, x.uniform_(), "[uniform_] a leaf that requires grad");
  Tensor late = zeros({2, 2});
  const Tensor view = late[0];
  late.requires_grad_();
  EXPECT_ERROR(Error, view.add_(1), "this is a view of a leaf that requires grad");
  EXPECT_EQ(x._version(), 0u);
  const NoGradGuard off;
  x.mul_(2);
  x[0].add_(1);
  EXPECT_EQ(values(x), (Numbers{3, 4, 6, 8}));
  EXPECT_EQ(x._version(), 2u);
  EXPECT_TRUE(x.is_leaf());
}

TEST(InPlace, RefusesSharedElements) {
  Tensor e = ones({1}).expand({3});
  EXPECT_ERROR(Error, e.add_(1), "[add_] several elements of float32[3] share one place in memory (strides [0])");
  EXPECT_ERROR(Error, e.exp_(), "[exp_] several elements");
  EXPECT_ERROR(Error, e.copy_(ones({3})), "[copy_] several elements");
  EXPECT_ERROR(Error, ones({4}).as_strided({2, 2}, {1, 1}).add_(1), "several elements");
  ones({1, 3}).expand({1, 3}).add_(1);
  ones({2}).expand({0, 2}).add_(1);
}

TEST(InPlace, RefusesViewsOfOneCall) {
  const Tensor x = leaf({1, 2, 3, 4});
  Tensor y = x * 1;
  for (const auto& views : {y.chunk(2), y.split(2), y.unbind()})
    EXPECT_ERROR(Error, views[0].mul_(2), "it is one of several views made by one call (split, chunk, unbind");
  EXPECT_ERROR(Error, y.chunk(2)[0].view({1, 2}).mul_(2), "several views made by one call");
  // What is not recorded is allowed.
  Tensor plain = ones({4});
  plain.chunk(2)[1].mul_(3);
  EXPECT_EQ(values(plain), (Numbers{1, 1, 3, 3}));
  EXPECT_ERROR(Error, plain.chunk(2)[1].mul_(x.narrow(0, 0, 2)), "several views made by one call");
  // They cannot follow their base either, but reading what they are does not throw.
  const auto parts = y.chunk(2);
  y.mul_(2);
  EXPECT_TRUE(parts[0].requires_grad());
  EXPECT_FALSE(parts[0].is_leaf());
  EXPECT_ERROR(Error, parts[0] * 2, "the base of the view float64[2] or another view of it was changed by mul_");
  EXPECT_ERROR(Error, parts[0].sum().backward(), "several views made by one call");
}

TEST(InPlace, RefusesViewsMadeWithoutRecording) {
  const Tensor x = leaf({1, 2});
  Tensor y = x * 1, v;
  {
    const NoGradGuard off;
    v = y.view({2});
  }
  EXPECT_ERROR(Error, v.mul_(2),
               "[mul_] the view float64[2] cannot be changed in place: it was made without recording");
  {
    const NoGradGuard off;
    v.mul_(2);
  }
  EXPECT_EQ(values(y), (Numbers{2, 4}));
  EXPECT_ERROR(Error, v * 2, "this view cannot follow: it was made without recording");
  {
    const InferenceMode mode;
    v = y.view({2});
    EXPECT_FALSE(v.is_inference());
  }
  EXPECT_ERROR(Error, v.mul_(2), "it was made without recording");
}

TEST(InPlace, ViewAndBaseFollowEachOther) {
  const Tensor x = leaf({1, 2, 3, 4}, {2, 2});
  Tensor y = x * 1;
  const Tensor row = y[0], element = row[1], whole = y.view({4});
  row.mul_(10);       // through a view
  y.add_(1);          // through the base
  element.mul_(3);    // through a view of a view
  whole.mul_(whole);  // through another view
  EXPECT_EQ(values(y), (Numbers{121, 63 * 63, 16, 25}));
  EXPECT_EQ(element.item<double>(), 63 * 63);
  element.backward({}, true);
  EXPECT_EQ(values(x.grad()), (Numbers{0, 2 * 63 * 30, 0, 0}));
  x.grad().zero_();
  (y + whole.view({2, 2})).sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{2 * 220, 2 * 3780, 16, 20}));
}

TEST(InPlace, AnUntrackedBaseBecomesTracked) {
  const Tensor w = leaf({5});
  Tensor b = ones({2, 2}, kFloat64);
  const Tensor early = b.view({4}), column = b.select(1, 1);
  EXPECT_FALSE(early.requires_grad());
  column.mul_(w);
  EXPECT_TRUE(b.requires_grad());
  EXPECT_TRUE(early.requires_grad());
  EXPECT_EQ(b.grad_fn().name(), "CopySlicesBackward");
  early.sum().backward({}, true);
  EXPECT_EQ(values(w.grad()), (Numbers{2}));
}

TEST(InPlace, BaseThatIsNotRowMajor) {
  const Tensor w = leaf({5, 7});
  for (Tensor b : {ones({2, 3}, kFloat64).t().detach(), ones({3, 4}, kFloat64).narrow(1, 0, 2).detach()}) {
    ASSERT_FALSE(b.is_view());
    ASSERT_FALSE(b.is_contiguous());
    b[1].mul_(w);
    b.diagonal().mul_(w);
    EXPECT_EQ(values(b), (Numbers{5, 1, 5, 49, 1, 1}));
    w.mutable_grad() = Tensor();
    (b * b).sum().backward();
    EXPECT_EQ(values(w.grad()), (Numbers{2 * 5 + 2 * 5, 4 * 343}));
  }
  // The memory order of a transposed base, seen flat.
  Tensor b = ones({2, 3}, kFloat64).t().detach();
  b.as_strided({6}, {1}).mul_(leaf({1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(values(b), (Numbers{1, 4, 2, 5, 3, 6}));
}

TEST(InPlace, OverwritingCutsTheHistory) {
  const Tensor x = leaf({1, 2}), w = leaf({3, 4});
  Tensor y = x * 2;
  y.copy_(w);
  (y * y).sum().backward();
  EXPECT_EQ(values(w.grad()), (Numbers{6, 8}));
  EXPECT_EQ(values(x.grad()), (Numbers{0, 0}));
  for (int i = 0; i < 4; ++i) {
    x.mutable_grad() = Tensor();
    Tensor z = x * 2;
    if (i == 0) z.zero_();
    if (i == 1) z.uniform_();
    if (i == 2) z.normal_();
    if (i == 3) z[1].fill_(5);
    z.sum().backward();
    EXPECT_EQ(values(x.grad()), i == 3 ? (Numbers{2, 0}) : (Numbers{0, 0})) << i;
  }
}

TEST(InPlace, ChangedSavedValuesAreReported) {
  const Tensor x = leaf({1, 2});
  Tensor y = x.exp();
  y.add_(1);
  EXPECT_ERROR(
      Error, y.sum().backward(),
      "ExpBackward (recorded by exp) saved its output float64[2] at version 0, then add_ changed it to version "
      "1; use the out-of-place form of add_");
  Tensor w = ones({2}, kFloat64);
  Tensor z = x * w;
  w.mul_(2);
  EXPECT_ERROR(Error, z.sum().backward(), "MulBackward (recorded by mul) saved its input float64[2]");
  // A constant whose value no rule reads may change.
  const Tensor c = x * 3;
  Tensor k = ones({2}, kFloat64) * 4;
  const Tensor u = leaf({1, 1}).detach() * k + c;
  k.zero_();
  u.sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{3, 3}));
  // Through a detached alias it is seen, through data() it is not.
  const Tensor a = x * 1, sq = a * a;
  a.detach().add_(1);
  EXPECT_ERROR(Error, sq.sum().backward(), "add_ changed it");
  const Tensor b = x * 1, sq2 = b * b;
  b.data().add_(1);
  sq2.sum().backward();
}

TEST(InPlace, ChainsOfChanges) {
  const Tensor x = leaf({0.5});
  Tensor y = x * 1;
  for (int i = 0; i < 1000; ++i) y.mul_(1.001).add_(0.001);
  y.backward();
  EXPECT_NEAR(x.grad().item<double>(), std::pow(1.001, 1000), 1e-12);
}

TEST(InPlace, RowsWrittenInALoop) {
  const Tensor x = leaf({1, 2, 3});
  Tensor out = zeros({100, 3}, kFloat64);
  for (int i = 0; i < 100; ++i) out[i] = x * i;
  out.sum().backward();
  EXPECT_EQ(values(x.grad()), (Numbers{4950, 4950, 4950}));
}

}  // namespace
