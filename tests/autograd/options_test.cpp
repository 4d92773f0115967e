// TensorOptions in every spelling, dtypes as values, devices, conversions, new tensors like a given one, accessors.
#include <sstream>

#include "check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using check::Numbers;
using check::values;

template <class T>
std::string text(const T& v) {
  std::ostringstream out;
  out << v;
  return out.str();
}

TEST(Options, Spellings) {
  EXPECT_EQ(zeros({2}, kInt32).dtype(), kInt32);
  EXPECT_EQ(zeros({2}, dtype(kInt32)).dtype(), kInt32);
  EXPECT_EQ(zeros({2}, dtype<double>()).dtype(), kFloat64);
  EXPECT_EQ(zeros({2}, TensorOptions().dtype<std::int64_t>()).dtype(), kInt64);
  EXPECT_EQ(zeros({2}, zeros({1}, kInt64).dtype()).dtype(), kInt64);
  EXPECT_EQ(zeros({2}, zeros({1}, kInt64).options()).dtype(), kInt64);
  EXPECT_EQ(zeros({2}, dtype(zeros({1}, kInt64).dtype())).dtype(), kInt64);
  EXPECT_EQ(zeros({2}, device(kCPU).dtype(kUInt8)).dtype(), kUInt8);
  EXPECT_EQ(zeros({2}, TensorOptions("cpu").dtype(kBool)).dtype(), kBool);
  EXPECT_EQ(zeros({2}, "cpu").dtype(), kFloat32);
  EXPECT_EQ(zeros({2}, layout(kStrided).device(Device("cpu"))).dtype(), kFloat32);
  EXPECT_EQ(zeros({2}, memory_format(MemoryFormat::Contiguous).pinned_memory(false)).dtype(), kFloat32);
  EXPECT_TRUE(zeros({2}, requires_grad()).requires_grad());
  EXPECT_FALSE(zeros({2}, requires_grad(false)).requires_grad());
  EXPECT_TRUE(zeros({2}, TensorOptions().dtype(kFloat64).device(kCPU).requires_grad(true)).requires_grad());
  const optional<ScalarType> no_dtype;
  const optional<Device> no_device;
  EXPECT_EQ(TensorOptions(kInt32).dtype(no_dtype).device(no_device).dtype(), kInt32);
  EXPECT_EQ(TensorOptions(kInt32).merge_in(kFloat64).dtype(), kFloat64);
  EXPECT_EQ(TensorOptions(kInt32).merge_in(requires_grad()).dtype(), kInt32);
  EXPECT_TRUE(TensorOptions(kInt32).merge_in(requires_grad()).requires_grad());
  EXPECT_TRUE(TensorOptions(kInt32).type_equal(dtype(kInt32).requires_grad(true)));
  EXPECT_FALSE(TensorOptions().has_dtype() || TensorOptions().has_device() || TensorOptions().dtype_opt());
  EXPECT_TRUE(TensorOptions(kCPU).has_device() && TensorOptions(kInt32).dtype_opt() == kInt32);
  EXPECT_EQ(text(TensorOptions(kInt32)),
            "TensorOptions(dtype=int, device=cpu (default), layout=Strided (default), requires_grad=false (default), "
            "pinned_memory=false (default), memory_format=(nullopt))");
  EXPECT_ERROR(Error, zeros({2}, device({kCUDA, 1})), "[zeros] only the CPU is supported");
  EXPECT_ERROR(Error, zeros({2}, TensorOptions().device(kCUDA, 0)), "[zeros] only the CPU is supported");
  EXPECT_ERROR(Error, ones({2}, dtype(kInt64).requires_grad(true)), "[requires_grad_]");
}

TEST(Options, DtypeIsAValue) {
  const Tensor x = zeros({2});
  EXPECT_EQ(text(x.dtype()), "float");
  EXPECT_EQ(text(x.scalar_type()), "Float");
  EXPECT_EQ(text(zeros({1}, kInt64).dtype()), "long int");
  EXPECT_EQ(text(zeros({1}, kUInt8).dtype()), "unsigned char");
  EXPECT_EQ(text(zeros({1}, kBool).dtype()), "bool");
  EXPECT_EQ(text(zeros({1}, kInt32).dtype()), "int");
  EXPECT_EQ(text(zeros({1}, kFloat64).dtype()), "double");
  EXPECT_EQ(text(TypeMeta()), "nullptr (uninitialized)");
  EXPECT_TRUE(x.dtype() == kFloat32 && kFloat32 == x.dtype() && x.dtype() == ones({1}).dtype());
  EXPECT_TRUE(x.dtype() != kFloat64 && x.dtype() != zeros({1}, kInt32).dtype());
  EXPECT_EQ(typeMetaToScalarType(x.dtype()), kFloat32);
  EXPECT_EQ(TypeMeta::Make<double>(), kFloat64);
  EXPECT_EQ(x.dtype().itemsize(), 4u);
  switch (x.dtype()) {
    case kFloat32:
      break;
    default:
      ADD_FAILURE();
  }
  EXPECT_ERROR(TypeError, set_default_dtype(kInt64), "[set_default_dtype] need float32 or float64, got int64");
}

TEST(Options, Devices) {
  EXPECT_EQ(Device("cuda:1"), Device(kCUDA, 1));
  EXPECT_NE(Device(kCUDA, 0), Device(kCUDA));
  EXPECT_EQ(Device(std::string("cpu")), Device(kCPU));
  EXPECT_EQ(text(Device(kCUDA, 3)), "cuda:3");
  EXPECT_EQ(Device("cpu").str(), "cpu");
  EXPECT_FALSE(Device("cpu").has_index());
  EXPECT_TRUE(Device("cuda:12").has_index() && Device("cuda:12").index() == 12);
  for (const char* wrong : {"", "cp", "tpu", "cuda:", "cuda:x", "cuda:1x", "cuda:-1", "cuda1", "cuda:1000", "cpux"})
    EXPECT_ERROR(Error, Device{wrong}, "need \"cpu\", \"cuda\" or \"cuda:0\"");
  const Tensor x = zeros({2, 3});
  EXPECT_TRUE(x.is_cpu() && !x.is_cuda() && x.device() == Device(kCPU) && x.get_device() == -1);
  EXPECT_ERROR(Error, x.cuda(), "only the CPU is supported; float32[2, 3] was to move to CUDA");
  EXPECT_ERROR(Error, x.to(Device("cuda:0")), "only the CPU");
}

TEST(Options, EveryFormOfTo) {
  const Tensor x = tensor({{1.7, -2.5}, {0., 4.}});
  EXPECT_TRUE(x.to(kFloat32).is_same(x) && x.to(kCPU).is_same(x) && x.to(x.options()).is_same(x));
  EXPECT_TRUE(x.to(Device("cpu"), true).is_same(x) && x.to(x).is_same(x) && x.to(x.dtype()).is_same(x));
  EXPECT_TRUE(x.to(TensorOptions()).is_same(x) && x.cpu().is_same(x));
  for (const Tensor& y : {x.to(kFloat32, false, true), x.to(kCPU, false, true), x.to(x.options(), false, true),
                          x.to(x, false, true), x.to(kFloat32, false, true, MemoryFormat::Contiguous)}) {
    EXPECT_FALSE(y.is_alias_of(x));
    EXPECT_TRUE(y.equal(x));
  }
  const Tensor like = zeros({1}, kInt32);
  for (const Tensor& y :
       {x.to(kInt32), x.to(kCPU, kInt32), x.to(kCPU, kInt32, true, true), x.to(like), x.to(like.dtype()),
        x.to(kCPU, like.dtype()), x.to(dtype(kInt32).device(kCPU)), x.type_as(like), x.toType(kInt32)}) {
    EXPECT_EQ(y.dtype(), kInt32);
    EXPECT_EQ(values(y), (Numbers{1, -2, 0, 4}));
  }
  EXPECT_EQ(x.t().to(kFloat64).sizes(), IntArrayRef({2, 2}));
  EXPECT_EQ(values(x.t().to(kInt64)), (Numbers{1, 0, -2, 4}));
  EXPECT_ERROR(ValueError, x.to(requires_grad()), "[to] options must not ask for requires_grad");
  EXPECT_ERROR(Error, x.type_as(Tensor()), "[type_as] argument 2 is an undefined tensor");
  const Tensor a = check::leaf({1, 2});
  (a.to(kFloat32, false, true) * 3).sum().backward();
  EXPECT_EQ(values(a.grad()), (Numbers{3, 3}));
}

TEST(Options, NewTensorsLikeThisOne) {
  const Tensor x = ones({2, 3}, kInt64);
  EXPECT_EQ(x.new_zeros({2}).dtype(), kInt64);
  EXPECT_EQ(values(x.new_zeros({2})), (Numbers{0, 0}));
  EXPECT_EQ(values(x.new_ones({2}, kFloat32)), (Numbers{1, 1}));
  EXPECT_EQ(values(x.new_full({2}, 3.5)), (Numbers{3, 3}));
  EXPECT_EQ(x.new_full({2}, 3.5, kFloat64).dtype(), kFloat64);
  EXPECT_EQ(x.new_empty({4, 0}).sizes(), IntArrayRef({4, 0}));
  EXPECT_TRUE(x.new_ones({1}, dtype(kFloat32).requires_grad(true)).requires_grad());
  EXPECT_EQ(x.new_empty_strided({2, 3}, {1, 2}).strides(), IntArrayRef({1, 2}));
  EXPECT_FALSE(check::leaf({1, 2}).new_zeros({2}).requires_grad());
  EXPECT_ERROR(Error, Tensor().new_zeros({2}), "[new_zeros] argument 1 is an undefined tensor");
  const Tensor t = rand({2, 3}).t();
  EXPECT_TRUE(zeros_like(t, {}, MemoryFormat::Contiguous).is_contiguous());
  EXPECT_TRUE(t.clone(MemoryFormat::Contiguous).equal(t));
  EXPECT_EQ(zeros_like(t, MemoryFormat::Preserve).sizes(), t.sizes());
  EXPECT_EQ(randint_like(t, 5).dtype(), kFloat32);
  EXPECT_EQ(values(randint_like(t, 7, 8, kInt32)), (Numbers{7, 7, 7, 7, 7, 7}));
}

TEST(Options, EmptyStrided) {
  Tensor t = empty_strided({2, 3}, {1, 2});
  t.copy_(arange(6).view({2, 3}));
  EXPECT_EQ(values(t), (Numbers{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(t.data_ptr<float>()[1], 3);
  EXPECT_FALSE(t.is_contiguous() || t.is_view());
  EXPECT_EQ(empty_strided({2, 0}, {7, 9}).numel(), 0);
  EXPECT_EQ(empty_strided({2, 3}, {0, 1}, kInt32).strides(), IntArrayRef({0, 1}));
  EXPECT_TRUE(empty_strided({2}, {1}, requires_grad()).is_leaf());
  EXPECT_ERROR(ValueError, empty_strided({2, 3}, {1}), "[empty_strided] sizes [2, 3] and strides [1] differ in length");
  EXPECT_ERROR(ValueError, empty_strided({2, 3}, {-1, 1}), "strides must not be negative: [-1, 1]");
  EXPECT_ERROR(ValueError, empty_strided({-2, 3}, {1, 1}), "sizes must not be negative: [-2, 3]");
}

TEST(Options, WhatATensorSaysOfItself) {
  const Tensor x = zeros({2, 3}, kFloat64);
  EXPECT_EQ(x.element_size(), 8);
  EXPECT_EQ(x.itemsize(), 8);
  EXPECT_EQ(x.nbytes(), 48u);
  EXPECT_EQ(x.numel(), 6);
  EXPECT_TRUE(x.is_floating_point() && !x.is_complex() && x.is_signed() && !x.is_sparse() && x.has_storage());
  EXPECT_FALSE(zeros({1}, kUInt8).is_signed() || zeros({1}, kBool).is_signed());
  EXPECT_EQ(x.layout(), kStrided);
  EXPECT_TRUE(x.is_same_size(ones({2, 3})) && !x.is_same_size(x.t()));
  EXPECT_TRUE(x.is_set_to(x.detach()) && !x.is_set_to(x.clone()) && !x.is_set_to(x.t()));
  EXPECT_EQ(x.use_count(), 1u);
  const Tensor twice = x;
  EXPECT_EQ(x.use_count(), 2u);
  EXPECT_TRUE(tensor({2}).is_nonzero() && !tensor(0.).is_nonzero());
  EXPECT_ERROR(Error, x.is_nonzero(), "[is_nonzero] need a tensor with one element, got float64[2, 3]");
  EXPECT_ERROR(Error, zeros({0}).is_nonzero(), "need a tensor with one element, got float32[0]");
  const Tensor images = zeros({2, 5, 3, 4}).permute({0, 3, 1, 2});
  EXPECT_TRUE(images.is_contiguous(MemoryFormat::ChannelsLast) && !images.is_contiguous());
  EXPECT_FALSE(zeros({2, 5, 3, 4}).is_contiguous(MemoryFormat::ChannelsLast));
  EXPECT_TRUE(zeros({2, 5, 3, 4, 6}).permute({0, 4, 1, 2, 3}).is_contiguous(MemoryFormat::ChannelsLast3d));
  EXPECT_TRUE(x.is_contiguous(MemoryFormat::Contiguous) && !x.is_contiguous(MemoryFormat::ChannelsLast));
}

TEST(Options, Accessors) {
  const Tensor x = arange(6, kFloat32).view({2, 3}).t();
  const auto a = x.accessor<float, 2>();
  for (std::int64_t i = 0; i < a.size(0); ++i)
    for (std::int64_t j = 0; j < a.size(1); ++j) EXPECT_EQ(a[i][j], static_cast<float>(3 * j + i));
  EXPECT_EQ(a.sizes(), IntArrayRef({3, 2}));
  EXPECT_EQ(a.strides(), IntArrayRef({1, 3}));
  EXPECT_EQ(a[1].size(0), 2);
  EXPECT_EQ(a[1].stride(0), 3);
  a[2][1] = 50;
  EXPECT_EQ(x[2][1].item<float>(), 50);
  const Tensor first = x[0];
  auto v = first.accessor<float, 1>();
  v[1] += 1;
  EXPECT_EQ(x[0][1].item<float>(), 4);
  EXPECT_EQ(*a.data(), 0);
  EXPECT_ERROR(TypeError, (x.accessor<double, 2>()),
               "the tensor is float32[3, 2], the pointer asked for is to float64");
  EXPECT_ERROR(Error, (x.accessor<float, 1>()), "[accessor] the tensor is float32[3, 2], the accessor is for rank 1");
}

}  // namespace
