// The format of the MNIST files.
#include <cstring>

#include "autograd/error.h"
#include "autograd/io.h"
#include "autograd/io/file.h"
#include "autograd/ops.h"

namespace gradtape {
namespace {

constexpr const char* kOp = "read_idx";

template <class Bits>
Bits big_endian(const unsigned char* p) {
  Bits v = 0;
  for (std::size_t i = 0; i < sizeof v; ++i) v = static_cast<Bits>(v << 8 | p[i]);
  return v;
}

// Elements stored as From (whose bits are Bits), kept as To.
template <class From, class Bits, class To>
void decode(const unsigned char* p, const Tensor& y) {
  To* out = y.data_ptr<To>();
  for (std::int64_t i = 0; i < y.numel(); ++i, p += sizeof(From)) {
    const Bits bits = big_endian<Bits>(p);
    From v;
    std::memcpy(&v, &bits, sizeof v);
    out[i] = static_cast<To>(v);
  }
}

struct Element {
  unsigned char code;
  std::int64_t size;
  ScalarType dtype;
  void (*decode)(const unsigned char*, const Tensor&);
};
const Element kElements[] = {
    {0x08, 1, kUInt8, [](const unsigned char* p, const Tensor& y) { std::memcpy(y.data_ptr(), p, y.nbytes()); }},
    {0x09, 1, kInt32, decode<std::int8_t, std::uint8_t, std::int32_t>},
    {0x0B, 2, kInt32, decode<std::int16_t, std::uint16_t, std::int32_t>},
    {0x0C, 4, kInt32, decode<std::int32_t, std::uint32_t, std::int32_t>},
    {0x0D, 4, kFloat32, decode<float, std::uint32_t, float>},
    {0x0E, 8, kFloat64, decode<double, std::uint64_t, double>},
};

}  // namespace

Tensor read_idx(const std::string& path) {
  const std::string bytes = io::read_file(kOp, path);
  const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
  check<ValueError>(bytes.size() >= 4, kOp, path, " has ", bytes.size(), " bytes, too few for an IDX header");
  check<ValueError>(p[0] == 0 && p[1] == 0, kOp, path, " is no IDX file: it does not begin with two zero bytes");
  const Element* element = nullptr;
  for (const Element& e : kElements)
    if (e.code == p[2]) element = &e;
  check<ValueError>(element != nullptr, kOp, path, " is no IDX file: unknown element type ", static_cast<int>(p[2]));
  const std::size_t rank = p[3], header = 4 + 4 * rank;
  check<ValueError>(rank > 0, kOp, path, " is no IDX file: it has no dimension");
  check<ValueError>(bytes.size() >= header, kOp, path, " ends inside its header: ", bytes.size(), " bytes for rank ",
                    rank);
  std::vector<std::int64_t> sizes;
  std::int64_t total = element->size;
  bool fits = true;
  for (std::size_t i = 0; i < rank; ++i) {
    sizes.push_back(static_cast<std::int64_t>(big_endian<std::uint32_t>(p + 4 + 4 * i)));
    fits = fits && !__builtin_mul_overflow(total, sizes.back(), &total);
  }
  const auto there = static_cast<std::int64_t>(bytes.size() - header);
  check<ValueError>(fits && total == there, kOp, path, fits && total < there ? " has more" : " has fewer",
                    " bytes than its header says: sizes ", IntArrayRef(sizes), " need ",
                    fits ? std::to_string(total) : std::string("more than memory can hold"), ", there are ", there);
  Tensor y = empty(sizes, element->dtype);
  element->decode(p + header, y);
  return y;
}

}  // namespace gradtape
