#pragma once
// A user's own differentiable operation, as in libtorch:
//   struct Square : Function<Square> {
//     static Tensor forward(AutogradContext* ctx, Tensor x) { ctx->save_for_backward({x}); return x * x; }
//     static variable_list backward(AutogradContext* ctx, variable_list g) {
//       return {2 * ctx->get_saved_variables()[0] * g[0]};
//     }
//   };
//   Tensor y = Square::apply(x);
// forward takes the context and any arguments, runs without recording and returns a Tensor or a variable_list.
// Arguments that are a Tensor, an optional<Tensor> with a value or a TensorList are inputs of the node; tensors inside
// other types are not seen. backward gets one gradient per output and returns one per argument, an undefined tensor
// where there is none (always for arguments that are no tensors). A gradient may have the shape that broadcasting gave
// the input, and another floating dtype. It is recorded itself only under create_graph. The node is called
// "SquareBackward".
#include <cstdint>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "grad.h"
#include "ivalue.h"
#include "tape.h"

namespace gradtape::autograd {

namespace detail {
class Call;
struct FunctionState;
}  // namespace detail

// What forward leaves for backward.
class AutogradContext {
 public:
  // Anything that is no input, output or other tensor to be differentiated: saved_data["n"] = 3, then
  // saved_data["n"].toInt(). An output stored here keeps the graph alive for ever; use save_for_backward.
  std::unordered_map<std::string, IValue> saved_data;

  // Tensors that backward reads: inputs, outputs or others. Checked against later in-place changes.
  void save_for_backward(variable_list to_save);
  // The same tensors, in backward; under create_graph inputs and outputs lead back to where they came from.
  variable_list get_saved_variables() const;
  // Inputs that forward changed in place; each must be returned too.
  void mark_dirty(const variable_list& inputs);
  // Outputs that have no gradient.
  void mark_non_differentiable(const variable_list& outputs);
  // Whether undefined gradients reach backward as zeros; true unless set.
  void set_materialize_grads(bool value);
  // Whether input number i (counting tensors only) needs a gradient; in backward, in the sweep that is running.
  bool needs_input_grad(std::size_t i) const;

  AutogradContext(const AutogradContext&) = delete;
  AutogradContext& operator=(const AutogradContext&) = delete;

 private:
  friend class detail::Call;
  AutogradContext();
  ~AutogradContext();
  detail::FunctionState* state_;
};

namespace detail {

using BackwardFn = variable_list (*)(AutogradContext*, variable_list);

// One call: arguments, then start(), forward, finish().
class Call {
 public:
  // `type` is kept.
  Call(const char* type, BackwardFn backward);
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  template <class T>
  void argument(const T& arg) {
    if constexpr (std::is_same_v<T, Tensor>) {
      tensor(arg);
    } else if constexpr (std::is_same_v<T, optional<Tensor>>) {
      arg && arg->defined() ? tensor(*arg) : other();
    } else if constexpr (std::is_same_v<T, TensorList>) {
      for (const Tensor& t : arg) tensor(t);
    } else {
      other();
    }
  }
  // Switches recording off until finish() or the end of the call.
  AutogradContext* start();
  Tensor finish(Tensor output);
  variable_list finish(variable_list outputs);
  // For the node, which owns the context after the call.
  static FunctionState& state_of(AutogradContext* ctx) { return *ctx->state_; }
  static void destroy(AutogradContext* ctx) { delete ctx; }

 private:
  void tensor(const Tensor& t);
  void other();
  void stop() noexcept;
  void wrap(std::size_t nr, Tensor& output, bool several);
  AutogradContext* ctx_;
  bool running_ = false, grad_mode_ = false;
};

// "Square" from what the compiler calls type_name() of Function<Square>.
const char* type_name_in(const char* pretty_function);

}  // namespace detail

template <class T>
struct Function {
  // Runs T::forward and records the call.
  template <class X = T, class... Args>
  static auto apply(Args&&... args)
      -> std::enable_if_t<std::is_same_v<X, T>,
                          decltype(X::forward(std::declval<AutogradContext*>(), std::declval<Args>()...))> {
    detail::Call call(type_name(),
                      [](AutogradContext* ctx, variable_list g) -> variable_list { return X::backward(ctx, g); });
    (call.argument(args), ...);
    AutogradContext* ctx = call.start();
    return call.finish(X::forward(ctx, std::forward<Args>(args)...));
  }

 private:
  static const char* type_name() {
    static const char* const name = detail::type_name_in(__PRETTY_FUNCTION__);
    return name;
  }
};

}  // namespace gradtape::autograd
