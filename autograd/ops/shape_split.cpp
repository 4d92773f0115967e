// Several views of one tensor.
#include "autograd/ops/common.h"

namespace gradtape::ops {
namespace {

// Each may be read, none may be changed in place (the others would not see it).
std::vector<Tensor> mark_multi_output(std::vector<Tensor> v) {
  for (Tensor& t : v)
    if (t.impl()->creation == Creation::Normal) t.impl()->creation = Creation::MultiOutput;
  return v;
}

std::int64_t checked_dim(const char* op, const Tensor& self, std::int64_t dim) {
  check_defined(op, self);
  check<IndexError>(self.dim() > 0, op, "a 0-d tensor has no dimension: ", self);
  return wrap_dim(op, dim, self.dim());
}

// The parts between neighbouring entries of `ends`, the first from 0; an end before the last one gives an empty part.
std::vector<Tensor> parts_between(const Tensor& self, const std::vector<std::int64_t>& ends, std::int64_t dim) {
  std::vector<Tensor> out;
  out.reserve(ends.size());
  std::int64_t start = 0;
  for (std::int64_t end : ends) {
    out.push_back(slice(self, dim, start, end));
    start = end;
  }
  return mark_multi_output(std::move(out));
}

// hsplit, vsplit, dsplit: the dimension of a tensor of rank at least `rank`; sections must divide its size.
template <class Sections>
std::vector<Tensor> split_along(const char* op, const Tensor& self, std::int64_t rank, std::int64_t dim,
                                const Sections& sections) {
  check_defined(op, self);
  check(self.dim() >= rank, op, "need a tensor of rank ", rank, " or more, got ", self);
  if constexpr (std::is_integral_v<Sections>)
    check(sections > 0 && self.size(dim) % sections == 0, op, "dim ", dim, " of ", self, " does not divide into ",
          sections, " equal parts");
  return tensor_split(self, sections, dim);
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

std::vector<Tensor> unbind(const Tensor& self, std::int64_t dim) {
  const std::int64_t d = checked_dim("unbind", self, dim);
  std::vector<Tensor> out;
  out.reserve(static_cast<std::size_t>(self.size(d)));
  for (std::int64_t i = 0; i < self.size(d); ++i) out.push_back(select(self, d, i));
  return mark_multi_output(std::move(out));
}

std::vector<Tensor> split_with_sizes(const Tensor& self, IntArrayRef split_sizes, std::int64_t dim) {
  const std::int64_t d = checked_dim("split", self, dim);
  std::int64_t end = 0;
  std::vector<std::int64_t> ends;
  for (std::int64_t n : split_sizes) {
    check<ValueError>(n >= 0, "split", "sizes must not be negative: ", split_sizes);
    ends.push_back(end += n);
  }
  check(end == self.size(d), "split", "sizes ", split_sizes, " add up to ", end, ", but dim ", d, " of ", self,
        " has size ", self.size(d));
  return parts_between(self, ends, d);
}
std::vector<Tensor> split(const Tensor& self, IntArrayRef split_sizes, std::int64_t dim) {
  return split_with_sizes(self, split_sizes, dim);
}
std::vector<Tensor> split(const Tensor& self, std::int64_t split_size, std::int64_t dim) {
  const std::int64_t d = checked_dim("split", self, dim), n = self.size(d);
  check<ValueError>(split_size > 0 || (split_size == 0 && n == 0), "split", "split_size must be positive, got ",
                    split_size);
  std::vector<std::int64_t> ends;
  for (std::int64_t end = split_size; end < n; end += split_size) ends.push_back(end);
  ends.push_back(n);
  return parts_between(self, ends, d);
}
std::vector<Tensor> chunk(const Tensor& self, std::int64_t chunks, std::int64_t dim) {
  const std::int64_t d = checked_dim("chunk", self, dim), n = self.size(d);
  check<ValueError>(chunks > 0, "chunk", "chunks must be positive, got ", chunks);
  // An empty dimension gives as many parts as were asked for.
  if (n == 0) return parts_between(self, std::vector<std::int64_t>(static_cast<std::size_t>(chunks), 0), d);
  return split(self, (n + chunks - 1) / chunks, d);
}

std::vector<Tensor> tensor_split(const Tensor& self, std::int64_t sections, std::int64_t dim) {
  const std::int64_t d = checked_dim("tensor_split", self, dim), n = self.size(d);
  check<ValueError>(sections > 0, "tensor_split", "sections must be positive, got ", sections);
  std::vector<std::int64_t> ends;
  std::int64_t end = 0;
  for (std::int64_t k = 0; k < sections; ++k) ends.push_back(end += n / sections + (k < n % sections ? 1 : 0));
  return parts_between(self, ends, d);
}
std::vector<Tensor> tensor_split(const Tensor& self, IntArrayRef indices, std::int64_t dim) {
  const std::int64_t d = checked_dim("tensor_split", self, dim);
  std::vector<std::int64_t> ends = indices.vec();
  ends.push_back(self.size(d));
  return parts_between(self, ends, d);
}
std::vector<Tensor> tensor_split(const Tensor& self, const Tensor& tensor_indices_or_sections, std::int64_t dim) {
  const Tensor& t = tensor_indices_or_sections;
  check_defined("tensor_split", self, t);
  check<TypeError>(type_of(t) == kInt64 && t.dim() <= 1, "tensor_split",
                   "sections or indices must be a 0-d or 1-d int64 tensor, got ", t);
  if (t.dim() == 0) return tensor_split(self, t.item<std::int64_t>(), dim);
  const Tensor p = plain(t);
  return tensor_split(self, IntArrayRef(p.data_ptr<std::int64_t>(), static_cast<std::size_t>(p.numel())), dim);
}

std::vector<Tensor> hsplit(const Tensor& self, std::int64_t sections) {
  check_defined("hsplit", self);
  return split_along("hsplit", self, 1, self.dim() == 1 ? 0 : 1, sections);
}
std::vector<Tensor> hsplit(const Tensor& self, IntArrayRef indices) {
  check_defined("hsplit", self);
  return split_along("hsplit", self, 1, self.dim() == 1 ? 0 : 1, indices);
}
std::vector<Tensor> vsplit(const Tensor& self, std::int64_t sections) {
  return split_along("vsplit", self, 2, 0, sections);
}
std::vector<Tensor> vsplit(const Tensor& self, IntArrayRef indices) {
  return split_along("vsplit", self, 2, 0, indices);
}
std::vector<Tensor> dsplit(const Tensor& self, std::int64_t sections) {
  return split_along("dsplit", self, 3, 2, sections);
}
std::vector<Tensor> dsplit(const Tensor& self, IntArrayRef indices) {
  return split_along("dsplit", self, 3, 2, indices);
}

}  // namespace gradtape::at
