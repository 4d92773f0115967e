#include "autograd/io/file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "autograd/error.h"
#ifdef GRADTAPE_ZLIB
#include <zlib.h>
#endif

namespace gradtape::io {
namespace {

struct Close {
  void operator()(std::FILE* f) const { std::fclose(f); }
};

constexpr std::size_t kChunk = std::size_t{1} << 18;

std::string unzip(const char* op, const std::string& path) {
#ifdef GRADTAPE_ZLIB
  struct CloseGz {
    void operator()(gzFile f) const { gzclose_r(f); }
  };
  const std::unique_ptr<gzFile_s, CloseGz> file(gzopen(path.c_str(), "rb"));
  check(file != nullptr, op, "cannot open ", path, ": ", std::strerror(errno));
  gzbuffer(file.get(), kChunk);
  std::string bytes;
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kChunk);
    const int got = gzread(file.get(), &bytes[before], kChunk);
    int code = Z_OK;
    std::string why = gzerror(file.get(), &code);
    // A stream that stops in the middle is no error of gzread: it shows as Z_BUF_ERROR behind the last bytes.
    if (got < 0 || code != Z_OK) {
      if (why.compare(0, path.size() + 2, path + ": ") == 0) why.erase(0, path.size() + 2);
      fail(op, path, " is a damaged gzip file: ", code == Z_BUF_ERROR ? std::string("it ends too early") : why);
    }
    bytes.resize(before + static_cast<std::size_t>(got));
    if (got == 0) return bytes;
  }
#else
  fail(op, path,
       " is gzipped and this build has no zlib: unpack it with gunzip, or install zlib (Debian: zlib1g-dev) and build "
       "with -DGRADTAPE_ZLIB=ON");
#endif
}

}  // namespace

std::string read_file(const char* op, const std::string& path) {
  errno = 0;
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
  check(file != nullptr, op, "cannot open ", path, ": ", std::strerror(errno));
  std::string bytes;
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kChunk);
    const std::size_t got = std::fread(&bytes[before], 1, kChunk, file.get());
    bytes.resize(before + got);
    check(!std::ferror(file.get()), op, "cannot read ", path, ": ", std::strerror(errno));
    if (before == 0 && got >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b') return unzip(op, path);
    if (got == 0) return bytes;
  }
}

void write_file(const char* op, const std::string& path, const std::string& bytes) {
  errno = 0;
  const std::string part = path + ".part";
  std::FILE* file = std::fopen(part.c_str(), "wb");
  check(file != nullptr, op, "cannot write ", path, ": ", std::strerror(errno));
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  const bool closed = std::fclose(file) == 0;
  if (written && closed && std::rename(part.c_str(), path.c_str()) == 0) return;
  const std::string why = std::strerror(errno);
  std::remove(part.c_str());
  fail(op, "cannot write ", path, ": ", why);
}

float half_to_float(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000u) << 16;
  const std::uint32_t exponent = (bits >> 10) & 0x1fu, mantissa = bits & 0x3ffu;
  if (exponent == 0) {  // zero and denormals: mantissa 2^-24
    const float v = static_cast<float>(mantissa) * 0x1p-24f;
    return sign ? -v : v;
  }
  const std::uint32_t wide = exponent == 31 ? 0xffu : exponent + 112;
  const std::uint32_t word = sign | (wide << 23) | (mantissa << 13);
  float v;
  std::memcpy(&v, &word, sizeof v);
  return v;
}

}  // namespace gradtape::io
