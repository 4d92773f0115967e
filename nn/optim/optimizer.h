#pragma once
// Optimizer: changes parameters by their gradients. Parameters come in groups, each with options of its own; what an
// optimizer remembers of a parameter (momentum, ..) is its state. step() leaves .grad as it is.
#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "../../autograd/tensor.h"
#include "../arg.h"
#include "../serialize.h"

namespace gradtape::optim {

// Options of an optimizer; each has a class of its own below this one.
class OptimizerOptions {
 public:
  virtual ~OptimizerOptions();
  virtual std::unique_ptr<OptimizerOptions> clone() const;
  virtual double get_lr() const;
  virtual void set_lr(double lr);
  virtual void serialize(serialize::InputArchive& archive);
  virtual void serialize(serialize::OutputArchive& archive) const;
};
// clone() for options of your own.
template <class Derived>
class OptimizerCloneableOptions : public OptimizerOptions {
 public:
  std::unique_ptr<OptimizerOptions> clone() const override {
    return std::unique_ptr<OptimizerOptions>(new Derived(static_cast<const Derived&>(*this)));
  }
};

class OptimizerParamState {
 public:
  virtual ~OptimizerParamState();
  virtual std::unique_ptr<OptimizerParamState> clone() const;
  virtual void serialize(serialize::InputArchive& archive);
  virtual void serialize(serialize::OutputArchive& archive) const;
};
template <class Derived>
class OptimizerCloneableParamState : public OptimizerParamState {
 public:
  std::unique_ptr<OptimizerParamState> clone() const override {
    return std::unique_ptr<OptimizerParamState>(new Derived(static_cast<const Derived&>(*this)));
  }
};

class OptimizerParamGroup {
 public:
  OptimizerParamGroup(std::vector<Tensor> params);  // NOLINT(google-explicit-constructor)
  OptimizerParamGroup(std::vector<Tensor> params, std::unique_ptr<OptimizerOptions> options);
  OptimizerParamGroup(const OptimizerParamGroup& o);
  OptimizerParamGroup(OptimizerParamGroup&& o) noexcept;
  OptimizerParamGroup& operator=(const OptimizerParamGroup& o);
  OptimizerParamGroup& operator=(OptimizerParamGroup&& o) noexcept;
  ~OptimizerParamGroup();

  bool has_options() const { return options_ != nullptr; }
  // Throws when there are none.
  OptimizerOptions& options();
  const OptimizerOptions& options() const;
  void set_options(std::unique_ptr<OptimizerOptions> options);
  std::vector<Tensor>& params() { return params_; }
  const std::vector<Tensor>& params() const { return params_; }

 private:
  std::vector<Tensor> params_;
  std::unique_ptr<OptimizerOptions> options_;
};

class Optimizer {
 public:
  using LossClosure = std::function<Tensor()>;
  // Keyed by Tensor::impl().
  using State = std::unordered_map<const void*, std::unique_ptr<OptimizerParamState>>;

  // Groups without options get a copy of `defaults`.
  Optimizer(std::vector<OptimizerParamGroup> param_groups, std::unique_ptr<OptimizerOptions> defaults);
  Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults);
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;
  Optimizer(Optimizer&&) noexcept;
  Optimizer& operator=(Optimizer&&) noexcept;
  virtual ~Optimizer();

  // One update of all parameters that have a gradient. A closure is called first, with grad mode on, to compute
  // gradients anew; its loss is returned.
  virtual Tensor step(LossClosure closure = nullptr) = 0;
  // Gradients of all parameters become zeros, or undefined.
  void zero_grad(bool set_to_none = false);
  // Throws when a parameter is no leaf or is in a group already.
  void add_param_group(const OptimizerParamGroup& param_group);

  std::vector<OptimizerParamGroup>& param_groups() noexcept { return param_groups_; }
  const std::vector<OptimizerParamGroup>& param_groups() const noexcept { return param_groups_; }
  OptimizerOptions& defaults() noexcept { return *defaults_; }
  const OptimizerOptions& defaults() const noexcept { return *defaults_; }
  State& state() noexcept { return state_; }
  const State& state() const noexcept { return state_; }
  // Of the first group; an error when there is none.
  void add_parameters(const std::vector<Tensor>& parameters);
  std::vector<Tensor>& parameters();
  const std::vector<Tensor>& parameters() const;
  std::size_t size() const noexcept;  // number of parameters in all groups

  // Options of all groups, and the state of each parameter by its number; see serialize.h. An optimizer that loads
  // needs the same groups with the same numbers of parameters.
  virtual void save(serialize::OutputArchive& archive) const;
  virtual void load(serialize::InputArchive& archive);

 protected:
  // An empty state of the kind that this optimizer keeps; null when it keeps none.
  virtual std::unique_ptr<OptimizerParamState> new_state() const;
  // Runs the closure, if any.
  static Tensor evaluate(LossClosure& closure);
  // The state of `param`, made at its first step.
  template <class S>
  S& state_of(const Tensor& param) {
    std::unique_ptr<OptimizerParamState>& s = state_[param.impl()];
    if (!s) s.reset(new S);
    return static_cast<S&>(*s);
  }

  std::vector<OptimizerParamGroup> param_groups_;
  State state_;
  std::unique_ptr<OptimizerOptions> defaults_;
};

serialize::OutputArchive& operator<<(serialize::OutputArchive& archive, const Optimizer& optimizer);
serialize::InputArchive& operator>>(serialize::InputArchive& archive, Optimizer& optimizer);

}  // namespace gradtape::optim
