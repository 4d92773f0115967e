#pragma once
// Padding: numbers {left, right, top, bottom, ..} from the last dimension on, or one for all; see pad in
// autograd/ops_shape.h.
#include <cstdint>
#include <vector>

#include "arg.h"
#include "enum.h"
#include "expanding_array.h"
#include "layer.h"

namespace gradtape::nn {

template <std::size_t D>
struct ReflectionPadOptions {
  using Sizes = ExpandingArray<D * 2>;
  ReflectionPadOptions(Sizes padding) : padding_(padding) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(Sizes, padding);
};
using ReflectionPad1dOptions = ReflectionPadOptions<1>;
using ReflectionPad2dOptions = ReflectionPadOptions<2>;
using ReflectionPad3dOptions = ReflectionPadOptions<3>;
template <std::size_t D>
struct ReplicationPadOptions {
  using Sizes = ExpandingArray<D * 2>;
  ReplicationPadOptions(Sizes padding) : padding_(padding) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(Sizes, padding);
};
using ReplicationPad1dOptions = ReplicationPadOptions<1>;
using ReplicationPad2dOptions = ReplicationPadOptions<2>;
using ReplicationPad3dOptions = ReplicationPadOptions<3>;
struct ZeroPad2dOptions {
  using Sizes = ExpandingArray<4>;
  ZeroPad2dOptions(Sizes padding) : padding_(padding) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(Sizes, padding);
};
template <std::size_t D>
struct ConstantPadOptions {
  using Sizes = ExpandingArray<D * 2>;
  ConstantPadOptions(Sizes padding, double value) : padding_(padding), value_(value) {}
  GRADTAPE_ARG(Sizes, padding);
  GRADTAPE_ARG(double, value);
};
using ConstantPad1dOptions = ConstantPadOptions<1>;
using ConstantPad2dOptions = ConstantPadOptions<2>;
using ConstantPad3dOptions = ConstantPadOptions<3>;

#define GRADTAPE_PAD(Name, N)                                                        \
  struct Name##Impl : Module {                                                       \
    Name##Impl(ExpandingArray<N> padding); /* NOLINT(google-explicit-constructor) */ \
    explicit Name##Impl(const Name##Options& options);                               \
    Tensor forward(const Tensor& input);                                             \
    Name##Options options;                                                           \
    GRADTAPE_LAYER(Name##Impl);                                                      \
  };                                                                                 \
  GRADTAPE_MODULE(Name);
GRADTAPE_PAD(ReflectionPad1d, 2)
GRADTAPE_PAD(ReflectionPad2d, 4)
GRADTAPE_PAD(ReflectionPad3d, 6)
GRADTAPE_PAD(ReplicationPad1d, 2)
GRADTAPE_PAD(ReplicationPad2d, 4)
GRADTAPE_PAD(ReplicationPad3d, 6)
GRADTAPE_PAD(ZeroPad2d, 4)
#undef GRADTAPE_PAD
#define GRADTAPE_PAD(Name, N)                            \
  struct Name##Impl : Module {                           \
    Name##Impl(ExpandingArray<N> padding, double value); \
    explicit Name##Impl(const Name##Options& options);   \
    Tensor forward(const Tensor& input);                 \
    Name##Options options;                               \
    GRADTAPE_LAYER(Name##Impl);                          \
  };                                                     \
  GRADTAPE_MODULE(Name);
GRADTAPE_PAD(ConstantPad1d, 2)
GRADTAPE_PAD(ConstantPad2d, 4)
GRADTAPE_PAD(ConstantPad3d, 6)
#undef GRADTAPE_PAD

namespace functional {
struct PadFuncOptions {
  using mode_t = enumtype::OneOf<enumtype::kConstant, enumtype::kReflect, enumtype::kReplicate, enumtype::kCircular>;
  PadFuncOptions(std::vector<std::int64_t> pad) : pad_(std::move(pad)) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(std::vector<std::int64_t>, pad);
  GRADTAPE_ARG(mode_t, mode) = kConstant;
  GRADTAPE_ARG(double, value) = 0;
};
Tensor pad(const Tensor& input, const PadFuncOptions& options);
}  // namespace functional

}  // namespace gradtape::nn
