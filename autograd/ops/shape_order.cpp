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

// The last three dims split into `split`, these in another order, and joined again.
Tensor rearranged(const Tensor& self, std::initializer_list<std::int64_t> split,
                  std::initializer_list<std::int64_t> order, std::initializer_list<std::int64_t> joined) {
  const std::int64_t lead = self.dim() - 3;
  Shape apart(self.sizes().slice(0, static_cast<std::size_t>(lead))), together = apart, dims;
  for (std::int64_t n : split) apart.push_back(n);
  for (std::int64_t n : joined) together.push_back(n);
  for (std::int64_t d = 0; d < lead; ++d) dims.push_back(d);
  for (std::int64_t d : order) dims.push_back(lead + d);
  return reshape(clone(permute(reshape(self, apart), dims)), together);
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
Tensor adjoint(const Tensor& self) { return transpose(self, -2, -1); }

Tensor& Tensor::fill_diagonal_(const Scalar& fill_value, bool wrap) const {
  constexpr const char* op = "fill_diagonal_";
  check_defined(op, *this);
  check(dim() >= 2, op, "need a tensor of rank 2 or more, got ", *this);
  std::int64_t step = 0, n = size(0);
  for (std::int64_t d = 0; d < dim(); ++d) {
    check(dim() == 2 || size(d) == size(0), op, "a tensor of rank above 2 must have one size in all dims: ", *this);
    step += stride(d);
    n = std::min(n, size(d));
  }
  if (n == 0) return handle(*this);
  at::as_strided(*this, {n}, {step}, storage_offset()).fill_(fill_value);
  // The diagonal starts anew below each block of columns + 1 rows.
  if (wrap && dim() == 2 && size(0) > size(1) + 1) {
    const std::int64_t block = size(1) + 1;
    narrow(0, block, size(0) - block).fill_diagonal_(fill_value, true);
  }
  return handle(*this);
}

Tensor vander(const Tensor& x, optional<std::int64_t> N, bool increasing) {
  check_defined("vander", x);
  check(x.dim() == 1, "vander", "need a tensor of rank 1, got ", x);
  const std::int64_t n = N.value_or(x.size(0));
  check<ValueError>(n >= 0, "vander", "N must not be negative, got ", n);
  const ScalarType dtype = is_floating(type_of(x)) ? type_of(x) : kInt64;
  if (n == 0) return new_tensor({x.size(0), 0}, dtype);
  const Tensor one = cast(ones({x.size(0), 1}), dtype);
  const Tensor factors = n == 1 ? one : cat({one, unsqueeze(x, 1).expand({x.size(0), n - 1})}, 1);
  const Tensor powers = cumprod(factors, 1);
  return increasing ? powers : fliplr(powers);
}

Tensor pixel_shuffle(const Tensor& self, std::int64_t upscale_factor) {
  constexpr const char* op = "pixel_shuffle";
  check_defined(op, self);
  const std::int64_t r = upscale_factor;
  check<ValueError>(r > 0, op, "upscale_factor must be positive, got ", r);
  check(self.dim() >= 3 && self.size(-3) % (r * r) == 0, op, "need [*, c r^2, h, w] with r = ", r, ", got ", self);
  const std::int64_t c = self.size(-3) / (r * r), h = self.size(-2), w = self.size(-1);
  return rearranged(self, {c, r, r, h, w}, {0, 3, 1, 4, 2}, {c, h * r, w * r});
}

Tensor pixel_unshuffle(const Tensor& self, std::int64_t downscale_factor) {
  constexpr const char* op = "pixel_unshuffle";
  check_defined(op, self);
  const std::int64_t r = downscale_factor;
  check<ValueError>(r > 0, op, "downscale_factor must be positive, got ", r);
  check(self.dim() >= 3 && self.size(-2) % r == 0 && self.size(-1) % r == 0, op, "need [*, c, h r, w r] with r = ", r,
        ", got ", self);
  const std::int64_t c = self.size(-3), h = self.size(-2) / r, w = self.size(-1) / r;
  return rearranged(self, {c, h, r, w, r}, {0, 2, 4, 1, 3}, {c * r * r, h, w});
}

Tensor channel_shuffle(const Tensor& self, std::int64_t groups) {
  constexpr const char* op = "channel_shuffle";
  check_defined(op, self);
  check(self.dim() >= 3 && groups > 0 && self.size(1) % groups == 0, op, "need [n, c, *] with c divisible by ", groups,
        ", got ", self);
  Shape split(self.sizes());
  split[1] = groups;
  split.insert(2, self.size(1) / groups);
  return reshape(clone(transpose(reshape(self, split), 1, 2)), self.sizes());
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
