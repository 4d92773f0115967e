#pragma once
// Dividing rows into training and test sets, and the units of the features.
#include <gradtape/gradtape.h>

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace examples {

struct Split {
  std::vector<std::int64_t> train, test;
};

// Fisher and Yates.
inline void shuffle(std::vector<std::int64_t>& v, gradtape::Generator& g) {
  for (std::size_t i = v.size(); i > 1; --i) std::swap(v[i - 1], v[g.below(i)]);
}

// The row numbers of each class, shuffled.
inline std::vector<std::vector<std::int64_t>> shuffled_classes(const std::vector<int>& label, gradtape::Generator& g) {
  std::vector<std::vector<std::int64_t>> rows;
  for (std::size_t i = 0; i < label.size(); ++i) {
    const auto c = static_cast<std::size_t>(label[i]);
    if (c >= rows.size()) rows.resize(c + 1);
    rows[c].push_back(static_cast<std::int64_t>(i));
  }
  for (auto& r : rows) shuffle(r, g);
  return rows;
}

// `test_fraction` of each class into the test set.
inline Split stratified_split(const std::vector<int>& label, double test_fraction, gradtape::Generator& g) {
  Split s;
  for (const auto& rows : shuffled_classes(label, g)) {
    const auto tests = static_cast<std::size_t>(std::lround(test_fraction * static_cast<double>(rows.size())));
    for (std::size_t i = 0; i < rows.size(); ++i) (i < tests ? s.test : s.train).push_back(rows[i]);
  }
  return s;
}

// k splits; each row is in one test set, and each class is spread evenly over the test sets.
inline std::vector<Split> stratified_folds(const std::vector<int>& label, std::size_t k, gradtape::Generator& g) {
  std::vector<Split> folds(k);
  std::size_t next = 0;
  for (const auto& rows : shuffled_classes(label, g)) {
    for (std::int64_t row : rows) {
      for (std::size_t f = 0; f < k; ++f) (f == next ? folds[f].test : folds[f].train).push_back(row);
      next = (next + 1) % k;
    }
  }
  return folds;
}

inline gradtape::Tensor rows_of(const gradtape::Tensor& t, std::vector<std::int64_t> rows) {
  return index_select(t, 0,
                      gradtape::from_blob(rows.data(), {static_cast<std::int64_t>(rows.size())}, gradtape::kInt64));
}

// x -> (x - mean) / standard deviation, column by column, with the statistics of the rows it was made from.
class Standardizer {
 public:
  explicit Standardizer(const gradtape::Tensor& X) : mean_(X.mean({0}, true)) {
    deviation_ = (X - mean_).square().mean({0}, true).sqrt();
    // A column that never changes, but for rounding, carries nothing; it stays near 0.
    deviation_ = where(deviation_ <= 1e-12 * mean_.abs(), 1.0, deviation_);
  }
  gradtape::Tensor operator()(const gradtape::Tensor& X) const { return (X - mean_) / deviation_; }

 private:
  gradtape::Tensor mean_, deviation_;
};

}  // namespace examples
