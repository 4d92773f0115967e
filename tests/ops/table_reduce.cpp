// Rows of the reductions and of softmax.
#include <cmath>
#include <limits>

#include "table.h"

namespace gradtape::table {
namespace {

using Dims = std::vector<std::int64_t>;
using Fold = std::function<Real(const std::vector<Real>&)>;

// f(the elements of x along dims) for every place left; no dims: all.
Plain fold(const Plain& x, const Dims& dims, bool keepdim, const Fold& f) {
  const auto rank = static_cast<std::int64_t>(x.sizes.size());
  std::vector<bool> reduced(x.sizes.size(), dims.empty());
  for (std::int64_t d : dims)
    if (rank > 0) reduced[static_cast<std::size_t>(d < 0 ? d + rank : d)] = true;
  Shape one, kept;
  for (std::size_t d = 0; d < x.sizes.size(); ++d) {
    one.push_back(reduced[d] ? 1 : x.sizes[d]);
    if (!reduced[d]) kept.push_back(x.sizes[d]);
  }
  Plain y(one);
  std::vector<std::vector<Real>> lists(y.v.size());
  for_each_index(x.sizes, [&](Shape index) {
    const Real v = x.at(index);
    for (std::size_t d = 0; d < index.size(); ++d)
      if (reduced[d]) index[d] = 0;
    lists[static_cast<std::size_t>(y.number(index))].push_back(v);
  });
  for (std::size_t k = 0; k < lists.size(); ++k) y.v[k] = f(lists[k]);
  if (!keepdim) y.sizes = kept;
  return y;
}

Reference folded(Dims dims, bool keepdim, Fold f) {
  return [=](const Plains& x) { return Plains{fold(x[0], dims, keepdim, f)}; };
}

// y[i] = f(x[i], the elements of the line through i along dim)
Reference along(std::int64_t dim, std::function<Real(Real, const std::vector<Real>&)> f) {
  return [=](const Plains& in) {
    const Plain& x = in[0];
    Plain y(x.sizes);
    const auto d = x.sizes.empty() ? 0 : static_cast<std::size_t>(dim < 0 ? dim + std::int64_t(x.sizes.size()) : dim);
    std::int64_t k = 0;
    for_each_index(x.sizes, [&](Shape index) {
      const Real own = x.at(index);
      std::vector<Real> line = {own};
      if (!index.empty()) line.clear();
      for (std::int64_t i = 0; !index.empty() && i < x.sizes[d]; ++i) {
        index[d] = i;
        line.push_back(x.at(index));
      }
      y[k++] = f(own, line);
    });
    return Plains{y};
  };
}

Real total(const std::vector<Real>& x) {
  Real s = 0;
  for (Real v : x) s += v;
  return s;
}
Real average(const std::vector<Real>& x) { return total(x) / static_cast<Real>(x.size()); }
// Place of the first of the largest (sign 1) or smallest (sign -1); a NaN is both.
std::size_t extreme_at(const std::vector<Real>& x, int sign) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < x.size() && !std::isnan(x[best]); ++i)
    if (std::isnan(x[i]) || sign * x[i] > sign * x[best]) best = i;
  return best;
}
Fold extreme(int sign) {
  return [sign](const std::vector<Real>& x) { return x[extreme_at(x, sign)]; };
}
Fold place(int sign) {
  return [sign](const std::vector<Real>& x) { return static_cast<Real>(extreme_at(x, sign)); };
}
// ln sum e^x, about the largest.
Real log_sum_exp(const std::vector<Real>& x) {
  if (x.empty()) return -std::numeric_limits<Real>::infinity();
  const Real m = x[extreme_at(x, 1)];
  if (!std::isfinite(m)) return m;
  Real s = 0;
  for (Real v : x) s += std::exp(v - m);
  return m + std::log(s);
}

const std::vector<std::vector<Shape>> kRankTwo = {{{3, 5}},    {{1, 4}},   {{4, 1}},   {{2, 3, 4}},
                                                  {{2, 0, 3}}, {{300, 3}}, {{3, 300}}, {{17, 19}}};
const std::vector<std::vector<Shape>> kRankThree = {{{2, 3, 4}},  {{1, 3, 1}},  {{2, 0, 3}},   {{3, 2, 1, 5}},
                                                    {{5, 70, 3}}, {{2, 3, 90}}, {{2, 3, 2, 3}}};
// None is empty.
const std::vector<std::vector<Shape>> kFull = {{Shape()},   {Shape{1}},   {Shape{7}}, {{3, 5}},
                                               {{2, 3, 4}}, {Shape{301}}, {{17, 19}}};
const std::vector<std::vector<Shape>> kFullTwo = {{{3, 5}},   {{1, 4}},   {{4, 1}},   {{2, 3, 4}},
                                                  {{3, 300}}, {{300, 3}}, {{2, 3, 0}}};

// amax and amin, max() and min(), max(dim) and min(dim), argmax and argmin.
template <class All, class Along, class Over, class Arg>
void add_extremes(std::vector<Row>& rows, int sign, const char* name, const char* over_name, const char* arg_name,
                  All all, Along along_dim, Over over, Arg arg) {
  const std::string op(name), over_op(over_name), arg_op(arg_name);
  const auto bracketed = [](const std::string& s) { return "[" + s + "]"; };
  rows.push_back(row(op, {"", call_one(all), folded({}, false, extreme(sign)), kFull, {Input()}})
                     .named("of_all")
                     .only(kAllTypes)
                     .convention(sign > 0 ? std::vector<std::vector<double>>{{2, 5, 5, 1}}
                                          : std::vector<std::vector<double>>{{3, 1, 1, 2}},
                                 {{0, 0.5, 0.5, 0}})
                     .error(
                         [all] {
                           all(zeros({0, 3}));
                         },
                         {bracketed(op), "float32[0, 3]"}));
  const auto both = [sign](std::int64_t dim, bool keepdim) {
    return [=](const Plains& x) {
      return Plains{fold(x[0], {dim}, keepdim, extreme(sign)), fold(x[0], {dim}, keepdim, place(sign))};
    };
  };
  const auto with_dim = [along_dim](std::int64_t dim, bool keepdim) {
    return [=](const Tensors& x) {
      const auto [values, index] = along_dim(x[0], dim, keepdim);
      return Tensors{values, index};
    };
  };
  rows.push_back(
      row(op, {"dim -1", with_dim(-1, false), both(-1, false), kFull, {Input()}})
          .named("along_dim")
          .only(kAllTypes)
          .result({Result::Promoted, Result::Int64})
          .convention(sign > 0 ? std::vector<std::vector<double>>{{2, 5, 5, 1}}
                               : std::vector<std::vector<double>>{{3, 1, 1, 2}},
                      {{0, 1, 0, 0}})
          .also({"dim 0", with_dim(0, false), both(0, false), kFullTwo})
          .also({"dim 1 kept", with_dim(1, true), both(1, true), {{{3, 5}}, {{2, 3, 4}}, {{4, 1}}, {{2, 300}}}})
          .error(
              [along_dim] {
                along_dim(zeros({2, 0}), 1, false);
              },
              {bracketed(op), "float32[2, 0]"})
          .error(
              [along_dim] {
                along_dim(zeros({2, 3}), 2, false);
              },
              {bracketed(op), "dim 2", "rank 2"}));
  rows.push_back(row(over_op, {"all",
                               call_one([over](const Tensor& x) { return over(x, {}, false); }),
                               folded({}, false, extreme(sign)),
                               kFull,
                               {Input()}})
                     .only(kAllTypes)
                     .convention(sign > 0 ? std::vector<std::vector<double>>{{2, 5, 5, 1}}
                                          : std::vector<std::vector<double>>{{3, 1, 1, 2}},
                                 {{0, 0.5, 0.5, 0}})
                     .also({"dim 1",
                            call_one([over](const Tensor& x) { return over(x, {1}, false); }),
                            folded({1}, false, extreme(sign)),
                            {{{3, 5}}, {{2, 3, 4}}, {{4, 1}}, {{2, 300}}}})
                     .also({"dims 0, 2 kept",
                            call_one([over](const Tensor& x) {
                              return over(x, {0, 2}, true);
                            }),
                            folded({0, 2}, true, extreme(sign)),
                            {{{2, 3, 4}}, {{1, 3, 1}}, {{2, 0, 3}}, {{3, 2, 1, 5}}}})
                     .error(
                         [over] {
                           over(zeros({2, 0}), {1}, false);
                         },
                         {bracketed(over_op), "float32[2, 0]"})
                     .error(
                         [over] {
                           over(zeros({2, 3}), {0, 0}, false);
                         },
                         {bracketed(over_op), "twice"}));
  rows.push_back(row(arg_op, {"all",
                              call_one([arg](const Tensor& x) { return arg(x, nullopt, false); }),
                              folded({}, false, place(sign)),
                              kFull,
                              {Input()}})
                     .only(kAllTypes)
                     .result(Result::Int64)
                     .constant()
                     .also({"all kept", call_one([arg](const Tensor& x) { return arg(x, nullopt, true); }),
                            folded({}, true, place(sign)), kFull})
                     .also({"dim 0", call_one([arg](const Tensor& x) { return arg(x, 0, false); }),
                            folded({0}, false, place(sign)), kFullTwo})
                     .also({"dim -1 kept", call_one([arg](const Tensor& x) { return arg(x, -1, true); }),
                            folded({-1}, true, place(sign)), kFull})
                     .error([arg] { arg(zeros({0}), nullopt, false); }, {bracketed(arg_op), "float32[0]"}));
}

void add_softmax(std::vector<Row>& rows) {
  const auto soft = [](Real x, const std::vector<Real>& line) { return std::exp(x - log_sum_exp(line)); };
  const auto log_soft = [](Real x, const std::vector<Real>& line) { return x - log_sum_exp(line); };
  rows.push_back(
      row("softmax",
          {"dim -1", call_one([](const Tensor& x) { return softmax(x, -1); }), along(-1, soft), kOne, {Input()}})
          .within(8)
          .cancels()
          .also({"dim 0", call_one([](const Tensor& x) { return softmax(x, 0); }), along(0, soft)})
          .also({"dim 1", call_one([](const Tensor& x) { return softmax(x, 1); }), along(1, soft), kRankTwo})
          .error(
              [] {
                softmax(zeros({2, 3}), 2);
              },
              {"[softmax]", "dim 2", "rank 2"})
          .error([] { softmax(zeros({2}, kInt64), 0); }, {"[softmax]", "int64[2]"}));
  // x - ln sum e^x loses what the two have in common.
  const auto log_sample = [=](std::string label, std::int64_t dim, std::vector<std::vector<Shape>> shapes) {
    return scaled(
        {std::move(label),
         call_one([dim](const Tensor& x) { return log_softmax(x, dim); }),
         along(dim, log_soft),
         std::move(shapes),
         {Input()}},
        along(dim, [](Real x, const std::vector<Real>& line) { return std::fabs(x) + std::fabs(log_sum_exp(line)); }));
  };
  rows.push_back(row("log_softmax", log_sample("dim -1", -1, kOne))
                     .cancels()
                     .also(log_sample("dim 0", 0, kOne))
                     .also(log_sample("dim 1", 1, kRankTwo))
                     .error(
                         [] {
                           log_softmax(zeros({2, 3}), -3);
                         },
                         {"[log_softmax]", "dim -3", "rank 2"}));
  rows.push_back(row("logsumexp", {"dim -1",
                                   call_one([](const Tensor& x) { return logsumexp(x, -1); }),
                                   folded({-1}, false, log_sum_exp),
                                   kOne,
                                   {Input()}})
                     .only(kAllTypes)
                     .result(Result::Floating)
                     .within(16)
                     .also({"dims 0, 2 kept", call_one([](const Tensor& x) {
                              return logsumexp(x, {0, 2}, true);
                            }),
                            folded({0, 2}, true, log_sum_exp), kRankThree})
                     .error(
                         [] {
                           logsumexp(zeros({2, 3}), 2);
                         },
                         {"[logsumexp]", "dim 2", "rank 2"}));
}

}  // namespace

void add_reduce(std::vector<Row>& rows) {
  rows.push_back(
      row("sum", {"all", call_one([](const Tensor& x) { return sum(x); }), folded({}, false, total), kOne, {Input()}})
          .only(kAllTypes)
          .result(Result::Sum)
          .saves_nothing()
          .sums()
          .within(16)
          .also({"dim 0", call_one([](const Tensor& x) { return sum(x, 0); }), folded({0}, false, total), kRankTwo})
          .also({"dim 1 kept", call_one([](const Tensor& x) { return sum(x, 1, true); }), folded({1}, true, total),
                 kRankTwo})
          .also({"dims 0, 2", call_one([](const Tensor& x) {
                   return sum(x, {0, 2});
                 }),
                 folded({0, 2}, false, total), kRankThree})
          .also({"dims 0, -1 kept", call_one([](const Tensor& x) {
                   return sum(x, {0, -1}, true);
                 }),
                 folded({0, -1}, true, total), kRankThree})
          .error(
              [] {
                sum(zeros({2, 3}), 2);
              },
              {"[sum]", "dim 2", "rank 2"})
          .error(
              [] {
                sum(zeros({2, 3}), {1, -1});
              },
              {"[sum]", "twice"}));
  rows.push_back(
      row("mean",
          {"all", call_one([](const Tensor& x) { return mean(x); }), folded({}, false, average), kOne, {Input()}})
          .saves_nothing()
          .sums()
          .within(16)
          .also({"dim 0", call_one([](const Tensor& x) { return mean(x, 0); }), folded({0}, false, average), kRankTwo})
          .also({"dim 1 kept", call_one([](const Tensor& x) { return mean(x, 1, true); }), folded({1}, true, average),
                 kRankTwo})
          .also({"dims 0, 2", call_one([](const Tensor& x) {
                   return mean(x, {0, 2});
                 }),
                 folded({0, 2}, false, average), kRankThree})
          .error([] { mean(zeros({2}, kInt64)); }, {"[mean]", "int64[2]"})
          .error(
              [] {
                mean(zeros({2, 3}), -3);
              },
              {"[mean]", "dim -3", "rank 2"}));
  add_extremes(
      rows, 1, "max", "amax", "argmax", [](const Tensor& x) { return max(x); },
      [](const Tensor& x, std::int64_t d, bool k) { return max(x, d, k); },
      [](const Tensor& x, const Dims& d, bool k) { return amax(x, d, k); },
      [](const Tensor& x, optional<std::int64_t> d, bool k) { return argmax(x, d, k); });
  add_extremes(
      rows, -1, "min", "amin", "argmin", [](const Tensor& x) { return min(x); },
      [](const Tensor& x, std::int64_t d, bool k) { return min(x, d, k); },
      [](const Tensor& x, const Dims& d, bool k) { return amin(x, d, k); },
      [](const Tensor& x, optional<std::int64_t> d, bool k) { return argmin(x, d, k); });
  add_softmax(rows);
}

}  // namespace gradtape::table
