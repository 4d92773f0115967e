#pragma once
// Tensors of random numbers. Draws come from `generator`, or from default_generator() when none is given, in the order
// of the elements, whatever their layout: a seed gives the same tensor anywhere. The methods that write random numbers
// into a tensor (uniform_, normal_, ...) are in methods_random.inc. A gradient that meets a random tensor is 0.
#include "generator.h"
#include "tensor.h"

namespace gradtape::at {

Tensor rand(IntArrayRef size, const TensorOptions& options = {});  // uniform on [0, 1)
Tensor rand(IntArrayRef size, const optional<Generator>& generator, const TensorOptions& options = {});
Tensor randn(IntArrayRef size, const TensorOptions& options = {});  // standard normal
Tensor randn(IntArrayRef size, const optional<Generator>& generator, const TensorOptions& options = {});
// Integers low (or 0) .. high - 1; int64 unless asked for otherwise.
Tensor randint(std::int64_t high, IntArrayRef size, const TensorOptions& options = {});
Tensor randint(std::int64_t high, IntArrayRef size, const optional<Generator>& generator,
               const TensorOptions& options = {});
Tensor randint(std::int64_t low, std::int64_t high, IntArrayRef size, const TensorOptions& options = {});
Tensor randint(std::int64_t low, std::int64_t high, IntArrayRef size, const optional<Generator>& generator,
               const TensorOptions& options = {});
Tensor randperm(std::int64_t n, const TensorOptions& options = {});  // 0 .. n - 1 in random order, int64
Tensor randperm(std::int64_t n, const optional<Generator>& generator, const TensorOptions& options = {});
// Shape of self, its dtype unless the options give one.
Tensor rand_like(const Tensor& self, const TensorOptions& options = {}, optional<MemoryFormat> format = nullopt);
Tensor randn_like(const Tensor& self, const TensorOptions& options = {}, optional<MemoryFormat> format = nullopt);
Tensor randint_like(const Tensor& self, std::int64_t high, const TensorOptions& options = {},
                    optional<MemoryFormat> format = nullopt);
Tensor randint_like(const Tensor& self, std::int64_t low, std::int64_t high, const TensorOptions& options = {},
                    optional<MemoryFormat> format = nullopt);

// mean + std z; tensors broadcast, the result has the dtype of mean (of std when mean is a number).
Tensor normal(double mean, double std, IntArrayRef size, const optional<Generator>& generator = nullopt,
              const TensorOptions& options = {});
Tensor normal(const Tensor& mean, double std = 1, const optional<Generator>& generator = nullopt);
Tensor normal(double mean, const Tensor& std, const optional<Generator>& generator = nullopt);
Tensor normal(const Tensor& mean, const Tensor& std, const optional<Generator>& generator = nullopt);
// 1 with probability self (floating, in [0, 1]), else 0.
Tensor bernoulli(const Tensor& self, const optional<Generator>& generator = nullopt);
// 1 with probability p, else 0, in the shape and dtype of self.
Tensor bernoulli(const Tensor& self, double p, const optional<Generator>& generator = nullopt);
// With `train`: each element 0 with probability p, else x / (1 - p); x itself without. (Hinton et al., arXiv
// 1207.0580.)
Tensor dropout(const Tensor& input, double p, bool train);
Tensor& dropout_(Tensor& self, double p, bool train);
// Poisson numbers of the rates self (floating, >= 0).
Tensor poisson(const Tensor& self, const optional<Generator>& generator = nullopt);
// num_samples indices into each row of self (weights >= 0, [n] or [rows, n]), drawn in proportion to the weights; int64
// [num_samples] or [rows, num_samples]. Without replacement no index comes twice, those of weight 0 last.
Tensor multinomial(const Tensor& self, std::int64_t num_samples, bool replacement = false,
                   const optional<Generator>& generator = nullopt);

}  // namespace gradtape::at
