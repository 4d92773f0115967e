#include "nn/embedding.h"

#include <ostream>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "autograd/tape.h"
#include "nn/any.h"
#include "nn/cloneable.h"
#include "nn/init.h"

namespace gradtape::nn {
namespace {

// From the front; checked.
optional<std::int64_t> row_number(const char* name, const optional<std::int64_t>& given, std::int64_t rows) {
  if (!given) return nullopt;
  check<ValueError>(*given >= -rows && *given < rows, name, "padding_idx must be in [", -rows, ", ", rows, "), got ",
                    *given);
  return *given < 0 ? *given + rows : *given;
}

template <class M>
void register_table(M& m, const char* name) {
  const auto& o = m.options;
  check<ValueError>(o.num_embeddings() > 0 && o.embedding_dim() >= 0, name,
                    "num_embeddings must be positive and embedding_dim not negative, got ", o.num_embeddings(), " and ",
                    o.embedding_dim());
  m.options.padding_idx(row_number(name, o.padding_idx(), o.num_embeddings()));
  if (!o._weight().defined()) {
    m.weight = m.register_parameter("weight", empty({o.num_embeddings(), o.embedding_dim()}));
    m.reset_parameters();
    return;
  }
  check<ValueError>(o._weight().sizes() == IntArrayRef({o.num_embeddings(), o.embedding_dim()}), name,
                    "_weight must be [", o.num_embeddings(), ", ", o.embedding_dim(), "], got ", o._weight());
  m.weight = m.register_parameter("weight", o._weight());
}
template <class M>
void draw_table(M& m) {
  init::normal_(m.weight);
  if (!m.options.padding_idx()) return;
  const NoGradGuard off;
  m.weight[*m.options.padding_idx()].zero_();
}

// Of the rows that are used.
void limit_norms(const Tensor& weight, const Tensor& input, double max_norm, double norm_type) {
  const NoGradGuard off;
  const Tensor used = zeros({weight.size(0)}, kBool).index_fill_(0, input.reshape({-1}).to(kInt64), true);
  const Tensor norms = weight.detach().norm(norm_type, IntArrayRef{1}, true);
  const Tensor scale = where(used.unsqueeze(1).logical_and(norms.gt(max_norm)), max_norm / (norms + 1e-7), 1.0);
  weight.mul_(scale);
}

template <class O>
void print_norms(std::ostream& s, const O& o) {
  if (o.max_norm()) s << ", max_norm=" << *o.max_norm();
  if (o.norm_type() != 2) s << ", norm_type=" << o.norm_type();
  if (o.scale_grad_by_freq()) s << ", scale_grad_by_freq=true";
  if (o.sparse()) s << ", sparse=true";
}

}  // namespace

EmbeddingImpl::EmbeddingImpl(std::int64_t num_embeddings, std::int64_t embedding_dim)
    : EmbeddingImpl(EmbeddingOptions(num_embeddings, embedding_dim)) {}
EmbeddingImpl::EmbeddingImpl(const EmbeddingOptions& o) : options(o) { reset(); }
void EmbeddingImpl::reset() { register_table(*this, "Embedding"); }
void EmbeddingImpl::reset_parameters() { draw_table(*this); }
Tensor EmbeddingImpl::forward(const Tensor& indices) {
  return functional::embedding(indices, weight,
                               functional::EmbeddingFuncOptions()
                                   .padding_idx(options.padding_idx())
                                   .max_norm(options.max_norm())
                                   .norm_type(options.norm_type())
                                   .scale_grad_by_freq(options.scale_grad_by_freq()));
}
void EmbeddingImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Embedding(num_embeddings=" << options.num_embeddings()
         << ", embedding_dim=" << options.embedding_dim();
  if (options.padding_idx()) stream << ", padding_idx=" << *options.padding_idx();
  print_norms(stream, options);
  stream << ')';
}
namespace {
// A clone's table is a table of its own, so that reset() does not register the original's.
void forget_table(EmbeddingImpl& m) { m.options._weight(Tensor()); }
void forget_bag_table(EmbeddingBagImpl& m) { m.options._weight(Tensor()); }
}  // namespace
GRADTAPE_LAYER_DEFINITION(EmbeddingImpl, forget_table);

Embedding Embedding::from_pretrained(const Tensor& embeddings, const EmbeddingFromPretrainedOptions& o) {
  check<ValueError>(embeddings.defined() && embeddings.dim() == 2, "Embedding", "embeddings must be [rows, size]");
  Embedding e(EmbeddingOptions(embeddings.size(0), embeddings.size(1))
                  ._weight(embeddings)
                  .padding_idx(o.padding_idx())
                  .max_norm(o.max_norm())
                  .norm_type(o.norm_type())
                  .scale_grad_by_freq(o.scale_grad_by_freq())
                  .sparse(o.sparse()));
  e->weight.set_requires_grad(!o.freeze());
  return e;
}

EmbeddingBagImpl::EmbeddingBagImpl(std::int64_t num_embeddings, std::int64_t embedding_dim)
    : EmbeddingBagImpl(EmbeddingBagOptions(num_embeddings, embedding_dim)) {}
EmbeddingBagImpl::EmbeddingBagImpl(const EmbeddingBagOptions& o) : options(o) { reset(); }
void EmbeddingBagImpl::reset() { register_table(*this, "EmbeddingBag"); }
void EmbeddingBagImpl::reset_parameters() { draw_table(*this); }
Tensor EmbeddingBagImpl::forward(const Tensor& input, const Tensor& offsets, const Tensor& per_sample_weights) {
  return functional::embedding_bag(input, weight,
                                   functional::EmbeddingBagFuncOptions()
                                       .offsets(offsets)
                                       .per_sample_weights(per_sample_weights)
                                       .max_norm(options.max_norm())
                                       .norm_type(options.norm_type())
                                       .scale_grad_by_freq(options.scale_grad_by_freq())
                                       .mode(options.mode())
                                       .include_last_offset(options.include_last_offset())
                                       .padding_idx(options.padding_idx()));
}
std::size_t EmbeddingBagImpl::forward_defaults(AnyValue* values, std::size_t given) {
  for (std::size_t i = given; i < 3; ++i) values[i] = AnyValue(Tensor());
  return 1;
}
void EmbeddingBagImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::EmbeddingBag(num_embeddings=" << options.num_embeddings()
         << ", embedding_dim=" << options.embedding_dim();
  print_norms(stream, options);
  if (!options.mode().is<enumtype::kMean>()) stream << ", mode=" << enumtype::get_enum_name(options.mode());
  if (options.include_last_offset()) stream << ", include_last_offset=true";
  if (options.padding_idx()) stream << ", padding_idx=" << *options.padding_idx();
  stream << ')';
}
GRADTAPE_LAYER_DEFINITION(EmbeddingBagImpl, forget_bag_table);

EmbeddingBag EmbeddingBag::from_pretrained(const Tensor& embeddings, const EmbeddingBagFromPretrainedOptions& o) {
  check<ValueError>(embeddings.defined() && embeddings.dim() == 2, "EmbeddingBag", "embeddings must be [rows, size]");
  EmbeddingBag e(EmbeddingBagOptions(embeddings.size(0), embeddings.size(1))
                     ._weight(embeddings)
                     .max_norm(o.max_norm())
                     .norm_type(o.norm_type())
                     .scale_grad_by_freq(o.scale_grad_by_freq())
                     .mode(o.mode())
                     .sparse(o.sparse())
                     .include_last_offset(o.include_last_offset())
                     .padding_idx(o.padding_idx()));
  e->weight.set_requires_grad(!o.freeze());
  return e;
}

namespace functional {

Tensor embedding(const Tensor& input, const Tensor& weight, const EmbeddingFuncOptions& o) {
  check(input.defined() && weight.defined(), "embedding", "an argument is an undefined tensor");
  const optional<std::int64_t> padding = row_number("embedding", o.padding_idx(), weight.size(0));
  if (o.max_norm()) limit_norms(weight, input, *o.max_norm(), o.norm_type());
  return at::embedding(weight, input, padding.value_or(-1), o.scale_grad_by_freq(), o.sparse());
}

Tensor embedding_bag(const Tensor& input, const Tensor& weight, const EmbeddingBagFuncOptions& o) {
  const char* op = "embedding_bag";
  check(input.defined() && weight.defined(), op, "an argument is an undefined tensor");
  check<ValueError>(input.dim() == 1 || input.dim() == 2, op, "input must be [N, per bag], or [all] with offsets, got ",
                    input);
  check<ValueError>((input.dim() == 1) == o.offsets().defined(), op, "offsets belong to an input of rank 1, got ",
                    input);
  const Tensor& scale = o.per_sample_weights();
  check<ValueError>(!scale.defined() || (scale.sizes() == input.sizes() && o.mode().is<enumtype::kSum>()), op,
                    "per_sample_weights need the shape of input ", input, " and mode kSum");
  const optional<std::int64_t> padding = row_number(op, o.padding_idx(), weight.size(0));
  // Where each bag begins and the number of bags.
  std::vector<std::int64_t> begins;
  if (input.dim() == 2) {
    for (std::int64_t b = 0; b <= input.size(0); ++b) begins.push_back(b * input.size(1));
  } else {
    check<TypeError>(is_integral(o.offsets().scalar_type()) && o.offsets().dim() == 1, op,
                     "offsets must be integers [N], got ", o.offsets());
    const Tensor given = o.offsets().to(kInt64).contiguous();
    begins.assign(given.data_ptr<std::int64_t>(), given.data_ptr<std::int64_t>() + given.numel());
    if (!o.include_last_offset()) begins.push_back(input.numel());
    for (std::size_t i = 0; i < begins.size(); ++i)
      check<ValueError>(begins[i] >= (i ? begins[i - 1] : 0) && begins[i] <= input.numel() && begins[0] == 0, op,
                        "offsets must begin with 0 and not fall, up to ", input.numel(), ", got ", o.offsets());
  }
  const auto bags = static_cast<std::int64_t>(begins.size()) - 1;
  if (o.max_norm()) limit_norms(weight, input, *o.max_norm(), o.norm_type());

  const Tensor flat = input.reshape({-1}).to(kInt64);
  std::vector<std::int64_t> bag_of(static_cast<std::size_t>(flat.numel()));
  for (std::int64_t b = 0; b < bags; ++b)
    for (std::int64_t i = begins[static_cast<std::size_t>(b)]; i < begins[static_cast<std::size_t>(b) + 1]; ++i)
      bag_of[static_cast<std::size_t>(i)] = b;
  const std::int64_t used = bags < 0 ? 0 : begins.back();
  const Tensor bag = tensor(bag_of, kInt64).slice(0, 0, used), rows_at = flat.slice(0, 0, used);
  Tensor rows = at::embedding(weight, rows_at, padding.value_or(-1), o.scale_grad_by_freq(), o.sparse());
  const Tensor counts_in = padding ? rows_at.ne(*padding) : ones({used}, kBool);
  const TensorOptions like = weight.detach().options();
  const Tensor count = zeros({bags}, like).index_add(0, bag, counts_in.to(weight.scalar_type())).unsqueeze(1);
  if (o.mode().is<enumtype::kMax>()) {
    std::vector<Tensor> best;
    for (std::int64_t b = 0; b < bags; ++b) {
      const Tensor mine = rows.slice(0, begins[static_cast<std::size_t>(b)], begins[static_cast<std::size_t>(b) + 1])
                              .index({counts_in.slice(0, begins[static_cast<std::size_t>(b)],
                                                      begins[static_cast<std::size_t>(b) + 1])});
      best.push_back(mine.size(0) > 0 ? std::get<0>(mine.max(0)) : zeros({weight.size(1)}, like));
    }
    return bags > 0 ? stack(best) : zeros({0, weight.size(1)}, like);
  }
  if (scale.defined()) rows = rows * scale.reshape({-1}).slice(0, 0, used).unsqueeze(1);
  if (padding) rows = where(counts_in.unsqueeze(1), rows, 0);
  const Tensor sum = zeros({bags, weight.size(1)}, like).index_add(0, bag, rows);
  return o.mode().is<enumtype::kMean>() ? sum / clamp_min(count, 1) : sum;
}

Tensor one_hot(const Tensor& tensor, std::int64_t num_classes) { return at::one_hot(tensor, num_classes); }

}  // namespace functional
}  // namespace gradtape::nn
