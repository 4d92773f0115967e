#pragma once
// Convolutions, pooling and normalisation on inputs from a formula, on either library; see sequence_cases.h.
#include "sequence_cases.h"

namespace images {
using namespace sequences;  // NOLINT(google-build-using-namespace)

template <class M>
std::function<void(Setting&)> on(M layer, Sizes sizes) {
  return [=](Setting& s) {
    M own = layer;
    own->zero_grad();
    s.prepare(*own);
    const Tensor x = s.input(sizes, 1);
    s.add(*own, {own->forward(x)}, {x});
  };
}
template <class M>
std::function<void(Setting&)> with_indices(M layer, Sizes sizes) {
  return [=](Setting& s) {
    M own = layer;
    const Tensor x = s.input(sizes, 1);
    auto r = own->forward_with_indices(x);
    s.add(*own, {std::get<0>(r)}, {x});
    s.results.push_back(digest(std::get<1>(r)));
  };
}
// Two batches in training, one in evaluation; then what the layer keeps.
template <class M>
std::function<void(Setting&)> in_turns(M layer, Sizes sizes) {
  return [=](Setting& s) {
    M own = layer;
    own->zero_grad();
    own->reset_running_stats();
    own->train();
    s.prepare(*own);
    own->forward(values(sizes, 7, s.dtype));
    const Tensor x = s.input(sizes, 1);
    s.add(*own, {own->forward(x)}, {x});
    own->eval();
    const Tensor z = s.input(sizes, 2);
    s.results.push_back(digest(own->forward(z)));
    for (const auto& b : own->named_buffers()) s.results.push_back(digest(b.value()));
  };
}

inline void add_convolutions(std::vector<Case>& all) {
  all.push_back({"conv1d", on(nn::Conv1d(2, 3, 3), {2, 2, 7})});
  all.push_back({"conv1d, alone, dilated, stride 2",
                 on(nn::Conv1d(nn::Conv1dOptions(2, 4, 2).stride(2).dilation(2).padding(1).groups(2)), {2, 9})});
  all.push_back({"conv2d", on(nn::Conv2d(1, 2, 3), {2, 1, 5, 6})});
  all.push_back(
      {"conv2d, all options",
       on(nn::Conv2d(
              nn::Conv2dOptions(4, 6, {2, 3}).stride({2, 1}).padding({1, 2}).dilation({1, 2}).groups(2).bias(false)),
          {2, 4, 5, 6})});
  all.push_back({"conv2d same", on(nn::Conv2d(nn::Conv2dOptions(2, 3, {2, 3}).padding(kSame)), {1, 2, 4, 5})});
  all.push_back({"conv2d valid", on(nn::Conv2d(nn::Conv2dOptions(2, 3, 3).padding(kValid)), {1, 2, 4, 5})});
  all.push_back({"conv2d reflect",
                 on(nn::Conv2d(nn::Conv2dOptions(2, 3, 3).padding({1, 2}).padding_mode(kReflect)), {2, 2, 4, 5})});
  all.push_back({"conv2d replicate",
                 on(nn::Conv2d(nn::Conv2dOptions(2, 3, 3).padding(2).padding_mode(kReplicate)), {1, 2, 4, 3})});
  all.push_back({"conv2d circular",
                 on(nn::Conv2d(nn::Conv2dOptions(2, 3, {3, 2}).padding(1).padding_mode(kCircular)), {1, 2, 4, 3})});
  all.push_back(
      {"conv3d", on(nn::Conv3d(nn::Conv3dOptions(2, 2, {1, 2, 3}).padding({0, 1, 1}).stride(2)), {1, 2, 3, 4, 5})});
  all.push_back({"conv transpose 1d", on(nn::ConvTranspose1d(2, 3, 3), {2, 2, 4})});
  all.push_back({"conv transpose 2d",
                 on(nn::ConvTranspose2d(
                        nn::ConvTranspose2dOptions(4, 6, {3, 2}).stride(2).padding(1).output_padding({1, 0}).groups(2)),
                    {2, 4, 3, 4})});
  all.push_back(
      {"conv transpose 2d, dcgan",
       on(nn::ConvTranspose2d(nn::ConvTranspose2dOptions(3, 2, 4).stride(2).padding(1).bias(false)), {2, 3, 2, 2})});
  all.push_back(
      {"conv transpose 3d, dilated",
       on(nn::ConvTranspose3d(nn::ConvTranspose3dOptions(1, 2, 2).dilation(2).stride({1, 2, 1})), {1, 1, 2, 2, 2})});
  all.push_back({"conv transpose 2d, output size", [](Setting& s) {
                   nn::ConvTranspose2d layer(nn::ConvTranspose2dOptions(2, 2, 3).stride(3));
                   s.prepare(*layer);
                   const Tensor x = s.input({1, 2, 2, 3}, 1);
                   const std::vector<std::int64_t> size = {8, 9};
                   s.add(*layer, {layer->forward(x, IntArrayRef(size))}, {x});
                 }});
}

inline void add_pools(std::vector<Case>& all) {
  all.push_back({"max pool 1d", with_indices(nn::MaxPool1d(2), {2, 2, 5})});
  all.push_back({"max pool 2d", with_indices(nn::MaxPool2d(2), {2, 2, 5, 6})});
  all.push_back(
      {"max pool 2d, options",
       with_indices(nn::MaxPool2d(nn::MaxPool2dOptions({3, 2}).stride({2, 1}).padding({1, 1}).ceil_mode(true)),
                    {2, 6, 5})});
  all.push_back(
      {"max pool 3d", with_indices(nn::MaxPool3d(nn::MaxPool3dOptions(2).dilation(2).stride(1)), {1, 1, 4, 4, 4})});
  all.push_back({"avg pool 1d", on(nn::AvgPool1d(nn::AvgPool1dOptions(3).stride(2).padding(1)), {2, 2, 6})});
  all.push_back(
      {"avg pool 2d", on(nn::AvgPool2d(nn::AvgPool2dOptions(3).padding(1).count_include_pad(false)), {1, 2, 5, 6})});
  all.push_back({"avg pool 2d, divisor",
                 on(nn::AvgPool2d(nn::AvgPool2dOptions({2, 3}).ceil_mode(true).divisor_override(4)), {1, 2, 5, 6})});
  all.push_back({"avg pool 3d", on(nn::AvgPool3d(2), {1, 1, 4, 4, 5})});
  all.push_back({"adaptive avg pool 1d", on(nn::AdaptiveAvgPool1d(3), {2, 2, 7})});
  all.push_back(
      {"adaptive avg pool 2d", on(nn::AdaptiveAvgPool2d(nn::AdaptiveAvgPool2dOptions({nullopt, 3})), {2, 2, 5, 7})});
  all.push_back({"adaptive avg pool 2d, global", on(nn::AdaptiveAvgPool2d(1), {2, 3, 4, 5})});
  all.push_back(
      {"adaptive avg pool 3d", on(nn::AdaptiveAvgPool3d(nn::AdaptiveAvgPool3dOptions({2, 3, 1})), {1, 2, 3, 4, 5})});
  all.push_back({"adaptive max pool 1d", with_indices(nn::AdaptiveMaxPool1d(3), {2, 2, 7})});
  all.push_back({"adaptive max pool 2d",
                 with_indices(nn::AdaptiveMaxPool2d(nn::AdaptiveMaxPool2dOptions({2, 3})), {2, 2, 5, 7})});
  all.push_back({"adaptive max pool 3d", with_indices(nn::AdaptiveMaxPool3d(2), {1, 2, 3, 4, 5})});
  all.push_back({"lp pool 1d", on(nn::LPPool1d(nn::LPPool1dOptions(2, 3).stride(2)), {2, 2, 7})});
  all.push_back({"lp pool 2d", on(nn::LPPool2d(nn::LPPool2dOptions(4, {2, 3}).ceil_mode(true)), {1, 2, 4, 6})});
}

inline void add_norms(std::vector<Case>& all) {
  all.push_back({"batch norm 1d", in_turns(nn::BatchNorm1d(3), {4, 3})});
  all.push_back(
      {"batch norm 1d, places", in_turns(nn::BatchNorm1d(nn::BatchNorm1dOptions(3).momentum(0.3)), {2, 3, 5})});
  all.push_back({"batch norm 2d", in_turns(nn::BatchNorm2d(2), {3, 2, 4, 3})});
  all.push_back({"batch norm 2d, plain mean",
                 in_turns(nn::BatchNorm2d(nn::BatchNorm2dOptions(2).momentum(nullopt).eps(1e-3)), {3, 2, 4, 3})});
  all.push_back(
      {"batch norm 2d, no weights", in_turns(nn::BatchNorm2d(nn::BatchNorm2dOptions(2).affine(false)), {3, 2, 4, 3})});
  all.push_back({"batch norm 3d, not tracked",
                 in_turns(nn::BatchNorm3d(nn::BatchNorm3dOptions(2).track_running_stats(false)), {2, 2, 2, 3, 2})});
  all.push_back({"instance norm 1d", in_turns(nn::InstanceNorm1d(3), {2, 3, 5})});
  all.push_back({"instance norm 2d",
                 in_turns(nn::InstanceNorm2d(nn::InstanceNorm2dOptions(2).affine(true).track_running_stats(true)),
                          {3, 2, 4, 3})});
  all.push_back(
      {"instance norm 3d", in_turns(nn::InstanceNorm3d(nn::InstanceNorm3dOptions(2).affine(true)), {2, 2, 2, 3, 2})});
}

inline std::vector<Case> image_cases() {
  std::vector<Case> all;
  add_convolutions(all);
  add_pools(all);
  add_norms(all);
  return all;
}

}  // namespace images
