// Dropout of single elements.
#include <cmath>
#include <mutex>

#include "autograd/core/generator_state.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

void check_dropout(const char* op, const Tensor& x, double p) {
  check_floating(op, x);
  check<ValueError>(p >= 0 && p <= 1, op, "p is a probability and lies in [0, 1], got ", p);
}

// Of x's shape and dtype: each element 0 with probability p, else 1 / (1 - p).
Tensor dropout_mask(const Tensor& x, double p) {
  const Tensor mask = new_tensor(shape_of(x), type_of(x));
  const Generator& g = default_generator();
  const std::lock_guard<std::mutex> lock(gradtape::detail::state_of(g).mutex);
  // Two elements a draw, 32 bits each: a probability in steps of 2^-32.
  const auto dropped = static_cast<std::uint64_t>(std::llround(p * 0x1p32));
  const double scale = p < 1 ? 1 / (1 - p) : 0;
  kernels::dispatch_all(type_of(x), [&](auto v) {
    using T = decltype(v);
    const T none = kernels::convert<T>(0.0), kept = kernels::convert<T>(scale);
    T* m = mask.impl()->ptr<T>();
    const std::int64_t n = mask.numel();
    for (std::int64_t i = 0; i < n; i += 2) {
      const std::uint64_t bits = g.random64();
      m[i] = (bits & 0xffffffffu) < dropped ? none : kept;
      if (i + 1 < n) m[i + 1] = (bits >> 32) < dropped ? none : kept;
    }
  });
  return mask;
}
}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor dropout(const Tensor& input, double p, bool train) {
  check_defined("dropout", input);
  check_dropout("dropout", input, p);
  return train && p > 0 ? input * dropout_mask(input, p) : input;
}
Tensor& dropout_(Tensor& self, double p, bool train) {
  check_defined("dropout_", self);
  check_dropout("dropout_", self, p);
  return train && p > 0 ? self.mul_(dropout_mask(self, p)) : self;
}

}  // namespace gradtape::at
