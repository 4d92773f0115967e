#pragma once
// What all factories do with their options.
#include "autograd/ops/common.h"

namespace gradtape::ops {

// The dtype asked for, else `otherwise`; throws for other devices and for dtypes that tensors cannot have.
ScalarType checked_dtype(const char* op, const TensorOptions& o, ScalarType otherwise);
// Uninitialised, in the default dtype unless asked for otherwise.
Tensor make(const char* op, IntArrayRef size, const TensorOptions& o);
// The options with the dtype of self where they give none.
TensorOptions like(const char* op, const Tensor& self, const TensorOptions& o);
// Sets requires_grad as asked for.
Tensor finish(Tensor t, const TensorOptions& o);

}  // namespace gradtape::ops
