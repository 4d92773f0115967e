// compare <libtorch's results> <gradtape's results> <differences.txt>...
// Compares two files of report.h line by line, the first being what is right. A line of differences.txt is a pattern of
// names (as in the shell), a colon and the reason; one that no longer matches a difference is an error.
#include <fnmatch.h>

#include <cfloat>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::vector<std::string> split(const std::string& s, char at) {
  std::vector<std::string> out;
  std::string part;
  std::istringstream in(s);
  while (std::getline(in, part, at)) out.push_back(part);
  return out;
}

struct Results {
  std::vector<std::string> names;  // in the order of the file
  std::map<std::string, std::vector<std::string>> lines;
};

Results read(const char* path) {
  std::ifstream in(path);
  if (!in) {
    std::cerr << "cannot read " << path << std::endl;
    std::exit(2);
  }
  Results r;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> fields = split(line, '\t');
    if (fields.size() < 2) continue;
    fields.resize(6);
    if (!r.lines.emplace(fields[1], fields).second) {
      std::cerr << path << ": two results of the name " << fields[1] << std::endl;
      std::exit(2);
    }
    r.names.push_back(fields[1]);
  }
  return r;
}

enum class Outcome { Equal, Near, Different };

struct Explanation {
  std::string pattern, reason;
  int used = 0;
};

// What differs, in words; empty when nothing does.
std::string difference(const std::vector<std::string>& want, const std::vector<std::string>& have, Outcome& outcome) {
  outcome = Outcome::Different;
  if (want[2] != have[2] || want[0] != have[0])
    return "\n  libtorch: " + want[2] + " " + want[5] + "\n  gradtape: " + have[2] + " " + have[5];
  outcome = Outcome::Equal;
  if (want[0] == "T" || want[5] == have[5]) return "";
  const auto a = split(want[5], ' '), b = split(have[5], ' '), scales = split(want[4], ' ');
  const double ulps = std::strtod(want[3].c_str(), nullptr);
  const double eps = want[2].compare(0, 6, "Float{") == 0    ? double(FLT_EPSILON)
                     : want[2].compare(0, 7, "Double{") == 0 ? DBL_EPSILON
                                                             : 0;
  const double least = eps == DBL_EPSILON ? DBL_TRUE_MIN : double(FLT_TRUE_MIN);
  double largest = 0;
  for (const std::string& s : a) {
    const double v = std::fabs(std::strtod(s.c_str(), nullptr));
    if (std::isfinite(v)) largest = std::fmax(largest, v);
  }
  std::string words;
  int shown = 0, wrong = 0;
  for (std::size_t k = 0; k < a.size() || k < b.size(); ++k) {
    const double x = k < a.size() ? std::strtod(a[k].c_str(), nullptr) : 0;
    const double y = k < b.size() ? std::strtod(b[k].c_str(), nullptr) : 0;
    if (k < a.size() && k < b.size() && (a[k] == b[k] || (std::isnan(x) && std::isnan(y)))) continue;
    double size = std::fabs(x);
    if (want[4] == "largest")
      size = largest;
    else if (!scales.empty())
      size = std::fmax(size, std::strtod(scales[scales.size() == 1 ? 0 : k].c_str(), nullptr));
    const double unit = std::fmax(eps * size, least);
    // The scale may overflow where the values do not.
    if (eps > 0 && std::isfinite(x) && std::isfinite(y) && std::fabs(x - y) <= ulps * unit) {
      outcome = outcome == Outcome::Equal ? Outcome::Near : outcome;
      continue;
    }
    outcome = Outcome::Different;
    ++wrong;
    if (++shown > 3) continue;
    std::ostringstream s;
    s.precision(17);
    s << (words.empty() ? "" : "\n") << "  element " << k << ": libtorch " << x << ", gradtape " << y;
    if (eps > 0 && std::isfinite(x) && std::isfinite(y)) {
      s.precision(3);
      s << ", " << std::fabs(x - y) / unit << " ulps, allowed " << ulps;
    }
    words += s.str();
  }
  if (wrong > 3) words += "\n  and " + std::to_string(wrong - 3) + " more";
  return words.empty() ? "" : want[2] + "\n" + words;
}

// Whether the call that was to give this result threw: "a/b throws" stands for all of a/b/...
bool thrown_above(const Results& r, std::string name) {
  for (std::size_t slash = name.rfind('/'); slash != std::string::npos; slash = name.rfind('/')) {
    name.resize(slash);
    const auto found = r.lines.find(name);
    if (found != r.lines.end() && found->second[2] == "throws") return true;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "compare <libtorch's results> <gradtape's results> [differences.txt]" << std::endl;
    return 2;
  }
  const Results want = read(argv[1]), have = read(argv[2]);
  std::vector<Explanation> explanations;
  for (int i = 3; i < argc; ++i) {
    std::ifstream in(argv[i]);
    for (std::string line; std::getline(in, line);) {
      if (line.empty() || line[0] == '#') continue;
      const std::size_t colon = line.find(": ");
      if (colon == std::string::npos || colon + 2 >= line.size()) {
        std::cerr << argv[i] << ": no reason is given in: " << line << std::endl;
        return 2;
      }
      explanations.push_back({line.substr(0, colon), line.substr(colon + 2)});
    }
  }
  int compared = 0, equal = 0, near = 0, explained = 0, unexplained = 0, stale = 0;
  const auto differs = [&](const std::string& name, const std::string& words) {
    bool known = false;
    for (Explanation& e : explanations)
      if (fnmatch(e.pattern.c_str(), name.c_str(), FNM_EXTMATCH) == 0) {
        ++e.used;
        known = true;
      }
    ++(known ? explained : unexplained);
    if (!known) std::cout << name << ": " << words << '\n';
  };
  for (const std::string& name : want.names) {
    const auto found = have.lines.find(name);
    if (found == have.lines.end() && thrown_above(have, name)) continue;
    ++compared;
    if (found == have.lines.end()) {
      differs(name, want.lines.at(name)[2] == "throws" ? "only libtorch throws" : "gradtape has no such result");
      continue;
    }
    Outcome outcome;
    const std::string words = difference(want.lines.at(name), found->second, outcome);
    if (outcome == Outcome::Different)
      differs(name, words);
    else
      ++(outcome == Outcome::Equal ? equal : near);
  }
  for (const std::string& name : have.names)
    if (want.lines.count(name) == 0 && !thrown_above(want, name)) {
      ++compared;
      differs(name, have.lines.at(name)[2] == "throws" ? "only gradtape throws" : "libtorch has no such result");
    }
  for (const Explanation& e : explanations)
    if (e.used == 0) {
      ++stale;
      std::cout << "differences.txt: nothing differs any more at " << e.pattern << '\n';
    }
  std::cout << compared << " compared, " << equal << " equal to the bit, " << near << " within rounding, " << explained
            << " explained, " << unexplained << " unexplained";
  if (stale) std::cout << ", " << stale << " stale explanations";
  std::cout << std::endl;
  return unexplained || stale || compared == 0;
}
