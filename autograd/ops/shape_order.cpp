// Reordering: flips, rolls, triangles, diagonals.
#include "autograd/kernels/arrange.h"
#include "autograd/kernels/copy.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

Tensor triangle(const char* op, const Tensor& self, std::int64_t diagonal, bool upper) {
  check_defined(op, self);
  check(self.dim() >= 2, op, "need a tensor of rank 2 or more, got ", self);
  const std::int64_t rows = self.size(-2), cols = self.size(-1);
  const Tensor x = plain(self);
  Tensor y = new_tensor(shape_of(self), type_of(self));
  if (y.numel() > 0)
    kernels::triangle(y.impl()->data, x.impl()->data, element_size(type_of(x)), y.numel() / (rows * cols), rows, cols,
                      diagonal, upper);
  if (auto r = record(op, y, {self}))
    r.rule([diagonal, upper](Sweep& s) { s[0] = upper ? triu(s.g, diagonal) : tril(s.g, diagonal); });
  return y;
}

// Positions of the triangle's elements, row after row.
Tensor triangle_indices(const char* op, std::int64_t row, std::int64_t col, std::int64_t offset, bool upper,
                        const TensorOptions& options) {
  check<ValueError>(row >= 0 && col >= 0, op, "sizes must not be negative: ", row, ", ", col);
  check<TypeError>(is_integral(options.dtype()), op, "need an integer dtype, got ", options.dtype());
  std::vector<std::int64_t> at[2];
  for (std::int64_t i = 0; i < row; ++i)
    for (std::int64_t j = 0; j < col; ++j)
      if (upper ? j - i >= offset : j - i <= offset) {
        at[0].push_back(i);
        at[1].push_back(j);
      }
  const auto n = static_cast<std::int64_t>(at[0].size());
  Tensor y = new_tensor({2, n}, kInt64);
  auto* p = y.data_ptr<std::int64_t>();
  for (const auto& list : at)
    for (std::int64_t k : list) *p++ = k;
  return cast_value(y, options.dtype());
}

// One dimension rolled, not recorded.
Tensor roll_one(const Tensor& x, std::int64_t shift, std::int64_t dim) {
  const std::int64_t n = x.size(dim);
  if (n == 0) return x;
  const std::int64_t first = ((n - shift) % n + n) % n;
  return cat({narrow(x, dim, first, n - first), narrow(x, dim, 0, first)}, dim);
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor flip(const Tensor& self, IntArrayRef dims) {
  check_defined("flip", self);
  const std::uint32_t mask = dims.empty() ? 0 : dim_mask("flip", dims, self.dim());
  // The source read from its far ends.
  Strides strides = self.impl()->strides;
  std::int64_t start = 0;
  for (std::size_t d = 0; d < strides.size(); ++d) {
    if (!(mask >> d & 1u)) continue;
    start += (shape_of(self)[d] - 1) * strides[d];
    strides[d] = -strides[d];
  }
  Tensor y = new_tensor(shape_of(self), type_of(self));
  if (y.numel() > 0)
    kernels::copy(array_of(y), {self.impl()->data + start * element_size(type_of(self)), type_of(self),
                                &self.impl()->sizes, &strides, y.numel(), false});
  if (auto r = record("flip", y, {self})) r.rule([dims = Shape(dims)](Sweep& s) { s[0] = flip(s.g, dims); });
  return y;
}
Tensor fliplr(const Tensor& self) {
  check_defined("fliplr", self);
  check(self.dim() >= 2, "fliplr", "need a tensor of rank 2 or more, got ", self);
  return flip(self, 1);
}
Tensor flipud(const Tensor& self) {
  check_defined("flipud", self);
  check(self.dim() >= 1, "flipud", "need a tensor of rank 1 or more, got ", self);
  return flip(self, 0);
}

Tensor roll(const Tensor& self, IntArrayRef shifts, IntArrayRef dims) {
  check_defined("roll", self);
  check(!shifts.empty(), "roll", "need at least one shift");
  if (dims.empty() && shifts.size() == 1) return reshape(roll(reshape(self, {-1}), shifts, 0), self.sizes());
  check(shifts.size() == dims.size(), "roll", "shifts ", shifts, " and dims ", dims, " must have one length");
  Tensor y = copy_of(self);
  {
    const AutoGradMode off(false);
    for (std::size_t i = 0; i < dims.size(); ++i) y = roll_one(y, shifts[i], wrap_dim("roll", dims[i], self.dim()));
  }
  if (auto r = record("roll", y, {self})) {
    Shape back(shifts);
    for (std::int64_t& s : back) s = -s;
    r.rule([back, dims = Shape(dims)](Sweep& s) { s[0] = roll(s.g, back, dims); });
  }
  return y;
}

Tensor rot90(const Tensor& self, std::int64_t k, IntArrayRef dims) {
  check_defined("rot90", self);
  check(dims.size() == 2, "rot90", "need two dims, got ", dims);
  check(self.dim() >= 2, "rot90", "need a tensor of rank 2 or more, got ", self);
  const std::int64_t a = wrap_dim("rot90", dims[0], self.dim()), b = wrap_dim("rot90", dims[1], self.dim());
  check(a != b, "rot90", "the two dims are the same: ", dims);
  switch ((k % 4 + 4) % 4) {
    case 1:
      return transpose(flip(self, b), a, b);
    case 2:
      return flip(self, {a, b});
    case 3:
      return transpose(flip(self, a), a, b);
    default:
      return clone(self);
  }
}

Tensor tril(const Tensor& self, std::int64_t diagonal) { return triangle("tril", self, diagonal, false); }
Tensor triu(const Tensor& self, std::int64_t diagonal) { return triangle("triu", self, diagonal, true); }
Tensor& Tensor::tril_(std::int64_t diagonal) const {
  return inplace("tril_", handle(*this), {}, false, [diagonal](const Tensor& t) { return at::tril(t, diagonal); });
}
Tensor& Tensor::triu_(std::int64_t diagonal) const {
  return inplace("triu_", handle(*this), {}, false, [diagonal](const Tensor& t) { return at::triu(t, diagonal); });
}
Tensor tril_indices(std::int64_t row, std::int64_t col, std::int64_t offset, const TensorOptions& options) {
  return triangle_indices("tril_indices", row, col, offset, false, options);
}
Tensor triu_indices(std::int64_t row, std::int64_t col, std::int64_t offset, const TensorOptions& options) {
  return triangle_indices("triu_indices", row, col, offset, true, options);
}

Tensor diag_embed(const Tensor& self, std::int64_t offset, std::int64_t dim1, std::int64_t dim2) {
  check_defined("diag_embed", self);
  check(self.dim() >= 1, "diag_embed", "need a tensor of rank 1 or more, got ", self);
  const std::int64_t rank = self.dim() + 1;
  const std::int64_t a = wrap_dim("diag_embed", dim1, rank), b = wrap_dim("diag_embed", dim2, rank);
  check(a != b, "diag_embed", "dim1 and dim2 are the same: ", dim1);
  const std::int64_t n = self.size(-1) + (offset < 0 ? -offset : offset);
  Shape sizes = shape_of(self);
  sizes.erase(sizes.size() - 1);
  sizes.insert(static_cast<std::size_t>(a < b ? a : b), n);
  sizes.insert(static_cast<std::size_t>(a < b ? b : a), n);
  Tensor y = new_filled(sizes, type_of(self), 0);
  {
    const AutoGradMode off(false);
    kernels::copy(array_of(diagonal(y, offset, a, b)), array_of(self));
  }
  if (auto r = record("diag_embed", y, {self}))
    r.rule([offset, a, b](Sweep& s) { s[0] = diagonal(s.g, offset, a, b); });
  return y;
}

Tensor diag(const Tensor& self, std::int64_t diagonal) {
  check_defined("diag", self);
  check(self.dim() == 1 || self.dim() == 2, "diag", "need a tensor of rank 1 or 2, got ", self,
        "; use diagonal() or diag_embed()");
  return self.dim() == 1 ? diag_embed(self, diagonal) : clone(at::diagonal(self, diagonal));
}
Tensor diagflat(const Tensor& self, std::int64_t offset) {
  check_defined("diagflat", self);
  return diag_embed(reshape(self, {-1}), offset);
}
Tensor trace(const Tensor& self) {
  check_defined("trace", self);
  check(self.dim() == 2, "trace", "need a matrix, got ", self);
  return sum(diagonal(self));
}

Tensor diff(const Tensor& self, std::int64_t n, std::int64_t dim, const optional<Tensor>& prepend,
            const optional<Tensor>& append) {
  check_defined("diff", self);
  check(self.dim() >= 1, "diff", "need a tensor of rank 1 or more, got ", self);
  check<ValueError>(n >= 0, "diff", "n must not be negative, got ", n);
  const std::int64_t d = wrap_dim("diff", dim, self.dim());
  if (n == 0) return clone(self);
  std::vector<Tensor> parts;
  for (const Tensor& t : {prepend.value_or(Tensor()), self, append.value_or(Tensor())})
    if (t.defined()) parts.push_back(t);
  Tensor y = parts.size() > 1 ? cat(parts, d) : self;
  for (; n > 0 && y.size(d) > 0; --n) {
    const std::int64_t m = y.size(d) - 1;
    const Tensor later = narrow(y, d, 1, m), earlier = narrow(y, d, 0, m);
    y = type_of(y) == kBool ? later != earlier : later - earlier;
  }
  return y;
}

}  // namespace gradtape::at
