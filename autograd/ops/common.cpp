#include "autograd/ops/common.h"

#include <cmath>
#include <limits>

#include "autograd/kernels/copy.h"

namespace gradtape::ops {

void check_floating(const char* op, const Tensor& t) {
  check<TypeError>(is_floating(type_of(t)), op, "need a floating-point tensor, got ", t, "; convert with to(kFloat32)");
}

void check_fits(const char* op, const Scalar& v, ScalarType t) {
  if (t == ScalarType::Double || t == ScalarType::Verification || t == kBool) return;
  const double d = v.toDouble();
  // Negative numbers wrap around in uint8, as in C.
  const bool fits = t == kFloat32 ? !(std::abs(d) > std::numeric_limits<float>::max()) || std::isinf(d)
                    : t == kUInt8 ? d > -256 && d < 256
                    : t == kInt32 ? d > -2147483649.0 && d < 2147483648.0
                                  : v.isIntegral(true) || (d >= -0x1p63 && d < 0x1p63);
  check<ValueError>(fits, op, v, " does not fit into ", t);
}

namespace {
// 0: number, 1: 0-d tensor, 2: dimensioned.
int priority(const TensorImpl& t) { return t.wrapped_number ? 0 : t.sizes.empty() ? 1 : 2; }
int category(ScalarType t) { return t == ScalarType::Bool ? 0 : is_integral(t) ? 1 : 2; }
ScalarType default_of(const TensorImpl& t) {
  // A number of floating type becomes the default dtype when it decides.
  return t.wrapped_number && t.dtype == ScalarType::Double ? effective(get_default_dtype()) : t.dtype;
}
}  // namespace

ScalarType result_type(const Tensor& a, const Tensor& b) {
  const TensorImpl &x = *a.impl(), &y = *b.impl();
  if (x.dtype == y.dtype) return default_of(x) == default_of(y) ? default_of(x) : x.dtype;
  const int px = priority(x), py = priority(y);
  if (px == py) return promote_types(x.dtype, y.dtype);
  const TensorImpl& high = px > py ? x : y;
  const TensorImpl& low = px > py ? y : x;
  if (low.dtype == ScalarType::Verification && high.dtype == ScalarType::Double) return low.dtype;
  if (category(high.dtype) >= category(low.dtype)) return high.dtype;
  return promote_types(high.dtype, default_of(low));
}

ScalarType result_type(const Tensor& a, const Tensor& b, const Tensor& c) {
  // What the tensors of each priority promote to; then from the highest down, where the category is a higher one.
  ScalarType found[3] = {ScalarType::Undefined, ScalarType::Undefined, ScalarType::Undefined};
  for (const Tensor* t : {&a, &b, &c}) {
    ScalarType& f = found[priority(*t->impl())];
    const ScalarType own = default_of(*t->impl());
    f = f == ScalarType::Undefined ? own : promote_types(f, own);
  }
  ScalarType r = ScalarType::Undefined;
  for (int p = 2; p >= 0; --p) {
    if (found[p] == ScalarType::Undefined) continue;
    const bool verifying = found[p] == ScalarType::Verification && r == ScalarType::Double;
    if (r == ScalarType::Undefined || verifying) {
      r = found[p];
    } else if (category(found[p]) > category(r)) {
      r = promote_types(r, found[p]);
    }
  }
  return r;
}

Tensor wrap(const Scalar& v) {
  const ScalarType t = v.isFloatingPoint() ? ScalarType::Double : v.type();
  Tensor r = new_tensor(IntArrayRef(), t);
  if (v.isFloatingPoint()) {
    *r.impl()->ptr<double>() = v.toDouble();
  } else if (v.isBoolean()) {
    *r.impl()->ptr<bool>() = v.toBool();
  } else {
    *r.impl()->ptr<std::int64_t>() = v.toLong();
  }
  r.impl()->wrapped_number = true;
  return r;
}

Tensor wrap_for(const Scalar& v, const Tensor& like) {
  const ScalarType t = type_of(like);
  if (!is_floating(t)) return wrap(v);
  Tensor r = new_tensor(IntArrayRef(), t);
  kernels::fill(array_of(r), v.toDouble());
  r.impl()->wrapped_number = true;
  return r;
}

ScalarType floating_result(ScalarType t) { return is_floating(t) ? t : effective(get_default_dtype()); }

Tensor cast_value(const Tensor& t, ScalarType dtype) {
  if (type_of(t) == dtype) return t;
  Tensor y = new_tensor(shape_of(t), dtype);
  kernels::copy(array_of(y), array_of(t));
  y.impl()->wrapped_number = t.impl()->wrapped_number;
  return y;
}

Tensor cast(const Tensor& t, ScalarType dtype) {
  if (type_of(t) == dtype) return t;
  Tensor y = cast_value(t, dtype);
  // The engine converts the gradient back to the input's dtype.
  if (auto r = record("to", y, {t})) r.rule([](Sweep& s) { s[0] = s.g; });
  return y;
}

Tensor verified(const Tensor& t) {
  return t.defined() && type_of(t) == ScalarType::Double ? cast(t, ScalarType::Verification) : t;
}

Tensor new_filled(IntArrayRef sizes, ScalarType dtype, double value) {
  Tensor t = new_tensor(sizes, dtype);
  kernels::fill(array_of(t), value);
  return t;
}

Tensor make_view(const Tensor& self, IntArrayRef sizes, IntArrayRef strides, std::int64_t offset) {
  Tensor v = core::make_alias(*self.impl(), sizes, strides, offset);
  TensorImpl& i = *v.impl();
  TensorImpl* base = self.impl()->base ? self.impl()->base : self.impl();
  detail::retain(base);
  i.base = base;
  i.view_version = i.storage->version;
  i.creation = !tls.grad_mode ? Creation::NoGrad : self.impl()->creation;
  return v;
}

Tensor copy_of(const Tensor& t) {
  Tensor y = new_tensor(shape_of(t), type_of(t));
  kernels::copy(array_of(y), array_of(t));
  return y;
}
Tensor plain(const Tensor& t) { return t.impl()->contiguous ? t : copy_of(t); }

std::uint32_t dim_mask(const char* op, IntArrayRef dims, std::int64_t rank) {
  if (dims.empty()) return (1u << rank) - 1u;
  std::uint32_t mask = 0;
  for (std::int64_t d : dims) {
    const auto bit = 1u << wrap_dim(op, d, rank);
    check(!(mask & bit), op, "dim ", d, " appears twice in ", dims);
    mask |= bit;
  }
  return mask;
}

}  // namespace gradtape::ops
