#pragma once
// Normalisation of channels: over a batch (Ioffe and Szegedy, arXiv 1502.03167) or over each sample's own places
// (Ulyanov et al., arXiv 1607.08022).
#include <cstdint>

#include "arg.h"
#include "layer.h"

namespace gradtape::nn {

struct BatchNormOptions {
  BatchNormOptions(std::int64_t num_features) : num_features_(num_features) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(std::int64_t, num_features);
  GRADTAPE_ARG(double, eps) = 1e-5;
  // Of the newest batch in the running statistics; nullopt: the plain mean over all batches.
  GRADTAPE_ARG(optional<double>, momentum) = 0.1;
  GRADTAPE_ARG(bool, affine) = true;
  GRADTAPE_ARG(bool, track_running_stats) = true;
};
using BatchNorm1dOptions = BatchNormOptions;
using BatchNorm2dOptions = BatchNormOptions;
using BatchNorm3dOptions = BatchNormOptions;

struct InstanceNormOptions {
  InstanceNormOptions(std::int64_t num_features) : num_features_(num_features) {}  // NOLINT
  GRADTAPE_ARG(std::int64_t, num_features);
  GRADTAPE_ARG(double, eps) = 1e-5;
  GRADTAPE_ARG(double, momentum) = 0.1;
  GRADTAPE_ARG(bool, affine) = false;
  GRADTAPE_ARG(bool, track_running_stats) = false;
};
using InstanceNorm1dOptions = InstanceNormOptions;
using InstanceNorm2dOptions = InstanceNormOptions;
using InstanceNorm3dOptions = InstanceNormOptions;

// (x - mean) / (variance + eps)^(1/2) weight + bias, channel by channel; x [N, C, dims..] (1d also [N, C]). In training
// the moments are those of x (the variance biased), and the running ones take their share (the variance unbiased); in
// evaluation the running ones are used. weight starts as 1, bias as 0.
#define GRADTAPE_NORM(Name, Options)                                                 \
  struct Name##Impl : Module {                                                       \
    Name##Impl(std::int64_t num_features); /* NOLINT(google-explicit-constructor) */ \
    explicit Name##Impl(const Options& options);                                     \
    Tensor forward(const Tensor& input);                                             \
    void reset_running_stats();                                                      \
    void reset_parameters();                                                         \
    Options options;                                                                 \
    Tensor weight, bias;              /* undefined unless affine */                  \
    Tensor running_mean, running_var; /* undefined unless tracked */                 \
    Tensor num_batches_tracked;                                                      \
    GRADTAPE_LAYER(Name##Impl);                                                      \
  };                                                                                 \
  GRADTAPE_MODULE(Name);
GRADTAPE_NORM(BatchNorm1d, BatchNormOptions)
GRADTAPE_NORM(BatchNorm2d, BatchNormOptions)
GRADTAPE_NORM(BatchNorm3d, BatchNormOptions)
// The same over each sample alone; x may lack the batch.
GRADTAPE_NORM(InstanceNorm1d, InstanceNormOptions)
GRADTAPE_NORM(InstanceNorm2d, InstanceNormOptions)
GRADTAPE_NORM(InstanceNorm3d, InstanceNormOptions)
#undef GRADTAPE_NORM

namespace functional {
struct BatchNormFuncOptions {
  GRADTAPE_ARG(Tensor, weight) = {};
  GRADTAPE_ARG(Tensor, bias) = {};
  GRADTAPE_ARG(bool, training) = false;
  GRADTAPE_ARG(optional<double>, momentum) = 0.1;
  GRADTAPE_ARG(double, eps) = 1e-5;
};
Tensor batch_norm(const Tensor& input, const Tensor& running_mean, const Tensor& running_var,
                  const BatchNormFuncOptions& options = {});
struct InstanceNormFuncOptions {
  GRADTAPE_ARG(Tensor, running_mean) = {};
  GRADTAPE_ARG(Tensor, running_var) = {};
  GRADTAPE_ARG(Tensor, weight) = {};
  GRADTAPE_ARG(Tensor, bias) = {};
  GRADTAPE_ARG(bool, use_input_stats) = true;
  GRADTAPE_ARG(double, momentum) = 0.1;
  GRADTAPE_ARG(double, eps) = 1e-5;
};
Tensor instance_norm(const Tensor& input, const InstanceNormFuncOptions& options = {});
}  // namespace functional

}  // namespace gradtape::nn
