#include "autograd/core/allocator.h"

#include <sys/mman.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <new>

#include "autograd/error.h"

namespace gradtape::core {

__thread ThreadCache* tls_cache = nullptr;

namespace {

constexpr std::int64_t kMaxCached = 1LL << 30;  // bytes of large blocks one thread keeps

struct Global {
  std::mutex mutex;
  FreeBlock* depot[kClasses] = {};
  ThreadCache* threads = nullptr;
  std::int64_t in_use = 0, heap = 0;  // of threads that are gone
  unsigned char* room = nullptr;      // of the arena that slabs are cut from; see from_arena
  std::size_t room_bytes = 0, arena_bytes = 0;
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
      if (is_small(k)) {
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

// A long tape spreads over tens of megabytes, and looking up pages of 4 KB costs more than reading them. So after the
// first megabyte slabs come from huge pages, where the system has them.
constexpr std::size_t kArena = std::size_t{2} << 20, kFirstArenas = std::size_t{1} << 20;

unsigned char* huge_arena() noexcept {
#ifdef MADV_HUGEPAGE
  void* p = mmap(nullptr, 2 * kArena, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) return nullptr;
  auto* raw = static_cast<unsigned char*>(p);
  const std::size_t before = (kArena - reinterpret_cast<std::uintptr_t>(raw) % kArena) % kArena;
  if (before != 0) munmap(raw, before);
  munmap(raw + before + kArena, kArena - before);
  madvise(raw + before, kArena, MADV_HUGEPAGE);
  return raw + before;
#else
  return nullptr;
#endif
}

// `asked` tells whether the system was asked for more.
unsigned char* from_arena(std::size_t bytes, bool& asked) {
  Global& g = global();
  const std::lock_guard<std::mutex> lock(g.mutex);
  asked = g.room_bytes < bytes;
  if (asked) {
    unsigned char* arena = g.arena_bytes < kFirstArenas ? nullptr : huge_arena();
    const std::size_t size = arena ? kArena : bytes;
    if (!arena) arena = static_cast<unsigned char*>(from_system(size));
    g.room = arena;
    g.room_bytes = size;
    g.arena_bytes += size;
  }
  unsigned char* p = g.room;
  g.room += bytes;
  g.room_bytes -= bytes;
  return p;
}

FreeBlock* cut_slab(unsigned k, ThreadCache& c) {
  const auto size = static_cast<std::size_t>(kTable.of[k].bytes);
  const unsigned n = kTable.of[k].magazine;
  bool asked = false;
  unsigned char* raw = from_arena(size * n, asked);
  if (asked) bump(c.system_calls, 1);
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
  FreeBlock* m = is_small(k) ? take_magazine(k) : nullptr;
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
  if (!is_small(k)) {
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
      c->head[k] = cut_slab(k, *c);
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
    if (!is_small(k)) {
      std::free(p);
    } else {
      b->next = nullptr;
      b->length = 1;
      give_magazine(k, b);
    }
    return;
  }
  if (!is_small(k)) {
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

void refuse(std::size_t bytes) {
  fail("allocate", "out of memory: ", static_cast<std::int64_t>(bytes), " bytes were asked for");
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
    if (is_small(k)) continue;
    while (FreeBlock* b = c->head[k]) {
      c->head[k] = b->next;
      bump(c->held, -kTable.of[k].bytes);
      std::free(b);
    }
    c->count[k] = 0;
  }
}

}  // namespace gradtape::core
