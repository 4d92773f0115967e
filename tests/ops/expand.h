#pragma once
// From rows to cases: layouts, dtypes, shapes, subsets, and which of them the default run takes.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "table.h"

namespace gradtape::table {

const char* name_of(Layout l);

struct Case {
  const Sample* sample;
  const std::vector<Shape>* shapes;
  std::vector<Layout> layouts;  // of each input
  ScalarType dtype = kFloat64;
  unsigned mask = 0;  // which inputs require grad

  std::string describe() const;
  bool is_empty() const;  // some input has no elements
};

// What to vary.
struct Vary {
  bool dtypes = false, layouts = false, subsets = false;
};
// All combinations, or a fixed sample of about `limit` that has every shape of every sample. Every one is counted.
std::vector<Case> cases_of(const Row& row, const Vary& vary, std::size_t limit);
// For cases that are not made by cases_of.
void count_case();

// Inputs of a case, the same each time. Gaps between elements hold NaN.
Tensors make_inputs(const Row& row, const Case& c);
// An input that is expanded inside the function: a leaf without the repetition.
Tensor compact(const Tensor& t);
// Elements in their layout (rounded to the dtype).
Tensor lay_out(const Plain& values, ScalarType dtype, Layout layout);
Tensor contiguous_copy(const Tensor& t);

Plain read(const Tensor& t);
Plains read(const Tensors& t);
// Row-major bytes.
std::string bits(const Tensor& t);
std::string bits(const Tensors& t);
// The value as the dtype holds it: rounded, wrapped around.
Real rounded(Real v, ScalarType dtype);
ScalarType expected_dtype(const Row& row, const Case& c, std::size_t output);

// What rounding of each output scales with.
Plains scale_of(const Row& row, const Sample& s, const Plains& inputs);
// y against the reference, |error| <= tolerance ulps of max(|reference|, scale).
::testing::AssertionResult close(const Tensor& y, const Plain& reference, const Plain* scale, double ulps);

// One test a row: INSTANTIATE_ROWS(Suite, condition on `const Row& r`).
void PrintTo(const Row* row, std::ostream* out);
class RowTest : public ::testing::TestWithParam<const Row*> {};
std::vector<const Row*> rows_where(bool (*wanted)(const Row&));
std::string row_name(const ::testing::TestParamInfo<const Row*>& info);

#define INSTANTIATE_ROWS(suite, condition)                                                                           \
  INSTANTIATE_TEST_SUITE_P(Table, suite,                                                                             \
                           ::testing::ValuesIn(rows_where([]([[maybe_unused]] const Row& r) { return condition; })), \
                           row_name)

}  // namespace gradtape::table
