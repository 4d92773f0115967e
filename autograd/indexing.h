#pragma once
// What t.index({...}) and t.index_put_({...}, value) take, as torch::indexing:
//   Python            here
//   None              None               a new dimension of size 1
//   ...               "..." or Ellipsis  as many whole dimensions as are left
//   7                 7                  that place; the dimension goes
//   True / False      true / false       a new dimension of size 1 or 0
//   a:b:c             Slice(a, b, c)     None for what is left out; c > 0
//   t[mask], t[i]     a tensor           bool or uint8: its true places; integers: these places (NumPy's rules)
#include <iosfwd>
#include <vector>

#include "tensor.h"

namespace gradtape::at::indexing {

enum class TensorIndexType { None, Ellipsis, Integer, Boolean, Slice, Tensor };

constexpr std::nullopt_t None = nullopt;

struct EllipsisIndexType {
  constexpr EllipsisIndexType() {}
};
constexpr EllipsisIndexType Ellipsis;

struct Slice {
  Slice(optional<std::int64_t> start = nullopt, optional<std::int64_t> stop = nullopt,
        optional<std::int64_t> step = nullopt);
  std::int64_t start() const { return start_; }
  std::int64_t stop() const { return stop_; }
  std::int64_t step() const { return step_; }

 private:
  std::int64_t start_, stop_, step_;
};
std::ostream& operator<<(std::ostream& out, const Slice& s);

struct TensorIndex {
  TensorIndex(std::nullopt_t) : type_(TensorIndexType::None) {}            // NOLINT(google-explicit-constructor)
  TensorIndex(EllipsisIndexType) : type_(TensorIndexType::Ellipsis) {}     // NOLINT(google-explicit-constructor)
  TensorIndex(const char* dots);                                           // NOLINT(google-explicit-constructor) "..."
  TensorIndex(std::int64_t i) : type_(TensorIndexType::Integer), i_(i) {}  // NOLINT(google-explicit-constructor)
  TensorIndex(int i) : TensorIndex(static_cast<std::int64_t>(i)) {}        // NOLINT(google-explicit-constructor)
  template <class T, class = std::enable_if_t<std::is_same_v<bool, T>>>
  TensorIndex(T b) : type_(TensorIndexType::Boolean), i_(b) {}        // NOLINT(google-explicit-constructor)
  TensorIndex(Slice s) : type_(TensorIndexType::Slice), slice_(s) {}  // NOLINT(google-explicit-constructor)
  TensorIndex(Tensor t)
      : type_(TensorIndexType::Tensor), tensor_(std::move(t)) {}  // NOLINT(google-explicit-constructor)

  bool is_none() const { return type_ == TensorIndexType::None; }
  bool is_ellipsis() const { return type_ == TensorIndexType::Ellipsis; }
  bool is_integer() const { return type_ == TensorIndexType::Integer; }
  bool is_boolean() const { return type_ == TensorIndexType::Boolean; }
  bool is_slice() const { return type_ == TensorIndexType::Slice; }
  bool is_tensor() const { return type_ == TensorIndexType::Tensor; }
  std::int64_t integer() const { return i_; }
  bool boolean() const { return i_ != 0; }
  const Slice& slice() const { return slice_; }
  const Tensor& tensor() const { return tensor_; }

 private:
  TensorIndexType type_;
  std::int64_t i_ = 0;
  Slice slice_;
  Tensor tensor_;
};
std::ostream& operator<<(std::ostream& out, const TensorIndex& index);
std::ostream& operator<<(std::ostream& out, const std::vector<TensorIndex>& indices);

}  // namespace gradtape::at::indexing
