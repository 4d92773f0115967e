#pragma once
// How an operation on one tensor, element by element, is made of its kernel and its derivative.
#include "autograd/kernels/pointwise.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {

using kernels::Params;
using kernels::UnaryKernel;

// What integers compute in: the default dtype; their own; their own, and int64 for bool; their own, bool being refused;
// or integers are refused.
enum class Kind : std::uint8_t { floating, keeps, counts, numbers, real };
// What the derivative reads: nothing, the input, the result.
enum class Reads : std::uint8_t { none, x, y };

// y[i] = kernel(x[i])
Tensor map(UnaryKernel* kernel, const char* op, const Tensor& x, Kind kind, Params params = {});
// x = kernel(x), where that needs no record and no conversion; false where it does.
bool map_inplace(UnaryKernel* kernel, const char* op, const Tensor& x, Params params = {});
// 1 where the mask holds, in the dtype of `like`.
inline Tensor mask_as(const Tensor& mask, const Tensor& like) { return cast(mask, type_of(like)); }

// The recorded operation; derivative(g, v) is the gradient, v being what it reads.
template <class D>
Tensor mapped(const char* op, UnaryKernel* kernel, Kind kind, Reads reads, const Tensor& self, Params params,
              D derivative) {
  Tensor result = map(kernel, op, self, kind, params);
  if (auto r = record(op, result, {self})) {
    if (reads == Reads::x) r.save(self);
    if (reads == Reads::y) r.save_output(result);
    r.rule([derivative, reads](Sweep& s) { s[0] = derivative(s.g, reads == Reads::none ? Tensor() : s.saved(0)); });
  }
  return result;
}

// The in-place and the out form of a function that has further parameters, given as (declarations) and (names).
#define GRADTAPE_STRIP(...) __VA_ARGS__
#define GRADTAPE_INPLACE(name, reads, parameters, arguments)                                \
  Tensor& name##_(Tensor& self, GRADTAPE_STRIP parameters) {                                \
    check_defined(#name "_", self);                                                         \
    return inplace(#name "_", self, {}, Reads::reads == Reads::x,                           \
                   [&](const Tensor& t) { return at::name(t, GRADTAPE_STRIP arguments); }); \
  }
#define GRADTAPE_OUT(name, parameters, arguments)                                  \
  Tensor& name##_out(Tensor& out, const Tensor& self, GRADTAPE_STRIP parameters) { \
    return store_out(#name "_out", out, at::name(self, GRADTAPE_STRIP arguments)); \
  }

// A function of the tensor alone with its in-place and out form: its name, also of the kernel, what integers compute
// in, what the derivative reads, and the gradient from g, the arriving one.
#define GRADTAPE_UNARY_FUNCTION(name, kind, reads, derivative)                                                        \
  Tensor name(const Tensor& self) {                                                                                   \
    return mapped(                                                                                                    \
        #name, kernels::name, Kind::kind, Reads::reads, self, {},                                                     \
        []([[maybe_unused]] const Tensor& g, [[maybe_unused]] const Tensor& reads) -> Tensor { return derivative; }); \
  }                                                                                                                   \
  Tensor& name##_(Tensor& self) {                                                                                     \
    check_defined(#name "_", self);                                                                                   \
    if (map_inplace(kernels::name, #name "_", self)) return self;                                                     \
    return inplace(#name "_", self, {}, Reads::reads == Reads::x, [](const Tensor& t) { return at::name(t); });       \
  }                                                                                                                   \
  Tensor& name##_out(Tensor& out, const Tensor& self) { return store_out(#name "_out", out, at::name(self)); }
// The same, and the methods.
#define GRADTAPE_UNARY(name, kind, reads, derivative)     \
  GRADTAPE_UNARY_FUNCTION(name, kind, reads, derivative)  \
  Tensor Tensor::name() const { return at::name(*this); } \
  Tensor& Tensor::name##_() const { return at::name##_(handle(*this)); }

}  // namespace gradtape::ops
