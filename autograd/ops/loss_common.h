#pragma once
#include "autograd/ops/common.h"

namespace gradtape::ops {

// The mean, the sum or all of a loss.
Tensor reduce_loss(const char* op, const Tensor& loss, std::int64_t reduction);
// self of floating dtype and a target that broadcasts with it.
void check_pair(const char* op, const Tensor& self, const Tensor& target);

}  // namespace gradtape::ops
