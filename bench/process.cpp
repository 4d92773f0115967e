#include "process.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "worker.h"

namespace bench {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string w; in >> w;) all.push_back(w);
  return all;
}

// BENCH_CXX: the compiler. BENCH_LINK: the library and what it needs, linked statically.
class Compiler {
 public:
  explicit Compiler(fs::path folder) : folder_(std::move(folder)) { fs::create_directories(folder_); }
  // Compiles bench/FILE after an #include of the header.
  Finished compile(const std::string& header, const std::string& file, const std::string& flags) const {
    std::ofstream(folder_ / "source.cpp")
        << "#include <" << header << ">\n#include \"" << BENCH_SOURCE_DIR << "/" << file << "\"\n";
    std::vector<std::string> command = {
        BENCH_CXX, "-O2", "-std=c++17", "-c", (folder_ / "source.cpp").string(), "-o", (folder_ / "source.o").string()};
    for (const std::string& w : words(flags)) command.push_back(w);
    return run(command);
  }
  fs::path link() const {
    const fs::path program = folder_ / "program";
    std::vector<std::string> command = {
        BENCH_CXX, "-static", "-s", "-Wl,--gc-sections", (folder_ / "source.o").string(), "-o", program.string()};
    for (const std::string& w : words(BENCH_LINK)) command.push_back(w);
    run(command);
    return program;
  }

 private:
  fs::path folder_;
};

Result row(const std::string& name, double value) {
  Result r;
  r.row = name;
  r.value = value;
  return r;
}

struct Started {
  double ms, resident_mb;
};
// The program prints its peak resident kilobytes.
Started start(const fs::path& program, int times) {
  std::vector<double> ms;
  double mb = 0;
  for (int i = 0; i < times; ++i) {
    const Finished f = run({program.string()});
    ms.push_back(f.wall_seconds * 1e3);
    mb = std::stod(f.output) / 1024;
  }
  std::nth_element(ms.begin(), ms.begin() + times / 2, ms.end());
  return {ms[static_cast<std::size_t>(times / 2)], mb};
}

}  // namespace

std::vector<Result> process_rows(const std::string& folder, const std::string& filter, bool quick) {
  std::vector<Result> rows;
  const std::regex wanted(filter);
  if (!std::regex_search("compile executable start", wanted)) return rows;
  const Compiler compiler(fs::path(folder) / "process");
  Finished on_libtorch{};
  const std::string libtorch = BENCH_TORCH_FLAGS;
  if (!quick && !libtorch.empty()) on_libtorch = compiler.compile("torch/torch.h", "two_layers.inc", libtorch);
  for (const auto& [name, header] :
       {std::pair<const char*, const char*>{"native", "gradtape/gradtape.h"}, {"shim", "torch/torch.h"}}) {
    double seconds = 1e9, mb = 0;
    for (int i = 0; i < (quick ? 1 : 5); ++i) {
      const Finished f = compiler.compile(header, "two_layers.inc", BENCH_FLAGS);
      seconds = std::min(seconds, f.cpu_seconds);
      mb = f.peak_mb;
    }
    Result time = row(std::string("compile/") + name + ": CPU seconds", seconds);
    Result memory = row(std::string("compile/") + name + ": MB of the compiler", mb);
    if (on_libtorch.cpu_seconds > 0) {
      time.libtorch_value = on_libtorch.cpu_seconds;
      memory.libtorch_value = on_libtorch.peak_mb;
    }
    rows.push_back(time);
    rows.push_back(memory);
  }
  compiler.compile("gradtape/gradtape.h", "two_layers.inc", BENCH_FLAGS);
  rows.push_back(row("executable: MB", static_cast<double>(fs::file_size(compiler.link())) / (1 << 20)));
  compiler.compile("gradtape/gradtape.h", "start.inc", BENCH_FLAGS);
  const Started ours = start(compiler.link(), 21);
  rows.push_back(row("start: ms", ours.ms));
  rows.push_back(row("start: MB resident", ours.resident_mb));
  const fs::path other = fs::path(folder) / "bench_start_libtorch";
  if (fs::exists(other)) {
    const Started theirs = start(other, 5);
    rows[rows.size() - 2].libtorch_value = theirs.ms;
    rows[rows.size() - 1].libtorch_value = theirs.resident_mb;
  }
  return rows;
}

}  // namespace bench
