// Rows of quantiles, integrals of samples and covariances.
#include <algorithm>

#include "table_reduce.h"

namespace gradtape::table {
namespace {

// Between two elements of a sorted list.
Real at_place(const List& sorted, Real place, const std::string& how) {
  const auto below = static_cast<std::size_t>(place);
  const Real fraction = place - static_cast<Real>(below);
  const std::size_t above = below + (fraction > 0 ? 1 : 0);
  if (how == "lower") return sorted[below];
  if (how == "higher") return sorted[above];
  if (how == "nearest") return sorted[fraction > 0.5L || (fraction == 0.5L && below % 2 == 1) ? above : below];
  const Real w = how == "midpoint" ? 0.5L : fraction;
  return sorted[below] + w * (sorted[above] - sorted[below]);
}
Real quantile_of(const List& x, Real q, const std::string& how, bool ignore_nan) {
  List sorted = at_places(x, places_in_order(x, false));
  std::size_t good = 0;
  while (good < sorted.size() && !std::isnan(sorted[good])) ++good;
  if (good == 0 || (good < sorted.size() && !ignore_nan)) return kNan;
  sorted.resize(good);
  return at_place(sorted, q * static_cast<Real>(good - 1), how);
}
// Several q along a new first dimension.
Plain for_each_q(const Plain& x, const Plain& q, const Dims& dims, bool keepdim, const std::string& how,
                 bool ignore_nan) {
  Plain all;
  all.v.clear();
  for (Real one : q.v) {
    const Plain y = fold(x, dims, keepdim, [=](const List& l) { return quantile_of(l, one, how, ignore_nan); });
    all.sizes = y.sizes;
    all.v.insert(all.v.end(), y.v.begin(), y.v.end());
  }
  if (!q.sizes.empty()) all.sizes.insert(0, q.sizes[0]);
  return all;
}
Plain number(Real v) {
  Plain p;
  p[0] = v;
  return p;
}

void add_quantiles(std::vector<Row>& rows) {
  for (const bool ignore : {false, true}) {
    const std::string op = ignore ? "nanquantile" : "quantile";
    const auto one = [=](const Tensor& x, double q, optional<std::int64_t> d, bool k, const std::string& how) {
      return ignore ? nanquantile(x, q, d, k, how) : quantile(x, q, d, k, how);
    };
    const auto several = [=](const Tensor& x, const Tensor& q, optional<std::int64_t> d, bool k) {
      return ignore ? nanquantile(x, q, d, k) : quantile(x, q, d, k);
    };
    Row r =
        row(op, {"3/8 of all",
                 call_one([=](const Tensor& x) { return one(x, 0.375, nullopt, false, "linear"); }),
                 [=](const Plains& x) { return Plains{for_each_q(x[0], number(0.375L), {}, false, "linear", ignore)}; },
                 kFull,
                 {Input()}});
    for (const char* const how : {"linear", "lower", "higher", "midpoint", "nearest"})
      for (const double q : {0.5, 0.25}) {
        const std::string name = how;
        r.samples.push_back(
            {name + " " + std::to_string(q),
             call_one([=](const Tensor& x) { return one(x, q, -1, true, name); }),
             [=](const Plains& x) { return Plains{for_each_q(x[0], number(q), {-1}, true, name, ignore)}; },
             {{Shape{6}}, {{3, 7}}, {{2, 3, 4}}},
             {Input()}});
      }
    // Where q is differentiable too, its places are drawn apart from the elements.
    r.samples.push_back({"several of dim 0",
                         [=](const Tensors& x) { return Tensors{several(x[0], x[1], 0, false)}; },
                         [=](const Plains& x) { return Plains{for_each_q(x[0], x[1], {0}, false, "linear", ignore)}; },
                         {{{5, 3}, Shape{2}}, {{5, 3}, Shape()}, {{7, 2, 2}, Shape{3}}, {{3, 0}, Shape{2}}},
                         {Input(), Input(uniform(0.05, 0.95))}});
    r.samples.back().shapes.pop_back();
    r.samples.push_back({"several of all kept",
                         [=](const Tensors& x) { return Tensors{several(x[0], x[1], nullopt, true)}; },
                         [=](const Plains& x) { return Plains{for_each_q(x[0], x[1], {}, true, "linear", ignore)}; },
                         {{{5, 3}, Shape{2}}, {{5, 3}, Shape()}},
                         {Input(), Input(uniform(0.05, 0.95))}});
    // a + w (b - a) loses what the two have in common, and q (n - 1) is rounded.
    for (Sample& s : r.samples)
      s = scaled(s, [s](const Plains& x) {
        Plains y = s.reference(x);
        Real largest = 0;
        for (Real v : x[0].v)
          if (std::isfinite(v)) largest = std::max(largest, std::fabs(v));
        for (Real& v : y[0].v) v = largest * static_cast<Real>(x[0].numel());
        return y;
      });
    rows.push_back(
        std::move(r)
            .cancels()
            .saves_nothing()
            .laid_out({Layout::Contiguous, Layout::Transposed, Layout::StepTwo, Layout::Offset})
            .convention({{1, 1, 4, NAN}},
                        {ignore ? std::vector<double>{0.25, 0.75, 0, 0} : std::vector<double>{0, 0, 0, 1}})
            .error([=] { one(zeros({0}), 0.5, nullopt, false, "linear"); }, {"[" + op + "]", "float32[0]"})
            .error([=] { one(zeros({2}, kInt64), 0.5, 0, false, "linear"); }, {"[" + op + "]", "int64[2]"})
            .error([=] { one(zeros({2}), 1.5, 0, false, "linear"); }, {"[" + op + "]", "between 0 and 1", "1.5"})
            .error([=] { one(zeros({2}), 0.5, 0, false, "cubic"); }, {"[" + op + "]", "nearest", "cubic"})
            .error([=] { several(zeros({2}), full({1}, 0.5, kFloat64), 0, false); },
                   {"[" + op + "]", "float32[2]", "float64[1]"})
            .error(
                [=] {
                  several(zeros({2}), full({1, 1}, 0.5), 0, false);
                },
                {"[" + op + "]", "1-d", "float32[1, 1]"}));
  }
}

// sum (x_{i+1} - x_i) (y_{i+1} + y_i) / 2, or the running sum.
List areas(const List& y, const List& x) {
  List a;
  for (std::size_t i = 0; i + 1 < y.size(); ++i)
    a.push_back((x[i + 1] - x[i]) * (y[i + 1] + y[i]) / 2 + (a.empty() ? 0 : a.back()));
  return a;
}
std::function<Lists(const List&)> area_of(bool running, Real dx) {
  return [=](const List& y) {
    List x;
    for (std::size_t i = 0; i < y.size(); ++i) x.push_back(static_cast<Real>(i) * dx);
    const List a = areas(y, x);
    return Lists{running ? a : List{a.empty() ? 0 : a.back()}};
  };
}
Reference area_between(std::int64_t dim, bool running) {
  return [=](const Plains& in) {
    // With x of one dimension every line has the same.
    Plain x = in[0];
    std::int64_t n = 0;
    for_each_index(in[0].sizes, [&](const Shape& i) {
      const bool own = in[1].sizes == in[0].sizes;
      x[n] = in[1][own ? n : i[dim < 0 ? i.size() - 1 : static_cast<std::size_t>(dim)]];
      ++n;
    });
    // Both lines at once: numbers of elements stand for them.
    Plain number(in[0].sizes);
    for (std::int64_t k = 0; k < number.numel(); ++k) number[k] = static_cast<Real>(k);
    Plains y = by_line(dim, [&](const List& line) {
      List own, at;
      for (Real k : line) {
        own.push_back(in[0][static_cast<std::int64_t>(k)]);
        at.push_back(x[static_cast<std::int64_t>(k)]);
      }
      const List a = areas(own, at);
      return Lists{running ? a : List{a.empty() ? 0 : a.back()}};
    })({number});
    if (!running) y[0] = without_dim(y[0], dim);
    return y;
  };
}

void add_integrals(std::vector<Row>& rows) {
  const auto add = [&](const std::string& op, auto with_step, auto with_x, bool running) {
    const auto line = [=](std::int64_t dim, Real dx) {
      return [=](const Plains& x) {
        Plains y = by_line(dim, area_of(running, dx))(x);
        if (!running) y[0] = without_dim(y[0], dim);
        return y;
      };
    };
    const std::vector<std::vector<Shape>> shapes = {{Shape{1}},  {Shape{7}},  {{3, 5}},
                                                    {{2, 3, 4}}, {{2, 0, 3}}, {Shape{101}}};
    Row r =
        row(op,
            {"dim -1", call_one([=](const Tensor& y) { return with_step(y, 1, -1); }), line(-1, 1), shapes, {Input()}})
            .also({"step 0.5 dim 0",
                   call_one([=](const Tensor& y) { return with_step(y, 0.5, 0); }),
                   line(0, 0.5L),
                   {{Shape{7}}, {{3, 5}}, {{1, 4}}, {{4, 3, 2}}}});
    const std::vector<Input> two = {Input(), Input()};
    r.samples.push_back(
        {"x",
         [=](const Tensors& x) { return Tensors{with_x(x[0], x[1], -1)}; },
         area_between(-1, running),
         {{Shape{7}, Shape{7}}, {{3, 5}, Shape{5}}, {{3, 5}, {3, 5}}, {{2, 3, 4}, Shape{4}}, {Shape{1}, Shape{1}}},
         two});
    r.samples.push_back({"x dim 0",
                         [=](const Tensors& x) { return Tensors{with_x(x[0], x[1], 0)}; },
                         area_between(0, running),
                         {{{5, 3}, Shape{5}}, {{5, 3}, {5, 3}}},
                         two});
    // Sums of products of either sign.
    for (Sample& s : r.samples)
      s = scaled(s, [s](const Plains& x) {
        Plains y = s.reference(x);
        Real largest = 0;
        for (const Plain& p : x) {
          Real own = 0;
          for (Real v : p.v) own = std::max(own, std::fabs(v));
          largest = largest == 0 ? own : largest * own;
        }
        for (Real& v : y[0].v) v = largest * static_cast<Real>(x[0].numel());
        return y;
      });
    const std::string named = op == "trapz" ? "trapezoid" : op;
    rows.push_back(std::move(r)
                       .within(16)
                       .saves_nothing()
                       .cancels()
                       .checked_by(named)
                       .error(
                           [=] {
                             with_step(zeros({2, 3}), 1, 2);
                           },
                           {"[" + named + "]", "dim 2", "rank 2"})
                       .error([=] { with_step(zeros({2}, kBool), 1, 0); }, {"[" + named + "]", "bool[2]"})
                       .error([=] { with_step(scalar_tensor(1), 1, 0); }, {"[" + named + "]", "dimension"})
                       .error(
                           [=] {
                             with_x(zeros({2, 3}), zeros({2}), 1);
                           },
                           {"[" + named + "]", "3 elements", "float32[2]"}));
  };
  add(
      "trapezoid", [](const Tensor& y, double dx, std::int64_t d) { return trapezoid(y, dx, d); },
      [](const Tensor& y, const Tensor& x, std::int64_t d) { return trapezoid(y, x, d); }, false);
  add(
      "trapz", [](const Tensor& y, double dx, std::int64_t d) { return trapz(y, dx, d); },
      [](const Tensor& y, const Tensor& x, std::int64_t d) { return trapz(y, x, d); }, false);
  add(
      "cumulative_trapezoid", [](const Tensor& y, double dx, std::int64_t d) { return cumulative_trapezoid(y, dx, d); },
      [](const Tensor& y, const Tensor& x, std::int64_t d) { return cumulative_trapezoid(y, x, d); }, true);
}

// Covariance of the rows; w counts columns, a weighs them.
Plain covariance(const Plain& self, const List& w, const List& a, std::int64_t correction, bool correlation) {
  const std::int64_t rank = static_cast<std::int64_t>(self.sizes.size());
  const std::int64_t rows = rank == 2 ? self.sizes[0] : 1,
                     n = rank == 0 ? 1 : self.sizes[static_cast<std::size_t>(rank - 1)];
  const auto weight = [&](std::int64_t k) {
    return (w.empty() ? 1 : w[static_cast<std::size_t>(k)]) * (a.empty() ? 1 : a[static_cast<std::size_t>(k)]);
  };
  Real sum = 0, squares = 0;
  for (std::int64_t k = 0; k < n; ++k) {
    sum += weight(k);
    squares += weight(k) * (a.empty() ? 1 : a[static_cast<std::size_t>(k)]);
  }
  const auto c = static_cast<Real>(correction);
  const Real freedom = a.empty() ? sum - c : sum - c * squares / sum;
  List mean(static_cast<std::size_t>(rows));
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t k = 0; k < n; ++k) mean[static_cast<std::size_t>(i)] += weight(k) * self[i * n + k] / sum;
  Plain y(Shape{rows, rows});
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = 0; j < rows; ++j)
      for (std::int64_t k = 0; k < n; ++k)
        y[i * rows + j] += weight(k) * (self[i * n + k] - mean[static_cast<std::size_t>(i)]) *
                           (self[j * n + k] - mean[static_cast<std::size_t>(j)]) / freedom;
  if (correlation) {
    const Plain v = y;
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < rows; ++j) y[i * rows + j] /= std::sqrt(v[i * rows + i] * v[j * rows + j]);
  }
  if (rows == 1) y.sizes = Shape();
  return y;
}

void add_covariances(std::vector<Row>& rows) {
  const std::vector<std::vector<Shape>> shapes = {{Shape{7}}, {{3, 5}}, {{1, 6}}, {{4, 70}}, {{17, 19}}};
  const std::vector<Layout> apart = {Layout::Contiguous, Layout::Transposed, Layout::StepTwo, Layout::Offset};
  const auto magnitude = [](Sample s) {
    return scaled(s, [s](const Plains& x) {
      Plains y = s.reference(x);
      for (Real& v : y[0].v) v = 8;
      return y;
    });
  };
  const auto with = [](const Plain& x, const List& w, const List& a, std::int64_t correction) {
    return Plains{covariance(x, w, a, correction, false)};
  };
  const Input importance(uniform(0.2, 1)),
      times([](Generator&g) { return 1 + static_cast<double>(g.below(3)); }, kInt64);
  rows.push_back(row("cov", magnitude({"",
                                       call_one([](const Tensor& x) { return cov(x); }),
                                       [=](const Plains& x) { return with(x[0], {}, {}, 1); },
                                       shapes,
                                       {Input()}}))
                     .laid_out(apart)
                     .cancels()
                     .within(16)
                     .saved_by("")
                     .optional_inputs_from(1)
                     .also(magnitude({"0",
                                      call_one([](const Tensor& x) { return cov(x, 0); }),
                                      [=](const Plains& x) { return with(x[0], {}, {}, 0); },
                                      shapes,
                                      {Input()}}))
                     .also(magnitude({"importance",
                                      [](const Tensors& x) { return Tensors{cov(x[0], 1, {}, x[1])}; },
                                      [=](const Plains& x) { return with(x[0], {}, x[1].v, 1); },
                                      {{{3, 5}, Shape{5}}, {Shape{7}, Shape{7}}},
                                      {Input(), importance}}))
                     .also(magnitude({"times",
                                      [](const Tensors& x) { return Tensors{cov(x[0], 1, x[1])}; },
                                      [=](const Plains& x) { return with(x[0], x[1].v, {}, 1); },
                                      {{{3, 5}, Shape{5}}, {Shape{7}, Shape{7}}},
                                      {Input(), times}}))
                     .also(magnitude({"both",
                                      [](const Tensors& x) { return Tensors{cov(x[0], 1, x[1], x[2])}; },
                                      [=](const Plains& x) { return with(x[0], x[1].v, x[2].v, 1); },
                                      {{{3, 5}, Shape{5}, Shape{5}}},
                                      {Input(), times, importance}}))
                     .also(magnitude({"both 0",
                                      [](const Tensors& x) { return Tensors{cov(x[0], 0, x[1], x[2])}; },
                                      [=](const Plains& x) { return with(x[0], x[1].v, x[2].v, 0); },
                                      {{{3, 5}, Shape{5}, Shape{5}}},
                                      {Input(), times, importance}}))
                     .error(
                         [] {
                           cov(zeros({2, 2, 2}));
                         },
                         {"[cov]", "rows", "float32[2, 2, 2]"})
                     .error([] { cov(zeros({2}, kBool)); }, {"[cov]", "bool[2]"})
                     .error(
                         [] {
                           cov(zeros({2, 3}), 1, zeros({3}));
                         },
                         {"[cov]", "fweights", "integer", "[3]", "float32[3]"})
                     .error(
                         [] {
                           cov(zeros({2, 3}), 1, {}, zeros({2}));
                         },
                         {"[cov]", "aweights", "[3]", "float32[2]"})
                     .error(
                         [] {
                           cov(zeros({2, 3}), 1, full({3}, -1));
                         },
                         {"[cov]", "negative"})
                     .error(
                         [] {
                           cov(zeros({2, 3}), 1, full({3}, 0));
                         },
                         {"[cov]", "add up to 0"}));
  rows.push_back(row("corrcoef", magnitude({"",
                                            call_one([](const Tensor& x) { return corrcoef(x); }),
                                            [](const Plains& x) { return Plains{covariance(x[0], {}, {}, 1, true)}; },
                                            {{{3, 5}}, {{4, 70}}},
                                            {Input()}}))
                     .laid_out(apart)
                     .cancels()
                     .saves_nothing());
}

}  // namespace

void add_statistics(std::vector<Row>& rows) {
  add_quantiles(rows);
  add_integrals(rows);
  add_covariances(rows);
  const auto shortened = [](std::int64_t dim, Real p, Real longest) {
    return [=](const Plains& x) {
      const auto d = static_cast<std::size_t>(dim);
      Dims others;
      for (std::size_t k = 0; k < x[0].sizes.size(); ++k)
        if (k != d) others.push_back(static_cast<std::int64_t>(k));
      const Plain length = fold(x[0], others, false, [=](const List& l) {
        Real s = 0;
        for (Real v : l) s += std::pow(std::fabs(v), p);
        return std::pow(s, 1 / p);
      });
      Plain y = x[0];
      for_each_index(y.sizes, [&](const Shape& i) {
        const Real n = length[i[d]];
        if (n > longest) y.at(i) *= longest / (n + 1e-7L);
      });
      return Plains{y};
    };
  };
  rows.push_back(row("renorm", {"2",
                                call_one([](const Tensor& x) { return renorm(x, 2, 0, 2); }),
                                shortened(0, 2, 2),
                                {{{3, 5}}, {{2, 3, 4}}, {{4, 1}}, {{0, 3}}, {{3, 100}}},
                                {Input(away_from_zero())}})
                     .within(32)
                     .cancels()
                     .saved_by("")
                     .in_place([](Tensor& self, const Tensors&) { self.renorm_(2, 0, 2); })
                     .also({"1 of dim 1",
                            call_one([](const Tensor& x) { return renorm(x, 1, 1, 3); }),
                            shortened(1, 1, 3),
                            {{{3, 5}}, {{2, 3, 4}}}})
                     .error([] { renorm(zeros({2}), 2, 0, 1); }, {"[renorm]", "rank 2", "float32[2]"})
                     .error(
                         [] {
                           renorm(zeros({2, 2}), 0, 0, 1);
                         },
                         {"[renorm]", "p > 0"}));
}

}  // namespace gradtape::table
