// Rows of pooling.
#include <cmath>

#include "table.h"

namespace gradtape::table {
namespace {

// One number a dimension.
struct Pool {
  Shape kernel, stride, padding, dilation;
  bool ceil = false;
  bool count_padding = true;
  std::int64_t divisor = 0;
  std::size_t dims() const { return kernel.size(); }
};
// Of one dimension: where a window begins and ends, and the first place after it with padding.
struct Span {
  std::int64_t begin, end, step, size;
};
std::int64_t steps(const Pool& p, std::size_t d, std::int64_t n) {
  const std::int64_t room = n + 2 * p.padding[d] - p.dilation[d] * (p.kernel[d] - 1) - 1;
  std::int64_t out = room / p.stride[d] + 1;
  // One more where something is left, and the window starts before the padding behind.
  if (p.ceil && room % p.stride[d] != 0 && out * p.stride[d] < n + p.padding[d]) ++out;
  return out;
}
Span span(const Pool& p, std::size_t d, std::int64_t n, std::int64_t o) {
  const std::int64_t begin = o * p.stride[d] - p.padding[d], end = begin + (p.kernel[d] - 1) * p.dilation[d] + 1;
  return {begin, end, p.dilation[d], std::min(end, n + p.padding[d]) - begin};
}
Span adaptive_span(std::int64_t n, std::int64_t out, std::int64_t o) {
  const std::int64_t begin = o * n / out, end = ((o + 1) * n + out - 1) / out;
  return {begin, end, 1, end - begin};
}

using Spans = std::function<Span(std::size_t d, std::int64_t n, std::int64_t o)>;
// f(index of the result, the elements of its window, their numbers in the plane, the size with padding).
using Elements = std::function<void(const Shape&, const std::vector<Real>&, const std::vector<std::int64_t>&, Real)>;
void for_windows(const Plain& x, const Shape& out, const Spans& spans, const Elements& f) {
  const std::size_t lead = x.sizes.size() - out.size();
  Shape sizes = x.sizes;
  for (std::size_t d = 0; d < out.size(); ++d) sizes[lead + d] = out[d];
  for_each_index(sizes, [&](const Shape& i) {
    std::vector<Real> values;
    std::vector<std::int64_t> numbers;
    Shape widths;
    Real size = 1;
    std::vector<Span> s;
    for (std::size_t d = 0; d < out.size(); ++d) {
      s.push_back(spans(d, x.sizes[lead + d], i[lead + d]));
      widths.push_back((s[d].end - s[d].begin + s[d].step - 1) / s[d].step);
      size *= static_cast<Real>(s[d].size);
    }
    for_each_index(widths, [&](const Shape& k) {
      Shape at = i;
      std::int64_t number = 0;
      for (std::size_t d = 0; d < out.size(); ++d) {
        const std::int64_t n = x.sizes[lead + d];
        at[lead + d] = s[d].begin + k[d] * s[d].step;
        if (at[lead + d] < 0 || at[lead + d] >= n) return;
        number = number * n + at[lead + d];
      }
      values.push_back(x.at(at));
      numbers.push_back(number);
    });
    f(i, values, numbers, size);
  });
}
Plain result_of(const Plain& x, const Shape& out) {
  Shape sizes = x.sizes;
  for (std::size_t d = 0; d < out.size(); ++d) sizes[sizes.size() - out.size() + d] = out[d];
  return Plain(sizes);
}
Plains maximum(const Plain& x, const Shape& out, const Spans& spans, bool with_numbers) {
  Plain y = result_of(x, out), index = y;
  for_windows(x, out, spans, [&](const Shape& i, const auto& v, const auto& numbers, Real) {
    std::size_t best = 0;
    for (std::size_t k = 1; k < v.size(); ++k)
      if (v[k] > v[best] || std::isnan(v[k])) best = k;
    y.at(i) = v[best];
    index.at(i) = static_cast<Real>(numbers[best]);
  });
  return with_numbers ? Plains{y, index} : Plains{y};
}
Plain average(const Plain& x, const Shape& out, const Spans& spans, bool count_padding, std::int64_t divisor) {
  Plain y = result_of(x, out);
  for_windows(x, out, spans, [&](const Shape& i, const auto& v, const auto&, Real size) {
    for (Real e : v) y.at(i) += e;
    y.at(i) /= divisor ? static_cast<Real>(divisor) : count_padding ? size : static_cast<Real>(v.size());
  });
  return y;
}
Shape out_of(const Pool& p, const Plain& x) {
  Shape out;
  for (std::size_t d = 0; d < p.dims(); ++d) out.push_back(steps(p, d, x.sizes[x.sizes.size() - p.dims() + d]));
  return out;
}
Spans spans_of(const Pool& p) {
  return [p](std::size_t d, std::int64_t n, std::int64_t o) { return span(p, d, n, o); };
}
Spans adaptive_spans(const Shape& out) {
  return [out](std::size_t d, std::int64_t n, std::int64_t o) { return adaptive_span(n, out[d], o); };
}

using Call1 = std::function<Tensor(const Tensor&, const Pool&)>;
using Call2 = std::function<std::tuple<Tensor, Tensor>(const Tensor&, const Pool&)>;
using Shapes = std::vector<std::vector<Shape>>;

Sample max_sample(const std::string& label, const Pool& p, const Call1& f, const Shapes& shapes) {
  return {label,
          [=](const Tensors& x) { return Tensors{f(x[0], p)}; },
          [=](const Plains& x) { return maximum(x[0], out_of(p, x[0]), spans_of(p), false); },
          shapes,
          {Input()}};
}
Sample max_sample(const std::string& label, const Pool& p, const Call2& f, const Shapes& shapes) {
  return {label,
          [=](const Tensors& x) {
            const auto y = f(x[0], p);
            return Tensors{std::get<0>(y), std::get<1>(y)};
          },
          [=](const Plains& x) { return maximum(x[0], out_of(p, x[0]), spans_of(p), true); },
          shapes,
          {Input()}};
}
Sample avg_sample(const std::string& label, const Pool& p, const Call1& f, const Shapes& shapes) {
  return {
      label,
      [=](const Tensors& x) { return Tensors{f(x[0], p)}; },
      [=](const Plains& x) { return Plains{average(x[0], out_of(p, x[0]), spans_of(p), p.count_padding, p.divisor)}; },
      shapes,
      {Input()}};
}

const Pool kOne = {{3}, {2}, {1}, {1}}, kOneCeil = {{2}, {3}, {0}, {2}, true};
const Pool kPairs = {{2, 2}, {2, 2}, {0, 0}, {1, 1}}, kPairsCeil = {{2, 2}, {2, 2}, {0, 0}, {1, 1}, true},
           kThrees = {{3, 3}, {2, 2}, {1, 1}, {1, 1}}, kMixed = {{3, 2}, {1, 3}, {1, 0}, {2, 1}, true},
           kDense = {{2, 3}, {1, 1}, {0, 1}, {1, 1}};
const Pool kBlock = {{2, 2, 2}, {1, 2, 2}, {1, 0, 1}, {1, 1, 1}};
const Shapes kLines = {{{2, 3, 7}}, {{3, 8}}, {{0, 2, 5}}, {{1, 1, 40}}};
const Shapes kImages = {{{2, 3, 4, 6}}, {{2, 5, 7}}, {{0, 2, 4, 4}}, {{1, 2, 9, 38}}};
const Shapes kVolumes = {{{2, 2, 3, 4, 5}}, {{1, 2, 2, 3}}};

void add_max(std::vector<Row>& rows) {
  const Call1 one = [](const Tensor& x, const Pool& p) {
    return max_pool1d(x, p.kernel, p.stride, p.padding, p.dilation, p.ceil);
  };
  const Call1 two = [](const Tensor& x, const Pool& p) {
    return max_pool2d(x, p.kernel, p.stride, p.padding, p.dilation, p.ceil);
  };
  const Call1 three = [](const Tensor& x, const Pool& p) {
    return max_pool3d(x, p.kernel, p.stride, p.padding, p.dilation, p.ceil);
  };
  const Call2 one_numbers = [](const Tensor& x, const Pool& p) {
    return max_pool1d_with_indices(x, p.kernel, p.stride, p.padding, p.dilation, p.ceil);
  };
  const Call2 two_numbers = [](const Tensor& x, const Pool& p) {
    return max_pool2d_with_indices(x, p.kernel, p.stride, p.padding, p.dilation, p.ceil);
  };
  const Call2 three_numbers = [](const Tensor& x, const Pool& p) {
    return max_pool3d_with_indices(x, p.kernel, p.stride, p.padding, p.dilation, p.ceil);
  };
  const auto add_numbered = [&](Row r) {
    rows.push_back(std::move(r).with_special_values().result({Result::Promoted, Result::Int64}));
  };
  // Only the numbers are saved.
  const auto add = [&](Row r) { rows.push_back(std::move(r).with_special_values().saves_nothing()); };
  add(row("max_pool1d", max_sample("3 by 2", kOne, one, kLines))
          .also(max_sample("ceil", kOneCeil, one, kLines))
          .error([] { max_pool1d(zero(2, 3, 4), 2, 1, 2); }, {"[max_pool1d]", "padding [2]", "kernel_size [2]"})
          .error([] { max_pool1d(zero(4), 2); }, {"[max_pool1d]", "float32[4]"}));
  add(row("max_pool2d", max_sample("2 by 2", kPairs, two, kImages))
          .also(max_sample("2 by 2, ceil", kPairsCeil, two, kImages))
          .also(max_sample("3 by 2", kThrees, two, kImages))
          .also(max_sample("mixed", kMixed, two, {{{2, 3, 6, 7}}, {{1, 5, 5}}}))
          .also(max_sample("dense", kDense, two, kImages))
          .also(max_sample("no stride", {{2, 3}, {2, 3}, {0, 0}, {1, 1}},
                           [](const Tensor& x, const Pool& p) { return max_pool2d(x, p.kernel); }, {{{1, 2, 5, 6}}}))
          .error([] { max_pool2d(zero(1, 2, 4, 4), ints(1, 2, 3)); }, {"[max_pool2d]", "kernel_size", "[1, 2, 3]"})
          .error([] { max_pool2d(zero(1, 2, 4, 4), 5); }, {"[max_pool2d]", "does not fit", "float32[1, 2, 4, 4]"})
          .error([] { max_pool2d(zero(1, 2, 0, 4), 1); }, {"[max_pool2d]", "empty", "float32[1, 2, 0, 4]"})
          .error([] { max_pool2d(zero(1, 2, 1, 4), 2, 1, 1, 2); },
                 {"[max_pool2d]", "holds nothing", "float32[1, 2, 1, 4]"})
          .error([] { max_pool2d(zero(1, 2, 4, 4), 2, 0); }, {"[max_pool2d]", "stride", "at least 1"})
          .error(
              [] {
                max_pool2d(zeros({1, 2, 4, 4}, kInt64), 2);
              },
              {"[max_pool2d]", "int64"}));
  add(row("max_pool3d", max_sample("", kBlock, three, kVolumes))
          .error([] { max_pool3d(zero(2, 3, 4), 2); }, {"[max_pool3d]", "rank 4 or 5"}));
  add_numbered(row("max_pool1d_with_indices", max_sample("3 by 2", kOne, one_numbers, kLines)));
  add_numbered(row("max_pool2d_with_indices", max_sample("2 by 2", kPairs, two_numbers, kImages))
                   .also(max_sample("3 by 2", kThrees, two_numbers, kImages))
                   .also(max_sample("mixed", kMixed, two_numbers, {{{2, 3, 6, 7}}})));
  add_numbered(row("max_pool3d_with_indices", max_sample("", kBlock, three_numbers, kVolumes)));
}

void add_avg(std::vector<Row>& rows) {
  const Call1 one = [](const Tensor& x, const Pool& p) {
    return avg_pool1d(x, p.kernel, p.stride, p.padding, p.ceil, p.count_padding);
  };
  const auto divisor = [](const Pool& p) { return p.divisor ? optional<std::int64_t>(p.divisor) : nullopt; };
  const Call1 two = [divisor](const Tensor& x, const Pool& p) {
    return avg_pool2d(x, p.kernel, p.stride, p.padding, p.ceil, p.count_padding, divisor(p));
  };
  const Call1 three = [divisor](const Tensor& x, const Pool& p) {
    return avg_pool3d(x, p.kernel, p.stride, p.padding, p.ceil, p.count_padding, divisor(p));
  };
  Pool without = kThrees, by_seven = kThrees, ceil = kThrees,
       ceil_without = {{2, 3}, {2, 3}, {1, 1}, {1, 1}, true, false};
  without.count_padding = false;
  by_seven.divisor = 7;
  ceil.ceil = true;
  const auto add = [&](Row r) { rows.push_back(std::move(r).sums().saves_nothing()); };
  add(row("avg_pool1d", avg_sample("3 by 2", kOne, one, kLines))
          .also(avg_sample("ceil", {{2}, {3}, {1}, {1}, true}, one, kLines))
          .error([] { avg_pool1d(zero(2, 3, 4), 2, 1, 2); }, {"[avg_pool1d]", "padding [2]"}));
  add(row("avg_pool2d", avg_sample("2 by 2", kPairs, two, kImages))
          .also(avg_sample("3 by 2", kThrees, two, kImages))
          .also(avg_sample("without padding", without, two, kImages))
          .also(avg_sample("by 7", by_seven, two, {{{2, 3, 4, 6}}}))
          .also(avg_sample("ceil", ceil, two, kImages))
          .also(avg_sample("ceil without padding", ceil_without, two, kImages))
          .error([] { avg_pool2d(zero(1, 2, 4, 4), 2, 2, 0, false, true, 0); }, {"[avg_pool2d]", "divisor_override"})
          .error([] { avg_pool2d(zero(1, 2, 4, 4), 5); }, {"[avg_pool2d]", "does not fit"}));
  add(row("avg_pool3d", avg_sample("", kBlock, three, kVolumes))
          .error([] { avg_pool3d(zero(2, 3, 4), 2); }, {"[avg_pool3d]", "rank 4 or 5"}));
}

void add_adaptive(std::vector<Row>& rows) {
  const auto average_of = [](const std::string& label, const Shape& out, Tensor (*f)(const Tensor&, IntArrayRef),
                             const Shapes& shapes) {
    return Sample{label,
                  [=](const Tensors& x) { return Tensors{f(x[0], out)}; },
                  [=](const Plains& x) { return Plains{average(x[0], out, adaptive_spans(out), false, 0)}; },
                  shapes,
                  {Input()}};
  };
  const auto maximum_of = [](const std::string& label, const Shape& out,
                             std::tuple<Tensor, Tensor> (*f)(const Tensor&, IntArrayRef), const Shapes& shapes) {
    return Sample{label,
                  [=](const Tensors& x) {
                    const auto y = f(x[0], out);
                    return Tensors{std::get<0>(y), std::get<1>(y)};
                  },
                  [=](const Plains& x) { return maximum(x[0], out, adaptive_spans(out), true); },
                  shapes,
                  {Input()}};
  };
  const auto add_avg = [&](Row r) { rows.push_back(std::move(r).sums().saves_nothing()); };
  const auto add_max = [&](Row r) {
    rows.push_back(std::move(r).with_special_values().result({Result::Promoted, Result::Int64}));
  };
  add_avg(row("adaptive_avg_pool1d", average_of("to 3", {3}, adaptive_avg_pool1d, kLines))
              .also(average_of("to 1", {1}, adaptive_avg_pool1d, kLines))
              .error([] { adaptive_avg_pool1d(zero(2, 3, 4), ints(1, 2)); }, {"[adaptive_avg_pool1d]", "output_size"}));
  add_avg(row("adaptive_avg_pool2d", average_of("to 2, 3", {2, 3}, adaptive_avg_pool2d, kImages))
              .also(average_of("to 1, 1", {1, 1}, adaptive_avg_pool2d, kImages))
              .also(average_of("to more", {5, 9}, adaptive_avg_pool2d, {{{1, 2, 3, 4}}}))
              .error([] { adaptive_avg_pool2d(zero(2, 3), 1); },
                     {"[adaptive_avg_pool2d]", "rank 3 or 4", "float32[2, 3]"}));
  add_avg(row("adaptive_avg_pool3d", average_of("to 2, 1, 3", {2, 1, 3}, adaptive_avg_pool3d, kVolumes)));
  add_max(row("adaptive_max_pool1d", maximum_of("to 3", {3}, adaptive_max_pool1d, kLines)));
  add_max(row("adaptive_max_pool2d", maximum_of("to 2, 3", {2, 3}, adaptive_max_pool2d, kImages))
              .also(maximum_of("to 1, 1", {1, 1}, adaptive_max_pool2d, kImages))
              .error([] { adaptive_max_pool2d(zero(2, 3, 4), 0); },
                     {"[adaptive_max_pool2d]", "output_size", "at least 1"}));
  add_max(row("adaptive_max_pool3d", maximum_of("to 2, 1, 3", {2, 1, 3}, adaptive_max_pool3d, kVolumes)));
}

}  // namespace

void add_pooling(std::vector<Row>& rows) {
  add_max(rows);
  add_avg(rows);
  add_adaptive(rows);
}

}  // namespace gradtape::table
