#pragma once
// Initial values. Each function writes into the tensor, unrecorded, and returns it.
#include <cstdint>
#include <tuple>

#include "../autograd/tensor.h"
#include "enum.h"

namespace gradtape::nn::init {

using NonlinearityType =
    enumtype::OneOf<enumtype::kLinear, enumtype::kConv1D, enumtype::kConv2D, enumtype::kConv3D,
                    enumtype::kConvTranspose1D, enumtype::kConvTranspose2D, enumtype::kConvTranspose3D,
                    enumtype::kSigmoid, enumtype::kTanh, enumtype::kReLU, enumtype::kLeakyReLU>;
using FanModeType = enumtype::OneOf<enumtype::kFanIn, enumtype::kFanOut>;

// What keeps the variance through a nonlinearity: tanh 5/3, relu 2^(1/2), leaky relu (2 / (1 + param^2))^(1/2), else 1.
double calculate_gain(NonlinearityType nonlinearity, double param = 0.01);
// Values that meet in one output (size(1) x elements of a kernel), outputs that read one input (size(0) x the same).
std::tuple<std::int64_t, std::int64_t> _calculate_fan_in_and_fan_out(const Tensor& tensor);

Tensor constant_(Tensor tensor, Scalar value);
Tensor ones_(Tensor tensor);
Tensor zeros_(Tensor tensor);
Tensor eye_(Tensor matrix);  // 2-d: ones on the diagonal
Tensor uniform_(Tensor tensor, double low = 0, double high = 1);
Tensor normal_(Tensor tensor, double mean = 0, double std = 1);
// Variance gain^2 2 / (fan_in + fan_out) (Glorot and Bengio 2010, equation 16).
Tensor xavier_uniform_(Tensor tensor, double gain = 1.0);
Tensor xavier_normal_(Tensor tensor, double gain = 1.0);
// Variance gain^2 / fan with the gain of `nonlinearity`; `a` is a leaky relu's slope (He et al. 2015, equation 15).
Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanModeType mode = kFanIn,
                        NonlinearityType nonlinearity = kLeakyReLU);
Tensor kaiming_normal_(Tensor tensor, double a = 0, FanModeType mode = kFanIn,
                       NonlinearityType nonlinearity = kLeakyReLU);

}  // namespace gradtape::nn::init
