#include "nn/optim/optimizer.h"

#include "autograd/error.h"
#include "autograd/tape.h"

namespace gradtape::optim {

OptimizerOptions::~OptimizerOptions() = default;
std::unique_ptr<OptimizerOptions> OptimizerOptions::clone() const {
  fail<NotImplementedError>("OptimizerOptions",
                            "clone() is not there; derive your options from "
                            "OptimizerCloneableOptions");
}
double OptimizerOptions::get_lr() const {
  fail<NotImplementedError>("OptimizerOptions", "get_lr() is not there; override it in your options");
}
void OptimizerOptions::set_lr(double) {
  fail<NotImplementedError>("OptimizerOptions", "set_lr() is not there; override it in your options");
}

void OptimizerOptions::serialize(serialize::InputArchive&) {
  fail<NotImplementedError>("OptimizerOptions", "serialize() is not there; override it in your options");
}
void OptimizerOptions::serialize(serialize::OutputArchive&) const {
  fail<NotImplementedError>("OptimizerOptions", "serialize() is not there; override it in your options");
}

OptimizerParamState::~OptimizerParamState() = default;
void OptimizerParamState::serialize(serialize::InputArchive&) {
  fail<NotImplementedError>("OptimizerParamState", "serialize() is not there; override it in your state");
}
void OptimizerParamState::serialize(serialize::OutputArchive&) const {
  fail<NotImplementedError>("OptimizerParamState", "serialize() is not there; override it in your state");
}
std::unique_ptr<OptimizerParamState> OptimizerParamState::clone() const {
  fail<NotImplementedError>("OptimizerParamState",
                            "clone() is not there; derive your state from "
                            "OptimizerCloneableParamState");
}

OptimizerParamGroup::OptimizerParamGroup(std::vector<Tensor> params) : params_(std::move(params)) {}
OptimizerParamGroup::OptimizerParamGroup(std::vector<Tensor> params, std::unique_ptr<OptimizerOptions> options)
    : params_(std::move(params)), options_(std::move(options)) {}
OptimizerParamGroup::OptimizerParamGroup(const OptimizerParamGroup& o)
    : params_(o.params_), options_(o.options_ ? o.options_->clone() : nullptr) {}
OptimizerParamGroup::OptimizerParamGroup(OptimizerParamGroup&& o) noexcept = default;
OptimizerParamGroup& OptimizerParamGroup::operator=(const OptimizerParamGroup& o) {
  return *this = OptimizerParamGroup(o);
}
OptimizerParamGroup& OptimizerParamGroup::operator=(OptimizerParamGroup&& o) noexcept = default;
OptimizerParamGroup::~OptimizerParamGroup() = default;

OptimizerOptions& OptimizerParamGroup::options() {
  check(options_ != nullptr, "OptimizerParamGroup", "this group has no options yet; an optimizer gives it some");
  return *options_;
}
const OptimizerOptions& OptimizerParamGroup::options() const {
  check(options_ != nullptr, "OptimizerParamGroup", "this group has no options yet; an optimizer gives it some");
  return *options_;
}
void OptimizerParamGroup::set_options(std::unique_ptr<OptimizerOptions> options) { options_ = std::move(options); }

Optimizer::Optimizer(std::vector<OptimizerParamGroup> param_groups, std::unique_ptr<OptimizerOptions> defaults)
    : defaults_(std::move(defaults)) {
  for (const OptimizerParamGroup& g : param_groups) add_param_group(g);
}
Optimizer::Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults)
    : Optimizer(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(parameters))}, std::move(defaults)) {}
Optimizer::Optimizer(Optimizer&&) noexcept = default;
Optimizer& Optimizer::operator=(Optimizer&&) noexcept = default;
Optimizer::~Optimizer() = default;

void Optimizer::add_param_group(const OptimizerParamGroup& param_group) {
  const char* op = "add_param_group";
  const std::vector<Tensor>& params = param_group.params();
  for (std::size_t i = 0; i < params.size(); ++i) {
    const auto number = static_cast<std::int64_t>(i);
    check(params[i].defined(), op, "parameter ", number, " is an undefined tensor");
    check(params[i].is_leaf(), op, "an optimizer can change leaves only, but parameter ", number, " ", params[i],
          " was computed from other tensors; pass those, or detach().requires_grad_()");
    for (const OptimizerParamGroup& g : param_groups_)
      for (const Tensor& t : g.params())
        check(!t.is_same(params[i]), op, "parameter ", number, " ", params[i], " is in another group already");
  }
  OptimizerParamGroup group(param_group);
  if (!group.has_options()) group.set_options(defaults_->clone());
  param_groups_.push_back(std::move(group));
}

std::vector<Tensor>& Optimizer::parameters() {
  check(!param_groups_.empty(), "parameters", "the optimizer has no parameter group; use add_param_group");
  return param_groups_[0].params();
}
const std::vector<Tensor>& Optimizer::parameters() const {
  check(!param_groups_.empty(), "parameters", "the optimizer has no parameter group; use add_param_group");
  return param_groups_[0].params();
}
void Optimizer::add_parameters(const std::vector<Tensor>& parameters) {
  std::vector<Tensor>& list = this->parameters();
  list.insert(list.end(), parameters.begin(), parameters.end());
}

std::size_t Optimizer::size() const noexcept {
  std::size_t n = 0;
  for (const OptimizerParamGroup& g : param_groups_) n += g.params().size();
  return n;
}

void Optimizer::zero_grad(bool set_to_none) {
  for (OptimizerParamGroup& g : param_groups_)
    for (const Tensor& p : g.params()) {
      if (!p.grad().defined()) continue;
      Tensor& grad = p.mutable_grad();
      if (set_to_none) {
        grad.reset();
      } else {
        if (grad.requires_grad()) grad = grad.detach();
        grad.zero_();
      }
    }
}

std::unique_ptr<OptimizerParamState> Optimizer::new_state() const { return nullptr; }

void Optimizer::save(serialize::OutputArchive& archive) const {
  serialize::OutputArchive groups, states;
  std::int64_t number = 0;
  for (std::size_t i = 0; i < param_groups_.size(); ++i) {
    serialize::OutputArchive group;
    group.write("size", static_cast<std::int64_t>(param_groups_[i].params().size()));
    serialize::OutputArchive options;
    param_groups_[i].options().serialize(options);
    group.write("options", options);
    groups.write(std::to_string(i), group);
    for (const Tensor& p : param_groups_[i].params()) {
      const auto found = state_.find(p.impl());
      if (found != state_.end()) {
        serialize::OutputArchive state;
        found->second->serialize(state);
        states.write(std::to_string(number), state);
      }
      ++number;
    }
  }
  groups.write("size", static_cast<std::int64_t>(param_groups_.size()));
  archive.write("param_groups", groups);
  archive.write("state", states);
}

void Optimizer::load(serialize::InputArchive& archive) {
  serialize::InputArchive groups, states;
  archive.read("param_groups", groups);
  archive.try_read("state", states);
  const auto size_of = [](serialize::InputArchive& a) {
    IValue v;
    a.read("size", v);
    return v.toInt();
  };
  const auto own = static_cast<std::int64_t>(param_groups_.size());
  check<ValueError>(size_of(groups) == own, "load", "the saved optimizer has ", size_of(groups),
                    " parameter groups, this one ", own);
  State loaded;
  std::int64_t number = 0;
  for (std::size_t i = 0; i < param_groups_.size(); ++i) {
    serialize::InputArchive group, options;
    groups.read(std::to_string(i), group);
    const auto params = static_cast<std::int64_t>(param_groups_[i].params().size());
    check<ValueError>(size_of(group) == params, "load", "group ", static_cast<std::int64_t>(i),
                      " of the saved optimizer has ", size_of(group), " parameters, here it has ", params);
    group.read("options", options);
    param_groups_[i].options().serialize(options);
    for (const Tensor& p : param_groups_[i].params()) {
      serialize::InputArchive state;
      std::unique_ptr<OptimizerParamState> s = new_state();
      if (s && states.try_read(std::to_string(number), state)) {
        s->serialize(state);
        loaded[p.impl()] = std::move(s);
      }
      ++number;
    }
  }
  state_ = std::move(loaded);
}

serialize::OutputArchive& operator<<(serialize::OutputArchive& archive, const Optimizer& optimizer) {
  optimizer.save(archive);
  return archive;
}
serialize::InputArchive& operator>>(serialize::InputArchive& archive, Optimizer& optimizer) {
  optimizer.load(archive);
  return archive;
}

Tensor Optimizer::evaluate(LossClosure& closure) {
  if (!closure) return {};
  const AutoGradMode on(true);
  return closure();
}

}  // namespace gradtape::optim
