#pragma once
// New tensors and copies; no gradient flows into a factory. See ops.h.
#include "tensor.h"

namespace gradtape::at {

// ---- copies ----
Tensor clone(const Tensor& self, optional<MemoryFormat> format = nullopt);  // own memory, row-major, on the tape
Tensor contiguous(const Tensor& self, MemoryFormat format = MemoryFormat::Contiguous);  // itself when row-major already

// ---- factories (no gradient flows into them) ----
Tensor empty(IntArrayRef size, const TensorOptions& options = {},
             optional<MemoryFormat> format = nullopt);  // elements are not initialised
Tensor empty_strided(IntArrayRef size, IntArrayRef stride, const TensorOptions& options = {});
Tensor zeros(IntArrayRef size, const TensorOptions& options = {});
Tensor ones(IntArrayRef size, const TensorOptions& options = {});
Tensor full(IntArrayRef size, const Scalar& value, const TensorOptions& options = {});  // dtype of value if not given
Tensor empty_like(const Tensor& self, const TensorOptions& options = {}, optional<MemoryFormat> format = nullopt);
Tensor zeros_like(const Tensor& self, const TensorOptions& options = {}, optional<MemoryFormat> format = nullopt);
Tensor ones_like(const Tensor& self, const TensorOptions& options = {}, optional<MemoryFormat> format = nullopt);
Tensor full_like(const Tensor& self, const Scalar& value, const TensorOptions& options = {},
                 optional<MemoryFormat> format = nullopt);
Tensor scalar_tensor(const Scalar& value, const TensorOptions& options = {});  // 0-d
Tensor arange(const Scalar& end, const TensorOptions& options = {});           // 0, 1, .. end - 1
Tensor arange(const Scalar& start, const Scalar& end, const TensorOptions& options = {});
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, const TensorOptions& options = {});
// start, start + step, .. up to end and including it; the default dtype, also of integers.
Tensor range(const Scalar& start, const Scalar& end, const Scalar& step = 1, const TensorOptions& options = {});
Tensor linspace(const Scalar& start, const Scalar& end, std::int64_t steps, const TensorOptions& options = {});
// base^x for x of linspace(start, end, steps)
Tensor logspace(const Scalar& start, const Scalar& end, std::int64_t steps, double base = 10,
                const TensorOptions& options = {});
Tensor eye(std::int64_t n, const TensorOptions& options = {});
Tensor eye(std::int64_t n, std::int64_t m, const TensorOptions& options = {});
// Elements stay where they are and are not owned; `deleter(data)` runs when the last tensor on them goes.
Tensor from_blob(void* data, IntArrayRef sizes, const TensorOptions& options = {});
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const TensorOptions& options = {});
Tensor from_blob(void* data, IntArrayRef sizes, const std::function<void(void*)>& deleter,
                 const TensorOptions& options = {});
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const std::function<void(void*)>& deleter,
                 const TensorOptions& options = {});

}  // namespace gradtape::at
