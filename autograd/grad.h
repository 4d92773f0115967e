#pragma once
// The reverse sweep. Rules are exact derivatives; gradients of float32 tensors are float32.
#include <cstdint>
#include <vector>

#include "tensor.h"

namespace gradtape::autograd {

using Variable = Tensor;
using variable_list = std::vector<Tensor>;
using tensor_list = std::vector<Tensor>;

// Adds d(sum_k <grad_tensors[k], tensors[k]>) / d(leaf) to every leaf's grad(). An empty or undefined gradient stands
// for 1 where tensors[k] has one element. With `inputs`, only these receive gradients, leaves or not.
// retain_graph defaults to create_graph; without it the saved values of the swept nodes are freed.
void backward(const variable_list& tensors, const variable_list& grad_tensors = {},
              optional<bool> retain_graph = nullopt, bool create_graph = false, const variable_list& inputs = {});

// The same derivative with respect to each of `inputs` (leaves or not), returned; no grad() changes, retained ones
// neither. Hooks act on what flows on, so the gradient of a tensor is the one before its own hooks.
// An input that does not take part throws unless allow_unused, and then gives an undefined tensor.
variable_list grad(const variable_list& outputs, const variable_list& inputs, const variable_list& grad_outputs = {},
                   optional<bool> retain_graph = nullopt, bool create_graph = false, bool allow_unused = false);

}  // namespace gradtape::autograd
