#pragma once
#include <cstdio>

// Prints a result beside the band in which it is expected, on any library, and says whether it is there.
inline bool in_band(const char* name, double value, double low, double high) {
  const bool ok = value >= low && value <= high;
  std::printf("%s %.4g, expected %.4g to %.4g%s\n", name, value, low, high, ok ? "" : ": NOT THERE");
  return ok;
}
