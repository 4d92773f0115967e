// Convolutions. The form sum x w y over all places that meet is linear in each of three; its derivatives by y, by x and
// by w are three operations, each of which has the other two as its gradient.
#include "autograd/kernels/convolution.h"

#include "autograd/ops/window_sizes.h"

namespace gradtape::ops {
namespace {

struct Geometry {
  kernels::Convolution c;
  int dims;

  Shape images(std::int64_t channels, const std::int64_t (&size)[3]) const {
    Shape s{c.batch, c.groups * channels};
    for (int d = 3 - dims; d < 3; ++d) s.push_back(size[d]);
    return s;
  }
  Shape x() const { return images(c.in_channels, c.in); }
  Shape y() const { return images(c.out_channels, c.out); }
  Shape w() const {
    Shape s{c.groups * c.out_channels, c.in_channels};
    for (int d = 3 - dims; d < 3; ++d) s.push_back(c.kernel[d]);
    return s;
  }
};

Tensor form_y(const Geometry& g, const Tensor& x, const Tensor& w, const Tensor& bias);
Tensor form_x(const Geometry& g, const Tensor& y, const Tensor& w, const Tensor& bias);
Tensor form_w(const Geometry& g, const Tensor& y, const Tensor& x);

Tensor sum_of_channels(const Tensor& g) {
  const std::int64_t n = g.size(0), channels = g.size(1);
  const std::int64_t area = numel_of(g.sizes().slice(2, g.sizes().size() - 2));
  return sum(sum(reshape(g, {n, channels, area}), 2), 0);
}
const void* data_of(const Tensor& t) { return t.defined() ? t.impl()->data : nullptr; }

Tensor form_y(const Geometry& geometry, const Tensor& x, const Tensor& w, const Tensor& bias) {
  if (mixed(x, w, bias)) return form_y(geometry, verified(x), verified(w), verified(bias));
  Tensor y = new_tensor(geometry.y(), type_of(x));
  const Tensor from = plain(x), kernel = plain(w), b = bias.defined() ? plain(bias) : bias;
  kernels::convolve(type_of(x), geometry.c, y.impl()->data, data_of(from), data_of(kernel), data_of(b));
  if (auto r = record("convolution", y, {x, w, bias})) {
    r.save(x, r.needs(1));
    r.save(w, r.needs(0));
    r.rule([geometry](Sweep& s) {
      if (s.needs(0)) s[0] = form_x(geometry, s.g, s.saved(1), {});
      if (s.needs(1)) s[1] = form_w(geometry, s.g, s.saved(0));
      if (s.num_inputs() > 2 && s.needs(2)) s[2] = sum_of_channels(s.g);
    });
  }
  return y;
}

Tensor form_x(const Geometry& geometry, const Tensor& y, const Tensor& w, const Tensor& bias) {
  if (mixed(y, w, bias)) return form_x(geometry, verified(y), verified(w), verified(bias));
  Tensor x = new_tensor(geometry.x(), type_of(y));
  const Tensor from = plain(y), kernel = plain(w), b = bias.defined() ? plain(bias) : bias;
  kernels::convolve_input(type_of(y), geometry.c, x.impl()->data, data_of(from), data_of(kernel), data_of(b));
  if (auto r = record("convolution", x, {y, w, bias})) {
    r.save(y, r.needs(1));
    r.save(w, r.needs(0));
    r.rule([geometry](Sweep& s) {
      if (s.needs(0)) s[0] = form_y(geometry, s.g, s.saved(1), {});
      if (s.needs(1)) s[1] = form_w(geometry, s.saved(0), s.g);
      if (s.num_inputs() > 2 && s.needs(2)) s[2] = sum_of_channels(s.g);
    });
  }
  return x;
}

Tensor form_w(const Geometry& geometry, const Tensor& y, const Tensor& x) {
  if (mixed(y, x)) return form_w(geometry, verified(y), verified(x));
  Tensor w = new_tensor(geometry.w(), type_of(y));
  const Tensor from = plain(y), image = plain(x);
  kernels::convolve_weight(type_of(y), geometry.c, w.impl()->data, data_of(from), data_of(image));
  if (auto r = record("convolution", w, {y, x})) {
    r.save(y, r.needs(1));
    r.save(x, r.needs(0));
    r.rule([geometry](Sweep& s) {
      if (s.needs(0)) s[0] = form_y(geometry, s.saved(1), s.g, {});
      if (s.needs(1)) s[1] = form_x(geometry, s.saved(0), s.g, {});
    });
  }
  return w;
}

// What is given beside the tensors; of padding `same` the numbers follow.
struct Given {
  const char* op;
  int dims;
  IntArrayRef stride, padding, dilation, output_padding;
  std::int64_t groups;
  bool transposed = false, same = false;
};

void check_operands(const Given& o, const Tensor& input, const Tensor& weight, const Tensor& bias) {
  check(input.dim() == o.dims + 2, o.op, "need input [n, channels, ..] of rank ", o.dims + 2, ", or ", o.dims + 1,
        " without a batch, got ", input);
  check(weight.dim() == o.dims + 2, o.op, "weight must have rank ", o.dims + 2, ": input is ", input, ", weight is ",
        weight);
  check_floating(o.op, input);
  check<TypeError>(type_of(input) == type_of(weight) && (!bias.defined() || type_of(bias) == type_of(weight)), o.op,
                   "need one dtype: input is ", input, ", weight is ", weight, ", bias is ", bias,
                   "; convert with to()");
  check<ValueError>(o.groups > 0, o.op, "groups must be positive, got ", o.groups);
  check(weight.size(0) > 0 && weight.size(0) % o.groups == 0, o.op, "size 0 of weight ", weight,
        " must be a positive multiple of groups ", o.groups);
  const std::int64_t channels = o.transposed ? weight.size(0) : weight.size(1) * o.groups;
  check(input.size(1) == channels, o.op, "channels differ: input is ", input, ", weight is ", weight, "; with groups ",
        o.groups, " need input.size(1) == ", channels);
  const std::int64_t out = o.transposed ? weight.size(1) * o.groups : weight.size(0);
  check(!bias.defined() || (bias.dim() == 1 && bias.size(0) == out), o.op, "bias must be [", out, "]: bias is ", bias,
        ", weight is ", weight);
}

Geometry geometry_of(const Given& o, const Tensor& input, const Tensor& weight) {
  const PerDim stride = per_dim(o.op, "stride", o.stride, o.dims, 1, 1),
               padding = per_dim(o.op, "padding", o.padding, o.dims, 0, 0),
               dilation = per_dim(o.op, "dilation", o.dilation, o.dims, 1, 1),
               behind = per_dim(o.op, "output_padding", o.output_padding, o.dims, 0, 0);
  Geometry g;
  g.dims = o.dims;
  g.c.batch = input.size(0);
  g.c.groups = o.groups;
  g.c.out_channels = weight.size(0) / o.groups;
  g.c.in_channels = weight.size(1);
  for (int d = 0; d < 3; ++d) {
    const int at = d - (3 - o.dims) + 2;
    const std::int64_t size = at < 2 ? 1 : input.size(at), k = at < 2 ? 1 : weight.size(at);
    const std::int64_t reach = dilation[d] * (k - 1) + 1;
    g.c.kernel[d] = k;
    g.c.stride[d] = stride[d];
    g.c.padding[d] = padding[d];
    g.c.dilation[d] = dilation[d];
    check(k > 0, o.op, "the kernel has no elements: weight is ", weight);
    if (o.same) {
      check<ValueError>(stride[d] == 1, o.op, "padding \"same\" needs stride 1, got ", o.stride);
      g.c.padding[d] = (reach - 1) / 2;
      g.c.in[d] = g.c.out[d] = size;
    } else if (!o.transposed) {
      check(size + 2 * padding[d] >= reach, o.op, "the kernel is larger than the padded input at dim ", at,
            ": input is ", input, ", weight is ", weight, ", padding ", o.padding, ", dilation ", o.dilation);
      g.c.in[d] = size;
      g.c.out[d] = (size + 2 * padding[d] - reach) / stride[d] + 1;
    } else {
      check<ValueError>(behind[d] == 0 || behind[d] < stride[d] || behind[d] < dilation[d], o.op, "output_padding ",
                        o.output_padding, " must be smaller than stride ", o.stride, " or dilation ", o.dilation);
      g.c.out[d] = size;
      g.c.in[d] = (size - 1) * stride[d] - 2 * padding[d] + reach + behind[d];
      check(g.c.in[d] > 0, o.op, "nothing is left at dim ", at, ": input is ", input, ", weight is ", weight,
            ", padding ", o.padding);
    }
  }
  return g;
}

Tensor convolve(const Given& o, const Tensor& input, const Tensor& weight, const optional<Tensor>& optional_bias) {
  check_defined(o.op, input, weight);
  const Tensor bias = optional_bias.value_or(Tensor());
  if (mixed(input, weight, bias)) return convolve(o, verified(input), verified(weight), verified(bias));
  const bool batched = input.dim() != o.dims + 1;
  const Tensor x = batched ? input : unsqueeze(input, 0);
  check_operands(o, x, weight, bias);
  const Geometry g = geometry_of(o, x, weight);
  const Tensor y = o.transposed ? form_x(g, x, weight, bias) : form_y(g, x, weight, bias);
  return batched ? y : squeeze(y, 0);
}

Given given_text(const char* op, int dims, IntArrayRef stride, std::string_view padding, IntArrayRef dilation,
                 std::int64_t groups) {
  static constexpr std::int64_t kZero = 0;
  check<ValueError>(padding == "same" || padding == "valid", op, "unknown padding \"", std::string(padding),
                    "\"; need numbers, \"same\" or \"valid\"");
  return {op, dims, stride, kZero, dilation, kZero, groups, false, padding == "same"};
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

#define GRADTAPE_CONVOLUTION(name, dims)                                                                   \
  Tensor name(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias, IntArrayRef stride, \
              IntArrayRef padding, IntArrayRef dilation, std::int64_t groups) {                            \
    return ops::convolve({#name, dims, stride, padding, dilation, 0, groups}, input, weight, bias);        \
  }                                                                                                        \
  Tensor name(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias, IntArrayRef stride, \
              std::string_view padding, IntArrayRef dilation, std::int64_t groups) {                       \
    return ops::convolve(given_text(#name, dims, stride, padding, dilation, groups), input, weight, bias); \
  }
GRADTAPE_CONVOLUTION(conv1d, 1)
GRADTAPE_CONVOLUTION(conv2d, 2)
GRADTAPE_CONVOLUTION(conv3d, 3)
#undef GRADTAPE_CONVOLUTION
#define GRADTAPE_CONVOLUTION(name, dims)                                                                               \
  Tensor name(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias, IntArrayRef stride,             \
              IntArrayRef padding, IntArrayRef output_padding, std::int64_t groups, IntArrayRef dilation) {            \
    return ops::convolve({#name, dims, stride, padding, dilation, output_padding, groups, true}, input, weight, bias); \
  }
GRADTAPE_CONVOLUTION(conv_transpose1d, 1)
GRADTAPE_CONVOLUTION(conv_transpose2d, 2)
GRADTAPE_CONVOLUTION(conv_transpose3d, 3)
#undef GRADTAPE_CONVOLUTION

Tensor convolution(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias, IntArrayRef stride,
                   IntArrayRef padding, IntArrayRef dilation, bool transposed, IntArrayRef output_padding,
                   std::int64_t groups) {
  check_defined("convolution", input, weight);
  check(weight.dim() >= 3 && weight.dim() <= 5 && input.dim() == weight.dim(), "convolution",
        "need input [n, channels, ..] and a weight of the same rank, 3 to 5: input is ", input, ", weight is ", weight);
  const int dims = static_cast<int>(weight.dim()) - 2;
  return ops::convolve({"convolution", dims, stride, padding, dilation, output_padding, groups, transposed}, input,
                       weight, bias);
}

}  // namespace gradtape::at
