// Views of some of the elements: select, slice, diagonal, unfold, as_strided. All share one pair of adjoint operations:
// a window into a row-major array, and its embedding into zeros.
#include "autograd/ops/window.h"

#include "autograd/kernels/copy.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

Tensor embed(const Tensor& g, const Shape& into, const Window& w);

// The window's elements of x, which is seen as row-major; on the tape.
Tensor look(const Tensor& x, const Window& w) {
  const Tensor p = contiguous(x);
  Tensor y = make_view(p, w.sizes, w.strides, w.offset);
  if (auto r = record("as_strided", y, {p})) r.rule([w](Sweep& s) { s[0] = embed(s.g, s.sizes(0), w); });
  return y;
}

// Zeros of shape `into` with g added where the window looks.
Tensor embed(const Tensor& g, const Shape& into, const Window& w) {
  Tensor y = new_filled(into, type_of(g), 0);
  const Tensor part = core::make_alias(*y.impl(), w.sizes, w.strides, w.offset);
  const Tensor spread = shape_of(g) == w.sizes ? g : g.expand(w.sizes);
  kernels::accumulate(array_of(part), array_of(spread));
  if (auto r = record("embed", y, {spread})) r.rule([w](Sweep& s) { s[0] = look(s.g, w); });
  return y;
}

// First and one past the last place of a window.
struct Extent {
  std::int64_t first, end;
};
Extent extent_of(const Window& w) {
  Extent e{w.offset, w.offset + 1};
  for (std::size_t i = 0; i < w.sizes.size(); ++i) {
    if (w.sizes[i] == 0) return {0, 0};
    e.end += (w.sizes[i] - 1) * w.strides[i];
  }
  return e;
}

// A run of memory that holds both windows, which are moved to count from its start.
struct Hull {
  Hull(const Window& a, const Window& b) : layout(a), window(b) {
    const Extent x = extent_of(a), y = extent_of(b);
    const std::int64_t first = x.first < y.first ? x.first : y.first;
    layout.offset -= first;
    window.offset -= first;
    sizes = Shape{(x.end > y.end ? x.end : y.end) - first};
  }
  Window layout;
  Window window;
  Shape sizes;
};

bool is_plain(const Window& layout, const Window& w) {
  const Extent e = extent_of(w);
  return core::is_row_major(layout.sizes, layout.strides) && e.first >= 0 && e.end <= numel_of(layout.sizes);
}

// A view of self with `sizes`, `strides`, `offset` in its own memory, recorded with the same window on a row-major
// array: what(strides of self) and what(row-major strides).
template <class F>
Tensor window(const char* op, const Tensor& self, F what) {
  Window own = what(self.impl()->strides);
  Tensor y = make_view(self, own.sizes, own.strides, own.offset);
  if (auto r = record(op, y, {self})) {
    Window w = self.impl()->contiguous ? std::move(own) : what(contiguous_strides(self.sizes()));
    r.rule([w](Sweep& s) { s[0] = embed(s.g, s.sizes(0), w); });
  }
  return y;
}

}  // namespace

Tensor see(const Tensor& x, const Window& layout, const Window& w) {
  if (is_plain(layout, w)) return look(x, w);
  const Hull h(layout, w);
  return look(embed(x, h.sizes, h.layout), h.window);
}

Tensor put(const Tensor& g, const Window& layout, const Window& w) {
  if (is_plain(layout, w)) return embed(g, layout.sizes, w);
  const Hull h(layout, w);
  return look(embed(g, h.sizes, h.window), h.layout);
}

Tensor without(const Tensor& x, const Window& layout, const Window& w) {
  const Hull h(layout, w);
  const Tensor memory = new_filled(h.sizes, type_of(x), 1);
  const auto part = [&](const Window& p) { return core::make_alias(*memory.impl(), p.sizes, p.strides, p.offset); };
  kernels::fill(array_of(part(h.window)), 0);
  return where(part(h.layout) == 0, 0, x);
}

}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor select(const Tensor& self, std::int64_t dim, std::int64_t index) {
  check_defined("select", self);
  check<IndexError>(self.dim() > 0, "select", "a 0-d tensor has no dimension to select from: ", self,
                    "; use item() to read it");
  const auto d = static_cast<std::size_t>(wrap_dim("select", dim, self.dim()));
  const std::int64_t n = shape_of(self)[d];
  check<IndexError>(index >= -n && index < n, "select", "index ", index, " is out of range for dim ",
                    static_cast<std::int64_t>(d), " of ", self);
  const std::int64_t i = index < 0 ? index + n : index;
  return window("select", self, [&](const Strides& strides) {
    Window w{shape_of(self), strides, i * strides[d]};
    w.sizes.erase(d);
    w.strides.erase(d);
    return w;
  });
}

Tensor slice(const Tensor& self, std::int64_t dim, optional<std::int64_t> start, optional<std::int64_t> end,
             std::int64_t step) {
  check_defined("slice", self);
  check<IndexError>(self.dim() > 0, "slice", "a 0-d tensor has no dimension to slice: ", self);
  check<ValueError>(step > 0, "slice", "step must be positive, got ", step);
  const auto d = static_cast<std::size_t>(wrap_dim("slice", dim, self.dim()));
  const std::int64_t n = shape_of(self)[d];
  const auto clip = [n](std::int64_t i) {
    if (i < 0) i += n;
    return i < 0 ? 0 : i > n ? n : i;
  };
  const std::int64_t a = clip(start.value_or(0));
  std::int64_t b = clip(end.value_or(n));
  if (b < a) b = a;
  return window("slice", self, [&](const Strides& strides) {
    Window w{shape_of(self), strides, a * strides[d]};
    w.sizes[d] = (b - a + step - 1) / step;
    w.strides[d] *= step;
    if (w.sizes[d] == 0) w.offset = 0;
    return w;
  });
}

Tensor narrow(const Tensor& self, std::int64_t dim, std::int64_t start, std::int64_t length) {
  check_defined("narrow", self);
  check<IndexError>(self.dim() > 0, "narrow", "a 0-d tensor has no dimension to narrow: ", self);
  const auto d = static_cast<std::size_t>(wrap_dim("narrow", dim, self.dim()));
  const std::int64_t n = shape_of(self)[d];
  const std::int64_t from = start < 0 ? start + n : start;
  check<IndexError>(from >= 0 && from <= n, "narrow", "start ", start, " is out of range for dim ", dim, " of ", self);
  check(length >= 0 && from + length <= n, "narrow", "start ", start, " + length ", length, " exceeds size ", n,
        " of dim ", dim, " of ", self);
  return slice(self, dim, from, from + length);
}

Tensor diagonal(const Tensor& self, std::int64_t offset, std::int64_t dim1, std::int64_t dim2) {
  check_defined("diagonal", self);
  check(self.dim() >= 2, "diagonal", "need a tensor of rank 2 or more, got ", self);
  const auto a = static_cast<std::size_t>(wrap_dim("diagonal", dim1, self.dim()));
  const auto b = static_cast<std::size_t>(wrap_dim("diagonal", dim2, self.dim()));
  check(a != b, "diagonal", "dim1 and dim2 are the same: ", dim1);
  return window("diagonal", self, [&](const Strides& strides) {
    Window w{shape_of(self), strides, 0};
    std::int64_t rows = w.sizes[a], cols = w.sizes[b];
    (offset >= 0 ? cols : rows) -= offset >= 0 ? offset : -offset;
    const std::int64_t n = rows < cols ? rows : cols;
    w.offset = n > 0 ? (offset >= 0 ? offset * strides[b] : -offset * strides[a]) : 0;
    const std::int64_t step = strides[a] + strides[b];
    w.sizes.erase(a > b ? a : b);
    w.sizes.erase(a > b ? b : a);
    w.strides.erase(a > b ? a : b);
    w.strides.erase(a > b ? b : a);
    w.sizes.push_back(n > 0 ? n : 0);
    w.strides.push_back(step);
    return w;
  });
}

Tensor as_strided(const Tensor& self, IntArrayRef size, IntArrayRef stride, optional<std::int64_t> storage_offset) {
  check_defined("as_strided", self);
  check(size.size() == stride.size(), "as_strided", "size ", size, " and stride ", stride, " differ in length");
  const std::int64_t own = self.storage_offset();
  const std::int64_t offset = storage_offset.value_or(own);
  std::int64_t last = offset;
  bool empty = false;
  for (std::size_t i = 0; i < size.size(); ++i) {
    check(size[i] >= 0 && stride[i] >= 0, "as_strided", "sizes and strides must not be negative: ", size, ", ", stride);
    empty = empty || size[i] == 0;
    last += (size[i] - 1) * stride[i];
  }
  const std::int64_t room = self.impl()->storage->bytes / element_size(type_of(self));
  check(empty || (offset >= 0 && last < room), "as_strided", "size ", size, ", stride ", stride, " at offset ", offset,
        " reach past the storage of ", room, " elements of ", self);
  const Window layout = layout_of(*self.impl());
  const Window w{Shape(size), Strides(stride), empty ? 0 : offset - own};
  check<NotImplementedError>(!would_record({self}) || core::is_non_overlapping(layout.sizes, layout.strides),
                             "as_strided", "several elements of ", self, " share one place in memory (strides ",
                             self.strides(), "), which has no gradient; call contiguous() first");
  Tensor y = make_view(self, w.sizes, w.strides, w.offset);
  if (auto r = record("as_strided", y, {self})) r.rule([layout, w](Sweep& s) { s[0] = put(s.g, layout, w); });
  return y;
}

namespace {

// src written into a copy of self where the view looks.
template <class F>
Tensor scatter_window(const char* op, const Tensor& self, const Tensor& src, F view_of) {
  Tensor y = clone(self);
  Tensor part = view_of(y);
  check(part.sizes() == src.sizes(), op, "src must have the sizes ", part.sizes(), " of that part of ", self, ", got ",
        src);
  part.copy_(src);
  return y;
}

}  // namespace

Tensor as_strided_scatter(const Tensor& self, const Tensor& src, IntArrayRef size, IntArrayRef stride,
                          optional<std::int64_t> storage_offset) {
  check_defined("as_strided_scatter", self, src);
  return scatter_window("as_strided_scatter", self, src,
                        [&](const Tensor& t) { return as_strided(t, size, stride, storage_offset); });
}
Tensor select_scatter(const Tensor& self, const Tensor& src, std::int64_t dim, std::int64_t index) {
  check_defined("select_scatter", self, src);
  return scatter_window("select_scatter", self, src, [&](const Tensor& t) { return select(t, dim, index); });
}
Tensor slice_scatter(const Tensor& self, const Tensor& src, std::int64_t dim, optional<std::int64_t> start,
                     optional<std::int64_t> end, std::int64_t step) {
  check_defined("slice_scatter", self, src);
  return scatter_window("slice_scatter", self, src, [&](const Tensor& t) { return slice(t, dim, start, end, step); });
}
Tensor diagonal_scatter(const Tensor& self, const Tensor& src, std::int64_t offset, std::int64_t dim1,
                        std::int64_t dim2) {
  check_defined("diagonal_scatter", self, src);
  return scatter_window("diagonal_scatter", self, src,
                        [&](const Tensor& t) { return diagonal(t, offset, dim1, dim2); });
}
Tensor narrow_copy(const Tensor& self, std::int64_t dim, std::int64_t start, std::int64_t length) {
  check_defined("narrow_copy", self);
  return clone(narrow(self, dim, start, length));
}

Tensor Tensor::unfold(std::int64_t dimension, std::int64_t size, std::int64_t step) const {
  check_defined("unfold", *this);
  const auto d = static_cast<std::size_t>(wrap_dim("unfold", dimension, dim()));
  const std::int64_t n = dim() == 0 ? 1 : shape_of(*this)[d];
  check<ValueError>(step > 0, "unfold", "step must be positive, got ", step);
  check(size >= 0 && size <= n, "unfold", "size ", size, " is not in [0, ", n, "], the size of dim ", dimension, " of ",
        *this);
  return window("unfold", *this, [&](const Strides& strides) {
    Window w{shape_of(*this), strides, 0};
    w.sizes.push_back(size);
    w.strides.push_back(strides.empty() ? 1 : strides[d]);
    if (!strides.empty()) {
      w.sizes[d] = (n - size) / step + 1;
      w.strides[d] *= step;
    }
    return w;
  });
}

namespace {

// Where a kernel of 2 dims stands on an image, padded on all sides.
struct Patches {
  std::int64_t kernel[2], dilation[2], padding[2], stride[2], padded[2], steps[2];

  Patches(const char* op, IntArrayRef image, IntArrayRef k, IntArrayRef d, IntArrayRef p, IntArrayRef s) {
    check(k.size() == 2 && d.size() == 2 && p.size() == 2 && s.size() == 2 && image.size() == 2, op,
          "need two numbers each: kernel_size ", k, ", dilation ", d, ", padding ", p, ", stride ", s);
    for (std::size_t i = 0; i < 2; ++i) {
      kernel[i] = k[i], dilation[i] = d[i], padding[i] = p[i], stride[i] = s[i];
      check<ValueError>(k[i] > 0 && d[i] > 0 && s[i] > 0 && p[i] >= 0, op,
                        "kernel_size, dilation and stride must be positive, padding not negative: ", k, ", ", d, ", ",
                        s, ", ", p);
      padded[i] = image[i] + 2 * p[i];
      const std::int64_t last = padded[i] - d[i] * (k[i] - 1) - 1;
      check(last >= 0, op, "a kernel of size ", k, " and dilation ", d, " does not fit into ", image, " with padding ",
            p);
      steps[i] = last / s[i] + 1;
    }
  }
  std::int64_t area() const { return kernel[0] * kernel[1]; }
  std::int64_t count() const { return steps[0] * steps[1]; }
  // [n, c, kernel rows, kernel columns, rows of patches, columns of patches] of an array [n, c, rows, columns].
  Window seen(std::int64_t n, std::int64_t c, const Strides& t) const {
    return {{n, c, kernel[0], kernel[1], steps[0], steps[1]},
            {t[0], t[1], dilation[0] * t[2], dilation[1] * t[3], stride[0] * t[2], stride[1] * t[3]}};
  }
  Shape around() const { return {padding[1], padding[1], padding[0], padding[0]}; }
  Shape cut() const { return {-padding[1], -padding[1], -padding[0], -padding[0]}; }
};

}  // namespace

Tensor im2col(const Tensor& self, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding,
              IntArrayRef stride) {
  constexpr const char* op = "im2col";
  check_defined(op, self);
  check_floating(op, self);
  check(self.dim() == 3 || self.dim() == 4, op, "need [n, c, rows, columns] or [c, rows, columns], got ", self);
  if (self.dim() == 3) return squeeze(im2col(unsqueeze(self, 0), kernel_size, dilation, padding, stride), 0);
  const Patches at(op, self.sizes().slice(2, 2), kernel_size, dilation, padding, stride);
  const std::int64_t n = self.size(0), c = self.size(1);
  const Tensor y = window(op, constant_pad_nd(self, at.around()), [&](const Strides& t) { return at.seen(n, c, t); });
  return reshape(clone(y), {n, c * at.area(), at.count()});
}

Tensor col2im(const Tensor& self, IntArrayRef output_size, IntArrayRef kernel_size, IntArrayRef dilation,
              IntArrayRef padding, IntArrayRef stride) {
  constexpr const char* op = "col2im";
  check_defined(op, self);
  check_floating(op, self);
  check(self.dim() == 2 || self.dim() == 3, op, "need [n, c kernel, patches] or [c kernel, patches], got ", self);
  if (self.dim() == 2)
    return squeeze(col2im(unsqueeze(self, 0), output_size, kernel_size, dilation, padding, stride), 0);
  const Patches at(op, output_size, kernel_size, dilation, padding, stride);
  check(self.size(1) % at.area() == 0 && self.size(2) == at.count(), op, "an image ", output_size, " has ", at.count(),
        " patches, each of c times ", at.area(), " elements, got ", self);
  const std::int64_t n = self.size(0), c = self.size(1) / at.area();
  const Shape sizes = {n, c, at.padded[0], at.padded[1]};
  const Window w = at.seen(n, c, contiguous_strides(sizes));
  return constant_pad_nd(embed(reshape(self, w.sizes), sizes, w), at.cut());
}

}  // namespace gradtape::at
