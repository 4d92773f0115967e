#include "autograd/core/thread_pool.h"

#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <new>
#include <thread>

#include "autograd/error.h"
#include "autograd/threads.h"

namespace gradtape::core {
namespace {

struct Job {
  std::int64_t blocks;
  void (*body)(void*, std::int64_t);
  void* context;
  std::atomic<std::int64_t> next{0};
  std::atomic<bool> failed{false};
  std::exception_ptr error;  // written by the one that set `failed`, read when all have left
};

struct Pool {
  std::mutex job_mutex;  // held by the thread whose job runs
  std::mutex mutex;      // guards what follows
  std::condition_variable wake, left;
  Job* job = nullptr;
  int open = 0;    // workers that may still join the job
  int inside = 0;  // workers that have joined and not left
  int workers = 0;
  std::atomic<std::int64_t> done{0};
};

// Replaced, never destroyed: a child of fork() has none of the threads, and locks in any state.
std::atomic<Pool*> current{nullptr};

Pool& pool() {
  Pool* p = current.load(std::memory_order_acquire);
  if (p) return *p;
  static std::mutex making;
  const std::lock_guard<std::mutex> lock(making);
  p = current.load(std::memory_order_acquire);
  if (!p) {
    static const int at_fork = pthread_atfork(nullptr, nullptr, [] { current.store(new (std::nothrow) Pool); });
    static_cast<void>(at_fork);
    p = new Pool;
    current.store(p, std::memory_order_release);
  }
  return *p;
}

thread_local bool inside_block = false;

std::int64_t take_blocks(Job& job) {
  std::int64_t mine = 0;
  inside_block = true;
  for (;;) {
    const std::int64_t block = job.next.fetch_add(1, std::memory_order_relaxed);
    if (block >= job.blocks) break;
    ++mine;
    try {
      job.body(job.context, block);
    } catch (...) {
      if (!job.failed.exchange(true)) job.error = std::current_exception();
      job.next.store(job.blocks, std::memory_order_relaxed);
    }
  }
  inside_block = false;
  return mine;
}

void work(Pool* p) {
  std::unique_lock<std::mutex> lock(p->mutex);
  for (;;) {
    p->wake.wait(lock, [p] { return p->open > 0; });
    --p->open;
    ++p->inside;
    Job& job = *p->job;
    lock.unlock();
    p->done.fetch_add(take_blocks(job), std::memory_order_relaxed);
    lock.lock();
    if (--p->inside == 0) p->left.notify_one();
  }
}

int positive(const char* text) {
  if (!text || !*text) return 0;
  char* end = nullptr;
  const long n = std::strtol(text, &end, 10);
  return n > 0 && n <= 65536 && (*end == 0 || *end == ',') ? static_cast<int>(n) : 0;
}

int first_number() {
  const char* ours = std::getenv("GRADTAPE_NUM_THREADS");
  if (ours && *ours) {
    const int n = positive(ours);
    check<ValueError>(n > 0, "GRADTAPE_NUM_THREADS", "\"", ours, "\" is not a number of threads; need 1, 2, ...");
    return n;
  }
  if (const int n = positive(std::getenv("OMP_NUM_THREADS"))) return n;
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0 && CPU_COUNT(&allowed) > 0) return CPU_COUNT(&allowed);
  const unsigned n = std::thread::hardware_concurrency();
  return n == 0 ? 1 : static_cast<int>(n);
}

std::atomic<int>& number() {
  static std::atomic<int> n{first_number()};
  return n;
}

void run_alone(std::int64_t blocks, void (*body)(void*, std::int64_t), void* context) {
  for (std::int64_t block = 0; block < blocks; ++block) body(context, block);
}

}  // namespace

void run_blocks(std::int64_t blocks, void (*body)(void*, std::int64_t), void* context) {
  const int threads = get_num_threads();
  if (threads == 1 || blocks < 2 || inside_block) return run_alone(blocks, body, context);
  Pool& p = pool();
  const std::unique_lock<std::mutex> only(p.job_mutex, std::try_to_lock);
  if (!only.owns_lock()) return run_alone(blocks, body, context);

  Job job;
  job.blocks = blocks;
  job.body = body;
  job.context = context;
  const int wanted = static_cast<int>(blocks < threads ? blocks - 1 : threads - 1);
  {
    const std::lock_guard<std::mutex> lock(p.mutex);
    try {
      for (; p.workers < wanted; ++p.workers) std::thread(work, &p).detach();
    } catch (const std::system_error&) {
      // With the threads that the system grants.
    }
    p.job = &job;
    p.open = wanted < p.workers ? wanted : p.workers;
  }
  if (wanted == 1) {
    p.wake.notify_one();
  } else {
    p.wake.notify_all();
  }
  take_blocks(job);
  {
    std::unique_lock<std::mutex> lock(p.mutex);
    p.open = 0;
    p.left.wait(lock, [&p] { return p.inside == 0; });
    p.job = nullptr;
  }
  if (job.failed) std::rethrow_exception(job.error);
}

std::int64_t worker_blocks() noexcept {
  Pool* p = current.load(std::memory_order_acquire);
  return p ? p->done.load(std::memory_order_relaxed) : 0;
}

}  // namespace gradtape::core

namespace gradtape {

void set_num_threads(int threads) {
  check<ValueError>(threads > 0, "set_num_threads", "expected a positive number of threads, not ", threads);
  core::number().store(threads, std::memory_order_relaxed);
}
int get_num_threads() { return core::number().load(std::memory_order_relaxed); }

}  // namespace gradtape
