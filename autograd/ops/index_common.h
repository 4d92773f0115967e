#pragma once
// Following tensors of positions; private to the index family.
#include "autograd/kernels/index.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {

// int64, row-major, every entry in [0, n); entries in [-n, 0) count from the end when `from_end`.
Tensor checked_index(const char* op, const Tensor& index, std::int64_t n, bool from_end, const Tensor& self,
                     std::int64_t dim);

// A way from the elements of a part to those of a whole: the part's sizes; which dimension of the whole each of them is
// (-1: the positions move there); the positions' strides over them; and the dimension of the whole that the positions
// count along (-1: they are offsets in elements).
struct Way {
  Shape sizes;
  Shape from;
  Strides spread;
  std::int64_t dim = -1;
};
// part = whole at the positions, for a part of way.sizes; and back, for a part that broadcasts to way.sizes, or that
// reaches further (the rest of it is left out).
void pick(const Way& way, const Tensor& positions, const Tensor& whole, const Tensor& part);
void place(kernels::Place op, const Way& way, const Tensor& positions, const Tensor& whole, const Tensor& part);

// Where several elements of a part are written to one place the last is kept: only it gets a gradient. On the tape.
Tensor of_the_kept(const Way& way, const Tensor& positions, const Shape& whole, const Tensor& g);

// bool; uint8 counts as one, as in libtorch.
Tensor checked_mask(const char* op, const Tensor& mask);
// Positions of what is not zero: int64 [rank, count].
Tensor nonzero_rows(const Tensor& self);
// gather under another operation's name.
Tensor gather_as(const char* op, const Tensor& self, std::int64_t dim, const Tensor& index);

// Own memory, so that self may be changed: `t` itself, or a copy when both share storage.
Tensor apart(const Tensor& t, const Tensor& self);
// self changed: by apply(self) in its own memory, or, when recorded, through the operation out_of_place(self).
template <class Apply, class F>
Tensor& change(const char* op, const Tensor& self, std::initializer_list<tape::Input> others, Apply apply,
               F out_of_place) {
  check_defined(op, self);
  if (would_record({self}) || would_record(others)) return inplace(op, handle(self), others, false, out_of_place);
  check_inplace(op, self, false);
  apply(self);
  core::bump_version(*self.impl(), op);
  return handle(self);
}

}  // namespace gradtape::ops
