#pragma once
// Modules and parameters by name, lists of parameters, and a function as a module.
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "layer.h"
#include "ordered_dict.h"

namespace gradtape::nn {

// Modules by name, registered under it; no forward of its own.
class ModuleDictImpl : public Module {
 public:
  using Named = std::pair<std::string, std::shared_ptr<Module>>;
  using Iterator = OrderedDict<std::string, std::shared_ptr<Module>>::Iterator;
  using ConstIterator = OrderedDict<std::string, std::shared_ptr<Module>>::ConstIterator;

  ModuleDictImpl();
  ModuleDictImpl(const ModuleDictImpl& o);
  ModuleDictImpl& operator=(const ModuleDictImpl& o);
  explicit ModuleDictImpl(const std::vector<Named>& modules);
  explicit ModuleDictImpl(const OrderedDict<std::string, std::shared_ptr<Module>>& modules);

  std::vector<Named> items() const { return modules_.pairs(); }
  std::vector<std::string> keys() const { return modules_.keys(); }
  std::vector<std::shared_ptr<Module>> values() const { return modules_.values(); }
  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  std::size_t size() const noexcept { return modules_.size(); }
  bool empty() const noexcept { return modules_.is_empty(); }
  bool contains(const std::string& key) const noexcept { return modules_.contains(key); }
  // These throw when the name is missing; at<T> and ptr<T> also when the module is of another class.
  std::shared_ptr<Module> operator[](const std::string& key) const;
  template <class T>
  T& at(const std::string& key) const {
    T* module = (*this)[key]->template as<T>();
    if (!module) fail_at(key, typeid(T));
    return *module;
  }
  template <class T>
  std::shared_ptr<T> ptr(const std::string& key) const {
    return std::dynamic_pointer_cast<T>((*this)[key]);
  }
  std::shared_ptr<Module> pop(const std::string& key);
  void clear();
  // Names that are there get the new module.
  void update(const std::vector<Named>& modules);
  template <class Container>
  void update(const Container& container) {
    std::vector<Named> named;
    for (const auto& item : container) named.emplace_back(item.key(), item.value());
    update(named);
  }

  std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const override;
  GRADTAPE_LAYER(ModuleDictImpl);
  [[noreturn]] static void fail_at(const std::string& key, const std::type_info& wanted);
  OrderedDict<std::string, std::shared_ptr<Module>> modules_{"Module"};
};
GRADTAPE_MODULE(ModuleDict);

// Parameters, registered by position.
class ParameterListImpl : public Module {
 public:
  using Iterator = OrderedDict<std::string, Tensor>::Iterator;
  using ConstIterator = OrderedDict<std::string, Tensor>::ConstIterator;
  ParameterListImpl();
  template <class... Rest>
  explicit ParameterListImpl(const Tensor& first, const Rest&... rest) {
    append(first);
    (append(rest), ...);
  }
  // A tensor that does not require grad stays so.
  void append(const Tensor& parameter);
  void append(const OrderedDict<std::string, Tensor>::Item& pair) { append(pair.value()); }
  template <class Container>
  void extend(const Container& container) {
    for (const auto& parameter : container) append(parameter);
  }
  Iterator begin() { return parameters_.begin(); }
  ConstIterator begin() const { return parameters_.begin(); }
  Iterator end() { return parameters_.end(); }
  ConstIterator end() const { return parameters_.end(); }
  std::size_t size() const noexcept { return parameters_.size(); }
  bool is_empty() const noexcept { return parameters_.is_empty(); }
  Tensor& at(std::size_t index);
  Tensor& operator[](std::size_t index) { return at(index); }
  std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const override;
  GRADTAPE_LAYER(ParameterListImpl);
};
GRADTAPE_MODULE(ParameterList);

// Parameters by name.
class ParameterDictImpl : public Module {
 public:
  using Iterator = OrderedDict<std::string, Tensor>::Iterator;
  using ConstIterator = OrderedDict<std::string, Tensor>::ConstIterator;
  ParameterDictImpl();
  explicit ParameterDictImpl(const OrderedDict<std::string, Tensor>& parameters);
  Tensor& insert(const std::string& key, const Tensor& parameter);
  Tensor pop(const std::string& key);
  std::vector<std::string> keys() const { return parameters_.keys(); }
  std::vector<Tensor> values() const { return parameters_.values(); }
  Iterator begin() { return parameters_.begin(); }
  ConstIterator begin() const { return parameters_.begin(); }
  Iterator end() { return parameters_.end(); }
  ConstIterator end() const { return parameters_.end(); }
  std::size_t size() const noexcept { return parameters_.size(); }
  bool empty() const noexcept { return parameters_.is_empty(); }
  bool contains(const std::string& key) const noexcept { return parameters_.contains(key); }
  void clear();
  // Names that are there get the new tensor.
  template <class Container>
  void update(const Container& container) {
    for (const auto& item : container) {
      if (contains(item.key())) pop(item.key());
      insert(item.key(), item.value());
    }
  }
  Tensor& get(const std::string& key) { return parameters_[key]; }
  Tensor get(const std::string& key, const Tensor& otherwise) const;
  Tensor& operator[](const std::string& key) { return parameters_[key]; }
  const Tensor& operator[](const std::string& key) const { return parameters_[key]; }
  std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const override;
  GRADTAPE_LAYER(ParameterDictImpl);
};
GRADTAPE_MODULE(ParameterDict);

// A function of a tensor, with further arguments bound, as a module without parameters:
//   nn::Sequential net(nn::Linear(4, 2), nn::Functional(torch::elu, 1, 1, 1));
class FunctionalImpl : public Module {
 public:
  using Function = std::function<Tensor(Tensor)>;
  explicit FunctionalImpl(Function function);
  template <class F, class... Args, class = std::enable_if_t<(sizeof...(Args) > 0)>>
  explicit FunctionalImpl(F function, Args... args)
      : FunctionalImpl(Function([=](const Tensor& input) { return function(input, args...); })) {}
  Tensor forward(Tensor input);
  Tensor operator()(Tensor input) { return forward(std::move(input)); }
  bool is_serializable() const override;
  GRADTAPE_LAYER(FunctionalImpl);
  Function function_;
};
GRADTAPE_MODULE(Functional);

}  // namespace gradtape::nn
