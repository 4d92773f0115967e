#pragma once
// The repository as the house tests see it: its text files, by path from the root.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace house {

inline std::filesystem::path root() { return GRADTAPE_SOURCE_DIR; }

inline std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Build folders and what programs write (see .gitignore) are not part of the repository.
inline bool is_output(const std::string& name) {
  return name.rfind("build", 0) == 0 || name == "out" || name == ".git" || name == ".cache";
}

// Files below `folder` (from the root) whose extension is in `extensions`; all files when that is empty.
inline std::vector<std::string> files_below(const std::string& folder, const std::vector<std::string>& extensions) {
  namespace fs = std::filesystem;
  std::vector<std::string> found;
  if (!fs::exists(root() / folder)) return found;
  for (auto it = fs::recursive_directory_iterator(root() / folder); it != fs::recursive_directory_iterator(); ++it) {
    if (is_output(it->path().filename().string())) {
      it.disable_recursion_pending();
      continue;
    }
    if (!it->is_regular_file()) continue;
    bool wanted = extensions.empty();
    for (const std::string& e : extensions) wanted = wanted || it->path().extension() == e;
    if (wanted) found.push_back(it->path().lexically_relative(root()).generic_string());
  }
  return found;
}

}  // namespace house
