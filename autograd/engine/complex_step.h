#pragma once
// The reference for gradients; see Note [The verification dtype] in kernels/functors_common.h.
#include <cstdint>
#include <vector>

#include "autograd/gradcheck.h"

namespace gradtape::engine {

// Puts back what one evaluation may change: grad mode, verification state and the random generator.
class Evaluation {
 public:
  // With `verifying`, float64 factories and casts give the verification dtype.
  Evaluation(bool grad_mode, bool verifying, std::pair<std::uint64_t, std::uint64_t> generator);
  ~Evaluation();
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

 private:
  bool before_grad_, before_verifying_, before_left_;
  double before_margin_, before_step_margin_;
  std::pair<std::uint64_t, std::uint64_t> before_generator_;
};

class ComplexStep {
 public:
  // Differentiates sum_k <weights[k], f(inputs)[k]>; an undefined weight leaves its output out. Inputs and weights are
  // float64.
  ComplexStep(const autograd::TensorFunction& f, const autograd::variable_list& inputs,
              const autograd::variable_list& weights, std::pair<std::uint64_t, std::uint64_t> generator)
      : f_(f), inputs_(inputs), weights_(weights), generator_(generator) {}

  struct Derivative {
    double value;
    double margin;      // smallest distance to a switch, of the values that the step moves
    bool left_library;  // a value that the step moves was read by item() or data_ptr()
  };
  // With respect to one entry (row-major number) of one input.
  Derivative operator()(std::size_t input, std::int64_t entry) const;
  // Smallest distance of any value to a switch.
  double margin() const;

 private:
  const autograd::TensorFunction& f_;
  const autograd::variable_list& inputs_;
  const autograd::variable_list& weights_;
  std::pair<std::uint64_t, std::uint64_t> generator_;
};

// (x.., w..) -> d sum_k <w_k, f(x)[outputs[k]]> / d x_i for every i in `wanted`, n the number of x. Differentiable
// itself when called with grad mode on.
autograd::TensorFunction gradient_function(const autograd::TensorFunction& f, std::size_t n,
                                           const std::vector<std::size_t>& wanted,
                                           const std::vector<std::size_t>& outputs);

}  // namespace gradtape::engine
