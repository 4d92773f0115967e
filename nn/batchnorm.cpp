#include "nn/batchnorm.h"

#include <ostream>
#include <sstream>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "nn/cloneable.h"
#include "nn/init.h"

namespace gradtape::nn {
namespace {

template <class M>
void register_all(M& m) {
  const auto& o = m.options;
  check<ValueError>(o.num_features() > 0, m.name().c_str(), "num_features must be positive, got ", o.num_features());
  const bool affine = o.affine(), tracked = o.track_running_stats();
  m.weight = m.register_parameter("weight", affine ? empty({o.num_features()}) : Tensor());
  m.bias = m.register_parameter("bias", affine ? empty({o.num_features()}) : Tensor());
  m.running_mean = m.register_buffer("running_mean", tracked ? empty({o.num_features()}) : Tensor());
  m.running_var = m.register_buffer("running_var", tracked ? empty({o.num_features()}) : Tensor());
  m.num_batches_tracked = m.register_buffer("num_batches_tracked", tracked ? zeros(IntArrayRef(), kInt64) : Tensor());
  m.reset_parameters();
}
template <class M>
void reset_statistics(M& m) {
  if (!m.running_mean.defined()) return;
  const NoGradGuard off;
  m.running_mean.zero_();
  m.running_var.fill_(1);
  m.num_batches_tracked.zero_();
}
template <class M>
void reset_all(M& m) {
  reset_statistics(m);
  if (!m.weight.defined()) return;
  init::ones_(m.weight);
  init::zeros_(m.bias);
}

std::string text_of(const Module& m) {
  std::ostringstream s;
  m.pretty_print(s);
  return s.str();
}
// Ranks from `least` to `most` with the channels in dim `channel_dim` from the front of rank `most`.
template <class M>
void check_input(const M& m, const char* name, const Tensor& x, std::int64_t least, std::int64_t most,
                 std::int64_t channel_dim) {
  check(x.defined(), name, "the input is an undefined tensor");
  check(x.dim() >= least && x.dim() <= most, name, text_of(m), " needs an input of rank ", most,
        least < most ? " or " : "", least < most ? std::to_string(least) : std::string(), ", got ", x);
  check(x.size(channel_dim) == m.options.num_features(), name, text_of(m), " needs ", m.options.num_features(),
        " channels in dim ", channel_dim, ", got ", x);
}

// The moments of one number say nothing.
void check_several(const char* name, const Tensor& x) {
  check<ValueError>(x.dim() < 2 || x.numel() == 0 || x.numel() / x.size(1) > 1, name,
                    "training needs more than one value a channel, got ", x);
}

template <class M>
Tensor batch_normed(M& m, const char* name, const Tensor& x, std::int64_t dims) {
  check_input(m, name, x, dims == 1 ? 2 : dims + 2, dims + 2, 1);
  if (m.is_training()) check_several(name, x);
  double share = m.options.momentum().value_or(0);
  if (m.is_training() && m.running_mean.defined()) {
    m.num_batches_tracked.add_(1);
    if (!m.options.momentum()) share = 1 / m.num_batches_tracked.template item<double>();
  }
  return at::batch_norm(x, m.weight, m.bias, m.running_mean, m.running_var,
                        m.is_training() || !m.running_mean.defined(), share, m.options.eps(), false);
}
template <class M>
Tensor instance_normed(M& m, const char* name, const Tensor& x, std::int64_t dims) {
  check_input(m, name, x, dims + 1, dims + 2, x.defined() && x.dim() == dims + 1 ? 0 : 1);
  const bool alone = x.dim() == dims + 1;
  const Tensor y =
      at::instance_norm(alone ? x.unsqueeze(0) : x, m.weight, m.bias, m.running_mean, m.running_var,
                        m.is_training() || !m.running_mean.defined(), m.options.momentum(), m.options.eps(), false);
  return alone ? y.squeeze(0) : y;
}

void put(std::ostream& s, const optional<double>& v) {
  if (v) {
    s << *v;
  } else {
    s << "None";
  }
}
void put(std::ostream& s, double v) { s << v; }
template <class O>
void print(std::ostream& s, const char* name, const O& o) {
  s << "torch::nn::" << name << '(' << o.num_features() << ", eps=" << o.eps() << ", momentum=";
  put(s, o.momentum());
  s << ", affine=" << (o.affine() ? "true" : "false")
    << ", track_running_stats=" << (o.track_running_stats() ? "true" : "false") << ')';
}

}  // namespace

#define GRADTAPE_NORM(Name, Options, normed, dims)                                              \
  Name##Impl::Name##Impl(std::int64_t num_features) : Name##Impl(Options(num_features)) {}      \
  Name##Impl::Name##Impl(const Options& o) : options(o) { reset(); }                            \
  void Name##Impl::reset() { register_all(*this); }                                             \
  void Name##Impl::reset_running_stats() { reset_statistics(*this); }                           \
  void Name##Impl::reset_parameters() { reset_all(*this); }                                     \
  Tensor Name##Impl::forward(const Tensor& input) { return normed(*this, #Name, input, dims); } \
  void Name##Impl::pretty_print(std::ostream& stream) const { print(stream, #Name, options); }  \
  GRADTAPE_LAYER_DEFINITION(Name##Impl);
GRADTAPE_NORM(BatchNorm1d, BatchNormOptions, batch_normed, 1)
GRADTAPE_NORM(BatchNorm2d, BatchNormOptions, batch_normed, 2)
GRADTAPE_NORM(BatchNorm3d, BatchNormOptions, batch_normed, 3)
GRADTAPE_NORM(InstanceNorm1d, InstanceNormOptions, instance_normed, 1)
GRADTAPE_NORM(InstanceNorm2d, InstanceNormOptions, instance_normed, 2)
GRADTAPE_NORM(InstanceNorm3d, InstanceNormOptions, instance_normed, 3)

namespace functional {

Tensor batch_norm(const Tensor& input, const Tensor& running_mean, const Tensor& running_var,
                  const BatchNormFuncOptions& o) {
  if (o.training() && input.defined()) check_several("batch_norm", input);
  return at::batch_norm(input, o.weight(), o.bias(), running_mean, running_var, o.training(), o.momentum().value_or(0),
                        o.eps(), false);
}
Tensor instance_norm(const Tensor& input, const InstanceNormFuncOptions& o) {
  return at::instance_norm(input, o.weight(), o.bias(), o.running_mean(), o.running_var(), o.use_input_stats(),
                           o.momentum(), o.eps(), false);
}

}  // namespace functional
}  // namespace gradtape::nn
