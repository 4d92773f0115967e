#pragma once
// References for the rows of reading and writing at positions, and the families that are added apart.
#include "table.h"

namespace gradtape::table {

inline std::int64_t entry(const Plain& index, std::int64_t k) { return static_cast<std::int64_t>(index[k]); }
inline std::size_t wrapped_dim(std::int64_t dim, const Plain& x) {
  return static_cast<std::size_t>(dim < 0 ? dim + static_cast<std::int64_t>(x.sizes.size()) : dim);
}
// f(the place that index names along d, the number of the entry of index)
template <class F>
void for_each_named(const Plain& index, std::size_t d, F f) {
  for_each_index(index.sizes, [&](const Shape& i) {
    Shape place = i;
    if (!place.empty()) place[d] = static_cast<std::int64_t>(index.at(i));
    f(place, i);
  });
}
// x in the shape that broadcasting gives it.
Plain spread_to(const Plain& x, const Shape& sizes);

void add_scatter(const std::function<void(Row)>& add);
void add_masks(const std::function<void(Row)>& add);
void add_tables(const std::function<void(Row)>& add);
void add_indexing(const std::function<void(Row)>& add);

}  // namespace gradtape::table
