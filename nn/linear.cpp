#include "nn/linear.h"

#include <cmath>
#include <ostream>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "nn/cloneable.h"
#include "nn/init.h"

namespace gradtape::nn {

LinearOptions::LinearOptions(std::int64_t in_features, std::int64_t out_features)
    : in_features_(in_features), out_features_(out_features) {}

LinearImpl::LinearImpl(std::int64_t in_features, std::int64_t out_features)
    : LinearImpl(LinearOptions(in_features, out_features)) {}
LinearImpl::LinearImpl(const LinearOptions& o) : options(o) {
  check<ValueError>(o.in_features() >= 0 && o.out_features() >= 0, "Linear",
                    "in_features and out_features must not be negative, got ", o.in_features(), " and ",
                    o.out_features());
  reset();
}

void LinearImpl::reset() {
  weight = register_parameter("weight", empty({options.out_features(), options.in_features()}));
  bias = register_parameter("bias", options.bias() ? empty({options.out_features()}) : Tensor());
  reset_parameters();
}
void LinearImpl::reset_parameters() {
  init::kaiming_uniform_(weight, std::sqrt(5.0));
  if (!bias.defined()) return;
  const std::int64_t fan_in = weight.size(1);
  const double bound = fan_in > 0 ? 1 / std::sqrt(static_cast<double>(fan_in)) : 0;
  init::uniform_(bias, -bound, bound);
}
Tensor LinearImpl::forward(const Tensor& input) { return linear(input, weight, bias); }
void LinearImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Linear(in_features=" << options.in_features() << ", out_features=" << options.out_features()
         << ", bias=" << (options.bias() ? "true" : "false") << ')';
}
GRADTAPE_LAYER_DEFINITION(LinearImpl);

IdentityImpl::IdentityImpl() = default;
Tensor IdentityImpl::forward(const Tensor& input) { return input; }
void IdentityImpl::reset() {}
void IdentityImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Identity()"; }
GRADTAPE_LAYER_DEFINITION(IdentityImpl);

FlattenImpl::FlattenImpl(const FlattenOptions& o) : options(o) {}
Tensor FlattenImpl::forward(const Tensor& input) { return input.flatten(options.start_dim(), options.end_dim()); }
void FlattenImpl::reset() {}
void FlattenImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Flatten(start_dim=" << options.start_dim() << ", end_dim=" << options.end_dim() << ')';
}
GRADTAPE_LAYER_DEFINITION(FlattenImpl);

UnflattenImpl::UnflattenImpl(std::int64_t dim, std::vector<std::int64_t> sizes)
    : UnflattenImpl(UnflattenOptions(dim, std::move(sizes))) {}
UnflattenImpl::UnflattenImpl(const UnflattenOptions& o) : options(o) {}
Tensor UnflattenImpl::forward(const Tensor& input) { return input.unflatten(options.dim(), options.sizes()); }
void UnflattenImpl::reset() {}
void UnflattenImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Unflatten(dim=" << options.dim() << ", unflattened_size={";
  for (std::size_t i = 0; i < options.sizes().size(); ++i) stream << (i ? ", " : "") << options.sizes()[i];
  stream << "})";
}
GRADTAPE_LAYER_DEFINITION(UnflattenImpl);

BilinearImpl::BilinearImpl(std::int64_t in1_features, std::int64_t in2_features, std::int64_t out_features)
    : BilinearImpl(BilinearOptions(in1_features, in2_features, out_features)) {}
BilinearImpl::BilinearImpl(const BilinearOptions& o) : options(o) {
  check<ValueError>(o.in1_features() > 0 && o.in2_features() > 0 && o.out_features() > 0, "Bilinear",
                    "features must be positive, got ", o.in1_features(), ", ", o.in2_features(), " and ",
                    o.out_features());
  reset();
}
void BilinearImpl::reset() {
  weight =
      register_parameter("weight", empty({options.out_features(), options.in1_features(), options.in2_features()}));
  bias = register_parameter("bias", options.bias() ? empty({options.out_features()}) : Tensor());
  reset_parameters();
}
void BilinearImpl::reset_parameters() {
  const double bound = 1 / std::sqrt(static_cast<double>(options.in1_features()));
  init::uniform_(weight, -bound, bound);
  if (bias.defined()) init::uniform_(bias, -bound, bound);
}
Tensor BilinearImpl::forward(const Tensor& input1, const Tensor& input2) {
  return gradtape::at::bilinear(input1, input2, weight, bias);
}
void BilinearImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Bilinear(in1_features=" << options.in1_features() << ", in2_features=" << options.in2_features()
         << ", out_features=" << options.out_features() << ", bias=" << (options.bias() ? "true" : "false") << ')';
}
GRADTAPE_LAYER_DEFINITION(BilinearImpl);

namespace functional {

Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias) {
  return gradtape::at::linear(input, weight, bias);
}

Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const Tensor& bias) {
  return gradtape::at::bilinear(input1, input2, weight, bias);
}

}  // namespace functional
}  // namespace gradtape::nn
