// softmax, log_softmax.
#include "autograd/kernels/softmax.h"
#include "autograd/ops/reduce_common.h"

namespace gradtape::ops {
namespace {

Tensor floating_input(const char* op, const Tensor& self, const optional<ScalarType>& dtype) {
  check_defined(op, self);
  const Tensor x = dtype ? cast(self, effective(*dtype)) : self;
  check_floating(op, x);
  return x;
}

// Whether the rows of t along dim d lie in the kernel's order, in a dtype that it has.
bool has_kernel(const Tensor& t, std::int64_t d) {
  return type_of(t) != ScalarType::Verification && t.numel() > 0 && d + 1 == t.dim();
}
Tensor by_rows(const Tensor& x, bool logarithm) {
  const Tensor in = plain(x);
  Tensor y = new_tensor(shape_of(x), type_of(x));
  const std::int64_t n = x.size(-1);
  kernels::softmax(type_of(x), y.impl()->data, in.impl()->data, x.numel() / n, n, logarithm);
  return y;
}
// One pass, when no graph of the gradient is wanted.
bool backward_by_rows(Sweep& s, std::int64_t d, bool logarithm) {
  const Tensor y = s.y();
  if (tls.grad_mode || !has_kernel(y, d)) return false;
  const Tensor g = plain(s.g), result = plain(y);
  Tensor out = new_tensor(shape_of(y), type_of(y));
  const std::int64_t n = y.size(-1);
  kernels::softmax_backward(type_of(y), out.impl()->data, g.impl()->data, result.impl()->data, y.numel() / n, n,
                            logarithm);
  s[0] = out;
  return true;
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor softmax(const Tensor& self, std::int64_t dim, optional<ScalarType> dtype) {
  const Tensor x = floating_input("softmax", self, dtype);
  const std::int64_t d = wrap_dim("softmax", dim, x.dim());
  const IntArrayRef dims = x.dim() ? IntArrayRef(d) : IntArrayRef();
  Tensor y;
  if (has_kernel(x, d)) {
    y = by_rows(x, false);
  } else {
    const AutoGradMode off(false);
    const Tensor e = x.numel() ? exp(x - largest(x, dims)) : clone(x);
    y = e / sum(e, dims, true);
  }
  if (auto r = record("softmax", y, {x})) {
    r.save_output(y);
    r.rule([d](Sweep& s) {
      if (backward_by_rows(s, d, false)) return;
      const Tensor y = s.y(), gy = s.g * y;
      s[0] = gy - y * sum(gy, y.dim() ? IntArrayRef(d) : IntArrayRef(), true);
    });
  }
  return y;
}

Tensor log_softmax(const Tensor& self, std::int64_t dim, optional<ScalarType> dtype) {
  const Tensor x = floating_input("log_softmax", self, dtype);
  const std::int64_t d = wrap_dim("log_softmax", dim, x.dim());
  const IntArrayRef dims = x.dim() ? IntArrayRef(d) : IntArrayRef();
  Tensor y;
  if (has_kernel(x, d)) {
    y = by_rows(x, true);
  } else {
    const AutoGradMode off(false);
    const Tensor z = x.numel() ? x - largest(x, dims) : clone(x);
    y = z - log(sum(exp(z), dims, true));
  }
  if (auto r = record("log_softmax", y, {x})) {
    r.save_output(y);
    r.rule([d](Sweep& s) {
      if (backward_by_rows(s, d, true)) return;
      const Tensor y = s.y();
      s[0] = s.g - exp(y) * sum(s.g, y.dim() ? IntArrayRef(d) : IntArrayRef(), true);
    });
  }
  return y;
}

}  // namespace gradtape::at
