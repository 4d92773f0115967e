#pragma once
// The tape as an object: grad modes, nodes, position, statistics, drawing.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tensor.h"

namespace gradtape {

namespace tape {
struct Node;
}

// Whether operations are recorded; one setting per thread, on at start.
struct GradMode {
  static bool is_enabled() noexcept;
  static void set_enabled(bool on) noexcept;
};
// Switches recording for a scope and restores what was before.
class AutoGradMode {
 public:
  explicit AutoGradMode(bool on) : before_(GradMode::is_enabled()) { GradMode::set_enabled(on); }
  ~AutoGradMode() { GradMode::set_enabled(before_); }
  AutoGradMode(const AutoGradMode&) = delete;
  AutoGradMode& operator=(const AutoGradMode&) = delete;

 private:
  bool before_;
};
class NoGradGuard : public AutoGradMode {
 public:
  NoGradGuard() : AutoGradMode(false) {}
};
// Nothing is recorded, and tensors made inside can never be saved by a later recorded operation.
class InferenceMode {
 public:
  explicit InferenceMode(bool on = true);
  ~InferenceMode();
  InferenceMode(const InferenceMode&) = delete;
  InferenceMode& operator=(const InferenceMode&) = delete;
  static bool is_enabled() noexcept;

 private:
  bool before_inference_, before_grad_;
};

namespace autograd {

// A node of the tape, seen from outside; keeps it alive. Converts to false when there is none.
class GradFn {
 public:
  GradFn() = default;
  explicit GradFn(tape::Node* node);
  GradFn(const GradFn& o);
  GradFn(GradFn&& o) noexcept : node_(o.node_) { o.node_ = nullptr; }
  GradFn& operator=(GradFn o) noexcept {
    std::swap(node_, o.node_);
    return *this;
  }
  ~GradFn();
  explicit operator bool() const { return node_ != nullptr; }
  const GradFn* operator->() const { return this; }
  friend bool operator==(const GradFn& a, const GradFn& b) { return a.node_ == b.node_; }
  friend bool operator!=(const GradFn& a, const GradFn& b) { return a.node_ != b.node_; }
  // "MulBackward": the operation's name in the ecosystem's spelling.
  std::string name() const;
  std::uint64_t sequence_nr() const;
  std::size_t num_inputs() const;
  // For each input of the operation the node that made it; false for a leaf or a constant.
  std::vector<GradFn> next_functions() const;
  tape::Node* node() const { return node_; }

 private:
  tape::Node* node_ = nullptr;
};

}  // namespace autograd

namespace tape {

struct Statistics {
  std::uint64_t position;          // sequence number of this thread's last recorded node
  std::int64_t nodes_alive;        // recorded and not yet freed, all threads
  std::uint64_t nodes_total;       // ever recorded, all threads
  std::int64_t bytes_in_use;       // storage of live tensors
  std::int64_t bytes_cached;       // storage kept for reuse
  std::uint64_t heap_allocations;  // times the library asked the system for memory
};
Statistics statistics() noexcept;
// The sequence number of the last node recorded on this thread.
std::uint64_t position() noexcept;
// Gives cached storage of this thread back to the system.
void empty_cache() noexcept;

// The nodes that `root` depends on, newest first: one line a node with position, operation, result, inputs and the
// bytes it alone keeps for its rule.
std::string table(const Tensor& root);
// The same as a drawing in the DOT language (Graphviz): names, shapes, saved bytes.
std::string to_dot(const Tensor& root);

}  // namespace tape
}  // namespace gradtape
