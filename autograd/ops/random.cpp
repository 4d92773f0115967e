// Random numbers: one sequence of draws for the elements in their order, whatever the layout.
#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <numeric>

#include "autograd/core/generator_state.h"
#include "autograd/kernels/copy.h"
#include "autograd/ops/common.h"
#include "autograd/ops/factory.h"

namespace gradtape::ops {
namespace {

using From = optional<Generator>;

const Generator& source(const char* op, const From& g) {
  check(!g || g->defined(), op, "the generator is undefined; make one with Generator(seed)");
  return g ? *g : default_generator();
}

// draw(generator, element) for each element in order.
template <class F>
void fill_random(const char* op, const Tensor& t, const From& from, F draw) {
  const Generator& g = source(op, from);
  const std::lock_guard<std::mutex> lock(gradtape::detail::state_of(g).mutex);
  const bool plain = t.is_contiguous();
  Tensor flat = plain ? t : new_tensor(shape_of(t), type_of(t));
  kernels::dispatch_all(type_of(t), [&](auto v) {
    using T = decltype(v);
    T* p = flat.impl()->ptr<T>();
    for (std::int64_t i = 0; i < flat.numel(); ++i) {
      if constexpr (std::is_invocable_v<F, const Generator&, std::int64_t>) {
        p[i] = kernels::convert<T>(draw(g, i));
      } else {
        p[i] = kernels::convert<T>(draw(g));
      }
    }
  });
  if (!plain) kernels::copy(array_of(t), array_of(flat));
}

// Writes draws over self.
template <class F>
Tensor& overwrite(const char* op, const Tensor& self, const From& from, F draw) {
  const bool recording = would_record({self});
  check_inplace(op, self, recording);
  fill_random(op, self, from, draw);
  return finish_overwrite(op, self, recording);
}

void check_integral_range(const char* op, ScalarType t, std::int64_t low, std::int64_t high) {
  check<ValueError>(low < high, op, "need low < high, got ", low, " and ", high);
  const bool fits = t == kBool    ? low >= 0 && high <= 2
                    : t == kUInt8 ? low >= 0 && high <= 256
                    : t == kInt32 ? low >= std::numeric_limits<std::int32_t>::min() &&
                                        high - 1 <= std::numeric_limits<std::int32_t>::max()
                                  : true;
  check<ValueError>(fits, op, "numbers from ", low, " to ", high, " - 1 do not fit into ", t);
}

// low .. high - 1; the difference is taken without sign, so that all of int64 is within reach.
auto integers(std::int64_t low, std::int64_t high) {
  const auto first = static_cast<std::uint64_t>(low);
  return [first, n = static_cast<std::uint64_t>(high) - first](const Generator& g) {
    return static_cast<std::int64_t>(first + g.below(n));
  };
}

// The largest integer of a dtype that random_() gives, as in libtorch: above it not every integer is there.
std::int64_t last_integer(ScalarType t) {
  switch (t) {
    case ScalarType::Bool:
      return 1;
    case ScalarType::Byte:
      return std::numeric_limits<std::uint8_t>::max();
    case ScalarType::Int:
      return std::numeric_limits<std::int32_t>::max();
    case ScalarType::Long:
      return std::numeric_limits<std::int64_t>::max();
    case ScalarType::Float:
      return std::int64_t{1} << 24;
    default:
      return std::int64_t{1} << 53;
  }
}

void check_probability(const char* op, double p) {
  check<ValueError>(p >= 0 && p <= 1, op, "a probability must lie in [0, 1], got ", p);
}
// The elements of p, plain, in float64 (the real parts while verifying), all checked.
template <class Ok>
Tensor checked_numbers(const char* op, const Tensor& p, Ok ok, const char* need) {
  Tensor d = new_tensor(shape_of(p), ScalarType::Double);
  kernels::to_doubles(array_of(p), d.impl()->ptr<double>());
  const double* v = d.impl()->ptr<double>();
  for (std::int64_t i = 0; i < d.numel(); ++i) check<ValueError>(ok(v[i]), op, need, ", got ", v[i], " in ", p);
  return d;
}
Tensor probabilities(const char* op, const Tensor& p) {
  check_floating(op, p);
  return checked_numbers(
      op, p, [](double v) { return v >= 0 && v <= 1; }, "a probability must lie in [0, 1]");
}

// Records that no gradient comes from a random result, though it depends on these inputs.
Tensor without_gradient(const char* op, const Tensor& y, std::initializer_list<tape::Input> inputs) {
  if (auto r = record(op, y, inputs)) {
    r.rule([](Sweep& s) {
      for (std::size_t i = 0; i < s.num_inputs(); ++i)
        if (s.needs(i)) s[i] = zeros_like(s.g);
    });
  }
  return y;
}

// Numbers of trials up to a Poisson process' time: products of uniforms for small rates (Knuth 1969), transformed
// rejection for large ones (Hörmann 1993, "The transformed rejection method for generating Poisson random variables").
double draw_poisson(const Generator& g, double rate) {
  if (rate < 10) {
    const double end = std::exp(-rate);
    double product = g.uniform();
    double k = 0;
    while (product > end) {
      product *= g.uniform();
      ++k;
    }
    return k;
  }
  const double b = 0.931 + 2.53 * std::sqrt(rate), a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const double u = g.uniform() - 0.5, v = 1 - g.uniform(), us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= v_r) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (std::log(v * inverse_alpha / (a / (us * us) + b)) <= -rate + k * std::log(rate) - std::lgamma(k + 1)) return k;
  }
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor rand(IntArrayRef size, const TensorOptions& o) { return rand(size, nullopt, o); }
Tensor rand(IntArrayRef size, const From& g, const TensorOptions& o) {
  const Tensor t = make("rand", size, o);
  check_floating("rand", t);
  return finish(t.uniform_(0, 1, g), o);
}
Tensor randn(IntArrayRef size, const TensorOptions& o) { return randn(size, nullopt, o); }
Tensor randn(IntArrayRef size, const From& g, const TensorOptions& o) {
  const Tensor t = make("randn", size, o);
  check_floating("randn", t);
  return finish(t.normal_(0, 1, g), o);
}
Tensor randint(std::int64_t high, IntArrayRef size, const TensorOptions& o) {
  return randint(0, high, size, nullopt, o);
}
Tensor randint(std::int64_t high, IntArrayRef size, const From& g, const TensorOptions& o) {
  return randint(0, high, size, g, o);
}
Tensor randint(std::int64_t low, std::int64_t high, IntArrayRef size, const TensorOptions& o) {
  return randint(low, high, size, nullopt, o);
}
Tensor randint(std::int64_t low, std::int64_t high, IntArrayRef size, const From& g, const TensorOptions& o) {
  const ScalarType type = checked_dtype("randint", o, kInt64);
  check_integral_range("randint", type, low, high);
  const Tensor t = new_tensor(size, type);
  fill_random("randint", t, g, integers(low, high));
  return finish(t, o);
}
Tensor randperm(std::int64_t n, const TensorOptions& o) { return randperm(n, nullopt, o); }
Tensor randperm(std::int64_t n, const From& g, const TensorOptions& o) {
  check<ValueError>(n >= 0, "randperm", "n must not be negative, got ", n);
  const ScalarType type = checked_dtype("randperm", o, kInt64);
  if (n > 0) check_integral_range("randperm", type, 0, n);
  const Tensor t = arange(n, TensorOptions(kInt64)), draws = new_tensor({n}, kInt64);
  fill_random("randperm", draws, g,
              [n](const Generator& r, std::int64_t i) { return r.below(static_cast<std::uint64_t>(n - i)); });
  auto* p = t.data_ptr<std::int64_t>();
  const auto* d = draws.data_ptr<std::int64_t>();
  for (std::int64_t k = 0; k + 1 < n; ++k) std::swap(p[n - 1 - k], p[d[k]]);
  return finish(cast_value(t, type), o);
}
Tensor rand_like(const Tensor& self, const TensorOptions& o, optional<MemoryFormat>) {
  const TensorOptions own = like("rand_like", self, o);
  return rand(self.sizes(), own);
}
Tensor randn_like(const Tensor& self, const TensorOptions& o, optional<MemoryFormat>) {
  const TensorOptions own = like("randn_like", self, o);
  return randn(self.sizes(), own);
}
Tensor randint_like(const Tensor& self, std::int64_t high, const TensorOptions& o, optional<MemoryFormat> f) {
  return randint_like(self, 0, high, o, f);
}
Tensor randint_like(const Tensor& self, std::int64_t low, std::int64_t high, const TensorOptions& o,
                    optional<MemoryFormat>) {
  const TensorOptions own = like("randint_like", self, o);
  return randint(low, high, self.sizes(), own);
}

Tensor normal(double mean, double std, IntArrayRef size, const From& g, const TensorOptions& o) {
  const Tensor t = make("normal", size, o);
  check_floating("normal", t);
  return finish(t.normal_(mean, std, g), o);
}
Tensor normal(const Tensor& mean, double std, const From& g) {
  check_defined("normal", mean);
  check_floating("normal", mean);
  return normal(mean, full_like(mean.detach(), std), g);
}
Tensor normal(double mean, const Tensor& std, const From& g) {
  check_defined("normal", std);
  check_floating("normal", std);
  return normal(full_like(std.detach(), mean), std, g);
}
Tensor normal(const Tensor& mean, const Tensor& std, const From& g) {
  check_defined("normal", mean, std);
  check_floating("normal", mean);
  check_floating("normal", std);
  const Shape shape = broadcast_shapes("normal", shape_of(mean), shape_of(std));
  const Tensor s = checked_numbers(
      "normal", std.detach().expand(shape), [](double v) { return v >= 0; }, "std must be >= 0");
  const Tensor y = copy_of(mean.detach().expand(shape));
  const Tensor m = cast_value(y, ScalarType::Double);
  const double *pm = m.impl()->ptr<double>(), *ps = s.impl()->ptr<double>();
  fill_random("normal", y, g, [&](const Generator& r, std::int64_t i) { return pm[i] + ps[i] * r.normal(); });
  return without_gradient("normal", y, {mean, std});
}

Tensor bernoulli(const Tensor& self, const From& g) {
  check_defined("bernoulli", self);
  const Tensor y = new_tensor(shape_of(self), type_of(self)), p = probabilities("bernoulli", self);
  const double* v = p.impl()->ptr<double>();
  fill_random("bernoulli", y, g, [&](const Generator& r, std::int64_t i) { return r.uniform() < v[i]; });
  return without_gradient("bernoulli", y, {self});
}
Tensor bernoulli(const Tensor& self, double p, const From& g) {
  check_defined("bernoulli", self);
  check_probability("bernoulli", p);
  const Tensor y = new_tensor(shape_of(self), type_of(self));
  fill_random("bernoulli", y, g, [p](const Generator& r) { return r.uniform() < p; });
  return y;
}
Tensor poisson(const Tensor& self, const From& g) {
  check_defined("poisson", self);
  check_floating("poisson", self);
  const Tensor rate = checked_numbers(
      "poisson", self, [](double v) { return v >= 0 && std::isfinite(v); }, "a rate must be finite and >= 0");
  const Tensor y = new_tensor(shape_of(self), type_of(self));
  const double* v = rate.impl()->ptr<double>();
  fill_random("poisson", y, g, [&](const Generator& r, std::int64_t i) { return draw_poisson(r, v[i]); });
  return without_gradient("poisson", y, {self});
}

Tensor multinomial(const Tensor& self, std::int64_t n, bool replacement, const From& from) {
  check_defined("multinomial", self);
  check_floating("multinomial", self);
  check(self.dim() == 1 || self.dim() == 2, "multinomial", "need weights of shape [n] or [rows, n], got ", self);
  const std::int64_t rows = self.dim() == 2 ? self.size(0) : 1, width = self.size(-1);
  check<ValueError>(n > 0, "multinomial", "need num_samples > 0, got ", n);
  check<ValueError>(replacement || n <= width, "multinomial", n, " samples without replacement need at least as many ",
                    "weights a row, got ", self);
  check<ValueError>(width > 0 || rows == 0, "multinomial", "there is nothing to draw from in ", self);
  const Tensor weights = checked_numbers(
      "multinomial", self, [](double v) { return v >= 0 && std::isfinite(v); }, "weights must be finite and >= 0");
  const Tensor y = new_tensor(self.dim() == 2 ? Shape{rows, n} : Shape{n}, kInt64);
  auto* out = y.impl()->ptr<std::int64_t>();
  const Generator& g = source("multinomial", from);
  const std::lock_guard<std::mutex> lock(gradtape::detail::state_of(g).mutex);
  std::vector<double> key(static_cast<std::size_t>(width));
  std::vector<std::int64_t> order(key.size());
  for (std::int64_t row = 0; row < rows; ++row) {
    const double* w = weights.impl()->ptr<double>() + row * width;
    std::partial_sum(w, w + width, key.begin());
    const double total = key.back();
    check<ValueError>(total > 0, "multinomial", "the weights of row ", row, " of ", self, " sum to 0");
    if (replacement) {
      for (std::int64_t k = 0; k < n; ++k) {
        const auto at = std::upper_bound(key.begin(), key.end(), g.uniform() * total) - key.begin();
        std::int64_t i = std::min<std::int64_t>(at, width - 1);
        while (!(w[i] > 0)) --i;  // where the product was rounded up to the total
        *out++ = i;
      }
    } else {
      // The first of several exponential waiting times is the one of rate w with probability w / total, and so on.
      for (std::size_t i = 0; i < key.size(); ++i) key[i] = -std::log1p(-g.uniform()) / w[i];
      std::iota(order.begin(), order.end(), 0);
      std::stable_sort(order.begin(), order.end(), [&](std::int64_t i, std::int64_t j) {
        if ((w[i] > 0) != (w[j] > 0)) return w[i] > 0;
        return w[i] > 0 && key[static_cast<std::size_t>(i)] < key[static_cast<std::size_t>(j)];
      });
      out = std::copy_n(order.begin(), n, out);
    }
  }
  return y;
}

Tensor& Tensor::uniform_(double from, double to, const From& g) const {
  check_defined("uniform_", *this);
  check_floating("uniform_", *this);
  check<ValueError>(from <= to, "uniform_", "need from <= to, got ", from, " and ", to);
  // float32 rounds 1 - 2^-53 up to 1, which the interval does not hold.
  const bool single = type_of(*this) == kFloat32;
  return overwrite("uniform_", *this, g, [=](const Generator& r) {
    const double u = single ? static_cast<double>(r.random64() >> 40) * 0x1.0p-24 : r.uniform();
    return from + u * (to - from);
  });
}
Tensor& Tensor::normal_(double mean, double std, const From& g) const {
  check_defined("normal_", *this);
  check_floating("normal_", *this);
  check<ValueError>(std >= 0, "normal_", "std must not be negative, got ", std);
  return overwrite("normal_", *this, g, [=](const Generator& r) { return mean + std * r.normal(); });
}
Tensor& Tensor::bernoulli_(double p, const From& g) const {
  check_defined("bernoulli_", *this);
  check_probability("bernoulli_", p);
  return overwrite("bernoulli_", *this, g, [p](const Generator& r) { return r.uniform() < p; });
}
Tensor& Tensor::bernoulli_(const Tensor& p, const From& g) const {
  check_defined("bernoulli_", *this, p);
  check(is_expandable_to(p.sizes(), sizes()), "bernoulli_", "probabilities ", p, " do not broadcast to self ", *this);
  return inplace("bernoulli_", *this, {p}, false, [&](const Tensor& self) {
    const Tensor wide = probabilities("bernoulli_", p.detach().expand(sizes()));
    const double* v = wide.impl()->ptr<double>();
    const Tensor y = new_tensor(shape_of(self), type_of(self));
    fill_random("bernoulli_", y, g, [&](const Generator& r, std::int64_t i) { return r.uniform() < v[i]; });
    return without_gradient("bernoulli", y, {self, p});
  });
}
Tensor& Tensor::exponential_(double lambd, const From& g) const {
  check_defined("exponential_", *this);
  check_floating("exponential_", *this);
  check<ValueError>(lambd >= 0, "exponential_", "lambd must not be negative, got ", lambd);
  return overwrite("exponential_", *this, g, [=](const Generator& r) { return -std::log1p(-r.uniform()) / lambd; });
}
Tensor& Tensor::log_normal_(double mean, double std, const From& g) const {
  check_defined("log_normal_", *this);
  check_floating("log_normal_", *this);
  check<ValueError>(std > 0, "log_normal_", "std must be positive, got ", std);
  return overwrite("log_normal_", *this, g, [=](const Generator& r) { return std::exp(mean + std * r.normal()); });
}
Tensor& Tensor::cauchy_(double median, double sigma, const From& g) const {
  check_defined("cauchy_", *this);
  check_floating("cauchy_", *this);
  constexpr double kPi = 3.141592653589793;
  return overwrite("cauchy_", *this, g,
                   [=](const Generator& r) { return median + sigma * std::tan(kPi * (r.uniform() - 0.5)); });
}
Tensor& Tensor::geometric_(double p, const From& g) const {
  check_defined("geometric_", *this);
  check<TypeError>(type_of(*this) != kBool, "geometric_", "need a dtype that counts, got ", *this);
  check<ValueError>(p > 0 && p < 1, "geometric_", "p must lie in (0, 1), got ", p);
  // 1 - u is in (0, 1]; u = 0 would give 0 trials.
  return overwrite("geometric_", *this, g, [=](const Generator& r) {
    return std::fmax(1, std::ceil(std::log1p(-r.uniform()) / std::log1p(-p)));
  });
}
Tensor& Tensor::random_(const From& g) const {
  check_defined("random_", *this);
  const auto n = static_cast<std::uint64_t>(last_integer(type_of(*this))) + 1;
  return overwrite("random_", *this, g, [n](const Generator& r) { return static_cast<std::int64_t>(r.below(n)); });
}
Tensor& Tensor::random_(std::int64_t to, const From& g) const { return random_(0, to, g); }
Tensor& Tensor::random_(std::int64_t from, optional<std::int64_t> to, const From& g) const {
  check_defined("random_", *this);
  const std::int64_t last = to ? *to - 1 : last_integer(type_of(*this));
  check<ValueError>(from <= last, "random_", "need from < to, got ", from, " and ", to.value_or(last));
  if (to) check_integral_range("random_", type_of(*this), from, *to);
  const auto first = static_cast<std::uint64_t>(from);
  const std::uint64_t n = static_cast<std::uint64_t>(last) - first + 1;
  return overwrite("random_", *this, g,
                   [=](const Generator& r) { return static_cast<std::int64_t>(first + r.below(n)); });
}

Tensor Tensor::bernoulli(const From& g) const { return at::bernoulli(*this, g); }
Tensor Tensor::bernoulli(double p, const From& g) const { return at::bernoulli(*this, p, g); }
Tensor Tensor::multinomial(std::int64_t n, bool replacement, const From& g) const {
  return at::multinomial(*this, n, replacement, g);
}

}  // namespace gradtape::at

namespace gradtape {

Tensor Generator::get_state() const {
  const auto [seed, offset] = state();
  Tensor t = ops::new_tensor({16}, kUInt8);
  auto* p = t.impl()->ptr<std::uint8_t>();
  for (unsigned i = 0; i < 8; ++i) {
    p[i] = static_cast<std::uint8_t>(seed >> 8 * i);
    p[8 + i] = static_cast<std::uint8_t>(offset >> 8 * i);
  }
  return t;
}

void Generator::set_state(const Tensor& bytes) const {
  ops::check_defined("set_state", bytes);
  check(bytes.scalar_type() == kUInt8 && bytes.sizes() == IntArrayRef(16), "set_state",
        "need what get_state() returns, uint8[16], got ", bytes);
  const auto* p = bytes.contiguous().data_ptr<std::uint8_t>();
  std::uint64_t seed = 0, offset = 0;
  for (unsigned i = 0; i < 8; ++i) {
    seed |= std::uint64_t{p[i]} << 8 * i;
    offset |= std::uint64_t{p[8 + i]} << 8 * i;
  }
  set_state({seed, offset});
}

}  // namespace gradtape
