#pragma once
#include "autograd/kernels/reduce.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {

// A reduction as kernels want it: row-major [outer, count, inner], and the result's sizes.
struct Reduced {
  Tensor in;
  std::uint32_t mask = 0;  // of the reduced dims
  std::int64_t outer = 1, count = 1, inner = 1;
  Shape sizes, keepdim_sizes;
};
Reduced prepare_reduction(const char* op, const Tensor& self, IntArrayRef dims);
// Number of elements that go into one of the result.
std::int64_t reduced_count(const Tensor& self, std::uint32_t mask);
// op over dims into a new tensor of x's dtype; not recorded.
Tensor reduce_into(kernels::Reduce op, const Reduced& d, bool keepdim);
// A result or its gradient with size 1 at the reduced dims of an input of these sizes.
Tensor with_kept_dims(const Tensor& g, const Shape& input, std::uint32_t mask, bool keepdim);
// The dims of a mask, for a call of a public function (an empty list there means all).
Shape dims_of(std::uint32_t mask, std::size_t rank);
// sum over the masked dims, kept; itself when there are none.
Tensor sum_kept(const Tensor& x, std::uint32_t mask);

// One dimension of a row-major copy (or itself): sizes [outer, n, inner] around `dim`; a 0-d tensor counts as size 1.
struct Column {
  Tensor in;
  std::int64_t dim, outer = 1, n = 1, inner = 1;
};
Column column_of(const char* op, const Tensor& self, std::int64_t dim);

// While alive, choices leave the margin to the nearest switch as it was; for those that change neither value nor
// derivative.
class KeptMargin {
 public:
  KeptMargin() : margin_(tls.margin), step_margin_(tls.step_margin) {}
  ~KeptMargin() {
    tls.margin = margin_;
    tls.step_margin = step_margin_;
  }
  KeptMargin(const KeptMargin&) = delete;
  KeptMargin& operator=(const KeptMargin&) = delete;

 private:
  double margin_, step_margin_;
};

// The largest of x over dims, kept, without a record: subtracting it before exp changes neither value nor gradient, so
// it is no switch either (margins stay as they are).
Tensor largest(const Tensor& x, IntArrayRef dims);
// The same with 0 for infinite ones and NaN.
Tensor largest_finite(const Tensor& x, IntArrayRef dims);

// {values, indices}: self at an index that has size 1 at `dim`, which goes unless keepdim.
std::tuple<Tensor, Tensor> values_at(const char* op, const Tensor& self, std::int64_t dim, const Tensor& index,
                                     bool keepdim);
// The same elements as another handle without dimension `dim` of size 1 (a 0-d tensor stays), off the tape.
Tensor without_dim(const Tensor& t, std::int64_t dim);

}  // namespace gradtape::ops
