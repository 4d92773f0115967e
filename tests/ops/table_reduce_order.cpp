// Rows of sorting and of what depends on order.
#include <algorithm>

#include "table_reduce.h"

namespace gradtape::table {
namespace {

using Line = std::function<Lists(const List&)>;

Line sorted(bool descending) {
  return [=](const List& x) {
    const auto places = places_in_order(x, descending);
    return Lists{at_places(x, places), numbers(places)};
  };
}
// Places first .. first + count - 1 of the order.
Line part_of_order(std::size_t first, std::size_t count, bool descending) {
  return [=](const List& x) {
    Lists y = sorted(descending)(x);
    for (List& l : y) {
      l.erase(l.begin(), l.begin() + static_cast<std::ptrdiff_t>(std::min(first, l.size())));
      l.resize(std::min(count, l.size()));
    }
    return y;
  };
}
std::size_t lower_median(const List& x, bool ignore_nan) {
  std::size_t nans = 0;
  for (Real v : x) nans += std::isnan(v);
  const std::size_t good = x.size() - nans;
  if (nans > 0 && !ignore_nan) return good;
  return good > 0 ? (good - 1) / 2 : 0;
}
Line middle(bool ignore_nan) {
  return [=](const List& x) { return part_of_order(lower_median(x, ignore_nan), 1, false)(x); };
}
Fold middle_value(bool ignore_nan) {
  return [=](const List& x) { return x.empty() ? kNan : middle(ignore_nan)(x)[0][0]; };
}
// The smallest of the most frequent and its last place.
Lists most_frequent(const List& x) {
  const auto places = places_in_order(x, false);
  std::size_t run = 0, longest = 0, last = 0;
  for (std::size_t k = 0; k < places.size(); ++k) {
    const Real v = x[places[k]], next = k + 1 < places.size() ? x[places[k + 1]] : kInfinity;
    ++run;
    if (k + 1 < places.size() && (v == next || (std::isnan(v) && std::isnan(next)))) continue;
    if (run > longest) {
      longest = run;
      last = places[k];
    }
    run = 0;
  }
  return {{x[last]}, {static_cast<Real>(last)}};
}
Reference dropping(std::int64_t dim, Line f) {
  return [=](const Plains& x) {
    Plains y = by_line(dim, f)(x);
    for (Plain& p : y) p = without_dim(p, dim);
    return y;
  };
}
Reference first_of(const Reference& r) {
  return [=](const Plains& x) { return Plains{r(x)[0]}; };
}
Reference second_of(const Reference& r) {
  return [=](const Plains& x) { return Plains{r(x)[1]}; };
}

const std::vector<Result> kWithIndices = {Result::Promoted, Result::Int64};

// {values, indices} of one element to a line: along the last dim, the first, a kept one.
template <class F>
Row one_of_line(const std::string& op, F call, const Line& line) {
  const auto at = [=](std::int64_t dim, bool keepdim) {
    return call_several([=](const Tensor& x) { return call(x, dim, keepdim); });
  };
  return row(op, {"dim -1", at(-1, false), dropping(-1, line), kFull, {Input()}})
      .only(kNumbers)
      .result(kWithIndices)
      .with_special_values()
      .also({"dim 0", at(0, false), dropping(0, line), kFullTwo})
      .also({"dim 1 kept", at(1, true), by_line(1, line), {{{3, 5}}, {{2, 3, 4}}, {{4, 1}}, {{2, 300}}, {{0, 3}}}})
      .error(
          [=] {
            at(2, false)({zeros({2, 3})});
          },
          {"[" + op + "]", "dim 2", "rank 2"})
      .error(
          [=] {
            at(1, false)({zeros({2, 0})});
          },
          {"[" + op + "]", "float32[2, 0]"});
}

template <class All, class Along>
void add_median(std::vector<Row>& rows, const std::string& op, bool ignore_nan, All all, Along along_dim) {
  rows.push_back(row(op, {"", call_one(all), folded({}, false, middle_value(ignore_nan)), kFull, {Input()}})
                     .named("of_all")
                     .only(kNumbers)
                     .with_special_values()
                     .convention({{3, 1, 1, 2}}, {{0, 0.5, 0.5, 0}})
                     .convention({{2, 2, 2, 1}}, ignore_nan
                                                     ? std::vector<std::vector<double>>{{1. / 3, 1. / 3, 1. / 3, 0}}
                                                     : std::vector<std::vector<double>>{{1. / 3, 1. / 3, 1. / 3, 0}})
                     .convention({{NAN, 1, NAN, 2}}, ignore_nan ? std::vector<std::vector<double>>{{0, 1, 0, 0}}
                                                                : std::vector<std::vector<double>>{{0.5, 0, 0.5, 0}})
                     .error([=] { all(zeros({0}, kInt64)); }, {"[" + op + "]", "int64[0]"}));
  rows.push_back(one_of_line(op, along_dim, middle(ignore_nan))
                     .named("along_dim")
                     .convention({{3, 1, 1, 2}}, {{0, 0, 1, 0}})
                     .convention({{NAN, 1, NAN, 2}}, ignore_nan ? std::vector<std::vector<double>>{{0, 1, 0, 0}}
                                                                : std::vector<std::vector<double>>{{1, 0, 0, 0}}));
}

}  // namespace

void add_order(std::vector<Row>& rows) {
  const auto with_indices = [](Row r) {
    return std::move(r).only(kAllTypes).result(kWithIndices).with_special_values();
  };
  rows.push_back(
      with_indices(row("sort", {"no argument",
                                call_several([](const Tensor& x) { return sort(x); }),
                                by_line(-1, sorted(false)),
                                kOne,
                                {Input()}}))
          .also({"dim 0 descending", call_several([](const Tensor& x) { return sort(x, 0, true); }),
                 by_line(0, sorted(true)), kOne})
          .also({"stable dim 1", call_several([](const Tensor& x) { return sort(x, optional<bool>(true), 1, true); }),
                 by_line(1, sorted(true)), kFromTwo})
          .convention({{2, 1, 1, 3}}, {{1, 1, 1, 1}})
          .error(
              [] {
                sort(zeros({2, 3}), 2);
              },
              {"[sort]", "dim 2", "rank 2"}));
  rows.push_back(
      row("argsort", {"no argument",
                      call_one([](const Tensor& x) { return argsort(x); }),
                      second_of(by_line(-1, sorted(false))),
                      kOne,
                      {Input()}})
          .only(kAllTypes)
          .result(Result::Int64)
          .constant()
          .with_special_values()
          .also({"dim 0 descending", call_one([](const Tensor& x) { return argsort(x, std::int64_t{0}, true); }),
                 second_of(by_line(0, sorted(true))), kOne})
          .also({"stable dim 1", call_one([](const Tensor& x) { return argsort(x, true, 1, false); }),
                 second_of(by_line(1, sorted(false))), kFromTwo})
          .error(
              [] {
                argsort(zeros({2, 3}), std::int64_t{2});
              },
              {"[argsort]", "dim 2", "rank 2"}));
  rows.push_back(row("msort", {"",
                               call_one([](const Tensor& x) { return msort(x); }),
                               first_of(by_line(0, sorted(false))),
                               kOne,
                               {Input()}})
                     .only(kAllTypes)
                     .with_special_values()
                     .saves_nothing()
                     .checked_by("sort"));
  const auto top = [](std::int64_t k, std::int64_t dim, bool largest) {
    return call_several([=](const Tensor& x) { return topk(x, k, dim, largest); });
  };
  rows.push_back(
      with_indices(row("topk", {"1 of -1", top(1, -1, true), by_line(-1, part_of_order(0, 1, true)), kFull, {Input()}}))
          .only(kNumbers)
          .also({"3 smallest of 1",
                 top(3, 1, false),
                 by_line(1, part_of_order(0, 3, false)),
                 {{{3, 5}}, {{2, 3, 4}}, {{3, 300}}, {{0, 4}}, {{2, 3, 0}}}})
          .also(
              {"2 of 0", top(2, 0, true), by_line(0, part_of_order(0, 2, true)), {{{3, 5}}, {Shape{301}}, {{2, 3, 4}}}})
          .also({"0", top(0, -1, true), by_line(-1, part_of_order(0, 0, true)), {{Shape{4}}, {{2, 0}}, {{2, 3}}}})
          .convention({{2, 5, 5, 1}}, {{0, 1, 0, 0}})
          .error(
              [] {
                topk(zeros({2, 3}), 4);
              },
              {"[topk]", "k = 4", "3", "float32[2, 3]"})
          .error(
              [] {
                topk(zeros({2, 3}), -1);
              },
              {"[topk]", "k = -1"})
          .error(
              [] {
                topk(zeros({2, 3}), 1, 2);
              },
              {"[topk]", "dim 2", "rank 2"}));
  rows.push_back(one_of_line(
                     "kthvalue", [](const Tensor& x, std::int64_t d, bool k) { return kthvalue(x, 1, d, k); },
                     part_of_order(0, 1, false))
                     .also({"third",
                            call_several([](const Tensor& x) { return kthvalue(x, 3); }),
                            dropping(-1, part_of_order(2, 1, false)),
                            {{{3, 5}}, {{2, 3, 4}}, {Shape{301}}, {{0, 3}}}})
                     .convention({{2, 5, 1, 1}}, {{0, 0, 1, 0}})
                     .error(
                         [] {
                           kthvalue(zeros({2, 3}), 4);
                         },
                         {"[kthvalue]", "k = 4", "3", "float32[2, 3]"})
                     .error(
                         [] {
                           kthvalue(zeros({2, 3}), 0);
                         },
                         {"[kthvalue]", "k = 0"}));
  add_median(
      rows, "median", false, [](const Tensor& x) { return median(x); },
      [](const Tensor& x, std::int64_t d, bool k) { return median(x, d, k); });
  add_median(
      rows, "nanmedian", true, [](const Tensor& x) { return nanmedian(x); },
      [](const Tensor& x, std::int64_t d, bool k) { return nanmedian(x, d, k); });
  rows.push_back(one_of_line(
                     "mode", [](const Tensor& x, std::int64_t d, bool k) { return mode(x, d, k); }, most_frequent)
                     .only(kAllTypes)
                     .convention({{3, 1, 1, 3}}, {{0, 0, 1, 0}})
                     .convention({{1, 2, 2}}, {{0, 0, 1}}));
}

}  // namespace gradtape::table
