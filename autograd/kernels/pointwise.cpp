#include "autograd/kernels/pointwise.h"

#include <cstring>

#include "autograd/kernels/functors.h"

namespace gradtape::kernels {
namespace {

constexpr std::int64_t kBlock = 256;

template <class T>
void gather(T* to, const char* from, std::int64_t stride, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) to[i] = *reinterpret_cast<const T*>(from + i * stride);
}

// A row operand as a contiguous run: in place when it is one, else through `buffer`.
template <class T>
const T* run(const char* p, std::int64_t stride, std::int64_t done, std::int64_t n, T* buffer) {
  if (stride == sizeof(T)) return reinterpret_cast<const T*>(p) + done;
  gather(buffer, p + done * stride, stride, n);
  return buffer;
}

// Maps rows block by block; f(const In*..., Out*, n) is the one arithmetic loop.
template <class Out, class In, int N, class F>
void map_rows(const Loop<N>& loop, F f) {
  for_rows(loop, [&](char* const(&p)[N], const std::int64_t(&s)[N], std::int64_t n) {
    In buffers[N - 1][kBlock];
    Out result[kBlock];
    bool plain = s[0] == sizeof(Out);
    for (int k = 1; k < N; ++k) plain = plain && s[k] == sizeof(In);
    const std::int64_t step = plain ? n : kBlock;
    for (std::int64_t done = 0; done < n; done += step) {
      const std::int64_t m = n - done < step ? n - done : step;
      const In* in[N - 1];
      for (int k = 1; k < N; ++k) in[k - 1] = run<In>(p[k], s[k], done, m, buffers[k - 1]);
      if (s[0] == sizeof(Out)) {
        f(in, reinterpret_cast<Out*>(p[0]) + done, m);
      } else {
        f(in, result, m);
        for (std::int64_t i = 0; i < m; ++i) *reinterpret_cast<Out*>(p[0] + (done + i) * s[0]) = result[i];
      }
    }
  });
}

template <class T, class Op>
void unary_typed(Op op, const Array& out, const Array& in, Params params) {
  const auto body = [op, params](const T* x, T* y, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) y[i] = op(x[i], params);
  };
  if (out.contiguous && in.contiguous && out.numel == in.numel) {
    body(reinterpret_cast<const T*>(in.data), reinterpret_cast<T*>(out.data), out.numel);
    return;
  }
  map_rows<T, T, 2>(make_loop<2>({out, in}), [&](const T* const* p, T* y, std::int64_t n) { body(p[0], y, n); });
}

template <class Out, class T, class Op>
void binary_typed(Op op, const Array& out, const Array& a, const Array& b) {
  const auto body = [op](const T* x, const T* y, Out* z, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) z[i] = op(x[i], y[i]);
  };
  if (out.contiguous && a.contiguous && b.contiguous && out.numel == a.numel && out.numel == b.numel) {
    body(reinterpret_cast<const T*>(a.data), reinterpret_cast<const T*>(b.data), reinterpret_cast<Out*>(out.data),
         out.numel);
    return;
  }
  map_rows<Out, T, 3>(make_loop<3>({out, a, b}),
                      [&](const T* const* p, Out* z, std::int64_t n) { body(p[0], p[1], z, n); });
}

template <class Op>
void compare_any(Op op, const Array& out, const Array& a, const Array& b) {
  dispatch_all(a.dtype, [&](auto t) { binary_typed<bool, decltype(t)>(op, out, a, b); });
}

}  // namespace

#define GRADTAPE_CASE_FLOATING(name) \
  case Unary::name:                  \
    return dispatch_floating(in.dtype, [&](auto t) { unary_typed<decltype(t)>(name(), out, in, params); });
#define GRADTAPE_CASE_ANY(name) \
  case Unary::name:             \
    return dispatch_all(in.dtype, [&](auto t) { unary_typed<decltype(t)>(name(), out, in, params); });
void unary(Unary op, const Array& out, const Array& in, Params params) {
  switch (op) { GRADTAPE_UNARY_FLOATING(GRADTAPE_CASE_FLOATING) GRADTAPE_UNARY_ANY(GRADTAPE_CASE_ANY) }
}
#undef GRADTAPE_CASE_FLOATING
#undef GRADTAPE_CASE_ANY

#define GRADTAPE_CASE_FLOATING(name) \
  case Binary::name:                 \
    return dispatch_floating(a.dtype, [&](auto t) { binary_typed<decltype(t), decltype(t)>(name(), out, a, b); });
#define GRADTAPE_CASE_ANY(name) \
  case Binary::name:            \
    return dispatch_all(a.dtype, [&](auto t) { binary_typed<decltype(t), decltype(t)>(name(), out, a, b); });
void binary(Binary op, const Array& out, const Array& a, const Array& b) {
  switch (op) { GRADTAPE_BINARY_FLOATING(GRADTAPE_CASE_FLOATING) GRADTAPE_BINARY_ANY(GRADTAPE_CASE_ANY) }
}
#undef GRADTAPE_CASE_FLOATING
#undef GRADTAPE_CASE_ANY

void compare(Compare op, const Array& out, const Array& a, const Array& b) {
  switch (op) {
    case Compare::Eq:
      return compare_any([](auto x, auto y) { return real_equal(x, y); }, out, a, b);
    case Compare::Ne:
      return compare_any([](auto x, auto y) { return !real_equal(x, y); }, out, a, b);
    case Compare::Lt:
      return compare_any([](auto x, auto y) { return real_less(x, y); }, out, a, b);
    case Compare::Le:
      return compare_any([](auto x, auto y) { return real_less_equal(x, y); }, out, a, b);
    case Compare::Gt:
      return compare_any([](auto x, auto y) { return real_less(y, x); }, out, a, b);
    case Compare::Ge:
      return compare_any([](auto x, auto y) { return real_less_equal(y, x); }, out, a, b);
  }
}

void test(Test op, const Array& out, const Array& in) {
  dispatch_all(in.dtype, [&](auto t) {
    using T = decltype(t);
    map_rows<bool, T, 2>(make_loop<2>({out, in}), [&](const T* const* p, bool* y, std::int64_t n) {
      for (std::int64_t i = 0; i < n; ++i) {
        const T x = p[0][i];
        y[i] = op == Test::IsNan ? !real_equal(x, x) : real_equal(x, T(0));
      }
    });
  });
}

void where(const Array& out, const Array& condition, const Array& a, const Array& b) {
  dispatch_all(out.dtype, [&](auto t) {
    using T = decltype(t);
    for_rows(make_loop<4>({out, condition, a, b}), [](char* const(&p)[4], const std::int64_t(&s)[4], std::int64_t n) {
      for (std::int64_t i = 0; i < n; ++i) {
        const bool c = *reinterpret_cast<const bool*>(p[1] + i * s[1]);
        *reinterpret_cast<T*>(p[0] + i * s[0]) =
            c ? *reinterpret_cast<const T*>(p[2] + i * s[2]) : *reinterpret_cast<const T*>(p[3] + i * s[3]);
      }
    });
  });
}

}  // namespace gradtape::kernels
