#pragma once
// Module: a node of a tree of parameters, buffers and children, each registered under a name. Dotted names
// ("fc1.weight") reach through the tree. Tensors and children that are not registered are ordinary members: they are
// neither trained, moved, saved nor cloned.
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../autograd/tensor.h"
#include "holder.h"
#include "ordered_dict.h"

namespace gradtape::serialize {
class InputArchive;
class OutputArchive;
}  // namespace gradtape::serialize

namespace gradtape::nn {

class Module;
class AnyModule;
class AnyValue;
namespace detail {
struct CloneTable;
// A class as messages and name() spell it: ours under the prefix that printed modules have ("torch::nn::LinearImpl").
std::string class_name(const std::type_info& type);
}  // namespace detail

class Module : public std::enable_shared_from_this<Module> {
 public:
  using ModuleApplyFunction = std::function<void(Module&)>;
  using ConstModuleApplyFunction = std::function<void(const Module&)>;
  using NamedModuleApplyFunction = std::function<void(const std::string&, Module&)>;
  using ConstNamedModuleApplyFunction = std::function<void(const std::string&, const Module&)>;
  using ModulePointerApplyFunction = std::function<void(const std::shared_ptr<Module>&)>;
  using NamedModulePointerApplyFunction = std::function<void(const std::string&, const std::shared_ptr<Module>&)>;

  Module();
  explicit Module(std::string name);
  Module(const Module& o);
  Module& operator=(const Module& o);
  virtual ~Module();

  // Given to the constructor, else the class name.
  const std::string& name() const noexcept;
  // A copy with parameters, buffers and children of its own. A class of yours gets it from Cloneable (cloneable.h).
  virtual std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const;

  // Calls `function` for this module, then for every module below it, depth first.
  void apply(const ModuleApplyFunction& function);
  void apply(const ConstModuleApplyFunction& function) const;
  void apply(const NamedModuleApplyFunction& function, const std::string& name_prefix = std::string());
  void apply(const ConstNamedModuleApplyFunction& function, const std::string& name_prefix = std::string()) const;
  // These need this module to be held by a shared_ptr.
  void apply(const ModulePointerApplyFunction& function) const;
  void apply(const NamedModulePointerApplyFunction& function, const std::string& name_prefix = std::string()) const;

  // Defined tensors only; with recurse those of all modules below too.
  std::vector<Tensor> parameters(bool recurse = true) const;
  OrderedDict<std::string, Tensor> named_parameters(bool recurse = true) const;
  std::vector<Tensor> buffers(bool recurse = true) const;
  OrderedDict<std::string, Tensor> named_buffers(bool recurse = true) const;
  // include_self needs this module to be held by a shared_ptr.
  std::vector<std::shared_ptr<Module>> modules(bool include_self = true) const;
  OrderedDict<std::string, std::shared_ptr<Module>> named_modules(const std::string& name_prefix = std::string(),
                                                                  bool include_self = true) const;
  std::vector<std::shared_ptr<Module>> children() const;
  OrderedDict<std::string, std::shared_ptr<Module>> named_children() const;

  // Training mode, for layers that behave differently when evaluated; on at start. Reaches all modules below.
  virtual void train(bool on = true);
  void eval();
  virtual bool is_training() const noexcept;

  // Converts every parameter, its gradient and every buffer. The Tensor objects stay the same, so optimizers and other
  // holders keep pointing at them.
  virtual void to(Device device, Dtype dtype, bool non_blocking = false);
  virtual void to(Dtype dtype, bool non_blocking = false);
  virtual void to(Device device, bool non_blocking = false);

  // Gradients of all parameters become zeros, or undefined.
  virtual void zero_grad(bool set_to_none = false);

  // Parameters, buffers and what the modules below save, each under its name; see serialize.h.
  virtual void save(serialize::OutputArchive& archive) const;
  virtual void load(serialize::InputArchive& archive);
  virtual bool is_serializable() const;  // false: passed over by the module above

  // This module as a T or as what the holder T contains; null when it is none.
  template <class T>
  auto as() noexcept {
    if constexpr (detail::is_holder<T>) {
      return dynamic_cast<typename T::ContainedType*>(this);
    } else {
      return dynamic_cast<T*>(this);
    }
  }
  template <class T>
  auto as() const noexcept {
    if constexpr (detail::is_holder<T>) {
      return dynamic_cast<const typename T::ContainedType*>(this);
    } else {
      return dynamic_cast<const T*>(this);
    }
  }

  // One line; operator<< prints the tree.
  virtual void pretty_print(std::ostream& stream) const;

  // Each returns what was registered. A name must not be empty, contain a dot or be taken. An undefined tensor keeps
  // its name and is passed over (a layer without bias).
  Tensor& register_parameter(std::string name, Tensor tensor, bool requires_grad = true);
  Tensor& register_buffer(std::string name, Tensor tensor);
  template <class M>
  std::shared_ptr<M> register_module(std::string name, std::shared_ptr<M> module) {
    register_child(std::move(name), module);
    return module;
  }
  template <class M>
  std::shared_ptr<M> register_module(std::string name, ModuleHolder<M> holder) {
    register_child(std::move(name), holder.ptr());
    return holder.ptr();
  }
  // Puts another module under a name that is taken.
  template <class M>
  std::shared_ptr<M> replace_module(const std::string& name, std::shared_ptr<M> module) {
    replace_child(name, module);
    return module;
  }
  template <class M>
  std::shared_ptr<M> replace_module(const std::string& name, ModuleHolder<M> holder) {
    replace_child(name, holder.ptr());
    return holder.ptr();
  }
  void unregister_module(const std::string& name);

 protected:
  OrderedDict<std::string, Tensor> parameters_;

 private:
  template <class Derived>
  friend class Cloneable;
  friend class AnyModule;
  friend struct detail::CloneTable;
  friend std::ostream& operator<<(std::ostream& stream, const Module& module);

  // Writes the defaults of forward's arguments from number `given` on and returns the first that has one; see
  // GRADTAPE_FORWARD_HAS_DEFAULT_ARGS in any.h.
  virtual std::size_t forward_defaults(AnyValue* values, std::size_t given);
  // How a library module is copied; null for a class that cannot be cloned. See Note [Cloning].
  virtual const detail::CloneTable* clone_table() const;
  // Turns `this` into a clone of `source`, in place.
  virtual void clone_(Module& source, const optional<Device>& device);

  void register_child(std::string name, std::shared_ptr<Module> module);
  void replace_child(const std::string& name, std::shared_ptr<Module> module);
  void check_child(const char* op, const std::string& name, const std::shared_ptr<Module>& module) const;
  void clear_registered();
  // Fills the tensors and children that reset() has registered with those of `source`.
  void copy_registered(const Module& source, const optional<Device>& device);
  void to_impl(const optional<Device>& device, const optional<Dtype>& dtype, bool non_blocking);
  void apply_to_submodules(const NamedModulePointerApplyFunction& function, const std::string& name_prefix) const;
  void collect(const std::string& prefix, OrderedDict<std::string, Tensor> Module::*which, bool recurse,
               OrderedDict<std::string, Tensor>& out) const;
  void pretty_print_recursive(std::ostream& stream, const std::string& indentation) const;
  std::shared_ptr<Module> shared_from_this_checked() const;

  OrderedDict<std::string, Tensor> buffers_;
  OrderedDict<std::string, std::shared_ptr<Module>> children_;
  mutable std::string name_;
  bool is_training_ = true;
};

std::ostream& operator<<(std::ostream& stream, const Module& module);

}  // namespace gradtape::nn
