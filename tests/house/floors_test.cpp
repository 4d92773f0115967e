#include "floors.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "source_tree.h"

namespace {
using house::check_includes;

std::string rule_of(const std::string& file, const std::string& text) {
  const auto found = check_includes(file, text);
  return found.empty() ? std::string() : found[0].rule;
}

TEST(Floors, IncludesGoDownwardsOnly) {
  int files = 0;
  for (const char* folder : {"autograd", "nn"}) {
    for (const std::string& file : house::files_below(folder, {".h", ".inc", ".cpp"})) {
      ++files;
      for (const auto& v : check_includes(file, house::read(house::root() / file)))
        ADD_FAILURE() << v.file << ':' << v.line << ": " << v.rule;
    }
  }
  EXPECT_GT(files, 50);
}

// The rules themselves: each broken once.
TEST(Floors, BadSamplesAreFound) {
  EXPECT_NE(rule_of("autograd/core/x.cpp", "#include \"autograd/ops/common.h\"\n").find("downwards only"),
            std::string::npos);
  EXPECT_NE(
      rule_of("autograd/kernels/x.h", "#include \"autograd/core/allocator.h\"\n#include \"autograd/tape/node.h\"\n")
          .find("floor 1 (autograd/kernels) includes floor 2 (autograd/tape/node.h)"),
      std::string::npos);
  EXPECT_NE(rule_of("autograd/ops/x.cpp", "#include \"autograd/kernels/eigen_private.h\"\n").find("Eigen"),
            std::string::npos);
  EXPECT_NE(rule_of("autograd/x.h", "#include \"core/tensor_impl.h\"\n").find("public headers only"),
            std::string::npos);
  EXPECT_NE(rule_of("nn/x.h", "#include \"../autograd/kernels/array.h\"\n").find("public headers only"),
            std::string::npos);
  EXPECT_NE(rule_of("nn/x.h", "#include <iostream>\n").find("<iostream>"), std::string::npos);
  EXPECT_NE(rule_of("nn/x.cpp", "#include <Eigen/Core>\n").find("Eigen"), std::string::npos);
  EXPECT_NE(rule_of("autograd/core/x.h", "  #  include <fmt/core.h>\n").find("fmt"), std::string::npos);
  EXPECT_NE(rule_of("autograd/ops/x.cpp", "#include \"common.h\"\n").find("from the root"), std::string::npos);
  EXPECT_NE(rule_of("autograd/ops/x.cpp", "#include \"autograd/nothing.h\"\n").find("no such file"), std::string::npos);
  EXPECT_NE(rule_of("autograd/ops/x.cpp", "#include <gradtape/gradtape.h>\n").find("in quotes"), std::string::npos);
  EXPECT_NE(rule_of("autograd/strange/x.cpp", "").find("on no floor"), std::string::npos);
  const auto at_line = check_includes("autograd/core/x.cpp", "\n\n#include \"autograd/tape/node.h\"\n");
  ASSERT_EQ(at_line.size(), 1u);
  EXPECT_EQ(at_line[0].line, 3);
}

TEST(Floors, GoodSamplesPass) {
  EXPECT_EQ(rule_of("autograd/ops/x.cpp", "#include \"autograd/ops/common.h\"\n#include <cmath>\n"), "");
  EXPECT_EQ(rule_of("autograd/x.h", "#include \"tensor.h\"\n"), "");
  EXPECT_EQ(rule_of("nn/x.h", "#include \"../autograd/tensor.h\"\n"), "");
  EXPECT_EQ(rule_of("nn/optim/x.cpp", "#include \"autograd/kernels/array.h\"\n"), "");
  EXPECT_EQ(rule_of("nn/lecture.h", "#include <Eigen/Core>\n"), "");
  EXPECT_EQ(rule_of("autograd/core/x.cpp", "// #include \"autograd/ops/common.h\"\n"), "");
}

// Following the quotes from gradtape.h reaches every public header but those that are opt-in.
TEST(Floors, UmbrellaReachesEveryPublicHeader) {
  std::vector<std::string> reached = {"gradtape.h"};
  for (std::size_t i = 0; i < reached.size(); ++i) {
    const std::filesystem::path here = std::filesystem::path(reached[i]).parent_path();
    for (const std::string& line : house::lines_of(house::read(house::root() / reached[i]))) {
      if (line.rfind("#include \"", 0) != 0) continue;
      const std::string name = line.substr(10, line.find('"', 10) - 10);
      const std::string path = (here / name).lexically_normal().generic_string();
      if (std::find(reached.begin(), reached.end(), path) == reached.end()) reached.push_back(path);
    }
  }
  for (const char* folder : {"autograd", "nn"}) {
    for (const std::string& file : house::files_below(folder, {".h"})) {
      if (!house::is_public_header(file) || house::is_opt_in(file)) continue;
      EXPECT_NE(std::find(reached.begin(), reached.end(), file), reached.end())
          << file << " is not reached from gradtape.h";
    }
  }
}

}  // namespace
