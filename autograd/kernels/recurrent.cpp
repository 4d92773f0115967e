#include "autograd/kernels/recurrent.h"

#include "autograd/kernels/levels.h"
#include "autograd/kernels/parallel.h"

namespace gradtape::kernels {
namespace {

// f(T{}, kernels for T, begin, end) for parts of the rows. An exponential is worth several elements.
template <class F>
void by_rows(ScalarType dtype, std::int64_t rows, std::int64_t hidden, F f) {
  parallel_for(rows, items_of(5 * hidden, kGrain / 4), [&](std::int64_t begin, std::int64_t end) {
    if (dtype == ScalarType::Float) {
      f(float(), GRADTAPE_AT_LEVEL(step_f32), begin, end - begin);
    } else {
      f(double(), GRADTAPE_AT_LEVEL(step_f64), begin, end - begin);
    }
  });
}
template <class T>
T* at(void* p, T, std::int64_t place) {
  return p ? static_cast<T*>(p) + place : nullptr;
}
template <class T>
const T* at(const void* p, T, std::int64_t place) {
  return p ? static_cast<const T*>(p) + place : nullptr;
}

}  // namespace

void lstm_step(ScalarType dtype, std::int64_t rows, std::int64_t hidden, const void* x, const void* s, const void* c,
               void* gates, void* h, void* next) {
  by_rows(dtype, rows, hidden, [=](auto t, const auto& kernels, std::int64_t begin, std::int64_t count) {
    const std::int64_t k = begin * hidden;
    kernels.lstm({count, hidden, at(x, t, 4 * k), at(s, t, 4 * k), at(c, t, k), at(gates, t, 5 * k), at(h, t, k),
                  at(next, t, k)});
  });
}
void lstm_step_backward(ScalarType dtype, std::int64_t rows, std::int64_t hidden, const void* gates, const void* c,
                        const void* d_h, const void* d_next, void* d_gates, void* d_c) {
  by_rows(dtype, rows, hidden, [=](auto t, const auto& kernels, std::int64_t begin, std::int64_t count) {
    const std::int64_t k = begin * hidden;
    kernels.lstm_backward({count, hidden, at(gates, t, 5 * k), at(c, t, k), at(d_h, t, k), at(d_next, t, k),
                           at(d_gates, t, 4 * k), at(d_c, t, k)});
  });
}
void gru_step(ScalarType dtype, std::int64_t rows, std::int64_t hidden, const void* x, const void* s, const void* h,
              void* gates, void* y) {
  by_rows(dtype, rows, hidden, [=](auto t, const auto& kernels, std::int64_t begin, std::int64_t count) {
    const std::int64_t k = begin * hidden;
    kernels.gru({count, hidden, at(x, t, 3 * k), at(s, t, 3 * k), at(h, t, k), at(gates, t, 3 * k), at(y, t, k)});
  });
}
void gru_step_backward(ScalarType dtype, std::int64_t rows, std::int64_t hidden, const void* gates, const void* s,
                       const void* h, const void* g, void* d_x, void* d_s, void* d_h) {
  by_rows(dtype, rows, hidden, [=](auto t, const auto& kernels, std::int64_t begin, std::int64_t count) {
    const std::int64_t k = begin * hidden;
    kernels.gru_backward({count, hidden, at(gates, t, 3 * k), at(s, t, 3 * k), at(h, t, k), at(g, t, k),
                          at(d_x, t, 3 * k), at(d_s, t, 3 * k), at(d_h, t, k)});
  });
}

}  // namespace gradtape::kernels
