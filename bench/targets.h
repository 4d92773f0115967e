#pragma once
// What the figures are to be.
#include <limits>
#include <regex>
#include <string>
#include <vector>

namespace bench {

enum class Measure {
  kLibtorch,     // time on libtorch over time on gradtape, at least
  kHand,         // time on gradtape over time by hand, at most
  kPerNode,      // nanoseconds a node of the tape, at most
  kAllocations,  // of the heap in an iteration, at most
  kMemory,       // peak resident memory over libtorch's, at most
  kValue,        // the row's own figure, at most
  kValueAtLeast,
};

struct Target {
  const char* rows;  // a regular expression for the whole name; of one measure, the first that matches counts
  Measure measure;
  double bound;
};

inline const std::vector<Target>& targets() {
  using M = Measure;
  static const std::vector<Target> all = {
      {"tiny/SGD/.*", M::kLibtorch, 25},
      {"tiny/Adam/.*", M::kLibtorch, 45},
      {"tiny/.*", M::kHand, 2.5},
      {"small/SGD/.*", M::kLibtorch, 5},
      {"small/Adam/.*", M::kLibtorch, 8},
      {"small/.*", M::kHand, 1.3},
      {"mnist/SGD/.*", M::kLibtorch, 1.5},
      {"mnist/Adam/.*", M::kLibtorch, 1.9},
      {"mnist/.*", M::kHand, 1.08},
      {"mid/.*/threads:2", M::kLibtorch, 1.3},
      {"mid/SGD/.*", M::kLibtorch, 1.08},
      {"mid/Adam/.*", M::kLibtorch, 1.25},
      {"big/.*/threads:2", M::kLibtorch, 1.2},
      {"big/SGD/.*", M::kLibtorch, 1.0},
      {"big/Adam/.*", M::kLibtorch, 1.3},
      {"(mid|big)/.*", M::kHand, 1.03},
      {"lstm/.*", M::kLibtorch, 40},
      {"tape/1/.*", M::kLibtorch, 38},
      {"tape/1/.*", M::kPerNode, 70},
      {"tanh/.*", M::kLibtorch, 5},
      {"(sigmoid|exp)/.*", M::kLibtorch, 2},
      {"(softmax|log_softmax)/rows/.*", M::kLibtorch, 2},
      {"layer_norm/.*", M::kLibtorch, 2},
      {"batch_norm/.*", M::kLibtorch, 4},
      {"max_pool2d/.*", M::kLibtorch, 10},
      {".*", M::kLibtorch, 1.0},
      // Gradients come and go in std::vector there.
      {"(gradcheck|gradient|hessian_vector)/.*", M::kAllocations, std::numeric_limits<double>::infinity()},
      {".*", M::kAllocations, 0},
      {".*", M::kMemory, 0.55},
      {"compile/native: CPU seconds", M::kValue, 1.0},
      {"compile/shim: CPU seconds", M::kValue, 1.5},
      {"compile/.*: MB of the compiler", M::kValue, 200},
      {"executable: MB", M::kValue, 3},
      {"start: ms", M::kValue, 3},
      {"start: MB resident", M::kValue, 10},
      {"big/.*: 1 thread over 2", M::kValueAtLeast, 1.85},
      {"tape/.*: a node at depth 10\\^6 over 10\\^3", M::kValue, 1.15},
  };
  return all;
}

inline const Target* target_of(const std::string& row, Measure measure) {
  for (const Target& t : targets())
    if (t.measure == measure && std::regex_match(row, std::regex(t.rows))) return &t;
  return nullptr;
}

}  // namespace bench
