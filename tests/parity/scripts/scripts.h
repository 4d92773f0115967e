#pragma once
// Programs as their users write them, on <torch/torch.h> alone; each is built on libtorch and on gradtape.
#include "../report.h"

void tensors(Report& report);
void printing(Report& report);
void recording(Report& report);
void operations(Report& report);
void modules(Report& report);
void training(Report& report);
void sequences(Report& report);

// The same numbers on every library: in (-1, 1), no two of the first 2003 equal.
inline torch::Tensor values(const std::vector<std::int64_t>& sizes, int seed, torch::Dtype dtype = torch::kFloat64) {
  std::int64_t n = 1;
  for (std::int64_t s : sizes) n *= s;
  std::vector<double> v;
  for (std::int64_t k = 0; k < n; ++k)
    v.push_back(static_cast<double>((k * 787 + seed * 389 + 5) % 2003) / 1001.5 - 1 +
                0.0001 * static_cast<double>(k % 7));
  const torch::Tensor t = torch::tensor(v, torch::kFloat64).reshape(sizes);
  if (dtype == torch::kFloat64 || dtype == torch::kFloat32) return t.to(dtype);
  return (t * 4).abs().to(dtype);
}
inline torch::Tensor variable(const std::vector<std::int64_t>& sizes, int seed, torch::Dtype dtype = torch::kFloat64) {
  return values(sizes, seed, dtype).requires_grad_();
}
