// New tensors.
#include "autograd/ops/factory.h"

#include <cmath>

#include "autograd/kernels/copy.h"

namespace gradtape::ops {

// As memory holds it, also while verifying.
static ScalarType stored_dtype(const char* op, const TensorOptions& o, ScalarType otherwise) {
  check(o.device().is_cpu(), op, "only the CPU is supported; a CUDA tensor was asked for");
  const ScalarType t = o.has_dtype() ? o.dtype() : otherwise;
  check<TypeError>(t != ScalarType::Verification && t != ScalarType::Undefined, op,
                   "this dtype cannot be asked for; need one of float32, float64, int64, int32, uint8, bool");
  return t;
}
ScalarType checked_dtype(const char* op, const TensorOptions& o, ScalarType otherwise) {
  return effective(stored_dtype(op, o, otherwise));
}
// Elements from the first to the last place that a tensor of this geometry has.
static std::int64_t reach(const char* op, IntArrayRef sizes, IntArrayRef strides) {
  check<ValueError>(sizes.size() == strides.size(), op, "sizes ", sizes, " and strides ", strides, " differ in length");
  std::int64_t last = 0;
  bool none = false;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    check<ValueError>(sizes[i] >= 0, op, "sizes must not be negative: ", sizes);
    check<ValueError>(strides[i] >= 0, op, "strides must not be negative: ", strides);
    none = none || sizes[i] == 0;
    last += (sizes[i] - 1) * strides[i];
  }
  return none ? 0 : last + 1;
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

}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor empty(IntArrayRef size, const TensorOptions& o, optional<MemoryFormat>) {
  return finish(make("empty", size, o), o);
}
Tensor empty_strided(IntArrayRef size, IntArrayRef stride, const TensorOptions& o) {
  const std::int64_t n = reach("empty_strided", size, stride);
  const Tensor t = make("empty_strided", {n}, o);
  return finish(core::make_alias(*t.impl(), size, stride, 0), o);
}
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
Tensor empty_like(const Tensor& self, const TensorOptions& o, optional<MemoryFormat>) {
  const TensorOptions own = like("empty_like", self, o);
  return empty(self.sizes(), own);
}
Tensor zeros_like(const Tensor& self, const TensorOptions& o, optional<MemoryFormat>) {
  const TensorOptions own = like("zeros_like", self, o);
  return zeros(self.sizes(), own);
}
Tensor ones_like(const Tensor& self, const TensorOptions& o, optional<MemoryFormat>) {
  const TensorOptions own = like("ones_like", self, o);
  return ones(self.sizes(), own);
}
Tensor full_like(const Tensor& self, const Scalar& v, const TensorOptions& o, optional<MemoryFormat>) {
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
  const bool whole = start.isIntegral(true) && end.isIntegral(true) && step.isIntegral(true);
  const ScalarType t = checked_dtype("arange", o, whole ? kInt64 : get_default_dtype());
  check<TypeError>(t != kBool, "arange", "need a dtype that counts, got ", t);
  if (whole || is_integral(t)) {
    check<ValueError>(step.toLong() != 0, "arange", "step ", step, " is 0 in ", t);
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

Tensor range(const Scalar& start, const Scalar& end, const Scalar& step, const TensorOptions& o) {
  const double a = start.toDouble(), s = step.toDouble(), way = end.toDouble() - a;
  check<ValueError>(s != 0, "range", "step must not be 0");
  check<ValueError>(way / s >= 0, "range", "from ", start, " to ", end, " with step ", step, " leads away");
  const double n = std::floor(way / s) + 1;
  check<ValueError>(n < 0x1.0p62, "range", "from ", start, " to ", end, " with step ", step, " there is no end");
  Tensor y = new_tensor({static_cast<std::int64_t>(n)}, checked_dtype("range", o, get_default_dtype()));
  kernels::ramp(array_of(y), a, s);
  return finish(y, o);
}

namespace {
// In float64, from both ends, so that the last element is exact.
Tensor spaced(const char* op, double a, double b, std::int64_t steps) {
  check<ValueError>(steps >= 0, op, "steps must not be negative, got ", steps);
  const Tensor y = new_tensor({steps}, ScalarType::Double);
  const double step = steps > 1 ? (b - a) / static_cast<double>(steps - 1) : 0;
  auto* p = y.impl()->ptr<double>();
  for (std::int64_t i = 0; i < steps; ++i)
    p[i] =
        i < steps / 2 || steps == 1 ? a + step * static_cast<double>(i) : b - step * static_cast<double>(steps - 1 - i);
  return y;
}
}  // namespace

Tensor linspace(const Scalar& start, const Scalar& end, std::int64_t steps, const TensorOptions& o) {
  const ScalarType t = checked_dtype("linspace", o, get_default_dtype());
  return finish(cast_value(spaced("linspace", start.toDouble(), end.toDouble(), steps), t), o);
}
Tensor logspace(const Scalar& start, const Scalar& end, std::int64_t steps, double base, const TensorOptions& o) {
  const ScalarType t = checked_dtype("logspace", o, get_default_dtype());
  const Tensor y = spaced("logspace", start.toDouble(), end.toDouble(), steps);
  auto* p = y.impl()->ptr<double>();
  for (std::int64_t i = 0; i < steps; ++i) p[i] = std::pow(base, p[i]);
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
  const std::int64_t elements = reach("from_blob", sizes, strides);
  check(data != nullptr || numel_of(sizes) == 0, "from_blob", "data is null for sizes ", sizes);
  const ScalarType t = stored_dtype("from_blob", o, get_default_dtype());
  TensorImpl* i = core::new_impl();
  Tensor y = Tensor::adopt(i);
  i->dtype = t;
  core::set_geometry(*i, sizes, strides);
  i->storage = core::borrow_storage(data, elements * element_size(t), nullptr);
  i->data = static_cast<char*>(data);
  return finish(y, o);
}

}  // namespace gradtape::at
