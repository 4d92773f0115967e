// Sums, means, products, logical and counting reductions.
#include "autograd/kernels/reduce.h"

#include "autograd/kernels/softmax.h"
#include "autograd/ops/reduce_common.h"

namespace gradtape::ops {
namespace {

using kernels::Reduce;

ScalarType sum_dtype(const Tensor& self, const optional<ScalarType>& dtype) {
  if (dtype) return effective(*dtype);
  return is_integral(type_of(self), true) ? kInt64 : type_of(self);
}

Tensor sum_dims(const char* op, const Tensor& x, IntArrayRef dims, bool keepdim) {
  const Reduced d = prepare_reduction(op, x, dims);
  Tensor y = reduce_into(Reduce::Sum, d, keepdim);
  if (auto r = record(op, y, {x})) {
    r.rule([mask = d.mask, keepdim](Sweep& s) {
      s[0] = with_kept_dims(s.g, s.sizes(0), mask, keepdim).expand(s.sizes(0));
    });
  }
  return y;
}

Tensor prod_dims(const Tensor& x, const Reduced& d, bool keepdim) {
  Tensor y = reduce_into(Reduce::Prod, d, keepdim);
  if (auto r = record("prod", y, {x})) {
    r.save(x);
    r.rule([mask = d.mask, keepdim](Sweep& s) {
      const Tensor x = s.saved(0);
      if (x.numel() == 0) {
        s[0] = zeros_like(x);
        return;
      }
      // The product of all but one, from the products before and behind it: nothing is divided, so zeros may be there.
      const bool all = dims_of(mask, shape_of(x).size()).size() != 1;
      const Tensor row = all ? reshape(x, {-1}) : x;
      const std::int64_t d = all ? 0 : dims_of(mask, shape_of(x).size())[0];
      const auto before = [d](const Tensor& t) {
        Shape one = shape_of(t);
        one[static_cast<std::size_t>(d)] = 1;
        return cumprod(cat({ones(one, t.options()), narrow(t, d, 0, t.size(d) - 1)}, d), d);
      };
      const Tensor others = before(row) * flip(before(flip(row, d)), d);
      s[0] = with_kept_dims(s.g, shape_of(x), mask, keepdim) * reshape(others, x.sizes());
    });
  }
  return y;
}

// In bool: any adds up, all multiplies; uint8 keeps its dtype.
Tensor logical(const char* op, Reduce kind, const Tensor& self, IntArrayRef dims, bool keepdim) {
  check_defined(op, self);
  const AutoGradMode off(false);
  const Tensor y = reduce_into(kind, prepare_reduction(op, cast_value(self, kBool), dims), keepdim);
  return cast_value(y, type_of(self) == kUInt8 ? kUInt8 : kBool);
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor sum(const Tensor& self, optional<ScalarType> dtype) { return sum(self, IntArrayRef(), false, dtype); }
Tensor sum(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, optional<ScalarType> dtype) {
  check_defined("sum", self);
  return sum_dims("sum", cast(self, sum_dtype(self, dtype)), dim.value_or({}), keepdim);
}

Tensor nansum(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, optional<ScalarType> dtype) {
  check_defined("nansum", self);
  return sum(is_floating(type_of(self)) ? where(isnan(self), 0, self) : self, dim, keepdim, dtype);
}

Tensor mean(const Tensor& self, optional<ScalarType> dtype) { return mean(self, IntArrayRef(), false, dtype); }
Tensor mean(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, optional<ScalarType> dtype) {
  check_defined("mean", self);
  check<TypeError>(is_floating(dtype ? *dtype : type_of(self)), "mean", "need a floating-point tensor, got ", self,
                   "; pass a dtype");
  const Tensor x = dtype ? cast(self, effective(*dtype)) : self;
  const Reduced d = prepare_reduction("mean", x, dim.value_or({}));
  const auto n = static_cast<double>(d.count);
  Tensor y = reduce_into(Reduce::Sum, d, keepdim);
  y.div_(n);
  if (auto r = record("mean", y, {x})) {
    r.rule([mask = d.mask, keepdim, n](Sweep& s) {
      s[0] = (with_kept_dims(s.g, s.sizes(0), mask, keepdim) / n).expand(s.sizes(0));
    });
  }
  return y;
}
Tensor nanmean(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, optional<ScalarType> dtype) {
  check_defined("nanmean", self);
  check<TypeError>(is_floating(type_of(self)), "nanmean", "need a floating-point tensor, got ", self);
  return nansum(self, dim, keepdim, dtype) / sum(isnan(self).logical_not(), dim, keepdim);
}

Tensor prod(const Tensor& self, optional<ScalarType> dtype) {
  check_defined("prod", self);
  const Tensor x = cast(self, sum_dtype(self, dtype));
  return prod_dims(x, prepare_reduction("prod", x, {}), false);
}
Tensor prod(const Tensor& self, std::int64_t dim, bool keepdim, optional<ScalarType> dtype) {
  check_defined("prod", self);
  const Tensor x = cast(self, sum_dtype(self, dtype));
  return prod_dims(x, prepare_reduction("prod", x, dim), keepdim);
}

Tensor logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim) {
  check_defined("logsumexp", self);
  const Tensor x = cast(self, floating_result(type_of(self)));
  const Reduced d = prepare_reduction("logsumexp", x, dim);
  const std::uint32_t mask = d.mask;
  Tensor y;
  if (d.inner == 1 && d.in.numel() > 0 && type_of(x) != ScalarType::Verification) {
    y = new_tensor(keepdim ? d.keepdim_sizes : d.sizes, type_of(x));
    kernels::logsumexp(type_of(x), y.impl()->data, d.in.impl()->data, d.outer, d.count);
  } else {
    const AutoGradMode off(false);
    const bool empty = reduced_count(x, mask) == 0 || x.numel() == 0;
    const Tensor m = empty ? Tensor() : largest_finite(x, dim);
    y = log(sum(exp(empty ? x : x - m), dim, keepdim));
    if (!empty) y = y + (keepdim ? m : reshape(m, y.sizes()));
  }
  if (auto r = record("logsumexp", y, {x})) {
    r.save(x);
    r.save_output(y);
    r.rule([mask, keepdim](Sweep& s) {
      const Shape& sizes = s.sizes(0);
      s[0] = with_kept_dims(s.g, sizes, mask, keepdim) * exp(s.saved(0) - with_kept_dims(s.y(), sizes, mask, keepdim));
    });
  }
  return y;
}

Tensor all(const Tensor& self) { return logical("all", Reduce::Prod, self, {}, false); }
Tensor all(const Tensor& self, std::int64_t dim, bool keepdim) {
  return logical("all", Reduce::Prod, self, dim, keepdim);
}
Tensor any(const Tensor& self) { return logical("any", Reduce::Sum, self, {}, false); }
Tensor any(const Tensor& self, std::int64_t dim, bool keepdim) {
  return logical("any", Reduce::Sum, self, dim, keepdim);
}
Tensor count_nonzero(const Tensor& self, IntArrayRef dim) {
  check_defined("count_nonzero", self);
  return sum(cast_value(self, kBool), dim);
}
Tensor count_nonzero(const Tensor& self, optional<std::int64_t> dim) {
  return count_nonzero(self, dim ? IntArrayRef(*dim) : IntArrayRef());
}

}  // namespace gradtape::at
