#include "autograd/kernels/reduce.h"

#include "autograd/kernels/functors_common.h"
#include "autograd/kernels/levels.h"
#include "autograd/kernels/parallel.h"

namespace gradtape::kernels {

#include "autograd/kernels/level/sum.inc"

namespace {

// A long run is cut where sum_run cuts it; the parts are added up as it does.
constexpr int kMaxParts = 64;
template <class T>
struct Parts {
  std::int64_t begin[kMaxParts], length[kMaxParts];
  T total[kMaxParts];
  int count = 0;

  void cut(std::int64_t from, std::int64_t n, int most) {
    if (most == 1 || n < 2 * kGrain) {
      begin[count] = from;
      length[count++] = n;
      return;
    }
    const std::int64_t half = half_run(n);
    cut(from, half, most / 2);
    cut(from + half, n - half, most / 2);
  }
  T add(std::int64_t n, int most, int& at) const {
    if (most == 1 || n < 2 * kGrain) return total[at++];
    const std::int64_t half = half_run(n);
    const T first = add(half, most / 2, at);
    return static_cast<T>(first + add(n - half, most / 2, at));
  }
};

// `kernel` is sum() of some level.
template <class T, class F>
void shared_sum(F kernel, T* y, const T* x, std::int64_t outer, std::int64_t count, std::int64_t inner) {
  if (outer * count * inner < 4 * kGrain) return kernel(y, x, outer, count, inner, 0, inner);
  if (outer == 1 && inner == 1) {
    Parts<T> parts;
    parts.cut(0, count, kMaxParts);
    parallel_blocks(parts.count,
                    [&](std::int64_t k) { kernel(parts.total + k, x + parts.begin[k], 1, parts.length[k], 1, 0, 1); });
    int at = 0;
    y[0] = parts.add(count, kMaxParts, at);
    return;
  }
  constexpr std::int64_t kColumns = 64;
  const std::int64_t chunks = (inner + kColumns - 1) / kColumns, size = count * inner;
  if (outer >= 8 || chunks == 1) {
    return parallel_for(outer, items_of(size), [&](std::int64_t begin, std::int64_t end) {
      kernel(y + begin * inner, x + begin * size, end - begin, count, inner, 0, inner);
    });
  }
  parallel_blocks(outer * chunks, [&](std::int64_t block) {
    const std::int64_t o = block / chunks, j = block % chunks * kColumns;
    kernel(y + o * inner, x + o * size, 1, count, inner, j, inner - j < kColumns ? inner : j + kColumns);
  });
}

// f(begin, end) for parts of the outermost dimension; the verification dtype's kernels note what they meet in the state
// of their thread.
template <class T, class F>
void each_outer(std::int64_t outer, std::int64_t size, const F& f) {
  if constexpr (is_complex<T>) {
    f(std::int64_t{0}, outer);
  } else {
    parallel_for(outer, items_of(size), f);
  }
}

template <class T>
void product(T* y, const T* x, std::int64_t outer, std::int64_t count, std::int64_t inner) {
  for (std::int64_t o = 0; o < outer; ++o, y += inner) {
    for (std::int64_t j = 0; j < inner; ++j) y[j] = T(1);
    for (std::int64_t i = 0; i < count; ++i, x += inner)
      for (std::int64_t j = 0; j < inner; ++j) y[j] = static_cast<T>(y[j] * x[j]);
  }
}

// The better of two, and how near the choice was.
template <bool kMax, class T>
bool better(T candidate, T best) {
  if (!real_equal(best, best)) return false;
  if (!real_equal(candidate, candidate)) return true;
  return kMax ? real_less(best, candidate) : real_less(candidate, best);
}

template <bool kMax, class T>
void note_runner_up(const T* x, std::int64_t count, std::int64_t inner, std::int64_t best) {
  if constexpr (is_complex<T>) {
    for (std::int64_t i = 0; i < count; ++i)
      if (i != best) note_margin(x[i * inner] - x[best * inner]);
  }
}

// `value` or `index` may be null.
template <bool kMax, class T>
void pick(T* value, std::int64_t* index, const T* x, std::int64_t outer, std::int64_t count, std::int64_t inner) {
  for (std::int64_t o = 0; o < outer; ++o)
    for (std::int64_t j = 0; j < inner; ++j) {
      const T* column = x + o * count * inner + j;
      std::int64_t best = 0;
      for (std::int64_t i = 1; i < count; ++i)
        if (better<kMax>(column[i * inner], column[best * inner])) best = i;
      note_runner_up<kMax>(column, count, inner, best);
      if (value) value[o * inner + j] = column[best * inner];
      if (index) index[o * inner + j] = best;
    }
}

template <class T>
void extremes(Reduce op, T* value, std::int64_t* index, const T* x, std::int64_t outer, std::int64_t count,
              std::int64_t inner) {
  each_outer<T>(outer, count * inner, [=](std::int64_t begin, std::int64_t end) {
    T* v = value ? value + begin * inner : nullptr;
    std::int64_t* k = index ? index + begin * inner : nullptr;
    const T* from = x + begin * count * inner;
    if constexpr (std::is_same_v<T, float>) {
      GRADTAPE_AT_LEVEL(extremes_f32)(op == Reduce::Max, v, k, from, end - begin, count, inner);
    } else if constexpr (std::is_same_v<T, double>) {
      GRADTAPE_AT_LEVEL(extremes_f64)(op == Reduce::Max, v, k, from, end - begin, count, inner);
    } else {
      op == Reduce::Max ? pick<true>(v, k, from, end - begin, count, inner)
                        : pick<false>(v, k, from, end - begin, count, inner);
    }
  });
}

}  // namespace

void reduce(Reduce op, void* out, const void* in, ScalarType dtype, std::int64_t outer, std::int64_t count,
            std::int64_t inner) {
  dispatch_all(dtype, [&](auto t) {
    using T = decltype(t);
    auto* y = static_cast<T*>(out);
    auto* x = static_cast<const T*>(in);
    if (op == Reduce::Max || op == Reduce::Min) return extremes<T>(op, y, nullptr, x, outer, count, inner);
    if (op == Reduce::Prod) return product(y, x, outer, count, inner);
    if constexpr (std::is_same_v<T, float>) {
      shared_sum(GRADTAPE_AT_LEVEL(sum_f32), y, x, outer, count, inner);
    } else if constexpr (std::is_same_v<T, double>) {
      shared_sum(GRADTAPE_AT_LEVEL(sum_f64), y, x, outer, count, inner);
    } else {
      sum(y, x, outer, count, inner, 0, inner);
    }
  });
}

void variance(void* out, const void* in, ScalarType dtype, std::int64_t outer, std::int64_t count, std::int64_t inner,
              double divisor) {
  dispatch_floating(dtype, [&](auto t) {
    using T = decltype(t);
    using A = std::conditional_t<is_complex<T>, T, double>;
    const auto n = static_cast<double>(count);
    each_outer<T>(outer, count * inner, [=](std::int64_t begin, std::int64_t end) {
      auto* y = static_cast<T*>(out) + begin * inner;
      auto* x = static_cast<const T*>(in) + begin * count * inner;
      for (std::int64_t o = begin; o < end; ++o, x += count * inner, y += inner) {
        if (inner == 1) {
          const A mean = sum_run<A>([x](std::int64_t i) { return A(x[i]); }, 0, count) / n;
          const auto square = [x, mean](std::int64_t i) {
            const A d = A(x[i]) - mean;
            return d * d;
          };
          y[0] = static_cast<T>(sum_run<A>(square, 0, count) / divisor);
          continue;
        }
        for (std::int64_t j0 = 0; j0 < inner; j0 += kWidth) {
          const std::int64_t w = inner - j0 < kWidth ? inner - j0 : kWidth;
          A mean[kWidth], total[kWidth];
          const auto at = [=](std::int64_t i, std::int64_t j) { return A(x[i * inner + j0 + j]); };
          sum_columns(mean, at, count, w);
          for (std::int64_t j = 0; j < w; ++j) mean[j] = mean[j] / n;
          const auto square = [&mean, at](std::int64_t i, std::int64_t j) {
            const A d = at(i, j) - mean[j];
            return d * d;
          };
          sum_columns(total, square, count, w);
          for (std::int64_t j = 0; j < w; ++j) y[j0 + j] = static_cast<T>(total[j] / divisor);
        }
      }
    });
  });
}

void arg_reduce(Reduce op, std::int64_t* out, const void* in, ScalarType dtype, std::int64_t outer, std::int64_t count,
                std::int64_t inner) {
  dispatch_all(dtype, [&](auto t) {
    using T = decltype(t);
    extremes<T>(op, nullptr, out, static_cast<const T*>(in), outer, count, inner);
  });
}

std::int64_t first_outside(const Array& in, double low, double high) {
  std::int64_t place = 0, found = -1;
  dispatch_floating(in.dtype, [&](auto t) {
    using T = decltype(t);
    for_rows(make_loop<1>({in}), [&](char* const(&p)[1], const std::int64_t(&s)[1], std::int64_t n) {
      for (std::int64_t k = 0; found < 0 && k < n; ++k) {
        const double x = real_part(*reinterpret_cast<const T*>(p[0] + k * s[0]));
        if (!(x >= low && x <= high)) found = place + k;
      }
      place += n;
    });
  });
  return found;
}

}  // namespace gradtape::kernels
