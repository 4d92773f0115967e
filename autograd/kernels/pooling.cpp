#include "autograd/kernels/pooling.h"

#include "autograd/kernels/functors_common.h"
#include "autograd/kernels/levels.h"
#include "autograd/kernels/parallel.h"
#include "autograd/kernels/workspace.h"

namespace gradtape::kernels {
namespace {

using Int = std::int64_t;

// The elements of one dimension that a window sees: first, first + step, ..; `size` counts the padding too.
struct Extent {
  Int first, count, step, size;
};
Extent extent_of(const Pooling& p, int d, Int o) {
  const Int n = p.in[d];
  if (p.adaptive) {
    const Int first = o * n / p.out[d], count = ((o + 1) * n + p.out[d] - 1) / p.out[d] - first;
    return {first, count, 1, count};
  }
  const Int start = o * p.stride[d] - p.padding[d], step = p.dilation[d];
  const Int before = start < 0 ? (-start + step - 1) / step : 0;
  const Int first = start + before * step;
  const Int fit = n > first ? (n - first + step - 1) / step : 0, left = p.kernel[d] - before;
  const Int end = start + p.kernel[d] < n + p.padding[d] ? start + p.kernel[d] : n + p.padding[d];
  return {first, fit < left ? fit : left, step, end - start};
}

Int area(const Int (&d)[3]) { return d[0] * d[1] * d[2]; }

// f(number of the output, plane's offset in x, the three extents) for each window.
template <class F>
void for_windows(const Pooling& p, F f) {
  const Int in = area(p.in), out = area(p.out);
  const Workspace work(static_cast<std::size_t>(p.out[2]) * sizeof(Extent));
  Extent* columns = work.as<Extent>();
  for (Int x = 0; x < p.out[2]; ++x) columns[x] = extent_of(p, 2, x);
  for (Int k = 0; k < p.planes; ++k)
    for (Int z = 0; z < p.out[0]; ++z) {
      const Extent depth = extent_of(p, 0, z);
      for (Int y = 0; y < p.out[1]; ++y) {
        const Extent rows = extent_of(p, 1, y);
        const Int at = k * out + (z * p.out[1] + y) * p.out[2];
        for (Int x = 0; x < p.out[2]; ++x) f(at + x, k * in, depth, rows, columns[x]);
      }
    }
}
// f(number in the plane) for each element of a window.
template <class F>
void for_elements(const Pooling& p, const Extent& depth, const Extent& rows, const Extent& columns, F f) {
  for (Int z = 0; z < depth.count; ++z)
    for (Int y = 0; y < rows.count; ++y) {
      const Int row = ((depth.first + z * depth.step) * p.in[1] + rows.first + y * rows.step) * p.in[2] + columns.first;
      for (Int x = 0; x < columns.count; ++x) f(row + x * columns.step);
    }
}
double size_of(const Extent& a, const Extent& b, const Extent& c) {
  return static_cast<double>(a.count * b.count * c.count);
}

// For windows in rows, tap by tap: start(number of the row's first output, divisor of the row but for the columns'
// part) before the taps of a row, tap(row of x, its column for output 0, first output, one past the last) for each,
// end() after them.
template <class S, class F, class E>
void for_rows_of_windows(const Pooling& p, S start, F tap, E end) {
  const Int stride = p.stride[2];
  for (Int row = 0; row < p.planes * p.out[0] * p.out[1]; ++row) {
    const Int plane = row / p.out[1] / p.out[0];
    const Extent depth = extent_of(p, 0, row / p.out[1] % p.out[0]), rows = extent_of(p, 1, row % p.out[1]);
    start(row * p.out[2], p.divisor ? p.divisor : p.count_padding ? depth.size * rows.size : depth.count * rows.count);
    for (Int z = 0; z < depth.count; ++z)
      for (Int y = 0; y < rows.count; ++y) {
        const Int at = ((plane * p.in[0] + depth.first + z) * p.in[1] + rows.first + y) * p.in[2];
        for (Int k = 0; k < p.kernel[2]; ++k) {
          const Int left = k - p.padding[2];
          const Int low = left < 0 ? (-left + stride - 1) / stride : 0;
          const Int fit = p.in[2] > left ? (p.in[2] - left + stride - 1) / stride : 0;
          const Int high = fit < p.out[2] ? fit : p.out[2];
          if (low < high) tap(at, left, low, high);
        }
      }
    end();
  }
}
// What the columns contribute to the divisors.
template <class T>
void column_sizes(const Pooling& p, T* size) {
  for (Int x = 0; x < p.out[2]; ++x) {
    const Extent e = extent_of(p, 2, x);
    size[x] = static_cast<T>(p.divisor ? 1.0 : static_cast<double>(p.count_padding ? e.size : e.count));
  }
}
template <class T>
void average_rows(const Pooling& p, T* y, const T* x) {
  const Workspace work(static_cast<std::size_t>(p.out[2]) * sizeof(T));
  T *size = work.as<T>(), *to = y, divisor = 1;
  column_sizes(p, size);
  const auto start = [&](Int first, Int d) {
    to = y + first;
    divisor = static_cast<T>(static_cast<double>(d));
    for (Int i = 0; i < p.out[2]; ++i) to[i] = T(0);
  };
  const auto tap = [&](Int at, Int left, Int low, Int high) {
    const T* from = x + at + left;
    T* sums = to;
    if (p.stride[2] == 1) {
      for (Int i = low; i < high; ++i) sums[i] += from[i];
    } else if (p.stride[2] == 2) {
      for (Int i = low; i < high; ++i) sums[i] += from[2 * i];
    } else {
      for (Int i = low; i < high; ++i) sums[i] += from[p.stride[2] * i];
    }
  };
  const auto end = [&] {
    for (Int i = 0; i < p.out[2]; ++i) to[i] /= divisor * size[i];
  };
  for_rows_of_windows(p, start, tap, end);
}
template <class T>
void spread_rows(const Pooling& p, T* x, const T* y) {
  const Workspace work(static_cast<std::size_t>(2 * p.out[2]) * sizeof(T));
  T *size = work.as<T>(), *part = size + p.out[2];
  column_sizes(p, size);
  const auto start = [&](Int first, Int d) {
    for (Int i = 0; i < p.out[2]; ++i) part[i] = y[first + i] / (static_cast<T>(static_cast<double>(d)) * size[i]);
  };
  const auto tap = [&](Int at, Int left, Int low, Int high) {
    T* to = x + at + left;
    const Int stride = p.stride[2];
    for (Int i = low; i < high; ++i) to[stride * i] += part[i];
  };
  for_rows_of_windows(p, start, tap, [] {});
}

template <class T>
void plain_max(const Pooling& p, T* y, Int* index, const T* x) {
  for_windows(p, [&](Int o, Int plane, const Extent& a, const Extent& b, const Extent& c) {
    const T* from = x + plane;
    Int best = -1;
    for_elements(p, a, b, c, [&](Int i) {
      const bool nan = !real_equal(from[i], from[i]);
      if (best < 0 || nan || real_less(from[best], from[i])) best = i;
    });
    if constexpr (is_complex<T>) {
      for_elements(p, a, b, c, [&](Int i) {
        if (i != best) note_margin(from[i] - from[best]);
      });
    }
    y[o] = from[best];
    index[o] = best;
  });
}

template <class T>
const PoolKernels<T>& pool_kernels() {
  if constexpr (sizeof(T) == sizeof(float)) {
    return GRADTAPE_AT_LEVEL(pool_f32);
  } else {
    return GRADTAPE_AT_LEVEL(pool_f64);
  }
}

bool are_pairs(const Pooling& p) {
  return !p.adaptive && p.in[0] == 1 && p.kernel[0] == 1 && p.kernel[1] == 2 && p.kernel[2] == 2 && p.stride[1] == 2 &&
         p.stride[2] == 2 && p.padding[0] == 0 && p.padding[1] == 0 && p.padding[2] == 0 && p.dilation[1] == 1 &&
         p.dilation[2] == 1 && 2 * p.out[1] <= p.in[1] && 2 * p.out[2] <= p.in[2];
}
// f(begin, end) for parts of the planes.
template <class F>
void each_planes(const Pooling& p, const F& f) {
  parallel_for(p.planes, items_of(area(p.in)), f);
}
// Numbers within a plane fit the kernels' integers.
bool is_small(const Pooling& p) { return area(p.in) < Int{1} << 31; }

}  // namespace

void max_pool(ScalarType dtype, const Pooling& p, void* y, Int* index, const void* x) {
  dispatch_floating(dtype, [&](auto t) {
    using T = decltype(t);
    auto* to = static_cast<T*>(y);
    const auto* from = static_cast<const T*>(x);
    if constexpr (!is_complex<T>) {
      if (!p.adaptive && is_small(p)) {
        MaxPoolCall<T> call = {};
        for (int d = 0; d < 3; ++d) {
          call.in[d] = p.in[d];
          call.out[d] = p.out[d];
          call.kernel[d] = p.kernel[d];
          call.stride[d] = p.stride[d];
          call.padding[d] = p.padding[d];
          call.dilation[d] = p.dilation[d];
        }
        return each_planes(p, [&](Int begin, Int end) {
          const Workspace work(static_cast<std::size_t>(p.out[2]) * sizeof(T));
          MaxPoolCall<T> part = call;
          part.planes = end - begin;
          part.x = from + begin * area(p.in);
          part.y = to + begin * area(p.out);
          part.index = index + begin * area(p.out);
          part.work = work.as<void>();
          pool_kernels<T>().max_pool(part);
        });
      }
    }
    plain_max(p, to, index, from);
  });
}

void pick_in_planes(ScalarType dtype, const Pooling& p, void* y, const Int* index, const void* x) {
  const Int in = area(p.in), out = area(p.out);
  dispatch_floating(dtype, [&](auto t) {
    using T = decltype(t);
    auto* to = static_cast<T*>(y);
    const auto* from = static_cast<const T*>(x);
    for (Int k = 0; k < p.planes; ++k, from += in)
      for (Int o = 0; o < out; ++o) *to++ = from[*index++];
  });
}

void place_in_planes(ScalarType dtype, const Pooling& p, void* x, const Int* index, const void* y) {
  const Int in = area(p.in), out = area(p.out);
  dispatch_floating(dtype, [&](auto t) {
    using T = decltype(t);
    auto* to = static_cast<T*>(x);
    const auto* from = static_cast<const T*>(y);
    if constexpr (!is_complex<T>) {
      if (are_pairs(p) && is_small(p)) {
        return each_planes(p, [&](Int begin, Int end) {
          const Workspace work(static_cast<std::size_t>(p.out[2]) * sizeof(T));
          pool_kernels<T>().pairs_backward({end - begin, p.in[1], p.in[2], p.out[1], p.out[2], from + begin * out,
                                            index + begin * out, to + begin * in, work.as<void>()});
        });
      }
    }
    for (Int k = 0; k < p.planes; ++k, to += in) {
      for (Int i = 0; i < in; ++i) to[i] = T(0);
      for (Int o = 0; o < out; ++o) to[*index++] += *from++;
    }
  });
}

void avg_pool(ScalarType dtype, const Pooling& p, void* y, const void* x) {
  dispatch_floating(dtype, [&](auto t) {
    using T = decltype(t);
    auto* to = static_cast<T*>(y);
    const auto* from = static_cast<const T*>(x);
    if (!p.adaptive) return average_rows(p, to, from);
    for_windows(p, [&](Int o, Int plane, const Extent& a, const Extent& b, const Extent& c) {
      T sum = T(0);
      for_elements(p, a, b, c, [&](Int i) { sum += from[plane + i]; });
      to[o] = static_cast<T>(sum / static_cast<T>(size_of(a, b, c)));
    });
  });
}

void avg_pool_adjoint(ScalarType dtype, const Pooling& p, void* x, const void* y) {
  dispatch_floating(dtype, [&](auto t) {
    using T = decltype(t);
    auto* to = static_cast<T*>(x);
    const auto* from = static_cast<const T*>(y);
    for (Int i = 0; i < p.planes * area(p.in); ++i) to[i] = T(0);
    if (!p.adaptive) return spread_rows(p, to, from);
    for_windows(p, [&](Int o, Int plane, const Extent& a, const Extent& b, const Extent& c) {
      const T part = from[o] / static_cast<T>(size_of(a, b, c));
      for_elements(p, a, b, c, [&](Int i) { to[plane + i] += part; });
    });
  });
}

}  // namespace gradtape::kernels
