#include "autograd/kernels/sort.h"

#include <algorithm>
#include <vector>

#include "autograd/kernels/functors_common.h"

namespace gradtape::kernels {
namespace {

template <class T>
struct Entry {
  T key;
  std::int64_t index;
};

// Every two entries are ordered, by the index at last, so the result does not depend on the algorithm.
template <class T>
bool before(const Entry<T>& a, const Entry<T>& b, bool descending) {
  const bool a_nan = !real_equal(a.key, a.key), b_nan = !real_equal(b.key, b.key);
  if (a_nan || b_nan) return a_nan == b_nan ? a.index < b.index : b_nan != descending;
  if (real_less(a.key, b.key)) return !descending;
  if (real_less(b.key, a.key)) return descending;
  return a.index < b.index;
}

template <class T>
bool before_by_key(const Entry<T>& a, const Entry<T>& b) {
  return real_less(a.key, b.key) || (real_equal(a.key, a.key) && !real_equal(b.key, b.key));
}

template <class T>
void order_part(std::vector<Entry<T>>& e, bool descending, std::int64_t first, std::int64_t keep) {
  const auto less = [descending](const Entry<T>& a, const Entry<T>& b) { return before(a, b, descending); };
  const auto begin = e.begin() + first, end = begin + keep;
  if (first > 0) std::nth_element(e.begin(), begin, e.end(), less);
  if (end != e.end()) std::nth_element(begin, end, e.end(), less);
  std::sort(begin, end, less);
  if constexpr (is_complex<T>) {
    // Which elements are kept, and in which order, changes where neighbours of the kept ones meet.
    for (std::int64_t k = first; k < first + keep; ++k)
      for (std::size_t i = 0; i < e.size(); ++i) {
        const auto at = static_cast<std::size_t>(k);
        const bool apart = static_cast<std::int64_t>(i) < first || static_cast<std::int64_t>(i) >= first + keep;
        if (apart || i == at + 1) switch_between(e[i].key, e[at].key);
      }
  }
}

template <class T, class F>
void each_column(const void* in, std::int64_t outer, std::int64_t count, std::int64_t inner, F f) {
  std::vector<Entry<T>> e(static_cast<std::size_t>(count));
  const T* x = static_cast<const T*>(in);
  for (std::int64_t o = 0; o < outer; ++o)
    for (std::int64_t j = 0; j < inner; ++j) {
      for (std::int64_t i = 0; i < count; ++i) e[static_cast<std::size_t>(i)] = {x[(o * count + i) * inner + j], i};
      f(e, o, j);
    }
}

template <class T>
int compare_rows(const T* a, const T* b, std::int64_t width) {
  for (std::int64_t i = 0; i < width; ++i) {
    if (real_less(a[i], b[i])) return -1;
    if (real_less(b[i], a[i])) return 1;
    const bool a_nan = !real_equal(a[i], a[i]), b_nan = !real_equal(b[i], b[i]);
    if (a_nan != b_nan) return a_nan ? 1 : -1;
  }
  return 0;
}

}  // namespace

void sort(std::int64_t* out, const void* in, ScalarType dtype, std::int64_t outer, std::int64_t count,
          std::int64_t inner, bool descending, std::int64_t first, std::int64_t keep) {
  dispatch_all(dtype, [&](auto t) {
    using T = decltype(t);
    each_column<T>(in, outer, count, inner, [&](std::vector<Entry<T>>& e, std::int64_t o, std::int64_t j) {
      order_part(e, descending, first, keep);
      for (std::int64_t k = 0; k < keep; ++k)
        out[(o * keep + k) * inner + j] = e[static_cast<std::size_t>(first + k)].index;
    });
  });
}

void select_nth(std::int64_t* out, const void* in, ScalarType dtype, std::int64_t outer, std::int64_t count,
                std::int64_t inner, const std::int64_t* place) {
  dispatch_all(dtype, [&](auto t) {
    using T = decltype(t);
    each_column<T>(in, outer, count, inner, [&](std::vector<Entry<T>>& e, std::int64_t o, std::int64_t j) {
      const std::int64_t at = place[o * inner + j];
      order_part(e, false, at, 1);
      out[o * inner + j] = e[static_cast<std::size_t>(at)].index;
    });
  });
}

void mode(std::int64_t* out, const void* in, ScalarType dtype, std::int64_t outer, std::int64_t count,
          std::int64_t inner) {
  dispatch_all(dtype, [&](auto t) {
    using T = decltype(t);
    each_column<T>(in, outer, count, inner, [&](std::vector<Entry<T>>& e, std::int64_t o, std::int64_t j) {
      order_part(e, false, 0, count);
      std::int64_t run = 0, longest = 0;
      for (std::size_t k = 0; k < e.size(); ++k) {
        ++run;
        const bool ends = k + 1 == e.size() || before_by_key(e[k], e[k + 1]);
        if (!ends) continue;
        if (run > longest) {
          longest = run;
          out[o * inner + j] = e[k].index;
        }
        run = 0;
      }
    });
  });
}

void sort_rows(std::int64_t* order, const void* in, ScalarType dtype, std::int64_t rows, std::int64_t width) {
  for (std::int64_t i = 0; i < rows; ++i) order[i] = i;
  dispatch_all(dtype, [&](auto t) {
    using T = decltype(t);
    const T* x = static_cast<const T*>(in);
    std::sort(order, order + rows, [x, width](std::int64_t a, std::int64_t b) {
      const int c = compare_rows(x + a * width, x + b * width, width);
      return c ? c < 0 : a < b;
    });
  });
}

std::int64_t group_rows(std::int64_t* group, const void* in, ScalarType dtype, const std::int64_t* order,
                        std::int64_t rows, std::int64_t width) {
  std::int64_t groups = 0;
  dispatch_all(dtype, [&](auto t) {
    using T = decltype(t);
    const T* x = static_cast<const T*>(in);
    for (std::int64_t k = 0; k < rows; ++k) {
      bool same = k > 0;
      if (same) {
        const T* a = x + (order ? order[k - 1] : k - 1) * width;
        const T* b = x + (order ? order[k] : k) * width;
        for (std::int64_t i = 0; same && i < width; ++i) same = real_equal(a[i], b[i]);
      }
      if (!same) ++groups;
      group[k] = groups - 1;
    }
  });
  return groups;
}

void search(std::int64_t* out, const void* sequence, const void* values, ScalarType dtype, std::int64_t rows,
            std::int64_t n, std::int64_t m, bool one_sequence, bool right, const std::int64_t* sorter) {
  dispatch_all(dtype, [&](auto t) {
    using T = decltype(t);
    for (std::int64_t r = 0; r < rows; ++r) {
      const std::int64_t start = one_sequence ? 0 : r * n;
      const T* x = static_cast<const T*>(sequence) + start;
      for (std::int64_t k = r * m; k < (r + 1) * m; ++k) {
        const T v = static_cast<const T*>(values)[k];
        std::int64_t low = 0, high = n;
        while (low < high) {
          const std::int64_t middle = low + (high - low) / 2;
          const T at = x[sorter ? sorter[start + middle] : middle];
          const bool stays_behind = real_less(v, at) || (!right && real_equal(v, at));
          (stays_behind ? high : low) = stays_behind ? middle : middle + 1;
        }
        out[k] = low;
      }
    }
  });
}

void histogram(double* counts, std::int64_t bins, double low, double high, const void* in, ScalarType dtype,
               std::int64_t n) {
  dispatch_all(dtype, [&](auto t) {
    using T = decltype(t);
    // In the precision of the elements, so that 0.7f lies in the bin that a user sees.
    using R = std::conditional_t<std::is_same_v<T, float>, float, double>;
    const auto* x = static_cast<const T*>(in);
    const R first = static_cast<R>(low), last = static_cast<R>(high), count = static_cast<R>(bins);
    for (std::int64_t i = 0; i < n; ++i) {
      const R v = static_cast<R>(real_part(x[i]));
      if (!(v >= first && v <= last)) continue;
      const auto bin = static_cast<std::int64_t>((v - first) * count / (last - first));
      counts[bin < bins ? bin : bins - 1] += 1;
    }
  });
}

}  // namespace gradtape::kernels
