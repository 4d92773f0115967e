#pragma once
// The numbers the rows compute with: the same on gradtape, on libtorch and by hand, so that results can be compared.
#include <cstddef>
#include <cstdint>

namespace bench {

// The k-th of a sequence of 64-bit numbers (SplitMix64; Steele, Lea and Flood, OOPSLA 2014).
inline std::uint64_t bits(std::uint64_t seed, std::uint64_t k) {
  std::uint64_t z = (seed << 32) + (k + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

// Uniform in [low, high); rounded to float32 first, so that both precisions start from the same numbers.
template <class T>
void fill(T* p, std::size_t n, std::uint64_t seed, double low, double high) {
  for (std::size_t k = 0; k < n; ++k) {
    const double u = static_cast<double>(bits(seed, k) >> 11) * 0x1p-53;
    p[k] = static_cast<T>(static_cast<float>(low + (high - low) * u));
  }
}

// Whole numbers in [0, end).
inline void fill_labels(std::int64_t* p, std::size_t n, std::uint64_t seed, std::int64_t end) {
  for (std::size_t k = 0; k < n; ++k) p[k] = static_cast<std::int64_t>(bits(seed, k) % static_cast<std::uint64_t>(end));
}

}  // namespace bench
