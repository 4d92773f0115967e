#include "autograd/generator.h"

#include <cmath>
#include <random>

#include "autograd/core/generator_state.h"
#include "autograd/error.h"

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

Generator::Generator(std::uint64_t seed) : state_(std::make_shared<detail::GeneratorState>()) { state_->seed = seed; }

detail::GeneratorState& detail::state_of(const Generator& g) {
  check(g.defined(), "Generator", "the generator is undefined; make one with Generator(seed)");
  return *g.state_;
}

Generator Generator::clone() const {
  Generator g(detail::state_of(*this).seed);
  g.state_->offset = state_->offset;
  return g;
}
void Generator::set_current_seed(std::uint64_t seed) const { set_state({seed, 0}); }
std::uint64_t Generator::current_seed() const { return detail::state_of(*this).seed; }
std::uint64_t Generator::seed() const {
  std::random_device system;
  const std::uint64_t high = system();
  set_current_seed(high << 32 | system());
  return current_seed();
}
std::pair<std::uint64_t, std::uint64_t> Generator::state() const {
  return {detail::state_of(*this).seed, detail::state_of(*this).offset};
}
void Generator::set_state(std::pair<std::uint64_t, std::uint64_t> s) const {
  detail::state_of(*this).seed = s.first;
  state_->offset = s.second;
}

std::uint64_t Generator::random64() const {
  detail::GeneratorState& s = detail::state_of(*this);
  const Four f = philox(s.seed, s.offset++);
  return f.v[0] | (std::uint64_t{f.v[1]} << 32);
}

double Generator::uniform() const { return to_unit(random64()); }

double Generator::normal() const {
  detail::GeneratorState& s = detail::state_of(*this);
  const Four f = philox(s.seed, s.offset++);
  const double u = to_unit(f.v[0] | (std::uint64_t{f.v[1]} << 32));
  const double v = to_unit(f.v[2] | (std::uint64_t{f.v[3]} << 32));
  // 1 - u is in (0, 1], so the logarithm is finite.
  return std::sqrt(-2 * std::log(1 - u)) * std::cos(6.283185307179586476925286766559 * v);
}

std::uint64_t Generator::below(std::uint64_t n) const {
  unsigned __int128 m = static_cast<unsigned __int128>(random64()) * n;
  if (static_cast<std::uint64_t>(m) < n) {
    const std::uint64_t threshold = (0 - n) % n;
    while (static_cast<std::uint64_t>(m) < threshold) m = static_cast<unsigned __int128>(random64()) * n;
  }
  return static_cast<std::uint64_t>(m >> 64);
}

Generator& default_generator() {
  // Never destroyed: global objects may still draw when the process ends.
  static Generator& g = *new Generator(Generator::kDefaultSeed);
  return g;
}

Generator manual_seed(std::uint64_t seed) {
  default_generator().set_current_seed(seed);
  return default_generator();
}

}  // namespace gradtape
