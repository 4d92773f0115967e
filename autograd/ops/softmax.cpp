// softmax, log_softmax.
#include "autograd/ops/reduce_common.h"

namespace gradtape::ops {
namespace {

Tensor floating_input(const char* op, const Tensor& self, const optional<ScalarType>& dtype) {
  check_defined(op, self);
  const Tensor x = dtype ? cast(self, effective(*dtype)) : self;
  check_floating(op, x);
  return x;
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
  {
    const AutoGradMode off(false);
    const Tensor e = x.numel() ? exp(x - largest(x, dims)) : clone(x);
    y = e / sum(e, dims, true);
  }
  if (auto r = record("softmax", y, {x})) {
    r.save_output(y);
    r.rule([d](Sweep& s) {
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
  {
    const AutoGradMode off(false);
    const Tensor z = x.numel() ? x - largest(x, dims) : clone(x);
    y = z - log(sum(exp(z), dims, true));
  }
  if (auto r = record("log_softmax", y, {x})) {
    r.save_output(y);
    r.rule([d](Sweep& s) {
      const Tensor y = s.y();
      s[0] = s.g - exp(y) * sum(s.g, y.dim() ? IntArrayRef(d) : IntArrayRef(), true);
    });
  }
  return y;
}

}  // namespace gradtape::at
