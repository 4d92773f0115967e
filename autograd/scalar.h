#pragma once
// Scalar: one number of any dtype, passed where libtorch takes a c10::Scalar.
#include <cstdint>
#include <type_traits>

#include "dtype.h"

namespace gradtape {

class Scalar {
 public:
  constexpr Scalar() = default;
  template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
  constexpr Scalar(T v) {  // NOLINT(google-explicit-constructor)
    if constexpr (std::is_same_v<T, bool>) {
      kind_ = ScalarType::Bool;
      i_ = v ? 1 : 0;
    } else if constexpr (std::is_floating_point_v<T>) {
      kind_ = ScalarType::Double;
      d_ = static_cast<double>(v);
    } else {
      i_ = static_cast<std::int64_t>(v);
    }
  }

  // Double, Long or Bool: the category that takes part in promotion.
  constexpr ScalarType type() const { return kind_; }
  constexpr bool isFloatingPoint() const { return kind_ == ScalarType::Double; }
  constexpr bool isIntegral(bool includeBool) const {
    return kind_ == ScalarType::Long || (includeBool && kind_ == ScalarType::Bool);
  }
  constexpr bool isBoolean() const { return kind_ == ScalarType::Bool; }
  constexpr double toDouble() const { return isFloatingPoint() ? d_ : static_cast<double>(i_); }
  constexpr std::int64_t toLong() const { return isFloatingPoint() ? static_cast<std::int64_t>(d_) : i_; }
  constexpr bool toBool() const { return isFloatingPoint() ? d_ != 0 : i_ != 0; }
  constexpr float toFloat() const { return static_cast<float>(toDouble()); }
  constexpr int toInt() const { return static_cast<int>(toLong()); }
  template <class T>
  constexpr T to() const {
    if constexpr (std::is_same_v<T, bool>) {
      return toBool();
    } else if constexpr (std::is_integral_v<T>) {
      return static_cast<T>(toLong());
    } else {
      return static_cast<T>(toDouble());
    }
  }
  constexpr Scalar operator-() const { return isFloatingPoint() ? Scalar(-d_) : Scalar(-i_); }

 private:
  ScalarType kind_ = ScalarType::Long;
  union {
    std::int64_t i_ = 0;
    double d_;
  };
};

}  // namespace gradtape
