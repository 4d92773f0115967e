#include "nn/container.h"

#include <ostream>

#include "autograd/error.h"
#include "nn/cloneable.h"

namespace gradtape::nn {

SequentialImpl::SequentialImpl() = default;
SequentialImpl::SequentialImpl(const SequentialImpl& o) = default;
SequentialImpl& SequentialImpl::operator=(const SequentialImpl& o) = default;
SequentialImpl::~SequentialImpl() = default;
SequentialImpl::SequentialImpl(OrderedDict<std::string, AnyModule>&& modules) {
  for (auto& item : modules) push_back(item.key(), std::move(item.value()));
}
SequentialImpl::SequentialImpl(std::initializer_list<NamedAnyModule> modules) {
  for (const NamedAnyModule& m : modules) push_back(m.name(), m.module());
}
Sequential::Sequential(std::initializer_list<NamedAnyModule> modules)
    : ModuleHolder(std::make_shared<SequentialImpl>(modules)) {}

void SequentialImpl::push_back(AnyModule module) { push_back(std::to_string(modules_.size()), std::move(module)); }
void SequentialImpl::push_back(std::string name, AnyModule module) {
  register_module(std::move(name), module.ptr());
  modules_.push_back(std::move(module));
}

Tensor SequentialImpl::forward_tensor(const Tensor& input) const {
  check(!is_empty(), "Sequential", "forward() of an empty Sequential");
  Tensor x = modules_[0].forward_tensor(input);
  for (std::size_t i = 1; i < modules_.size(); ++i) x = modules_[i].forward_tensor(x);
  return x;
}
AnyValue SequentialImpl::run(AnyValue* values, std::size_t count) const {
  check(!is_empty(), "Sequential", "forward() of an empty Sequential");
  AnyValue x = modules_[0].invoke(values, count);
  for (std::size_t i = 1; i < modules_.size(); ++i) x = modules_[i].invoke(&x, 1);
  return x;
}

const AnyModule& SequentialImpl::any(std::size_t index) const {
  check<IndexError>(index < size(), "Sequential", "index ", static_cast<std::int64_t>(index),
                    " is out of range: there are ", static_cast<std::int64_t>(size()), " modules");
  return modules_[index];
}

void SequentialImpl::reset() {}
void SequentialImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Sequential"; }
std::shared_ptr<Module> SequentialImpl::clone(const optional<Device>& device) const {
  auto copy = std::make_shared<SequentialImpl>();
  const auto names = named_children().keys();
  for (std::size_t i = 0; i < modules_.size(); ++i) copy->push_back(names[i], modules_[i].clone(device));
  copy->train(is_training());
  return copy;
}
const detail::CloneTable* SequentialImpl::clone_table() const { return detail::clone_table_of<SequentialImpl>(); }

ModuleListImpl::ModuleListImpl() = default;
ModuleListImpl::ModuleListImpl(const ModuleListImpl& o) = default;
ModuleListImpl& ModuleListImpl::operator=(const ModuleListImpl& o) = default;
ModuleListImpl::~ModuleListImpl() = default;

void ModuleListImpl::push_back(std::shared_ptr<Module> module) {
  register_module(std::to_string(modules_.size()), module);
  modules_.push_back(std::move(module));
}
void ModuleListImpl::insert(std::size_t index, std::shared_ptr<Module> module) {
  check<IndexError>(index <= size(), "ModuleList", "cannot insert at ", static_cast<std::int64_t>(index),
                    ": there are ", static_cast<std::int64_t>(size()), " modules");
  push_back(module);
  for (std::size_t i = size() - 1; i > index; --i) modules_[i] = modules_[i - 1];
  modules_[index] = std::move(module);
  for (std::size_t i = index; i < size(); ++i) replace_module(std::to_string(i), modules_[i]);
}
std::shared_ptr<Module> ModuleListImpl::ptr(std::size_t index) const {
  check<IndexError>(index < size(), "ModuleList", "index ", static_cast<std::int64_t>(index),
                    " is out of range: there are ", static_cast<std::int64_t>(size()), " modules");
  return modules_[index];
}
void ModuleListImpl::fail_at(std::size_t index, const std::type_info& wanted) const {
  fail<TypeError>("ModuleList", "module ", static_cast<std::int64_t>(index), " is a ", ptr(index)->name(), ", not a ",
                  detail::class_name(wanted));
}

void ModuleListImpl::reset() {}
void ModuleListImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::ModuleList"; }
std::shared_ptr<Module> ModuleListImpl::clone(const optional<Device>& device) const {
  auto copy = std::make_shared<ModuleListImpl>();
  for (const auto& m : modules_) copy->push_back(m->clone(device));
  copy->train(is_training());
  return copy;
}
const detail::CloneTable* ModuleListImpl::clone_table() const { return detail::clone_table_of<ModuleListImpl>(); }

}  // namespace gradtape::nn
