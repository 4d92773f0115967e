// A dataset of one's own, mapped, stacked and loaded by two workers; a scheduler lowers the learning rate.
#include <torch/torch.h>

#include "band.h"

class Circle : public torch::data::Dataset<Circle> {
 public:
  explicit Circle(size_t size) : points_(torch::rand({static_cast<int64_t>(size), 2}) * 2 - 1) {}
  torch::data::Example<> get(size_t index) override {
    auto point = points_[static_cast<int64_t>(index)];
    return {point, (point.pow(2).sum() < 0.6).to(torch::kInt64)};
  }
  torch::optional<size_t> size() const override { return points_.size(0); }

 private:
  torch::Tensor points_;
};

int main() {
  torch::manual_seed(22);
  const size_t size = 600;
  auto dataset = Circle(size)
                     .map(torch::data::transforms::Lambda<torch::data::Example<>>(
                         [](torch::data::Example<> e) { return torch::data::Example<>(e.data * 3, e.target); }))
                     .map(torch::data::transforms::Stack<>());
  auto loader = torch::data::make_data_loader<torch::data::samplers::RandomSampler>(
      std::move(dataset), torch::data::DataLoaderOptions().batch_size(50).workers(2));

  torch::nn::Sequential net(torch::nn::Linear(2, 32), torch::nn::ReLU(), torch::nn::Linear(32, 2));
  torch::optim::Adam optimizer(net->parameters(), torch::optim::AdamOptions(2e-2));
  torch::optim::StepLR scheduler(optimizer, /*step_size=*/8, /*gamma=*/0.3);
  double accuracy = 0;
  size_t seen = 0;
  for (int epoch = 0; epoch < 15; ++epoch) {
    double right = 0;
    seen = 0;
    for (auto& batch : *loader) {
      auto output = net->forward(batch.data);
      auto loss = torch::nn::functional::cross_entropy(output, batch.target);
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      right += output.argmax(1).eq(batch.target).sum().item<double>();
      seen += batch.target.size(0);
    }
    scheduler.step();
    accuracy = right / seen;
    if (epoch % 5 == 0) std::cout << "epoch " << epoch << ", accuracy " << accuracy << std::endl;
  }
  bool ok = in_band("examples of an epoch", seen, size, size);
  ok &= in_band("accuracy", accuracy, 0.9, 1);
  return ok ? 0 : 1;
}
