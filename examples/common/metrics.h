#pragma once
// How well predictions p in [0, 1] fit labels 0 and 1.
#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <vector>

namespace examples {

// [actual][predicted]; p >= 1/2 predicts 1.
using Confusion = std::array<std::array<std::int64_t, 2>, 2>;
inline Confusion confusion_of(const std::vector<double>& p, const std::vector<int>& label) {
  Confusion c{};
  for (std::size_t i = 0; i < p.size(); ++i) ++c[static_cast<std::size_t>(label[i])][p[i] >= 0.5 ? 1 : 0];
  return c;
}

inline double accuracy_of(const Confusion& c) {
  const std::int64_t right = c[0][0] + c[1][1];
  return static_cast<double>(right) / static_cast<double>(right + c[0][1] + c[1][0]);
}

// Area under the receiver operating characteristic: how often a row of class 1 gets a larger p than one of class 0,
// ties counting half (Mann and Whitney 1947, by ranks).
inline double auc_of(const std::vector<double>& p, const std::vector<int>& label) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  double ranks = 0, positives = 0;
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && p[order[end]] == p[order[i]]) ++end;
    const double rank = static_cast<double>(i + 1 + end) / 2;  // mean of the ranks i + 1 .. end
    for (; i < end; ++i) {
      if (label[order[i]] == 1) ranks += rank, positives += 1;
    }
  }
  const double negatives = static_cast<double>(p.size()) - positives;
  return (ranks - positives * (positives + 1) / 2) / (positives * negatives);
}

}  // namespace examples
