// Runs the rows of bench_rows beside the same rows on libtorch and by hand, in turns, and prints medians and ratios.
//   bench_compare DIR [--filter REGEX] [--rounds N] [--time SECONDS] [--budget SECONDS] [--clock wall|cpu]
//                 [--json FILE] [--svg FILE] [--quick] [--no-process]
// DIR holds bench_rows, bench_hand and, where libtorch is installed, bench_rows_libtorch. Every row has processes of
// its own, which wait for their turns; so their peak memory is the row's. A ratio is the median of the ratios of turns:
// slow phases of the machine fall on both sides. The clock cpu, of the thread, is for machines that others use too;
// rows of several threads are always timed by the wall.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "process.h"
#include "report.h"
#include "worker.h"

namespace {

using bench::Result;

struct Options {
  std::string folder, filter = ".", json_file, svg_file, clock = "wall";
  int rounds = 5;
  double seconds = 0.06, budget = 12;  // of a turn; of a row, after which it gets no further turn
  bool quick = false, processes = true;
};

Options parsed(int argc, char** argv) {
  Options o;
  for (int i = 1; i < argc; ++i) {
    const std::string a = argv[i];
    if (a == "--quick") {
      o.quick = true;
      o.rounds = 1;
      o.seconds = 0.02;
    } else if (a == "--no-process") {
      o.processes = false;
    } else if (a[0] != '-') {
      o.folder = a;
    } else {
      if (i + 1 >= argc) throw std::runtime_error(a + " needs a value");
      const std::string v = argv[++i];
      if (a == "--filter")
        o.filter = v;
      else if (a == "--rounds")
        o.rounds = std::max(1, std::stoi(v));
      else if (a == "--time")
        o.seconds = std::stod(v);
      else if (a == "--budget")
        o.budget = std::stod(v);
      else if (a == "--clock" && (v == "wall" || v == "cpu"))
        o.clock = v;
      else if (a == "--json")
        o.json_file = v;
      else if (a == "--svg")
        o.svg_file = v;
      else
        throw std::runtime_error("unknown option " + a + ' ' + v);
    }
  }
  if (o.folder.empty()) throw std::runtime_error("give the folder of the benchmarks");
  return o;
}

struct Program {
  std::string name, path;
  std::vector<std::string> rows;
  bool has(const std::string& row) const { return std::count(rows.begin(), rows.end(), row) > 0; }
};

std::vector<Program> programs_of(const Options& o) {
  std::vector<Program> found;
  const std::regex wanted(o.filter);
  for (const auto& [name, executable] : {std::pair<const char*, const char*>{"gradtape", "bench_rows"},
                                         {"libtorch", "bench_rows_libtorch"},
                                         {"by hand", "bench_hand"}}) {
    Program p{name, (std::filesystem::path(o.folder) / executable).string(), {}};
    if (!std::filesystem::exists(p.path)) continue;
    std::istringstream lines(bench::run({p.path, "--benchmark_list_tests=true"}).output);
    for (std::string line; std::getline(lines, line);)
      if (std::regex_search(line, wanted)) p.rows.push_back(line);
    found.push_back(p);
  }
  if (found.empty() || found[0].name != "gradtape") throw std::runtime_error("no bench_rows in " + o.folder);
  return found;
}

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  const std::size_t n = v.size();
  return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}
double median_ratio(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> q;
  for (std::size_t k = 0; k < a.size(); ++k) q.push_back(a[k] / b[k]);
  return median(q);
}

// The number behind "/threads:" and the like in the name.
int number_in(const std::string& row, const std::string& mark, int otherwise) {
  const auto at = row.find(mark);
  return at == std::string::npos ? otherwise : std::stoi(row.substr(at + mark.size()));
}
int threads_of(const std::string& row) { return number_in(row, "/threads:", 1); }

// Bytes and floating-point operations a second.
std::map<std::string, double> machine_of(const Options& o) {
  std::map<std::string, double> machine;
  const auto path = std::filesystem::path(o.folder) / "bench_hand";
  if (!std::filesystem::exists(path)) return machine;
  bench::Worker worker(path.string(), 1);
  for (const auto& [row, unit] : {std::pair<const char*, const char*>{"floor/copy", "bytes"},
                                  {"floor/multiply_add/f32", "flops"},
                                  {"floor/multiply_add/f64", "flops"}})
    for (int turn = 0; turn < 5; ++turn) {
      const auto a = worker.ask(row, 0.05);
      const double rate = a["counters"][unit].get<double>() / a["cpu_ns"].get<double>() * 1e9;
      machine[row] = std::max(machine[row], rate);
    }
  return machine;
}

void set_floor(Result& r, const std::map<std::string, double>& machine) {
  const auto rate = [&](const std::string& name) { return machine.count(name) ? machine.at(name) : 0; };
  const double copy = rate("floor/copy");
  const double peak =
      rate(r.row.find("f64") == std::string::npos ? "floor/multiply_add/f32" : "floor/multiply_add/f64");
  if (copy == 0 || peak == 0) return;
  const double seconds = std::max(r.counters["bytes"] / copy, r.counters["flops"] / peak / threads_of(r.row));
  if (seconds > 0) r.floor = seconds * 1e9 / r.ns.at("gradtape");
}

Result measured(const std::string& row, const std::vector<Program>& programs, const Options& o) {
  const auto start = std::chrono::steady_clock::now();
  const int threads = threads_of(row);
  const char* clock = threads == 1 && o.clock == "cpu" ? "cpu_ns" : "ns";
  std::vector<std::pair<const Program*, std::unique_ptr<bench::Worker>>> workers;
  for (const Program& p : programs)
    if (p.has(row)) workers.emplace_back(&p, std::make_unique<bench::Worker>(p.path, threads));
  std::map<std::string, std::vector<double>> times;
  std::map<std::string, double> check;
  Result r;
  r.row = row;
  for (int turn = 0; turn < o.rounds; ++turn) {
    for (auto& [program, worker] : workers) {
      const auto a = worker->ask(row, o.seconds);
      times[program->name].push_back(a[clock].get<double>());
      r.peak_mb[program->name] = a["peak_kb"].get<double>() / 1024;
      if (a["counters"].count("check")) check[program->name] = a["counters"]["check"].get<double>();
      if (program->name == "gradtape") r.counters = a["counters"].get<std::map<std::string, double>>();
    }
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    if (turn >= 1 && spent.count() > o.budget) break;
  }
  for (const auto& [name, t] : times) r.ns[name] = median(t);
  if (const int depth = number_in(row, "/depth:", 0)) r.counters["per_node"] = r.ns["gradtape"] / depth;
  if (times.count("libtorch")) r.libtorch = median_ratio(times["libtorch"], times["gradtape"]);
  if (times.count("by hand")) r.hand = median_ratio(times["gradtape"], times["by hand"]);
  for (const auto& [name, value] : check)
    if (!(std::fabs(value - check["gradtape"]) <= 2e-4 * std::fabs(check["gradtape"])))
      r.note = fmt::format("result is {} and {} {}", check["gradtape"], name, value);
  return r;
}

// What follows from several rows.
void add_derived(std::vector<Result>& results) {
  std::map<std::string, Result> by_row;
  for (const Result& r : results)
    if (!r.ns.empty()) by_row[r.row] = r;
  for (const auto& [row, r] : by_row) {
    const auto two = by_row.find(row + "/threads:2");
    if (two != by_row.end()) {
      Result d;
      d.row = row + ": 1 thread over 2";
      d.value = r.ns.at("gradtape") / two->second.ns.at("gradtape");
      if (r.ns.count("libtorch")) d.libtorch_value = r.ns.at("libtorch") / two->second.ns.at("libtorch");
      results.push_back(d);
    }
    const std::string deep = "/depth:1000000";
    if (row.size() > deep.size() && row.substr(row.size() - deep.size()) == deep) {
      const std::string family = row.substr(0, row.size() - deep.size());
      const auto shallow = by_row.find(family + "/depth:1000");
      if (shallow == by_row.end()) continue;
      Result d;
      d.row = family + ": a node at depth 10^6 over 10^3";
      d.value = r.counters.at("per_node") / shallow->second.counters.at("per_node");
      results.push_back(d);
    }
  }
}

int compare(const Options& o) {
  const std::vector<Program> programs = programs_of(o);
  const auto machine = machine_of(o);
  for (const auto& [name, rate] : machine) fmt::print("{}: {:.1f} G/s\n", name, rate / 1e9);
  std::vector<Result> results;
  bench::print_head();
  const std::regex slow("big/.*|tape/.*/depth:100000+");
  for (const std::string& row : programs[0].rows) {
    if (o.quick && std::regex_match(row, slow)) continue;
    Result r;
    try {
      r = measured(row, programs, o);
      set_floor(r, machine);
    } catch (const std::exception& e) {
      r = Result();
      r.row = row;
      r.note = e.what();
    }
    bench::print(r);
    results.push_back(r);
  }
  const std::size_t rows = results.size();
  add_derived(results);
  if (o.processes)
    for (Result& r : bench::process_rows(o.folder, o.filter, o.quick)) results.push_back(r);
  for (std::size_t k = rows; k < results.size(); ++k) bench::print(results[k]);
  bench::print_summary(results);
  if (!o.json_file.empty()) bench::write_json(o.json_file, results, machine);
  if (!o.svg_file.empty()) bench::draw(o.svg_file, results);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return compare(parsed(argc, argv));
  } catch (const std::exception& e) {
    fmt::print(stderr, "bench_compare: {}\n", e.what());
    return 1;
  }
}
