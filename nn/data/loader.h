#pragma once
// make_data_loader(dataset, sampler or none, options): batches of a dataset, one epoch for each begin(). With workers,
// threads prepare batches ahead, each with a copy of the dataset (a stateful one is shared).
//   auto loader = data::make_data_loader(std::move(dataset).map(data::transforms::Stack<>()), 64);
//   for (data::Example<>& batch : *loader) ...
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../arg.h"
#include "dataset.h"
#include "samplers.h"

namespace gradtape::data {

struct DataLoaderOptions {
  DataLoaderOptions() = default;
  DataLoaderOptions(std::size_t batch_size) : batch_size_(batch_size) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(std::size_t, batch_size) = 1;
  GRADTAPE_ARG(std::size_t, workers) = 0;                                // 0: batches are made by the thread that asks
  GRADTAPE_ARG(optional<std::size_t>, max_jobs) = nullopt;               // batches prepared ahead; 2 a worker
  GRADTAPE_ARG(optional<std::chrono::milliseconds>, timeout) = nullopt;  // for one batch, of workers
  GRADTAPE_ARG(bool, enforce_ordering) = true;  // batches come in the sampler's order, whichever is ready first
  GRADTAPE_ARG(bool, drop_last) = false;        // a last batch that is smaller
};
struct FullDataLoaderOptions {
  explicit FullDataLoaderOptions(const DataLoaderOptions& o);
  std::size_t batch_size, workers, max_jobs;
  optional<std::chrono::milliseconds> timeout;
  bool enforce_ordering, drop_last;
};

// An exception that a worker ran into, thrown where the batch is asked for.
struct WorkerException : public std::exception {
  explicit WorkerException(std::exception_ptr original);
  ~WorkerException() override;
  const char* what() const noexcept override;
  std::exception_ptr original_exception;
  std::string message;
};

namespace detail {

// Threads that turn jobs into results; both are of types that only the loader knows.
class Workers {
 public:
  using Value = std::shared_ptr<void>;
  using Work = std::function<Value(std::size_t worker, const Value& job)>;
  struct Result {
    Value value;
    std::exception_ptr error;
  };
  Workers(std::size_t count, Work work, bool in_order);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();
  void push(Value job);
  std::size_t in_flight() const { return in_flight_; }
  // The next result, in the order of jobs or of their ends. Throws when it takes longer than `timeout`.
  Result pop(const optional<std::chrono::milliseconds>& timeout);
  // Drops jobs that have not begun and waits for the others.
  void drain();
  void join();

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::size_t in_flight_ = 0, pushed_ = 0, popped_ = 0;
};
[[noreturn]] void fail_at_end(const char* done);
[[noreturn]] void fail_busy();
[[noreturn]] void fail_unsized();

}  // namespace detail

template <class Batch>
class Iterator {
 public:
  using difference_type = std::ptrdiff_t;
  using value_type = Batch;
  using pointer = Batch*;
  using reference = Batch&;
  using iterator_category = std::input_iterator_tag;
  using Next = std::function<optional<Batch>()>;

  Iterator() = default;  // the end
  explicit Iterator(Next next) : shared_(std::make_shared<Shared>()) { shared_->next = std::move(next); }
  Iterator& operator++() {
    need("incremented");
    shared_->batch = shared_->next();
    return *this;
  }
  Batch& operator*() {
    need("read");
    return *shared_->batch;
  }
  Batch* operator->() { return &**this; }
  bool operator==(const Iterator& o) const { return shared_ == o.shared_ || (at_end() && o.at_end()); }
  bool operator!=(const Iterator& o) const { return !(*this == o); }

 private:
  struct Shared {
    Next next;
    optional<Batch> batch;
    bool begun = false;
  };
  // The first batch is made when it is looked at.
  bool at_end() const {
    if (!shared_) return true;
    if (!shared_->begun) {
      shared_->begun = true;
      shared_->batch = shared_->next();
    }
    return !shared_->batch;
  }
  void need(const char* what) const {
    if (at_end()) detail::fail_at_end(what);
  }
  std::shared_ptr<Shared> shared_;
};

template <class Dataset, class Batch, class BatchRequest>
class DataLoaderBase {
 public:
  using BatchType = Batch;
  using BatchRequestType = BatchRequest;

  DataLoaderBase(const DataLoaderBase&) = delete;
  DataLoaderBase& operator=(const DataLoaderBase&) = delete;
  virtual ~DataLoaderBase() = default;
  // A new epoch. Throws while the batches of another iterator are still being made by workers.
  Iterator<Batch> begin() {
    if (workers_ && workers_->in_flight() > 0) detail::fail_busy();
    reset();
    if (workers_)
      for (std::size_t k = 0; k < options_.max_jobs; ++k) ask_workers();
    return Iterator<Batch>([this] { return next(); });
  }
  Iterator<Batch> end() { return {}; }
  // Stops the workers; to be called once, where the destructor is too late.
  void join() {
    if (workers_) workers_->join();
  }
  const FullDataLoaderOptions& options() const noexcept { return options_; }

 protected:
  explicit DataLoaderBase(const DataLoaderOptions& options) : options_(options) {}
  virtual void reset() {
    if (workers_) workers_->drain();
  }
  virtual optional<BatchRequest> get_batch_request() = 0;
  void start(Dataset& first, std::vector<Dataset>* copies) {
    dataset_ = &first;
    if (options_.workers == 0) return;
    workers_ = std::make_unique<detail::Workers>(
        options_.workers,
        [&first, copies](std::size_t worker, const detail::Workers::Value& job) {
          Dataset& dataset = copies ? (*copies)[worker] : first;
          return boxed(dataset.get_batch(*static_cast<BatchRequest*>(job.get())));
        },
        options_.enforce_ordering);
  }

  FullDataLoaderOptions options_;

 private:
  static detail::Workers::Value boxed(Batch batch) { return std::make_shared<Batch>(std::move(batch)); }
  static detail::Workers::Value boxed(optional<Batch> batch) { return batch ? boxed(std::move(*batch)) : nullptr; }
  void ask_workers() {
    if (optional<BatchRequest> request = get_batch_request())
      workers_->push(std::make_shared<BatchRequest>(std::move(*request)));
  }
  optional<Batch> next() {
    if (!workers_) {
      optional<BatchRequest> request = get_batch_request();
      if (!request) return nullopt;
      return dataset_->get_batch(std::move(*request));
    }
    while (workers_->in_flight() > 0) {
      detail::Workers::Result r = workers_->pop(options_.timeout);
      if (r.error) throw WorkerException(r.error);
      if (!r.value) continue;  // a stateful dataset has come to its end
      ask_workers();
      return std::move(*static_cast<Batch*>(r.value.get()));
    }
    return nullopt;
  }
  Dataset* dataset_ = nullptr;
  std::unique_ptr<detail::Workers> workers_;
};

template <class Dataset, class Sampler>
class StatelessDataLoader
    : public DataLoaderBase<Dataset, typename Dataset::BatchType, typename Sampler::BatchRequestType> {
  using Base = DataLoaderBase<Dataset, typename Dataset::BatchType, typename Sampler::BatchRequestType>;

 public:
  StatelessDataLoader(Dataset dataset, Sampler sampler, const DataLoaderOptions& options)
      : Base(options), sampler_(std::move(sampler)) {
    const std::size_t copies = this->options_.workers > 0 ? this->options_.workers : 1;
    for (std::size_t k = 1; k < copies; ++k) datasets_.push_back(dataset);
    datasets_.push_back(std::move(dataset));
    this->start(datasets_[0], &datasets_);
  }
  ~StatelessDataLoader() override { this->join(); }

 private:
  void reset() override {
    sampler_.reset(nullopt);
    Base::reset();
  }
  optional<typename Sampler::BatchRequestType> get_batch_request() override {
    auto request = sampler_.next(this->options_.batch_size);
    if (request && this->options_.drop_last && request->size() < this->options_.batch_size) return nullopt;
    return request;
  }
  Sampler sampler_;
  std::vector<Dataset> datasets_;
};

template <class Dataset>
class StatefulDataLoader
    : public DataLoaderBase<Dataset, typename Dataset::BatchType::value_type, typename Dataset::BatchRequestType> {
  using Base = DataLoaderBase<Dataset, typename Dataset::BatchType::value_type, typename Dataset::BatchRequestType>;

 public:
  StatefulDataLoader(Dataset dataset, const DataLoaderOptions& options) : Base(options), dataset_(std::move(dataset)) {
    this->start(dataset_, nullptr);
  }
  ~StatefulDataLoader() override { this->join(); }

 private:
  void reset() override {
    Base::reset();
    dataset_.reset();
  }
  optional<typename Dataset::BatchRequestType> get_batch_request() override { return this->options_.batch_size; }
  Dataset dataset_;
};

template <class Dataset, class Sampler>
std::enable_if_t<!Dataset::is_stateful, std::unique_ptr<StatelessDataLoader<Dataset, Sampler>>> make_data_loader(
    Dataset dataset, Sampler sampler, DataLoaderOptions options) {
  return std::make_unique<StatelessDataLoader<Dataset, Sampler>>(std::move(dataset), std::move(sampler), options);
}
template <class Sampler = samplers::RandomSampler, class Dataset>
std::enable_if_t<!Dataset::is_stateful && std::is_constructible_v<Sampler, std::size_t>,
                 std::unique_ptr<StatelessDataLoader<Dataset, Sampler>>>
make_data_loader(Dataset dataset, DataLoaderOptions options = {}) {
  const optional<std::size_t> size = dataset.size();
  if (!size) detail::fail_unsized();
  if constexpr (std::is_same_v<Sampler, samplers::RandomSampler>) {
    Sampler sampler(static_cast<std::int64_t>(*size));
    return std::make_unique<StatelessDataLoader<Dataset, Sampler>>(std::move(dataset), std::move(sampler), options);
  } else {
    return std::make_unique<StatelessDataLoader<Dataset, Sampler>>(std::move(dataset), Sampler(*size), options);
  }
}
template <class Dataset, class = std::enable_if_t<Dataset::is_stateful>>
std::unique_ptr<StatefulDataLoader<Dataset>> make_data_loader(Dataset dataset, DataLoaderOptions options = {}) {
  return std::make_unique<StatefulDataLoader<Dataset>>(std::move(dataset), options);
}

}  // namespace gradtape::data
