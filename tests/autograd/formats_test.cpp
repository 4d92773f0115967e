// npy and safetensors: bytes written by hand after the formats' specifications, round trips, damaged files.
#include <gradtape/autograd/io.h>
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)

class Formats : public testing::Test {
 protected:
  Formats()
      : path_(testing::TempDir() + "gradtape_formats_" + testing::UnitTest::GetInstance()->current_test_info()->name() +
              ".data") {}
  ~Formats() override { std::remove(path_.c_str()); }
  const std::string& put(const std::string& bytes) {
    std::ofstream(path_, std::ios::binary) << bytes;
    return path_;
  }
  std::string bytes() const {
    std::ifstream f(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(f), std::istreambuf_iterator<char>()};
  }
  template <class F>
  void expect_error(F f, std::initializer_list<const char*> parts) {
    try {
      f();
      ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& e) {
      for (const char* part : parts)
        EXPECT_NE(std::string(e.what()).find(part), std::string::npos) << part << " in " << e.what();
    }
  }
  std::string path_;
};

template <class T>
std::string raw(std::initializer_list<T> values) {
  std::string s;
  for (T v : values) {
    char b[sizeof v];
    std::memcpy(b, &v, sizeof v);
    s.append(b, sizeof v);
  }
  return s;
}
std::string npy(const std::string& header, const std::string& data, char version = 1) {
  std::string s = "\x93NUMPY";
  s += version;
  s += '\0';
  s += static_cast<char>(header.size() & 0xff);
  s += static_cast<char>(header.size() >> 8);
  if (version > 1) s += std::string(2, '\0');
  return s + header + data;
}

TEST_F(Formats, NpyIsReadAfterItsSpecification) {
  const std::string f4 = raw<float>({1, 2, 3, 4, 5, 6});
  EXPECT_TRUE(equal(read_npy(put(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", f4))),
                    tensor({1, 2, 3, 4, 5, 6}, kFloat32).reshape({2, 3})));
  EXPECT_TRUE(equal(read_npy(put(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (3, 2), }\n", f4, 2))),
                    tensor({1, 4, 2, 5, 3, 6}, kFloat32).reshape({3, 2})));
  const Tensor number =
      read_npy(put(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (), }", raw<double>({0.5}))));
  EXPECT_EQ(number.dim(), 0);
  EXPECT_EQ(number.item<double>(), 0.5);
  EXPECT_TRUE(equal(read_npy(put(npy("{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }", {1, 0, 1}))),
                    tensor({true, false, true})));
  EXPECT_TRUE(equal(
      read_npy(put(npy("{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }", raw<std::int16_t>({-7, 300})))),
      tensor({-7, 300}, kInt32)));
  // 1, -2, the largest, the smallest denormal, infinity.
  const Tensor halves = read_npy(put(npy("{'descr': '<f2', 'fortran_order': False, 'shape': (5,), }",
                                         raw<std::uint16_t>({0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00}))));
  EXPECT_TRUE(equal(halves, tensor({1.0, -2.0, 65504.0, 0x1p-24, HUGE_VAL}, kFloat32)));
}

TEST_F(Formats, NpyComesBack) {
  for (const Tensor& t : {randn({3, 4}), randn({2, 3}, kFloat64).t(), arange(5), zeros({0, 3}), tensor(2.5),
                          tensor({1, 2}, kUInt8), tensor({1, -2}, kInt32), tensor({true, false})}) {
    write_npy(path_, t);
    const Tensor back = read_npy(path_);
    EXPECT_EQ(back.dtype(), t.dtype());
    EXPECT_TRUE(equal(back, t)) << t.toString();
    const std::string b = bytes();
    EXPECT_EQ((10 + static_cast<unsigned char>(b[8]) + 256 * static_cast<unsigned char>(b[9])) % 64, 0);
  }
  write_npy(path_, zeros({4}));
  EXPECT_EQ(bytes().substr(10, 59), "{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }  ");
}

TEST_F(Formats, NpyRefuses) {
  expect_error([&] { read_npy("/nowhere/x.npy"); }, {"cannot open /nowhere/x.npy"});
  expect_error([&] { read_npy(put("PK")); }, {path_.c_str(), "does not begin with"});
  expect_error([&] { read_npy(put(npy("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "1234"))); },
               {"dtype '>f4'"});
  expect_error([&] { read_npy(put(npy("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "12345678"))); },
               {"'<c8'"});
  expect_error([&] { read_npy(put(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "12345678"))); },
               {"damaged or cut off", "[3] need 12 bytes, there are 8"});
  expect_error([&] { read_npy(put(npy("{'descr': '<f4', 'shape': (3,), }", "12345678"))); }, {"no 'fortran_order'"});
  expect_error([&] { write_npy("/nowhere/x.npy", zeros({1})); }, {"cannot write /nowhere/x.npy"});
}

std::string safe(const std::string& header, const std::string& data) {
  return raw<std::uint64_t>({header.size()}) + header + data;
}

TEST_F(Formats, SafetensorsIsReadAfterItsSpecification) {
  const std::string file = safe(
      R"({"__metadata__": {"made by":"hand \u00e9\n"}, "a.b":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},)"
      R"("none":{"dtype":"I64","shape":[0],"data_offsets":[8,8]},"x":{"dtype":"BF16","shape":[],"data_offsets":[8,10]}}  )",
      raw<float>({1.5F, -2}) + raw<std::uint16_t>({0x4049}));
  const SafeTensors s = read_safetensors(put(file));
  ASSERT_EQ(s.tensors.size(), 3u);
  EXPECT_EQ(s.tensors[0].first, "a.b");
  EXPECT_TRUE(equal(s.tensors[0].second, tensor({1.5, -2.0}, kFloat32).reshape({2, 1})));
  EXPECT_EQ(s.tensors[1].second.sizes(), (IntArrayRef{0}));
  EXPECT_EQ(s.tensors[2].second.item<double>(), 3.140625);
  ASSERT_EQ(s.metadata.size(), 1u);
  EXPECT_EQ(s.metadata[0].second, "hand \xc3\xa9\n");
}

TEST_F(Formats, SafetensorsComesBack) {
  SafeTensors s;
  s.tensors = {{"w \"quoted\"", randn({3, 2}).t()}, {"n", tensor({1, 2, 3})},
               {"e", zeros({2, 0}, kFloat64)},      {"b", tensor({true})},
               {"u", tensor({7}, kUInt8)},          {"i", tensor({-7}, kInt32)}};
  s.metadata = {{"key", "value\\\t"}};
  write_safetensors(path_, s);
  const SafeTensors back = read_safetensors(path_);
  ASSERT_EQ(back.tensors.size(), s.tensors.size());
  for (std::size_t i = 0; i < s.tensors.size(); ++i) {
    EXPECT_EQ(back.tensors[i].first, s.tensors[i].first);
    EXPECT_EQ(back.tensors[i].second.dtype(), s.tensors[i].second.dtype());
    EXPECT_TRUE(equal(back.tensors[i].second, s.tensors[i].second)) << s.tensors[i].first;
  }
  EXPECT_EQ(back.metadata, s.metadata);
  SafeTensors one;
  one.tensors = {{"t", tensor({1.0}, kFloat32)}};
  const std::string header = R"({"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  EXPECT_EQ(encode_safetensors(one), safe(header + std::string((8 - header.size() % 8) % 8, ' '), raw<float>({1})));
}

TEST_F(Formats, SafetensorsRefuses) {
  const auto read = [&](const std::string& bytes) {
    return [=] {
      read_safetensors(path_);
      (void)bytes;
    };
  };
  const auto expect = [&](const std::string& file, std::initializer_list<const char*> parts) {
    put(file);
    expect_error(read(file), parts);
  };
  expect("PK", {path_.c_str(), "no safetensors file", "2 bytes"});
  expect(raw<std::uint64_t>({1u << 30}) + "{}", {"cut off", "1073741824 bytes"});
  expect(safe("{", ""), {"header is damaged", "byte 1"});
  expect(safe("[]", ""), {"header is no object"});
  expect(safe(R"({"t":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}})", "1234"), {"\"t\" of sizes [3]", "cut off"});
  expect(safe(R"({"t":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}})", "12345678"),
         {"does not fit its data_offsets"});
  expect(safe(R"({"t":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}})", "12345678"), {"dtype C64"});
  expect(safe(R"({"t":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}})", "12345678"),
         {"a size must be an integer >= 0"});
  expect(safe(R"({"t":{"dtype":"F32","shape":[4611686018427387904, 4],"data_offsets":[0,8]}})", "12345678"),
         {"does not fit"});
  expect(safe(R"({"t":{"dtype":"F32"}})", ""), {"needs dtype, shape and two data_offsets"});
  expect(safe(std::string(200, '['), ""), {"less nesting"});
}

}  // namespace
