#pragma once
#include "optimizer.h"

namespace gradtape::optim {

struct SGDOptions : public OptimizerOptions {
  SGDOptions(double lr);  // NOLINT(google-explicit-constructor)
  ~SGDOptions() override;
  std::unique_ptr<OptimizerOptions> clone() const override;
  double get_lr() const override;
  void set_lr(double lr) override;
  void serialize(serialize::InputArchive& archive) override;
  void serialize(serialize::OutputArchive& archive) const override;
  friend bool operator==(const SGDOptions& a, const SGDOptions& b);
  GRADTAPE_ARG(double, lr);
  GRADTAPE_ARG(double, momentum) = 0;
  GRADTAPE_ARG(double, dampening) = 0;
  GRADTAPE_ARG(double, weight_decay) = 0;
  GRADTAPE_ARG(bool, nesterov) = false;
};

struct SGDParamState : public OptimizerParamState {
  SGDParamState();
  ~SGDParamState() override;
  std::unique_ptr<OptimizerParamState> clone() const override;
  void serialize(serialize::InputArchive& archive) override;
  void serialize(serialize::OutputArchive& archive) const override;
  GRADTAPE_ARG(Tensor, momentum_buffer);
};

// d = g + weight_decay p;  b = d at the first step, then momentum b + (1 - dampening) d;
// p -= lr (nesterov ? d + momentum b : b), without momentum p -= lr d.
// (Sutskever et al. 2013, with the learning rate outside the velocity.)
class SGD : public Optimizer {
 public:
  SGD(std::vector<OptimizerParamGroup> param_groups, SGDOptions defaults);
  SGD(std::vector<Tensor> params, SGDOptions defaults);
  ~SGD() override;
  Tensor step(LossClosure closure = nullptr) override;

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
};

}  // namespace gradtape::optim
