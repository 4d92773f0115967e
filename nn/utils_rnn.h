#pragma once
// nn::utils::rnn: sequences of different lengths in one batch, padded or packed.
#include "../autograd/tensor.h"

namespace gradtape::nn::utils::rnn {

// Sequences, longest first, one time step after the other: data [sum of lengths, *], batch_sizes int64 [longest], how
// many sequences have a step t. Made by pack_sequence and pack_padded_sequence, read by RNN, LSTM and GRU.
class PackedSequence {
 public:
  // sorted_indices are the places from which sequences were taken, undefined when they were sorted already.
  explicit PackedSequence(Tensor data, Tensor batch_sizes, Tensor sorted_indices = {}, Tensor unsorted_indices = {});
  PackedSequence(const PackedSequence& o);
  PackedSequence(PackedSequence&& o) noexcept;
  PackedSequence& operator=(const PackedSequence& o);
  PackedSequence& operator=(PackedSequence&& o) noexcept;
  ~PackedSequence();

  const Tensor& data() const { return data_; }
  const Tensor& batch_sizes() const { return batch_sizes_; }
  const Tensor& sorted_indices() const { return sorted_indices_; }
  const Tensor& unsorted_indices() const { return unsorted_indices_; }
  // Converts `data`.
  PackedSequence to(const TensorOptions& options) const;
  PackedSequence pin_memory() const { return *this; }
  PackedSequence cuda() const { return to(kCUDA); }
  PackedSequence cpu() const { return *this; }
  bool is_cuda() const { return false; }
  bool is_pinned() const { return false; }

 private:
  Tensor data_, batch_sizes_, sorted_indices_, unsorted_indices_;
};

// int64 [n] with result[permutation[i]] = i; undefined for an undefined one.
Tensor invert_permutation(const Tensor& permutation);
// input [longest, batch, *], or [batch, longest, *] with batch_first; lengths [batch], all positive, integers. They
// must not increase unless enforce_sorted is false.
PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first = false, bool enforce_sorted = true);
// The reverse: sequences in their first order, filled up with padding_value to the longest length or total_length, and
// the lengths.
std::tuple<Tensor, Tensor> pad_packed_sequence(const PackedSequence& sequence, bool batch_first = false,
                                               double padding_value = 0.0,
                                               optional<std::int64_t> total_length = nullopt);
// Sequences [length, *] as [longest, count, *], or [count, longest, *] with batch_first.
Tensor pad_sequence(ArrayRef<Tensor> sequences, bool batch_first = false, double padding_value = 0);
PackedSequence pack_sequence(ArrayRef<Tensor> sequences, bool enforce_sorted = true);

}  // namespace gradtape::nn::utils::rnn
