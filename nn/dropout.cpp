#include "nn/dropout.h"

#include <ostream>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "autograd/ops/recurrent.h"
#include "nn/cloneable.h"

namespace gradtape::nn {

DropoutImpl::DropoutImpl(double p) : DropoutImpl(DropoutOptions(p)) {}
DropoutImpl::DropoutImpl(const DropoutOptions& o) : options(o) {
  check<ValueError>(o.p() >= 0 && o.p() <= 1, "Dropout", "p is a probability and lies in [0, 1], got ", o.p());
}
Tensor DropoutImpl::forward(Tensor input) {
  return functional::dropout(
      std::move(input),
      functional::DropoutFuncOptions().p(options.p()).training(is_training()).inplace(options.inplace()));
}
void DropoutImpl::reset() {}
void DropoutImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Dropout(p=" << options.p() << ", inplace=" << (options.inplace() ? "true" : "false") << ')';
}
GRADTAPE_LAYER_DEFINITION(DropoutImpl);

namespace functional {

Tensor dropout(Tensor input, const DropoutFuncOptions& o) {
  check<ValueError>(o.p() >= 0 && o.p() <= 1, "dropout", "p is a probability and lies in [0, 1], got ", o.p());
  if (!o.training() || o.p() == 0) return input;
  return o.inplace() ? input.mul_(ops::dropout_mask(input, o.p())) : ops::drop(input, o.p());
}

}  // namespace functional
}  // namespace gradtape::nn
