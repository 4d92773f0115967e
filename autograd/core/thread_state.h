#pragma once
#include <cstdint>

namespace gradtape::core {

// Settings and counters of one thread; plain data, so that reading them costs one instruction.
struct ThreadState {
  bool grad_mode;
  bool inference_mode;
  // See Note [The verification dtype]: float64 factories and casts give the verification dtype.
  bool verifying;
  // Set when a verification tensor with a non-zero imaginary part was read from outside the library.
  bool left_library;
  // Smallest distance, while verifying, of any element to a switch of a piecewise operation.
  double margin;
  // The same over the elements that the complex step moves.
  double step_margin;
  std::uint64_t sequence;
};
extern __thread ThreadState tls;

}  // namespace gradtape::core
