#pragma once
#include <string>

namespace gradtape::io {

// The bytes of a file, unpacked when it is gzipped. Errors are raised in the name of `op`.
std::string read_file(const char* op, const std::string& path);

}  // namespace gradtape::io
