#pragma once
// Samplers: in what order a loader visits the examples of a dataset.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../../autograd/tensor.h"
#include "../serialize.h"

namespace gradtape::data::samplers {

template <class BatchRequest = std::vector<std::size_t>>
class Sampler {
 public:
  using BatchRequestType = BatchRequest;
  virtual ~Sampler() = default;
  // A new epoch, over `new_size` examples from now on where it is given.
  virtual void reset(optional<std::size_t> new_size) = 0;
  // At most batch_size numbers; nullopt at the end of the epoch.
  virtual optional<BatchRequest> next(std::size_t batch_size) = 0;
  virtual void save(serialize::OutputArchive& archive) const = 0;
  virtual void load(serialize::InputArchive& archive) = 0;
};

// Every number once, in an order drawn from the default generator.
class RandomSampler : public Sampler<> {
 public:
  explicit RandomSampler(std::int64_t size, Dtype index_dtype = kInt64);
  ~RandomSampler() override;
  void reset(optional<std::size_t> new_size = nullopt) override;
  optional<std::vector<std::size_t>> next(std::size_t batch_size) override;
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;
  std::size_t index() const noexcept { return static_cast<std::size_t>(index_); }

 private:
  Tensor indices_;
  std::int64_t index_ = 0;
};

class SequentialSampler : public Sampler<> {
 public:
  explicit SequentialSampler(std::size_t size);
  ~SequentialSampler() override;
  void reset(optional<std::size_t> new_size = nullopt) override;
  optional<std::vector<std::size_t>> next(std::size_t batch_size) override;
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;
  std::size_t index() const noexcept { return index_; }

 private:
  std::size_t size_, index_ = 0;
};

// Counts for datasets that are asked for a number of examples.
struct BatchSize {
  explicit BatchSize(std::size_t n) : size_(n) {}
  std::size_t size() const noexcept { return size_; }
  operator std::size_t() const noexcept { return size_; }  // NOLINT(google-explicit-constructor)
  std::size_t size_;
};
class StreamSampler : public Sampler<BatchSize> {
 public:
  explicit StreamSampler(std::size_t epoch_size);
  ~StreamSampler() override;
  void reset(optional<std::size_t> new_size = nullopt) override;
  optional<BatchSize> next(std::size_t batch_size) override;
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;

 private:
  std::size_t epoch_size_, given_ = 0;
};

// One share of several of the same size, one for each of num_replicas processes. With allow_duplicates the last share
// is filled up with examples from the beginning, else what does not divide is left out.
class DistributedSampler : public Sampler<> {
 public:
  DistributedSampler(std::size_t size, std::size_t num_replicas, std::size_t rank, bool allow_duplicates);
  ~DistributedSampler() override;
  optional<std::vector<std::size_t>> next(std::size_t batch_size) override;
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;
  std::size_t index() const noexcept { return index_; }
  // The same in all processes; call before reset(), so that every epoch has another order.
  void set_epoch(std::size_t epoch) { epoch_ = epoch; }
  std::size_t epoch() const { return epoch_; }

 protected:
  std::size_t local_sample_count() const;
  // Sizes anew, numbers 0, 1, .. in order.
  void start(optional<std::size_t> new_size);
  std::size_t size_, num_replicas_, rank_, epoch_ = 0;
  bool allow_duplicates_;
  std::size_t begin_ = 0, index_ = 0, end_ = 0;
  std::vector<std::size_t> all_;
};
// Shares of an order drawn from the epoch's number.
class DistributedRandomSampler : public DistributedSampler {
 public:
  DistributedRandomSampler(std::size_t size, std::size_t num_replicas = 1, std::size_t rank = 0,
                           bool allow_duplicates = true);
  ~DistributedRandomSampler() override;
  void reset(optional<std::size_t> new_size = nullopt) override;
};
class DistributedSequentialSampler : public DistributedSampler {
 public:
  DistributedSequentialSampler(std::size_t size, std::size_t num_replicas = 1, std::size_t rank = 0,
                               bool allow_duplicates = true);
  ~DistributedSequentialSampler() override;
  void reset(optional<std::size_t> new_size = nullopt) override;
};

}  // namespace gradtape::data::samplers
