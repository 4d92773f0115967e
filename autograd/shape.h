#pragma once
// Shape, Strides: a run of integers with inline storage for the usual ranks; broadcasting; printing.
#include <cstdint>
#include <cstring>
#include <iosfwd>
#include <string>

#include "array_ref.h"

namespace gradtape {

// The largest rank. Ranks above kInlineRank cost an allocation a tensor.
constexpr int kMaxRank = 16;

class Shape {
 public:
  static constexpr std::size_t kInlineRank = 5;

  Shape() noexcept : size_(0) {}
  Shape(IntArrayRef v) : size_(0) { assign(v.data(), v.size()); }  // NOLINT(google-explicit-constructor)
  Shape(std::initializer_list<std::int64_t> v) : size_(0) { assign(v.begin(), v.size()); }
  Shape(std::size_t n, std::int64_t value) : size_(0) {
    resize(n);
    for (std::size_t i = 0; i < n; ++i) data()[i] = value;
  }
  Shape(const Shape& o) : size_(0) { copy(o); }
  Shape(Shape&& o) noexcept : size_(o.size_) {
    std::memcpy(static_cast<void*>(&store_), &o.store_, sizeof store_);
    o.size_ = 0;
  }
  Shape& operator=(const Shape& o) {
    if (this != &o) copy(o);
    return *this;
  }
  Shape& operator=(Shape&& o) noexcept {
    if (this != &o) {
      release();
      size_ = o.size_;
      std::memcpy(static_cast<void*>(&store_), &o.store_, sizeof store_);
      o.size_ = 0;
    }
    return *this;
  }
  ~Shape() { release(); }

  operator IntArrayRef() const { return {data(), size_}; }  // NOLINT(google-explicit-constructor)
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::int64_t* data() { return size_ <= kInlineRank ? store_.here : store_.heap; }
  const std::int64_t* data() const { return size_ <= kInlineRank ? store_.here : store_.heap; }
  std::int64_t& operator[](std::size_t i) { return data()[i]; }
  std::int64_t operator[](std::size_t i) const { return data()[i]; }
  std::int64_t back() const { return data()[size_ - 1]; }
  std::int64_t* begin() { return data(); }
  std::int64_t* end() { return data() + size_; }
  const std::int64_t* begin() const { return data(); }
  const std::int64_t* end() const { return data() + size_; }
  // New entries are not initialised. Throws above kMaxRank.
  void resize(std::size_t n);
  void push_back(std::int64_t v) {
    resize(size_ + 1u);
    data()[size_ - 1u] = v;
  }
  void insert(std::size_t at, std::int64_t v);
  void erase(std::size_t at);
  void assign(const std::int64_t* p, std::size_t n) {
    if (n <= kInlineRank) {
      release();
      size_ = static_cast<std::uint32_t>(n);
      for (std::size_t i = 0; i < n; ++i) store_.here[i] = p[i];
    } else {
      assign_long(p, n);
    }
  }
  friend bool operator==(const Shape& a, const Shape& b) { return IntArrayRef(a).equals(b); }
  friend bool operator!=(const Shape& a, const Shape& b) { return !(a == b); }
  friend bool operator==(const Shape& a, IntArrayRef b) { return IntArrayRef(a).equals(b); }

 private:
  void release() noexcept {
    if (size_ > kInlineRank) delete[] store_.heap;
  }
  // The inline store as a whole, whatever the rank: a copy of fixed size is faster than a loop. The entries beyond the
  // rank have no value; the empty instruction keeps compilers from warning of that, and costs none.
  void copy(const Shape& o) {
    if (o.size_ > kInlineRank) return assign_long(o.store_.heap, o.size_);
    release();
    size_ = o.size_;
    std::memcpy(static_cast<void*>(&store_), &o.store_, sizeof store_);
  }
  void assign_long(const std::int64_t* p, std::size_t n);

  union Store {
    Store() noexcept { __asm__("" : "=m"(here)); }
    std::int64_t here[kInlineRank];
    std::int64_t* heap;
  } store_;
  std::uint32_t size_;
};
using Strides = Shape;

// Product of the sizes; 1 for rank 0.
std::int64_t numel_of(IntArrayRef sizes) noexcept;
// Row-major strides, in elements.
Strides contiguous_strides(IntArrayRef sizes);
// NumPy's rule. Throws with `op` in the message when a and b do not fit.
Shape broadcast_shapes(const char* op, IntArrayRef a, IntArrayRef b);
bool is_expandable_to(IntArrayRef from, IntArrayRef to) noexcept;
// "[2, 3]"
std::string to_string(IntArrayRef sizes);
std::ostream& operator<<(std::ostream& out, IntArrayRef sizes);

}  // namespace gradtape
