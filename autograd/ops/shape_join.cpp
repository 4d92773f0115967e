// Joining and repeating tensors.
#include "autograd/kernels/copy.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

// With sizes 1 in front, and behind from the third dimension on, as NumPy has it.
Tensor at_least(const char* op, const Tensor& self, std::int64_t rank) {
  check_defined(op, self);
  if (self.dim() >= rank) return self;
  Tensor y = self.dim() == 0 ? reshape(self, {1}) : self;
  if (rank >= 2 && y.dim() < 2) y = unsqueeze(y, 0);
  return rank >= 3 ? unsqueeze(y, -1) : y;
}
// One number for each tensor; a few need no allocation.
class Lengths {
 public:
  void push_back(std::int64_t n) {
    if (size_ < kFew) {
      few_[size_] = n;
    } else {
      many_.push_back(n);
    }
    ++size_;
  }
  std::int64_t operator[](std::size_t i) const { return i < kFew ? few_[i] : many_[i - kFew]; }

 private:
  static constexpr std::size_t kFew = 8;
  std::int64_t few_[kFew] = {};
  std::vector<std::int64_t> many_;
  std::size_t size_ = 0;
};

std::vector<Tensor> each_at_least(const char* op, TensorList tensors, std::int64_t rank) {
  std::vector<Tensor> out;
  for (const Tensor& t : tensors) out.push_back(at_least(op, t, rank));
  return out;
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor cat(TensorList tensors, std::int64_t dim) {
  check(!tensors.empty(), "cat", "need at least one tensor");
  // A 1-d tensor without elements may stand beside any shape.
  const auto skipped = [](const Tensor& t) { return t.dim() == 1 && t.numel() == 0; };
  const Tensor* first = nullptr;
  std::size_t number = 0;
  for (const Tensor& t : tensors) {
    check(t.defined(), "cat", "tensor ", static_cast<std::int64_t>(number), " is undefined");
    check(t.dim() > 0, "cat", "tensor ", static_cast<std::int64_t>(number), " is 0-d: ", t, "; use stack()");
    if (!first && !skipped(t)) first = &t;
    ++number;
  }
  if (!first) first = &tensors[0];
  const auto d = static_cast<std::size_t>(wrap_dim("cat", dim, first->dim()));
  Shape sizes = shape_of(*first);
  sizes[d] = 0;
  ScalarType dtype = type_of(tensors[0]);
  for (const Tensor& t : tensors) {
    dtype = promote_types(dtype, type_of(t));
    if (skipped(t) && first->dim() != 1) continue;
    bool fits = t.dim() == first->dim();
    for (std::size_t k = 0; fits && k < sizes.size(); ++k) fits = k == d || t.sizes()[k] == sizes[k];
    check(fits, "cat", "sizes must agree except at dim ", static_cast<std::int64_t>(d), ": ", *first, " and ", t);
    sizes[d] += t.sizes()[d];
  }
  Tensor y = new_tensor(sizes, dtype);
  const Strides strides = y.impl()->strides;
  Lengths lengths;
  std::int64_t at = 0;
  for (const Tensor& t : tensors) {
    const std::int64_t n = skipped(t) && first->dim() != 1 ? 0 : t.sizes()[d];
    lengths.push_back(n);
    if (t.numel() == 0) continue;
    const Tensor part = core::make_alias(*y.impl(), t.sizes(), strides, at * strides[d]);
    kernels::copy(array_of(part), array_of(t));
    at += n;
  }
  if (auto r = record("cat", y, tensors.data(), tensors.size())) {
    r.rule([d, lengths = std::move(lengths)](Sweep& s) {
      std::int64_t from = 0;
      for (std::size_t i = 0; i < s.num_inputs(); from += lengths[i++])
        if (s.needs(i)) s[i] = reshape(narrow(s.g, static_cast<std::int64_t>(d), from, lengths[i]), s.sizes(i));
    });
  }
  return y;
}

Tensor stack(TensorList tensors, std::int64_t dim) {
  check(!tensors.empty(), "stack", "need at least one tensor");
  std::vector<Tensor> rows;
  rows.reserve(tensors.size());
  for (const Tensor& t : tensors) {
    check_defined("stack", t);
    check(t.sizes() == tensors[0].sizes(), "stack", "all tensors must have one shape: ", tensors[0], " and ", t);
    rows.push_back(unsqueeze(t, wrap_dim("stack", dim, tensors[0].dim() + 1)));
  }
  return cat(rows, wrap_dim("stack", dim, tensors[0].dim() + 1));
}

Tensor concat(TensorList tensors, std::int64_t dim) { return cat(tensors, dim); }
Tensor concatenate(TensorList tensors, std::int64_t dim) { return cat(tensors, dim); }
Tensor atleast_1d(const Tensor& self) { return at_least("atleast_1d", self, 1); }
Tensor atleast_2d(const Tensor& self) { return at_least("atleast_2d", self, 2); }
Tensor atleast_3d(const Tensor& self) { return at_least("atleast_3d", self, 3); }
std::vector<Tensor> atleast_1d(TensorList tensors) { return each_at_least("atleast_1d", tensors, 1); }
std::vector<Tensor> atleast_2d(TensorList tensors) { return each_at_least("atleast_2d", tensors, 2); }
std::vector<Tensor> atleast_3d(TensorList tensors) { return each_at_least("atleast_3d", tensors, 3); }

Tensor hstack(TensorList tensors) {
  check(!tensors.empty(), "hstack", "need at least one tensor");
  const std::vector<Tensor> t = each_at_least("hstack", tensors, 1);
  return cat(t, t[0].dim() == 1 ? 0 : 1);
}
Tensor vstack(TensorList tensors) { return cat(each_at_least("vstack", tensors, 2), 0); }
Tensor row_stack(TensorList tensors) { return vstack(tensors); }
Tensor dstack(TensorList tensors) { return cat(each_at_least("dstack", tensors, 3), 2); }
Tensor column_stack(TensorList tensors) {
  std::vector<Tensor> columns;
  for (const Tensor& t : tensors) {
    check_defined("column_stack", t);
    columns.push_back(t.dim() < 2 ? reshape(t, {t.numel(), 1}) : t);
  }
  return hstack(columns);
}

Tensor block_diag(TensorList tensors) {
  check(!tensors.empty(), "block_diag", "need at least one tensor");
  std::int64_t width = 0, left = 0;
  for (const Tensor& t : tensors) {
    check_defined("block_diag", t);
    check(t.dim() <= 2, "block_diag", "need tensors of rank 2 or less, got ", t);
    width += t.dim() == 0 ? 1 : t.size(-1);
  }
  std::vector<Tensor> rows;
  for (const Tensor& t : tensors) {
    const Tensor block = atleast_2d(t);
    rows.push_back(constant_pad_nd(block, {left, width - left - block.size(1)}, 0));
    left += block.size(1);
  }
  return cat(rows, 0);
}

std::vector<Tensor> meshgrid(TensorList tensors) { return meshgrid(tensors, "ij"); }
std::vector<Tensor> meshgrid(TensorList tensors, std::string_view indexing) {
  check(!tensors.empty(), "meshgrid", "need at least one tensor");
  check<ValueError>(indexing == "ij" || indexing == "xy", "meshgrid", "indexing must be \"ij\" or \"xy\", got \"",
                    std::string(indexing), "\"");
  const bool swap = indexing == "xy" && tensors.size() > 1;
  // The dimension along which tensor k varies.
  const auto place = [swap](std::size_t k) { return swap && k < 2 ? 1 - k : k; };
  Shape shape(tensors.size(), 1);
  for (std::size_t k = 0; k < tensors.size(); ++k) {
    check_defined("meshgrid", tensors[k]);
    check(tensors[k].dim() <= 1, "meshgrid", "need tensors of rank 1 or 0, got ", tensors[k]);
    check<TypeError>(type_of(tensors[k]) == type_of(tensors[0]), "meshgrid", "need one dtype: ", tensors[0], " and ",
                     tensors[k]);
    shape[place(k)] = tensors[k].numel();
  }
  std::vector<Tensor> out;
  for (std::size_t k = 0; k < tensors.size(); ++k) {
    Shape own(tensors.size(), 1);
    own[place(k)] = tensors[k].numel();
    out.push_back(reshape(tensors[k], own).expand(shape));
  }
  return out;
}

Tensor cartesian_prod(TensorList tensors) {
  for (const Tensor& t : tensors) {
    check_defined("cartesian_prod", t);
    check(t.dim() == 1, "cartesian_prod", "need tensors of rank 1, got ", t);
  }
  if (tensors.size() == 1) return tensors[0];
  std::vector<Tensor> columns;
  for (const Tensor& g : meshgrid(tensors)) columns.push_back(reshape(g, {-1}));
  return stack(columns, 1);
}

Tensor combinations(const Tensor& self, std::int64_t r, bool with_replacement) {
  check_defined("combinations", self);
  check(self.dim() == 1, "combinations", "need a tensor of rank 1, got ", self);
  check<ValueError>(r >= 0, "combinations", "r must not be negative, got ", r);
  const std::int64_t n = self.numel();
  if (r == 0) return new_tensor({0}, type_of(self));
  // The next tuple in lexicographic order, until the first place has run through.
  const std::int64_t step = with_replacement ? 0 : 1;
  std::vector<std::int64_t> at(static_cast<std::size_t>(r)), all;
  for (std::size_t k = 0; k < at.size(); ++k) at[k] = static_cast<std::int64_t>(k) * step;
  while (n > 0 && at.back() < n) {
    all.insert(all.end(), at.begin(), at.end());
    std::size_t k = at.size();
    while (k > 0 && at[k - 1] == n - 1 - static_cast<std::int64_t>(at.size() - k) * step) --k;
    if (k == 0) break;
    ++at[k - 1];
    for (; k < at.size(); ++k) at[k] = at[k - 1] + step;
  }
  const auto count = static_cast<std::int64_t>(all.size());
  Tensor index = new_tensor({count}, kInt64);
  for (std::int64_t k = 0; k < count; ++k) index.data_ptr<std::int64_t>()[k] = all[static_cast<std::size_t>(k)];
  return reshape(index_select(self, 0, index), {count / r, r});
}

// ---- repeating ----

Tensor Tensor::repeat(IntArrayRef repeats) const {
  check_defined("repeat", *this);
  check(repeats.size() >= shape_of(*this).size(), "repeat", "need at least as many numbers as dimensions: ", *this,
        ", repeats ", repeats);
  const std::size_t lead = repeats.size() - shape_of(*this).size();
  // The result as [r0, s0, r1, s1, ..] without the numbers r that are 1; self is expanded along the others.
  Shape sizes(repeats.size(), 1), split;
  Strides strides;
  std::uint32_t repeated = 0;
  for (std::size_t i = 0; i < repeats.size(); ++i) {
    check<ValueError>(repeats[i] >= 0, "repeat", "repeats must not be negative: ", repeats);
    const std::int64_t n = i < lead ? 1 : shape_of(*this)[i - lead];
    sizes[i] = n * repeats[i];
    if (repeats[i] != 1) {
      repeated |= 1u << split.size();
      split.push_back(repeats[i]);
      strides.push_back(0);
    }
    split.push_back(n);
    strides.push_back(i < lead ? 0 : impl_->strides[i - lead]);
  }
  Tensor y = new_tensor(sizes, type_of(*this));
  if (y.numel() > 0) {
    const Tensor to = core::make_alias(*y.impl(), split, contiguous_strides(split), 0);
    const Tensor from = core::make_alias(*impl_, split, strides, 0);
    kernels::copy(array_of(to), array_of(from));
  }
  if (auto r = record("repeat", y, {*this})) {
    r.rule([split, repeated](Sweep& s) {
      Shape dims;
      for (std::size_t d = 0; d < split.size(); ++d)
        if (repeated >> d & 1u) dims.push_back(static_cast<std::int64_t>(d));
      const Tensor g = s.g.reshape(split);
      s[0] = (dims.empty() ? g : g.sum(dims)).reshape(s.sizes(0));
    });
  }
  return y;
}
Tensor tile(const Tensor& self, IntArrayRef dims) {
  check_defined("tile", self);
  Shape repeats(dims);
  while (repeats.size() < shape_of(self).size()) repeats.insert(0, 1);
  return self.repeat(repeats);
}

Tensor repeat_interleave(const Tensor& repeats, optional<std::int64_t> output_size) {
  check_defined("repeat_interleave", repeats);
  check(repeats.dim() == 1 && (type_of(repeats) == kInt64 || type_of(repeats) == kInt32), "repeat_interleave",
        "repeats must be a 1-d tensor of int64 or int32, got ", repeats);
  const Tensor n = plain(cast_value(repeats, kInt64));
  const auto* count = n.data_ptr<std::int64_t>();
  std::int64_t total = 0;
  for (std::int64_t i = 0; i < n.numel(); ++i) {
    check<ValueError>(count[i] >= 0, "repeat_interleave", "repeats must not be negative, got ", count[i]);
    total += count[i];
  }
  check<ValueError>(!output_size || *output_size == total, "repeat_interleave", "output_size must be ", total,
                    ", the sum of repeats ", repeats);
  Tensor index = new_tensor({total}, kInt64);
  auto* p = index.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < n.numel(); ++i)
    for (std::int64_t k = 0; k < count[i]; ++k) *p++ = i;
  return cast_value(index, type_of(repeats));
}
Tensor repeat_interleave(const Tensor& self, const Tensor& repeats, optional<std::int64_t> dim,
                         optional<std::int64_t> output_size) {
  check_defined("repeat_interleave", self, repeats);
  const Tensor x = dim ? self : reshape(self, {-1});
  const std::int64_t d = wrap_dim("repeat_interleave", dim.value_or(0), x.dim());
  const std::int64_t n = x.dim() ? x.size(d) : 1;
  const bool one = repeats.dim() == 0 || (repeats.dim() == 1 && repeats.numel() == 1);
  check(one || (repeats.dim() == 1 && repeats.numel() == n), "repeat_interleave", "repeats must have one element or ",
        n, ", the size of dim ", d, " of ", self, "; got ", repeats);
  const Tensor each = one ? reshape(repeats, {1}).expand({n}) : repeats;
  return index_select(x.dim() ? x : reshape(x, {1}), d, repeat_interleave(each, output_size));
}
Tensor repeat_interleave(const Tensor& self, std::int64_t repeats, optional<std::int64_t> dim,
                         optional<std::int64_t> output_size) {
  check<ValueError>(repeats >= 0, "repeat_interleave", "repeats must not be negative, got ", repeats);
  return repeat_interleave(self, full({1}, repeats, kInt64), dim, output_size);
}

}  // namespace gradtape::at
