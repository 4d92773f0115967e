// Handwritten digits: a network of Dense and ReLU with cross-entropy, trained by Adam on the MNIST files
// (http://yann.lecun.com/exdb/mnist), which are not part of this repository: --data names their folder.
#include <gradtape/autograd/io.h>
#include <gradtape/gradtape.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>

#include "common/options.h"
#include "common/progress.h"
#include "common/split.h"

namespace {

using namespace gradtape;  // NOLINT(google-build-using-namespace)
using namespace examples;  // NOLINT(google-build-using-namespace)

struct Digits {
  Tensor X;  // float32 [m, pixels], near mean 0 and deviation 1
  Tensor y;  // int64 [m]
};

// The file as it is published, or unpacked.
std::string file_in(const std::string& folder, const std::string& name) {
  for (const char* ending : {".gz", ""}) {
    const std::string path = folder + "/" + name + ending;
    if (std::filesystem::exists(path)) return path;
  }
  fail("data", "there is no ", name, ".gz or ", name, " in ", folder, "; --data names the folder of the MNIST files");
}

Digits read_digits(const std::string& folder, const std::string& set) {
  const std::string images = file_in(folder, set + "-images-idx3-ubyte"),
                    labels = file_in(folder, set + "-labels-idx1-ubyte");
  Digits d;
  const Tensor pixels = read_idx(images);
  d.y = read_idx(labels).to(kInt64);
  check(pixels.dim() == 3 && d.y.dim() == 1 && pixels.size(0) == d.y.size(0) && pixels.size(0) > 0, "data", images,
        " holds ", pixels, " and ", labels, " holds ", d.y, "; need [m, rows, columns] and [m]");
  check(d.y.max().item<std::int64_t>() <= 9, "data", labels, " holds the label ", d.y.max().item(), "; need 0 to 9");
  // Mean and deviation of the training pixels.
  d.X = (pixels.flatten(1).to(kFloat32) / 255 - 0.1307) / 0.3081;
  return d;
}

double accuracy_on(nn::Sequential model, const Digits& d) {
  const NoGradGuard guard;
  constexpr std::int64_t kChunk = 1000;
  std::int64_t right = 0;
  const std::int64_t m = d.X.size(0);
  for (std::int64_t i = 0; i < m; i += kChunk) {
    const std::int64_t n = std::min(kChunk, m - i);
    const Tensor guess = model->forward(d.X.narrow(0, i, n)).argmax(1);
    right += (guess == d.y.narrow(0, i, n)).sum().item<std::int64_t>();
  }
  return static_cast<double>(right) / static_cast<double>(m);
}

void run(const Options& o) {
  const std::vector<std::int64_t> layers = o.integers("layers", 1, 100000);
  const std::int64_t epochs = o.integer("epochs", 1, 1000), batch = o.integer("batch", 1);
  const double lr = o.number("lr", 1e-12, 1e3);
  const auto seed = static_cast<std::uint64_t>(o.integer("seed", 0));
  const Digits training = read_digits(o.text("data"), "train"), test = read_digits(o.text("data"), "t10k");
  check(test.X.size(1) == training.X.size(1), "data", "training images have ", training.X.size(1),
        " pixels, test images ", test.X.size(1));

  manual_seed(seed);
  nn::Sequential model;
  std::int64_t in = training.X.size(1);
  for (std::int64_t width : layers) {
    model->push_back(nn::Dense(in, width));
    model->push_back(nn::ReLU());
    in = width;
  }
  model->push_back(nn::Dense(in, 10));
  optim::Adam optimizer(model->parameters(), optim::AdamOptions(lr));
  nn::CrossEntropyLoss loss;

  const auto m = static_cast<std::size_t>(training.X.size(0));
  std::printf("data: %zu training images, %lld test images of %lld pixels\n", m, static_cast<long long>(test.X.size(0)),
              static_cast<long long>(test.X.size(1)));
  Generator g(seed);
  std::vector<std::int64_t> order(m);
  for (std::size_t i = 0; i < m; ++i) order[i] = static_cast<std::int64_t>(i);
  double accuracy = 0;
  for (std::int64_t epoch = 1; epoch <= epochs; ++epoch) {
    const auto begin = std::chrono::steady_clock::now();
    // The learning rate falls to 0 along half a cosine.
    const double rate =
        lr * (1 + std::cos(3.14159265358979 * static_cast<double>(epoch - 1) / static_cast<double>(epochs))) / 2;
    for (auto& group : optimizer.param_groups()) group.options().set_lr(rate);
    shuffle(order, g);
    double sum = 0;
    Progress progress("epoch " + std::to_string(epoch) + ", image", static_cast<long>(m));
    for (std::size_t start = 0; start < m; start += static_cast<std::size_t>(batch)) {
      const std::size_t end = std::min(m, start + static_cast<std::size_t>(batch));
      const std::vector<std::int64_t> rows(order.begin() + static_cast<std::ptrdiff_t>(start),
                                           order.begin() + static_cast<std::ptrdiff_t>(end));
      optimizer.zero_grad();
      const Tensor J = loss(model->forward(rows_of(training.X, rows)), rows_of(training.y, rows));
      J.backward();
      optimizer.step();
      sum += J.item<double>() * static_cast<double>(end - start);
      char state[40];
      std::snprintf(state, sizeof state, "loss %.4f", sum / static_cast<double>(end));
      progress.show(static_cast<long>(end), state);
    }
    check(std::isfinite(sum), "train", "the loss is ", sum, " in epoch ", epoch, "; a smaller --lr may help");
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    accuracy = accuracy_on(model, test);
    std::printf("epoch %lld: loss %.4f, test accuracy %.2f %%, %.1f s\n", static_cast<long long>(epoch),
                sum / static_cast<double>(m), 100 * accuracy, time.count());
  }
  std::printf("\ntest accuracy: %.2f %%\n", 100 * accuracy);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Options o("02_mnist", "Trains a network on the MNIST digits.");
    o.add("data", "FOLDER", "mnist", "where the four MNIST files are, gzipped or not")
        .add("layers", "N,N,..", "256,128", "widths of the hidden layers")
        .add("epochs", "N", "4", "passes over the training images")
        .add("lr", "X", "0.002", "learning rate of the first epoch")
        .add("batch", "N", "64", "images in a minibatch")
        .add("seed", "N", "1", "of weights and order");
    if (o.parse(argc, argv)) run(o);
    return 0;
  } catch (const std::exception& e) {
    std::fflush(stdout);
    std::fprintf(stderr, "02_mnist: %s\n", e.what());
    return 1;
  }
}
