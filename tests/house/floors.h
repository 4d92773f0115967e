#pragma once
// Which file may include which. The floors, from below:
//   autograd/core 0, kernels 1, tape 2, ops 3, engine and io 4, nn 5, nn/optim and nn/data 6.
#include <string>
#include <vector>

namespace house {

struct Violation {
  std::string file;
  int line;
  std::string rule;
};

// Rules broken by the #include lines of `text`, the contents of `file` (a path from the root).
std::vector<Violation> check_includes(const std::string& file, const std::string& text);

// Directly in autograd/, nn/, nn/optim/ or nn/data/: installed, and all that users see.
// Not part of gradtape.h.
bool is_opt_in(const std::string& file);
bool is_public_header(const std::string& file);

}  // namespace house
