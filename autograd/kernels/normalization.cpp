#include "autograd/kernels/normalization.h"

#include <cmath>

#include "autograd/kernels/levels.h"
#include "autograd/kernels/parallel.h"
#include "autograd/kernels/workspace.h"

namespace gradtape::kernels {
namespace {

// f(T{}, kernels for T)
template <class F>
void with_kernels(ScalarType dtype, F f) {
  if (dtype == ScalarType::Float) {
    f(float(), GRADTAPE_AT_LEVEL(norm_f32));
  } else {
    f(double(), GRADTAPE_AT_LEVEL(norm_f64));
  }
}
template <class T>
T* as(void* p, T) {
  return static_cast<T*>(p);
}
template <class T>
const T* as(const void* p, T) {
  return static_cast<const T*>(p);
}

}  // namespace

void normalize_rows(ScalarType dtype, std::int64_t rows, std::int64_t n, double eps, void* y, void* mean, void* rstd,
                    const void* x, const void* weight, const void* bias) {
  with_kernels(dtype, [&](auto t, const auto& kernels) {
    parallel_for(rows, items_of(n), [&](std::int64_t begin, std::int64_t end) {
      const std::int64_t at = begin * n;
      kernels.rows({end - begin, n, as(x, t) + at, as(weight, t), as(bias, t), as(y, t) + at, as(mean, t) + begin,
                    as(rstd, t) + begin, eps});
    });
  });
}

void normalize_rows_backward(ScalarType dtype, std::int64_t rows, std::int64_t n, void* dx, void* dw, void* db,
                             const void* g, const void* x, const void* mean, const void* rstd, const void* weight) {
  const Workspace work(static_cast<std::size_t>(2 * n * element_size(dtype)));
  with_kernels(dtype, [&](auto t, const auto& kernels) {
    kernels.rows_backward({rows, n, as(g, t), as(x, t), as(mean, t), as(rstd, t), as(weight, t), as(dx, t), as(dw, t),
                           as(db, t), as(work.as<void>(), t)});
  });
}

void normalize_groups(ScalarType dtype, std::int64_t rows, std::int64_t groups, std::int64_t channels,
                      std::int64_t area, double eps, void* y, void* mean, void* rstd, const void* x, const void* weight,
                      const void* bias) {
  with_kernels(dtype, [&](auto t, const auto& kernels) {
    kernels.groups(
        {rows, groups, channels, area, as(x, t), as(weight, t), as(bias, t), as(y, t), as(mean, t), as(rstd, t), eps});
  });
}

void normalize_groups_backward(ScalarType dtype, std::int64_t rows, std::int64_t groups, std::int64_t channels,
                               std::int64_t area, void* dx, void* dw, void* db, const void* g, const void* x,
                               const void* mean, const void* rstd, const void* weight) {
  with_kernels(dtype, [&](auto t, const auto& kernels) {
    for (std::int64_t c = 0; dw && c < groups * channels; ++c) as(dw, t)[c] = as(db, t)[c] = 0;
    kernels.groups_backward({rows, groups, channels, area, as(g, t), as(x, t), as(mean, t), as(rstd, t), as(weight, t),
                             as(dx, t), as(dw, t), as(db, t)});
  });
}

// f(first, last) for the channels, `step` at a time.
template <class F>
static void each_channels(std::int64_t channels, std::int64_t step, std::int64_t size, const F& f) {
  const std::int64_t blocks = (channels + step - 1) / step;
  const auto block = [&](std::int64_t k) { f(k * step, channels - k * step < step ? channels : (k + 1) * step); };
  if (channels * size >= 4 * kGrain) return parallel_blocks(blocks, block);
  for (std::int64_t k = 0; k < blocks; ++k) block(k);
}

// Channels at a time, so that their elements are still in the cache when they are read again. With one element a row
// the channels of a row are read together.
static std::int64_t channels_together(std::int64_t batch, std::int64_t channels, std::int64_t area,
                                      std::int64_t element) {
  constexpr std::int64_t kBytes = 128 * 1024;
  const std::int64_t each = batch * area * element;
  return area == 1 ? channels : each >= kBytes ? 1 : kBytes / each;
}

void normalize_channels(ScalarType dtype, std::int64_t batch, std::int64_t channels, std::int64_t area, double eps,
                        bool find, void* y, const void* x, void* mean, void* variance, const void* weight,
                        const void* bias) {
  const Workspace work(static_cast<std::size_t>(2 * channels * element_size(dtype)));
  const std::int64_t step = channels_together(batch, channels, area, element_size(dtype));
  with_kernels(dtype, [&](auto t, const auto& kernels) {
    using T = decltype(t);
    const T *v = as(variance, t), *w = as(weight, t), *b = as(bias, t);
    T *scale = work.as<T>(), *shift = scale + channels;
    each_channels(channels, step, batch * area, [&](std::int64_t c0, std::int64_t c1) {
      const ChannelNormCall<T> call = {
          {batch, channels, area, c0, c1}, as(x, t), as(mean, t), as(variance, t), as(y, t), scale, shift};
      if (find) kernels.statistics(call);
      for (std::int64_t c = c0; c < c1; ++c) {
        scale[c] = static_cast<T>((w ? static_cast<double>(w[c]) : 1) / std::sqrt(static_cast<double>(v[c]) + eps));
        shift[c] = b ? b[c] : T(0);
      }
      kernels.apply(call);
    });
  });
}

void normalize_channels_backward(ScalarType dtype, std::int64_t batch, std::int64_t channels, std::int64_t area,
                                 double eps, bool moments, void* dx, void* dw, void* db, const void* g, const void* x,
                                 const void* mean, const void* variance, const void* weight) {
  const Workspace work(static_cast<std::size_t>(5 * channels * element_size(dtype)));
  const std::int64_t step = channels_together(batch, channels, area, 2 * element_size(dtype));
  with_kernels(dtype, [&](auto t, const auto& kernels) {
    using T = decltype(t);
    const T *v = as(variance, t), *w = as(weight, t);
    T *sum_g = work.as<T>(), *sum_gx = sum_g + channels, *scale = sum_gx + channels, *slope = scale + channels,
      *shift = slope + channels;
    const double n = static_cast<double>(batch * area);
    each_channels(channels, step, batch * area, [&](std::int64_t c0, std::int64_t c1) {
      const ChannelNormBackwardCall<T> call = {{batch, channels, area, c0, c1},
                                               as(g, t),
                                               as(x, t),
                                               as(mean, t),
                                               sum_g,
                                               sum_gx,
                                               as(dx, t),
                                               scale,
                                               slope,
                                               shift};
      if (dw || db || moments) kernels.sums(call);
      for (std::int64_t c = c0; c < c1; ++c) {
        const double rstd = 1 / std::sqrt(static_cast<double>(v[c]) + eps);
        const double s = (w ? static_cast<double>(w[c]) : 1) * rstd;
        scale[c] = static_cast<T>(s);
        slope[c] = moments ? static_cast<T>(s * rstd * rstd * static_cast<double>(sum_gx[c]) / n) : T(0);
        shift[c] = moments ? static_cast<T>(s * static_cast<double>(sum_g[c]) / n) : T(0);
        if (dw) as(dw, t)[c] = static_cast<T>(static_cast<double>(sum_gx[c]) * rstd);
        if (db) as(db, t)[c] = sum_g[c];
      }
      if (dx) kernels.input(call);
    });
  });
}

}  // namespace gradtape::kernels
