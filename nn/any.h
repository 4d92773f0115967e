#pragma once
// Type erasure of values and modules: what Sequential holds.
#include <cstddef>
#include <iterator>
#include <memory>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "../autograd/tensor.h"
#include "module.h"

namespace gradtape::nn {

// A value of any copyable type. A Tensor is kept without an allocation.
class AnyValue {
 public:
  AnyValue() = default;
  template <class T, class D = std::decay_t<T>, class = std::enable_if_t<!std::is_same_v<D, AnyValue>>>
  explicit AnyValue(T&& value) : type_(&typeid(D)) {
    if constexpr (std::is_same_v<D, Tensor>) {
      tensor_ = std::forward<T>(value);
    } else {
      box_ = std::make_unique<Box<D>>(std::forward<T>(value));
    }
  }
  AnyValue(const AnyValue& o);
  AnyValue(AnyValue&& o) noexcept;
  AnyValue& operator=(const AnyValue& o);
  AnyValue& operator=(AnyValue&& o) noexcept;
  ~AnyValue();

  // Null when the value is no T.
  template <class T>
  T* try_get() {
    static_assert(std::is_same_v<T, std::decay_t<T>>, "AnyValue holds values, not references or arrays");
    if (type_info() != typeid(T)) return nullptr;
    if constexpr (std::is_same_v<T, Tensor>) {
      return &tensor_;
    } else {
      auto* box = static_cast<Box<T>*>(box_.get());
      return box ? &box->value : nullptr;
    }
  }
  // Throws when the value is no T.
  template <class T>
  T get() {
    if (T* v = try_get<T>()) return *v;
    fail_get(typeid(T));
  }
  // typeid(void) when empty.
  const std::type_info& type_info() const noexcept { return type_ ? *type_ : typeid(void); }

 private:
  struct BoxBase {
    virtual ~BoxBase();
    virtual std::unique_ptr<BoxBase> clone() const = 0;
  };
  template <class T>
  struct Box final : BoxBase {
    template <class U>
    explicit Box(U&& v) : value(std::forward<U>(v)) {}
    std::unique_ptr<BoxBase> clone() const override { return std::make_unique<Box>(value); }
    T value;
  };
  [[noreturn]] void fail_get(const std::type_info& wanted) const;

  const std::type_info* type_ = nullptr;
  Tensor tensor_;
  std::unique_ptr<BoxBase> box_;
};

namespace detail {

// A module class seen from outside: one constant a class, so that an AnyModule needs no allocation of its own.
struct AnyModuleType {
  const std::type_info& type;
  void* (*cast)(Module& module);                        // the M* of a module; null when it is no M
  Tensor (*tensor)(void* module, const Tensor& input);  // of a forward from one Tensor to one Tensor; else
  AnyValue (*invoke)(void* module, AnyValue* arguments, const std::type_info& type);
  std::size_t arguments;
};
std::size_t fill_defaults(AnyValue* values, std::size_t given, const std::pair<std::size_t, AnyValue>* defaults,
                          std::size_t count);
[[noreturn]] void bad_argument(const std::type_info& module, std::size_t index, const std::type_info& wanted,
                               const std::type_info& got);

template <class T>
T& argument(const std::type_info& module, AnyValue* values, std::size_t index) {
  if (T* v = values[index].try_get<T>()) return *v;
  bad_argument(module, index, typeid(T), values[index].type_info());
}

template <class R, class... A>
struct Signature {
  static constexpr std::size_t arguments = sizeof...(A);
  static constexpr bool tensor_to_tensor = std::is_same_v<std::decay_t<R>, Tensor> && sizeof...(A) == 1 &&
                                           (std::is_same_v<std::decay_t<A>, Tensor> && ...) &&
                                           !(std::is_rvalue_reference_v<A> || ...);
  static_assert(!std::is_void_v<R>, "AnyModule cannot hold a module whose forward returns void");
  static_assert(((!std::is_lvalue_reference_v<A> || std::is_const_v<std::remove_reference_t<A>>)&&...),
                "forward of a module in an AnyModule must take values or const references");
  template <class M, std::size_t... I>
  static AnyValue call(M& module, AnyValue* values, const std::type_info& type, std::index_sequence<I...>) {
    return AnyValue(module.forward(static_cast<A>(std::move(argument<std::decay_t<A>>(type, values, I)))...));
  }
  template <class M>
  static AnyValue invoke(void* module, AnyValue* values, const std::type_info& type) {
    return call(*static_cast<M*>(module), values, type, std::index_sequence_for<A...>());
  }
};
template <class F>
struct SignatureOf;
template <class C, class R, class... A>
struct SignatureOf<R (C::*)(A...)> : Signature<R, A...> {};
template <class C, class R, class... A>
struct SignatureOf<R (C::*)(A...) const> : Signature<R, A...> {};

// A forward that is overloaded or a template (Sequential's) counts as Tensor -> Tensor.
template <class M, class = void>
struct ForwardOf : Signature<Tensor, const Tensor&> {};
template <class M>
struct ForwardOf<M, std::void_t<decltype(&M::forward)>> : SignatureOf<decltype(&M::forward)> {};

template <class M>
const AnyModuleType* any_module_type() {
  using S = ForwardOf<M>;
  constexpr auto cast = [](Module& m) -> void* { return dynamic_cast<M*>(&m); };
  if constexpr (S::tensor_to_tensor) {
    static constexpr AnyModuleType type = {
        typeid(M), cast, [](void* m, const Tensor& x) -> Tensor { return static_cast<M*>(m)->forward(x); }, nullptr, 1};
    return &type;
  } else {
    static constexpr AnyModuleType type = {typeid(M), cast, nullptr, S::template invoke<M>, S::arguments};
    return &type;
  }
}

}  // namespace detail

// A module of any class, called with any arguments. Copies share the module.
class AnyModule {
 public:
  AnyModule() = default;
  template <class M>
  explicit AnyModule(std::shared_ptr<M> module) : AnyModule(module, module.get(), detail::any_module_type<M>()) {
    static_assert(detail::is_module<M>, "AnyModule holds classes derived from nn::Module");
  }
  template <class M, class = std::enable_if_t<detail::is_module<M>>>
  explicit AnyModule(M&& module)
      : AnyModule(std::shared_ptr<std::decay_t<M>>(new std::decay_t<M>(std::forward<M>(module)))) {}
  template <class M>
  explicit AnyModule(const ModuleHolder<M>& holder) : AnyModule(holder.ptr()) {}
  template <class M>
  AnyModule& operator=(std::shared_ptr<M> module) {
    return *this = AnyModule(std::move(module));
  }

  AnyModule clone(optional<Device> device = nullopt) const;
  // Calls forward; the arguments must have the types that it takes, references and const apart.
  template <class... A>
  AnyValue any_forward(A&&... arguments) {
    AnyValue values[sizeof...(A) + 1] = {AnyValue(std::forward<A>(arguments))..., AnyValue()};
    return invoke(values, sizeof...(A));
  }
  template <class R = Tensor, class... A>
  R forward(A&&... arguments) {
    return any_forward(std::forward<A>(arguments)...).template get<R>();
  }
  // The one-tensor case, which Sequential runs on: no allocation.
  Tensor forward_tensor(const Tensor& input) const;
  // `count` values, which may be moved from.
  AnyValue invoke(AnyValue* values, std::size_t count) const;

  // The module as its own class (throws when it is another), or, for a holder class, in a holder.
  template <class T, std::enable_if_t<detail::is_module<T>, int> = 0>
  T& get() const {
    return *static_cast<T*>(checked(typeid(T)));
  }
  template <class T, std::enable_if_t<detail::is_holder<T>, int> = 0>
  T get() const {
    return T(ptr<typename T::ContainedType>());
  }
  const std::shared_ptr<Module>& ptr() const;
  template <class T, class = std::enable_if_t<detail::is_module<T>>>
  std::shared_ptr<T> ptr() const {
    T* object = static_cast<T*>(checked(typeid(T)));
    return std::shared_ptr<T>(module_, object);
  }
  const std::type_info& type_info() const;
  bool is_empty() const noexcept { return module_ == nullptr; }

 private:
  AnyModule(std::shared_ptr<Module> module, void* object, const detail::AnyModuleType* type);
  void* checked(const std::type_info& wanted) const;
  [[noreturn]] void fail_count(std::size_t given) const;

  std::shared_ptr<Module> module_;
  void* object_ = nullptr;  // the same, as the class that `type_` describes
  const detail::AnyModuleType* type_ = nullptr;
};

// A module and its name in a Sequential: {"fc1", Linear(2, 3)}.
class NamedAnyModule {
 public:
  template <class M>
  NamedAnyModule(std::string name, std::shared_ptr<M> module)
      : NamedAnyModule(std::move(name), AnyModule(std::move(module))) {}
  template <class M, class = std::enable_if_t<detail::is_module<M>>>
  NamedAnyModule(std::string name, M&& module) : NamedAnyModule(std::move(name), AnyModule(std::forward<M>(module))) {}
  template <class M>
  NamedAnyModule(std::string name, const ModuleHolder<M>& holder)
      : NamedAnyModule(std::move(name), AnyModule(holder.ptr())) {}
  NamedAnyModule(std::string name, AnyModule module);

  const std::string& name() const noexcept { return name_; }
  AnyModule& module() noexcept { return module_; }
  const AnyModule& module() const noexcept { return module_; }

 private:
  std::string name_;
  AnyModule module_;
};

}  // namespace gradtape::nn

// In a module class: forward's arguments that an AnyModule or a Sequential may leave out, by number:
//   GRADTAPE_FORWARD_HAS_DEFAULT_ARGS({1, nn::AnyValue(Tensor())}, {2, nn::AnyValue(true)})
// Each value has the type of its argument.
#define GRADTAPE_FORWARD_HAS_DEFAULT_ARGS(...)                                                  \
  std::size_t forward_defaults(::gradtape::nn::AnyValue* values, std::size_t given) override {  \
    const std::pair<std::size_t, ::gradtape::nn::AnyValue> defaults[] = {__VA_ARGS__};          \
    return ::gradtape::nn::detail::fill_defaults(values, given, defaults, std::size(defaults)); \
  }
// The same in the .cpp of a layer of the library, whose class declares forward_defaults.
#define GRADTAPE_LAYER_DEFAULTS(Impl, ...)                                      \
  std::size_t Impl::forward_defaults(AnyValue* values, std::size_t given) {     \
    const std::pair<std::size_t, AnyValue> defaults[] = {__VA_ARGS__};          \
    return detail::fill_defaults(values, given, defaults, std::size(defaults)); \
  }                                                                             \
  static_assert(true)
