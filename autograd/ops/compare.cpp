// Comparisons, logical and bitwise operations, divisors of integers.
#include <limits>

#include "autograd/ops/binary_common.h"

namespace gradtape::ops {
namespace {

using kernels::BinaryKernel;

ScalarType whole_result(const char* op, const Tensor& a, const Tensor& b, bool with_bool) {
  check_defined(op, a, b);
  const ScalarType t = result_type(a, b);
  check<TypeError>(is_integral(t, with_bool), op, "need integers", with_bool ? " or bool" : "", ", got ", a, " and ",
                   b);
  return t;
}
Tensor bits(BinaryKernel* kernel, const char* op, const Tensor& a, const Tensor& b) {
  return zip(kernel, op, a, b, whole_result(op, a, b, true));
}
Tensor integers(BinaryKernel* kernel, const char* op, const Tensor& a, const Tensor& b) {
  return zip(kernel, op, a, b, whole_result(op, a, b, false));
}
Tensor logical(BinaryKernel* kernel, const char* op, const Tensor& a, const Tensor& b) {
  check_defined(op, a, b);
  return zip(kernel, op, a, b, kBool);
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

#define GRADTAPE_COMPARE(name)                                                                             \
  Tensor name(const Tensor& self, const Tensor& other) { return test(kernels::name, #name, self, other); } \
  Tensor name(const Tensor& self, const Scalar& other) {                                                   \
    check_defined(#name, self);                                                                            \
    return test(kernels::name, #name, self, wrap(other));                                                  \
  }
GRADTAPE_COMPARE(eq)
GRADTAPE_COMPARE(ne)
GRADTAPE_COMPARE(lt)
GRADTAPE_COMPARE(le)
GRADTAPE_COMPARE(gt)
GRADTAPE_COMPARE(ge)
#undef GRADTAPE_COMPARE
Tensor operator==(const Scalar& a, const Tensor& b) { return eq(b, a); }
Tensor operator!=(const Scalar& a, const Tensor& b) { return ne(b, a); }
Tensor operator<(const Scalar& a, const Tensor& b) { return gt(b, a); }
Tensor operator<=(const Scalar& a, const Tensor& b) { return ge(b, a); }
Tensor operator>(const Scalar& a, const Tensor& b) { return lt(b, a); }
Tensor operator>=(const Scalar& a, const Tensor& b) { return le(b, a); }

#define GRADTAPE_LOGICAL(name, kernel) \
  Tensor name(const Tensor& self, const Tensor& other) { return logical(kernels::kernel, #name, self, other); }
GRADTAPE_LOGICAL(logical_and, bitwise_and)
GRADTAPE_LOGICAL(logical_or, bitwise_or)
GRADTAPE_LOGICAL(logical_xor, bitwise_xor)
#undef GRADTAPE_LOGICAL

#define GRADTAPE_BITS(name, check_and_zip, kernel)                                                                    \
  Tensor name(const Tensor& self, const Tensor& other) { return check_and_zip(kernels::kernel, #name, self, other); } \
  Tensor name(const Tensor& self, const Scalar& other) { return name(self, wrap(other)); }                            \
  Tensor name(const Scalar& self, const Tensor& other) { return name(wrap(self), other); }
GRADTAPE_BITS(bitwise_and, bits, bitwise_and)
GRADTAPE_BITS(bitwise_or, bits, bitwise_or)
GRADTAPE_BITS(bitwise_xor, bits, bitwise_xor)
GRADTAPE_BITS(bitwise_left_shift, integers, left_shift)
GRADTAPE_BITS(bitwise_right_shift, integers, right_shift)
#undef GRADTAPE_BITS
Tensor operator&(const Scalar& a, const Tensor& b) { return bitwise_and(a, b); }
Tensor operator|(const Scalar& a, const Tensor& b) { return bitwise_or(a, b); }
Tensor operator^(const Scalar& a, const Tensor& b) { return bitwise_xor(a, b); }
Tensor bitwise_not(const Tensor& self) {
  check_defined("bitwise_not", self);
  check<TypeError>(is_integral(type_of(self), true), "bitwise_not", "need integers or bool, got ", self);
  Tensor y = new_tensor(shape_of(self), type_of(self));
  kernels::bitwise_not(array_of(y), array_of(self), {});
  return y;
}
Tensor gcd(const Tensor& self, const Tensor& other) { return integers(kernels::gcd, "gcd", self, other); }
Tensor lcm(const Tensor& self, const Tensor& other) { return integers(kernels::lcm, "lcm", self, other); }

bool equal(const Tensor& a, const Tensor& b) {
  check_defined("equal", a, b);
  const AutoGradMode off(false);
  return shape_of(a) == shape_of(b) && !any(a != b).item<bool>();
}
static Tensor near_to(const char* op, const Tensor& self, const Tensor& other, double rtol, double atol,
                      bool equal_nan) {
  check_defined(op, self, other);
  check<TypeError>(type_of(self) == type_of(other) || mixed(self, other), op, "need one dtype: ", self, " and ", other);
  check<ValueError>(rtol >= 0 && atol >= 0, op, "tolerances must not be negative: rtol ", rtol, ", atol ", atol);
  const AutoGradMode off(false);
  Tensor close = self == other;
  if (equal_nan) close = logical_or(close, logical_and(isnan(self), isnan(other)));
  // Integers in float64: their difference may wrap around. An infinite one is never small, though a tolerance may be
  // infinite too.
  const auto as_number = [](const Tensor& t) { return is_floating(type_of(t)) ? t : t.to(kFloat64); };
  const Tensor a = as_number(self), b = as_number(other);
  const Tensor difference = abs(a - b);
  const Tensor small = difference <= atol + rtol * abs(b);
  return logical_or(close, logical_and(small, difference < std::numeric_limits<double>::infinity()));
}
Tensor isclose(const Tensor& self, const Tensor& other, double rtol, double atol, bool equal_nan) {
  return near_to("isclose", self, other, rtol, atol, equal_nan);
}
bool allclose(const Tensor& self, const Tensor& other, double rtol, double atol, bool equal_nan) {
  return !any(logical_not(near_to("allclose", self, other, rtol, atol, equal_nan))).item<bool>();
}

}  // namespace gradtape::at
