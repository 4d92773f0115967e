#pragma once
// What a program found, a line a result, in a form that does not depend on the library it was built on; compare.cpp
// reads two such files. Fields are separated by tabs:
//   V name type ulps scale values    type "Float{2,3}"; values in hex or decimal
//   T name text                      must be the same to the letter
// ulps: how far a value may be off, in units of the last place of the largest of |value| and |scale|. scale: nothing,
// the word "largest" (the largest magnitude among the values), one number, or one for each value.
#include <torch/torch.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

class Report {
 public:
  explicit Report(const char* path) : out_(path) {}

  // All names that follow start with this.
  void section(const std::string& name) { section_ = name + "."; }

  // Elements, dtype and sizes, to the bit.
  void same(const std::string& name, const torch::Tensor& t) { write(name, t, 0, ""); }
  // Each element within `ulps` of its own last place.
  void near(const std::string& name, const torch::Tensor& t, double ulps = 2) { write(name, t, ulps, ""); }
  // Within `ulps` of the last place of the largest element: for sums, whose terms may cancel.
  void sums(const std::string& name, const torch::Tensor& t, double ulps = 4) { write(name, t, ulps, "largest"); }
  void scaled(const std::string& name, const torch::Tensor& t, double ulps, const std::vector<double>& scale) {
    std::string s;
    for (double v : scale) s += (s.empty() ? "" : " ") + number(v);
    write(name, t, ulps, s);
  }

  void text(const std::string& name, const std::string& s) {
    std::string line;
    for (char c : s) c == '\n' ? line += "\\n" : c == '\t' ? line += "\\t" : line += c;
    out_ << "T\t" << section_ << name << '\t' << line << std::endl;
  }
  template <class T>
  void printed(const std::string& name, const T& value) {
    std::ostringstream s;
    s << value;
    text(name, s.str());
  }
  // Whether f() throws, not what.
  void throws(const std::string& name, const std::function<void()>& f) {
    std::string outcome = "nothing is thrown";
    try {
      f();
    } catch (const std::exception&) {
      outcome = "throws";
    }
    text(name, outcome);
  }

 private:
  static std::string number(double v) {
    char s[40];
    std::snprintf(s, sizeof s, "%a", v);
    return s;
  }
  template <class T>
  static void append(std::string& line, const torch::Tensor& t) {
    const T* p = t.data_ptr<T>();
    for (std::int64_t k = 0; k < t.numel(); ++k) {
      if (k) line += ' ';
      if constexpr (std::is_floating_point<T>::value)
        line += number(static_cast<double>(p[k]));
      else
        line += std::to_string(static_cast<long long>(p[k]));
    }
  }
  void write(const std::string& name, const torch::Tensor& t, double ulps, const std::string& scale) {
    out_ << "V\t" << section_ << name << '\t';
    if (!t.defined()) {
      out_ << "undefined\t0\t\t" << std::endl;
      return;
    }
    out_ << t.scalar_type() << '{';
    for (std::int64_t d = 0; d < t.dim(); ++d) out_ << (d ? "," : "") << t.size(d);
    out_ << '}' << (t.requires_grad() ? " requires_grad" : "") << '\t' << ulps << '\t' << scale << '\t';
    torch::NoGradGuard guard;
    // libtorch may give a gradient of zeros that has no memory until it is copied.
    const torch::Tensor c = t.detach().clone().contiguous();
    std::string line;
    if (c.scalar_type() == torch::kFloat32) append<float>(line, c);
    if (c.scalar_type() == torch::kFloat64) append<double>(line, c);
    if (c.scalar_type() == torch::kInt64) append<std::int64_t>(line, c);
    if (c.scalar_type() == torch::kInt32) append<std::int32_t>(line, c);
    if (c.scalar_type() == torch::kUInt8) append<std::uint8_t>(line, c);
    if (c.scalar_type() == torch::kBool) append<bool>(line, c);
    out_ << line << std::endl;
  }

  std::ofstream out_;
  std::string section_;
};
