// Bounds, as numbers and as tensors.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "autograd/ops/pointwise_common.h"

namespace gradtape::ops {
namespace {

// The least and the largest number of an integer dtype.
std::pair<std::int64_t, std::int64_t> range_of(ScalarType t) {
  if (t == kUInt8) return {0, std::numeric_limits<std::uint8_t>::max()};
  if (t == kInt32) return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
  return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
}

// What no double between them holds exactly.
bool is_huge(const optional<Scalar>& v) { return v && std::fabs(v->toDouble()) > 9007199254740992.0; }

Tensor clamp_between(const char* op, const Tensor& self, const optional<Scalar>& min, const optional<Scalar>& max);

// As a bound of numbers of dtype t: one outside their range does what the nearest of them does.
Tensor bound_in(const char* op, const Tensor& bound, ScalarType t) {
  if (!is_integral(t) || element_size(type_of(bound)) <= element_size(t)) return cast_value(bound, t);
  const auto [least, largest] = range_of(t);
  return cast_value(clamp_between(op, bound, Scalar(least), Scalar(largest)), t);
}
double bound_in(const Scalar& bound, ScalarType t) {
  const auto [least, largest] = range_of(t);
  return std::clamp(bound.toDouble(), static_cast<double>(least), static_cast<double>(largest));
}

// An undefined bound is none.
Tensor clamp_between(const char* op, const Tensor& self, const Tensor& min, const Tensor& max) {
  check_defined(op, self);
  const bool low = min.defined(), high = max.defined();
  check<ValueError>(low || high, op, "at least one of min and max must be given");
  ScalarType t = type_of(self);
  Shape shape = shape_of(self);
  for (const Tensor& bound : {min, max}) {
    if (!bound.defined()) continue;
    t = t == type_of(self) ? result_type(self, bound) : promote_types(t, result_type(self, bound));
    shape = broadcast_shapes(op, shape, shape_of(bound));
  }
  Tensor y = new_tensor(shape, t);
  const Tensor x = cast_value(self, t);
  if (low) kernels::maximum(array_of(y), array_of(x), array_of(bound_in(op, min, t)), {});
  if (high) kernels::minimum(array_of(y), array_of(low ? y : x), array_of(bound_in(op, max, t)), {});
  if (auto r = record(op, y, {self, min, max})) {
    r.save(self);
    r.save(min);
    r.save(max);
    r.rule([low, high](Sweep& s) {
      const Tensor v = s.saved(0), lo = s.saved(1), hi = s.saved(2);
      const auto pass = [&](const Tensor& mask) { return where(mask, s.g, 0); };
      if (s.needs(0)) s[0] = pass(!low ? v <= hi : !high ? v >= lo : (v >= lo) * (v <= hi));
      if (low && s.needs(1)) s[1] = pass(high ? (v < lo) * (lo < hi) : v < lo);
      if (high && s.needs(2)) s[2] = pass(low ? (v > hi) + (hi < lo) : v > hi);
    });
  }
  return y;
}

Tensor clamp_between(const char* op, const Tensor& self, const optional<Scalar>& min, const optional<Scalar>& max) {
  check_defined(op, self);
  const bool low = min.has_value(), high = max.has_value();
  check<ValueError>(low || high, op, "at least one of min and max must be given");
  if (!is_floating(type_of(self)) && (is_huge(min) || is_huge(max)))
    return clamp_between(op, self, low ? wrap(*min) : Tensor(), high ? wrap(*max) : Tensor());
  const bool floating = (low && min->isFloatingPoint()) || (high && max->isFloatingPoint());
  const bool whole = is_integral(type_of(self)) && !floating;
  const auto bound = [&](const Scalar& v) { return whole ? bound_in(v, type_of(self)) : v.toDouble(); };
  const double lo = low ? bound(*min) : 0, hi = high ? bound(*max) : 0;
  return mapped(
      op, low ? (high ? kernels::clamp : kernels::clamp_min) : kernels::clamp_max,
      floating ? Kind::floating : Kind::counts, Reads::x, self, {lo, hi},
      low ? (high ? level_run::clamp_backward : level_run::clamp_min_backward) : level_run::clamp_max_backward,
      [low, high](const Tensor& g, const Tensor& x, Params p) {
        return where(!low ? x <= p.b : !high ? x >= p.a : (x >= p.a) * (x <= p.b), g, 0);
      });
}

Tensor bound_of(const char* op, const optional<Tensor>& t) {
  if (t) check_defined(op, *t);
  return t ? *t : Tensor();
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor clamp(const Tensor& self, const optional<Scalar>& min, const optional<Scalar>& max) {
  return clamp_between("clamp", self, min, max);
}
Tensor clamp(const Tensor& self, const optional<Tensor>& min, const optional<Tensor>& max) {
  return clamp_between("clamp", self, bound_of("clamp", min), bound_of("clamp", max));
}
Tensor clamp_min(const Tensor& self, const Scalar& min) { return clamp_between("clamp_min", self, min, nullopt); }
Tensor clamp_max(const Tensor& self, const Scalar& max) { return clamp_between("clamp_max", self, nullopt, max); }
Tensor clamp_min(const Tensor& self, const Tensor& min) {
  check_defined("clamp_min", self, min);
  return clamp_between("clamp_min", self, min, Tensor());
}
Tensor clamp_max(const Tensor& self, const Tensor& max) {
  check_defined("clamp_max", self, max);
  return clamp_between("clamp_max", self, Tensor(), max);
}

namespace {

// A bound that shares self's memory must not change with it before the rule reads it.
Tensor bound_beside(const Tensor& self, const Tensor& bound) {
  return bound.defined() && bound.is_alias_of(self) && would_record({self, bound}) ? snapshot(bound) : bound;
}
Tensor& clamp_inplace(const char* op, const Tensor& self, const Tensor& min, const Tensor& max) {
  check_defined(op, self);
  return inplace(op, self, {min, max}, true, [&](const Tensor& t) {
    return clamp_between(op, t, bound_beside(self, min), bound_beside(self, max));
  });
}
Tensor& clamp_inplace(const char* op, const Tensor& self, const optional<Scalar>& min, const optional<Scalar>& max) {
  return inplace(op, self, {}, true, [&](const Tensor& t) { return clamp_between(op, t, min, max); });
}

}  // namespace

Tensor& Tensor::clamp_(const optional<Scalar>& min, const optional<Scalar>& max) const {
  return clamp_inplace("clamp_", *this, min, max);
}
Tensor& Tensor::clamp_(const optional<Tensor>& min, const optional<Tensor>& max) const {
  return clamp_inplace("clamp_", *this, bound_of("clamp_", min), bound_of("clamp_", max));
}
Tensor& Tensor::clamp_min_(const Scalar& min) const { return clamp_inplace("clamp_min_", *this, min, nullopt); }
Tensor& Tensor::clamp_max_(const Scalar& max) const { return clamp_inplace("clamp_max_", *this, nullopt, max); }
Tensor& Tensor::clamp_min_(const Tensor& min) const {
  check_defined("clamp_min_", *this, min);
  return clamp_inplace("clamp_min_", *this, min, Tensor());
}
Tensor& Tensor::clamp_max_(const Tensor& max) const {
  check_defined("clamp_max_", *this, max);
  return clamp_inplace("clamp_max_", *this, Tensor(), max);
}

// clip is clamp.
#define GRADTAPE_CLAMP(name, bound)                                                                             \
  Tensor& name##_(Tensor& self, const optional<bound>& min, const optional<bound>& max) {                       \
    return self.clamp_(min, max);                                                                               \
  }                                                                                                             \
  Tensor& name##_out(Tensor& out, const Tensor& self, const optional<bound>& min, const optional<bound>& max) { \
    return store_out(#name "_out", out, clamp(self, min, max));                                                 \
  }                                                                                                             \
  Tensor Tensor::name(const optional<bound>& min, const optional<bound>& max) const {                           \
    return at::clamp(*this, min, max);                                                                          \
  }
GRADTAPE_CLAMP(clamp, Scalar)
GRADTAPE_CLAMP(clamp, Tensor)
GRADTAPE_CLAMP(clip, Scalar)
GRADTAPE_CLAMP(clip, Tensor)
#undef GRADTAPE_CLAMP
#define GRADTAPE_CLIP(bound)                                                                \
  Tensor clip(const Tensor& self, const optional<bound>& min, const optional<bound>& max) { \
    return clamp(self, min, max);                                                           \
  }                                                                                         \
  Tensor& Tensor::clip_(const optional<bound>& min, const optional<bound>& max) const { return clamp_(min, max); }
GRADTAPE_CLIP(Scalar)
GRADTAPE_CLIP(Tensor)
#undef GRADTAPE_CLIP
#define GRADTAPE_BOUND(name, bound)                                         \
  Tensor& name##_(Tensor& self, const bound& v) { return self.name##_(v); } \
  Tensor& name##_out(Tensor& out, const Tensor& self, const bound& v) {     \
    return store_out(#name "_out", out, at::name(self, v));                 \
  }                                                                         \
  Tensor Tensor::name(const bound& v) const { return at::name(*this, v); }
GRADTAPE_BOUND(clamp_min, Scalar)
GRADTAPE_BOUND(clamp_min, Tensor)
GRADTAPE_BOUND(clamp_max, Scalar)
GRADTAPE_BOUND(clamp_max, Tensor)
#undef GRADTAPE_BOUND

}  // namespace gradtape::at
