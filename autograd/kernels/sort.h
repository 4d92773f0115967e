#pragma once
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

// in is row-major [outer, count, inner], out [outer, keep, inner]: along count, the index of the element that would
// stand at place first, first + 1, .. first + keep - 1 in ascending (descending) order. Equal elements keep their
// order, a NaN counts as the largest. Only the places asked for are put in order.
void sort(std::int64_t* out, const void* in, ScalarType dtype, std::int64_t outer, std::int64_t count,
          std::int64_t inner, bool descending, std::int64_t first, std::int64_t keep);
// The same when the place asked for differs between columns: place[outer, inner], one each.
void select_nth(std::int64_t* out, const void* in, ScalarType dtype, std::int64_t outer, std::int64_t count,
                std::int64_t inner, const std::int64_t* place);
// The index of the most frequent element, the smallest of such; of equal ones the last. NaNs count as equal.
void mode(std::int64_t* out, const void* in, ScalarType dtype, std::int64_t outer, std::int64_t count,
          std::int64_t inner);

// Rows of `width` elements, row-major. Their order, element after element, equals keeping their order.
void sort_rows(std::int64_t* order, const void* in, ScalarType dtype, std::int64_t rows, std::int64_t width);
// group[k]: how many different rows stand before row order[k] (order null: as they lie), neighbours compared. Returns
// the number of groups. A NaN equals nothing.
std::int64_t group_rows(std::int64_t* group, const void* in, ScalarType dtype, const std::int64_t* order,
                        std::int64_t rows, std::int64_t width);

// counts[bin] += 1 for the elements in [low, high], in `bins` bins of one width, the last with its upper end.
void histogram(double* counts, std::int64_t bins, double low, double high, const void* in, ScalarType dtype,
               std::int64_t n);

// For each of m values of every row: the number of elements of its sequence [n] that are less (right: not greater), a
// NaN being greater than all. Rows share the sequence when one_sequence; sorter, where given, orders it.
void search(std::int64_t* out, const void* sequence, const void* values, ScalarType dtype, std::int64_t rows,
            std::int64_t n, std::int64_t m, bool one_sequence, bool right, const std::int64_t* sorter);

}  // namespace gradtape::kernels
