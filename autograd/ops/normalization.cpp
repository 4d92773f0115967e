// Normalisation over rows (layer and group norm) and over channels (batch and instance norm): fused kernels forward
// and for the first gradient; where a graph of the gradient is wanted, the same formulas in operations.
#include "autograd/kernels/normalization.h"

#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

// x as an array in which groups are what `over` runs along; weight and bias in a shape that broadcasts against it.
struct Groups {
  Shape view, affine;
  Shape over, others;  // dims
};
// Rows of channels * area elements; with groups > 0, that many follow each other, each with its channels' weights and
// biases, else these have one for each element.
struct Rows {
  std::int64_t rows, groups, channels, area;
  std::int64_t n() const { return channels * area; }
  Groups all() const {
    if (groups == 0) return {{rows, n()}, {1, n()}, {1}, {0}};
    return {{rows / groups, groups, channels, area}, {1, groups, channels, 1}, {2, 3}, {0, 3}};
  }
};
Groups of_channels(const Shape& x) {
  const std::int64_t area = numel_of(IntArrayRef(x).slice(2, x.size() - 2));
  return {{x[0], x[1], area}, {1, x[1], 1}, {0, 2}, {0, 2}};
}

// Not for groups without elements.
bool has_kernel(const Tensor& x) { return type_of(x) != ScalarType::Verification && x.numel() > 0; }
void* data_of(const Tensor& t) { return t.defined() ? t.impl()->data : nullptr; }

struct Normal {
  Tensor xhat, rstd;
};
// From x itself, or with the moments given.
Normal normal_of(const Tensor& x, const Groups& g, double eps, const Tensor& mean_given, const Tensor& var_given) {
  const Tensor seen = reshape(x, g.view);
  const bool given = mean_given.defined();
  const Tensor d = seen - (given ? reshape(mean_given, g.affine) : mean(seen, IntArrayRef(g.over), true));
  const Tensor rstd = rsqrt((given ? reshape(var_given, g.affine) : mean(square(d), IntArrayRef(g.over), true)) + eps);
  return {d * rstd, rstd};
}
Tensor forward_of(const Tensor& x, const Tensor& weight, const Tensor& bias, const Groups& g, double eps,
                  const Tensor& mean_given, const Tensor& var_given) {
  Tensor y = normal_of(x, g, eps, mean_given, var_given).xhat;
  if (weight.defined()) y = y * reshape(weight, g.affine);
  if (bias.defined()) y = y + reshape(bias, g.affine);
  return reshape(y, x.sizes());
}
// Inputs x, weight, bias.
void backward_of(Sweep& s, const Tensor& x, const Tensor& weight, const Groups& g, double eps, const Tensor& mean_given,
                 const Tensor& var_given) {
  const Normal n = normal_of(x, g, eps, mean_given, var_given);
  const Tensor arrived = reshape(s.g, g.view);
  if (s.needs(0)) {
    const Tensor a = weight.defined() ? arrived * reshape(weight, g.affine) : arrived;
    const IntArrayRef over = g.over;
    s[0] = reshape(
        mean_given.defined() ? n.rstd * a : n.rstd * (a - mean(a, over, true) - n.xhat * mean(a * n.xhat, over, true)),
        x.sizes());
  }
  if (s.needs(1)) s[1] = reshape(sum(arrived * n.xhat, IntArrayRef(g.others)), s.sizes(1));
  if (s.needs(2)) s[2] = reshape(sum(arrived, IntArrayRef(g.others)), s.sizes(2));
}

void check_one_dtype(const char* op, const Tensor& input, const Tensor& weight, const Tensor& bias) {
  check_floating(op, input);
  check<TypeError>(
      (!weight.defined() || type_of(weight) == type_of(input)) && (!bias.defined() || type_of(bias) == type_of(input)),
      op, "need one dtype: input is ", input, ", weight is ", weight, ", bias is ", bias, "; convert with to()");
}

Tensor by_rows(const char* op, const Tensor& x, const Rows& shape, const Tensor& weight, const Tensor& bias,
               double eps) {
  Tensor y, mean, rstd;
  if (has_kernel(x)) {
    const Tensor in = plain(x), w = weight.defined() ? plain(weight) : weight, b = bias.defined() ? plain(bias) : bias;
    y = new_tensor(shape_of(x), type_of(x));
    mean = new_tensor({shape.rows}, type_of(x));
    rstd = new_tensor({shape.rows}, type_of(x));
    if (shape.groups == 0) {
      kernels::normalize_rows(type_of(x), shape.rows, shape.n(), eps, data_of(y), data_of(mean), data_of(rstd),
                              data_of(in), data_of(w), data_of(b));
    } else {
      kernels::normalize_groups(type_of(x), shape.rows, shape.groups, shape.channels, shape.area, eps, data_of(y),
                                data_of(mean), data_of(rstd), data_of(in), data_of(w), data_of(b));
    }
  } else {
    const AutoGradMode off(false);
    y = copy_of(forward_of(x, weight, bias, shape.all(), eps, {}, {}));
  }
  if (auto r = record(op, y, {x, weight, bias})) {
    const bool reads = r.needs(0) || r.needs(1);
    r.save(reads ? x : Tensor());
    r.save(weight, r.needs(0));
    r.save(reads ? mean : Tensor());
    r.save(reads ? rstd : Tensor());
    r.rule([shape, eps](Sweep& s) {
      const Tensor x = s.saved(0), weight = s.saved(1), mean = s.saved(2);
      if (tls.grad_mode || !has_kernel(s.g) || !mean.defined()) {
        if (x.defined()) return backward_of(s, x, weight, shape.all(), eps, {}, {});
        s[2] = reshape(sum(reshape(s.g, shape.all().view), IntArrayRef(shape.all().others)), s.sizes(2));
        return;
      }
      const Tensor in = plain(x), g = plain(s.g), w = weight.defined() ? plain(weight) : weight;
      Tensor dx, dw, db;
      if (s.needs(0)) dx = new_tensor(shape_of(x), type_of(x));
      if (s.needs(1) || s.needs(2)) {
        dw = new_tensor(s.needs(1) ? s.sizes(1) : s.sizes(2), type_of(x));
        db = new_tensor(shape_of(dw), type_of(x));
      }
      const Tensor rstd = s.saved(3);
      if (shape.groups == 0) {
        kernels::normalize_rows_backward(type_of(x), shape.rows, shape.n(), data_of(dx), data_of(dw), data_of(db),
                                         data_of(g), data_of(in), data_of(mean), data_of(rstd), data_of(w));
      } else {
        kernels::normalize_groups_backward(type_of(x), shape.rows, shape.groups, shape.channels, shape.area,
                                           data_of(dx), data_of(dw), data_of(db), data_of(g), data_of(in),
                                           data_of(mean), data_of(rstd), data_of(w));
      }
      s[0] = dx;
      if (s.needs(1)) s[1] = dw;
      if (s.needs(2)) s[2] = db;
    });
  }
  return y;
}

// x [n, channels, ..]. With moments given these are constants.
Tensor by_channels(const char* op, const Tensor& x, const Tensor& weight, const Tensor& bias, double eps,
                   const Tensor& mean_given, const Tensor& var_given, Tensor* mean_found, Tensor* var_found) {
  const bool given = mean_given.defined();
  const Groups groups = of_channels(shape_of(x));
  const std::int64_t batch = groups.view[0], channels = groups.view[1], area = groups.view[2];
  Tensor y, mean = mean_given, variance = var_given;
  if (has_kernel(x)) {
    const Tensor in = plain(x), w = weight.defined() ? plain(weight) : weight, b = bias.defined() ? plain(bias) : bias;
    y = new_tensor(shape_of(x), type_of(x));
    if (given) {
      mean = plain(cast_value(mean, type_of(x)));
      variance = plain(cast_value(variance, type_of(x)));
    } else {
      mean = new_tensor({channels}, type_of(x));
      variance = new_tensor({channels}, type_of(x));
    }
    kernels::normalize_channels(type_of(x), batch, channels, area, eps, !given, data_of(y), data_of(in), data_of(mean),
                                data_of(variance), data_of(w), data_of(b));
    if (!given && mean_found) *mean_found = mean, *var_found = variance;
  } else {
    const AutoGradMode off(false);
    if (given) mean = cast_value(mean, type_of(x)), variance = cast_value(variance, type_of(x));
    y = copy_of(forward_of(x, weight, bias, groups, eps, mean, variance));
  }
  if (auto r = record(op, y, {x, weight, bias})) {
    const bool reads = r.needs(0) || r.needs(1);
    r.save(reads ? x : Tensor());
    r.save(weight, r.needs(0));
    // Moments that were given belong to a caller who may change them, as every step of training does.
    r.save(!reads || !mean.defined() ? Tensor() : given ? copy_of(mean) : mean);
    r.save(!reads || !mean.defined() ? Tensor() : given ? copy_of(variance) : variance);
    r.rule([eps, given](Sweep& s) {
      const Tensor x = s.saved(0), weight = s.saved(1), mean = s.saved(2), variance = s.saved(3);
      const Groups groups = of_channels(shape_of(s.g));
      if (!x.defined()) {
        s[2] = sum(reshape(s.g, groups.view), IntArrayRef(groups.others));
        return;
      }
      if (tls.grad_mode || !has_kernel(s.g) || !mean.defined())
        return backward_of(s, x, weight, groups, eps, given ? mean : Tensor(), variance);
      const Tensor in = plain(x), g = plain(s.g), w = weight.defined() ? plain(weight) : weight;
      Tensor dx, dw, db;
      if (s.needs(0)) dx = new_tensor(shape_of(x), type_of(x));
      if (s.needs(1)) dw = new_tensor(s.sizes(1), type_of(x));
      if (s.needs(2)) db = new_tensor(s.sizes(2), type_of(x));
      kernels::normalize_channels_backward(type_of(x), groups.view[0], groups.view[1], groups.view[2], eps, !given,
                                           data_of(dx), data_of(dw), data_of(db), data_of(g), data_of(in),
                                           data_of(mean), data_of(variance), data_of(w));
      s[0] = dx;
      s[1] = dw;
      s[2] = db;
    });
  }
  return y;
}

void check_channels(const char* op, const char* name, const Tensor& t, const Tensor& input) {
  check(!t.defined() || (t.dim() == 1 && t.size(0) == input.size(1)), op, name, " must be [", input.size(1),
        "] for input ", input, ", got ", t);
}

// What batch and instance norm are given.
void check_tracked(const char* op, const Tensor& input, const Tensor& weight, const Tensor& bias,
                   const Tensor& running_mean, const Tensor& running_var) {
  check_one_dtype(op, input, weight, bias);
  check(input.dim() >= 2, op, "need input [n, channels, ..], got ", input);
  check_channels(op, "weight", weight, input);
  check_channels(op, "bias", bias, input);
  check_channels(op, "running_mean", running_mean, input);
  check_channels(op, "running_var", running_var, input);
}

// running += momentum (found - running)
void move_towards(const char* op, const Tensor& running, const Tensor& found, double momentum, double factor) {
  if (!running.defined()) return;
  const AutoGradMode off(false);
  check_inplace(op, running, false);
  running.mul_(1 - momentum).add_(found * (momentum * factor));
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor layer_norm(const Tensor& input, IntArrayRef normalized_shape, const optional<Tensor>& weight_given,
                  const optional<Tensor>& bias_given, double eps, bool) {
  constexpr const char* op = "layer_norm";
  check_defined(op, input);
  const Tensor weight = weight_given.value_or(Tensor()), bias = bias_given.value_or(Tensor());
  if (mixed(input, weight, bias))
    return layer_norm(verified(input), normalized_shape, verified(weight), verified(bias), eps);
  check_one_dtype(op, input, weight, bias);
  const std::size_t rank = shape_of(input).size(), count = normalized_shape.size();
  check(count > 0 && count <= rank && input.sizes().slice(rank - count, count) == normalized_shape, op,
        "the last sizes of input ", input, " must be normalized_shape ", normalized_shape);
  check((!weight.defined() || weight.sizes() == normalized_shape) &&
            (!bias.defined() || bias.sizes() == normalized_shape),
        op, "weight and bias must have the sizes normalized_shape ", normalized_shape, ": weight is ", weight,
        ", bias is ", bias);
  const std::int64_t n = numel_of(normalized_shape);
  const std::int64_t rows = numel_of(input.sizes().slice(0, rank - count));
  return by_rows(op, input, {rows, 0, n, 1}, weight, bias, eps);
}

Tensor batch_norm(const Tensor& input, const optional<Tensor>& weight_given, const optional<Tensor>& bias_given,
                  const optional<Tensor>& running_mean_given, const optional<Tensor>& running_var_given, bool training,
                  double momentum, double eps, bool) {
  constexpr const char* op = "batch_norm";
  check_defined(op, input);
  const Tensor weight = weight_given.value_or(Tensor()), bias = bias_given.value_or(Tensor());
  const Tensor running_mean = running_mean_given.value_or(Tensor()), running_var = running_var_given.value_or(Tensor());
  if (mixed(input, weight, bias))
    return batch_norm(verified(input), verified(weight), verified(bias), running_mean, running_var, training, momentum,
                      eps, true);
  check_tracked(op, input, weight, bias, running_mean, running_var);
  check(training || (running_mean.defined() && running_var.defined()), op,
        "without training running_mean and running_var are needed, got ", running_mean, " and ", running_var);
  if (!training) return by_channels(op, input, weight, bias, eps, running_mean.detach(), running_var.detach(), {}, {});
  Tensor mean, variance;
  const Tensor y = by_channels(op, input, weight, bias, eps, {}, {}, &mean, &variance);
  // Nothing is tracked of an empty batch, nor while a gradient is verified.
  if (mean.defined()) {
    const double n = static_cast<double>(input.numel() / input.size(1));
    move_towards(op, running_mean, mean, momentum, 1);
    move_towards(op, running_var, variance, momentum, n / (n - 1));
  }
  return y;
}

Tensor group_norm(const Tensor& input, std::int64_t num_groups, const optional<Tensor>& weight_given,
                  const optional<Tensor>& bias_given, double eps, bool) {
  constexpr const char* op = "group_norm";
  check_defined(op, input);
  const Tensor weight = weight_given.value_or(Tensor()), bias = bias_given.value_or(Tensor());
  if (mixed(input, weight, bias)) return group_norm(verified(input), num_groups, verified(weight), verified(bias), eps);
  check_one_dtype(op, input, weight, bias);
  check(input.dim() >= 2, op, "need input [n, channels, ..], got ", input);
  check<ValueError>(num_groups > 0 && input.size(1) % num_groups == 0, op, "num_groups ", num_groups,
                    " must be positive and divide the ", input.size(1), " channels of input ", input);
  check_channels(op, "weight", weight, input);
  check_channels(op, "bias", bias, input);
  const std::int64_t area = numel_of(input.sizes().slice(2, static_cast<std::size_t>(input.dim()) - 2));
  const Rows rows = {input.size(0) * num_groups, num_groups, input.size(1) / num_groups, area};
  return by_rows(op, input, rows, weight, bias, eps);
}

Tensor instance_norm(const Tensor& input, const optional<Tensor>& weight_given, const optional<Tensor>& bias_given,
                     const optional<Tensor>& running_mean_given, const optional<Tensor>& running_var_given,
                     bool use_input_stats, double momentum, double eps, bool) {
  constexpr const char* op = "instance_norm";
  check_defined(op, input);
  const Tensor weight = weight_given.value_or(Tensor()), bias = bias_given.value_or(Tensor());
  const Tensor running_mean = running_mean_given.value_or(Tensor()), running_var = running_var_given.value_or(Tensor());
  if (mixed(input, weight, bias))
    return instance_norm(verified(input), verified(weight), verified(bias), running_mean, running_var, use_input_stats,
                         momentum, eps, true);
  check_tracked(op, input, weight, bias, running_mean, running_var);
  check(use_input_stats || (running_mean.defined() && running_var.defined()), op,
        "without use_input_stats running_mean and running_var are needed, got ", running_mean, " and ", running_var);
  const std::int64_t batch = input.size(0), channels = input.size(1);
  // Every channel of every image is a channel of one image.
  Shape sizes = shape_of(input);
  sizes[0] = 1;
  sizes[1] = batch * channels;
  const auto each = [batch](const Tensor& t) { return t.defined() ? t.repeat(batch) : t; };
  const Tensor one = reshape(input, sizes), w = each(weight), b = each(bias);
  Tensor mean, variance, y;
  if (use_input_stats) {
    y = by_channels(op, one, w, b, eps, {}, {}, &mean, &variance);
  } else {
    y = by_channels(op, one, w, b, eps, each(running_mean.detach()), each(running_var.detach()), {}, {});
  }
  if (mean.defined()) {
    const double n = static_cast<double>(input.numel() / (batch * channels));
    const AutoGradMode off(false);
    move_towards(op, running_mean, at::mean(reshape(mean, {batch, channels}), 0), momentum, 1);
    move_towards(op, running_var, at::mean(reshape(variance, {batch, channels}), 0), momentum, n / (n - 1));
  }
  return reshape(y, input.sizes());
}

}  // namespace gradtape::at
