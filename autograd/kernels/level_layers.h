#pragma once
// The kernels of layers (convolution, normalisation, pooling) that each instruction-set level has; see levels.h.
#include <cstdint>

namespace gradtape::kernels {

// c[i][q] = bias[i] + sum over t of a[i][t] b[offsets[t] + q], q < cols. The columns are written tap_vectors vectors at
// a time, and b is read so. `a` holds one tile of rows after the other, tap by tap: see tile_start().
template <class T>
struct TapsCall {
  std::int64_t rows, taps, cols;
  const T* a;
  const std::int64_t* offsets;
  const T* b;
  T* c;
  std::int64_t c_row;
  const T* bias;  // or null
};
// acc[i][t][lane] += sum over q of g[i * g_row + q] x[offsets[t] + q], lane by lane; n is a multiple of the lanes.
template <class T>
struct DotsCall {
  std::int64_t rows, taps, n;
  const T* g;
  std::int64_t g_row;
  const std::int64_t* offsets;
  const T* x;
  T* acc;
};

// Rows of n elements: y = (x - mean) rstd w + b; w and b hold n elements, or are null.
template <class T>
struct RowNormCall {
  std::int64_t rows, n;
  const T *x, *w, *b;
  T *y, *mean, *rstd;
  double eps;
};
// Any of dx, and of dw with db, may be null. `work` holds 2 n elements.
template <class T>
struct RowNormBackwardCall {
  std::int64_t rows, n;
  const T *g, *x, *mean, *rstd, *w;
  T *dx, *dw, *db, *work;
};
// Rows of channels * area elements, of which `groups` follow each other with channels of their own: w and b hold
// groups * channels elements, or are null. Backward as above; dw and db are added to.
template <class T>
struct GroupNormCall {
  std::int64_t rows, groups, channels, area;
  const T *x, *w, *b;
  T *y, *mean, *rstd;
  double eps;
};
template <class T>
struct GroupNormBackwardCall {
  std::int64_t rows, groups, channels, area;
  const T *g, *x, *mean, *rstd, *w;
  T *dx, *dw, *db;
};
// Channels first <= c < last of row-major [batch, channels, area].
struct Channels {
  std::int64_t batch, channels, area, first, last;
};
template <class T>
struct ChannelNormCall {
  Channels of;
  const T* x;
  // Of each channel, filled in by `statistics`; the variance is the biased one.
  T *mean, *variance;
  // y = (x - mean) scale + shift; for `apply`.
  T* y;
  const T *scale, *shift;
};
template <class T>
struct ChannelNormBackwardCall {
  Channels of;
  const T *g, *x, *mean;
  // sum g and sum g (x - mean) of each channel; for `sums`.
  T *sum_g, *sum_gx;
  // dx = g scale - (x - mean) slope - shift; for `input`.
  T* dx;
  const T *scale, *slope, *shift;
};
template <class T>
struct NormKernels {
  void (*rows)(const RowNormCall<T>&);
  void (*rows_backward)(const RowNormBackwardCall<T>&);
  void (*groups)(const GroupNormCall<T>&);
  void (*groups_backward)(const GroupNormBackwardCall<T>&);
  void (*statistics)(const ChannelNormCall<T>&);
  void (*apply)(const ChannelNormCall<T>&);
  void (*sums)(const ChannelNormBackwardCall<T>&);
  void (*input)(const ChannelNormBackwardCall<T>&);
};

// Windows on planes; see pooling.h. `work` holds out[2] integers of T's size.
template <class T>
struct MaxPoolCall {
  std::int64_t planes, in[3], out[3], kernel[3], stride[3], padding[3], dilation[3];
  const T* x;
  T* y;
  std::int64_t* index;
  void* work;
};
// Windows of 2 x 2 that do not meet: dx is g where the index says so, else 0.
template <class T>
struct PairsBackwardCall {
  std::int64_t planes, rows, columns, out_rows, out_columns;  // rows and columns of x
  const T* g;
  const std::int64_t* index;
  T* dx;
  void* work;
};
template <class T>
struct PoolKernels {
  void (*max_pool)(const MaxPoolCall<T>&);
  void (*pairs_backward)(const PairsBackwardCall<T>&);
};

// Steps of recurrent layers; see recurrent.h. gates: what the activations gave, and for LSTM tanh(c') behind.
template <class T>
struct LstmCall {
  std::int64_t rows, hidden;
  const T *x, *s, *c;
  T *gates, *h, *next;
};
// d_h and d_next may be null.
template <class T>
struct LstmBackwardCall {
  std::int64_t rows, hidden;
  const T *gates, *c, *d_h, *d_next;
  T *d_gates, *d_c;
};
template <class T>
struct GruCall {
  std::int64_t rows, hidden;
  const T *x, *s, *h;
  T *gates, *y;
};
template <class T>
struct GruBackwardCall {
  std::int64_t rows, hidden;
  const T *gates, *s, *h, *g;
  T *d_x, *d_s, *d_h;
};
template <class T>
struct StepKernels {
  void (*lstm)(const LstmCall<T>&);
  void (*lstm_backward)(const LstmBackwardCall<T>&);
  void (*gru)(const GruCall<T>&);
  void (*gru_backward)(const GruBackwardCall<T>&);
};

// Rows are cut into tiles as even as possible, of `most` rows at the most.
static inline std::int64_t tile_count(std::int64_t rows, std::int64_t most) { return (rows + most - 1) / most; }
static inline std::int64_t tile_start(std::int64_t rows, std::int64_t tiles, std::int64_t tile) {
  return rows * tile / tiles;
}

template <class T>
struct ConvolutionKernels {
  std::int64_t vector_bytes, tap_rows, tap_vectors;  // most of a tile: see convolution.inc
  void (*taps)(const TapsCall<T>&);
  void (*dots)(const DotsCall<T>&);
};

}  // namespace gradtape::kernels
