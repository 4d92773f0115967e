#pragma once
// Random numbers: Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). Counter
// based: the same seed gives the same numbers on every platform and for any number of threads.
#include <cstdint>
#include <utility>

#include "tensor.h"

namespace gradtape {

class Generator {
 public:
  static constexpr std::uint64_t kDefaultSeed = 67280421310721ULL;
  explicit Generator(std::uint64_t seed = kDefaultSeed) : seed_(seed) {}
  void set_current_seed(std::uint64_t seed) {
    seed_ = seed;
    offset_ = 0;
  }
  std::uint64_t current_seed() const { return seed_; }
  // {seed, position}: all there is to save and restore.
  std::pair<std::uint64_t, std::uint64_t> state() const { return {seed_, offset_}; }
  void set_state(std::pair<std::uint64_t, std::uint64_t> s) {
    seed_ = s.first;
    offset_ = s.second;
  }
  // One draw of 64 random bits.
  std::uint64_t random64();
  // Uniform on [0, 1) with 53 bits.
  double uniform();
  // Standard normal (Box and Muller 1958).
  double normal();
  // Uniform integer in [0, n), without bias (Lemire 2019).
  std::uint64_t below(std::uint64_t n);

 private:
  std::uint64_t seed_;
  std::uint64_t offset_ = 0;
};

// The generator of all random operations that are given none; one a process, guarded by a mutex inside operations.
Generator& default_generator();
// Seeds default_generator().
void manual_seed(std::uint64_t seed);

}  // namespace gradtape
