#include "nn/optim/sgd.h"

#include "autograd/error.h"
#include "autograd/ops.h"
#include "autograd/tape.h"
#include "autograd/update.h"
#include "nn/optim/fields.h"

namespace gradtape::optim {
namespace {

SGDOptions checked(SGDOptions o) {
  check<ValueError>(o.lr() >= 0, "SGD", "lr must not be negative, got ", o.lr());
  check<ValueError>(o.momentum() >= 0, "SGD", "momentum must not be negative, got ", o.momentum());
  check<ValueError>(o.weight_decay() >= 0, "SGD", "weight_decay must not be negative, got ", o.weight_decay());
  check<ValueError>(!o.nesterov() || (o.momentum() > 0 && o.dampening() == 0), "SGD",
                    "nesterov needs momentum > 0 and dampening 0, got momentum ", o.momentum(), " and dampening ",
                    o.dampening());
  return o;
}

}  // namespace

SGDOptions::SGDOptions(double lr) : lr_(lr) {}
SGDOptions::~SGDOptions() = default;
std::unique_ptr<OptimizerOptions> SGDOptions::clone() const { return std::make_unique<SGDOptions>(*this); }
double SGDOptions::get_lr() const { return lr_; }
void SGDOptions::set_lr(double lr) { lr_ = lr; }
bool operator==(const SGDOptions& a, const SGDOptions& b) {
  return a.lr() == b.lr() && a.momentum() == b.momentum() && a.dampening() == b.dampening() &&
         a.weight_decay() == b.weight_decay() && a.nesterov() == b.nesterov();
}

SGDParamState::SGDParamState() = default;
SGDParamState::~SGDParamState() = default;
std::unique_ptr<OptimizerParamState> SGDParamState::clone() const { return std::make_unique<SGDParamState>(*this); }

GRADTAPE_FIELDS(SGDOptions, f("lr", o.lr()); f("momentum", o.momentum()); f("dampening", o.dampening());
                f("weight_decay", o.weight_decay()); f("nesterov", o.nesterov()););
GRADTAPE_FIELDS(SGDParamState, f("momentum_buffer", o.momentum_buffer()););
std::unique_ptr<OptimizerParamState> SGD::new_state() const { return std::make_unique<SGDParamState>(); }

SGD::SGD(std::vector<OptimizerParamGroup> param_groups, SGDOptions defaults)
    : Optimizer(std::move(param_groups), std::make_unique<SGDOptions>(checked(std::move(defaults)))) {}
SGD::SGD(std::vector<Tensor> params, SGDOptions defaults)
    : Optimizer(std::move(params), std::make_unique<SGDOptions>(checked(std::move(defaults)))) {}
SGD::~SGD() = default;

Tensor SGD::step(LossClosure closure) {
  const NoGradGuard off;
  Tensor loss = evaluate(closure);
  for (OptimizerParamGroup& group : param_groups_) {
    const auto& o = static_cast<const SGDOptions&>(group.options());
    update::SgdNumbers n{o.lr(), o.momentum(), o.dampening(), o.weight_decay(), o.nesterov(), false};
    for (const Tensor& p : group.params()) {
      const Tensor& grad = p.grad();
      if (!grad.defined()) continue;
      Tensor none;
      Tensor& buffer = n.momentum != 0 ? state_of<SGDParamState>(p).momentum_buffer() : none;
      n.first = n.momentum != 0 && !buffer.defined();
      if (n.first) buffer = empty_like(p);
      update::sgd_(p, grad, buffer, n);
    }
  }
  return loss;
}

}  // namespace gradtape::optim
