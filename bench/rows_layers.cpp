// Layers of image networks, forward alone and with backward. The same source is built on gradtape and on libtorch.
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <functional>
#include <string>
#include <vector>

namespace {

using Tensors = std::vector<torch::Tensor>;
using Layer = std::function<torch::Tensor(const Tensors&)>;

void measure(benchmark::State& state, const Layer& f, const std::vector<std::vector<std::int64_t>>& shapes,
             bool backward) {
  torch::manual_seed(1);
  Tensors x;
  for (const auto& s : shapes) x.push_back(torch::rand(s) - 0.4);
  if (backward)
    for (torch::Tensor& t : x) t.requires_grad_();
  const torch::Tensor g = torch::rand_like(f(x).detach());
  for (auto _ : state) {
    torch::Tensor y = f(x);
    if (backward) {
      for (torch::Tensor& t : x) t.mutable_grad() = torch::Tensor();
      y.backward(g);
    }
    benchmark::DoNotOptimize(y);
  }
}

struct Case {
  const char* name;
  Layer f;
  std::vector<std::vector<std::int64_t>> shapes;
};

void add_layers() {
  const auto conv = [](std::int64_t stride, std::int64_t padding, std::int64_t groups) {
    return [=](const Tensors& x) {
      return torch::conv2d(x[0], x[1], x[2], {stride, stride}, {padding, padding}, {1, 1}, groups);
    };
  };
  const Layer batch = [](const Tensors& x) {
    return torch::batch_norm(x[0], x[1], x[2], {}, {}, true, 0.1, 1e-5, false);
  };
  const Layer layer = [](const Tensors& x) { return torch::layer_norm(x[0], {x[0].size(-1)}, x[1], x[2]); };
  const Case cases[] = {
      {"conv2d_3x3", conv(1, 1, 1), {{32, 16, 28, 28}, {32, 16, 3, 3}, {32}}},
      {"conv2d_3x3_64", conv(1, 1, 1), {{16, 64, 28, 28}, {64, 64, 3, 3}, {64}}},
      {"conv2d_3x3_stride2", conv(2, 1, 1), {{16, 64, 28, 28}, {128, 64, 3, 3}, {128}}},
      {"conv2d_3x3_7x7", conv(1, 1, 1), {{16, 256, 7, 7}, {256, 256, 3, 3}, {256}}},
      {"conv2d_1x1", conv(1, 0, 1), {{16, 64, 28, 28}, {128, 64, 1, 1}, {128}}},
      {"conv2d_5x5_mnist", conv(1, 0, 1), {{64, 1, 28, 28}, {10, 1, 5, 5}, {10}}},
      {"conv2d_5x5_mnist2", conv(1, 0, 1), {{64, 10, 12, 12}, {20, 10, 5, 5}, {20}}},
      {"conv2d_3x3_depthwise", conv(1, 1, 64), {{16, 64, 28, 28}, {64, 1, 3, 3}, {64}}},
      {"conv2d_7x7_stride2", conv(2, 3, 1), {{4, 3, 128, 128}, {64, 3, 7, 7}, {64}}},
      {"conv1d_5",
       [](const Tensors& x) { return torch::conv1d(x[0], x[1], x[2], 1, {2}); },
       {{16, 32, 1000}, {32, 32, 5}, {32}}},
      {"conv_transpose2d_4x4",
       [](const Tensors& x) {
         return torch::conv_transpose2d(x[0], x[1], x[2], {2, 2}, {1, 1});
       },
       {{16, 64, 14, 14}, {64, 32, 4, 4}, {32}}},
      {"batch_norm", batch, {{32, 32, 28, 28}, {32}, {32}}},
      {"batch_norm_rows", batch, {{128, 1024}, {1024}, {1024}}},
      {"layer_norm", layer, {{4096, 256}, {256}, {256}}},
      {"layer_norm_64", layer, {{4096, 64}, {64}, {64}}},
      {"group_norm",
       [](const Tensors& x) { return torch::group_norm(x[0], 8, x[1], x[2]); },
       {{32, 32, 28, 28}, {32}, {32}}},
      {"max_pool2d_2x2", [](const Tensors& x) { return torch::max_pool2d(x[0], 2); }, {{32, 40, 28, 28}}},
      {"max_pool2d_3x3", [](const Tensors& x) { return torch::max_pool2d(x[0], 3, 2, 1); }, {{32, 40, 28, 28}}},
      {"avg_pool2d_2x2", [](const Tensors& x) { return torch::avg_pool2d(x[0], 2); }, {{32, 40, 28, 28}}},
      {"adaptive_avg_pool2d",
       [](const Tensors& x) {
         return torch::adaptive_avg_pool2d(x[0], {1, 1});
       },
       {{32, 512, 7, 7}}},
  };
  for (const Case& c : cases)
    for (const bool backward : {false, true})
      benchmark::RegisterBenchmark((std::string(c.name) + (backward ? "/backward" : "/forward")).c_str(),
                                   [c, backward](benchmark::State& s) { measure(s, c.f, c.shapes, backward); });
}
const int registered = (add_layers(), 0);

}  // namespace
