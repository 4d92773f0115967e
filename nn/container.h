#pragma once
// Modules made of modules.
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "any.h"
#include "module.h"

namespace gradtape::nn {

// y = m_n(.. m_2(m_1(x))). Members are holders, modules by value, shared_ptrs or AnyModules, named by their position
// unless a name is given. The first may take several arguments, the last may give any type; between them one value
// passes.
//   Sequential net(Linear(2, 8), ReLU(), Linear(8, 1));
//   Sequential net({{"fc1", Linear(2, 8)}, {"act", ReLU()}});
class SequentialImpl : public Module {
 public:
  using Iterator = std::vector<AnyModule>::iterator;
  using ConstIterator = std::vector<AnyModule>::const_iterator;

  SequentialImpl();
  SequentialImpl(const SequentialImpl& o);
  SequentialImpl& operator=(const SequentialImpl& o);
  ~SequentialImpl() override;
  template <class First, class... Rest,
            class = std::enable_if_t<!std::is_base_of_v<SequentialImpl, std::decay_t<First>> || sizeof...(Rest) != 0>>
  explicit SequentialImpl(First&& first, Rest&&... rest) {
    push_back(std::forward<First>(first));
    (push_back(std::forward<Rest>(rest)), ...);
  }
  explicit SequentialImpl(OrderedDict<std::string, AnyModule>&& modules);
  explicit SequentialImpl(std::initializer_list<NamedAnyModule> modules);

  template <class R = Tensor, class... In>
  R forward(In&&... inputs) {
    if constexpr (std::is_same_v<R, Tensor> && sizeof...(In) == 1 &&
                  (std::is_same_v<std::decay_t<In>, Tensor> && ...)) {
      return forward_tensor(inputs...);
    } else {
      AnyValue values[sizeof...(In) + 1] = {AnyValue(std::forward<In>(inputs))..., AnyValue()};
      return run(values, sizeof...(In)).template get<R>();
    }
  }

  void push_back(AnyModule module);
  void push_back(std::string name, AnyModule module);
  template <class M>
  void push_back(std::shared_ptr<M> module) {
    push_back(AnyModule(std::move(module)));
  }
  template <class M>
  void push_back(std::string name, std::shared_ptr<M> module) {
    push_back(std::move(name), AnyModule(std::move(module)));
  }
  template <class M, class = std::enable_if_t<detail::is_module<M>>>
  void push_back(M&& module) {
    push_back(AnyModule(std::forward<M>(module)));
  }
  template <class M, class = std::enable_if_t<detail::is_module<M>>>
  void push_back(std::string name, M&& module) {
    push_back(std::move(name), AnyModule(std::forward<M>(module)));
  }
  template <class M>
  void push_back(const ModuleHolder<M>& holder) {
    push_back(AnyModule(holder.ptr()));
  }
  template <class M>
  void push_back(std::string name, const ModuleHolder<M>& holder) {
    push_back(std::move(name), AnyModule(holder.ptr()));
  }
  template <class Container>
  void extend(const Container& container) {
    for (const auto& module : container) push_back(module);
  }

  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  std::size_t size() const noexcept { return modules_.size(); }
  bool is_empty() const noexcept { return modules_.empty(); }
  // The module at a position, as its own class; throws when it is another.
  template <class T>
  T& at(std::size_t index) const {
    return any(index).template get<T>();
  }
  std::shared_ptr<Module> ptr(std::size_t index) const { return any(index).ptr(); }
  template <class T>
  std::shared_ptr<T> ptr(std::size_t index) const {
    return any(index).template ptr<T>();
  }
  std::shared_ptr<Module> operator[](std::size_t index) const { return ptr(index); }

  void reset();
  void pretty_print(std::ostream& stream) const override;
  std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const override;

 private:
  Tensor forward_tensor(const Tensor& input) const;
  AnyValue run(AnyValue* values, std::size_t count) const;
  const AnyModule& any(std::size_t index) const;
  const detail::CloneTable* clone_table() const override;

  std::vector<AnyModule> modules_;
};

class Sequential : public ModuleHolder<SequentialImpl> {
 public:
  using ModuleHolder<SequentialImpl>::ModuleHolder;
  using Impl [[maybe_unused]] = SequentialImpl;
  Sequential() = default;
  Sequential(std::initializer_list<NamedAnyModule> modules);
};

// A list of modules, registered by position, that has no forward of its own.
class ModuleListImpl : public Module {
 public:
  using Iterator = std::vector<std::shared_ptr<Module>>::iterator;
  using ConstIterator = std::vector<std::shared_ptr<Module>>::const_iterator;

  ModuleListImpl();
  ModuleListImpl(const ModuleListImpl& o);
  ModuleListImpl& operator=(const ModuleListImpl& o);
  ~ModuleListImpl() override;
  template <class First, class... Rest,
            class = std::enable_if_t<!std::is_base_of_v<ModuleListImpl, std::decay_t<First>> || sizeof...(Rest) != 0>>
  explicit ModuleListImpl(First&& first, Rest&&... rest) {
    push_back(std::forward<First>(first));
    (push_back(std::forward<Rest>(rest)), ...);
  }

  void push_back(std::shared_ptr<Module> module);
  template <class M, class = std::enable_if_t<detail::is_module<M>>>
  void push_back(M&& module) {
    push_back(std::shared_ptr<Module>(new std::decay_t<M>(std::forward<M>(module))));
  }
  template <class M>
  void push_back(const ModuleHolder<M>& holder) {
    push_back(std::shared_ptr<Module>(holder.ptr()));
  }
  template <class Container>
  void extend(const Container& container) {
    for (const auto& module : container) push_back(module);
  }
  // Later modules move up by one.
  void insert(std::size_t index, std::shared_ptr<Module> module);
  template <class M>
  void insert(std::size_t index, const ModuleHolder<M>& holder) {
    insert(index, std::shared_ptr<Module>(holder.ptr()));
  }
  template <class M, class = std::enable_if_t<detail::is_module<M>>>
  void insert(std::size_t index, M&& module) {
    insert(index, std::shared_ptr<Module>(new std::decay_t<M>(std::forward<M>(module))));
  }

  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  std::size_t size() const noexcept { return modules_.size(); }
  bool is_empty() const noexcept { return modules_.empty(); }
  template <class T>
  T& at(std::size_t index) const {
    T* module = ptr(index)->template as<T>();
    if (!module) fail_at(index, typeid(T));
    return *module;
  }
  std::shared_ptr<Module> ptr(std::size_t index) const;
  template <class T>
  std::shared_ptr<T> ptr(std::size_t index) const {
    return std::dynamic_pointer_cast<T>(ptr(index));
  }
  std::shared_ptr<Module> operator[](std::size_t index) const { return ptr(index); }

  void reset();
  void pretty_print(std::ostream& stream) const override;
  std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const override;

 private:
  [[noreturn]] void fail_at(std::size_t index, const std::type_info& wanted) const;
  const detail::CloneTable* clone_table() const override;

  std::vector<std::shared_ptr<Module>> modules_;
};
GRADTAPE_MODULE(ModuleList);

}  // namespace gradtape::nn
