// Rows of sums, means, products, spreads, logical and counting reductions.
#include "table_reduce.h"

namespace gradtape::table {
namespace {

List without_nan(const List& x) {
  List y;
  for (Real v : x)
    if (!std::isnan(v)) y.push_back(v);
  return y;
}
Real product(const List& x) {
  Real p = 1;
  for (Real v : x) p *= v;
  return p;
}
Real variance(const List& x, std::int64_t correction) {
  const Real m = average(x);
  Real s = 0;
  for (Real v : x) s += (v - m) * (v - m);
  return s / static_cast<Real>(std::max<std::int64_t>(static_cast<std::int64_t>(x.size()) - correction, 0));
}
Fold spread(std::int64_t correction, bool root) {
  return [=](const List& x) { return root ? std::sqrt(variance(x, correction)) : variance(x, correction); };
}
Real all_of(const List& x) {
  for (Real v : x)
    if (v == 0) return 0;
  return 1;
}
Real any_of(const List& x) {
  for (Real v : x)
    if (v != 0) return 1;
  return 0;
}
Real count_of(const List& x) {
  Real n = 0;
  for (Real v : x) n += v != 0;
  return n;
}

// The form with a dtype: converted before it is folded.
using Typed = std::function<Tensor(const Tensor&, ScalarType)>;
Row typed(const std::string& op, Typed call, Fold f) {
  return row(op, {"",
                  call_one([=](const Tensor& x) { return call(x, kFloat64); }),
                  folded({}, false, f),
                  {{Shape()}, {Shape{7}}, {{3, 5}}},
                  {Input(away_from_zero(0.5, 1.5))}})
      .named("as_float64")
      .only(kAllTypes)
      .result(Result::Float64)
      .within(16)
      .saved_by("");
}

void add_spread(std::vector<Row>& rows) {
  // At least three elements to a result: of one, with correction 1, it is no number, and std of two is |a - b| / sqrt
  // 2, whose second derivatives cancel to 0.
  const std::vector<std::vector<std::vector<Shape>>> shapes = {
      {{Shape{3}}, {Shape{7}}, {{3, 5}}, {{3, 3, 4}}, {Shape{301}}, {{17, 19}}},
      {{{3, 5}}, {{3, 3}}, {{3, 3, 4}}, {{300, 3}}, {{3, 300}}, {{17, 19}}, {{3, 3, 0}}},
      {{{2, 3, 4}}, {{3, 2, 1, 5}}, {{5, 70, 3}}, {{2, 3, 90}}, {{2, 0, 3}}}};
  // Equal elements, as stride 0 gives, lie at the kink of std.
  const std::vector<Layout> apart = {Layout::Contiguous, Layout::Transposed, Layout::StepTwo, Layout::Offset};
  const auto dims_of = [](const Dims& d) { return OptionalIntArrayRef(IntArrayRef(d)); };
  for (bool root : {false, true}) {
    const std::string op = root ? "std" : "var", pair = op + "_mean";
    const auto one = [=](const Tensor& x, const Dims& d, optional<std::int64_t> correction, bool keepdim) {
      return root ? at::std(x, dims_of(d), correction, keepdim) : var(x, dims_of(d), correction, keepdim);
    };
    const auto both = [=](const Tensor& x, const Dims& d, bool keepdim) {
      const auto [a, b] = root ? std_mean(x, dims_of(d), true, keepdim) : var_mean(x, dims_of(d), true, keepdim);
      return Tensors{a, b};
    };
    const auto unbiased = [=](const Tensor& x, const Dims& d, bool biased, bool keepdim) {
      return root ? at::std(x, dims_of(d), !biased, keepdim) : var(x, dims_of(d), !biased, keepdim);
    };
    const auto none = [=](const Tensor& x) { return root ? at::std(x) : var(x); };
    const auto flag = [=](const Tensor& x) { return root ? at::std(x, false) : var(x, false); };
    const auto number = [=](const Tensor& x) { return root ? at::std(x, 0) : var(x, 0); };
    rows.push_back(over_dims(
                       op, [=](const Tensor& x, const Dims& d, bool k) { return Tensors{one(x, d, nullopt, k)}; },
                       {spread(1, root)}, shapes)
                       .within(16)
                       .laid_out(apart)
                       .cancels()
                       .also({"no argument", call_one(none), folded({}, false, spread(1, root)), shapes[0], {Input()}})
                       .also({"false", call_one(flag), folded({}, false, spread(0, root)), shapes[0], {Input()}})
                       .also({"0", call_one(number), folded({0}, false, spread(1, root)), shapes[1], {Input()}})
                       .also({"biased dim 1",
                              call_one([=](const Tensor& x) { return unbiased(x, {1}, true, false); }),
                              folded({1}, false, spread(0, root)),
                              shapes[1],
                              {Input()}})
                       .also({"correction 2",
                              call_one([=](const Tensor& x) { return one(x, {}, 2, true); }),
                              folded({}, true, spread(2, root)),
                              {{Shape{3}}, {{3, 5}}, {Shape{301}}},
                              {Input()}})
                       .convention({{2, 2}}, {root ? std::vector<double>{0, 0} : std::vector<double>{0, 0}})
                       .convention({{2}}, {{NAN}})
                       .error([=] { none(zeros({2}, kInt64)); }, {"[" + op + "]", "int64[2]"})
                       .error(
                           [=] {
                             one(zeros({2, 3}), {2}, 1, false);
                           },
                           {"[" + op + "]", "dim 2", "rank 2"})
                       .error(
                           [=] {
                             one(zeros({2, 3}), {0, -2}, 1, false);
                           },
                           {"[" + op + "]", "twice"}));
    // With too few elements: no number, or infinite.
    rows.push_back(row(op, {"",
                            call_one([=](const Tensor& x) {
                              const NoGradGuard guard;
                              return one(x, {}, 2, false);
                            }),
                            folded({}, false, spread(2, root)),
                            {{Shape()}, {Shape{1}}, {Shape{2}}, {Shape{0}}, {{2, 0, 3}}},
                            {Input()}})
                       .named("of_few")
                       .constant());
    rows.push_back(over_dims(pair, both, {spread(1, root), average}, shapes)
                       .within(16)
                       .laid_out(apart)
                       .cancels()
                       .sums()
                       .saved_by(op)
                       .checked_by(op));
  }
}

}  // namespace

void add_sums(std::vector<Row>& rows) {
  const auto add_sum = [&](const std::string& op, const Over& call, const Fold& f, const std::vector<ScalarType>& t) {
    rows.push_back(over_dims(op, call, {f})
                       .only(t)
                       .result(t == kAllTypes ? Result::Sum : Result::Promoted)
                       .sums()
                       .within(16)
                       .with_special_values()
                       .error(
                           [=] {
                             call(zeros({2, 3}), {2}, false);
                           },
                           {"[", "dim 2", "rank 2"})
                       .error(
                           [=] {
                             call(zeros({2, 3}), {1, -1}, false);
                           },
                           {"[", "twice"}));
  };
  add_sum(
      "sum", [](const Tensor& x, const Dims& d, bool k) { return Tensors{sum(x, d, k)}; }, total, kAllTypes);
  std::move(rows.back())
      .saves_nothing()
      .also(
          {"no argument", call_one([](const Tensor& x) { return sum(x); }), folded({}, false, total), kOne, {Input()}});
  add_sum(
      "nansum", [](const Tensor& x, const Dims& d, bool k) { return Tensors{nansum(x, IntArrayRef(d), k)}; },
      [](const List& x) { return total(without_nan(x)); }, kAllTypes);
  std::move(rows.back()).saves_nothing().convention({{2, NAN, 3}}, {{1, 0, 1}});
  add_sum(
      "mean", [](const Tensor& x, const Dims& d, bool k) { return Tensors{mean(x, d, k)}; }, average, kFloatingTypes);
  std::move(rows.back())
      .saves_nothing()
      .also({"no argument",
             call_one([](const Tensor& x) { return mean(x); }),
             folded({}, false, average),
             kOne,
             {Input()}})
      .error([] { mean(zeros({2}, kInt64)); }, {"[mean]", "int64[2]"});
  add_sum(
      "nanmean", [](const Tensor& x, const Dims& d, bool k) { return Tensors{nanmean(x, IntArrayRef(d), k)}; },
      [](const List& x) { return average(without_nan(x)); }, kFloatingTypes);
  std::move(rows.back())
      .saves_nothing()
      .convention({{2, NAN, 4}}, {{0.5, 0, 0.5}})
      .error([] { nanmean(zeros({2}, kInt64)); }, {"[nanmean]", "int64[2]"});

  // Integers stay below 2^63: at most 7^22.
  const std::vector<std::vector<Shape>> few = {{Shape()}, {Shape{0}}, {Shape{1}}, {Shape{7}}, {{3, 5}}, {{2, 0, 3}}};
  const Input near_one(away_from_zero(0.5, 1.75));
  rows.push_back(
      row("prod",
          {"all", call_one([](const Tensor& x) { return prod(x); }), folded({}, false, product), few, {near_one}})
          .only(kAllTypes)
          .result(Result::Sum)
          .within(32)
          .with_special_values()
          .also({"dim 0",
                 call_one([](const Tensor& x) { return prod(x, 0); }),
                 folded({0}, false, product),
                 {{{3, 5}}, {{1, 4}}, {{4, 1}}, {{2, 3, 4}}, {{2, 0, 3}}, {{0, 3}}, {{17, 3}}}})
          .also({"dim -1 kept",
                 call_one([](const Tensor& x) { return prod(x, -1, true); }),
                 folded({-1}, true, product),
                 {{Shape()}, {Shape{7}}, {{3, 5}}, {{2, 3, 4}}, {{2, 0, 3}}, {{2, 0}}, {{3, 17}}}})
          .convention({{2, 0, 3}}, {{0, 6, 0}})
          .convention({{0, 0, 3}}, {{0, 0, 0}})
          .error(
              [] {
                prod(zeros({2, 3}), 2);
              },
              {"[prod]", "dim 2", "rank 2"}));
  rows.push_back(row("prod", {"",
                              call_one([](const Tensor& x) { return prod(x, 0); }),
                              folded({0}, false, product),
                              {{Shape{301}}, {{300, 3}}},
                              {near_one}})
                     .named("of_many")
                     .within(301));
  const auto add_typed = [&](Row r, bool saves) {
    r.saving = saves;
    rows.push_back(std::move(r).sums());
  };
  add_typed(typed(
                "sum", [](const Tensor& x, ScalarType t) { return sum(x, t); }, total),
            false);
  add_typed(typed(
                "nansum", [](const Tensor& x, ScalarType t) { return nansum(x, nullopt, false, t); }, total),
            false);
  add_typed(typed(
                "mean", [](const Tensor& x, ScalarType t) { return mean(x, t); }, average),
            false);
  add_typed(typed(
                "prod", [](const Tensor& x, ScalarType t) { return prod(x, t); }, product),
            true);
  add_spread(rows);

  const auto add_logical = [&](const std::string& op, auto all, auto one, const Fold& f) {
    rows.push_back(row(op, {"all", call_one(all), folded({}, false, f), kOne, {Input()}})
                       .only(kAllTypes)
                       .result(Result::Logical)
                       .constant()
                       .with_special_values()
                       .also({"dim 0", call_one([=](const Tensor& x) { return one(x, 0, false); }),
                              folded({0}, false, f), kFromTwo})
                       .also({"dim -1 kept", call_one([=](const Tensor& x) { return one(x, -1, true); }),
                              folded({-1}, true, f), kOne})
                       .error(
                           [=] {
                             one(zeros({2, 3}), 2, false);
                           },
                           {"[" + op + "]", "dim 2", "rank 2"}));
  };
  add_logical(
      "all", [](const Tensor& x) { return all(x); },
      [](const Tensor& x, std::int64_t d, bool k) { return all(x, d, k); }, all_of);
  add_logical(
      "any", [](const Tensor& x) { return any(x); },
      [](const Tensor& x, std::int64_t d, bool k) { return any(x, d, k); }, any_of);
  rows.push_back(
      row("count_nonzero", {"all",
                            call_one([](const Tensor& x) { return count_nonzero(x); }),
                            folded({}, false, count_of),
                            kOne,
                            {Input()}})
          .only(kAllTypes)
          .result(Result::Int64)
          .constant()
          .with_special_values()
          .also({"dim -1", call_one([](const Tensor& x) { return count_nonzero(x, optional<std::int64_t>(-1)); }),
                 folded({-1}, false, count_of), kOne})
          .also({"dims 0, 2", call_one([](const Tensor& x) {
                   return count_nonzero(x, {0, 2});
                 }),
                 folded({0, 2}, false, count_of), kFromThree})
          .error(
              [] {
                count_nonzero(zeros({2, 3}), IntArrayRef{2});
              },
              {"dim 2", "rank 2"}));
}

}  // namespace gradtape::table
