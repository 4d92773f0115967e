// Part of every test program that runs once for each instruction-set level: ends before anything else does when
// GRADTAPE_ISA names a level that this processor lacks. Otherwise the first test in a thread would.
#include "autograd/kernels/levels.h"

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace {

constexpr int kSkipped = 77;  // as tests/CMakeLists.txt has it

struct EndWithoutLevel {
  EndWithoutLevel() {
    try {
      gradtape::kernels::level_number();
    } catch (const std::exception& e) {
      std::puts(e.what());
      std::fflush(stdout);
      std::_Exit(kSkipped);
    }
  }
} end_without_level __attribute__((init_priority(101)));

}  // namespace
