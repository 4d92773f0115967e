#include "expand.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <limits>

namespace gradtape::table {
namespace {

std::uint64_t hash(const std::string& s) {
  std::uint64_t h = 1469598103934665603ULL;  // FNV-1a
  for (char c : s) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return h;
}

bool whole_table() {
  const char* v = std::getenv("GRADTAPE_FULL_TABLE");
  return v && *v && std::strcmp(v, "0") != 0;
}

std::int64_t counted = 0;

// Prints the count when all tests have run.
class Report : public ::testing::Environment {
 public:
  void SetUp() override { start_ = std::chrono::steady_clock::now(); }
  void TearDown() override {
    const std::chrono::duration<double> t = std::chrono::steady_clock::now() - start_;
    std::cout << "operation table: " << rows().size() << " rows, " << counted << " cases in " << t.count() << " s"
              << (whole_table() ? " (all)" : " (sampled; GRADTAPE_FULL_TABLE=1 runs all)") << std::endl;
  }

 private:
  std::chrono::steady_clock::time_point start_;
};
const auto* const report = ::testing::AddGlobalTestEnvironment(new Report);

bool applies(Layout l, const Shape& s) {
  int larger = 0;
  for (std::int64_t n : s) larger += n > 1;
  switch (l) {
    case Layout::Contiguous:
    case Layout::Offset:
      return true;
    case Layout::Transposed:
      return larger > 1;
    case Layout::StepTwo:
    case Layout::Expanded:
      return larger > 0;
  }
  return false;
}

Strides strides_for(Layout l, const Shape& s) {
  Strides st = contiguous_strides(s);
  if (l == Layout::Transposed) {
    std::int64_t step = 1;
    for (std::size_t d = 0; d < s.size(); ++d) {
      st[d] = step;
      step *= std::max<std::int64_t>(s[d], 1);
    }
  }
  if (l == Layout::StepTwo)
    for (std::int64_t& d : st) d *= 2;
  if (l == Layout::Expanded) {
    std::size_t first = 0;
    while (s[first] <= 1) ++first;
    Shape once = s;
    once[first] = 1;
    st = contiguous_strides(once);
    st[first] = 0;
  }
  return st;
}

template <class F>
void with_type(ScalarType t, F f) {
  switch (t) {
    case kFloat32:
      return f(float());
    case kFloat64:
      return f(double());
    case kInt64:
      return f(std::int64_t());
    case kInt32:
      return f(std::int32_t());
    case kUInt8:
      return f(std::uint8_t());
    case kBool:
      return f(bool());
    default:
      FAIL() << "no such dtype";
  }
}

// f(address of the element) in row-major order.
template <class F>
void for_each_element(const Tensor& t, F f) {
  auto* base = static_cast<char*>(t.data_ptr());
  const Shape sizes(t.sizes());
  for_each_index(sizes, [&](const Shape& index) {
    std::int64_t at = 0;
    for (std::size_t d = 0; d < index.size(); ++d) at += index[d] * t.strides()[d];
    f(base + at * t.element_size());
  });
}

template <class T>
T to_type(Real v) {
  if constexpr (std::is_same_v<T, bool>) {
    return v != 0;
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(static_cast<std::int64_t>(v));
  } else {
    return static_cast<T>(v);
  }
}

// Combinations of one layout an input.
void extend(std::vector<std::vector<Layout>>& all, const std::vector<Layout>& with, const Shape& s) {
  std::vector<std::vector<Layout>> longer;
  for (const auto& before : all)
    for (Layout l : with)
      if (applies(l, s)) {
        longer.push_back(before);
        longer.back().push_back(l);
      }
  all = std::move(longer);
}

}  // namespace

const char* name_of(Layout l) {
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

std::string Case::describe() const {
  std::string s = sample->label.empty() ? std::string() : sample->label + " ";
  s += dtype_name(dtype);
  for (std::size_t i = 0; i < shapes->size(); ++i) {
    s += " " + to_string((*shapes)[i]);
    if (layouts[i] != Layout::Contiguous) s += std::string(" ") + name_of(layouts[i]);
    if (mask >> i & 1u) s += " grad";
  }
  return s;
}

bool Case::is_empty() const {
  return std::any_of(shapes->begin(), shapes->end(), [](const Shape& s) { return numel_of(s) == 0; });
}

std::vector<Case> cases_of(const Row& row, const Vary& vary, std::size_t limit) {
  // One group for every shape of every sample, each group in a random order.
  std::vector<std::vector<Case>> groups;
  Generator g(hash(row.name()) + (vary.dtypes ? 1u : 0u) + (vary.layouts ? 2u : 0u) + (vary.subsets ? 4u : 0u));
  const std::vector<ScalarType> dtypes = vary.dtypes ? row.dtypes : std::vector<ScalarType>{kFloat64};
  for (const Sample& s : row.samples)
    for (const std::vector<Shape>& shapes : s.shapes) {
      std::vector<Case> group;
      std::vector<std::vector<Layout>> layouts(1);
      for (const Shape& shape : shapes)
        extend(layouts, vary.layouts ? row.layouts : std::vector<Layout>{Layout::Contiguous}, shape);
      unsigned differentiable = 0;
      for (std::size_t i = 0; i < shapes.size(); ++i)
        if (s.inputs[i].is_value()) differentiable |= 1u << i;
      for (ScalarType t : dtypes)
        for (const auto& l : layouts) {
          // With subsets, every way in which some of the inputs require grad.
          for (unsigned m = 0; m < (1u << shapes.size()); ++m)
            if ((m & ~differentiable) == 0 && (vary.subsets ? m != 0 : m == 0)) group.push_back({&s, &shapes, l, t, m});
        }
      for (std::size_t k = group.size(); k > 1; --k) std::swap(group[k - 1], group[g.below(k)]);
      groups.push_back(std::move(group));
    }
  std::vector<Case> out;
  for (std::size_t k = 0;; ++k) {
    const std::size_t before = out.size();
    for (const auto& group : groups)
      if (k < group.size() && (whole_table() || k == 0 || out.size() < limit)) out.push_back(group[k]);
    if (out.size() == before) break;
  }
  counted += static_cast<std::int64_t>(out.size());
  return out;
}

void count_case() { ++counted; }

Tensor lay_out(const Plain& values, ScalarType dtype, Layout layout) {
  const Strides strides = strides_for(layout, values.sizes);
  const std::int64_t start = layout == Layout::Offset ? 3 : 0;
  std::int64_t last = start;
  for (std::size_t d = 0; d < strides.size(); ++d) last += std::max<std::int64_t>(values.sizes[d] - 1, 0) * strides[d];
  Tensor memory = empty({last + 1}, dtype);
  memory.fill_(is_floating(dtype) ? Scalar(std::numeric_limits<double>::quiet_NaN()) : Scalar(1));
  Tensor t = memory.as_strided(values.sizes, strides, start).detach();
  if (numel_of(values.sizes) == 0) return t;
  std::int64_t k = 0;
  for_each_element(t, [&](char* p) {
    with_type(dtype, [&](auto v) {
      v = to_type<decltype(v)>(values[k++]);
      std::memcpy(p, &v, sizeof v);
    });
  });
  return t;
}

Tensors make_inputs(const Row& row, const Case& c) {
  Generator g(hash(row.name() + c.sample->label));
  Tensors out;
  for (std::size_t i = 0; i < c.shapes->size(); ++i) {
    const Input& in = c.sample->inputs[i];
    const ScalarType t = in.is_value() ? c.dtype : in.fixed;
    Plain values((*c.shapes)[i]);
    for (Real& v : values.v) {
      const double d = in.draw(g);
      v = !in.is_value() || is_floating(t) ? d
          : t == kBool                     ? d > 0
          : t == kUInt8                    ? std::trunc(std::fabs(4 * d))
                                           : std::trunc(4 * d);
      if (in.fixed == kBool) v = d > 0;
    }
    out.push_back(lay_out(values, t, c.layouts[i]));
  }
  return out;
}

Tensor compact(const Tensor& t) {
  Tensor c = t;
  for (std::int64_t d = 0; d < t.dim(); ++d)
    if (t.stride(d) == 0 && t.size(d) > 1) c = c.narrow(d, 0, 1);
  return c.detach();
}

Tensor contiguous_copy(const Tensor& t) { return lay_out(read(t), t.scalar_type(), Layout::Contiguous); }

Plain read(const Tensor& t) {
  Plain p{Shape(t.sizes())};
  std::int64_t k = 0;
  if (t.numel() == 0) return p;
  with_type(t.scalar_type(), [&](auto v) {
    for_each_element(t, [&](const char* at) {
      std::memcpy(&v, at, sizeof v);
      p[k++] = static_cast<Real>(v);
    });
  });
  return p;
}
Plains read(const Tensors& t) {
  Plains p;
  for (const Tensor& x : t) p.push_back(read(x));
  return p;
}

std::string bits(const Tensor& t) {
  if (!t.defined()) return "undefined";
  std::string s = t.toString() + ":";
  if (t.numel() > 0)
    for_each_element(t, [&](const char* p) { s.append(p, static_cast<std::size_t>(t.element_size())); });
  return s;
}
std::string bits(const Tensors& t) {
  std::string s;
  for (const Tensor& x : t) s += bits(x);
  return s;
}

Real rounded(Real v, ScalarType dtype) {
  with_type(dtype, [&](auto t) { v = static_cast<Real>(to_type<decltype(t)>(v)); });
  return v;
}

ScalarType expected_dtype(const Row& row, const Case& c, std::size_t output) {
  ScalarType t = c.dtype;
  switch (row.results[std::min(output, row.results.size() - 1)]) {
    case Result::Bool:
      return kBool;
    case Result::Logical:
      return t == kUInt8 ? kUInt8 : kBool;
    case Result::Int64:
      return kInt64;
    case Result::Float32:
      return kFloat32;
    case Result::Float64:
      return kFloat64;
    case Result::Int32:
      return kInt32;
    case Result::Sum:
      return is_floating(t) ? t : kInt64;
    case Result::Floating:
      return is_floating(t) ? t : get_default_dtype();
    case Result::Promoted:
      break;
  }
  // A number decides only when it is of a higher category.
  if (c.sample->number == kFloat64 && !is_floating(t)) t = get_default_dtype();
  if (c.sample->number == kInt64 && t == kBool) t = kInt64;
  return t;
}

Plains scale_of(const Row& row, const Sample& s, const Plains& inputs) {
  if (s.magnitude) return s.magnitude(inputs);
  if (!row.adds_up) return s.reference(inputs);
  Plains positive = inputs;
  for (std::size_t i = 0; i < positive.size(); ++i)
    if (s.inputs[i].is_value())
      for (Real& v : positive[i].v) v = std::fabs(v);
  return s.reference(positive);
}

::testing::AssertionResult close(const Tensor& y, const Plain& reference, const Plain* scale, double ulps) {
  if (Shape(y.sizes()) != reference.sizes)
    return ::testing::AssertionFailure() << "result is " << y.toString() << ", expected sizes "
                                         << to_string(reference.sizes);
  const ScalarType t = y.scalar_type();
  const Plain got = read(y);
  const Real eps = t == kFloat32 ? 0x1p-23L : 0x1p-52L;
  const Real tiny = t == kFloat32 ? 0x1p-149L : 0x1p-1074L;
  for (std::int64_t k = 0; k < got.numel(); ++k) {
    const Real want = rounded(reference[k], t), have = got[k];
    if (want == have || (std::isnan(want) && std::isnan(have))) continue;
    Real size = std::fabs(reference[k]);
    if (scale) size = std::max(size, std::fabs((*scale)[k]));
    if (is_floating(t) && std::isfinite(size) &&
        std::fabs(have - reference[k]) <= static_cast<Real>(ulps) * std::max(eps * size, tiny))
      continue;
    return ::testing::AssertionFailure() << "at " << to_string(index_of(k, got.sizes)) << " result "
                                         << static_cast<double>(have) << ", reference "
                                         << static_cast<double>(reference[k]) << ", difference "
                                         << static_cast<double>(std::fabs(have - reference[k]) / (eps * size))
                                         << " ulps";
  }
  return ::testing::AssertionSuccess();
}

std::vector<const Row*> rows_where(bool (*wanted)(const Row&)) {
  std::vector<const Row*> out;
  for (const Row& r : rows())
    if (wanted(r)) out.push_back(&r);
  return out;
}
void PrintTo(const Row* row, std::ostream* out) { *out << row->name(); }
std::string row_name(const ::testing::TestParamInfo<const Row*>& info) { return info.param->name(); }

}  // namespace gradtape::table
