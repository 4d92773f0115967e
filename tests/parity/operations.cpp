// operations <results> <draws>
// Runs the operation table and writes what came out: values and gradients of every sample for all shapes and dtypes in
// several layouts, special values, in-place and out forms, and whether the error samples throw. Built on gradtape and,
// with on_libtorch/ before the library on the include path, on libtorch. Random inputs are drawn in the build on
// gradtape, which writes them down for the other.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>

#include "report.h"
#include "tests/ops/table.h"

namespace gradtape::table {
namespace {

#ifdef GRADTAPE_ON_LIBTORCH
constexpr bool kDraws = false;
Generator seeded(std::uint64_t) { return {}; }
#else
constexpr bool kDraws = true;
Generator seeded(std::uint64_t seed) { return Generator(seed); }
#endif

// Values by the name of a case.
class Draws {
 public:
  explicit Draws(const char* path) {
    if (kDraws) {
      out_.open(path);
      return;
    }
    std::ifstream in(path);
    std::string name, line;
    while (std::getline(in, name) && std::getline(in, line)) {
      std::istringstream numbers(line);
      std::vector<double>& v = values_[name];
      for (std::string number; numbers >> number;) v.push_back(std::strtod(number.c_str(), nullptr));
    }
  }
  std::vector<double> get(const std::string& name, const Input& input, std::int64_t n) {
    if (!kDraws) {
      const auto found = values_.find(name);
      if (found == values_.end() || found->second.size() != static_cast<std::size_t>(n))
        throw std::runtime_error("the build on gradtape drew no values for " + name);
      return found->second;
    }
    std::uint64_t seed = 1469598103934665603ULL;  // FNV-1a
    for (char c : name) seed = (seed ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    Generator g = seeded(seed);
    std::vector<double> v;
    std::string line;
    for (std::int64_t k = 0; k < n; ++k) {
      v.push_back(input.draw(g));
      char s[40];
      std::snprintf(s, sizeof s, "%a ", v.back());
      line += s;
    }
    out_ << name << '\n' << line << std::endl;
    return v;
  }

 private:
  std::map<std::string, std::vector<double>> values_;
  std::ofstream out_;
};

template <class T>
std::string printed(const T& v) {
  std::ostringstream s;
  s << v;
  return s.str();
}
std::string text_of(const Shape& s) {
  std::string t;
  for (std::int64_t n : s) t += (t.empty() ? "" : "x") + std::to_string(n);
  return t.empty() ? "0-d" : t;
}

Tensor from(const std::vector<double>& v, const Shape& sizes, ScalarType t) {
  return torch::tensor(v, kFloat64).reshape(sizes).to(t).clone();
}

// As make_inputs() of tests/ops does.
double as_dtype(double d, const Input& in, ScalarType t) {
  if (in.fixed == kBool) return d > 0;
  if (!in.is_value() || is_floating(t)) return d;
  if (t == kBool) return d > 0;
  return t == kUInt8 ? std::trunc(std::fabs(4 * d)) : std::trunc(4 * d);
}

const char* text_of(Layout l) {
  switch (l) {
    case Layout::Contiguous:
      return "contiguous";
    case Layout::Transposed:
      return "transposed";
    case Layout::StepTwo:
      return "step 2";
    case Layout::Offset:
      return "offset";
    case Layout::Expanded:
      return "stride 0";
  }
  return "";
}

// The same elements in another layout; unchanged where the shape has no such layout.
Tensor lay_out(const Tensor& t, Layout l) {
  const Shape sizes(t.sizes());
  std::vector<std::int64_t> reversed;
  std::int64_t larger = 0, first = -1;
  for (std::int64_t d = 0; d < t.dim(); ++d) {
    reversed.insert(reversed.begin(), d);
    if (t.size(d) <= 1) continue;
    if (larger++ == 0) first = d;
  }
  if (t.numel() == 0) return t;
  if (l == Layout::Transposed && larger > 1) return t.permute(reversed).contiguous().permute(reversed).detach();
  if (l == Layout::StepTwo && larger > 0) return torch::stack({t, torch::ones_like(t)}, -1).select(-1, 0).detach();
  if (l == Layout::Offset)
    return torch::cat({torch::ones({3}, t.scalar_type()), t.reshape({-1})})
        .narrow(0, 3, t.numel())
        .view(sizes)
        .detach();
  if (l == Layout::Expanded && larger > 0) return t.narrow(first, 0, 1).expand(sizes).detach();
  return t;
}

Plain read(const Tensor& t) {
  Plain p{Shape(t.sizes())};
  // libtorch may give a gradient of zeros that has no memory until it is copied.
  const Tensor c = t.detach().clone().to(kFloat64).contiguous();
  for (std::int64_t k = 0; k < t.numel(); ++k) p[k] = c.data_ptr<double>()[k];
  return p;
}

// A number for each element that no rounding touches.
Tensor weights(const Tensor& like) {
  std::vector<double> v;
  for (std::int64_t k = 0; k < like.numel(); ++k)
    v.push_back(static_cast<double>((k * 37 + 11) % 64) / 32 - 1 + 0x1p-6);
  return from(v, Shape(like.sizes()), like.scalar_type());
}

// Gradients of the weighted sum of `roots` for `wanted`; zeros where none arrives.
Tensors gradients(const Tensors& roots, const Tensors& wanted, bool again) {
  Tensors from, with;
  for (const Tensor& y : roots)
    if (y.defined() && y.requires_grad()) {
      from.push_back(y);
      with.push_back(weights(y));
    }
  Tensors g(wanted.size());
  if (!from.empty()) g = autograd::grad(from, wanted, with, true, again, true);
  for (std::size_t i = 0; i < g.size(); ++i)
    if (!g[i].defined()) g[i] = torch::zeros_like(wanted[i]);
  return g;
}

class Runner {
 public:
  Runner(const char* results, const char* draws) : report_(results), draws_(draws) {}

  void run(const Row& r) {
    for (std::size_t i = 0; i < r.samples.size(); ++i) {
      const Sample& s = r.samples[i];
      // Labels alone may repeat.
      const std::string name = r.name() + "/" + std::to_string(i) + (s.label.empty() ? "" : " " + s.label);
      for (const auto& shapes : s.shapes) samples(r, s, name, shapes);
      if (r.is_pointwise && !s.magnitude) special(r, s, name);
    }
    for (std::size_t i = 0; i < r.errors.size(); ++i)
      report_.throws(r.name() + "/error/" + std::to_string(i), r.errors[i].call);
    for (std::size_t i = 0; i < r.conventions.size(); ++i) {
      Tensors x;
      for (const auto& v : r.conventions[i].inputs)
        x.push_back(from(v, {static_cast<std::int64_t>(v.size())}, kFloat64).requires_grad_());
      const std::string name = r.name() + "/convention/" + std::to_string(i);
      attempt(name, [&] {
        const Tensors g = autograd::grad({r.samples[0].call(x)[0].sum()}, x);
        for (std::size_t k = 0; k < g.size(); ++k) report_.near(name + "/d" + std::to_string(k), g[k], 16);
      });
    }
  }

  void lost(const Row& r) {
    std::cerr << "the process ended in row " << r.name() << std::endl;
    report_.text(r.name(), "throws");
  }

 private:
  void attempt(const std::string& name, const std::function<void()>& f) {
    try {
      f();
    } catch (const std::exception&) {
      report_.text(name, "throws");
    }
  }

  void samples(const Row& r, const Sample& s, const std::string& name, const std::vector<Shape>& shapes) {
    std::string sizes;
    for (const Shape& shape : shapes) sizes += (sizes.empty() ? "" : ",") + text_of(shape);
    std::vector<std::vector<double>> drawn;
    for (std::size_t i = 0; i < shapes.size(); ++i)
      drawn.push_back(draws_.get(name + "/" + sizes + "/" + std::to_string(i), s.inputs[i], numel_of(shapes[i])));
    for (ScalarType t : r.dtypes)
      for (Layout l : r.layouts) {
        if (l != Layout::Contiguous && !is_floating(t)) continue;
        Tensors x;
        bool other = l == Layout::Contiguous;
        for (std::size_t i = 0; i < shapes.size(); ++i) {
          const Input& in = s.inputs[i];
          std::vector<double> v;
          for (double d : drawn[i]) v.push_back(as_dtype(d, in, t));
          const Tensor plain = from(v, shapes[i], in.is_value() ? t : in.fixed);
          x.push_back(lay_out(plain, l));
          other = other || !x.back().is_same(plain);
        }
        if (!other) continue;
        const std::string full = name + "/" + printed(t) + "/" + sizes + "/" + text_of(l);
        attempt(full + "/value", [&] { values(r, s, full, x); });
        if (is_floating(t) && r.differentiable) differentiate(r, s, full, x, l == Layout::Contiguous && t == kFloat64);
        if (l != Layout::Contiguous || &s != &r.samples[0]) continue;
        if (r.inplace) attempt(full + "/in place", [&] { in_place(r, s, full, x); });
        if (r.out)
          attempt(full + "/out", [&] {
            Tensor y = torch::empty({0}, r.samples[0].call(x)[0].scalar_type());
            r.out(y, x);
            write(r, s, full + "/out/0", x, 0, y);
          });
      }
  }

  // What rounding scales with, as scale_of() of tests/ops.
  static std::vector<double> scale(const Row& r, const Sample& s, const Tensors& x, std::size_t output) {
    Plains in;
    for (const Tensor& t : x) in.push_back(read(t));
    if (r.adds_up && !s.magnitude)
      for (std::size_t i = 0; i < in.size(); ++i)
        for (Real& v : in[i].v) v = s.inputs[i].is_value() ? std::fabs(v) : v;
    const Plains out = (s.magnitude ? s.magnitude : s.reference)(in);
    std::vector<double> v;
    if (output < out.size())
      for (Real m : out[output].v) v.push_back(std::fabs(static_cast<double>(m)));
    return v;
  }
  // Both libraries may be off by the row's tolerance.
  void write(const Row& r, const Sample& s, const std::string& name, const Tensors& x, std::size_t k, const Tensor& y) {
    std::vector<double> by;
    if (is_floating(y.scalar_type())) by = scale(r, s, x, k);
    if (by.size() != static_cast<std::size_t>(y.numel())) by.clear();
    report_.scaled(name, y.detach(), 2 * r.tolerance, by);
  }
  void values(const Row& r, const Sample& s, const std::string& name, const Tensors& x) {
    const Tensors y = s.call(x);
    for (std::size_t k = 0; k < y.size(); ++k) write(r, s, name + "/value/" + std::to_string(k), x, k, y[k]);
  }
  void in_place(const Row& r, const Sample& s, const std::string& name, const Tensors& x) {
    Tensor self = x[0].clone();
    r.inplace(self, Tensors(x.begin() + 1, x.end()));
    write(r, s, name + "/in place/0", x, 0, self);
  }

  // Rounding of a gradient scales with its largest entry; where terms cancel, with 1.
  void write_gradient(const Row& r, const std::string& name, const Tensor& g, double ulps) {
    double largest = r.may_cancel ? 1 : 0;
    const Plain p = read(g);
    for (Real v : p.v)
      if (std::isfinite(v)) largest = std::max(largest, static_cast<double>(std::fabs(v)));
    report_.scaled(name, g.detach(), ulps, {largest});
  }
  // For all inputs at once; and, as libtorch has no derivative for some arguments of some functions, for each alone.
  void differentiate(const Row& r, const Sample& s, const std::string& name, const Tensors& x, bool second) {
    unsigned all = 0, several = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (s.inputs[i].is_value()) {
        all |= 1u << i;
        ++several;
      }
    attempt(name + "/gradient", [&] { first_and_second(r, s, name + "/gradient/", x, all, second); });
    for (std::size_t i = 0; several > 1 && i < x.size(); ++i)
      if (all >> i & 1u) {
        const std::string alone = name + "/gradient of " + std::to_string(i);
        attempt(alone, [&] { first_and_second(r, s, alone + "/", x, 1u << i, false); });
      }
  }
  void first_and_second(const Row& r, const Sample& s, const std::string& name, const Tensors& x, unsigned mask,
                        bool second) {
    Tensors leaves = x, wanted;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (mask >> i & 1u) {
        leaves[i] = x[i].detach().requires_grad_();
        wanted.push_back(leaves[i]);
      }
    const Tensors g = gradients(s.call(leaves), wanted, second);
    for (std::size_t i = 0; i < g.size(); ++i) write_gradient(r, name + std::to_string(i), g[i], 8 * r.tolerance);
    if (!second) return;
    attempt(name + "second", [&] {
      const Tensors h = gradients(g, wanted, false);
      for (std::size_t i = 0; i < h.size(); ++i)
        write_gradient(r, name + "second/" + std::to_string(i), h[i], 32 * r.tolerance);
    });
  }

  // Every combination of special values, a line each: value and gradient.
  void special(const Row& r, const Sample& s, const std::string& name) {
    const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    std::size_t arguments = 0;
    for (const Input& in : s.inputs) arguments += in.is_value();
    for (ScalarType t : {kFloat32, kFloat64}) {
      if (std::find(r.dtypes.begin(), r.dtypes.end(), t) == r.dtypes.end()) continue;
      const bool single = t == kFloat32;
      const double largest = single ? double(std::numeric_limits<float>::max()) : std::numeric_limits<double>::max();
      const double denormal =
          single ? double(std::numeric_limits<float>::denorm_min()) : std::numeric_limits<double>::denorm_min();
      std::vector<std::pair<const char*, double>> values = {{"0", 0},     {"-0", -0.0},   {"1", 1},    {"-1", -1},
                                                            {"inf", inf}, {"-inf", -inf}, {"nan", nan}};
      if (arguments < 3)
        for (auto v : {std::pair{"0.5", 0.5},
                       {"-2.5", -2.5},
                       {"max", largest},
                       {"-max", -largest},
                       {"denormal", denormal},
                       {"-denormal", -denormal}})
          values.push_back(v);
      std::size_t n = 1;
      for (std::size_t i = 0; i < arguments; ++i) n *= values.size();
      for (std::size_t k = 0; k < n; ++k) {
        std::string at;
        Tensors x, wanted;
        std::size_t rest = k;
        for (const Input& in : s.inputs) {
          if (!in.is_value()) {
            x.push_back(from({static_cast<double>(k % 2)}, {1}, in.fixed));
            continue;
          }
          const auto& [word, v] = values[rest % values.size()];
          rest /= values.size();
          at += (at.empty() ? "" : ",") + std::string(word);
          x.push_back(from({v}, {1}, t));
          if (r.differentiable) x.back().requires_grad_();
          wanted.push_back(x.back());
        }
        const std::string full = name + "/special/" + printed(t) + "/" + at;
        attempt(full, [&] {
          const Tensor y = s.call(x)[0];
          report_.near(full + "/y", y.detach(), 2 * r.tolerance);
          if (!r.differentiable) return;
          Tensors g(wanted.size());
          if (y.requires_grad()) g = autograd::grad({y}, wanted, {torch::ones_like(y)}, false, false, true);
          for (std::size_t i = 0; i < g.size(); ++i)
            report_.near(full + "/d" + std::to_string(i), g[i].defined() ? g[i] : torch::zeros_like(wanted[i]).detach(),
                         8 * r.tolerance);
        });
      }
    }
  }

  Report report_;
  Draws draws_;
};

}  // namespace
}  // namespace gradtape::table

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "operations <results> <draws>" << std::endl;
    return 2;
  }
  gradtape::table::Runner runner(argv[1], argv[2]);
  for (const gradtape::table::Row& r : gradtape::table::rows()) {
    // libtorch has calls that end the process; the rest of such a row is lost, no other.
    const pid_t child = fork();
    if (child == 0) {
      runner.run(r);
      std::_Exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) runner.lost(r);
  }
  return 0;
}
