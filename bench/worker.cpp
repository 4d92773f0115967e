#include "worker.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <stdexcept>

extern char** environ;

namespace bench {
namespace {

struct Child {
  pid_t pid;
  int in, out;  // ends of this side
};

Child spawn(const std::vector<std::string>& command, const std::vector<std::string>& variables = {}) {
  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC)) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  std::vector<char*> arguments, environment;
  for (const std::string& a : command) arguments.push_back(const_cast<char*>(a.c_str()));
  for (const std::string& v : variables) environment.push_back(const_cast<char*>(v.c_str()));
  for (char** v = environ; *v; ++v) environment.push_back(*v);  // the first of a name counts
  arguments.push_back(nullptr);
  environment.push_back(nullptr);
  Child child{0, in[1], out[0]};
  const int error = posix_spawnp(&child.pid, arguments[0], &actions, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  if (error) throw std::runtime_error("cannot run " + command[0]);
  return child;
}

double seconds_of(const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; }

}  // namespace

Worker::Worker(const std::string& program, int threads) : program_(program) {
  std::signal(SIGPIPE, SIG_IGN);
  const std::string n = std::to_string(threads);
  const Child child = spawn({program, "--serve"}, {"OMP_NUM_THREADS=" + n, "OPENBLAS_NUM_THREADS=" + n});
  pid_ = child.pid;
  to_ = fdopen(child.in, "w");
  from_ = fdopen(child.out, "r");
  answer();
}

Worker::~Worker() {
  std::fclose(to_);
  std::fclose(from_);
  waitpid(pid_, nullptr, 0);
}

nlohmann::json Worker::ask(const std::string& row, double seconds) {
  std::fprintf(to_, "%g %s\n", seconds, row.c_str());
  std::fflush(to_);
  return answer();
}

nlohmann::json Worker::answer() {
  std::string line;
  for (int c; (c = std::getc(from_)) != EOF && c != '\n';) line.push_back(static_cast<char>(c));
  nlohmann::json result = nlohmann::json::parse(line, nullptr, false);
  if (result.is_discarded()) throw std::runtime_error(program_ + " died or answered \"" + line + '"');
  if (result.count("error")) throw std::runtime_error(program_ + ": " + result["error"].get<std::string>());
  return result;
}

Finished run(const std::vector<std::string>& command) {
  const auto start = std::chrono::steady_clock::now();
  const Child child = spawn(command);
  close(child.in);
  Finished f{};
  char buffer[4096];
  for (ssize_t n; (n = read(child.out, buffer, sizeof buffer)) > 0;)
    f.output.append(buffer, static_cast<std::size_t>(n));
  close(child.out);
  int status = 0;
  rusage usage{};
  wait4(child.pid, &status, 0, &usage);
  f.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  f.cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
  f.peak_mb = static_cast<double>(usage.ru_maxrss) / 1024;
  if (status != 0) throw std::runtime_error(command[0] + " failed");
  return f;
}

}  // namespace bench
