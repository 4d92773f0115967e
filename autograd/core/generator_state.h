#pragma once
// What a Generator points to.
#include <mutex>

#include "autograd/generator.h"

namespace gradtape::detail {

struct GeneratorState {
  std::mutex mutex;  // held by an operation while it draws
  std::uint64_t seed = 0;
  std::uint64_t offset = 0;
};

}  // namespace gradtape::detail
