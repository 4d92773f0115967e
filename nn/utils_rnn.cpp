#include "nn/utils_rnn.h"

#include <algorithm>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "autograd/tensor_data.h"

namespace gradtape::nn::utils::rnn {
namespace {

std::vector<std::int64_t> integers(const Tensor& t) {
  const Tensor c = t.to(kInt64).contiguous();
  const auto* p = c.data_ptr<std::int64_t>();
  return std::vector<std::int64_t>(p, p + c.numel());
}

// Where in `data` row t of sequence b stands: begin[t] + b.
std::vector<std::int64_t> begins(const std::vector<std::int64_t>& batch_sizes) {
  std::vector<std::int64_t> out(batch_sizes.size() + 1, 0);
  for (std::size_t t = 0; t < batch_sizes.size(); ++t) out[t + 1] = out[t] + batch_sizes[t];
  return out;
}

}  // namespace

PackedSequence::PackedSequence(Tensor data, Tensor batch_sizes, Tensor sorted_indices, Tensor unsorted_indices)
    : data_(std::move(data)), batch_sizes_(std::move(batch_sizes)), sorted_indices_(std::move(sorted_indices)) {
  unsorted_indices_ = unsorted_indices.defined() ? std::move(unsorted_indices) : invert_permutation(sorted_indices_);
}
PackedSequence::PackedSequence(const PackedSequence& o) = default;
PackedSequence::PackedSequence(PackedSequence&& o) noexcept = default;
PackedSequence& PackedSequence::operator=(const PackedSequence& o) = default;
PackedSequence& PackedSequence::operator=(PackedSequence&& o) noexcept = default;
PackedSequence::~PackedSequence() = default;

PackedSequence PackedSequence::to(const TensorOptions& options) const {
  return PackedSequence(data_.to(options), batch_sizes_, sorted_indices_, unsorted_indices_);
}

Tensor invert_permutation(const Tensor& permutation) {
  if (!permutation.defined()) return {};
  return empty_like(permutation).scatter_(0, permutation, arange(permutation.numel(), permutation.options()));
}

PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first, bool enforce_sorted) {
  const char* op = "pack_padded_sequence";
  check(input.defined() && input.dim() >= 2, op, "input must be ",
        batch_first ? "[batch, longest, *]" : "[longest, batch, *]", ", got ", input);
  if (batch_first) input = input.transpose(0, 1);
  const std::int64_t longest = input.size(0), batch = input.size(1);
  check(lengths.defined() && lengths.dim() == 1 && lengths.size(0) == batch, op, "lengths must be [", batch,
        "], one for each sequence of input ", input, ", got ", lengths);
  lengths = lengths.to(kInt64);
  Tensor order;
  if (!enforce_sorted) {
    std::tie(lengths, order) = sort(lengths, -1, true);
    input = input.index_select(1, order);
  }
  const std::vector<std::int64_t> n = integers(lengths);
  for (std::size_t i = 0; i < n.size(); ++i) {
    check<ValueError>(n[i] > 0 && n[i] <= longest, op, "lengths must be from 1 to ", longest,
                      ", the longest that input ", input, " has room for; got ", n[i]);
    check<ValueError>(i == 0 || n[i] <= n[i - 1], op, "lengths must not increase, but ", n[i], " follows ",
                      n[i > 0 ? i - 1 : 0], "; pass enforce_sorted = false to have the sequences sorted");
  }
  check(batch > 0, op, "there are no sequences in input ", input);
  const std::int64_t steps = n[0];
  Tensor batch_sizes = empty({steps}, kInt64);
  auto* sizes = batch_sizes.data_ptr<std::int64_t>();
  std::vector<std::int64_t> rows;
  std::int64_t count = batch;
  for (std::int64_t t = 0; t < steps; ++t) {
    while (n[static_cast<std::size_t>(count - 1)] <= t) --count;
    sizes[t] = count;
    for (std::int64_t b = 0; b < count; ++b) rows.push_back(t * batch + b);
  }
  // All of one length: the rows as they are.
  const Tensor flat = input.slice(0, 0, steps).flatten(0, 1);
  const bool all = static_cast<std::int64_t>(rows.size()) == flat.size(0);
  return PackedSequence(all ? flat : flat.index_select(0, tensor(rows)), batch_sizes, order);
}

std::tuple<Tensor, Tensor> pad_packed_sequence(const PackedSequence& sequence, bool batch_first, double padding_value,
                                               optional<std::int64_t> total_length) {
  const char* op = "pad_packed_sequence";
  const Tensor& data = sequence.data();
  const std::vector<std::int64_t> sizes = integers(sequence.batch_sizes());
  check(!sizes.empty() && data.dim() >= 1, op, "the sequence is empty: data is ", data);
  const std::vector<std::int64_t> begin = begins(sizes);
  const auto steps = static_cast<std::int64_t>(sizes.size()), batch = sizes[0];
  check(begin.back() == data.size(0), op, "batch sizes add up to ", begin.back(), ", but data is ", data);
  check<ValueError>(total_length.value_or(steps) >= steps, op, "total_length must be at least ", steps,
                    ", the longest length, got ", total_length.value_or(0));
  // Row `data.size(0)` is the padding.
  Shape one(data.sizes());
  one[0] = 1;
  const Tensor rows = cat({data, full(one, padding_value, data.options())}, 0);
  const std::int64_t length = total_length.value_or(steps);
  std::vector<std::int64_t> from(static_cast<std::size_t>(length * batch), begin.back());
  Tensor lengths = zeros({batch}, kInt64);
  auto* n = lengths.data_ptr<std::int64_t>();
  for (std::int64_t t = 0; t < steps; ++t)
    for (std::int64_t b = 0; b < sizes[static_cast<std::size_t>(t)]; ++b) {
      from[static_cast<std::size_t>(batch_first ? b * length + t : t * batch + b)] =
          begin[static_cast<std::size_t>(t)] + b;
      ++n[b];
    }
  Shape shape{batch_first ? batch : length, batch_first ? length : batch};
  for (std::int64_t d = 1; d < data.dim(); ++d) shape.push_back(data.size(d));
  Tensor padded = rows.index_select(0, tensor(from)).view(shape);
  const Tensor& order = sequence.unsorted_indices();
  if (!order.defined()) return {padded, lengths};
  return {padded.index_select(batch_first ? 0 : 1, order), lengths.index_select(0, order)};
}

Tensor pad_sequence(ArrayRef<Tensor> sequences, bool batch_first, double padding_value) {
  const char* op = "pad_sequence";
  check(!sequences.empty(), op, "the list of sequences is empty");
  std::int64_t longest = 0;
  for (const Tensor& s : sequences) {
    check(s.defined() && s.dim() >= 1, op, "sequences must be [length, *], got ", s);
    check(s.sizes().slice(1, s.sizes().size() - 1) == sequences[0].sizes().slice(1, sequences[0].sizes().size() - 1),
          op, "sequences must agree in all but the length: ", sequences[0], " and ", s);
    longest = std::max(longest, s.size(0));
  }
  std::vector<Tensor> padded;
  padded.reserve(sequences.size());
  for (const Tensor& s : sequences) {
    if (s.size(0) == longest) {
      padded.push_back(s);
      continue;
    }
    Shape rest(s.sizes());
    rest[0] = longest - s.size(0);
    padded.push_back(cat({s, full(rest, padding_value, s.options())}, 0));
  }
  return stack(padded, batch_first ? 0 : 1);
}

PackedSequence pack_sequence(ArrayRef<Tensor> sequences, bool enforce_sorted) {
  std::vector<std::int64_t> lengths;
  const Tensor padded = pad_sequence(sequences);
  for (const Tensor& s : sequences) lengths.push_back(s.size(0));
  return pack_padded_sequence(padded, tensor(lengths), false, enforce_sorted);
}

}  // namespace gradtape::nn::utils::rnn
