#include "nn/module.h"

#include <cxxabi.h>

#include <cstdlib>
#include <ostream>

#include "autograd/error.h"
#include "autograd/tape.h"
#include "nn/cloneable.h"
#include "nn/serialize.h"

namespace gradtape::nn {
namespace {

std::string join(const std::string& prefix, const std::string& name) {
  return prefix.empty() ? name : prefix + "." + name;
}

// The keys in the order of registration, for messages.
template <class V>
std::string listed(const OrderedDict<std::string, V>& dict) {
  if (dict.is_empty()) return "none";
  std::string text;
  for (const auto& item : dict) text += (text.empty() ? "" : ", ") + item.key();
  return text;
}

void check_name(const char* op, const Module& m, const char* kind, const std::string& name, bool taken) {
  const auto owner = [&] { return detail::class_name(typeid(m)); };
  if (name.empty()) fail(op, "the name of a ", kind, " of ", owner(), " must not be empty");
  if (name.find('.') != std::string::npos)
    fail(op, "the name of a ", kind, " must not contain a dot, got '", name, "' for ", owner(),
         "; dots separate the levels of the module tree");
  if (taken) fail(op, owner(), " has a ", kind, " '", name, "' already; choose another name");
}

}  // namespace

namespace detail {

std::string class_name(const std::type_info& type) {
  int status = 0;
  char* text = abi::__cxa_demangle(type.name(), nullptr, nullptr, &status);
  std::string name = status == 0 && text ? text : type.name();
  std::free(text);
  constexpr char own[] = "gradtape::";
  if (name.compare(0, sizeof own - 1, own) == 0) name.replace(0, sizeof own - 1, "torch::");
  return name;
}

void empty_holder(const std::type_info& contained) {
  fail("ModuleHolder", "there is no module in this holder of ", class_name(contained),
       " (it was made from nullptr or moved from); assign one first, as in fc = register_module(\"fc\", ...)");
}

std::shared_ptr<Module> CloneTable::clone(const Module& self, const optional<Device>& device) const {
  const NoGradGuard off;
  const std::shared_ptr<Module> made = copy(self);
  made->clear_registered();
  reset(*made);
  made->copy_registered(self, device);
  return made;
}

}  // namespace detail

Module::Module() : parameters_("Parameter"), buffers_("Buffer"), children_("Submodule") {}
Module::Module(std::string name) : Module() { name_ = std::move(name); }
Module::Module(const Module& o) = default;
Module& Module::operator=(const Module& o) = default;
Module::~Module() = default;

// The dynamic class is known only once the constructors are through, hence late.
const std::string& Module::name() const noexcept {
  if (name_.empty()) name_ = detail::class_name(typeid(*this));
  return name_;
}

const detail::CloneTable* Module::clone_table() const { return nullptr; }
void Module::save(serialize::OutputArchive& archive) const {
  for (const auto& p : parameters_) archive.write(p.key(), p.value());
  for (const auto& b : buffers_) archive.write(b.key(), b.value(), true);
  for (const auto& child : children_) {
    if (!child.value()->is_serializable()) continue;
    serialize::OutputArchive below;
    child.value()->save(below);
    archive.write(child.key(), below);
  }
}
void Module::load(serialize::InputArchive& archive) {
  for (auto& p : parameters_)
    if (p.value().defined()) archive.read(p.key(), p.value());
  for (auto& b : buffers_)
    if (b.value().defined()) archive.read(b.key(), b.value(), true);
  for (const auto& child : children_) {
    // A module without tensors has left nothing in the archive.
    if (!child.value()->is_serializable() || (child.value()->parameters().empty() && child.value()->buffers().empty()))
      continue;
    serialize::InputArchive below;
    archive.read(child.key(), below);
    child.value()->load(below);
  }
}
bool Module::is_serializable() const { return true; }

std::size_t Module::forward_defaults(AnyValue*, std::size_t) { return static_cast<std::size_t>(-1); }

std::shared_ptr<Module> Module::clone(const optional<Device>& device) const {
  const detail::CloneTable* table = clone_table();
  if (!table)
    fail<NotImplementedError>("clone", name(), " cannot be cloned; derive it from nn::Cloneable<", name(),
                              "> instead of nn::Module and register its members in reset()");
  return table->clone(*this, device);
}

void Module::clone_(Module& source, const optional<Device>& device) {
  const detail::CloneTable* table = clone_table();
  if (!table)
    fail<NotImplementedError>("clone", "the submodule ", name(),
                              " cannot be cloned; derive it from nn::Cloneable instead of nn::Module");
  const std::shared_ptr<Module> copy = source.clone(device);
  check(table->assign(*this, *copy), "clone", "the submodule is a ", source.name(),
        ", but reset() of its parent registered a ", name(), " under that name");
}

void Module::clear_registered() {
  parameters_.clear();
  buffers_.clear();
  children_.clear();
}

void Module::copy_registered(const Module& source, const optional<Device>& device) {
  check(!device || device->is_cpu(), "clone", "only the CPU is supported; ", source.name(),
        " was to be cloned to CUDA");
  const auto copy = [&](OrderedDict<std::string, Tensor>& mine, const OrderedDict<std::string, Tensor>& theirs,
                        const char* kind) {
    check(mine.size() == theirs.size(), "clone", source.name(), " has these ", kind, ": ", listed(theirs),
          ", but reset() registered ", listed(mine), "; register in reset(), not in the constructor");
    for (const auto& item : theirs) {
      Tensor& t = mine[item.key()];
      const Tensor& from = item.value();
      if (!from.defined()) {
        t = Tensor();
        continue;
      }
      check(t.defined(), "clone", "reset() of ", source.name(), " left '", item.key(), "' undefined; the original is ",
            from);
      t.set_data(from.detach().clone());
      if (t.is_leaf() && t.requires_grad() != from.requires_grad()) t.requires_grad_(from.requires_grad());
    }
  };
  copy(parameters_, source.parameters_, "parameters");
  copy(buffers_, source.buffers_, "buffers");
  check(children_.size() == source.children_.size(), "clone", source.name(),
        " has these children: ", listed(source.children_), ", but reset() registered ", listed(children_),
        "; register in reset(), not in the constructor");
  for (const auto& child : source.children_) children_[child.key()]->clone_(*child.value(), device);
}

void Module::apply_to_submodules(const NamedModulePointerApplyFunction& function,
                                 const std::string& name_prefix) const {
  for (const auto& child : children_) {
    const std::string name = join(name_prefix, child.key());
    function(name, child.value());
    child.value()->apply_to_submodules(function, name);
  }
}
void Module::apply(const ModuleApplyFunction& function) {
  function(*this);
  apply_to_submodules([&](const std::string&, const std::shared_ptr<Module>& m) { function(*m); }, "");
}
void Module::apply(const ConstModuleApplyFunction& function) const {
  function(*this);
  apply_to_submodules([&](const std::string&, const std::shared_ptr<Module>& m) { function(*m); }, "");
}
void Module::apply(const NamedModuleApplyFunction& function, const std::string& name_prefix) {
  function(name_prefix, *this);
  apply_to_submodules([&](const std::string& n, const std::shared_ptr<Module>& m) { function(n, *m); }, name_prefix);
}
void Module::apply(const ConstNamedModuleApplyFunction& function, const std::string& name_prefix) const {
  function(name_prefix, *this);
  apply_to_submodules([&](const std::string& n, const std::shared_ptr<Module>& m) { function(n, *m); }, name_prefix);
}
void Module::apply(const ModulePointerApplyFunction& function) const {
  function(shared_from_this_checked());
  apply_to_submodules([&](const std::string&, const std::shared_ptr<Module>& m) { function(m); }, "");
}
void Module::apply(const NamedModulePointerApplyFunction& function, const std::string& name_prefix) const {
  function(name_prefix, shared_from_this_checked());
  apply_to_submodules(function, name_prefix);
}

void Module::collect(const std::string& prefix, OrderedDict<std::string, Tensor> Module::*which, bool recurse,
                     OrderedDict<std::string, Tensor>& out) const {
  for (const auto& item : this->*which)
    if (item.value().defined()) out.insert(join(prefix, item.key()), item.value());
  if (!recurse) return;
  for (const auto& child : children_) child.value()->collect(join(prefix, child.key()), which, true, out);
}
OrderedDict<std::string, Tensor> Module::named_parameters(bool recurse) const {
  OrderedDict<std::string, Tensor> out("Parameter");
  collect("", &Module::parameters_, recurse, out);
  return out;
}
OrderedDict<std::string, Tensor> Module::named_buffers(bool recurse) const {
  OrderedDict<std::string, Tensor> out("Buffer");
  collect("", &Module::buffers_, recurse, out);
  return out;
}
std::vector<Tensor> Module::parameters(bool recurse) const { return named_parameters(recurse).values(); }
std::vector<Tensor> Module::buffers(bool recurse) const { return named_buffers(recurse).values(); }

OrderedDict<std::string, std::shared_ptr<Module>> Module::named_modules(const std::string& name_prefix,
                                                                        bool include_self) const {
  OrderedDict<std::string, std::shared_ptr<Module>> out("Submodule");
  if (include_self) out.insert(name_prefix, shared_from_this_checked());
  apply_to_submodules([&](const std::string& name, const std::shared_ptr<Module>& m) { out.insert(name, m); },
                      name_prefix);
  return out;
}
std::vector<std::shared_ptr<Module>> Module::modules(bool include_self) const {
  std::vector<std::shared_ptr<Module>> out;
  if (include_self) out.push_back(shared_from_this_checked());
  apply_to_submodules([&](const std::string&, const std::shared_ptr<Module>& m) { out.push_back(m); }, "");
  return out;
}
std::vector<std::shared_ptr<Module>> Module::children() const { return children_.values(); }
OrderedDict<std::string, std::shared_ptr<Module>> Module::named_children() const { return children_; }

void Module::train(bool on) {
  for (auto& child : children_) child.value()->train(on);
  is_training_ = on;
}
void Module::eval() { train(false); }
bool Module::is_training() const noexcept { return is_training_; }

void Module::to(Device device, Dtype dtype, bool non_blocking) { to_impl(device, dtype, non_blocking); }
void Module::to(Dtype dtype, bool non_blocking) { to_impl(nullopt, dtype, non_blocking); }
void Module::to(Device device, bool non_blocking) { to_impl(device, nullopt, non_blocking); }

void Module::to_impl(const optional<Device>& device, const optional<Dtype>& dtype, bool non_blocking) {
  check(!device || device->is_cpu(), "Module::to", "only the CPU is supported; ", name(), " was to move to CUDA");
  if (dtype && !is_floating(*dtype))
    for (const auto& item : named_parameters())
      check<TypeError>(!item.value().requires_grad(), "Module::to", "parameter '", item.key(), "' of ", name(),
                       " requires grad and cannot become ", *dtype, ": ", item.value());
  for (auto& child : children_) {
    if (device && dtype) {
      child.value()->to(*device, *dtype, non_blocking);
    } else if (dtype) {
      child.value()->to(*dtype, non_blocking);
    } else if (device) {
      child.value()->to(*device, non_blocking);
    }
  }
  if (!dtype) return;
  const NoGradGuard off;
  const auto convert = [&](const Tensor& t) {
    if (!t.defined()) return;
    t.set_data(t.detach().to(*dtype, non_blocking));
    if (t.grad().defined()) t.mutable_grad() = t.grad().detach().to(*dtype, non_blocking);
  };
  for (const auto& item : parameters_) convert(item.value());
  for (const auto& item : buffers_) convert(item.value());
}

void Module::zero_grad(bool set_to_none) {
  for (auto& child : children_) child.value()->zero_grad(set_to_none);
  for (auto& item : parameters_) {
    const Tensor& t = item.value();
    if (!t.defined() || !t.grad().defined()) continue;
    Tensor& grad = t.mutable_grad();
    if (set_to_none) {
      grad.reset();
    } else {
      if (grad.requires_grad()) grad = grad.detach();
      grad.zero_();
    }
  }
}

Tensor& Module::register_parameter(std::string name, Tensor tensor, bool requires_grad) {
  const char* op = "register_parameter";
  check_name(op, *this, "parameter", name, parameters_.contains(name));
  if (tensor.defined()) {
    if (requires_grad && !tensor.is_floating_point())
      fail<TypeError>(op, "parameter '", name, "' of ", detail::class_name(typeid(*this)), " is ", tensor,
                      ", and only floating-point tensors can require gradients; pass requires_grad = false or use "
                      "register_buffer");
    tensor.set_requires_grad(requires_grad);
  }
  return parameters_.insert(std::move(name), std::move(tensor));
}

Tensor& Module::register_buffer(std::string name, Tensor tensor) {
  check_name("register_buffer", *this, "buffer", name, buffers_.contains(name));
  return buffers_.insert(std::move(name), std::move(tensor));
}

void Module::check_child(const char* op, const std::string& name, const std::shared_ptr<Module>& module) const {
  if (!module)
    fail(op, "the submodule '", name, "' of ", detail::class_name(typeid(*this)),
         " is a null pointer; make the module first");
  bool cycle = module.get() == this;
  module->apply_to_submodules(
      [&](const std::string&, const std::shared_ptr<Module>& m) { cycle = cycle || m.get() == this; }, "");
  if (cycle)
    fail(op, "the submodule '", name, "' of ", detail::class_name(typeid(*this)),
         " contains that module itself; the modules must form a tree");
}

void Module::register_child(std::string name, std::shared_ptr<Module> module) {
  check_name("register_module", *this, "submodule", name, children_.contains(name));
  check_child("register_module", name, module);
  children_.insert(std::move(name), std::move(module));
}
void Module::replace_child(const std::string& name, std::shared_ptr<Module> module) {
  std::shared_ptr<Module>* place = children_.find(name);
  if (!place) fail("replace_module", this->name(), " has no submodule '", name, "'; it has: ", listed(children_));
  check_child("replace_module", name, module);
  *place = std::move(module);
}
void Module::unregister_module(const std::string& name) {
  if (!children_.contains(name))
    fail("unregister_module", this->name(), " has no submodule '", name, "'; it has: ", listed(children_));
  children_.erase(name);
}

void Module::pretty_print(std::ostream& stream) const { stream << name(); }
void Module::pretty_print_recursive(std::ostream& stream, const std::string& indentation) const {
  pretty_print(stream);
  if (children_.is_empty()) return;
  stream << "(\n";
  const std::string deeper = indentation + "  ";
  for (const auto& child : children_) {
    stream << deeper << '(' << child.key() << "): ";
    child.value()->pretty_print_recursive(stream, deeper);
    stream << '\n';
  }
  stream << indentation << ')';
}
std::ostream& operator<<(std::ostream& stream, const Module& module) {
  module.pretty_print_recursive(stream, "");
  return stream;
}

std::shared_ptr<Module> Module::shared_from_this_checked() const {
  const std::shared_ptr<const Module> self = weak_from_this().lock();
  if (!self)
    fail("modules", name(),
         " is not held by a shared_ptr, so the module itself cannot be part of the result; make it with "
         "std::make_shared or through its holder, or pass include_self = false");
  return std::const_pointer_cast<Module>(self);
}

}  // namespace gradtape::nn
