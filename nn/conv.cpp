#include "nn/conv.h"

#include <cmath>
#include <ostream>
#include <sstream>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "nn/any.h"
#include "nn/cloneable.h"
#include "nn/init.h"

namespace gradtape::nn {
namespace {

template <class M>
std::string text_of(const M& m) {
  std::ostringstream s;
  m.pretty_print(s);
  return s.str();
}

template <class O>
void check_options(const char* name, const O& o) {
  check<ValueError>(o.in_channels() > 0 && o.out_channels() > 0 && o.groups() > 0, name,
                    "in_channels, out_channels and groups must be positive, got ", o.in_channels(), ", ",
                    o.out_channels(), " and ", o.groups());
  check<ValueError>(o.in_channels() % o.groups() == 0 && o.out_channels() % o.groups() == 0, name, "in_channels ",
                    o.in_channels(), " and out_channels ", o.out_channels(), " must be divisible by groups ",
                    o.groups());
  for (std::size_t d = 0; d < o.kernel_size().size(); ++d)
    check<ValueError>((*o.kernel_size())[d] > 0 && (*o.stride())[d] > 0 && (*o.dilation())[d] > 0, name,
                      "kernel_size, stride and dilation must be positive, got ", o.kernel_size().to_string(), ", ",
                      o.stride().to_string(), " and ", o.dilation().to_string());
}
template <std::size_t D>
void check_padding(const char* name, const ConvOptions<D>& o) {
  const bool same = o.padding().word() && o.padding().word()[0] == 's';
  for (std::int64_t s : *o.stride())
    check<ValueError>(!same || s == 1, name, "padding kSame needs stride 1, got stride ", o.stride().to_string());
}
template <std::size_t D>
void check_padding(const char*, const ConvTransposeOptions<D>&) {}

// `first` and `second` are the leading sizes of the weight.
template <class M>
void register_weights(M& m, std::int64_t first, std::int64_t second) {
  Shape sizes{first, second};
  for (std::int64_t k : *m.options.kernel_size()) sizes.push_back(k);
  m.weight = m.register_parameter("weight", empty(sizes));
  m.bias = m.register_parameter("bias", m.options.bias() ? empty({m.options.out_channels()}) : Tensor());
  m.reset_parameters();
}
// As libtorch: the fan of a transposed weight is that of its second size.
void start(const Tensor& weight, const Tensor& bias) {
  init::kaiming_uniform_(weight, std::sqrt(5.0));
  if (!bias.defined()) return;
  const std::int64_t fan_in = weight.size(0) > 0 ? weight.numel() / weight.size(0) : 0;
  const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
  init::uniform_(bias, -bound, bound);
}

template <class M>
void check_input(const M& m, const char* name, const Tensor& input, std::int64_t dims) {
  check(input.defined(), name, "the input is an undefined tensor");
  check(input.dim() == dims + 1 || input.dim() == dims + 2, name, text_of(m), " needs an input of rank ", dims + 2,
        " [N, C, ..] or ", dims + 1, " [C, ..], got ", input);
  check(input.size(-dims - 1) == m.options.in_channels(), name, text_of(m), " needs ", m.options.in_channels(),
        " channels in dim ", input.dim() - dims - 1, ", got ", input);
}

// What stands before and behind each dimension, from the last on, where the padding is more than zeros in numbers.
template <std::size_t D>
Shape padding_of(const ConvOptions<D>& o) {
  Shape pad;
  for (std::size_t d = D; d-- > 0;) {
    std::int64_t before = (*o.padding().sizes())[d], behind = before;
    if (o.padding().word() && o.padding().word()[0] == 's') {
      const std::int64_t total = (*o.dilation())[d] * ((*o.kernel_size())[d] - 1);
      before = total / 2;
      behind = total - before;
    }
    pad.push_back(before);
    pad.push_back(behind);
  }
  return pad;
}
const char* pad_mode(detail::conv_padding_mode_t mode) {
  return mode.is<enumtype::kReflect>() ? "reflect" : mode.is<enumtype::kReplicate>() ? "replicate" : "circular";
}

template <std::size_t D>
Tensor convolved(const Tensor& x, const Tensor& weight, const Tensor& bias, const ExpandingArray<D>& stride,
                 const detail::ConvPadding<D>& padding, const ExpandingArray<D>& dilation, std::int64_t groups) {
  const auto apply = [&](auto pad) {
    if constexpr (D == 1) return at::conv1d(x, weight, bias, stride, pad, dilation, groups);
    if constexpr (D == 2) return at::conv2d(x, weight, bias, stride, pad, dilation, groups);
    if constexpr (D == 3) return at::conv3d(x, weight, bias, stride, pad, dilation, groups);
  };
  return padding.word() ? apply(std::string_view(padding.word())) : apply(IntArrayRef(padding.sizes()));
}

template <class M, std::size_t D>
Tensor forward_of(const M& m, const char* name, const ConvOptions<D>& o, const Tensor& input) {
  check_input(m, name, input, static_cast<std::int64_t>(D));
  if (o.padding_mode().template is<enumtype::kZeros>())
    return convolved<D>(input, m.weight, m.bias, o.stride(), o.padding(), o.dilation(), o.groups());
  const bool alone = input.dim() == static_cast<std::int64_t>(D) + 1;
  const Tensor x = pad(alone ? input.unsqueeze(0) : input, padding_of(o), pad_mode(o.padding_mode()));
  const Tensor y = convolved<D>(x, m.weight, m.bias, o.stride(), 0, o.dilation(), o.groups());
  return alone ? y.squeeze(0) : y;
}

template <std::size_t D>
Tensor transposed(const Tensor& x, const Tensor& weight, const Tensor& bias, const ExpandingArray<D>& stride,
                  const ExpandingArray<D>& padding, IntArrayRef output_padding, std::int64_t groups,
                  const ExpandingArray<D>& dilation) {
  if constexpr (D == 1) return at::conv_transpose1d(x, weight, bias, stride, padding, output_padding, groups, dilation);
  if constexpr (D == 2) return at::conv_transpose2d(x, weight, bias, stride, padding, output_padding, groups, dilation);
  if constexpr (D == 3) return at::conv_transpose3d(x, weight, bias, stride, padding, output_padding, groups, dilation);
}

// The output_padding that gives `wanted`.
template <class M, std::size_t D>
Shape output_padding_for(const M& m, const char* name, const ConvTransposeOptions<D>& o, const Tensor& input,
                         IntArrayRef wanted) {
  const auto rank = static_cast<std::size_t>(input.dim());
  check<ValueError>(wanted.size() == D || wanted.size() == rank, name, text_of(m), ": output_size needs ",
                    static_cast<std::int64_t>(D), " or ", input.dim(), " numbers, got ", wanted);
  Shape out(D, 0);
  for (std::size_t d = 0; d < D; ++d) {
    const std::int64_t size = input.sizes()[rank - D + d], stride = (*o.stride())[d];
    const std::int64_t least =
        (size - 1) * stride - 2 * (*o.padding())[d] + (*o.dilation())[d] * ((*o.kernel_size())[d] - 1) + 1;
    const std::int64_t most = least + stride - 1, w = wanted[wanted.size() - D + d];
    check<ValueError>(w >= least && w <= most, name, text_of(m), ": output_size ", wanted, " is out of reach for ",
                      input, "; dimension ", static_cast<std::int64_t>(d), " can be ", least, " to ", most);
    out[d] = w - least;
  }
  return out;
}

template <class M, std::size_t D>
Tensor forward_of(const M& m, const char* name, const ConvTransposeOptions<D>& o, const Tensor& input,
                  const optional<IntArrayRef>& output_size) {
  check<NotImplementedError>(o.padding_mode().template is<enumtype::kZeros>(), name,
                             "only padding_mode kZeros is supported, as in libtorch");
  check_input(m, name, input, static_cast<std::int64_t>(D));
  const Shape extra =
      output_size ? output_padding_for(m, name, o, input, *output_size) : Shape(IntArrayRef(o.output_padding()));
  return transposed<D>(input, m.weight, m.bias, o.stride(), o.padding(), extra, o.groups(), o.dilation());
}

template <std::size_t D>
bool all_equal(const ExpandingArray<D>& a, std::int64_t v) {
  return std::all_of(a->begin(), a->end(), [v](std::int64_t x) { return x == v; });
}
template <class O>
void print_start(std::ostream& s, const char* name, const O& o) {
  s << "torch::nn::" << name << '(' << o.in_channels() << ", " << o.out_channels()
    << ", kernel_size=" << o.kernel_size() << ", stride=" << o.stride();
}
template <class O>
void print_end(std::ostream& s, const O& o) {
  if (o.groups() != 1) s << ", groups=" << o.groups();
  if (!o.bias()) s << ", bias=false";
  if (!o.padding_mode().template is<enumtype::kZeros>())
    s << ", padding_mode=" << enumtype::get_enum_name(o.padding_mode());
  s << ')';
}
template <std::size_t D>
void print(std::ostream& s, const char* name, const ConvOptions<D>& o) {
  print_start(s, name, o);
  if (o.padding().word()) {
    s << ", padding='" << o.padding().word() << '\'';
  } else if (!all_equal(o.padding().sizes(), 0)) {
    s << ", padding=" << o.padding().sizes();
  }
  if (!all_equal(o.dilation(), 1)) s << ", dilation=" << o.dilation();
  print_end(s, o);
}
template <std::size_t D>
void print(std::ostream& s, const char* name, const ConvTransposeOptions<D>& o) {
  print_start(s, name, o);
  if (!all_equal(o.padding(), 0)) s << ", padding=" << o.padding();
  if (!all_equal(o.dilation(), 1)) s << ", dilation=" << o.dilation();
  if (!all_equal(o.output_padding(), 0)) s << ", output_padding=" << o.output_padding();
  print_end(s, o);
}

}  // namespace

#define GRADTAPE_CONV_COMMON(Name, D, Options)                                                               \
  Name##Impl::Name##Impl(std::int64_t in_channels, std::int64_t out_channels, ExpandingArray<D> kernel_size) \
      : Name##Impl(Options<D>(in_channels, out_channels, kernel_size)) {}                                    \
  Name##Impl::Name##Impl(const Options<D>& o) : options(o) {                                                 \
    check_options(#Name, o);                                                                                 \
    check_padding(#Name, o);                                                                                 \
    reset();                                                                                                 \
  }                                                                                                          \
  void Name##Impl::reset_parameters() { start(weight, bias); }                                               \
  void Name##Impl::pretty_print(std::ostream& stream) const { print(stream, #Name, options); }               \
  GRADTAPE_LAYER_DEFINITION(Name##Impl);

#define GRADTAPE_CONV(Name, D)                                                                 \
  GRADTAPE_CONV_COMMON(Name, D, ConvOptions)                                                   \
  void Name##Impl::reset() {                                                                   \
    register_weights(*this, options.out_channels(), options.in_channels() / options.groups()); \
  }                                                                                            \
  Tensor Name##Impl::forward(const Tensor& input) { return forward_of(*this, #Name, options, input); }
GRADTAPE_CONV(Conv1d, 1)
GRADTAPE_CONV(Conv2d, 2)
GRADTAPE_CONV(Conv3d, 3)
#undef GRADTAPE_CONV

#define GRADTAPE_CONV(Name, D)                                                                 \
  GRADTAPE_CONV_COMMON(Name, D, ConvTransposeOptions)                                          \
  void Name##Impl::reset() {                                                                   \
    register_weights(*this, options.in_channels(), options.out_channels() / options.groups()); \
  }                                                                                            \
  Tensor Name##Impl::forward(const Tensor& input, const optional<IntArrayRef>& output_size) {  \
    return forward_of(*this, #Name, options, input, output_size);                              \
  }                                                                                            \
  std::size_t Name##Impl::forward_defaults(AnyValue* values, std::size_t given) {              \
    if (given < 2) values[1] = AnyValue(optional<IntArrayRef>());                              \
    return 1;                                                                                  \
  }
GRADTAPE_CONV(ConvTranspose1d, 1)
GRADTAPE_CONV(ConvTranspose2d, 2)
GRADTAPE_CONV(ConvTranspose3d, 3)
#undef GRADTAPE_CONV

namespace functional {

#define GRADTAPE_CONV(name, D)                                                                                     \
  Tensor name(const Tensor& input, const Tensor& weight, const ConvFuncOptions<D>& o) {                            \
    return convolved<D>(input, weight, o.bias(), o.stride(), o.padding(), o.dilation(), o.groups());               \
  }                                                                                                                \
  Tensor GRADTAPE_TRANSPOSED(D)(const Tensor& input, const Tensor& weight, const ConvTransposeFuncOptions<D>& o) { \
    return transposed<D>(input, weight, o.bias(), o.stride(), o.padding(), o.output_padding(), o.groups(),         \
                         o.dilation());                                                                            \
  }
#define GRADTAPE_TRANSPOSED(D) conv_transpose##D##d
GRADTAPE_CONV(conv1d, 1)
GRADTAPE_CONV(conv2d, 2)
GRADTAPE_CONV(conv3d, 3)

}  // namespace functional
}  // namespace gradtape::nn
