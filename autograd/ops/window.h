#pragma once
// Views of some of the elements, as operations on the tape; see window.cpp.
#include "autograd/core/tensor_impl.h"

namespace gradtape::ops {

// Some elements of a run of memory, in elements from its start.
struct Window {
  Shape sizes;
  Strides strides;
  std::int64_t offset = 0;
};

// How a tensor lies in memory, counted from its first element.
inline Window layout_of(const TensorImpl& t) { return {t.sizes, t.strides, 0}; }

// The elements that `w` finds in a memory in which x is laid out as `layout`; elements that x does not have are 0.
Tensor see(const Tensor& x, const Window& layout, const Window& w);
// Its adjoint: zeros of x's shape, with g added where `w` finds x's elements.
Tensor put(const Tensor& g, const Window& layout, const Window& w);
// x with zeros where `w` finds its elements.
Tensor without(const Tensor& x, const Window& layout, const Window& w);

}  // namespace gradtape::ops
