#include "nn/expanding_array.h"

#include <cstdio>

#include "autograd/error.h"

namespace gradtape::detail {
namespace {

template <class F>
std::string joined(std::size_t n, F text) {
  if (n == 1) return text(0);
  std::string s = "[";
  for (std::size_t i = 0; i < n; ++i) s += (i ? ", " : "") + text(i);
  return s + "]";
}

}  // namespace

void wrong_count(std::size_t expected, std::size_t given) {
  gradtape::fail<ValueError>("ExpandingArray", "expected ", static_cast<std::int64_t>(expected),
                             " values, or one for all, got ", static_cast<std::int64_t>(given));
}
std::string expanded_text(const std::int64_t* values, const bool* given, std::size_t n) {
  return joined(n, [=](std::size_t i) { return given && !given[i] ? "None" : std::to_string(values[i]); });
}
std::string expanded_text(const double* values, std::size_t n) {
  return joined(n, [=](std::size_t i) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", values[i]);
    return std::string(text);
  });
}

}  // namespace gradtape::detail
