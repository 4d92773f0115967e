#pragma once
// Datasets in files of well-known formats; see autograd/io.h for what is read and what is an error.
#include <string>

#include "dataset.h"

namespace gradtape::data::datasets {

// Handwritten digits (http://yann.lecun.com/exdb/mnist): data float32 [1, 28, 28] in [0, 1], target int64 []. The
// folder has train-images-idx3-ubyte and the others by the names of the original, gzipped (.gz) or not.
class MNIST : public Dataset<MNIST> {
 public:
  enum class Mode { kTrain, kTest };
  explicit MNIST(const std::string& root, Mode mode = Mode::kTrain);
  Example<> get(std::size_t index) override;
  optional<std::size_t> size() const override;
  bool is_train() const noexcept { return train_; }
  const Tensor& images() const { return images_; }    // [N, 1, 28, 28]
  const Tensor& targets() const { return targets_; }  // [N]

 private:
  Tensor images_, targets_;
  bool train_;
};

// Tiny pictures (https://www.cs.toronto.edu/~kriz/cifar.html), the binary version: data float32 [3, 32, 32] in [0, 1],
// target int64 []. The folder has data_batch_1.bin to data_batch_5.bin, or test_batch.bin.
class CIFAR10 : public Dataset<CIFAR10> {
 public:
  enum class Mode { kTrain, kTest };
  explicit CIFAR10(const std::string& root, Mode mode = Mode::kTrain);
  Example<> get(std::size_t index) override;
  optional<std::size_t> size() const override;
  bool is_train() const noexcept { return train_; }
  const Tensor& images() const { return images_; }    // [N, 3, 32, 32]
  const Tensor& targets() const { return targets_; }  // [N]

 private:
  Tensor images_, targets_;
  bool train_;
};

// Numbers of a CSV file: column `target` (negative: counted from the end) is the target, the others are the data.
class CSV : public Dataset<CSV> {
 public:
  explicit CSV(const std::string& path, std::int64_t target = -1, ScalarType dtype = kFloat32);
  Example<> get(std::size_t index) override;
  optional<std::size_t> size() const override;
  const Tensor& features() const { return features_; }  // [N, columns - 1]
  const Tensor& targets() const { return targets_; }    // [N]

 private:
  Tensor features_, targets_;
};

}  // namespace gradtape::data::datasets
