// New tensors: dtypes, values, ownership.
#include <cmath>

#include "check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using check::Numbers;
using check::values;

TEST(Factory, Dtypes) {
  EXPECT_EQ(zeros({2}).dtype(), kFloat32);
  EXPECT_EQ(ones({2}, kInt32).dtype(), kInt32);
  EXPECT_EQ(full({2}, 7).dtype(), kInt64);
  EXPECT_EQ(full({2}, 7.5).dtype(), kFloat32);
  EXPECT_EQ(full({2}, true).dtype(), kBool);
  EXPECT_EQ(arange(3).dtype(), kInt64);
  EXPECT_EQ(arange(3.).dtype(), kFloat32);
  EXPECT_EQ(arange(0, 3, 0.5).dtype(), kFloat32);
  EXPECT_EQ(linspace(0, 1, 3).dtype(), kFloat32);
  EXPECT_EQ(eye(2).dtype(), kFloat32);
  EXPECT_EQ(randint(5, {2}).dtype(), kInt64);
  EXPECT_EQ(randint(0, 2, {2}, kFloat32).dtype(), kFloat32);
  EXPECT_EQ(randperm(4).dtype(), kInt64);
  EXPECT_EQ(scalar_tensor(3).dtype(), kFloat32);
  EXPECT_EQ(scalar_tensor(true).dtype(), kFloat32);
  EXPECT_EQ(zeros_like(arange(3)).dtype(), kInt64);
  EXPECT_EQ(full_like(arange(3), 2.5).dtype(), kInt64);
  EXPECT_EQ(ones_like(arange(3), kFloat64).dtype(), kFloat64);
  EXPECT_TRUE(zeros_like(arange(3.), requires_grad()).requires_grad());
  EXPECT_TRUE(rand({2}, dtype(kFloat64).requires_grad(true)).is_leaf());
}

TEST(Factory, DefaultDtype) {
  struct Restore {
    ~Restore() { set_default_dtype(kFloat32); }
  } restore;
  set_default_dtype(kFloat64);
  EXPECT_EQ(get_default_dtype(), kFloat64);
  EXPECT_EQ(tensor(2.5).dtype(), kFloat64);
  EXPECT_EQ((ones({2}, kInt64) * 2.5).dtype(), kFloat64);
  EXPECT_EQ(arange(3).dtype(), kInt64);
  EXPECT_EQ(full({2}, 1.5).dtype(), kFloat64);
  EXPECT_EQ((ones({2}, kFloat32) * 2.5).dtype(), kFloat32);
  EXPECT_EQ(exp(ones({2}, kInt64)).dtype(), kFloat64);
}

TEST(Factory, Values) {
  EXPECT_EQ(values(arange(3)), (Numbers{0, 1, 2}));
  EXPECT_EQ(values(arange(10, 0, -3)), (Numbers{10, 7, 4, 1}));
  EXPECT_EQ(values(arange(1, 4)), (Numbers{1, 2, 3}));
  EXPECT_EQ(arange(0., 1., 0.1).numel(), 10);
  EXPECT_EQ(arange(0, 1, 0.3, kFloat64).numel(), 4);
  EXPECT_EQ(arange(0).numel(), 0);
  EXPECT_EQ(values(linspace(0, 10, 4, kInt64)), (Numbers{0, 3, 6, 10}));
  EXPECT_EQ(values(linspace(1, 2, 3)), (Numbers{1, 1.5, 2}));
  EXPECT_EQ(values(linspace(3, 9, 1)), (Numbers{3}));
  EXPECT_EQ(linspace(0, 1, 0).numel(), 0);
  EXPECT_EQ(values(eye(2, 3)), (Numbers{1, 0, 0, 0, 1, 0}));
  EXPECT_EQ(values(eye(3, 2)), (Numbers{1, 0, 0, 1, 0, 0}));
  EXPECT_EQ(values(full({2}, -1.5)), (Numbers{-1.5, -1.5}));
  EXPECT_EQ(full({1}, std::int64_t{9007199254740993}).item<std::int64_t>(), 9007199254740993);
  EXPECT_EQ(arange(std::int64_t{9007199254740993}, std::int64_t{9007199254740994}).item<std::int64_t>(),
            9007199254740993);
  EXPECT_EQ(values(full({2}, 3.7, kInt32)), (Numbers{3, 3}));
  EXPECT_EQ(values(full({1}, 0.5, kBool)), (Numbers{1}));
  EXPECT_EQ(zeros({2, 0, 3}).numel(), 0);
  EXPECT_EQ(ones(IntArrayRef()).dim(), 0);
}

TEST(Factory, Spacings) {
  EXPECT_EQ(values(at::range(0, 4, 2)), (Numbers{0, 2, 4}));
  EXPECT_EQ(at::range(0, 1, 0.3).numel(), 4);
  EXPECT_EQ(at::range(0, 4).dtype(), kFloat32);
  EXPECT_EQ(values(at::range(2, 0, -1, kInt64)), (Numbers{2, 1, 0}));
  EXPECT_EQ(values(logspace(0, 2, 3)), (Numbers{1, 10, 100}));
  EXPECT_EQ(values(logspace(0, 3, 4, 2, kInt64)), (Numbers{1, 2, 4, 8}));
  EXPECT_EQ(values(logspace(0, 2, 3, -2)), (Numbers{1, -2, 4}));
  EXPECT_EQ(values(logspace(0, 2, 3, 0)), (Numbers{1, 0, 0}));
  EXPECT_EQ(values(logspace(5, 2, 1, 2)), (Numbers{32}));
  EXPECT_EQ(logspace(0, 2, 0).numel(), 0);
  EXPECT_EQ(values(arange(5, 0, -1.5, kInt64)), (Numbers{5, 4, 3, 2, 1}));
  EXPECT_EQ(values(arange(0.5, 3.5, kInt64)), (Numbers{0, 1, 2}));
  EXPECT_EQ(values(arange(0, 5, 2.5, kInt64)), (Numbers{0, 2, 4}));
  EXPECT_EQ(values(arange(-3, 0, kUInt8)), (Numbers{253, 254, 255}));
  EXPECT_EQ(values(linspace(0.9, 3.9, 4, kInt64)), (Numbers{0, 1, 2, 3}));
  EXPECT_ERROR(ValueError, arange(0, 1, 0.3, kInt64), "[arange] step 0.3 is 0 in int64");
  EXPECT_ERROR(TypeError, arange(2, kBool), "[arange] need a dtype that counts, got bool");
  EXPECT_ERROR(ValueError, at::range(0, 1, 0), "[range] step must not be 0");
  EXPECT_ERROR(ValueError, at::range(1, 0), "[range] from 1 to 0 with step 1 leads away");
  EXPECT_ERROR(ValueError, logspace(0, 1, -1), "[logspace] steps must not be negative, got -1");
}

TEST(Factory, NumbersMustFit) {
  const double big = 1e300;
  EXPECT_ERROR(ValueError, full({2}, 300, kUInt8), "[fill_] 300 does not fit into uint8");
  EXPECT_ERROR(ValueError, full({2}, big), "[fill_] 1e+300 does not fit into float32");
  EXPECT_ERROR(ValueError, full({2}, std::nan(""), kInt32), "does not fit into int32");
  EXPECT_ERROR(ValueError, full({2}, 1e30, kInt64), "[fill_] 1e+30 does not fit into int64");
  EXPECT_ERROR(ValueError, zeros({2}, kInt32).fill_(2147483648.), "does not fit into int32");
  EXPECT_EQ(values(full({1}, -1, kUInt8)), (Numbers{255}));
  EXPECT_EQ(values(full({1}, 2147483647.5, kInt32)), (Numbers{2147483647}));
  EXPECT_EQ(values(full({1}, -HUGE_VAL)), (Numbers{-HUGE_VAL}));
  EXPECT_TRUE(std::isnan(full({1}, std::nan("")).item<double>()));
  EXPECT_EQ(full({1}, big, kFloat64).item<double>(), big);
}

TEST(Factory, TensorFromValues) {
  EXPECT_EQ(tensor(2.5).dim(), 0);
  EXPECT_EQ(tensor(2.5).dtype(), kFloat32);
  EXPECT_EQ(tensor(2.5f).dtype(), kFloat32);
  EXPECT_EQ(tensor(2).dtype(), kInt64);
  EXPECT_EQ(tensor(true).dtype(), kBool);
  EXPECT_EQ(tensor(std::uint8_t{2}).dtype(), kUInt8);
  EXPECT_EQ(tensor(Scalar(2)).dtype(), kInt64);
  EXPECT_EQ(tensor({1, 2}).dtype(), kInt64);
  EXPECT_EQ(values(tensor({1, 2})), (Numbers{1, 2}));
  EXPECT_EQ(tensor({true, false}).dtype(), kBool);
  const Tensor m = tensor({{1., 2.}, {3., 4.}, {5., 6.}});
  EXPECT_EQ(m.sizes(), IntArrayRef({3, 2}));
  EXPECT_EQ(m.dtype(), kFloat32);
  EXPECT_EQ(values(m), (Numbers{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(tensor({{{1}, {2}}}).sizes(), IntArrayRef({1, 2, 1}));
  EXPECT_EQ(tensor({1}).sizes(), IntArrayRef({1}));
  EXPECT_EQ(tensor({{1}}).sizes(), IntArrayRef({1, 1}));
  EXPECT_EQ(tensor({}).sizes(), IntArrayRef({0}));
  EXPECT_EQ(tensor({}).dtype(), kFloat32);
  EXPECT_EQ(tensor({{}, {}}).sizes(), IntArrayRef({2, 0}));
  EXPECT_EQ(tensor(std::vector<double>{1, 2}).dtype(), kFloat32);
  EXPECT_EQ(tensor(std::vector<float>{1, 2}).dtype(), kFloat32);
  EXPECT_EQ(tensor(std::vector<int>{1, 2}).dtype(), kInt64);
  EXPECT_EQ(tensor(std::vector<short>{-1, 2}).dtype(), kInt64);
  EXPECT_EQ(tensor(std::vector<std::uint8_t>{1}).dtype(), kUInt8);
  EXPECT_EQ(values(tensor(std::vector<bool>{true, false, true})), (Numbers{1, 0, 1}));
  EXPECT_EQ(tensor(std::vector<bool>{true}).dtype(), kBool);
  EXPECT_EQ(values(tensor(std::vector<short>{-1, 2})), (Numbers{-1, 2}));
  EXPECT_EQ(tensor(m.sizes()).dtype(), kInt64);
  EXPECT_EQ(values(tensor({std::vector<int>{1, 2}, std::vector<int>{3, 4}})), (Numbers{1, 2, 3, 4}));
  EXPECT_EQ(tensor({1, 2}, kFloat64).dtype(), kFloat64);
  EXPECT_EQ(values(tensor({1.5, 2.5}, kInt64)), (Numbers{1, 2}));
  const Tensor x = tensor({1.5, 2.5}, dtype(kFloat64).requires_grad(true));
  EXPECT_TRUE(x.requires_grad() && x.is_leaf());
  EXPECT_EQ(tensor(std::int64_t{9007199254740993}).item<std::int64_t>(), 9007199254740993);
  EXPECT_EQ(tensor(0.1, kFloat64).item<double>(), 0.1);
}

TEST(Factory, FromBlobBorrows) {
  double data[6] = {1, 2, 3, 4, 5, 6};
  int freed = 0;
  {
    const Tensor t = from_blob(
        data, {2, 3}, [&](void* p) { freed += p == data; }, kFloat64);
    EXPECT_EQ(t.data_ptr<double>(), data);
    Tensor column = t.select(1, 2);
    column.mul_(10);
    EXPECT_EQ(data[2], 30);
    data[0] = 7;
    EXPECT_EQ(values(t), (Numbers{7, 2, 30, 4, 5, 60}));
    const Tensor strided = from_blob(data, {3, 2}, {1, 3}, kFloat64);
    EXPECT_EQ(values(strided), (Numbers{7, 4, 2, 5, 30, 60}));
    EXPECT_EQ(freed, 0);
  }
  EXPECT_EQ(freed, 1);
  EXPECT_EQ(from_blob(nullptr, {0}).numel(), 0);
}

TEST(Factory, ConversionsAndCopies) {
  const Tensor x = tensor({1.7, -2.5, 0.});
  EXPECT_EQ(values(x.to(kInt64)), (Numbers{1, -2, 0}));
  EXPECT_EQ(values(x.to(kBool)), (Numbers{1, 1, 0}));
  EXPECT_TRUE(x.to(kFloat32).is_same(x));
  EXPECT_FALSE(x.to(kFloat32, false, true).is_same(x));
  EXPECT_TRUE(x.to(kCPU).is_same(x));
  EXPECT_EQ(x.to(kCPU, kFloat64).dtype(), kFloat64);
  EXPECT_EQ(x.to(TensorOptions(kInt32)).dtype(), kInt32);
  EXPECT_EQ(x.to(arange(2)).dtype(), kInt64);
  EXPECT_EQ(x.type_as(arange(2)).dtype(), kInt64);
  const Tensor m = arange(6).view({2, 3}).t();
  EXPECT_FALSE(m.is_contiguous());
  EXPECT_TRUE(m.contiguous().is_contiguous());
  EXPECT_TRUE(x.contiguous().is_same(x));
  EXPECT_EQ(values(m.clone()), (Numbers{0, 3, 1, 4, 2, 5}));
  EXPECT_FALSE(m.clone().is_alias_of(m));
  const Tensor d = check::leaf({1, 2});
  d.to(kFloat32).sum().backward();
  EXPECT_EQ(values(d.grad()), (Numbers{1, 1}));
  EXPECT_EQ(d.grad().dtype(), kFloat64);
}

TEST(Factory, Items) {
  EXPECT_EQ(tensor(2.5).item<double>(), 2.5);
  EXPECT_EQ(tensor(2.5).item<int>(), 2);
  EXPECT_EQ(tensor(7).item<float>(), 7.f);
  EXPECT_TRUE(tensor(true).item<bool>());
  EXPECT_TRUE(tensor({{3}}).item().isIntegral(false));
  EXPECT_TRUE(tensor(2.5).item().isFloatingPoint());
  EXPECT_TRUE(tensor(true).item().isBoolean());
  EXPECT_EQ(arange(6).view({2, 3}).t()[1][1].item<int>(), 4);
}

}  // namespace
