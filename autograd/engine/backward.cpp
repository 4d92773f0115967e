// backward() and grad(): what is asked for, checked and handed to the sweep.
#include "autograd/engine/sweep.h"

namespace gradtape::engine {
namespace {

// The gradient that a sweep starts with at root number i.
Tensor start_gradient(const char* op, const Tensor& r, const Tensor& given, std::int64_t i) {
  check(r.defined(), op, "tensor ", i, " is undefined");
  check(tape::tracks(r), op, "tensor ", i, " ", r,
        " does not require grad and has no history; set requires_grad on what it is computed from, and check that "
        "grad mode is on");
  if (!given.defined()) {
    check(r.numel() == 1, op, "a gradient can be left out only for a tensor with one element, but this is ", r,
          "; pass a gradient of its shape, or sum() it first");
    return ops::new_filled(r.sizes(), ops::type_of(r), 1);
  }
  check(shape_of(given) == shape_of(r), op, "gradient ", given, " does not have the shape of ", r);
  return ops::cast(given, ops::type_of(r));
}
std::vector<Tensor> start_gradients(const char* op, const autograd::variable_list& roots,
                                    const autograd::variable_list& given) {
  check(given.empty() || given.size() == roots.size(), op, "got ", static_cast<std::int64_t>(given.size()),
        " gradients for ", static_cast<std::int64_t>(roots.size()), " tensors");
  std::vector<Tensor> out;
  out.reserve(roots.size());
  for (std::size_t i = 0; i < roots.size(); ++i)
    out.push_back(start_gradient(op, roots[i], given.empty() ? Tensor() : given[i], static_cast<std::int64_t>(i)));
  return out;
}

std::vector<Capture> captures_of(const char* op, const autograd::variable_list& inputs) {
  std::vector<Capture> c;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    check(inputs[i].defined(), op, "input ", static_cast<std::int64_t>(i), " is undefined");
    check(tape::tracks(inputs[i]), op, "input ", static_cast<std::int64_t>(i), " ", inputs[i],
          " does not require grad");
    TensorImpl* t = inputs[i].impl();
    Node* n = tape::node_of(*t);
    c.push_back({n, n ? nullptr : t, t->output_nr, Tensor()});
  }
  return c;
}

}  // namespace
}  // namespace gradtape::engine

namespace gradtape::autograd {

void backward(const variable_list& tensors, const variable_list& grad_tensors, optional<bool> retain_graph,
              bool create_graph, const variable_list& inputs) {
  std::vector<Tensor> g = engine::start_gradients("backward", tensors, grad_tensors);
  const bool keep = retain_graph.value_or(create_graph);
  engine::Lease lease;
  if (inputs.empty()) return lease.run(tensors, g.data(), keep, create_graph);
  std::vector<engine::Capture> c = engine::captures_of("backward", inputs);
  for (const Tensor& t : inputs) t.retain_grad();
  lease.run(tensors, g.data(), keep, create_graph, engine::Target::Inputs, &c);
}

variable_list grad(const variable_list& outputs, const variable_list& inputs, const variable_list& grad_outputs,
                   optional<bool> retain_graph, bool create_graph, bool allow_unused) {
  std::vector<Tensor> g = engine::start_gradients("grad", outputs, grad_outputs);
  std::vector<engine::Capture> c = engine::captures_of("grad", inputs);
  engine::Lease lease;
  lease.run(outputs, g.data(), retain_graph.value_or(create_graph), create_graph, engine::Target::Caller, &c);
  variable_list out;
  out.reserve(c.size());
  for (std::size_t i = 0; i < c.size(); ++i) {
    check(allow_unused || c[i].grad.defined(), "grad", "input ", static_cast<std::int64_t>(i), " ", inputs[i],
          " was not used to compute the outputs; pass allow_unused = true if that is meant");
    out.push_back(std::move(c[i].grad));
  }
  return out;
}

}  // namespace gradtape::autograd

namespace gradtape::at {

void Tensor::backward(const Tensor& gradient, optional<bool> retain_graph, bool create_graph,
                      optional<TensorList> inputs) const {
  check(defined(), "backward", "called on an undefined tensor");
  if (inputs) {
    autograd::backward({*this}, {gradient}, retain_graph, create_graph, {inputs->begin(), inputs->end()});
    return;
  }
  Tensor g = engine::start_gradient("backward", *this, gradient, 0);
  engine::Lease lease;
  lease.run(*this, &g, retain_graph.value_or(create_graph), create_graph);
}

}  // namespace gradtape::at
