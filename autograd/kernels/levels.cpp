#include "autograd/kernels/levels.h"

#include <cstdlib>
#include <cstring>

#include "autograd/error.h"

namespace gradtape::kernels {

#if defined(GRADTAPE_LEVELS_X86)
#define GRADTAPE_LEVELS(X) X(v4) X(v3) X(v2)
#else
#define GRADTAPE_LEVELS(X) X(baseline)
#endif

#define GRADTAPE_DECLARE(name) \
  namespace name {             \
  extern const Level kLevel;   \
  }
GRADTAPE_LEVELS(GRADTAPE_DECLARE)
#undef GRADTAPE_DECLARE

namespace {

// What the processor and the system have, as the x86-64 psABI names them.
#if defined(GRADTAPE_LEVELS_X86)
bool has_v2() { return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt"); }
bool has_v3() {
  return has_v2() && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
}
bool has_v4() {
  return has_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#else
bool has_baseline() { return true; }
#endif

struct Choice {
  const Level* level;
  bool (*supported)();
};
#define GRADTAPE_CHOICE(name) {&name::kLevel, has_##name},
const Choice kChoices[] = {GRADTAPE_LEVELS(GRADTAPE_CHOICE)};  // the best first
#undef GRADTAPE_CHOICE

const Level& choose() {
  const char* wanted = std::getenv("GRADTAPE_ISA");
  char there[32] = "";
  for (const Choice& c : kChoices) {
    if (!c.supported()) continue;
    if (!wanted || !*wanted || std::strcmp(wanted, c.level->name) == 0) return *c.level;
    std::strcat(std::strcat(there, " "), c.level->name);
  }
  check(*there, "gradtape", "this build needs a processor with x86-64-v2 (SSE4.2, POPCNT) at least");
  fail<ValueError>("GRADTAPE_ISA", "\"", wanted,
                   "\" is not a level of this build on this processor, which has:", there);
}

}  // namespace

const Level& level() {
  static const Level& chosen = choose();
  return chosen;
}

}  // namespace gradtape::kernels
