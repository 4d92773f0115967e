// Pooling. What picks elements and what averages them are linear in the input once the places are known; each has an
// adjoint operation, whose gradient it is.
#include "autograd/kernels/pooling.h"

#include "autograd/ops/window_sizes.h"

namespace gradtape::ops {
namespace {

struct Windows {
  kernels::Pooling p;
  int dims;
  // x's sizes with the last dims replaced.
  Shape sizes(const Shape& like, const std::int64_t (&size)[3]) const {
    Shape s = like;
    for (int d = 3 - dims; d < 3; ++d) s[s.size() + static_cast<std::size_t>(d) - 3] = size[d];
    return s;
  }
};

Tensor pick(const char* op, const Windows& w, const Tensor& x, const Tensor& index);

// Zeros with y added at the places of `index`.
Tensor place(const char* op, const Windows& w, const Tensor& y, const Tensor& index) {
  Tensor x = new_tensor(w.sizes(shape_of(y), w.p.in), type_of(y));
  const Tensor from = plain(y);
  kernels::place_in_planes(type_of(y), w.p, x.impl()->data, index.impl()->ptr<std::int64_t>(), from.impl()->data);
  if (auto r = record(op, x, {y})) {
    r.save(index);
    r.rule([op, w](Sweep& s) { s[0] = pick(op, w, s.g, s.saved(0)); });
  }
  return x;
}

Tensor pick(const char* op, const Windows& w, const Tensor& x, const Tensor& index) {
  Tensor y = new_tensor(shape_of(index), type_of(x));
  const Tensor from = plain(x);
  kernels::pick_in_planes(type_of(x), w.p, y.impl()->data, index.impl()->ptr<std::int64_t>(), from.impl()->data);
  if (auto r = record(op, y, {x})) {
    r.save(index);
    r.rule([op, w](Sweep& s) { s[0] = place(op, w, s.g, s.saved(0)); });
  }
  return y;
}

Tensor spread(const char* op, const Windows& w, const Tensor& y);

Tensor average(const char* op, const Windows& w, const Tensor& x) {
  Tensor y = new_tensor(w.sizes(shape_of(x), w.p.out), type_of(x));
  const Tensor from = plain(x);
  kernels::avg_pool(type_of(x), w.p, y.impl()->data, from.impl()->data);
  if (auto r = record(op, y, {x})) r.rule([op, w](Sweep& s) { s[0] = spread(op, w, s.g); });
  return y;
}
Tensor spread(const char* op, const Windows& w, const Tensor& y) {
  Tensor x = new_tensor(w.sizes(shape_of(y), w.p.in), type_of(y));
  const Tensor from = plain(y);
  kernels::avg_pool_adjoint(type_of(y), w.p, x.impl()->data, from.impl()->data);
  if (auto r = record(op, x, {y})) r.rule([op, w](Sweep& s) { s[0] = average(op, w, s.g); });
  return x;
}

std::tuple<Tensor, Tensor> largest_in(const char* op, const Windows& w, const Tensor& x) {
  const Shape sizes = w.sizes(shape_of(x), w.p.out);
  Tensor y = new_tensor(sizes, type_of(x)), index = new_tensor(sizes, kInt64);
  const Tensor from = plain(x);
  kernels::max_pool(type_of(x), w.p, y.impl()->data, index.impl()->ptr<std::int64_t>(), from.impl()->data);
  if (auto r = record(op, y, {x})) {
    r.save(index);
    r.rule([op, w](Sweep& s) { s[0] = place(op, w, s.g, s.saved(0)); });
  }
  return {y, index};
}

// The planes of x; windows still to come.
Windows windows_on(const char* op, const Tensor& self, int dims) {
  check_defined(op, self);
  check_floating(op, self);
  check(self.dim() == dims + 1 || self.dim() == dims + 2, op, "need a tensor of rank ", dims + 1, " or ", dims + 2,
        ", got ", self);
  Windows w = {};
  w.dims = dims;
  w.p.planes = numel_of(self.sizes().slice(0, static_cast<std::size_t>(self.dim() - dims)));
  for (int d = 0; d < 3; ++d) {
    w.p.in[d] = d < 3 - dims ? 1 : self.size(self.dim() + d - 3);
    check(w.p.in[d] > 0, op, "only the batch may be empty, got ", self);
  }
  return w;
}

// What a pool of fixed windows is given.
struct Given {
  const char* op;
  int dims;
  IntArrayRef kernel_size, stride, padding, dilation;
  bool ceil_mode;
};
Windows fixed_windows(const Given& o, const Tensor& self) {
  Windows w = windows_on(o.op, self, o.dims);
  const PerDim kernel = per_dim(o.op, "kernel_size", o.kernel_size, o.dims, 1, 1),
               stride = o.stride.empty() ? kernel : per_dim(o.op, "stride", o.stride, o.dims, 1, 1),
               padding = per_dim(o.op, "padding", o.padding, o.dims, 0, 0),
               dilation = per_dim(o.op, "dilation", o.dilation, o.dims, 1, 1);
  for (int d = 0; d < 3; ++d) {
    const std::int64_t n = w.p.in[d], k = kernel[d], s = stride[d], p = padding[d];
    check<ValueError>(2 * p <= k, o.op, "padding ", o.padding, " is more than half of kernel_size ", o.kernel_size);
    const std::int64_t room = n + 2 * p - dilation[d] * (k - 1) - 1;
    check(room + (o.ceil_mode ? s - 1 : 0) >= 0, o.op, "a window of kernel_size ", o.kernel_size, " and dilation ",
          o.dilation, " does not fit into ", self, " with padding ", o.padding);
    std::int64_t out = (room + (o.ceil_mode ? s - 1 : 0)) / s + 1;
    if (o.ceil_mode && (out - 1) * s >= n + p) --out;
    // Dilated windows can step over a short input from one side's padding to the other's.
    for (std::int64_t start = -p; start < 0 && start <= (out - 1) * s - p; start += s) {
      const std::int64_t first = start + (-start + dilation[d] - 1) / dilation[d] * dilation[d];
      check(first < n && first <= start + (k - 1) * dilation[d], o.op, "a window of kernel_size ", o.kernel_size,
            " and dilation ", o.dilation, " holds nothing of ", self, " but its padding ", o.padding);
    }
    w.p.out[d] = out;
    w.p.kernel[d] = k;
    w.p.stride[d] = s;
    w.p.padding[d] = p;
    w.p.dilation[d] = dilation[d];
  }
  return w;
}
Windows adaptive_windows(const char* op, const Tensor& self, IntArrayRef output_size, int dims) {
  Windows w = windows_on(op, self, dims);
  const PerDim out = per_dim(op, "output_size", output_size, dims, 1, 1);
  for (int d = 0; d < 3; ++d) w.p.out[d] = out[d];
  w.p.adaptive = true;
  return w;
}

std::tuple<Tensor, Tensor> max_pool(const Given& o, const Tensor& self) {
  return largest_in(o.op, fixed_windows(o, self), self);
}
Tensor avg_pool(const Given& o, const Tensor& self, bool count_include_pad, optional<std::int64_t> divisor) {
  Windows w = fixed_windows(o, self);
  check<ValueError>(!divisor || *divisor != 0, o.op, "divisor_override must not be 0");
  w.p.count_padding = count_include_pad;
  w.p.divisor = divisor.value_or(0);
  return average(o.op, w, self);
}
Tensor adaptive_avg_pool(const char* op, const Tensor& self, IntArrayRef output_size, int dims) {
  const Windows w = adaptive_windows(op, self, output_size, dims);
  if (w.p.out[0] * w.p.out[1] * w.p.out[2] > 1) return average(op, w, self);
  Shape last;
  for (int d = 0; d < dims; ++d) last.push_back(self.dim() - dims + d);
  return mean(self, IntArrayRef(last), true);
}
std::tuple<Tensor, Tensor> adaptive_max_pool(const char* op, const Tensor& self, IntArrayRef output_size, int dims) {
  return largest_in(op, adaptive_windows(op, self, output_size, dims), self);
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

#define GRADTAPE_POOL(dims)                                                                                            \
  Tensor max_pool##dims##d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding,       \
                           IntArrayRef dilation, bool ceil_mode) {                                                     \
    return std::get<0>(                                                                                                \
        ops::max_pool({"max_pool" #dims "d", dims, kernel_size, stride, padding, dilation, ceil_mode}, self));         \
  }                                                                                                                    \
  std::tuple<Tensor, Tensor> max_pool##dims##d_with_indices(const Tensor& self, IntArrayRef kernel_size,               \
                                                            IntArrayRef stride, IntArrayRef padding,                   \
                                                            IntArrayRef dilation, bool ceil_mode) {                    \
    return ops::max_pool({"max_pool" #dims "d_with_indices", dims, kernel_size, stride, padding, dilation, ceil_mode}, \
                         self);                                                                                        \
  }                                                                                                                    \
  Tensor adaptive_avg_pool##dims##d(const Tensor& self, IntArrayRef output_size) {                                     \
    return ops::adaptive_avg_pool("adaptive_avg_pool" #dims "d", self, output_size, dims);                             \
  }                                                                                                                    \
  std::tuple<Tensor, Tensor> adaptive_max_pool##dims##d(const Tensor& self, IntArrayRef output_size) {                 \
    return ops::adaptive_max_pool("adaptive_max_pool" #dims "d", self, output_size, dims);                             \
  }
GRADTAPE_POOL(1)
GRADTAPE_POOL(2)
GRADTAPE_POOL(3)
#undef GRADTAPE_POOL

Tensor avg_pool1d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding, bool ceil_mode,
                  bool count_include_pad) {
  return ops::avg_pool({"avg_pool1d", 1, kernel_size, stride, padding, 1, ceil_mode}, self, count_include_pad, nullopt);
}
Tensor avg_pool2d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding, bool ceil_mode,
                  bool count_include_pad, optional<std::int64_t> divisor_override) {
  return ops::avg_pool({"avg_pool2d", 2, kernel_size, stride, padding, 1, ceil_mode}, self, count_include_pad,
                       divisor_override);
}
Tensor avg_pool3d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding, bool ceil_mode,
                  bool count_include_pad, optional<std::int64_t> divisor_override) {
  return ops::avg_pool({"avg_pool3d", 3, kernel_size, stride, padding, 1, ceil_mode}, self, count_include_pad,
                       divisor_override);
}

}  // namespace gradtape::at
