#pragma once
// How the options and states of this folder are written and read: each names its fields once, in its .cpp.
#include <tuple>

#include "../../autograd/ivalue.h"
#include "../serialize.h"

namespace gradtape::optim {

inline IValue to_value(double v) { return v; }
inline IValue to_value(std::int64_t v) { return v; }
inline IValue to_value(bool v) { return v; }
inline IValue to_value(const std::tuple<double, double>& v) {
  return std::vector<double>{std::get<0>(v), std::get<1>(v)};
}
inline void from_value(const IValue& from, double& to) { to = from.toDouble(); }
inline void from_value(const IValue& from, std::int64_t& to) { to = from.toInt(); }
inline void from_value(const IValue& from, bool& to) { to = from.toBool(); }
inline void from_value(const IValue& from, std::tuple<double, double>& to) {
  to = {from.toDoubleVector().at(0), from.toDoubleVector().at(1)};
}

struct WriteField {
  serialize::OutputArchive& archive;
  template <class T>
  void operator()(const char* name, const T& v) const {
    archive.write(name, to_value(v));
  }
  void operator()(const char* name, const Tensor& t) const { archive.write(name, t); }
};
struct ReadField {
  serialize::InputArchive& archive;
  template <class T>
  void operator()(const char* name, T& v) const {
    IValue value;
    archive.read(name, value);
    from_value(value, v);
  }
  void operator()(const char* name, Tensor& t) const {
    Tensor loaded;
    archive.try_read(name, loaded);
    t = loaded;
  }
};

}  // namespace gradtape::optim

// GRADTAPE_FIELDS(SGDOptions, f("lr", o.lr()); f("momentum", o.momentum());)
#define GRADTAPE_FIELDS(Class, ...)                                \
  void Class::serialize(serialize::OutputArchive& archive) const { \
    const WriteField f{archive};                                   \
    const Class& o = *this;                                        \
    __VA_ARGS__                                                    \
  }                                                                \
  void Class::serialize(serialize::InputArchive& archive) {        \
    const ReadField f{archive};                                    \
    Class& o = *this;                                              \
    __VA_ARGS__                                                    \
  }                                                                \
  static_assert(true)
