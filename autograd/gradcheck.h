#pragma once
// Checks gradients against the complex step f'(x) = Im f(x + ih) / h, h = 1e-100 (Squire and Trapp, SIAM Review 40,
// 1998): no subtraction, so the reference is right to about 1e-15, and it runs forward kernels only, so it shares
// nothing with the gradient rules.
//
//   auto fn = [](const variable_list& x) { return sigmoid(x[0] * x[1]); };
//   Tensor a = randn({3}, kFloat64).requires_grad_(), b = ...;
//   GradcheckResult r = autograd::gradcheck(fn, {a, b});
//   if (!r) std::cout << r.to_string();
#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "grad.h"

namespace gradtape::autograd {

// A function of one or several tensors, made from any callable that takes a Tensor or a variable_list and returns
// either.
class TensorFunction {
 public:
  template <class F, class = std::enable_if_t<!std::is_same_v<std::decay_t<F>, TensorFunction>>>
  TensorFunction(F f) {  // NOLINT(google-explicit-constructor)
    call_ = [f = std::move(f)](const variable_list& x) mutable {
      const auto apply = [&]() {
        if constexpr (std::is_invocable_v<F&, const variable_list&>) {
          return f(x);
        } else {
          return f(only(x));
        }
      };
      if constexpr (std::is_same_v<std::decay_t<decltype(apply())>, Tensor>) {
        return variable_list{apply()};
      } else {
        return variable_list(apply());
      }
    };
  }
  variable_list operator()(const variable_list& x) const { return call_(x); }

 private:
  static const Tensor& only(const variable_list& x);
  std::function<variable_list(const variable_list&)> call_;
};

struct GradcheckOptions {
  // Largest allowed |analytic - reference| / max |reference| over the input; 0 stands for 1e-12 at order 1 and 1e-10
  // above.
  double tolerance = 0;
  // Differences up to this are 0, where terms of a known size cancel exactly and only their rounding is left.
  double absolute_tolerance = 0;
  // 1: the gradient. 2: the gradient of the gradient, with respect to the inputs and to the arriving gradients. And
  // so on.
  int order = 1;
  // Entries compared of each input: the first, the last and others drawn at random; 0 for all.
  std::int64_t entries = 0;
  // Whether an input with gradient and reference 0 everywhere passes. It usually means that nothing was checked.
  bool allow_zero = false;
  // An entry that moves a value this near to the switch of a piecewise operation lies at a kink: there is no
  // derivative to compare with.
  double kink_margin = 1e-12;
};

struct GradcheckResult {
  struct Input {
    std::string name;
    Shape sizes;
    std::int64_t entries = 0;  // compared
    std::int64_t kinks = 0;    // left out, for there is no derivative
    bool vacuous = false;      // both sides are 0 everywhere
    bool ok = true;
    // At the entry that differs most:
    double relative = 0;  // |analytic - reference| / max |reference| over this input
    double absolute = 0;
    Shape place;
    double analytic = 0, reference = 0;
  };
  std::vector<Input> inputs;
  std::string method;
  double tolerance = 0;
  int order = 1;
  // Smallest distance of a value that depends on an input to the switch of a piecewise operation; infinite without.
  double margin = 0;
  bool kink = false;              // some entries lie at a kink
  bool vacuous = false;           // some input is
  bool nondeterministic = false;  // two runs gave different bits
  bool ok = false;

  explicit operator bool() const { return ok; }
  std::string to_string() const;
};

// Compares the gradient of sum_k <w_k, fn(inputs)[k]>, w fixed random weights, with the complex step, entry by entry,
// for every input that requires grad. Inputs must be float64; integer tensors belong into fn. Random operations of
// default_generator() give the same numbers in every evaluation, and its state is as before afterwards.
// Throws when fn reads elements that depend on an input (item, data_ptr): the complex step cannot follow there.
GradcheckResult gradcheck(const TensorFunction& fn, const variable_list& inputs, const GradcheckOptions& options = {});
// The same at order 2.
GradcheckResult gradgradcheck(const TensorFunction& fn, const variable_list& inputs, GradcheckOptions options = {});

}  // namespace gradtape::autograd
