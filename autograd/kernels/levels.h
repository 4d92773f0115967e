#pragma once
// Kernels that are compiled several times, once per instruction-set level, and chosen at start.
//
// Note [Instruction-set levels]
// The sources in level/ are compiled for each level into a namespace of its own (GRADTAPE_LEVEL), with the level's
// flags; everything else is compiled for the baseline. They use no standard container or algorithm: a template
// instance compiled with newer instructions would be a weak symbol that the linker may keep for everybody, and an older
// processor would meet an illegal instruction. What they export is in level_functions.inc; the rest asks for it by
// GRADTAPE_AT_LEVEL. Results may differ between levels (fused multiply-add rounds once), never between layouts or
// numbers of threads.
#include <cstddef>
#include <cstdint>

#include "autograd/kernels/level_layers.h"
#include "autograd/kernels/level_runs.h"

namespace gradtape::kernels {

// core::run_blocks, or null: one after the other.
using RunBlocks = void(std::int64_t blocks, void (*body)(void*, std::int64_t), void* context);

// See gemm.h; T is float or double. `work` holds gemm_workspace elements.
template <class T>
struct GemmCall {
  std::int64_t m, n, k;
  const T *a, *b;
  std::int64_t a_row, a_col, b_row, b_col;
  T* c;
  std::int64_t c_row, c_col;
  const T* bias;  // null, or element (i, j) of what is added at i * bias_row + j * bias_col
  std::int64_t bias_row, bias_col;
  T* work;
  RunBlocks* share;
};

// See optimizer.h; dense arrays of n elements. `buffer` and `largest` may be null.
template <class T>
struct SgdCall {
  std::int64_t n;
  T* param;
  const T* grad;
  T* buffer;
  T lr, momentum, damp, decay;  // lr: negative; damp: 1 - dampening
  bool nesterov, first;
};
template <class T>
struct AdamCall {
  std::int64_t n;
  T* param;
  const T* grad;
  T *m, *v, *largest;
  T beta1, beta2, rest1, rest2, decay, eps;  // rest: 1 - beta
  T lr, scale;                               // -lr / (1 - beta1^t), (1 - beta2^t)^(-1/2)
};

// ---- the levels of this build ----
#if defined(__x86_64__)
#define GRADTAPE_LEVELS(X) X(v4) X(v3) X(v2)  // the best first
namespace v4 {
#include "autograd/kernels/level_functions.inc"
}
namespace v3 {
#include "autograd/kernels/level_functions.inc"
}
namespace v2 {
#include "autograd/kernels/level_functions.inc"
}
#else
#define GRADTAPE_LEVELS(X) X(baseline)
namespace baseline {
#include "autograd/kernels/level_functions.inc"
}
#endif

// The number, in the list above, of the level in use: the best that the processor has, or what the environment variable
// GRADTAPE_ISA names. An unknown or unsupported name is an error at the first operation.
extern int chosen_level;  // -1 before it is known
int choose_level();
inline int level_number() {
  const int n = __atomic_load_n(&chosen_level, __ATOMIC_RELAXED);
  return __builtin_expect(n >= 0, 1) ? n : choose_level();
}
const char* level_name();

// What is named, at the level in use.
#if defined(__x86_64__)
template <class T>
inline const T& at_level(const T& at_v4, const T& at_v3, const T& at_v2) {
  const int n = level_number();
  return n == 0 ? at_v4 : n == 1 ? at_v3 : at_v2;
}
#define GRADTAPE_AT_LEVEL(what)                                                               \
  ::gradtape::kernels::at_level(::gradtape::kernels::v4::what, ::gradtape::kernels::v3::what, \
                                ::gradtape::kernels::v2::what)
#else
#define GRADTAPE_AT_LEVEL(what) ::gradtape::kernels::baseline::what
#endif

// See LevelRun.
namespace level_run {
#define GRADTAPE_DEFINE_RUN(name)                                           \
  inline Run* name(ScalarType t) {                                          \
    if (t == ScalarType::Float) return GRADTAPE_AT_LEVEL(name##_runs).f32;  \
    if (t == ScalarType::Double) return GRADTAPE_AT_LEVEL(name##_runs).f64; \
    return nullptr;                                                         \
  }
GRADTAPE_LEVEL_RUNS(GRADTAPE_DEFINE_RUN)
#undef GRADTAPE_DEFINE_RUN
constexpr LevelRun* none = nullptr;
}  // namespace level_run

// Blocks of the matrix product, at any level; see Note [Matrix product]. Panels of packed operands are padded to whole
// tiles, of kTilePad rows or columns at the most.
constexpr std::int64_t kKc = 384, kMc = 240, kNc = 3072, kTilePad = 32;
// Rows of a that are packed at a time: several blocks of kMc when threads share them.
constexpr std::int64_t gemm_slab(bool shared) { return shared ? 16 * kMc : kMc; }
// Elements of workspace that a product needs: a slab of a, then a block of b. It may be turned, so both fit either way.
inline std::int64_t gemm_workspace(std::int64_t m, std::int64_t n, std::int64_t k, bool shared) {
  const auto least = [](std::int64_t x, std::int64_t y) { return x < y ? x : y; };
  const std::int64_t depth = least(k, kKc), longest = m < n ? n : m;
  return depth * (least(longest, gemm_slab(shared)) + least(longest, kNc) + 2 * kTilePad);
}

}  // namespace gradtape::kernels
