#include "autograd/random.h"

#include <cmath>

namespace gradtape {
namespace {

struct Four {
  std::uint32_t v[4];
};

// Philox 4x32-10, section 3.3 and table 2 of the paper.
Four philox(std::uint64_t key, std::uint64_t counter) {
  std::uint32_t k0 = static_cast<std::uint32_t>(key), k1 = static_cast<std::uint32_t>(key >> 32);
  Four c{{static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32), 0, 0}};
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53u} * c.v[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57u} * c.v[2];
    c = Four{{static_cast<std::uint32_t>(b >> 32) ^ c.v[1] ^ k0, static_cast<std::uint32_t>(b),
              static_cast<std::uint32_t>(a >> 32) ^ c.v[3] ^ k1, static_cast<std::uint32_t>(a)}};
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return c;
}

double to_unit(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1.0p-53; }

}  // namespace

std::uint64_t Generator::random64() {
  const Four f = philox(seed_, offset_++);
  return f.v[0] | (std::uint64_t{f.v[1]} << 32);
}

double Generator::uniform() { return to_unit(random64()); }

double Generator::normal() {
  const Four f = philox(seed_, offset_++);
  const double u = to_unit(f.v[0] | (std::uint64_t{f.v[1]} << 32));
  const double v = to_unit(f.v[2] | (std::uint64_t{f.v[3]} << 32));
  // 1 - u is in (0, 1], so the logarithm is finite.
  return std::sqrt(-2 * std::log(1 - u)) * std::cos(6.283185307179586476925286766559 * v);
}

std::uint64_t Generator::below(std::uint64_t n) {
  unsigned __int128 m = static_cast<unsigned __int128>(random64()) * n;
  if (static_cast<std::uint64_t>(m) < n) {
    const std::uint64_t threshold = (0 - n) % n;
    while (static_cast<std::uint64_t>(m) < threshold) m = static_cast<unsigned __int128>(random64()) * n;
  }
  return static_cast<std::uint64_t>(m >> 64);
}

Generator& default_generator() {
  static Generator g;
  return g;
}

void manual_seed(std::uint64_t seed) { default_generator().set_current_seed(seed); }

}  // namespace gradtape
