// Runs the rows of bench_rows beside the same rows on libtorch and by hand, in turns, and prints medians and ratios.
//   bench_compare DIR [--filter REGEX] [--rounds N] [--time SECONDS] [--json FILE] [--svg FILE]
// DIR holds bench_rows, bench_hand and, where libtorch is installed, bench_rows_libtorch. A ratio is the median of the
// ratios of turns, so that slow phases of the machine fall on both sides.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using nlohmann::json;

std::string output_of(const std::string& command) {
  FILE* pipe = popen((command + " 2>/dev/null").c_str(), "r");
  if (!pipe) throw std::runtime_error("cannot run " + command);
  std::string text;
  char buffer[4096];
  for (std::size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, n);
  pclose(pipe);
  return text;
}

struct Program {
  std::string name, path;
  std::vector<std::string> rows;
};

std::optional<Program> find(const std::string& folder, const std::string& name, const std::string& executable,
                            const std::string& filter) {
  const std::string path = (std::filesystem::path(folder) / executable).string();
  if (!std::filesystem::exists(path)) return std::nullopt;
  Program p{name, path, {}};
  std::istringstream lines(output_of("'" + path + "' --benchmark_list_tests=true --benchmark_filter='" + filter + "'"));
  for (std::string line; std::getline(lines, line);)
    if (!line.empty()) p.rows.push_back(line);
  return p;
}

// Nanoseconds of wall time.
double time_of(const Program& p, const std::string& row, double seconds) {
  const std::string text = output_of(
      fmt::format("OMP_NUM_THREADS=1 '{}' --benchmark_filter='^{}$' --benchmark_min_time={} --benchmark_format=json",
                  p.path, row, seconds));
  const json result = json::parse(text, nullptr, false);
  if (result.is_discarded() || result["benchmarks"].empty())
    throw std::runtime_error(p.path + " gave no time for " + row);
  const json& b = result["benchmarks"][0];
  const std::map<std::string, double> units = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
  return b["real_time"].get<double>() * units.at(b["time_unit"].get<std::string>());
}

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  const std::size_t n = v.size();
  return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

std::string shown(double ns) {
  if (ns < 1e4) return fmt::format("{:.0f} ns", ns);
  if (ns < 1e7) return fmt::format("{:.1f} us", ns / 1e3);
  return fmt::format("{:.1f} ms", ns / 1e6);
}

// Bars of libtorch's time over ours on a logarithmic scale; the line is at 1.
void draw(const std::string& file, const std::vector<std::pair<std::string, double>>& bars) {
  constexpr double kLeft = 170, kWidth = 430, kRow = 18;
  const auto x = [](double ratio) { return kLeft + kWidth * (std::log10(ratio) + 0.5) / 2.7; };
  std::ofstream out(file);
  out << fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" font-family="sans-serif" )"
                     R"(font-size="11"><rect width="100%" height="100%" fill="white"/>)",
                     kLeft + kWidth + 60, kRow * static_cast<double>(bars.size() + 2));
  out << fmt::format(R"(<text x="8" y="14">time on libtorch / time on gradtape</text>)");
  double y = kRow * 1.5;
  for (const auto& [name, ratio] : bars) {
    const double from = std::min(x(1), x(ratio)), to = std::max(x(1), x(ratio));
    out << fmt::format(R"(<text x="8" y="{}">{}</text><rect x="{:.1f}" y="{}" width="{:.1f}" height="12" fill="{}"/>)",
                       y + 10, name, from, y, std::max(to - from, 1.0), ratio >= 1 ? "#2a7" : "#c44");
    out << fmt::format(R"(<text x="{:.1f}" y="{}">{:.2f}</text>)", to + 4, y + 10, ratio);
    y += kRow;
  }
  out << fmt::format(R"(<line x1="{0:.1f}" y1="20" x2="{0:.1f}" y2="{1}" stroke="black"/></svg>)", x(1), y) << '\n';
  if (!out) throw std::runtime_error("cannot write " + file);
}

int compare(int argc, char** argv) {
  std::string folder, filter = ".", json_file, svg_file;
  int rounds = 7;
  double seconds = 0.1;
  for (int i = 1; i < argc; ++i) {
    const std::string a = argv[i];
    if (a[0] != '-') {
      folder = a;
      continue;
    }
    if (i + 1 >= argc) throw std::runtime_error(a + " needs a value");
    const std::string v = argv[++i];
    if (a == "--filter")
      filter = v;
    else if (a == "--rounds")
      rounds = std::max(1, std::stoi(v));
    else if (a == "--time")
      seconds = std::stod(v);
    else if (a == "--json")
      json_file = v;
    else if (a == "--svg")
      svg_file = v;
    else
      throw std::runtime_error("unknown option " + a);
  }
  if (folder.empty()) throw std::runtime_error("give the folder of the benchmarks");
  std::vector<Program> programs;
  for (const auto& [name, executable] :
       {std::pair("gradtape", "bench_rows"), {"libtorch", "bench_rows_libtorch"}, {"by hand", "bench_hand"}})
    if (auto p = find(folder, name, executable, filter)) programs.push_back(*p);
  if (programs.empty() || programs[0].name != "gradtape") throw std::runtime_error("no bench_rows in " + folder);

  json all = json::array();
  std::vector<std::pair<std::string, double>> bars;
  fmt::print("{:<28}{:>12}{:>12}{:>12}{:>10}{:>10}\n", "row", "gradtape", "libtorch", "by hand", "x libt.", "x hand");
  for (const std::string& row : programs[0].rows) {
    std::map<std::string, std::vector<double>> times;
    for (int r = 0; r < rounds; ++r)
      for (const Program& p : programs)
        if (std::count(p.rows.begin(), p.rows.end(), row)) times[p.name].push_back(time_of(p, row, seconds));
    json record = {{"row", row}};
    for (const auto& [name, t] : times) record["median_ns"][name] = median(t);
    const auto ratio = [&](const std::string& other) -> std::optional<double> {
      if (!times.count(other)) return std::nullopt;
      std::vector<double> q;
      for (std::size_t k = 0; k < times[other].size(); ++k) q.push_back(times[other][k] / times["gradtape"][k]);
      record["ratio"][other] = median(q);
      return median(q);
    };
    const auto libtorch = ratio("libtorch"), hand = ratio("by hand");
    const auto time = [&](const char* name) {
      return times.count(name) ? shown(median(times[name])) : std::string("-");
    };
    const auto text = [](const std::optional<double>& r) { return r ? fmt::format("{:.2f}", *r) : std::string("-"); };
    fmt::print("{:<28}{:>12}{:>12}{:>12}{:>10}{:>10}\n", row, time("gradtape"), time("libtorch"), time("by hand"),
               text(libtorch), text(hand));
    std::fflush(stdout);
    if (libtorch) bars.emplace_back(row, *libtorch);
    all.push_back(record);
  }
  if (!json_file.empty()) std::ofstream(json_file) << all.dump(2) << '\n';
  if (!svg_file.empty()) draw(svg_file, bars);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return compare(argc, argv);
  } catch (const std::exception& e) {
    fmt::print(stderr, "bench_compare: {}\n", e.what());
    return 1;
  }
}
