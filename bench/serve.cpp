#include "serve.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {
std::atomic<std::uint64_t> count{0};
void note() { count.fetch_add(1, std::memory_order_relaxed); }
}  // namespace

#ifdef __GLIBC__
// The executable's definitions come before the C library's, for shared libraries too.
extern "C" {
void* __libc_malloc(std::size_t);                 // NOLINT
void* __libc_calloc(std::size_t, std::size_t);    // NOLINT
void* __libc_realloc(void*, std::size_t);         // NOLINT
void* __libc_memalign(std::size_t, std::size_t);  // NOLINT
void* malloc(std::size_t n) { return note(), __libc_malloc(n); }
void* calloc(std::size_t n, std::size_t size) { return note(), __libc_calloc(n, size); }
void* realloc(void* p, std::size_t n) { return note(), __libc_realloc(p, n); }
void* memalign(std::size_t a, std::size_t n) { return note(), __libc_memalign(a, n); }
void* aligned_alloc(std::size_t a, std::size_t n) { return note(), __libc_memalign(a, n); }
int posix_memalign(void** p, std::size_t a, std::size_t n) {
  note();
  void* const q = __libc_memalign(a, n);
  if (!q) return ENOMEM;
  *p = q;
  return 0;
}
}
#endif

namespace bench {
std::uint64_t allocations() { return count.load(std::memory_order_relaxed); }
}  // namespace bench

namespace {

long peak_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("VmHWM:", 0) == 0) return std::stol(line.substr(6));
  return 0;
}

struct Keeper : benchmark::BenchmarkReporter {
  std::vector<Run> runs;
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& r) override { runs.insert(runs.end(), r.begin(), r.end()); }
};

std::string answer(const std::string& row, const std::string& seconds) {
  std::string program = "bench", time = "--benchmark_min_time=" + seconds;
  char* arguments[] = {program.data(), time.data(), nullptr};
  int n = 2;
  benchmark::Initialize(&n, arguments);
  Keeper keeper;
  benchmark::RunSpecifiedBenchmarks(&keeper, "^" + row + "$");
  if (keeper.runs.empty()) return "{\"error\": \"no such row\"}";
  const auto& run = keeper.runs.front();
  if (run.error_occurred) return "{\"error\": \"" + run.error_message + "\"}";
  std::ostringstream out;
  out.precision(17);
  const double scale = 1e9 / static_cast<double>(run.iterations);
  out << "{\"ns\": " << run.real_accumulated_time * scale << ", \"cpu_ns\": " << run.cpu_accumulated_time * scale
      << ", \"peak_kb\": " << peak_kb() << ", \"counters\": {";
  const char* separator = "";
  for (const auto& [name, value] : run.counters) {
    out << separator << '"' << name << "\": " << static_cast<double>(value);
    separator = ", ";
  }
  out << "}}";
  return out.str();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && !std::strcmp(argv[1], "--serve")) {
    std::cout << "{\"ready\": true}" << std::endl;
    for (std::string seconds, row; std::cin >> seconds >> row;) std::cout << answer(row, seconds) << std::endl;
    return 0;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
