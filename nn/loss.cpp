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
MSELossImpl::~MSELossImpl() = default;
Tensor MSELossImpl::forward(const Tensor& input, const Tensor& target) {
  return mse_loss(input, target, reduction_of(options.reduction()));
}
void MSELossImpl::reset() {}
void MSELossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::MSELoss()"; }
const detail::CloneTable* MSELossImpl::clone_table() const { return detail::clone_table_of<MSELossImpl>(); }

BCELossImpl::BCELossImpl(const BCELossOptions& o) : options(o) { reset(); }
BCELossImpl::~BCELossImpl() = default;
Tensor BCELossImpl::forward(const Tensor& input, const Tensor& target) {
  return binary_cross_entropy(input, target, options.weight(), reduction_of(options.reduction()));
}
void BCELossImpl::reset() { register_buffer("weight", options.weight()); }
void BCELossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::BCELoss()"; }
const detail::CloneTable* BCELossImpl::clone_table() const {
  return detail::clone_table_of<BCELossImpl, own_weight<BCELossImpl>>();
}

BCEWithLogitsLossImpl::BCEWithLogitsLossImpl(const BCEWithLogitsLossOptions& o) : options(o) { reset(); }
BCEWithLogitsLossImpl::~BCEWithLogitsLossImpl() = default;
Tensor BCEWithLogitsLossImpl::forward(const Tensor& input, const Tensor& target) {
  return binary_cross_entropy_with_logits(input, target, weight, pos_weight, reduction_of(options.reduction()));
}
void BCEWithLogitsLossImpl::reset() {
  weight = register_buffer("weight", options.weight());
  pos_weight = register_buffer("pos_weight", options.pos_weight());
}
void BCEWithLogitsLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::BCEWithLogitsLoss()"; }
const detail::CloneTable* BCEWithLogitsLossImpl::clone_table() const {
  return detail::clone_table_of<BCEWithLogitsLossImpl, own_both>();
}

NLLLossImpl::NLLLossImpl(const NLLLossOptions& o) : options(o) { reset(); }
NLLLossImpl::~NLLLossImpl() = default;
Tensor NLLLossImpl::forward(const Tensor& input, const Tensor& target) {
  return nll_loss(input, target, weight, reduction_of(options.reduction()), options.ignore_index());
}
void NLLLossImpl::reset() { weight = register_buffer("weight", options.weight()); }
void NLLLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::NLLLoss()"; }
const detail::CloneTable* NLLLossImpl::clone_table() const {
  return detail::clone_table_of<NLLLossImpl, own_weight<NLLLossImpl>>();
}

CrossEntropyLossImpl::CrossEntropyLossImpl(const CrossEntropyLossOptions& o) : options(o) { reset(); }
CrossEntropyLossImpl::~CrossEntropyLossImpl() = default;
Tensor CrossEntropyLossImpl::forward(const Tensor& input, const Tensor& target) {
  return cross_entropy_loss(input, target, weight, reduction_of(options.reduction()), options.ignore_index(),
                            options.label_smoothing());
}
void CrossEntropyLossImpl::reset() { weight = register_buffer("weight", options.weight()); }
void CrossEntropyLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::CrossEntropyLoss()"; }
const detail::CloneTable* CrossEntropyLossImpl::clone_table() const {
  return detail::clone_table_of<CrossEntropyLossImpl, own_weight<CrossEntropyLossImpl>>();
}

}  // namespace gradtape::nn
