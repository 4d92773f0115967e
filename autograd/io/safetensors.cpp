// The safetensors format.
#include <cstring>

#include "autograd/error.h"
#include "autograd/io.h"
#include "autograd/io/file.h"
#include "autograd/io/json.h"
#include "autograd/ops.h"

namespace gradtape {
namespace {

constexpr const char* kOp = "read_safetensors";

template <class From, class To>
void widen(const char* from, const Tensor& y) {
  To* to = y.data_ptr<To>();
  for (std::int64_t i = 0; i < y.numel(); ++i) {
    From v;
    std::memcpy(&v, from + static_cast<std::size_t>(i) * sizeof v, sizeof v);
    to[i] = static_cast<To>(v);
  }
}
void copy_bytes(const char* from, const Tensor& y) {
  if (y.numel() > 0) std::memcpy(y.data_ptr(), from, y.nbytes());
}
void from_half(const char* from, const Tensor& y) {
  float* to = y.data_ptr<float>();
  for (std::int64_t i = 0; i < y.numel(); ++i) {
    std::uint16_t v;
    std::memcpy(&v, from + 2 * i, sizeof v);
    to[i] = io::half_to_float(v);
  }
}
void from_brain_float(const char* from, const Tensor& y) {
  float* to = y.data_ptr<float>();
  for (std::int64_t i = 0; i < y.numel(); ++i) {
    std::uint16_t v;
    std::memcpy(&v, from + 2 * i, sizeof v);
    const std::uint32_t word = static_cast<std::uint32_t>(v) << 16;
    std::memcpy(to + i, &word, sizeof word);
  }
}

struct Format {
  const char* name;
  std::int64_t size;
  ScalarType dtype;
  void (*decode)(const char* from, const Tensor& y);
};
const Format kFormats[] = {
    {"F32", 4, kFloat32, copy_bytes},
    {"F64", 8, kFloat64, copy_bytes},
    {"I64", 8, kInt64, copy_bytes},
    {"I32", 4, kInt32, copy_bytes},
    {"U8", 1, kUInt8, copy_bytes},
    {"BOOL", 1, kBool, copy_bytes},
    {"I16", 2, kInt32, widen<std::int16_t, std::int32_t>},
    {"I8", 1, kInt32, widen<std::int8_t, std::int32_t>},
    {"F16", 2, kFloat32, from_half},
    {"BF16", 2, kFloat32, from_brain_float},
};
const Format& format_of(ScalarType dtype) {
  for (const Format& f : kFormats)
    if (f.dtype == dtype) return f;
  fail<TypeError>("write_safetensors", "the format has no dtype ", dtype);
}

// A number that is a size or a place.
std::int64_t whole(const io::Json& v, const std::string& name, const char* what) {
  check<ValueError>(v.kind == io::Json::Kind::Number && v.number >= 0 &&
                        v.number == static_cast<double>(static_cast<std::int64_t>(v.number)),
                    kOp, name, ": ", what, " must be an integer >= 0");
  return static_cast<std::int64_t>(v.number);
}

Tensor decode(const std::string& name, const std::string& key, const io::Json& entry, const char* data,
              std::int64_t size) {
  const io::Json *dtype = entry.find("dtype"), *shape = entry.find("shape"), *places = entry.find("data_offsets");
  check<ValueError>(dtype && dtype->kind == io::Json::Kind::String && shape && shape->kind == io::Json::Kind::Array &&
                        places && places->kind == io::Json::Kind::Array && places->items.size() == 2,
                    kOp, name, ": tensor \"", key, "\" needs dtype, shape and two data_offsets");
  const Format* format = nullptr;
  for (const Format& f : kFormats)
    if (dtype->text == f.name) format = &f;
  check<ValueError>(format != nullptr, kOp, name, ": tensor \"", key, "\" has dtype ", dtype->text,
                    ", which is not supported");
  std::vector<std::int64_t> sizes;
  std::int64_t bytes = format->size;
  bool fits = shape->items.size() <= static_cast<std::size_t>(kMaxRank);
  for (const auto& v : shape->items) {
    sizes.push_back(whole(v.second, name, "a size"));
    fits = fits && !__builtin_mul_overflow(bytes, sizes.back(), &bytes);
  }
  const std::int64_t begin = whole(places->items[0].second, name, "an offset"),
                     end = whole(places->items[1].second, name, "an offset");
  check<ValueError>(fits && begin <= end && end <= size && end - begin == bytes, kOp, name, ": tensor \"", key,
                    "\" of sizes ", IntArrayRef(sizes), " and dtype ", dtype->text, " does not fit its data_offsets [",
                    begin, ", ", end, "] in ", size, " bytes of data; the file is damaged or cut off");
  Tensor y = empty(sizes, format->dtype);
  format->decode(data + begin, y);
  return y;
}

}  // namespace

SafeTensors decode_safetensors(const std::string& bytes, const std::string& name) {
  check<ValueError>(bytes.size() >= 8, kOp, name, " is no safetensors file: it has ",
                    static_cast<std::int64_t>(bytes.size()), " bytes, fewer than the 8 that the format begins with");
  std::uint64_t length = 0;
  for (int k = 7; k >= 0; --k) length = length << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(k)]);
  check<ValueError>(length <= bytes.size() - 8, kOp, name,
                    " is no safetensors file, or cut off: its header should have ", std::to_string(length), " bytes, ",
                    static_cast<std::int64_t>(bytes.size() - 8), " follow");
  const io::Json header = io::parse_json(kOp, name, bytes.substr(8, static_cast<std::size_t>(length)));
  check<ValueError>(header.kind == io::Json::Kind::Object, kOp, name,
                    " is no safetensors file: its header is no object");
  const char* data = bytes.data() + 8 + length;
  const auto size = static_cast<std::int64_t>(bytes.size() - 8 - static_cast<std::size_t>(length));
  SafeTensors out;
  for (const auto& [key, value] : header.items) {
    check<ValueError>(value.kind == io::Json::Kind::Object, kOp, name, ": \"", key, "\" is no object");
    if (key == "__metadata__") {
      for (const auto& [k, v] : value.items) out.metadata.emplace_back(k, v.text);
    } else {
      out.tensors.emplace_back(key, decode(name, key, value, data, size));
    }
  }
  return out;
}

std::string encode_safetensors(const SafeTensors& contents) {
  std::string header = "{";
  if (!contents.metadata.empty()) {
    header += "\"__metadata__\":{";
    for (std::size_t i = 0; i < contents.metadata.size(); ++i)
      header +=
          (i ? "," : "") + io::json_text(contents.metadata[i].first) + ":" + io::json_text(contents.metadata[i].second);
    header += "}";
  }
  std::vector<Tensor> plain;
  std::int64_t at = 0;
  for (const auto& [key, tensor] : contents.tensors) {
    check(tensor.defined(), "write_safetensors", "tensor \"", key, "\" is undefined");
    check<ValueError>(key != "__metadata__", "write_safetensors", "the name __metadata__ is taken");
    const Tensor t = tensor.detach().contiguous();
    plain.push_back(t);
    const auto bytes = static_cast<std::int64_t>(t.nbytes());
    if (header.size() > 1) header += ",";
    header += io::json_text(key) + ":{\"dtype\":\"" + format_of(t.scalar_type()).name + "\",\"shape\":[";
    for (std::int64_t d = 0; d < t.dim(); ++d) header += (d ? "," : "") + std::to_string(t.size(d));
    header += "],\"data_offsets\":[" + std::to_string(at) + "," + std::to_string(at + bytes) + "]}";
    at += bytes;
  }
  header += "}";
  header.append((8 - header.size() % 8) % 8, ' ');  // the elements are aligned
  std::string out;
  out.reserve(8 + header.size() + static_cast<std::size_t>(at));
  for (int k = 0; k < 8; ++k) out += static_cast<char>(static_cast<std::uint64_t>(header.size()) >> (8 * k) & 0xff);
  out += header;
  for (const Tensor& t : plain)
    if (t.numel() > 0) out.append(static_cast<const char*>(t.data_ptr()), t.nbytes());
  return out;
}

SafeTensors read_safetensors(const std::string& path) { return decode_safetensors(io::read_file(kOp, path), path); }
void write_safetensors(const std::string& path, const SafeTensors& contents) {
  io::write_file("write_safetensors", path, encode_safetensors(contents));
}

}  // namespace gradtape
