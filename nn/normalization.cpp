#include "nn/normalization.h"

#include <ostream>

#include "autograd/ops.h"
#include "nn/cloneable.h"
#include "nn/init.h"

namespace gradtape::nn {

LayerNormOptions::LayerNormOptions(std::vector<std::int64_t> normalized_shape)
    : normalized_shape_(std::move(normalized_shape)) {}
LayerNormImpl::LayerNormImpl(std::vector<std::int64_t> normalized_shape)
    : LayerNormImpl(LayerNormOptions(std::move(normalized_shape))) {}
LayerNormImpl::LayerNormImpl(const LayerNormOptions& o) : options(o) { reset(); }
void LayerNormImpl::reset() {
  const bool affine = options.elementwise_affine();
  weight = register_parameter("weight", affine ? empty(IntArrayRef(options.normalized_shape())) : Tensor());
  bias = register_parameter("bias", affine ? empty(IntArrayRef(options.normalized_shape())) : Tensor());
  reset_parameters();
}
void LayerNormImpl::reset_parameters() {
  if (!weight.defined()) return;
  init::ones_(weight);
  init::zeros_(bias);
}
Tensor LayerNormImpl::forward(const Tensor& input) {
  return layer_norm(input, options.normalized_shape(), weight, bias, options.eps());
}
void LayerNormImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::LayerNorm(" << IntArrayRef(options.normalized_shape()) << ", eps=" << options.eps()
         << ", elementwise_affine=" << (options.elementwise_affine() ? "true" : "false") << ')';
}
GRADTAPE_LAYER_DEFINITION(LayerNormImpl);

namespace functional {

LayerNormFuncOptions::LayerNormFuncOptions(std::vector<std::int64_t> normalized_shape)
    : normalized_shape_(std::move(normalized_shape)) {}
Tensor layer_norm(const Tensor& input, const LayerNormFuncOptions& o) {
  return gradtape::at::layer_norm(input, o.normalized_shape(), o.weight(), o.bias(), o.eps());
}

}  // namespace functional
}  // namespace gradtape::nn
