// Activations, losses, dropout, collections and nn::utils.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "expect_error.h"
#include "loss_cases.h"
#include "sequence_check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using sequences::draw;
using sequences::printed;
namespace F = nn::functional;

TEST(Losses, ValuesAndGradientsOfLibtorch) {
  static const sequences::Values want = {
#include "loss_values.inc"
  };
  sequences::expect_values(losses::loss_cases(), want);
}

TEST(Losses, PrintAsLibtorch) {
  EXPECT_EQ(printed(*nn::ELU()), "torch::nn::ELU(alpha=1)");
  EXPECT_EQ(printed(*nn::ELU(nn::ELUOptions().alpha(2).inplace(true))), "torch::nn::ELU(alpha=2, inplace=true)");
  EXPECT_EQ(printed(*nn::SELU()), "torch::nn::SELU()");
  EXPECT_EQ(printed(*nn::SELU(true)), "torch::nn::SELU(inplace=true)");
  EXPECT_EQ(printed(*nn::Hardshrink(0.3)), "torch::nn::Hardshrink(0.3)");
  EXPECT_EQ(printed(*nn::Hardtanh()), "torch::nn::Hardtanh(min_val=-1, max_val=1)");
  EXPECT_EQ(printed(*nn::Hardtanh(nn::HardtanhOptions().min_val(-2).inplace(true))),
            "torch::nn::Hardtanh(min_val=-2, max_val=1, inplace=true)");
  EXPECT_EQ(printed(*nn::Softmin(1)), "torch::nn::Softmin(dim=1)");
  EXPECT_EQ(printed(*nn::Softmax2d()), "torch::nn::Softmax2d()");
  EXPECT_EQ(printed(*nn::PReLU()), "torch::nn::PReLU(num_parameters=1)");
  EXPECT_EQ(printed(*nn::PReLU(nn::PReLUOptions().num_parameters(3))), "torch::nn::PReLU(num_parameters=3)");
  EXPECT_EQ(printed(*nn::ReLU6()), "torch::nn::ReLU6()");
  EXPECT_EQ(printed(*nn::ReLU6(true)), "torch::nn::ReLU6(inplace=true)");
  EXPECT_EQ(printed(*nn::RReLU()), "torch::nn::RReLU(lower=0.125, upper=0.333333)");
  EXPECT_EQ(printed(*nn::CELU()), "torch::nn::CELU(alpha=1)");
  EXPECT_EQ(printed(*nn::GLU(-1)), "torch::nn::GLU(dim=-1)");
  EXPECT_EQ(printed(*nn::GELU()), "torch::nn::GELU()");
  EXPECT_EQ(printed(*nn::GELU(nn::GELUOptions().approximate("tanh"))), "torch::nn::GELU()");
  EXPECT_EQ(printed(*nn::SiLU()), "torch::nn::SiLU()");
  EXPECT_EQ(printed(*nn::Mish()), "torch::nn::Mish()");
  EXPECT_EQ(printed(*nn::Softplus()), "torch::nn::Softplus(beta=1, threshold=20)");
  EXPECT_EQ(printed(*nn::Softshrink(0.2)), "torch::nn::Softshrink(0.2)");
  EXPECT_EQ(printed(*nn::Softsign()), "torch::nn::Softsign()");
  EXPECT_EQ(printed(*nn::Tanhshrink()), "torch::nn::Tanhshrink()");
  EXPECT_EQ(printed(*nn::Threshold(1, 2)), "torch::nn::Threshold(threshold=1, value=2)");
  EXPECT_EQ(printed(*nn::LogSigmoid()), "torch::nn::LogSigmoid()");
  EXPECT_EQ(printed(*nn::Dropout(0.3)), "torch::nn::Dropout(p=0.3, inplace=false)");
  EXPECT_EQ(printed(*nn::Dropout2d()), "torch::nn::Dropout2d(p=0.5, inplace=false)");
  EXPECT_EQ(printed(*nn::Dropout3d(0.1)), "torch::nn::Dropout3d(p=0.1, inplace=false)");
  EXPECT_EQ(printed(*nn::AlphaDropout()), "torch::nn::AlphaDropout(p=0.5, inplace=false)");
  EXPECT_EQ(printed(*nn::FeatureAlphaDropout(0.25)), "torch::nn::FeatureAlphaDropout(p=0.25, inplace=false)");
  EXPECT_EQ(printed(*nn::L1Loss()), "torch::nn::L1Loss()");
  EXPECT_EQ(printed(*nn::KLDivLoss()), "torch::nn::KLDivLoss()");
  EXPECT_EQ(printed(*nn::SmoothL1Loss()), "torch::nn::SmoothL1Loss");
  EXPECT_EQ(printed(*nn::HuberLoss()), "torch::nn::HuberLoss");
  EXPECT_EQ(printed(*nn::HuberLoss(nn::HuberLossOptions().delta(2))), "torch::nn::HuberLoss");
  EXPECT_EQ(printed(*nn::HingeEmbeddingLoss(nn::HingeEmbeddingLossOptions().margin(2))),
            "torch::nn::HingeEmbeddingLoss(margin=2)");
  EXPECT_EQ(printed(*nn::CosineEmbeddingLoss()), "torch::nn::CosineEmbeddingLoss(margin=0)");
  EXPECT_EQ(printed(*nn::MarginRankingLoss()), "torch::nn::MarginRankingLoss()");
  EXPECT_EQ(printed(*nn::MultiMarginLoss()),
            "torch::nn::MultiMarginLoss(p=1, margin=1, weight=[ Tensor (undefined) ], reduction=kMean)");
  EXPECT_EQ(printed(*nn::MultiLabelMarginLoss()), "torch::nn::MultiLabelMarginLoss()");
  EXPECT_EQ(printed(*nn::MultiLabelSoftMarginLoss()), "torch::nn::MultiLabelSoftMarginLoss()");
  EXPECT_EQ(printed(*nn::SoftMarginLoss()), "torch::nn::SoftMarginLoss()");
  EXPECT_EQ(printed(*nn::TripletMarginLoss()), "torch::nn::TripletMarginLoss(margin=1, p=2, eps=1e-06, swap=false)");
  EXPECT_EQ(printed(*nn::PoissonNLLLoss()), "torch::nn::PoissonNLLLoss()");
  EXPECT_EQ(printed(*nn::CTCLoss()), "torch::nn::CTCLoss()");
  EXPECT_EQ(printed(*nn::CosineSimilarity()), "torch::nn::CosineSimilarity(dim=1, eps=1e-08)");
  EXPECT_EQ(printed(*nn::PairwiseDistance()), "torch::nn::PairwiseDistance(p=2, eps=1e-06, keepdim=false)");
  EXPECT_EQ(printed(*nn::TripletMarginWithDistanceLoss()),
            "torch::nn::TripletMarginWithDistanceLoss(margin=1, swap=false)");
}

template <class Fn>
void certify(Fn f, std::vector<Tensor> inputs) {
  for (const Tensor& x : inputs) x.requires_grad_();
  const auto r = autograd::gradcheck(f, inputs);
  EXPECT_TRUE(r) << r.to_string();
}
using autograd::variable_list;
TEST(Losses, GradientsAreCertified) {
  manual_seed(3);
  const Tensor classes = tensor({1, 3, 0}, kInt64);
  certify([&](const Tensor& x) { return F::multi_margin_loss(x, classes, F::MultiMarginLossFuncOptions().p(2)); },
          {draw({3, 4})});
  const Tensor labels = tensor({1, 3, -1, 0, 0, -1, -1, -1, 2, 1, 0, 3}, kInt64).reshape({3, 4});
  certify([&](const Tensor& x) { return F::multilabel_margin_loss(x, labels); }, {draw({3, 4})});
  const Tensor y = rand({3, 4}, kFloat64).gt(0.5).to(kFloat64);
  certify([&](const Tensor& x) { return F::multilabel_soft_margin_loss(x, y); }, {draw({3, 4})});
  certify([](const variable_list& x) { return F::triplet_margin_with_distance_loss(x[0], x[1], x[2]); },
          {draw({3, 4}), draw({3, 4}), draw({3, 4})});
  certify(
      [](const variable_list& x) {
        return F::gaussian_nll_loss(x[0], x[1], x[2].abs() + 0.1, F::GaussianNLLLossFuncOptions().full(true));
      },
      {draw({3, 4}), draw({3, 4}), draw({3, 4})});
  const Tensor targets = tensor({1, 2, 3, 3, 2, 2}, kInt64), in = tensor({5, 6, 2}, kInt64),
               out = tensor({2, 3, 1}, kInt64);
  certify([&](const Tensor& x) { return F::ctc_loss(x.log_softmax(2), targets, in, out); }, {draw({6, 3, 4})});
}

TEST(Losses, GaussianFollowsItsFormula) {
  const Tensor x = tensor({1.0, 2.0}, kFloat64), t = tensor({0.5, 4.0}, kFloat64), v = tensor({0.25, 0.0}, kFloat64);
  const Tensor loss = F::gaussian_nll_loss(x, t, v, F::GaussianNLLLossFuncOptions().reduction(kNone).eps(0.5));
  EXPECT_NEAR(loss[0].item<double>(), 0.5 * (std::log(0.5) + 0.5), 1e-15);
  EXPECT_NEAR(loss[1].item<double>(), 0.5 * (std::log(0.5) + 8), 1e-15);
  expect_error<ValueError>([&] { F::gaussian_nll_loss(x, t, -v); }, {"gaussian_nll_loss", "negative"});
}

TEST(Losses, Refuse) {
  expect_error<ValueError>(
      [] {
        F::multi_margin_loss(zeros({2, 3}), zeros({3}, kInt64));
      },
      {"multi_margin_loss", "float32[2, 3]", "int64[3]"});
  expect_error<TypeError>([] { F::multilabel_margin_loss(zeros({2, 3}), zeros({2, 3})); }, {"int64 class numbers"});
  const auto ctc = [](std::int64_t in, std::int64_t out, std::int64_t target) {
    F::ctc_loss(zeros({4, 1, 3}), tensor({target, target}, kInt64).reshape({1, 2}), tensor({in}, kInt64),
                tensor({out}, kInt64));
  };
  expect_error<ValueError>([&] { ctc(5, 1, 1); }, {"ctc_loss", "from 1 to 4", "5"});
  expect_error<ValueError>([&] { ctc(4, 3, 1); }, {"targets", "up to 3 classes"});
  expect_error<ValueError>([&] { ctc(4, 2, 7); }, {"target 7 is no class below 3"});
  expect_error<ValueError>([&] { ctc(4, 2, 0); }, {"other than the blank 0"});
  expect_error([] { nn::Softmax2d()->forward(zeros({2})); }, {"Softmax2d", "rank 4", "float32[2]"});
  expect_error<ValueError>([] { F::rrelu(zeros({1}), F::RReLUFuncOptions().lower(1).upper(0)); }, {"rrelu", "lower"});
}

TEST(Activations, WorkInPlace) {
  Tensor x = tensor({-2.0, 0.5, 8.0});
  const Tensor held = x;
  EXPECT_TRUE(nn::ReLU6(true)->forward(x).is_same(held));
  EXPECT_TRUE(equal(held, tensor({0.0, 0.5, 6.0})));
  const Tensor leaf = tensor({-2.0, 3.0}, kFloat64).requires_grad_();
  const Tensor y = leaf * 1;
  nn::ELU(nn::ELUOptions().inplace(true))->forward(y).sum().backward();
  EXPECT_NEAR(leaf.grad()[0].item<double>(), std::exp(-2.0), 1e-15);
  EXPECT_EQ(leaf.grad()[1].item<double>(), 1);
}

TEST(Activations, GumbelSamplesAreDistributions) {
  manual_seed(5);
  const Tensor logits = tensor({0.0, 1.0, 2.0}, kFloat64).expand({4000, 3});
  const Tensor soft = F::gumbel_softmax(logits);
  EXPECT_TRUE(allclose(soft.sum(1), ones({4000}, kFloat64)));
  const Tensor x = logits.clone().requires_grad_();
  const Tensor hard = F::gumbel_softmax(x, F::GumbelSoftmaxFuncOptions().hard(true).tau(0.5));
  EXPECT_TRUE(allclose(std::get<0>(hard.detach().max(1)), ones({4000}, kFloat64)));
  EXPECT_TRUE(allclose(hard.detach().sum(1), ones({4000}, kFloat64)));
  // Frequencies are those of the softmax.
  EXPECT_TRUE(allclose(hard.detach().mean(IntArrayRef{0}), softmax(logits[0], 0), 0, 0.03));
  (hard * tensor({1.0, 2.0, 3.0}, kFloat64)).sum().backward();
  EXPECT_GT(x.grad().abs().max().item<double>(), 0);
}

TEST(Dropout, DropsChannelsAndKeepsMoments) {
  manual_seed(9);
  const Tensor x = ones({50, 40, 3, 2});
  const Tensor y = nn::Dropout2d(0.25)->forward(x);
  const Tensor per_channel = y.reshape({2000, 6});
  EXPECT_TRUE(equal(std::get<0>(per_channel.max(1)), std::get<0>(per_channel.min(1))));
  EXPECT_NEAR(per_channel.eq(0).to(kFloat64).mean().item<double>(), 0.25, 0.03);
  EXPECT_FLOAT_EQ(y.max().item<float>(), 1 / 0.75F);
  const Tensor z = randn({100000});
  for (const Tensor& a : {nn::AlphaDropout(0.3)->forward(z),
                          nn::FeatureAlphaDropout(0.3)->forward(z.reshape({1000, 100})).reshape({-1})}) {
    EXPECT_NEAR(a.mean().item<double>(), 0, 0.03);
    EXPECT_NEAR(a.std().item<double>(), 1, 0.03);
  }
  for (auto eval : {true, false}) {
    nn::AlphaDropout layer(eval ? 0.5 : 0.0);
    layer->train(!eval);
    EXPECT_TRUE(layer->forward(z).is_same(z));
  }
  EXPECT_TRUE(equal(nn::Dropout3d(1.0)->forward(x), zeros_like(x)));
  expect_error<ValueError>([] { nn::Dropout2d(1.5); }, {"Dropout2d", "[0, 1]", "1.5"});
  expect_error([] { nn::Dropout2d()->forward(zeros({3})); }, {"dropout2d", "[N, C, ..]", "float32[3]"});
}

TEST(Dropout, AsAnOperation) {
  manual_seed(2);
  Tensor x = ones({1000}, kFloat64);
  const Tensor y = dropout(x, 0.25, true);
  EXPECT_NEAR(y.eq(0).to(kFloat64).mean().item<double>(), 0.25, 0.06);
  EXPECT_EQ(y.max().item<double>(), 1 / 0.75);
  EXPECT_TRUE(dropout(x, 0.25, false).is_same(x));
  const Tensor leaf = ones({8}, kFloat64).requires_grad_(), z = dropout(leaf, 0.5, true);
  z.sum().backward();
  EXPECT_TRUE(equal(leaf.grad(), z.detach()));
  EXPECT_TRUE(dropout_(x, 1, true).is_same(x));
  EXPECT_TRUE(equal(x, zeros({1000}, kFloat64)));
  expect_error<ValueError>([&] { dropout(x, 2, true); }, {"dropout", "[0, 1]", "2"});
}

TEST(Collections, ModulesByName) {
  nn::ModuleDict dict(
      std::vector<nn::ModuleDictImpl::Named>{{"fc", nn::Linear(2, 3).ptr()}, {"act", nn::ReLU().ptr()}});
  EXPECT_EQ(dict->keys(), (std::vector<std::string>{"fc", "act"}));
  EXPECT_EQ(dict->named_parameters().keys(), (std::vector<std::string>{"fc.weight", "fc.bias"}));
  EXPECT_EQ(dict->at<nn::LinearImpl>("fc").options.out_features(), 3);
  expect_error<TypeError>([&] { dict->at<nn::ReLUImpl>("fc"); }, {"\"fc\" is no torch::nn::ReLUImpl"});
  EXPECT_EQ(printed(*dict),
            "torch::nn::ModuleDict(\n  (fc): torch::nn::Linear(in_features=2, out_features=3, bias=true)\n  (act): "
            "torch::nn::ReLU()\n)");
  auto copy = std::dynamic_pointer_cast<nn::ModuleDictImpl>(dict->clone());
  EXPECT_TRUE(equal(copy->at<nn::LinearImpl>("fc").weight, dict->at<nn::LinearImpl>("fc").weight));
  EXPECT_FALSE(copy->at<nn::LinearImpl>("fc").weight.is_same(dict->at<nn::LinearImpl>("fc").weight));
  dict->update(std::vector<nn::ModuleDictImpl::Named>{{"fc", nn::Linear(5, 1).ptr()}, {"more", nn::Tanh().ptr()}});
  EXPECT_EQ(dict->at<nn::LinearImpl>("fc").options.in_features(), 5);
  EXPECT_EQ(dict->size(), 3u);
  dict->pop("act");
  EXPECT_FALSE(dict->contains("act"));
  EXPECT_EQ(dict->named_children().keys(), (std::vector<std::string>{"fc", "more"}));
  dict->clear();
  EXPECT_TRUE(dict->empty());
  expect_error([&] { (*dict)["fc"]; }, {"fc"});
}

TEST(Collections, Parameters) {
  nn::ParameterList list(ones({2, 3}).requires_grad_(), zeros({1}));
  EXPECT_EQ(printed(*list),
            "torch::nn::ParameterList(\n(0): Parameter containing: [Float of size [2, 3]]\n(1): Parameter containing: "
            "[Float of size [1]]\n)");
  EXPECT_EQ(list->parameters().size(), 2u);
  EXPECT_TRUE((*list)[0].requires_grad());
  EXPECT_FALSE((*list)[1].requires_grad());
  expect_error<IndexError>([&] { list->at(2); }, {"ParameterList", "index 2", "2 parameters"});
  auto copy = std::dynamic_pointer_cast<nn::ParameterListImpl>(list->clone());
  EXPECT_TRUE(equal(copy->at(0), list->at(0)));
  nn::ParameterDict dict;
  dict->insert("w", ones({2}, kFloat64).requires_grad_());
  EXPECT_EQ(printed(*dict), "torch::nn::ParameterDict(\n(w): Parameter containing: [Double of size [2]]\n)");
  EXPECT_EQ(dict->named_parameters().keys(), (std::vector<std::string>{"w"}));
  EXPECT_EQ(dict->get("b", zeros({1})).numel(), 1);
  EXPECT_EQ(dict->pop("w").numel(), 2);
  EXPECT_TRUE(dict->empty());
}

TEST(Collections, FunctionsStandInASequential) {
  nn::Sequential net(nn::Functional([](Tensor x) { return x * 2; }),
                     nn::Functional([](const Tensor& x, double alpha) { return elu(x, alpha); }, 0.5));
  const Tensor x = tensor({-1.0, 1.0}, kFloat64);
  EXPECT_TRUE(allclose(net->forward(x), elu(x * 2, 0.5)));
  std::stringstream stream;
  save(net, stream);
  EXPECT_TRUE(net->parameters().empty());
}

TEST(Utils, GradientsAreClipped) {
  const Tensor a = zeros({2}, kFloat64).requires_grad_(), b = zeros({}, kFloat64).requires_grad_(),
               none = zeros({3}).requires_grad_();
  const auto set = [&] {
    a.mutable_grad() = tensor({3.0, 0.0}, kFloat64);
    b.mutable_grad() = tensor(-4.0, kFloat64);
  };
  set();
  EXPECT_DOUBLE_EQ(nn::utils::clip_grad_norm_({a, b, none}, 1), 5);
  EXPECT_NEAR(a.grad()[0].item<double>(), 3 / (5 + 1e-6), 1e-15);
  EXPECT_NEAR(b.grad().item<double>(), -4 / (5 + 1e-6), 1e-15);
  set();
  EXPECT_DOUBLE_EQ(nn::utils::clip_grad_norm_({a, b}, 10), 5);
  EXPECT_EQ(b.grad().item<double>(), -4);
  EXPECT_DOUBLE_EQ(nn::utils::clip_grad_norm_({a, b}, 10, HUGE_VAL), 4);
  EXPECT_DOUBLE_EQ(nn::utils::clip_grad_norm_({a, b}, 100, 1.0), 7);
  EXPECT_DOUBLE_EQ(nn::utils::clip_grad_norm_(std::vector<Tensor>{none}, 1), 0);
  nn::utils::clip_grad_value_({a, b, none}, 2);
  EXPECT_TRUE(equal(a.grad(), tensor({2.0, 0.0}, kFloat64)));
  EXPECT_EQ(b.grad().item<double>(), -2);
  b.mutable_grad() = tensor(std::nan(""), kFloat64);
  expect_error([&] { nn::utils::clip_grad_norm_({a, b}, 1, 2, true); }, {"clip_grad_norm_", "nan"});
}

TEST(Utils, ParametersAsAVector) {
  nn::Linear fc(2, 3);
  const Tensor v = nn::utils::parameters_to_vector(fc->parameters());
  EXPECT_EQ(v.sizes(), (IntArrayRef{9}));
  v.sum().backward();
  EXPECT_TRUE(equal(fc->weight.grad(), ones({3, 2})));
  nn::utils::vector_to_parameters(arange(9).to(kFloat32), fc->parameters());
  EXPECT_TRUE(equal(fc->bias.detach(), tensor({6.0F, 7.0F, 8.0F})));
  EXPECT_TRUE(fc->weight.requires_grad());
  expect_error<ValueError>([&] { nn::utils::vector_to_parameters(zeros({8}), fc->parameters()); },
                           {"vector of 9 elements", "float32[8]"});
}

}  // namespace
