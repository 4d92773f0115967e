#pragma once
// Embeddings, padding, resizing and further normalisation on either library; see sequence_cases.h.
#include "loss_cases.h"

namespace shapes {
using namespace losses;  // NOLINT(google-build-using-namespace)

template <class M>
std::function<void(Setting&)> image(M layer, Sizes sizes) {
  return [=](Setting& s) {
    M own = layer;
    own->zero_grad();
    s.prepare(*own);
    const Tensor x = s.input(sizes, 1);
    s.add(*own, {own->forward(x)}, {x});
  };
}
template <class M>
std::function<void(Setting&)> rows(M layer, Tensor numbers, std::function<Tensor(M&, const Tensor&)> call) {
  return [=](Setting& s) {
    M own = layer;
    own->zero_grad();
    s.prepare(*own);
    s.add(*own, {call(own, numbers)}, {});
  };
}

inline void add_embeddings(std::vector<Case>& all) {
  const Tensor i = ints({1, 4, 2, 2, 0, 4}, {2, 3});
  const auto plain = [](nn::Embedding& e, const Tensor& n) { return e->forward(n); };
  all.push_back({"embedding", rows<nn::Embedding>(nn::Embedding(5, 3), i, plain)});
  all.push_back(
      {"embedding, padding", rows<nn::Embedding>(nn::Embedding(nn::EmbeddingOptions(5, 3).padding_idx(-3)), i, plain)});
  all.push_back({"embedding, by frequency",
                 rows<nn::Embedding>(nn::Embedding(nn::EmbeddingOptions(5, 3).scale_grad_by_freq(true)), i, plain)});
  all.push_back(
      {"embedding, norms", rows<nn::Embedding>(nn::Embedding(nn::EmbeddingOptions(5, 3).max_norm(0.5)), i, plain)});
  const auto bag = [](nn::EmbeddingBag& e, const Tensor& n) { return e->forward(n); };
  using Bag = nn::EmbeddingBag;
  all.push_back({"bag, mean", rows<Bag>(Bag(5, 3), i, bag)});
  all.push_back({"bag, sum", rows<Bag>(Bag(nn::EmbeddingBagOptions(5, 3).mode(kSum)), i, bag)});
  all.push_back({"bag, max", rows<Bag>(Bag(nn::EmbeddingBagOptions(5, 3).mode(kMax)), i, bag)});
  all.push_back({"bag, padding", rows<Bag>(Bag(nn::EmbeddingBagOptions(5, 3).padding_idx(2)), i, bag)});
  all.push_back({"bag, offsets", rows<Bag>(Bag(5, 3), i.reshape({-1}), [](Bag& e, const Tensor& n) {
                   return e->forward(n, ints({0, 2, 2, 5}, {4}));
                 })});
  all.push_back(
      {"bag, weighted", rows<Bag>(Bag(nn::EmbeddingBagOptions(5, 3).mode(kSum)), i, [](Bag& e, const Tensor& n) {
         return e->forward(n, Tensor(), values({2, 3}, 5, e->weight.scalar_type()));
       })});
}

inline void add_pads(std::vector<Case>& all) {
  all.push_back({"zero pad", image(nn::ZeroPad2d(nn::ZeroPad2dOptions({1, 2, 0, 3})), {1, 2, 3, 4})});
  all.push_back({"constant pad 1d", image(nn::ConstantPad1d(nn::ConstantPad1dOptions({1, -2}, 0.5)), {2, 2, 5})});
  all.push_back({"constant pad 2d", image(nn::ConstantPad2d(nn::ConstantPad2dOptions(1, -2)), {2, 3, 4})});
  all.push_back(
      {"constant pad 3d", image(nn::ConstantPad3d(nn::ConstantPad3dOptions({1, 0, 0, 2, 1, 1}, 3)), {1, 1, 2, 3, 2})});
  all.push_back({"reflection pad 1d", image(nn::ReflectionPad1d(nn::ReflectionPad1dOptions({2, 1})), {2, 2, 5})});
  all.push_back(
      {"reflection pad 2d", image(nn::ReflectionPad2d(nn::ReflectionPad2dOptions({2, 1, 0, 2})), {1, 2, 3, 4})});
  all.push_back({"reflection pad 3d", image(nn::ReflectionPad3d(1), {1, 1, 2, 3, 2})});
  all.push_back({"replication pad 1d", image(nn::ReplicationPad1d(2), {2, 3})});
  all.push_back(
      {"replication pad 2d", image(nn::ReplicationPad2d(nn::ReplicationPad2dOptions({0, 1, 2, 3})), {1, 2, 3, 4})});
  all.push_back({"replication pad 3d", image(nn::ReplicationPad3d(2), {1, 2, 2, 2, 2})});
}

inline std::function<void(Setting&)> resize(Sizes sizes, nn::functional::InterpolateFuncOptions o) {
  return [=](Setting& s) {
    const Tensor x = s.input(sizes, 1);
    s.add(*nn::Identity(), {nn::functional::interpolate(x, o)}, {x});
  };
}
inline void add_resizing(std::vector<Case>& all) {
  using O = nn::functional::InterpolateFuncOptions;
  const auto size = [](std::vector<std::int64_t> v) { return O().size(v); };
  const auto scale = [](std::vector<double> v) { return O().scale_factor(v); };
  all.push_back({"nearest 1d", resize({1, 2, 5}, size({8}))});
  all.push_back({"nearest 2d", resize({1, 2, 3, 4}, scale({2, 1.7}))});
  all.push_back({"nearest exact", resize({1, 2, 3, 4}, size({5, 3}).mode(kNearestExact))});
  all.push_back({"nearest 3d", resize({1, 1, 2, 3, 2}, size({4, 2, 3}))});
  all.push_back({"linear", resize({1, 2, 5}, size({8}).mode(kLinear).align_corners(false))});
  all.push_back({"bilinear", resize({1, 2, 3, 4}, scale({2, 1.7}).mode(kBilinear).align_corners(false))});
  all.push_back({"bilinear, corners", resize({1, 2, 3, 4}, size({5, 3}).mode(kBilinear).align_corners(true))});
  all.push_back(
      {"bilinear, recomputed",
       resize({1, 2, 3, 4}, scale({1.4, 1.7}).mode(kBilinear).align_corners(false).recompute_scale_factor(true))});
  all.push_back({"bicubic", resize({1, 2, 4, 5}, size({7, 3}).mode(kBicubic).align_corners(false))});
  all.push_back({"bicubic, corners", resize({1, 1, 4, 5}, size({7, 9}).mode(kBicubic).align_corners(true))});
  all.push_back({"trilinear", resize({1, 1, 2, 3, 2}, size({4, 2, 3}).mode(kTrilinear).align_corners(false))});
  all.push_back({"area", resize({1, 2, 4, 5}, size({2, 3}).mode(kArea))});
  all.push_back(
      {"upsample",
       image(nn::Upsample(
                 nn::UpsampleOptions().scale_factor(std::vector<double>{2, 2}).mode(kBilinear).align_corners(true)),
             {1, 2, 2, 3})});
  all.push_back({"pixel shuffle", image(nn::PixelShuffle(2), {1, 8, 2, 3})});
  all.push_back({"pixel unshuffle", image(nn::PixelUnshuffle(2), {1, 2, 4, 6})});
  all.push_back({"unfold", image(nn::Unfold(nn::UnfoldOptions({2, 3}).padding(1).stride({2, 1})), {2, 2, 4, 5})});
  all.push_back({"fold", image(nn::Fold(nn::FoldOptions({4, 5}, {2, 2}).stride(2).padding({0, 1})), {2, 8, 6})});
}

inline void add_others(std::vector<Case>& all) {
  all.push_back({"group norm", image(nn::GroupNorm(2, 4), {2, 4, 3})});
  all.push_back({"group norm, no weights",
                 image(nn::GroupNorm(nn::GroupNormOptions(3, 6).affine(false).eps(1e-2)), {2, 6, 2, 2})});
  all.push_back({"local response norm", image(nn::LocalResponseNorm(3), {2, 5, 3})});
  all.push_back(
      {"local response norm, options",
       image(nn::LocalResponseNorm(nn::LocalResponseNormOptions(4).alpha(0.5).beta(0.6).k(2)), {1, 6, 2, 3})});
  all.push_back({"unflatten", image(nn::Unflatten(nn::UnflattenOptions(1, {2, 3})), {2, 6})});
  all.push_back({"bilinear layer", [](Setting& s) {
                   nn::Bilinear layer(nn::BilinearOptions(2, 3, 4));
                   s.prepare(*layer);
                   const Tensor a = s.input({5, 2}, 1), b = s.input({5, 3}, 2);
                   s.add(*layer, {layer->forward(a, b)}, {a, b});
                 }});
  all.push_back(
      {"normalize", [](Setting& s) {
         const Tensor x = s.input({3, 4}, 1);
         namespace F = nn::functional;
         s.add(*nn::Identity(), {F::normalize(x), F::normalize(x, F::NormalizeFuncOptions().p(1).dim(0))}, {x});
       }});
}

inline std::vector<Case> shape_cases() {
  std::vector<Case> all;
  add_embeddings(all);
  add_pads(all);
  add_resizing(all);
  add_others(all);
  return all;
}

}  // namespace shapes
