#include "nn/nonlinear.h"

#include <ostream>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "nn/activation.h"
#include "nn/cloneable.h"

namespace gradtape::nn {
namespace {

// f(input), in the input's memory where that is asked for.
template <class F>
Tensor applied(const Tensor& input, bool inplace, F f) {
  if (!inplace) return f(input);
  return input.copy_(f(input.clone()));
}
const char* in_place(bool on, const char* text) { return on ? text : ""; }

}  // namespace

#define GRADTAPE_ACTIVATION(Name, name, ...)                                                       \
  Name##Impl::Name##Impl(const Name##Options& o) : options(o) {}                                   \
  Tensor Name##Impl::forward(Tensor input) { return functional::name(std::move(input), options); } \
  void Name##Impl::reset() {}                                                                      \
  void Name##Impl::pretty_print(std::ostream& stream) const {                                      \
    stream << "torch::nn::" #Name "(" << __VA_ARGS__ << ')';                                       \
  }                                                                                                \
  GRADTAPE_LAYER_DEFINITION(Name##Impl);
GRADTAPE_ACTIVATION(ReLU6, relu6, in_place(options.inplace(), "inplace=true"))
GRADTAPE_ACTIVATION(SELU, selu, in_place(options.inplace(), "inplace=true"))
GRADTAPE_ACTIVATION(ELU, elu, "alpha=" << options.alpha() << in_place(options.inplace(), ", inplace=true"))
GRADTAPE_ACTIVATION(CELU, celu, "alpha=" << options.alpha() << in_place(options.inplace(), ", inplace=true"))
GRADTAPE_ACTIVATION(Hardtanh, hardtanh,
                    "min_val=" << options.min_val() << ", max_val=" << options.max_val()
                               << in_place(options.inplace(), ", inplace=true"))
GRADTAPE_ACTIVATION(Softplus, softplus, "beta=" << options.beta() << ", threshold=" << options.threshold())
GRADTAPE_ACTIVATION(GELU, gelu, "")
GRADTAPE_ACTIVATION(Hardshrink, hardshrink, options.lambda())
GRADTAPE_ACTIVATION(Softshrink, softshrink, options.lambda())
GRADTAPE_ACTIVATION(GLU, glu, "dim=" << options.dim())
GRADTAPE_ACTIVATION(Threshold, threshold,
                    "threshold=" << options.threshold() << ", value=" << options.value()
                                 << in_place(options.inplace(), ", inplace=true"))
#undef GRADTAPE_ACTIVATION
ThresholdImpl::ThresholdImpl(double threshold, double value) : ThresholdImpl(ThresholdOptions(threshold, value)) {}

RReLUImpl::RReLUImpl(const RReLUOptions& o) : options(o) {}
Tensor RReLUImpl::forward(Tensor input) {
  return functional::rrelu(std::move(input), functional::RReLUFuncOptions()
                                                 .lower(options.lower())
                                                 .upper(options.upper())
                                                 .training(is_training())
                                                 .inplace(options.inplace()));
}
void RReLUImpl::reset() {}
void RReLUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::RReLU(lower=" << options.lower() << ", upper=" << options.upper()
         << in_place(options.inplace(), ", inplace=true") << ')';
}
GRADTAPE_LAYER_DEFINITION(RReLUImpl);

SoftminImpl::SoftminImpl(const SoftminOptions& o) : options(o) {}
Tensor SoftminImpl::forward(const Tensor& input) { return functional::softmin(input, options.dim()); }
void SoftminImpl::reset() {}
void SoftminImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Softmin(dim=" << options.dim() << ')';
}
GRADTAPE_LAYER_DEFINITION(SoftminImpl);

#define GRADTAPE_ACTIVATION(Name, name)                                                             \
  Name##Impl::Name##Impl() = default;                                                               \
  Tensor Name##Impl::forward(const Tensor& input) { return functional::name(input); }               \
  void Name##Impl::reset() {}                                                                       \
  void Name##Impl::pretty_print(std::ostream& stream) const { stream << "torch::nn::" #Name "()"; } \
  GRADTAPE_LAYER_DEFINITION(Name##Impl);
GRADTAPE_ACTIVATION(LogSigmoid, logsigmoid)
GRADTAPE_ACTIVATION(SiLU, silu)
GRADTAPE_ACTIVATION(Mish, mish)
GRADTAPE_ACTIVATION(Softsign, softsign)
GRADTAPE_ACTIVATION(Tanhshrink, tanhshrink)
#undef GRADTAPE_ACTIVATION

Softmax2dImpl::Softmax2dImpl() = default;
Tensor Softmax2dImpl::forward(const Tensor& input) {
  check(input.defined(), "Softmax2d", "the input is an undefined tensor");
  check(input.dim() == 4 || input.dim() == 3, "Softmax2d", "needs an input of rank 4 [N, C, H, W] or 3 [C, H, W], got ",
        input);
  return at::softmax(input, -3);
}
void Softmax2dImpl::reset() {}
void Softmax2dImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Softmax2d()"; }
GRADTAPE_LAYER_DEFINITION(Softmax2dImpl);

PReLUImpl::PReLUImpl(const PReLUOptions& o) : options(o) { reset(); }
void PReLUImpl::reset() { weight = register_parameter("weight", full({options.num_parameters()}, options.init())); }
Tensor PReLUImpl::forward(const Tensor& input) { return functional::prelu(input, weight); }
void PReLUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::PReLU(num_parameters=" << options.num_parameters() << ')';
}
GRADTAPE_LAYER_DEFINITION(PReLUImpl);

namespace functional {

Tensor elu(Tensor input, const ELUFuncOptions& o) {
  return applied(input, o.inplace(), [&](const Tensor& x) { return at::elu(x, o.alpha()); });
}
Tensor selu(Tensor input, const SELUFuncOptions& o) {
  return applied(input, o.inplace(), [](const Tensor& x) { return at::selu(x); });
}
Tensor celu(Tensor input, const CELUFuncOptions& o) {
  return applied(input, o.inplace(), [&](const Tensor& x) { return at::celu(x, o.alpha()); });
}
Tensor relu6(Tensor input, const ReLU6FuncOptions& o) {
  return applied(input, o.inplace(), [](const Tensor& x) { return at::relu6(x); });
}
Tensor hardtanh(Tensor input, const HardtanhFuncOptions& o) {
  check<ValueError>(o.min_val() < o.max_val(), "hardtanh", "max_val must be larger than min_val, got ", o.min_val(),
                    " and ", o.max_val());
  return applied(input, o.inplace(), [&](const Tensor& x) { return at::hardtanh(x, o.min_val(), o.max_val()); });
}
Tensor rrelu(Tensor input, const RReLUFuncOptions& o) {
  check<ValueError>(o.lower() <= o.upper(), "rrelu", "lower must not be above upper, got ", o.lower(), " and ",
                    o.upper());
  return applied(input, o.inplace(), [&](const Tensor& x) {
    if (!o.training()) return at::leaky_relu(x, (o.lower() + o.upper()) / 2);
    return where(x >= 0, x, x * at::rand_like(x.detach()).mul_(o.upper() - o.lower()).add_(o.lower()));
  });
}
Tensor threshold(Tensor input, const ThresholdFuncOptions& o) {
  return applied(input, o.inplace(), [&](const Tensor& x) { return at::threshold(x, o.threshold(), o.value()); });
}
Tensor softplus(const Tensor& input, const SoftplusFuncOptions& o) {
  return at::softplus(input, o.beta(), o.threshold());
}
Tensor gelu(const Tensor& input, const GELUFuncOptions& o) { return at::gelu(input, o.approximate()); }
Tensor hardshrink(const Tensor& input, const HardshrinkFuncOptions& o) { return at::hardshrink(input, o.lambda()); }
Tensor softshrink(const Tensor& input, const SoftshrinkFuncOptions& o) { return at::softshrink(input, o.lambda()); }
Tensor glu(const Tensor& input, const GLUFuncOptions& o) { return at::glu(input, o.dim()); }
Tensor softmin(const Tensor& input, const SoftminFuncOptions& o) {
  return softmax(-input, SoftmaxFuncOptions(o.dim()).dtype(o.dtype()));
}
Tensor logsigmoid(const Tensor& input) { return at::log_sigmoid(input); }
Tensor silu(const Tensor& input) { return at::silu(input); }
Tensor mish(const Tensor& input) { return at::mish(input); }
Tensor softsign(const Tensor& input) { return at::softsign(input); }
Tensor tanhshrink(const Tensor& input) { return at::tanhshrink(input); }
Tensor prelu(const Tensor& input, const Tensor& weight) { return at::prelu(input, weight); }
Tensor gumbel_softmax(const Tensor& logits, const GumbelSoftmaxFuncOptions& o) {
  const Tensor noise = -at::empty_like(logits.detach()).exponential_().log();
  const Tensor y = at::softmax((logits + noise) / o.tau(), o.dim());
  if (!o.hard()) return y;
  const Tensor place = std::get<1>(y.detach().max(o.dim(), true));
  return zeros_like(y.detach()).scatter_(o.dim(), place, 1.0) - y.detach() + y;
}

}  // namespace functional
}  // namespace gradtape::nn
