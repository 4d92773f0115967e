// Wrong use of what tensor.h, grad.h, tape.h and the factories declare: the right exception, with the operation's name,
// shapes and dtypes; the tensors are as before. (The operations themselves: their rows in tests/ops.)
#include <functional>
#include <utility>

#include "check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using check::leaf;
using check::Numbers;
using check::values;

using Calls = std::vector<std::pair<std::string, std::function<void()>>>;

TEST(BadInput, UndefinedTensors) {
  const Tensor u, x = ones({2, 2});
  const std::vector<std::int64_t> dims = {0, 1};
  const Calls calls = {
      {"dim", [&] { u.dim(); }},
      {"sizes", [&] { u.sizes(); }},
      {"strides", [&] { u.strides(); }},
      {"size", [&] { u.size(0); }},
      {"stride", [&] { u.stride(0); }},
      {"numel", [&] { u.numel(); }},
      {"storage_offset", [&] { u.storage_offset(); }},
      {"dtype", [&] { u.dtype(); }},
      {"dtype", [&] { u.element_size(); }},
      {"numel", [&] { u.nbytes(); }},
      {"dtype", [&] { u.options(); }},
      {"is_contiguous", [&] { u.is_contiguous(); }},
      {"is_alias_of", [&] { u.is_alias_of(x); }},
      {"is_alias_of", [&] { x.is_alias_of(u); }},
      {"data_ptr", [&] { u.data_ptr(); }},
      {"data_ptr", [&] { u.data_ptr<float>(); }},
      {"item", [&] { u.item(); }},
      {"item", [&] { u.item<double>(); }},
      {"requires_grad", [&] { u.requires_grad(); }},
      {"requires_grad_", [&] { u.requires_grad_(); }},
      {"is_leaf", [&] { u.is_leaf(); }},
      {"grad", [&] { u.grad(); }},
      {"mutable_grad", [&] { u.mutable_grad(); }},
      {"grad_fn", [&] { u.grad_fn(); }},
      {"backward", [&] { u.backward(); }},
      {"detach", [&] { u.detach(); }},
      {"detach_", [&] { u.detach_(); }},
      {"data", [&] { u.data(); }},
      {"set_data", [&] { u.set_data(x); }},
      {"set_data", [&] { x.set_data(u); }},
      {"retain_grad", [&] { u.retain_grad(); }},
      {"retains_grad", [&] { u.retains_grad(); }},
      {"register_hook", [&] { u.register_hook([](Tensor) {}); }},
      {"remove_hook", [&] { u.remove_hook(0); }},
      {"is_view", [&] { u.is_view(); }},
      {"_base", [&] { u._base(); }},
      {"_version", [&] { u._version(); }},
      {"output_nr", [&] { u.output_nr(); }},
      {"is_inference", [&] { u.is_inference(); }},
      {"name", [&] { u.name(); }},
      {"set_name", [&] { u.set_name("u"); }},
      {"index_select", [&] { u.index_select(0, x); }},
      {"gather", [&] { x.gather(0, u); }},
      {"scatter_add", [&] { x.scatter_add(0, u, x); }},
      {"select", [&] { u[0]; }},
      {"mul", [&] { u* x; }},
      {"mul", [&] { x* u; }},
      {"mul", [&] { u * 2; }},
      {"mul", [&] { 2 * u; }},
      {"add", [&] { u + 1; }},
      {"sub", [&] { 1 - u; }},
      {"div", [&] { 1 / u; }},
      {"neg", [&] { -u; }},
      {"exp", [&] { u.exp(); }},
      {"exp_", [&] { u.exp_(); }},
      {"pow", [&] { u.pow(2); }},
      {"pow", [&] { x.pow(u); }},
      {"pow_", [&] { x.pow_(u); }},
      {"clamp", [&] { u.clamp(0); }},
      {"clamp_", [&] { u.clamp_(0); }},
      {"eq", [&] { (void)(u == x); }},
      {"lt", [&] { (void)(x < u); }},
      {"ge", [&] { (void)(u >= 0); }},
      {"where", [&] { x.where(u, x); }},
      {"equal", [&] { x.equal(u); }},
      {"allclose", [&] { u.allclose(x); }},
      {"logical_not", [&] { u.logical_not(); }},
      {"sum", [&] { u.sum(); }},
      {"mean", [&] { u.mean(0); }},
      {"max", [&] { u.max(); }},
      {"max", [&] { u.max(0); }},
      {"amin", [&] { u.amin(); }},
      {"argmax", [&] { u.argmax(); }},
      {"softmax", [&] { u.softmax(0); }},
      {"log_softmax", [&] { u.log_softmax(0); }},
      {"logsumexp", [&] { u.logsumexp(0); }},
      {"matmul", [&] { x.matmul(u); }},
      {"mm", [&] { u.mm(x); }},
      {"mv", [&] { x.mv(u); }},
      {"dot", [&] { u.dot(x); }},
      {"bmm", [&] { x.bmm(u); }},
      {"view", [&] { u.view({1}); }},
      {"sizes", [&] { x.view_as(u); }},
      {"reshape", [&] { u.reshape({1}); }},
      {"flatten", [&] { u.flatten(); }},
      {"expand", [&] { u.expand({1}); }},
      {"permute", [&] { u.permute(dims); }},
      {"transpose", [&] { u.transpose(0, 1); }},
      {"t", [&] { u.t(); }},
      {"squeeze", [&] { u.squeeze(); }},
      {"squeeze", [&] { u.squeeze(0); }},
      {"unsqueeze", [&] { u.unsqueeze(0); }},
      {"select", [&] { u.select(0, 0); }},
      {"narrow", [&] { u.narrow(0, 0, 1); }},
      {"slice", [&] { u.slice(); }},
      {"as_strided", [&] { u.as_strided({1}, {1}); }},
      {"diagonal", [&] { u.diagonal(); }},
      {"unbind", [&] { u.unbind(); }},
      {"split", [&] { u.split(1); }},
      {"chunk", [&] { u.chunk(1); }},
      {"clone", [&] { u.clone(); }},
      {"contiguous", [&] { u.contiguous(); }},
      {"to", [&] { u.to(kFloat64); }},
      {"to", [&] { u.to(kCPU); }},
      {"to", [&] { x.to(u); }},
      {"copy_", [&] { u.copy_(x); }},
      {"copy_", [&] { x.copy_(u); }},
      {"fill_", [&] { u.fill_(1); }},
      {"fill_", [&] { x.fill_(u); }},
      {"uniform_", [&] { u.uniform_(); }},
      {"normal_", [&] { u.normal_(); }},
      {"add_", [&] { u.add_(x); }},
      {"add_", [&] { x.add_(u); }},
      {"sub_", [&] { u.sub_(1); }},
      {"mul_", [&] { x.mul_(u); }},
      {"div_", [&] { u.div_(2); }},
      {"cat",
       [&] {
         cat(std::vector<Tensor>{x, u});
       }},
      {"stack",
       [&] {
         stack(std::vector<Tensor>{x, u});
       }},
      {"linear", [&] { linear(u, x); }},
      {"mse_loss", [&] { mse_loss(x, u); }},
      {"zeros_like", [&] { zeros_like(u); }},
      {"ones_like", [&] { ones_like(u); }},
      {"empty_like", [&] { empty_like(u); }},
      {"full_like", [&] { full_like(u, 1); }},
      {"rand_like", [&] { rand_like(u); }},
      {"randn_like", [&] { randn_like(u); }},
      {"backward", [&] { autograd::backward({u}); }},
      {"grad", [&] { autograd::grad({u}, {x}); }},
      {"tape", [&] { tape::table(u); }},
      {"tape", [&] { tape::to_dot(u); }},
  };
  for (const auto& [name, call] : calls) {
    const std::string message = check::error_of<Error>(call);
    EXPECT_EQ(message.rfind("[" + name + "]", 0), 0u) << name << ": " << message;
    EXPECT_NE(message.find("undefined"), std::string::npos) << name << ": " << message;
  }
  EXPECT_EQ(values(x), (Numbers{1, 1, 1, 1}));
  // What an undefined tensor may be asked.
  EXPECT_FALSE(u.defined());
  EXPECT_TRUE(u.is_same(Tensor()));
  EXPECT_EQ(u.toString(), "UndefinedType");
}

TEST(BadInput, DimensionsAndIndices) {
  const Tensor x = ones({2, 3}), s = ones(IntArrayRef());
  EXPECT_ERROR(IndexError, x.size(2), "[size] dim 2 is out of range for a tensor of rank 2; need -2 <= dim <= 1");
  EXPECT_ERROR(IndexError, x.stride(-3), "[stride] dim -3 is out of range");
  EXPECT_ERROR(IndexError, s.size(0), "[size] a 0-d tensor has no dim 0");
  EXPECT_ERROR(IndexError, x.select(0, 2), "[select] index 2 is out of range for dim 0 of float32[2, 3]");
  EXPECT_ERROR(IndexError, x[0][1][0], "[select] a 0-d tensor has no dimension to select from: float32[]");
  EXPECT_ERROR(IndexError, x.select(5, 0), "[select] dim 5 is out of range");
  EXPECT_ERROR(IndexError, x.narrow(0, 3, 0), "[narrow] start 3 is out of range for dim 0 of float32[2, 3]");
  EXPECT_ERROR(Error, x.narrow(1, 2, 2), "[narrow] start 2 + length 2 exceeds size 3 of dim 1 of float32[2, 3]");
  EXPECT_ERROR(Error, x.narrow(1, 0, -1), "[narrow]");
  EXPECT_ERROR(ValueError, x.slice(0, 0, 2, 0), "[slice] step must be positive, got 0");
  EXPECT_ERROR(IndexError, s.slice(), "[slice] a 0-d tensor");
  EXPECT_ERROR(IndexError, x.transpose(0, 2), "[transpose] dim 2");
  EXPECT_ERROR(IndexError, x.unsqueeze(3), "[unsqueeze] dim 3");
  EXPECT_ERROR(IndexError, x.squeeze(2), "[squeeze] dim 2");
  EXPECT_ERROR(Error, x.permute({0, 0}), "[permute] dim 0 appears twice in [0, 0]");
  EXPECT_ERROR(Error, x.permute({0}), "[permute] need 2 dims for float32[2, 3], got [0]");
  EXPECT_ERROR(Error, ones({1, 1, 1}).t(), "[t] need a tensor of rank 2 or less, got float32[1, 1, 1]");
  EXPECT_ERROR(Error, x.diagonal(0, 1, 1), "[diagonal] dim1 and dim2 are the same: 1");
  EXPECT_ERROR(Error, ones({3}).diagonal(), "[diagonal] need a tensor of rank 2 or more, got float32[3]");
  EXPECT_ERROR(ValueError, x.split(0), "[split] split_size must be positive, got 0");
  EXPECT_ERROR(ValueError, x.chunk(0), "[chunk] chunks must be positive, got 0");
  EXPECT_ERROR(IndexError, s.unbind(), "[unbind] a 0-d tensor has no dimension");
  EXPECT_ERROR(IndexError, s.chunk(2), "0-d tensor");
  EXPECT_ERROR(IndexError, s.split(2), "0-d tensor");
}

TEST(BadInput, Shapes) {
  const Tensor x = ones({2, 3});
  EXPECT_ERROR(Error, x.view({4}), "[view] shape [4] has 4 elements, but float32[2, 3] has 6");
  EXPECT_ERROR(Error, x.view({-1, -1}), "[view] only one size can be -1: [-1, -1]");
  EXPECT_ERROR(Error, x.view({-1, 4}), "[view] cannot choose the -1 in [-1, 4] for float32[2, 3] of 6 elements");
  EXPECT_ERROR(Error, x.view({-2, 3}), "[view] size -2 is not allowed in [-2, 3]");
  EXPECT_ERROR(Error, ones({0}).view({-1, 0}), "[view] cannot choose the -1");
  EXPECT_ERROR(Error, x.t().view({6}), "[view] the strides [1, 3] of float32[3, 2] do not allow the shape [6]");
  EXPECT_ERROR(Error, x.reshape({5}), "[reshape] shape [5]");
  EXPECT_ERROR(Error, x.expand({3}), "[expand] need at least as many sizes as dimensions: float32[2, 3] to [3]");
  EXPECT_ERROR(Error, x.expand({2, 4}), "[expand] float32[2, 3] does not expand to [2, 4]: size 3 at dim 1");
  EXPECT_ERROR(Error, x.expand({-1, 2, 3}), "[expand] size -1 of a new leading dimension is not allowed");
  EXPECT_ERROR(Error, x.flatten(1, 0), "[flatten] start_dim 1 comes after end_dim 0 for float32[2, 3]");
  EXPECT_ERROR(Error, x.as_strided({2}, {1, 1}), "[as_strided] size [2] and stride [1, 1] differ in length");
  EXPECT_ERROR(Error, x.as_strided({3, 3}, {3, 1}), "reach past the storage of 6 elements of float32[2, 3]");
  EXPECT_ERROR(Error, x.as_strided({2}, {1}, 5), "reach past the storage");
  EXPECT_ERROR(Error, x.as_strided({2}, {-1}, 3), "[as_strided] sizes and strides must not be negative");
  EXPECT_ERROR(Error, x.as_strided({2}, {1}, -1), "[as_strided]");
  EXPECT_ERROR(Error, x + ones({4}),
               "[add] shapes [2, 3] and [4] do not broadcast: sizes 3 and 4 at dim -1 differ and neither is 1");
  EXPECT_ERROR(Error, x.sum_to_size({4}), "[sum_to] float32[2, 3] was not expanded from [4]");
  EXPECT_ERROR(Error, zeros(std::vector<std::int64_t>(17, 1)), "rank 17 exceeds the largest supported rank 16");
  EXPECT_ERROR(Error, ones(std::vector<std::int64_t>(16, 1)).unsqueeze(0), "largest supported rank 16");
}

TEST(BadInput, ElementsAndTypes) {
  const Tensor x = ones({2, 3});
  EXPECT_ERROR(Error, x.item(), "[item] need a tensor with one element, got float32[2, 3]");
  EXPECT_ERROR(Error, zeros({0}).item(), "[item] need a tensor with one element, got float32[0]");
  EXPECT_ERROR(TypeError, x.data_ptr<double>(),
               "[data_ptr] the tensor is float32[2, 3], the pointer asked for is to float64");
  EXPECT_ERROR(TypeError, x.data_ptr<const std::int64_t>(), "the pointer asked for is to int64");
  EXPECT_ERROR(TypeError, ones({2}, kInt64).requires_grad_(),
               "[requires_grad_] only floating-point tensors can require gradients: int64[2]");
  EXPECT_ERROR(TypeError, ones({2}, TensorOptions(kBool).requires_grad(true)), "only floating-point tensors");
  EXPECT_ERROR(Error, (leaf({1}) * 1).requires_grad_(false),
               "[requires_grad_] a tensor made by an operation (MulBackward)");
  EXPECT_ERROR(TypeError, x.to(ScalarType::Undefined), "[to] unknown dtype");
  EXPECT_ERROR(TypeError, x.to(ScalarType::Verification), "[to] unknown dtype");
  EXPECT_ERROR(Error, x.to(kCUDA), "[to] only the CPU is supported; float32[2, 3] was to move to CUDA");
  EXPECT_ERROR(Error, x.to(TensorOptions(kFloat64).device(kCUDA)), "[to] only the CPU is supported");
  EXPECT_ERROR(Error, Device("tpu"), "[Device] unknown device \"tpu\"; need \"cpu\", \"cuda\" or \"cuda:0\"");
  EXPECT_ERROR(Error, x._base(), "[_base] float32[2, 3] is not a view");
  EXPECT_ERROR(TypeError, set_default_dtype(kInt64), "[set_default_dtype] need float32 or float64, got int64");
  EXPECT_ERROR(TypeError, x.allclose(ones({2, 3}, kFloat64)), "[allclose] need one dtype");
  EXPECT_ERROR(TypeError, ones({2}, kInt64).uniform_(), "[uniform_] need a floating-point tensor, got int64[2]");
  EXPECT_ERROR(TypeError, ones({2}, kInt64).normal_(), "[normal_] need a floating-point tensor, got int64[2]");
  EXPECT_ERROR(ValueError, ones({2}).uniform_(1, 0), "[uniform_] need from <= to, got 1 and 0");
  EXPECT_ERROR(ValueError, ones({2}).normal_(0, -1), "[normal_] std must not be negative, got -1");
}

TEST(BadInput, DetachAndData) {
  const Tensor x = leaf({1, 2, 3, 4}, {2, 2});
  Tensor y = x * 1;
  const Tensor v = y[0];
  EXPECT_ERROR(Error, v.detach_(), "[detach_] a view cannot be detached in place: float64[2]; use detach()");
  EXPECT_ERROR(Error, v.set_data(ones({2})), "[set_data] the data of a view cannot be replaced: float64[2]");
  EXPECT_ERROR(TypeError, x.set_data(ones({2}, kInt64)), "[set_data] float64[2, 2] requires grad; got int64[2]");
  EXPECT_EQ(values(x), (Numbers{1, 2, 3, 4}));
  // A view whose base was given other data is on its own.
  Tensor b = ones({4}, kFloat64);
  const Tensor w = b.view({2, 2});
  b.set_data(zeros({3}, kFloat64));
  EXPECT_EQ(values(w), (Numbers{1, 1, 1, 1}));
  EXPECT_ERROR(Error, w.mul_(x), "[mul_] the base of the view float64[2, 2] was given other data by set_data()");
  w.add_(1);
  EXPECT_EQ(values(b), (Numbers{0, 0, 0}));
}

TEST(BadInput, Factories) {
  EXPECT_ERROR(Error, zeros({2, -1}), "[empty] sizes must not be negative: got [2, -1]");
  EXPECT_ERROR(Error, zeros({1LL << 40, 1LL << 40}), "[empty] too many elements: [1099511627776, 1099511627776]");
  EXPECT_ERROR(Error, zeros({1LL << 60}, kFloat64), "too many elements");
  EXPECT_ERROR(Error, zeros({1LL << 50}, kUInt8), "[allocate] out of memory");
  EXPECT_ERROR(Error, zeros({2}, kCUDA), "[zeros] only the CPU is supported");
  EXPECT_ERROR(TypeError, ones({2}, ScalarType::Verification), "[ones] this dtype cannot be asked for");
  EXPECT_ERROR(ValueError, arange(0, 1, 0), "[arange] step must not be 0");
  EXPECT_ERROR(ValueError, arange(5, 1), "[arange] from 5 to 1 with step 1 leads away");
  EXPECT_ERROR(ValueError, arange(1, 5, -1), "[arange] from 1 to 5 with step -1 leads away");
  EXPECT_ERROR(ValueError, linspace(0, 1, -1), "[linspace] steps must not be negative, got -1");
  EXPECT_ERROR(ValueError, eye(-1), "[eye] sizes must not be negative: -1, -1");
  EXPECT_ERROR(TypeError, rand({2}, kInt64), "[rand] need a floating-point tensor, got int64[2]");
  EXPECT_ERROR(TypeError, randn({2}, kBool), "[randn] need a floating-point tensor, got bool[2]");
  EXPECT_ERROR(TypeError, randn_like(arange(3)), "[randn] need a floating-point tensor, got int64[3]");
  EXPECT_ERROR(ValueError, randint(5, 5, {1}), "[randint] need low < high, got 5 and 5");
  EXPECT_ERROR(ValueError, randint(0, {1}), "[randint] need low < high, got 0 and 0");
  EXPECT_ERROR(ValueError, randperm(-1), "[randperm] n must not be negative, got -1");
  float data[4] = {};
  EXPECT_ERROR(Error, from_blob(data, {2, 2}, {1}), "[from_blob] sizes [2, 2] and strides [1] differ in length");
  EXPECT_ERROR(Error, from_blob(nullptr, {2}), "[from_blob] data is null for sizes [2]");
  EXPECT_ERROR(Error, from_blob(data, {-2}), "[from_blob] sizes must not be negative: [-2]");
  EXPECT_ERROR(Error, from_blob(data, {2}, kCUDA), "[from_blob] only the CPU is supported");
  EXPECT_ERROR(TypeError, from_blob(data, {2}, ScalarType::Undefined), "[from_blob]");
  EXPECT_ERROR(Error, from_blob(data, {2}, {-1}), "[from_blob] strides must not be negative: [-1]");
}

TEST(BadInput, ValuesForTensor) {
  EXPECT_ERROR(ValueError, tensor({{1, 2}, {3}}),
               "[tensor] lists of one level must be equally long, but at depth 1 there are lengths 2 and 1");
  EXPECT_ERROR(ValueError, tensor({1.5, 2}), "[tensor] all values must be of one kind, but there are floating-point");
  EXPECT_ERROR(ValueError, tensor({{true}, {2}}), "there are bools and integers; write them alike");
  EXPECT_ERROR(ValueError, tensor({{1, 2}, 3}), "[tensor] a number stands beside lists at depth 1");
  EXPECT_ERROR(ValueError, tensor({1, {2, 3}}), "[tensor] a list stands beside numbers at depth 1");
  EXPECT_ERROR(TypeError, tensor({1, 2}, requires_grad()), "only floating-point tensors can require gradients");
}

TEST(BadInput, EveryErrorIsAnErrorAndARuntimeError) {
  const Tensor x = ones({2});
  EXPECT_THROW(x.select(0, 7), IndexError);
  EXPECT_THROW(x.select(0, 7), Error);
  EXPECT_THROW(x.select(0, 7), std::runtime_error);
  try {
    x.select(0, 7);
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), e.what_without_backtrace());
    EXPECT_EQ(e.msg(), e.what());
  }
}

}  // namespace
