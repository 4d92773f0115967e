#pragma once
// Pooling (see autograd/ops_pooling.h). Inputs are [N, C, dims..] or [C, dims..].
#include <cstdint>
#include <tuple>

#include "arg.h"
#include "expanding_array.h"
#include "layer.h"

namespace gradtape::nn {

// stride is kernel_size where it is not given.
template <std::size_t D>
struct MaxPoolOptions {
  using Sizes = ExpandingArray<D>;
  MaxPoolOptions(ExpandingArray<D> kernel_size)  // NOLINT(google-explicit-constructor)
      : kernel_size_(kernel_size), stride_(kernel_size) {}
  GRADTAPE_ARG(Sizes, kernel_size);
  GRADTAPE_ARG(Sizes, stride);
  GRADTAPE_ARG(Sizes, padding) = 0;
  GRADTAPE_ARG(Sizes, dilation) = 1;
  GRADTAPE_ARG(bool, ceil_mode) = false;
};
using MaxPool1dOptions = MaxPoolOptions<1>;
using MaxPool2dOptions = MaxPoolOptions<2>;
using MaxPool3dOptions = MaxPoolOptions<3>;

template <std::size_t D>
struct AvgPoolOptions {
  using Sizes = ExpandingArray<D>;
  AvgPoolOptions(ExpandingArray<D> kernel_size)  // NOLINT(google-explicit-constructor)
      : kernel_size_(kernel_size), stride_(kernel_size) {}
  GRADTAPE_ARG(Sizes, kernel_size);
  GRADTAPE_ARG(Sizes, stride);
  GRADTAPE_ARG(Sizes, padding) = 0;
  GRADTAPE_ARG(bool, ceil_mode) = false;
  GRADTAPE_ARG(bool, count_include_pad) = true;
  GRADTAPE_ARG(optional<std::int64_t>, divisor_override) = nullopt;  // of 2d and 3d
};
using AvgPool1dOptions = AvgPoolOptions<1>;
using AvgPool2dOptions = AvgPoolOptions<2>;
using AvgPool3dOptions = AvgPoolOptions<3>;

template <std::size_t D>
struct LPPoolOptions {
  using Sizes = ExpandingArray<D>;
  LPPoolOptions(double norm_type, ExpandingArray<D> kernel_size)
      : norm_type_(norm_type), kernel_size_(kernel_size), stride_(kernel_size) {}
  GRADTAPE_ARG(double, norm_type);
  GRADTAPE_ARG(Sizes, kernel_size);
  GRADTAPE_ARG(Sizes, stride);
  GRADTAPE_ARG(bool, ceil_mode) = false;
};
using LPPool1dOptions = LPPoolOptions<1>;
using LPPool2dOptions = LPPoolOptions<2>;

// A size left open (nullopt) is the input's.
template <class Size>
struct AdaptiveMaxPoolOptions {
  AdaptiveMaxPoolOptions(Size output_size) : output_size_(output_size) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(Size, output_size);
};
template <class Size>
struct AdaptiveAvgPoolOptions {
  AdaptiveAvgPoolOptions(Size output_size) : output_size_(output_size) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(Size, output_size);
};
using AdaptiveMaxPool1dOptions = AdaptiveMaxPoolOptions<ExpandingArray<1>>;
using AdaptiveMaxPool2dOptions = AdaptiveMaxPoolOptions<ExpandingArrayWithOptionalElem<2>>;
using AdaptiveMaxPool3dOptions = AdaptiveMaxPoolOptions<ExpandingArrayWithOptionalElem<3>>;
using AdaptiveAvgPool1dOptions = AdaptiveAvgPoolOptions<ExpandingArray<1>>;
using AdaptiveAvgPool2dOptions = AdaptiveAvgPoolOptions<ExpandingArrayWithOptionalElem<2>>;
using AdaptiveAvgPool3dOptions = AdaptiveAvgPoolOptions<ExpandingArrayWithOptionalElem<3>>;

// The largest element of each window. forward_with_indices also gives its number in the plane.
#define GRADTAPE_POOL(Name, Size)                                         \
  struct Name##Impl : Module {                                            \
    Name##Impl(Size size); /* NOLINT(google-explicit-constructor) */      \
    explicit Name##Impl(const Name##Options& options);                    \
    Tensor forward(const Tensor& input);                                  \
    std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& input); \
    Name##Options options;                                                \
    GRADTAPE_LAYER(Name##Impl);                                           \
  };                                                                      \
  GRADTAPE_MODULE(Name);
GRADTAPE_POOL(MaxPool1d, ExpandingArray<1>)
GRADTAPE_POOL(MaxPool2d, ExpandingArray<2>)
GRADTAPE_POOL(MaxPool3d, ExpandingArray<3>)
GRADTAPE_POOL(AdaptiveMaxPool1d, ExpandingArray<1>)
GRADTAPE_POOL(AdaptiveMaxPool2d, ExpandingArrayWithOptionalElem<2>)
GRADTAPE_POOL(AdaptiveMaxPool3d, ExpandingArrayWithOptionalElem<3>)
#undef GRADTAPE_POOL

// The mean of each window.
#define GRADTAPE_POOL(Name, Size)                                    \
  struct Name##Impl : Module {                                       \
    Name##Impl(Size size); /* NOLINT(google-explicit-constructor) */ \
    explicit Name##Impl(const Name##Options& options);               \
    Tensor forward(const Tensor& input);                             \
    Name##Options options;                                           \
    GRADTAPE_LAYER(Name##Impl);                                      \
  };                                                                 \
  GRADTAPE_MODULE(Name);
GRADTAPE_POOL(AvgPool1d, ExpandingArray<1>)
GRADTAPE_POOL(AvgPool2d, ExpandingArray<2>)
GRADTAPE_POOL(AvgPool3d, ExpandingArray<3>)
GRADTAPE_POOL(AdaptiveAvgPool1d, ExpandingArray<1>)
GRADTAPE_POOL(AdaptiveAvgPool2d, ExpandingArrayWithOptionalElem<2>)
GRADTAPE_POOL(AdaptiveAvgPool3d, ExpandingArrayWithOptionalElem<3>)
#undef GRADTAPE_POOL

// (sum x^p)^(1/p) over each window.
#define GRADTAPE_POOL(Name, D)                                   \
  struct Name##Impl : Module {                                   \
    Name##Impl(double norm_type, ExpandingArray<D> kernel_size); \
    explicit Name##Impl(const Name##Options& options);           \
    Tensor forward(const Tensor& input);                         \
    Name##Options options;                                       \
    GRADTAPE_LAYER(Name##Impl);                                  \
  };                                                             \
  GRADTAPE_MODULE(Name);
GRADTAPE_POOL(LPPool1d, 1)
GRADTAPE_POOL(LPPool2d, 2)
#undef GRADTAPE_POOL

namespace functional {
#define GRADTAPE_POOL(name, Name)                                     \
  using Name##FuncOptions = Name##Options;                            \
  Tensor name(const Tensor& input, const Name##FuncOptions& options); \
  std::tuple<Tensor, Tensor> name##_with_indices(const Tensor& input, const Name##FuncOptions& options);
GRADTAPE_POOL(max_pool1d, MaxPool1d)
GRADTAPE_POOL(max_pool2d, MaxPool2d)
GRADTAPE_POOL(max_pool3d, MaxPool3d)
GRADTAPE_POOL(adaptive_max_pool1d, AdaptiveMaxPool1d)
GRADTAPE_POOL(adaptive_max_pool2d, AdaptiveMaxPool2d)
GRADTAPE_POOL(adaptive_max_pool3d, AdaptiveMaxPool3d)
#undef GRADTAPE_POOL
#define GRADTAPE_POOL(name, Name)          \
  using Name##FuncOptions = Name##Options; \
  Tensor name(const Tensor& input, const Name##FuncOptions& options);
GRADTAPE_POOL(avg_pool1d, AvgPool1d)
GRADTAPE_POOL(avg_pool2d, AvgPool2d)
GRADTAPE_POOL(avg_pool3d, AvgPool3d)
GRADTAPE_POOL(adaptive_avg_pool1d, AdaptiveAvgPool1d)
GRADTAPE_POOL(adaptive_avg_pool2d, AdaptiveAvgPool2d)
GRADTAPE_POOL(adaptive_avg_pool3d, AdaptiveAvgPool3d)
GRADTAPE_POOL(lp_pool1d, LPPool1d)
GRADTAPE_POOL(lp_pool2d, LPPool2d)
#undef GRADTAPE_POOL
}  // namespace functional

}  // namespace gradtape::nn
