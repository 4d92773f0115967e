#pragma once
#include <string>
#include <vector>

#include "report.h"

namespace bench {

// What does not happen inside a program: compiling one, its size, starting it, the memory it holds. `folder` is that
// of the benchmarks. Quick: without the minute that libtorch's headers take.
std::vector<Result> process_rows(const std::string& folder, const std::string& filter, bool quick);

}  // namespace bench
