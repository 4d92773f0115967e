#pragma once
#include "autograd/core/allocator.h"

namespace gradtape::kernels {

// Memory for the time of one call, from the cache that tensors come from: none from the system in a steady state.
class Workspace {
 public:
  explicit Workspace(std::size_t bytes) : block_(core::allocate(bytes)) {}
  ~Workspace() { core::deallocate(block_.data, block_.size_class); }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  template <class T>
  T* as() const {
    return static_cast<T*>(block_.data);
  }

 private:
  core::Block block_;
};

}  // namespace gradtape::kernels
