#pragma once
// A progress bar on a terminal; about ten plain lines elsewhere.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace examples {

class Progress {
 public:
  Progress(std::string what, long total) : what_(std::move(what)), total_(total), terminal_(isatty(STDOUT_FILENO)) {}

  // `done` of `total` steps, with a few words on the state.
  void show(long done, const std::string& state) {
    if (!terminal_) {
      if (done * 10 / total_ == shown_ * 10 / total_ && done != total_) return;
      shown_ = done;
      std::printf("%s %ld/%ld  %s\n", what_.c_str(), done, total_, state.c_str());
      return;
    }
    const auto now = std::chrono::steady_clock::now();
    if (done != total_ && now - last_ < std::chrono::milliseconds(40)) return;
    last_ = now;
    constexpr long kWidth = 30;
    const long full = kWidth * done / total_;
    std::string bar;
    for (long i = 0; i < kWidth; ++i) bar += i < full ? "\u2588" : "\u2591";
    std::printf("\r%s %ld/%ld %s %s\033[K%s", what_.c_str(), done, total_, bar.c_str(), state.c_str(),
                done == total_ ? "\n" : "");
    std::fflush(stdout);
  }

 private:
  std::string what_;
  long total_, shown_ = 0;
  bool terminal_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace examples
