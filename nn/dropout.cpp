#include "nn/dropout.h"

#include <cmath>
#include <ostream>

#include "autograd/error.h"
#include "autograd/ops.h"
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

#define GRADTAPE_DROPOUT(Name, name)                                                                             \
  Name##Impl::Name##Impl(double p) : Name##Impl(DropoutOptions(p)) {}                                            \
  Name##Impl::Name##Impl(const DropoutOptions& o) : options(o) {                                                 \
    check<ValueError>(o.p() >= 0 && o.p() <= 1, #Name, "p is a probability and lies in [0, 1], got ", o.p());    \
  }                                                                                                              \
  Tensor Name##Impl::forward(Tensor input) {                                                                     \
    return functional::name(                                                                                     \
        std::move(input),                                                                                        \
        functional::DropoutFuncOptions().p(options.p()).training(is_training()).inplace(options.inplace()));     \
  }                                                                                                              \
  void Name##Impl::reset() {}                                                                                    \
  void Name##Impl::pretty_print(std::ostream& stream) const {                                                    \
    stream << "torch::nn::" #Name "(p=" << options.p() << ", inplace=" << (options.inplace() ? "true" : "false") \
           << ')';                                                                                               \
  }                                                                                                              \
  GRADTAPE_LAYER_DEFINITION(Name##Impl);
GRADTAPE_DROPOUT(Dropout2d, dropout2d)
GRADTAPE_DROPOUT(Dropout3d, dropout3d)
GRADTAPE_DROPOUT(AlphaDropout, alpha_dropout)
GRADTAPE_DROPOUT(FeatureAlphaDropout, feature_alpha_dropout)

namespace functional {

Tensor dropout(Tensor input, const DropoutFuncOptions& o) {
  return o.inplace() ? at::dropout_(input, o.p(), o.training()) : at::dropout(input, o.p(), o.training());
}

namespace {

void check_probability(const char* op, const Tensor& input, double p) {
  check(input.defined(), op, "the input is an undefined tensor");
  check<ValueError>(p >= 0 && p <= 1, op, "p is a probability and lies in [0, 1], got ", p);
}
// 1 with probability 1 - p; one number for each channel.
Tensor kept(const char* op, const Tensor& input, double p, bool channels) {
  Shape sizes(input.sizes());
  check(!channels || input.dim() >= 2, op, "needs an input [N, C, ..], got ", input);
  for (std::size_t d = 2; channels && d < sizes.size(); ++d) sizes[d] = 1;
  return bernoulli(empty(sizes, input.detach().options()), 1 - p);
}
Tensor placed(const Tensor& input, const Tensor& result, bool inplace) {
  return inplace ? input.copy_(result) : result;
}

Tensor drop_channels(const char* op, const Tensor& input, const DropoutFuncOptions& o) {
  check_probability(op, input, o.p());
  if (!o.training() || o.p() == 0 || input.numel() == 0) return input;
  const Tensor keep = kept(op, input, o.p(), true);
  if (o.p() < 1) keep.div_(1 - o.p());
  return placed(input, (o.inplace() ? input.clone() : input) * keep, o.inplace());
}
Tensor drop_alpha(const char* op, const Tensor& input, const DropoutFuncOptions& o, bool channels) {
  check_probability(op, input, o.p());
  if (!o.training() || o.p() == 0 || input.numel() == 0) return input;
  if (o.p() == 1) return placed(input, (o.inplace() ? input.clone() : input) * 0, o.inplace());
  constexpr double kLimit = 1.7580993408473766;  // -selu(-infinity)
  const Tensor keep = kept(op, input, o.p(), channels);
  const double scale = 1 / std::sqrt((kLimit * kLimit * o.p() + 1) * (1 - o.p()));
  const Tensor shift = (keep - 1) * (kLimit * scale) + kLimit * scale * o.p();
  return placed(input, (o.inplace() ? input.clone() : input) * (keep * scale) + shift, o.inplace());
}

}  // namespace

Tensor dropout2d(Tensor input, const Dropout2dFuncOptions& o) { return drop_channels("dropout2d", input, o); }
Tensor dropout3d(Tensor input, const Dropout3dFuncOptions& o) { return drop_channels("dropout3d", input, o); }
Tensor alpha_dropout(Tensor input, const AlphaDropoutFuncOptions& o) {
  return drop_alpha("alpha_dropout", input, o, false);
}
Tensor feature_alpha_dropout(Tensor input, const FeatureAlphaDropoutFuncOptions& o) {
  return drop_alpha("feature_alpha_dropout", input, o, true);
}

}  // namespace functional
}  // namespace gradtape::nn
