#pragma once
#include <cstdint>
#if defined(__has_include)
#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#define GRADTAPE_HAS_SINGLE_THREADED 1
#endif
#endif

namespace gradtape {

// True while the process has had only one thread, so that counts need no atomic instruction (4 ns each otherwise).
inline bool single_threaded() noexcept {
#ifdef GRADTAPE_HAS_SINGLE_THREADED
  return __libc_single_threaded != 0;
#else
  return false;
#endif
}

class RefCount {
 public:
  explicit RefCount(std::uint32_t n) noexcept : n_(n) {}
  void add() noexcept {
    if (single_threaded()) {
      ++n_;
    } else {
      __atomic_fetch_add(&n_, 1u, __ATOMIC_RELAXED);
    }
  }
  // Adds a reference unless the last one has gone.
  bool add_if_alive() noexcept {
    std::uint32_t n = value();
    while (n != 0)
      if (__atomic_compare_exchange_n(&n_, &n, n + 1, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) return true;
    return false;
  }
  // True when this was the last reference.
  bool drop() noexcept {
    if (single_threaded()) return --n_ == 0;
    return __atomic_fetch_sub(&n_, 1u, __ATOMIC_ACQ_REL) == 1;
  }
  bool unique() const noexcept { return __atomic_load_n(&n_, __ATOMIC_ACQUIRE) == 1; }
  std::uint32_t value() const noexcept { return __atomic_load_n(&n_, __ATOMIC_RELAXED); }

 private:
  std::uint32_t n_;
};

}  // namespace gradtape
