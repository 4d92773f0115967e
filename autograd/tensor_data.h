#pragma once
// tensor(..): a tensor from values written in the program.
//   tensor(2.5)   tensor({1, 2, 3})   tensor({{1., 2.}, {3., 4.}})   tensor(std::vector<float>{..}, kFloat64)
// Without a dtype in the options floating-point values give the default dtype (also a vector<double>), int and wider
// integers int64, uint8_t uint8, bool bool, no values at all the default dtype. All values must be of one kind and all
// lists of one level equally long; otherwise a ValueError tells which are not.
#include <initializer_list>
#include <type_traits>
#include <vector>

#include "tensor.h"

namespace gradtape {
namespace detail {

// A number, a list of further TensorData, or an array; refers to its source and lives no longer than the call.
class TensorData {
 public:
  TensorData() = default;
  template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
  TensorData(T v) : number_(v), kind_(kind_of<T>()), shape_(One) {}  // NOLINT(google-explicit-constructor)
  TensorData(const Scalar& v)                                        // NOLINT(google-explicit-constructor)
      : number_(v), kind_(v.isFloatingPoint() ? ScalarType::Double : v.type()), shape_(One) {}
  TensorData(std::initializer_list<TensorData> list)  // NOLINT(google-explicit-constructor)
      : shape_(list.size() ? List : Nothing), list_(list) {}
  template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
  TensorData(ArrayRef<T> values)  // NOLINT(google-explicit-constructor)
      : kind_(kind_of<T>()), shape_(Array), data_(values.data()), size_(values.size()), read_(&read<T>) {}
  template <class T, std::enable_if_t<std::is_arithmetic_v<T> && !std::is_same_v<T, bool>, int> = 0>
  TensorData(const std::vector<T>& values)  // NOLINT(google-explicit-constructor)
      : TensorData(ArrayRef<T>(values)) {}
  TensorData(const std::vector<bool>& values);  // NOLINT(google-explicit-constructor)

 private:
  friend class TensorDataReader;
  template <class T>
  static constexpr ScalarType kind_of() {
    if (std::is_same_v<T, bool>) return ScalarType::Bool;
    if (std::is_floating_point_v<T>) return ScalarType::Double;
    return std::is_same_v<T, std::uint8_t> ? ScalarType::Byte : ScalarType::Long;
  }
  template <class T>
  static Scalar read(const void* data, std::size_t i) {
    return Scalar(static_cast<const T*>(data)[i]);
  }

  enum : std::uint8_t { Nothing, One, List, Array };
  Scalar number_;
  ScalarType kind_ = ScalarType::Undefined;
  std::uint8_t shape_ = Nothing;
  std::initializer_list<TensorData> list_;
  const void* data_ = nullptr;
  std::size_t size_ = 0;
  Scalar (*read_)(const void*, std::size_t) = nullptr;
};

}  // namespace detail

namespace at {
Tensor tensor(const gradtape::detail::TensorData& data, const TensorOptions& options = {});
}
}  // namespace gradtape
