#include "nn/normalization.h"

#include <ostream>

#include "autograd/error.h"
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

GroupNormImpl::GroupNormImpl(std::int64_t num_groups, std::int64_t num_channels)
    : GroupNormImpl(GroupNormOptions(num_groups, num_channels)) {}
GroupNormImpl::GroupNormImpl(const GroupNormOptions& o) : options(o) {
  check<ValueError>(o.num_groups() > 0 && o.num_channels() % o.num_groups() == 0, "GroupNorm", "num_channels ",
                    o.num_channels(), " must be divisible by num_groups ", o.num_groups());
  reset();
}
void GroupNormImpl::reset() {
  weight = register_parameter("weight", options.affine() ? empty({options.num_channels()}) : Tensor());
  bias = register_parameter("bias", options.affine() ? empty({options.num_channels()}) : Tensor());
  reset_parameters();
}
void GroupNormImpl::reset_parameters() {
  if (!weight.defined()) return;
  init::ones_(weight);
  init::zeros_(bias);
}
Tensor GroupNormImpl::forward(const Tensor& input) {
  return gradtape::at::group_norm(input, options.num_groups(), weight, bias, options.eps());
}
void GroupNormImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::GroupNorm(" << options.num_groups() << ", " << options.num_channels()
         << ", eps=" << options.eps() << ", affine=" << (options.affine() ? "true" : "false") << ')';
}
GRADTAPE_LAYER_DEFINITION(GroupNormImpl);

LocalResponseNormImpl::LocalResponseNormImpl(std::int64_t size)
    : LocalResponseNormImpl(LocalResponseNormOptions(size)) {}
LocalResponseNormImpl::LocalResponseNormImpl(const LocalResponseNormOptions& o) : options(o) {}
Tensor LocalResponseNormImpl::forward(const Tensor& input) { return functional::local_response_norm(input, options); }
void LocalResponseNormImpl::reset() {}
void LocalResponseNormImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::LocalResponseNorm(" << options.size() << ", alpha=" << options.alpha()
         << ", beta=" << options.beta() << ", k=" << options.k() << ')';
}
GRADTAPE_LAYER_DEFINITION(LocalResponseNormImpl);

namespace functional {

LayerNormFuncOptions::LayerNormFuncOptions(std::vector<std::int64_t> normalized_shape)
    : normalized_shape_(std::move(normalized_shape)) {}
Tensor layer_norm(const Tensor& input, const LayerNormFuncOptions& o) {
  return gradtape::at::layer_norm(input, o.normalized_shape(), o.weight(), o.bias(), o.eps());
}

Tensor group_norm(const Tensor& input, const GroupNormFuncOptions& o) {
  return gradtape::at::group_norm(input, o.num_groups(), o.weight(), o.bias(), o.eps());
}
Tensor local_response_norm(const Tensor& input, const LocalResponseNormFuncOptions& o) {
  check(input.defined() && input.dim() >= 3, "local_response_norm", "needs an input [N, C, ..] of rank 3 or more");
  check<ValueError>(o.size() > 0, "local_response_norm", "size must be positive, got ", o.size());
  // The mean over channels as an average over windows of one long row for each place.
  const Tensor rows = (input * input).transpose(1, -1).reshape({-1, 1, input.size(1)});
  const Tensor around = at::pad(rows, {o.size() / 2, (o.size() - 1) / 2});
  Shape sizes(input.sizes());
  std::swap(sizes[1], sizes[sizes.size() - 1]);
  const Tensor mean = at::avg_pool1d(around, o.size(), 1).reshape(sizes).transpose(1, -1);
  return input / pow(mean * o.alpha() + o.k(), o.beta());
}
Tensor normalize(const Tensor& input, NormalizeFuncOptions o) {
  return input / clamp_min(input.norm(o.p(), IntArrayRef{o.dim()}, true), o.eps());
}

}  // namespace functional
}  // namespace gradtape::nn
