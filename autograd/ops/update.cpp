// Updates of parameters, for optimizers.
#include "autograd/update.h"

#include "autograd/kernels/optimizer.h"
#include "autograd/ops/common.h"

namespace gradtape::update {
namespace {

using ops::array_of;
using ops::shape_of;
using ops::type_of;

void check_update(const char* op, const Tensor& param, const Tensor& grad) {
  ops::check_defined(op, param, grad);
  const ScalarType t = type_of(param);
  check<TypeError>(t == kFloat32 || t == kFloat64, op, "a parameter must be float32 or float64, got ", param);
  check(type_of(grad) == t && shape_of(grad) == shape_of(param), op, "the gradient ", grad,
        " does not fit the parameter ", param, "; after changing a parameter's dtype or shape, call zero_grad(true)");
  ops::check_inplace(op, param, tape::tracks(param));
}
// What is remembered of a parameter from step to step.
void check_memory(const char* op, const Tensor& param, const Tensor& t) {
  check(type_of(t) == type_of(param) && shape_of(t) == shape_of(param), op, "the optimizer's state ", t,
        " does not fit the parameter ", param, "; when a parameter changes its dtype or shape, make a new optimizer");
}
// The kernels read the gradient after they have begun to write the parameter.
Tensor apart(const Tensor& grad, const Tensor& param) { return grad.is_alias_of(param) ? grad.detach().clone() : grad; }

}  // namespace

void sgd_(const Tensor& param, const Tensor& grad, const Tensor& buffer, const SgdNumbers& n) {
  const char* op = "sgd_";
  check_update(op, param, grad);
  const Tensor g = apart(grad, param);
  if (!buffer.defined()) {
    kernels::sgd(array_of(param), array_of(g), nullptr, {n.lr, 0, 0, n.weight_decay, false, false});
  } else {
    check_memory(op, param, buffer);
    const kernels::Array b = array_of(buffer);
    kernels::sgd(array_of(param), array_of(g), &b,
                 {n.lr, n.momentum, n.dampening, n.weight_decay, n.nesterov, n.first});
    core::bump_version(*buffer.impl(), op);
  }
  core::bump_version(*param.impl(), op);
}

void adam_(const Tensor& param, const Tensor& grad, const Tensor& m, const Tensor& v, const Tensor& x,
           const AdamNumbers& n) {
  const char* op = "adam_";
  check_update(op, param, grad);
  ops::check_defined(op, m, v);
  check_memory(op, param, m);
  check_memory(op, param, v);
  if (x.defined()) check_memory(op, param, x);
  const Tensor g = apart(grad, param);
  const kernels::AdamNumbers numbers{n.lr, n.beta1, n.beta2, n.eps, n.weight_decay, n.correction1, n.correction2};
  if (x.defined()) {
    const kernels::Array largest = array_of(x);
    kernels::adam(array_of(param), array_of(g), array_of(m), array_of(v), &largest, numbers);
    core::bump_version(*x.impl(), op);
  } else {
    kernels::adam(array_of(param), array_of(g), array_of(m), array_of(v), nullptr, numbers);
  }
  core::bump_version(*m.impl(), op);
  core::bump_version(*v.impl(), op);
  core::bump_version(*param.impl(), op);
}

}  // namespace gradtape::update
