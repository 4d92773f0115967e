// Convolutions, pooling, batch and instance norm: values and gradients of libtorch, certified gradients, errors.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "image_cases.h"
#include "sequence_check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using sequences::certify;
using sequences::draw;
using sequences::printed;
namespace F = nn::functional;

TEST(Images, ValuesAndGradientsOfLibtorch) {
  static const sequences::Values want = {
#include "image_values.inc"
  };
  sequences::expect_values(images::image_cases(), want);
}

TEST(Images, PrintAsLibtorch) {
  EXPECT_EQ(printed(*nn::Conv1d(3, 4, 5)), "torch::nn::Conv1d(3, 4, kernel_size=5, stride=1)");
  EXPECT_EQ(printed(*nn::Conv2d(
                nn::Conv2dOptions(1, 10, 5).stride(2).padding({1, 2}).dilation(3).bias(false).padding_mode(kReflect))),
            "torch::nn::Conv2d(1, 10, kernel_size=[5, 5], stride=[2, 2], padding=[1, 2], dilation=[3, 3], bias=false, "
            "padding_mode=kReflect)");
  EXPECT_EQ(printed(*nn::Conv3d(nn::Conv3dOptions(2, 4, {1, 2, 3}).groups(2))),
            "torch::nn::Conv3d(2, 4, kernel_size=[1, 2, 3], stride=[1, 1, 1], groups=2)");
  EXPECT_EQ(printed(*nn::Conv2d(nn::Conv2dOptions(1, 2, 3).padding(kSame))),
            "torch::nn::Conv2d(1, 2, kernel_size=[3, 3], stride=[1, 1], padding='same')");
  EXPECT_EQ(printed(*nn::ConvTranspose2d(
                nn::ConvTranspose2dOptions(3, 4, 5).stride(2).padding(1).output_padding(1).dilation(2).bias(false))),
            "torch::nn::ConvTranspose2d(3, 4, kernel_size=[5, 5], stride=[2, 2], padding=[1, 1], dilation=[2, 2], "
            "output_padding=[1, 1], bias=false)");
  EXPECT_EQ(
      printed(*nn::MaxPool2d(nn::MaxPool2dOptions({2, 3}).stride(1).padding(1))),
      "torch::nn::MaxPool2d(kernel_size=[2, 3], stride=[1, 1], padding=[1, 1], dilation=[1, 1], ceil_mode=false)");
  EXPECT_EQ(printed(*nn::MaxPool1d(2)),
            "torch::nn::MaxPool1d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=false)");
  EXPECT_EQ(printed(*nn::AvgPool2d(nn::AvgPool2dOptions(3).padding(1).count_include_pad(false))),
            "torch::nn::AvgPool2d(kernel_size=[3, 3], stride=[3, 3], padding=[1, 1])");
  EXPECT_EQ(printed(*nn::AdaptiveMaxPool2d(nn::AdaptiveMaxPool2dOptions({nullopt, 7}))),
            "torch::nn::AdaptiveMaxPool2d(output_size=[None, 7])");
  EXPECT_EQ(printed(*nn::AdaptiveAvgPool1d(3)), "torch::nn::AdaptiveAvgPool1d(output_size=3)");
  EXPECT_EQ(printed(*nn::LPPool2d(nn::LPPool2dOptions(2, {3, 2}))),
            "torch::nn::LPPool2d(norm_type=2, kernel_size=[3, 2], stride=[3, 2], ceil_mode=false)");
  EXPECT_EQ(printed(*nn::BatchNorm2d(10)),
            "torch::nn::BatchNorm2d(10, eps=1e-05, momentum=0.1, affine=true, track_running_stats=true)");
  EXPECT_EQ(printed(*nn::BatchNorm1d(nn::BatchNorm1dOptions(4).momentum(nullopt).affine(false))),
            "torch::nn::BatchNorm1d(4, eps=1e-05, momentum=None, affine=false, track_running_stats=true)");
  EXPECT_EQ(printed(*nn::InstanceNorm2d(4)),
            "torch::nn::InstanceNorm2d(4, eps=1e-05, momentum=0.1, affine=false, track_running_stats=false)");
}

TEST(Images, WeightsStartWithinTheirBound) {
  const nn::Conv2d conv(nn::Conv2dOptions(8, 64, 3).groups(2));
  const double bound = 1 / std::sqrt(4 * 9.0);
  for (const Tensor& p : conv->parameters()) {
    EXPECT_LE(p.abs().max().item<double>(), bound);
    EXPECT_GT(p.abs().max().item<double>(), 0.9 * bound);
  }
  EXPECT_EQ(conv->weight.sizes(), (IntArrayRef{64, 4, 3, 3}));
  EXPECT_EQ(nn::ConvTranspose2d(nn::ConvTranspose2dOptions(8, 6, 3).groups(2))->weight.sizes(),
            (IntArrayRef{8, 3, 3, 3}));
  EXPECT_EQ(nn::BatchNorm2d(3)->named_buffers().keys(),
            (std::vector<std::string>{"running_mean", "running_var", "num_batches_tracked"}));
  EXPECT_TRUE(nn::BatchNorm2d(nn::BatchNorm2dOptions(3).affine(false))->parameters().empty());
}

template <class M>
void certify_weighted(M layer, std::vector<Tensor> inputs) {
  certify(
      *layer, std::move(inputs),
      [layer](const std::vector<Tensor>& p) mutable {
        layer->weight = p[0];
        if (p.size() > 1) layer->bias = p[1];
      },
      [layer](const std::vector<Tensor>& x) mutable { return std::vector<Tensor>{layer->forward(x[0])}; });
}
template <class M>
void certify_plain(M layer, const Tensor& input) {
  const auto f = [layer](const Tensor& x) mutable { return layer->forward(x); };
  const auto r = autograd::gradcheck(f, {input.requires_grad_()});
  EXPECT_TRUE(r) << printed(*layer) << r.to_string();
}
TEST(Images, GradientsAreCertified) {
  manual_seed(11);
  certify_weighted(nn::Conv1d(nn::Conv1dOptions(2, 2, 2).stride(2).padding(1)), {draw({2, 2, 4})});
  certify_weighted(nn::Conv2d(nn::Conv2dOptions(2, 2, 2).padding(1).padding_mode(kCircular)), {draw({1, 2, 3, 2})});
  certify_weighted(nn::Conv2d(nn::Conv2dOptions(2, 2, {2, 1}).padding(kSame).groups(2)), {draw({2, 3, 2})});
  certify_weighted(nn::ConvTranspose2d(nn::ConvTranspose2dOptions(1, 2, 2).stride(2).output_padding(1)),
                   {draw({1, 1, 2, 2})});
  certify_weighted(nn::BatchNorm2d(nn::BatchNorm2dOptions(2).track_running_stats(false)), {draw({2, 2, 2, 2})});
  certify_weighted(nn::InstanceNorm1d(nn::InstanceNorm1dOptions(2).affine(true)), {draw({2, 2, 3})});
  certify_plain(nn::MaxPool2d(2), draw({1, 2, 4, 5}));
  certify_plain(nn::AvgPool2d(nn::AvgPool2dOptions(2).padding(1)), draw({1, 2, 4, 5}));
  certify_plain(nn::AdaptiveAvgPool2d(2), draw({2, 3, 5}));
  certify_plain(nn::AdaptiveMaxPool2d(2), draw({2, 3, 5}));
  certify_plain(nn::LPPool1d(2, 2), draw({1, 2, 4}));
}

TEST(Images, FunctionalFormsAreTheModules) {
  const nn::Conv2d conv(nn::Conv2dOptions(2, 3, 3).stride(2).padding(1));
  const Tensor x = randn({2, 2, 6, 6});
  EXPECT_TRUE(equal(nn::Conv2d(conv)->forward(x),
                    F::conv2d(x, conv->weight, F::Conv2dFuncOptions().bias(conv->bias).stride(2).padding(1))));
  EXPECT_TRUE(equal(nn::MaxPool2d(2)->forward(x), F::max_pool2d(x, F::MaxPool2dFuncOptions(2))));
  EXPECT_TRUE(equal(nn::AvgPool2d(2)->forward(x), F::avg_pool2d(x, F::AvgPool2dFuncOptions(2))));
  nn::BatchNorm2d norm(2);
  norm->eval();
  EXPECT_TRUE(equal(norm(x), F::batch_norm(x, norm->running_mean, norm->running_var,
                                           F::BatchNormFuncOptions().weight(norm->weight).bias(norm->bias))));
  EXPECT_TRUE(equal(nn::InstanceNorm2d(2)->forward(x), F::instance_norm(x)));
}

TEST(Images, StandInASequentialAndAreCloned) {
  manual_seed(4);
  nn::Sequential net(nn::Conv2d(1, 4, 3), nn::BatchNorm2d(4), nn::ReLU(), nn::MaxPool2d(2),
                     nn::ConvTranspose2d(4, 1, 2), nn::Flatten(), nn::Linear(9, 2));
  const Tensor x = randn({3, 1, 6, 6});
  const Tensor y = net->forward(x);
  EXPECT_EQ(y.sizes(), (IntArrayRef{3, 2}));
  auto copy = std::dynamic_pointer_cast<nn::SequentialImpl>(net->clone());
  net->eval();
  copy->eval();
  EXPECT_TRUE(equal(copy->forward(x), net->forward(x)));
  EXPECT_FALSE(copy->parameters()[0].is_same(net->parameters()[0]));
}

TEST(Images, Refuse) {
  expect_error(
      [] {
        nn::Conv2d(1, 2, 3)->forward(zeros({2, 2}));
      },
      {"Conv2d", "torch::nn::Conv2d(1, 2, kernel_size=[3, 3], stride=[1, 1])", "rank 4", "float32[2, 2]"});
  expect_error(
      [] {
        nn::Conv2d(3, 2, 3)->forward(zeros({1, 2, 5, 5}));
      },
      {"Conv2d", "3 channels in dim 1", "[1, 2, 5, 5]"});
  expect_error<ValueError>([] { nn::Conv2d(nn::Conv2dOptions(3, 2, 3).groups(2)); }, {"Conv2d", "groups 2"});
  expect_error<ValueError>([] { nn::Conv2d(nn::Conv2dOptions(2, 2, 3).stride(2).padding(kSame)); },
                           {"Conv2d", "kSame", "stride 1"});
  expect_error<ValueError>([] { nn::Conv2d(nn::Conv2dOptions(2, 2, {3, 3, 3})); }, {"expected 2 values", "got 3"});
  expect_error<ValueError>(
      [] {
        const std::vector<std::int64_t> size = {20, 20};
        nn::ConvTranspose2d(nn::ConvTranspose2dOptions(1, 1, 3).stride(2))
            ->forward(zeros({1, 1, 2, 2}), IntArrayRef(size));
      },
      {"output_size [20, 20]", "can be 5 to 6"});
  expect_error([] { nn::MaxPool2d(2)->forward(zeros({4})); },
               {"max_pool2d", "kernel_size=[2, 2]", "rank 4", "float32[4]"});
  expect_error([] { nn::BatchNorm2d(2)->forward(zeros({2, 2})); }, {"BatchNorm2d(2, eps", "rank 4", "float32[2, 2]"});
  expect_error([] { nn::BatchNorm1d(2)->forward(zeros({3, 4})); }, {"2 channels in dim 1", "float32[3, 4]"});
  expect_error<ValueError>(
      [] {
        nn::BatchNorm1d(2)->forward(zeros({1, 2}));
      },
      {"BatchNorm1d", "more than one value a channel", "float32[1, 2]"});
}

}  // namespace
