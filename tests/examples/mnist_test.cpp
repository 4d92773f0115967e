// Made-up digits in the format of the MNIST files.
#include <gradtape/autograd/random.h>

#include <cmath>

#include "tests/examples/program.h"

namespace {
using house::number_in;
using house::Outcome;

class Mnist : public house::Programs {
 protected:
  // Digit k is a bright bar in row k of 10 x 12 pixels, on noise.
  void write_digits(const std::string& set, int count, std::uint64_t seed) {
    gradtape::Generator g(seed);
    const auto header = [](int rank, std::initializer_list<int> sizes) {
      std::string s{'\0', '\0', '\x08', static_cast<char>(rank)};
      for (int n : sizes)
        for (int shift = 24; shift >= 0; shift -= 8) s += static_cast<char>(n >> shift & 255);
      return s;
    };
    std::string images = header(3, {count, 10, 12}), labels = header(1, {count});
    for (int i = 0; i < count; ++i) {
      labels += static_cast<char>(i % 10);
      for (int row = 0; row < 10; ++row)
        for (int x = 0; x < 12; ++x) images += static_cast<char>(g.below(60) + (row == i % 10 ? 180 : 0));
    }
    write(set + "-images-idx3-ubyte", images);
    write(set + "-labels-idx1-ubyte", labels);
  }
};

TEST_F(Mnist, Learns) {
  write_digits("train", 500, 1);
  write_digits("t10k", 100, 2);
  const Outcome o = run("02_mnist", "--data . --layers 32 --epochs 4 --batch 10");
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_NE(o.out.find("data: 500 training images, 100 test images of 120 pixels\n"), std::string::npos) << o.out;
  EXPECT_EQ(number_in(o.out, "\ntest accuracy: ([0-9.]+) %\n$"), 100);
  EXPECT_LT(number_in(o.out, "epoch 4: loss ([0-9.]+)"), number_in(o.out, "epoch 1: loss ([0-9.]+)"));
}

TEST_F(Mnist, BadInput) {
  EXPECT_EQ(run("02_mnist", "").err,
            "02_mnist: [data] there is no train-images-idx3-ubyte.gz or train-images-idx3-ubyte in mnist; --data names "
            "the folder of the MNIST files\n");
  write_digits("train", 20, 1);
  write_digits("t10k", 10, 2);
  write("t10k-labels-idx1-ubyte", read("train-labels-idx1-ubyte"));
  const Outcome o = run("02_mnist", "--data .");
  EXPECT_EQ(o.code, 1);
  EXPECT_EQ(o.err,
            "02_mnist: [data] ./t10k-images-idx3-ubyte holds uint8[10, 10, 12] and ./t10k-labels-idx1-ubyte holds "
            "int64[20]; need [m, rows, columns] and [m]\n");
  write("train-images-idx3-ubyte", read("train-images-idx3-ubyte").substr(0, 100));
  EXPECT_EQ(run("02_mnist", "--data .").err,
            "02_mnist: [read_idx] ./train-images-idx3-ubyte has fewer bytes than its header says: sizes [20, 10, 12] "
            "need 2400, there are 84\n");
}

}  // namespace
