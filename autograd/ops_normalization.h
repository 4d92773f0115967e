#pragma once
// Normalisation: (x - m) / sqrt(v + eps) * weight + bias, where m and v are the mean and the biased variance of the
// group of elements that x belongs to. Floating tensors of one dtype; weight and bias may be left out. See ops.h.
#include "tensor.h"

namespace gradtape::at {

// A group is a channel of input [n, channels, ..]; weight and bias [channels]. With `training` m and v are
// those of the batch, and running_mean and running_var move towards m and the unbiased v by
// `momentum`; otherwise they are m and v. Ioffe and Szegedy, arXiv 1502.03167.
Tensor batch_norm(const Tensor& input, const optional<Tensor>& weight, const optional<Tensor>& bias,
                  const optional<Tensor>& running_mean, const optional<Tensor>& running_var, bool training,
                  double momentum, double eps, bool cudnn_enabled);
// A group is all of the last dims, which are `normalized_shape` as weight and bias are. Ba et al., arXiv 1607.06450.
Tensor layer_norm(const Tensor& input, IntArrayRef normalized_shape, const optional<Tensor>& weight = {},
                  const optional<Tensor>& bias = {}, double eps = 1e-05, bool cudnn_enable = true);
// A group is channels / num_groups channels of one image; weight and bias [channels]. Wu and He, arXiv 1803.08494.
Tensor group_norm(const Tensor& input, std::int64_t num_groups, const optional<Tensor>& weight = {},
                  const optional<Tensor>& bias = {}, double eps = 1e-05, bool cudnn_enabled = true);
// A group is one channel of one image; running statistics move by the mean over images. Without use_input_stats they
// are m and v. Ulyanov et al., arXiv 1607.08022.
Tensor instance_norm(const Tensor& input, const optional<Tensor>& weight, const optional<Tensor>& bias,
                     const optional<Tensor>& running_mean, const optional<Tensor>& running_var, bool use_input_stats,
                     double momentum, double eps, bool cudnn_enabled);

}  // namespace gradtape::at
