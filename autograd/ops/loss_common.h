#pragma once
#include "autograd/kernels/pointwise.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {

void check_reduction(const char* op, std::int64_t reduction);
// Two tensors of one shape and dtype.
inline bool alike(const Tensor& x, const Tensor& y) { return shape_of(x) == shape_of(y) && type_of(x) == type_of(y); }
// The sum of all elements over `count`, not recorded.
Tensor total_of(const Tensor& loss, double count);
// The mean, the sum or all of a loss.
Tensor reduce_loss(const char* op, const Tensor& loss, std::int64_t reduction);
// self of floating dtype and a target that broadcasts with it.
void check_pair(const char* op, const Tensor& self, const Tensor& target);

// A loss of pairs of elements; params.b and params.c are numbers of its own.
struct PairLoss {
  using Slope = Tensor(const Tensor& x, const Tensor& y, kernels::Params params);
  const char* op;
  kernels::BinaryKernel *value, *slope;  // slope by the first, times params.a
  Slope *slope_of, *target_slope_of;     // the same in differentiable operations; by the second
};
// The loss of tensors of one shape, recorded as one operation with its sum or mean. Its gradient is one pass unless a
// graph of it is wanted.
Tensor pair_loss(const PairLoss& loss, const Tensor& x, const Tensor& y, std::int64_t reduction,
                 kernels::Params params = {});

}  // namespace gradtape::ops
