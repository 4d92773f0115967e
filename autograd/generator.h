#pragma once
// Random numbers: Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). Counter
// based: the same seed gives the same numbers on every platform and for any number of threads.
#include <cstdint>
#include <memory>
#include <utility>

namespace gradtape {

namespace at {
class Tensor;
}
class Generator;
namespace detail {
struct GeneratorState;
GeneratorState& state_of(const Generator& g);  // throws when g is undefined
}  // namespace detail

// A handle, as a Tensor is: copies draw from one sequence; clone() starts a sequence of its own at the same place.
class Generator {
 public:
  static constexpr std::uint64_t kDefaultSeed = 67280421310721ULL;
  Generator() = default;  // undefined
  explicit Generator(std::uint64_t seed);
  bool defined() const { return state_ != nullptr; }
  Generator clone() const;

  void set_current_seed(std::uint64_t seed) const;
  std::uint64_t current_seed() const;
  // A fresh seed from the system, set and returned.
  std::uint64_t seed() const;
  // {seed, position}: all there is to save and restore.
  std::pair<std::uint64_t, std::uint64_t> state() const;
  void set_state(std::pair<std::uint64_t, std::uint64_t> s) const;
  // The same as 16 bytes, uint8[16], to be stored with the weights.
  at::Tensor get_state() const;
  void set_state(const at::Tensor& bytes) const;

  // One draw of 64 random bits.
  std::uint64_t random64() const;
  // Uniform on [0, 1) with 53 bits.
  double uniform() const;
  // Standard normal (Box and Muller 1958).
  double normal() const;
  // Uniform integer in [0, n), without bias (Lemire 2019).
  std::uint64_t below(std::uint64_t n) const;

  friend bool operator==(const Generator& a, const Generator& b) { return a.state_ == b.state_; }
  friend bool operator!=(const Generator& a, const Generator& b) { return !(a == b); }

 private:
  friend detail::GeneratorState& detail::state_of(const Generator& g);

  std::shared_ptr<detail::GeneratorState> state_;
};

// libtorch's spelling: make_generator<CPUGeneratorImpl>(seed).
struct CPUGeneratorImpl;
template <class Impl>
Generator make_generator(std::uint64_t seed = Generator::kDefaultSeed) {
  return Generator(seed);
}

// The generator of all random operations that are given none; one a process. Operations lock their generator.
Generator& default_generator();
// Seeds default_generator().
Generator manual_seed(std::uint64_t seed);

}  // namespace gradtape
