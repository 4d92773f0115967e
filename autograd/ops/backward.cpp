// Derivatives as operations of their own: one pass forward, and differentiable in turn.
#include "autograd/kernels/pointwise.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

Tensor zip(kernels::BinaryKernel* kernel, const char* op, const Tensor& g, const Tensor& v, double a = 0) {
  check_defined(op, g, v);
  check<ValueError>(shape_of(g) == shape_of(v) && type_of(g) == type_of(v), op, "grad_output ", g, " and ", v,
                    " must have one shape and dtype");
  Tensor y = new_tensor(shape_of(g), type_of(g));
  kernel(array_of(y), array_of(g), array_of(v), {a, 0});
  return y;
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor threshold_backward(const Tensor& grad_output, const Tensor& self, const Scalar& threshold) {
  const char* op = "threshold_backward";
  if (mixed(grad_output, self)) return threshold_backward(verified(grad_output), verified(self), threshold);
  const double a = threshold.toDouble();
  Tensor y = zip(kernels::threshold_backward, op, grad_output, self, a);
  // Constant in self, so that its gradient stays undefined, which is zero.
  if (auto r = record(op, y, {grad_output, self})) {
    r.save(self);
    r.rule([a](Sweep& s) {
      if (s.needs(0)) s[0] = threshold_backward(s.g, s.saved(0), a);
    });
  }
  return y;
}

Tensor sigmoid_backward(const Tensor& grad_output, const Tensor& output) {
  const char* op = "sigmoid_backward";
  if (mixed(grad_output, output)) return sigmoid_backward(verified(grad_output), verified(output));
  check_defined(op, grad_output, output);
  check_floating(op, output);
  Tensor y = zip(kernels::sigmoid_backward, op, grad_output, output);
  if (auto r = record(op, y, {grad_output, output})) {
    r.save(grad_output, r.needs(1));
    r.save(output);
    r.rule([](Sweep& s) {
      const Tensor v = s.saved(1);
      if (s.needs(0)) s[0] = sigmoid_backward(s.g, v);
      if (s.needs(1)) s[1] = s.g * (s.saved(0) * (1 - 2 * v));
    });
  }
  return y;
}

Tensor tanh_backward(const Tensor& grad_output, const Tensor& output) {
  const char* op = "tanh_backward";
  if (mixed(grad_output, output)) return tanh_backward(verified(grad_output), verified(output));
  check_defined(op, grad_output, output);
  check_floating(op, output);
  Tensor y = zip(kernels::tanh_backward, op, grad_output, output);
  if (auto r = record(op, y, {grad_output, output})) {
    r.save(grad_output, r.needs(1));
    r.save(output);
    r.rule([](Sweep& s) {
      const Tensor v = s.saved(1);
      if (s.needs(0)) s[0] = tanh_backward(s.g, v);
      if (s.needs(1)) s[1] = s.g * (s.saved(0) * (-2 * v));
    });
  }
  return y;
}

}  // namespace gradtape::at
