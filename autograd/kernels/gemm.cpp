#include "autograd/kernels/gemm.h"

#include "autograd/core/thread_pool.h"
#include "autograd/kernels/levels.h"
#include "autograd/kernels/workspace.h"
#include "autograd/threads.h"

namespace gradtape::kernels {
namespace {

// Integers and the verification dtype: one plain loop, summed over k in order.
template <class T>
void plain_product(std::int64_t m, std::int64_t n, std::int64_t k, const Matrix& a, const Matrix& b, T* c,
                   std::int64_t ldc, const T* bias) {
  const auto* x = static_cast<const T*>(a.data);
  const auto* y = static_cast<const T*>(b.data);
  for (std::int64_t i = 0; i < m; ++i) {
    T* row = c + i * ldc;
    for (std::int64_t j = 0; j < n; ++j) row[j] = T(0);
    for (std::int64_t l = 0; l < k; ++l) {
      const T v = x[i * a.row + l * a.col];
      const T* w = y + l * b.row;
      for (std::int64_t j = 0; j < n; ++j) row[j] = static_cast<T>(row[j] + v * w[j * b.col]);
    }
    for (std::int64_t j = 0; bias && j < n; ++j) row[j] = static_cast<T>(row[j] + bias[j]);
  }
}

// Multiply-adds of about 150 us of one processor: below, waking threads costs more than they save.
constexpr std::int64_t kSharedProduct = 8'000'000;

template <class T>
void level_product(std::int64_t m, std::int64_t n, std::int64_t k, const Matrix& a, const Matrix& b, T* c,
                   std::int64_t ldc, const T* bias) {
  const bool shared = m * n * k >= kSharedProduct && get_num_threads() > 1;
  const Workspace work(static_cast<std::size_t>(gemm_workspace(m, n, k, shared)) * sizeof(T));
  GemmCall<T> call = {};
  call.m = m;
  call.n = n;
  call.k = k;
  call.a = static_cast<const T*>(a.data);
  call.b = static_cast<const T*>(b.data);
  call.a_row = a.row;
  call.a_col = a.col;
  call.b_row = b.row;
  call.b_col = b.col;
  call.c = c;
  call.c_row = ldc;
  call.c_col = 1;
  call.bias = bias;
  call.bias_col = 1;
  call.work = work.as<T>();
  call.share = shared ? core::run_blocks : nullptr;
  if constexpr (sizeof(T) == sizeof(float)) {
    GRADTAPE_AT_LEVEL(gemm_f32)(call);
  } else {
    GRADTAPE_AT_LEVEL(gemm_f64)(call);
  }
}

}  // namespace

void gemm(ScalarType dtype, std::int64_t m, std::int64_t n, std::int64_t k, Matrix a, Matrix b, void* c,
          std::int64_t ldc, const void* bias) {
  if (m == 0 || n == 0) return;
  dispatch_all(dtype, [&](auto t) {
    using T = decltype(t);
    auto* out = static_cast<T*>(c);
    if constexpr (std::is_floating_point_v<T>) {
      level_product(m, n, k, a, b, out, ldc, static_cast<const T*>(bias));
    } else {
      plain_product(m, n, k, a, b, out, ldc, static_cast<const T*>(bias));
    }
  });
}

}  // namespace gradtape::kernels
