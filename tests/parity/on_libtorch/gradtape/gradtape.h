#pragma once
// What the operation table finds as <gradtape/gradtape.h> when it is built on libtorch: libtorch's tensors and
// operations under our name, and the few classes of ours that rows use.
#include <ATen/ExpandUtils.h>
#include <torch/torch.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace gradtape {

using namespace torch;  // NOLINT(google-build-using-namespace)
// torch:: and at:: each have factories; torch's are meant.
using torch::arange;
using torch::empty;
using torch::empty_like;
using torch::eye;
using torch::from_blob;
using torch::full;
using torch::full_like;
using torch::linspace;
using torch::logspace;
using torch::normal;
using torch::ones;
using torch::ones_like;
using torch::rand;
using torch::rand_like;
using torch::randint;
using torch::randint_like;
using torch::randn;
using torch::randn_like;
using torch::randperm;
using torch::scalar_tensor;
using torch::tensor;
using torch::zeros;
using torch::zeros_like;

// Functions that libtorch has as methods only, with other parameters that default, or in two forms between which a list
// or nullopt cannot choose.
namespace at {
using namespace ::at;  // NOLINT(google-build-using-namespace)
inline Tensor contiguous(const Tensor& self) { return self.contiguous(); }
inline Tensor clone(const Tensor& self) { return self.clone(); }
inline Tensor tril_indices(std::int64_t row, std::int64_t col, std::int64_t offset = 0,
                           const TensorOptions& options = kLong) {
  return torch::tril_indices(row, col, offset, options);
}
inline Tensor triu_indices(std::int64_t row, std::int64_t col, std::int64_t offset = 0,
                           const TensorOptions& options = kLong) {
  return torch::triu_indices(row, col, offset, options);
}
inline Tensor clamp(const Tensor& self, c10::nullopt_t, c10::nullopt_t) {
  return ::at::clamp(self, c10::optional<Scalar>(), c10::optional<Scalar>());
}
using Dims = std::initializer_list<std::int64_t>;
inline Tensor sum_to(const Tensor& self, Dims size) { return ::at::sum_to(self, IntArrayRef(size)); }
inline Tensor sum(const Tensor& self, Dims dim, bool keepdim = false, c10::optional<ScalarType> dtype = c10::nullopt) {
  return ::at::sum(self, IntArrayRef(dim), keepdim, dtype);
}
inline Tensor mean(const Tensor& self, Dims dim, bool keepdim = false, c10::optional<ScalarType> dtype = c10::nullopt) {
  return ::at::mean(self, IntArrayRef(dim), keepdim, dtype);
}
inline Tensor logsumexp(const Tensor& self, Dims dim, bool keepdim = false) {
  return ::at::logsumexp(self, IntArrayRef(dim), keepdim);
}
}  // namespace at
using at::clamp;
using at::logsumexp;
using at::mean;
using at::sum;
using at::sum_to;
using at::tril_indices;
using at::triu_indices;

class Shape : public std::vector<std::int64_t> {
 public:
  Shape() = default;
  Shape(IntArrayRef v) : vector(v.begin(), v.end()) {}         // NOLINT(google-explicit-constructor)
  Shape(std::initializer_list<std::int64_t> v) : vector(v) {}  // NOLINT(google-explicit-constructor)
  Shape(std::size_t n, std::int64_t value) : vector(n, value) {}
  void insert(std::size_t at, std::int64_t v) { vector::insert(begin() + static_cast<std::ptrdiff_t>(at), v); }
  void erase(std::size_t at) { vector::erase(begin() + static_cast<std::ptrdiff_t>(at)); }
};
using Strides = Shape;

inline std::int64_t numel_of(IntArrayRef sizes) {
  std::int64_t n = 1;
  for (std::int64_t s : sizes) n *= s;
  return n;
}
inline Shape broadcast_shapes(const char*, IntArrayRef a, IntArrayRef b) { return Shape(at::infer_size(a, b)); }

inline bool is_floating(ScalarType t) { return isFloatingType(t); }
inline bool is_integral(ScalarType t, bool include_bool = false) { return isIntegralType(t, include_bool); }
inline const char* dtype_name(ScalarType t) { return toString(t); }

// Inputs are drawn in the build on gradtape and read in the one on libtorch; see ../../operations.cpp.
class Generator {
 public:
  double normal() { return 0; }
  double uniform() { return 0; }
  std::uint64_t below(std::uint64_t) { return 0; }
};

}  // namespace gradtape
