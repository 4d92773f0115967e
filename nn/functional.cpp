#include "nn/functional.h"

#include "autograd/ops.h"

namespace gradtape::nn::functional {

Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias) {
  return gradtape::at::linear(input, weight, bias);
}

Tensor relu(Tensor input, const ReLUFuncOptions& options) {
  return options.inplace() ? input.relu_() : gradtape::at::relu(input);
}
Tensor leaky_relu(Tensor input, const LeakyReLUFuncOptions& options) {
  const double slope = options.negative_slope();
  return options.inplace() ? gradtape::at::leaky_relu_(input, slope) : gradtape::at::leaky_relu(input, slope);
}
Tensor softmax(const Tensor& input, const SoftmaxFuncOptions& options) {
  return gradtape::at::softmax(input, options.dim(), options.dtype());
}
Tensor log_softmax(const Tensor& input, const LogSoftmaxFuncOptions& options) {
  return gradtape::at::log_softmax(input, options.dim(), options.dtype());
}

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

}  // namespace gradtape::nn::functional
