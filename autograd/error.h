#pragma once
// Errors, and the only way to throw one: check(condition, "op", parts...).
#include <cstdint>
#include <stdexcept>
#include <string>

#include "array_ref.h"
#include "dtype.h"
#include "scalar.h"

namespace gradtape {

namespace at {
class Tensor;
}

// Base of everything the library throws (libtorch: c10::Error). The message names the operation in brackets first.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  const char* what_without_backtrace() const noexcept { return what(); }
  std::string msg() const { return what(); }
};
class IndexError : public Error {
 public:
  using Error::Error;
};
class ValueError : public Error {
 public:
  using Error::Error;
};
class TypeError : public Error {
 public:
  using Error::Error;
};
class NotImplementedError : public Error {
 public:
  using Error::Error;
};

namespace detail {

enum class ErrorKind : std::uint8_t { Plain, Index, Value, Type, NotImplemented };

// One piece of a message, built only when the check has failed.
class Part {
 public:
  Part(const char* s) : text_(s) {}             // NOLINT(google-explicit-constructor)
  Part(const std::string& s) : text_(s) {}      // NOLINT(google-explicit-constructor)
  Part(IntArrayRef sizes);                      // NOLINT(google-explicit-constructor) "[2, 3]"
  Part(ScalarType t) : text_(dtype_name(t)) {}  // NOLINT(google-explicit-constructor) "float32"
  Part(TypeMeta t) : Part(t.toScalarType()) {}  // NOLINT(google-explicit-constructor)
  Part(const at::Tensor& t);                    // NOLINT(google-explicit-constructor) "float32[2, 3]"
  template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
  Part(T v) : Part(Scalar(v)) {}  // NOLINT(google-explicit-constructor)
  Part(Scalar v);                 // NOLINT(google-explicit-constructor)
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

[[noreturn]] void fail(ErrorKind kind, const char* op, std::initializer_list<Part> parts);

template <class E>
constexpr ErrorKind kind_of() {
  if constexpr (std::is_same_v<E, IndexError>) return ErrorKind::Index;
  if constexpr (std::is_same_v<E, ValueError>) return ErrorKind::Value;
  if constexpr (std::is_same_v<E, TypeError>) return ErrorKind::Type;
  if constexpr (std::is_same_v<E, NotImplementedError>) return ErrorKind::NotImplemented;
  return ErrorKind::Plain;
}

}  // namespace detail

// Throws E with the text "[op] part part ..." (nothing is put between parts).
template <class E = Error, class... Parts>
[[noreturn]] void fail(const char* op, const Parts&... parts) {
  detail::fail(detail::kind_of<E>(), op, {detail::Part(parts)...});
}
template <class E = Error, class... Parts>
void check(bool ok, const char* op, const Parts&... parts) {
  if (__builtin_expect(!ok, 0)) fail<E>(op, parts...);
}

}  // namespace gradtape
