#pragma once
// TensorOptions: dtype, device and requires_grad of a new tensor, each settable or left to its default. Layout and
// memory format are accepted where libtorch takes them, and change nothing: new tensors are row-major.
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <type_traits>

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
  Device(const std::string& text) : Device(text.c_str()) {}  // NOLINT(google-explicit-constructor)
  constexpr DeviceType type() const { return type_; }
  constexpr int index() const { return index_; }
  constexpr bool has_index() const { return index_ >= 0; }
  constexpr bool is_cpu() const { return type_ == kCPU; }
  constexpr bool is_cuda() const { return type_ == kCUDA; }
  std::string str() const;
  friend constexpr bool operator==(Device a, Device b) { return a.type_ == b.type_ && a.index_ == b.index_; }
  friend constexpr bool operator!=(Device a, Device b) { return !(a == b); }

 private:
  DeviceType type_;
  int index_;
};
std::ostream& operator<<(std::ostream& out, Device d);

enum class Layout : std::int8_t { Strided };
constexpr Layout kStrided = Layout::Strided;
std::ostream& operator<<(std::ostream& out, Layout layout);

enum class MemoryFormat : std::int8_t { Contiguous, Preserve, ChannelsLast, ChannelsLast3d };

class TensorOptions {
 public:
  TensorOptions() = default;
  TensorOptions(ScalarType t) : dtype_(t), has_dtype_(true) {}    // NOLINT(google-explicit-constructor)
  TensorOptions(TypeMeta t) : TensorOptions(t.toScalarType()) {}  // NOLINT(google-explicit-constructor)
  TensorOptions(Device d) : has_device_(true), device_(d) {}      // NOLINT(google-explicit-constructor)
  TensorOptions(DeviceType d) : TensorOptions(Device(d)) {}       // NOLINT(google-explicit-constructor)
  template <std::size_t N>
  TensorOptions(const char (&d)[N]) : TensorOptions(Device(d)) {}    // NOLINT(google-explicit-constructor)
  TensorOptions(const std::string& d) : TensorOptions(Device(d)) {}  // NOLINT(google-explicit-constructor)
  TensorOptions(Layout) {}                                           // NOLINT(google-explicit-constructor)
  TensorOptions(MemoryFormat) {}                                     // NOLINT(google-explicit-constructor)

  TensorOptions dtype(ScalarType t) const {
    TensorOptions o = *this;
    o.dtype_ = t;
    o.has_dtype_ = true;
    return o;
  }
  TensorOptions dtype(TypeMeta t) const { return dtype(t.toScalarType()); }
  TensorOptions dtype(optional<ScalarType> t) const { return t ? dtype(*t) : *this; }
  template <class T>
  TensorOptions dtype() const {
    return dtype(dtype_of<T>::value);
  }
  TensorOptions device(Device d) const {
    TensorOptions o = *this;
    o.device_ = d;
    o.has_device_ = true;
    return o;
  }
  TensorOptions device(DeviceType d, int index) const { return device(Device(d, index)); }
  template <class T, std::enable_if_t<std::is_same_v<T, optional<Device>>, int> = 0>
  TensorOptions device(const T& d) const {
    return d ? device(*d) : *this;
  }
  TensorOptions device_index(int index) const { return device(Device(kCUDA, index)); }
  TensorOptions layout(optional<Layout>) const { return *this; }
  TensorOptions memory_format(optional<MemoryFormat>) const { return *this; }
  TensorOptions pinned_memory(optional<bool>) const { return *this; }
  TensorOptions requires_grad(optional<bool> v) const {
    TensorOptions o = *this;
    o.requires_grad_ = v.value_or(o.requires_grad_);
    return o;
  }
  // What `o` sets, and the rest from here.
  TensorOptions merge_in(const TensorOptions& o) const {
    TensorOptions r = requires_grad(requires_grad_ || o.requires_grad_);
    if (o.has_dtype_) r = r.dtype(o.dtype_);
    return o.has_device_ ? r.device(o.device_) : r;
  }
  TypeMeta dtype() const { return has_dtype_ ? TypeMeta(dtype_) : get_default_dtype(); }
  Device device() const { return device_; }
  Layout layout() const { return kStrided; }
  bool requires_grad() const { return requires_grad_; }
  bool has_dtype() const { return has_dtype_; }
  bool has_device() const { return has_device_; }
  optional<ScalarType> dtype_opt() const { return has_dtype_ ? optional<ScalarType>(dtype_) : nullopt; }
  optional<Device> device_opt() const { return has_device_ ? optional<Device>(device_) : nullopt; }
  bool type_equal(const TensorOptions& o) const { return dtype() == o.dtype() && device_.type() == o.device_.type(); }

 private:
  ScalarType dtype_ = ScalarType::Float;
  bool has_dtype_ = false;
  bool has_device_ = false;
  bool requires_grad_ = false;
  Device device_;
};
// "TensorOptions(dtype=float, device=cpu (default), ...)"
std::ostream& operator<<(std::ostream& out, const TensorOptions& o);

inline TensorOptions dtype(ScalarType t) { return TensorOptions(t); }
inline TensorOptions dtype(TypeMeta t) { return TensorOptions(t); }
template <class T>
TensorOptions dtype() {
  return TensorOptions(dtype_of<T>::value);
}
inline TensorOptions device(Device d) { return TensorOptions(d); }
inline TensorOptions device_index(int index) { return TensorOptions().device_index(index); }
inline TensorOptions layout(Layout l) { return TensorOptions(l); }
inline TensorOptions memory_format(MemoryFormat f) { return TensorOptions(f); }
inline TensorOptions requires_grad(bool v = true) { return TensorOptions().requires_grad(v); }

}  // namespace gradtape
