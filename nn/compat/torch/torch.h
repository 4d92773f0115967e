#pragma once
// The library under libtorch's names, for sources written for its C++ frontend (release 1.13). Opt-in: this folder is
// on the include path of target gradtape::torch and of pkg-config gradtape-torch only.
// Two limits: a source must not reopen `namespace torch` (it is an alias) nor forward-declare in it.

// libtorch's header brings these along, and sources rely on it.
#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <functional>
#include <iomanip>
#include <iostream>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <numeric>
#include <queue>
#include <set>
#include <sstream>
#include <stack>
#include <stdexcept>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <gradtape/gradtape.h>
#include <gradtape/nn/data/data.h>

namespace gradtape {

// What libtorch has in at:: is partly in gradtape::at, partly one level above.
namespace at {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
namespace detail {
inline const Generator& getDefaultCPUGenerator() { return default_generator(); }
inline Generator createCPUGenerator(std::uint64_t seed = Generator::kDefaultSeed) { return Generator(seed); }
}  // namespace detail
}  // namespace at

constexpr auto kU8 = kUInt8;
constexpr auto kI32 = kInt32, kI64 = kInt64;
constexpr auto kF32 = kFloat32, kF64 = kFloat64;

namespace cuda {
// There is no device but the CPU.
inline bool is_available() { return false; }
inline bool cudnn_is_available() { return false; }
inline std::size_t device_count() { return 0; }
inline void manual_seed(std::uint64_t) {}
inline void manual_seed_all(std::uint64_t) {}
inline void synchronize(std::int64_t = -1) {}
}  // namespace cuda

// The arguments printed one after the other.
template <class... Args>
std::string str(const Args&... args) {
  std::ostringstream text;
  static_cast<void>((text << ... << args));
  return text.str();
}

namespace compat {
template <class E, class... Args>
[[noreturn]] void fail(const char* otherwise, const Args&... args) {
  if constexpr (sizeof...(Args) == 0) {
    throw E(otherwise);
  } else {
    throw E(str(args...));
  }
}
}  // namespace compat
}  // namespace gradtape

namespace torch = gradtape;
namespace c10 = gradtape;
namespace caffe2 {
using gradtape::TypeMeta;
}
// The same entity as gradtape::at, so that `using namespace torch` leaves at:: unambiguous.
namespace at = gradtape::at;

#define TORCH_VERSION_MAJOR 1
#define TORCH_VERSION_MINOR 13
#define TORCH_VERSION_PATCH 1
#define TORCH_VERSION "1.13.1"

#define TORCH_MODULE(Name) GRADTAPE_MODULE(Name)
#define TORCH_MODULE_IMPL(Name, ImplType) GRADTAPE_MODULE_IMPL(Name, ImplType)
#define TORCH_ARG(T, name) GRADTAPE_ARG(T, name)
#define FORWARD_HAS_DEFAULT_ARGS(...) GRADTAPE_FORWARD_HAS_DEFAULT_ARGS(__VA_ARGS__)

#define GRADTAPE_COMPAT_CHECK(E, cond, ...)                                                                      \
  (__builtin_expect(!(cond), 0)                                                                                  \
       ? ::gradtape::compat::fail<::gradtape::E>("Expected " #cond " to be true, but got false.", ##__VA_ARGS__) \
       : void())
#define TORCH_CHECK(cond, ...) GRADTAPE_COMPAT_CHECK(Error, cond, ##__VA_ARGS__)
#define TORCH_CHECK_INDEX(cond, ...) GRADTAPE_COMPAT_CHECK(IndexError, cond, ##__VA_ARGS__)
#define TORCH_CHECK_VALUE(cond, ...) GRADTAPE_COMPAT_CHECK(ValueError, cond, ##__VA_ARGS__)
#define TORCH_CHECK_TYPE(cond, ...) GRADTAPE_COMPAT_CHECK(TypeError, cond, ##__VA_ARGS__)
#define TORCH_CHECK_NOT_IMPLEMENTED(cond, ...) GRADTAPE_COMPAT_CHECK(NotImplementedError, cond, ##__VA_ARGS__)
#define TORCH_INTERNAL_ASSERT(cond, ...) GRADTAPE_COMPAT_CHECK(Error, cond, ##__VA_ARGS__)
#define AT_ASSERT(cond, ...) GRADTAPE_COMPAT_CHECK(Error, cond, ##__VA_ARGS__)
#define AT_ERROR(...) ::gradtape::compat::fail<::gradtape::Error>("error", ##__VA_ARGS__)
#define TORCH_WARN(...) (std::cerr << "Warning: " << ::gradtape::str(__VA_ARGS__) << '\n', void())
