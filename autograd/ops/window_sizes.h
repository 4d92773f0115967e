#pragma once
// Numbers given for the dimensions that a window moves over.
#include "autograd/ops/common.h"

namespace gradtape::ops {

// One number for each of the last `dims` dimensions, in places 3 - dims to 2; `rest` before.
struct PerDim {
  std::int64_t v[3];
  std::int64_t operator[](int d) const { return v[d]; }
};
inline PerDim per_dim(const char* op, const char* name, IntArrayRef given, int dims, std::int64_t rest,
                      std::int64_t least) {
  check<ValueError>(given.size() == 1 || given.size() == static_cast<std::size_t>(dims), op, name,
                    " needs one number, or ", dims, ", got ", given);
  PerDim p = {{rest, rest, rest}};
  for (int d = 0; d < dims; ++d) {
    const std::int64_t n = given.size() == 1 ? given[0] : given[static_cast<std::size_t>(d)];
    check<ValueError>(n >= least, op, name, " must be at least ", least, ", got ", given);
    p.v[3 - dims + d] = n;
  }
  return p;
}

}  // namespace gradtape::ops
