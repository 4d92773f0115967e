#include "autograd/gradcheck.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>

#include "autograd/engine/complex_step.h"
#include "autograd/kernels/copy.h"
#include "autograd/ops/common.h"

namespace gradtape::autograd {

const Tensor& TensorFunction::only(const variable_list& x) {
  check(x.size() == 1, "gradcheck", "fn takes one tensor, but ", static_cast<std::int64_t>(x.size()), " were given");
  return x[0];
}

namespace {

using engine::ComplexStep;
using engine::Evaluation;
using State = std::pair<std::uint64_t, std::uint64_t>;

std::string name_of(const Tensor& t, std::size_t i) {
  return t.name().empty() ? "input " + std::to_string(i) : t.name();
}

void check_inputs(const char* op, const variable_list& inputs) {
  bool any = false;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Tensor& t = inputs[i];
    check(t.defined(), op, "input ", static_cast<std::int64_t>(i), " is undefined");
    check<TypeError>(ops::type_of(t) == kFloat64, op, name_of(t, i), " is ", t,
                     "; inputs must be float64: convert with to(kFloat64), and let fn hold integer tensors itself");
    check(core::is_non_overlapping(t.sizes(), t.strides()), op, "several elements of ", name_of(t, i), ", ", t,
          " with strides ", t.strides(), ", share one place in memory; clone() it, or expand() it inside fn");
    any = any || t.requires_grad();
  }
  check(any, op, "no input requires grad; call requires_grad_() on those to check");
}

// Away from 0, so that no output is left out.
Tensor random_weights(Generator& g, IntArrayRef sizes) {
  Tensor w = ops::new_tensor(sizes, kFloat64);
  auto* p = w.impl()->ptr<double>();
  for (std::int64_t k = 0; k < w.numel(); ++k) {
    const double u = 2 * g.uniform() - 1;
    p[k] = u < 0 ? u - 0.25 : u + 0.25;
  }
  return w;
}

bool same_bits(const Tensor& a, const Tensor& b) {
  if (a.defined() != b.defined()) return false;
  if (!a.defined()) return true;
  if (ops::type_of(a) != ops::type_of(b) || a.sizes() != b.sizes()) return false;
  const Tensor x = ops::plain(a), y = ops::plain(b);
  return x.nbytes() == 0 || std::memcmp(x.impl()->data, y.impl()->data, x.nbytes()) == 0;
}

bool same_bits(const variable_list& a, const variable_list& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Tensor& x, const Tensor& y) { return same_bits(x, y); });
}

// Row-major numbers of the entries to compare.
std::vector<std::int64_t> chosen_entries(std::int64_t numel, std::int64_t wanted, Generator& g) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(numel));
  for (std::int64_t k = 0; k < numel; ++k) all[static_cast<std::size_t>(k)] = k;
  if (wanted <= 0 || wanted >= numel) return all;
  if (numel > 1) std::swap(all[1], all.back());
  for (std::int64_t k = 2; k < wanted; ++k)
    std::swap(all[static_cast<std::size_t>(k)],
              all[static_cast<std::size_t>(k) + g.below(static_cast<std::uint64_t>(numel - k))]);
  all.resize(static_cast<std::size_t>(wanted));
  return all;
}

Shape place_of(std::int64_t number, IntArrayRef sizes) {
  Shape at(sizes.size(), 0);
  for (std::size_t d = sizes.size(); d-- > 0;) {
    at[d] = number % sizes[d];
    number /= sizes[d];
  }
  return at;
}

class Check {
 public:
  Check(const char* op, TensorFunction fn, const variable_list& inputs, const GradcheckOptions& options)
      : op_(op), fn_(std::move(fn)), options_(options), state_(default_generator().state()) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      // Leaves of our own on the same elements.
      inputs_.push_back(inputs[i].detach());
      names_.push_back(name_of(inputs[i], i));
      if (!inputs[i].requires_grad()) continue;
      inputs_.back().requires_grad_();
      wanted_.push_back(i);
    }
  }

  GradcheckResult run() {
    for (int k = 1; k < options_.order; ++k) differentiate(k);
    variable_list y, analytic;
    evaluate(y, analytic);
    GradcheckResult r;
    {
      variable_list again, analytic_again;
      evaluate(again, analytic_again);
      r.nondeterministic = !same_bits(y, again) || !same_bits(analytic, analytic_again);
    }
    r.method = "complex step 1e-100";
    r.order = options_.order;
    r.tolerance = options_.tolerance > 0 ? options_.tolerance : options_.order == 1 ? 1e-12 : 1e-10;
    r.margin = std::numeric_limits<double>::infinity();
    const ComplexStep step(fn_, inputs_, weights_, state_);
    any_margin_ = step.margin();
    r.ok = !r.nondeterministic;
    for (std::size_t k = 0; k < wanted_.size(); ++k) {
      r.inputs.push_back(compare(step, wanted_[k], analytic[k], r));
      const GradcheckResult::Input& i = r.inputs.back();
      r.kink = r.kink || i.kinks > 0;
      r.vacuous = r.vacuous || i.vacuous;
      r.ok = r.ok && i.ok;
    }
    return r;
  }

 private:
  variable_list call(bool grad_mode) {
    const Evaluation e(grad_mode, false, state_);
    return fn_(inputs_);
  }

  // Outputs that take part. They must be computed in float64.
  std::vector<std::size_t> outputs_of(const variable_list& y) const {
    std::vector<std::size_t> out;
    bool any = false;
    for (std::size_t k = 0; k < y.size(); ++k) {
      check(y[k].defined(), op_, "output ", static_cast<std::int64_t>(k), " of fn is undefined");
      if (!is_floating(ops::type_of(y[k]))) continue;
      check<TypeError>(ops::type_of(y[k]) == kFloat64, op_, "output ", static_cast<std::int64_t>(k), " of fn is ", y[k],
                       "; fn must compute in float64");
      any = any || y[k].requires_grad();
      out.push_back(k);
    }
    check(!out.empty(), op_, "fn returned no floating-point tensor");
    check(any || options_.allow_zero, op_, "no output of fn requires grad: it does not depend on the inputs that do");
    return out;
  }

  void make_weights(const variable_list& y) {
    weights_.assign(y.size(), Tensor());
    Generator g(kSeed + static_cast<std::uint64_t>(inputs_.size()));
    for (std::size_t k : outputs_of(y)) weights_[k] = random_weights(g, y[k].sizes());
  }

  void evaluate(variable_list& y, variable_list& analytic) {
    const Evaluation e(true, false, state_);
    y = fn_(inputs_);
    if (weights_.empty()) make_weights(y);
    variable_list roots, given, sources;
    for (std::size_t k = 0; k < y.size(); ++k) {
      if (!weights_[k].defined() || !y[k].requires_grad()) continue;
      roots.push_back(y[k]);
      given.push_back(weights_[k]);
    }
    for (std::size_t i : wanted_) sources.push_back(inputs_[i]);
    analytic.assign(sources.size(), Tensor());
    if (!roots.empty()) analytic = grad(roots, sources, given, false, false, true);
  }

  // fn becomes its gradient; the arriving gradients become inputs.
  void differentiate(int order) {
    const variable_list y = call(true);
    const std::vector<std::size_t> outputs = outputs_of(y);
    const std::size_t n = inputs_.size();
    make_weights(y);
    fn_ = engine::gradient_function(fn_, n, wanted_, outputs);
    for (std::size_t k : outputs) {
      wanted_.push_back(inputs_.size());
      names_.push_back("gradient of output " + std::to_string(k) +
                       (order == 1 ? "" : " at order " + std::to_string(order)));
      inputs_.push_back(weights_[k].requires_grad_());
    }
    weights_.clear();
  }

  GradcheckResult::Input compare(const ComplexStep& step, std::size_t input, const Tensor& gradient,
                                 GradcheckResult& r) const {
    const Tensor& x = inputs_[input];
    GradcheckResult::Input out;
    out.name = names_[input];
    out.sizes = x.sizes();
    std::vector<double> analytic(static_cast<std::size_t>(x.numel()), 0.0);
    if (gradient.defined()) kernels::to_doubles(ops::array_of(gradient), analytic.data());
    Generator g(kSeed + input);
    std::vector<std::int64_t> entries;
    std::vector<double> reference;
    double scale = 0;
    bool zero = true;
    for (std::int64_t k : chosen_entries(x.numel(), options_.entries, g)) {
      const ComplexStep::Derivative d = step(input, k);
      check(!d.left_library, op_, "fn reads elements that depend on ", out.name, ", ", x,
            ", by item() or data_ptr(); the complex step cannot follow there. Use tensor operations");
      r.margin = std::min(r.margin, d.margin);
      const double a = analytic[static_cast<std::size_t>(k)];
      const bool kink = d.margin <= options_.kink_margin ||
                        (!(std::isfinite(d.value) && std::isfinite(a)) && any_margin_ <= options_.kink_margin);
      if (kink) {
        ++out.kinks;
        continue;
      }
      entries.push_back(k);
      reference.push_back(d.value);
      scale = std::max(scale, std::fabs(d.value));
      zero = zero && d.value == 0 && a == 0;
    }
    out.entries = static_cast<std::int64_t>(entries.size());
    out.vacuous = zero && out.entries > 0;
    double worst = -1;
    for (std::size_t k = 0; k < entries.size(); ++k) {
      const double a = analytic[static_cast<std::size_t>(entries[k])];
      const double difference = std::fabs(a - reference[k]);
      const double relative = difference <= options_.absolute_tolerance ? 0 : difference / scale;
      const bool bad = !(relative <= r.tolerance);
      out.ok = out.ok && !bad;
      // NaN counts as the worst.
      if (relative <= worst || std::isnan(worst)) continue;
      worst = relative;
      out.relative = relative;
      out.absolute = difference;
      out.analytic = a;
      out.reference = reference[k];
      out.place = place_of(entries[k], x.sizes());
    }
    if (out.vacuous && !options_.allow_zero) out.ok = false;
    if (out.entries == 0 && out.kinks > 0) out.ok = false;
    return out;
  }

  static constexpr std::uint64_t kSeed = 20220901;
  const char* op_;
  TensorFunction fn_;
  GradcheckOptions options_;
  State state_;
  variable_list inputs_, weights_;
  std::vector<std::string> names_;
  std::vector<std::size_t> wanted_;
  double any_margin_ = 0;
};

}  // namespace

GradcheckResult gradcheck(const TensorFunction& fn, const variable_list& inputs, const GradcheckOptions& options) {
  const char* op = options.order == 2 ? "gradgradcheck" : "gradcheck";
  check<ValueError>(options.order >= 1, op, "order must be 1 or more, got ", options.order);
  check_inputs(op, inputs);
  return Check(op, fn, inputs, options).run();
}

GradcheckResult gradgradcheck(const TensorFunction& fn, const variable_list& inputs, GradcheckOptions options) {
  options.order = 2;
  return gradcheck(fn, inputs, options);
}

std::string GradcheckResult::to_string() const {
  char line[256];
  std::snprintf(line, sizeof line, "%s at order %d by %s, tolerance %.0e, margin %.2g%s\n", ok ? "right" : "NOT RIGHT",
                order, method.c_str(), tolerance, margin, nondeterministic ? ", NOT DETERMINISTIC" : "");
  std::string out = line;
  for (const Input& i : inputs) {
    std::snprintf(line, sizeof line, "  %-24s %-14s %6lld entries %4lld kinks  ", i.name.c_str(),
                  gradtape::to_string(i.sizes).c_str(), static_cast<long long>(i.entries),
                  static_cast<long long>(i.kinks));
    out += line;
    if (i.entries == 0) {
      out += i.kinks ? "every entry lies at a kink\n" : "no entries\n";
      continue;
    }
    std::snprintf(line, sizeof line, "difference %.2e (absolute %.2e) at %s: analytic %.17g, reference %.17g%s%s\n",
                  i.relative, i.absolute, gradtape::to_string(i.place).c_str(), i.analytic, i.reference,
                  i.vacuous ? ", vacuous: both are 0 everywhere" : "", i.ok ? "" : "  <--");
    out += line;
  }
  return out;
}

}  // namespace gradtape::autograd
