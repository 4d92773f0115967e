#include "nn/padding.h"

#include <ostream>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "nn/cloneable.h"

namespace gradtape::nn {
namespace {

template <std::size_t N>
Tensor padded(const char* name, const Tensor& input, const ExpandingArray<N>& padding, const char* mode,
              double value = 0) {
  constexpr auto dims = static_cast<std::int64_t>(N / 2);
  check(input.defined(), name, "the input is an undefined tensor");
  check(mode[0] == 'c' || input.dim() == dims + 1 || input.dim() == dims + 2, name, "padding=", padding.to_string(),
        " needs an input of rank ", dims + 2, " or ", dims + 1, ", got ", input);
  check(input.dim() >= dims, name, "padding=", padding.to_string(), " needs an input of rank ", dims, " or more, got ",
        input);
  return at::pad(input, padding, mode, mode[0] == 'c' ? optional<double>(value) : optional<double>());
}

}  // namespace

#define GRADTAPE_PAD_COMMON(Name, mode, ...)                             \
  Name##Impl::Name##Impl(const Name##Options& o) : options(o) {}         \
  Tensor Name##Impl::forward(const Tensor& input) {                      \
    return padded(#Name, input, options.padding(), mode, ##__VA_ARGS__); \
  }                                                                      \
  void Name##Impl::reset() {}                                            \
  GRADTAPE_LAYER_DEFINITION(Name##Impl);
#define GRADTAPE_PAD(Name, N, mode)                                                         \
  GRADTAPE_PAD_COMMON(Name, mode)                                                           \
  Name##Impl::Name##Impl(ExpandingArray<N> padding) : Name##Impl(Name##Options(padding)) {} \
  void Name##Impl::pretty_print(std::ostream& stream) const {                               \
    stream << "torch::nn::" #Name "(padding=" << options.padding() << ')';                  \
  }
GRADTAPE_PAD(ReflectionPad1d, 2, "reflect")
GRADTAPE_PAD(ReflectionPad2d, 4, "reflect")
GRADTAPE_PAD(ReflectionPad3d, 6, "reflect")
GRADTAPE_PAD(ReplicationPad1d, 2, "replicate")
GRADTAPE_PAD(ReplicationPad2d, 4, "replicate")
GRADTAPE_PAD(ReplicationPad3d, 6, "replicate")
GRADTAPE_PAD(ZeroPad2d, 4, "constant")
#undef GRADTAPE_PAD
#define GRADTAPE_PAD(Name, N)                                                                                    \
  GRADTAPE_PAD_COMMON(Name, "constant", options.value())                                                         \
  Name##Impl::Name##Impl(ExpandingArray<N> padding, double value) : Name##Impl(Name##Options(padding, value)) {} \
  void Name##Impl::pretty_print(std::ostream& stream) const {                                                    \
    stream << "torch::nn::" #Name "(padding=" << options.padding() << ", value=" << options.value() << ')';      \
  }
GRADTAPE_PAD(ConstantPad1d, 2)
GRADTAPE_PAD(ConstantPad2d, 4)
GRADTAPE_PAD(ConstantPad3d, 6)

namespace functional {

Tensor pad(const Tensor& input, const PadFuncOptions& o) {
  const auto mode = o.mode();
  if (mode.is<enumtype::kConstant>()) return at::pad(input, o.pad(), "constant", o.value());
  return at::pad(input, o.pad(),
                 mode.is<enumtype::kReflect>()     ? "reflect"
                 : mode.is<enumtype::kReplicate>() ? "replicate"
                                                   : "circular");
}

}  // namespace functional
}  // namespace gradtape::nn
