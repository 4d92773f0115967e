#pragma once
// Recurrent layers over whole sequences, and their cells, which take one step (rnn_cell.h).
//
// Input [time, batch, input_size], or [batch, time, input_size] with batch_first, or one sequence [time, input_size];
// output [time, batch, directions * size] in the same order, where size is hidden_size, or proj_size where there is
// one. States hx (zeros unless given) and the last ones, which come back, are [layers * directions, batch, size], or
// without the batch for one sequence. forward_with_packed_input takes sequences of different lengths. Weights start
// uniform on (-k, k), k = hidden_size^(-1/2).
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "arg.h"
#include "enum.h"
#include "layer.h"
#include "utils_rnn.h"

namespace gradtape::nn {
namespace detail {

struct RNNOptionsBase {
  using rnn_options_base_mode_t =
      enumtype::OneOf<enumtype::kLSTM, enumtype::kGRU, enumtype::kRNN_TANH, enumtype::kRNN_RELU>;
  RNNOptionsBase(rnn_options_base_mode_t mode, std::int64_t input_size, std::int64_t hidden_size);
  GRADTAPE_ARG(rnn_options_base_mode_t, mode);
  GRADTAPE_ARG(std::int64_t, input_size);
  GRADTAPE_ARG(std::int64_t, hidden_size);
  GRADTAPE_ARG(std::int64_t, num_layers) = 1;
  GRADTAPE_ARG(bool, bias) = true;
  GRADTAPE_ARG(bool, batch_first) = false;
  GRADTAPE_ARG(double, dropout) = 0.0;
  GRADTAPE_ARG(bool, bidirectional) = false;
  GRADTAPE_ARG(std::int64_t, proj_size) = 0;
};

// What the three have in common. Parameters of layer k: weight_ih_lk, weight_hh_lk, bias_ih_lk, bias_hh_lk,
// weight_hr_lk (with proj_size), and the same with "_reverse" behind for the other direction.
class RNNImplBase : public Module {
 public:
  ~RNNImplBase() override;
  void reset_parameters();
  // Parameters are used where they are; there is nothing to do.
  void flatten_parameters() {}
  std::vector<Tensor> all_weights() const { return flat_weights_; }

  RNNOptionsBase options_base;

 protected:
  explicit RNNImplBase(const RNNOptionsBase& options);
  RNNImplBase(const RNNImplBase& o);
  RNNImplBase& operator=(const RNNImplBase& o);
  void register_weights();
  void print(std::ostream& stream) const;
  struct Run {
    Tensor output, h, c;
  };
  Run run(const Tensor& input, const Tensor& h, const Tensor& c) const;
  Run run_packed(const utils::rnn::PackedSequence& input, const Tensor& h, const Tensor& c) const;

  std::vector<Tensor> flat_weights_;  // the parameters, in their order

 private:
  std::string description() const;
  Tensor checked_state(const char* what, const Tensor& given, const Tensor& like, IntArrayRef sizes,
                       const Tensor& order) const;
  // data [rows, input_size], row by row as in a packed sequence of these batch sizes.
  Run run_rows(Tensor data, ArrayRef<std::int64_t> batch_sizes, const Tensor& h, const Tensor& c) const;
};

}  // namespace detail

// hidden_size, num_layers and the other options of RNN, LSTM and GRU.
#define GRADTAPE_RNN_OPTIONS(Name)                         \
  Name(std::int64_t input_size, std::int64_t hidden_size); \
  GRADTAPE_ARG(std::int64_t, input_size);                  \
  GRADTAPE_ARG(std::int64_t, hidden_size);                 \
  GRADTAPE_ARG(std::int64_t, num_layers) = 1;              \
  GRADTAPE_ARG(bool, bias) = true;                         \
  GRADTAPE_ARG(bool, batch_first) = false;                 \
  GRADTAPE_ARG(double, dropout) = 0.0;                     \
  GRADTAPE_ARG(bool, bidirectional) = false

// dropout: the probability that an element between two layers becomes 0 in training.
struct RNNOptions {
  using nonlinearity_t = enumtype::OneOf<enumtype::kTanh, enumtype::kReLU>;
  GRADTAPE_RNN_OPTIONS(RNNOptions);
  GRADTAPE_ARG(nonlinearity_t, nonlinearity) = kTanh;
};

// h' = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu; Elman 1990.
struct RNNImpl : detail::RNNImplBase {
  RNNImpl(std::int64_t input_size, std::int64_t hidden_size);
  explicit RNNImpl(const RNNOptions& options);
  std::tuple<Tensor, Tensor> forward(const Tensor& input, Tensor hx = {});
  std::tuple<utils::rnn::PackedSequence, Tensor> forward_with_packed_input(
      const utils::rnn::PackedSequence& packed_input, Tensor hx = {});
  RNNOptions options;
  GRADTAPE_LAYER(RNNImpl);
  std::size_t forward_defaults(AnyValue* values, std::size_t given) override;
};
GRADTAPE_MODULE(RNN);

// proj_size: h is multiplied by weight_hr [proj_size, hidden_size]; 0 is without.
struct LSTMOptions {
  GRADTAPE_RNN_OPTIONS(LSTMOptions);
  GRADTAPE_ARG(std::int64_t, proj_size) = 0;
};

// With i, f, g, o = the four parts of W_ih x + b_ih + W_hh h + b_hh:
// c' = sigmoid(f) c + sigmoid(i) tanh(g), h' = sigmoid(o) tanh(c'); Hochreiter and Schmidhuber 1997, with the forget
// gate of Gers et al. 2000. The state is the pair (h, c), and c has hidden_size elements also with proj_size.
struct LSTMImpl : detail::RNNImplBase {
  LSTMImpl(std::int64_t input_size, std::int64_t hidden_size);
  explicit LSTMImpl(const LSTMOptions& options);
  std::tuple<Tensor, std::tuple<Tensor, Tensor>> forward(const Tensor& input,
                                                         optional<std::tuple<Tensor, Tensor>> hx_opt = {});
  std::tuple<utils::rnn::PackedSequence, std::tuple<Tensor, Tensor>> forward_with_packed_input(
      const utils::rnn::PackedSequence& packed_input, optional<std::tuple<Tensor, Tensor>> hx_opt = {});
  LSTMOptions options;
  GRADTAPE_LAYER(LSTMImpl);
  std::size_t forward_defaults(AnyValue* values, std::size_t given) override;
};
GRADTAPE_MODULE(LSTM);

struct GRUOptions {
  GRADTAPE_RNN_OPTIONS(GRUOptions);
};
#undef GRADTAPE_RNN_OPTIONS

// With r, z, n = the three parts of W_ih x + b_ih and r', z', n' those of W_hh h + b_hh:
// n'' = tanh(n + sigmoid(r + r') n'), h' = (1 - sigmoid(z + z')) n'' + sigmoid(z + z') h; Cho et al., arXiv 1406.1078.
struct GRUImpl : detail::RNNImplBase {
  GRUImpl(std::int64_t input_size, std::int64_t hidden_size);
  explicit GRUImpl(const GRUOptions& options);
  std::tuple<Tensor, Tensor> forward(const Tensor& input, Tensor hx = {});
  std::tuple<utils::rnn::PackedSequence, Tensor> forward_with_packed_input(
      const utils::rnn::PackedSequence& packed_input, Tensor hx = {});
  GRUOptions options;
  GRADTAPE_LAYER(GRUImpl);
  std::size_t forward_defaults(AnyValue* values, std::size_t given) override;
};
GRADTAPE_MODULE(GRU);

}  // namespace gradtape::nn
