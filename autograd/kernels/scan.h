#pragma once
#include "autograd/kernels/reduce.h"

namespace gradtape::kernels {

enum class Scan : std::uint8_t { Sum, Prod, LogSumExp };

// All arrays row-major [outer, count, inner]; float32 adds up in double.
// out[i] = in[0] op .. op in[i] along count. LogSumExp: floating dtypes.
void scan(Scan op, void* out, const void* in, ScalarType dtype, std::int64_t outer, std::int64_t count,
          std::int64_t inner);
// Index along count of the largest (Max) or smallest (Min) element so far, the last of equals; a NaN counts as both.
void arg_scan(Reduce op, std::int64_t* out, const void* in, ScalarType dtype, std::int64_t outer, std::int64_t count,
              std::int64_t inner);
// out[i] = b[i] + a[i] out[i - 1], from the front, or out[i] = b[i] + a[i] out[i + 1], from the back. Floating dtypes.
void recurrence(void* out, const void* a, const void* b, ScalarType dtype, std::int64_t outer, std::int64_t count,
                std::int64_t inner, bool backwards);

}  // namespace gradtape::kernels
