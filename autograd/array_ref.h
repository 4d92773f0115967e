#pragma once
// ArrayRef<T>: a borrowed, read-only run of values, valid as long as what it was made from (as in LLVM and libtorch).
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <type_traits>
#include <vector>

namespace gradtape {

template <class T>
class ArrayRef {
 public:
  using value_type = T;
  using const_iterator = const T*;
  using iterator = const T*;

  constexpr ArrayRef() = default;
  // One value stands for a run of length one, so that sum(1) and zeros(3) read as in libtorch.
  constexpr ArrayRef(const T& one) : data_(&one), size_(1) {}  // NOLINT(google-explicit-constructor)
  constexpr ArrayRef(const T* data, std::size_t size) : data_(data), size_(size) {}
  constexpr ArrayRef(const T* begin, const T* end) : data_(begin), size_(static_cast<std::size_t>(end - begin)) {}
  template <class A>
  ArrayRef(const std::vector<T, A>& v) : data_(v.data()), size_(v.size()) {}  // NOLINT(google-explicit-constructor)
  template <std::size_t N>
  constexpr ArrayRef(const std::array<T, N>& a) : data_(a.data()), size_(N) {}  // NOLINT(google-explicit-constructor)
  template <std::size_t N>
  constexpr ArrayRef(const T (&a)[N]) : data_(a), size_(N) {}  // NOLINT(google-explicit-constructor)
  // The list lives until the end of the full expression, as long as a function argument needs it.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winit-list-lifetime"
#endif
  constexpr ArrayRef(const std::initializer_list<T>& l)  // NOLINT(google-explicit-constructor)
      : data_(l.begin() == l.end() ? nullptr : l.begin()), size_(l.size()) {}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

  constexpr const T* begin() const { return data_; }
  constexpr const T* end() const { return data_ + size_; }
  constexpr const T* data() const { return data_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr const T& operator[](std::size_t i) const { return data_[i]; }
  constexpr const T& front() const { return data_[0]; }
  constexpr const T& back() const { return data_[size_ - 1]; }
  constexpr ArrayRef slice(std::size_t start, std::size_t count) const { return {data_ + start, count}; }
  constexpr bool equals(ArrayRef o) const {
    if (size_ != o.size_) return false;
    for (std::size_t i = 0; i < size_; ++i)
      if (!(data_[i] == o.data_[i])) return false;
    return true;
  }
  std::vector<T> vec() const { return std::vector<T>(begin(), end()); }

 private:
  const T* data_ = nullptr;
  std::size_t size_ = 0;
};

template <class T>
constexpr bool operator==(ArrayRef<T> a, ArrayRef<T> b) {
  return a.equals(b);
}
template <class T>
constexpr bool operator!=(ArrayRef<T> a, ArrayRef<T> b) {
  return !a.equals(b);
}
template <class T>
bool operator==(const std::vector<T>& a, ArrayRef<T> b) {
  return ArrayRef<T>(a).equals(b);
}
template <class T>
bool operator==(ArrayRef<T> a, const std::vector<T>& b) {
  return a.equals(ArrayRef<T>(b));
}

using IntArrayRef = ArrayRef<std::int64_t>;

// Dims that may be left out with nullopt, which stands for all of them, as an empty list does.
class OptionalIntArrayRef {
 public:
  constexpr OptionalIntArrayRef() = default;
  constexpr OptionalIntArrayRef(std::nullopt_t) {}  // NOLINT(google-explicit-constructor)
  constexpr OptionalIntArrayRef(const std::int64_t& one)
      : v_(one), has_(true) {}  // NOLINT(google-explicit-constructor)
  OptionalIntArrayRef(const std::initializer_list<std::int64_t>& l) : v_(l), has_(true) {}  // NOLINT
  OptionalIntArrayRef(const std::optional<IntArrayRef>& v)  // NOLINT(google-explicit-constructor)
      : v_(v.value_or(IntArrayRef())), has_(v.has_value()) {}
  template <class U,
            std::enable_if_t<std::is_convertible_v<const U&, IntArrayRef> && !std::is_arithmetic_v<U>, int> = 0>
  OptionalIntArrayRef(const U& v) : v_(v), has_(true) {}  // NOLINT(google-explicit-constructor)

  constexpr bool has_value() const { return has_; }
  constexpr explicit operator bool() const { return has_; }
  constexpr const IntArrayRef& value() const { return v_; }
  constexpr const IntArrayRef& operator*() const { return v_; }
  constexpr IntArrayRef value_or(IntArrayRef otherwise) const { return has_ ? v_ : otherwise; }

 private:
  IntArrayRef v_;
  bool has_ = false;
};

}  // namespace gradtape
