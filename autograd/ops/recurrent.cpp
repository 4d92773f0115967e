#include "autograd/ops/recurrent.h"

#include <algorithm>

#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

// A node has fewer than 2^16 inputs and outputs.
constexpr std::size_t kMostParts = std::size_t{1} << 15;

}  // namespace

std::vector<Tensor> split_rows(const Tensor& x, ArrayRef<std::int64_t> counts) {
  std::vector<Tensor> parts;
  parts.reserve(counts.size());
  if (counts.size() > kMostParts) {
    std::vector<std::int64_t> blocks;
    for (std::size_t i = 0; i < counts.size(); i += kMostParts) {
      std::int64_t rows = 0;
      for (std::size_t j = i; j < std::min(counts.size(), i + kMostParts); ++j) rows += counts[j];
      blocks.push_back(rows);
    }
    std::size_t i = 0;
    for (const Tensor& block : split_rows(x, blocks)) {
      for (Tensor& part : split_rows(block, counts.slice(i, std::min(kMostParts, counts.size() - i))))
        parts.push_back(std::move(part));
      i += kMostParts;
    }
    return parts;
  }
  // Views that nobody may change, so that they need not know their base.
  const Tensor rows = plain(x);
  Shape sizes = shape_of(x);
  const std::int64_t width = numel_of(IntArrayRef(sizes).slice(1, sizes.size() - 1));
  std::int64_t start = 0;
  for (const std::int64_t n : counts) {
    sizes[0] = n;
    parts.push_back(core::make_alias(*rows.impl(), sizes, contiguous_strides(sizes), start * width));
    start += n;
  }
  if (auto r = record("split", parts[0], {x})) {
    for (std::size_t i = 1; i < parts.size(); ++i) r.add_output(parts[i]);
    r.rule([n = parts.size()](Sweep& s) {
      std::vector<Tensor> g;
      g.reserve(n);
      for (std::size_t i = 0; i < n; ++i) {
        const Tensor& arrived = s.grad(i);
        g.push_back(arrived.defined() ? arrived : new_filled(s.output_sizes(i), s.output_dtype(i), 0));
      }
      s[0] = cat(g, 0);
    });
  }
  return parts;
}

Tensor join_rows(const std::vector<Tensor>& parts) {
  if (parts.size() == 1) return parts[0];
  if (parts.size() <= kMostParts) return cat(parts, 0);
  std::vector<Tensor> blocks;
  for (std::size_t i = 0; i < parts.size(); i += kMostParts)
    blocks.push_back(cat(TensorList(parts).slice(i, std::min(kMostParts, parts.size() - i)), 0));
  return join_rows(blocks);
}

std::pair<Tensor, Tensor> lstm_step(const Tensor& of_input, const Tensor& of_state, const Tensor& c) {
  const std::vector<Tensor> gates = chunk(of_input + of_state, 4, 1);
  const Tensor next = sigmoid(gates[1]) * c + sigmoid(gates[0]) * tanh(gates[2]);
  return {sigmoid(gates[3]) * tanh(next), next};
}

Tensor gru_step(const Tensor& of_input, const Tensor& of_state, const Tensor& h) {
  const std::vector<Tensor> x = chunk(of_input, 3, 1), s = chunk(of_state, 3, 1);
  const Tensor r = sigmoid(x[0] + s[0]), z = sigmoid(x[1] + s[1]), n = tanh(x[2] + r * s[2]);
  return n + z * (h - n);
}

Tensor drop(const Tensor& x, double p) {
  const Tensor keep = bernoulli(empty_like(x.detach()), 1 - p);
  return p < 1 ? x * keep.div_(1 - p) : x * keep;
}

}  // namespace gradtape::ops
