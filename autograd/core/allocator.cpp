#include "autograd/core/allocator.h"

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <new>

#include "autograd/error.h"

namespace gradtape::core {

__thread ThreadCache* tls_cache = nullptr;

namespace {

constexpr std::int64_t kMaxCached = 1LL << 30;  // bytes of large blocks one thread keeps
constexpr unsigned kLastSmall = size_class_of(kSmall);

struct Global {
  std::mutex mutex;
  FreeBlock* depot[kClasses] = {};
  ThreadCache* threads = nullptr;
  std::int64_t in_use = 0, heap = 0;  // of threads that are gone
};
Global& global() {
  alignas(Global) static unsigned char room[sizeof(Global)];
  static Global* const g = new (room) Global;
  return *g;
}

__thread bool tls_dead = false;

void* from_system(std::size_t bytes) {
  void* p = nullptr;
  check(posix_memalign(&p, 64, bytes) == 0, "allocate", "out of memory: ", static_cast<std::int64_t>(bytes),
        " bytes were asked for");
  return p;
}

void retire(ThreadCache* c) noexcept {
  Global& g = global();
  std::lock_guard<std::mutex> lock(g.mutex);
  for (unsigned k = 0; k < kClasses; ++k) {
    for (FreeBlock* list : {c->head[k], c->spare[k]}) {
      if (!list) continue;
      if (k <= kLastSmall) {
        list->next_magazine = g.depot[k];
        list->length = list == c->head[k] ? c->count[k] : kTable.of[k].magazine;
        g.depot[k] = list;
      } else {
        while (list) {
          FreeBlock* b = list;
          list = b->next;
          std::free(b);
        }
      }
    }
  }
  g.in_use += c->in_use.load(std::memory_order_relaxed);
  g.heap += c->system_calls.load(std::memory_order_relaxed);
  for (ThreadCache** p = &g.threads; *p; p = &(*p)->next)
    if (*p == c) {
      *p = c->next;
      break;
    }
  delete c;
}

struct Reaper {
  ~Reaper() {
    ThreadCache* c = tls_cache;
    tls_cache = nullptr;
    tls_dead = true;
    if (c) retire(c);
  }
  void touch() {}
};

ThreadCache* make_cache() {
  if (tls_dead) return nullptr;
  static thread_local Reaper reaper;
  reaper.touch();
  auto* c = new ThreadCache;
  Global& g = global();
  std::lock_guard<std::mutex> lock(g.mutex);
  c->next = g.threads;
  g.threads = c;
  return tls_cache = c;
}

FreeBlock* take_magazine(unsigned k) noexcept {
  Global& g = global();
  std::lock_guard<std::mutex> lock(g.mutex);
  FreeBlock* m = g.depot[k];
  if (m) g.depot[k] = m->next_magazine;
  return m;
}
void give_magazine(unsigned k, FreeBlock* m) noexcept {
  Global& g = global();
  std::lock_guard<std::mutex> lock(g.mutex);
  m->next_magazine = g.depot[k];
  g.depot[k] = m;
}

FreeBlock* cut_slab(unsigned k) {
  const auto size = static_cast<std::size_t>(kTable.of[k].bytes);
  const unsigned n = kTable.of[k].magazine;
  auto* raw = static_cast<unsigned char*>(from_system(size * n));
  FreeBlock* list = nullptr;
  for (unsigned i = n; i-- > 0;) {
    auto* b = reinterpret_cast<FreeBlock*>(raw + i * size);
    b->next = list;
    list = b;
  }
  list->length = n;
  return list;
}

// Without a cache of its own, as at the very end of a thread.
void count_uncached(std::int64_t bytes) noexcept {
  Global& g = global();
  const std::lock_guard<std::mutex> lock(g.mutex);
  g.in_use += bytes;
}
void* allocate_uncached(unsigned k) {
  count_uncached(kTable.of[k].bytes);
  FreeBlock* m = k <= kLastSmall ? take_magazine(k) : nullptr;
  if (!m) return from_system(class_bytes(k));
  if (m->next) {
    m->next->length = m->length - 1;
    give_magazine(k, m->next);
  }
  return m;
}

}  // namespace

void* allocate_slow(unsigned k) {
#ifdef GRADTAPE_NO_CACHE
  return from_system(class_bytes(k));
#endif
  ThreadCache* c = tls_cache ? tls_cache : make_cache();
  if (!c) return allocate_uncached(k);
  const auto [bytes, magazine] = kTable.of[k];
  if (k > kLastSmall) {
    void* p = from_system(static_cast<std::size_t>(bytes));
    bump(c->system_calls, 1);
    bump(c->held, bytes);
    bump(c->in_use, bytes);
    return p;
  }
  if (c->spare[k]) {
    c->head[k] = c->spare[k];
    c->spare[k] = nullptr;
    c->count[k] = magazine;
  } else {
    c->head[k] = take_magazine(k);
    if (!c->head[k]) {
      c->head[k] = cut_slab(k);
      bump(c->system_calls, 1);
    }
    c->count[k] = c->head[k]->length;
    bump(c->held, bytes * c->count[k]);
  }
  return allocate_class(k);
}

void deallocate_slow(void* p, unsigned k) noexcept {
#ifdef GRADTAPE_NO_CACHE
  std::free(p);
  return;
#endif
  ThreadCache* c = tls_cache;
  if (!c && !tls_dead) {
    try {
      c = make_cache();
    } catch (...) {
      c = nullptr;
    }
  }
  const auto [bytes, magazine] = kTable.of[k];
  auto* b = static_cast<FreeBlock*>(p);
  if (!c) {
    count_uncached(-bytes);
    if (k > kLastSmall) {
      std::free(p);
    } else {
      b->next = nullptr;
      b->length = 1;
      give_magazine(k, b);
    }
    return;
  }
  if (k > kLastSmall) {
    bump(c->in_use, -bytes);
    if (c->held.load(std::memory_order_relaxed) - c->in_use.load(std::memory_order_relaxed) > kMaxCached) {
      bump(c->held, -bytes);
      std::free(p);
      return;
    }
    b->next = c->head[k];
    c->head[k] = b;
    ++c->count[k];
    return;
  }
  if (c->count[k] >= magazine) {
    if (c->spare[k]) {
      c->spare[k]->length = magazine;
      give_magazine(k, c->spare[k]);
      bump(c->held, -bytes * magazine);
    }
    c->spare[k] = c->head[k];
    c->head[k] = nullptr;
    c->count[k] = 0;
  }
  deallocate(p, k);
}

Block allocate(std::size_t bytes) {
  check(bytes < (std::size_t{1} << 46), "allocate", "out of memory: ", static_cast<std::int64_t>(bytes),
        " bytes were asked for");
  const unsigned k = size_class_of(bytes);
  return {allocate_class(k), k};
}

AllocatorStatistics allocator_statistics() noexcept {
  Global& g = global();
  std::lock_guard<std::mutex> lock(g.mutex);
  AllocatorStatistics s{g.in_use, 0, static_cast<std::uint64_t>(g.heap)};
  for (ThreadCache* c = g.threads; c; c = c->next) {
    s.bytes_in_use += c->in_use.load(std::memory_order_relaxed);
    s.bytes_cached += c->held.load(std::memory_order_relaxed) - c->in_use.load(std::memory_order_relaxed);
    s.heap_allocations += static_cast<std::uint64_t>(c->system_calls.load(std::memory_order_relaxed));
  }
  return s;
}

void empty_cache() noexcept {
  ThreadCache* c = tls_cache;
  if (!c) return;
  for (unsigned k = 0; k < kClasses; ++k) {
    if (k <= kLastSmall) continue;
    while (FreeBlock* b = c->head[k]) {
      c->head[k] = b->next;
      bump(c->held, -kTable.of[k].bytes);
      std::free(b);
    }
    c->count[k] = 0;
  }
}

}  // namespace gradtape::core
