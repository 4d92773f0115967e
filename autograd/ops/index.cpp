// Reading and writing along one dimension at positions given by an index tensor.
#include "autograd/ops/index_common.h"

#include <string_view>

#include "autograd/ops/reduce_common.h"

namespace gradtape::ops {
namespace {

using kernels::Place;

// What one of these operations needs to know: the index, checked, and the way it leads.
struct Along {
  Way way;
  Tensor index;
};

// index [n] or 0-d; position k of the part lies at index[k] of the whole, which has a dimension.
Along along(const char* op, const Tensor& self, std::int64_t dim, const Tensor& index, bool from_end = false) {
  check(index.dim() <= 1, op, "index must have rank 1, got ", index);
  const std::int64_t d = wrap_dim(op, dim, self.dim());
  const auto at = static_cast<std::size_t>(d);
  Along a;
  a.index = checked_index(op, index, self.size(d), from_end, self, d);
  a.way.dim = d;
  a.way.sizes = a.way.from = shape_of(self);
  a.way.spread = Strides(a.way.sizes.size(), 0);
  for (std::size_t i = 0; i < a.way.from.size(); ++i) a.way.from[i] = static_cast<std::int64_t>(i);
  a.way.sizes[at] = a.index.numel();
  a.way.from[at] = -1;
  a.way.spread[at] = 1;
  return a;
}

// index has self's rank; position [i, j] of the part lies at [index[i, j], j] of the whole, for dim 0.
Along across(const char* op, const Tensor& self, std::int64_t dim, const Tensor& index, const Tensor& part) {
  const std::int64_t d = wrap_dim(op, dim, self.dim());
  const auto rank = [](const Tensor& t) { return t.dim() > 0 ? t.dim() : 1; };
  // An index without entries may have any rank.
  const bool same_rank = rank(self) == rank(index) && (!part.defined() || rank(part) == rank(index));
  check(same_rank || index.numel() == 0, op, "self ", self, ", index ", index, part.defined() ? " and src " : "",
        part.defined() ? part.toString() : std::string(), " must have the same rank");
  for (std::int64_t i = 0; i < index.dim() && index.numel() > 0; ++i) {
    check(i == d || index.size(i) <= (self.dim() ? self.size(i) : 1), op, "index ", index, " is larger than self ",
          self, " at dim ", i);
    check(!part.defined() || index.size(i) <= (part.dim() ? part.size(i) : 1), op, "index ", index,
          " is larger than src ", part, " at dim ", i);
  }
  Along a;
  a.index = checked_index(op, index, self.dim() ? self.size(d) : 1, false, self, d);
  a.way.dim = d;
  a.way.sizes = shape_of(index);
  a.way.spread = contiguous_strides(a.way.sizes);
  a.way.from.resize(a.way.sizes.size());
  for (std::size_t i = 0; i < a.way.from.size(); ++i) {
    const auto own = static_cast<std::int64_t>(i);
    a.way.from[i] = own == d ? -1 : own;
  }
  return a;
}

void check_one_dtype(const char* op, const Tensor& self, const Tensor& source) {
  check<TypeError>(type_of(self) == type_of(source), op, "self is ", self, ", source is ", source, "; need one dtype");
}

// `part` with zeros where a larger source had elements without an index.
Tensor widened(const Tensor& part, const Shape& full) {
  if (shape_of(part) == full || part.numel() == numel_of(full)) return reshape(part, full);
  return as_strided_scatter(zeros(full, part.options()), part, part.sizes(), contiguous_strides(full), 0);
}

// A 0-d tensor as one of size 1, and back.
Tensor lift(const Tensor& t) { return t.dim() == 0 ? reshape(t, {1}) : t; }
Tensor lower(const Tensor& t) { return reshape(t, IntArrayRef()); }

enum class Reading : std::uint8_t { Along, Across };

// index_select and gather.
Tensor read(const char* op, const Tensor& self, Along a, Reading reading) {
  Tensor y = new_tensor(a.way.sizes, type_of(self));
  pick(a.way, a.index, self, y);
  if (auto r = record(op, y, {self})) {
    r.save(a.index);
    r.rule([d = a.way.dim, reading](Sweep& s) {
      const Tensor zero = zeros(s.sizes(0), s.g.options());
      s[0] = reading == Reading::Along ? index_add(zero, d, s.saved(0), s.g) : scatter_add(zero, d, s.saved(0), s.g);
    });
  }
  return y;
}

}  // namespace

Tensor gather_as(const char* op, const Tensor& self, std::int64_t dim, const Tensor& index) {
  check_defined(op, self, index);
  return read(op, self, across(op, self, dim, index, {}), Reading::Across);
}

std::tuple<Tensor, Tensor> values_at(const char* op, const Tensor& self, std::int64_t dim, const Tensor& index,
                                     bool keepdim) {
  const Along a = across(op, self, dim, index, {});
  const bool drop = !keepdim && self.dim() > 0;
  Tensor y = new_tensor(a.way.sizes, type_of(self));
  pick(a.way, a.index, self, y);
  if (drop) y = without_dim(y, a.way.dim);
  if (auto r = record(op, y, {self})) {
    r.save(a.index);
    r.rule([d = a.way.dim, drop](Sweep& s) {
      s[0] = scatter_add(zeros(s.sizes(0), s.g.options()), d, s.saved(0), drop ? unsqueeze(s.g, d) : s.g);
    });
  }
  return {y, drop ? without_dim(index, a.way.dim) : index};
}

}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor index_select(const Tensor& self, std::int64_t dim, const Tensor& index) {
  check_defined("index_select", self, index);
  if (self.dim() == 0) {
    check(index.numel() == 1, "index_select", "a 0-d tensor has one element to select, index is ", index);
    return lower(index_select(lift(self), dim, index));
  }
  return read("index_select", self, along("index_select", self, dim, index), Reading::Along);
}

Tensor gather(const Tensor& self, std::int64_t dim, const Tensor& index, bool) {
  return gather_as("gather", self, dim, index);
}

Tensor take_along_dim(const Tensor& self, const Tensor& indices, optional<std::int64_t> dim) {
  check_defined("take_along_dim", self, indices);
  if (!dim) return gather_as("take_along_dim", reshape(self, {-1}), 0, reshape(indices, {-1}));
  check(self.dim() == indices.dim(), "take_along_dim", "self ", self, " and indices ", indices,
        " must have the same rank");
  const std::int64_t d = wrap_dim("take_along_dim", *dim, self.dim());
  if (self.dim() == 0) return gather_as("take_along_dim", self, d, indices);
  Shape x = shape_of(self), i = shape_of(indices);
  x[static_cast<std::size_t>(d)] = i[static_cast<std::size_t>(d)] = 1;
  x = i = broadcast_shapes("take_along_dim", x, i);
  x[static_cast<std::size_t>(d)] = self.size(d);
  i[static_cast<std::size_t>(d)] = indices.size(d);
  return gather_as("take_along_dim", self.expand(x), d, indices.expand(i));
}

namespace {

// Integers are scaled by an integer, as in libtorch.
Tensor times_alpha(const Tensor& source, const Scalar& alpha) {
  const Scalar scale = is_floating(type_of(source)) ? alpha : Scalar(alpha.toLong());
  return scale.toDouble() == 1 ? source : cast(source * scale, type_of(source));
}

// index_add and index_copy: source has self's shape but for `dim`.
Along along_source(const char* op, const Tensor& self, std::int64_t dim, const Tensor& index, const Tensor& source) {
  check_defined(op, self, index, source);
  check_one_dtype(op, self, source);
  Along a = along(op, self, dim, index);
  check(shape_of(source) == a.way.sizes, op, "source must be ", a.way.sizes, " for self ", self, " and index ", index,
        ", got ", source);
  return a;
}

// The in-place form of an operation along a dimension, for a self that may lack it.
template <class Apply, class F>
Tensor& change_lifted(const char* op, const Tensor& self, const Tensor& other, Apply apply, F out_of_place) {
  check_defined(op, self, other);
  change(op, self.dim() == 0 ? self.view({1}) : self, {other}, apply, out_of_place);
  return handle(self);
}

}  // namespace

Tensor index_add(const Tensor& self, std::int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) {
  check_defined("index_add", self, index, source);
  if (mixed(self, source)) return index_add(verified(self), dim, index, verified(source), alpha);
  if (alpha.toDouble() != 1) return index_add(self, dim, index, times_alpha(source, alpha));
  if (self.dim() == 0) return lower(index_add(lift(self), dim, index, source));
  const Tensor add = lift(source);
  const Along a = along_source("index_add", self, dim, index, add);
  Tensor y = copy_of(self);
  place(Place::Add, a.way, a.index, y, add);
  if (auto r = record("index_add", y, {self, add})) {
    r.save(a.index);
    r.rule([d = a.way.dim](Sweep& s) {
      if (s.needs(0)) s[0] = s.g;
      if (s.needs(1)) s[1] = index_select(s.g, d, s.saved(0));
    });
  }
  return y;
}
Tensor& Tensor::index_add_(std::int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) const {
  check_defined("index_add_", *this, index, source);
  const Tensor add = lift(times_alpha(source, alpha));
  return change_lifted(
      "index_add_", *this, add,
      [&](const Tensor& self) {
        const Along a = along_source("index_add_", self, dim, index, add);
        place(Place::Add, a.way, a.index, self, apart(add, self));
      },
      [&](const Tensor& self) { return at::index_add(self, dim, index, add); });
}

Tensor index_copy(const Tensor& self, std::int64_t dim, const Tensor& index, const Tensor& source) {
  check_defined("index_copy", self, index, source);
  if (mixed(self, source)) return index_copy(verified(self), dim, index, verified(source));
  if (self.dim() == 0) return lower(index_copy(lift(self), dim, index, source));
  const Tensor from = lift(source);
  const Along a = along_source("index_copy", self, dim, index, from);
  Tensor y = copy_of(self);
  place(Place::Set, a.way, a.index, y, from);
  if (auto r = record("index_copy", y, {self, from})) {
    r.save(a.index);
    r.rule([way = a.way, whole = shape_of(self)](Sweep& s) {
      const Tensor i = s.saved(0);
      if (s.needs(0)) s[0] = index_fill(s.g, way.dim, i, 0);
      if (s.needs(1)) s[1] = of_the_kept(way, i, whole, index_select(s.g, way.dim, i));
    });
  }
  return y;
}
Tensor& Tensor::index_copy_(std::int64_t dim, const Tensor& index, const Tensor& source) const {
  check_defined("index_copy_", *this, index, source);
  const Tensor from = lift(source);
  return change_lifted(
      "index_copy_", *this, from,
      [&](const Tensor& self) {
        const Along a = along_source("index_copy_", self, dim, index, from);
        place(Place::Set, a.way, a.index, self, apart(from, self));
      },
      [&](const Tensor& self) { return at::index_copy(self, dim, index, from); });
}

namespace {

// The value in self's dtype.
Tensor fill_value(const char* op, const Tensor& self, const Tensor& value) {
  check_defined(op, self, value);
  check(value.dim() == 0, op, "value must be 0-d, got ", value);
  return cast_value(value, type_of(self));
}

}  // namespace

Tensor index_fill(const Tensor& self, std::int64_t dim, const Tensor& index, const Tensor& value) {
  const Tensor v = fill_value("index_fill", self, value);
  check_defined("index_fill", self, index);
  if (self.dim() == 0) return lower(index_fill(lift(self), dim, index, value));
  const Along a = along("index_fill", self, dim, index, true);
  Tensor y = copy_of(self);
  place(Place::Set, a.way, a.index, y, v);
  if (auto r = record("index_fill", y, {self, value})) {
    r.save(a.index);
    r.rule([d = a.way.dim](Sweep& s) {
      const Tensor i = s.saved(0);
      if (s.needs(0)) s[0] = index_fill(s.g, d, i, 0);
      // Once for each place, also when the index names it twice.
      if (s.needs(1)) s[1] = sum(where(index_fill(zeros(s.g.sizes(), kBool), d, i, 1), s.g, 0));
    });
  }
  return y;
}
Tensor index_fill(const Tensor& self, std::int64_t dim, const Tensor& index, const Scalar& value) {
  return index_fill(self, dim, index, wrap(value));
}
Tensor& Tensor::index_fill_(std::int64_t dim, const Tensor& index, const Tensor& value) const {
  check_defined("index_fill_", *this, index, value);
  return change_lifted(
      "index_fill_", *this, value,
      [&](const Tensor& self) {
        const Tensor v = fill_value("index_fill_", self, value);
        const Along a = along("index_fill_", self, dim, index, true);
        place(Place::Set, a.way, a.index, self, apart(v, self));
      },
      [&](const Tensor& self) { return at::index_fill(self, dim, index, value); });
}
Tensor& Tensor::index_fill_(std::int64_t dim, const Tensor& index, const Scalar& value) const {
  return index_fill_(dim, index, wrap(value));
}

// ---- scatter ----
namespace {

Along across_source(const char* op, const Tensor& self, std::int64_t dim, const Tensor& index, const Tensor& src) {
  check_defined(op, self, index, src);
  check_one_dtype(op, self, src);
  return across(op, self, dim, index, src);
}

Place place_of(const char* op, std::string_view reduce) {
  check<ValueError>(reduce == "add" || reduce == "multiply", op, "reduce must be \"add\" or \"multiply\", got \"",
                    std::string(reduce), "\"");
  return reduce == "add" ? Place::Add : Place::Multiply;
}

Tensor spread_value(const Tensor& self, const Tensor& index, const Scalar& value) {
  check_defined("scatter", self, index);
  Tensor v = new_tensor(IntArrayRef(), type_of(self));
  v.fill_(value);
  return v.expand(shape_of(index));
}

}  // namespace

Tensor scatter_add(const Tensor& self, std::int64_t dim, const Tensor& index, const Tensor& src) {
  if (mixed(self, src)) return scatter_add(verified(self), dim, index, verified(src));
  const Along a = across_source("scatter_add", self, dim, index, src);
  Tensor y = copy_of(self);
  place(Place::Add, a.way, a.index, y, src);
  if (auto r = record("scatter_add", y, {self, src})) {
    r.save(a.index);
    r.rule([d = a.way.dim](Sweep& s) {
      if (s.needs(0)) s[0] = s.g;
      if (s.needs(1)) s[1] = widened(gather(s.g, d, s.saved(0)), s.sizes(1));
    });
  }
  return y;
}
Tensor& Tensor::scatter_add_(std::int64_t dim, const Tensor& index, const Tensor& src) const {
  return change(
      "scatter_add_", *this, {src},
      [&](const Tensor& self) {
        const Along a = across_source("scatter_add_", self, dim, index, src);
        place(Place::Add, a.way, a.index, self, apart(src, self));
      },
      [&](const Tensor& self) { return at::scatter_add(self, dim, index, src); });
}

Tensor scatter(const Tensor& self, std::int64_t dim, const Tensor& index, const Tensor& src) {
  if (mixed(self, src)) return scatter(verified(self), dim, index, verified(src));
  const Along a = across_source("scatter", self, dim, index, src);
  Tensor y = copy_of(self);
  place(Place::Set, a.way, a.index, y, src);
  if (auto r = record("scatter", y, {self, src})) {
    r.save(a.index);
    r.rule([way = a.way, whole = shape_of(self)](Sweep& s) {
      const Tensor i = s.saved(0);
      if (s.needs(0)) s[0] = scatter(s.g, way.dim, i, 0);
      if (s.needs(1)) s[1] = widened(of_the_kept(way, i, whole, gather(s.g, way.dim, i)), s.sizes(1));
    });
  }
  return y;
}
Tensor scatter(const Tensor& self, std::int64_t dim, const Tensor& index, const Scalar& value) {
  return scatter(self, dim, index, spread_value(self, index, value));
}
Tensor scatter(const Tensor& self, std::int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) {
  if (place_of("scatter", reduce) == Place::Add) return scatter_add(self, dim, index, src);
  const Along a = across_source("scatter", self, dim, index, src);
  check<NotImplementedError>(!would_record({self, src}), "scatter", "reduce = \"multiply\" has no gradient: self ",
                             self, ", src ", src, "; use detach() or NoGradGuard");
  Tensor y = copy_of(self);
  place(Place::Multiply, a.way, a.index, y, src);
  return y;
}
Tensor scatter(const Tensor& self, std::int64_t dim, const Tensor& index, const Scalar& value,
               std::string_view reduce) {
  return scatter(self, dim, index, spread_value(self, index, value), reduce);
}
Tensor& Tensor::scatter_(std::int64_t dim, const Tensor& index, const Tensor& src) const {
  return change(
      "scatter_", *this, {src},
      [&](const Tensor& self) {
        const Along a = across_source("scatter_", self, dim, index, src);
        place(Place::Set, a.way, a.index, self, apart(src, self));
      },
      [&](const Tensor& self) { return at::scatter(self, dim, index, src); });
}
Tensor& Tensor::scatter_(std::int64_t dim, const Tensor& index, const Scalar& value) const {
  return scatter_(dim, index, spread_value(*this, index, value));
}
Tensor& Tensor::scatter_(std::int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) const {
  if (place_of("scatter_", reduce) == Place::Add) return scatter_add_(dim, index, src);
  return inplace("scatter_", handle(*this), {src}, false,
                 [&](const Tensor& self) { return at::scatter(self, dim, index, src, reduce); });
}
Tensor& Tensor::scatter_(std::int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) const {
  return scatter_(dim, index, spread_value(*this, index, value), reduce);
}

}  // namespace gradtape::at
