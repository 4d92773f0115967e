#pragma once
// How pointwise_*.cpp make a kernel of a functor: one loop over contiguous memory for each dtype (a run), and a map
// that is the same for all. Strided operands pass through small contiguous buffers, so that the arithmetic is one loop
// and the bits do not depend on the layout.
#include "autograd/kernels/levels.h"
#include "autograd/kernels/pointwise.h"

// Operands are disjoint or one and the same. Clang warns of loops that it then cannot vectorize.
#if defined(__clang__)
#define GRADTAPE_INDEPENDENT
#else
#define GRADTAPE_INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace gradtape::kernels {

template <class F, class Out, class T>
void run_unary(void* out, const void* const* in, std::int64_t n, Params params) {
  const F f;
  const T* x = static_cast<const T*>(in[0]);
  Out* y = static_cast<Out*>(out);
  GRADTAPE_INDEPENDENT
  for (std::int64_t i = 0; i < n; ++i) y[i] = f(x[i], params);
}
template <class F, class Out, class T>
void run_binary(void* out, const void* const* in, std::int64_t n, Params params) {
  const F f;
  const T *a = static_cast<const T*>(in[0]), *b = static_cast<const T*>(in[1]);
  Out* y = static_cast<Out*>(out);
  GRADTAPE_INDEPENDENT
  for (std::int64_t i = 0; i < n; ++i) y[i] = f(a[i], b[i], params);
}

template <class F, class T>
void run_ternary(void* out, const void* const* in, std::int64_t n, Params params) {
  const F f;
  const T *a = static_cast<const T*>(in[0]), *b = static_cast<const T*>(in[1]), *c = static_cast<const T*>(in[2]);
  T* y = static_cast<T*>(out);
  GRADTAPE_INDEPENDENT
  for (std::int64_t i = 0; i < n; ++i) y[i] = f(a[i], b[i], c[i], params);
}

// For functors whose float and double loops are the levels'.
template <class F>
void dispatch_verification(ScalarType t, F f) {
  if (t == ScalarType::Verification) f(Complex());
}
template <class F>
void dispatch_other(ScalarType t, F f) {
  dispatch_all(t, [&](auto v) {
    if constexpr (!std::is_floating_point_v<decltype(v)>) f(v);
  });
}

// run(out, {inputs}, n, params) over all of out; see pointwise.cpp.
void map(Run* run, Params params, const Array& out, const Array& in);
void map(Run* run, Params params, const Array& out, const Array& a, const Array& b);
void map(Run* run, Params params, const Array& out, const Array& a, const Array& b, const Array& c);

// A kernel picks the functor's run for the dtype; Out may name T, the dtype's C++ type.
#define GRADTAPE_KERNEL1(name, dispatch, Out, ...)              \
  void name(const Array& out, const Array& in, Params params) { \
    Run* run = nullptr;                                         \
    dispatch(in.dtype, [&](auto t) {                            \
      using T = decltype(t);                                    \
      run = run_unary<__VA_ARGS__, Out, T>;                     \
    });                                                         \
    map(run, params, out, in);                                  \
  }
#define GRADTAPE_KERNEL2(name, dispatch, Out, ...)                             \
  void name(const Array& out, const Array& a, const Array& b, Params params) { \
    Run* run = nullptr;                                                        \
    dispatch(a.dtype, [&](auto t) {                                            \
      using T = decltype(t);                                                   \
      run = run_binary<__VA_ARGS__, Out, T>;                                   \
    });                                                                        \
    map(run, params, out, a, b);                                               \
  }

#define GRADTAPE_KERNEL3(name, dispatch, ...)                                                  \
  void name(const Array& out, const Array& a, const Array& b, const Array& c, Params params) { \
    Run* run = nullptr;                                                                        \
    dispatch(a.dtype, [&](auto t) { run = run_ternary<__VA_ARGS__, decltype(t)>; });           \
    map(run, params, out, a, b, c);                                                            \
  }

// The same where float and double have a loop in every instruction-set level.
#define GRADTAPE_LEVEL_KERNEL1(name, dispatch, ...)             \
  void name(const Array& out, const Array& in, Params params) { \
    Run* run = level_run::name(in.dtype);                       \
    if (!run)                                                   \
      dispatch(in.dtype, [&](auto t) {                          \
        using T = decltype(t);                                  \
        run = run_unary<__VA_ARGS__, T, T>;                     \
      });                                                       \
    map(run, params, out, in);                                  \
  }
#define GRADTAPE_LEVEL_KERNEL2(name, dispatch, ...)                            \
  void name(const Array& out, const Array& a, const Array& b, Params params) { \
    Run* run = level_run::name(a.dtype);                                       \
    if (!run)                                                                  \
      dispatch(a.dtype, [&](auto t) {                                          \
        using T = decltype(t);                                                 \
        run = run_binary<__VA_ARGS__, T, T>;                                   \
      });                                                                      \
    map(run, params, out, a, b);                                               \
  }

// name, functor: of floating dtypes, of every dtype, and with a bool result.
#define GRADTAPE_UNARY_FLOATING(name, ...) GRADTAPE_KERNEL1(name, dispatch_floating, T, __VA_ARGS__)
#define GRADTAPE_UNARY_ANY(name, ...) GRADTAPE_KERNEL1(name, dispatch_all, T, __VA_ARGS__)
#define GRADTAPE_TEST(name, ...) GRADTAPE_KERNEL1(name, dispatch_all, bool, __VA_ARGS__)
#define GRADTAPE_BINARY_FLOATING(name, ...) GRADTAPE_KERNEL2(name, dispatch_floating, T, __VA_ARGS__)
#define GRADTAPE_BINARY_ANY(name, ...) GRADTAPE_KERNEL2(name, dispatch_all, T, __VA_ARGS__)
#define GRADTAPE_LEVEL_UNARY_FLOATING(name, ...) GRADTAPE_LEVEL_KERNEL1(name, dispatch_verification, __VA_ARGS__)
#define GRADTAPE_LEVEL_UNARY_ANY(name, ...) GRADTAPE_LEVEL_KERNEL1(name, dispatch_other, __VA_ARGS__)
#define GRADTAPE_LEVEL_BINARY_FLOATING(name, ...) GRADTAPE_LEVEL_KERNEL2(name, dispatch_verification, __VA_ARGS__)
#define GRADTAPE_LEVEL_BINARY_ANY(name, ...) GRADTAPE_LEVEL_KERNEL2(name, dispatch_other, __VA_ARGS__)
#define GRADTAPE_COMPARE(name, ...) GRADTAPE_KERNEL2(name, dispatch_all, bool, __VA_ARGS__)

}  // namespace gradtape::kernels
