#include "nn/vision.h"

#include <algorithm>
#include <cmath>
#include <ostream>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "nn/cloneable.h"

namespace gradtape::nn {
namespace {

constexpr const char* kOp = "interpolate";

enum class Kind { Nearest, NearestExact, Linear, Cubic, Area };
Kind kind_of(functional::InterpolateFuncOptions::mode_t mode, std::int64_t dims) {
  const char* name = enumtype::get_enum_name(mode);
  if (mode.is<enumtype::kNearest>()) return Kind::Nearest;
  if (mode.is<enumtype::kNearestExact>()) return Kind::NearestExact;
  if (mode.is<enumtype::kArea>()) return Kind::Area;
  const std::int64_t own = mode.is<enumtype::kLinear>() ? 1 : mode.is<enumtype::kTrilinear>() ? 3 : 2;
  check<ValueError>(dims == own, kOp, "mode ", name, " is for inputs of rank ", own + 2, ", got one of rank ",
                    dims + 2);
  return mode.is<enumtype::kBicubic>() ? Kind::Cubic : Kind::Linear;
}

// Where output i of a dimension looks, in input places; `scale` is input places per output place.
double source_of(std::int64_t i, std::int64_t in, std::int64_t out, double scale, bool corners) {
  const auto at = static_cast<double>(i);
  if (corners) return out > 1 ? at * static_cast<double>(in - 1) / static_cast<double>(out - 1) : 0;
  return (at + 0.5) * scale - 0.5;
}

// Along dimension d: the sum over taps of weight[tap][i] x[place[tap][i]].
Tensor blended(const Tensor& x, std::int64_t d, const std::vector<std::vector<std::int64_t>>& places,
               const std::vector<std::vector<double>>& weights) {
  Shape along(static_cast<std::size_t>(x.dim()), 1);
  along[static_cast<std::size_t>(d)] = static_cast<std::int64_t>(places[0].size());
  Tensor y;
  for (std::size_t k = 0; k < places.size(); ++k) {
    const Tensor w = tensor(weights[k], TensorOptions(x.scalar_type())).reshape(along);
    const Tensor part = index_select(x, d, tensor(places[k], kInt64)) * w;
    y = y.defined() ? y + part : part;
  }
  return y;
}

double cubic(double t) {
  constexpr double a = -0.75;
  t = std::fabs(t);
  if (t <= 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  return t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0;
}

Tensor resized(const Tensor& x, std::int64_t d, std::int64_t out, double scale, Kind kind, bool corners) {
  const std::int64_t in = x.size(d);
  const auto inside = [in](std::int64_t i) { return std::clamp<std::int64_t>(i, 0, in - 1); };
  const auto n = static_cast<std::size_t>(out);
  if (kind == Kind::Nearest || kind == Kind::NearestExact) {
    std::vector<std::int64_t> place(n);
    for (std::size_t i = 0; i < n; ++i) {
      const double at = static_cast<double>(i) + (kind == Kind::NearestExact ? 0.5 : 0);
      place[i] = inside(static_cast<std::int64_t>(std::floor(at * scale)));
    }
    return index_select(x, d, tensor(place, kInt64));
  }
  const std::size_t taps = kind == Kind::Linear ? 2 : 4;
  std::vector<std::vector<std::int64_t>> places(taps, std::vector<std::int64_t>(n));
  std::vector<std::vector<double>> weights(taps, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i) {
    double at = source_of(static_cast<std::int64_t>(i), in, out, scale, corners);
    if (kind == Kind::Linear) at = at < 0 ? 0 : at;
    const auto low = static_cast<std::int64_t>(std::floor(at));
    const double share = at - static_cast<double>(low);
    for (std::size_t k = 0; k < taps; ++k) {
      const std::int64_t step = static_cast<std::int64_t>(k) - (kind == Kind::Cubic ? 1 : 0);
      places[k][i] = inside(low + step);
      weights[k][i] = kind == Kind::Cubic ? cubic(share - static_cast<double>(step)) : k == 0 ? 1 - share : share;
    }
  }
  return blended(x, d, places, weights);
}

}  // namespace

namespace functional {

Tensor interpolate(const Tensor& input, const InterpolateFuncOptions& o) {
  check(input.defined(), kOp, "the input is an undefined tensor");
  const std::int64_t dims = input.dim() - 2;
  check<ValueError>(dims >= 1 && dims <= 3, kOp, "needs an input [N, C, dims..] of rank 3, 4 or 5, got ", input);
  check<NotImplementedError>(!o.antialias(), kOp, "antialias is not supported");
  check<ValueError>(o.size().has_value() != o.scale_factor().has_value(), kOp, "needs either size or scale_factor");
  const Kind kind = kind_of(o.mode(), dims);
  check<ValueError>(!o.align_corners() || kind == Kind::Linear || kind == Kind::Cubic, kOp,
                    "align_corners belongs to linear, bilinear, bicubic and trilinear, not ",
                    enumtype::get_enum_name(o.mode()));
  const auto given = static_cast<std::int64_t>(o.size() ? o.size()->size() : o.scale_factor()->size());
  check<ValueError>(given == dims, kOp, "needs ", dims, " numbers in size or scale_factor for ", input, ", got ",
                    given);
  std::vector<std::int64_t> sizes;
  for (std::int64_t d = 0; d < dims; ++d) {
    const auto k = static_cast<std::size_t>(d);
    sizes.push_back(o.size() ? (*o.size())[k]
                             : static_cast<std::int64_t>(
                                   std::floor(static_cast<double>(input.size(d + 2)) * (*o.scale_factor())[k])));
    check<ValueError>(sizes.back() > 0 && input.size(d + 2) > 0, kOp, "input ", input, " and result must not be empty");
  }
  if (kind == Kind::Area) {
    if (dims == 1) return at::adaptive_avg_pool1d(input, sizes);
    return dims == 2 ? at::adaptive_avg_pool2d(input, sizes) : at::adaptive_avg_pool3d(input, sizes);
  }
  Tensor y = input;
  for (std::int64_t d = 0; d < dims; ++d) {
    const auto k = static_cast<std::size_t>(d);
    const double scale = o.scale_factor() && !o.recompute_scale_factor().value_or(false)
                             ? 1 / (*o.scale_factor())[k]
                             : static_cast<double>(input.size(d + 2)) / static_cast<double>(sizes[k]);
    y = resized(y, d + 2, sizes[k], scale, kind, o.align_corners().value_or(false));
  }
  return y;
}

Tensor pixel_shuffle(const Tensor& input, const PixelShuffleFuncOptions& o) {
  return at::pixel_shuffle(input, o.upscale_factor());
}
Tensor pixel_unshuffle(const Tensor& input, const PixelUnshuffleFuncOptions& o) {
  return at::pixel_unshuffle(input, o.downscale_factor());
}
Tensor unfold(const Tensor& input, const UnfoldFuncOptions& o) {
  return im2col(input, o.kernel_size(), o.dilation(), o.padding(), o.stride());
}
Tensor fold(const Tensor& input, const FoldFuncOptions& o) {
  return col2im(input, o.output_size(), o.kernel_size(), o.dilation(), o.padding(), o.stride());
}

}  // namespace functional

#define GRADTAPE_LAYER_OF(Name, name, ...)                                                     \
  Name##Impl::Name##Impl(const Name##Options& o) : options(o) {}                               \
  Tensor Name##Impl::forward(const Tensor& input) { return functional::name(input, options); } \
  void Name##Impl::reset() {}                                                                  \
  void Name##Impl::pretty_print(std::ostream& stream) const {                                  \
    stream << "torch::nn::" #Name "(" << __VA_ARGS__ << ')';                                   \
  }                                                                                            \
  GRADTAPE_LAYER_DEFINITION(Name##Impl);
GRADTAPE_LAYER_OF(PixelShuffle, pixel_shuffle, "upscale_factor=" << options.upscale_factor())
GRADTAPE_LAYER_OF(PixelUnshuffle, pixel_unshuffle, "downscale_factor=" << options.downscale_factor())
GRADTAPE_LAYER_OF(Unfold, unfold,
                  "kernel_size=" << options.kernel_size() << ", dilation=" << options.dilation()
                                 << ", padding=" << options.padding() << ", stride=" << options.stride())
GRADTAPE_LAYER_OF(Fold, fold,
                  "output_size=" << options.output_size() << ", kernel_size=" << options.kernel_size()
                                 << ", dilation=" << options.dilation() << ", padding=" << options.padding()
                                 << ", stride=" << options.stride())
UnfoldImpl::UnfoldImpl(ExpandingArray<2> kernel_size) : UnfoldImpl(UnfoldOptions(kernel_size)) {}
FoldImpl::FoldImpl(ExpandingArray<2> output_size, ExpandingArray<2> kernel_size)
    : FoldImpl(FoldOptions(output_size, kernel_size)) {}

UpsampleImpl::UpsampleImpl(const UpsampleOptions& o) : options(o) {}
Tensor UpsampleImpl::forward(const Tensor& input) {
  functional::InterpolateFuncOptions o;
  o.size(options.size()).scale_factor(options.scale_factor()).align_corners(options.align_corners());
  const auto mode = options.mode();
  if (mode.is<enumtype::kLinear>()) o.mode(kLinear);
  if (mode.is<enumtype::kBilinear>()) o.mode(kBilinear);
  if (mode.is<enumtype::kBicubic>()) o.mode(kBicubic);
  if (mode.is<enumtype::kTrilinear>()) o.mode(kTrilinear);
  return functional::interpolate(input, o);
}
void UpsampleImpl::reset() {}
void UpsampleImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Upsample(";
  if (options.scale_factor()) {
    stream << "scale_factor=[";
    for (std::size_t i = 0; i < options.scale_factor()->size(); ++i)
      stream << (i ? ", " : "") << (*options.scale_factor())[i];
    stream << ']';
  } else if (options.size()) {
    stream << "size=" << IntArrayRef(*options.size());
  }
  stream << ", mode=" << enumtype::get_enum_name(options.mode()) << ')';
}
GRADTAPE_LAYER_DEFINITION(UpsampleImpl);

}  // namespace gradtape::nn
