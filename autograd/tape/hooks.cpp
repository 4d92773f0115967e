// What runs when a gradient is complete: hooks, and gradients kept for tensors that are no leaves.
#include "autograd/tape/node.h"

namespace gradtape::tape {

unsigned add_hook(TensorImpl& t, std::function<Tensor(Tensor)> hook) {
  auto shared = std::make_shared<Hook>();
  shared->run = std::move(hook);
  if (Node* n = node_of(t)) n->get_extra().hooks.emplace_back(t.output_nr, shared);
  auto& own = t.get_extra().hooks;
  own.push_back(std::move(shared));
  return static_cast<unsigned>(own.size() - 1);
}

bool remove_hook(TensorImpl& t, unsigned number) {
  if (!t.extra || number >= t.extra->hooks.size()) return false;
  std::shared_ptr<Hook>& own = t.extra->hooks[number];
  if (!own) return true;
  own->removed = true;
  if (t.node && t.node->extra)
    for (auto& [nr, hook] : t.node->extra->hooks)
      if (hook == own) hook = nullptr;  // entries keep their places: a sweep may be walking over them
  own = nullptr;
  return true;
}

void start_retaining(TensorImpl& t) {
  TensorExtra& own = t.get_extra();
  NodeExtra& extra = t.node->get_extra();
  const std::lock_guard<std::mutex> lock(extra.retained_mutex);
  extra.retained.emplace_back(t.output_nr, &t);
  own.retains_grad = true;
}

void stop_retaining(TensorImpl& t) noexcept {
  t.extra->retains_grad = false;
  if (!t.node || !t.node->extra) return;
  NodeExtra& extra = *t.node->extra;
  const std::lock_guard<std::mutex> lock(extra.retained_mutex);
  for (auto& entry : extra.retained)
    if (entry.second == &t) {
      entry = extra.retained.back();
      extra.retained.pop_back();
      return;
    }
}

std::vector<std::pair<std::uint32_t, Tensor>> retaining(Node& n) {
  std::vector<std::pair<std::uint32_t, Tensor>> out;
  if (!n.extra) return out;
  const std::lock_guard<std::mutex> lock(n.extra->retained_mutex);
  for (const auto& [nr, t] : n.extra->retained)
    if (t->refs.add_if_alive()) out.emplace_back(nr, Tensor::adopt(t));
  return out;
}

}  // namespace gradtape::tape
