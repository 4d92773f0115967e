// One array and one number, which needs no array of its own.
#include "autograd/kernels/functors_common.h"
#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {
namespace {

struct AddNumber {
  template <class T>
  T operator()(T x, Params p) const {
    return x + p.a;
  }
};
struct MulNumber {
  template <class T>
  T operator()(T x, Params p) const {
    return x * p.a;
  }
};
struct DivNumber {
  template <class T>
  T operator()(T x, Params p) const {
    return x / p.a;
  }
};
struct NumberSub {
  template <class T>
  T operator()(T x, Params p) const {
    return p.a - x;
  }
};

}  // namespace

GRADTAPE_LEVEL_UNARY_FLOATING(add_number, AddNumber)
GRADTAPE_LEVEL_UNARY_FLOATING(mul_number, MulNumber)
GRADTAPE_LEVEL_UNARY_FLOATING(div_number, DivNumber)
GRADTAPE_LEVEL_UNARY_FLOATING(number_sub, NumberSub)

}  // namespace gradtape::kernels
