#pragma once
// Reductions, running reductions, order and counts. See ops.h. "over dim": over one dimension or several, nullopt or {}
// for all; with keepdim they stay as size 1. {values, indices} pairs: the gradient goes to the element at the index.
#include <string_view>

#include "tensor.h"

namespace gradtape::at {

// ---- sums and means over dim ----
Tensor sum(const Tensor& self, optional<ScalarType> dtype = nullopt);  // integers add up in int64
Tensor sum(const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false, optional<ScalarType> dtype = nullopt);
Tensor nansum(const Tensor& self, OptionalIntArrayRef dim = nullopt, bool keepdim = false,
              optional<ScalarType> dtype = nullopt);                    // a NaN counts as 0
Tensor mean(const Tensor& self, optional<ScalarType> dtype = nullopt);  // sum / count; floating point only
Tensor mean(const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false, optional<ScalarType> dtype = nullopt);
Tensor nanmean(const Tensor& self, OptionalIntArrayRef dim = nullopt, bool keepdim = false,
               optional<ScalarType> dtype = nullopt);                   // of what is no NaN
Tensor prod(const Tensor& self, optional<ScalarType> dtype = nullopt);  // integers multiply in int64
Tensor prod(const Tensor& self, std::int64_t dim, bool keepdim = false, optional<ScalarType> dtype = nullopt);
// ln sum e^x, without overflow
Tensor logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim = false);
// sum (x - mean)^2 / (count - correction), correction 1 unless given (unbiased = true) or 0; NaN or infinite when
// count <= correction.
Tensor var(const Tensor& self, bool unbiased = true);
Tensor var(const Tensor& self, int dim);
Tensor var(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
Tensor var(const Tensor& self, OptionalIntArrayRef dim, optional<std::int64_t> correction, bool keepdim = false);
// sqrt(var); gradient 0 at 0
Tensor std(const Tensor& self, bool unbiased = true);
Tensor std(const Tensor& self, int dim);
Tensor std(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
Tensor std(const Tensor& self, OptionalIntArrayRef dim, optional<std::int64_t> correction, bool keepdim = false);
// {var, mean} and {std, mean}
std::tuple<Tensor, Tensor> var_mean(const Tensor& self, bool unbiased = true);
std::tuple<Tensor, Tensor> var_mean(const Tensor& self, int dim);
std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true,
                                    bool keepdim = false);
std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, optional<std::int64_t> correction,
                                    bool keepdim = false);
std::tuple<Tensor, Tensor> std_mean(const Tensor& self, bool unbiased = true);
std::tuple<Tensor, Tensor> std_mean(const Tensor& self, int dim);
std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true,
                                    bool keepdim = false);
std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, optional<std::int64_t> correction,
                                    bool keepdim = false);

// ---- the largest and the smallest; a NaN wins ----
Tensor max(const Tensor& self);  // ties split evenly
Tensor min(const Tensor& self);
// {values, indices} of the first of the largest
std::tuple<Tensor, Tensor> max(const Tensor& self, std::int64_t dim, bool keepdim = false);
std::tuple<Tensor, Tensor> min(const Tensor& self, std::int64_t dim, bool keepdim = false);
Tensor max(const Tensor& self, const Tensor& other);                          // maximum
Tensor min(const Tensor& self, const Tensor& other);                          // minimum
Tensor amax(const Tensor& self, IntArrayRef dim = {}, bool keepdim = false);  // ties split evenly
Tensor amin(const Tensor& self, IntArrayRef dim = {}, bool keepdim = false);
std::tuple<Tensor, Tensor> aminmax(const Tensor& self, optional<std::int64_t> dim = nullopt, bool keepdim = false);
Tensor argmax(const Tensor& self, optional<std::int64_t> dim = nullopt, bool keepdim = false);  // int64
Tensor argmin(const Tensor& self, optional<std::int64_t> dim = nullopt, bool keepdim = false);

// ---- logical and counting ----
Tensor all(const Tensor& self);  // bool (uint8 for uint8): whether all are not 0
Tensor all(const Tensor& self, std::int64_t dim, bool keepdim = false);
Tensor any(const Tensor& self);
Tensor any(const Tensor& self, std::int64_t dim, bool keepdim = false);
Tensor count_nonzero(const Tensor& self, IntArrayRef dim);  // int64
Tensor count_nonzero(const Tensor& self, optional<std::int64_t> dim = nullopt);

// ---- running: y_i from x_0 .. x_i along dim ----
Tensor cumsum(const Tensor& self, std::int64_t dim, optional<ScalarType> dtype = nullopt);
Tensor cumprod(const Tensor& self, std::int64_t dim, optional<ScalarType> dtype = nullopt);
Tensor logcumsumexp(const Tensor& self, std::int64_t dim);
std::tuple<Tensor, Tensor> cummax(const Tensor& self, std::int64_t dim);  // indices of the last of the largest, or NaNs
std::tuple<Tensor, Tensor> cummin(const Tensor& self, std::int64_t dim);

// ---- order; a NaN counts as the largest, equal elements keep their order ----
std::tuple<Tensor, Tensor> sort(const Tensor& self, std::int64_t dim = -1, bool descending = false);
std::tuple<Tensor, Tensor> sort(const Tensor& self, optional<bool> stable, std::int64_t dim = -1,
                                bool descending = false);
Tensor argsort(const Tensor& self, std::int64_t dim = -1, bool descending = false);
Tensor argsort(const Tensor& self, bool stable, std::int64_t dim = -1, bool descending = false);
Tensor msort(const Tensor& self);  // values sorted along dim 0
// The k largest (smallest), in order.
std::tuple<Tensor, Tensor> topk(const Tensor& self, std::int64_t k, std::int64_t dim = -1, bool largest = true,
                                bool sorted = true);
std::tuple<Tensor, Tensor> kthvalue(const Tensor& self, std::int64_t k, std::int64_t dim = -1, bool keepdim = false);
Tensor median(const Tensor& self);  // the lower of two; a NaN where there is one; ties split evenly
std::tuple<Tensor, Tensor> median(const Tensor& self, std::int64_t dim, bool keepdim = false);
Tensor nanmedian(const Tensor& self);  // of what is no NaN
std::tuple<Tensor, Tensor> nanmedian(const Tensor& self, std::int64_t dim, bool keepdim = false);
// The most frequent, the smallest of such; index of the last of them.
std::tuple<Tensor, Tensor> mode(const Tensor& self, std::int64_t dim = -1, bool keepdim = false);

// ---- distinct elements and counts; no gradient ----
// Sorted distinct elements; of each element its place among them; how often each is there. What is not asked for is
// empty. A NaN equals nothing.
std::tuple<Tensor, Tensor> _unique(const Tensor& self, bool sorted = true, bool return_inverse = false);
std::tuple<Tensor, Tensor, Tensor> _unique2(const Tensor& self, bool sorted = true, bool return_inverse = false,
                                            bool return_counts = false);
// The same for slices along dim; inverse and counts always.
std::tuple<Tensor, Tensor, Tensor> unique_dim(const Tensor& self, std::int64_t dim, bool sorted = true,
                                              bool return_inverse = false, bool return_counts = false);
// Runs of equal neighbours.
std::tuple<Tensor, Tensor, Tensor> unique_consecutive(const Tensor& self, bool return_inverse = false,
                                                      bool return_counts = false, optional<std::int64_t> dim = nullopt);
std::tuple<Tensor, Tensor, Tensor> unique_dim_consecutive(const Tensor& self, std::int64_t dim,
                                                          bool return_inverse = false, bool return_counts = false);
// How often 0, 1, .. occur in a 1-d integer tensor, or the sum of their weights.
Tensor bincount(const Tensor& self, const optional<Tensor>& weights = {}, std::int64_t minlength = 0);
// Counts in `bins` bins of one width between min and max, or between the extremes when both are 0.
Tensor histc(const Tensor& self, std::int64_t bins = 100, const Scalar& min = 0, const Scalar& max = 0);

// {counts, edges}: like histc, with the bins' edges and the dtype of self; `weight` is added up instead of 1, `density`
// makes the area 1. Or bins between rising edges. Without a range between the extremes, or 1/2 around the only value.
std::tuple<Tensor, Tensor> histogram(const Tensor& self, std::int64_t bins = 100,
                                     optional<ArrayRef<double>> range = nullopt, const optional<Tensor>& weight = {},
                                     bool density = false);
std::tuple<Tensor, Tensor> histogram(const Tensor& self, const Tensor& bins, const optional<Tensor>& weight = {},
                                     bool density = false);
// Where `self` goes in a sorted sequence (a sequence for each row, or one for all): before equal elements, or behind
// them with `right` or side "right". sorter: order of an unsorted sequence. int64, or int32.
Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& self, bool out_int32 = false, bool right = false,
                    optional<std::string_view> side = nullopt, const optional<Tensor>& sorter = {});
Tensor searchsorted(const Tensor& sorted_sequence, const Scalar& self, bool out_int32 = false, bool right = false,
                    optional<std::string_view> side = nullopt, const optional<Tensor>& sorter = {});
Tensor bucketize(const Tensor& self, const Tensor& boundaries, bool out_int32 = false, bool right = false);
Tensor bucketize(const Scalar& self, const Tensor& boundaries, bool out_int32 = false, bool right = false);
// bool, for each element: whether it is among test_elements, or with `invert` is not.
Tensor isin(const Tensor& elements, const Tensor& test_elements, bool assume_unique = false, bool invert = false);
Tensor isin(const Tensor& elements, const Scalar& test_element, bool assume_unique = false, bool invert = false);
Tensor isin(const Scalar& element, const Tensor& test_elements, bool assume_unique = false, bool invert = false);

// ---- statistics ----
// At place q (n - 1) of the sorted elements, 0 <= q <= 1, between two by `interpolation`: "linear", "lower", "higher",
// "midpoint", "nearest" (ties to the even place). Several q give a new first dimension. A NaN gives NaN; is ignored.
Tensor quantile(const Tensor& self, const Tensor& q, optional<std::int64_t> dim = nullopt, bool keepdim = false,
                std::string_view interpolation = "linear");
Tensor quantile(const Tensor& self, double q, optional<std::int64_t> dim = nullopt, bool keepdim = false,
                std::string_view interpolation = "linear");
Tensor nanquantile(const Tensor& self, const Tensor& q, optional<std::int64_t> dim = nullopt, bool keepdim = false,
                   std::string_view interpolation = "linear");
Tensor nanquantile(const Tensor& self, double q, optional<std::int64_t> dim = nullopt, bool keepdim = false,
                   std::string_view interpolation = "linear");
// sum dx (y_{i+1} + y_i) / 2 along dim, with dx = x_{i+1} - x_i, x of y's shape or [size of dim]; and its running sum.
Tensor trapezoid(const Tensor& y, const Tensor& x, std::int64_t dim = -1);
Tensor trapezoid(const Tensor& y, const Scalar& dx = 1, std::int64_t dim = -1);
Tensor trapz(const Tensor& y, const Tensor& x, std::int64_t dim = -1);
Tensor trapz(const Tensor& y, double dx = 1, std::int64_t dim = -1);
Tensor cumulative_trapezoid(const Tensor& y, const Tensor& x, std::int64_t dim = -1);
Tensor cumulative_trapezoid(const Tensor& y, const Scalar& dx = 1, std::int64_t dim = -1);
// Covariances of the rows (variables) over the columns (observations); fweights: how often a column was observed
// (integers), aweights: its importance (floating point). corrcoef: divided by both standard deviations.
Tensor cov(const Tensor& self, std::int64_t correction = 1, const optional<Tensor>& fweights = {},
           const optional<Tensor>& aweights = {});
Tensor corrcoef(const Tensor& self);
// Slices along dim scaled down where their p-norm is above maxnorm.
Tensor renorm(const Tensor& self, const Scalar& p, std::int64_t dim, const Scalar& maxnorm);

// ---- softmax ----
Tensor softmax(const Tensor& self, std::int64_t dim, optional<ScalarType> dtype = nullopt);      // e^x / sum e^x
Tensor log_softmax(const Tensor& self, std::int64_t dim, optional<ScalarType> dtype = nullopt);  // x - ln sum e^x

}  // namespace gradtape::at
