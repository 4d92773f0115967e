// NumPy's format for one array.
#include <algorithm>
#include <cstring>

#include "autograd/error.h"
#include "autograd/io.h"
#include "autograd/io/file.h"
#include "autograd/ops.h"

namespace gradtape {
namespace {

constexpr const char* kOp = "read_npy";
constexpr char kMagic[] = "\x93NUMPY";

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
struct Format {
  const char* name;  // without the byte order
  std::int64_t size;
  ScalarType dtype;
  void (*decode)(const char* from, const Tensor& y);
};
const Format kFormats[] = {
    {"f4", 4, kFloat32, copy_bytes},
    {"f8", 8, kFloat64, copy_bytes},
    {"i8", 8, kInt64, copy_bytes},
    {"i4", 4, kInt32, copy_bytes},
    {"u1", 1, kUInt8, copy_bytes},
    {"b1", 1, kBool, copy_bytes},
    {"i2", 2, kInt32, widen<std::int16_t, std::int32_t>},
    {"i1", 1, kInt32, widen<std::int8_t, std::int32_t>},
    {"f2", 2, kFloat32, from_half},
};

// What follows 'key': in the header, a Python literal.
std::string field(const std::string& path, const std::string& header, const char* key) {
  const std::size_t at = header.find(std::string("'") + key + "':");
  check<ValueError>(at != std::string::npos, kOp, path, " is no npy file: its header has no '", key, "'");
  std::size_t begin = header.find(':', at) + 1;
  while (begin < header.size() && header[begin] == ' ') ++begin;
  return header.substr(begin);
}

}  // namespace

Tensor read_npy(const std::string& path) {
  const std::string bytes = io::read_file(kOp, path);
  check<ValueError>(bytes.size() >= 10 && bytes.compare(0, 6, kMagic) == 0, kOp, path,
                    " is no npy file: it does not begin with \\x93NUMPY");
  const auto byte = [&](std::size_t k) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[k])); };
  const bool wide = byte(6) >= 2;
  check<ValueError>(byte(6) >= 1 && byte(6) <= 3 && bytes.size() >= (wide ? 12u : 10u), kOp, path, " has npy version ",
                    static_cast<std::int64_t>(byte(6)), "; 1 to 3 can be read");
  const std::size_t start = wide ? 12 : 10;
  std::size_t length = byte(8) | byte(9) << 8;
  if (wide) length |= byte(10) << 16 | byte(11) << 24;
  check<ValueError>(length <= bytes.size() - start, kOp, path, " ends inside its header");
  const std::string header = bytes.substr(start, length);

  const std::string descr = field(path, header, "descr");
  const std::string name = descr.size() >= 5 ? descr.substr(2, 2) : std::string();
  const Format* format = nullptr;
  for (const Format& f : kFormats)
    if (name == f.name) format = &f;
  check<ValueError>(format != nullptr && (descr[1] != '>' || format->size == 1), kOp, path, " has dtype ",
                    descr.substr(0, descr.find(',')), ", which is not supported");
  const bool by_columns = field(path, header, "fortran_order").compare(0, 4, "True") == 0;
  const std::string shape = field(path, header, "shape");
  std::vector<std::int64_t> sizes;
  std::int64_t total = format->size;
  bool fits = !shape.empty() && shape[0] == '(';
  for (std::size_t i = 1; fits && i < shape.size() && shape[i] != ')';) {
    if (shape[i] < '0' || shape[i] > '9') {
      ++i;
      continue;
    }
    std::int64_t v = 0;
    for (; i < shape.size() && shape[i] >= '0' && shape[i] <= '9'; ++i)
      fits = fits && !__builtin_mul_overflow(v, std::int64_t{10}, &v) && !__builtin_add_overflow(v, shape[i] - '0', &v);
    sizes.push_back(v);
    fits = fits && !__builtin_mul_overflow(total, v, &total);
  }
  const auto there = static_cast<std::int64_t>(bytes.size() - start - length);
  check<ValueError>(fits && sizes.size() <= static_cast<std::size_t>(kMaxRank) && total == there, kOp, path,
                    " is damaged or cut off: sizes ", IntArrayRef(sizes), " need ", total, " bytes, there are ", there);
  if (by_columns) std::reverse(sizes.begin(), sizes.end());
  Tensor y = empty(sizes, format->dtype);
  format->decode(bytes.data() + start + length, y);
  if (!by_columns) return y;
  std::vector<std::int64_t> order;
  for (std::size_t d = sizes.size(); d-- > 0;) order.push_back(static_cast<std::int64_t>(d));
  return y.permute(order).contiguous();
}

void write_npy(const std::string& path, const Tensor& tensor) {
  const char* op = "write_npy";
  check(tensor.defined(), op, "the tensor is undefined");
  const Tensor t = tensor.detach().contiguous();
  const Format* format = nullptr;
  for (const Format& f : kFormats)
    if (!format && f.dtype == t.scalar_type()) format = &f;
  check<TypeError>(format != nullptr, op, "the format has no dtype ", t.scalar_type());
  std::string header = std::string("{'descr': '") + (format->size == 1 ? '|' : '<') + format->name +
                       "', 'fortran_order': False, 'shape': (";
  for (std::int64_t d = 0; d < t.dim(); ++d)
    header += std::to_string(t.size(d)) + (t.dim() == 1 ? "," : d + 1 < t.dim() ? ", " : "");
  header += "), }";
  // With the ten bytes in front a multiple of 64, ended by a line break.
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  std::string bytes(kMagic, 6);
  bytes += {1, 0, static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
  bytes += header;
  if (t.numel() > 0) bytes.append(static_cast<const char*>(t.data_ptr()), t.nbytes());
  io::write_file(op, path, bytes);
}

}  // namespace gradtape
