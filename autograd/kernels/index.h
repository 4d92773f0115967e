#pragma once
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

enum class Place : std::uint8_t { Set, Add, Multiply };

// The one way in which tensors of positions are followed. `whole` is seen in the shape of `positions`, with stride 0
// along the dimensions that the positions move in; element i of `part` belongs to whole[i] moved by positions[i] * step
// elements. `part` may be broadcast. Positions must be in range. Where several reach one element, Set keeps the last.
void pick(const Array& part, const Array& whole, const Array& positions, std::int64_t step);
void place(Place op, const Array& whole, const Array& part, const Array& positions, std::int64_t step);

// Position of the first of `count` entries outside [low, n), or -1.
std::int64_t first_out_of_range(const std::int64_t* index, std::int64_t count, std::int64_t low, std::int64_t n);

// The element of each row of x [rows, n] that its class names, negated: out[r] = -x[r, class[r]], 0 for the class
// `ignore`; and back, out being 0: out[r, class[r]] = value. Float and double.
void pick_negated(ScalarType dtype, void* out, const void* x, const std::int64_t* classes, std::int64_t rows,
                  std::int64_t n, std::int64_t ignore);
void place_value(ScalarType dtype, void* out, double value, const std::int64_t* classes, std::int64_t rows,
                 std::int64_t n, std::int64_t ignore);

// Row-major positions of the elements that are not zero into `out`, or only their number when it is null.
std::int64_t nonzero(const Array& in, std::int64_t* out);
// The elements of `in` where the mask (bool, of in's shape) holds, one after the other; and back.
void masked_pick(void* out, const Array& in, const Array& mask);
void masked_place(const Array& out, const void* source, const Array& mask);

}  // namespace gradtape::kernels
