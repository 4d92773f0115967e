#include "nn/data/samplers.h"

#include <algorithm>
#include <numeric>
#include <random>

#include "autograd/error.h"
#include "autograd/ops.h"

namespace gradtape::data::samplers {
namespace {

void write(serialize::OutputArchive& archive, const char* name, std::size_t v) {
  archive.write(name, IValue(static_cast<std::int64_t>(v)));
}
std::size_t read(serialize::InputArchive& archive, const char* name) {
  IValue v;
  archive.read(name, v);
  return static_cast<std::size_t>(v.toInt());
}

}  // namespace

RandomSampler::RandomSampler(std::int64_t size, Dtype index_dtype) : indices_(randperm(size, index_dtype)) {}
RandomSampler::~RandomSampler() = default;
void RandomSampler::reset(optional<std::size_t> new_size) {
  indices_ = randperm(new_size ? static_cast<std::int64_t>(*new_size) : indices_.numel(), indices_.scalar_type());
  index_ = 0;
}
optional<std::vector<std::size_t>> RandomSampler::next(std::size_t batch_size) {
  const std::int64_t rest = indices_.numel() - index_;
  if (rest == 0) return nullopt;
  const std::int64_t n = std::min(static_cast<std::int64_t>(batch_size), rest);
  const Tensor some = indices_.slice(0, index_, index_ + n).to(kInt64);
  const std::int64_t* p = some.data_ptr<std::int64_t>();
  index_ += n;
  return std::vector<std::size_t>(p, p + n);
}
void RandomSampler::save(serialize::OutputArchive& archive) const {
  archive.write("index", IValue(index_));
  archive.write("indices", indices_);
}
void RandomSampler::load(serialize::InputArchive& archive) {
  Tensor indices;
  archive.read("indices", indices);
  indices_ = indices;
  index_ = static_cast<std::int64_t>(read(archive, "index"));
}

SequentialSampler::SequentialSampler(std::size_t size) : size_(size) {}
SequentialSampler::~SequentialSampler() = default;
void SequentialSampler::reset(optional<std::size_t> new_size) {
  size_ = new_size.value_or(size_);
  index_ = 0;
}
optional<std::vector<std::size_t>> SequentialSampler::next(std::size_t batch_size) {
  if (index_ >= size_) return nullopt;
  std::vector<std::size_t> numbers(std::min(batch_size, size_ - index_));
  std::iota(numbers.begin(), numbers.end(), index_);
  index_ += numbers.size();
  return numbers;
}
void SequentialSampler::save(serialize::OutputArchive& archive) const { write(archive, "index", index_); }
void SequentialSampler::load(serialize::InputArchive& archive) { index_ = read(archive, "index"); }

StreamSampler::StreamSampler(std::size_t epoch_size) : epoch_size_(epoch_size) {}
StreamSampler::~StreamSampler() = default;
void StreamSampler::reset(optional<std::size_t> new_size) {
  epoch_size_ = new_size.value_or(epoch_size_);
  given_ = 0;
}
optional<BatchSize> StreamSampler::next(std::size_t batch_size) {
  if (given_ >= epoch_size_) return nullopt;
  const std::size_t n = std::min(batch_size, epoch_size_ - given_);
  given_ += n;
  return BatchSize(n);
}
void StreamSampler::save(serialize::OutputArchive& archive) const {
  write(archive, "examples_retrieved_so_far", given_);
}
void StreamSampler::load(serialize::InputArchive& archive) { given_ = read(archive, "examples_retrieved_so_far"); }

DistributedSampler::DistributedSampler(std::size_t size, std::size_t num_replicas, std::size_t rank,
                                       bool allow_duplicates)
    : size_(size), num_replicas_(num_replicas), rank_(rank), allow_duplicates_(allow_duplicates) {
  check<ValueError>(num_replicas > 0 && rank < num_replicas, "DistributedSampler", "rank ",
                    static_cast<std::int64_t>(rank), " is not below num_replicas ",
                    static_cast<std::int64_t>(num_replicas));
  start(nullopt);
}
DistributedSampler::~DistributedSampler() = default;
std::size_t DistributedSampler::local_sample_count() const {
  return allow_duplicates_ ? (size_ + num_replicas_ - 1) / num_replicas_ : size_ / num_replicas_;
}
void DistributedSampler::start(optional<std::size_t> new_size) {
  size_ = new_size.value_or(size_);
  all_.resize(size_);
  std::iota(all_.begin(), all_.end(), std::size_t{0});
  begin_ = index_ = rank_ * local_sample_count();
  end_ = begin_ + local_sample_count();
}
optional<std::vector<std::size_t>> DistributedSampler::next(std::size_t batch_size) {
  if (index_ >= end_) return nullopt;
  const std::size_t n = std::min(batch_size, end_ - index_);
  std::vector<std::size_t> numbers(n);
  for (std::size_t k = 0; k < n; ++k) numbers[k] = all_[(index_ + k) % size_];
  index_ += n;
  return numbers;
}
void DistributedSampler::save(serialize::OutputArchive& archive) const {
  write(archive, "sample_index_", index_);
  write(archive, "epoch_", epoch_);
}
void DistributedSampler::load(serialize::InputArchive& archive) {
  set_epoch(read(archive, "epoch_"));
  reset(nullopt);
  index_ = read(archive, "sample_index_");
}

DistributedRandomSampler::DistributedRandomSampler(std::size_t size, std::size_t num_replicas, std::size_t rank,
                                                   bool allow_duplicates)
    : DistributedSampler(size, num_replicas, rank, allow_duplicates) {
  reset();
}
DistributedRandomSampler::~DistributedRandomSampler() = default;
void DistributedRandomSampler::reset(optional<std::size_t> new_size) {
  start(new_size);
  std::mt19937 random(static_cast<std::mt19937::result_type>(epoch_));
  std::shuffle(all_.begin(), all_.end(), random);
}

DistributedSequentialSampler::DistributedSequentialSampler(std::size_t size, std::size_t num_replicas, std::size_t rank,
                                                           bool allow_duplicates)
    : DistributedSampler(size, num_replicas, rank, allow_duplicates) {}
DistributedSequentialSampler::~DistributedSequentialSampler() = default;
void DistributedSequentialSampler::reset(optional<std::size_t> new_size) { start(new_size); }

}  // namespace gradtape::data::samplers
