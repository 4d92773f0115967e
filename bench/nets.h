#pragma once
// The networks whose training step is measured.
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bench {

struct Sizes {
  std::vector<std::int64_t> widths;  // features, hidden layers, outputs; 1 output: BCE with logits, else cross entropy
  std::int64_t batch;
  std::vector<int> threads;
};

inline std::vector<std::pair<std::string, Sizes>> nets() {
  return {{"tiny", {{2, 16, 16, 1}, 32, {1}}},
          {"small", {{30, 64, 32, 1}, 64, {1}}},
          {"mnist", {{784, 128, 64, 10}, 64, {1}}},
          {"mid", {{784, 512, 512, 10}, 256, {1, 2}}},
          {"big", {{2048, 2048, 2048, 2048, 10}, 512, {1, 2}}}};
}

// Initial weights lie in [-r, r).
inline double weight_range(std::int64_t inputs) { return 1 / std::sqrt(static_cast<double>(inputs)); }

constexpr int kWarmUp = 3;  // steps before the clock starts; the loss of the last of them is compared
constexpr double kSgdRate = 0.01, kAdamRate = 0.001;

// Seeds of data.h.
constexpr std::uint64_t kFeatures = 1, kTargets = 2, kWeights = 10, kBiases = 40;  // of layer l: + l

inline std::string row_name(const std::string& net, bool adam, bool f64, int threads) {
  return net + (adam ? "/Adam" : "/SGD") + (f64 ? "/f64" : "/f32") +
         (threads > 1 ? "/threads:" + std::to_string(threads) : "");
}

}  // namespace bench
