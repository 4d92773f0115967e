#pragma once
#include <utility>

// One field of an options struct: LinearOptions(2, 3).bias(false) sets, options.bias() reads.
#define GRADTAPE_ARG(T, name)                              \
 public:                                                   \
  auto name(T new_##name)->decltype(*this) { /* NOLINT */  \
    this->name##_ = std::move(new_##name);                 \
    return *this;                                          \
  }                                                        \
  const T& name() const noexcept { return this->name##_; } \
  T& name() noexcept { return this->name##_; }             \
                                                           \
 private:                                                  \
  T name##_ /* NOLINT */
