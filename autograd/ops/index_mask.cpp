// Reading and writing where a mask holds, and at positions in the flattened tensor.
#include "autograd/kernels/copy.h"
#include "autograd/kernels/pointwise.h"
#include "autograd/ops/index_common.h"

namespace gradtape::ops {

Tensor checked_mask(const char* op, const Tensor& mask) {
  check<TypeError>(type_of(mask) == kBool || type_of(mask) == kUInt8, op, "the mask must be bool, got ", mask);
  return cast_value(mask, kBool);
}

// Row-major positions of what is not zero, one row a dimension: int64 [rank, count].
Tensor nonzero_rows(const Tensor& self) {
  const std::int64_t rank = self.dim();
  const std::int64_t count = kernels::nonzero(array_of(self), nullptr);
  Tensor y = new_tensor({rank, count}, kInt64);
  if (rank == 0 || count == 0) return y;
  auto* rows = y.data_ptr<std::int64_t>();
  // The last row takes the flat positions first, then they are split up from the back.
  auto* flat = rows + (rank - 1) * count;
  kernels::nonzero(array_of(self), flat);
  for (std::int64_t k = 0; k < count; ++k) {
    std::int64_t left = flat[k];
    for (std::int64_t d = rank - 1; d >= 0; --d) {
      rows[d * count + k] = left % self.size(d);
      left /= self.size(d);
    }
  }
  return y;
}

namespace {

Tensor spread(const Tensor& t, const Shape& sizes) { return shape_of(t) == sizes ? t : t.expand(sizes); }

// The elements of g at the true places of the mask, then zeros up to `full`.
Tensor selected(const Tensor& g, const Tensor& mask, const Shape& full) {
  const Tensor part = masked_select(g, mask);
  const std::int64_t left = numel_of(full) - part.numel();
  return reshape(left > 0 ? cat({part, zeros({left}, part.options())}) : part, full);
}

struct Filling {
  Tensor mask, value;
};
Filling check_filling(const char* op, const Tensor& self, const Tensor& mask, const Tensor& value) {
  check_defined(op, self, mask, value);
  check(value.dim() == 0, op, "value must be 0-d, got ", value);
  return {checked_mask(op, mask), cast_value(value, type_of(self))};
}

struct Scattering {
  Tensor mask, source;
};
// `sizes` is the common shape of self and mask.
Scattering check_scattering(const char* op, const Tensor& self, const Tensor& mask, const Tensor& source,
                            const Shape& sizes) {
  check<TypeError>(type_of(self) == type_of(source), op, "self is ", self, ", source is ", source, "; need one dtype");
  const Tensor m = spread(checked_mask(op, mask), sizes);
  const std::int64_t count = kernels::nonzero(array_of(m), nullptr);
  check(count <= source.numel(), op, "the mask ", mask, " holds at ", count, " places of ", sizes, ", but source ",
        source, " has fewer elements");
  return {m, plain(source)};
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor nonzero(const Tensor& self) {
  check_defined("nonzero", self);
  return plain(transpose(nonzero_rows(self), 0, 1));
}
Tensor argwhere(const Tensor& self) { return nonzero(self); }
std::vector<Tensor> nonzero_numpy(const Tensor& self) {
  check_defined("nonzero_numpy", self);
  return unbind(nonzero_rows(self.dim() == 0 ? reshape(self.detach(), {1}) : self), 0);
}
std::vector<Tensor> where(const Tensor& condition) { return nonzero_numpy(condition); }

Tensor masked_select(const Tensor& self, const Tensor& mask) {
  check_defined("masked_select", self, mask);
  const Shape sizes = broadcast_shapes("masked_select", shape_of(self), shape_of(mask));
  const Tensor m = spread(checked_mask("masked_select", mask), sizes), x = spread(self, sizes);
  Tensor y = new_tensor({kernels::nonzero(array_of(m), nullptr)}, type_of(self));
  kernels::masked_pick(y.impl()->data, array_of(x), array_of(m));
  if (auto r = record("masked_select", y, {self})) {
    r.save(m);
    r.rule([](Sweep& s) {
      const Tensor m = s.saved(0);
      // On the broadcast shape; the engine sums it back.
      s[0] = masked_scatter(zeros(shape_of(m), s.g.options()), m, s.g);
    });
  }
  return y;
}

Tensor masked_fill(const Tensor& self, const Tensor& mask, const Tensor& value) {
  if (mixed(self, value)) return masked_fill(verified(self), mask, verified(value));
  const Filling f = check_filling("masked_fill", self, mask, value);
  Tensor y = new_tensor(broadcast_shapes("masked_fill", shape_of(self), shape_of(mask)), type_of(self));
  kernels::where(array_of(y), array_of(f.mask), array_of(f.value), array_of(self));
  if (auto r = record("masked_fill", y, {self, value})) {
    r.save(f.mask);
    r.rule([](Sweep& s) {
      if (s.needs(0)) s[0] = masked_fill(s.g, s.saved(0), 0);
      if (s.needs(1)) s[1] = sum(where(s.saved(0), s.g, 0));
    });
  }
  return y;
}
Tensor masked_fill(const Tensor& self, const Tensor& mask, const Scalar& value) {
  return masked_fill(self, mask, wrap(value));
}
Tensor& Tensor::masked_fill_(const Tensor& mask, const Tensor& value) const {
  return change(
      "masked_fill_", *this, {value},
      [&](const Tensor& self) {
        const Filling f = check_filling("masked_fill_", self, mask, value);
        check(is_expandable_to(mask.sizes(), self.sizes()), "masked_fill_", "the mask ", mask,
              " does not broadcast to self ", self);
        const Tensor m = apart(f.mask, self), v = apart(f.value, self);
        kernels::where(array_of(self), array_of(m), array_of(v), array_of(self));
      },
      [&](const Tensor& self) { return at::masked_fill(self, mask, value); });
}
Tensor& Tensor::masked_fill_(const Tensor& mask, const Scalar& value) const { return masked_fill_(mask, wrap(value)); }

Tensor masked_scatter(const Tensor& self, const Tensor& mask, const Tensor& source) {
  check_defined("masked_scatter", self, mask, source);
  if (mixed(self, source)) return masked_scatter(verified(self), mask, verified(source));
  const Shape sizes = broadcast_shapes("masked_scatter", shape_of(self), shape_of(mask));
  const Scattering c = check_scattering("masked_scatter", self, mask, source, sizes);
  Tensor y = copy_of(spread(self, sizes));
  kernels::masked_place(array_of(y), c.source.impl()->data, array_of(c.mask));
  if (auto r = record("masked_scatter", y, {self, source})) {
    r.save(c.mask);
    r.rule([](Sweep& s) {
      const Tensor m = s.saved(0);
      if (s.needs(0)) s[0] = masked_fill(s.g, m, 0);
      if (s.needs(1)) s[1] = selected(s.g, m, s.sizes(1));
    });
  }
  return y;
}
Tensor& Tensor::masked_scatter_(const Tensor& mask, const Tensor& source) const {
  return change(
      "masked_scatter_", *this, {source},
      [&](const Tensor& self) {
        check_defined("masked_scatter_", mask, source);
        check(is_expandable_to(mask.sizes(), self.sizes()), "masked_scatter_", "the mask ", mask,
              " does not broadcast to self ", self);
        const Scattering c = check_scattering("masked_scatter_", self, mask, source, shape_of(self));
        const Tensor m = apart(c.mask, self), from = apart(c.source, self);
        kernels::masked_place(array_of(self), from.impl()->data, array_of(m));
      },
      [&](const Tensor& self) { return at::masked_scatter(self, mask, source); });
}

// ---- positions in the flattened tensor ----
namespace {

// Row-major positions to offsets from the first element of a tensor with these strides.
Tensor offsets_in(const Tensor& self, const Tensor& positions) {
  if (self.is_contiguous()) return positions;
  Tensor y = copy_of(positions);
  auto* p = y.data_ptr<std::int64_t>();
  const Shape& sizes = shape_of(self);
  const Strides& strides = self.impl()->strides;
  for (std::int64_t k = 0; k < y.numel(); ++k) {
    std::int64_t left = p[k], offset = 0;
    for (std::size_t d = sizes.size(); d-- > 0;) {
      offset += left % sizes[d] * strides[d];
      left /= sizes[d];
    }
    p[k] = offset;
  }
  return y;
}

Way flat_way(const Tensor& index) {
  Way w;
  w.sizes = shape_of(index);
  w.from = Shape(w.sizes.size(), -1);
  w.spread = contiguous_strides(w.sizes);
  return w;
}

Tensor put_positions(const char* op, const Tensor& self, const Tensor& index, const Tensor& source) {
  check_defined(op, self, index, source);
  check<TypeError>(type_of(self) == type_of(source), op, "self is ", self, ", source is ", source, "; need one dtype");
  check(index.numel() == source.numel(), op, "index ", index, " and source ", source, " must have as many elements");
  return checked_index(op, index, self.numel(), true, self, 0);
}

void apply_put(const Tensor& self, const Tensor& positions, const Tensor& source, bool accumulate) {
  const Tensor from = source.sizes() == positions.sizes() ? source : plain(source).reshape(positions.sizes());
  place(accumulate ? kernels::Place::Add : kernels::Place::Set, flat_way(positions), offsets_in(self, positions), self,
        from.detach());
}

}  // namespace

Tensor take(const Tensor& self, const Tensor& index) {
  check_defined("take", self, index);
  const Tensor i = checked_index("take", index, self.numel(), true, self, 0);
  Tensor y = new_tensor(shape_of(index), type_of(self));
  pick(flat_way(i), offsets_in(self, i), self, y);
  if (auto r = record("take", y, {self})) {
    r.save(i);
    r.rule([](Sweep& s) { s[0] = put(zeros(s.sizes(0), s.g.options()), s.saved(0), s.g, true); });
  }
  return y;
}

Tensor put(const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate) {
  if (mixed(self, source)) return put(verified(self), index, verified(source), accumulate);
  const Tensor i = put_positions("put", self, index, source);
  Tensor y = copy_of(self);
  apply_put(y, i, source, accumulate);
  if (auto r = record("put", y, {self, source})) {
    r.save(i);
    r.rule([accumulate](Sweep& s) {
      const Tensor i = s.saved(0);
      if (s.needs(0)) s[0] = accumulate ? s.g : put(s.g, i, zeros(i.sizes(), s.g.options()));
      if (!s.needs(1)) return;
      const Tensor g = take(s.g, i);
      s[1] = reshape(accumulate ? g : of_the_kept(flat_way(i), i, shape_of(s.g), g), s.sizes(1));
    });
  }
  return y;
}
Tensor& Tensor::put_(const Tensor& index, const Tensor& source, bool accumulate) const {
  return change(
      "put_", *this, {source},
      [&](const Tensor& self) {
        const Tensor i = put_positions("put_", self, index, source);
        apply_put(self, i, apart(source, self), accumulate);
      },
      [&](const Tensor& self) { return at::put(self, index, source, accumulate); });
}

}  // namespace gradtape::at
