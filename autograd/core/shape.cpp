#include "autograd/shape.h"

#include <ostream>

#include "autograd/error.h"

namespace gradtape {

void Shape::resize(std::size_t n) {
  if (n == size_) return;
  check(n <= static_cast<std::size_t>(kMaxRank), "shape", "rank ", static_cast<std::int64_t>(n),
        " exceeds the largest supported rank ", kMaxRank);
  if (n <= kInlineRank && size_ <= kInlineRank) {
    size_ = static_cast<std::uint32_t>(n);
    return;
  }
  std::int64_t kept[kMaxRank];
  const std::size_t m = n < size_ ? n : size_;
  for (std::size_t i = 0; i < m; ++i) kept[i] = data()[i];
  release();
  if (n > kInlineRank) store_.heap = new std::int64_t[kMaxRank];
  size_ = static_cast<std::uint32_t>(n);
  for (std::size_t i = 0; i < m; ++i) data()[i] = kept[i];
}

void Shape::assign_long(const std::int64_t* p, std::size_t n) {
  std::int64_t kept[kMaxRank];  // p may point into this object
  check(n <= static_cast<std::size_t>(kMaxRank), "shape", "rank ", static_cast<std::int64_t>(n),
        " exceeds the largest supported rank ", kMaxRank);
  for (std::size_t i = 0; i < n; ++i) kept[i] = p[i];
  resize(n);
  for (std::size_t i = 0; i < n; ++i) data()[i] = kept[i];
}

void Shape::insert(std::size_t at, std::int64_t v) {
  resize(size_ + 1u);
  for (std::size_t i = size_ - 1u; i > at; --i) data()[i] = data()[i - 1];
  data()[at] = v;
}

void Shape::erase(std::size_t at) {
  for (std::size_t i = at; i + 1 < size_; ++i) data()[i] = data()[i + 1];
  resize(size_ - 1u);
}

std::int64_t numel_of(IntArrayRef sizes) noexcept {
  std::int64_t n = 1;
  for (std::int64_t s : sizes) n *= s;
  return n;
}

Strides contiguous_strides(IntArrayRef sizes) {
  Strides st(sizes.size(), 1);
  std::int64_t s = 1;
  for (std::size_t i = sizes.size(); i-- > 0;) {
    st[i] = s;
    s *= sizes[i] > 0 ? sizes[i] : 1;
  }
  return st;
}

Shape broadcast_shapes(const char* op, IntArrayRef a, IntArrayRef b) {
  const std::size_t n = a.size() > b.size() ? a.size() : b.size();
  Shape out(n, 1);
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    check(x == y || x == 1 || y == 1, op, "shapes ", a, " and ", b, " do not broadcast: sizes ", x, " and ", y,
          " at dim -", static_cast<std::int64_t>(i + 1), " differ and neither is 1");
    out[n - 1 - i] = x == 1 ? y : x;
  }
  return out;
}

bool is_expandable_to(IntArrayRef from, IntArrayRef to) noexcept {
  if (from.size() > to.size()) return false;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::int64_t x = from[from.size() - 1 - i];
    if (x != to[to.size() - 1 - i] && x != 1) return false;
  }
  return true;
}

std::string to_string(IntArrayRef sizes) {
  std::string s = "[";
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (i) s += ", ";
    s += std::to_string(sizes[i]);
  }
  return s + "]";
}

std::ostream& operator<<(std::ostream& out, IntArrayRef sizes) { return out << to_string(sizes); }

}  // namespace gradtape
