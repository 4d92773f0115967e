#pragma once
// ModuleHolder: the handle through which modules are used. It shares the module: copies mean the same layer.
//   struct NetImpl : nn::Module { ... };
//   GRADTAPE_MODULE(Net);           // Net net(args); net->forward(x); net(x);
#include <cstddef>
#include <iosfwd>
#include <memory>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace gradtape::nn {

class Module;

namespace detail {
struct ModuleHolderIndicator {};
template <class T>
constexpr bool is_module = std::is_base_of_v<Module, std::decay_t<T>>;
template <class T>
constexpr bool is_holder = std::is_base_of_v<ModuleHolderIndicator, std::decay_t<T>>;
template <class T, class Contained, bool = is_holder<T>>
constexpr bool is_holder_of = false;
template <class T, class Contained>
constexpr bool is_holder_of<T, Contained, true> = std::is_same_v<typename std::decay_t<T>::ContainedType, Contained>;
template <class M, class... Args>
using forward_result = decltype(std::declval<M&>().forward(std::declval<Args>()...));
[[noreturn]] void empty_holder(const std::type_info& contained);
}  // namespace detail

template <class Contained>
class ModuleHolder : detail::ModuleHolderIndicator {
 public:
  using ContainedType = Contained;

  // A module made without arguments; for a module that needs some, start with nullptr.
  ModuleHolder() : impl_(new Contained()), owner_(impl_) {}
  // No module yet: using it is an error until one is assigned.
  ModuleHolder(std::nullptr_t) {}                  // NOLINT(google-explicit-constructor)
  ModuleHolder(std::shared_ptr<Contained> module)  // NOLINT(google-explicit-constructor)
      : impl_(module.get()), owner_(std::move(module)) {}
  template <class Head, class... Tail,
            class = std::enable_if_t<!(detail::is_holder_of<Head, Contained> && sizeof...(Tail) == 0)>>
  explicit ModuleHolder(Head&& head, Tail&&... tail)
      : impl_(new Contained(std::forward<Head>(head), std::forward<Tail>(tail)...)), owner_(impl_) {}
  ModuleHolder(const ModuleHolder& o) = default;
  ModuleHolder(ModuleHolder&& o) noexcept : impl_(o.impl_), owner_(std::move(o.owner_)) { o.impl_ = nullptr; }
  ModuleHolder& operator=(ModuleHolder o) noexcept {
    std::swap(impl_, o.impl_);
    owner_.swap(o.owner_);
    return *this;
  }

  explicit operator bool() const noexcept { return impl_ != nullptr; }
  bool is_empty() const noexcept { return impl_ == nullptr; }
  Contained* get() { return checked(); }
  const Contained* get() const { return checked(); }
  std::shared_ptr<Contained> ptr() const { return std::shared_ptr<Contained>(owner_, checked()); }
  Contained* operator->() { return checked(); }
  const Contained* operator->() const { return checked(); }
  Contained& operator*() { return *checked(); }
  const Contained& operator*() const { return *checked(); }
  // The module's forward().
  template <class... Args, class C = Contained>
  detail::forward_result<C, Args...> operator()(Args&&... args) {
    return checked()->forward(std::forward<Args>(args)...);
  }
  template <class Arg>
  decltype(auto) operator[](Arg&& arg) {
    return (*checked())[std::forward<Arg>(arg)];
  }

 protected:
  Contained* impl_ = nullptr;

 private:
  Contained* checked() const {
    if (!impl_) detail::empty_holder(typeid(Contained));
    return impl_;
  }

  // One type for all holders: a shared_ptr class of its own would cost every program 1 ms of compilation a module.
  std::shared_ptr<Module> owner_;
};

template <class M>
std::ostream& operator<<(std::ostream& out, const ModuleHolder<M>& module) {
  return out << *module;
}

}  // namespace gradtape::nn

// class Name: the holder of ImplType.
#define GRADTAPE_MODULE_IMPL(Name, ImplType)                                \
  class Name : public ::gradtape::nn::ModuleHolder<ImplType> { /* NOLINT */ \
   public:                                                                  \
    using ::gradtape::nn::ModuleHolder<ImplType>::ModuleHolder;             \
    using Impl [[maybe_unused]] = ImplType;                                 \
  }
#define GRADTAPE_MODULE(Name) GRADTAPE_MODULE_IMPL(Name, Name##Impl)
