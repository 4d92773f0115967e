#pragma once
// Gradients of leaves, held apart until a sweep ends.
#include <utility>
#include <vector>

#include "autograd/core/tensor_impl.h"

namespace gradtape::engine {

struct LeafGradient {
  Tensor leaf;
  Tensor grad;
};

// In the order in which the sweep reached them. A search through few needs no table; for more there is one with open
// addressing, rebuilt when it is half full.
class LeafGradients {
 public:
  Tensor& operator[](TensorImpl* leaf) {
    constexpr std::size_t kFew = 12;
    if (list_.size() < kFew) {
      for (LeafGradient& l : list_)
        if (l.leaf.impl() == leaf) return l.grad;
    } else {
      if (table_.size() < 2 * list_.size()) fill_table();
      for (std::size_t at = hash(leaf);; ++at) {
        std::uint32_t& entry = table_[at & (table_.size() - 1)];
        if (entry == 0) {
          entry = static_cast<std::uint32_t>(list_.size() + 1);
          break;
        }
        if (list_[entry - 1].leaf.impl() == leaf) return list_[entry - 1].grad;
      }
    }
    list_.push_back({Tensor::share(leaf), Tensor()});
    return list_.back().grad;
  }
  void clear() noexcept {
    list_.clear();
    table_.clear();
  }
  std::vector<LeafGradient>::iterator begin() { return list_.begin(); }
  std::vector<LeafGradient>::iterator end() { return list_.end(); }

 private:
  void fill_table() {
    std::size_t size = 64;
    while (size < 4 * list_.size()) size *= 2;
    table_.assign(size, 0);
    for (std::size_t i = 0; i < list_.size(); ++i) {
      std::size_t at = hash(list_[i].leaf.impl());
      while (table_[at & (size - 1)] != 0) ++at;
      table_[at & (size - 1)] = static_cast<std::uint32_t>(i + 1);
    }
  }
  static std::size_t hash(const TensorImpl* leaf) {
    return static_cast<std::size_t>((reinterpret_cast<std::uintptr_t>(leaf) >> 6) * 0x9E3779B97F4A7C15ULL >> 20);
  }

  std::vector<LeafGradient> list_;
  std::vector<std::uint32_t> table_;  // 1 + index into list_, or 0
};

}  // namespace gradtape::engine
