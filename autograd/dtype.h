#pragma once
// Element types of tensors and the rules of promotion (libtorch 1.13: categories bool < integral < floating).
#include <cstddef>
#include <cstdint>
#include <iosfwd>

namespace gradtape {

// `Verification` is internal (complex double, see Note [The verification dtype]); no public function accepts it.
enum class ScalarType : std::int8_t { Byte, Int, Long, Float, Double, Bool, Verification, Undefined };
using Dtype = ScalarType;
using DType = ScalarType;

constexpr ScalarType kUInt8 = ScalarType::Byte, kByte = ScalarType::Byte;
constexpr ScalarType kInt32 = ScalarType::Int, kInt = ScalarType::Int;
constexpr ScalarType kInt64 = ScalarType::Long, kLong = ScalarType::Long;
constexpr ScalarType kFloat32 = ScalarType::Float, kFloat = ScalarType::Float;
constexpr ScalarType kFloat64 = ScalarType::Double, kDouble = ScalarType::Double;
constexpr ScalarType kBool = ScalarType::Bool;

// "float32", "int64", ...: the spelling of NumPy and of our messages.
const char* dtype_name(ScalarType t) noexcept;
// Prints libtorch's spelling: "Float", "Long", ...
std::ostream& operator<<(std::ostream& out, ScalarType t);

constexpr bool is_floating(ScalarType t) noexcept {
  return t == ScalarType::Float || t == ScalarType::Double || t == ScalarType::Verification;
}
constexpr bool is_integral(ScalarType t, bool include_bool = false) noexcept {
  return t == ScalarType::Byte || t == ScalarType::Int || t == ScalarType::Long ||
         (include_bool && t == ScalarType::Bool);
}
namespace detail {
inline constexpr std::int64_t kElementBytes[] = {1, 4, 8, 4, 8, 1, 16, 0};
}
// Bytes.
constexpr std::int64_t element_size(ScalarType t) noexcept { return detail::kElementBytes[static_cast<int>(t)]; }

// The dtype that holds values of both (table of torch.promote_types).
ScalarType promote_types(ScalarType a, ScalarType b) noexcept;

// What dtype() returns: a ScalarType that prints as the C++ type ("float", "long int"), as libtorch's does.
class TypeMeta {
 public:
  constexpr TypeMeta() = default;
  constexpr explicit TypeMeta(ScalarType t) : type_(t) {}
  template <class T>
  static constexpr TypeMeta Make();
  constexpr operator ScalarType() const { return type_; }  // NOLINT(google-explicit-constructor)
  constexpr ScalarType toScalarType() const { return type_; }
  const char* name() const noexcept;
  constexpr std::size_t itemsize() const { return static_cast<std::size_t>(element_size(type_)); }

 private:
  ScalarType type_ = ScalarType::Undefined;
};
std::ostream& operator<<(std::ostream& out, TypeMeta t);
constexpr ScalarType typeMetaToScalarType(TypeMeta t) { return t; }
constexpr TypeMeta scalarTypeToTypeMeta(ScalarType t) { return TypeMeta(t); }

// dtype of factories that are given none, and of tensor({1.5}); float32 at start. Process-wide, as in libtorch.
TypeMeta get_default_dtype() noexcept;
void set_default_dtype(ScalarType t);

// C++ type -> dtype.
template <class T>
struct dtype_of;
template <>
struct dtype_of<float> {
  static constexpr ScalarType value = ScalarType::Float;
};
template <>
struct dtype_of<double> {
  static constexpr ScalarType value = ScalarType::Double;
};
template <>
struct dtype_of<std::int64_t> {
  static constexpr ScalarType value = ScalarType::Long;
};
template <>
struct dtype_of<long long> {
  static constexpr ScalarType value = ScalarType::Long;
};
template <>
struct dtype_of<std::int32_t> {
  static constexpr ScalarType value = ScalarType::Int;
};
template <>
struct dtype_of<std::uint8_t> {
  static constexpr ScalarType value = ScalarType::Byte;
};
template <>
struct dtype_of<bool> {
  static constexpr ScalarType value = ScalarType::Bool;
};

template <class T>
constexpr TypeMeta TypeMeta::Make() {
  return TypeMeta(dtype_of<T>::value);
}

}  // namespace gradtape
