#include "autograd/kernels/softmax.h"

#include "autograd/kernels/levels.h"
#include "autograd/kernels/parallel.h"

namespace gradtape::kernels {
namespace {

// An exponential is worth several elements.
std::int64_t rows_of(std::int64_t n) { return items_of(n, kGrain / 4); }

template <class T, class F>
void share_softmax(F kernel, void* y, const void* x, std::int64_t rows, std::int64_t n, bool logarithm) {
  parallel_for(rows, rows_of(n), [=](std::int64_t begin, std::int64_t end) {
    kernel(static_cast<T*>(y) + begin * n, static_cast<const T*>(x) + begin * n, end - begin, n, logarithm);
  });
}
template <class T, class F>
void share_backward(F kernel, void* out, const void* g, const void* y, std::int64_t rows, std::int64_t n,
                    bool logarithm) {
  parallel_for(rows, rows_of(n), [=](std::int64_t begin, std::int64_t end) {
    const std::int64_t at = begin * n;
    kernel(static_cast<T*>(out) + at, static_cast<const T*>(g) + at, static_cast<const T*>(y) + at, end - begin, n,
           logarithm);
  });
}

template <class T, class F>
void share_cross_entropy(F kernel, void* loss, void* y, const void* x, const std::int64_t* target, std::int64_t rows,
                         std::int64_t n, std::int64_t ignore) {
  parallel_for(rows, rows_of(n), [=](std::int64_t begin, std::int64_t end) {
    const std::int64_t at = begin * n;
    kernel(static_cast<T*>(loss) + begin, static_cast<T*>(y) + at, static_cast<const T*>(x) + at, target + begin,
           end - begin, n, ignore);
  });
}
template <class T, class F>
void share_cross_entropy_backward(F kernel, void* out, const void* y, const std::int64_t* target, double scale,
                                  std::int64_t rows, std::int64_t n, std::int64_t ignore) {
  parallel_for(rows, 4 * rows_of(n), [=](std::int64_t begin, std::int64_t end) {
    const std::int64_t at = begin * n;
    kernel(static_cast<T*>(out) + at, static_cast<const T*>(y) + at, target + begin, static_cast<T>(scale), end - begin,
           n, ignore);
  });
}

}  // namespace

void softmax(ScalarType dtype, void* y, const void* x, std::int64_t rows, std::int64_t n, bool logarithm) {
  if (dtype == ScalarType::Float) return share_softmax<float>(GRADTAPE_AT_LEVEL(softmax_f32), y, x, rows, n, logarithm);
  share_softmax<double>(GRADTAPE_AT_LEVEL(softmax_f64), y, x, rows, n, logarithm);
}

void softmax_backward(ScalarType dtype, void* out, const void* g, const void* y, std::int64_t rows, std::int64_t n,
                      bool logarithm) {
  if (dtype == ScalarType::Float)
    return share_backward<float>(GRADTAPE_AT_LEVEL(softmax_backward_f32), out, g, y, rows, n, logarithm);
  share_backward<double>(GRADTAPE_AT_LEVEL(softmax_backward_f64), out, g, y, rows, n, logarithm);
}

void logsumexp(ScalarType dtype, void* y, const void* x, std::int64_t rows, std::int64_t n) {
  parallel_for(rows, rows_of(n), [=](std::int64_t begin, std::int64_t end) {
    if (dtype == ScalarType::Float) {
      GRADTAPE_AT_LEVEL(logsumexp_f32)
      (static_cast<float*>(y) + begin, static_cast<const float*>(x) + begin * n, end - begin, n);
    } else {
      GRADTAPE_AT_LEVEL(logsumexp_f64)
      (static_cast<double*>(y) + begin, static_cast<const double*>(x) + begin * n, end - begin, n);
    }
  });
}

void cross_entropy(ScalarType dtype, void* loss, void* y, const void* x, const std::int64_t* target, std::int64_t rows,
                   std::int64_t n, std::int64_t ignore) {
  if (dtype == ScalarType::Float)
    return share_cross_entropy<float>(GRADTAPE_AT_LEVEL(cross_entropy_f32), loss, y, x, target, rows, n, ignore);
  share_cross_entropy<double>(GRADTAPE_AT_LEVEL(cross_entropy_f64), loss, y, x, target, rows, n, ignore);
}

void cross_entropy_backward(ScalarType dtype, void* out, const void* y, const std::int64_t* target, double scale,
                            std::int64_t rows, std::int64_t n, std::int64_t ignore) {
  if (dtype == ScalarType::Float)
    return share_cross_entropy_backward<float>(GRADTAPE_AT_LEVEL(cross_entropy_backward_f32), out, y, target, scale,
                                               rows, n, ignore);
  share_cross_entropy_backward<double>(GRADTAPE_AT_LEVEL(cross_entropy_backward_f64), out, y, target, scale, rows, n,
                                       ignore);
}

}  // namespace gradtape::kernels
