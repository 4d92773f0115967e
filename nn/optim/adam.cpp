#include "nn/optim/adam.h"

#include <cmath>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "autograd/tape.h"
#include "autograd/update.h"
#include "nn/optim/fields.h"

namespace gradtape::optim {
namespace {

AdamOptions checked(AdamOptions o) {
  const auto [beta1, beta2] = o.betas();
  check<ValueError>(o.lr() >= 0, "Adam", "lr must not be negative, got ", o.lr());
  check<ValueError>(o.eps() >= 0, "Adam", "eps must not be negative, got ", o.eps());
  check<ValueError>(0 <= beta1 && beta1 < 1, "Adam", "betas must be in [0, 1), got ", beta1, " for the first");
  check<ValueError>(0 <= beta2 && beta2 < 1, "Adam", "betas must be in [0, 1), got ", beta2, " for the second");
  check<ValueError>(o.weight_decay() >= 0, "Adam", "weight_decay must not be negative, got ", o.weight_decay());
  return o;
}

}  // namespace

AdamOptions::AdamOptions(double lr) : lr_(lr) {}
AdamOptions::~AdamOptions() = default;
std::unique_ptr<OptimizerOptions> AdamOptions::clone() const { return std::make_unique<AdamOptions>(*this); }
double AdamOptions::get_lr() const { return lr_; }
void AdamOptions::set_lr(double lr) { lr_ = lr; }
bool operator==(const AdamOptions& a, const AdamOptions& b) {
  return a.lr() == b.lr() && a.betas() == b.betas() && a.eps() == b.eps() && a.weight_decay() == b.weight_decay() &&
         a.amsgrad() == b.amsgrad();
}

AdamParamState::AdamParamState() = default;
AdamParamState::~AdamParamState() = default;
std::unique_ptr<OptimizerParamState> AdamParamState::clone() const { return std::make_unique<AdamParamState>(*this); }

GRADTAPE_FIELDS(AdamOptions, f("lr", o.lr()); f("betas", o.betas()); f("eps", o.eps());
                f("weight_decay", o.weight_decay()); f("amsgrad", o.amsgrad()););
GRADTAPE_FIELDS(AdamParamState, f("step", o.step()); f("exp_avg", o.exp_avg()); f("exp_avg_sq", o.exp_avg_sq());
                f("max_exp_avg_sq", o.max_exp_avg_sq()););
std::unique_ptr<OptimizerParamState> Adam::new_state() const { return std::make_unique<AdamParamState>(); }

Adam::Adam(std::vector<OptimizerParamGroup> param_groups, AdamOptions defaults)
    : Optimizer(std::move(param_groups), std::make_unique<AdamOptions>(checked(std::move(defaults)))) {}
Adam::Adam(std::vector<Tensor> params, AdamOptions defaults)
    : Optimizer(std::move(params), std::make_unique<AdamOptions>(checked(std::move(defaults)))) {}
Adam::~Adam() = default;

Tensor Adam::step(LossClosure closure) {
  const NoGradGuard off;
  Tensor loss = evaluate(closure);
  const Tensor none;
  for (OptimizerParamGroup& group : param_groups_) {
    const auto& o = static_cast<const AdamOptions&>(group.options());
    const auto [beta1, beta2] = o.betas();
    update::AdamNumbers n{o.lr(), beta1, beta2, o.eps(), o.weight_decay(), 0, 0};
    std::int64_t corrected_for = 0;  // parameters mostly share their step: two powers a group, not a parameter
    for (const Tensor& p : group.params()) {
      const Tensor& grad = p.grad();
      if (!grad.defined()) continue;
      auto& s = state_of<AdamParamState>(p);
      if (!s.exp_avg().defined()) {
        s.exp_avg(zeros_like(p));
        s.exp_avg_sq(zeros_like(p));
      }
      if (o.amsgrad() && !s.max_exp_avg_sq().defined()) s.max_exp_avg_sq(zeros_like(p));
      if (const std::int64_t step = s.step() + 1; step != corrected_for) {
        n.correction1 = 1 - std::pow(beta1, static_cast<double>(step));
        n.correction2 = 1 - std::pow(beta2, static_cast<double>(step));
        corrected_for = step;
      }
      update::adam_(p, grad, s.exp_avg(), s.exp_avg_sq(), o.amsgrad() ? s.max_exp_avg_sq() : none, n);
      s.step(s.step() + 1);
    }
  }
  return loss;
}

}  // namespace gradtape::optim
