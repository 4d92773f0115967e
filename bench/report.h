#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "targets.h"

namespace bench {

struct Result {
  std::string row;
  std::map<std::string, double> ns, peak_mb;  // by program: "gradtape", "libtorch", "by hand"
  std::map<std::string, double> counters;     // of gradtape
  std::optional<double> libtorch, hand;       // medians of ratios of turns: libtorch / ours, ours / by hand
  std::optional<double> floor;                // time that the machine needs at least / ours
  std::optional<double> value;                // of rows that are no times
  std::optional<double> libtorch_value;       // the same of libtorch
  std::string note;                           // what is wrong with the results
};

struct Verdict {
  std::string text;
  bool met;
  bool of_every_row;  // memory and allocations: the table names them where they are missed only
};
// One for every target of the row that there is a figure for.
std::vector<Verdict> verdicts(const Result& result);

void print_head();
void print(const Result& result);
// Rows that are slower than libtorch, and those that miss a target.
void print_summary(const std::vector<Result>& results);
void write_json(const std::string& file, const std::vector<Result>& results,
                const std::map<std::string, double>& machine);
// Bars of libtorch's time over ours on a logarithmic scale.
void draw(const std::string& file, const std::vector<Result>& results);

}  // namespace bench
