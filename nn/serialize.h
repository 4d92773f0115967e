#pragma once
// Saving and loading. save(x, "file") and load(x, "file") take a tensor, a vector of tensors, a module or its holder,
// an optimizer, or anything with operators << and >> on archives; a stream may stand for the file. The container is
// safetensors (autograd/io.h), so that Python reads it too: tensors by their dotted names, other values as texts in its
// metadata. Files of torch.save (pickles in a zip) are not read.
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../autograd/io.h"
#include "../autograd/ivalue.h"
#include "holder.h"

namespace gradtape {
namespace nn {
class Module;
}

namespace serialize {

// Values under names; what is written under a name that is taken replaces it.
class OutputArchive {
 public:
  OutputArchive();
  OutputArchive(OutputArchive&&) noexcept;
  OutputArchive& operator=(OutputArchive&&) noexcept;
  ~OutputArchive();
  // An undefined tensor is left out.
  void write(const std::string& key, const Tensor& tensor, bool is_buffer = false);
  void write(const std::string& key, const IValue& value);  // a number, a text, a list of numbers, or none
  void write(const std::string& key, OutputArchive& nested);
  template <class... T>
  void operator()(T&&... v) {
    write(std::forward<T>(v)...);
  }
  void save_to(const std::string& filename) const;
  void save_to(std::ostream& stream) const;

 private:
  SafeTensors contents_;
};

class InputArchive {
 public:
  InputArchive();
  InputArchive(InputArchive&&) noexcept;
  InputArchive& operator=(InputArchive&&) noexcept;
  ~InputArchive();
  // A defined tensor keeps its identity and takes the data, whose sizes must be its own; its dtype may change.
  // Throws when the name is missing.
  void read(const std::string& key, Tensor& tensor, bool is_buffer = false);
  void read(const std::string& key, IValue& value);
  void read(const std::string& key, InputArchive& nested);
  // False when the name is missing.
  bool try_read(const std::string& key, Tensor& tensor, bool is_buffer = false);
  bool try_read(const std::string& key, IValue& value);
  bool try_read(const std::string& key, InputArchive& nested);
  template <class... T>
  void operator()(T&&... v) {
    read(std::forward<T>(v)...);
  }
  // The first parts of all names.
  std::vector<std::string> keys() const;
  void load_from(const std::string& filename);
  void load_from(std::istream& stream);

 private:
  friend InputArchive& operator>>(InputArchive& archive, nn::Module& module);
  struct Contents;
  struct Reading;
  InputArchive nested_at(const std::string& key) const;
  bool assign(const std::string& key, Tensor& tensor);
  std::shared_ptr<const Contents> contents_;
  std::string prefix_;
  std::shared_ptr<Reading> reading_;  // of a module, whose problems are reported together
};

OutputArchive& operator<<(OutputArchive& archive, const Tensor& tensor);
InputArchive& operator>>(InputArchive& archive, Tensor& tensor);
OutputArchive& operator<<(OutputArchive& archive, const std::vector<Tensor>& tensors);
InputArchive& operator>>(InputArchive& archive, std::vector<Tensor>& tensors);  // appends
OutputArchive& operator<<(OutputArchive& archive, const nn::Module& module);
// Changes nothing when a name is missing or sizes differ; the error lists all of these.
InputArchive& operator>>(InputArchive& archive, nn::Module& module);
template <class M>
OutputArchive& operator<<(OutputArchive& archive, const std::shared_ptr<M>& module) {
  return archive << static_cast<const nn::Module&>(*module);
}
template <class M>
InputArchive& operator>>(InputArchive& archive, const std::shared_ptr<M>& module) {
  return archive >> static_cast<nn::Module&>(*module);
}
template <class M>
OutputArchive& operator<<(OutputArchive& archive, const nn::ModuleHolder<M>& module) {
  return archive << static_cast<const nn::Module&>(*module.get());
}
template <class M>
InputArchive& operator>>(InputArchive& archive, nn::ModuleHolder<M>& module) {
  return archive >> static_cast<nn::Module&>(*module.get());
}

}  // namespace serialize

template <class Value, class... Target>
void save(const Value& value, Target&&... target) {
  serialize::OutputArchive archive;
  archive << value;
  archive.save_to(std::forward<Target>(target)...);
}
template <class Value, class... Source>
void load(Value& value, Source&&... source) {
  serialize::InputArchive archive;
  archive.load_from(std::forward<Source>(source)...);
  archive >> value;
}

namespace nn {
// All parameters and buffers by their dotted names.
std::vector<std::pair<std::string, Tensor>> state_dict(const Module& module);
// Copies values by name. Nothing is changed when names are missing or, with `strict`, unexpected, or when sizes differ;
// the error lists all of these.
void load_state_dict(Module& module, const std::vector<std::pair<std::string, Tensor>>& state, bool strict = true);
}  // namespace nn

}  // namespace gradtape
