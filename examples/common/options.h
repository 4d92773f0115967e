#pragma once
// Command line options of the form --name value or --name=value, and --help.
#include <gradtape/gradtape.h>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace examples {

class Options {
 public:
  Options(std::string program, std::string summary) : program_(std::move(program)), summary_(std::move(summary)) {}

  // An empty value in `fallback` means that the option is not given.
  Options& add(std::string name, std::string placeholder, std::string fallback, std::string help) {
    entries_.push_back({std::move(name), std::move(placeholder), std::move(fallback), std::move(help)});
    return *this;
  }

  // False when --help was asked for and printed.
  bool parse(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
      std::string name = argv[i];
      if (name == "--help" || name == "-h") {
        print_help();
        return false;
      }
      const std::size_t equals = name.find('=');
      const bool inline_value = equals != std::string::npos;
      std::string value = inline_value ? name.substr(equals + 1) : "";
      name.resize(inline_value ? equals : name.size());
      Entry* entry = name.compare(0, 2, "--") == 0 ? find(name.substr(2)) : nullptr;
      if (!entry) gradtape::fail("options", "unknown option ", name, "; --help lists the options");
      if (!inline_value) {
        if (i + 1 == argc) gradtape::fail("options", name, " needs a value: ", name, " ", entry->placeholder);
        value = argv[++i];
      }
      entry->value = value;
    }
    return true;
  }

  const std::string& text(const std::string& name) const { return entry(name).value; }

  std::int64_t integer(const std::string& name, std::int64_t low,
                       std::int64_t high = std::numeric_limits<std::int64_t>::max()) const {
    return to_integer(name, text(name), low, high);
  }
  double number(const std::string& name, double low, double high) const {
    const std::string& s = text(name);
    double v = 0;
    const auto r = std::from_chars(s.data(), s.data() + s.size(), v);
    if (r.ec != std::errc() || r.ptr != s.data() + s.size()) fail(name, s, " is not a number");
    if (!(v >= low && v <= high))
      gradtape::fail("options", "--", name, " must be between ", low, " and ", high, ", got ", s);
    return v;
  }
  // "64,32"
  std::vector<std::int64_t> integers(const std::string& name, std::int64_t low, std::int64_t high) const {
    std::vector<std::int64_t> list;
    std::string_view rest = text(name);
    while (!rest.empty()) {
      const std::size_t end = rest.find(',');
      list.push_back(to_integer(name, std::string(rest.substr(0, end)), low, high));
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return list;
  }
  const std::string& one_of(const std::string& name, const std::vector<std::string>& choices) const {
    const std::string& s = text(name);
    std::string all;
    for (const std::string& c : choices) {
      if (c == s) return s;
      all += (all.empty() ? "" : " or ") + c;
    }
    gradtape::fail("options", "--", name, " must be ", all, ", got '", s, "'");
  }

 private:
  struct Entry {
    std::string name, placeholder, value, help;
  };
  [[noreturn]] static void fail(const std::string& name, const std::string& value, const char* why) {
    gradtape::fail("options", "--", name, ": '", value, "'", why);
  }
  static std::int64_t to_integer(const std::string& name, const std::string& s, std::int64_t low, std::int64_t high) {
    std::int64_t v = 0;
    const auto r = std::from_chars(s.data(), s.data() + s.size(), v);
    if (r.ec != std::errc() || r.ptr != s.data() + s.size()) fail(name, s, " is not a whole number");
    if (v < low) gradtape::fail("options", "--", name, " must be at least ", low, ", got ", v);
    if (v > high) gradtape::fail("options", "--", name, " must be at most ", high, ", got ", v);
    return v;
  }
  Entry* find(const std::string& name) {
    for (Entry& e : entries_)
      if (e.name == name) return &e;
    return nullptr;
  }
  const Entry& entry(const std::string& name) const {
    const Entry* e = const_cast<Options*>(this)->find(name);
    if (!e) gradtape::fail("options", "no option is called ", name);
    return *e;
  }
  void print_help() const {
    std::printf("usage: %s [options]\n%s\n\n", program_.c_str(), summary_.c_str());
    for (const Entry& e : entries_) {
      const std::string left = "--" + e.name + " " + e.placeholder;
      std::printf("  %-22s %s%s\n", left.c_str(), e.help.c_str(),
                  e.value.empty() ? "" : (" (default " + e.value + ")").c_str());
    }
    std::printf("  %-22s %s\n", "--help", "this text");
  }

  std::string program_, summary_;
  std::vector<Entry> entries_;
};

}  // namespace examples
