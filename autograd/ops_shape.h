#pragma once
// Views, joining and reordering. See ops.h. Views share the elements; an in-place change through one is a change of
// all.
#include <string_view>

#include "tensor.h"

namespace gradtape::at {

// ---- views of all elements ----
Tensor reshape(const Tensor& self, IntArrayRef shape);  // a view where the strides allow it, else a copy; one -1
Tensor flatten(const Tensor& self, std::int64_t start_dim = 0, std::int64_t end_dim = -1);  // as reshape
Tensor ravel(const Tensor& self);                                                           // flatten()
Tensor unflatten(const Tensor& self, std::int64_t dim, IntArrayRef sizes);                  // dim split up
Tensor squeeze(const Tensor& self);                                                         // without sizes 1
Tensor squeeze(const Tensor& self, std::int64_t dim);
Tensor unsqueeze(const Tensor& self, std::int64_t dim);
Tensor permute(const Tensor& self, IntArrayRef dims);
Tensor transpose(const Tensor& self, std::int64_t dim0, std::int64_t dim1);
Tensor swapaxes(const Tensor& self, std::int64_t axis0, std::int64_t axis1);  // transpose
Tensor swapdims(const Tensor& self, std::int64_t dim0, std::int64_t dim1);    // transpose
Tensor t(const Tensor& self);                                                 // of rank 2 or less
Tensor movedim(const Tensor& self, IntArrayRef source, IntArrayRef destination);
Tensor movedim(const Tensor& self, std::int64_t source, std::int64_t destination);
Tensor moveaxis(const Tensor& self, IntArrayRef source, IntArrayRef destination);
Tensor moveaxis(const Tensor& self, std::int64_t source, std::int64_t destination);
Tensor broadcast_to(const Tensor& self, IntArrayRef size);  // expand
std::vector<Tensor> broadcast_tensors(TensorList tensors);  // to their common shape
Tensor atleast_1d(const Tensor& self);                      // with sizes 1 in front; 3d: also behind
Tensor atleast_2d(const Tensor& self);
Tensor atleast_3d(const Tensor& self);
std::vector<Tensor> atleast_1d(TensorList tensors);
std::vector<Tensor> atleast_2d(TensorList tensors);
std::vector<Tensor> atleast_3d(TensorList tensors);
// Sum over what broadcasting added, so that the result has `size`.
Tensor sum_to(const Tensor& self, IntArrayRef size);

// ---- views of some elements ----
Tensor select(const Tensor& self, std::int64_t dim, std::int64_t index);
Tensor narrow(const Tensor& self, std::int64_t dim, std::int64_t start, std::int64_t length);
Tensor slice(const Tensor& self, std::int64_t dim = 0, optional<std::int64_t> start = nullopt,
             optional<std::int64_t> end = nullopt, std::int64_t step = 1);
Tensor as_strided(const Tensor& self, IntArrayRef size, IntArrayRef stride,
                  optional<std::int64_t> storage_offset = nullopt);
Tensor diagonal(const Tensor& self, std::int64_t offset = 0, std::int64_t dim1 = 0, std::int64_t dim2 = 1);
Tensor narrow_copy(const Tensor& self, std::int64_t dim, std::int64_t start, std::int64_t length);
// A copy of self with src where select, slice or diagonal would look.
Tensor select_scatter(const Tensor& self, const Tensor& src, std::int64_t dim, std::int64_t index);
Tensor slice_scatter(const Tensor& self, const Tensor& src, std::int64_t dim = 0,
                     optional<std::int64_t> start = nullopt, optional<std::int64_t> end = nullopt,
                     std::int64_t step = 1);
Tensor diagonal_scatter(const Tensor& self, const Tensor& src, std::int64_t offset = 0, std::int64_t dim1 = 0,
                        std::int64_t dim2 = 1);

// ---- several views of one tensor; none may be changed in place while recording ----
std::vector<Tensor> unbind(const Tensor& self, std::int64_t dim = 0);
std::vector<Tensor> split(const Tensor& self, std::int64_t split_size, std::int64_t dim = 0);
std::vector<Tensor> split(const Tensor& self, IntArrayRef split_sizes, std::int64_t dim = 0);
std::vector<Tensor> split_with_sizes(const Tensor& self, IntArrayRef split_sizes, std::int64_t dim = 0);
std::vector<Tensor> chunk(const Tensor& self, std::int64_t chunks, std::int64_t dim = 0);  // of equal size but the last
// `sections` parts that differ by at most one; or the parts between the indices.
std::vector<Tensor> tensor_split(const Tensor& self, std::int64_t sections, std::int64_t dim = 0);
std::vector<Tensor> tensor_split(const Tensor& self, IntArrayRef indices, std::int64_t dim = 0);
std::vector<Tensor> tensor_split(const Tensor& self, const Tensor& tensor_indices_or_sections, std::int64_t dim = 0);
std::vector<Tensor> hsplit(const Tensor& self, std::int64_t sections);  // along dim 1, or 0 of a 1-d tensor
std::vector<Tensor> hsplit(const Tensor& self, IntArrayRef indices);
std::vector<Tensor> vsplit(const Tensor& self, std::int64_t sections);  // along dim 0
std::vector<Tensor> vsplit(const Tensor& self, IntArrayRef indices);
std::vector<Tensor> dsplit(const Tensor& self, std::int64_t sections);  // along dim 2
std::vector<Tensor> dsplit(const Tensor& self, IntArrayRef indices);

// ---- joining; dtypes promote ----
Tensor cat(TensorList tensors, std::int64_t dim = 0);
Tensor concat(TensorList tensors, std::int64_t dim = 0);       // cat
Tensor concatenate(TensorList tensors, std::int64_t dim = 0);  // cat
Tensor stack(TensorList tensors, std::int64_t dim = 0);        // cat along a new dimension
Tensor hstack(TensorList tensors);                             // cat along dim 1, or 0 of 1-d tensors
Tensor vstack(TensorList tensors);                             // cat of atleast_2d along dim 0
Tensor row_stack(TensorList tensors);                          // vstack
Tensor dstack(TensorList tensors);                             // cat of atleast_3d along dim 2
Tensor column_stack(TensorList tensors);                       // 1-d tensors as columns
Tensor block_diag(TensorList tensors);                         // matrices along the diagonal, zeros around
// Views of 1-d tensors, expanded to a common grid: result k varies along dim k ("ij"), or with dims 0 and 1 swapped
// ("xy").
std::vector<Tensor> meshgrid(TensorList tensors);
std::vector<Tensor> meshgrid(TensorList tensors, std::string_view indexing);
Tensor cartesian_prod(TensorList tensors);  // all tuples of elements of 1-d tensors, a row each
Tensor combinations(const Tensor& self, std::int64_t r = 2, bool with_replacement = false);  // of a 1-d tensor

// ---- repeating ----
Tensor tile(const Tensor& self, IntArrayRef dims);  // repeat with ones in front
// Each element (along dim, or of the flattened tensor) several times: repeats has one number for each, or one for all.
Tensor repeat_interleave(const Tensor& repeats, optional<std::int64_t> output_size = nullopt);  // of 0, 1, ..
Tensor repeat_interleave(const Tensor& self, const Tensor& repeats, optional<std::int64_t> dim = nullopt,
                         optional<std::int64_t> output_size = nullopt);
Tensor repeat_interleave(const Tensor& self, std::int64_t repeats, optional<std::int64_t> dim = nullopt,
                         optional<std::int64_t> output_size = nullopt);

// ---- reordering (copies) ----
Tensor flip(const Tensor& self, IntArrayRef dims);
Tensor fliplr(const Tensor& self);                                           // flip(1)
Tensor flipud(const Tensor& self);                                           // flip(0)
Tensor roll(const Tensor& self, IntArrayRef shifts, IntArrayRef dims = {});  // cyclic; without dims of the flattened
Tensor rot90(const Tensor& self, std::int64_t k = 1, IntArrayRef dims = {0, 1});  // k quarter turns from dims[0] to [1]
Tensor tril(const Tensor& self, std::int64_t diagonal = 0);  // zeros above the diagonal of the last two dims
Tensor triu(const Tensor& self, std::int64_t diagonal = 0);
Tensor tril_indices(std::int64_t row, std::int64_t col, std::int64_t offset = 0,
                    const TensorOptions& options = kInt64);  // [2, count]
Tensor triu_indices(std::int64_t row, std::int64_t col, std::int64_t offset = 0, const TensorOptions& options = kInt64);
Tensor diag(const Tensor& self, std::int64_t diagonal = 0);  // 1-d to matrix, matrix to 1-d
Tensor diag_embed(const Tensor& self, std::int64_t offset = 0, std::int64_t dim1 = -2, std::int64_t dim2 = -1);
Tensor diagflat(const Tensor& self, std::int64_t offset = 0);
Tensor adjoint(const Tensor& self);  // matrices transposed
// Powers x^(n-1), .., x, 1 of a 1-d tensor, a row each; n is its size unless given. increasing: 1, x, ..
Tensor vander(const Tensor& x, optional<std::int64_t> N = nullopt, bool increasing = false);
Tensor trace(const Tensor& self);  // sum of the diagonal of a matrix
// n-th forward difference along dim, after joining prepend and append.
Tensor diff(const Tensor& self, std::int64_t n = 1, std::int64_t dim = -1, const optional<Tensor>& prepend = {},
            const optional<Tensor>& append = {});

// ---- padding: {before, after} of the last dimension, then of the last but one, .. ----
// mode "constant" (value, 0 unless given; a negative number cuts off), "reflect" (without the edge; less than the
// size), "replicate" (the edge), "circular".
Tensor pad(const Tensor& self, IntArrayRef pad, std::string_view mode = "constant", optional<double> value = nullopt);
Tensor constant_pad_nd(const Tensor& self, IntArrayRef pad, const Scalar& value = 0);
Tensor reflection_pad1d(const Tensor& self, IntArrayRef padding);
Tensor reflection_pad2d(const Tensor& self, IntArrayRef padding);
Tensor reflection_pad3d(const Tensor& self, IntArrayRef padding);
Tensor replication_pad1d(const Tensor& self, IntArrayRef padding);
Tensor replication_pad2d(const Tensor& self, IntArrayRef padding);
Tensor replication_pad3d(const Tensor& self, IntArrayRef padding);

// ---- images ----
Tensor pixel_shuffle(const Tensor& self, std::int64_t upscale_factor);      // [*, c r^2, h, w] -> [*, c, h r, w r]
Tensor pixel_unshuffle(const Tensor& self, std::int64_t downscale_factor);  // and back
Tensor channel_shuffle(const Tensor& self, std::int64_t groups);  // [n, g k, *]: channel i g + j takes channel j k + i
// Patches of an image [n, c, h, w] or [c, h, w], floating point, as columns [n, c kernel, patches]; outside are zeros.
Tensor im2col(const Tensor& self, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding,
              IntArrayRef stride);
// Its adjoint: the image [n, c, output_size] to which each patch is added in its place.
Tensor col2im(const Tensor& self, IntArrayRef output_size, IntArrayRef kernel_size, IntArrayRef dilation,
              IntArrayRef padding, IntArrayRef stride);

}  // namespace gradtape::at
