// Losses of class numbers: negative log likelihood, cross entropy.
#include "autograd/kernels/copy.h"
#include "autograd/kernels/index.h"
#include "autograd/kernels/softmax.h"
#include "autograd/ops/loss_common.h"

namespace gradtape::ops {
namespace {

void check_classes(const char* op, const Tensor& self, const Tensor& target, const Tensor& weight) {
  check<TypeError>(type_of(target) == kInt64, op, "target must be int64 class numbers, got ", target);
  const std::int64_t class_dim = self.dim() == 1 ? 0 : 1;
  Shape expect = shape_of(self);
  expect.erase(static_cast<std::size_t>(class_dim));
  check<ValueError>(shape_of(target) == expect, op, "for input ", self, " target must be ", expect, ", got ", target);
  const std::int64_t classes = self.size(class_dim);
  check(!weight.defined() || (weight.dim() == 1 && weight.size(0) == classes), op, "weight must be [", classes,
        "] for input ", self, ", got ", weight);
}
[[noreturn]] void fail_range(const char* op, std::int64_t bad, const Tensor& self) {
  fail<IndexError>(op, "target ", bad, " is out of range for ", self.size(self.dim() == 1 ? 0 : 1),
                   " classes of input ", self);
}

// -w[t] x[.., t, ..], 0 where t is ignore_index; and w[t], whose sum the mean divides by.
struct Picked {
  Tensor loss, weight;
};
Picked pick_classes(const char* op, const Tensor& self, const Tensor& target, const Tensor& weight,
                    std::int64_t ignore_index) {
  check_classes(op, self, target, weight);
  const std::int64_t class_dim = self.dim() == 1 ? 0 : 1, classes = self.size(class_dim);
  const Tensor used = target != ignore_index;
  const Tensor index = where(used, target, 0);
  const std::int64_t bad = kernels::first_out_of_range(index.data_ptr<std::int64_t>(), index.numel(), 0, classes);
  if (bad >= 0) fail_range(op, index.data_ptr<std::int64_t>()[bad], self);
  const Tensor picked = squeeze(gather(self, class_dim, unsqueeze(index, class_dim)), class_dim);
  Tensor w = cast(used, type_of(self));
  if (weight.defined()) w = w * reshape(index_select(weight, 0, reshape(index, {-1})), index.sizes());
  return {where(used, -picked * w, 0), w};
}

// The class numbers of rows, checked, and how many are in use.
struct Classes {
  Tensor numbers;
  std::int64_t used = 0;
  const std::int64_t* data() const { return numbers.data_ptr<std::int64_t>(); }
};
Classes classes_of_rows(const char* op, const Tensor& self, const Tensor& target, std::int64_t ignore_index) {
  check_classes(op, self, target, {});
  Classes c{plain(target)};
  const std::int64_t* number = c.data();
  for (std::int64_t r = 0; r < self.size(0); ++r) {
    if (number[r] == ignore_index) continue;
    if (number[r] < 0 || number[r] >= self.size(1)) fail_range(op, number[r], self);
    ++c.used;
  }
  return c;
}
// [N, C] with one class a row, without weights: what the operations in one pass are for. The verification dtype goes
// the long way, which so is compared with them.
bool has_plain_rows(const Tensor& self, const Tensor& target, const Tensor& weight, std::int64_t reduction) {
  return self.dim() == 2 && self.numel() > 0 && type_of(target) == kInt64 && !weight.defined() &&
         reduction != Reduction::None && type_of(self) != ScalarType::Verification;
}

// Choice and reduction in one operation.
Tensor row_nll(const char* op, const Tensor& self, const Tensor& target, std::int64_t reduction,
               std::int64_t ignore_index) {
  const Classes c = classes_of_rows(op, self, target, ignore_index);
  const std::int64_t rows = self.size(0), n = self.size(1);
  const Tensor x = plain(self), each = new_tensor({rows}, type_of(x));
  kernels::pick_negated(type_of(x), each.impl()->data, x.impl()->data, c.data(), rows, n, ignore_index);
  const double count = reduction == Reduction::Mean ? static_cast<double>(c.used) : 1;
  const Tensor y = total_of(each, count);
  if (auto r = record(op, y, {self})) {
    r.save(c.numbers);
    r.rule([count, ignore_index](Sweep& s) {
      const Tensor classes = s.saved(0);
      const Shape& sizes = s.sizes(0);
      if (!tls.grad_mode) {
        const Tensor out = new_filled(sizes, s.dtype(0), 0);
        kernels::place_value(s.dtype(0), out.impl()->data, -kernels::read_scalar(array_of(s.g)).real() / count,
                             classes.data_ptr<std::int64_t>(), sizes[0], sizes[1], ignore_index);
        s[0] = out;
        return;
      }
      const Tensor used = classes != ignore_index;
      const Tensor chosen = cast(one_hot(where(used, classes, 0), sizes[1]), s.dtype(0));
      s[0] = where(unsqueeze(used, 1), chosen * (-s.g / count), 0);
    });
  }
  return y;
}

// Rows of logits with one class each: softmax, logarithm, choice and reduction in one operation.
Tensor row_cross_entropy(const char* op, const Tensor& self, const Tensor& target, std::int64_t reduction,
                         std::int64_t ignore_index) {
  const Classes c = classes_of_rows(op, self, target, ignore_index);
  const std::int64_t rows = self.size(0), n = self.size(1);
  const Tensor x = plain(self), &t = c.numbers;
  const Tensor each = new_tensor({rows}, type_of(x)), p = new_tensor(shape_of(x), type_of(x));
  kernels::cross_entropy(type_of(x), each.impl()->data, p.impl()->data, x.impl()->data, c.data(), rows, n,
                         ignore_index);
  const double count = reduction == Reduction::Mean ? static_cast<double>(c.used) : 1;
  const Tensor y = total_of(each, count);
  if (auto r = record(op, y, {self})) {
    r.save(p);
    r.save(t);
    r.save(self);  // read only when a graph of the gradient is wanted
    r.rule([count, ignore_index](Sweep& s) {
      const Tensor classes = s.saved(1);
      if (!tls.grad_mode) {
        const Tensor p = s.saved(0);
        Tensor out = new_tensor(shape_of(p), type_of(p));
        kernels::cross_entropy_backward(type_of(p), out.impl()->data, p.impl()->data, classes.data_ptr<std::int64_t>(),
                                        kernels::read_scalar(array_of(s.g)).real() / count, p.size(0), p.size(1),
                                        ignore_index);
        s[0] = out;
        return;
      }
      const Tensor x = s.saved(2), used = classes != ignore_index;
      const Tensor chosen = cast(one_hot(where(used, classes, 0), x.size(1)), type_of(x));
      s[0] = where(unsqueeze(used, 1), (softmax(x, 1) - chosen) * (s.g / count), 0);
    });
  }
  return y;
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor nll_loss(const Tensor& self, const Tensor& target, const Tensor& weight, std::int64_t reduction,
                std::int64_t ignore_index) {
  const char* op = "nll_loss";
  check_defined(op, self, target);
  check_floating(op, self);
  check(self.dim() > 0, op, "need input [C], [N, C] or [N, C, ...], got ", self);
  check_reduction(op, reduction);
  if (has_plain_rows(self, target, weight, reduction)) return row_nll(op, self, target, reduction, ignore_index);
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
  check_reduction(op, reduction);
  if (label_smoothing == 0 && has_plain_rows(self, target, weight, reduction))
    return row_cross_entropy(op, self, target, reduction, ignore_index);
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
