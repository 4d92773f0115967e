#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace gradtape::core {

// Note [Block allocator]
// Storage, tensors and nodes are blocks of a few size classes (four per octave). Small blocks are cut from slabs and
// move between threads in magazines (Bonwick and Adams, "Magazines and Vmem", USENIX 2001), so that a thread that only
// frees what another allocates does not pile blocks up. Large blocks are kept by the thread that freed them, up to a
// bound: giving tens of megabytes back to the system means faulting every page in again at the next step.
// Nothing here is ever destroyed: global tensors die after thread-local caches do.

// Address sanitizer is to see every block come and go.
#if defined(__SANITIZE_ADDRESS__)
#define GRADTAPE_NO_CACHE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GRADTAPE_NO_CACHE 1
#endif
#endif

struct Block {
  void* data;
  unsigned size_class;
};
// 64-byte aligned memory of at least `bytes`. Throws Error when the system has none.
Block allocate(std::size_t bytes);
// 64, 128, 192, 256 bytes, then four steps an octave: all multiples of 64.
constexpr unsigned size_class_of(std::size_t bytes) noexcept {
  if (bytes <= 256) return bytes == 0 ? 0u : static_cast<unsigned>((bytes - 1) / 64);
  const std::size_t x = bytes - 1;
  const unsigned top = 63u - static_cast<unsigned>(__builtin_clzll(x));
  return 4 + (top - 8) * 4 + static_cast<unsigned>((x >> (top - 2)) & 3);
}

constexpr unsigned kClasses = 192;
constexpr std::size_t kSmall = 16384;  // blocks up to this are cut from slabs of kSlab bytes
constexpr std::size_t kSlab = 65536;
constexpr std::size_t class_bytes(unsigned c) {
  return c < 4 ? std::size_t{64} * (c + 1) : (std::size_t{64} << ((c - 4) / 4)) * (5 + c % 4);
}
struct ClassTable {
  struct Class {
    std::int64_t bytes;
    unsigned magazine;  // blocks that move together; 0 for large classes
  } of[kClasses];
};
constexpr ClassTable make_class_table() {
  ClassTable t{};
  for (unsigned k = 0; k < kClasses; ++k)
    t.of[k] = {static_cast<std::int64_t>(class_bytes(k)),
               k <= size_class_of(kSmall) ? static_cast<unsigned>(kSlab / class_bytes(k)) : 0u};
  return t;
}
inline constexpr ClassTable kTable = make_class_table();

// The first block of a magazine holds its length.
struct FreeBlock {
  FreeBlock* next;
  FreeBlock* next_magazine;
  unsigned length;
};
using Counter = std::atomic<std::int64_t>;
// Only the owner writes, so a load and a store do; readers see a recent value.
inline void bump(Counter& c, std::int64_t by) noexcept {
  c.store(c.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}
struct ThreadCache {
  FreeBlock* head[kClasses] = {};
  unsigned count[kClasses] = {};
  FreeBlock* spare[kClasses] = {};              // a full magazine
  Counter in_use{0}, held{0}, system_calls{0};  // bytes handed out; those and the cached; requests to the system
  ThreadCache* next = nullptr;
};
extern __thread ThreadCache* tls_cache;

void* allocate_slow(unsigned size_class);
void deallocate_slow(void* p, unsigned size_class) noexcept;

inline void* allocate_class(unsigned k) {
#ifndef GRADTAPE_NO_CACHE
  ThreadCache* c = tls_cache;
  if (__builtin_expect(c != nullptr && c->head[k] != nullptr, 1)) {
    FreeBlock* b = c->head[k];
    c->head[k] = b->next;
    --c->count[k];
    bump(c->in_use, kTable.of[k].bytes);
    return b;
  }
#endif
  return allocate_slow(k);
}
inline void deallocate(void* p, unsigned k) noexcept {
#ifndef GRADTAPE_NO_CACHE
  ThreadCache* c = tls_cache;
  if (__builtin_expect(c != nullptr && c->count[k] < kTable.of[k].magazine, 1)) {
    auto* b = static_cast<FreeBlock*>(p);
    b->next = c->head[k];
    c->head[k] = b;
    ++c->count[k];
    bump(c->in_use, -kTable.of[k].bytes);
    return;
  }
#endif
  deallocate_slow(p, k);
}

struct AllocatorStatistics {
  std::int64_t bytes_in_use, bytes_cached;
  std::uint64_t heap_allocations;
};
AllocatorStatistics allocator_statistics() noexcept;
void empty_cache() noexcept;

// Fixed-size objects.
template <class T>
struct Pool {
  static constexpr unsigned kClass = size_class_of(sizeof(T));
  static void* take() { return allocate_class(kClass); }
  static void give(void* p) noexcept { deallocate(p, kClass); }
};

}  // namespace gradtape::core
