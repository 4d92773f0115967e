#pragma once
// Programs that run beside this one: benchmarks that answer questions (serve.h), and commands whose cost is measured.
#include <sys/types.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace bench {

class Worker {
 public:
  // Starts `program --serve` with that many threads for OpenMP and BLAS, and waits until it is ready.
  Worker(const std::string& program, int threads);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();
  // Runs the row for about that long.
  nlohmann::json ask(const std::string& row, double seconds);

 private:
  nlohmann::json answer();
  std::string program_;
  pid_t pid_ = 0;
  std::FILE *to_ = nullptr, *from_ = nullptr;
};

struct Finished {
  std::string output;
  double wall_seconds, cpu_seconds;  // cpu: of the command and all it started
  double peak_mb;                    // resident, of the largest of these
};
// Throws when the command fails.
Finished run(const std::vector<std::string>& command);

}  // namespace bench
