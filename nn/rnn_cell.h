#pragma once
// Recurrent cells: one step. Input [batch, input_size], states and results [batch, hidden_size], or both without the
// batch; states are zeros unless given. Parameters weight_ih, weight_hh, bias_ih, bias_hh, uniform on (-k, k) at start,
// k = hidden_size^(-1/2). The formulas stand in rnn.h.
#include <cstddef>
#include <cstdint>
#include <tuple>

#include "arg.h"
#include "enum.h"
#include "layer.h"

namespace gradtape::nn {
namespace detail {

struct RNNCellOptionsBase {
  RNNCellOptionsBase(std::int64_t input_size, std::int64_t hidden_size, bool bias, std::int64_t num_chunks);
  GRADTAPE_ARG(std::int64_t, input_size);
  GRADTAPE_ARG(std::int64_t, hidden_size);
  GRADTAPE_ARG(bool, bias);
  GRADTAPE_ARG(std::int64_t, num_chunks);  // gates
};

class RNNCellImplBase : public Module {
 public:
  ~RNNCellImplBase() override;
  void reset_parameters();

  RNNCellOptionsBase options_base;
  Tensor weight_ih, weight_hh;
  Tensor bias_ih, bias_hh;  // undefined without bias

 protected:
  explicit RNNCellImplBase(const RNNCellOptionsBase& options);
  RNNCellImplBase(const RNNCellImplBase& o);
  RNNCellImplBase& operator=(const RNNCellImplBase& o);
  void register_weights();
  void print(std::ostream& stream, const char* nonlinearity) const;
  void check_input(const Tensor& input) const;
  // The state, zeros where it is undefined.
  Tensor checked_state(const char* what, const Tensor& given, const Tensor& input) const;

 private:
  std::string description() const;
};

}  // namespace detail

struct RNNCellOptions {
  using nonlinearity_t = enumtype::OneOf<enumtype::kTanh, enumtype::kReLU>;
  RNNCellOptions(std::int64_t input_size, std::int64_t hidden_size);
  GRADTAPE_ARG(std::int64_t, input_size);
  GRADTAPE_ARG(std::int64_t, hidden_size);
  GRADTAPE_ARG(bool, bias) = true;
  GRADTAPE_ARG(nonlinearity_t, nonlinearity) = kTanh;
};

struct RNNCellImpl : detail::RNNCellImplBase {
  RNNCellImpl(std::int64_t input_size, std::int64_t hidden_size);
  explicit RNNCellImpl(const RNNCellOptions& options);
  Tensor forward(const Tensor& input, Tensor hx = {});
  RNNCellOptions options;
  GRADTAPE_LAYER(RNNCellImpl);
  std::size_t forward_defaults(AnyValue* values, std::size_t given) override;
};
GRADTAPE_MODULE(RNNCell);

struct LSTMCellOptions {
  LSTMCellOptions(std::int64_t input_size, std::int64_t hidden_size);
  GRADTAPE_ARG(std::int64_t, input_size);
  GRADTAPE_ARG(std::int64_t, hidden_size);
  GRADTAPE_ARG(bool, bias) = true;
};

// Takes and gives (h, c).
struct LSTMCellImpl : detail::RNNCellImplBase {
  LSTMCellImpl(std::int64_t input_size, std::int64_t hidden_size);
  explicit LSTMCellImpl(const LSTMCellOptions& options);
  std::tuple<Tensor, Tensor> forward(const Tensor& input, optional<std::tuple<Tensor, Tensor>> hx_opt = {});
  LSTMCellOptions options;
  GRADTAPE_LAYER(LSTMCellImpl);
  std::size_t forward_defaults(AnyValue* values, std::size_t given) override;
};
GRADTAPE_MODULE(LSTMCell);

struct GRUCellOptions {
  GRUCellOptions(std::int64_t input_size, std::int64_t hidden_size);
  GRADTAPE_ARG(std::int64_t, input_size);
  GRADTAPE_ARG(std::int64_t, hidden_size);
  GRADTAPE_ARG(bool, bias) = true;
};

struct GRUCellImpl : detail::RNNCellImplBase {
  GRUCellImpl(std::int64_t input_size, std::int64_t hidden_size);
  explicit GRUCellImpl(const GRUCellOptions& options);
  Tensor forward(const Tensor& input, Tensor hx = {});
  GRUCellOptions options;
  GRADTAPE_LAYER(GRUCellImpl);
  std::size_t forward_defaults(AnyValue* values, std::size_t given) override;
};
GRADTAPE_MODULE(GRUCell);

}  // namespace gradtape::nn
