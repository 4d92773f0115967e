#pragma once
// Changing the resolution of images, and images as columns of patches.
#include <cstdint>
#include <vector>

#include "arg.h"
#include "enum.h"
#include "expanding_array.h"
#include "layer.h"

namespace gradtape::nn {

struct PixelShuffleOptions {
  PixelShuffleOptions(std::int64_t upscale_factor) : upscale_factor_(upscale_factor) {}  // NOLINT
  GRADTAPE_ARG(std::int64_t, upscale_factor);
};
struct PixelUnshuffleOptions {
  PixelUnshuffleOptions(std::int64_t downscale_factor) : downscale_factor_(downscale_factor) {}  // NOLINT
  GRADTAPE_ARG(std::int64_t, downscale_factor);
};
// [*, C r^2, H, W] to [*, C, H r, W r] (Shi et al., arXiv 1609.05158), and back.
#define GRADTAPE_SHUFFLE(Name)                         \
  struct Name##Impl : Module {                         \
    explicit Name##Impl(const Name##Options& options); \
    Tensor forward(const Tensor& input);               \
    Name##Options options;                             \
    GRADTAPE_LAYER(Name##Impl);                        \
  };                                                   \
  GRADTAPE_MODULE(Name);
GRADTAPE_SHUFFLE(PixelShuffle)
GRADTAPE_SHUFFLE(PixelUnshuffle)
#undef GRADTAPE_SHUFFLE

// Exactly one of size and scale_factor. align_corners, for linear, bilinear, bicubic and trilinear: the centres of the
// corner pixels stay in their places, instead of their outer edges.
struct UpsampleOptions {
  using mode_t = enumtype::OneOf<enumtype::kNearest, enumtype::kLinear, enumtype::kBilinear, enumtype::kBicubic,
                                 enumtype::kTrilinear>;
  GRADTAPE_ARG(optional<std::vector<std::int64_t>>, size) = nullopt;
  GRADTAPE_ARG(optional<std::vector<double>>, scale_factor) = nullopt;
  GRADTAPE_ARG(mode_t, mode) = kNearest;
  GRADTAPE_ARG(optional<bool>, align_corners) = nullopt;
};
struct UpsampleImpl : Module {
  explicit UpsampleImpl(const UpsampleOptions& options = {});
  Tensor forward(const Tensor& input);
  UpsampleOptions options;
  GRADTAPE_LAYER(UpsampleImpl);
};
GRADTAPE_MODULE(Upsample);

struct UnfoldOptions {
  using Sizes = ExpandingArray<2>;
  UnfoldOptions(Sizes kernel_size) : kernel_size_(kernel_size) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(Sizes, kernel_size);
  GRADTAPE_ARG(Sizes, dilation) = 1;
  GRADTAPE_ARG(Sizes, padding) = 0;
  GRADTAPE_ARG(Sizes, stride) = 1;
};
struct FoldOptions {
  using Sizes = ExpandingArray<2>;
  FoldOptions(Sizes output_size, Sizes kernel_size) : output_size_(output_size), kernel_size_(kernel_size) {}
  GRADTAPE_ARG(Sizes, output_size);
  GRADTAPE_ARG(Sizes, kernel_size);
  GRADTAPE_ARG(Sizes, dilation) = 1;
  GRADTAPE_ARG(Sizes, padding) = 0;
  GRADTAPE_ARG(Sizes, stride) = 1;
};
// [N, C, H, W] to [N, C kernel area, patches] (im2col), and its adjoint.
struct UnfoldImpl : Module {
  UnfoldImpl(ExpandingArray<2> kernel_size);  // NOLINT(google-explicit-constructor)
  explicit UnfoldImpl(const UnfoldOptions& options);
  Tensor forward(const Tensor& input);
  UnfoldOptions options;
  GRADTAPE_LAYER(UnfoldImpl);
};
GRADTAPE_MODULE(Unfold);
struct FoldImpl : Module {
  FoldImpl(ExpandingArray<2> output_size, ExpandingArray<2> kernel_size);
  explicit FoldImpl(const FoldOptions& options);
  Tensor forward(const Tensor& input);
  FoldOptions options;
  GRADTAPE_LAYER(FoldImpl);
};
GRADTAPE_MODULE(Fold);

namespace functional {
using PixelShuffleFuncOptions = PixelShuffleOptions;
using PixelUnshuffleFuncOptions = PixelUnshuffleOptions;
using UnfoldFuncOptions = UnfoldOptions;
using FoldFuncOptions = FoldOptions;
struct InterpolateFuncOptions {
  using mode_t = enumtype::OneOf<enumtype::kNearest, enumtype::kLinear, enumtype::kBilinear, enumtype::kBicubic,
                                 enumtype::kTrilinear, enumtype::kArea, enumtype::kNearestExact>;
  GRADTAPE_ARG(optional<std::vector<std::int64_t>>, size) = nullopt;
  GRADTAPE_ARG(optional<std::vector<double>>, scale_factor) = nullopt;
  GRADTAPE_ARG(mode_t, mode) = kNearest;
  GRADTAPE_ARG(optional<bool>, align_corners) = nullopt;
  GRADTAPE_ARG(optional<bool>, recompute_scale_factor) = nullopt;  // from the sizes, instead of scale_factor itself
  GRADTAPE_ARG(bool, antialias) = false;                           // not supported
};
Tensor pixel_shuffle(const Tensor& input, const PixelShuffleFuncOptions& options);
Tensor pixel_unshuffle(const Tensor& input, const PixelUnshuffleFuncOptions& options);
Tensor unfold(const Tensor& input, const UnfoldFuncOptions& options);
Tensor fold(const Tensor& input, const FoldFuncOptions& options);
// Input [N, C, dims..]; bicubic is Keys' kernel with a = -0.75 and edges repeated (IEEE Trans. ASSP 29, 1981).
Tensor interpolate(const Tensor& input, const InterpolateFuncOptions& options = {});
}  // namespace functional

}  // namespace gradtape::nn
