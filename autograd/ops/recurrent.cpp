#include "autograd/ops/recurrent.h"

#include <algorithm>

#include "autograd/kernels/copy.h"
#include "autograd/kernels/recurrent.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

// A node has fewer than 2^16 inputs and outputs.
constexpr std::size_t kMostParts = std::size_t{1} << 15;

// Not for the verification dtype, nor where dtypes are to be promoted.
bool has_kernel(ScalarType type, const Tensor& s, const Tensor& state) {
  return (type == ScalarType::Float || type == ScalarType::Double) && type_of(s) == type && type_of(state) == type;
}
void* data_of(const Tensor& t) { return t.defined() ? t.impl()->data : nullptr; }
Tensor plain_or_none(const Tensor& t) { return t.defined() ? plain(t) : t; }

// Inputs x, s, c; outputs h', c'; saved x, s, c and the gates.
void lstm_backward(Sweep& sweep) {
  const Tensor c = sweep.saved(2), gh = sweep.grad(0), gc = sweep.grad(1);
  const Tensor& arrived = gh.defined() ? gh : gc;
  const ScalarType type = type_of(arrived);
  Tensor d_gates, d_c;
  if (!tls.grad_mode && has_kernel(type, arrived, c)) {
    const std::int64_t rows = shape_of(c)[0], hidden = shape_of(c)[1];
    const Tensor gates = sweep.saved(3), before = plain(c), dh = plain_or_none(gh), dn = plain_or_none(gc);
    d_gates = new_tensor({rows, 4 * hidden}, type);
    d_c = new_tensor({rows, hidden}, type);
    kernels::lstm_step_backward(type, rows, hidden, data_of(gates), data_of(before), data_of(dh), data_of(dn),
                                data_of(d_gates), data_of(d_c));
  } else {
    const std::vector<Tensor> a = chunk(sweep.saved(0) + sweep.saved(1), 4, 1);
    const Tensor i = sigmoid(a[0]), f = sigmoid(a[1]), g = tanh(a[2]), o = sigmoid(a[3]);
    const Tensor t = tanh(f * c + i * g);
    Tensor d = gc, d_o = zeros_like(o);
    if (gh.defined()) {
      const Tensor through = gh * o * (1 - t * t);
      d = gc.defined() ? gc + through : through;
      d_o = gh * t * o * (1 - o);
    }
    d_gates = cat({d * g * i * (1 - i), d * c * f * (1 - f), d * i * (1 - g * g), d_o}, 1);
    d_c = d * f;
  }
  if (sweep.needs(0)) sweep[0] = d_gates;
  if (sweep.needs(1)) sweep[1] = d_gates;
  if (sweep.needs(2)) sweep[2] = d_c;
}

// Inputs x, s, h; saved the same and the gates.
void gru_backward(Sweep& sweep) {
  const Tensor s = sweep.saved(1), h = sweep.saved(2), &g = sweep.g;
  const ScalarType type = type_of(g);
  Tensor d_x, d_s, d_h;
  if (!tls.grad_mode && has_kernel(type, g, h)) {
    const std::int64_t rows = shape_of(h)[0], hidden = shape_of(h)[1];
    const Tensor gates = sweep.saved(3), of_state = plain(s), before = plain(h), arrived = plain(g);
    d_x = new_tensor({rows, 3 * hidden}, type);
    d_s = new_tensor({rows, 3 * hidden}, type);
    d_h = new_tensor({rows, hidden}, type);
    kernels::gru_step_backward(type, rows, hidden, data_of(gates), data_of(of_state), data_of(before), data_of(arrived),
                               data_of(d_x), data_of(d_s), data_of(d_h));
  } else {
    const std::vector<Tensor> x = chunk(sweep.saved(0), 3, 1), p = chunk(s, 3, 1);
    const Tensor r = sigmoid(x[0] + p[0]), z = sigmoid(x[1] + p[1]), n = tanh(x[2] + r * p[2]);
    const Tensor d_n = g * (1 - z) * (1 - n * n), d_z = g * (h - n) * z * (1 - z), d_r = d_n * p[2] * r * (1 - r);
    d_x = cat({d_r, d_z, d_n}, 1);
    d_s = cat({d_r, d_z, d_n * r}, 1);
    d_h = g * z;
  }
  if (sweep.needs(0)) sweep[0] = d_x;
  if (sweep.needs(1)) sweep[1] = d_s;
  if (sweep.needs(2)) sweep[2] = d_h;
}

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
  const ScalarType type = type_of(of_input);
  if (!has_kernel(type, of_state, c)) {
    const std::vector<Tensor> gates = chunk(of_input + of_state, 4, 1);
    const Tensor next = sigmoid(gates[1]) * c + sigmoid(gates[0]) * tanh(gates[2]);
    return {sigmoid(gates[3]) * tanh(next), next};
  }
  const std::int64_t rows = shape_of(c)[0], hidden = shape_of(c)[1];
  const Tensor x = plain(of_input), s = plain(of_state), before = plain(c);
  const Tensor gates = new_tensor({rows, 5 * hidden}, type);
  Tensor h = new_tensor({rows, hidden}, type), next = new_tensor({rows, hidden}, type);
  kernels::lstm_step(type, rows, hidden, data_of(x), data_of(s), data_of(before), data_of(gates), data_of(h),
                     data_of(next));
  if (auto r = record("lstm_cell", h, {of_input, of_state, c})) {
    r.add_output(next);
    r.save(of_input);
    r.save(of_state);
    r.save(c);
    r.save(gates);
    r.rule(lstm_backward);
  }
  return {h, next};
}

Tensor gru_step(const Tensor& of_input, const Tensor& of_state, const Tensor& h) {
  const ScalarType type = type_of(of_input);
  if (!has_kernel(type, of_state, h)) {
    const std::vector<Tensor> x = chunk(of_input, 3, 1), s = chunk(of_state, 3, 1);
    const Tensor r = sigmoid(x[0] + s[0]), z = sigmoid(x[1] + s[1]), n = tanh(x[2] + r * s[2]);
    return n + z * (h - n);
  }
  const std::int64_t rows = shape_of(h)[0], hidden = shape_of(h)[1];
  const Tensor x = plain(of_input), s = plain(of_state), before = plain(h);
  const Tensor gates = new_tensor({rows, 3 * hidden}, type);
  Tensor y = new_tensor({rows, hidden}, type);
  kernels::gru_step(type, rows, hidden, data_of(x), data_of(s), data_of(before), data_of(gates), data_of(y));
  if (auto r = record("gru_cell", y, {of_input, of_state, h})) {
    r.save(of_input);
    r.save(of_state);
    r.save(h);
    r.save(gates);
    r.rule(gru_backward);
  }
  return y;
}

}  // namespace gradtape::ops
