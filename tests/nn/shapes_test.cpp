// Embeddings, padding, resizing and further normalisation: values and gradients of libtorch, printing, errors.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include "expect_error.h"
#include "sequence_check.h"
#include "shape_cases.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using sequences::draw;
using sequences::printed;
namespace F = nn::functional;

TEST(Shapes, ValuesAndGradientsOfLibtorch) {
  static const sequences::Values want = {
#include "shape_values.inc"
  };
  sequences::expect_values(shapes::shape_cases(), want);
}

TEST(Shapes, PrintAsLibtorch) {
  EXPECT_EQ(printed(*nn::ZeroPad2d(1)), "torch::nn::ZeroPad2d(padding=[1, 1, 1, 1])");
  EXPECT_EQ(printed(*nn::ConstantPad2d(nn::ConstantPad2dOptions(1, 3.5))),
            "torch::nn::ConstantPad2d(padding=[1, 1, 1, 1], value=3.5)");
  EXPECT_EQ(printed(*nn::ReflectionPad1d(nn::ReflectionPad1dOptions({3, 1}))),
            "torch::nn::ReflectionPad1d(padding=[3, 1])");
  EXPECT_EQ(printed(*nn::Embedding(10, 3)), "torch::nn::Embedding(num_embeddings=10, embedding_dim=3)");
  EXPECT_EQ(printed(*nn::Embedding(nn::EmbeddingOptions(10, 3).padding_idx(2).max_norm(1.5))),
            "torch::nn::Embedding(num_embeddings=10, embedding_dim=3, padding_idx=2, max_norm=1.5)");
  EXPECT_EQ(printed(*nn::EmbeddingBag(nn::EmbeddingBagOptions(10, 3).mode(kSum))),
            "torch::nn::EmbeddingBag(num_embeddings=10, embedding_dim=3, mode=kSum)");
  EXPECT_EQ(printed(*nn::Unflatten(nn::UnflattenOptions(1, {2, 3}))),
            "torch::nn::Unflatten(dim=1, unflattened_size={2, 3})");
  EXPECT_EQ(printed(*nn::Bilinear(2, 3, 4)),
            "torch::nn::Bilinear(in1_features=2, in2_features=3, out_features=4, bias=true)");
  EXPECT_EQ(printed(*nn::PixelShuffle(2)), "torch::nn::PixelShuffle(upscale_factor=2)");
  EXPECT_EQ(printed(*nn::Upsample(
                nn::UpsampleOptions().scale_factor(std::vector<double>{2, 3}).mode(kBilinear).align_corners(false))),
            "torch::nn::Upsample(scale_factor=[2, 3], mode=kBilinear)");
  EXPECT_EQ(printed(*nn::Upsample(nn::UpsampleOptions().size(std::vector<std::int64_t>{4}))),
            "torch::nn::Upsample(size=[4], mode=kNearest)");
  EXPECT_EQ(printed(*nn::Fold(nn::FoldOptions({4, 5}, {2, 2}))),
            "torch::nn::Fold(output_size=[4, 5], kernel_size=[2, 2], dilation=[1, 1], padding=[0, 0], stride=[1, 1])");
  EXPECT_EQ(printed(*nn::Unfold(nn::UnfoldOptions({2, 2}).padding(1))),
            "torch::nn::Unfold(kernel_size=[2, 2], dilation=[1, 1], padding=[1, 1], stride=[1, 1])");
  EXPECT_EQ(printed(*nn::GroupNorm(2, 4)), "torch::nn::GroupNorm(2, 4, eps=1e-05, affine=true)");
  EXPECT_EQ(printed(*nn::LocalResponseNorm(2)), "torch::nn::LocalResponseNorm(2, alpha=0.0001, beta=0.75, k=1)");
}

template <class Fn>
void certify(Fn f, const Tensor& x) {
  const auto r = autograd::gradcheck(f, {x.requires_grad_()});
  EXPECT_TRUE(r) << r.to_string();
}
TEST(Shapes, GradientsAreCertified) {
  manual_seed(8);
  using O = F::InterpolateFuncOptions;
  certify(
      [](const Tensor& x) {
        return F::interpolate(x, O().size(std::vector<std::int64_t>{5, 3}).mode(kBicubic));
      },
      draw({1, 1, 3, 4}));
  certify(
      [](const Tensor& x) {
        return F::interpolate(x, O().scale_factor(std::vector<double>{2, 1.5}).mode(kBilinear));
      },
      draw({1, 2, 3, 2}));
  certify([](const Tensor& x) { return F::local_response_norm(x, F::LocalResponseNormFuncOptions(3).alpha(0.5)); },
          draw({2, 4, 2}));
  certify([](const Tensor& x) { return F::normalize(x); }, draw({3, 4}));
  const Tensor i = tensor({1, 4, 2, 2, 0, 4}, kInt64);
  for (const nn::EmbeddingBagMode mode :
       {nn::EmbeddingBagMode(kSum), nn::EmbeddingBagMode(kMean), nn::EmbeddingBagMode(kMax)})
    certify(
        [&](const Tensor& w) {
          return F::embedding_bag(
              i, w, F::EmbeddingBagFuncOptions().mode(mode).offsets(tensor({0, 2, 2}, kInt64)).padding_idx(0));
        },
        draw({5, 3}));
}

TEST(Shapes, TablesFromOutside) {
  const Tensor table = randn({4, 2});
  nn::Embedding frozen = nn::Embedding::from_pretrained(table);
  EXPECT_FALSE(frozen->weight.requires_grad());
  EXPECT_TRUE(equal(frozen(tensor({3, 0}, kInt64)), cat({table.slice(0, 3, 4), table.slice(0, 0, 1)})));
  EXPECT_TRUE(nn::Embedding::from_pretrained(table.clone(), nn::EmbeddingFromPretrainedOptions().freeze(false))
                  ->weight.requires_grad());
  auto copy = std::dynamic_pointer_cast<nn::EmbeddingImpl>(frozen->clone());
  EXPECT_TRUE(equal(copy->weight, table));
  EXPECT_FALSE(copy->weight.is_alias_of(table));
  nn::Embedding padded(nn::EmbeddingOptions(4, 2).padding_idx(1));
  EXPECT_TRUE(equal(padded->weight[1].detach(), zeros({2})));
  nn::Sequential bag(nn::EmbeddingBag(5, 3), nn::Linear(3, 1));
  EXPECT_EQ(bag->forward(zeros({2, 4}, kInt64)).sizes(), (IntArrayRef{2, 1}));
}

TEST(Shapes, Refuse) {
  expect_error<ValueError>([] { nn::Embedding(nn::EmbeddingOptions(4, 2).padding_idx(4)); },
                           {"padding_idx", "[-4, 4)", "4"});
  expect_error<ValueError>(
      [] {
        nn::Embedding(nn::EmbeddingOptions(4, 2)._weight(zeros({4, 3})));
      },
      {"_weight must be [4, 2]", "float32[4, 3]"});
  expect_error([] { nn::Embedding(4, 2)->forward(tensor({4}, kInt64)); }, {"embedding", "4"});
  expect_error<ValueError>([] { nn::EmbeddingBag(4, 2)->forward(tensor({1}, kInt64)); }, {"embedding_bag", "offsets"});
  expect_error<ValueError>(
      [] {
        nn::EmbeddingBag(4, 2)->forward(tensor({1, 2}, kInt64), tensor({1}, kInt64));
      },
      {"begin with 0"});
  expect_error([] { nn::ReflectionPad2d(1)->forward(zeros({3})); },
               {"ReflectionPad2d", "padding=[1, 1, 1, 1]", "rank 4"});
  expect_error<ValueError>([] { F::interpolate(zeros({1, 1, 2})); }, {"interpolate", "either size or scale_factor"});
  expect_error<ValueError>(
      [] {
        F::interpolate(zeros({1, 1, 2}),
                       F::InterpolateFuncOptions().size(std::vector<std::int64_t>{2}).mode(kBilinear));
      },
      {"kBilinear", "rank 4", "rank 3"});
  expect_error<ValueError>([] { nn::GroupNorm(3, 4); }, {"GroupNorm", "4", "divisible", "3"});
  expect_error([] { nn::LocalResponseNorm(2)->forward(zeros({3})); }, {"local_response_norm", "rank 3"});
}

}  // namespace
