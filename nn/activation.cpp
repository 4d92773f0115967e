#include "nn/activation.h"

#include <ostream>

#include "autograd/ops.h"
#include "nn/cloneable.h"

namespace gradtape::nn {

ReLUImpl::ReLUImpl(const ReLUOptions& o) : options(o) {}
Tensor ReLUImpl::forward(Tensor input) { return functional::relu(std::move(input), options); }
void ReLUImpl::reset() {}
void ReLUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::ReLU(" << (options.inplace() ? "inplace=true" : "") << ')';
}
GRADTAPE_LAYER_DEFINITION(ReLUImpl);

LeakyReLUImpl::LeakyReLUImpl(const LeakyReLUOptions& o) : options(o) {}
Tensor LeakyReLUImpl::forward(Tensor input) { return functional::leaky_relu(std::move(input), options); }
void LeakyReLUImpl::reset() {}
void LeakyReLUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::LeakyReLU(negative_slope=" << options.negative_slope()
         << (options.inplace() ? ", inplace=true" : "") << ')';
}
GRADTAPE_LAYER_DEFINITION(LeakyReLUImpl);

SigmoidImpl::SigmoidImpl() = default;
Tensor SigmoidImpl::forward(const Tensor& input) { return sigmoid(input); }
void SigmoidImpl::reset() {}
void SigmoidImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Sigmoid()"; }
GRADTAPE_LAYER_DEFINITION(SigmoidImpl);

TanhImpl::TanhImpl() = default;
Tensor TanhImpl::forward(const Tensor& input) { return tanh(input); }
void TanhImpl::reset() {}
void TanhImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Tanh()"; }
GRADTAPE_LAYER_DEFINITION(TanhImpl);

SoftmaxImpl::SoftmaxImpl(const SoftmaxOptions& o) : options(o) {}
Tensor SoftmaxImpl::forward(const Tensor& input) { return softmax(input, options.dim()); }
void SoftmaxImpl::reset() {}
void SoftmaxImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Softmax(dim=" << options.dim() << ')';
}
GRADTAPE_LAYER_DEFINITION(SoftmaxImpl);

LogSoftmaxImpl::LogSoftmaxImpl(const LogSoftmaxOptions& o) : options(o) {}
Tensor LogSoftmaxImpl::forward(const Tensor& input) { return log_softmax(input, options.dim()); }
void LogSoftmaxImpl::reset() {}
void LogSoftmaxImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::LogSoftmax(dim=" << options.dim() << ')';
}
GRADTAPE_LAYER_DEFINITION(LogSoftmaxImpl);

namespace functional {

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

}  // namespace functional
}  // namespace gradtape::nn
