#pragma once
// nn::utils: gradients as a whole, parameters as one vector.
#include <vector>

#include "../autograd/tensor.h"

namespace gradtape::nn::utils {

// Scales all gradients so that their norm of the given order (infinity allowed), taken over all elements, is at most
// max_norm: times max_norm / (norm + 1e-6) where that is below 1. Returns the norm before. Parameters without gradient
// are passed over. error_if_nonfinite: throws when the norm is infinite or no number.
double clip_grad_norm_(const std::vector<Tensor>& parameters, double max_norm, double norm_type = 2.0,
                       bool error_if_nonfinite = false);
double clip_grad_norm_(const Tensor& parameter, double max_norm, double norm_type = 2.0,
                       bool error_if_nonfinite = false);
// Every gradient's elements into [-clip_value, clip_value].
void clip_grad_value_(const std::vector<Tensor>& parameters, double clip_value);
void clip_grad_value_(const Tensor& parameter, double clip_value);
// All elements, one parameter after the other; and back.
Tensor parameters_to_vector(const std::vector<Tensor>& parameters);
void vector_to_parameters(const Tensor& vec, const std::vector<Tensor>& parameters);

}  // namespace gradtape::nn::utils
