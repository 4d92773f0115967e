#pragma once
// TensorOptions: dtype, device and requires_grad of a new tensor, each settable or left to its default.
#include <cstdint>
#include <iosfwd>
#include <optional>

#include "dtype.h"

namespace gradtape {

using std::nullopt;
using std::optional;

enum class DeviceType : std::int8_t { CPU = 0, CUDA = 1 };
constexpr DeviceType kCPU = DeviceType::CPU;
constexpr DeviceType kCUDA = DeviceType::CUDA;

// Only the CPU exists; a tensor asked for elsewhere is an error that says so.
class Device {
 public:
  constexpr Device(DeviceType type = kCPU, int index = -1)  // NOLINT(google-explicit-constructor)
      : type_(type), index_(index) {}
  Device(const char* text);  // NOLINT(google-explicit-constructor) "cpu", "cuda", "cuda:0"
  constexpr DeviceType type() const { return type_; }
  constexpr int index() const { return index_; }
  constexpr bool is_cpu() const { return type_ == kCPU; }
  constexpr bool is_cuda() const { return type_ == kCUDA; }
  friend constexpr bool operator==(Device a, Device b) { return a.type_ == b.type_; }
  friend constexpr bool operator!=(Device a, Device b) { return !(a == b); }

 private:
  DeviceType type_;
  int index_;
};
std::ostream& operator<<(std::ostream& out, Device d);

enum class Layout : std::int8_t { Strided };
constexpr Layout kStrided = Layout::Strided;

class TensorOptions {
 public:
  TensorOptions() = default;
  TensorOptions(ScalarType t) : dtype_(t), has_dtype_(true) {}  // NOLINT(google-explicit-constructor)
  TensorOptions(Device d) : device_(d) {}                       // NOLINT(google-explicit-constructor)
  TensorOptions(DeviceType d) : device_(d) {}                   // NOLINT(google-explicit-constructor)
  TensorOptions(Layout) {}                                      // NOLINT(google-explicit-constructor)

  TensorOptions dtype(ScalarType t) const {
    TensorOptions o = *this;
    o.dtype_ = t;
    o.has_dtype_ = true;
    return o;
  }
  TensorOptions dtype(optional<ScalarType> t) const { return t ? dtype(*t) : *this; }
  TensorOptions device(Device d) const {
    TensorOptions o = *this;
    o.device_ = d;
    return o;
  }
  TensorOptions layout(Layout) const { return *this; }
  TensorOptions requires_grad(bool v) const {
    TensorOptions o = *this;
    o.requires_grad_ = v;
    return o;
  }
  ScalarType dtype() const { return has_dtype_ ? dtype_ : get_default_dtype(); }
  Device device() const { return device_; }
  bool requires_grad() const { return requires_grad_; }
  bool has_dtype() const { return has_dtype_; }

 private:
  ScalarType dtype_ = ScalarType::Float;
  bool has_dtype_ = false;
  bool requires_grad_ = false;
  Device device_;
};

inline TensorOptions dtype(ScalarType t) { return TensorOptions(t); }
inline TensorOptions device(Device d) { return TensorOptions(d); }
inline TensorOptions requires_grad(bool v = true) { return TensorOptions().requires_grad(v); }

}  // namespace gradtape
