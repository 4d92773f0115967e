#include "autograd/kernels/levels.h"

#include <cstdlib>
#include <cstring>

#include "autograd/error.h"

namespace gradtape::kernels {

namespace baseline {
extern const Level kLevel;
}
#ifdef GRADTAPE_LEVEL_V3
namespace v3 {
extern const Level kLevel;
}
#endif

namespace {

bool has_v3() {
#if defined(GRADTAPE_LEVEL_V3) && (defined(__x86_64__) || defined(__i386__))
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
#else
  return false;
#endif
}

const Level& choose() {
  const char* wanted = std::getenv("GRADTAPE_ISA");
#ifdef GRADTAPE_LEVEL_V3
  if (has_v3() && (!wanted || std::strcmp(wanted, "v3") == 0)) return v3::kLevel;
#endif
  check<ValueError>(!wanted || std::strcmp(wanted, "baseline") == 0, "GRADTAPE_ISA", "\"", wanted ? wanted : "",
                    "\" is not a level of this build on this processor; need baseline", has_v3() ? " or v3" : "");
  return baseline::kLevel;
}

}  // namespace

const Level& level() {
  static const Level& chosen = choose();
  return chosen;
}

}  // namespace gradtape::kernels
