#include "autograd/error.h"

#include <cstdio>

#include "autograd/core/tensor_impl.h"

namespace gradtape::detail {

Part::Part(IntArrayRef sizes) : text_(to_string(sizes)) {}

Part::Part(const at::Tensor& t) {
  if (!t.defined()) {
    text_ = "undefined";
    return;
  }
  text_ = std::string(dtype_name(t.impl()->dtype)) + to_string(t.impl()->sizes);
}

Part::Part(Scalar v) {
  if (v.isFloatingPoint()) {
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%.17g", v.toDouble());
    double back = 0;
    char shorter[40];
    std::snprintf(shorter, sizeof shorter, "%g", v.toDouble());
    text_ = std::sscanf(shorter, "%lf", &back) == 1 && back == v.toDouble() ? shorter : buffer;
  } else if (v.isBoolean()) {
    text_ = v.toBool() ? "true" : "false";
  } else {
    text_ = std::to_string(v.toLong());
  }
}

void fail(ErrorKind kind, const char* op, std::initializer_list<Part> parts) {
  std::string text = "[";
  text += op;
  text += "] ";
  for (const Part& p : parts) text += p.text();
  switch (kind) {
    case ErrorKind::Index:
      throw IndexError(text);
    case ErrorKind::Value:
      throw ValueError(text);
    case ErrorKind::Type:
      throw TypeError(text);
    case ErrorKind::NotImplemented:
      throw NotImplementedError(text);
    case ErrorKind::Plain:
      break;
  }
  throw Error(text);
}

}  // namespace gradtape::detail
