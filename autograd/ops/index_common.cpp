#include "autograd/ops/index_common.h"

namespace gradtape::ops {

Tensor checked_index(const char* op, const Tensor& index, std::int64_t n, bool from_end, const Tensor& self,
                     std::int64_t dim) {
  check<TypeError>(type_of(index) == kInt64 || type_of(index) == kInt32, op, "index must be int64 or int32, got ",
                   index);
  const Tensor i = plain(cast(index, kInt64));
  const auto* p = i.data_ptr<std::int64_t>();
  const std::int64_t bad = kernels::first_out_of_range(p, i.numel(), from_end ? -n : 0, n);
  check<IndexError>(bad < 0, op, "index ", bad < 0 ? 0 : p[bad < 0 ? 0 : bad], " is out of range for dim ", dim, " of ",
                    self);
  if (!from_end || kernels::first_out_of_range(p, i.numel(), 0, n) < 0) return i;
  const AutoGradMode off(false);
  return where(i < 0, i + n, i);
}

namespace {

template <class F>
void follow(const Way& way, const Tensor& positions, const Tensor& whole, const Tensor& part, F f) {
  const std::size_t rank = way.sizes.size();
  const Strides& own = whole.impl()->strides;
  Strides moved(rank, 0), strides(rank, 0);
  const std::size_t lead = rank - shape_of(part).size();
  for (std::size_t i = 0; i < rank; ++i) {
    if (way.from[i] >= 0) moved[i] = own[static_cast<std::size_t>(way.from[i])];
    if (i >= lead && shape_of(part)[i - lead] != 1) strides[i] = part.impl()->strides[i - lead];
  }
  const std::int64_t n = numel_of(way.sizes);
  const std::int64_t step = way.dim < 0 || own.empty() ? 1 : own[static_cast<std::size_t>(way.dim)];
  f(kernels::Array{whole.impl()->data, type_of(whole), &way.sizes, &moved, n, false},
    kernels::Array{part.impl()->data, type_of(part), &way.sizes, &strides, n, false},
    kernels::Array{positions.impl()->data, kInt64, &way.sizes, &way.spread, n, false}, step);
}

}  // namespace

void pick(const Way& way, const Tensor& positions, const Tensor& whole, const Tensor& part) {
  follow(way, positions, whole, part,
         [](const auto& w, const auto& p, const auto& at, std::int64_t step) { kernels::pick(p, w, at, step); });
}
void place(kernels::Place op, const Way& way, const Tensor& positions, const Tensor& whole, const Tensor& part) {
  follow(way, positions, whole, part,
         [op](const auto& w, const auto& p, const auto& at, std::int64_t step) { kernels::place(op, w, p, at, step); });
}

Tensor of_the_kept(const Way& way, const Tensor& positions, const Shape& whole, const Tensor& g) {
  const Tensor number = arange(numel_of(way.sizes), kInt64).view(way.sizes);
  const Tensor last = new_tensor(whole, kInt64), read = new_tensor(way.sizes, kInt64);
  place(kernels::Place::Set, way, positions, last, number);
  pick(way, positions, last, read);
  return where(read == number, g, 0);
}

Tensor apart(const Tensor& t, const Tensor& self) { return t.is_alias_of(self) ? copy_of(t) : t; }

}  // namespace gradtape::ops
