#include "autograd/kernels/scan.h"

#include "autograd/kernels/functors_exponential.h"

namespace gradtape::kernels {
namespace {

template <class T>
using Wide = std::conditional_t<std::is_same_v<T, float>, double, T>;

// step(element number, state of that column) for every element, column blocks side by side.
template <class A, class F>
void sweep(std::int64_t outer, std::int64_t count, std::int64_t inner, bool backwards, A start, F step) {
  if (inner == 1) {
    for (std::int64_t o = 0; o < outer; ++o) {
      A state = start;
      for (std::int64_t i = 0; i < count; ++i) step(o * count + (backwards ? count - 1 - i : i), state);
    }
    return;
  }
  constexpr std::int64_t kColumns = 64;
  A state[kColumns];
  for (std::int64_t o = 0; o < outer; ++o)
    for (std::int64_t j0 = 0; j0 < inner; j0 += kColumns) {
      const std::int64_t w = inner - j0 < kColumns ? inner - j0 : kColumns;
      for (std::int64_t j = 0; j < w; ++j) state[j] = start;
      for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t row = (o * count + (backwards ? count - 1 - i : i)) * inner + j0;
        for (std::int64_t j = 0; j < w; ++j) step(row + j, state[j]);
      }
    }
}

// ln(e^x + e^y)
template <class T>
T log_add_exp(T x, T y) {
  const bool swap = real_less(x, y) || !real_equal(y, y);
  const T high = swap ? y : x, low = swap ? x : y;
  // Of two equal infinities the difference is no number.
  if (std::isinf(real_part(high)) && real_equal(low, low)) return high;
  return high + Log1p()(std::exp(low - high), {});
}

}  // namespace

void scan(Scan op, void* out, const void* in, ScalarType dtype, std::int64_t outer, std::int64_t count,
          std::int64_t inner) {
  if (op == Scan::LogSumExp) {
    dispatch_floating(dtype, [&](auto t) {
      using T = decltype(t);
      using A = Wide<T>;
      auto* y = static_cast<T*>(out);
      auto* x = static_cast<const T*>(in);
      sweep<A>(outer, count, inner, false, A(-std::numeric_limits<double>::infinity()), [=](std::int64_t i, A& s) {
        s = log_add_exp(s, A(x[i]));
        y[i] = static_cast<T>(s);
      });
    });
    return;
  }
  dispatch_all(dtype, [&](auto t) {
    using T = decltype(t);
    using A = Wide<T>;
    auto* y = static_cast<T*>(out);
    auto* x = static_cast<const T*>(in);
    if (op == Scan::Sum) {
      sweep<A>(outer, count, inner, false, A(0), [=](std::int64_t i, A& s) {
        s = static_cast<A>(s + A(x[i]));
        y[i] = static_cast<T>(s);
      });
    } else {
      sweep<A>(outer, count, inner, false, A(1), [=](std::int64_t i, A& s) {
        s = static_cast<A>(s * A(x[i]));
        y[i] = static_cast<T>(s);
      });
    }
  });
}

void arg_scan(Reduce op, std::int64_t* out, const void* in, ScalarType dtype, std::int64_t outer, std::int64_t count,
              std::int64_t inner) {
  const std::int64_t block = count * inner;
  dispatch_all(dtype, [&](auto t) {
    using T = decltype(t);
    auto* x = static_cast<const T*>(in);
    // The state is the number of the best element so far, -1 at the start.
    sweep<std::int64_t>(outer, count, inner, false, -1, [=](std::int64_t i, std::int64_t& best) {
      if (best >= 0) switch_between(x[i], x[best]);
      const auto beats = [op](T a, T b) {
        return !real_equal(a, a) || (op == Reduce::Max ? real_less(b, a) : real_less(a, b));
      };
      const bool stays = best >= 0 && real_equal(x[i], x[i]) && beats(x[best], x[i]);
      if (!stays) best = i;
      out[i] = best % block / inner;
    });
  });
}

void recurrence(void* out, const void* a, const void* b, ScalarType dtype, std::int64_t outer, std::int64_t count,
                std::int64_t inner, bool backwards) {
  dispatch_floating(dtype, [&](auto t) {
    using T = decltype(t);
    using A = Wide<T>;
    auto* y = static_cast<T*>(out);
    auto* f = static_cast<const T*>(a);
    auto* x = static_cast<const T*>(b);
    sweep<A>(outer, count, inner, backwards, A(0), [=](std::int64_t i, A& s) {
      s = A(x[i]) + A(f[i]) * s;
      y[i] = static_cast<T>(s);
    });
  });
}

}  // namespace gradtape::kernels
