#pragma once
// What the options, states and optimizers of this folder have in common.
#include "fields.h"
#include "optimizer.h"

// Within the options of optimizer Name, whose only plain number is the learning rate.
#define GRADTAPE_OPTIMIZER_OPTIONS(Name, default_lr)                               \
  Name##Options(double lr = default_lr); /* NOLINT(google-explicit-constructor) */ \
  ~Name##Options() override;                                                       \
  std::unique_ptr<OptimizerOptions> clone() const override;                        \
  double get_lr() const override;                                                  \
  void set_lr(double lr) override;                                                 \
  void serialize(serialize::InputArchive& archive) override;                       \
  void serialize(serialize::OutputArchive& archive) const override;                \
  friend bool operator==(const Name##Options& a, const Name##Options& b);          \
  GRADTAPE_ARG(double, lr) = default_lr

#define GRADTAPE_OPTIMIZER_STATE(Name)                              \
  Name##ParamState();                                               \
  ~Name##ParamState() override;                                     \
  void serialize(serialize::InputArchive& archive) override;        \
  void serialize(serialize::OutputArchive& archive) const override; \
  std::unique_ptr<OptimizerParamState> clone() const override

#define GRADTAPE_OPTIMIZER(Name)                                                               \
  class Name : public Optimizer {                                                              \
   public:                                                                                     \
    explicit Name(std::vector<OptimizerParamGroup> param_groups, Name##Options defaults = {}); \
    explicit Name(std::vector<Tensor> params, Name##Options defaults = {});                    \
    ~Name() override;                                                                          \
    Tensor step(LossClosure closure = nullptr) override;                                       \
                                                                                               \
   protected:                                                                                  \
    std::unique_ptr<OptimizerParamState> new_state() const override;                           \
  }
