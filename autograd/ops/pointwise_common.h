#pragma once
// How an operation on one tensor, element by element, is made of its kernel and its derivative.
#include "autograd/kernels/levels.h"
#include "autograd/kernels/pointwise.h"
#include "autograd/ops/common.h"

namespace gradtape::ops {

using kernels::LevelRun;
namespace level_run = kernels::level_run;
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
// The gradient by a level's loop from the arriving one and the saved value, or undefined where the rule in
// differentiable operations is needed: for a graph of the gradient, and for dtypes that levels have no loops for.
Tensor one_pass(LevelRun* slope, Sweep& s, Params params);
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

// The same with a derivative(g, v, params) that the level's loop `slope` computes in one pass, where no graph of it is
// wanted; see one_pass.
template <class D>
Tensor mapped(const char* op, UnaryKernel* kernel, Kind kind, Reads reads, const Tensor& self, Params params,
              LevelRun* slope, D derivative) {
  Tensor result = map(kernel, op, self, kind, params);
  if (auto r = record(op, result, {self})) {
    if (reads == Reads::x) r.save(self);
    if (reads == Reads::y) r.save_output(result);
    r.rule([params, reads, slope, derivative](Sweep& s) {
      if (slope) s[0] = one_pass(slope, s, params);
      if (!s[0].defined()) s[0] = derivative(s.g, reads == Reads::none ? Tensor() : s.saved(0), params);
    });
  }
  return result;
}

template <LevelRun* kSlope>
constexpr bool has_slope = true;
template <>
inline constexpr bool has_slope<nullptr> = false;

// The same without parameters, so that the rule needs no memory.
template <Reads kReads, LevelRun* kSlope, class D>
Tensor mapped(const char* op, UnaryKernel* kernel, Kind kind, const Tensor& self, D derivative) {
  Tensor result = map(kernel, op, self, kind);
  if (auto r = record(op, result, {self})) {
    if (kReads == Reads::x) r.save(self);
    if (kReads == Reads::y) r.save_output(result);
    r.rule([derivative](Sweep& s) {
      if constexpr (has_slope<kSlope>) s[0] = one_pass(kSlope, s, {});
      if (!s[0].defined()) s[0] = derivative(s.g, kReads == Reads::none ? Tensor() : s.saved(0), {});
    });
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
// in, what the derivative reads, the level's loop for the gradient or none, and the gradient from g, the arriving one.
#define GRADTAPE_UNARY_FUNCTION(name, kind, reads, slope, derivative)                                           \
  Tensor name(const Tensor& self) {                                                                             \
    const auto rule = []([[maybe_unused]] const Tensor& g, [[maybe_unused]] const Tensor& reads,                \
                         [[maybe_unused]] Params) -> Tensor { return derivative; };                             \
    return mapped<Reads::reads, level_run::slope>(#name, kernels::name, Kind::kind, self, rule);                \
  }                                                                                                             \
  Tensor& name##_(Tensor& self) {                                                                               \
    check_defined(#name "_", self);                                                                             \
    if (map_inplace(kernels::name, #name "_", self)) return self;                                               \
    return inplace(#name "_", self, {}, Reads::reads == Reads::x, [](const Tensor& t) { return at::name(t); }); \
  }                                                                                                             \
  Tensor& name##_out(Tensor& out, const Tensor& self) { return store_out(#name "_out", out, at::name(self)); }
// The same, and the methods.
#define GRADTAPE_UNARY(name, kind, reads, slope, derivative)    \
  GRADTAPE_UNARY_FUNCTION(name, kind, reads, slope, derivative) \
  Tensor Tensor::name() const { return at::name(*this); }       \
  Tensor& Tensor::name##_() const { return at::name##_(handle(*this)); }

}  // namespace gradtape::ops
