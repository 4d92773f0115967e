// t.index({...}) and t.index_put_({...}, value).
//
// Note [Advanced indexing]
// Integers, slices, None and "..." make views, one dimension after the other. The tensors that are left, k of them, are
// broadcast to a common block of positions; when they stand beside each other the block takes their place in the
// result, otherwise it comes first (NumPy's rule). Each place of the block is turned into one offset in elements, so
// that reading and writing are one walk over memory (kernels/index.h) for any layout. Both are one operation each, and
// each is the gradient of the other.
#include <cstring>
#include <ostream>

#include "autograd/indexing.h"
#include "autograd/ops/index_common.h"

namespace gradtape::ops {
namespace {

using indexing::TensorIndex;
using Indices = std::vector<Tensor>;  // one a dimension, undefined where it is kept whole

// Where the elements of the result lie.
struct Block {
  Way way;         // from the result to self
  Tensor offsets;  // in self's own memory
  Tensor linear;   // the same for a row-major tensor of self's sizes
};

// Puts an index tensor at dimension `dim` of self; a mask becomes the positions at which it holds, a tensor for each of
// its dimensions. Returns the number of dimensions that it stands for.
std::int64_t add_index(const char* op, const Tensor& self, std::int64_t dim, const Tensor& t, Indices& out) {
  const ScalarType type = type_of(t);
  check<IndexError>(type == kBool || is_integral(type), op, "a tensor used as index must be int64, int32 or bool: ", t);
  out.resize(static_cast<std::size_t>(dim));
  if (type != kBool && type != kUInt8) {
    out.push_back(t);
    return 1;
  }
  bool fits = dim + t.dim() <= self.dim();
  for (std::int64_t d = 0; fits && d < t.dim(); ++d) fits = t.size(d) == self.size(dim + d);
  check<IndexError>(fits, op, "the mask ", t, " does not have the sizes of ", self, " from dim ", dim, " on");
  const Tensor rows = nonzero_rows(t);
  for (std::int64_t d = 0; d < t.dim(); ++d) out.push_back(select(rows, 0, d));
  return t.dim();
}

// Sum of position * stride over the indices, in the block's shape.
Tensor offsets_of(const Indices& indices, const Shape& block, const Strides& strides) {
  Tensor sum;
  for (std::size_t d = 0; d < indices.size(); ++d) {
    if (!indices[d].defined()) continue;
    const Tensor term = strides[d] == 1 ? indices[d] : indices[d] * strides[d];
    sum = sum.defined() ? sum + term : term;
  }
  return plain(shape_of(sum) == block ? sum : sum.expand(block));
}

Block block_of(const char* op, const Tensor& self, Indices indices) {
  const AutoGradMode off(false);
  Shape block;
  std::size_t first = 0, last = 0, count = 0;
  for (std::size_t d = 0; d < indices.size(); ++d) {
    Tensor& t = indices[d];
    if (!t.defined()) continue;
    t = checked_index(op, t, shape_of(self)[d], true, self, static_cast<std::int64_t>(d));
    block = broadcast_shapes(op, block, shape_of(t));
    if (count++ == 0) first = d;
    last = d;
  }
  const bool neighbours = last - first + 1 == count;
  Block b;
  const auto put_block = [&] {
    const Strides strides = contiguous_strides(block);
    for (std::size_t k = 0; k < block.size(); ++k) {
      b.way.sizes.push_back(block[k]);
      b.way.from.push_back(-1);
      b.way.spread.push_back(strides[k]);
    }
  };
  if (!neighbours) put_block();
  for (std::size_t d = 0; d < indices.size(); ++d) {
    if (neighbours && d == first) put_block();
    if (indices[d].defined()) continue;
    b.way.sizes.push_back(shape_of(self)[d]);
    b.way.from.push_back(static_cast<std::int64_t>(d));
    b.way.spread.push_back(0);
  }
  b.linear = offsets_of(indices, block, contiguous_strides(self.sizes()));
  b.offsets = self.is_contiguous() ? b.linear : offsets_of(indices, block, self.impl()->strides);
  return b;
}

Tensor put_at(const Tensor& self, const Block& b, const Tensor& values, bool accumulate);

Tensor look_at(const Tensor& self, const Block& b) {
  Tensor y = new_tensor(b.way.sizes, type_of(self));
  pick(b.way, b.offsets, self, y);
  if (auto r = record("index", y, {self})) {
    r.save(b.linear);
    r.rule([way = b.way](Sweep& s) {
      const Tensor i = s.saved(0);
      s[0] = put_at(zeros(s.sizes(0), s.g.options()), {way, i, i}, s.g, true);
    });
  }
  return y;
}

void check_values(const char* op, const Tensor& self, const Block& b, const Tensor& values) {
  check<TypeError>(type_of(self) == type_of(values), op, "self is ", self, ", value is ", values, "; need one dtype");
  check(is_expandable_to(values.sizes(), b.way.sizes), op, "value ", values, " does not broadcast to the places ",
        b.way.sizes, " of ", self);
}

void apply_put_at(const Tensor& self, const Block& b, const Tensor& values, bool accumulate) {
  place(accumulate ? kernels::Place::Add : kernels::Place::Set, b.way, b.offsets, self, values);
}

Tensor put_at(const Tensor& self, const Block& b, const Tensor& values, bool accumulate) {
  Tensor y = copy_of(self);
  apply_put_at(y, {b.way, b.linear, b.linear}, values, accumulate);
  if (auto r = record("index_put", y, {self, values})) {
    r.save(b.linear);
    r.rule([way = b.way, accumulate](Sweep& s) {
      const Tensor i = s.saved(0);
      const Block b{way, i, i};
      if (s.needs(0)) s[0] = accumulate ? s.g : put_at(s.g, b, zeros({}, s.g.options()), false);
      if (!s.needs(1)) return;
      const Tensor g = look_at(contiguous(s.g), b);
      s[1] = accumulate ? g : of_the_kept(way, i, shape_of(s.g), g);
    });
  }
  return y;
}

Tensor& put_at_(const char* op, const Tensor& self, const Indices& indices, const Tensor& values, bool accumulate) {
  return change(
      op, self, {values},
      [&](const Tensor& t) {
        const Block b = block_of(op, t, indices);
        check_values(op, t, b, values);
        Block own = b;
        own.offsets = apart(b.offsets, t);
        apply_put_at(t, own, apart(values, t), accumulate);
      },
      [&](const Tensor& t) {
        const Block b = block_of(op, t, indices);
        check_values(op, t, b, values);
        return put_at(t, b, values, accumulate);
      });
}

// ---- from what the user writes to views and index tensors ----

struct Parsed {
  Tensor view;
  Indices indices;
  bool has_tensor = false;
};

Parsed parse(const char* op, const Tensor& self, ArrayRef<TensorIndex> list) {
  check_defined(op, self);
  std::int64_t specified = 0;
  for (const TensorIndex& i : list) {
    if (i.is_tensor()) check_defined(op, i.tensor());
    const bool mask = i.is_tensor() && (type_of(i.tensor()) == kBool || type_of(i.tensor()) == kUInt8);
    if (i.is_integer() || i.is_slice() || i.is_tensor()) specified += mask ? i.tensor().dim() : 1;
  }
  check<IndexError>(specified <= self.dim(), op, "too many indices (", specified, ") for ", self);
  Parsed p{self, {}, false};
  std::int64_t dim = 0;
  bool dots = false;
  const auto tensor = [&](const Tensor& t) {
    dim += add_index(op, p.view, dim, t, p.indices);
    p.has_tensor = true;
  };
  const auto boolean = [&](bool value) {
    p.view = unsqueeze(p.view, dim);
    tensor(zeros({value ? 1 : 0}, kInt64));
  };
  for (const TensorIndex& i : list) {
    if (i.is_none()) {
      p.view = unsqueeze(p.view, dim++);
    } else if (i.is_ellipsis()) {
      check<IndexError>(!dots, op, "\"...\" may stand once only");
      dots = true;
      dim += self.dim() - specified;
    } else if (i.is_integer()) {
      p.view = select(p.view, dim, i.integer());
    } else if (i.is_slice()) {
      const indexing::Slice& s = i.slice();
      check<ValueError>(s.step() > 0, op, "the step of a slice must be positive, got ", s.step(), "; use flip()");
      if (s.start() != 0 || s.stop() < p.view.size(dim) || s.step() != 1)
        p.view = slice(p.view, dim, s.start(), s.stop(), s.step());
      ++dim;
    } else if (i.is_boolean()) {
      boolean(i.boolean());
    } else {
      const Tensor& t = i.tensor();
      const ScalarType type = type_of(t);
      if (t.dim() > 0 || is_floating(type)) {
        tensor(t);
      } else if (type == kBool || type == kUInt8) {
        boolean(t.item<bool>());
      } else {
        p.view = select(p.view, dim, t.item<std::int64_t>());
      }
    }
  }
  p.indices.resize(shape_of(p.view).size());
  return p;
}

// A value may have more dimensions of size 1 in front than the place it is written to.
Tensor without_leading_ones(const Tensor& value) {
  std::size_t lead = 0;
  const Shape& sizes = shape_of(value);
  while (lead < sizes.size() && sizes[lead] == 1) ++lead;
  return lead == 0 ? value : reshape(value, IntArrayRef(sizes).slice(lead, sizes.size() - lead));
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor Tensor::index(ArrayRef<indexing::TensorIndex> indices) const {
  const Parsed p = parse("index", *this, indices);
  if (p.has_tensor) return look_at(p.view, block_of("index", p.view, p.indices));
  // An index that leaves all as it is still gives another tensor, as a view.
  return p.view.is_same(*this) ? view(sizes()) : p.view;
}
Tensor Tensor::index(std::initializer_list<indexing::TensorIndex> indices) const {
  return index(ArrayRef<indexing::TensorIndex>(indices));
}

Tensor index_put(const Tensor& self, ArrayRef<indexing::TensorIndex> indices, const Tensor& values, bool accumulate) {
  check_defined("index_put", self, values);
  return mixed(self, values) ? verified(self).clone().index_put_(indices, verified(values), accumulate)
                             : self.clone().index_put_(indices, values, accumulate);
}
Tensor Tensor::index_put(ArrayRef<indexing::TensorIndex> indices, const Tensor& value, bool accumulate) const {
  return at::index_put(*this, indices, value, accumulate);
}
Tensor Tensor::index_put(std::initializer_list<indexing::TensorIndex> indices, const Tensor& value,
                         bool accumulate) const {
  return index_put(ArrayRef<indexing::TensorIndex>(indices), value, accumulate);
}
Tensor& Tensor::index_put_(ArrayRef<indexing::TensorIndex> indices, const Tensor& value, bool accumulate) const {
  check_defined("index_put_", *this, value);
  Parsed p = parse("index_put_", *this, indices);
  const Tensor v = is_expandable_to(value.sizes(), p.view.sizes()) ? value : without_leading_ones(value);
  if (p.has_tensor) {
    put_at_("index_put_", p.view, p.indices, v, accumulate);
  } else if (accumulate) {
    p.view.add_(v);
  } else {
    p.view.copy_(v);
  }
  return handle(*this);
}
Tensor& Tensor::index_put_(std::initializer_list<indexing::TensorIndex> indices, const Tensor& value,
                           bool accumulate) const {
  return index_put_(ArrayRef<indexing::TensorIndex>(indices), value, accumulate);
}
Tensor& Tensor::index_put_(ArrayRef<indexing::TensorIndex> indices, const Scalar& value) const {
  check_defined("index_put_", *this);
  Tensor v = new_tensor(IntArrayRef(), type_of(*this));
  v.fill_(value);
  return index_put_(indices, v);
}
Tensor& Tensor::index_put_(std::initializer_list<indexing::TensorIndex> indices, const Scalar& value) const {
  return index_put_(ArrayRef<indexing::TensorIndex>(indices), value);
}

Tensor Tensor::operator[](const Scalar& index) const {
  check<IndexError>(index.isIntegral(false), "select", "an index must be an integer, got ", index);
  return select(0, index.toLong());
}
Tensor Tensor::operator[](const Tensor& index) const {
  check_defined("select", *this, index);
  check<IndexError>(index.dim() == 0 && is_integral(type_of(index)), "select",
                    "t[i] takes an integer or a 0-d integer tensor, got ", index,
                    "; use index_select(0, i) or index({i})");
  return select(0, index.item<std::int64_t>());
}

namespace indexing {

Slice::Slice(optional<std::int64_t> start, optional<std::int64_t> stop, optional<std::int64_t> step) {
  constexpr std::int64_t kLast = INT64_MAX, kFirst = INT64_MIN;
  step_ = step.value_or(1);
  check<ValueError>(step_ != 0, "Slice", "the step must not be 0");
  start_ = start.value_or(step_ < 0 ? kLast : 0);
  stop_ = stop.value_or(step_ < 0 ? kFirst : kLast);
}
std::ostream& operator<<(std::ostream& out, const Slice& s) {
  return out << s.start() << ':' << s.stop() << ':' << s.step();
}

TensorIndex::TensorIndex(const char* dots) : type_(TensorIndexType::Ellipsis) {
  check<ValueError>(std::strcmp(dots, "...") == 0, "TensorIndex", "a text index must be \"...\", got \"", dots, "\"");
}
std::ostream& operator<<(std::ostream& out, const TensorIndex& index) {
  if (index.is_none()) return out << "None";
  if (index.is_ellipsis()) return out << "...";
  if (index.is_integer()) return out << index.integer();
  if (index.is_boolean()) return out << (index.boolean() ? "true" : "false");
  if (index.is_slice()) return out << index.slice();
  return out << index.tensor();
}
std::ostream& operator<<(std::ostream& out, const std::vector<TensorIndex>& indices) {
  out << '(';
  for (std::size_t i = 0; i < indices.size(); ++i) out << (i ? ", " : "") << indices[i];
  return out << ')';
}

}  // namespace indexing
}  // namespace gradtape::at
