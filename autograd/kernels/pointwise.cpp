// The map that all pointwise kernels share.
#include "autograd/kernels/pointwise_run.h"

#include <cstring>

#include "autograd/kernels/parallel.h"

namespace gradtape::kernels {
namespace {

constexpr std::int64_t kBlockBytes = 4096;
constexpr std::int64_t kLargestElement = sizeof(Complex);

// The verification dtype's kernels note what they meet in the state of their thread.
bool is_shared_out(ScalarType dtype) { return dtype != ScalarType::Verification; }

template <std::size_t kSize>
void copy_elements(char* to, std::int64_t to_stride, const char* from, std::int64_t from_stride, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) std::memcpy(to + i * to_stride, from + i * from_stride, kSize);
}
void copy_elements(std::int64_t size, char* to, std::int64_t to_stride, const char* from, std::int64_t from_stride,
                   std::int64_t n) {
  switch (size) {
    case 1:
      return copy_elements<1>(to, to_stride, from, from_stride, n);
    case 4:
      return copy_elements<4>(to, to_stride, from, from_stride, n);
    case 8:
      return copy_elements<8>(to, to_stride, from, from_stride, n);
    default:
      return copy_elements<kLargestElement>(to, to_stride, from, from_stride, n);
  }
}

// Operand 0 is the result.
template <int N>
void map_strided(Run* run, Params params, const Array (&arrays)[N]) {
  std::int64_t size[N];
  std::int64_t largest = 1;
  for (int k = 0; k < N; ++k) {
    size[k] = element_size(arrays[k].dtype);
    largest = size[k] > largest ? size[k] : largest;
  }
  const auto row = [&](char* const(&p)[N], const std::int64_t(&stride)[N], std::int64_t n) {
    alignas(64) char buffers[N][kBlockBytes];
    bool plain = true;
    for (int k = 0; k < N; ++k) plain = plain && stride[k] == size[k];
    const std::int64_t step = plain ? n : kBlockBytes / largest;
    for (std::int64_t done = 0; done < n; done += step) {
      const std::int64_t m = n - done < step ? n - done : step;
      const void* in[N - 1];
      for (int k = 1; k < N; ++k) {
        if (stride[k] == size[k]) {
          in[k - 1] = p[k] + done * stride[k];
          continue;
        }
        // One value for the whole row stands in its buffer from the first block on.
        if (stride[k] != 0 || done == 0)
          copy_elements(size[k], buffers[k], size[k], p[k] + done * stride[k], stride[k], m);
        in[k - 1] = buffers[k];
      }
      if (stride[0] == size[0]) {
        run(p[0] + done * stride[0], in, m, params);
      } else {
        run(buffers[0], in, m, params);
        copy_elements(size[0], p[0] + done * stride[0], stride[0], buffers[0], size[0], m);
      }
    }
  };
  const auto loop = make_loop<N>(arrays);
  if (is_shared_out(arrays[1].dtype)) return parallel_rows(loop, row);
  for_rows(loop, row);
}

// Contiguous memory of one shape.
template <int N>
void map_plain(Run* run, Params params, const Array (&arrays)[N]) {
  std::int64_t size[N];
  for (int k = 0; k < N; ++k) size[k] = element_size(arrays[k].dtype);
  const auto part = [&](std::int64_t begin, std::int64_t end) {
    const void* in[N - 1];
    for (int k = 1; k < N; ++k) in[k - 1] = arrays[k].data + begin * size[k];
    run(arrays[0].data + begin * size[0], in, end - begin, params);
  };
  const std::int64_t n = arrays[0].numel;
  if (is_shared_out(arrays[1].dtype)) return parallel_for(n, kGrain, part);
  part(0, n);
}

bool same_layout(const Array& out, const Array& in) { return in.contiguous && in.numel == out.numel; }

// Elements of any dtype as words of their size, chosen by a mask: no branch, whatever the condition.
using Word1 = std::uint8_t;
typedef std::uint32_t __attribute__((__may_alias__)) Word4;
typedef std::uint64_t __attribute__((__may_alias__)) Word8;
template <class Word, int kWords>
void where_run(void* out, const void* const* in, std::int64_t n, Params) {
  const auto* condition = static_cast<const bool*>(in[0]);
  const auto *a = static_cast<const Word*>(in[1]), *b = static_cast<const Word*>(in[2]);
  auto* y = static_cast<Word*>(out);
  GRADTAPE_INDEPENDENT
  for (std::int64_t i = 0; i < n; ++i) {
    const Word mask = static_cast<Word>(-static_cast<Word>(condition[i]));
    for (int k = 0; k < kWords; ++k) {
      const std::int64_t at = i * kWords + k;
      y[at] = static_cast<Word>((a[at] & mask) | (b[at] & ~mask));
    }
  }
}

}  // namespace

void map(Run* run, Params params, const Array& out, const Array& in) {
  if (out.contiguous && same_layout(out, in)) {
    const void* const from[] = {in.data};
    if (out.numel <= kGrain) return run(out.data, from, out.numel, params);
    return map_plain<2>(run, params, {out, in});
  }
  map_strided<2>(run, params, {out, in});
}
void map(Run* run, Params params, const Array& out, const Array& a, const Array& b) {
  if (out.contiguous && same_layout(out, a) && same_layout(out, b)) {
    const void* const from[] = {a.data, b.data};
    if (out.numel <= kGrain) return run(out.data, from, out.numel, params);
    return map_plain<3>(run, params, {out, a, b});
  }
  map_strided<3>(run, params, {out, a, b});
}
void map(Run* run, Params params, const Array& out, const Array& a, const Array& b, const Array& c) {
  if (out.contiguous && same_layout(out, a) && same_layout(out, b) && same_layout(out, c)) {
    return map_plain<4>(run, params, {out, a, b, c});
  }
  map_strided<4>(run, params, {out, a, b, c});
}

void where(const Array& out, const Array& condition, const Array& a, const Array& b) {
  switch (element_size(out.dtype)) {
    case 1:
      return map(where_run<Word1, 1>, {}, out, condition, a, b);
    case 4:
      return map(where_run<Word4, 1>, {}, out, condition, a, b);
    case 8:
      return map(where_run<Word8, 1>, {}, out, condition, a, b);
    default:
      return map(where_run<Word8, 2>, {}, out, condition, a, b);
  }
}

}  // namespace gradtape::kernels
