// In-place changes.
//
// Note [In-place changes]
// x.op_(..) computes op(x, ..), writes the result into x's memory, raises the version, and gives x the history of the
// result. A view shares memory with its base: after v.op_(..) the base's history is "the old base with the window of v
// replaced by the result", and v's own history is the window of that. Other views of the same base notice the raised
// version and renew theirs when asked for it (refresh_view). Views of which several come from one operation, views
// made without recording, and views that a user's Function returned have no window to rewrite and refuse.
#include "autograd/kernels/copy.h"
#include "autograd/kernels/pointwise.h"
#include "autograd/ops/common.h"
#include "autograd/ops/window.h"

namespace gradtape::ops {
namespace {

const char* why_not(Creation c) {
  switch (c) {
    case Creation::MultiOutput:
      return "it is one of several views made by one call (split, chunk, unbind, or a Function); use narrow() or "
             "select() to make it, or the out-of-place form";
    case Creation::NoGrad:
      return "it was made without recording (NoGradGuard or InferenceMode); make the view and the change both with or "
             "both without recording, or clone() it";
    case Creation::Function:
      return "a user's Function returned it, whose backward the change would bypass; clone() it";
    case Creation::Normal:
      break;
  }
  return "";
}

bool base_tracks(const TensorImpl& view) { return view.base->node != nullptr || view.base->requires_grad; }

// Where v lies in its base.
Window window_in_base(const TensorImpl& v) {
  return {v.sizes, v.strides, (v.data - v.base->data) / element_size(v.dtype)};
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::tape {

bool has_lost_base(const TensorImpl& v) noexcept {
  return v.base && v.view_version != v.storage->version && v.creation != Creation::Normal &&
         (v.node || ops::base_tracks(v));
}

void refresh_view(TensorImpl& v) {
  TensorImpl& base = *v.base;
  check(!has_lost_base(v), "view", "the base of the view ", Tensor::share(&v), " or another view of it was changed by ",
        v.storage->last_change ? v.storage->last_change : "an in-place operation",
        ", and this view cannot follow: ", ops::why_not(v.creation));
  if (!ops::base_tracks(v) || base.storage != v.storage) {
    // The base was detached, or given other data: then the view is on its own.
    v.view_version = v.storage->version;
    if (!ops::base_tracks(v) && v.node) set_history(v, nullptr, 0);
    return;
  }
  // Also where nothing is recorded the view's place on the tape is that in its base.
  struct Recording {
    bool grad = core::tls.grad_mode, inference = core::tls.inference_mode;
    Recording() {
      core::tls.grad_mode = true;
      core::tls.inference_mode = false;
    }
    ~Recording() {
      core::tls.grad_mode = grad;
      core::tls.inference_mode = inference;
    }
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;
  } recording;
  v.view_version = v.storage->version;
  const Tensor renewed = ops::see(Tensor::share(&base), ops::layout_of(base), ops::window_in_base(v));
  set_history(v, renewed.impl()->node, 0);
}

}  // namespace gradtape::tape

namespace gradtape::ops {

void check_inplace(const char* op, const Tensor& self, bool recording) {
  const TensorImpl& t = *self.impl();
  check(t.contiguous || core::is_non_overlapping(t.sizes, t.strides), op, "several elements of ", self,
        " share one place in memory (strides ", t.strides, "), as after expand(); clone() it before changing it");
  check(!t.inference || tls.inference_mode, op, "an inference tensor cannot be changed outside InferenceMode: ", self,
        "; clone() it first");
  if (!tls.grad_mode) return;
  check(!(t.requires_grad && !t.node), op, "a leaf that requires grad cannot be changed in place: ", self,
        "; use NoGradGuard for updates, or detach() or clone() it");
  if (!t.base || !(recording || base_tracks(t))) return;
  // Also when a view was made a leaf by requires_grad_(): its base has no history that the change could become part of.
  check(t.base->node || !(t.base->requires_grad || self.requires_grad()), op,
        "this is a view of a leaf that requires grad: ", self, "; use NoGradGuard for updates, or clone() it");
  check(t.creation == Creation::Normal, op, "the view ", self, " cannot be changed in place: ", why_not(t.creation));
  check(t.base->storage == t.storage, op, "the base of the view ", self, " was given other data by set_data()");
  check<NotImplementedError>(core::is_non_overlapping(t.base->sizes, t.base->strides), op, "several elements of ",
                             Tensor::share(t.base), ", of which this is a view, share one place in memory; clone() it");
}

Tensor snapshot(const Tensor& self) {
  tape::Node* n = tape::node_of(*self.impl());
  if (!n && self.requires_grad()) return clone(self);
  Tensor y = new_tensor(shape_of(self), type_of(self));
  kernels::copy(array_of(y), array_of(self));
  if (n) tape::set_history(*y.impl(), n, self.impl()->output_nr);
  return y;
}

void rewrite_history(const char* op, const Tensor& self, const Tensor& y) {
  TensorImpl& t = *self.impl();
  if (!t.base) {
    if (y.defined() && tape::node_of(*y.impl())) {
      tape::set_history(t, y.impl()->node, y.impl()->output_nr);
    } else if (y.defined() && y.requires_grad()) {
      tape::set_history(t, clone(y).impl()->node, 0);
    } else {
      const Tensor alias = core::make_alias(t);
      if (auto r = record(op, alias, {self})) {
        r.rule([](Sweep& s) { s[0] = zeros_like(s.g); });
        tape::set_history(t, r.node(), 0);
      }
    }
    return;
  }
  TensorImpl& base = *t.base;
  const Tensor whole = core::make_alias(base);
  if (auto r = record("copy_slices", whole, {Tensor::share(&base), y})) {
    r.rule([layout = layout_of(base), window = window_in_base(t)](Sweep& s) {
      if (s.needs(0)) s[0] = without(s.g, layout, window);
      if (s.needs(1)) s[1] = see(s.g, layout, window);
    });
    tape::set_history(base, r.node(), 0);
  }
  tape::refresh_view(t);
}

// A dtype takes results of its category or a lower one: bool, integer, floating.
static void check_storable(const char* op, const Tensor& result, const Tensor& self) {
  const auto category = [](ScalarType d) { return d == ScalarType::Bool ? 0 : is_integral(d) ? 1 : 2; };
  check<TypeError>(category(type_of(result)) <= category(type_of(self)), op, "the result ", result,
                   " cannot be stored in ", self, "; use the out-of-place form");
}

Tensor& finish_inplace(const char* op, const Tensor& self, const Tensor& result, bool recording) {
  TensorImpl& t = *self.impl();
  check(is_expandable_to(result.sizes(), t.sizes), op, "the result ", result, " does not fit into self ", self);
  check_storable(op, result, self);
  Tensor y = result;
  if (recording) {
    y = cast(y, t.dtype);
    if (shape_of(y) != t.sizes) y = y.expand(t.sizes);
  }
  if (y.impl()->data != t.data || !(y.impl()->strides == t.strides)) kernels::copy(array_of(self), array_of(y));
  core::bump_version(t, op);
  if (recording) rewrite_history(op, self, y);
  return const_cast<Tensor&>(self);
}

Tensor& finish_overwrite(const char* op, const Tensor& self, bool recording) {
  core::bump_version(*self.impl(), op);
  if (recording) rewrite_history(op, self, Tensor());
  return const_cast<Tensor&>(self);
}

Tensor& store_out(const char* op, Tensor& out, const Tensor& y) {
  check_defined(op, out);
  check(!tape::tracks(out) && !tape::tracks(y), op, "functions with an out argument are not recorded, but out is ", out,
        " and one of the arguments requires grad; use the form that returns its result, or NoGradGuard");
  if (shape_of(out) != shape_of(y)) {
    if (type_of(out) == type_of(y)) {
      out.set_data(y);
      return out;
    }
    check_storable(op, y, out);
    out.set_data(new_tensor(shape_of(y), type_of(out)));
  }
  return finish_inplace(op, out, y, false);
}

}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor& Tensor::copy_(const Tensor& src, bool) const {
  check_defined("copy_", *this, src);
  const bool recording = would_record({*this, src});
  check_inplace("copy_", *this, recording);
  check(is_expandable_to(src.sizes(), sizes()), "copy_", "source ", src, " does not broadcast to self ", *this);
  if (!recording) {
    // Source and destination may overlap (t[1] = t[0] of one storage).
    const bool overlap = src.is_alias_of(*this) && !src.is_same(*this);
    const Tensor from = overlap ? at::clone(src) : src;
    kernels::copy(array_of(*this), array_of(from));
    core::bump_version(*impl_, "copy_");
    return const_cast<Tensor&>(*this);
  }
  Tensor y = new_tensor(impl_->sizes, impl_->dtype);
  kernels::copy(array_of(y), array_of(src));
  // Zeros flow to the old elements; for a view, the rule of its base sees to that.
  if (auto r = record("copy", y, {src, impl_->base ? Tensor() : *this})) {
    r.rule([](Sweep& s) {
      if (s.needs(0)) s[0] = s.g;
      if (s.needs(1)) s[1] = zeros_like(s.g);
    });
  }
  return finish_inplace("copy_", *this, y, true);
}

Tensor& Tensor::fill_(const Scalar& value) const {
  check_defined("fill_", *this);
  check_fits("fill_", value, impl_->dtype);
  const bool recording = would_record({*this});
  check_inplace("fill_", *this, recording);
  if (value.isIntegral(true) && is_integral(impl_->dtype, true)) {
    const Tensor v = wrap(value);
    kernels::copy(array_of(*this), array_of(v));
  } else {
    kernels::fill(array_of(*this), value.toDouble());
  }
  return finish_overwrite("fill_", *this, recording);
}
Tensor& Tensor::fill_(const Tensor& value) const {
  check_defined("fill_", *this, value);
  check(value.dim() == 0, "fill_", "value must be 0-d, got ", value);
  return copy_(value);
}
Tensor& Tensor::zero_() const { return fill_(0); }

}  // namespace gradtape::at
