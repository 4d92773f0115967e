#pragma once
// Files of tensors: reading data, and the formats that programs in other languages read and write. Errors name the file
// and, for text, line and column.
#include <string>
#include <utility>
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

// NumPy's format for one array (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), in versions 1
// to 3 and either order of rows and columns. Float32, float64, int64, int32, uint8 and bool keep their dtype, int8 and
// int16 become int32, float16 float32. Other dtypes and big-endian numbers are an error.
Tensor read_npy(const std::string& path);
void write_npy(const std::string& path, const Tensor& tensor);

// Named tensors and texts about them, in the order of the file.
struct SafeTensors {
  std::vector<std::pair<std::string, Tensor>> tensors;
  std::vector<std::pair<std::string, std::string>> metadata;
};
// The safetensors format (https://github.com/huggingface/safetensors), version 0.4: a JSON header with names, dtypes,
// shapes and places, then the elements. F32, F64, I64, I32, U8 and BOOL keep their dtype; I8 and I16 become int32,
// F16 and BF16 float32. A file whose header and length disagree is an error.
SafeTensors read_safetensors(const std::string& path);
void write_safetensors(const std::string& path, const SafeTensors& contents);
// The same in memory; `name` is what errors call the source.
SafeTensors decode_safetensors(const std::string& bytes, const std::string& name);
std::string encode_safetensors(const SafeTensors& contents);

}  // namespace gradtape
