#pragma once
#include "autograd/kernels/array.h"

namespace gradtape::kernels {

// Row-major arrays of one dtype, float or double, that are not empty; weight and bias may be null.
// Rows of n elements: y = (x - mean) rstd weight + bias, weight and bias of n elements; mean and rstd are results too.
void normalize_rows(ScalarType dtype, std::int64_t rows, std::int64_t n, double eps, void* y, void* mean, void* rstd,
                    const void* x, const void* weight, const void* bias);
// Results that are null are not wanted; dw and db only together.
void normalize_rows_backward(ScalarType dtype, std::int64_t rows, std::int64_t n, void* dx, void* dw, void* db,
                             const void* g, const void* x, const void* mean, const void* rstd, const void* weight);

// Rows as groups of an image: [rows / groups, groups, channels, area], with weight and bias [groups, channels].
void normalize_groups(ScalarType dtype, std::int64_t rows, std::int64_t groups, std::int64_t channels,
                      std::int64_t area, double eps, void* y, void* mean, void* rstd, const void* x, const void* weight,
                      const void* bias);
void normalize_groups_backward(ScalarType dtype, std::int64_t rows, std::int64_t groups, std::int64_t channels,
                               std::int64_t area, void* dx, void* dw, void* db, const void* g, const void* x,
                               const void* mean, const void* rstd, const void* weight);

// [batch, channels, area]: y = (x - mean) / sqrt(variance + eps) weight + bias, where mean and biased variance are
// given, or with `find` those of each channel, and results too.
void normalize_channels(ScalarType dtype, std::int64_t batch, std::int64_t channels, std::int64_t area, double eps,
                        bool find, void* y, const void* x, void* mean, void* variance, const void* weight,
                        const void* bias);
// dx null: not wanted; `moments`: mean and variance are those of x, else constants.
void normalize_channels_backward(ScalarType dtype, std::int64_t batch, std::int64_t channels, std::int64_t area,
                                 double eps, bool moments, void* dx, void* dw, void* db, const void* g, const void* x,
                                 const void* mean, const void* variance, const void* weight);

}  // namespace gradtape::kernels
