// Quotients rounded to integers, and remainders.
#include "autograd/ops/binary_common.h"

namespace gradtape::ops {
namespace {

using kernels::BinaryKernel;

// zip, for kernels that need integer divisors other than 0.
Tensor divide_whole(BinaryKernel* kernel, const char* op, const Tensor& a, const Tensor& b) {
  const ScalarType t = number_result(op, a, b);
  const Tensor divisor = cast_value(b, t);
  if (is_integral(t)) {
    const AutoGradMode off(false);
    check<ValueError>(!any(divisor == 0).item<bool>(), op, "an integer division by zero: ", a, " by ", b);
  }
  return zip(kernel, op, a, divisor, t);
}

Tensor rounded_quotient(BinaryKernel* kernel, const char* op, const Tensor& a, const Tensor& b) {
  check_defined(op, a, b);
  Tensor y = divide_whole(kernel, op, a, b);
  if (auto r = record(op, y, {a, b})) {
    r.rule([](Sweep& s) {
      if (s.needs(0)) s[0] = zeros_like(s.g);
      if (s.needs(1)) s[1] = zeros_like(s.g);
    });
  }
  return y;
}

Tensor rest(BinaryKernel* kernel, const char* op, const Tensor& a, const Tensor& b, const char* rounding) {
  check_defined(op, a, b);
  Tensor y = divide_whole(kernel, op, a, b);
  if (auto r = record(op, y, {a, b})) {
    r.save(a, r.needs(1));
    r.save(b, r.needs(1));
    r.rule([rounding](Sweep& s) {
      if (s.needs(0)) s[0] = s.g;
      if (s.needs(1)) s[1] = -s.g * div(s.saved(0), s.saved(1), rounding);
    });
  }
  return y;
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor div(const Tensor& self, const Tensor& other, const optional<std::string_view>& rounding_mode) {
  if (!rounding_mode) return div(self, other);
  if (*rounding_mode == "trunc") return rounded_quotient(kernels::trunc_divide, "div", self, other);
  check<ValueError>(*rounding_mode == "floor", "div", "rounding_mode must be nullopt, \"trunc\" or \"floor\", got \"",
                    std::string(*rounding_mode), "\"");
  return rounded_quotient(kernels::floor_divide, "div", self, other);
}
Tensor div(const Tensor& self, const Scalar& other, const optional<std::string_view>& rounding_mode) {
  return div(self, wrap(other), rounding_mode);
}
Tensor floor_divide(const Tensor& self, const Tensor& other) {
  return rounded_quotient(kernels::floor_divide, "floor_divide", self, other);
}
Tensor floor_divide(const Tensor& self, const Scalar& other) { return floor_divide(self, wrap(other)); }
Tensor fmod(const Tensor& self, const Tensor& other) { return rest(kernels::fmod, "fmod", self, other, "trunc"); }
Tensor fmod(const Tensor& self, const Scalar& other) { return fmod(self, wrap(other)); }
Tensor remainder(const Tensor& self, const Tensor& other) {
  return rest(kernels::remainder, "remainder", self, other, "floor");
}
Tensor remainder(const Tensor& self, const Scalar& other) { return remainder(self, wrap(other)); }
Tensor remainder(const Scalar& self, const Tensor& other) { return remainder(wrap(self), other); }
Tensor operator%(const Scalar& a, const Tensor& b) { return remainder(a, b); }

}  // namespace gradtape::at
