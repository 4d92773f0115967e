#pragma once
// What operations on two tensors, element by element, share.
#include "autograd/kernels/pointwise.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {

Shape common_shape(const char* op, const Tensor& a, const Tensor& b);
// The kernel on both, broadcast and converted to t; not recorded.
Tensor zip(kernels::BinaryKernel* kernel, const char* op, const Tensor& a, const Tensor& b, ScalarType t);
// The same in the dtype that both promote to.
Tensor zip(kernels::BinaryKernel* kernel, const char* op, const Tensor& a, const Tensor& b);
// The same for a kernel whose loops for float and double are `level`'s: small tensors of one layout go straight there.
Tensor zip(kernels::LevelRun* level, kernels::BinaryKernel* kernel, const char* op, const Tensor& a, const Tensor& b);
// A kernel with bool result.
Tensor test(kernels::BinaryKernel* kernel, const char* op, const Tensor& a, const Tensor& b);
// A bool mask as numbers of like's dtype.
inline Tensor as_type(const Tensor& mask, const Tensor& like) { return cast(mask, type_of(like)); }
// What both promote to; throws when that is bool.
ScalarType number_result(const char* op, const Tensor& a, const Tensor& b);
// The same; throws when it is not floating.
ScalarType floating_only(const char* op, const Tensor& a, const Tensor& b);

}  // namespace gradtape::ops
