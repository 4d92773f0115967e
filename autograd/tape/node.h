#pragma once
// Nodes of the tape and how operations record them.
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "autograd/core/tensor_impl.h"

// Note [The tape]
// A Wengert list: each recorded operation is a node with a sequence number larger than those of all nodes it reads, so
// "falling sequence number" is a valid order for the reverse sweep and nothing ever recurses. Nodes are counted by the
// tensors they made and by the later nodes that read these; when the last goes the node returns to its pool. A node
// never refers to its own output with a count (it keeps an alias of the array when its rule reads the output), so
// there are no cycles.
//
// Note [Saved values]
// A rule reads values through `Sweep::saved`, which compares the storage's version with the one at the time of saving
// and names both operations when they differ.

namespace gradtape::tape {

class Sweep;

// What an operation's rule is: invoke and destroy a small closure kept inside the node.
struct RuleType {
  void (*invoke)(void* closure, Sweep& sweep);
  void (*destroy)(void* closure);  // null when trivial
};

// Input of a node: a node's output, a leaf, or nothing (a constant). An address takes 48 bits (processes get higher
// ones only if they ask for them); the number of the output, below 2^16, stands above it.
class Edge {
 public:
  static Edge to_node(Node* n, std::uint32_t nr) {
    return Edge{reinterpret_cast<std::uintptr_t>(n) | static_cast<std::uint64_t>(nr) << 48};
  }
  static Edge to_leaf(TensorImpl* t) { return Edge{reinterpret_cast<std::uintptr_t>(t) | 1u}; }
  Node* node() const { return bits_ & 1u ? nullptr : reinterpret_cast<Node*>(bits_ & kAddress); }
  TensorImpl* leaf() const {
    return bits_ & 1u ? reinterpret_cast<TensorImpl*>(bits_ & kAddress & ~std::uint64_t{1}) : nullptr;
  }
  std::uint32_t nr() const { return static_cast<std::uint32_t>(bits_ >> 48); }
  bool needed() const { return bits_ != 0; }

  static constexpr std::uint64_t kAddress = (std::uint64_t{1} << 48) - 1;
  std::uint64_t bits_;  // of a leaf the lowest bit is set
};

// A value that a rule reads. A recorded one that starts its storage, row-major, is saved as that storage: a tensor of
// it is made when the rule asks, and until then the tape holds one block less.
struct SavedTensor {
  enum class Kind : std::uint8_t { Input, Output, InputStorage, OutputStorage };
  union {
    TensorImpl* impl;
    Storage* whole;
  };
  std::uint32_t version;
  std::uint16_t nr;  // of the output; of an input saved as its storage the number of the edge
  Kind kind;

  bool is_output() const { return kind == Kind::Output || kind == Kind::OutputStorage; }
  bool is_storage() const { return kind >= Kind::InputStorage; }
  Storage* storage() const { return is_storage() ? whole : impl ? impl->storage : nullptr; }
};

// Shape and dtype of an output, to check and to fold arriving gradients; and the gradient itself during a sweep.
struct Output {
  // The dtype stands in what would be padding.
  struct Sizes : Shape {
    using Shape::operator=;
    ScalarType dtype = ScalarType::Undefined;
  } sizes;
  Tensor grad;
};

// What few nodes need.
struct NodeExtra {
  template <class T>
  using List = std::vector<T, core::Allocator<T>>;
  List<Output> outputs;                                                // from the second on
  std::vector<std::pair<std::uint32_t, std::shared_ptr<Hook>>> hooks;  // of output nr
  std::vector<std::pair<std::uint32_t, TensorImpl*>> retained;         // see Note [Retained gradients]
  std::mutex retained_mutex;
  List<Edge> edges;
  List<SavedTensor> saved;
  std::string name;          // of a user's Function
  bool runs_always = false;  // the rule wants to run also when no gradient has arrived

  static void* operator new(std::size_t) { return core::Pool<NodeExtra>::take(); }
  static void operator delete(void* p) { core::Pool<NodeExtra>::give(p); }
};

// Three cache lines: a long tape is bound by memory.
struct Node {
  static constexpr std::size_t kInlineEdges = 3, kInlineSaved = 2;
  static constexpr std::size_t kClosure = 24;

  Node(const char* name, std::uint32_t edges) : num_edges(edges), queued(false), freed(false), saves(false), op(name) {}
  RefCount refs{1};
  std::uint32_t num_edges;
  std::uint16_t num_outputs = 1;
  std::uint16_t num_saved = 0;
  std::uint8_t closure_class = 0;  // size class of a closure outside the node, plus 1
  bool queued : 1;
  bool freed : 1;       // saved values are gone
  bool saves : 1;       // had saved values
  bool long_sizes : 1;  // first_output's sizes own memory
  const char* op;
  const RuleType* rule = nullptr;
  NodeExtra* extra = nullptr;
  std::uint64_t sequence = 0;
  union {
    std::uint64_t sweep = 0;
    Node* next;  // in the list of nodes to destroy
  };
  // The first num_edges and num_saved are set; the rest is never read.
  Edge inline_edges[kInlineEdges];
  SavedTensor inline_saved[kInlineSaved];
  alignas(8) unsigned char closure[kClosure];
  Output first_output;

  NodeExtra& get_extra() {
    if (!extra) extra = new NodeExtra;
    return *extra;
  }
  Edge* edges() { return num_edges <= kInlineEdges ? inline_edges : extra->edges.data(); }
  SavedTensor* saved() { return num_saved <= kInlineSaved ? inline_saved : extra->saved.data(); }
  Output& output(std::size_t nr) { return nr == 0 ? first_output : extra->outputs[nr - 1]; }
  void* closure_data() { return closure_class ? *reinterpret_cast<void**>(closure) : closure; }
  // Drops saved values and closure.
  void free_saved() noexcept;
};
static_assert(sizeof(void*) != 8 || sizeof(Node) == 192);

inline void retain(Node* n) noexcept { n->refs.add(); }
// Of all threads.
struct NodeCounts {
  std::int64_t alive;
  std::uint64_t total;
};
NodeCounts node_counts() noexcept;

// The node of a tensor, after in-place changes through its base or other views; see Note [In-place changes].
Node* node_of(TensorImpl& t);
// Renews the node of a view whose base has changed; defined beside the in-place operations. Throws when it cannot.
void refresh_view(TensorImpl& t);
// True when nobody else can see t's elements, so that they may be changed.
inline bool is_private(const Tensor& t) {
  const TensorImpl& i = *t.impl();
  return i.refs.unique() && i.storage->refs.unique() && i.contiguous && !i.base && !i.node && !i.storage->owner &&
         !i.storage->deleter;
}
// Whether refresh_view would throw.
bool has_lost_base(const TensorImpl& t) noexcept;
inline bool tracks(TensorImpl* t) { return t && (t->requires_grad || t->node || (t->base && node_of(*t))); }
inline bool tracks(const Tensor& t) { return tracks(t.impl()); }

// Given to a rule: the arriving gradient, what was saved, and a place for each input's gradient.
class Sweep {
 public:
  // `wanted`, where given, says for each input whether this sweep has a use for its gradient.
  Sweep(Node& node, Tensor* results, const bool* wanted = nullptr)
      : g(node.first_output.grad), node_(node), results_(results), wanted_(wanted) {}
  const Tensor& g;  // gradient of the (first) output, always defined for one output
  bool needs(std::size_t input) const { return wanted_ ? wanted_[input] : node_.edges()[input].needed(); }
  std::size_t num_inputs() const { return node_.num_edges; }
  // Where the gradient of an input goes; leaving it undefined means zero. It may have the shape that broadcasting
  // gave: the engine sums it back.
  Tensor& operator[](std::size_t input) { return results_[input]; }
  const Tensor& grad(std::size_t output) const { return node_.output(output).grad; }  // undefined when none arrived
  Tensor saved(std::size_t i) const;
  Tensor y() const { return saved(node_.num_saved - 1u); }  // the saved output, always the last saved
  // The elements of a saved value, where no graph of the gradient is wanted and they lie row-major in the dtype and
  // sizes of `like`; null otherwise.
  const void* saved_memory(std::size_t i, const TensorImpl& like) const;
  // g itself, to be overwritten, where nobody else can see it (then it is gone from here); undefined otherwise.
  Tensor take_g();
  // Sizes of an input that needs a gradient.
  const Shape& sizes(std::size_t input) const;
  ScalarType dtype(std::size_t input) const;
  const Shape& output_sizes(std::size_t nr = 0) const { return node_.output(nr).sizes; }
  ScalarType output_dtype(std::size_t nr = 0) const { return node_.output(nr).sizes.dtype; }
  Node& node() { return node_; }

 private:
  Node& node_;
  Tensor* results_;
  const bool* wanted_;
};

// Handed out by record(); false when nothing is to be recorded.
class Recorder {
 public:
  explicit Recorder(Node* n) : node_(n) {}
  explicit operator bool() const { return node_ != nullptr; }
  bool needs(std::size_t input) const { return node_->edges()[input].needed(); }
  // Values get numbers 0, 1, .. in the order of saving; one that is not wanted counts, as undefined.
  void save(const Tensor& t, bool wanted = true) const;
  // The result itself; call last. The rule reads it with y().
  void save_output(const Tensor& y) const;
  // F: void(Sweep&); its captures must not hold a tensor that requires grad.
  template <class F>
  void rule(F f) const {
    static const RuleType type = {[](void* c, Sweep& s) { (*static_cast<F*>(c))(s); },
                                  std::is_trivially_destructible_v<F> ? nullptr : destroy<F>};
    void* place = node_->closure;
    if constexpr (sizeof(F) > Node::kClosure || alignof(F) > 8) {
      const core::Block b = core::allocate(sizeof(F));
      place = *reinterpret_cast<void**>(node_->closure) = b.data;
      node_->closure_class = static_cast<std::uint8_t>(b.size_class + 1);
    }
    new (place) F(std::move(f));
    node_->rule = &type;
  }
  // Further outputs of an operation that has several.
  void add_output(const Tensor& y) const;
  Node* node() const { return node_; }

 private:
  template <class F>
  static void destroy(void* c) {
    static_cast<F*>(c)->~F();
  }
  Node* node_;
};

struct Input {
  Input(const Tensor& t) : impl(t.impl()) {}  // NOLINT(google-explicit-constructor)
  TensorImpl* impl;
};

// Records `op` with result y when grad mode is on and an input requires grad. Undefined inputs are allowed.
Recorder record(const char* op, const Tensor& y, std::initializer_list<Input> inputs);
Recorder record(const char* op, const Tensor& y, const Tensor* inputs, std::size_t n);
// A node that knows its inputs but not its results yet, for operations that run in between; null when nothing is to be
// recorded. The caller owns a reference.
Node* open_node(const char* op, const Tensor* inputs, std::size_t n);
// Whether record() would record.
bool would_record(std::initializer_list<Input> inputs);
bool would_record(const Tensor* inputs, std::size_t n);

// Gives `t` the history of output `nr` of node `n`.
void set_history(TensorImpl& t, Node* n, std::uint32_t nr);
void drop(Edge& e) noexcept;

// ---- hooks.cpp ----
// Registers a function on t's gradient and returns its number among t's.
unsigned add_hook(TensorImpl& t, std::function<Tensor(Tensor)> hook);
// False when t has no such hook.
bool remove_hook(TensorImpl& t, unsigned number);
// Note [Retained gradients]
// A node hands gradients to tensors that it must not keep alive (they keep it alive). Each entry is taken back when
// its tensor dies or gets another history, under the node's mutex, so that an entry seen under it can be turned into
// a counted handle.
void start_retaining(TensorImpl& t);
// The tensors that want the gradient of an output of n, with its number.
std::vector<std::pair<std::uint32_t, Tensor>> retaining(Node& n);

// "MulBackward" for "mul".
std::string node_name(Node& n);

}  // namespace gradtape::tape
