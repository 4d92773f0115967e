#include "nn/loss.h"

#include <ostream>

#include "autograd/ops.h"
#include "nn/cloneable.h"

namespace gradtape::nn {
namespace {

// A clone's weights are its own, also those that its options hold.
void own(Tensor& t) {
  if (t.defined()) t = t.detach().clone();
}
template <class M>
void own_weight(M& m) {
  own(m.options.weight());
}
void own_both(BCEWithLogitsLossImpl& m) {
  own(m.options.weight());
  own(m.options.pos_weight());
}

}  // namespace

MSELossImpl::MSELossImpl(const MSELossOptions& o) : options(o) {}
Tensor MSELossImpl::forward(const Tensor& input, const Tensor& target) {
  return mse_loss(input, target, reduction_of(options.reduction()));
}
void MSELossImpl::reset() {}
void MSELossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::MSELoss()"; }
GRADTAPE_LAYER_DEFINITION(MSELossImpl);

BCELossImpl::BCELossImpl(const BCELossOptions& o) : options(o) { reset(); }
Tensor BCELossImpl::forward(const Tensor& input, const Tensor& target) {
  return binary_cross_entropy(input, target, options.weight(), reduction_of(options.reduction()));
}
void BCELossImpl::reset() { register_buffer("weight", options.weight()); }
void BCELossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::BCELoss()"; }
GRADTAPE_LAYER_DEFINITION(BCELossImpl, own_weight<BCELossImpl>);

BCEWithLogitsLossImpl::BCEWithLogitsLossImpl(const BCEWithLogitsLossOptions& o) : options(o) { reset(); }
Tensor BCEWithLogitsLossImpl::forward(const Tensor& input, const Tensor& target) {
  return binary_cross_entropy_with_logits(input, target, weight, pos_weight, reduction_of(options.reduction()));
}
void BCEWithLogitsLossImpl::reset() {
  weight = register_buffer("weight", options.weight());
  pos_weight = register_buffer("pos_weight", options.pos_weight());
}
void BCEWithLogitsLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::BCEWithLogitsLoss()"; }
GRADTAPE_LAYER_DEFINITION(BCEWithLogitsLossImpl, own_both);

NLLLossImpl::NLLLossImpl(const NLLLossOptions& o) : options(o) { reset(); }
Tensor NLLLossImpl::forward(const Tensor& input, const Tensor& target) {
  return nll_loss(input, target, weight, reduction_of(options.reduction()), options.ignore_index());
}
void NLLLossImpl::reset() { weight = register_buffer("weight", options.weight()); }
void NLLLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::NLLLoss()"; }
GRADTAPE_LAYER_DEFINITION(NLLLossImpl, own_weight<NLLLossImpl>);

CrossEntropyLossImpl::CrossEntropyLossImpl(const CrossEntropyLossOptions& o) : options(o) { reset(); }
Tensor CrossEntropyLossImpl::forward(const Tensor& input, const Tensor& target) {
  return cross_entropy_loss(input, target, weight, reduction_of(options.reduction()), options.ignore_index(),
                            options.label_smoothing());
}
void CrossEntropyLossImpl::reset() { weight = register_buffer("weight", options.weight()); }
void CrossEntropyLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::CrossEntropyLoss()"; }
GRADTAPE_LAYER_DEFINITION(CrossEntropyLossImpl, own_weight<CrossEntropyLossImpl>);

namespace functional {

Tensor mse_loss(const Tensor& input, const Tensor& target, const MSELossFuncOptions& options) {
  return gradtape::at::mse_loss(input, target, reduction_of(options.reduction()));
}
Tensor binary_cross_entropy(const Tensor& input, const Tensor& target, const BinaryCrossEntropyFuncOptions& options) {
  return gradtape::at::binary_cross_entropy(input, target, options.weight(), reduction_of(options.reduction()));
}
Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                        const BinaryCrossEntropyWithLogitsFuncOptions& options) {
  return gradtape::at::binary_cross_entropy_with_logits(input, target, options.weight(), options.pos_weight(),
                                                        reduction_of(options.reduction()));
}
Tensor nll_loss(const Tensor& input, const Tensor& target, const NLLLossFuncOptions& options) {
  return gradtape::at::nll_loss(input, target, options.weight(), reduction_of(options.reduction()),
                                options.ignore_index());
}
Tensor cross_entropy(const Tensor& input, const Tensor& target, const CrossEntropyFuncOptions& options) {
  return gradtape::at::cross_entropy_loss(input, target, options.weight(), reduction_of(options.reduction()),
                                          options.ignore_index(), options.label_smoothing());
}

}  // namespace functional
}  // namespace gradtape::nn
