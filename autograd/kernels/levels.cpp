#include "autograd/kernels/levels.h"

#include <cstdlib>
#include <cstring>

#include "autograd/error.h"

namespace gradtape::kernels {

namespace {

// What the processor and the system have, as the x86-64 psABI names them.
#if defined(__x86_64__)
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
  const char* const* name;  // constant at compile time: static tensors come before other initialisation
  bool (*supported)();
};
#define GRADTAPE_CHOICE(name) {&name::kName, has_##name},
const Choice kChoices[] = {GRADTAPE_LEVELS(GRADTAPE_CHOICE)};
#undef GRADTAPE_CHOICE

int choose() {
#if defined(__x86_64__)
  __builtin_cpu_init();  // the first tensor may come before the compiler's own initialisation
#endif
  const char* wanted = std::getenv("GRADTAPE_ISA");
  char there[32] = "";
  int number = 0;
  for (const Choice& c : kChoices) {
    if (c.supported()) {
      if (!wanted || !*wanted || std::strcmp(wanted, *c.name) == 0) return number;
      std::strcat(std::strcat(there, " "), *c.name);
    }
    ++number;
  }
  check(*there, "gradtape", "this build needs a processor with x86-64-v2 (SSE4.2, POPCNT) at least");
  fail<ValueError>("GRADTAPE_ISA", "\"", wanted,
                   "\" is not a level of this build on this processor, which has:", there);
}

}  // namespace

int chosen_level = -1;
// Threads that come here at the same time store the same number.
int choose_level() {
  const int chosen = choose();
  __atomic_store_n(&chosen_level, chosen, __ATOMIC_RELAXED);
  return chosen;
}
const char* level_name() { return *kChoices[level_number()].name; }

}  // namespace gradtape::kernels
