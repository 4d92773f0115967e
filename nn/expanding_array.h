#pragma once
// ExpandingArray<D>: one number a dimension, or one for all: kernel_size(3), kernel_size({3, 5}).
#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <string>
#include <vector>

#include "../autograd/array_ref.h"
#include "../autograd/options.h"

namespace gradtape {

namespace detail {
[[noreturn]] void wrong_count(std::size_t expected, std::size_t given);
// "[1, None]"; a single one without brackets.
std::string expanded_text(const std::int64_t* values, const bool* given, std::size_t n);
std::string expanded_text(const double* values, std::size_t n);
}  // namespace detail

template <std::size_t D, class T = std::int64_t>
class ExpandingArray {
 public:
  ExpandingArray(T all) { values_.fill(all); }                                    // NOLINT
  ExpandingArray(std::initializer_list<T> v) : ExpandingArray(ArrayRef<T>(v)) {}  // NOLINT
  ExpandingArray(const std::vector<T>& v) : ExpandingArray(ArrayRef<T>(v)) {}     // NOLINT
  ExpandingArray(const std::array<T, D>& v) : values_(v) {}                       // NOLINT
  ExpandingArray(ArrayRef<T> v) {                                                 // NOLINT
    if (v.size() != D) detail::wrong_count(D, v.size());
    std::copy(v.begin(), v.end(), values_.begin());
  }
  std::array<T, D>& operator*() { return values_; }
  const std::array<T, D>& operator*() const { return values_; }
  std::array<T, D>* operator->() { return &values_; }
  const std::array<T, D>* operator->() const { return &values_; }
  operator ArrayRef<T>() const { return ArrayRef<T>(values_.data(), D); }  // NOLINT
  std::size_t size() const noexcept { return D; }
  std::string to_string() const {
    if constexpr (std::is_same_v<T, double>) {
      return detail::expanded_text(values_.data(), D);
    } else {
      return detail::expanded_text(values_.data(), nullptr, D);
    }
  }

 private:
  std::array<T, D> values_;
};

// The same where single ones may be left open: {nullopt, 7}.
template <std::size_t D>
class ExpandingArrayWithOptionalElem {
 public:
  using Element = optional<std::int64_t>;
  ExpandingArrayWithOptionalElem(std::int64_t all) { values_.fill(all); }                              // NOLINT
  ExpandingArrayWithOptionalElem(Element all) { values_.fill(all); }                                   // NOLINT
  ExpandingArrayWithOptionalElem(std::initializer_list<std::int64_t> v) { put(v.begin(), v.size()); }  // NOLINT
  ExpandingArrayWithOptionalElem(std::initializer_list<Element> v) { put(v.begin(), v.size()); }       // NOLINT
  ExpandingArrayWithOptionalElem(const std::vector<std::int64_t>& v) { put(v.data(), v.size()); }      // NOLINT
  ExpandingArrayWithOptionalElem(const std::vector<Element>& v) { put(v.data(), v.size()); }           // NOLINT
  ExpandingArrayWithOptionalElem(IntArrayRef v) { put(v.data(), v.size()); }                           // NOLINT
  std::array<Element, D>& operator*() { return values_; }
  const std::array<Element, D>& operator*() const { return values_; }
  const std::array<Element, D>* operator->() const { return &values_; }
  std::size_t size() const noexcept { return D; }
  std::string to_string() const {
    std::int64_t v[D];
    bool given[D];
    for (std::size_t i = 0; i < D; ++i) {
      given[i] = values_[i].has_value();
      v[i] = values_[i].value_or(0);
    }
    return detail::expanded_text(v, given, D);
  }

 private:
  template <class V>
  void put(const V* v, std::size_t n) {
    if (n != D) detail::wrong_count(D, n);
    std::copy(v, v + n, values_.begin());
  }
  std::array<Element, D> values_;
};

template <std::size_t D, class T>
std::ostream& operator<<(std::ostream& out, const ExpandingArray<D, T>& a) {
  return out << a.to_string();
}
template <std::size_t D>
std::ostream& operator<<(std::ostream& out, const ExpandingArrayWithOptionalElem<D>& a) {
  return out << a.to_string();
}

}  // namespace gradtape
