#include "autograd/kernels/optimizer.h"

#include <cmath>
#include <utility>

#include "autograd/kernels/levels.h"
#include "autograd/kernels/parallel.h"

namespace gradtape::kernels {
namespace {

constexpr int kGrad = 1;  // place of the gradient, which is only read

// call(n, pointers) for runs of elements that lie side by side in all arrays. Strided runs pass through small buffers,
// so that the bits do not depend on the layout.
template <class T, int N, class F>
void each_run(const Array (&a)[N], F call) {
  T* run[N];
  bool plain = true;
  for (int k = 0; k < N; ++k) {
    plain = plain && a[k].contiguous;
    run[k] = reinterpret_cast<T*>(a[k].data);
  }
  if (plain)
    return parallel_for(a[0].numel, kGrain / 2, [&](std::int64_t begin, std::int64_t end) {
      T* part[N];
      for (int k = 0; k < N; ++k) part[k] = run[k] + begin;
      call(end - begin, part);
    });
  for_rows(make_loop(a), [&](char* const(&p)[N], const std::int64_t(&s)[N], std::int64_t n) {
    bool dense = true;
    for (int k = 0; k < N; ++k) dense = dense && s[k] == static_cast<std::int64_t>(sizeof(T));
    if (dense) {
      for (int k = 0; k < N; ++k) run[k] = reinterpret_cast<T*>(p[k]);
      return call(n, run);
    }
    constexpr std::int64_t kRun = 256;
    T room[N][kRun];
    for (std::int64_t i0 = 0; i0 < n; i0 += kRun) {
      const std::int64_t m = n - i0 < kRun ? n - i0 : kRun;
      for (int k = 0; k < N; ++k) {
        run[k] = room[k];
        for (std::int64_t i = 0; i < m; ++i) room[k][i] = *reinterpret_cast<const T*>(p[k] + (i0 + i) * s[k]);
      }
      call(m, run);
      for (int k = 0; k < N; ++k)
        for (std::int64_t i = 0; k != kGrad && i < m; ++i) *reinterpret_cast<T*>(p[k] + (i0 + i) * s[k]) = room[k][i];
    }
  });
}

// Numbers are rounded to the arrays' type first, as an optimizer made of single operations would.
template <class T>
void sgd_as(const Array& p, const Array& g, const Array* b, const SgdNumbers& n, void (*kernel)(const SgdCall<T>&)) {
  SgdCall<T> numbers{};
  numbers.lr = static_cast<T>(-n.lr);
  numbers.momentum = static_cast<T>(n.momentum);
  numbers.damp = static_cast<T>(1 - n.dampening);
  numbers.decay = static_cast<T>(n.weight_decay);
  numbers.nesterov = n.nesterov;
  numbers.first = n.first;
  const auto call = [=](std::int64_t count, T* const* run, T* buffer) {
    SgdCall<T> c = numbers;
    c.n = count;
    c.param = run[0];
    c.grad = run[1];
    c.buffer = buffer;
    kernel(c);
  };
  if (b) {
    each_run<T>({p, g, *b}, [&](std::int64_t count, T* const* run) { call(count, run, run[2]); });
  } else {
    each_run<T>({p, g}, [&](std::int64_t count, T* const* run) { call(count, run, nullptr); });
  }
}

template <class T>
void adam_as(const Array& p, const Array& g, const Array& m, const Array& v, const Array* largest, const AdamNumbers& n,
             void (*kernel)(const AdamCall<T>&)) {
  AdamCall<T> numbers{};
  numbers.beta1 = static_cast<T>(n.beta1);
  numbers.beta2 = static_cast<T>(n.beta2);
  numbers.rest1 = static_cast<T>(1 - n.beta1);
  numbers.rest2 = static_cast<T>(1 - n.beta2);
  numbers.decay = static_cast<T>(n.weight_decay);
  numbers.eps = static_cast<T>(n.eps);
  numbers.lr = static_cast<T>(-n.lr / n.correction1);
  numbers.scale = static_cast<T>(1 / std::sqrt(n.correction2));
  const auto call = [=](std::int64_t count, T* const* run, T* most) {
    AdamCall<T> c = numbers;
    c.n = count;
    c.param = run[0];
    c.grad = run[1];
    c.m = run[2];
    c.v = run[3];
    c.largest = most;
    kernel(c);
  };
  if (largest) {
    each_run<T>({p, g, m, v, *largest}, [&](std::int64_t count, T* const* run) { call(count, run, run[4]); });
  } else {
    each_run<T>({p, g, m, v}, [&](std::int64_t count, T* const* run) { call(count, run, nullptr); });
  }
}

}  // namespace

void sgd(const Array& param, const Array& grad, const Array* buffer, const SgdNumbers& n) {
  if (param.dtype == ScalarType::Float) return sgd_as<float>(param, grad, buffer, n, GRADTAPE_AT_LEVEL(sgd_f32));
  sgd_as<double>(param, grad, buffer, n, GRADTAPE_AT_LEVEL(sgd_f64));
}
void adam(const Array& param, const Array& grad, const Array& m, const Array& v, const Array* largest,
          const AdamNumbers& n) {
  if (param.dtype == ScalarType::Float)
    return adam_as<float>(param, grad, m, v, largest, n, GRADTAPE_AT_LEVEL(adam_f32));
  adam_as<double>(param, grad, m, v, largest, n, GRADTAPE_AT_LEVEL(adam_f64));
}

}  // namespace gradtape::kernels
