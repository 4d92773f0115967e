// Running sums, products and extremes.
//
// Note [Running reductions]
// y_i = f(y_{i-1}, x_i) has the adjoint l_i = g_i + f_y(y_i, x_{i+1}) l_{i+1}, from the back: a linear recurrence. So
// one operation, h_i = b_i + a_i h_{i-1}, serves the rules of cumprod and logcumsumexp without a division by x or an
// overflow of e^x, and is its own gradient: db = l, da_i = l_i h_{i-1}.
#include "autograd/kernels/scan.h"

#include "autograd/ops/reduce_common.h"

namespace gradtape::ops {
namespace {

using kernels::Reduce;
using kernels::Scan;

// t with its elements along d one place on, `front` in the place that gets free; and back.
Tensor one_later(const Tensor& t, std::int64_t d, double front) {
  Shape one = shape_of(t);
  one[static_cast<std::size_t>(d)] = 1;
  return cat({full(one, front, t.options()), narrow(t, d, 0, t.size(d) - 1)}, d);
}
Tensor one_earlier(const Tensor& t, std::int64_t d) {
  Shape one = shape_of(t);
  one[static_cast<std::size_t>(d)] = 1;
  return cat({narrow(t, d, 1, t.size(d) - 1), zeros(one, t.options())}, d);
}

// h_i = b_i + a_i h_{i-1}, or from the back; a and b of one shape and floating dtype, not empty, with a dimension d.
Tensor recurrence(const Tensor& a, const Tensor& b, std::int64_t d, bool backwards) {
  const Column p = column_of("recurrence", a, d), q = column_of("recurrence", b, d);
  Tensor y = new_tensor(shape_of(b), type_of(b));
  kernels::recurrence(y.impl()->data, p.in.impl()->data, q.in.impl()->data, type_of(b), q.outer, q.n, q.inner,
                      backwards);
  if (auto r = record("recurrence", y, {a, b})) {
    r.save(a);
    r.save_output(y);
    r.rule([d, backwards](Sweep& s) {
      const Tensor a = s.saved(0);
      const Tensor l = recurrence(backwards ? one_later(a, d, 0) : one_earlier(a, d), s.g, d, !backwards);
      if (s.needs(0)) s[0] = l * (backwards ? one_earlier(s.y(), d) : one_later(s.y(), d, 0));
      if (s.needs(1)) s[1] = l;
    });
  }
  return y;
}

Tensor scan(Scan op, const Tensor& x, const Column& c) {
  Tensor y = new_tensor(shape_of(x), type_of(x));
  kernels::scan(op, y.impl()->data, c.in.impl()->data, type_of(x), c.outer, c.n, c.inner);
  return y;
}

ScalarType scan_dtype(const Tensor& self, const optional<ScalarType>& dtype) {
  if (dtype) return effective(*dtype);
  return is_integral(type_of(self), true) ? kInt64 : type_of(self);
}

std::tuple<Tensor, Tensor> running(Reduce op, const char* name, const Tensor& self, std::int64_t dim) {
  check_defined(name, self);
  const Column c = column_of(name, self, dim);
  Tensor index = new_tensor(shape_of(self), kInt64);
  kernels::arg_scan(op, index.data_ptr<std::int64_t>(), c.in.impl()->data, type_of(self), c.outer, c.n, c.inner);
  return values_at(name, self, c.dim, index, true);
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor cumsum(const Tensor& self, std::int64_t dim, optional<ScalarType> dtype) {
  check_defined("cumsum", self);
  const Tensor x = cast(self, scan_dtype(self, dtype));
  const Column c = column_of("cumsum", x, dim);
  Tensor y = scan(Scan::Sum, x, c);
  if (auto r = record("cumsum", y, {x})) {
    r.rule([d = c.dim](Sweep& s) { s[0] = s.g.dim() == 0 ? s.g : flip(cumsum(flip(s.g, d), d), d); });
  }
  return y;
}

Tensor cumprod(const Tensor& self, std::int64_t dim, optional<ScalarType> dtype) {
  check_defined("cumprod", self);
  const Tensor x = cast(self, scan_dtype(self, dtype));
  const Column c = column_of("cumprod", x, dim);
  Tensor y = scan(Scan::Prod, x, c);
  if (auto r = record("cumprod", y, {x})) {
    r.save(x);
    r.save_output(y);
    r.rule([d = c.dim](Sweep& s) {
      if (s.g.dim() == 0 || s.g.numel() == 0) {
        s[0] = s.g;
        return;
      }
      // y_i = x_i y_{i-1}
      s[0] = recurrence(one_earlier(s.saved(0), d), s.g, d, true) * one_later(s.y(), d, 1);
    });
  }
  return y;
}

Tensor logcumsumexp(const Tensor& self, std::int64_t dim) {
  check_defined("logcumsumexp", self);
  check_floating("logcumsumexp", self);
  const Column c = column_of("logcumsumexp", self, dim);
  Tensor y = scan(Scan::LogSumExp, self, c);
  if (auto r = record("logcumsumexp", y, {self})) {
    r.save(self);
    r.save_output(y);
    r.rule([d = c.dim](Sweep& s) {
      if (s.g.dim() == 0 || s.g.numel() == 0) {
        s[0] = s.g;
        return;
      }
      // y_i = ln(e^{y_{i-1}} + e^{x_i}); both derivatives are at most 1.
      const Tensor y = s.y();
      const std::int64_t n = y.size(d) - 1;
      const Tensor carry = exp(narrow(y, d, 0, n) - narrow(y, d, 1, n));
      Shape one = shape_of(y);
      one[static_cast<std::size_t>(d)] = 1;
      const Tensor l = recurrence(cat({carry, zeros(one, y.options())}, d), s.g, d, true);
      s[0] = l * exp(s.saved(0) - y);
    });
  }
  return y;
}

std::tuple<Tensor, Tensor> cummax(const Tensor& self, std::int64_t dim) {
  return running(Reduce::Max, "cummax", self, dim);
}
std::tuple<Tensor, Tensor> cummin(const Tensor& self, std::int64_t dim) {
  return running(Reduce::Min, "cummin", self, dim);
}

}  // namespace gradtape::at
