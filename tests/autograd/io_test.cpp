#include <gradtape/autograd/io.h>
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <string>

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)

class Io : public testing::Test {
 protected:
  // A file that is gone after the test; its name is unique to the process.
  std::string write(const std::string& bytes) {
    path_ = testing::TempDir() + "gradtape_io_" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
            testing::UnitTest::GetInstance()->current_test_info()->name() + ".data";
    std::ofstream(path_, std::ios::binary) << bytes;
    return path_;
  }
  void TearDown() override {
    if (!path_.empty()) std::remove(path_.c_str());
  }
  template <class F>
  std::string message_of(F f) {
    try {
      f();
    } catch (const Error& e) {
      std::string text = e.what();
      const std::size_t at = text.find(path_);
      if (at != std::string::npos && !path_.empty()) text.replace(at, path_.size(), "FILE");
      return text;
    }
    return "nothing was thrown";
  }
  std::string csv_error(const std::string& text, const CsvOptions& o = {}) {
    write(text);
    return message_of([&] { read_csv(path_, o); });
  }
  std::string idx_error(const std::string& bytes) {
    write(bytes);
    return message_of([&] { read_idx(path_); });
  }

  std::string path_;
};

double at(const Tensor& t, std::int64_t i, std::int64_t j) { return t[i][j].item<double>(); }

TEST_F(Io, CsvNumbers) {
  const CsvTable t = read_csv(write("1,2.5,-3e2\r\n\r\n +4 ,\t.5,\"6\"\n0.1,nan,-inf"));
  EXPECT_TRUE(t.header.empty());
  EXPECT_EQ(t.values.sizes(), IntArrayRef({3, 3}));
  EXPECT_EQ(t.values.dtype(), kFloat64);
  EXPECT_EQ(at(t.values, 0, 2), -300);
  EXPECT_EQ(at(t.values, 1, 0), 4);
  EXPECT_EQ(at(t.values, 1, 1), 0.5);
  EXPECT_EQ(at(t.values, 1, 2), 6);
  EXPECT_EQ(at(t.values, 2, 0), 0.1);
  EXPECT_TRUE(std::isnan(at(t.values, 2, 1)));
  EXPECT_EQ(at(t.values, 2, 2), -HUGE_VAL);
}

TEST_F(Io, CsvOptions) {
  CsvOptions o;
  o.delimiter = '\t';
  o.dtype = kFloat32;
  const CsvTable t = read_csv(write("1\t 0.1\n3\t4\n"), o);
  EXPECT_EQ(t.values.dtype(), kFloat32);
  EXPECT_EQ(t.values[0][1].item<float>(), 0.1F);
}

TEST_F(Io, CsvHeader) {
  const CsvTable named =
      read_csv(write("\xef\xbb\xbf"
                     "radius, \"mean, of \"\"area\"\"\",class\n1,2,3\n"));
  EXPECT_EQ(named.header, (std::vector<std::string>{"radius", "mean, of \"area\"", "class"}));
  EXPECT_EQ(named.values.sizes(), IntArrayRef({1, 3}));
  // A line of sizes and class names, narrower than the data.
  const CsvTable sizes = read_csv(write("2,3,bad,good\n1,2,3,0,5\n1,2,3,1,6\n"));
  EXPECT_EQ(sizes.header.back(), "good");
  EXPECT_EQ(sizes.values.sizes(), IntArrayRef({2, 5}));
  // A slip of the pen in the first row is not taken for a header.
  EXPECT_EQ(csv_error("1,2x,3\n1,2,3\n"), "[read_csv] FILE, line 1, column 2: '2x' is not a number");
  struct CsvOptions o;
  o.header = CsvHeader::First;
  EXPECT_EQ(read_csv(write("2019,2020\n1,2\n"), o).values.size(0), 1);
  o.header = CsvHeader::None;
  EXPECT_EQ(csv_error("a,b\n1,2\n", o), "[read_csv] FILE, line 1, column 1: 'a' is not a number");
}

TEST_F(Io, CsvErrors) {
  EXPECT_EQ(message_of([] { read_csv("/nowhere/at/all.csv"); }),
            "[read_csv] cannot open /nowhere/at/all.csv: No such file or directory");
  EXPECT_EQ(message_of([] { read_csv("/"); }), "[read_csv] cannot read /: Is a directory");
  EXPECT_EQ(csv_error("1,2\n3,4\n\n5\n"), "[read_csv] FILE, line 4: 1 field where line 1 has 2");
  EXPECT_EQ(csv_error("a,b\n3,4\n5,6,7\n"), "[read_csv] FILE, line 3: 3 fields where line 2 has 2");
  EXPECT_EQ(csv_error("1,2\n3,four\n"), "[read_csv] FILE, line 2, column 2: 'four' is not a number");
  EXPECT_EQ(csv_error("1,2\n3,1.5.2\n"), "[read_csv] FILE, line 2, column 2: '1.5.2' is not a number");
  EXPECT_EQ(csv_error("1,2\n,1\n"), "[read_csv] FILE, line 2, column 1: the field is empty; need a number");
  EXPECT_EQ(csv_error("1,2\n1,\n"), "[read_csv] FILE, line 2, column 2: the field is empty; need a number");
  EXPECT_EQ(csv_error("1,1e999\n"), "[read_csv] FILE, line 1, column 2: '1e999' is out of the range of float64");
  EXPECT_EQ(csv_error("1,\"2\n"), "[read_csv] FILE, line 1, column 2: a quote is not closed");
  EXPECT_EQ(csv_error("1,\"2\"3\n"), "[read_csv] FILE, line 1, column 2: text follows a closing quote");
  EXPECT_EQ(csv_error(""), "[read_csv] FILE holds no line of numbers");
  EXPECT_EQ(csv_error("a,b,c\n"), "[read_csv] FILE holds no line of numbers");
  struct CsvOptions o;
  o.delimiter = '.';
  EXPECT_EQ(csv_error("1", o),
            "[read_csv] the delimiter must not be part of a number, a quote or a line break, got '.'");
  o = {};
  o.dtype = kInt64;
  EXPECT_EQ(csv_error("1", o), "[read_csv] dtype must be float64 or float32, got int64");
}

std::string idx(int type, const std::vector<int>& sizes, const std::string& elements) {
  std::string s{'\0', '\0', static_cast<char>(type), static_cast<char>(sizes.size())};
  for (int n : sizes)
    for (int shift = 24; shift >= 0; shift -= 8) s += static_cast<char>(n >> shift & 255);
  return s + elements;
}

TEST_F(Io, IdxTypes) {
  const Tensor images = read_idx(write(idx(0x08, {2, 1, 3}, std::string("\x00\x01\x02\x7f\x80\xff", 6))));
  EXPECT_EQ(images.dtype(), kUInt8);
  EXPECT_EQ(images.sizes(), IntArrayRef({2, 1, 3}));
  EXPECT_EQ(images[1][0][2].item<int>(), 255);
  const Tensor bytes = read_idx(write(idx(0x09, {2}, "\xff\x01")));
  EXPECT_EQ(bytes.dtype(), kInt32);
  EXPECT_EQ(bytes[0].item<int>(), -1);
  EXPECT_EQ(read_idx(write(idx(0x0B, {1}, "\xff\xfe")))[0].item<int>(), -2);
  EXPECT_EQ(read_idx(write(idx(0x0C, {1}, std::string("\x00\x01\x00\x02", 4))))[0].item<int>(), 65538);
  EXPECT_EQ(read_idx(write(idx(0x0D, {1}, std::string("\x3f\xc0\x00\x00", 4))))[0].item<float>(), 1.5F);
  EXPECT_EQ(read_idx(write(idx(0x0E, {1}, std::string("\xc0\x04\0\0\0\0\0\0", 8))))[0].item<double>(), -2.5);
  EXPECT_EQ(read_idx(write(idx(0x08, {0, 28}, ""))).sizes(), IntArrayRef({0, 28}));
}

TEST_F(Io, IdxErrors) {
  EXPECT_EQ(message_of([] { read_idx("/nowhere/at/all"); }),
            "[read_idx] cannot open /nowhere/at/all: No such file or directory");
  EXPECT_EQ(idx_error("abc"), "[read_idx] FILE has 3 bytes, too few for an IDX header");
  EXPECT_EQ(idx_error("abcdefgh"), "[read_idx] FILE is no IDX file: it does not begin with two zero bytes");
  EXPECT_EQ(idx_error(idx(0x0A, {1}, "x")), "[read_idx] FILE is no IDX file: unknown element type 10");
  EXPECT_EQ(idx_error(idx(0x08, {}, "x")), "[read_idx] FILE is no IDX file: it has no dimension");
  EXPECT_EQ(idx_error(std::string("\0\0\x08\x03\0\0\0\x01", 8)),
            "[read_idx] FILE ends inside its header: 8 bytes for rank 3");
  EXPECT_EQ(idx_error(idx(0x08, {2, 3}, "12345")),
            "[read_idx] FILE has fewer bytes than its header says: sizes [2, 3] need 6, there are 5");
  EXPECT_EQ(idx_error(idx(0x08, {2}, "123")),
            "[read_idx] FILE has more bytes than its header says: sizes [2] need 2, there are 3");
  EXPECT_EQ(idx_error(idx(0x0E, {-1, -1, -1}, "1")),
            "[read_idx] FILE has fewer bytes than its header says: sizes [4294967295, 4294967295, 4294967295] need "
            "more than memory can hold, there are 1");
}

// Twenty bytes of IDX ({2, 4} of uint8: 1..8), packed by gzip -9.
const unsigned char kPacked[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x63, 0x60, 0xe0,
                                 0x60, 0x62, 0x60, 0x60, 0x00, 0x61, 0x16, 0x46, 0x26, 0x66, 0x16, 0x56, 0x36,
                                 0x76, 0x0e, 0x00, 0xad, 0x16, 0xe0, 0xab, 0x14, 0x00, 0x00, 0x00};

TEST_F(Io, Gzip) {
  const std::string packed(reinterpret_cast<const char*>(kPacked), sizeof kPacked);
#ifdef GRADTAPE_ZLIB
  const Tensor t = read_idx(write(packed));
  EXPECT_EQ(t.sizes(), IntArrayRef({2, 4}));
  EXPECT_EQ(t.sum().item<int>(), 36);
  EXPECT_EQ(idx_error(packed.substr(0, 25)), "[read_idx] FILE is a damaged gzip file: it ends too early");
  std::string changed = packed;
  changed[14] = static_cast<char>(changed[14] ^ 0x55);
  EXPECT_EQ(idx_error(changed), "[read_idx] FILE is a damaged gzip file: incorrect data check");
#else
  EXPECT_EQ(idx_error(packed),
            "[read_idx] FILE is gzipped and this build has no zlib: unpack it with gunzip, or install zlib (Debian: "
            "zlib1g-dev) and build with -DGRADTAPE_ZLIB=ON");
#endif
}

}  // namespace
