// Powers, angles, sums of exponentials, and what chooses between two numbers.
#include "autograd/ops/binary_common.h"

namespace gradtape::ops {
namespace {

using kernels::BinaryKernel;

// Gradient of max and min of two: all to the one chosen, half to each in a tie, all to both beside a NaN.
void split_ties(Sweep& s, bool larger) {
  const Tensor a = s.saved(0), b = s.saved(1);
  const Tensor shared = s.g * (1 - as_type(a == b, s.g) * 0.5);
  if (s.needs(0)) s[0] = where(larger ? a < b : a > b, 0, shared);
  if (s.needs(1)) s[1] = where(larger ? b < a : b > a, 0, shared);
}
Tensor choose(BinaryKernel* kernel, const char* op, const Tensor& a, const Tensor& b, bool larger) {
  Tensor y = zip(kernel, op, a, b);
  if (auto r = record(op, y, {a, b})) {
    r.save(a);
    r.save(b);
    r.rule([larger](Sweep& s) { split_ties(s, larger); });
  }
  return y;
}

// The same where NaN loses: a tie goes to the first.
Tensor choose_number(BinaryKernel* kernel, const char* op, const Tensor& a, const Tensor& b, bool larger) {
  Tensor y = zip(kernel, op, a, b);
  if (auto r = record(op, y, {a, b})) {
    r.save(a);
    r.save(b);
    r.rule([larger](Sweep& s) {
      const Tensor x = s.saved(0), z = s.saved(1);
      const Tensor first = logical_or(larger ? x >= z : x <= z, isnan(z));
      if (s.needs(0)) s[0] = s.g * as_type(first, s.g);
      if (s.needs(1)) s[1] = s.g * as_type(first.logical_not(), s.g);
    });
  }
  return y;
}

// d/dx ln(e^x + e^y) = 1 / (1 + e^(y - x)), and the same in base 2.
Tensor log_of_sum(BinaryKernel* kernel, const char* op, const Tensor& a, const Tensor& b, double ln_base) {
  check_defined(op, a, b);
  Tensor y = zip(kernel, op, a, b, floating_only(op, a, b));
  if (auto r = record(op, y, {a, b})) {
    r.save(a);
    r.save(b);
    r.rule([ln_base](Sweep& s) {
      const Tensor d = (s.saved(0) - s.saved(1)) * ln_base;
      if (s.needs(0)) s[0] = s.g * sigmoid(d);
      if (s.needs(1)) s[1] = s.g * sigmoid(-d);
    });
  }
  return y;
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor pow(const Tensor& self, const Tensor& exponent) {
  Tensor y = zip(kernels::pow, "pow", self, exponent);
  if (auto r = record("pow", y, {self, exponent})) {
    r.save(self);
    r.save(exponent);
    r.save_output(y);
    r.rule([](Sweep& s) {
      const Tensor x = s.saved(0), n = s.saved(1);
      if (s.needs(0)) s[0] = s.g * where(n == 0, 0, n * pow(x, n - 1));
      // x^n ln x, 0 where x = 0 and n >= 0
      if (s.needs(1)) s[1] = s.g * where((x == 0) * (n >= 0), 0, s.y() * log(x));
    });
  }
  return y;
}
Tensor pow(const Scalar& self, const Tensor& exponent) {
  check_defined("pow", exponent);
  return pow(wrap(self), exponent);
}
Tensor float_power(const Tensor& self, const Tensor& exponent) {
  check_defined("float_power", self, exponent);
  return pow(self.to(kFloat64), exponent.to(kFloat64));
}
Tensor float_power(const Tensor& self, const Scalar& exponent) {
  check_defined("float_power", self);
  return pow(self.to(kFloat64), exponent.toDouble());
}
Tensor float_power(const Scalar& self, const Tensor& exponent) {
  check_defined("float_power", exponent);
  return pow(self.toDouble(), exponent.to(kFloat64));
}
Tensor ldexp(const Tensor& self, const Tensor& other) {
  check_defined("ldexp", self, other);
  return mul(self, pow(2.0, other));
}

Tensor atan2(const Tensor& self, const Tensor& other) {
  check_defined("atan2", self, other);
  Tensor y = zip(kernels::atan2, "atan2", self, other, floating_result(result_type(self, other)));
  if (auto r = record("atan2", y, {self, other})) {
    r.save(self);
    r.save(other);
    r.rule([](Sweep& s) {
      const Tensor v = s.saved(0), u = s.saved(1);
      const Tensor g = s.g / (u * u + v * v);
      if (s.needs(0)) s[0] = g * u;
      if (s.needs(1)) s[1] = -g * v;
    });
  }
  return y;
}
Tensor hypot(const Tensor& self, const Tensor& other) {
  check_defined("hypot", self, other);
  Tensor y = zip(kernels::hypot, "hypot", self, other, floating_only("hypot", self, other));
  if (auto r = record("hypot", y, {self, other})) {
    r.save(self, r.needs(0));
    r.save(other, r.needs(1));
    r.save_output(y);
    r.rule([](Sweep& s) {
      const Tensor size = s.y();
      if (s.needs(0)) s[0] = s.g * (s.saved(0) / size);
      if (s.needs(1)) s[1] = s.g * (s.saved(1) / size);
    });
  }
  return y;
}
Tensor logaddexp(const Tensor& self, const Tensor& other) {
  return log_of_sum(kernels::logaddexp, "logaddexp", self, other, 1);
}
Tensor logaddexp2(const Tensor& self, const Tensor& other) {
  return log_of_sum(kernels::logaddexp2, "logaddexp2", self, other, 0.6931471805599453);
}

Tensor xlogy(const Tensor& self, const Tensor& other) {
  check_defined("xlogy", self, other);
  Tensor y = zip(kernels::xlogy, "xlogy", self, other, floating_result(result_type(self, other)));
  if (auto r = record("xlogy", y, {self, other})) {
    r.save(self);
    r.save(other);
    r.rule([](Sweep& s) {
      const Tensor x = s.saved(0), v = s.saved(1);
      if (s.needs(0)) s[0] = where(logical_and(x == 0, v <= 0), 0, xlogy(s.g, v));
      if (s.needs(1)) s[1] = s.g * x / v;
    });
  }
  return y;
}
Tensor xlogy(const Tensor& self, const Scalar& other) { return xlogy(self, wrap(other)); }
Tensor xlogy(const Scalar& self, const Tensor& other) { return xlogy(wrap(self), other); }

Tensor maximum(const Tensor& self, const Tensor& other) {
  return choose(kernels::maximum, "maximum", self, other, true);
}
Tensor minimum(const Tensor& self, const Tensor& other) {
  return choose(kernels::minimum, "minimum", self, other, false);
}
Tensor fmax(const Tensor& self, const Tensor& other) { return choose_number(kernels::fmax, "fmax", self, other, true); }
Tensor fmin(const Tensor& self, const Tensor& other) {
  return choose_number(kernels::fmin, "fmin", self, other, false);
}

Tensor copysign(const Tensor& self, const Tensor& other) {
  check_defined("copysign", self, other);
  Tensor y = zip(kernels::copysign, "copysign", self, other, floating_result(result_type(self, other)));
  if (auto r = record("copysign", y, {self, other})) {
    r.save(self);
    r.save_output(y);
    r.rule([](Sweep& s) {
      const Tensor x = s.saved(0);
      const Tensor kept = as_type((x < 0) == (s.y() < 0), s.g) * 2 - 1;  // 1 or -1
      if (s.needs(0)) s[0] = s.g * where(x == 0, 0, where(isnan(x), x.detach(), kept));
      if (s.needs(1)) s[1] = zeros_like(s.g);
    });
  }
  return y;
}
Tensor copysign(const Tensor& self, const Scalar& other) { return copysign(self, wrap(other)); }

Tensor heaviside(const Tensor& self, const Tensor& values) {
  check_defined("heaviside", self, values);
  if (mixed(self, values)) return heaviside(verified(self), verified(values));
  check<TypeError>(type_of(self) == type_of(values), "heaviside", "need one dtype: ", self, " and ", values);
  Tensor y = zip(kernels::heaviside, "heaviside", self, values);
  if (auto r = record("heaviside", y, {self, values})) {
    r.save(self, r.needs(1));
    r.rule([](Sweep& s) {
      if (s.needs(0)) s[0] = zeros_like(s.g);
      if (s.needs(1)) s[1] = s.g * as_type(s.saved(0) == 0, s.g);
    });
  }
  return y;
}
Tensor nextafter(const Tensor& self, const Tensor& other) {
  check_defined("nextafter", self, other);
  return zip(kernels::nextafter, "nextafter", self, other, floating_only("nextafter", self, other));
}

}  // namespace gradtape::at
