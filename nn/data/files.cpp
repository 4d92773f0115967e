#include "nn/data/files.h"

#include <cstdio>
#include <cstring>
#include <memory>

#include "autograd/error.h"
#include "autograd/io.h"

namespace gradtape::data::datasets {
namespace {

bool exists(const std::string& path) {
  std::FILE* f = std::fopen(path.c_str(), "rb");
  if (f) std::fclose(f);
  return f != nullptr;
}
// The file, or the gzipped one where that is the one there.
std::string plain_or_zipped(const std::string& path) {
  return !exists(path) && exists(path + ".gz") ? path + ".gz" : path;
}
std::int64_t number(std::size_t i) { return static_cast<std::int64_t>(i); }

}  // namespace

MNIST::MNIST(const std::string& root, Mode mode) : train_(mode == Mode::kTrain) {
  const std::string start = root + "/" + (train_ ? "train" : "t10k");
  const std::string images = plain_or_zipped(start + "-images-idx3-ubyte"),
                    labels = plain_or_zipped(start + "-labels-idx1-ubyte");
  const Tensor x = read_idx(images), y = read_idx(labels);
  check<ValueError>(x.dim() == 3 && x.scalar_type() == kUInt8 && y.dim() == 1 && y.size(0) == x.size(0), "MNIST",
                    images, " holds ", x, " and ", labels, " ", y, "; expected images [N, 28, 28] and N labels");
  images_ = x.unsqueeze(1).to(kFloat32).div_(255);
  targets_ = y.to(kInt64);
}
Example<> MNIST::get(std::size_t index) { return {images_[number(index)], targets_[number(index)]}; }
optional<std::size_t> MNIST::size() const { return static_cast<std::size_t>(images_.size(0)); }

CIFAR10::CIFAR10(const std::string& root, Mode mode) : train_(mode == Mode::kTrain) {
  constexpr std::size_t kPixels = 3 * 32 * 32, kRecord = kPixels + 1;
  std::vector<Tensor> images, labels;
  for (int k = 1; k <= (train_ ? 5 : 1); ++k) {
    const std::string path = root + (train_ ? "/data_batch_" + std::to_string(k) + ".bin" : "/test_batch.bin");
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
    check(file != nullptr, "CIFAR10", "cannot open ", path);
    std::vector<unsigned char> bytes(kRecord * 10000 + 1);
    bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file.get()));
    check<ValueError>(!bytes.empty() && bytes.size() % kRecord == 0 && bytes.size() <= kRecord * 10000, "CIFAR10", path,
                      " has no whole number of records of 3073 bytes, or more than 10000 of them");
    const std::int64_t n = number(bytes.size() / kRecord);
    const Tensor records = from_blob(bytes.data(), {n, number(kRecord)}, kUInt8);
    labels.push_back(records.select(1, 0).to(kInt64));
    images.push_back(records.slice(1, 1).to(kFloat32).div_(255).reshape({n, 3, 32, 32}));
  }
  images_ = cat(images);
  targets_ = cat(labels);
}
Example<> CIFAR10::get(std::size_t index) { return {images_[number(index)], targets_[number(index)]}; }
optional<std::size_t> CIFAR10::size() const { return static_cast<std::size_t>(images_.size(0)); }

CSV::CSV(const std::string& path, std::int64_t target, ScalarType dtype) {
  CsvOptions options;
  options.dtype = dtype;
  const Tensor all = read_csv(path, options).values;
  const std::int64_t columns = all.size(1), at = target < 0 ? target + columns : target;
  check<ValueError>(at >= 0 && at < columns, "CSV", path, " has ", columns, " columns; there is no column ", target);
  targets_ = all.select(1, at).clone();
  features_ = cat({all.slice(1, 0, at), all.slice(1, at + 1)}, 1);
}
Example<> CSV::get(std::size_t index) { return {features_[number(index)], targets_[number(index)]}; }
optional<std::size_t> CSV::size() const { return static_cast<std::size_t>(features_.size(0)); }

}  // namespace gradtape::data::datasets
