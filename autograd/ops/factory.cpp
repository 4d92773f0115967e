// New tensors, copies and conversions.
#include <cmath>
#include <mutex>

#include "autograd/kernels/copy.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

ScalarType checked_dtype(const char* op, const TensorOptions& o, ScalarType otherwise) {
  check(o.device().is_cpu(), op, "only the CPU is supported; a CUDA tensor was asked for");
  const ScalarType t = o.has_dtype() ? o.dtype() : otherwise;
  check<TypeError>(t != ScalarType::Verification && t != ScalarType::Undefined, op,
                   "this dtype cannot be asked for; need one of float32, float64, int64, int32, uint8, bool");
  return effective(t);
}
Tensor finish(Tensor t, const TensorOptions& o) {
  if (o.requires_grad()) t.requires_grad_(true);
  return t;
}
Tensor make(const char* op, IntArrayRef size, const TensorOptions& o) {
  return new_tensor(size, checked_dtype(op, o, get_default_dtype()));
}
TensorOptions like(const char* op, const Tensor& self, const TensorOptions& o) {
  check_defined(op, self);
  return o.has_dtype() ? o : o.dtype(self.scalar_type());
}

template <class F>
void fill_random(const Tensor& t, F draw) {
  static std::mutex mutex;
  const std::lock_guard<std::mutex> lock(mutex);
  Generator& g = default_generator();
  const bool plain = t.is_contiguous();
  Tensor flat = plain ? t : new_tensor(shape_of(t), type_of(t));
  kernels::dispatch_all(type_of(t), [&](auto v) {
    using T = decltype(v);
    T* p = flat.impl()->ptr<T>();
    for (std::int64_t i = 0; i < flat.numel(); ++i) p[i] = kernels::convert<T>(draw(g));
  });
  if (!plain) kernels::copy(array_of(t), array_of(flat));
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor empty(IntArrayRef size, const TensorOptions& o) { return finish(make("empty", size, o), o); }
Tensor zeros(IntArrayRef size, const TensorOptions& o) {
  Tensor t = make("zeros", size, o);
  kernels::fill(array_of(t), 0);
  return finish(t, o);
}
Tensor ones(IntArrayRef size, const TensorOptions& o) {
  Tensor t = make("ones", size, o);
  kernels::fill(array_of(t), 1);
  return finish(t, o);
}
Tensor full(IntArrayRef size, const Scalar& value, const TensorOptions& o) {
  const ScalarType own = value.isFloatingPoint() ? get_default_dtype() : value.type();
  Tensor t = new_tensor(size, checked_dtype("full", o, own));
  t.fill_(value);
  return finish(t, o);
}
Tensor empty_like(const Tensor& self, const TensorOptions& o) {
  const TensorOptions own = like("empty_like", self, o);
  return empty(self.sizes(), own);
}
Tensor zeros_like(const Tensor& self, const TensorOptions& o) {
  const TensorOptions own = like("zeros_like", self, o);
  return zeros(self.sizes(), own);
}
Tensor ones_like(const Tensor& self, const TensorOptions& o) {
  const TensorOptions own = like("ones_like", self, o);
  return ones(self.sizes(), own);
}
Tensor full_like(const Tensor& self, const Scalar& v, const TensorOptions& o) {
  const TensorOptions own = like("full_like", self, o);
  return full(self.sizes(), v, own);
}
Tensor scalar_tensor(const Scalar& value, const TensorOptions& o) {
  return full(IntArrayRef(), value, o.has_dtype() ? o : o.dtype(get_default_dtype()));
}

Tensor arange(const Scalar& end, const TensorOptions& o) { return arange(0, end, 1, o); }
Tensor arange(const Scalar& start, const Scalar& end, const TensorOptions& o) { return arange(start, end, 1, o); }
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, const TensorOptions& o) {
  const double s = step.toDouble();
  check<ValueError>(s != 0, "arange", "step must not be 0");
  check<ValueError>((end.toDouble() - start.toDouble()) / s >= 0, "arange", "from ", start, " to ", end, " with step ",
                    step, " leads away");
  const bool integral = start.isIntegral(true) && end.isIntegral(true) && step.isIntegral(true);
  const ScalarType t = checked_dtype("arange", o, integral ? kInt64 : get_default_dtype());
  if (integral) {
    const std::int64_t from = start.toLong(), by = step.toLong(), way = end.toLong() - from;
    Tensor exact = new_tensor({way / by + (way % by != 0)}, kInt64);
    auto* p = exact.impl()->ptr<std::int64_t>();
    for (std::int64_t i = 0; i < exact.numel(); ++i) p[i] = from + i * by;
    return finish(cast_value(exact, t), o);
  }
  const double n = std::ceil((end.toDouble() - start.toDouble()) / s);
  check<ValueError>(n < 0x1.0p62, "arange", "from ", start, " to ", end, " with step ", step, " there is no end");
  Tensor y = new_tensor({static_cast<std::int64_t>(n)}, t);
  kernels::ramp(array_of(y), start.toDouble(), s);
  return finish(y, o);
}

Tensor linspace(const Scalar& start, const Scalar& end, std::int64_t steps, const TensorOptions& o) {
  check<ValueError>(steps >= 0, "linspace", "steps must not be negative, got ", steps);
  const ScalarType t = checked_dtype("linspace", o, get_default_dtype());
  Tensor y = new_tensor({steps}, ScalarType::Double);
  const double a = start.toDouble(), b = end.toDouble();
  const double step = steps > 1 ? (b - a) / static_cast<double>(steps - 1) : 0;
  auto* p = y.impl()->ptr<double>();
  // From both ends, so that the last element is exact.
  for (std::int64_t i = 0; i < steps; ++i)
    p[i] =
        i < steps / 2 || steps == 1 ? a + step * static_cast<double>(i) : b - step * static_cast<double>(steps - 1 - i);
  return finish(cast_value(y, t), o);
}

Tensor eye(std::int64_t n, const TensorOptions& o) { return eye(n, n, o); }
Tensor eye(std::int64_t n, std::int64_t m, const TensorOptions& o) {
  check<ValueError>(n >= 0 && m >= 0, "eye", "sizes must not be negative: ", n, ", ", m);
  Tensor t = make("eye", {n, m}, o);
  kernels::fill(array_of(t), 0);
  const std::int64_t k = n < m ? n : m;
  kernels::fill(array_of(core::make_alias(*t.impl(), {k}, {m + 1}, 0)), 1);
  return finish(t, o);
}

Tensor from_blob(void* data, IntArrayRef sizes, const TensorOptions& o) {
  return from_blob(data, sizes, contiguous_strides(sizes), o);
}
Tensor from_blob(void* data, IntArrayRef sizes, const std::function<void(void*)>& deleter, const TensorOptions& o) {
  return from_blob(data, sizes, contiguous_strides(sizes), deleter, o);
}
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const std::function<void(void*)>& deleter,
                 const TensorOptions& o) {
  Tensor t = from_blob(data, sizes, strides, o);
  if (deleter) t.impl()->storage->deleter = new std::function<void(void*)>(deleter);
  return t;
}
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const TensorOptions& o) {
  check(sizes.size() == strides.size(), "from_blob", "sizes ", sizes, " and strides ", strides, " differ in length");
  check(data != nullptr || numel_of(sizes) == 0, "from_blob", "data is null for sizes ", sizes);
  check(o.device().is_cpu(), "from_blob", "only the CPU is supported; a CUDA tensor was asked for");
  const ScalarType t = o.dtype();
  check<TypeError>(t != ScalarType::Verification && t != ScalarType::Undefined, "from_blob",
                   "need one of float32, float64, int64, int32, uint8, bool");
  std::int64_t last = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    check(sizes[i] >= 0, "from_blob", "sizes must not be negative: ", sizes);
    check(strides[i] >= 0, "from_blob", "strides must not be negative: ", strides);
    last += sizes[i] > 0 ? (sizes[i] - 1) * strides[i] : 0;
  }
  TensorImpl* i = core::new_impl();
  Tensor y = Tensor::adopt(i);
  i->dtype = t;
  core::set_geometry(*i, sizes, strides);
  i->storage = core::borrow_storage(data, (last + 1) * element_size(t), nullptr);
  i->data = static_cast<char*>(data);
  return finish(y, o);
}

Tensor rand(IntArrayRef size, const TensorOptions& o) {
  Tensor t = make("rand", size, o);
  check_floating("rand", t);
  return finish(t.uniform_(), o);
}
Tensor randn(IntArrayRef size, const TensorOptions& o) {
  Tensor t = make("randn", size, o);
  check_floating("randn", t);
  return finish(t.normal_(), o);
}
Tensor rand_like(const Tensor& self, const TensorOptions& o) {
  const TensorOptions own = like("rand_like", self, o);
  return rand(self.sizes(), own);
}
Tensor randn_like(const Tensor& self, const TensorOptions& o) {
  const TensorOptions own = like("randn_like", self, o);
  return randn(self.sizes(), own);
}
Tensor randint(std::int64_t high, IntArrayRef size, const TensorOptions& o) { return randint(0, high, size, o); }
Tensor randint(std::int64_t low, std::int64_t high, IntArrayRef size, const TensorOptions& o) {
  check<ValueError>(low < high, "randint", "need low < high, got ", low, " and ", high);
  Tensor t = new_tensor(size, checked_dtype("randint", o, kInt64));
  const auto range = static_cast<std::uint64_t>(high - low);
  fill_random(t, [&](Generator& g) { return low + static_cast<std::int64_t>(g.below(range)); });
  return finish(t, o);
}
Tensor randperm(std::int64_t n, const TensorOptions& o) {
  check<ValueError>(n >= 0, "randperm", "n must not be negative, got ", n);
  Tensor t = arange(n, TensorOptions(kInt64));
  auto* p = t.data_ptr<std::int64_t>();
  std::int64_t i = n;
  Tensor draws = new_tensor({n}, kInt64);
  fill_random(draws, [&](Generator& g) {
    const auto k = static_cast<std::int64_t>(g.below(static_cast<std::uint64_t>(i)));
    --i;
    return k;
  });
  const auto* d = draws.data_ptr<std::int64_t>();
  for (std::int64_t k = 0; k + 1 < n; ++k) std::swap(p[n - 1 - k], p[d[k]]);
  return finish(cast_value(t, checked_dtype("randperm", o, kInt64)), o);
}

Tensor& Tensor::uniform_(double from, double to) const {
  check_defined("uniform_", *this);
  check_floating("uniform_", *this);
  check<ValueError>(from <= to, "uniform_", "need from <= to, got ", from, " and ", to);
  const bool recording = would_record({*this});
  check_inplace("uniform_", *this, recording);
  // float32 rounds 1 - 2^-53 up to 1, which the interval does not hold.
  const bool single = type_of(*this) == kFloat32;
  fill_random(*this, [&](Generator& g) {
    const double u = single ? static_cast<double>(g.random64() >> 40) * 0x1.0p-24 : g.uniform();
    return from + u * (to - from);
  });
  return finish_overwrite("uniform_", *this, recording);
}
Tensor& Tensor::normal_(double mean, double std) const {
  check_defined("normal_", *this);
  check_floating("normal_", *this);
  check<ValueError>(std >= 0, "normal_", "std must not be negative, got ", std);
  const bool recording = would_record({*this});
  check_inplace("normal_", *this, recording);
  fill_random(*this, [&](Generator& g) { return mean + std * g.normal(); });
  return finish_overwrite("normal_", *this, recording);
}

Tensor clone(const Tensor& self) {
  check_defined("clone", self);
  Tensor y = new_tensor(shape_of(self), type_of(self));
  kernels::copy(array_of(y), array_of(self));
  if (auto r = record("clone", y, {self})) r.rule([](Sweep& s) { s[0] = s.g; });
  return y;
}
Tensor contiguous(const Tensor& self) {
  check_defined("contiguous", self);
  return self.impl()->contiguous ? self : clone(self);
}

Tensor Tensor::to(ScalarType dtype, bool, bool copy) const {
  check_defined("to", *this);
  check<TypeError>(dtype != ScalarType::Verification && dtype != ScalarType::Undefined, "to", "unknown dtype");
  const Tensor y = cast(*this, effective(dtype));
  return copy && y.is_same(*this) ? at::clone(y) : y;
}
Tensor Tensor::to(Device device, ScalarType dtype, bool non_blocking, bool copy) const {
  return to(TensorOptions(dtype).device(device), non_blocking, copy);
}
Tensor Tensor::to(const TensorOptions& o, bool non_blocking, bool copy) const {
  check_defined("to", *this);
  check(o.device().is_cpu(), "to", "only the CPU is supported; ", *this, " was to move to CUDA");
  return o.has_dtype() ? to(o.dtype(), non_blocking, copy) : copy ? at::clone(*this) : *this;
}
Tensor Tensor::to(const Tensor& other, bool non_blocking, bool copy) const {
  check_defined("to", *this, other);
  return to(other.scalar_type(), non_blocking, copy);
}

}  // namespace gradtape::at
