// Losses of pairs of elements.
#include "autograd/kernels/copy.h"
#include "autograd/kernels/pointwise.h"
#include "autograd/kernels/reduce.h"
#include "autograd/ops/loss_common.h"

namespace gradtape::ops {

void check_reduction(const char* op, std::int64_t reduction) {
  check<ValueError>(reduction >= Reduction::None && reduction <= Reduction::Sum, op, "unknown reduction ", reduction);
}

Tensor total_of(const Tensor& loss, double count) {
  Tensor y = new_tensor({}, type_of(loss));
  kernels::reduce(kernels::Reduce::Sum, y.impl()->data, loss.impl()->data, type_of(loss), 1, loss.numel(), 1);
  if (count != 1) y.div_(count);
  return y;
}

Tensor reduce_loss(const char* op, const Tensor& loss, std::int64_t reduction) {
  check_reduction(op, reduction);
  if (reduction == Reduction::Mean) return mean(loss);
  return reduction == Reduction::Sum ? sum(loss) : loss;
}

void check_pair(const char* op, const Tensor& self, const Tensor& target) {
  check_defined(op, self, target);
  check_floating(op, self);
  broadcast_shapes(op, self.sizes(), target.sizes());
}

namespace {

// Elementwise, of two tensors of one shape and floating dtype, not recorded.
Tensor elementwise(kernels::BinaryKernel* op, const Tensor& x, const Tensor& y, kernels::Params params) {
  const ScalarType t = result_type(x, y);
  Tensor out = new_tensor(shape_of(x), t);
  const Tensor p = cast_value(x, t), q = cast_value(y, t);
  op(array_of(out), array_of(p), array_of(q), params);
  return out;
}

}  // namespace

Tensor pair_loss(const PairLoss& loss, const Tensor& x, const Tensor& y, std::int64_t reduction,
                 kernels::Params params) {
  check_reduction(loss.op, reduction);
  Tensor out = elementwise(loss.value, x, y, params);
  const double count = reduction == Reduction::Mean ? static_cast<double>(out.numel()) : 1;
  const bool whole = reduction == Reduction::None;
  if (!whole) out = total_of(out, count);
  if (auto r = record(loss.op, out, {x, y})) {
    r.save(x);
    r.save(y);
    // Params.a is the number of elements, 0 for a loss that is not reduced.
    params.a = whole ? 0 : count;
    r.rule([l = &loss, params](Sweep& s) {
      const Tensor p = s.saved(0), q = s.saved(1);
      const bool whole = params.a == 0;
      const double count = whole ? 1 : params.a;
      if (!tls.grad_mode && s.needs(0) && !s.needs(1) && type_of(s.g) != ScalarType::Verification) {
        const double g = whole ? 1 : kernels::read_scalar(array_of(s.g)).real();
        const Tensor slope = elementwise(l->slope, p, q, {g / count, params.b, params.c});
        s[0] = whole ? s.g * slope : slope;
        return;
      }
      const Tensor g = count == 1 ? s.g : s.g / count;
      if (s.needs(0)) s[0] = g * l->slope_of(p, q, params);
      if (s.needs(1)) s[1] = g * l->target_slope_of(p, q, params);
    });
  }
  return out;
}

namespace {

using kernels::Params;

const PairLoss kBce = {"binary_cross_entropy", kernels::bce_loss, kernels::bce_backward,
                       [](const Tensor& a, const Tensor& y, Params) { return (a - y) / clamp_min(a * (1 - a), 1e-12); },
                       [](const Tensor& a, const Tensor&, Params) { return log(1 - a) - log(a); }};
const PairLoss kBceLogits = {"binary_cross_entropy_with_logits", kernels::bce_logits_loss, kernels::bce_logits_backward,
                             [](const Tensor& z, const Tensor& y, Params) { return sigmoid(z) - y; },
                             [](const Tensor& z, const Tensor&, Params) { return -z; }};
const PairLoss kMse = {"mse_loss", kernels::mse_loss, kernels::mse_backward,
                       [](const Tensor& x, const Tensor& y, Params) { return 2 * (x - y); },
                       [](const Tensor& x, const Tensor& y, Params) { return 2 * (y - x); }};

void check_same_shape(const char* op, const Tensor& self, const Tensor& target) {
  check_defined(op, self, target);
  check<ValueError>(shape_of(self) == shape_of(target), op, "input ", self, " and target ", target,
                    " must have the same shape");
  check_floating(op, self);
  check_floating(op, target);
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor binary_cross_entropy(const Tensor& self, const Tensor& target, const Tensor& weight, std::int64_t reduction) {
  const char* op = "binary_cross_entropy";
  check_same_shape(op, self, target);
  const std::int64_t outside = kernels::first_outside(array_of(self), 0, 1);
  check<ValueError>(outside < 0, op, "all elements of input ", self, " must be between 0 and 1; got ",
                    outside < 0 ? Scalar() : select(reshape(self.detach(), {-1}), 0, outside).item(),
                    ". Apply sigmoid first, or use binary_cross_entropy_with_logits");
  if (!weight.defined()) return pair_loss(kBce, self, target, reduction);
  return reduce_loss(op, pair_loss(kBce, self, target, Reduction::None) * weight, reduction);
}

Tensor binary_cross_entropy_with_logits(const Tensor& self, const Tensor& target, const Tensor& weight,
                                        const Tensor& pos_weight, std::int64_t reduction) {
  const char* op = "binary_cross_entropy_with_logits";
  check_same_shape(op, self, target);
  if (!pos_weight.defined() && !weight.defined()) return pair_loss(kBceLogits, self, target, reduction);
  Tensor loss;
  if (!pos_weight.defined()) {
    loss = pair_loss(kBceLogits, self, target, Reduction::None);
  } else {
    // (1 - y) z + (1 + (p - 1) y) ln(1 + e^-z), the logarithm being the loss for y = 1.
    const Tensor softplus = binary_cross_entropy_with_logits(self, ones_like(self), {}, {}, Reduction::None);
    loss = (1 - target) * self + (1 + (pos_weight - 1) * target) * softplus;
  }
  if (weight.defined()) loss = loss * weight;
  return reduce_loss(op, loss, reduction);
}

Tensor mse_loss(const Tensor& self, const Tensor& target, std::int64_t reduction) {
  check_defined("mse_loss", self, target);
  check_floating("mse_loss", self);
  check_floating("mse_loss", target);
  broadcast_shapes("mse_loss", self.sizes(), target.sizes());
  if (alike(self, target) && reduction != Reduction::None) return pair_loss(kMse, self, target, reduction);
  return reduce_loss("mse_loss", square(self - target), reduction);
}

}  // namespace gradtape::at
