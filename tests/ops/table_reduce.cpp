// Rows of the reductions and of softmax.
#include "table_reduce.h"

namespace gradtape::table {
namespace {

Fold extreme(int sign) {
  return [sign](const List& x) { return x[extreme_at(x, sign)]; };
}
Fold place(int sign) {
  return [sign](const List& x) { return static_cast<Real>(extreme_at(x, sign)); };
}
// amax and amin, max() and min(), max(dim) and min(dim), argmax and argmin.
template <class All, class Along, class Over, class Arg>
void add_extremes(std::vector<Row>& rows, int sign, const char* name, const char* over_name, const char* arg_name,
                  All all, Along along_dim, Over over, Arg arg) {
  const std::string op(name), over_op(over_name), arg_op(arg_name);
  const auto bracketed = [](const std::string& s) { return "[" + s + "]"; };
  rows.push_back(row(op, {"", call_one(all), folded({}, false, extreme(sign)), kFull, {Input()}})
                     .named("of_all")
                     .only(kAllTypes)
                     .with_special_values()
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
          .with_special_values()
          .convention({{1, NAN, NAN}}, {{0, 1, 0}})
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
                     .with_special_values()
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
                     .with_special_values()
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
  // About the largest, which leaves no number of an infinite one.
  const auto log_soft = [](Real x, const List& line) {
    const Real m = line[extreme_at(line, 1)];
    Real sum = 0;
    for (Real v : line) sum += std::exp(v - m);
    return x - m - std::log(sum);
  };
  const auto soft = [=](Real x, const List& line) { return std::exp(log_soft(x, line)); };
  rows.push_back(
      row("softmax",
          {"dim -1", call_one([](const Tensor& x) { return softmax(x, -1); }), along(-1, soft), kOne, {Input()}})
          .within(8)
          .cancels()
          .with_special_values()
          .also({"dim 0", call_one([](const Tensor& x) { return softmax(x, 0); }), along(0, soft)})
          .also({"dim 1", call_one([](const Tensor& x) { return softmax(x, 1); }), along(1, soft), kFromTwo})
          .error(
              [] {
                softmax(zeros({2, 3}), 2);
              },
              {"[softmax]", "dim 2", "rank 2"})
          .error([] { softmax(zeros({2}, kInt64), 0); }, {"[softmax]", "int64[2]"}));
  // x - ln sum e^x loses what the two have in common.
  const auto log_sample = [=](std::string label, std::int64_t dim, std::vector<std::vector<Shape>> shapes) {
    return scaled({std::move(label),
                   call_one([dim](const Tensor& x) { return log_softmax(x, dim); }),
                   along(dim, log_soft),
                   std::move(shapes),
                   {Input()}},
                  along(dim, [](Real x, const List& line) { return std::fabs(x) + std::fabs(log_sum_exp(line)); }));
  };
  rows.push_back(row("log_softmax", log_sample("dim -1", -1, kOne))
                     .cancels()
                     .with_special_values()
                     .also(log_sample("dim 0", 0, kOne))
                     .also(log_sample("dim 1", 1, kFromTwo))
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
                     .cancels()
                     .with_special_values()
                     .also({"dims 0, 2 kept", call_one([](const Tensor& x) {
                              return logsumexp(x, {0, 2}, true);
                            }),
                            folded({0, 2}, true, log_sum_exp), kFromThree})
                     .error(
                         [] {
                           logsumexp(zeros({2, 3}), 2);
                         },
                         {"[logsumexp]", "dim 2", "rank 2"}));
}

}  // namespace

void add_reduce(std::vector<Row>& rows) {
  add_sums(rows);
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
  const auto both_extremes = [](const Dims& dims, bool keepdim) {
    return folded(dims, keepdim, {extreme(-1), extreme(1)});
  };
  rows.push_back(
      row("aminmax",
          {"all", call_several([](const Tensor& x) { return aminmax(x); }), both_extremes({}, false), kFull, {Input()}})
          .only(kAllTypes)
          .with_special_values()
          .convention({{3, 1, 1, 2}}, {{0, 0.5, 0.5, 0}})
          .also({"dim 0", call_several([](const Tensor& x) { return aminmax(x, 0); }), both_extremes({0}, false),
                 kFullTwo})
          .also({"dim -1 kept", call_several([](const Tensor& x) { return aminmax(x, -1, true); }),
                 both_extremes({-1}, true), kFull})
          .error(
              [] {
                aminmax(zeros({2, 0}), 1);
              },
              {"[aminmax]", "float32[2, 0]"})
          .error(
              [] {
                aminmax(zeros({2, 3}), 2);
              },
              {"[aminmax]", "dim 2", "rank 2"}));
  add_softmax(rows);
  add_running(rows);
  add_order(rows);
  add_counts(rows);
  add_places(rows);
  add_statistics(rows);
}

}  // namespace gradtape::table
