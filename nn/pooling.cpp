#include "nn/pooling.h"

#include <ostream>
#include <sstream>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "nn/cloneable.h"

namespace gradtape::nn {
namespace {

template <std::size_t D>
void check_input(const char* name, const Tensor& input, const std::string& options) {
  constexpr auto dims = static_cast<std::int64_t>(D);
  check(input.defined(), name, "the input is an undefined tensor");
  check(input.dim() == dims + 1 || input.dim() == dims + 2, name, options, " needs an input of rank ", dims + 2,
        " [N, C, ..] or ", dims + 1, " [C, ..], got ", input);
}

const char* text(bool b) { return b ? "true" : "false"; }
template <std::size_t D>
std::string described(const MaxPoolOptions<D>& o) {
  std::ostringstream s;
  s << "(kernel_size=" << o.kernel_size() << ", stride=" << o.stride() << ", padding=" << o.padding()
    << ", dilation=" << o.dilation() << ", ceil_mode=" << text(o.ceil_mode()) << ')';
  return s.str();
}
template <std::size_t D>
std::string described(const AvgPoolOptions<D>& o) {
  std::ostringstream s;
  s << "(kernel_size=" << o.kernel_size() << ", stride=" << o.stride() << ", padding=" << o.padding() << ')';
  return s.str();
}
template <std::size_t D>
std::string described(const LPPoolOptions<D>& o) {
  std::ostringstream s;
  s << "(norm_type=" << o.norm_type() << ", kernel_size=" << o.kernel_size() << ", stride=" << o.stride()
    << ", ceil_mode=" << text(o.ceil_mode()) << ')';
  return s.str();
}
template <class Size>
std::string described(const AdaptiveMaxPoolOptions<Size>& o) {
  return "(output_size=" + o.output_size().to_string() + ")";
}
template <class Size>
std::string described(const AdaptiveAvgPoolOptions<Size>& o) {
  return "(output_size=" + o.output_size().to_string() + ")";
}

template <std::size_t D>
IntArrayRef sizes_for(const Tensor&, const ExpandingArray<D>& size, Shape&) {
  return size;
}
template <std::size_t D>
IntArrayRef sizes_for(const Tensor& x, const ExpandingArrayWithOptionalElem<D>& size, Shape& room) {
  room = Shape(D, 0);
  for (std::size_t d = 0; d < D; ++d)
    room[d] = (*size)[d].value_or(x.size(static_cast<std::int64_t>(d) - static_cast<std::int64_t>(D)));
  return room;
}

// The root of the sum, which is the mean times the window's size; no number for a negative one, as in libtorch.
Tensor rooted(const Tensor& mean, double p, double count) { return pow(sign(mean) * relu(abs(mean)) * count, 1 / p); }

}  // namespace

namespace functional {

#define GRADTAPE_POOL(name, Name, D)                                                                              \
  Tensor name(const Tensor& input, const Name##FuncOptions& o) {                                                  \
    check_input<D>(#name, input, #Name + described(o));                                                           \
    return at::name(input, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());                \
  }                                                                                                               \
  std::tuple<Tensor, Tensor> name##_with_indices(const Tensor& input, const Name##FuncOptions& o) {               \
    check_input<D>(#name, input, #Name + described(o));                                                           \
    return at::name##_with_indices(input, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode()); \
  }
GRADTAPE_POOL(max_pool1d, MaxPool1d, 1)
GRADTAPE_POOL(max_pool2d, MaxPool2d, 2)
GRADTAPE_POOL(max_pool3d, MaxPool3d, 3)
#undef GRADTAPE_POOL

#define GRADTAPE_POOL(name, Name, D)                                                                \
  std::tuple<Tensor, Tensor> name##_with_indices(const Tensor& input, const Name##FuncOptions& o) { \
    check_input<D>(#name, input, #Name + described(o));                                             \
    Shape room;                                                                                     \
    return at::name(input, sizes_for(input, o.output_size(), room));                                \
  }                                                                                                 \
  Tensor name(const Tensor& input, const Name##FuncOptions& o) { return std::get<0>(name##_with_indices(input, o)); }
GRADTAPE_POOL(adaptive_max_pool1d, AdaptiveMaxPool1d, 1)
GRADTAPE_POOL(adaptive_max_pool2d, AdaptiveMaxPool2d, 2)
GRADTAPE_POOL(adaptive_max_pool3d, AdaptiveMaxPool3d, 3)
#undef GRADTAPE_POOL

#define GRADTAPE_POOL(name, Name, D)                                 \
  Tensor name(const Tensor& input, const Name##FuncOptions& o) {     \
    check_input<D>(#name, input, #Name + described(o));              \
    Shape room;                                                      \
    return at::name(input, sizes_for(input, o.output_size(), room)); \
  }
GRADTAPE_POOL(adaptive_avg_pool1d, AdaptiveAvgPool1d, 1)
GRADTAPE_POOL(adaptive_avg_pool2d, AdaptiveAvgPool2d, 2)
GRADTAPE_POOL(adaptive_avg_pool3d, AdaptiveAvgPool3d, 3)
#undef GRADTAPE_POOL

Tensor avg_pool1d(const Tensor& input, const AvgPool1dFuncOptions& o) {
  check_input<1>("avg_pool1d", input, "AvgPool1d" + described(o));
  return at::avg_pool1d(input, o.kernel_size(), o.stride(), o.padding(), o.ceil_mode(), o.count_include_pad());
}
Tensor avg_pool2d(const Tensor& input, const AvgPool2dFuncOptions& o) {
  check_input<2>("avg_pool2d", input, "AvgPool2d" + described(o));
  return at::avg_pool2d(input, o.kernel_size(), o.stride(), o.padding(), o.ceil_mode(), o.count_include_pad(),
                        o.divisor_override());
}
Tensor avg_pool3d(const Tensor& input, const AvgPool3dFuncOptions& o) {
  check_input<3>("avg_pool3d", input, "AvgPool3d" + described(o));
  return at::avg_pool3d(input, o.kernel_size(), o.stride(), o.padding(), o.ceil_mode(), o.count_include_pad(),
                        o.divisor_override());
}

Tensor lp_pool1d(const Tensor& input, const LPPool1dFuncOptions& o) {
  check_input<1>("lp_pool1d", input, "LPPool1d" + described(o));
  const Tensor mean = at::avg_pool1d(pow(input, o.norm_type()), o.kernel_size(), o.stride(), 0, o.ceil_mode());
  return rooted(mean, o.norm_type(), static_cast<double>((*o.kernel_size())[0]));
}
Tensor lp_pool2d(const Tensor& input, const LPPool2dFuncOptions& o) {
  check_input<2>("lp_pool2d", input, "LPPool2d" + described(o));
  const Tensor mean = at::avg_pool2d(pow(input, o.norm_type()), o.kernel_size(), o.stride(), 0, o.ceil_mode());
  return rooted(mean, o.norm_type(), static_cast<double>((*o.kernel_size())[0] * (*o.kernel_size())[1]));
}

}  // namespace functional

#define GRADTAPE_POOL(Name, name)                                                                                    \
  Name##Impl::Name##Impl(const Name##Options& o) : options(o) {}                                                     \
  Tensor Name##Impl::forward(const Tensor& input) { return functional::name(input, options); }                       \
  void Name##Impl::reset() {}                                                                                        \
  void Name##Impl::pretty_print(std::ostream& stream) const { stream << "torch::nn::" #Name << described(options); } \
  GRADTAPE_LAYER_DEFINITION(Name##Impl);
#define GRADTAPE_SIZED_POOL(Name, name, Size)                            \
  Name##Impl::Name##Impl(Size size) : Name##Impl(Name##Options(size)) {} \
  GRADTAPE_POOL(Name, name)
#define GRADTAPE_MAX_POOL(Name, name, Size)                                          \
  GRADTAPE_SIZED_POOL(Name, name, Size)                                              \
  std::tuple<Tensor, Tensor> Name##Impl::forward_with_indices(const Tensor& input) { \
    return functional::name##_with_indices(input, options);                          \
  }
GRADTAPE_MAX_POOL(MaxPool1d, max_pool1d, ExpandingArray<1>)
GRADTAPE_MAX_POOL(MaxPool2d, max_pool2d, ExpandingArray<2>)
GRADTAPE_MAX_POOL(MaxPool3d, max_pool3d, ExpandingArray<3>)
GRADTAPE_MAX_POOL(AdaptiveMaxPool1d, adaptive_max_pool1d, ExpandingArray<1>)
GRADTAPE_MAX_POOL(AdaptiveMaxPool2d, adaptive_max_pool2d, ExpandingArrayWithOptionalElem<2>)
GRADTAPE_MAX_POOL(AdaptiveMaxPool3d, adaptive_max_pool3d, ExpandingArrayWithOptionalElem<3>)
GRADTAPE_SIZED_POOL(AvgPool1d, avg_pool1d, ExpandingArray<1>)
GRADTAPE_SIZED_POOL(AvgPool2d, avg_pool2d, ExpandingArray<2>)
GRADTAPE_SIZED_POOL(AvgPool3d, avg_pool3d, ExpandingArray<3>)
GRADTAPE_SIZED_POOL(AdaptiveAvgPool1d, adaptive_avg_pool1d, ExpandingArray<1>)
GRADTAPE_SIZED_POOL(AdaptiveAvgPool2d, adaptive_avg_pool2d, ExpandingArrayWithOptionalElem<2>)
GRADTAPE_SIZED_POOL(AdaptiveAvgPool3d, adaptive_avg_pool3d, ExpandingArrayWithOptionalElem<3>)
GRADTAPE_POOL(LPPool1d, lp_pool1d)
GRADTAPE_POOL(LPPool2d, lp_pool2d)
LPPool1dImpl::LPPool1dImpl(double norm_type, ExpandingArray<1> size) : LPPool1dImpl(LPPool1dOptions(norm_type, size)) {}
LPPool2dImpl::LPPool2dImpl(double norm_type, ExpandingArray<2> size) : LPPool2dImpl(LPPool2dOptions(norm_type, size)) {}

}  // namespace gradtape::nn
