#pragma once
// A CSV file as a task with two classes.
#include <gradtape/autograd/io.h>
#include <gradtape/gradtape.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace examples {

struct TwoClassTable {
  gradtape::Tensor X;              // float64 [rows, features]
  std::vector<int> label;          // 0 or 1
  std::string class_name[2];       // of the smaller and the larger value in the label column
  std::int64_t count[2] = {0, 0};  // rows of each class
};

// The position of column `name`: a name in the header, a number from 1, or "last".
inline std::int64_t column_of(const gradtape::CsvTable& table, const std::string& name) {
  const std::int64_t columns = table.values.size(1);
  if (name == "last") return columns - 1;
  if (static_cast<std::int64_t>(table.header.size()) == columns) {
    const auto at = std::find(table.header.begin(), table.header.end(), name);
    if (at != table.header.end()) return at - table.header.begin();
  }
  std::int64_t number = 0;
  const auto r = std::from_chars(name.data(), name.data() + name.size(), number);
  gradtape::check(r.ec == std::errc() && r.ptr == name.data() + name.size() && number >= 1 && number <= columns,
                  "options", "--label: there is no column '", name, "'; need a name in the header, a number from 1 to ",
                  columns, ", or last");
  return number - 1;
}

inline TwoClassTable read_two_class_table(const std::string& path, const std::string& label_column) {
  using gradtape::check;
  using gradtape::Tensor;
  const gradtape::CsvTable csv = gradtape::read_csv(path);
  const std::int64_t rows = csv.values.size(0), columns = csv.values.size(1), at = column_of(csv, label_column);
  check(columns >= 2, "data", path, " has one column; need features and a label");
  TwoClassTable t;
  t.X = gradtape::cat({csv.values.narrow(1, 0, at), csv.values.narrow(1, at + 1, columns - at - 1)}, 1);
  const Tensor labels = csv.values.select(1, at).contiguous();
  const double* y = labels.data_ptr<double>();
  const double *x = csv.values.data_ptr<double>(),
               *bad = std::find_if(x, x + rows * columns, [](double v) { return !std::isfinite(v); });
  check(bad == x + rows * columns, "data", path, ", row ", (bad - x) / columns + 1, " of the data, column ",
        (bad - x) % columns + 1, " is not finite");
  std::vector<double> values(y, y + rows);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  check(values.size() != 1, "data", path, " holds one class only: every label is ", values[0],
        "; two are needed to learn from");
  check(values.size() == 2, "data", "the label column of ", path, " has ", values.size(),
        " different values; need two (--label chooses the column)");
  for (std::int64_t i = 0; i < rows; ++i) {
    t.label.push_back(y[i] == values[1]);
    ++t.count[t.label.back()];
  }
  for (int c : {0, 1}) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", values[static_cast<std::size_t>(c)]);
    // A first line "rows,features,name of class 0,name of class 1" gives the names.
    const bool named = csv.header.size() == 4 && columns > 4 && csv.header[0] == std::to_string(rows);
    t.class_name[c] = named ? csv.header[static_cast<std::size_t>(2 + c)] : "class " + std::string(text);
  }
  return t;
}

}  // namespace examples
