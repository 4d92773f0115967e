// Views that keep every element: rules are the inverse views.
#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

// Strides that show `self` as `shape` without a copy, if there are any (NumPy's no-copy reshape).
bool view_strides(const Tensor& self, const Shape& shape, Strides& out) {
  const Shape& old_sizes = shape_of(self);
  const Strides& old_strides = self.impl()->strides;
  if (self.impl()->numel == 0 || self.impl()->contiguous) {
    out = contiguous_strides(shape);
    return true;
  }
  out.resize(shape.size());
  std::size_t view_d = shape.size();
  std::int64_t chunk_base = 1, chunk = 1, view_chunk = 1;
  bool fresh = true;
  for (std::size_t d = old_sizes.size(); d-- > 0;) {
    if (fresh) {
      chunk_base = old_strides[d];
      chunk = view_chunk = 1;
      fresh = false;
    }
    chunk *= old_sizes[d];
    // A chunk ends where the next dimension does not continue it.
    const bool ends = d == 0 || (old_sizes[d - 1] != 1 && old_strides[d - 1] != chunk * chunk_base);
    if (!ends) continue;
    while (view_d > 0 && (view_chunk < chunk || shape[view_d - 1] == 1)) {
      --view_d;
      out[view_d] = view_chunk * chunk_base;
      view_chunk *= shape[view_d];
    }
    if (view_chunk != chunk) return false;
    fresh = true;
  }
  return view_d == 0;
}

// Fills in one -1.
Shape infer_size(const char* op, IntArrayRef shape, const Tensor& self) {
  Shape out(shape);
  std::int64_t known = 1;
  int unknown = -1;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == -1) {
      check(unknown < 0, op, "only one size can be -1: ", shape);
      unknown = static_cast<int>(i);
    } else {
      check(shape[i] >= 0, op, "size ", shape[i], " is not allowed in ", shape);
      known *= shape[i];
    }
  }
  const std::int64_t numel = self.impl()->numel;
  if (unknown >= 0) {
    check(known != 0 ? numel % known == 0 : false, op, "cannot choose the -1 in ", shape, " for ", self, " of ", numel,
          " elements");
    out[static_cast<std::size_t>(unknown)] = numel / known;
  } else {
    check(known == numel, op, "shape ", shape, " has ", known, " elements, but ", self, " has ", numel);
  }
  return out;
}

Tensor view_as_shape(const char* op, const Tensor& self, const Shape& shape, const Strides& strides) {
  Tensor y = make_view(self, shape, strides);
  if (auto r = record(op, y, {self})) r.rule([](Sweep& s) { s[0] = reshape(s.g, s.sizes(0)); });
  return y;
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor Tensor::view(IntArrayRef size) const {
  check_defined("view", *this);
  const Shape shape = infer_size("view", size, *this);
  Strides strides;
  check(view_strides(*this, shape, strides), "view", "the strides ", this->strides(), " of ", *this,
        " do not allow the shape ", size, " without a copy; use reshape()");
  return view_as_shape("view", *this, shape, strides);
}

Tensor reshape(const Tensor& self, IntArrayRef size) {
  check_defined("reshape", self);
  const Shape shape = infer_size("reshape", size, self);
  Strides strides;
  if (view_strides(self, shape, strides)) return view_as_shape("view", self, shape, strides);
  return view_as_shape("view", clone(self), shape, contiguous_strides(shape));
}

Tensor flatten(const Tensor& self, std::int64_t start_dim, std::int64_t end_dim) {
  check_defined("flatten", self);
  const std::int64_t rank = self.dim();
  const std::int64_t a = wrap_dim("flatten", start_dim, rank), b = wrap_dim("flatten", end_dim, rank);
  check(a <= b, "flatten", "start_dim ", start_dim, " comes after end_dim ", end_dim, " for ", self);
  if (rank == 0) return reshape(self, {1});
  if (a == b) return self;
  Shape shape;
  std::int64_t merged = 1;
  for (std::int64_t d = 0; d < rank; ++d) {
    if (d < a || d > b) {
      shape.push_back(self.size(d));
    } else {
      merged *= self.size(d);
      if (d == b) shape.push_back(merged);
    }
  }
  return reshape(self, shape);
}

Tensor Tensor::expand(IntArrayRef size, bool) const {
  check_defined("expand", *this);
  const Shape& old = impl()->sizes;
  check(size.size() >= old.size(), "expand", "need at least as many sizes as dimensions: ", *this, " to ", size);
  Shape shape(size);
  Strides strides(size.size(), 0);
  const std::size_t lead = size.size() - old.size();
  for (std::size_t i = 0; i < size.size(); ++i) {
    if (i < lead) {
      check(shape[i] >= 0, "expand", "size ", shape[i], " of a new leading dimension is not allowed: ", *this, " to ",
            size);
      continue;
    }
    const std::int64_t from = old[i - lead];
    if (shape[i] == -1) shape[i] = from;
    check(shape[i] == from || (from == 1 && shape[i] >= 0), "expand", *this, " does not expand to ", size, ": size ",
          from, " at dim ", static_cast<std::int64_t>(i - lead), " must be 1 or ", size[i]);
    strides[i] = from == 1 && shape[i] != 1 ? 0 : impl()->strides[i - lead];
  }
  Tensor y = make_view(*this, shape, strides);
  // The engine sums the gradient back to the input's shape.
  if (auto r = record("expand", y, {*this})) r.rule([](Sweep& s) { s[0] = s.g; });
  return y;
}

Tensor sum_to(const Tensor& self, IntArrayRef size) {
  check_defined("sum_to", self);
  check(is_expandable_to(size, self.sizes()), "sum_to", self, " was not expanded from ", size);
  if (self.sizes() == size) return self;
  Shape dims;
  const std::size_t lead = self.sizes().size() - size.size();
  for (std::size_t i = 0; i < self.sizes().size(); ++i)
    if (i < lead || (size[i - lead] == 1 && self.sizes()[i] != 1)) dims.push_back(static_cast<std::int64_t>(i));
  Tensor y = dims.empty() ? self : sum(self, dims, true);
  return lead == 0 ? y : reshape(y, size);
}

Tensor permute(const Tensor& self, IntArrayRef dims) {
  check_defined("permute", self);
  const auto rank = static_cast<std::size_t>(self.dim());
  check(dims.size() == rank, "permute", "need ", self.dim(), " dims for ", self, ", got ", dims);
  Shape order(rank, 0), sizes(rank, 0);
  Strides strides(rank, 0);
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t d = wrap_dim("permute", dims[i], self.dim());
    check(!(seen >> d & 1u), "permute", "dim ", d, " appears twice in ", dims);
    seen |= 1u << d;
    order[i] = d;
    sizes[i] = shape_of(self)[static_cast<std::size_t>(d)];
    strides[i] = self.impl()->strides[static_cast<std::size_t>(d)];
  }
  Tensor y = make_view(self, sizes, strides);
  if (auto r = record("permute", y, {self})) {
    Shape inverse(rank, 0);
    for (std::size_t i = 0; i < rank; ++i) inverse[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(i);
    r.rule([inverse](Sweep& s) { s[0] = permute(s.g, inverse); });
  }
  return y;
}

Tensor transpose(const Tensor& self, std::int64_t dim0, std::int64_t dim1) {
  check_defined("transpose", self);
  const auto a = static_cast<std::size_t>(wrap_dim("transpose", dim0, self.dim()));
  const auto b = static_cast<std::size_t>(wrap_dim("transpose", dim1, self.dim()));
  Shape sizes = shape_of(self);
  Strides strides = self.impl()->strides;
  if (self.dim() > 0) {
    std::swap(sizes[a], sizes[b]);
    std::swap(strides[a], strides[b]);
  }
  Tensor y = make_view(self, sizes, strides);
  if (auto r = record("transpose", y, {self})) {
    r.rule([a, b](Sweep& s) { s[0] = transpose(s.g, static_cast<std::int64_t>(a), static_cast<std::int64_t>(b)); });
  }
  return y;
}

Tensor t(const Tensor& self) {
  check_defined("t", self);
  check(self.dim() <= 2, "t", "need a tensor of rank 2 or less, got ", self, "; use transpose(dim0, dim1)");
  return self.dim() < 2 ? self : transpose(self, 0, 1);
}

Tensor squeeze(const Tensor& self) {
  check_defined("squeeze", self);
  Shape sizes;
  Strides strides;
  for (std::size_t i = 0; i < shape_of(self).size(); ++i) {
    if (shape_of(self)[i] == 1) continue;
    sizes.push_back(shape_of(self)[i]);
    strides.push_back(self.impl()->strides[i]);
  }
  return view_as_shape("squeeze", self, sizes, strides);
}

Tensor squeeze(const Tensor& self, std::int64_t dim) {
  check_defined("squeeze", self);
  const auto d = static_cast<std::size_t>(wrap_dim("squeeze", dim, self.dim()));
  Shape sizes = shape_of(self);
  Strides strides = self.impl()->strides;
  if (!sizes.empty() && sizes[d] == 1) {
    sizes.erase(d);
    strides.erase(d);
  }
  return view_as_shape("squeeze", self, sizes, strides);
}

Tensor unsqueeze(const Tensor& self, std::int64_t dim) {
  check_defined("unsqueeze", self);
  const auto d = static_cast<std::size_t>(wrap_dim("unsqueeze", dim, self.dim() + 1));
  Shape sizes = shape_of(self);
  Strides strides = self.impl()->strides;
  const std::int64_t step = d < sizes.size() ? sizes[d] * strides[d] : 1;
  sizes.insert(d, 1);
  strides.insert(d, step);
  return view_as_shape("unsqueeze", self, sizes, strides);
}

Tensor ravel(const Tensor& self) { return flatten(self); }
Tensor unflatten(const Tensor& self, std::int64_t dim, IntArrayRef sizes) {
  check_defined("unflatten", self);
  check<IndexError>(self.dim() > 0, "unflatten", "a 0-d tensor has no dimension: ", self);
  check(!sizes.empty(), "unflatten", "sizes must not be empty");
  const auto d = static_cast<std::size_t>(wrap_dim("unflatten", dim, self.dim()));
  const std::int64_t n = shape_of(self)[d];
  std::int64_t known = 1, unknown = 0;
  for (std::int64_t s : sizes) (s == -1 ? unknown : known) = s == -1 ? unknown + 1 : known * s;
  const bool fits = unknown == 0 ? known == n : unknown == 1 && known > 0 && n % known == 0;
  check(fits, "unflatten", "sizes ", sizes, " do not multiply to size ", n, " of dim ", dim, " of ", self);
  Shape shape;
  for (std::size_t i = 0; i < shape_of(self).size(); ++i) {
    if (i != d) shape.push_back(shape_of(self)[i]);
    for (std::size_t k = 0; i == d && k < sizes.size(); ++k) shape.push_back(sizes[k] == -1 ? n / known : sizes[k]);
  }
  return self.view(shape);
}

Tensor swapaxes(const Tensor& self, std::int64_t axis0, std::int64_t axis1) { return transpose(self, axis0, axis1); }
Tensor swapdims(const Tensor& self, std::int64_t dim0, std::int64_t dim1) { return transpose(self, dim0, dim1); }
Tensor Tensor::numpy_T() const {
  check_defined("numpy_T", *this);
  Shape order;
  for (std::int64_t d = dim(); d-- > 0;) order.push_back(d);
  return permute(order);
}

Tensor movedim(const Tensor& self, IntArrayRef source, IntArrayRef destination) {
  check_defined("movedim", self);
  check(source.size() == destination.size(), "movedim", "source ", source, " and destination ", destination,
        " must have one length");
  const auto rank = static_cast<std::size_t>(self.dim());
  Shape order(rank, -1);
  std::uint32_t moved = 0;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const std::int64_t from = wrap_dim("movedim", source[i], self.dim());
    const auto to = static_cast<std::size_t>(wrap_dim("movedim", destination[i], self.dim()));
    if (rank == 0) return view_as_shape("movedim", self, {}, {});
    check(!(moved >> from & 1u) && order[to] < 0, "movedim", "a dim appears twice in ", source, " or ", destination);
    moved |= 1u << from;
    order[to] = from;
  }
  std::int64_t next = 0;
  for (std::size_t to = 0; to < rank; ++to) {
    if (order[to] >= 0) continue;
    while (moved >> next & 1u) ++next;
    order[to] = next++;
  }
  return permute(self, order);
}
Tensor movedim(const Tensor& self, std::int64_t source, std::int64_t destination) {
  return movedim(self, IntArrayRef(source), IntArrayRef(destination));
}
Tensor moveaxis(const Tensor& self, IntArrayRef source, IntArrayRef destination) {
  return movedim(self, source, destination);
}
Tensor moveaxis(const Tensor& self, std::int64_t source, std::int64_t destination) {
  return movedim(self, source, destination);
}

Tensor broadcast_to(const Tensor& self, IntArrayRef size) { return self.expand(size); }
std::vector<Tensor> broadcast_tensors(TensorList tensors) {
  Shape shape;
  for (const Tensor& t : tensors) {
    check_defined("broadcast_tensors", t);
    shape = broadcast_shapes("broadcast_tensors", shape, shape_of(t));
  }
  std::vector<Tensor> out;
  for (const Tensor& t : tensors) out.push_back(t.expand(shape));
  return out;
}

}  // namespace gradtape::at
