// What libtorch computes in the cases of tests/nn/sequence_cases.h and attention_cases.h, as tests/nn/*_values.inc:
//   g++ -std=c++17 -w -I tests/parity/on_libtorch -isystem /usr/include/torch/csrc/api/include
//     tests/parity/references/sequences.cpp -ltorch -ltorch_cpu -lc10
//   ./a.out recurrent > tests/nn/recurrent_values.inc && ./a.out attention > tests/nn/attention_values.inc
#include <cstdio>

#include "../../nn/attention_cases.h"

int main(int argc, char** argv) {
  const bool recurrent = argc == 2 && std::string(argv[1]) == "recurrent";
  std::printf("// Written by tests/parity/references/sequences.cpp.\n// clang-format off\n");
  std::string line;
  const auto flush = [&] {
    if (!line.empty()) std::printf("%s\n", line.c_str());
    line.clear();
  };
  const auto put = [&](const std::string& piece) {
    if (line.size() + piece.size() > 119) flush();
    line += piece;
  };
  for (const auto& c : recurrent ? sequences::recurrent_cases() : sequences::attention_cases()) {
    sequences::Setting s{torch::kFloat64, {}};
    c.run(s);
    put("{\"" + c.name + "\", {");
    for (const auto& r : s.results) {
      put("{");
      for (double v : r) {
        char text[40];
        std::snprintf(text, sizeof text, "%.16g,", v);
        put(text);
      }
      put("},");
    }
    put("}},");
    flush();
  }
  std::printf("// clang-format on\n");
}
