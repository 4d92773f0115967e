// Padding.
#include <string_view>

#include "autograd/kernels/copy.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

void check_pad(const char* op, const Tensor& self, IntArrayRef pad) {
  check_defined(op, self);
  check(pad.size() % 2 == 0, op, "pad must have an even number of entries, got ", pad);
  check(pad.size() / 2 <= shape_of(self).size(), op, "pad ", pad, " has two entries for more dimensions than ", self,
        " has");
}

enum class Edge : std::uint8_t { Reflect, Replicate, Circular };

// For each place of the padded dimension the place that it copies.
Tensor source_index(const char* op, const Tensor& self, std::int64_t dim, std::int64_t before, std::int64_t after,
                    Edge edge) {
  const std::int64_t n = self.size(dim);
  const auto allowed = [&](std::int64_t p) {
    return edge == Edge::Reflect ? p < n : edge == Edge::Replicate || p <= n;
  };
  check(n > 0 && allowed(before) && allowed(after), op, "padding ", before, " and ", after, " is too large for size ",
        n, " of dim ", dim, " of ", self);
  check(before + n + after >= 0, op, "padding ", before, " and ", after, " cuts off more than size ", n, " of dim ",
        dim, " of ", self);
  // A circle is closed after the cut.
  const std::int64_t first = before < 0 ? -before : 0, kept = n - first + (after < 0 ? after : 0);
  check(edge != Edge::Circular || kept > 0, op, "padding ", before, " and ", after, " leaves nothing of size ", n,
        " of dim ", dim, " of ", self);
  Tensor index = new_tensor({before + n + after}, kInt64);
  auto* p = index.data_ptr<std::int64_t>();
  for (std::int64_t i = -before; i < n + after; ++i) {
    std::int64_t from = i;
    if (edge == Edge::Reflect) from = i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i;
    if (edge == Edge::Replicate) from = i < 0 ? 0 : i >= n ? n - 1 : i;
    if (edge == Edge::Circular) from = first + (i - first + n * kept) % kept;
    *p++ = from;
  }
  return index;
}

Tensor pad_edges(const char* op, const Tensor& self, IntArrayRef pad, Edge edge) {
  check_pad(op, self, pad);
  Tensor y = self;
  for (std::size_t k = 0; k < pad.size() / 2; ++k) {
    if (pad[2 * k] == 0 && pad[2 * k + 1] == 0) continue;
    const std::int64_t dim = self.dim() - 1 - static_cast<std::int64_t>(k);
    y = index_select(y, dim, source_index(op, self, dim, pad[2 * k], pad[2 * k + 1], edge));
  }
  return y.is_same(self) ? clone(self) : y;
}

Tensor pad_edges(const char* op, const Tensor& self, IntArrayRef pad, Edge edge, std::size_t dims) {
  check_defined(op, self);
  check(pad.size() == 2 * dims, op, "need ", static_cast<std::int64_t>(2 * dims), " numbers, got ", pad);
  check(shape_of(self).size() == dims + 1 || shape_of(self).size() == dims + 2, op, "need a tensor of rank ",
        static_cast<std::int64_t>(dims + 1), " or ", static_cast<std::int64_t>(dims + 2), ", got ", self);
  return pad_edges(op, self, pad, edge);
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor constant_pad_nd(const Tensor& self, IntArrayRef pad, const Scalar& value) {
  check_pad("constant_pad_nd", self, pad);
  Shape sizes = shape_of(self), part = shape_of(self);
  // Where the kept part starts, in the result and in self.
  Shape to(sizes.size(), 0), from(sizes.size(), 0);
  for (std::size_t k = 0; k < pad.size() / 2; ++k) {
    const std::size_t d = sizes.size() - 1 - k;
    const std::int64_t before = pad[2 * k], after = pad[2 * k + 1];
    sizes[d] += before + after;
    check(sizes[d] >= 0, "constant_pad_nd", "padding ", before, " and ", after, " cuts off more than there is at dim ",
          static_cast<std::int64_t>(d), " of ", self);
    (before > 0 ? to : from)[d] = before > 0 ? before : -before;
    part[d] += (before < 0 ? before : 0) + (after < 0 ? after : 0);
    if (part[d] < 0) part[d] = 0;
  }
  Tensor y = new_tensor(sizes, type_of(self));
  y.fill_(value);
  if (numel_of(part) > 0) {
    const auto window = [&part](const Tensor& t, const Shape& start) {
      std::int64_t offset = 0;
      for (std::size_t d = 0; d < start.size(); ++d) offset += start[d] * t.impl()->strides[d];
      return core::make_alias(*t.impl(), part, t.impl()->strides, offset);
    };
    const Tensor inner = window(y, to), source = window(self, from);
    kernels::copy(array_of(inner), array_of(source));
  }
  if (auto r = record("constant_pad_nd", y, {self})) {
    Shape back(pad);
    for (std::int64_t& p : back) p = -p;
    r.rule([back](Sweep& s) { s[0] = constant_pad_nd(s.g, back, 0); });
  }
  return y;
}

Tensor pad(const Tensor& self, IntArrayRef pad, std::string_view mode, optional<double> value) {
  check_defined("pad", self);
  if (mode == "constant") return constant_pad_nd(self, pad, value.value_or(0));
  check<ValueError>(!value || *value == 0, "pad", "mode \"", std::string(mode), "\" takes no value");
  if (mode == "reflect") return pad_edges("pad", self, pad, Edge::Reflect);
  if (mode == "replicate") return pad_edges("pad", self, pad, Edge::Replicate);
  check<ValueError>(mode == "circular", "pad", "unknown mode \"", std::string(mode),
                    "\"; need \"constant\", \"reflect\", \"replicate\" or \"circular\"");
  return pad_edges("pad", self, pad, Edge::Circular);
}

Tensor reflection_pad1d(const Tensor& self, IntArrayRef padding) {
  return pad_edges("reflection_pad1d", self, padding, Edge::Reflect, 1);
}
Tensor reflection_pad2d(const Tensor& self, IntArrayRef padding) {
  return pad_edges("reflection_pad2d", self, padding, Edge::Reflect, 2);
}
Tensor reflection_pad3d(const Tensor& self, IntArrayRef padding) {
  return pad_edges("reflection_pad3d", self, padding, Edge::Reflect, 3);
}
Tensor replication_pad1d(const Tensor& self, IntArrayRef padding) {
  return pad_edges("replication_pad1d", self, padding, Edge::Replicate, 1);
}
Tensor replication_pad2d(const Tensor& self, IntArrayRef padding) {
  return pad_edges("replication_pad2d", self, padding, Edge::Replicate, 2);
}
Tensor replication_pad3d(const Tensor& self, IntArrayRef padding) {
  return pad_edges("replication_pad3d", self, padding, Edge::Replicate, 3);
}

}  // namespace gradtape::at
