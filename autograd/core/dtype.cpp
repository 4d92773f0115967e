#include "autograd/dtype.h"

#include <atomic>
#include <ostream>

#include "autograd/error.h"

namespace gradtape {

namespace {
std::atomic<ScalarType> default_dtype{ScalarType::Float};
}

const char* dtype_name(ScalarType t) noexcept {
  switch (t) {
    case ScalarType::Byte:
      return "uint8";
    case ScalarType::Int:
      return "int32";
    case ScalarType::Long:
      return "int64";
    case ScalarType::Float:
      return "float32";
    case ScalarType::Double:
      return "float64";
    case ScalarType::Bool:
      return "bool";
    case ScalarType::Verification:
      return "float64";
    case ScalarType::Undefined:
      break;
  }
  return "undefined";
}

std::ostream& operator<<(std::ostream& out, ScalarType t) {
  switch (t) {
    case ScalarType::Byte:
      return out << "Byte";
    case ScalarType::Int:
      return out << "Int";
    case ScalarType::Long:
      return out << "Long";
    case ScalarType::Float:
      return out << "Float";
    case ScalarType::Double:
    case ScalarType::Verification:
      return out << "Double";
    case ScalarType::Bool:
      return out << "Bool";
    case ScalarType::Undefined:
      break;
  }
  return out << "Undefined";
}

ScalarType promote_types(ScalarType a, ScalarType b) noexcept {
  if (a == b) return a;
  // Rank within the lattice; uint8 meets int32 in int32, so the order is linear here.
  auto rank = [](ScalarType t) {
    switch (t) {
      case ScalarType::Bool:
        return 0;
      case ScalarType::Byte:
        return 1;
      case ScalarType::Int:
        return 2;
      case ScalarType::Long:
        return 3;
      case ScalarType::Float:
        return 4;
      case ScalarType::Double:
        return 5;
      case ScalarType::Verification:
        return 6;
      case ScalarType::Undefined:
        break;
    }
    return -1;
  };
  return rank(a) > rank(b) ? a : b;
}

const char* TypeMeta::name() const noexcept {
  switch (type_) {
    case ScalarType::Byte:
      return "unsigned char";
    case ScalarType::Int:
      return "int";
    case ScalarType::Long:
      return "long int";
    case ScalarType::Float:
      return "float";
    case ScalarType::Double:
    case ScalarType::Verification:
      return "double";
    case ScalarType::Bool:
      return "bool";
    case ScalarType::Undefined:
      break;
  }
  return "nullptr (uninitialized)";
}
std::ostream& operator<<(std::ostream& out, TypeMeta t) { return out << t.name(); }

TypeMeta get_default_dtype() noexcept { return TypeMeta(default_dtype.load(std::memory_order_relaxed)); }

void set_default_dtype(ScalarType t) {
  check<TypeError>(t == ScalarType::Float || t == ScalarType::Double, "set_default_dtype",
                   "need float32 or float64, got ", t);
  default_dtype.store(t, std::memory_order_relaxed);
}

}  // namespace gradtape
