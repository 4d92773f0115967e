#include "autograd/kernels/copy.h"

#include <cmath>
#include <cstring>

#include "autograd/kernels/levels.h"
#include "autograd/kernels/parallel.h"

namespace gradtape::kernels {

namespace {

// Element (i, j) of `to` from element (j, i) of `from`; strides in bytes.
template <class T>
void turn_block(char* to, std::int64_t to_row, const char* from, std::int64_t from_row, std::int64_t rows,
                std::int64_t columns) {
  constexpr auto size = static_cast<std::int64_t>(sizeof(T));
  if constexpr (sizeof(T) == sizeof(float)) {
    GRADTAPE_AT_LEVEL(transpose_f32)
    (reinterpret_cast<float*>(to), to_row / size, reinterpret_cast<const float*>(from), from_row / size, rows, columns);
  } else if constexpr (sizeof(T) == sizeof(double)) {
    GRADTAPE_AT_LEVEL(transpose_f64)
    (reinterpret_cast<double*>(to), to_row / size, reinterpret_cast<const double*>(from), from_row / size, rows,
     columns);
  } else {
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < columns; ++j)
        reinterpret_cast<T*>(to + i * to_row)[j] = *reinterpret_cast<const T*>(from + j * from_row + i * size);
  }
}

// Elements of one size, without conversion: rows that are one value, rows that are columns of the other array (turned
// in blocks that stay in the cache), and any other.
template <class T>
void copy_same(const Loop<2>& loop) {
  constexpr auto size = static_cast<std::int64_t>(sizeof(T));
  const int inner = loop.rank - 1;
  const bool turned = inner > 0 && loop.strides[0][inner] == size && loop.strides[1][inner - 1] == size;
  if (!turned) {
    parallel_rows(loop, [](char* const(&p)[2], const std::int64_t(&s)[2], std::int64_t n) {
      if (s[0] == size && s[1] == 0) {
        const T v = *reinterpret_cast<const T*>(p[1]);
        for (std::int64_t k = 0; k < n; ++k) reinterpret_cast<T*>(p[0])[k] = v;
        return;
      }
      if (s[0] == size && s[1] == size) {
        std::memmove(p[0], p[1], static_cast<std::size_t>(n) * sizeof(T));
        return;
      }
      for (std::int64_t k = 0; k < n; ++k)
        *reinterpret_cast<T*>(p[0] + k * s[0]) = *reinterpret_cast<const T*>(p[1] + k * s[1]);
    });
    return;
  }
  constexpr std::int64_t kBlock = 64;
  const std::int64_t rows = loop.sizes[inner - 1], columns = loop.sizes[inner];
  const std::int64_t to_row = loop.strides[0][inner - 1], from_column = loop.strides[1][inner];
  const auto turn_rows = [=](char* to, const char* from, std::int64_t begin, std::int64_t end) {
    for (std::int64_t i0 = begin; i0 < end; i0 += kBlock)
      for (std::int64_t j0 = 0; j0 < columns; j0 += kBlock) {
        const std::int64_t i1 = end - i0 < kBlock ? end : i0 + kBlock;
        const std::int64_t j1 = columns - j0 < kBlock ? columns : j0 + kBlock;
        turn_block<T>(to + i0 * to_row + j0 * size, to_row, from + j0 * from_column + i0 * size, from_column, i1 - i0,
                      j1 - j0);
      }
  };
  const auto turn = [=](char* to, const char* from) {
    const std::int64_t grain = columns >= kGrain / kBlock ? kBlock : kGrain / (columns > 0 ? columns : 1);
    parallel_for(rows, grain, [=](std::int64_t begin, std::int64_t end) { turn_rows(to, from, begin, end); });
  };
  if (inner == 1) return turn(loop.data[0], loop.data[1]);
  Loop<2> outer = loop;
  outer.rank = inner - 1;
  for_rows(outer, [&](char* const(&p)[2], const std::int64_t(&s)[2], std::int64_t n) {
    for (std::int64_t k = 0; k < n; ++k) turn(p[0] + k * s[0], p[1] + k * s[1]);
  });
}

}  // namespace

void copy(const Array& out, const Array& in) {
  if (out.dtype == in.dtype && out.contiguous && in.contiguous && out.numel == in.numel) {
    const std::int64_t bytes = out.numel * element_size(out.dtype);
    // What overlaps is moved as a whole.
    const bool apart = out.data + bytes <= in.data || in.data + bytes <= out.data;
    parallel_for(bytes, apart ? 8 * kGrain : bytes + 1, [&](std::int64_t begin, std::int64_t end) {
      if (begin < end) std::memmove(out.data + begin, in.data + begin, static_cast<std::size_t>(end - begin));
    });
    return;
  }
  const auto loop = make_loop<2>({out, in});
  if (out.dtype == in.dtype) return dispatch_all(out.dtype, [&](auto t) { copy_same<decltype(t)>(loop); });
  dispatch_all(out.dtype, [&](auto to) {
    using To = decltype(to);
    dispatch_all(in.dtype, [&](auto from) {
      using From = decltype(from);
      for_rows(loop, [](char* const(&p)[2], const std::int64_t(&s)[2], std::int64_t n) {
        if (s[0] == sizeof(To) && s[1] == sizeof(From)) {
          auto* o = reinterpret_cast<To*>(p[0]);
          auto* i = reinterpret_cast<const From*>(p[1]);
          for (std::int64_t k = 0; k < n; ++k) o[k] = convert<To>(i[k]);
          return;
        }
        for (std::int64_t k = 0; k < n; ++k)
          *reinterpret_cast<To*>(p[0] + k * s[0]) = convert<To>(*reinterpret_cast<const From*>(p[1] + k * s[1]));
      });
    });
  });
}

void accumulate(const Array& out, const Array& in) {
  const bool plain = out.contiguous && in.contiguous && out.numel == in.numel;
  if (Run* run = plain ? level_run::add(out.dtype) : nullptr) {
    const std::int64_t size = element_size(out.dtype);
    return parallel_for(out.numel, kGrain, [&](std::int64_t begin, std::int64_t end) {
      char* to = out.data + begin * size;
      const void* both[] = {to, in.data + begin * size};
      run(to, both, end - begin, {});
    });
  }
  dispatch_all(out.dtype, [&](auto t) {
    using T = decltype(t);
    const auto add = [](T& to, T v) { to = static_cast<T>(to + v); };
    if (plain) {
      auto* o = reinterpret_cast<T*>(out.data);
      auto* i = reinterpret_cast<const T*>(in.data);
      for (std::int64_t k = 0; k < out.numel; ++k) add(o[k], i[k]);
      return;
    }
    for_rows(make_loop<2>({out, in}), [add](char* const(&p)[2], const std::int64_t(&s)[2], std::int64_t n) {
      auto* o = reinterpret_cast<T*>(p[0]);
      auto* i = reinterpret_cast<const T*>(p[1]);
      if (s[0] == sizeof(T) && s[1] == 0) {
        const T v = *i;
        for (std::int64_t k = 0; k < n; ++k) add(o[k], v);
        return;
      }
      if (s[0] == sizeof(T) && s[1] == sizeof(T)) {
        for (std::int64_t k = 0; k < n; ++k) add(o[k], i[k]);
        return;
      }
      for (std::int64_t k = 0; k < n; ++k)
        add(*reinterpret_cast<T*>(p[0] + k * s[0]), *reinterpret_cast<const T*>(p[1] + k * s[1]));
    });
  });
}

void fill(const Array& out, Complex value) {
  // All bits of +0 are zero in every dtype.
  const bool zero =
      value.real() == 0 && !std::signbit(value.real()) && value.imag() == 0 && !std::signbit(value.imag());
  if (zero && out.contiguous) {
    if (out.numel) std::memset(out.data, 0, static_cast<std::size_t>(out.numel * element_size(out.dtype)));
    return;
  }
  dispatch_all(out.dtype, [&](auto t) {
    using T = decltype(t);
    const T v = convert<T>(value);
    if (out.contiguous) {
      auto* o = reinterpret_cast<T*>(out.data);
      for (std::int64_t k = 0; k < out.numel; ++k) o[k] = v;
      return;
    }
    for_rows(make_loop<1>({out}), [v](char* const(&p)[1], const std::int64_t(&s)[1], std::int64_t n) {
      for (std::int64_t k = 0; k < n; ++k) *reinterpret_cast<T*>(p[0] + k * s[0]) = v;
    });
  });
}

void to_doubles(const Array& in, double* out) {
  dispatch_all(in.dtype, [&](auto t) {
    using T = decltype(t);
    for_rows(make_loop<1>({in}), [&](char* const(&p)[1], const std::int64_t(&s)[1], std::int64_t n) {
      for (std::int64_t k = 0; k < n; ++k) *out++ = convert<double>(*reinterpret_cast<const T*>(p[0] + k * s[0]));
    });
  });
}

Complex read_scalar(const Array& in) {
  Complex v;
  dispatch_all(in.dtype, [&](auto t) { v = convert<Complex>(*reinterpret_cast<const decltype(t)*>(in.data)); });
  return v;
}

void ramp(const Array& out, double start, double step) {
  dispatch_all(out.dtype, [&](auto t) {
    using T = decltype(t);
    auto* o = reinterpret_cast<T*>(out.data);
    for (std::int64_t k = 0; k < out.numel; ++k) {
      if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
        o[k] = static_cast<T>(static_cast<std::int64_t>(start) + k * static_cast<std::int64_t>(step));
      } else {
        o[k] = convert<T>(start + static_cast<double>(k) * step);
      }
    }
  });
}

}  // namespace gradtape::kernels
