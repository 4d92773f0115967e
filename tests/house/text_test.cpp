// What every text file of the repository keeps: short files, no loose ends, nothing of one machine.
#include <gtest/gtest.h>

#include <set>

#include "source_tree.h"

namespace {

constexpr std::size_t kMaxLines = 450;

const std::vector<std::string>& text_files() {
  static const std::vector<std::string> files = [] {
    const std::vector<std::string> text = {".h", ".inc", ".cpp", ".cmake", ".txt", ".md", ".sh", ".json"};
    std::vector<std::string> found = house::files_below(".ci", {});
    for (const char* folder : {"autograd", "nn", "tests", "bench", "examples"})
      for (const std::string& f : house::files_below(folder, text)) found.push_back(f);
    // What git ignores, and the file .git of a worktree, do not belong to the repository.
    const std::set<std::string> foreign = {".git", "compile_commands.json", "CMakeUserPresets.json"};
    for (const auto& entry : std::filesystem::directory_iterator(house::root())) {
      const std::string name = entry.path().filename().string();
      if (entry.is_regular_file() && foreign.count(name) == 0) found.push_back(name);
    }
    return found;
  }();
  return files;
}

// Words are joined here so that this file does not contain them.
std::string joined(const char* a, const char* b) { return std::string(a) + b; }

std::vector<std::string> forbidden_words() {
  return {joined("TO", "DO"),
          joined("FIX", "ME"),
          joined("XX", "X:"),
          joined("HA", "CK:"),
          joined("/wo", "rk/"),
          joined("/ho", "me/"),
          joined("/ro", "ot/"),
          joined("/Us", "ers/"),
          joined("py", "pi.org"),
          joined("pythonho", "sted.org"),
          joined("np", "mjs."),
          joined("crates", ".io"),
          joined("proxy.go", "lang.org"),
          joined("deb.deb", "ian.org"),
          joined("ghc", "r.io"),
          joined("docker", ".io"),
          joined("anacon", "da.org")};
}

TEST(House, FilesAreShort) {
  int files = 0;
  for (const std::string& file : text_files()) {
    const std::string extension = std::filesystem::path(file).extension().string();
    if (extension != ".h" && extension != ".inc" && extension != ".cpp" && extension != ".cmake" && extension != ".sh")
      continue;
    ++files;
    const std::size_t n = house::lines_of(house::read(house::root() / file)).size();
    EXPECT_LE(n, kMaxLines) << file << " has " << n << " lines; at most " << kMaxLines << ", one subject a file";
  }
  EXPECT_GT(files, 50);
}

TEST(House, NoLooseEndsAndNothingOfOneMachine) {
  const std::vector<std::string> words = forbidden_words();
  for (const std::string& file : text_files()) {
    std::size_t number = 0;
    for (const std::string& line : house::lines_of(house::read(house::root() / file))) {
      ++number;
      for (const std::string& word : words)
        EXPECT_EQ(line.find(word), std::string::npos) << file << ':' << number << ": contains \"" << word << '"';
    }
  }
}

TEST(House, LinesEndPlainly) {
  for (const std::string& file : text_files()) {
    const std::string text = house::read(house::root() / file);
    EXPECT_EQ(text.find('\r'), std::string::npos) << file << " has carriage returns";
    EXPECT_TRUE(text.empty() || text.back() == '\n') << file << " does not end with a newline";
    EXPECT_EQ(text.find(" \n"), std::string::npos) << file << " has spaces at a line's end";
  }
}

}  // namespace
