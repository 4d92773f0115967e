#pragma once
// The networks whose training step is measured.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bench {

struct Sizes {
  std::vector<std::int64_t> widths;  // features, hidden layers, outputs; 1 output: BCE with logits, else cross entropy
  std::int64_t batch;
};

inline std::vector<std::pair<std::string, Sizes>> nets() {
  return {{"tiny", {{2, 16, 16, 1}, 32}},
          {"small", {{30, 64, 32, 1}, 64}},
          {"mnist", {{784, 128, 64, 10}, 64}},
          {"mid", {{784, 512, 512, 10}, 256}},
          {"big", {{2048, 2048, 2048, 2048, 10}, 512}}};
}

}  // namespace bench
