// What libtorch computes in the cases of tests/nn/*_cases.h, as tests/nn/*_values.inc:
//   g++ -std=c++17 -w -I tests/parity/on_libtorch -isystem /usr/include/torch/csrc/api/include
//     tests/parity/references/layers.cpp -ltorch -ltorch_cpu -lc10
//   for set in recurrent attention image optim loss shape; do ./a.out $set > tests/nn/${set}_values.inc; done
#include <cstdio>

#include "../../nn/attention_cases.h"
#include "../../nn/image_cases.h"
#include "../../nn/loss_cases.h"
#include "../../nn/optim_cases.h"
#include "../../nn/shape_cases.h"

std::vector<sequences::Case> cases_of(const std::string& set) {
  if (set == "recurrent") return sequences::recurrent_cases();
  if (set == "attention") return sequences::attention_cases();
  if (set == "loss") return losses::loss_cases();
  if (set == "shape") return shapes::shape_cases();
  if (set == "optim") return optimizers::optim_cases();
  return images::image_cases();
}

int main(int argc, char** argv) {
  std::printf("// Written by tests/parity/references/layers.cpp.\n// clang-format off\n");
  std::string line;
  const auto flush = [&] {
    if (!line.empty()) std::printf("%s\n", line.c_str());
    line.clear();
  };
  const auto put = [&](const std::string& piece) {
    if (line.size() + piece.size() > 119) flush();
    line += piece;
  };
  for (const auto& c : cases_of(argc == 2 ? argv[1] : "")) {
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
