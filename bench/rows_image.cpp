// Operations of image networks, and layer normalisation.
#include <string>

#include "rows.h"

namespace {

using bench::Inputs;
using T = torch::Tensor;

Inputs image_and_channels(std::int64_t batch, std::int64_t channels, std::int64_t size) {
  return {bench::uniform({batch, channels, size, size}, 1, -1, 1), bench::uniform({channels}, 2, 0.5, 1.5),
          bench::uniform({channels}, 3, -1, 1)};
}

void convolution(const std::string& name, std::int64_t batch, std::int64_t in, std::int64_t size, std::int64_t out,
                 std::int64_t kernel, std::int64_t stride, std::int64_t padding) {
  const std::int64_t to = (size + 2 * padding - kernel) / stride + 1;
  const double flops = 2.0 * static_cast<double>(batch * out * to * to * in * kernel * kernel);
  const double bytes = 4.0 * static_cast<double>(batch * (in * size * size + out * to * to));
  bench::add({"conv2d/" + name,
              [=]() {
                return Inputs{bench::uniform({batch, in, size, size}, 1, -1, 1),
                              bench::uniform({out, in, kernel, kernel}, 2, -0.1, 0.1),
                              bench::uniform({out}, 3, -0.1, 0.1)};
              },
              [=](const Inputs& x) {
                return torch::conv2d(x[0], x[1], x[2], torch::IntArrayRef{stride, stride},
                                     torch::IntArrayRef{padding, padding});
              },
              {bytes, flops},
              {3 * bytes, 3 * flops}});
}

void add_rows() {
  convolution("3x3/32x16x28x28-32", 32, 16, 28, 32, 3, 1, 1);
  convolution("5x5/64x1x28x28-10", 64, 1, 28, 10, 5, 1, 0);
  convolution("1x1/32x64x14x14-64", 32, 64, 14, 64, 1, 1, 0);
  convolution("3x3s2/32x16x28x28-32", 32, 16, 28, 32, 3, 2, 1);

  constexpr double kImage = 32.0 * 32 * 28 * 28 * 4;
  for (const bool training : {true, false})
    bench::add(
        {std::string("batch_norm/") + (training ? "training" : "eval") + "/32x32x28x28",
         []() {
           Inputs x = image_and_channels(32, 32, 28);
           x.push_back(torch::zeros({32}));
           x.push_back(torch::ones({32}));
           return x;
         },
         [=](const Inputs& x) { return torch::batch_norm(x[0], x[1], x[2], x[3], x[4], training, 0.1, 1e-5, false); },
         {2 * kImage},
         {5 * kImage},
         2});
  bench::add({"max_pool2d/2x2/32x32x28x28",
              []() {
                return Inputs{bench::uniform({32, 32, 28, 28}, 1, -1, 1)};
              },
              [](const Inputs& x) {
                return torch::max_pool2d(x[0], {2, 2});
              },
              {1.25 * kImage},
              {2.75 * kImage}});
  for (const auto& [rows, width] : {std::pair<std::int64_t, std::int64_t>{4096, 256}, {1000, 1000}}) {
    const double pass = 4.0 * static_cast<double>(rows * width);
    bench::add(
        {"layer_norm/" + std::to_string(rows) + "x" + std::to_string(width),
         [rows = rows, width = width]() {
           return Inputs{bench::uniform({rows, width}, 1, -1, 1), bench::uniform({width}, 2, 0.5, 1.5),
                         bench::uniform({width}, 3, -1, 1)};
         },
         [width = width](const Inputs& x) { return torch::layer_norm(x[0], torch::IntArrayRef{width}, x[1], x[2]); },
         {2 * pass},
         {5 * pass}});
  }
}
const int registered = (add_rows(), 0);

}  // namespace
