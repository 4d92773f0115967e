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
// 64, 128, 192, 256 bytes, then four steps an octave: all multiples of 64.
constexpr unsigned size_class_of(std::size_t bytes) noexcept {
  if (bytes <= 256) return bytes == 0 ? 0u : static_cast<unsigned>((bytes - 1) / 64);
  const std::size_t x = bytes - 1;
  const unsigned top = 63u - static_cast<unsigned>(__builtin_clzll(x));
  return 4 + (top - 8) * 4 + static_cast<unsigned>((x >> (top - 2)) & 3);
}

constexpr std::size_t kSmall = 16384;  // blocks up to this are cut from slabs of kSlab bytes
constexpr std::size_t kSlab = 65536;
// The last classes are of 192 bytes too, for types of which a long tape has many: blocks of one type that are freed in
// the order of the tape lie in that order when they are taken again.
constexpr unsigned kClasses = 192, kOwnClasses = 190;
constexpr std::size_t kOwnBytes = 192;
constexpr bool is_small(unsigned k) { return k <= size_class_of(kSmall) || k >= kOwnClasses; }
constexpr std::size_t class_bytes(unsigned c) {
  if (c >= kOwnClasses) return kOwnBytes;
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
               is_small(k) ? static_cast<unsigned>(kSlab / class_bytes(k)) : 0u};
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
    FreeBlock* next = b->next;
    c->head[k] = next;
    // A long tape does not fit into the caches: the block that comes next is fetched while this one is in use.
    __builtin_prefetch(next, 1);
    __builtin_prefetch(reinterpret_cast<char*>(next) + 64, 1);
    if (k == 2 || k >= kOwnClasses) __builtin_prefetch(reinterpret_cast<char*>(next) + 128, 1);
    --c->count[k];
    bump(c->in_use, kTable.of[k].bytes);
    return b;
  }
#endif
  return allocate_slow(k);
}
// 64-byte aligned memory of at least `bytes`. Throws Error when the system has none.
[[noreturn]] void refuse(std::size_t bytes);
inline Block allocate(std::size_t bytes) {
  if (__builtin_expect(bytes >= std::size_t{1} << 46, 0)) refuse(bytes);
  const unsigned k = size_class_of(bytes);
  return {allocate_class(k), k};
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

// Fixed-size objects; of the class `kOwn` of their own, or of one for their size.
template <class T, unsigned kOwn = 0>
struct Pool {
  static constexpr unsigned kClass = kOwn ? kOwn : size_class_of(sizeof(T));
  static_assert(!kOwn || sizeof(T) <= kOwnBytes);
  static void* take() { return allocate_class(kClass); }
  static void give(void* p) noexcept { deallocate(p, kClass); }
};

// For containers whose memory is to come from here too.
template <class T>
struct Allocator {
  using value_type = T;
  Allocator() = default;
  template <class U>
  Allocator(const Allocator<U>&) {}  // NOLINT(google-explicit-constructor)
  T* allocate(std::size_t n) { return static_cast<T*>(allocate_class(size_class_of(n * sizeof(T)))); }
  void deallocate(T* p, std::size_t n) noexcept { core::deallocate(p, size_class_of(n * sizeof(T))); }
  friend bool operator==(Allocator, Allocator) { return true; }
  friend bool operator!=(Allocator, Allocator) { return false; }
};

}  // namespace gradtape::core
