#include "report.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace bench {
namespace {

std::string time_text(double ns) {
  if (ns < 1e4) return fmt::format("{:.0f} ns", ns);
  if (ns < 1e7) return fmt::format("{:.1f} us", ns / 1e3);
  return fmt::format("{:.1f} ms", ns / 1e6);
}
std::string number(double v) { return v >= 100 ? fmt::format("{:.0f}", v) : fmt::format("{:.3g}", v); }
std::string text_of(const std::optional<double>& v) { return v ? number(*v) : std::string("-"); }

std::optional<double> counter(const Result& r, const char* name) {
  const auto found = r.counters.find(name);
  return found == r.counters.end() ? std::nullopt : std::optional<double>(found->second);
}
std::optional<double> memory_share(const Result& r) {
  if (!r.peak_mb.count("libtorch") || !r.peak_mb.count("gradtape")) return std::nullopt;
  return r.peak_mb.at("gradtape") / r.peak_mb.at("libtorch");
}

void judge(std::vector<Verdict>& all, const Result& r, Measure measure, const std::optional<double>& got,
           const char* what) {
  const Target* t = target_of(r.row, measure);
  if (!t || !got || std::isinf(t->bound)) return;
  const bool at_least = measure == Measure::kLibtorch || measure == Measure::kValueAtLeast;
  const bool met = at_least ? *got >= t->bound : *got <= t->bound;
  all.push_back({fmt::format("{}{}{} (is {})", what, at_least ? ">=" : "<=", number(t->bound), number(*got)), met,
                 measure == Measure::kAllocations || measure == Measure::kMemory});
}

}  // namespace

std::vector<Verdict> verdicts(const Result& r) {
  std::vector<Verdict> all;
  judge(all, r, Measure::kLibtorch, r.libtorch, "libtorch ");
  judge(all, r, Measure::kHand, r.hand, "hand ");
  judge(all, r, Measure::kPerNode, counter(r, "per_node"), "ns a node ");
  judge(all, r, Measure::kAllocations, counter(r, "allocations"), "allocations ");
  judge(all, r, Measure::kMemory, memory_share(r), "memory ");
  judge(all, r, Measure::kValue, r.value, "");
  judge(all, r, Measure::kValueAtLeast, r.value, "");
  if (!r.note.empty()) all.push_back({r.note, false, false});
  return all;
}

void print_head() {
  fmt::print("{:<40}{:>10}{:>10}{:>10}{:>8}{:>8}{:>7}{:>8}{:>8}  {:<5}{}\n", "row", "gradtape", "libtorch", "by hand",
             "x libt.", "/ hand", "floor", "memory", "allocs", "met", "target");
}

void print(const Result& r) {
  const auto time = [&](const char* name) { return r.ns.count(name) ? time_text(r.ns.at(name)) : std::string("-"); };
  std::string targets;
  bool met = true;
  for (const Verdict& v : verdicts(r)) {
    met = met && v.met;
    if (!v.met || !v.of_every_row) targets += (targets.empty() ? "" : ", ") + (v.met ? v.text : "NOT " + v.text);
  }
  if (r.value)
    fmt::print("{:<40}{:>10}{:>10}{:>10}{:>8}{:>8}{:>7}{:>8}{:>8}  ", r.row, text_of(r.value),
               text_of(r.libtorch_value), "-", "-", "-", "-", "-", "-");
  else
    fmt::print("{:<40}{:>10}{:>10}{:>10}{:>8}{:>8}{:>7}{:>8}{:>8}  ", r.row, time("gradtape"), time("libtorch"),
               time("by hand"), text_of(r.libtorch), text_of(r.hand),
               r.floor ? fmt::format("{:.0f} %", *r.floor * 100) : "-", text_of(memory_share(r)),
               text_of(counter(r, "allocations")));
  fmt::print("{:<5}{}\n", targets.empty() ? "" : met ? "yes" : "no", targets);
  std::fflush(stdout);
}

void print_summary(const std::vector<Result>& results) {
  fmt::print("\nSlower than libtorch:\n");
  for (const Result& r : results)
    if (r.libtorch && *r.libtorch < 1)
      fmt::print("  {:<40}{:>8}  {} / {}\n", r.row, number(*r.libtorch), time_text(r.ns.at("gradtape")),
                 time_text(r.ns.at("libtorch")));
  fmt::print("\nTargets missed:\n");
  std::size_t met = 0, all = 0;
  for (const Result& r : results)
    for (const Verdict& v : verdicts(r)) {
      ++all;
      if (v.met)
        ++met;
      else
        fmt::print("  {:<40}{}\n", r.row, v.text);
    }
  fmt::print("\n{} of {} targets met\n", met, all);
}

void write_json(const std::string& file, const std::vector<Result>& results,
                const std::map<std::string, double>& machine) {
  nlohmann::json all = {{"machine", machine}, {"rows", nlohmann::json::array()}};
  for (const Result& r : results) {
    nlohmann::json j = {{"row", r.row}};
    const auto put = [&j](const char* name, const std::optional<double>& v) {
      if (v) j[name] = *v;
    };
    if (!r.ns.empty()) j["median_ns"] = r.ns;
    if (!r.peak_mb.empty()) j["peak_mb"] = r.peak_mb;
    if (!r.counters.empty()) j["counters"] = r.counters;
    put("libtorch_over_gradtape", r.libtorch);
    put("gradtape_over_hand", r.hand);
    put("fraction_of_floor", r.floor);
    put("memory_over_libtorch", memory_share(r));
    put("value", r.value);
    put("libtorch_value", r.libtorch_value);
    for (const Verdict& v : verdicts(r)) j["targets"].push_back({{"target", v.text}, {"met", v.met}});
    all["rows"].push_back(j);
  }
  std::ofstream out(file);
  out << all.dump(1) << '\n';
  if (!out) throw std::runtime_error("cannot write " + file);
}

void draw(const std::string& file, const std::vector<Result>& results) {
  constexpr double kName = 205, kBar = 250, kColumn = kName + kBar + 45, kRow = 14, kTop = 30;
  constexpr std::size_t kColumns = 2;
  const auto length = [](double ratio) { return kBar * std::clamp((std::log10(ratio) + 0.5) / 2.7, 0.0, 1.0); };
  std::vector<const Result*> bars;
  for (const Result& r : results)
    if (r.libtorch) bars.push_back(&r);
  const std::size_t rows = (bars.size() + kColumns - 1) / kColumns;
  const double height = kTop + kRow * static_cast<double>(rows) + 10;
  std::ofstream out(file);
  out << fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" width="{:.0f}" height="{:.0f}" )"
                     R"(font-family="sans-serif" font-size="10">{})",
                     kColumn * kColumns + 10, height, '\n');
  out << R"(<rect width="100%" height="100%" fill="white"/>)" << '\n'
      << R"(<text x="8" y="16" font-size="12">Time on libtorch over time on gradtape (1: the line; logarithmic))"
      << "</text>\n";
  for (std::size_t k = 0; k < bars.size(); ++k) {
    const Result& r = *bars[k];
    const double left = 8 + kColumn * static_cast<double>(k / rows), y = kTop + kRow * static_cast<double>(k % rows);
    const double one = left + kName + length(1), end = left + kName + length(*r.libtorch);
    out << fmt::format(R"(<text x="{:.1f}" y="{:.1f}">{}</text>)", left, y + 9, r.row)
        << fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="10" fill="{}"/>)", std::min(one, end), y,
                       std::max(std::fabs(end - one), 1.0), *r.libtorch >= 1 ? "#2a7" : "#c44")
        << fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="1" height="{}"/>)", one, y - 2, kRow)
        << fmt::format(R"(<text x="{:.1f}" y="{:.1f}">{}</text>)", std::max(one, end) + 4, y + 9, number(*r.libtorch))
        << '\n';
  }
  out << "</svg>\n";
  if (!out) throw std::runtime_error("cannot write " + file);
}

}  // namespace bench
