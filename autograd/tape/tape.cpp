// Grad modes, and the tape seen from outside.
#include "autograd/tape.h"

#include <algorithm>
#include <cstdio>
#include <unordered_map>
#include <unordered_set>

#include "autograd/error.h"
#include "autograd/tape/node.h"

namespace gradtape {

bool GradMode::is_enabled() noexcept { return core::tls.grad_mode; }
// Inference mode outlasts a grad mode set inside it.
void GradMode::set_enabled(bool on) noexcept { core::tls.grad_mode = on && !core::tls.inference_mode; }

InferenceMode::InferenceMode(bool on) : before_inference_(core::tls.inference_mode), before_grad_(core::tls.grad_mode) {
  core::tls.inference_mode = on;
  core::tls.grad_mode = !on;
}
InferenceMode::~InferenceMode() {
  core::tls.inference_mode = before_inference_;
  core::tls.grad_mode = before_grad_;
}
bool InferenceMode::is_enabled() noexcept { return core::tls.inference_mode; }

namespace autograd {

GradFn::GradFn(tape::Node* node) : node_(node) {
  if (node_) tape::retain(node_);
}
GradFn::GradFn(const GradFn& o) : GradFn(o.node_) {}
GradFn::~GradFn() {
  if (node_) tape::release(node_);
}
std::string GradFn::name() const { return node_ ? tape::node_name(*node_) : "None"; }
std::uint64_t GradFn::sequence_nr() const {
  check(node_ != nullptr, "sequence_nr", "there is no node: the tensor is a leaf");
  return node_->sequence;
}
std::size_t GradFn::num_inputs() const { return node_ ? node_->num_edges : 0; }
std::vector<GradFn> GradFn::next_functions() const {
  std::vector<GradFn> out;
  for (std::size_t i = 0; i < num_inputs(); ++i) out.emplace_back(node_->edges()[i].node());
  return out;
}

}  // namespace autograd

namespace tape {

Statistics statistics() noexcept {
  const core::AllocatorStatistics a = core::allocator_statistics();
  const NodeCounts n = node_counts();
  return {core::tls.sequence, n.alive, n.total, a.bytes_in_use, a.bytes_cached, a.heap_allocations};
}
std::uint64_t position() noexcept { return core::tls.sequence; }
void empty_cache() noexcept { core::empty_cache(); }

namespace {

// All nodes that `root` depends on, newest first.
std::vector<Node*> nodes_of(const Tensor& root) {
  check(root.defined(), "tape", "the root is an undefined tensor");
  std::vector<Node*> list;
  std::unordered_set<Node*> seen;
  const auto visit = [&](Node* n) {
    if (n && seen.insert(n).second) list.push_back(n);
  };
  visit(node_of(*root.impl()));
  for (std::size_t k = 0; k < list.size(); ++k)
    for (std::size_t i = 0; i < list[k]->num_edges; ++i) visit(list[k]->edges()[i].node());
  std::sort(list.begin(), list.end(), [](Node* a, Node* b) { return a->sequence > b->sequence; });
  return list;
}

// Bytes that are alive for this node's rule; a storage saved by several nodes counts at the newest.
class SavedBytes {
 public:
  std::int64_t of(Node& n) {
    std::int64_t bytes = 0;
    for (std::size_t i = 0; i < n.num_saved; ++i)
      if (const Storage* s = n.saved()[i].storage())
        if (seen_.insert(s).second) bytes += s->bytes;
    return bytes;
  }

 private:
  std::unordered_set<const Storage*> seen_;
};

std::string describe(ScalarType dtype, const Shape& sizes) { return dtype_name(dtype) + to_string(sizes); }
std::string leaf_label(const TensorImpl& t) {
  const std::string shape = describe(t.dtype, t.sizes);
  return t.extra && !t.extra->name.empty() ? t.extra->name + " " + shape : shape;
}
std::string escaped(const std::string& s) {
  std::string out;
  for (char c : s) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string table(const Tensor& root) {
  std::string out =
      "position  operation                 result                inputs                        saved bytes\n";
  SavedBytes saved;
  for (Node* n : nodes_of(root)) {
    std::string inputs;
    for (std::size_t i = 0; i < n->num_edges; ++i) {
      const Edge& e = n->edges()[i];
      if (i) inputs += ' ';
      inputs += e.node()   ? "#" + std::to_string(e.node()->sequence)
                : e.leaf() ? (e.leaf()->extra && !e.leaf()->extra->name.empty() ? e.leaf()->extra->name : "leaf")
                           : "-";
    }
    char line[256];
    std::snprintf(line, sizeof line, "%8llu  %-24s  %-20s  %-28s  %lld\n", static_cast<unsigned long long>(n->sequence),
                  node_name(*n).c_str(), describe(n->output(0).sizes.dtype, n->output(0).sizes).c_str(), inputs.c_str(),
                  static_cast<long long>(saved.of(*n)));
    out += line;
  }
  return out;
}

std::string to_dot(const Tensor& root) {
  std::string out = "digraph tape {\n  rankdir=BT;\n  node [shape=box, fontname=\"monospace\"];\n";
  std::unordered_map<const TensorImpl*, int> leaves;
  SavedBytes saved;
  const std::vector<Node*> nodes = nodes_of(root);
  for (Node* n : nodes) {
    const std::string id = "n" + std::to_string(n->sequence);
    out += "  " + id + " [label=\"" + escaped(node_name(*n)) + "\\n" +
           describe(n->output(0).sizes.dtype, n->output(0).sizes) + "\\nsaved " + std::to_string(saved.of(*n)) +
           " bytes\"];\n";
    for (std::size_t i = 0; i < n->num_edges; ++i) {
      const Edge& e = n->edges()[i];
      if (e.node()) {
        out += "  n" + std::to_string(e.node()->sequence) + " -> " + id + ";\n";
      } else if (e.leaf()) {
        const auto [it, fresh] = leaves.try_emplace(e.leaf(), static_cast<int>(leaves.size()));
        const std::string leaf = "leaf" + std::to_string(it->second);
        if (fresh) out += "  " + leaf + " [shape=ellipse, label=\"" + escaped(leaf_label(*e.leaf())) + "\"];\n";
        out += "  " + leaf + " -> " + id + ";\n";
      }
    }
  }
  if (nodes.empty()) out += "  leaf0 [shape=ellipse, label=\"" + escaped(leaf_label(*root.impl())) + "\"];\n";
  return out + "}\n";
}

}  // namespace tape
}  // namespace gradtape
