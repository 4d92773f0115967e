#pragma once
#include <cstdint>
#include <string>

namespace gradtape::io {

// The bytes of a file, unpacked when it is gzipped. Errors are raised in the name of `op`.
std::string read_file(const char* op, const std::string& path);
// Replaces the file whole: the bytes go to path + ".part", which then takes its name.
void write_file(const char* op, const std::string& path, const std::string& bytes);
// IEEE 754 binary16, from its bits.
float half_to_float(std::uint16_t bits);

}  // namespace gradtape::io
