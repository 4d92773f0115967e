#include "nn/attention.h"

#include <cmath>
#include <limits>
#include <ostream>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "autograd/ops/recurrent.h"
#include "nn/any.h"
#include "nn/cloneable.h"
#include "nn/init.h"

namespace gradtape::nn {
namespace functional {
namespace {

using Options = MultiheadAttentionForwardFuncOptions;

const char* const kOp = "MultiheadAttention";

struct Heads {
  Tensor q, k, v;  // [batch heads, length, head_dim]
};
struct Sizes {
  std::int64_t batch, heads, head_dim;
  std::int64_t embed_dim() const { return heads * head_dim; }
};

// [length, batch, parts embed_dim] -> the parts, head by head.
std::vector<Tensor> by_head(const Tensor& projected, std::int64_t parts, const Sizes& n) {
  const std::int64_t length = projected.size(0), all = n.batch * n.heads;
  if (parts == 1) return {projected.reshape({length, all, n.head_dim}).transpose(0, 1)};
  // One copy that brings each head's rows together, then rows of it: its gradient is joined once.
  const Tensor rows = projected.view({length, n.batch, parts, n.heads, n.head_dim})
                          .permute({2, 1, 3, 0, 4})
                          .reshape({parts * all, length, n.head_dim});
  return ops::split_rows(rows, std::vector<std::int64_t>(static_cast<std::size_t>(parts), all));
}

// in_proj_weight in rows for the projections: {3}, {1, 2} or {1, 1, 1} times embed_dim.
struct Projection {
  std::vector<Tensor> weights, biases;
  Tensor operator()(const Tensor& x, std::size_t i) const {
    return gradtape::at::linear(x, weights[i], biases.empty() ? Tensor() : biases[i]);
  }
};
Projection projection(const Options& o, const std::vector<std::int64_t>& parts) {
  std::vector<std::int64_t> rows;
  for (std::int64_t n : parts) rows.push_back(n * o.embed_dim_to_check());
  const auto split = [&](const Tensor& t) {
    return rows.size() == 1 ? std::vector<Tensor>{t} : ops::split_rows(t, rows);
  };
  Projection p;
  p.weights = o.use_separate_proj_weight()
                  ? std::vector<Tensor>{o.q_proj_weight(), o.k_proj_weight(), o.v_proj_weight()}
                  : split(o.in_proj_weight());
  if (o.in_proj_bias().defined()) p.biases = split(o.in_proj_bias());
  return p;
}

Heads project(const Tensor& query, const Tensor& key, const Tensor& value, const Options& o, const Sizes& n) {
  const bool separate = o.use_separate_proj_weight();
  if (!separate && query.is_same(key) && key.is_same(value)) {
    const auto qkv = by_head(projection(o, {3})(query, 0), 3, n);
    return {qkv[0], qkv[1], qkv[2]};
  }
  if (!separate && key.is_same(value)) {
    const Projection p = projection(o, {1, 2});
    const auto kv = by_head(p(key, 1), 2, n);
    return {by_head(p(query, 0), 1, n)[0], kv[0], kv[1]};
  }
  const Projection p = projection(o, {1, 1, 1});
  return {by_head(p(query, 0), 1, n)[0], by_head(p(key, 1), 1, n)[0], by_head(p(value, 2), 1, n)[0]};
}

// bias [1, 1, embed_dim] as one more row of each head.
Tensor with_row(const Tensor& x, const Tensor& bias, const Sizes& n) {
  const Tensor row = bias.reshape({1, n.heads, 1, n.head_dim}).expand({n.batch, n.heads, 1, n.head_dim});
  return cat({x, row.reshape({n.batch * n.heads, 1, n.head_dim})}, 1);
}
// Masks know nothing of rows that were added: these are allowed.
Tensor widened(const Tensor& mask, std::int64_t sources) {
  if (!mask.defined() || mask.size(-1) == sources) return mask;
  Shape more(mask.sizes());
  more[more.size() - 1] = sources - mask.size(-1);
  return cat({mask, zeros(more, mask.options())}, -1);
}

void check_inputs(const Tensor& query, const Tensor& key, const Tensor& value, const Options& o) {
  check(query.defined() && key.defined() && value.defined(), kOp, "query, key and value must be defined tensors");
  const std::int64_t embed_dim = o.embed_dim_to_check();
  check(query.dim() == 3 && query.size(2) == embed_dim, kOp, "query must be [targets, batch, ", embed_dim, "], got ",
        query);
  const bool separate = o.use_separate_proj_weight();
  const std::int64_t kdim = separate ? o.k_proj_weight().size(1) : embed_dim;
  const std::int64_t vdim = separate ? o.v_proj_weight().size(1) : embed_dim;
  check(key.dim() == 3 && key.size(1) == query.size(1) && key.size(2) == kdim, kOp, "key must be [sources, ",
        query.size(1), ", ", kdim, "] for query ", query, ", got ", key);
  check(value.dim() == 3 && value.size(0) == key.size(0) && value.size(1) == key.size(1) && value.size(2) == vdim, kOp,
        "value must be [", key.size(0), ", ", key.size(1), ", ", vdim, "] for key ", key, ", got ", value);
  check<ValueError>(o.num_heads() > 0 && embed_dim % o.num_heads() == 0, kOp, "num_heads ", o.num_heads(),
                    " must divide embed_dim ", embed_dim);
  check(o.bias_k().defined() == o.bias_v().defined(), kOp, "bias_k and bias_v must both be given, or neither");
}

// `given`: sources before rows were added.
Tensor masked(Tensor scores, std::int64_t given, const Options& o, const Sizes& n) {
  const std::int64_t targets = scores.size(1), sources = scores.size(2);
  const double never = -std::numeric_limits<double>::infinity();
  if (o.attn_mask().defined()) {
    const Tensor& m = o.attn_mask();
    check((m.dim() == 2 || (m.dim() == 3 && m.size(0) == n.batch * n.heads)) && m.size(-2) == targets &&
              m.size(-1) == given,
          kOp, "attn_mask must be [targets, sources] or [batch heads, targets, sources], here with ", targets,
          " targets, ", given, " sources and batch heads ", n.batch * n.heads, ", got ", m);
    const Tensor mask = widened(m, sources);
    scores = mask.scalar_type() == kBool ? scores.masked_fill(mask, never) : scores + mask;
  }
  if (o.key_padding_mask().defined()) {
    const Tensor& m = o.key_padding_mask();
    check(m.dim() == 2 && m.size(0) == n.batch && m.size(1) == given, kOp,
          "key_padding_mask must be [batch, sources], here [", n.batch, ", ", given, "], got ", m);
    const Tensor mask = widened(m.to(kBool), sources);
    scores = scores.view({n.batch, n.heads, targets, sources})
                 .masked_fill(mask.view({n.batch, 1, 1, sources}), never)
                 .view({n.batch * n.heads, targets, sources});
  }
  return scores;
}

}  // namespace

Options::MultiheadAttentionForwardFuncOptions(std::int64_t embed_dim_to_check, std::int64_t num_heads,
                                              Tensor in_proj_weight, Tensor in_proj_bias, Tensor bias_k, Tensor bias_v,
                                              bool add_zero_attn, double dropout_p, Tensor out_proj_weight,
                                              Tensor out_proj_bias)
    : embed_dim_to_check_(embed_dim_to_check),
      num_heads_(num_heads),
      in_proj_weight_(std::move(in_proj_weight)),
      in_proj_bias_(std::move(in_proj_bias)),
      bias_k_(std::move(bias_k)),
      bias_v_(std::move(bias_v)),
      add_zero_attn_(add_zero_attn),
      dropout_p_(dropout_p),
      out_proj_weight_(std::move(out_proj_weight)),
      out_proj_bias_(std::move(out_proj_bias)) {}
Options::MultiheadAttentionForwardFuncOptions(const Options& o) = default;
Options::~MultiheadAttentionForwardFuncOptions() = default;

std::tuple<Tensor, Tensor> multi_head_attention_forward(const Tensor& query, const Tensor& key, const Tensor& value,
                                                        const Options& o) {
  check_inputs(query, key, value, o);
  const std::int64_t targets = query.size(0), embed_dim = o.embed_dim_to_check();
  const Sizes n{query.size(1), o.num_heads(), embed_dim / o.num_heads()};
  Heads h = project(query, key, value, o, n);
  const std::int64_t sources = o.static_k().defined() ? o.static_k().size(1) : key.size(0);
  h.q = h.q * (1 / std::sqrt(static_cast<double>(n.head_dim)));
  const bool fixed = o.static_k().defined() || o.static_v().defined();
  if (o.bias_k().defined()) {
    check(!fixed, kOp, "bias_k and bias_v cannot be added to static_k and static_v");
    h.k = with_row(h.k, o.bias_k(), n);
    h.v = with_row(h.v, o.bias_v(), n);
  }
  check(o.static_k().defined() == o.static_v().defined(), kOp, "static_k and static_v must both be given, or neither");
  for (auto [from, to] : {std::pair<const Tensor&, Tensor&>(o.static_k(), h.k), {o.static_v(), h.v}}) {
    if (!from.defined()) continue;
    check(from.dim() == 3 && from.size(0) == n.batch * n.heads && from.size(1) == sources && from.size(2) == n.head_dim,
          kOp, "static_k and static_v must be [", n.batch * n.heads, ", ", sources, ", ", n.head_dim, "], got ", from);
    to = from;
  }
  if (o.add_zero_attn()) {
    const Tensor row = zeros({n.batch * n.heads, 1, n.head_dim}, h.k.options());
    h.k = cat({h.k, row}, 1);
    h.v = cat({h.v, row}, 1);
  }
  Tensor weights = softmax(masked(bmm(h.q, h.k.transpose(1, 2)), sources, o, n), -1);
  if (o.training() && o.dropout_p() > 0) weights = at::dropout(weights, o.dropout_p(), true);
  const Tensor output = bmm(weights, h.v).transpose(0, 1).reshape({targets, n.batch, embed_dim});
  Tensor projected = gradtape::at::linear(output, o.out_proj_weight(), o.out_proj_bias());
  if (!o.need_weights()) return {projected, Tensor()};
  weights = weights.view({n.batch, n.heads, targets, weights.size(2)});
  return {projected, o.average_attn_weights() ? weights.mean(1) : weights};
}

}  // namespace functional

MultiheadAttentionOptions::MultiheadAttentionOptions(std::int64_t embed_dim, std::int64_t num_heads)
    : embed_dim_(embed_dim), num_heads_(num_heads), kdim_(embed_dim), vdim_(embed_dim) {}

MultiheadAttentionImpl::MultiheadAttentionImpl(std::int64_t embed_dim, std::int64_t num_heads)
    : MultiheadAttentionImpl(MultiheadAttentionOptions(embed_dim, num_heads)) {}
MultiheadAttentionImpl::MultiheadAttentionImpl(const MultiheadAttentionOptions& o)
    : Module("torch::nn::MultiheadAttention"), options(o) {
  check<ValueError>(o.embed_dim() > 0 && o.num_heads() > 0 && o.embed_dim() % o.num_heads() == 0, "MultiheadAttention",
                    "embed_dim must be divisible by num_heads, got ", o.embed_dim(), " and ", o.num_heads());
  check<ValueError>(o.dropout() >= 0 && o.dropout() <= 1, "MultiheadAttention", "dropout must lie in [0, 1], got ",
                    o.dropout());
  reset();
}

void MultiheadAttentionImpl::reset() {
  const MultiheadAttentionOptions& o = options;
  const std::int64_t n = o.embed_dim();
  _qkv_same_embed_dim = o.kdim() == n && o.vdim() == n;
  head_dim = n / o.num_heads();
  const bool same = _qkv_same_embed_dim;
  in_proj_weight = register_parameter("in_proj_weight", same ? empty({3 * n, n}) : Tensor());
  q_proj_weight = register_parameter("q_proj_weight", same ? Tensor() : empty({n, n}));
  k_proj_weight = register_parameter("k_proj_weight", same ? Tensor() : empty({n, o.kdim()}));
  v_proj_weight = register_parameter("v_proj_weight", same ? Tensor() : empty({n, o.vdim()}));
  in_proj_bias = register_parameter("in_proj_bias", o.bias() ? empty({3 * n}) : Tensor());
  out_proj = register_module("out_proj", Linear(LinearOptions(n, n).bias(o.bias())));
  bias_k = bias_v = Tensor();
  if (o.add_bias_kv()) {
    bias_k = register_parameter("bias_k", empty({1, 1, n}));
    bias_v = register_parameter("bias_v", empty({1, 1, n}));
  }
  _reset_parameters();
}
void MultiheadAttentionImpl::_reset_parameters() {
  for (const Tensor& w : {in_proj_weight, q_proj_weight, k_proj_weight, v_proj_weight})
    if (w.defined()) init::xavier_uniform_(w);
  if (in_proj_bias.defined()) {
    init::zeros_(in_proj_bias);
    init::zeros_(out_proj->bias);
  }
  for (const Tensor& b : {bias_k, bias_v})
    if (b.defined()) init::xavier_normal_(b);
}
void MultiheadAttentionImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::MultiheadAttention"; }

std::tuple<Tensor, Tensor> MultiheadAttentionImpl::forward(const Tensor& query, const Tensor& key, const Tensor& value,
                                                           const Tensor& key_padding_mask, bool need_weights,
                                                           const Tensor& attn_mask, bool average_attn_weights) {
  functional::MultiheadAttentionForwardFuncOptions o(options.embed_dim(), options.num_heads(), in_proj_weight,
                                                     in_proj_bias, bias_k, bias_v, options.add_zero_attn(),
                                                     options.dropout(), out_proj->weight, out_proj->bias);
  o.training(is_training()).need_weights(need_weights).attn_mask(attn_mask).average_attn_weights(average_attn_weights);
  if (!_qkv_same_embed_dim)
    o.use_separate_proj_weight(true)
        .q_proj_weight(q_proj_weight)
        .k_proj_weight(k_proj_weight)
        .v_proj_weight(v_proj_weight);
  const bool one =
      query.defined() && query.dim() == 2 && key.defined() && key.dim() == 2 && value.defined() && value.dim() == 2;
  if (!one) return functional::multi_head_attention_forward(query, key, value, o.key_padding_mask(key_padding_mask));
  // Without a batch: one of one, where what was one tensor stays one.
  o.key_padding_mask(key_padding_mask.defined() ? key_padding_mask.unsqueeze(0) : key_padding_mask);
  const Tensor q = query.unsqueeze(1), k = key.is_same(query) ? q : key.unsqueeze(1);
  const auto result = functional::multi_head_attention_forward(q, k, value.is_same(key) ? k : value.unsqueeze(1), o);
  const Tensor& weights = std::get<1>(result);
  return {std::get<0>(result).squeeze(1), weights.defined() ? weights.squeeze(0) : weights};
}
GRADTAPE_LAYER_DEFINITION(MultiheadAttentionImpl);
GRADTAPE_LAYER_DEFAULTS(MultiheadAttentionImpl, {3, AnyValue(Tensor())}, {4, AnyValue(true)}, {5, AnyValue(Tensor())},
                        {6, AnyValue(true)});

}  // namespace gradtape::nn
