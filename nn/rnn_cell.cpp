#include "nn/rnn_cell.h"

#include <cmath>
#include <sstream>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "autograd/ops/recurrent.h"
#include "nn/any.h"
#include "nn/cloneable.h"
#include "nn/init.h"

namespace gradtape::nn {
namespace detail {
namespace {

const char* class_of(const RNNCellOptionsBase& o) {
  return o.num_chunks() == 4 ? "LSTMCell" : o.num_chunks() == 3 ? "GRUCell" : "RNNCell";
}

}  // namespace

RNNCellOptionsBase::RNNCellOptionsBase(std::int64_t input_size, std::int64_t hidden_size, bool bias,
                                       std::int64_t num_chunks)
    : input_size_(input_size), hidden_size_(hidden_size), bias_(bias), num_chunks_(num_chunks) {}

RNNCellImplBase::~RNNCellImplBase() = default;
RNNCellImplBase::RNNCellImplBase(const RNNCellImplBase& o) = default;
RNNCellImplBase& RNNCellImplBase::operator=(const RNNCellImplBase& o) = default;
RNNCellImplBase::RNNCellImplBase(const RNNCellOptionsBase& o) : options_base(o) {
  check<ValueError>(o.input_size() >= 0 && o.hidden_size() > 0, class_of(o),
                    "need input_size >= 0 and hidden_size > 0, got ", o.input_size(), " and ", o.hidden_size());
}

void RNNCellImplBase::register_weights() {
  const RNNCellOptionsBase& o = options_base;
  const std::int64_t gates = o.num_chunks() * o.hidden_size();
  weight_ih = register_parameter("weight_ih", empty({gates, o.input_size()}));
  weight_hh = register_parameter("weight_hh", empty({gates, o.hidden_size()}));
  bias_ih = register_parameter("bias_ih", o.bias() ? empty({gates}) : Tensor());
  bias_hh = register_parameter("bias_hh", o.bias() ? empty({gates}) : Tensor());
  reset_parameters();
}
void RNNCellImplBase::reset_parameters() {
  const double bound = 1 / std::sqrt(static_cast<double>(options_base.hidden_size()));
  for (const Tensor& w : {weight_ih, weight_hh, bias_ih, bias_hh})
    if (w.defined()) init::uniform_(w, -bound, bound);
}

void RNNCellImplBase::print(std::ostream& stream, const char* nonlinearity) const {
  const RNNCellOptionsBase& o = options_base;
  stream << "torch::nn::" << class_of(o) << '(' << o.input_size() << ", " << o.hidden_size();
  if (!o.bias()) stream << ", bias=false";
  if (nonlinearity) stream << ", nonlinearity=" << nonlinearity;
  stream << ')';
}
std::string RNNCellImplBase::description() const {
  std::ostringstream text;
  pretty_print(text);
  return text.str();
}

void RNNCellImplBase::check_input(const Tensor& input) const {
  const RNNCellOptionsBase& o = options_base;
  check(input.defined() && (input.dim() == 1 || input.dim() == 2) && input.size(-1) == o.input_size(), class_of(o),
        "input must be [batch, ", o.input_size(), "] or [", o.input_size(), "], got ", input, "; the cell is ",
        description());
}
Tensor RNNCellImplBase::checked_state(const char* what, const Tensor& given, const Tensor& input) const {
  const RNNCellOptionsBase& o = options_base;
  Shape sizes(input.sizes());
  sizes[sizes.size() - 1] = o.hidden_size();
  if (!given.defined()) return zeros(sizes, input.options());
  check(given.sizes() == IntArrayRef(sizes), class_of(o), what, " must be ", sizes, " for input ", input, ", got ",
        given, "; the cell is ", description());
  return given;
}

}  // namespace detail

namespace {

// One row for a vector.
Tensor rows(const Tensor& t) { return t.dim() == 1 ? t.unsqueeze(0) : t; }
Tensor like(const Tensor& y, const Tensor& input) { return input.dim() == 1 ? y.squeeze(0) : y; }

}  // namespace

RNNCellOptions::RNNCellOptions(std::int64_t input_size, std::int64_t hidden_size)
    : input_size_(input_size), hidden_size_(hidden_size) {}
RNNCellImpl::RNNCellImpl(std::int64_t input_size, std::int64_t hidden_size)
    : RNNCellImpl(RNNCellOptions(input_size, hidden_size)) {}
RNNCellImpl::RNNCellImpl(const RNNCellOptions& o)
    : RNNCellImplBase({o.input_size(), o.hidden_size(), o.bias(), 1}), options(o) {
  reset();
}
void RNNCellImpl::reset() { register_weights(); }
void RNNCellImpl::pretty_print(std::ostream& stream) const {
  print(stream, options.nonlinearity().is<enumtype::kReLU>() ? "kReLU" : nullptr);
}
Tensor RNNCellImpl::forward(const Tensor& input, Tensor hx) {
  check_input(input);
  const Tensor h = checked_state("hx", hx, input);
  const Tensor sum = linear(rows(input), weight_ih, bias_ih) + linear(rows(h), weight_hh, bias_hh);
  return like(options.nonlinearity().is<enumtype::kReLU>() ? relu(sum) : tanh(sum), input);
}
GRADTAPE_LAYER_DEFINITION(RNNCellImpl);
GRADTAPE_LAYER_DEFAULTS(RNNCellImpl, {1, AnyValue(Tensor())});

LSTMCellOptions::LSTMCellOptions(std::int64_t input_size, std::int64_t hidden_size)
    : input_size_(input_size), hidden_size_(hidden_size) {}
LSTMCellImpl::LSTMCellImpl(std::int64_t input_size, std::int64_t hidden_size)
    : LSTMCellImpl(LSTMCellOptions(input_size, hidden_size)) {}
LSTMCellImpl::LSTMCellImpl(const LSTMCellOptions& o)
    : RNNCellImplBase({o.input_size(), o.hidden_size(), o.bias(), 4}), options(o) {
  reset();
}
void LSTMCellImpl::reset() { register_weights(); }
void LSTMCellImpl::pretty_print(std::ostream& stream) const { print(stream, nullptr); }
std::tuple<Tensor, Tensor> LSTMCellImpl::forward(const Tensor& input, optional<std::tuple<Tensor, Tensor>> hx_opt) {
  check_input(input);
  const auto [hx, cx] = hx_opt.value_or(std::tuple<Tensor, Tensor>());
  const Tensor h = checked_state("hx", hx, input), c = checked_state("cx", cx, input);
  const auto next =
      ops::lstm_step(linear(rows(input), weight_ih, bias_ih), linear(rows(h), weight_hh, bias_hh), rows(c));
  return {like(next.first, input), like(next.second, input)};
}
GRADTAPE_LAYER_DEFINITION(LSTMCellImpl);
GRADTAPE_LAYER_DEFAULTS(LSTMCellImpl, {1, AnyValue(optional<std::tuple<Tensor, Tensor>>())});

GRUCellOptions::GRUCellOptions(std::int64_t input_size, std::int64_t hidden_size)
    : input_size_(input_size), hidden_size_(hidden_size) {}
GRUCellImpl::GRUCellImpl(std::int64_t input_size, std::int64_t hidden_size)
    : GRUCellImpl(GRUCellOptions(input_size, hidden_size)) {}
GRUCellImpl::GRUCellImpl(const GRUCellOptions& o)
    : RNNCellImplBase({o.input_size(), o.hidden_size(), o.bias(), 3}), options(o) {
  reset();
}
void GRUCellImpl::reset() { register_weights(); }
void GRUCellImpl::pretty_print(std::ostream& stream) const { print(stream, nullptr); }
Tensor GRUCellImpl::forward(const Tensor& input, Tensor hx) {
  check_input(input);
  const Tensor h = rows(checked_state("hx", hx, input));
  return like(ops::gru_step(linear(rows(input), weight_ih, bias_ih), linear(h, weight_hh, bias_hh), h), input);
}
GRADTAPE_LAYER_DEFINITION(GRUCellImpl);
GRADTAPE_LAYER_DEFAULTS(GRUCellImpl, {1, AnyValue(Tensor())});

}  // namespace gradtape::nn
