// Losses of classification and regression.
#include "autograd/kernels/index.h"
#include "autograd/kernels/pointwise.h"
#include "autograd/kernels/reduce.h"
#include "autograd/ops/loss_common.h"

namespace gradtape::ops {

Tensor reduce_loss(const char* op, const Tensor& loss, std::int64_t reduction) {
  check<ValueError>(reduction >= Reduction::None && reduction <= Reduction::Sum, op, "unknown reduction ", reduction);
  if (reduction == Reduction::Mean) return mean(loss);
  return reduction == Reduction::Sum ? sum(loss) : loss;
}

void check_pair(const char* op, const Tensor& self, const Tensor& target) {
  check_defined(op, self, target);
  check_floating(op, self);
  broadcast_shapes(op, self.sizes(), target.sizes());
}

namespace {

// Elementwise loss of two tensors of one shape and floating dtype, not recorded.
Tensor elementwise(kernels::BinaryKernel* op, const Tensor& x, const Tensor& y) {
  const ScalarType t = result_type(x, y);
  Tensor out = new_tensor(shape_of(x), t);
  const Tensor a = cast_value(x, t), b = cast_value(y, t);
  op(array_of(out), array_of(a), array_of(b), {});
  return out;
}

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
  Tensor loss = elementwise(kernels::bce_loss, self, target);
  if (auto r = record(op, loss, {self, target})) {
    r.save(self);
    r.save(target);
    r.rule([](Sweep& s) {
      const Tensor a = s.saved(0), y = s.saved(1);
      if (s.needs(0)) s[0] = s.g * ((a - y) / clamp_min(a * (1 - a), 1e-12));
      if (s.needs(1)) s[1] = s.g * (log(1 - a) - log(a));
    });
  }
  if (weight.defined()) loss = loss * weight;
  return reduce_loss(op, loss, reduction);
}

Tensor binary_cross_entropy_with_logits(const Tensor& self, const Tensor& target, const Tensor& weight,
                                        const Tensor& pos_weight, std::int64_t reduction) {
  const char* op = "binary_cross_entropy_with_logits";
  check_same_shape(op, self, target);
  Tensor loss;
  if (!pos_weight.defined()) {
    loss = elementwise(kernels::bce_logits_loss, self, target);
    if (auto r = record(op, loss, {self, target})) {
      r.save(self);
      r.save(r.needs(0) ? target : Tensor());
      r.rule([](Sweep& s) {
        const Tensor z = s.saved(0);
        if (s.needs(0)) {
          const Tensor y = s.saved(1);
          // One pass when no graph of the gradient is wanted.
          s[0] = s.g * (tls.grad_mode ? sigmoid(z) - y : elementwise(kernels::bce_logits_backward, z, y));
        }
        if (s.needs(1)) s[1] = -s.g * z;
      });
    }
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
  return reduce_loss("mse_loss", square(self - target), reduction);
}

namespace {

// -w[t] x[.., t, ..], 0 where t is ignore_index; and w[t], whose sum the mean divides by.
struct Picked {
  Tensor loss, weight;
};
Picked pick_classes(const char* op, const Tensor& self, const Tensor& target, const Tensor& weight,
                    std::int64_t ignore_index) {
  check<TypeError>(type_of(target) == kInt64, op, "target must be int64 class numbers, got ", target);
  const std::int64_t class_dim = self.dim() == 1 ? 0 : 1;
  Shape expect = shape_of(self);
  expect.erase(static_cast<std::size_t>(class_dim));
  check<ValueError>(shape_of(target) == expect, op, "for input ", self, " target must be ", expect, ", got ", target);
  const std::int64_t classes = self.size(class_dim);
  check(!weight.defined() || (weight.dim() == 1 && weight.size(0) == classes), op, "weight must be [", classes,
        "] for input ", self, ", got ", weight);
  const Tensor used = target != ignore_index;
  const Tensor index = where(used, target, 0);
  const std::int64_t bad = kernels::first_out_of_range(index.data_ptr<std::int64_t>(), index.numel(), 0, classes);
  check<IndexError>(bad < 0, op, "target ", bad < 0 ? 0 : index.data_ptr<std::int64_t>()[bad], " is out of range for ",
                    classes, " classes of input ", self);
  const Tensor picked = squeeze(gather(self, class_dim, unsqueeze(index, class_dim)), class_dim);
  Tensor w = cast(used, type_of(self));
  if (weight.defined()) w = w * reshape(index_select(weight, 0, reshape(index, {-1})), index.sizes());
  return {where(used, -picked * w, 0), w};
}

}  // namespace

Tensor nll_loss(const Tensor& self, const Tensor& target, const Tensor& weight, std::int64_t reduction,
                std::int64_t ignore_index) {
  const char* op = "nll_loss";
  check_defined(op, self, target);
  check_floating(op, self);
  check(self.dim() > 0, op, "need input [C], [N, C] or [N, C, ...], got ", self);
  const Picked p = pick_classes(op, self, target, weight, ignore_index);
  if (reduction == Reduction::Mean) return sum(p.loss) / sum(p.weight);
  return reduce_loss(op, p.loss, reduction);
}

Tensor cross_entropy_loss(const Tensor& self, const Tensor& target, const Tensor& weight, std::int64_t reduction,
                          std::int64_t ignore_index, double label_smoothing) {
  const char* op = "cross_entropy_loss";
  check_defined(op, self, target);
  check_floating(op, self);
  check(self.dim() > 0, op, "need input [C], [N, C] or [N, C, ...], got ", self);
  check<ValueError>(label_smoothing >= 0 && label_smoothing <= 1, op, "label_smoothing must be between 0 and 1, got ",
                    label_smoothing);
  const std::int64_t class_dim = self.dim() == 1 ? 0 : 1;
  const std::int64_t classes = self.size(class_dim);
  const Tensor logp = log_softmax(self, class_dim);
  Tensor class_weight;
  if (weight.defined()) {
    check(weight.dim() == 1 && weight.size(0) == classes, op, "weight must be [", classes, "] for input ", self,
          ", got ", weight);
    Shape w(static_cast<std::size_t>(self.dim()), 1);
    w[static_cast<std::size_t>(class_dim)] = classes;
    class_weight = reshape(weight, w);
  }
  const auto smooth_part = [&](const Tensor& x) {
    return -sum(class_weight.defined() ? x * class_weight : x, class_dim);
  };
  if (is_floating(type_of(target))) {
    check<ValueError>(shape_of(target) == shape_of(self), op, "class probabilities must have the shape of input ", self,
                      ", got ", target);
    const Tensor y = label_smoothing > 0 ? target * (1 - label_smoothing) + label_smoothing / double(classes) : target;
    const Tensor loss = smooth_part(logp * y);
    if (reduction != Reduction::Mean) return reduce_loss(op, loss, reduction);
    return sum(loss) / static_cast<double>(loss.numel());
  }
  const Picked p = pick_classes(op, logp, target, weight, ignore_index);
  Tensor loss = p.loss;
  if (label_smoothing > 0) {
    const Tensor spread = where(target != ignore_index, smooth_part(logp), 0);
    loss = loss * (1 - label_smoothing) + spread * (label_smoothing / static_cast<double>(classes));
  }
  if (reduction == Reduction::Mean) return sum(loss) / sum(p.weight);
  return reduce_loss(op, loss, reduction);
}

}  // namespace gradtape::at
