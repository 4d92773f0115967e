#include "nn/init.h"

#include <cmath>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "autograd/tape.h"

namespace gradtape::nn::init {
namespace {

struct Fan {
  double in, out;
};
Fan fan_of(const char* op, const Tensor& t) {
  check(t.defined() && t.dim() >= 2, op, "fan in and fan out need a tensor of two dimensions or more, got ", t);
  std::int64_t kernel = 1;
  for (std::int64_t d = 2; d < t.dim(); ++d) kernel *= t.size(d);
  return {static_cast<double>(t.size(1) * kernel), static_cast<double>(t.size(0) * kernel)};
}

// Without elements there is nothing to draw, and the spread may be infinite.
Tensor uniform_within(Tensor t, double bound) { return t.numel() ? uniform_(std::move(t), -bound, bound) : t; }
Tensor normal_with(Tensor t, double std) { return t.numel() ? normal_(std::move(t), 0, std) : t; }

double xavier_std(const char* op, const Tensor& t, double gain) {
  const Fan fan = fan_of(op, t);
  return gain * std::sqrt(2 / (fan.in + fan.out));
}
double kaiming_std(const char* op, const Tensor& t, double a, FanModeType mode, NonlinearityType nonlinearity) {
  const Fan fan = fan_of(op, t);
  return calculate_gain(nonlinearity, a) / std::sqrt(mode.is<enumtype::kFanIn>() ? fan.in : fan.out);
}

}  // namespace

double calculate_gain(NonlinearityType nonlinearity, double param) {
  if (nonlinearity.is<enumtype::kTanh>()) return 5.0 / 3.0;
  if (nonlinearity.is<enumtype::kReLU>()) return std::sqrt(2.0);
  if (nonlinearity.is<enumtype::kLeakyReLU>()) return std::sqrt(2.0 / (1 + param * param));
  return 1;
}

std::tuple<std::int64_t, std::int64_t> _calculate_fan_in_and_fan_out(const Tensor& tensor) {
  const Fan fan = fan_of("_calculate_fan_in_and_fan_out", tensor);
  return {static_cast<std::int64_t>(fan.in), static_cast<std::int64_t>(fan.out)};
}

Tensor constant_(Tensor tensor, Scalar value) {
  const NoGradGuard off;
  return tensor.fill_(value);
}
Tensor ones_(Tensor tensor) { return constant_(std::move(tensor), 1); }
Tensor zeros_(Tensor tensor) { return constant_(std::move(tensor), 0); }
Tensor eye_(Tensor matrix) {
  check(matrix.defined() && matrix.dim() == 2, "eye_", "need a matrix, got ", matrix);
  const NoGradGuard off;
  matrix.zero_();
  matrix.diagonal().fill_(1);
  return matrix;
}
Tensor uniform_(Tensor tensor, double low, double high) {
  const NoGradGuard off;
  return tensor.uniform_(low, high);
}
Tensor normal_(Tensor tensor, double mean, double std) {
  const NoGradGuard off;
  return tensor.normal_(mean, std);
}

Tensor xavier_uniform_(Tensor tensor, double gain) {
  const double std = xavier_std("xavier_uniform_", tensor, gain);
  return uniform_within(std::move(tensor), std::sqrt(3.0) * std);
}
Tensor xavier_normal_(Tensor tensor, double gain) {
  const double std = xavier_std("xavier_normal_", tensor, gain);
  return normal_with(std::move(tensor), std);
}
Tensor kaiming_uniform_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity) {
  const double std = kaiming_std("kaiming_uniform_", tensor, a, mode, nonlinearity);
  return uniform_within(std::move(tensor), std::sqrt(3.0) * std);
}
Tensor kaiming_normal_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity) {
  const double std = kaiming_std("kaiming_normal_", tensor, a, mode, nonlinearity);
  return normal_with(std::move(tensor), std);
}

}  // namespace gradtape::nn::init
