#include "autograd/ivalue.h"

#include "autograd/error.h"

namespace gradtape {

struct IValue::Heavy {
  std::string text;
  std::vector<std::int64_t> ints;
  std::vector<double> doubles;
  std::vector<Tensor> tensors;
};

IValue::IValue(const Scalar& v)
    : kind_(v.isFloatingPoint() ? Kind::Double
            : v.isBoolean()     ? Kind::Bool
                                : Kind::Int),
      number_(v) {}
IValue::IValue(Tensor v) : kind_(Kind::Tensor), tensor_(std::move(v)) {}
IValue::IValue(std::string v) : kind_(Kind::String), heavy_(new Heavy) { heavy_->text = std::move(v); }
IValue::IValue(std::vector<std::int64_t> v) : kind_(Kind::IntList), heavy_(new Heavy) { heavy_->ints = std::move(v); }
IValue::IValue(std::vector<double> v) : kind_(Kind::DoubleList), heavy_(new Heavy) { heavy_->doubles = std::move(v); }
IValue::IValue(std::vector<Tensor> v) : kind_(Kind::TensorList), heavy_(new Heavy) { heavy_->tensors = std::move(v); }
IValue::IValue(const IValue& o)
    : kind_(o.kind_), number_(o.number_), tensor_(o.tensor_), heavy_(o.heavy_ ? new Heavy(*o.heavy_) : nullptr) {}
IValue::IValue(IValue&& o) noexcept
    : kind_(o.kind_), number_(o.number_), tensor_(std::move(o.tensor_)), heavy_(o.heavy_) {
  o.kind_ = Kind::None;
  o.heavy_ = nullptr;
}
IValue& IValue::operator=(IValue o) noexcept {
  std::swap(kind_, o.kind_);
  std::swap(number_, o.number_);
  tensor_.swap(o.tensor_);
  std::swap(heavy_, o.heavy_);
  return *this;
}
IValue::~IValue() { delete heavy_; }

const char* IValue::name_of(Kind k) {
  switch (k) {
    case Kind::Tensor:
      return "a tensor";
    case Kind::Double:
      return "a double";
    case Kind::Int:
      return "an int";
    case Kind::Bool:
      return "a bool";
    case Kind::String:
      return "a string";
    case Kind::IntList:
      return "a list of ints";
    case Kind::DoubleList:
      return "a list of doubles";
    case Kind::TensorList:
      return "a list of tensors";
    case Kind::None:
      break;
  }
  return "nothing";
}
void IValue::need(Kind k, const char* op) const {
  check<TypeError>(kind_ == k, op, "the value is ", name_of(kind_), ", not ", name_of(k));
}

const Tensor& IValue::toTensor() const {
  need(Kind::Tensor, "toTensor");
  return tensor_;
}
double IValue::toDouble() const {
  need(Kind::Double, "toDouble");
  return number_.toDouble();
}
std::int64_t IValue::toInt() const {
  need(Kind::Int, "toInt");
  return number_.toLong();
}
bool IValue::toBool() const {
  need(Kind::Bool, "toBool");
  return number_.toBool();
}
Scalar IValue::toScalar() const {
  check<TypeError>(isScalar(), "toScalar", "the value is ", name_of(kind_), ", not a number");
  return number_;
}
const std::string& IValue::toStringRef() const {
  need(Kind::String, "toStringRef");
  return heavy_->text;
}
const std::vector<std::int64_t>& IValue::toIntVector() const {
  need(Kind::IntList, "toIntVector");
  return heavy_->ints;
}
const std::vector<double>& IValue::toDoubleVector() const {
  need(Kind::DoubleList, "toDoubleVector");
  return heavy_->doubles;
}
const std::vector<Tensor>& IValue::toTensorVector() const {
  need(Kind::TensorList, "toTensorVector");
  return heavy_->tensors;
}

}  // namespace gradtape
