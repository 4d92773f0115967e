#include "nn/utils.h"

#include <cmath>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "autograd/tape.h"

namespace gradtape::nn::utils {

double clip_grad_norm_(const std::vector<Tensor>& parameters, double max_norm, double norm_type,
                       bool error_if_nonfinite) {
  const NoGradGuard off;
  std::vector<Tensor> gradients;
  for (const Tensor& p : parameters)
    if (p.grad().defined()) gradients.push_back(p.grad());
  double total = 0;
  for (const Tensor& g : gradients) {
    if (g.numel() == 0) continue;
    const double norm = g.detach().norm(norm_type).item<double>();
    if (std::isinf(norm_type)) {
      total = std::isnan(norm) || norm > total ? norm : total;
    } else {
      total += std::pow(norm, norm_type);
    }
  }
  if (!std::isinf(norm_type)) total = std::pow(total, 1 / norm_type);
  check(!error_if_nonfinite || std::isfinite(total), "clip_grad_norm_", "the norm of order ", norm_type,
        " of the gradients is ", total, "; they cannot be clipped");
  const double scale = max_norm / (total + 1e-6);
  if (scale < 1)
    for (const Tensor& g : gradients) g.mul_(scale);
  return total;
}
double clip_grad_norm_(const Tensor& parameter, double max_norm, double norm_type, bool error_if_nonfinite) {
  return clip_grad_norm_(std::vector<Tensor>{parameter}, max_norm, norm_type, error_if_nonfinite);
}

void clip_grad_value_(const std::vector<Tensor>& parameters, double clip_value) {
  const NoGradGuard off;
  for (const Tensor& p : parameters)
    if (p.grad().defined()) p.grad().clamp_(-clip_value, clip_value);
}
void clip_grad_value_(const Tensor& parameter, double clip_value) {
  clip_grad_value_(std::vector<Tensor>{parameter}, clip_value);
}

Tensor parameters_to_vector(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> flat;
  flat.reserve(parameters.size());
  for (const Tensor& p : parameters) flat.push_back(p.reshape({-1}));
  return cat(flat);
}
void vector_to_parameters(const Tensor& vec, const std::vector<Tensor>& parameters) {
  std::int64_t total = 0;
  for (const Tensor& p : parameters) total += p.numel();
  check<ValueError>(vec.defined() && vec.dim() == 1 && vec.numel() == total, "vector_to_parameters",
                    "needs a vector of ", total, " elements, got ", vec);
  const NoGradGuard off;
  std::int64_t at = 0;
  for (const Tensor& p : parameters) {
    p.set_data(vec.slice(0, at, at + p.numel()).reshape(p.sizes()).clone());
    at += p.numel();
  }
}

}  // namespace gradtape::nn::utils
