#pragma once
// Activations: element by element unless said otherwise.
#include <cstdint>

#include "arg.h"
#include "module.h"

namespace gradtape::nn {

struct ReLUOptions {
  ReLUOptions(bool inplace = false) : inplace_(inplace) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(bool, inplace);
};

// max(x, 0)
class ReLUImpl : public Module {
 public:
  explicit ReLUImpl(const ReLUOptions& options = {});
  ~ReLUImpl() override;
  Tensor forward(Tensor input);
  void reset();
  void pretty_print(std::ostream& stream) const override;
  ReLUOptions options;

 private:
  const detail::CloneTable* clone_table() const override;
};
GRADTAPE_MODULE(ReLU);

struct LeakyReLUOptions {
  GRADTAPE_ARG(double, negative_slope) = 1e-2;
  GRADTAPE_ARG(bool, inplace) = false;
};

// x > 0 ? x : negative_slope x
class LeakyReLUImpl : public Module {
 public:
  explicit LeakyReLUImpl(const LeakyReLUOptions& options = {});
  ~LeakyReLUImpl() override;
  Tensor forward(Tensor input);
  void reset();
  void pretty_print(std::ostream& stream) const override;
  LeakyReLUOptions options;

 private:
  const detail::CloneTable* clone_table() const override;
};
GRADTAPE_MODULE(LeakyReLU);

// 1 / (1 + e^-x)
class SigmoidImpl : public Module {
 public:
  SigmoidImpl();
  ~SigmoidImpl() override;
  Tensor forward(const Tensor& input);
  void reset();
  void pretty_print(std::ostream& stream) const override;

 private:
  const detail::CloneTable* clone_table() const override;
};
GRADTAPE_MODULE(Sigmoid);

// (e^x - e^-x) / (e^x + e^-x)
class TanhImpl : public Module {
 public:
  TanhImpl();
  ~TanhImpl() override;
  Tensor forward(const Tensor& input);
  void reset();
  void pretty_print(std::ostream& stream) const override;

 private:
  const detail::CloneTable* clone_table() const override;
};
GRADTAPE_MODULE(Tanh);

struct SoftmaxOptions {
  SoftmaxOptions(std::int64_t dim) : dim_(dim) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(std::int64_t, dim);
};

// e^x / sum of e^x over `dim`
class SoftmaxImpl : public Module {
 public:
  explicit SoftmaxImpl(const SoftmaxOptions& options);
  ~SoftmaxImpl() override;
  Tensor forward(const Tensor& input);
  void reset();
  void pretty_print(std::ostream& stream) const override;
  SoftmaxOptions options;

 private:
  const detail::CloneTable* clone_table() const override;
};
GRADTAPE_MODULE(Softmax);

struct LogSoftmaxOptions {
  LogSoftmaxOptions(std::int64_t dim) : dim_(dim) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(std::int64_t, dim);
};

// x - ln sum of e^x over `dim`
class LogSoftmaxImpl : public Module {
 public:
  explicit LogSoftmaxImpl(const LogSoftmaxOptions& options);
  ~LogSoftmaxImpl() override;
  Tensor forward(const Tensor& input);
  void reset();
  void pretty_print(std::ostream& stream) const override;
  LogSoftmaxOptions options;

 private:
  const detail::CloneTable* clone_table() const override;
};
GRADTAPE_MODULE(LogSoftmax);

}  // namespace gradtape::nn
