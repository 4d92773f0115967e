#include "nn/any.h"

#include <vector>

#include "autograd/error.h"

namespace gradtape::nn {

AnyValue::AnyValue(const AnyValue& o) : type_(o.type_), tensor_(o.tensor_), box_(o.box_ ? o.box_->clone() : nullptr) {}
AnyValue::AnyValue(AnyValue&& o) noexcept = default;
AnyValue& AnyValue::operator=(const AnyValue& o) { return *this = AnyValue(o); }
AnyValue& AnyValue::operator=(AnyValue&& o) noexcept = default;
AnyValue::~AnyValue() = default;
AnyValue::BoxBase::~BoxBase() = default;

void AnyValue::fail_get(const std::type_info& wanted) const {
  fail<TypeError>("AnyValue", "holds a ", detail::class_name(type_info()), ", not a ", detail::class_name(wanted));
}

namespace detail {

std::size_t fill_defaults(AnyValue* values, std::size_t given, const std::pair<std::size_t, AnyValue>* defaults,
                          std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    if (defaults[i].first >= given) values[defaults[i].first] = defaults[i].second;
  return defaults[0].first;
}

void bad_argument(const std::type_info& module, std::size_t index, const std::type_info& wanted,
                  const std::type_info& got) {
  fail<TypeError>("AnyModule", "argument ", static_cast<std::int64_t>(index), " of ", class_name(module),
                  "::forward must be a ", class_name(wanted), ", got a ", class_name(got));
}

}  // namespace detail

AnyModule::AnyModule(std::shared_ptr<Module> module, void* object, const detail::AnyModuleType* type)
    : module_(std::move(module)), object_(object), type_(type) {
  if (!module_) fail("AnyModule", "made from a null pointer to ", detail::class_name(type->type));
}

AnyModule AnyModule::clone(optional<Device> device) const {
  if (is_empty()) return {};
  std::shared_ptr<Module> copy = module_->clone(device);
  void* object = type_->cast(*copy);
  if (!object)
    fail("clone", "the clone of a ", detail::class_name(type_->type), " is a ", copy->name(),
         "; give that class a clone() of its own, as nn::Cloneable does");
  return {std::move(copy), object, type_};
}

void AnyModule::fail_count(std::size_t given) const {
  fail("AnyModule", detail::class_name(type_->type), "::forward takes ", static_cast<std::int64_t>(type_->arguments),
       " argument(s), got ", static_cast<std::int64_t>(given));
}

AnyValue AnyModule::invoke(AnyValue* values, std::size_t count) const {
  check(!is_empty(), "AnyModule", "forward() of an empty AnyModule");
  std::vector<AnyValue> filled;
  if (count < type_->arguments) {
    filled.resize(type_->arguments);
    if (module_->forward_defaults(filled.data(), count) > count) fail_count(count);
    for (std::size_t i = 0; i < count; ++i) filled[i] = std::move(values[i]);
    values = filled.data();
  } else if (count > type_->arguments) {
    fail_count(count);
  }
  if (type_->tensor) return AnyValue(type_->tensor(object_, detail::argument<Tensor>(type_->type, values, 0)));
  return type_->invoke(object_, values, type_->type);
}

Tensor AnyModule::forward_tensor(const Tensor& input) const {
  if (type_ && type_->tensor) return type_->tensor(object_, input);
  AnyValue value(input);
  return invoke(&value, 1).get<Tensor>();
}

const std::shared_ptr<Module>& AnyModule::ptr() const {
  check(!is_empty(), "AnyModule", "ptr() of an empty AnyModule");
  return module_;
}
const std::type_info& AnyModule::type_info() const {
  check(!is_empty(), "AnyModule", "type_info() of an empty AnyModule");
  return type_->type;
}
void* AnyModule::checked(const std::type_info& wanted) const {
  if (is_empty()) fail("AnyModule", "a ", detail::class_name(wanted), " was asked for, but the AnyModule is empty");
  if (wanted != type_->type)
    fail<TypeError>("AnyModule", "holds a ", detail::class_name(type_->type), ", not a ", detail::class_name(wanted));
  return object_;
}

NamedAnyModule::NamedAnyModule(std::string name, AnyModule module)
    : name_(std::move(name)), module_(std::move(module)) {}

}  // namespace gradtape::nn
