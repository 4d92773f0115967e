#include "nn/serialize.h"

#include <cstdio>
#include <cstdlib>
#include <istream>
#include <iterator>
#include <ostream>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "autograd/tape.h"
#include "nn/module.h"

namespace gradtape {
namespace {
// "float32[2, 3]"
std::string described(const Tensor& t) { return detail::Part(t).text(); }
}  // namespace
}  // namespace gradtape

namespace gradtape::serialize {
namespace {

template <class List>
auto* find(List& list, const std::string& key) {
  for (auto& item : list)
    if (item.first == key) return &item.second;
  return static_cast<decltype(&list.front().second)>(nullptr);
}
template <class T>
void put(std::vector<std::pair<std::string, T>>& list, const std::string& key, T value) {
  if (T* there = find(list, key)) {
    *there = std::move(value);
  } else {
    list.emplace_back(key, std::move(value));
  }
}
void check_key(const char* op, const std::string& key) { check<ValueError>(!key.empty(), op, "the name is empty"); }

std::string number_text(double v) {
  char text[64];
  std::snprintf(text, sizeof text, "%a", v);
  return text;
}
template <class List, class F>
std::string list_text(const List& list, F text) {
  std::string s;
  for (const auto& v : list) s += text(v) + " ";
  return s;
}
template <class T, class F>
std::vector<T> list_of(const std::string& text, F number) {
  std::vector<T> v;
  for (const char* p = text.c_str(); *p;) {
    char* end = nullptr;
    v.push_back(number(p, &end));
    if (end == p) break;
    p = *end == ' ' ? end + 1 : end;
  }
  return v;
}
std::string text_of(const std::string& key, const IValue& v) {
  if (v.isNone()) return "none:";
  if (v.isBool()) return v.toBool() ? "bool:1" : "bool:0";
  if (v.isInt()) return "int:" + std::to_string(v.toInt());
  if (v.isDouble()) return "double:" + number_text(v.toDouble());
  if (v.isString()) return "string:" + v.toStringRef();
  if (v.isIntList()) return "ints:" + list_text(v.toIntVector(), [](std::int64_t x) { return std::to_string(x); });
  if (v.isDoubleList()) return "doubles:" + list_text(v.toDoubleVector(), number_text);
  fail<TypeError>("OutputArchive", "\"", key, "\": write a tensor as Tensor, and a list of tensors one by one");
}
IValue value_of(const std::string& key, const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string kind = text.substr(0, colon), rest = colon == std::string::npos ? "" : text.substr(colon + 1);
  if (kind == "none") return {};
  if (kind == "bool") return rest == "1";
  if (kind == "int") return static_cast<std::int64_t>(std::strtoll(rest.c_str(), nullptr, 10));
  if (kind == "double") return std::strtod(rest.c_str(), nullptr);
  if (kind == "string") return rest;
  if (kind == "ints")
    return list_of<std::int64_t>(rest, [](const char* p, char** end) { return std::strtoll(p, end, 10); });
  if (kind == "doubles") return list_of<double>(rest, [](const char* p, char** end) { return std::strtod(p, end); });
  fail<ValueError>("InputArchive", "\"", key, "\" is no value of an archive: ", text);
}

}  // namespace

OutputArchive::OutputArchive() = default;
OutputArchive::OutputArchive(OutputArchive&&) noexcept = default;
OutputArchive& OutputArchive::operator=(OutputArchive&&) noexcept = default;
OutputArchive::~OutputArchive() = default;
void OutputArchive::write(const std::string& key, const Tensor& tensor, bool) {
  check_key("OutputArchive", key);
  if (tensor.defined()) put(contents_.tensors, key, tensor.detach());
}
void OutputArchive::write(const std::string& key, const IValue& value) {
  check_key("OutputArchive", key);
  if (value.isTensor()) return write(key, value.toTensor());
  put(contents_.metadata, key, text_of(key, value));
}
void OutputArchive::write(const std::string& key, OutputArchive& nested) {
  check_key("OutputArchive", key);
  for (const auto& [k, t] : nested.contents_.tensors) put(contents_.tensors, key + "." + k, t);
  for (const auto& [k, v] : nested.contents_.metadata) put(contents_.metadata, key + "." + k, v);
}
void OutputArchive::save_to(const std::string& filename) const { write_safetensors(filename, contents_); }
void OutputArchive::save_to(std::ostream& stream) const {
  const std::string bytes = encode_safetensors(contents_);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  check(static_cast<bool>(stream), "save", "the stream took not all ", static_cast<std::int64_t>(bytes.size()),
        " bytes");
}

struct InputArchive::Contents {
  SafeTensors all;
  std::string source = "an archive that was not loaded from anything";
};
struct InputArchive::Reading {
  std::string problems;
  std::vector<std::pair<Tensor, Tensor>> pending;  // a tensor and its new data
};

InputArchive::InputArchive() : contents_(std::make_shared<Contents>()) {}
InputArchive::InputArchive(InputArchive&&) noexcept = default;
InputArchive& InputArchive::operator=(InputArchive&&) noexcept = default;
InputArchive::~InputArchive() = default;

InputArchive InputArchive::nested_at(const std::string& key) const {
  InputArchive a;
  a.contents_ = contents_;
  a.prefix_ = prefix_ + key + ".";
  a.reading_ = reading_;
  return a;
}
bool InputArchive::assign(const std::string& key, Tensor& tensor) {
  const Tensor* found = find(contents_->all.tensors, prefix_ + key);
  if (!found) return false;
  const Tensor data = found->clone();
  if (!tensor.defined()) {
    tensor = data;
    return true;
  }
  if (data.sizes() != tensor.sizes()) {
    const std::string problem =
        "\"" + prefix_ + key + "\" is " + described(data) + " there and " + described(tensor) + " here";
    check<ValueError>(reading_ != nullptr, "load", contents_->source, ": ", problem);
    reading_->problems += "\n  sizes differ: " + problem;
    return true;
  }
  if (reading_) {
    reading_->pending.emplace_back(tensor, data);
  } else {
    const NoGradGuard off;
    tensor.set_data(data);
  }
  return true;
}
bool InputArchive::try_read(const std::string& key, Tensor& tensor, bool) { return assign(key, tensor); }
bool InputArchive::try_read(const std::string& key, IValue& value) {
  if (const std::string* text = find(contents_->all.metadata, prefix_ + key)) {
    value = value_of(prefix_ + key, *text);
    return true;
  }
  Tensor t;
  if (!assign(key, t)) return false;
  value = IValue(t);
  return true;
}
bool InputArchive::try_read(const std::string& key, InputArchive& nested) {
  const std::string start = prefix_ + key + ".";
  const auto begins = [&](const auto& item) { return item.first.compare(0, start.size(), start) == 0; };
  bool any = false;
  for (const auto& item : contents_->all.tensors) any = any || begins(item);
  for (const auto& item : contents_->all.metadata) any = any || begins(item);
  nested = nested_at(key);
  return any;
}
void InputArchive::read(const std::string& key, Tensor& tensor, bool) {
  if (assign(key, tensor)) return;
  check<ValueError>(reading_ != nullptr, "load", contents_->source, " has no tensor \"", prefix_ + key, "\"");
  reading_->problems += "\n  missing: \"" + prefix_ + key + "\" " + (tensor.defined() ? described(tensor) : "");
}
void InputArchive::read(const std::string& key, IValue& value) {
  check<ValueError>(try_read(key, value), "load", contents_->source, " has no value \"", prefix_ + key, "\"");
}
void InputArchive::read(const std::string& key, InputArchive& nested) {
  const bool found = try_read(key, nested);
  check<ValueError>(found || reading_, "load", contents_->source, " has nothing under \"", prefix_ + key, "\"");
}
std::vector<std::string> InputArchive::keys() const {
  std::vector<std::string> out;
  const auto add = [&](const std::string& key) {
    if (key.compare(0, prefix_.size(), prefix_) != 0) return;
    const std::string first = key.substr(prefix_.size(), key.find('.', prefix_.size()) - prefix_.size());
    for (const std::string& k : out)
      if (k == first) return;
    out.push_back(first);
  };
  for (const auto& item : contents_->all.tensors) add(item.first);
  for (const auto& item : contents_->all.metadata) add(item.first);
  return out;
}
void InputArchive::load_from(const std::string& filename) {
  auto c = std::make_shared<Contents>();
  c->all = read_safetensors(filename);
  c->source = filename;
  contents_ = c;
}
void InputArchive::load_from(std::istream& stream) {
  auto c = std::make_shared<Contents>();
  c->source = "the stream";
  const std::string bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  c->all = decode_safetensors(bytes, c->source);
  contents_ = c;
}

OutputArchive& operator<<(OutputArchive& archive, const Tensor& tensor) {
  check(tensor.defined(), "save", "the tensor is undefined");
  archive.write("0", tensor);
  return archive;
}
InputArchive& operator>>(InputArchive& archive, Tensor& tensor) {
  Tensor loaded;
  archive.read("0", loaded);
  tensor = loaded;
  return archive;
}
OutputArchive& operator<<(OutputArchive& archive, const std::vector<Tensor>& tensors) {
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    check(tensors[i].defined(), "save", "tensor ", static_cast<std::int64_t>(i), " is undefined");
    archive.write(std::to_string(i), tensors[i]);
  }
  return archive;
}
InputArchive& operator>>(InputArchive& archive, std::vector<Tensor>& tensors) {
  Tensor t;
  for (std::size_t i = 0; archive.try_read(std::to_string(i), t); ++i) {
    tensors.push_back(t);
    t = Tensor();
  }
  return archive;
}
OutputArchive& operator<<(OutputArchive& archive, const nn::Module& module) {
  module.save(archive);
  return archive;
}
InputArchive& operator>>(InputArchive& archive, nn::Module& module) {
  archive.reading_ = std::make_shared<InputArchive::Reading>();
  module.load(archive);
  const std::shared_ptr<InputArchive::Reading> reading = std::move(archive.reading_);
  archive.reading_ = nullptr;
  check<ValueError>(reading->problems.empty(), "load", archive.contents_->source, " does not fit ", module.name(), ":",
                    reading->problems);
  const NoGradGuard off;
  for (const auto& [tensor, data] : reading->pending) tensor.set_data(data);
  return archive;
}

}  // namespace gradtape::serialize

namespace gradtape::nn {

std::vector<std::pair<std::string, Tensor>> state_dict(const Module& module) {
  std::vector<std::pair<std::string, Tensor>> all;
  for (const auto& p : module.named_parameters()) all.emplace_back(p.key(), p.value().detach());
  for (const auto& b : module.named_buffers()) all.emplace_back(b.key(), b.value().detach());
  return all;
}

void load_state_dict(Module& module, const std::vector<std::pair<std::string, Tensor>>& state, bool strict) {
  const std::vector<std::pair<std::string, Tensor>> own = state_dict(module);
  std::string problems;
  for (const auto& [key, tensor] : own) {
    const Tensor* found = nullptr;
    for (const auto& item : state)
      if (item.first == key) found = &item.second;
    if (!found || !found->defined()) {
      problems += "\n  missing: \"" + key + "\" " + described(tensor);
    } else if (found->sizes() != tensor.sizes()) {
      problems +=
          "\n  sizes differ: \"" + key + "\" is " + described(*found) + " there and " + described(tensor) + " here";
    }
  }
  for (const auto& item : state) {
    bool known = !strict;
    for (const auto& o : own) known = known || o.first == item.first;
    if (!known) problems += "\n  unexpected: \"" + item.first + "\"";
  }
  check<ValueError>(problems.empty(), "load_state_dict", "the state does not fit ", module.name(), ":", problems);
  const NoGradGuard off;
  for (const auto& [key, tensor] : own)
    for (const auto& item : state)
      if (item.first == key) tensor.copy_(item.second);
}

}  // namespace gradtape::nn
