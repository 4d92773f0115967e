#pragma once
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

enum class Reduce : std::uint8_t { Sum, Prod, Max, Min };

// in is row-major [outer, count, inner], out row-major [outer, inner]; both of one dtype.
// Sums run in blocks that depend on the index only (pairwise: Higham, SIAM J. Sci. Comput. 14, 1993), never on
// addresses or threads. In bool, Sum is "any" and Prod is "all". Max and Min need count > 0; a NaN wins.
void reduce(Reduce op, void* out, const void* in, ScalarType dtype, std::int64_t outer, std::int64_t count,
            std::int64_t inner);
// Index along count of the first largest (Max) or smallest (Min) element; a NaN counts as both.
void arg_reduce(Reduce op, std::int64_t* out, const void* in, ScalarType dtype, std::int64_t outer, std::int64_t count,
                std::int64_t inner);
// Row-major number of the first element outside [low, high], as a NaN is, or -1. Floating dtypes.
std::int64_t first_outside(const Array& in, double low, double high);
// sum (x - mean)^2 / divisor in two passes, float32 added up in double. Floating dtypes.
void variance(void* out, const void* in, ScalarType dtype, std::int64_t outer, std::int64_t count, std::int64_t inner,
              double divisor);

}  // namespace gradtape::kernels
