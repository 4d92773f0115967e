#pragma once
#include <cstdint>
#include <tuple>

#include "optimizer.h"

namespace gradtape::optim {

struct AdamOptions : public OptimizerOptions {
  using betas_t = std::tuple<double, double>;
  AdamOptions(double lr = 1e-3);  // NOLINT(google-explicit-constructor)
  ~AdamOptions() override;
  std::unique_ptr<OptimizerOptions> clone() const override;
  double get_lr() const override;
  void set_lr(double lr) override;
  void serialize(serialize::InputArchive& archive) override;
  void serialize(serialize::OutputArchive& archive) const override;
  friend bool operator==(const AdamOptions& a, const AdamOptions& b);
  GRADTAPE_ARG(double, lr) = 1e-3;
  GRADTAPE_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  GRADTAPE_ARG(double, eps) = 1e-8;
  GRADTAPE_ARG(double, weight_decay) = 0;
  GRADTAPE_ARG(bool, amsgrad) = false;
};

struct AdamParamState : public OptimizerParamState {
  AdamParamState();
  ~AdamParamState() override;
  std::unique_ptr<OptimizerParamState> clone() const override;
  void serialize(serialize::InputArchive& archive) override;
  void serialize(serialize::OutputArchive& archive) const override;
  GRADTAPE_ARG(std::int64_t, step) = 0;
  GRADTAPE_ARG(Tensor, exp_avg);
  GRADTAPE_ARG(Tensor, exp_avg_sq);
  GRADTAPE_ARG(Tensor, max_exp_avg_sq);
};

// d = g + weight_decay p;  m = beta1 m + (1 - beta1) d;  v = beta2 v + (1 - beta2) d^2;
// p -= lr / (1 - beta1^t) m / ((v / (1 - beta2^t))^(1/2) + eps), with amsgrad the largest v so far in the place of v.
// (Kingma and Ba 2015, algorithm 1; Reddi et al. 2018, algorithm 2.)
class Adam : public Optimizer {
 public:
  explicit Adam(std::vector<OptimizerParamGroup> param_groups, AdamOptions defaults = {});
  explicit Adam(std::vector<Tensor> params, AdamOptions defaults = {});
  ~Adam() override;
  Tensor step(LossClosure closure = nullptr) override;

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
};

}  // namespace gradtape::optim
