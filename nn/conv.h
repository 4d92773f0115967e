#pragma once
// Convolutions (see autograd/ops_convolution.h for the formula and the sizes of results). Inputs are [N, C, dims..] or
// [C, dims..]; a forward with another rank or number of channels is an error.
#include <cstdint>

#include "arg.h"
#include "enum.h"
#include "expanding_array.h"
#include "layer.h"

namespace gradtape::nn {

namespace detail {
// Zeros around the input: numbers, or what keeps its size (kSame, for stride 1), or none (kValid).
template <std::size_t D>
class ConvPadding {
 public:
  ConvPadding(std::int64_t all) : sizes_(all) {}                     // NOLINT(google-explicit-constructor)
  ConvPadding(std::initializer_list<std::int64_t> v) : sizes_(v) {}  // NOLINT(google-explicit-constructor)
  ConvPadding(ExpandingArray<D> v) : sizes_(v) {}                    // NOLINT(google-explicit-constructor)
  ConvPadding(enumtype::kValid) : sizes_(0), word_("valid") {}       // NOLINT(google-explicit-constructor)
  ConvPadding(enumtype::kSame) : sizes_(0), word_("same") {}         // NOLINT(google-explicit-constructor)
  const ExpandingArray<D>& sizes() const { return sizes_; }
  const char* word() const { return word_; }  // "valid", "same" or null

 private:
  ExpandingArray<D> sizes_;
  const char* word_ = nullptr;
};
using conv_padding_mode_t =
    enumtype::OneOf<enumtype::kZeros, enumtype::kReflect, enumtype::kReplicate, enumtype::kCircular>;
}  // namespace detail

template <std::size_t D>
struct ConvOptions {
  using padding_t = detail::ConvPadding<D>;
  using padding_mode_t = detail::conv_padding_mode_t;
  using Sizes = ExpandingArray<D>;
  ConvOptions(std::int64_t in_channels, std::int64_t out_channels, ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(kernel_size) {}
  GRADTAPE_ARG(std::int64_t, in_channels);
  GRADTAPE_ARG(std::int64_t, out_channels);
  GRADTAPE_ARG(Sizes, kernel_size);
  GRADTAPE_ARG(Sizes, stride) = 1;
  GRADTAPE_ARG(padding_t, padding) = 0;
  GRADTAPE_ARG(Sizes, dilation) = 1;
  GRADTAPE_ARG(std::int64_t, groups) = 1;
  GRADTAPE_ARG(bool, bias) = true;
  GRADTAPE_ARG(padding_mode_t, padding_mode) = kZeros;
};
using Conv1dOptions = ConvOptions<1>;
using Conv2dOptions = ConvOptions<2>;
using Conv3dOptions = ConvOptions<3>;

template <std::size_t D>
struct ConvTransposeOptions {
  using padding_mode_t = detail::conv_padding_mode_t;
  using Sizes = ExpandingArray<D>;
  ConvTransposeOptions(std::int64_t in_channels, std::int64_t out_channels, ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(kernel_size) {}
  GRADTAPE_ARG(std::int64_t, in_channels);
  GRADTAPE_ARG(std::int64_t, out_channels);
  GRADTAPE_ARG(Sizes, kernel_size);
  GRADTAPE_ARG(Sizes, stride) = 1;
  GRADTAPE_ARG(Sizes, padding) = 0;
  GRADTAPE_ARG(Sizes, output_padding) = 0;
  GRADTAPE_ARG(std::int64_t, groups) = 1;
  GRADTAPE_ARG(bool, bias) = true;
  GRADTAPE_ARG(Sizes, dilation) = 1;
  GRADTAPE_ARG(padding_mode_t, padding_mode) = kZeros;  // kZeros only
};
using ConvTranspose1dOptions = ConvTransposeOptions<1>;
using ConvTranspose2dOptions = ConvTransposeOptions<2>;
using ConvTranspose3dOptions = ConvTransposeOptions<3>;

// weight [out_channels, in_channels / groups, kernel dims..], bias [out_channels]; both start uniform on (-k, k),
// k = (in_channels / groups * kernel area)^(-1/2).
#define GRADTAPE_CONV(Name, D)                                                                      \
  struct Name##Impl : Module {                                                                      \
    Name##Impl(std::int64_t in_channels, std::int64_t out_channels, ExpandingArray<D> kernel_size); \
    explicit Name##Impl(const ConvOptions<D>& options);                                             \
    Tensor forward(const Tensor& input);                                                            \
    void reset_parameters();                                                                        \
    ConvOptions<D> options;                                                                         \
    Tensor weight;                                                                                  \
    Tensor bias; /* undefined without bias */                                                       \
    GRADTAPE_LAYER(Name##Impl);                                                                     \
  };                                                                                                \
  GRADTAPE_MODULE(Name);
GRADTAPE_CONV(Conv1d, 1)
GRADTAPE_CONV(Conv2d, 2)
GRADTAPE_CONV(Conv3d, 3)
#undef GRADTAPE_CONV

// The adjoint. weight [in_channels, out_channels / groups, kernel dims..]. output_size, the last D sizes of the result
// or all, chooses among those that the stride leaves open.
#define GRADTAPE_CONV(Name, D)                                                                      \
  struct Name##Impl : Module {                                                                      \
    Name##Impl(std::int64_t in_channels, std::int64_t out_channels, ExpandingArray<D> kernel_size); \
    explicit Name##Impl(const ConvTransposeOptions<D>& options);                                    \
    Tensor forward(const Tensor& input, const optional<IntArrayRef>& output_size = nullopt);        \
    void reset_parameters();                                                                        \
    ConvTransposeOptions<D> options;                                                                \
    Tensor weight;                                                                                  \
    Tensor bias; /* undefined without bias */                                                       \
    GRADTAPE_LAYER(Name##Impl);                                                                     \
                                                                                                    \
   protected:                                                                                       \
    std::size_t forward_defaults(AnyValue* values, std::size_t given) override;                     \
  };                                                                                                \
  GRADTAPE_MODULE(Name);
GRADTAPE_CONV(ConvTranspose1d, 1)
GRADTAPE_CONV(ConvTranspose2d, 2)
GRADTAPE_CONV(ConvTranspose3d, 3)
#undef GRADTAPE_CONV

namespace functional {
template <std::size_t D>
struct ConvFuncOptions {
  using padding_t = nn::detail::ConvPadding<D>;
  using Sizes = ExpandingArray<D>;
  GRADTAPE_ARG(Tensor, bias) = {};
  GRADTAPE_ARG(Sizes, stride) = 1;
  GRADTAPE_ARG(padding_t, padding) = 0;
  GRADTAPE_ARG(Sizes, dilation) = 1;
  GRADTAPE_ARG(std::int64_t, groups) = 1;
};
using Conv1dFuncOptions = ConvFuncOptions<1>;
using Conv2dFuncOptions = ConvFuncOptions<2>;
using Conv3dFuncOptions = ConvFuncOptions<3>;
template <std::size_t D>
struct ConvTransposeFuncOptions {
  using Sizes = ExpandingArray<D>;
  GRADTAPE_ARG(Tensor, bias) = {};
  GRADTAPE_ARG(Sizes, stride) = 1;
  GRADTAPE_ARG(Sizes, padding) = 0;
  GRADTAPE_ARG(Sizes, output_padding) = 0;
  GRADTAPE_ARG(std::int64_t, groups) = 1;
  GRADTAPE_ARG(Sizes, dilation) = 1;
};
using ConvTranspose1dFuncOptions = ConvTransposeFuncOptions<1>;
using ConvTranspose2dFuncOptions = ConvTransposeFuncOptions<2>;
using ConvTranspose3dFuncOptions = ConvTransposeFuncOptions<3>;
Tensor conv1d(const Tensor& input, const Tensor& weight, const Conv1dFuncOptions& options = {});
Tensor conv2d(const Tensor& input, const Tensor& weight, const Conv2dFuncOptions& options = {});
Tensor conv3d(const Tensor& input, const Tensor& weight, const Conv3dFuncOptions& options = {});
Tensor conv_transpose1d(const Tensor& input, const Tensor& weight, const ConvTranspose1dFuncOptions& options = {});
Tensor conv_transpose2d(const Tensor& input, const Tensor& weight, const ConvTranspose2dFuncOptions& options = {});
Tensor conv_transpose3d(const Tensor& input, const Tensor& weight, const ConvTranspose3dFuncOptions& options = {});
}  // namespace functional

}  // namespace gradtape::nn
