#pragma once
// Reading data files into tensors. Errors name the file and, for text, line and column.
#include <string>
#include <vector>

#include "tensor.h"

namespace gradtape {

// Whether the first line of a CSV file names the columns.
// Auto: it does when none of its fields is a number, or when some are no number and the next line has another number
// of fields (some data sets begin with a line of sizes and class names).
enum class CsvHeader { Auto, None, First };

struct CsvOptions {
  char delimiter = ',';
  CsvHeader header = CsvHeader::Auto;
  ScalarType dtype = kFloat64;  // or float32
};

struct CsvTable {
  Tensor values;                    // [rows, columns]
  std::vector<std::string> header;  // fields of the header line, empty without one
};

// Reads numbers separated by `delimiter`: RFC 4180 without line breaks inside fields, the same number of fields in
// every line. Blanks around fields, a byte order mark, CRLF and empty lines are passed over; "nan" and "inf" are
// numbers, an empty field is not. The decimal sign is a point, whatever the locale. Gzipped files as in read_idx.
CsvTable read_csv(const std::string& path, const CsvOptions& options = {});

// Reads the IDX format of the MNIST files (http://yann.lecun.com/exdb/mnist): two zero bytes, one byte for the element
// type, one for the rank, a big-endian 32-bit size per dim, then the elements in row-major order, big-endian.
// uint8, int32, float32 and float64 keep their type; int8 and int16 become int32.
// A gzipped file (known by its content, not its name) needs a build with zlib, and is an error otherwise.
Tensor read_idx(const std::string& path);

}  // namespace gradtape
