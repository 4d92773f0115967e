#pragma once
// Datasets: where batches come from. Derive from Dataset (one example by number), StreamDataset (as many as asked for)
// or StatefulDataset (which ends by itself and starts anew at reset()).
#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

#include "../../autograd/ops.h"
#include "../serialize.h"

namespace gradtape::data {

namespace example {
using NoTarget = void;
}
template <class Data = Tensor, class Target = Tensor>
struct Example {
  using DataType = Data;
  using TargetType = Target;
  Example() = default;
  Example(Data d, Target t) : data(std::move(d)), target(std::move(t)) {}
  Data data;
  Target target;
};
template <class Data>
struct Example<Data, example::NoTarget> {
  using DataType = Data;
  using TargetType = example::NoTarget;
  Example() = default;
  Example(Data d) : data(std::move(d)) {}        // NOLINT(google-explicit-constructor)
  operator Data&() { return data; }              // NOLINT(google-explicit-constructor)
  operator const Data&() const { return data; }  // NOLINT(google-explicit-constructor)
  Data data;
};
using TensorExample = Example<Tensor, example::NoTarget>;

namespace datasets {

namespace detail {
template <class T>
constexpr bool is_optional = false;
template <class T>
constexpr bool is_optional<optional<T>> = true;
template <class Batch>
struct Bare {
  using type = Batch;
};
template <class Batch>
struct Bare<optional<Batch>> {
  using type = Batch;
};
}  // namespace detail

template <class Source, class Applied>
class MapDataset;

// What the loader asks: a batch for a request, which is a list of numbers or a count.
template <class Self, class Batch = std::vector<Example<>>, class BatchRequest = ArrayRef<std::size_t>>
class BatchDataset {
 public:
  using SelfType = Self;
  using BatchType = Batch;
  using BatchRequestType = BatchRequest;
  static constexpr bool is_stateful = detail::is_optional<Batch>;

  virtual ~BatchDataset() = default;
  virtual Batch get_batch(BatchRequest request) = 0;
  // Number of examples, where it is known.
  virtual optional<std::size_t> size() const = 0;
  // This dataset with a transform behind it.
  template <class T>
  MapDataset<Self, T> map(T transform) & {
    return MapDataset<Self, T>(static_cast<Self&>(*this), std::move(transform));
  }
  template <class T>
  MapDataset<Self, T> map(T transform) && {
    return MapDataset<Self, T>(std::move(static_cast<Self&>(*this)), std::move(transform));
  }
};

template <class Self, class SingleExample = Example<>>
class Dataset : public BatchDataset<Self, std::vector<SingleExample>> {
 public:
  using ExampleType = SingleExample;
  // Example number `index`, below size().
  virtual ExampleType get(std::size_t index) = 0;
  std::vector<ExampleType> get_batch(ArrayRef<std::size_t> indices) override {
    std::vector<ExampleType> batch;
    batch.reserve(indices.size());
    for (const std::size_t i : indices) batch.push_back(get(i));
    return batch;
  }
};

template <class Self, class Batch = std::vector<Example<>>>
using StreamDataset = BatchDataset<Self, Batch, std::size_t>;

// get_batch gives nullopt at the end. With workers, all of them call the one dataset: it guards itself.
template <class Self, class Batch = std::vector<Example<>>, class BatchRequest = std::size_t>
class StatefulDataset : public BatchDataset<Self, optional<Batch>, BatchRequest> {
 public:
  virtual void reset() = 0;
  virtual void save(serialize::OutputArchive& archive) const = 0;
  virtual void load(serialize::InputArchive& archive) = 0;
};

template <class Source, class Applied>
class MapDataset
    : public BatchDataset<MapDataset<Source, Applied>,
                          std::conditional_t<Source::is_stateful, optional<typename Applied::OutputBatchType>,
                                             typename Applied::OutputBatchType>,
                          typename Source::BatchRequestType> {
 public:
  using DatasetType = Source;
  using TransformType = Applied;
  using BatchRequestType = typename Source::BatchRequestType;
  using OutputBatchType = std::conditional_t<Source::is_stateful, optional<typename Applied::OutputBatchType>,
                                             typename Applied::OutputBatchType>;
  static_assert(
      std::is_same_v<typename detail::Bare<typename Source::BatchType>::type, typename Applied::InputBatchType>,
      "the dataset's batches are not what the transform takes");

  MapDataset(Source dataset, Applied transform) : dataset_(std::move(dataset)), transform_(std::move(transform)) {}
  OutputBatchType get_batch(BatchRequestType request) override {
    if constexpr (Source::is_stateful) {
      auto batch = dataset_.get_batch(std::move(request));
      if (!batch) return nullopt;
      return transform_.apply_batch(std::move(*batch));
    } else {
      return transform_.apply_batch(dataset_.get_batch(std::move(request)));
    }
  }
  optional<std::size_t> size() const override { return dataset_.size(); }
  void reset() { dataset_.reset(); }
  const Source& dataset() noexcept { return dataset_; }
  const Applied& transform() noexcept { return transform_; }

 private:
  Source dataset_;
  Applied transform_;
};
template <class D, class T>
MapDataset<D, T> map(D dataset, T transform) {
  return MapDataset<D, T>(std::move(dataset), std::move(transform));
}

// The rows of a tensor, or tensors of one shape.
struct TensorDataset : public Dataset<TensorDataset, TensorExample> {
  explicit TensorDataset(const std::vector<Tensor>& tensors) : tensor(stack(tensors)) {}
  explicit TensorDataset(Tensor t) : tensor(std::move(t)) {}
  TensorExample get(std::size_t index) override { return tensor[static_cast<std::int64_t>(index)]; }
  optional<std::size_t> size() const override { return static_cast<std::size_t>(tensor.size(0)); }
  Tensor tensor;
};

}  // namespace datasets
}  // namespace gradtape::data
