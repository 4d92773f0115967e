#pragma once
// New tensors and copies; no gradient flows into a factory. See ops.h.
#include "random.h"
#include "tensor.h"

namespace gradtape::at {

// ---- copies ----
Tensor clone(const Tensor& self);       // same elements, own memory, on the tape
Tensor contiguous(const Tensor& self);  // itself when already row-major, else a copy

// ---- factories (no gradient flows into them) ----
Tensor empty(IntArrayRef size, const TensorOptions& options = {});  // elements are not initialised
Tensor zeros(IntArrayRef size, const TensorOptions& options = {});
Tensor ones(IntArrayRef size, const TensorOptions& options = {});
Tensor full(IntArrayRef size, const Scalar& value, const TensorOptions& options = {});  // dtype of value if not given
Tensor empty_like(const Tensor& self, const TensorOptions& options = {});
Tensor zeros_like(const Tensor& self, const TensorOptions& options = {});
Tensor ones_like(const Tensor& self, const TensorOptions& options = {});
Tensor full_like(const Tensor& self, const Scalar& value, const TensorOptions& options = {});
Tensor scalar_tensor(const Scalar& value, const TensorOptions& options = {});  // 0-d
Tensor arange(const Scalar& end, const TensorOptions& options = {});           // 0, 1, .. end - 1
Tensor arange(const Scalar& start, const Scalar& end, const TensorOptions& options = {});
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, const TensorOptions& options = {});
Tensor linspace(const Scalar& start, const Scalar& end, std::int64_t steps, const TensorOptions& options = {});
Tensor eye(std::int64_t n, const TensorOptions& options = {});
Tensor eye(std::int64_t n, std::int64_t m, const TensorOptions& options = {});
// Elements stay where they are and are not owned; `deleter(data)` runs when the last tensor on them goes.
Tensor from_blob(void* data, IntArrayRef sizes, const TensorOptions& options = {});
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const TensorOptions& options = {});
Tensor from_blob(void* data, IntArrayRef sizes, const std::function<void(void*)>& deleter,
                 const TensorOptions& options = {});
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const std::function<void(void*)>& deleter,
                 const TensorOptions& options = {});
Tensor rand(IntArrayRef size, const TensorOptions& options = {});                        // uniform on [0, 1)
Tensor randn(IntArrayRef size, const TensorOptions& options = {});                       // standard normal
Tensor randint(std::int64_t high, IntArrayRef size, const TensorOptions& options = {});  // low .. high - 1, int64
Tensor randint(std::int64_t low, std::int64_t high, IntArrayRef size, const TensorOptions& options = {});
Tensor randperm(std::int64_t n, const TensorOptions& options = {});  // int64
Tensor rand_like(const Tensor& self, const TensorOptions& options = {});
Tensor randn_like(const Tensor& self, const TensorOptions& options = {});

}  // namespace gradtape::at
