#pragma once
// Tensor: a reference-counted handle on an N-d strided array with a dtype and, when recorded, a place on the tape.
// Semantics follow libtorch 1.13. Copies of a handle share the array; operations live in ops.h, the methods below are
// the same functions with `*this` first. Every function throws gradtape::Error (error.h) on wrong use.
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "accessor.h"
#include "array_ref.h"
#include "binary_list.h"
#include "dtype.h"
#include "generator.h"
#include "options.h"
#include "scalar.h"
#include "shape.h"

namespace gradtape {

struct TensorImpl;
namespace detail {
void retain(TensorImpl* impl) noexcept;
void release(TensorImpl* impl) noexcept;
}  // namespace detail

namespace autograd {
class GradFn;
}

// Unary operations, y[i] = f(x[i]): one line gives the function f(x), the methods x.f() and x.f_() (in place), and
// f_(x), f_out(out, x). Integer input computes in the default dtype, but keeps its dtype where "(keeps)" stands.
// clang-format off
#define GRADTAPE_UNARY_OPS(X)                                                                                 \
  X(abs)         /* |x| (keeps); derivative 0 at 0 */                                                         \
  X(neg)         /* -x (keeps) */                                                                             \
  X(square)      /* x x (keeps) */                                                                            \
  X(reciprocal)  /* 1 / x */                                                                                  \
  X(exp)         /* e^x */                                                                                    \
  X(exp2)        /* 2^x */                                                                                    \
  X(expm1)       /* e^x - 1 */                                                                                \
  X(log)         /* ln x */                                                                                   \
  X(log1p)       /* ln(1 + x) */                                                                              \
  X(log2) X(log10)                                                                                            \
  X(sqrt)        /* x^(1/2) */                                                                                \
  X(rsqrt)       /* x^(-1/2) */                                                                               \
  X(sin) X(cos) X(tan) X(asin) X(acos) X(atan) X(sinh) X(cosh) X(tanh) X(asinh) X(acosh) X(atanh)             \
  X(deg2rad)     /* x pi / 180 */                                                                             \
  X(rad2deg)     /* x 180 / pi */                                                                             \
  X(erf)         /* 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x */                                \
  X(erfc)        /* 1 - erf(x) */                                                                             \
  X(erfinv)      /* erf(erfinv(x)) = x */                                                                     \
  X(lgamma)      /* ln |gamma(x)| */                                                                          \
  X(digamma)     /* derivative of lgamma */                                                                   \
  X(floor)       /* (keeps) derivative 0, as of all that follow but frac */                                   \
  X(ceil)        /* (keeps) */                                                                                \
  X(round)       /* (keeps) ties to even */                                                                   \
  X(trunc)       /* (keeps) toward 0 */                                                                       \
  X(frac)        /* x - trunc(x), floating only; derivative 1 */                                              \
  X(sign)        /* -1, 0 or 1 (keeps); 0 for NaN */                                                          \
  X(sgn)         /* the same */                                                                               \
  X(sigmoid)     /* 1 / (1 + e^-x) */                                                                         \
  X(relu)        /* max(x, 0) (keeps); derivative 0 at 0 */
// Other names for the same.
#define GRADTAPE_UNARY_ALIASES(X) \
  X(absolute, abs) X(negative, neg) X(fix, trunc) X(arcsin, asin) X(arccos, acos) X(arctan, atan) \
  X(arcsinh, asinh) X(arccosh, acosh) X(arctanh, atanh)
// clang-format on

namespace at {

class Tensor;
using TensorList = ArrayRef<Tensor>;
namespace indexing {
struct TensorIndex;
}

class Tensor {
 public:
  Tensor() noexcept : impl_(nullptr) {}
  Tensor(const Tensor& o) noexcept : impl_(o.impl_) {
    if (impl_) detail::retain(impl_);
  }
  Tensor(Tensor&& o) noexcept : impl_(o.impl_) { o.impl_ = nullptr; }
  ~Tensor() {
    if (impl_) detail::release(impl_);
  }
  // Assigning to a name rebinds the handle; assigning to an expression (t[i] = x, g.data() = y) writes the elements.
  Tensor& operator=(const Tensor& o) & noexcept {
    Tensor copy(o);
    swap(copy);
    return *this;
  }
  Tensor& operator=(Tensor&& o) & noexcept {
    swap(o);
    return *this;
  }
  Tensor& operator=(const Tensor& o) && { return copy_(o); }
  Tensor& operator=(Tensor&& o) && { return copy_(o); }
  Tensor& operator=(const Scalar& v) && { return fill_(v); }
  void swap(Tensor& o) noexcept { std::swap(impl_, o.impl_); }
  void reset() { *this = Tensor(); }

  // ---- what it is ----
  bool defined() const noexcept { return impl_ != nullptr; }
  bool is_same(const Tensor& o) const noexcept { return impl_ == o.impl_; }
  std::int64_t dim() const;
  std::int64_t ndimension() const { return dim(); }
  IntArrayRef sizes() const;
  IntArrayRef strides() const;
  std::int64_t size(std::int64_t dim) const;
  std::int64_t stride(std::int64_t dim) const;
  std::int64_t numel() const;
  std::int64_t storage_offset() const;
  ScalarType scalar_type() const;
  TypeMeta dtype() const { return TypeMeta(scalar_type()); }
  std::int64_t element_size() const;
  std::int64_t itemsize() const { return element_size(); }
  std::size_t nbytes() const { return static_cast<std::size_t>(numel() * element_size()); }
  Device device() const { return kCPU; }
  bool is_cuda() const { return false; }
  bool is_cpu() const { return true; }
  TensorOptions options() const { return TensorOptions(scalar_type()); }
  Layout layout() const { return kStrided; }
  std::int64_t get_device() const { return -1; }
  bool is_floating_point() const { return is_floating(scalar_type()); }
  bool is_complex() const { return false; }
  bool is_signed() const { return scalar_type() != kUInt8 && scalar_type() != kBool; }
  bool is_sparse() const { return false; }
  bool is_same_size(const Tensor& o) const { return sizes() == o.sizes(); }
  bool is_contiguous() const;
  // ChannelsLast: [N, C, H, W] stored as [N, H, W, C]; ChannelsLast3d: [N, C, D, H, W] as [N, D, H, W, C].
  bool is_contiguous(MemoryFormat format) const;
  // True when both handles reach the same storage.
  bool is_alias_of(const Tensor& o) const;
  // The same storage, offset, sizes and strides.
  bool is_set_to(const Tensor& o) const;
  bool has_storage() const { return defined(); }
  std::size_t use_count() const noexcept;
  // "CPUFloatType"
  std::string toString() const;
  // Writes dtype and sizes to the standard output: "[CPUFloatType [2, 3]]".
  void print() const;

  // ---- elements ----
  // Pointer to the first element; T must be the dtype's type. Writing through it is not seen by the tape.
  template <class T>
  T* data_ptr() const {
    return static_cast<T*>(typed_data(dtype_of<std::remove_const_t<T>>::value));
  }
  void* data_ptr() const;
  // Reads sizes and strides where the tensor has them, so it must not outlive the tensor.
  template <class T, std::size_t N>
  TensorAccessor<T, N> accessor() const& {
    check_rank(N);
    return {data_ptr<T>(), sizes().data(), strides().data()};
  }
  template <class T, std::size_t N>
  TensorAccessor<T, N> accessor() && = delete;
  // The only element of a tensor with one element.
  Scalar item() const;
  template <class T>
  T item() const {
    return item().to<T>();
  }
  // Of the only element: it is not 0.
  bool is_nonzero() const;

  // ---- autograd ----
  bool requires_grad() const;
  const Tensor& requires_grad_(bool v = true) const;
  Tensor& set_requires_grad(bool v) {
    requires_grad_(v);
    return *this;
  }
  bool is_leaf() const;
  const Tensor& grad() const;
  Tensor& mutable_grad() const;
  // The node that made this tensor (false when it is a leaf): name(), next_functions(); see tape.h.
  autograd::GradFn grad_fn() const;
  // Gradient of this tensor with respect to the leaves, added to their grad(). A tensor of one element needs no
  // gradient. retain_graph defaults to create_graph. With `inputs`, only these receive gradients.
  void backward(const Tensor& gradient = {}, optional<bool> retain_graph = nullopt, bool create_graph = false,
                optional<TensorList> inputs = nullopt) const;
  // Same elements, cut off from the tape; shares storage and version.
  Tensor detach() const;
  Tensor& detach_() const;
  // Same elements, cut off from tape and version counter: changes through it are not seen by the tape.
  Tensor data() const;
  void set_data(const Tensor& o) const;
  // Keep the gradient of a non-leaf in grad().
  void retain_grad() const;
  bool retains_grad() const;
  // hook(gradient) runs when this tensor's gradient is complete; what it returns, if defined, replaces it.
  // Returns a number for remove_hook.
  unsigned register_hook(std::function<Tensor(Tensor)> hook) const;
  template <class F, class = std::enable_if_t<std::is_void_v<std::invoke_result_t<F, Tensor>>>, class = void>
  unsigned register_hook(F hook) const {
    return register_hook(std::function<Tensor(Tensor)>([hook](Tensor g) mutable {
      hook(g);
      return Tensor();
    }));
  }
  void remove_hook(unsigned position) const;
  bool is_view() const;
  Tensor _base() const;
  std::uint32_t _version() const;
  std::int64_t output_nr() const;
  bool is_inference() const;
  // A name for messages and drawings.
  const std::string& name() const;
  const Tensor& set_name(const std::string& name) const;

  // ---- the same as the functions of ops.h, by family; see Note [Method lists] and Note [In-place changes] ----
#include "methods_binary.inc"
#include "methods_factory.inc"
#include "methods_index.inc"
#include "methods_linalg.inc"
#include "methods_pointwise.inc"
#include "methods_random.inc"
#include "methods_reduce.inc"
#include "methods_shape.inc"

  // ---- for the library's own sources ----
  TensorImpl* impl() const noexcept { return impl_; }
  // Takes over one reference.
  static Tensor adopt(TensorImpl* impl) noexcept {
    Tensor t;
    t.impl_ = impl;
    return t;
  }
  static Tensor share(TensorImpl* impl) noexcept {
    if (impl) detail::retain(impl);
    return adopt(impl);
  }
  TensorImpl* leak() noexcept {
    TensorImpl* p = impl_;
    impl_ = nullptr;
    return p;
  }

 private:
  void* typed_data(ScalarType want) const;
  void check_rank(std::size_t n) const;

  TensorImpl* impl_;
};

// Elements and, at the end, "[ CPUFloatType{2,2} ]", as libtorch prints them.
std::ostream& operator<<(std::ostream& out, const Tensor& t);
// The same with a given number of characters a line; without a stream, to the standard output.
std::ostream& print(std::ostream& out, const Tensor& t, std::int64_t linesize);
void print(const Tensor& t, std::int64_t linesize = 80);

}  // namespace at
using namespace at;  // NOLINT(google-build-using-namespace) see Note [Inner namespace]

// Note [Method lists]
// libtorch has some five hundred methods. Their declarations stand by family in methods_*.inc, beside the ops_*.h that
// document the functions of the same names, and are included inside the class: one file for each family to edit, and
// no base classes that users would meet in messages.
//
// Note [Inner namespace]
// Tensor and its operations live in gradtape::at, as libtorch's live in at::. Argument-dependent lookup looks only in
// the namespace of the argument's class, so a user's own save(Tensor, std::string) is never outvoted by ours.

}  // namespace gradtape
