#include "nn/activation.h"

#include <ostream>

#include "nn/cloneable.h"
#include "nn/functional.h"

namespace gradtape::nn {

ReLUImpl::ReLUImpl(const ReLUOptions& o) : options(o) {}
ReLUImpl::~ReLUImpl() = default;
Tensor ReLUImpl::forward(Tensor input) { return functional::relu(std::move(input), options); }
void ReLUImpl::reset() {}
void ReLUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::ReLU(" << (options.inplace() ? "inplace=true" : "") << ')';
}
const detail::CloneTable* ReLUImpl::clone_table() const { return detail::clone_table_of<ReLUImpl>(); }

LeakyReLUImpl::LeakyReLUImpl(const LeakyReLUOptions& o) : options(o) {}
LeakyReLUImpl::~LeakyReLUImpl() = default;
Tensor LeakyReLUImpl::forward(Tensor input) { return functional::leaky_relu(std::move(input), options); }
void LeakyReLUImpl::reset() {}
void LeakyReLUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::LeakyReLU(negative_slope=" << options.negative_slope()
         << (options.inplace() ? ", inplace=true" : "") << ')';
}
const detail::CloneTable* LeakyReLUImpl::clone_table() const { return detail::clone_table_of<LeakyReLUImpl>(); }

SigmoidImpl::SigmoidImpl() = default;
SigmoidImpl::~SigmoidImpl() = default;
Tensor SigmoidImpl::forward(const Tensor& input) { return sigmoid(input); }
void SigmoidImpl::reset() {}
void SigmoidImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Sigmoid()"; }
const detail::CloneTable* SigmoidImpl::clone_table() const { return detail::clone_table_of<SigmoidImpl>(); }

TanhImpl::TanhImpl() = default;
TanhImpl::~TanhImpl() = default;
Tensor TanhImpl::forward(const Tensor& input) { return tanh(input); }
void TanhImpl::reset() {}
void TanhImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Tanh()"; }
const detail::CloneTable* TanhImpl::clone_table() const { return detail::clone_table_of<TanhImpl>(); }

SoftmaxImpl::SoftmaxImpl(const SoftmaxOptions& o) : options(o) {}
SoftmaxImpl::~SoftmaxImpl() = default;
Tensor SoftmaxImpl::forward(const Tensor& input) { return softmax(input, options.dim()); }
void SoftmaxImpl::reset() {}
void SoftmaxImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Softmax(dim=" << options.dim() << ')';
}
const detail::CloneTable* SoftmaxImpl::clone_table() const { return detail::clone_table_of<SoftmaxImpl>(); }

LogSoftmaxImpl::LogSoftmaxImpl(const LogSoftmaxOptions& o) : options(o) {}
LogSoftmaxImpl::~LogSoftmaxImpl() = default;
Tensor LogSoftmaxImpl::forward(const Tensor& input) { return log_softmax(input, options.dim()); }
void LogSoftmaxImpl::reset() {}
void LogSoftmaxImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::LogSoftmax(dim=" << options.dim() << ')';
}
const detail::CloneTable* LogSoftmaxImpl::clone_table() const { return detail::clone_table_of<LogSoftmaxImpl>(); }

}  // namespace gradtape::nn
