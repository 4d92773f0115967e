#include "nn/rnn.h"

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

using Mode = RNNOptionsBase::rnn_options_base_mode_t;

const char* class_of(Mode mode) {
  return mode.is<enumtype::kLSTM>() ? "LSTM" : mode.is<enumtype::kGRU>() ? "GRU" : "RNN";
}
std::int64_t gates_of(Mode mode) { return mode.is<enumtype::kLSTM>() ? 4 : mode.is<enumtype::kGRU>() ? 3 : 1; }
std::int64_t output_size(const RNNOptionsBase& o) { return o.proj_size() > 0 ? o.proj_size() : o.hidden_size(); }
std::int64_t directions(const RNNOptionsBase& o) { return o.bidirectional() ? 2 : 1; }

struct Weights {
  Tensor w_ih, w_hh, b_ih, b_hh, w_hr;  // what there is not is undefined
};
struct State {
  Tensor h, c;  // c: LSTM only
};

State step(Mode mode, const Weights& w, const Tensor& of_input, const State& s) {
  const Tensor of_state = linear(s.h, w.w_hh, w.b_hh);
  if (mode.is<enumtype::kLSTM>()) {
    auto [h, c] = ops::lstm_step(of_input, of_state, s.c);
    return {w.w_hr.defined() ? linear(h, w.w_hr) : h, c};
  }
  if (mode.is<enumtype::kGRU>()) return {ops::gru_step(of_input, of_state, s.h), {}};
  const Tensor sum = of_input + of_state;
  return {mode.is<enumtype::kRNN_TANH>() ? tanh(sum) : relu(sum), {}};
}

State rows_of(const State& s, std::int64_t start, std::int64_t count) {
  if (start == 0 && s.h.size(0) == count) return s;
  return {s.h.narrow(0, start, count), s.c.defined() ? s.c.narrow(0, start, count) : s.c};
}
State joined(const std::vector<State>& parts) {
  if (parts.size() == 1) return parts[0];
  std::vector<Tensor> h, c;
  for (const State& s : parts) {
    h.push_back(s.h);
    if (s.c.defined()) c.push_back(s.c);
  }
  return {cat(h, 0), c.empty() ? Tensor() : cat(c, 0)};
}

// Sequences end before others do, from the last on: their states are final then.
State forwards(Mode mode, const Weights& w, const std::vector<Tensor>& inputs, State s, std::vector<Tensor>& outputs) {
  std::vector<State> ended;  // in the order of their ends
  for (const Tensor& x : inputs) {
    const std::int64_t now = s.h.size(0), left = x.size(0);
    if (left < now) {
      ended.push_back(rows_of(s, left, now - left));
      s = rows_of(s, 0, left);
    }
    s = step(mode, w, x, s);
    outputs.push_back(s.h);
  }
  ended.push_back(s);
  return joined(std::vector<State>(ended.rbegin(), ended.rend()));
}
// From the ends on, where the longest sequences begin and others join them.
State backwards(Mode mode, const Weights& w, const std::vector<Tensor>& inputs, const State& start,
                std::vector<Tensor>& outputs) {
  State s = rows_of(start, 0, inputs.back().size(0));
  outputs.resize(inputs.size());
  for (std::size_t t = inputs.size(); t-- > 0;) {
    const std::int64_t now = s.h.size(0), wanted = inputs[t].size(0);
    if (wanted > now) s = joined({s, rows_of(start, now, wanted - now)});
    s = step(mode, w, inputs[t], s);
    outputs[t] = s.h;
  }
  return s;
}

}  // namespace

RNNOptionsBase::RNNOptionsBase(rnn_options_base_mode_t mode, std::int64_t input_size, std::int64_t hidden_size)
    : mode_(mode), input_size_(input_size), hidden_size_(hidden_size) {}

RNNImplBase::~RNNImplBase() = default;
RNNImplBase::RNNImplBase(const RNNImplBase& o) = default;
RNNImplBase& RNNImplBase::operator=(const RNNImplBase& o) = default;
RNNImplBase::RNNImplBase(const RNNOptionsBase& o) : options_base(o) {
  const char* name = class_of(o.mode());
  check<ValueError>(o.input_size() >= 0 && o.hidden_size() > 0, name, "need input_size >= 0 and hidden_size > 0, got ",
                    o.input_size(), " and ", o.hidden_size());
  check<ValueError>(o.num_layers() > 0, name, "num_layers must be positive, got ", o.num_layers());
  check<ValueError>(o.dropout() >= 0 && o.dropout() <= 1, name,
                    "dropout is the probability of an element to be zeroed and lies in [0, 1], got ", o.dropout());
  check<ValueError>(o.proj_size() >= 0 && o.proj_size() < o.hidden_size(), name,
                    "proj_size must be smaller than hidden_size ", o.hidden_size(), ", or 0 for no projection, got ",
                    o.proj_size());
}

void RNNImplBase::register_weights() {
  const RNNOptionsBase& o = options_base;
  const std::int64_t gates = gates_of(o.mode()) * o.hidden_size(), size = output_size(o);
  flat_weights_.clear();
  const auto add = [&](const char* name, const std::string& suffix, IntArrayRef sizes) {
    flat_weights_.push_back(register_parameter(name + suffix, empty(sizes)));
  };
  for (std::int64_t layer = 0; layer < o.num_layers(); ++layer)
    for (std::int64_t d = 0; d < directions(o); ++d) {
      const std::string suffix = "_l" + std::to_string(layer) + (d == 1 ? "_reverse" : "");
      add("weight_ih", suffix, {gates, layer == 0 ? o.input_size() : size * directions(o)});
      add("weight_hh", suffix, {gates, size});
      if (o.bias()) {
        add("bias_ih", suffix, {gates});
        add("bias_hh", suffix, {gates});
      }
      if (o.proj_size() > 0) add("weight_hr", suffix, {o.proj_size(), o.hidden_size()});
    }
  reset_parameters();
}
void RNNImplBase::reset_parameters() {
  const double bound = 1 / std::sqrt(static_cast<double>(options_base.hidden_size()));
  for (const Tensor& w : flat_weights_) init::uniform_(w, -bound, bound);
}

void RNNImplBase::print(std::ostream& stream) const {
  const RNNOptionsBase& o = options_base;
  const auto word = [](bool b) { return b ? "true" : "false"; };
  stream << "torch::nn::" << class_of(o.mode()) << "(input_size=" << o.input_size()
         << ", hidden_size=" << o.hidden_size() << ", num_layers=" << o.num_layers() << ", bias=" << word(o.bias())
         << ", batch_first=" << word(o.batch_first()) << ", dropout=" << o.dropout()
         << ", bidirectional=" << word(o.bidirectional());
  if (o.proj_size() > 0) stream << ", proj_size=" << o.proj_size();
  stream << ')';
}
std::string RNNImplBase::description() const {
  std::ostringstream text;
  print(text);
  return text.str();
}

RNNImplBase::Run RNNImplBase::run_rows(Tensor data, ArrayRef<std::int64_t> batch_sizes, const Tensor& h,
                                       const Tensor& c) const {
  const RNNOptionsBase& o = options_base;
  const std::size_t count = flat_weights_.size() / static_cast<std::size_t>(o.num_layers() * directions(o));
  std::vector<Tensor> last_h, last_c;
  for (std::int64_t layer = 0; layer < o.num_layers(); ++layer) {
    if (layer > 0 && o.dropout() > 0 && is_training()) data = at::dropout(data, o.dropout(), true);
    std::vector<Tensor> of_directions;
    for (std::int64_t d = 0; d < directions(o); ++d) {
      const std::int64_t k = layer * directions(o) + d;
      const Tensor* p = &flat_weights_[static_cast<std::size_t>(k) * count];
      Weights w{p[0], p[1], {}, {}, {}};
      if (o.bias()) w.b_ih = p[2], w.b_hh = p[3];
      if (o.proj_size() > 0) w.w_hr = p[count - 1];
      const State start{h[k], c.defined() ? c[k] : c};
      const std::vector<Tensor> inputs = ops::split_rows(linear(data, w.w_ih, w.b_ih), batch_sizes);
      std::vector<Tensor> outputs;
      outputs.reserve(inputs.size());
      const State last =
          d == 0 ? forwards(o.mode(), w, inputs, start, outputs) : backwards(o.mode(), w, inputs, start, outputs);
      of_directions.push_back(ops::join_rows(outputs));
      last_h.push_back(last.h);
      if (c.defined()) last_c.push_back(last.c);
    }
    data = of_directions.size() == 1 ? of_directions[0] : cat(of_directions, 1);
  }
  return {data, stack(last_h, 0), c.defined() ? stack(last_c, 0) : c};
}

Tensor RNNImplBase::checked_state(const char* what, const Tensor& given, const Tensor& like, IntArrayRef sizes,
                                  const Tensor& order) const {
  if (!given.defined()) return zeros(sizes, like.options());
  const char* name = class_of(options_base.mode());
  check(given.sizes() == sizes, name, what, " must be ", sizes, " for input ", like, ", got ", given, "; the layer is ",
        description());
  check<TypeError>(given.scalar_type() == like.scalar_type(), name, what, " is ", given, ", but input is ", like,
                   "; convert with to()");
  return order.defined() ? given.index_select(1, order) : given;
}

RNNImplBase::Run RNNImplBase::run(const Tensor& input, const Tensor& h, const Tensor& c) const {
  const RNNOptionsBase& o = options_base;
  const char* name = class_of(o.mode());
  check(input.defined(), name, "input is an undefined tensor");
  const bool one = input.dim() == 2;
  check((one || input.dim() == 3) && input.size(-1) == o.input_size(), name, "input must be ",
        o.batch_first() ? "[batch, time, " : "[time, batch, ", o.input_size(), "], or [time, ", o.input_size(),
        "] for one sequence, got ", input, "; the layer is ", description());
  const std::int64_t states = o.num_layers() * directions(o);
  // A batch of one, and states of one, where there is none.
  Tensor x = one ? input.unsqueeze(1) : o.batch_first() ? input.transpose(0, 1) : input;
  const std::int64_t time = x.size(0), batch = x.size(1);
  check(time > 0, name, "input ", input, " has no time steps; the layer is ", description());
  const auto state = [&](const char* what, const Tensor& given, std::int64_t size) {
    if (!one || !given.defined()) return checked_state(what, given, input, IntArrayRef({states, batch, size}), {});
    return checked_state(what, given, input, IntArrayRef({states, size}), {}).unsqueeze(1);
  };
  const Tensor h0 = state("hx", h, output_size(o));
  const Tensor c0 = o.mode().is<enumtype::kLSTM>() ? state("cx", c, o.hidden_size()) : Tensor();
  const std::vector<std::int64_t> batch_sizes(static_cast<std::size_t>(time), batch);
  Run r = run_rows(x.flatten(0, 1), batch_sizes, h0, c0);
  r.output = r.output.view({time, batch, output_size(o) * directions(o)});
  if (one) {
    r.output = r.output.squeeze(1);
    r.h = r.h.squeeze(1);
    if (r.c.defined()) r.c = r.c.squeeze(1);
  } else if (o.batch_first()) {
    r.output = r.output.transpose(0, 1);
  }
  return r;
}

RNNImplBase::Run RNNImplBase::run_packed(const utils::rnn::PackedSequence& input, const Tensor& h,
                                         const Tensor& c) const {
  const RNNOptionsBase& o = options_base;
  const char* name = class_of(o.mode());
  const Tensor &data = input.data(), sizes = input.batch_sizes().contiguous();
  check(data.defined() && data.dim() == 2 && data.size(1) == o.input_size(), name,
        "the data of a packed input must be [rows, ", o.input_size(), "], got ", data, "; the layer is ",
        description());
  const ArrayRef<std::int64_t> batch_sizes(sizes.data_ptr<std::int64_t>(), static_cast<std::size_t>(sizes.numel()));
  const std::int64_t states = o.num_layers() * directions(o), batch = batch_sizes.empty() ? 0 : batch_sizes[0];
  check(batch > 0, name, "the packed input is empty");
  const Tensor h0 = checked_state("hx", h, data, IntArrayRef({states, batch, output_size(o)}), input.sorted_indices());
  const Tensor c0 =
      o.mode().is<enumtype::kLSTM>()
          ? checked_state("cx", c, data, IntArrayRef({states, batch, o.hidden_size()}), input.sorted_indices())
          : Tensor();
  Run r = run_rows(data, batch_sizes, h0, c0);
  if (input.unsorted_indices().defined()) {
    r.h = r.h.index_select(1, input.unsorted_indices());
    if (r.c.defined()) r.c = r.c.index_select(1, input.unsorted_indices());
  }
  return r;
}

}  // namespace detail

namespace {

template <class Options>
detail::RNNOptionsBase base_of(const Options& o, detail::RNNOptionsBase::rnn_options_base_mode_t mode) {
  detail::RNNOptionsBase b(mode, o.input_size(), o.hidden_size());
  return b.num_layers(o.num_layers())
      .bias(o.bias())
      .batch_first(o.batch_first())
      .dropout(o.dropout())
      .bidirectional(o.bidirectional());
}
utils::rnn::PackedSequence packed_like(const utils::rnn::PackedSequence& p, const Tensor& data) {
  return utils::rnn::PackedSequence(data, p.batch_sizes(), p.sorted_indices(), p.unsorted_indices());
}

}  // namespace

RNNOptions::RNNOptions(std::int64_t input_size, std::int64_t hidden_size)
    : input_size_(input_size), hidden_size_(hidden_size) {}
LSTMOptions::LSTMOptions(std::int64_t input_size, std::int64_t hidden_size)
    : input_size_(input_size), hidden_size_(hidden_size) {}
GRUOptions::GRUOptions(std::int64_t input_size, std::int64_t hidden_size)
    : input_size_(input_size), hidden_size_(hidden_size) {}

RNNImpl::RNNImpl(std::int64_t input_size, std::int64_t hidden_size) : RNNImpl(RNNOptions(input_size, hidden_size)) {}
RNNImpl::RNNImpl(const RNNOptions& o)
    : RNNImplBase(o.nonlinearity().is<enumtype::kReLU>() ? base_of(o, kRNN_RELU) : base_of(o, kRNN_TANH)), options(o) {
  reset();
}
void RNNImpl::reset() { register_weights(); }
void RNNImpl::pretty_print(std::ostream& stream) const { print(stream); }
std::tuple<Tensor, Tensor> RNNImpl::forward(const Tensor& input, Tensor hx) {
  const Run r = run(input, hx, {});
  return {r.output, r.h};
}
std::tuple<utils::rnn::PackedSequence, Tensor> RNNImpl::forward_with_packed_input(
    const utils::rnn::PackedSequence& packed_input, Tensor hx) {
  const Run r = run_packed(packed_input, hx, {});
  return {packed_like(packed_input, r.output), r.h};
}
GRADTAPE_LAYER_DEFINITION(RNNImpl);
GRADTAPE_LAYER_DEFAULTS(RNNImpl, {1, AnyValue(Tensor())});

LSTMImpl::LSTMImpl(std::int64_t input_size, std::int64_t hidden_size)
    : LSTMImpl(LSTMOptions(input_size, hidden_size)) {}
LSTMImpl::LSTMImpl(const LSTMOptions& o) : RNNImplBase(base_of(o, kLSTM).proj_size(o.proj_size())), options(o) {
  reset();
}
void LSTMImpl::reset() { register_weights(); }
void LSTMImpl::pretty_print(std::ostream& stream) const { print(stream); }
std::tuple<Tensor, std::tuple<Tensor, Tensor>> LSTMImpl::forward(const Tensor& input,
                                                                 optional<std::tuple<Tensor, Tensor>> hx_opt) {
  const auto [h, c] = hx_opt.value_or(std::tuple<Tensor, Tensor>());
  const Run r = run(input, h, c);
  return {r.output, {r.h, r.c}};
}
std::tuple<utils::rnn::PackedSequence, std::tuple<Tensor, Tensor>> LSTMImpl::forward_with_packed_input(
    const utils::rnn::PackedSequence& packed_input, optional<std::tuple<Tensor, Tensor>> hx_opt) {
  const auto [h, c] = hx_opt.value_or(std::tuple<Tensor, Tensor>());
  const Run r = run_packed(packed_input, h, c);
  return {packed_like(packed_input, r.output), {r.h, r.c}};
}
GRADTAPE_LAYER_DEFINITION(LSTMImpl);
GRADTAPE_LAYER_DEFAULTS(LSTMImpl, {1, AnyValue(optional<std::tuple<Tensor, Tensor>>())});

GRUImpl::GRUImpl(std::int64_t input_size, std::int64_t hidden_size) : GRUImpl(GRUOptions(input_size, hidden_size)) {}
GRUImpl::GRUImpl(const GRUOptions& o) : RNNImplBase(base_of(o, kGRU)), options(o) { reset(); }
void GRUImpl::reset() { register_weights(); }
void GRUImpl::pretty_print(std::ostream& stream) const { print(stream); }
std::tuple<Tensor, Tensor> GRUImpl::forward(const Tensor& input, Tensor hx) {
  const Run r = run(input, hx, {});
  return {r.output, r.h};
}
std::tuple<utils::rnn::PackedSequence, Tensor> GRUImpl::forward_with_packed_input(
    const utils::rnn::PackedSequence& packed_input, Tensor hx) {
  const Run r = run_packed(packed_input, hx, {});
  return {packed_like(packed_input, r.output), r.h};
}
GRADTAPE_LAYER_DEFINITION(GRUImpl);
GRADTAPE_LAYER_DEFAULTS(GRUImpl, {1, AnyValue(Tensor())});

}  // namespace gradtape::nn
