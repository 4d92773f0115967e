// Printing, against the very text that libtorch 1.13.1 prints (taken from it once).
#include <cmath>
#include <iomanip>
#include <limits>
#include <sstream>

#include "check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN(), kInf = std::numeric_limits<double>::infinity();

template <class T>
std::string printed(const T& t) {
  std::ostringstream out;
  out << t;
  return out.str();
}

struct Row {
  Tensor tensor;
  const char* text;
};

TEST(Print, LooksLikeLibtorch) {
  const std::vector<Row> rows = {
      {tensor(2.5),
       "2.5\n"
       "[ CPUFloatType{} ]"},
      {tensor(3),
       "3\n"
       "[ CPULongType{} ]"},
      {tensor(true),
       "1\n"
       "[ CPUBoolType{} ]"},
      {tensor(1e10),
       "1e+10\n"
       "[ CPUFloatType{} ]"},
      {tensor(1.5e-10),
       "1.5e-10\n"
       "[ CPUFloatType{} ]"},
      {tensor(123456.789),
       "123457\n"
       "[ CPUFloatType{} ]"},
      {tensor(1.0 / 3),
       "0.333333\n"
       "[ CPUFloatType{} ]"},
      {tensor(-7),
       "-7\n"
       "[ CPULongType{} ]"},
      {tensor(kNaN),
       "nan\n"
       "[ CPUFloatType{} ]"},
      {tensor(1.0 / 3, kFloat64),
       "0.333333\n"
       "[ CPUDoubleType{} ]"},
      {tensor(std::int64_t{12345678901}),
       "1.23457e+10\n"
       "[ CPULongType{} ]"},
      {arange(3.),
       " 0\n"
       " 1\n"
       " 2\n"
       "[ CPUFloatType{3} ]"},
      {tensor({1.5, 2.25, -3.125}),
       " 1.5000\n"
       " 2.2500\n"
       "-3.1250\n"
       "[ CPUFloatType{3} ]"},
      {tensor({1, 2, -30}),
       " 1\n"
       " 2\n"
       "-30\n"
       "[ CPULongType{3} ]"},
      {tensor({true, false}),
       " 1\n"
       " 0\n"
       "[ CPUBoolType{2} ]"},
      {tensor({1e-5, 1.0}),
       " 1.0000e-05\n"
       " 1.0000e+00\n"
       "[ CPUFloatType{2} ]"},
      {tensor({1e10, 1.0}),
       " 1.0000e+10\n"
       " 1.0000e+00\n"
       "[ CPUFloatType{2} ]"},
      {tensor({123456.5, 1.25}),
       " 1.2346e+05\n"
       " 1.2500e+00\n"
       "[ CPUFloatType{2} ]"},
      {tensor({1e-3, 2e-3}),
       "0.001 *\n"
       " 1.0000\n"
       " 2.0000\n"
       "[ CPUFloatType{2} ]"},
      {tensor({0.5, 100000.25}),
       " 5.0000e-01\n"
       " 1.0000e+05\n"
       "[ CPUFloatType{2} ]"},
      {tensor({1e-20, 3e-20}),
       "1e-20 *\n"
       " 1.0000\n"
       " 3.0000\n"
       "[ CPUFloatType{2} ]"},
      {tensor({1e200, 1.5}, kFloat64),
       " 1.0000e+200\n"
       "  1.5000e+00\n"
       "[ CPUDoubleType{2} ]"},
      {tensor({kNaN, kInf, 1.5}),
       "    nan\n"
       "    inf\n"
       " 1.5000\n"
       "[ CPUFloatType{3} ]"},
      {tensor({kNaN, -kInf, 1.}),
       "nan\n"
       "-inf\n"
       " 1\n"
       "[ CPUFloatType{3} ]"},
      {tensor({kNaN, kInf}),
       "nan\n"
       "inf\n"
       "[ CPUFloatType{2} ]"},
      {tensor({1e15, 2.}),
       " 1.0000e+15\n"
       " 2.0000e+00\n"
       "[ CPUFloatType{2} ]"},
      {tensor({std::int64_t{12345678901}, std::int64_t{2}}),
       " 1.2346e+10\n"
       " 2.0000e+00\n"
       "[ CPULongType{2} ]"},
      {zeros({0}), "[ CPUFloatType{0} ]"},
      {zeros({2, 0}), "[ CPUFloatType{2,0} ]"},
      {zeros({0, 3}), "[ CPUFloatType{0,3} ]"},
      {zeros({2, 0, 3}), "[ CPUFloatType{2,0,3} ]"},
      {zeros({3}),
       " 0\n"
       " 0\n"
       " 0\n"
       "[ CPUFloatType{3} ]"},
      {Tensor(), "[ Tensor (undefined) ]"},
      {arange(6.).view({2, 3}),
       " 0  1  2\n"
       " 3  4  5\n"
       "[ CPUFloatType{2,3} ]"},
      {arange(6).view({2, 3}),
       " 0  1  2\n"
       " 3  4  5\n"
       "[ CPULongType{2,3} ]"},
      {arange(6.).view({2, 3}) / 7,
       " 0.0000  0.1429  0.2857\n"
       " 0.4286  0.5714  0.7143\n"
       "[ CPUFloatType{2,3} ]"},
      {arange(6.).view({2, 3}) * 1000.5,
       "    0.0000  1000.5000  2001.0000\n"
       " 3001.5000  4002.0000  5002.5000\n"
       "[ CPUFloatType{2,3} ]"},
      {arange(6.).view({2, 3}) * 100000.5,
       " 0.0000e+00  1.0000e+05  2.0000e+05\n"
       " 3.0000e+05  4.0000e+05  5.0000e+05\n"
       "[ CPUFloatType{2,3} ]"},
      {arange(6.).view({2, 3}) * 1e-4,
       "0.0001 *\n"
       " 0.0000  1.0000  2.0000\n"
       "  3.0000  4.0000  5.0000\n"
       "[ CPUFloatType{2,3} ]"},
      {eye(2, kBool),
       " 1  0\n"
       " 0  1\n"
       "[ CPUBoolType{2,2} ]"},
      {tensor({{1.5, -2.5}, {1e6, 3.}}),
       " 1.5000e+00 -2.5000e+00\n"
       " 1.0000e+06  3.0000e+00\n"
       "[ CPUFloatType{2,2} ]"},
      {tensor({{1.5, -2.5}, {1e3, 3.}}),
       "    1.5000    -2.5000\n"
       " 1000.0000     3.0000\n"
       "[ CPUFloatType{2,2} ]"},
      {arange(12.).view({2, 2, 3}),
       "(1,.,.) = \n"
       "  0  1  2\n"
       "  3  4  5\n"
       "\n"
       "(2,.,.) = \n"
       "   6   7   8\n"
       "   9  10  11\n"
       "[ CPUFloatType{2,2,3} ]"},
      {arange(16.).view({2, 2, 2, 2}) / 3,
       "(1,1,.,.) = \n"
       "  0.0000  0.3333\n"
       "  0.6667  1.0000\n"
       "\n"
       "(2,1,.,.) = \n"
       "  2.6667  3.0000\n"
       "  3.3333  3.6667\n"
       "\n"
       "(1,2,.,.) = \n"
       "  1.3333  1.6667\n"
       "  2.0000  2.3333\n"
       "\n"
       "(2,2,.,.) = \n"
       "  4.0000  4.3333\n"
       "  4.6667  5.0000\n"
       "[ CPUFloatType{2,2,2,2} ]"},
      {arange(60.).view({2, 30}),
       "Columns 1 to 20  0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15  16  17  18  19\n"
       " 30  31  32  33  34  35  36  37  38  39  40  41  42  43  44  45  46  47  48  49\n"
       "\n"
       "Columns 21 to 30 20  21  22  23  24  25  26  27  28  29\n"
       " 50  51  52  53  54  55  56  57  58  59\n"
       "[ CPUFloatType{2,30} ]"},
      {arange(60.).view({2, 30}) / 7,
       "Columns 1 to 10 0.0000  0.1429  0.2857  0.4286  0.5714  0.7143  0.8571  1.0000  1.1429  1.2857\n"
       " 4.2857  4.4286  4.5714  4.7143  4.8571  5.0000  5.1429  5.2857  5.4286  5.5714\n"
       "\n"
       "Columns 11 to 20 1.4286  1.5714  1.7143  1.8571  2.0000  2.1429  2.2857  2.4286  2.5714  2.7143\n"
       " 5.7143  5.8571  6.0000  6.1429  6.2857  6.4286  6.5714  6.7143  6.8571  7.0000\n"
       "\n"
       "Columns 21 to 30 2.8571  3.0000  3.1429  3.2857  3.4286  3.5714  3.7143  3.8571  4.0000  4.1429\n"
       " 7.1429  7.2857  7.4286  7.5714  7.7143  7.8571  8.0000  8.1429  8.2857  8.4286\n"
       "[ CPUFloatType{2,30} ]"},
      {arange(40.).view({2, 20}) * 12345.6,
       "Columns 1 to 6 0.0000e+00  1.2346e+04  2.4691e+04  3.7037e+04  4.9382e+04  6.1728e+04\n"
       " 2.4691e+05  2.5926e+05  2.7160e+05  2.8395e+05  2.9629e+05  3.0864e+05\n"
       "\n"
       "Columns 7 to 12 7.4074e+04  8.6419e+04  9.8765e+04  1.1111e+05  1.2346e+05  1.3580e+05\n"
       " 3.2099e+05  3.3333e+05  3.4568e+05  3.5802e+05  3.7037e+05  3.8271e+05\n"
       "\n"
       "Columns 13 to 18 1.4815e+05  1.6049e+05  1.7284e+05  1.8518e+05  1.9753e+05  2.0988e+05\n"
       " 3.9506e+05  4.0740e+05  4.1975e+05  4.3210e+05  4.4444e+05  4.5679e+05\n"
       "\n"
       "Columns 19 to 20 2.2222e+05  2.3457e+05\n"
       " 4.6913e+05  4.8148e+05\n"
       "[ CPUFloatType{2,20} ]"},
      {arange(50.).view({1, 2, 25}) / 3,
       "(1,.,.) = \n"
       " Columns 1 to 8   0.0000   0.3333   0.6667   1.0000   1.3333   1.6667   2.0000   2.3333\n"
       "   8.3333   8.6667   9.0000   9.3333   9.6667  10.0000  10.3333  10.6667\n"
       "\n"
       "Columns 9 to 16   2.6667   3.0000   3.3333   3.6667   4.0000   4.3333   4.6667   5.0000\n"
       "  11.0000  11.3333  11.6667  12.0000  12.3333  12.6667  13.0000  13.3333\n"
       "\n"
       "Columns 17 to 24   5.3333   5.6667   6.0000   6.3333   6.6667   7.0000   7.3333   7.6667\n"
       "  13.6667  14.0000  14.3333  14.6667  15.0000  15.3333  15.6667  16.0000\n"
       "\n"
       "Columns 25 to 25   8.0000\n"
       "  16.3333\n"
       "[ CPUFloatType{1,2,25} ]"},
      {arange(6.).view({2, 3}).t(),
       " 0  3\n"
       " 1  4\n"
       " 2  5\n"
       "[ CPUFloatType{3,2} ]"},
      {arange(60).view({2, 30}).to(kUInt8),
       "Columns 1 to 20  0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15  16  17  18  19\n"
       " 30  31  32  33  34  35  36  37  38  39  40  41  42  43  44  45  46  47  48  49\n"
       "\n"
       "Columns 21 to 30 20  21  22  23  24  25  26  27  28  29\n"
       " 50  51  52  53  54  55  56  57  58  59\n"
       "[ CPUByteType{2,30} ]"},
      {tensor({1.0, 10.0, 100.0}),
       "   1\n"
       "  10\n"
       " 100\n"
       "[ CPUFloatType{3} ]"},
      {tensor({1e9, 1.}),
       " 1.0000e+09\n"
       " 1.0000e+00\n"
       "[ CPUFloatType{2} ]"},
      {tensor({1e8, 1.}),
       "     1e+08\n"
       "         1\n"
       "[ CPUFloatType{2} ]"},
      {tensor({-1.0, -2.5}),
       "-1.0000\n"
       "-2.5000\n"
       "[ CPUFloatType{2} ]"},
      {tensor({{-1000.123, 2.}, {3., 4.}}),
       "-1000.1230     2.0000\n"
       "    3.0000     4.0000\n"
       "[ CPUFloatType{2,2} ]"},
      {tensor({1234567.}),
       "1.23457e+06\n"
       "[ CPUFloatType{1} ]"},
      {tensor({{1234567., 1.}}),
       "1.23457e+06        1\n"
       "[ CPUFloatType{1,2} ]"},
      {tensor({{0.00001, 0.00002}}),
       "1e-05 *\n"
       " 1.0000  2.0000\n"
       "[ CPUFloatType{1,2} ]"},
      {tensor({0.0, 1e-6}),
       "1e-07 *\n"
       " 0.0000\n"
       "10.0000\n"
       "[ CPUFloatType{2} ]"},
      {tensor({99999.5, 0.1}),
       " 1.0000e+05\n"
       " 1.0000e-01\n"
       "[ CPUFloatType{2} ]"},
      {tensor({9.99999, 0.1}),
       "10.0000\n"
       " 0.1000\n"
       "[ CPUFloatType{2} ]"},
      {tensor({1.0, 0.0}),
       " 1\n"
       " 0\n"
       "[ CPUFloatType{2} ]"},
      {tensor({{12345.678, 99999.9}}),
       " 12345.6777  99999.8984\n"
       "[ CPUFloatType{1,2} ]"},
      {tensor({0.1, 0.2}),
       " 0.1000\n"
       " 0.2000\n"
       "[ CPUFloatType{2} ]"},
      {tensor({0.01, 0.2}),
       " 0.0100\n"
       " 0.2000\n"
       "[ CPUFloatType{2} ]"},
      {tensor({100000.}),
       " 100000\n"
       "[ CPUFloatType{1} ]"},
      {tensor({100000.5}),
       "1e+05 *\n"
       " 1.0000\n"
       "[ CPUFloatType{1} ]"},
      {tensor({-100000.5, 20.}),
       "1e+05 *\n"
       "-1.0000\n"
       " 0.0002\n"
       "[ CPUFloatType{2} ]"},
      {tensor({1e-8, 1e-9}),
       "1e-09 *\n"
       "10.0000\n"
       " 1.0000\n"
       "[ CPUFloatType{2} ]"},
      {tensor({{1e-8, 1e-9}}),
       "1e-09 *\n"
       "10.0000  1.0000\n"
       "[ CPUFloatType{1,2} ]"},
      {tensor({-1e10, -2e10}),
       "-1.0000e+10\n"
       "-2.0000e+10\n"
       "[ CPUFloatType{2} ]"},
      {tensor({{1e12, 1.}}),
       " 1.0000e+12  1.0000e+00\n"
       "[ CPUFloatType{1,2} ]"},
      {tensor({1e100, 1e-100}, kFloat64),
       " 1.0000e+100\n"
       " 1.0000e-100\n"
       "[ CPUDoubleType{2} ]"},
      {tensor({{1e100, 1e-100}}, kFloat64),
       " 1.0000e+100  1.0000e-100\n"
       "[ CPUDoubleType{1,2} ]"},
      {tensor({{-1e-100}}, kFloat64),
       "1e-100 *\n"
       "-1.0000\n"
       "[ CPUDoubleType{1,1} ]"},
      {ones({1, 1, 1, 1}),
       "(1,1,.,.) = \n"
       "  1\n"
       "[ CPUFloatType{1,1,1,1} ]"},
      {arange(24.).view({2, 3, 2, 2}),
       "(1,1,.,.) = \n"
       "  0  1\n"
       "  2  3\n"
       "\n"
       "(2,1,.,.) = \n"
       "  12  13\n"
       "  14  15\n"
       "\n"
       "(1,2,.,.) = \n"
       "  4  5\n"
       "  6  7\n"
       "\n"
       "(2,2,.,.) = \n"
       "  16  17\n"
       "  18  19\n"
       "\n"
       "(1,3,.,.) = \n"
       "   8   9\n"
       "  10  11\n"
       "\n"
       "(2,3,.,.) = \n"
       "  20  21\n"
       "  22  23\n"
       "[ CPUFloatType{2,3,2,2} ]"},
  };
  for (const Row& r : rows) EXPECT_EQ(printed(r.tensor), r.text);
}

TEST(Print, KeepsTheFormatOfTheStream) {
  std::ostringstream out;
  out << std::setprecision(2) << std::fixed << ones({1}) << 1.23456 << tensor(1.0 / 3);
  EXPECT_EQ(out.str(), " 1\n[ CPUFloatType{1} ]1.230.33\n[ CPUFloatType{} ]");
}

TEST(Print, ShowsNothingOfTheTape) {
  const Tensor x = ones({2, 2}, TensorOptions(kFloat64).requires_grad(true));
  EXPECT_EQ(printed(x), " 1  1\n 1  1\n[ CPUDoubleType{2,2} ]");
  EXPECT_EQ(printed(x * 2), " 2  2\n 2  2\n[ CPUDoubleType{2,2} ]");
}

TEST(Print, TypesShapesAndLines) {
  EXPECT_EQ(ones({2}, kBool).toString(), "CPUBoolType");
  EXPECT_EQ(Tensor().toString(), "UndefinedType");
  EXPECT_EQ(printed(ones({2, 3}).sizes()), "[2, 3]");
  EXPECT_EQ(printed(kFloat64), "Double");
  std::ostringstream out;
  print(out, arange(8.).view({1, 8}), 12);
  EXPECT_EQ(out.str(), "Columns 1 to 4 0  1  2  3\n\nColumns 5 to 8 4  5  6  7\n[ CPUFloatType{1,8} ]");
  testing::internal::CaptureStdout();
  ones({2, 3}).print();
  Tensor().print();
  print(arange(2));
  EXPECT_EQ(testing::internal::GetCapturedStdout(),
            "[CPUFloatType [2, 3]]\n[UndefinedTensor]\n 0\n 1\n[ CPULongType{2} ]");
}

}  // namespace
