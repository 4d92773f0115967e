#include "nn/data/loader.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "autograd/error.h"

namespace gradtape::data {

FullDataLoaderOptions::FullDataLoaderOptions(const DataLoaderOptions& o)
    : batch_size(o.batch_size()),
      workers(o.workers()),
      max_jobs(o.max_jobs().value_or(2 * o.workers())),
      timeout(o.timeout()),
      enforce_ordering(o.enforce_ordering()),
      drop_last(o.drop_last()) {
  check<ValueError>(batch_size > 0, "DataLoader", "batch_size must be positive");
  check<ValueError>(workers == 0 || max_jobs > 0, "DataLoader", "max_jobs must be positive with workers");
}

WorkerException::WorkerException(std::exception_ptr original)
    : original_exception(std::move(original)), message("Caught exception in DataLoader worker thread.") {
  try {
    std::rethrow_exception(original_exception);
  } catch (const std::exception& e) {
    message += std::string(" Original message: ") + e.what();
  } catch (...) {
    message += " It is no std::exception.";
  }
}
WorkerException::~WorkerException() = default;
const char* WorkerException::what() const noexcept { return message.c_str(); }

namespace detail {

struct Workers::State {
  Work work;
  bool in_order;
  std::mutex mutex;
  std::condition_variable has_job, has_result;
  std::deque<std::pair<std::size_t, Value>> jobs;
  std::map<std::size_t, Result> results;  // by job number
  std::size_t running = 0;
  bool stop = false;
  std::vector<std::thread> threads;

  void run(std::size_t worker) {
    std::unique_lock<std::mutex> lock(mutex);
    for (;;) {
      has_job.wait(lock, [this] { return stop || !jobs.empty(); });
      if (stop) return;
      auto [number, job] = std::move(jobs.front());
      jobs.pop_front();
      ++running;
      lock.unlock();
      Result r;
      try {
        r.value = work(worker, job);
      } catch (...) {
        r.error = std::current_exception();
      }
      job.reset();
      lock.lock();
      --running;
      results.emplace(number, std::move(r));
      has_result.notify_all();
    }
  }
};

Workers::Workers(std::size_t count, Work work, bool in_order) : state_(std::make_unique<State>()) {
  state_->work = std::move(work);
  state_->in_order = in_order;
  for (std::size_t k = 0; k < count; ++k) state_->threads.emplace_back([s = state_.get(), k] { s->run(k); });
}
Workers::~Workers() { join(); }

void Workers::push(Value job) {
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    state_->jobs.emplace_back(pushed_++, std::move(job));
  }
  ++in_flight_;
  state_->has_job.notify_one();
}
Workers::Result Workers::pop(const optional<std::chrono::milliseconds>& timeout) {
  State& s = *state_;
  std::unique_lock<std::mutex> lock(s.mutex);
  const auto ready = [&] { return s.in_order ? s.results.count(popped_) > 0 : !s.results.empty(); };
  if (timeout) {
    check(s.has_result.wait_for(lock, *timeout, ready), "DataLoader", "timeout: no batch came within ",
          static_cast<std::int64_t>(timeout->count()), " ms");
  } else {
    s.has_result.wait(lock, ready);
  }
  const auto it = s.in_order ? s.results.find(popped_) : s.results.begin();
  Result r = std::move(it->second);
  s.results.erase(it);
  ++popped_;
  --in_flight_;
  return r;
}
void Workers::drain() {
  State& s = *state_;
  std::unique_lock<std::mutex> lock(s.mutex);
  s.jobs.clear();
  s.has_result.wait(lock, [&] { return s.running == 0; });
  s.results.clear();
  popped_ = pushed_;
  in_flight_ = 0;
}
void Workers::join() {
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    state_->stop = true;
    state_->jobs.clear();
  }
  state_->has_job.notify_all();
  for (std::thread& t : state_->threads)
    if (t.joinable()) t.join();
  in_flight_ = 0;
}

void fail_at_end(const char* done) { gradtape::fail("DataLoader", "an iterator at its end was ", done); }
void fail_busy() {
  gradtape::fail("DataLoader",
                 "begin() was called while the workers are at another iterator's batches; run through that "
                 "one first");
}
void fail_unsized() {
  gradtape::fail("make_data_loader", "the dataset has no size(); pass a sampler, as StreamSampler(epoch_size)");
}

}  // namespace detail
}  // namespace gradtape::data
