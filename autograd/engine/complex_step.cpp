#include "autograd/engine/complex_step.h"

#include <limits>

#include "autograd/kernels/copy.h"
#include "autograd/ops/common.h"

namespace gradtape::engine {
namespace {

using autograd::variable_list;
using core::tls;
using kernels::Complex;
using ops::array_of;

constexpr double kStep = 1e-100;

// Same elements, sizes, strides and place in storage, so that a function that looks at them sees what it saw.
Tensor to_verification(const Tensor& t) {
  const TensorImpl& i = *t.impl();
  const std::int64_t count = i.storage->bytes / element_size(i.dtype), offset = i.offset();
  const Tensor from = core::make_alias(i, {count}, {1}, -offset);
  const Tensor all = core::make_tensor({count}, ScalarType::Verification);
  kernels::copy(array_of(all), array_of(from));
  return core::make_alias(*all.impl(), i.sizes, i.strides, offset);
}

Complex& element(const Tensor& t, std::int64_t number) {
  const TensorImpl& i = *t.impl();
  std::int64_t at = 0;
  for (std::size_t d = i.sizes.size(); d-- > 0;) {
    at += number % i.sizes[d] * i.strides[d];
    number /= i.sizes[d];
  }
  return i.ptr<Complex>()[at];
}

// Im <w, y>; plain loops, so that it does not rest on what is under test.
long double imaginary_sum(const Tensor& w, const Tensor& y) {
  if (ops::type_of(y) != ScalarType::Verification) return 0;
  const Tensor a = ops::plain(w), b = ops::plain(y);
  long double sum = 0;
  for (std::int64_t k = 0; k < a.numel(); ++k)
    sum += static_cast<long double>(a.impl()->ptr<double>()[k]) * b.impl()->ptr<Complex>()[k].imag();
  return sum;
}

}  // namespace

Evaluation::Evaluation(bool grad_mode, bool verifying, std::pair<std::uint64_t, std::uint64_t> generator)
    : before_grad_(tls.grad_mode),
      before_verifying_(tls.verifying),
      before_left_(tls.left_library),
      before_margin_(tls.margin),
      before_step_margin_(tls.step_margin),
      before_generator_(default_generator().state()) {
  tls.grad_mode = grad_mode;
  tls.verifying = verifying;
  tls.left_library = false;
  tls.margin = tls.step_margin = std::numeric_limits<double>::infinity();
  default_generator().set_state(generator);
}

Evaluation::~Evaluation() {
  tls.grad_mode = before_grad_;
  tls.verifying = before_verifying_;
  tls.left_library = before_left_;
  tls.margin = before_margin_;
  tls.step_margin = before_step_margin_;
  default_generator().set_state(before_generator_);
}

ComplexStep::Derivative ComplexStep::operator()(std::size_t input, std::int64_t entry) const {
  const Evaluation e(false, true, generator_);
  variable_list x;
  for (const Tensor& t : inputs_) x.push_back(to_verification(t));
  element(x[input], entry) += Complex(0, kStep);
  const variable_list y = f_(x);
  check(y.size() == weights_.size(), "gradcheck", "fn returned ", static_cast<std::int64_t>(y.size()),
        " tensors, and before ", static_cast<std::int64_t>(weights_.size()));
  long double sum = 0;
  for (std::size_t k = 0; k < y.size(); ++k) {
    if (!weights_[k].defined()) continue;
    check(y[k].defined() && y[k].sizes() == weights_[k].sizes(), "gradcheck", "output ", static_cast<std::int64_t>(k),
          " of fn is ", y[k], ", and before it had the shape ", weights_[k].sizes());
    sum += imaginary_sum(weights_[k], y[k]);
  }
  return {static_cast<double>(sum / kStep), tls.step_margin, tls.left_library};
}

double ComplexStep::margin() const {
  const Evaluation e(false, true, generator_);
  variable_list x;
  for (const Tensor& t : inputs_) x.push_back(to_verification(t));
  f_(x);
  return tls.margin;
}

autograd::TensorFunction gradient_function(const autograd::TensorFunction& f, std::size_t n,
                                           const std::vector<std::size_t>& wanted,
                                           const std::vector<std::size_t>& outputs) {
  return [f, n, wanted, outputs](const variable_list& xw) {
    const bool differentiable = tls.grad_mode;
    const AutoGradMode on(true);
    variable_list x(xw.begin(), xw.begin() + static_cast<std::ptrdiff_t>(n)), sources;
    for (std::size_t i : wanted) {
      if (!x[i].requires_grad()) x[i] = x[i].detach().requires_grad_();
      sources.push_back(x[i]);
    }
    const variable_list y = f(x);
    variable_list roots, weights;
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      if (!y[outputs[k]].requires_grad()) continue;
      roots.push_back(y[outputs[k]]);
      weights.push_back(xw[n + k]);
    }
    variable_list g(sources.size());
    if (!roots.empty()) g = autograd::grad(roots, sources, weights, differentiable, differentiable, true);
    for (std::size_t i = 0; i < g.size(); ++i)
      if (!g[i].defined()) g[i] = at::zeros_like(sources[i]);
    return g;
  };
}

}  // namespace gradtape::engine
