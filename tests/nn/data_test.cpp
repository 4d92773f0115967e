// Datasets, transforms, samplers and the loader, with and without workers.
#include <gradtape/gradtape.h>
#include <gradtape/nn/data/data.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <numeric>
#include <set>
#include <sstream>
#include <thread>

#include "expect_error.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using data::Example;
using data::TensorExample;
namespace datasets = data::datasets;
namespace samplers = data::samplers;
namespace transforms = data::transforms;

// Number i and its square.
struct Squares : datasets::Dataset<Squares> {
  explicit Squares(std::size_t n) : n_(n) {}
  Example<> get(std::size_t i) override {
    const auto v = static_cast<double>(i);
    return {tensor(v), tensor(v * v)};
  }
  optional<std::size_t> size() const override { return n_; }
  std::size_t n_;
};

template <class Loader>
std::vector<double> epoch(Loader& loader, std::vector<std::int64_t>* sizes = nullptr) {
  std::vector<double> seen;
  for (auto& batch : *loader) {
    if (sizes) sizes->push_back(batch.data.size(0));
    EXPECT_TRUE(equal(batch.data * batch.data, batch.target));
    for (std::int64_t k = 0; k < batch.data.size(0); ++k) seen.push_back(batch.data[k].template item<double>());
  }
  return seen;
}
std::vector<double> counted(int n) {
  std::vector<double> v(static_cast<std::size_t>(n));
  std::iota(v.begin(), v.end(), 0);
  return v;
}

TEST(Data, EveryExampleOnceAnEpochInTheSamplersOrder) {
  for (const std::size_t workers : {std::size_t{0}, std::size_t{1}, std::size_t{3}}) {
    auto loader = data::make_data_loader(Squares(10).map(transforms::Stack<>()), samplers::SequentialSampler(10),
                                         data::DataLoaderOptions().batch_size(4).workers(workers));
    std::vector<std::int64_t> sizes;
    EXPECT_EQ(epoch(loader, &sizes), counted(10));
    EXPECT_EQ(sizes, (std::vector<std::int64_t>{4, 4, 2}));
    EXPECT_EQ(epoch(loader), counted(10));
    auto random = data::make_data_loader(Squares(50).map(transforms::Stack<>()),
                                         data::DataLoaderOptions(7).workers(workers).drop_last(true));
    const std::vector<double> first = epoch(random), second = epoch(random);
    EXPECT_EQ(first.size(), 49u);
    EXPECT_EQ(std::set<double>(first.begin(), first.end()).size(), 49u);
    EXPECT_NE(first, second);
  }
}

TEST(Data, ExamplesThatAreNotStacked) {
  auto loader = data::make_data_loader<samplers::SequentialSampler>(Squares(3), 2);
  std::size_t batches = 0;
  for (std::vector<Example<>>& batch : *loader) batches += batch.size();
  EXPECT_EQ(batches, 3u);
  auto rows = data::make_data_loader<samplers::SequentialSampler>(
      datasets::TensorDataset(arange(6).reshape({3, 2})).map(transforms::Stack<TensorExample>()), 3);
  for (TensorExample& e : *rows) EXPECT_TRUE(equal(e.data, arange(6).reshape({3, 2})));
}

TEST(Data, TransformsApplyInTurn) {
  auto dataset = datasets::TensorDataset(std::vector<Tensor>{ones({1, 2, 2}), ones({1, 2, 2}) * 3})
                     .map(transforms::Normalize<data::example::NoTarget>({1.0}, {2.0}))
                     .map(transforms::TensorLambda<data::example::NoTarget>([](Tensor t) { return t + 1; }))
                     .map(transforms::Lambda<TensorExample>([](TensorExample e) { return TensorExample(e.data * 10); }))
                     .map(transforms::Collate<Tensor, std::vector<TensorExample>>(
                         [](std::vector<TensorExample> batch) { return batch[0].data + batch[1].data; }));
  auto loader = data::make_data_loader<samplers::SequentialSampler>(std::move(dataset), 2);
  for (Tensor& t : *loader) EXPECT_TRUE(equal(t, full({1, 2, 2}, 30.0)));
}

// Gives up to 5 batches, whoever asks.
struct Countdown : datasets::StatefulDataset<Countdown, std::vector<int>> {
  Countdown() : shared(std::make_shared<Shared>()) {}
  optional<std::vector<int>> get_batch(std::size_t n) override {
    const std::lock_guard<std::mutex> lock(shared->mutex);
    if (shared->left == 0) return nullopt;
    return std::vector<int>(n, shared->left--);
  }
  optional<std::size_t> size() const override { return nullopt; }
  void reset() override { shared->left = 5; }
  void save(serialize::OutputArchive&) const override {}
  void load(serialize::InputArchive&) override {}
  struct Shared {
    std::mutex mutex;
    int left = 0;
  };
  std::shared_ptr<Shared> shared;
};
TEST(Data, StatefulDatasetsEndByThemselves) {
  for (const std::size_t workers : {std::size_t{0}, std::size_t{2}}) {
    auto loader = data::make_data_loader(Countdown(), data::DataLoaderOptions(3).workers(workers));
    for (int turn = 0; turn < 2; ++turn) {
      std::set<int> seen;
      for (std::vector<int>& batch : *loader) {
        EXPECT_EQ(batch.size(), 3u);
        seen.insert(batch[0]);
      }
      EXPECT_EQ(seen, (std::set<int>{1, 2, 3, 4, 5}));
    }
  }
}

struct Stream : datasets::StreamDataset<Stream, Tensor> {
  Tensor get_batch(std::size_t n) override { return ones({static_cast<std::int64_t>(n)}); }
  optional<std::size_t> size() const override { return nullopt; }
};
TEST(Data, StreamsAreAskedForCounts) {
  auto loader = data::make_data_loader(Stream(), samplers::StreamSampler(10), data::DataLoaderOptions(4));
  std::vector<std::int64_t> sizes;
  for (Tensor& t : *loader) sizes.push_back(t.numel());
  EXPECT_EQ(sizes, (std::vector<std::int64_t>{4, 4, 2}));
}

struct Failing : datasets::Dataset<Failing, int> {
  int get(std::size_t i) override {
    if (i == 3) throw std::runtime_error("example three is missing");
    return static_cast<int>(i);
  }
  optional<std::size_t> size() const override { return 6; }
};
TEST(Data, AWorkersExceptionKeepsItsMessage) {
  auto loader = data::make_data_loader<samplers::SequentialSampler>(Failing(), data::DataLoaderOptions(1).workers(2));
  int seen = 0;
  try {
    for (auto& batch : *loader) EXPECT_EQ(batch[0], seen++);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const data::WorkerException& e) {
    EXPECT_EQ(seen, 3);
    EXPECT_NE(std::string(e.what()).find("example three is missing"), std::string::npos);
    EXPECT_THROW(std::rethrow_exception(e.original_exception), std::runtime_error);
  }
  auto alone = data::make_data_loader<samplers::SequentialSampler>(Failing(), 6);
  EXPECT_THROW(*alone->begin(), std::runtime_error);
}

// Waits until it is told to go on.
struct Gate : datasets::Dataset<Gate, int> {
  explicit Gate(std::shared_ptr<std::atomic<bool>> open) : open_(std::move(open)) {}
  int get(std::size_t) override {
    while (!*open_) std::this_thread::yield();
    return 1;
  }
  optional<std::size_t> size() const override { return 2; }
  std::shared_ptr<std::atomic<bool>> open_;
};
TEST(Data, ALateBatchIsATimeout) {
  auto open = std::make_shared<std::atomic<bool>>(false);
  auto loader =
      data::make_data_loader(Gate(open), data::DataLoaderOptions(1).workers(1).timeout(std::chrono::milliseconds(5)));
  auto it = loader->begin();
  expect_error([&] { *it; }, {"DataLoader", "timeout", "5 ms"});
  *open = true;
}

TEST(Data, WrongUse) {
  auto loader = data::make_data_loader<samplers::SequentialSampler>(Squares(2), 2);
  auto it = loader->begin();
  ++it;
  expect_error([&] { *it; }, {"DataLoader", "at its end", "read"});
  expect_error([&] { ++it; }, {"at its end", "incremented"});
  auto busy = data::make_data_loader<samplers::SequentialSampler>(Squares(9), data::DataLoaderOptions(1).workers(1));
  auto first = busy->begin();
  expect_error([&] { busy->begin(); }, {"begin()", "another iterator"});
  expect_error([] { data::make_data_loader(Squares(1), data::DataLoaderOptions(0)); }, {"batch_size must be positive"});
  struct Unsized : datasets::Dataset<Unsized, int> {
    int get(std::size_t) override { return 0; }
    optional<std::size_t> size() const override { return nullopt; }
  };
  expect_error([] { data::make_data_loader(Unsized(), 1); }, {"make_data_loader", "size()", "sampler"});
}

template <class S>
std::vector<std::size_t> all_of(S& sampler, std::size_t batch = 3) {
  std::vector<std::size_t> out;
  while (auto some = sampler.next(batch)) out.insert(out.end(), some->begin(), some->end());
  return out;
}
TEST(Samplers, SharesCoverTheDataset) {
  for (const bool duplicates : {true, false}) {
    std::multiset<std::size_t> random, sequential;
    for (std::size_t rank = 0; rank < 3; ++rank) {
      samplers::DistributedRandomSampler a(10, 3, rank, duplicates);
      samplers::DistributedSequentialSampler b(10, 3, rank, duplicates);
      const auto x = all_of(a), y = all_of(b);
      EXPECT_EQ(x.size(), duplicates ? 4u : 3u);
      random.insert(x.begin(), x.end());
      sequential.insert(y.begin(), y.end());
      a.set_epoch(1);
      a.reset();
      EXPECT_NE(all_of(a), x);
    }
    EXPECT_EQ(random.size(), duplicates ? 12u : 9u);
    EXPECT_EQ(std::set<std::size_t>(random.begin(), random.end()).size(), duplicates ? 10u : 9u);
    EXPECT_EQ(std::set<std::size_t>(sequential.begin(), sequential.end()).size(), duplicates ? 10u : 9u);
  }
  expect_error<ValueError>([] { samplers::DistributedRandomSampler(10, 3, 3); }, {"rank 3", "num_replicas 3"});
}
template <class S>
void expect_resumed(S a, S b) {
  a.next(4);
  serialize::OutputArchive out;
  a.save(out);
  std::stringstream stream;
  out.save_to(stream);
  serialize::InputArchive in;
  in.load_from(stream);
  b.load(in);
  EXPECT_EQ(all_of(a), all_of(b));
}
TEST(Samplers, GoOnWhereTheyWereSaved) {
  expect_resumed(samplers::RandomSampler(10), samplers::RandomSampler(10));
  expect_resumed(samplers::SequentialSampler(10), samplers::SequentialSampler(10));
  expect_resumed(samplers::DistributedRandomSampler(20, 2, 1), samplers::DistributedRandomSampler(20, 2, 1));
}

std::string folder() { return testing::TempDir(); }
void write(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }
std::string idx(std::initializer_list<int> sizes, const std::string& data) {
  std::string s = {0, 0, 8, static_cast<char>(sizes.size())};
  for (const int n : sizes) s += {0, 0, static_cast<char>(n >> 8), static_cast<char>(n & 0xff)};
  return s + data;
}
TEST(DataFiles, Mnist) {
  const std::string images = folder() + "/t10k-images-idx3-ubyte", labels = folder() + "/t10k-labels-idx1-ubyte";
  write(images, idx({2, 28, 28}, std::string(28 * 28, '\xff') + std::string(28 * 28, '\0')));
  write(labels, idx({2}, {7, 2}));
  datasets::MNIST mnist(folder(), datasets::MNIST::Mode::kTest);
  EXPECT_EQ(*mnist.size(), 2u);
  EXPECT_FALSE(mnist.is_train());
  EXPECT_TRUE(equal(mnist.get(0).data, ones({1, 28, 28})));
  EXPECT_EQ(mnist.get(1).target.item<std::int64_t>(), 2);
  write(labels, idx({3}, {7, 2, 1}));
  expect_error<ValueError>([] { datasets::MNIST(folder(), datasets::MNIST::Mode::kTest); },
                           {"MNIST", "t10k-labels", "N labels"});
  expect_error([] { datasets::MNIST("/nowhere"); }, {"/nowhere/train-images-idx3-ubyte"});
  std::remove(images.c_str());
  std::remove(labels.c_str());
}
TEST(DataFiles, Cifar) {
  const std::string path = folder() + "/test_batch.bin";
  write(path, std::string(1, '\5') + std::string(3072, '\x33') + std::string(1, '\1') + std::string(3072, '\0'));
  datasets::CIFAR10 cifar(folder(), datasets::CIFAR10::Mode::kTest);
  EXPECT_EQ(*cifar.size(), 2u);
  EXPECT_TRUE(allclose(cifar.get(0).data, full({3, 32, 32}, 0.2)));
  EXPECT_TRUE(equal(cifar.targets(), tensor({5, 1})));
  write(path, "short");
  expect_error<ValueError>([] { datasets::CIFAR10(folder(), datasets::CIFAR10::Mode::kTest); },
                           {"test_batch.bin", "3073 bytes"});
  std::remove(path.c_str());
}
TEST(DataFiles, Csv) {
  const std::string path = folder() + "/numbers.csv";
  write(path, "a,b,c\n1,2,3\n4,5,6\n");
  datasets::CSV csv(path, 1, kFloat64);
  EXPECT_TRUE(equal(csv.features(), tensor({1, 3, 4, 6}, kFloat64).reshape({2, 2})));
  EXPECT_TRUE(equal(csv.targets(), tensor({2, 5}, kFloat64)));
  EXPECT_EQ(datasets::CSV(path).get(1).target.item<float>(), 6);
  expect_error<ValueError>([&] { datasets::CSV(path, 3); }, {"3 columns", "no column 3"});
  std::remove(path.c_str());
}

}  // namespace
