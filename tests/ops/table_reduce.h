#pragma once
// References for the rows of reductions and of what runs along a dimension, and the families that are added apart.
#include <cmath>
#include <limits>

#include "table.h"

namespace gradtape::table {

using Dims = std::vector<std::int64_t>;
using List = std::vector<Real>;
using Fold = std::function<Real(const List&)>;
using Lists = std::vector<List>;

constexpr Real kNan = std::numeric_limits<Real>::quiet_NaN(), kInfinity = std::numeric_limits<Real>::infinity();

// f(the elements of x along dims) for every place left; no dims: all.
Plain fold(const Plain& x, const Dims& dims, bool keepdim, const Fold& f);
Reference folded(Dims dims, bool keepdim, Fold f);
// Several results of folding the same elements.
Reference folded(Dims dims, bool keepdim, std::vector<Fold> f);
// y[i] = f(x[i], the elements of the line through i along dim)
Reference along(std::int64_t dim, std::function<Real(Real, const List&)> f);
// f(the elements of a line along dim) gives the same line of each result, in any length; without dim there is one.
Reference by_line(std::int64_t dim, std::function<Lists(const List&)> f);
Plain without_dim(const Plain& x, std::int64_t dim);

Real total(const List& x);
Real average(const List& x);
// Place of the first of the largest (sign 1) or smallest (sign -1); a NaN is both.
std::size_t extreme_at(const List& x, int sign);
// ln sum e^x, about the largest.
Real log_sum_exp(const List& x);
// Places in rising or falling order: equal ones stay in theirs, a NaN is the largest.
std::vector<std::size_t> places_in_order(const List& x, bool descending);
List at_places(const List& x, const std::vector<std::size_t>& places);
List numbers(const std::vector<std::size_t>& places);

// Calls that return several tensors.
template <class F>
Call call_several(F f) {
  return [f](const Tensors& x) { return std::apply([](const auto&... y) { return Tensors{y...}; }, f(x[0])); };
}

// A reduction over dims, in the ways to name them: all, one, several, the last, kept. `shapes` for all, one, several.
using Over = std::function<Tensors(const Tensor&, const Dims&, bool)>;
Row over_dims(std::string op, Over call, std::vector<Fold> folds,
              const std::vector<std::vector<std::vector<Shape>>>& shapes = {});

// Shapes without an empty one; of rank two or three and more.
extern const std::vector<std::vector<Shape>> kFull, kFullTwo, kFromTwo, kFromThree;

void add_sums(std::vector<Row>& rows);
void add_running(std::vector<Row>& rows);
void add_order(std::vector<Row>& rows);
void add_counts(std::vector<Row>& rows);
void add_places(std::vector<Row>& rows);
void add_statistics(std::vector<Row>& rows);

}  // namespace gradtape::table
