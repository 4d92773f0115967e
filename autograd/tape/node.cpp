#include "autograd/tape/node.h"

#include <atomic>
#include <mutex>

#include "autograd/error.h"

namespace gradtape::tape {
namespace {

using NodePool = core::Pool<Node, core::kOwnClasses + 1>;

__thread Node* pending = nullptr;
__thread bool draining = false;

// How many nodes a thread made and freed; a node may be freed on another thread than made it. Only the owner writes.
struct Counts {
  core::Counter made{0}, freed{0};
  Counts* next = nullptr;
};
struct AllCounts {
  std::mutex mutex;
  Counts* threads = nullptr;
  core::Counter made{0}, freed{0};  // of threads that have ended
};
AllCounts& all_counts() {
  alignas(AllCounts) static unsigned char room[sizeof(AllCounts)];  // never destroyed: global tensors die late
  static AllCounts* const all = new (room) AllCounts;
  return *all;
}
__thread Counts* tls_counts = nullptr;
__thread bool tls_ended = false;

struct EndOfThread {
  ~EndOfThread() {
    Counts* own = tls_counts;
    tls_counts = nullptr;
    tls_ended = true;
    AllCounts& all = all_counts();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.made.fetch_add(own->made, std::memory_order_relaxed);
    all.freed.fetch_add(own->freed, std::memory_order_relaxed);
    Counts** p = &all.threads;
    while (*p != own) p = &(*p)->next;
    *p = own->next;
    delete own;
  }
  void touch() {}
};

__attribute__((noinline)) void count_first(core::Counter Counts::*which) {
  AllCounts& all = all_counts();
  if (tls_ended) {
    (which == &Counts::made ? all.made : all.freed).fetch_add(1, std::memory_order_relaxed);
    return;
  }
  auto* own = new Counts;
  {
    const std::lock_guard<std::mutex> lock(all.mutex);
    own->next = all.threads;
    all.threads = own;
  }
  tls_counts = own;
  static thread_local EndOfThread end;
  end.touch();
  core::bump(own->*which, 1);
}
void count(core::Counter Counts::*which) {
  if (__builtin_expect(tls_counts != nullptr, 1)) {
    core::bump(tls_counts->*which, 1);
  } else {
    count_first(which);
  }
}

// Only the first line of a node is read, but for what few nodes have: a long tape is freed from memory, not from a
// cache. Its gradients are gone, as a queue holds the nodes that have some.
void clear(Node* n) noexcept {
  Edge* edges = n->edges();
  for (std::size_t i = 0; i < n->num_edges; ++i) {
    if (Node* input = edges[i].node()) {
      const Edge* next = input->edges();
      for (std::size_t k = 0; k < input->num_edges && k < Node::kInlineEdges; ++k)
        if (const Node* to = next[k].node()) __builtin_prefetch(to, 1);
    }
    drop(edges[i]);
  }
  if (n->rule || (n->num_saved > 0 && !n->freed)) n->free_saved();
  delete n->extra;
  if (__builtin_expect(n->long_sizes, 0)) n->first_output.sizes = Shape();
  count(&Counts::freed);
}

Node* new_node(const char* op, std::size_t edges) {
  Node* n = new (NodePool::take()) Node(op, static_cast<std::uint32_t>(edges));
  count(&Counts::made);
  return n;
}

// The edge that reads t: its node, itself when a leaf that requires grad, or nothing. Adds a reference.
Edge edge_to(TensorImpl* t) {
  if (Node* n = node_of(*t)) {
    retain(n);
    return Edge::to_node(n, t->output_nr);
  }
  if (!t->requires_grad) return Edge{};
  t->refs.add();
  return Edge::to_leaf(t);
}

bool starts_storage(const TensorImpl& t, const Output& o) {
  return t.contiguous && t.numel > 0 && t.data == t.storage->data && t.dtype == o.sizes.dtype && t.sizes == o.sizes;
}

// What made a value of which only the storage was kept.
Node& maker_of(Node& n, const SavedTensor& s, std::uint32_t& nr) {
  nr = s.nr;
  if (s.kind != SavedTensor::Kind::InputStorage) return n;
  const Edge& e = n.edges()[s.nr];
  nr = e.nr();
  return *e.node();
}
// The tensor that was saved, where only its storage was kept.
Tensor from_storage(Node& n, const SavedTensor& s, bool with_history) {
  std::uint32_t nr = 0;
  Node& maker = maker_of(n, s, nr);
  TensorImpl* t = core::new_impl();
  Tensor handle = Tensor::adopt(t);
  const Output::Sizes& sizes = maker.output(nr).sizes;
  t->dtype = sizes.dtype;
  t->sizes = sizes;
  t->strides.resize(sizes.size());
  std::int64_t numel = 1;
  for (std::size_t i = sizes.size(); i-- > 0;) {
    t->strides[i] = numel;
    numel *= sizes[i];
  }
  t->numel = numel;
  s.whole->refs.add();
  t->storage = s.whole;
  t->data = static_cast<char*>(s.whole->data);
  if (with_history) set_history(*t, &maker, nr);
  return handle;
}

[[noreturn]] void report_change(Node& n, const SavedTensor& s) {
  const Storage& st = *s.storage();
  const char* changer = st.last_change ? st.last_change : "an operation";
  const Tensor t = s.is_storage() ? from_storage(n, s, false) : Tensor::share(s.impl);
  fail("backward", "a value needed for the gradient was changed in place: ", node_name(n), " (recorded by ", n.op,
       ") saved ", s.is_output() ? "its output " : "its input ", t, " at version ",
       static_cast<std::int64_t>(s.version), ", then ", changer, " changed it to version ",
       static_cast<std::int64_t>(st.version), "; use ",
       changer[0] && std::string(changer).back() == '_' ? "the out-of-place form of " : "a clone() before ", changer,
       ", or move the change after backward()");
}

}  // namespace

NodeCounts node_counts() noexcept {
  AllCounts& all = all_counts();
  const std::lock_guard<std::mutex> lock(all.mutex);
  std::int64_t made = all.made, freed = all.freed;
  for (const Counts* c = all.threads; c; c = c->next) {
    made += c->made.load(std::memory_order_relaxed);
    freed += c->freed.load(std::memory_order_relaxed);
  }
  return {made - freed, static_cast<std::uint64_t>(made)};
}

void release(Node* n) noexcept {
  if (!n->refs.drop()) return;
  // Destroying one node may release the next: a list instead of recursion, for chains of millions.
  n->next = pending;
  pending = n;
  if (draining) return;
  draining = true;
  while (pending) {
    Node* m = pending;
    pending = m->next;
    clear(m);
    NodePool::give(m);
  }
  draining = false;
}

void drop(Edge& e) noexcept {
  if (Node* n = e.node()) {
    release(n);
  } else if (TensorImpl* t = e.leaf()) {
    detail::release(t);
  }
  e = Edge{};
}

void Node::free_saved() noexcept {
  SavedTensor* s = saved();
  for (std::size_t i = 0; i < num_saved; ++i) {
    if (!s[i].impl) continue;
    s[i].is_storage() ? core::release(s[i].whole) : detail::release(s[i].impl);
    s[i].impl = nullptr;
  }
  if (rule && rule->destroy) rule->destroy(closure_data());
  if (rule && closure_class) core::deallocate(closure_data(), closure_class - 1u);
  rule = nullptr;
  freed = true;
}

Node* node_of(TensorImpl& t) {
  if (t.base && t.view_version != t.storage->version) refresh_view(t);
  return t.node;
}

void set_history(TensorImpl& t, Node* n, std::uint32_t nr) {
  const bool retains = t.extra && t.extra->retains_grad;
  if (retains) stop_retaining(t);
  if (n) retain(n);
  if (t.node) release(t.node);
  t.node = n;
  t.output_nr = nr;
  if (retains && n) start_retaining(t);
}

namespace {

template <class GetImpl>
bool any_tracks(std::size_t n, GetImpl get) {
  if (!core::tls.grad_mode) return false;
  for (std::size_t i = 0; i < n; ++i)
    if (tracks(get(i))) return true;
  return false;
}

// A node with its edges and its number, for the caller to own.
template <class GetImpl>
Node* begin_node(const char* op, std::size_t n, GetImpl get) {
  struct Guard {
    Node* node;
    ~Guard() {
      if (node) release(node);
    }
  } guard{new_node(op, n)};
  Node* node = guard.node;
  if (__builtin_expect(n > Node::kInlineEdges, 0)) node->get_extra().edges.resize(n);
  Edge* edges = node->edges();
  for (std::size_t i = 0; i < n; ++i) edges[i] = Edge{};
  std::uint64_t sequence = core::tls.sequence;
  for (std::size_t i = 0; i < n; ++i) {
    TensorImpl* t = get(i);
    if (!t || !is_floating(t->dtype)) continue;
    edges[i] = edge_to(t);
    // An input recorded on another thread may carry a larger number than this thread has reached.
    const Node* from = edges[i].node();
    if (from && from->sequence > sequence) sequence = from->sequence;
  }
  node->sequence = core::tls.sequence = sequence + 1;
  guard.node = nullptr;
  return node;
}

template <class GetImpl>
Recorder record_with(const char* op, const Tensor& y, std::size_t n, GetImpl get) {
  if (!any_tracks(n, get)) return Recorder(nullptr);
  TensorImpl& out = *y.impl();
  if (!is_floating(out.dtype)) return Recorder(nullptr);
  Node* node = begin_node(op, n, get);
  node->first_output.sizes = out.sizes;
  node->first_output.sizes.dtype = out.dtype;
  node->long_sizes = out.sizes.size() > Shape::kInlineRank;
  if (out.node) release(out.node);
  out.node = node;
  out.output_nr = 0;
  if (out.base) out.view_version = out.storage->version;
  return Recorder(node);
}

}  // namespace

Recorder record(const char* op, const Tensor& y, std::initializer_list<Input> inputs) {
  return record_with(op, y, inputs.size(), [&](std::size_t i) { return inputs.begin()[i].impl; });
}
Recorder record(const char* op, const Tensor& y, const Tensor* inputs, std::size_t n) {
  return record_with(op, y, n, [&](std::size_t i) { return inputs[i].impl(); });
}
Node* open_node(const char* op, const Tensor* inputs, std::size_t n) {
  const auto get = [&](std::size_t i) { return inputs[i].impl(); };
  return any_tracks(n, get) ? begin_node(op, n, get) : nullptr;
}
bool would_record(std::initializer_list<Input> inputs) {
  return any_tracks(inputs.size(), [&](std::size_t i) { return inputs.begin()[i].impl; });
}
bool would_record(const Tensor* inputs, std::size_t n) {
  return any_tracks(n, [&](std::size_t i) { return inputs[i].impl(); });
}

namespace {

SavedTensor& new_saved(Node& n) {
  check(n.num_saved < 0xffff, n.op, "one operation can save at most 65535 tensors for backward");
  n.saves = true;
  const std::size_t i = n.num_saved++;
  if (i < Node::kInlineSaved) return n.inline_saved[i];
  auto& list = n.get_extra().saved;
  if (i == Node::kInlineSaved) list.assign(n.inline_saved, n.inline_saved + Node::kInlineSaved);
  list.emplace_back();
  return list.back();
}

}  // namespace

void Recorder::save(const Tensor& t, bool wanted) const {
  TensorImpl* impl = wanted ? t.impl() : nullptr;
  SavedTensor& s = new_saved(*node_);
  s.impl = nullptr;
  s.kind = SavedTensor::Kind::Input;
  if (!impl) return;
  check(!impl->inference, node_->op,
        "an inference tensor cannot be saved for backward; clone() it outside InferenceMode: ", t);
  s.version = impl->storage->version;
  const Edge* edges = node_->edges();
  for (std::size_t i = 0; impl->node && i < node_->num_edges && i < Node::kInlineEdges; ++i)
    if (edges[i].node() == impl->node && edges[i].nr() == impl->output_nr &&
        starts_storage(*impl, impl->node->output(impl->output_nr))) {
      impl->storage->refs.add();
      s.whole = impl->storage;
      s.kind = SavedTensor::Kind::InputStorage;
      s.nr = static_cast<std::uint16_t>(i);
      return;
    }
  impl->refs.add();
  s.impl = impl;
}

void Recorder::save_output(const Tensor& y) const {
  const TensorImpl& t = *y.impl();
  check(!t.inference, node_->op, "an inference tensor cannot be saved for backward: ", y);
  const bool whole = t.output_nr == 0 && starts_storage(t, node_->first_output);
  const Tensor alias = whole ? Tensor() : core::make_alias(t);
  SavedTensor& s = new_saved(*node_);
  s.version = t.storage->version;
  s.nr = static_cast<std::uint16_t>(t.output_nr);
  if (whole) {
    t.storage->refs.add();
    s.whole = t.storage;
    s.kind = SavedTensor::Kind::OutputStorage;
  } else {
    s.impl = alias.impl();
    s.impl->refs.add();
    s.kind = SavedTensor::Kind::Output;
  }
}

void Recorder::add_output(const Tensor& y) const {
  Node& n = *node_;
  TensorImpl& t = *y.impl();
  check(n.num_outputs < 0xffff, n.op, "one operation can have at most 65535 results with gradients");
  auto& outputs = n.get_extra().outputs;
  outputs.emplace_back();
  outputs.back().sizes = t.sizes;
  outputs.back().sizes.dtype = t.dtype;
  set_history(t, &n, n.num_outputs);
  if (t.base) t.view_version = t.storage->version;
  ++n.num_outputs;
}

Tensor Sweep::saved(std::size_t i) const {
  const SavedTensor& s = node_.saved()[i];
  const Storage* storage = s.storage();
  if (!storage) return {};
  if (s.version != storage->version) report_change(node_, s);
  // Where a graph of the gradient is wanted the value must lead back to what made it; and a user's Function may look.
  const bool with_history = core::tls.grad_mode || (node_.extra && node_.extra->runs_always);
  if (s.is_storage()) return from_storage(node_, s, with_history);
  if (s.kind == SavedTensor::Kind::Input || !with_history) return Tensor::share(s.impl);
  Tensor t = core::make_alias(*s.impl);
  set_history(*t.impl(), &node_, s.nr);
  return t;
}

const void* Sweep::saved_memory(std::size_t i, const TensorImpl& like) const {
  const SavedTensor& s = node_.saved()[i];
  const Storage* storage = s.storage();
  if (!storage || core::tls.grad_mode) return nullptr;
  if (s.version != storage->version) report_change(node_, s);
  if (!s.is_storage()) {
    const TensorImpl& t = *s.impl;
    return t.contiguous && t.dtype == like.dtype && t.sizes == like.sizes ? t.data : nullptr;
  }
  std::uint32_t nr = 0;
  const Output::Sizes& sizes = maker_of(node_, s, nr).output(nr).sizes;
  return sizes.dtype == like.dtype && sizes == like.sizes ? storage->data : nullptr;
}

Tensor Sweep::take_g() {
  Tensor& own = node_.first_output.grad;
  return is_private(own) ? std::move(own) : Tensor();
}

const Shape& Sweep::sizes(std::size_t input) const {
  const Edge& e = node_.edges()[input];
  return e.node() ? e.node()->output(e.nr()).sizes : e.leaf()->sizes;
}
ScalarType Sweep::dtype(std::size_t input) const {
  const Edge& e = node_.edges()[input];
  return e.node() ? e.node()->output(e.nr()).sizes.dtype : e.leaf()->dtype;
}

std::string node_name(Node& n) {
  if (n.extra && !n.extra->name.empty()) return n.extra->name;
  std::string s;
  bool up = true;
  for (const char* p = n.op; *p; ++p) {
    if (*p == '_') {
      up = true;
    } else {
      s += up ? static_cast<char>(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p) : *p;
      up = false;
    }
  }
  return s + "Backward";
}

}  // namespace gradtape::tape
