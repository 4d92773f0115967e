#pragma once
// Cloneable<Derived>: gives a module of yours clone(). Register parameters, buffers and children in reset(), which the
// constructor calls too:
//   struct NetImpl : nn::Cloneable<NetImpl> {
//     NetImpl() { reset(); }
//     void reset() override { fc = register_module("fc", nn::Linear(4, 2)); }
//     nn::Linear fc{nullptr};
//   };
//
// Note [Cloning]
// A copy constructor would leave members and registered names of the copy on the original's tensors. So a clone is a
// copy whose registrations are dropped, made anew by reset(), and filled with the original's values. Library modules
// do the same without this base class: their clone_table() gives the few functions that depend on the class, and the
// headers stay free of templates.
#include <memory>
#include <utility>

#include "../autograd/tape.h"
#include "module.h"

namespace gradtape::nn {
namespace detail {

struct CloneTable {
  std::shared_ptr<Module> (*copy)(const Module& self);
  void (*reset)(Module& self);
  // False when the two are of different classes.
  bool (*assign)(Module& to, Module& from);

  std::shared_ptr<Module> clone(const Module& self, const optional<Device>& device) const;
};

// `prepare` runs on the copy before its reset(), for a class whose options hold tensors.
template <class M, void (*prepare)(M&) = nullptr>
const CloneTable* clone_table_of() {
  static constexpr CloneTable table = {[](const Module& self) -> std::shared_ptr<Module> {
                                         return std::shared_ptr<M>(new M(dynamic_cast<const M&>(self)));
                                       },
                                       [](Module& self) {
                                         M& m = dynamic_cast<M&>(self);
                                         if constexpr (prepare != nullptr) prepare(m);
                                         m.reset();
                                       },
                                       [](Module& to, Module& from) {
                                         auto* source = dynamic_cast<M*>(&from);
                                         if (source) dynamic_cast<M&>(to) = std::move(*source);
                                         return source != nullptr;
                                       }};
  return &table;
}

}  // namespace detail

template <class Derived>
class Cloneable : public virtual Module {
 public:
  using Module::Module;
  // Registers everything and sets it to its initial state.
  virtual void reset() = 0;
  std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const override {
    return detail::clone_table_of<Derived>()->clone(*this, device);
  }

 private:
  const detail::CloneTable* clone_table() const final { return detail::clone_table_of<Derived>(); }
};

}  // namespace gradtape::nn

// In the .cpp of a layer of the library; see layer.h. A function after the class prepares a copy before its reset().
#define GRADTAPE_LAYER_DEFINITION(Impl, ...)                                                                    \
  Impl::~Impl() = default;                                                                                      \
  const detail::CloneTable* Impl::clone_table() const { return detail::clone_table_of<Impl, ##__VA_ARGS__>(); } \
  static_assert(true)
