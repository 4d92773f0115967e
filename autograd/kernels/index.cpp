#include "autograd/kernels/index.h"

#include <cstring>

#include "autograd/kernels/parallel.h"

namespace gradtape::kernels {
namespace {

// f(element of whole, element of part), both T; rows in which nothing moves are one loop.
template <class T, class F>
void walk(const Array& whole, const Array& part, const Array& positions, std::int64_t step, F f) {
  for_rows(make_loop<3>({positions, whole, part}), [&](char* const(&p)[3], const std::int64_t(&s)[3], std::int64_t n) {
    const auto move = [&](std::int64_t i) { return *reinterpret_cast<const std::int64_t*>(p[0] + i * s[0]) * step; };
    if (s[0] == 0) {
      T* w = reinterpret_cast<T*>(p[1]) + move(0);
      T* v = reinterpret_cast<T*>(p[2]);
      if (s[1] == sizeof(T) && s[2] == sizeof(T)) {
        for (std::int64_t i = 0; i < n; ++i) f(w[i], v[i]);
        return;
      }
    }
    for (std::int64_t i = 0; i < n; ++i)
      f(*(reinterpret_cast<T*>(p[1] + i * s[1]) + move(i)), *reinterpret_cast<T*>(p[2] + i * s[2]));
  });
}

// f(T{}) for a type of the element's size, where elements are only moved (by memcpy: they are of another type).
template <class F>
void dispatch_size(ScalarType t, F f) {
  switch (element_size(t)) {
    case 1:
      return f(std::uint8_t());
    case 4:
      return f(std::uint32_t());
    case 8:
      return f(std::uint64_t());
    default:
      return f(Complex());
  }
}

}  // namespace

void pick(const Array& part, const Array& whole, const Array& positions, std::int64_t step) {
  dispatch_size(part.dtype, [&](auto t) {
    using T = decltype(t);
    constexpr auto size = static_cast<std::int64_t>(sizeof(T));
    const auto row = [step](char* const(&p)[3], const std::int64_t(&s)[3], std::int64_t n) {
      const auto from = [&](std::int64_t i) {
        return p[1] + i * s[1] + *reinterpret_cast<const std::int64_t*>(p[0] + i * s[0]) * step * size;
      };
      if (s[0] == 0 && s[1] == size && s[2] == size) {
        std::memcpy(p[2], from(0), static_cast<std::size_t>(n) * sizeof(T));
        return;
      }
      if (s[0] == sizeof(std::int64_t) && s[1] == 0 && s[2] == size) {
        const auto* position = reinterpret_cast<const std::int64_t*>(p[0]);
        const char* in = p[1];
        char* out = p[2];
        for (std::int64_t i = 0; i < n; ++i) std::memcpy(out + i * size, in + position[i] * (step * size), sizeof(T));
        return;
      }
      for (std::int64_t i = 0; i < n; ++i) std::memcpy(p[2] + i * s[2], from(i), sizeof(T));
    };
    parallel_rows(make_loop<3>({positions, whole, part}), row);
  });
}

void place(Place op, const Array& whole, const Array& part, const Array& positions, std::int64_t step) {
  if (op == Place::Set) {
    dispatch_size(whole.dtype, [&](auto t) {
      using T = decltype(t);
      walk<T>(whole, part, positions, step, [](T& w, const T& v) { std::memcpy(&w, &v, sizeof(T)); });
    });
    return;
  }
  dispatch_all(whole.dtype, [&](auto t) {
    using T = decltype(t);
    if (op == Place::Add) {
      walk<T>(whole, part, positions, step, [](T& w, const T& v) { w = static_cast<T>(w + v); });
    } else {
      walk<T>(whole, part, positions, step, [](T& w, const T& v) { w = static_cast<T>(w * v); });
    }
  });
}

std::int64_t first_out_of_range(const std::int64_t* index, std::int64_t count, std::int64_t low, std::int64_t n) {
  // Whole blocks first: a loop without an early end goes several entries at a time.
  constexpr std::int64_t kBlock = 512;
  const auto first = static_cast<std::uint64_t>(low), width = static_cast<std::uint64_t>(n) - first;
  const auto outside = [&](std::int64_t i) { return static_cast<std::uint64_t>(index[i]) - first >= width; };
  for (std::int64_t begin = 0; begin < count; begin += kBlock) {
    const std::int64_t end = count - begin < kBlock ? count : begin + kBlock;
    unsigned bad = 0;
    for (std::int64_t i = begin; i < end; ++i) bad |= static_cast<unsigned>(outside(i));
    if (!bad) continue;
    for (std::int64_t i = begin; i < end; ++i)
      if (outside(i)) return i;
  }
  return -1;
}

namespace {
template <class F>
void dispatch_real(ScalarType t, F f) {
  t == ScalarType::Float ? f(float()) : f(double());
}
}  // namespace

void pick_negated(ScalarType dtype, void* out, const void* x, const std::int64_t* classes, std::int64_t rows,
                  std::int64_t n, std::int64_t ignore) {
  dispatch_real(dtype, [=](auto t) {
    using T = decltype(t);
    for (std::int64_t r = 0; r < rows; ++r)
      static_cast<T*>(out)[r] = classes[r] == ignore ? T(0) : -static_cast<const T*>(x)[r * n + classes[r]];
  });
}

void place_value(ScalarType dtype, void* out, double value, const std::int64_t* classes, std::int64_t rows,
                 std::int64_t n, std::int64_t ignore) {
  dispatch_real(dtype, [=](auto t) {
    using T = decltype(t);
    for (std::int64_t r = 0; r < rows; ++r)
      if (classes[r] != ignore) static_cast<T*>(out)[r * n + classes[r]] = static_cast<T>(value);
  });
}

std::int64_t nonzero(const Array& in, std::int64_t* out) {
  std::int64_t position = 0, found = 0;
  dispatch_all(in.dtype, [&](auto t) {
    using T = decltype(t);
    for_rows(make_loop<1>({in}), [&](char* const(&p)[1], const std::int64_t(&s)[1], std::int64_t n) {
      for (std::int64_t i = 0; i < n; ++i, ++position) {
        if (*reinterpret_cast<const T*>(p[0] + i * s[0]) == T(0)) continue;
        if (out) out[found] = position;
        ++found;
      }
    });
  });
  return found;
}

void masked_pick(void* out, const Array& in, const Array& mask) {
  dispatch_size(in.dtype, [&](auto t) {
    using T = decltype(t);
    T* o = static_cast<T*>(out);
    for_rows(make_loop<2>({in, mask}), [&](char* const(&p)[2], const std::int64_t(&s)[2], std::int64_t n) {
      for (std::int64_t i = 0; i < n; ++i)
        if (*reinterpret_cast<const bool*>(p[1] + i * s[1])) std::memcpy(o++, p[0] + i * s[0], sizeof(T));
    });
  });
}

void masked_place(const Array& out, const void* source, const Array& mask) {
  dispatch_size(out.dtype, [&](auto t) {
    using T = decltype(t);
    const T* from = static_cast<const T*>(source);
    for_rows(make_loop<2>({out, mask}), [&](char* const(&p)[2], const std::int64_t(&s)[2], std::int64_t n) {
      for (std::int64_t i = 0; i < n; ++i)
        if (*reinterpret_cast<const bool*>(p[1] + i * s[1])) std::memcpy(p[0] + i * s[0], from++, sizeof(T));
    });
  });
}

}  // namespace gradtape::kernels
