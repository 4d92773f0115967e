#pragma once
// Kernels that are compiled several times, once per instruction-set level, and chosen at start.
//
// Note [Instruction-set levels]
// The sources in level/ are compiled for each level into a namespace of its own (GRADTAPE_LEVEL), with the level's
// flags; everything else is compiled for the baseline. They use no standard container or algorithm: a template
// instance compiled with newer instructions would be a weak symbol that the linker may keep for everybody, and an older
// processor would meet an illegal instruction. What they export is one table of functions, given to the rest below.
// Results may differ between levels (fused multiply-add rounds once), never between layouts or numbers of threads.
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

struct Level {
  const char* name;
  void (*gemm_f32)(const GemmCall<float>&);
  void (*gemm_f64)(const GemmCall<double>&);
  // See Reduce::Sum in reduce.h; of columns [j_begin, j_end) of inner.
  void (*sum_f32)(float* y, const float* x, std::int64_t outer, std::int64_t count, std::int64_t inner,
                  std::int64_t j_begin, std::int64_t j_end);
  void (*sum_f64)(double* y, const double* x, std::int64_t outer, std::int64_t count, std::int64_t inner,
                  std::int64_t j_begin, std::int64_t j_end);
  // The first largest or smallest along count: its value and its index, either of them null. See arg_reduce in
  // reduce.h.
  void (*extremes_f32)(bool largest, float* value, std::int64_t* index, const float* x, std::int64_t outer,
                       std::int64_t count, std::int64_t inner);
  void (*extremes_f64)(bool largest, double* value, std::int64_t* index, const double* x, std::int64_t outer,
                       std::int64_t count, std::int64_t inner);
  // See softmax.h.
  void (*softmax_f32)(float* y, const float* x, std::int64_t rows, std::int64_t n, bool logarithm);
  void (*softmax_f64)(double* y, const double* x, std::int64_t rows, std::int64_t n, bool logarithm);
  void (*softmax_backward_f32)(float* out, const float* g, const float* y, std::int64_t rows, std::int64_t n,
                               bool logarithm);
  void (*softmax_backward_f64)(double* out, const double* g, const double* y, std::int64_t rows, std::int64_t n,
                               bool logarithm);
  void (*logsumexp_f32)(float* y, const float* x, std::int64_t rows, std::int64_t n);
  void (*logsumexp_f64)(double* y, const double* x, std::int64_t rows, std::int64_t n);
  void (*cross_entropy_f32)(float* loss, float* y, const float* x, const std::int64_t* target, std::int64_t rows,
                            std::int64_t n, std::int64_t ignore);
  void (*cross_entropy_f64)(double* loss, double* y, const double* x, const std::int64_t* target, std::int64_t rows,
                            std::int64_t n, std::int64_t ignore);
  void (*cross_entropy_backward_f32)(float* out, const float* y, const std::int64_t* target, float scale,
                                     std::int64_t rows, std::int64_t n, std::int64_t ignore);
  void (*cross_entropy_backward_f64)(double* out, const double* y, const std::int64_t* target, double scale,
                                     std::int64_t rows, std::int64_t n, std::int64_t ignore);
  void (*sgd_f32)(const SgdCall<float>&);
  void (*sgd_f64)(const SgdCall<double>&);
  void (*adam_f32)(const AdamCall<float>&);
  void (*adam_f64)(const AdamCall<double>&);
  const LayerKernels* layers;
  Run* runs[kLevelRuns][2];  // for float, for double
};

// The level in use: the best that the processor has, or what the environment variable GRADTAPE_ISA names
// (x86-64: v2, v3, v4; others: baseline; an unknown or unsupported name is an error at the first operation).
const Level& level();

// Null for other dtypes.
inline Run* level_run(LevelRun which, ScalarType t) {
  if (t == ScalarType::Float) return level().runs[static_cast<std::size_t>(which)][0];
  if (t == ScalarType::Double) return level().runs[static_cast<std::size_t>(which)][1];
  return nullptr;
}

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
