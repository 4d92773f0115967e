#pragma once
// Steps of recurrent layers, for nn/. Everything is recorded. Gates come as two summands, of the input and of the
// state, side by side in a row: [n, gates * hidden].
#include <utility>
#include <vector>

#include "autograd/tensor.h"

namespace gradtape::ops {

// The rows of x [rows, *], `counts` of them at a time, and back. One node each: the gradient is joined once.
std::vector<Tensor> split_rows(const Tensor& x, ArrayRef<std::int64_t> counts);
Tensor join_rows(const std::vector<Tensor>& parts);

// Gates in the order i, f, g, o: c' = sigmoid(f) c + sigmoid(i) tanh(g), h' = sigmoid(o) tanh(c'). {h', c'}
std::pair<Tensor, Tensor> lstm_step(const Tensor& of_input, const Tensor& of_state, const Tensor& c);
// Gates in the order r, z, n, with n of the state multiplied by sigmoid(r) before they add up.
Tensor gru_step(const Tensor& of_input, const Tensor& of_state, const Tensor& h);

}  // namespace gradtape::ops
