// A user's own Function: one node whose rule calls the user's backward.
//
// Note [Functions]
// The node is opened before forward runs, so that its edges lead to the inputs as they were; its results are attached
// afterwards. The node owns the context, the context points back without a count. Saved tensors live in the node like
// those of every other operation: an output is saved as an alias without history, so there is no cycle.
#include "autograd/function.h"

#include <algorithm>
#include <cstring>

#include "autograd/ops/common.h"

namespace gradtape::autograd {

namespace detail {

struct FunctionState {
  const char* type;
  BackwardFn backward;
  variable_list inputs;         // until the call is finished
  std::vector<bool> is_tensor;  // argument by argument
  variable_list to_save, dirty, non_differentiable;
  bool materialize = true;
  tape::Node* node = nullptr;    // owns the context, after the call
  tape::Sweep* sweep = nullptr;  // while backward runs
};

namespace {

bool contains(const variable_list& list, const Tensor& t) {
  return t.defined() && std::any_of(list.begin(), list.end(), [&](const Tensor& x) { return x.is_same(t); });
}

std::int64_t count(std::size_t n) { return static_cast<std::int64_t>(n); }

void run_backward(AutogradContext* ctx, FunctionState& state, tape::Sweep& sweep) {
  struct Running {
    FunctionState& state;
    ~Running() { state.sweep = nullptr; }
  } running{state};
  state.sweep = &sweep;
  variable_list g;
  for (std::size_t k = 0; k < sweep.node().num_outputs; ++k) {
    const tape::Output& output = sweep.node().output(k);
    const bool zero = !output.grad.defined() && state.materialize && output.sizes.dtype != ScalarType::Undefined;
    g.push_back(zero ? ops::new_filled(output.sizes, output.sizes.dtype, 0) : output.grad);
  }
  variable_list results = state.backward(ctx, std::move(g));
  const std::size_t expected = state.is_tensor.size();
  // Undefined ones too many do no harm.
  while (results.size() > expected && !results.back().defined()) results.pop_back();
  check(results.size() == expected, state.type,
        "backward must return one gradient for each argument of forward: ", count(expected), ", but it returned ",
        count(results.size()));
  std::size_t input = 0;
  for (std::size_t i = 0; i < expected; ++i) {
    if (state.is_tensor[i]) {
      sweep[input++] = std::move(results[i]);
    } else {
      check(!results[i].defined(), state.type, "backward returned a gradient ", results[i], " for argument ", count(i),
            " of forward, which is no tensor; return an undefined tensor there");
    }
  }
}

}  // namespace

const char* type_name_in(const char* pretty_function) {
  // "... [with T = name]" or "... [T = name]"
  const char* from = std::strstr(pretty_function, "T = ");
  if (!from) return "Function";
  from += 4;
  std::string name;
  int depth = 0;
  for (const char* p = from; *p && !(depth == 0 && (*p == ']' || *p == ';' || *p == ',')); ++p) {
    if (*p == '<' || *p == '(' || *p == '{') ++depth;
    if (*p == '>' || *p == ')' || *p == '}') --depth;
    name += *p;
    if (depth == 0 && name.size() >= 2 && name.compare(name.size() - 2, 2, "::") == 0) name.clear();
  }
  // Nodes refer to it for as long as they live.
  auto* text = new char[name.size() + 1];
  std::memcpy(text, name.c_str(), name.size() + 1);
  return text;
}

Call::Call(const char* type, BackwardFn backward) : ctx_(new AutogradContext) {
  ctx_->state_->type = type;
  ctx_->state_->backward = backward;
}

Call::~Call() {
  stop();
  delete ctx_;
}

void Call::tensor(const Tensor& t) {
  ctx_->state_->inputs.push_back(t);
  ctx_->state_->is_tensor.push_back(true);
}
void Call::other() { ctx_->state_->is_tensor.push_back(false); }

AutogradContext* Call::start() {
  FunctionState& s = *ctx_->state_;
  s.node = tape::open_node(s.type, s.inputs.data(), s.inputs.size());
  grad_mode_ = GradMode::is_enabled();
  running_ = true;
  GradMode::set_enabled(false);
  return ctx_;
}

void Call::stop() noexcept {
  if (running_) GradMode::set_enabled(grad_mode_);
  running_ = false;
  if (ctx_ && ctx_->state_->node) tape::release(ctx_->state_->node);
  if (ctx_) ctx_->state_->node = nullptr;
}

Tensor Call::finish(Tensor output) {
  variable_list list(1, std::move(output));
  return finish(std::move(list))[0];
}

// Gives output number nr its place on the tape.
void Call::wrap(std::size_t nr, Tensor& y, bool several) {
  FunctionState& s = *ctx_->state_;
  const bool is_input = contains(s.inputs, y), is_dirty = contains(s.dirty, y);
  const bool differentiable =
      s.node && y.defined() && is_floating(ops::type_of(y)) && !contains(s.non_differentiable, y);
  if (!differentiable) {
    if (!y.defined() || !y.requires_grad()) return;
    if (is_input) {
      y = y.detach();
    } else if (!y.is_view()) {
      y.detach_();
    }
    return;
  }
  const auto number = static_cast<std::uint32_t>(nr);
  if (is_dirty && is_input) {
    ops::check_inplace(s.type, y, true);
    check(!y.is_view() || !several, s.type, "a Function that changes a view in place may return nothing else: ", y);
    Tensor changed = core::make_alias(*y.impl());
    tape::set_history(*changed.impl(), s.node, number);
    ops::rewrite_history(s.type, y, changed);
    return;
  }
  if (is_input) {
    // A new handle on the same elements, so that the input keeps its own history.
    y = ops::make_view(y, y.sizes(), y.strides());
  }
  tape::set_history(*y.impl(), s.node, number);
  if (y.is_view()) {
    y.impl()->creation = several ? Creation::MultiOutput : Creation::Function;
    y.impl()->view_version = y.impl()->storage->version;
  }
}

variable_list Call::finish(variable_list outputs) {
  FunctionState& s = *ctx_->state_;
  if (running_) GradMode::set_enabled(grad_mode_);
  running_ = false;
  check(!outputs.empty() && outputs.size() < 65536, s.type, "forward returned ", count(outputs.size()), " tensors");
  for (const Tensor& t : s.dirty) {
    check(t.defined(), s.type, "mark_dirty was given an undefined tensor");
    check(!s.node || contains(outputs, t) || !tape::tracks(t), s.type, "forward changed an input in place, ", t,
          ", but did not return it; its gradient would be lost");
    core::bump_version(*t.impl(), s.type);
  }
  for (const Tensor& t : s.to_save)
    check(!s.node || !t.defined() || !t.is_inference(), s.type,
          "an inference tensor cannot be saved for backward; clone() it outside InferenceMode: ", t);
  const variable_list returned = outputs;
  tape::Node* node = s.node;
  if (node) {
    check(outputs.size() < 0xffff, s.type, "forward can return at most 65534 tensors");
    tape::NodeExtra& extra = node->get_extra();
    extra.name = std::string(s.type) + "Backward";
    extra.runs_always = true;
    node->num_outputs = static_cast<std::uint16_t>(outputs.size());
    extra.outputs.resize(outputs.size() - 1);
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      if (!outputs[k].defined()) continue;
      node->output(k).sizes = ops::shape_of(outputs[k]);
      node->output(k).sizes.dtype = ops::type_of(outputs[k]);
      if (k == 0) node->long_sizes = outputs[k].dim() > static_cast<std::int64_t>(Shape::kInlineRank);
    }
  }
  for (std::size_t k = 0; k < outputs.size(); ++k) wrap(k, outputs[k], outputs.size() > 1);
  if (!node) return outputs;

  const tape::Recorder recorder(node);
  for (const Tensor& t : s.to_save) {
    // What forward returned is saved with the history of the result, but without holding the result itself.
    std::size_t k = 0;
    while (k < returned.size() && !(t.defined() && returned[k].is_same(t))) ++k;
    const bool is_output = k < returned.size() && (!contains(s.inputs, t) || contains(s.dirty, t)) &&
                           is_floating(ops::type_of(t)) && !contains(s.non_differentiable, t);
    if (is_output) {
      const Tensor alias = core::make_alias(*t.impl());
      alias.impl()->output_nr = static_cast<std::uint32_t>(k);
      recorder.save_output(alias);
    } else {
      recorder.save(t);
    }
  }
  s.inputs.clear();
  s.to_save.clear();
  s.dirty.clear();
  s.non_differentiable.clear();
  // From here the node owns the context.
  struct Owner {
    AutogradContext* ctx;
    explicit Owner(AutogradContext* c) : ctx(c) {}
    Owner(Owner&& o) noexcept : ctx(o.ctx) { o.ctx = nullptr; }
    ~Owner() { Call::destroy(ctx); }
    void operator()(tape::Sweep& sweep) const { run_backward(ctx, Call::state_of(ctx), sweep); }
  };
  AutogradContext* ctx = ctx_;
  ctx_ = nullptr;
  recorder.rule(Owner(ctx));
  tape::release(node);
  return outputs;
}

}  // namespace detail

AutogradContext::AutogradContext() : state_(new detail::FunctionState) {}
AutogradContext::~AutogradContext() { delete state_; }

void AutogradContext::save_for_backward(variable_list to_save) { state_->to_save = std::move(to_save); }
void AutogradContext::mark_dirty(const variable_list& inputs) { state_->dirty = inputs; }
void AutogradContext::mark_non_differentiable(const variable_list& outputs) { state_->non_differentiable = outputs; }
void AutogradContext::set_materialize_grads(bool value) { state_->materialize = value; }

variable_list AutogradContext::get_saved_variables() const {
  check(state_->sweep != nullptr, state_->type,
        "get_saved_variables() is for backward; forward has its tensors at hand");
  variable_list out;
  for (std::size_t i = 0; i < state_->node->num_saved; ++i) out.push_back(state_->sweep->saved(i));
  return out;
}

bool AutogradContext::needs_input_grad(std::size_t i) const {
  const std::size_t inputs = state_->node ? state_->node->num_edges : state_->inputs.size();
  check<IndexError>(i < inputs, "needs_input_grad", "input ", static_cast<std::int64_t>(i), " of ",
                    static_cast<std::int64_t>(inputs), " does not exist in ", state_->type);
  if (state_->sweep) return state_->sweep->needs(i);
  return state_->node && state_->node->edges()[i].needed();
}

}  // namespace gradtape::autograd
