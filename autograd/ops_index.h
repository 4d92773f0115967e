#pragma once
// Reading and writing at positions given by tensors. See ops.h. Positions are int64 or int32 and in range; only take,
// put, index_fill and t.index({...}) (indexing.h) count negative ones from the end. Where several elements are written
// to one place, the last is kept and gets the gradient. The in-place forms are methods: x.scatter_(..).
#include <string_view>

#include "indexing.h"
#include "tensor.h"

namespace gradtape::at {

// ---- along one dimension; index [n] ----
Tensor index_select(const Tensor& self, std::int64_t dim, const Tensor& index);  // y[.., k, ..] = x[.., index[k], ..]
// A copy of x with y[.., index[k], ..] += alpha source[.., k, ..]
Tensor index_add(const Tensor& self, std::int64_t dim, const Tensor& index, const Tensor& source,
                 const Scalar& alpha = 1);
// .. = source[.., k, ..]
Tensor index_copy(const Tensor& self, std::int64_t dim, const Tensor& index, const Tensor& source);
// .. = value, a number or 0-d tensor
Tensor index_fill(const Tensor& self, std::int64_t dim, const Tensor& index, const Tensor& value);
Tensor index_fill(const Tensor& self, std::int64_t dim, const Tensor& index, const Scalar& value);

// ---- along one dimension; index of self's rank and, but for dim, at most its sizes ----
// y[i][j] = x[index[i][j]][j] for dim 0
Tensor gather(const Tensor& self, std::int64_t dim, const Tensor& index, bool sparse_grad = false);
// A copy of x with y[index[i][j]][j] = src[i][j] (for dim 0), src at least of index's sizes; with reduce "add" or
// "multiply" combined with what is there ("multiply" has no gradient).
Tensor scatter(const Tensor& self, std::int64_t dim, const Tensor& index, const Tensor& src);
Tensor scatter(const Tensor& self, std::int64_t dim, const Tensor& index, const Scalar& value);
Tensor scatter(const Tensor& self, std::int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce);
Tensor scatter(const Tensor& self, std::int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce);
Tensor scatter_add(const Tensor& self, std::int64_t dim, const Tensor& index, const Tensor& src);
// gather after broadcasting the other dimensions; without dim both are flattened.
Tensor take_along_dim(const Tensor& self, const Tensor& indices, optional<std::int64_t> dim = nullopt);

// ---- in the flattened tensor ----
Tensor take(const Tensor& self, const Tensor& index);  // y[k] = x.flatten()[index[k]], of index's shape
// A copy of x with y.flatten()[index[k]] = source[k], or += with accumulate
Tensor put(const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate = false);

// A copy of x, changed by index_put_.
Tensor index_put(const Tensor& self, ArrayRef<indexing::TensorIndex> indices, const Tensor& values,
                 bool accumulate = false);

// ---- where a mask holds; bool, broadcast with self ----
Tensor masked_select(const Tensor& self, const Tensor& mask);  // the elements in row-major order, 1-d
Tensor masked_fill(const Tensor& self, const Tensor& mask, const Tensor& value);  // value 0-d; keeps self's dtype
Tensor masked_fill(const Tensor& self, const Tensor& mask, const Scalar& value);
Tensor masked_scatter(const Tensor& self, const Tensor& mask, const Tensor& source);  // source's first elements
Tensor nonzero(const Tensor& self);                     // int64 [count, rank], row-major order
Tensor argwhere(const Tensor& self);                    // nonzero
std::vector<Tensor> nonzero_numpy(const Tensor& self);  // its columns
std::vector<Tensor> where(const Tensor& condition);     // the same

// `src` written into a copy of `self` where as_strided(self, size, stride, storage_offset) would look.
Tensor as_strided_scatter(const Tensor& self, const Tensor& src, IntArrayRef size, IntArrayRef stride,
                          optional<std::int64_t> storage_offset = nullopt);

// int64 [*] of classes to int64 [*, num_classes] with 1 at the class; num_classes = -1: the largest there is, plus 1.
Tensor one_hot(const Tensor& self, std::int64_t num_classes = -1);
// Rows of weight [n, size] at indices [*]: [*, size]. No gradient goes to row padding_idx (none when negative);
// scale_grad_by_freq divides the gradient by how often the index occurs. The gradient is dense also with `sparse`.
Tensor embedding(const Tensor& weight, const Tensor& indices, std::int64_t padding_idx = -1,
                 bool scale_grad_by_freq = false, bool sparse = false);

}  // namespace gradtape::at
