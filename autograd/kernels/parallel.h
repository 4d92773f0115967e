#pragma once
// The one place where kernels meet threads; see Note [Thread pool]. Blocks depend on the problem only.
#include <cstdint>

#include "autograd/core/thread_pool.h"
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

// f(block) for every block in [0, blocks), in any order and on any thread.
template <class F>
void parallel_blocks(std::int64_t blocks, const F& f) {
  const auto body = [](void* context, std::int64_t block) { (*static_cast<const F*>(context))(block); };
  core::run_blocks(blocks, body, const_cast<F*>(&f));
}

// Elements of about a nanosecond each that are worth one block: waking a thread takes tens of microseconds.
constexpr std::int64_t kGrain = 65536;

// How many items of `size` elements make a block.
constexpr std::int64_t items_of(std::int64_t size, std::int64_t grain = kGrain) {
  return size >= grain ? 1 : grain / (size > 0 ? size : 1);
}

// f(begin, end) for parts of [0, n) of `grain` elements, where it does not matter how they are cut.
template <class F>
void parallel_for(std::int64_t n, std::int64_t grain, const F& f) {
  const std::int64_t blocks = (n + grain - 1) / grain;
  if (blocks < 4) return f(std::int64_t{0}, n);
  parallel_blocks(blocks, [&](std::int64_t block) {
    const std::int64_t begin = block * grain;
    f(begin, begin + grain < n ? begin + grain : n);
  });
}

// for_rows in parts, for outputs that do not overlap. A long outermost dimension is cut, which may be the only one.
template <int N, class F>
void parallel_rows(const Loop<N>& loop, const F& f) {
  std::int64_t inner = 1;
  for (int d = 1; d < loop.rank; ++d) inner *= loop.sizes[d];
  parallel_for(loop.sizes[0], items_of(inner), [&](std::int64_t begin, std::int64_t end) {
    Loop<N> part = loop;
    part.sizes[0] = end - begin;
    for (int k = 0; k < N; ++k) part.data[k] += begin * loop.strides[k][0];
    for_rows(part, f);
  });
}

}  // namespace gradtape::kernels
