#pragma once
// IValue: a tensor, a number, a string or a list of these under one type (libtorch: c10::IValue, the part of it that
// scripts use in AutogradContext::saved_data). Reading it as another type than it has throws TypeError.
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "tensor.h"

namespace gradtape {

class IValue {
 public:
  IValue() noexcept = default;
  IValue(std::nullopt_t) noexcept {}  // NOLINT(google-explicit-constructor)
  template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
  IValue(T v) : IValue(Scalar(v)) {}                 // NOLINT(google-explicit-constructor)
  IValue(const Scalar& v);                           // NOLINT(google-explicit-constructor)
  IValue(Tensor v);                                  // NOLINT(google-explicit-constructor)
  IValue(std::string v);                             // NOLINT(google-explicit-constructor)
  IValue(const char* v) : IValue(std::string(v)) {}  // NOLINT(google-explicit-constructor)
  IValue(std::vector<std::int64_t> v);               // NOLINT(google-explicit-constructor)
  IValue(IntArrayRef v) : IValue(v.vec()) {}         // NOLINT(google-explicit-constructor)
  IValue(std::vector<double> v);                     // NOLINT(google-explicit-constructor)
  IValue(std::vector<Tensor> v);                     // NOLINT(google-explicit-constructor)
  template <class T>
  IValue(optional<T> v) : IValue(v ? IValue(*v) : IValue()) {}  // NOLINT(google-explicit-constructor)
  IValue(const IValue& o);
  IValue(IValue&& o) noexcept;
  IValue& operator=(IValue o) noexcept;
  ~IValue();

  bool isNone() const { return kind_ == Kind::None; }
  bool isTensor() const { return kind_ == Kind::Tensor; }
  bool isDouble() const { return kind_ == Kind::Double; }
  bool isInt() const { return kind_ == Kind::Int; }
  bool isBool() const { return kind_ == Kind::Bool; }
  bool isScalar() const { return isDouble() || isInt() || isBool(); }
  bool isString() const { return kind_ == Kind::String; }
  bool isIntList() const { return kind_ == Kind::IntList; }
  bool isDoubleList() const { return kind_ == Kind::DoubleList; }
  bool isTensorList() const { return kind_ == Kind::TensorList; }

  const Tensor& toTensor() const;
  double toDouble() const;
  std::int64_t toInt() const;
  bool toBool() const;
  Scalar toScalar() const;
  const std::string& toStringRef() const;
  const std::vector<std::int64_t>& toIntVector() const;
  const std::vector<double>& toDoubleVector() const;
  const std::vector<Tensor>& toTensorVector() const;
  // The same by type; numbers convert to any type of their kind.
  template <class T>
  T to() const {
    if constexpr (std::is_same_v<T, bool>) {
      return toBool();
    } else if constexpr (std::is_integral_v<T>) {
      return static_cast<T>(toInt());
    } else if constexpr (std::is_floating_point_v<T>) {
      return static_cast<T>(toDouble());
    } else if constexpr (std::is_same_v<T, Tensor>) {
      return toTensor();
    } else if constexpr (std::is_same_v<T, Scalar>) {
      return toScalar();
    } else if constexpr (std::is_same_v<T, std::string>) {
      return toStringRef();
    } else if constexpr (std::is_same_v<T, std::vector<std::int64_t>>) {
      return toIntVector();
    } else if constexpr (std::is_same_v<T, std::vector<double>>) {
      return toDoubleVector();
    } else {
      static_assert(std::is_same_v<T, std::vector<Tensor>>, "an IValue holds no such type");
      return toTensorVector();
    }
  }

 private:
  enum class Kind : std::uint8_t { None, Tensor, Double, Int, Bool, String, IntList, DoubleList, TensorList };
  struct Heavy;  // what does not fit into a word
  static const char* name_of(Kind k);
  void need(Kind k, const char* op) const;

  Kind kind_ = Kind::None;
  Scalar number_;
  Tensor tensor_;
  Heavy* heavy_ = nullptr;
};

}  // namespace gradtape
