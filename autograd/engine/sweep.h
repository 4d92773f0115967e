#pragma once
// The reverse sweep; see backward.cpp for what is public.
//
// Note [The sweep]
// Nodes are taken in falling sequence order from a queue: every consumer of a node has a larger number than the node,
// so when a node comes up its gradient is complete. No recursion, no counting pass. Gradients of leaves, and those
// kept for retain_grad(), are held apart and added to grad() at the end, so that an exception leaves grad() as it was.
//
// Note [Sweeps inside sweeps]
// A hook or a rule may start a sweep of its own, even over nodes in which the running sweep has put gradients. Such an
// inner sweep takes over a node's state when it meets the node first and gives it back at its end.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "autograd/engine/leaf_gradients.h"
#include "autograd/engine/queue.h"
#include "autograd/grad.h"
#include "autograd/kernels/copy.h"
#include "autograd/ops/common.h"

namespace gradtape::engine {

using ops::array_of;
using ops::shape_of;
using tape::Edge;
using tape::is_private;
using tape::Node;
using tape::Sweep;

// What another sweep had put into a node.
struct NodeState {
  Node* node;
  std::uint64_t sweep;
  bool queued;
  std::vector<Tensor> grads;
};

// Who gets the gradients: all leaves, some tensors' grad(), or the caller (then no grad() changes).
enum class Target : std::uint8_t { Leaves, Inputs, Caller };

struct Capture {
  Node* node;  // or
  TensorImpl* leaf;
  std::uint32_t nr;
  Tensor grad;
};

class Backward {
 public:
  // `captures`: the tensors that get gradients, unless these are all leaves.
  void run(TensorList roots, Tensor* gradients, bool keep_graph, bool create_graph, Target target,
           std::vector<Capture>* captures, bool nested) {
    captures_ = captures;
    target_ = target;
    nested_ = nested;
    keep_ = keep_graph || create_graph;
    create_ = create_graph;
    static std::uint64_t next_id = 0;
    id_ = __atomic_add_fetch(&next_id, 3, __ATOMIC_RELAXED);
    const AutoGradMode mode(create_graph);
    if (captures_) mark_needed(roots);
    for (std::size_t i = 0; i < roots.size(); ++i) {
      TensorImpl* t = roots[i].impl();
      Node* n = tape::node_of(*t);
      deliver(n, n ? nullptr : t, t->output_nr, std::move(gradients[i]));
    }
    while (Node* n = queue_.pop()) {
      current_ = n;
      step(*n);
      tape::release(current_);
      current_ = nullptr;
    }
    finish();
  }

  ~Backward() { clear(); }

  void clear() noexcept {
    if (current_) {
      forget(*current_);
      current_ = nullptr;
    }
    while (Node* n = queue_.pop()) forget(*n);
    for (std::size_t i = borrowed_.size(); i-- > 0;) give_back(borrowed_[i]);
    borrowed_.clear();
    leaves_.clear();
    kept_.clear();
  }

 private:
  static void forget(Node& n) noexcept {
    n.queued = false;
    drop_gradients(n);
    tape::release(&n);
  }

  // Called when this sweep meets a node for the first time.
  void meet(Node& n) {
    if (!nested_) {
      if (n.queued) fail("backward", tape::node_name(n), " takes part in a sweep that runs on another thread");
      return;
    }
    NodeState s{&n, n.sweep, n.queued, {}};
    for (std::size_t k = 0; k < n.num_outputs; ++k) s.grads.push_back(std::move(n.output(k).grad));
    n.queued = false;
    tape::retain(&n);
    borrowed_.push_back(std::move(s));
  }
  static void give_back(NodeState& s) noexcept {
    Node& n = *s.node;
    n.sweep = s.sweep;
    n.queued = s.queued;
    for (std::size_t k = 0; k < n.num_outputs; ++k) n.output(k).grad = std::move(s.grads[k]);
    tape::release(&n);
  }

  // Marks with id_ + 1 the nodes from which a captured tensor can be reached, with id_ + 2 those that make one.
  void mark_needed(TensorList roots) {
    std::vector<Node*> reachable;
    for (const Tensor& r : roots) visit(tape::node_of(*r.impl()), reachable);
    for (std::size_t k = 0; k < reachable.size(); ++k) {
      Node& n = *reachable[k];
      for (std::size_t i = 0; i < n.num_edges; ++i) visit(n.edges()[i].node(), reachable);
    }
    std::sort(reachable.begin(), reachable.end(), [](Node* a, Node* b) { return a->sequence < b->sequence; });
    wanted_leaves_.clear();
    for (const Capture& c : *captures_) {
      if (c.leaf) wanted_leaves_.push_back(c.leaf);
      if (c.node && c.node->sweep == id_) c.node->sweep = id_ + 2;
    }
    std::sort(wanted_leaves_.begin(), wanted_leaves_.end());
    for (Node* n : reachable)
      for (std::size_t i = 0; n->sweep == id_ && i < n->num_edges; ++i)
        if (wanted(n->edges()[i].node(), n->edges()[i].leaf())) n->sweep = id_ + 1;
  }
  void visit(Node* n, std::vector<Node*>& list) {
    if (!n || n->sweep == id_) return;
    meet(*n);
    n->sweep = id_;
    list.push_back(n);
  }
  bool wanted(const Node* n, TensorImpl* leaf) const {
    if (!captures_) return true;
    if (n) return n->sweep == id_ + 1 || n->sweep == id_ + 2;
    return leaf && std::binary_search(wanted_leaves_.begin(), wanted_leaves_.end(), leaf);
  }

  // An undefined gradient stands for zero; a node hears of it all the same, as a user's Function may want to know.
  void deliver(Node* n, TensorImpl* leaf, std::uint32_t nr, Tensor g) {
    if (!wanted(n, leaf)) return;
    if (leaf) {
      if (g.defined()) add(leaves_[leaf], std::move(g));
      return;
    }
    if (!captures_ && n->sweep != id_) {
      meet(*n);
      n->sweep = id_;
    }
    if (!n->queued) {
      n->queued = true;
      tape::retain(n);
      queue_.push(n);
    }
    if (g.defined()) add(n->output(nr).grad, std::move(g));
  }

  void add(Tensor& slot, Tensor g) const {
    if (!slot.defined()) {
      slot = std::move(g);
    } else if (!create_ && is_private(slot)) {
      kernels::accumulate(array_of(slot), array_of(g));
    } else {
      slot = at::add(slot, g);
    }
  }

  void step(Node& n) {
    n.queued = false;
    constexpr std::size_t kFew = 4;
    bool wanted_few[kFew];
    std::unique_ptr<bool[]> wanted_many;
    const bool* wants = nullptr;
    bool leads_on = true;
    if (captures_) {
      // Before the hooks: these act on what flows on, not on what is asked for (as in libtorch 1.13).
      if (n.sweep == id_ + 2) capture(n);
      if (n.num_edges > kFew) wanted_many.reset(new bool[n.num_edges]);
      bool* w = wanted_many ? wanted_many.get() : wanted_few;
      leads_on = false;
      for (std::size_t i = 0; i < n.num_edges; ++i) {
        w[i] = wanted(n.edges()[i].node(), n.edges()[i].leaf());
        leads_on = leads_on || w[i];
      }
      wants = w;
    }
    if (leads_on && n.freed)
      fail("backward", "the graph was swept before and the values saved by ", tape::node_name(n),
           " are freed; pass retain_graph = true to the earlier backward() or grad(), or compute the result again");
    if (n.extra && (leads_on || target_ == Target::Inputs)) run_hooks(n);
    if (!leads_on) {
      drop_gradients(n);
      return;
    }
    propagate(n, wants);
    if (!keep_ && n.saves) n.free_saved();
  }
  static void drop_gradients(Node& n) noexcept {
    n.first_output.grad = Tensor();
    for (std::size_t k = 1; k < n.num_outputs; ++k) n.output(k).grad = Tensor();
  }

  void propagate(Node& n, const bool* wants) {
    constexpr std::size_t kFew = 4;
    Tensor few[kFew];
    std::vector<Tensor> many;
    Tensor* results = few;
    if (n.num_edges > kFew) {
      many.resize(n.num_edges);
      results = many.data();
    }
    if (has_gradient(n) || (n.extra && n.extra->runs_always)) {
      Sweep s(n, results, wants);
      n.rule->invoke(n.closure_data(), s);
    }
    drop_gradients(n);
    Edge* edges = n.edges();
    for (std::size_t i = 0; i < n.num_edges; ++i) {
      const Edge& e = edges[i];
      if (!e.needed()) continue;
      if (results[i].defined()) {
        const Shape& sizes = e.node() ? e.node()->output(e.nr()).sizes : e.leaf()->sizes;
        const ScalarType dtype = e.node() ? e.node()->output(e.nr()).sizes.dtype : e.leaf()->dtype;
        results[i] = fit(std::move(results[i]), sizes, dtype, n, i);
      }
      deliver(e.node(), e.leaf(), e.nr(), std::move(results[i]));
    }
  }
  static bool has_gradient(Node& n) {
    for (std::size_t k = 0; k < n.num_outputs; ++k)
      if (n.output(k).grad.defined()) return true;
    return false;
  }

  // The one place where a gradient is summed back over what broadcasting added, and gets its input's dtype.
  static Tensor fit(Tensor g, const Shape& sizes, ScalarType dtype, Node& n, std::size_t input) {
    if (shape_of(g) != sizes) {
      if (!is_expandable_to(sizes, shape_of(g)))
        fail("backward", tape::node_name(n), " gave a gradient ", g, " for input ", static_cast<std::int64_t>(input),
             " of shape ", sizes);
      g = at::sum_to(g, sizes);
    }
    if (ops::type_of(g) != dtype) g = ops::cast(g, dtype);
    return g;
  }

  void capture(Node& n) {
    for (Capture& c : *captures_)
      if (c.node == &n) c.grad = n.output(c.nr).grad;
  }

  void run_hooks(Node& n) {
    for (std::size_t i = 0; i < n.extra->hooks.size(); ++i) {
      const std::uint32_t nr = n.extra->hooks[i].first;
      run_hook(n.extra->hooks[i].second, n.output(nr).grad);
    }
    if (target_ == Target::Caller) return;
    for (auto& [nr, t] : tape::retaining(n))
      if (const Tensor& g = n.output(nr).grad; g.defined()) kept_.push_back({std::move(t), g});
  }
  // The hook may remove itself, so it is held here.
  static void run_hook(std::shared_ptr<Hook> hook, Tensor& g) {
    if (!hook || hook->removed || !g.defined()) return;
    Tensor r = hook->run(g);
    if (!r.defined()) return;
    check(shape_of(r) == shape_of(g) && ops::type_of(r) == ops::type_of(g), "hook", "returned ", r, " for a gradient ",
          g);
    g = std::move(r);
  }

  void finish() {
    if (target_ == Target::Caller) {
      for (LeafGradient& l : leaves_)
        for (Capture& c : *captures_)
          if (c.leaf == l.leaf.impl()) c.grad = l.grad;
      return;
    }
    // All that may throw comes first.
    for (LeafGradient& l : leaves_) {
      const TensorExtra* extra = l.leaf.impl()->extra;
      for (std::size_t i = 0; extra && i < extra->hooks.size(); ++i) run_hook(extra->hooks[i], l.grad);
    }
    for (const LeafGradient& l : leaves_) check_fits(l);
    for (const LeafGradient& l : kept_) check_fits(l);
    for (LeafGradient& l : kept_) accumulate(l);
    for (LeafGradient& l : leaves_) accumulate(l);
  }

  static void check_fits(const LeafGradient& l) {
    const Tensor& old = l.leaf.grad();
    check(!old.defined() || shape_of(old) == shape_of(l.grad), "backward", "grad() of ", l.leaf, " is ", old,
          ", to which the gradient ", l.grad, " cannot be added; reset it with mutable_grad() = Tensor()");
  }

  void accumulate(LeafGradient& l) const {
    Tensor& grad = l.leaf.mutable_grad();
    if (!grad.defined()) {
      grad = create_ || is_private(l.grad) ? std::move(l.grad) : at::clone(l.grad);
    } else if (create_ || grad.requires_grad() ||
               !(grad.is_contiguous() || core::is_non_overlapping(grad.sizes(), grad.strides()))) {
      grad = at::add(grad, l.grad);
    } else {
      // In place, as users may hold the tensor that grad() returned.
      const Tensor g = ops::cast_value(l.grad, ops::type_of(grad));
      kernels::accumulate(array_of(grad), array_of(g));
      core::bump_version(*grad.impl(), "backward");
    }
  }

  NodeQueue queue_;
  Node* current_ = nullptr;
  LeafGradients leaves_;
  std::vector<LeafGradient> kept_;  // for retain_grad()
  std::vector<Capture>* captures_ = nullptr;
  std::vector<TensorImpl*> wanted_leaves_;  // sorted
  std::vector<NodeState> borrowed_;
  Target target_ = Target::Leaves;
  bool nested_ = false, keep_ = false, create_ = false;
  std::uint64_t id_ = 0;
};

// A sweep's vectors are kept for the next one; a sweep inside a sweep (a hook calls backward) uses the next object.
class Lease {
 public:
  Lease() : depth_(depth()++) {
    if (store().size() <= depth_) store().push_back(std::make_unique<Backward>());
  }
  ~Lease() {
    store()[depth_]->clear();
    --depth();
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  void run(TensorList roots, Tensor* gradients, bool keep_graph, bool create_graph, Target target = Target::Leaves,
           std::vector<Capture>* captures = nullptr) {
    store()[depth_]->run(roots, gradients, keep_graph, create_graph, target, captures, depth_ > 0);
  }

 private:
  static std::vector<std::unique_ptr<Backward>>& store() {
    static thread_local std::vector<std::unique_ptr<Backward>> s;
    return s;
  }
  static std::size_t& depth() {
    static thread_local std::size_t d = 0;
    return d;
  }
  std::size_t depth_;
};

}  // namespace gradtape::engine
