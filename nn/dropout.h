#pragma once
// Dropout (Hinton et al., arXiv 1207.0580).
#include "arg.h"
#include "layer.h"

namespace gradtape::nn {

struct DropoutOptions {
  DropoutOptions(double p = 0.5) : p_(p) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(double, p);                   // of an element to become 0
  GRADTAPE_ARG(bool, inplace) = false;
};

// In training each element is 0 with probability p, else x / (1 - p); the same as the input in evaluation.
struct DropoutImpl : Module {
  explicit DropoutImpl(double p);
  explicit DropoutImpl(const DropoutOptions& options = {});
  Tensor forward(Tensor input);
  DropoutOptions options;
  GRADTAPE_LAYER(DropoutImpl);
};
GRADTAPE_MODULE(Dropout);

// Whole channels [n, c] of [N, C, dims..] at once (Tompson et al., arXiv 1411.4280); the dims are free.
// AlphaDropout keeps mean and variance of what SELU gives: dropped elements become SELU's limit, then all are scaled
// and shifted (Klambauer et al., arXiv 1706.02515); FeatureAlphaDropout does so by channels.
#define GRADTAPE_DROPOUT(Name)                               \
  using Name##Options = DropoutOptions;                      \
  struct Name##Impl : Module {                               \
    explicit Name##Impl(double p);                           \
    explicit Name##Impl(const DropoutOptions& options = {}); \
    Tensor forward(Tensor input);                            \
    DropoutOptions options;                                  \
    GRADTAPE_LAYER(Name##Impl);                              \
  };                                                         \
  GRADTAPE_MODULE(Name);
GRADTAPE_DROPOUT(Dropout2d)
GRADTAPE_DROPOUT(Dropout3d)
GRADTAPE_DROPOUT(AlphaDropout)
GRADTAPE_DROPOUT(FeatureAlphaDropout)
#undef GRADTAPE_DROPOUT

namespace functional {
struct DropoutFuncOptions {
  GRADTAPE_ARG(double, p) = 0.5;
  GRADTAPE_ARG(bool, training) = false;
  GRADTAPE_ARG(bool, inplace) = false;
};
Tensor dropout(Tensor input, const DropoutFuncOptions& options = {});
using Dropout2dFuncOptions = DropoutFuncOptions;
using Dropout3dFuncOptions = DropoutFuncOptions;
using AlphaDropoutFuncOptions = DropoutFuncOptions;
using FeatureAlphaDropoutFuncOptions = DropoutFuncOptions;
Tensor dropout2d(Tensor input, const Dropout2dFuncOptions& options = {});
Tensor dropout3d(Tensor input, const Dropout3dFuncOptions& options = {});
Tensor alpha_dropout(Tensor input, const AlphaDropoutFuncOptions& options = {});
Tensor feature_alpha_dropout(Tensor input, const FeatureAlphaDropoutFuncOptions& options = {});
}  // namespace functional

}  // namespace gradtape::nn
