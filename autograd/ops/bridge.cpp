// The checks behind the maps of autograd/eigen.h.
#include "autograd/ops/common.h"

namespace gradtape::detail {

const void* readable_data(const char* op, const Tensor& t, std::int64_t rank, ScalarType want) {
  ops::check_defined(op, t);
  check(t.dim() == rank, op, "need a tensor of rank ", rank, ", got ", t);
  check<TypeError>(t.scalar_type() == want, op, "the tensor is ", t, ", the map asked for holds ", want);
  // Raw memory leaves the library: the complex step cannot follow (see Note [The verification dtype]).
  if (t.impl()->dtype != want) {
    core::tls.left_library = true;
    gradtape::fail(op, "elements of a tensor under verification cannot be mapped");
  }
  return t.impl()->data;
}

void* writable_data(const char* op, const Tensor& t, std::int64_t rank, ScalarType want) {
  readable_data(op, t, rank, want);
  const bool recording = ops::would_record({t});
  ops::check_inplace(op, t, recording);
  check(!recording, op, t, " requires grad, and what is written through a map cannot be recorded",
        "; use NoGradGuard, detach() or an in-place operation");
  core::bump_version(*t.impl(), op);
  return t.impl()->data;
}

}  // namespace gradtape::detail
