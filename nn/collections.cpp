#include "nn/collections.h"

#include <ostream>

#include "autograd/error.h"
#include "nn/cloneable.h"

namespace gradtape::nn {
namespace {

// "(name): Parameter containing: [Float of size [2, 3]]"
void print_parameters(std::ostream& stream, const char* name, const OrderedDict<std::string, Tensor>& parameters) {
  stream << "torch::nn::" << name << "(\n";
  for (const auto& p : parameters) {
    stream << '(' << p.key() << "): Parameter containing: [";
    if (p.value().defined()) {
      const char* type = p.value().scalar_type() == kFloat64 ? "Double" : "Float";
      stream << type << " of size " << p.value().sizes();
    } else {
      stream << "Undefined";
    }
    stream << "]\n";
  }
  stream << ')';
}

}  // namespace

ModuleDictImpl::ModuleDictImpl() = default;
ModuleDictImpl::ModuleDictImpl(const ModuleDictImpl& o) = default;
ModuleDictImpl& ModuleDictImpl::operator=(const ModuleDictImpl& o) = default;
ModuleDictImpl::ModuleDictImpl(const std::vector<Named>& modules) { update(modules); }
ModuleDictImpl::ModuleDictImpl(const OrderedDict<std::string, std::shared_ptr<Module>>& modules) { update(modules); }
std::shared_ptr<Module> ModuleDictImpl::operator[](const std::string& key) const { return modules_[key]; }
void ModuleDictImpl::fail_at(const std::string& key, const std::type_info& wanted) {
  fail<TypeError>("ModuleDict", "module \"", key, "\" is no ", detail::class_name(wanted));
}
std::shared_ptr<Module> ModuleDictImpl::pop(const std::string& key) {
  std::shared_ptr<Module> module = modules_[key];
  unregister_module(key);
  modules_.erase(key);
  return module;
}
void ModuleDictImpl::clear() {
  for (const std::string& key : modules_.keys()) unregister_module(key);
  modules_.clear();
}
void ModuleDictImpl::update(const std::vector<Named>& modules) {
  for (const Named& m : modules) {
    if (contains(m.first)) {
      modules_[m.first] = replace_module(m.first, m.second);
    } else {
      modules_.insert(m.first, register_module(m.first, m.second));
    }
  }
}
void ModuleDictImpl::reset() {}
void ModuleDictImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::ModuleDict"; }
std::shared_ptr<Module> ModuleDictImpl::clone(const optional<Device>& device) const {
  auto copy = std::make_shared<ModuleDictImpl>();
  for (const auto& m : modules_) copy->update(std::vector<Named>{{m.key(), m.value()->clone(device)}});
  copy->train(is_training());
  return copy;
}
GRADTAPE_LAYER_DEFINITION(ModuleDictImpl);

ParameterListImpl::ParameterListImpl() = default;
void ParameterListImpl::append(const Tensor& parameter) {
  register_parameter(std::to_string(parameters_.size()), parameter, parameter.defined() && parameter.requires_grad());
}
Tensor& ParameterListImpl::at(std::size_t index) {
  check<IndexError>(index < size(), "ParameterList", "index ", static_cast<std::int64_t>(index),
                    " is out of range: there are ", static_cast<std::int64_t>(size()), " parameters");
  return parameters_[index].value();
}
void ParameterListImpl::reset() {}
void ParameterListImpl::pretty_print(std::ostream& stream) const {
  print_parameters(stream, "ParameterList", parameters_);
}
std::shared_ptr<Module> ParameterListImpl::clone(const optional<Device>&) const {
  auto copy = std::make_shared<ParameterListImpl>();
  for (const auto& p : parameters_)
    copy->append(p.value().defined() ? p.value().detach().clone().requires_grad_(p.value().requires_grad()) : Tensor());
  copy->train(is_training());
  return copy;
}
GRADTAPE_LAYER_DEFINITION(ParameterListImpl);

ParameterDictImpl::ParameterDictImpl() = default;
ParameterDictImpl::ParameterDictImpl(const OrderedDict<std::string, Tensor>& parameters) { update(parameters); }
Tensor& ParameterDictImpl::insert(const std::string& key, const Tensor& parameter) {
  return register_parameter(key, parameter, parameter.defined() && parameter.requires_grad());
}
Tensor ParameterDictImpl::pop(const std::string& key) {
  const Tensor t = parameters_[key];
  parameters_.erase(key);
  return t;
}
void ParameterDictImpl::clear() { parameters_.clear(); }
Tensor ParameterDictImpl::get(const std::string& key, const Tensor& otherwise) const {
  const Tensor* found = parameters_.find(key);
  return found ? *found : otherwise;
}
void ParameterDictImpl::reset() {}
void ParameterDictImpl::pretty_print(std::ostream& stream) const {
  print_parameters(stream, "ParameterDict", parameters_);
}
std::shared_ptr<Module> ParameterDictImpl::clone(const optional<Device>&) const {
  auto copy = std::make_shared<ParameterDictImpl>();
  for (const auto& p : parameters_)
    copy->insert(p.key(), p.value().detach().clone().requires_grad_(p.value().requires_grad()));
  copy->train(is_training());
  return copy;
}
GRADTAPE_LAYER_DEFINITION(ParameterDictImpl);

FunctionalImpl::FunctionalImpl(Function function) : function_(std::move(function)) {
  check<ValueError>(static_cast<bool>(function_), "Functional", "the function is empty");
}
Tensor FunctionalImpl::forward(Tensor input) { return function_(std::move(input)); }
bool FunctionalImpl::is_serializable() const { return false; }
void FunctionalImpl::reset() {}
void FunctionalImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Functional()"; }
GRADTAPE_LAYER_DEFINITION(FunctionalImpl);

}  // namespace gradtape::nn
