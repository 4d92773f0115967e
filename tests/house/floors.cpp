#include "floors.h"

#include <filesystem>
#include <map>
#include <regex>
#include <set>

#include "source_tree.h"

namespace house {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, int>& floors() {
  static const std::map<std::string, int> table = {{"autograd/core", 0},
                                                   {"autograd/kernels", 1},
                                                   {"autograd/tape", 2},
                                                   {"autograd/ops", 3},
                                                   {"autograd/engine", 4},
                                                   {"autograd/io", 4},
                                                   {"nn", 5},
                                                   {"nn/optim", 6},
                                                   {"nn/data", 6},
                                                   {"nn/compat/torch", 7},
                                                   {"nn/compat/ATen", 7}};
  return table;
}

std::string folder_of(const std::string& file) { return fs::path(file).parent_path().generic_string(); }
// A list of declarations that a header includes (*.inc) counts as one.
bool is_header(const std::string& file) {
  const fs::path extension = fs::path(file).extension();
  return extension == ".h" || extension == ".inc";
}

// Headers that bring the user's own Eigen with them.
bool is_bridge(const std::string& file) { return file == "autograd/eigen.h" || file == "nn/lecture.h"; }
const char* const kPrivateEigen = "autograd/kernels/eigen_private.h";

// Headers that gradtape.h leaves out: a program includes them where it needs them, and pays only there.
bool is_loader(const std::string& file) { return folder_of(file) == "nn/data"; }

// A public header of autograd stands below every floor; a folder inside one of autograd's is on that one's floor.
int floor_of(const std::string& file) {
  std::string folder = folder_of(file);
  if (folder == "autograd" && is_header(file)) return -1;
  while (floors().count(folder) == 0 && folder.rfind("autograd/", 0) == 0)
    folder = fs::path(folder).parent_path().generic_string();
  const auto it = floors().find(folder);
  return it == floors().end() ? -2 : it->second;
}

// Path from the root of what `file` names in quotes, empty if there is no such file.
std::string resolve(const std::string& file, const std::string& included) {
  for (const fs::path& base : {fs::path(folder_of(file)), fs::path()}) {
    const std::string path = (base / included).lexically_normal().generic_string();
    if (path.rfind("..", 0) != 0 && fs::is_regular_file(root() / path)) return path;
  }
  return {};
}

std::string check_quoted(const std::string& file, const std::string& included) {
  const std::string target = resolve(file, included);
  if (target.empty()) return "no such file in the repository: " + included;
  if (is_public_header(file) && !is_public_header(target))
    return "a public header includes public headers only, not " + target;
  if (!is_public_header(file) && !is_header(file) && included.rfind("autograd/", 0) != 0 &&
      included.rfind("nn/", 0) != 0)
    return "a .cpp file names its headers from the root: \"" + target + "\"";
  if (target == "gradtape.h") return "the umbrella header is for users";
  if (is_bridge(target) && !is_bridge(file)) return target + " is opt-in; the library does not include it";
  if (target == kPrivateEigen && folder_of(file) != "autograd/kernels")
    return "only autograd/kernels includes Eigen, through " + target;
  const int from = floor_of(file), to = floor_of(target);
  if (to == -2) return target + " is on no floor";
  if (to > from)
    return "floor " + std::to_string(from) + " (" + folder_of(file) + ") includes floor " + std::to_string(to) + " (" +
           target + "); includes go downwards only";
  return {};
}

std::string check_angled(const std::string& file, const std::string& included) {
  const auto starts = [&](const char* prefix) { return included.rfind(prefix, 0) == 0; };
  if ((starts("Eigen/") || starts("unsupported/Eigen")) && file != kPrivateEigen && !is_bridge(file))
    return std::string("Eigen is included by ") + kPrivateEigen + " only";
  if (starts("fmt/") && is_header(file)) return "fmt is for .cpp files";
  if (starts("gradtape/") && floor_of(file) != 7) return "the library names its own headers in quotes";
  // What each of these costs a user's compilation: 0.2 to 0.3 s.
  static const std::set<std::string> heavy = {"iostream", "random", "thread", "complex", "regex",       "filesystem",
                                              "future",   "chrono", "mutex",  "sstream", "functional_", "map_"};
  if (is_public_header(file) && !is_opt_in(file) && heavy.count(included) != 0)
    return "public headers do without <" + included + ">, which costs every user compile time";
  return {};
}

}  // namespace

bool is_opt_in(const std::string& file) { return is_bridge(file) || is_loader(file); }
bool is_public_header(const std::string& file) {
  const std::string folder = folder_of(file);
  return is_header(file) && (folder == "autograd" || folder == "nn" || folder == "nn/optim" || folder == "nn/data");
}

std::vector<Violation> check_includes(const std::string& file, const std::string& text) {
  static const std::regex include(R"(^\s*#\s*include\s*([<"])([^">]+)[">].*)");
  std::vector<Violation> found;
  if (floor_of(file) == -2) found.push_back({file, 1, "the folder " + folder_of(file) + " is on no floor"});
  int number = 0;
  for (const std::string& line : lines_of(text)) {
    ++number;
    std::smatch match;
    if (!std::regex_match(line, match, include)) continue;
    const std::string rule = match[1] == "<" ? check_angled(file, match[2]) : check_quoted(file, match[2]);
    if (!rule.empty()) found.push_back({file, number, rule});
  }
  return found;
}

}  // namespace house
