#include "autograd/dtype.h"

#include <atomic>
#include <cstring>
#include <ostream>

#include "autograd/error.h"
#include "autograd/options.h"

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

ScalarType get_default_dtype() noexcept { return default_dtype.load(std::memory_order_relaxed); }

void set_default_dtype(ScalarType t) {
  check<TypeError>(t == ScalarType::Float || t == ScalarType::Double, "set_default_dtype",
                   "need float32 or float64, got ", t);
  default_dtype.store(t, std::memory_order_relaxed);
}

Device::Device(const char* text) : type_(kCPU), index_(-1) {
  if (std::strcmp(text, "cpu") == 0) return;
  check(std::strncmp(text, "cuda", 4) == 0, "Device", "unknown device \"", text, "\"; need \"cpu\" or \"cuda\"");
  type_ = kCUDA;
  if (text[4] == ':') index_ = text[5] - '0';
}

std::ostream& operator<<(std::ostream& out, Device d) {
  out << (d.is_cpu() ? "cpu" : "cuda");
  if (d.index() >= 0) out << ':' << d.index();
  return out;
}

}  // namespace gradtape
