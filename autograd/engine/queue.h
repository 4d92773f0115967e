#pragma once
// The nodes that a sweep still has to visit, newest first.
#include <algorithm>
#include <utility>
#include <vector>

#include "autograd/tape/node.h"

namespace gradtape::engine {

// Note [Fetching ahead]
// Long tapes do not fit into the caches, so what comes next is fetched while other rules run. When a node is queued its
// inputs have been fetched already (when one of its readers was queued): what they saved is asked for, and their own
// inputs.
class NodeQueue {
 public:
  using Node = tape::Node;

  void push(Node* n) {
    fetch_ahead(*n);
    // The newest is held apart from the heap when it is known, as along a chain.
    if (newest_ ? newest_->sequence < n->sequence : heap_.empty() || heap_.front()->sequence < n->sequence)
      std::swap(n, newest_);
    if (!n) return;
    heap_.push_back(n);
    std::push_heap(heap_.begin(), heap_.end(), older);
  }
  // Null when none is left.
  Node* pop() {
    Node* n = std::exchange(newest_, nullptr);
    if (n || heap_.empty()) return n;
    std::pop_heap(heap_.begin(), heap_.end(), older);
    n = heap_.back();
    heap_.pop_back();
    return n;
  }

 private:
  static bool older(const Node* a, const Node* b) { return a->sequence < b->sequence; }
  static void prefetch(const void* p, std::size_t bytes) {
    for (std::size_t at = 0; at < bytes; at += 64) __builtin_prefetch(static_cast<const char*>(p) + at, 1);
  }
  static void fetch_ahead(Node& n) {
    const tape::SavedTensor* saved = n.saved();
    for (std::size_t i = 0; i < n.num_saved && i < Node::kInlineSaved; ++i)
      if (!saved[i].is_storage() && saved[i].impl) prefetch(saved[i].impl->storage, core::kStorageHeader + 64);
    const tape::Edge* edges = n.edges();
    for (std::size_t i = 0; i < n.num_edges && i < Node::kInlineEdges; ++i)
      if (Node* input = edges[i].node()) fetch_inputs(*input);
  }
  static void fetch_inputs(Node& n) {
    const tape::SavedTensor* saved = n.saved();
    for (std::size_t i = 0; i < n.num_saved && i < Node::kInlineSaved; ++i) prefetch(saved[i].impl, 128);
    const tape::Edge* edges = n.edges();
    for (std::size_t i = 0; i < n.num_edges && i < Node::kInlineEdges; ++i)
      if (const Node* input = edges[i].node()) prefetch(input, sizeof(Node));
  }

  std::vector<Node*> heap_;
  Node* newest_ = nullptr;  // newer than all in the heap, or null
};

}  // namespace gradtape::engine
