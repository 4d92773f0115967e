#include "nn/optim/adaptive.h"

#include <cmath>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "autograd/tape.h"
#include "autograd/update.h"
#include "nn/optim/fields.h"

namespace gradtape::optim {
namespace {

void not_negative(const char* name, const char* what, double v) {
  check<ValueError>(v >= 0, name, what, " must not be negative, got ", v);
}
void check_betas(const char* name, std::tuple<double, double> betas) {
  const auto [a, b] = betas;
  check<ValueError>(0 <= a && a < 1 && 0 <= b && b < 1, name, "betas must be in [0, 1), got ", a, " and ", b);
}

AdamWOptions checked(AdamWOptions o) {
  not_negative("AdamW", "lr", o.lr());
  not_negative("AdamW", "eps", o.eps());
  not_negative("AdamW", "weight_decay", o.weight_decay());
  check_betas("AdamW", o.betas());
  return o;
}
RMSpropOptions checked(RMSpropOptions o) {
  not_negative("RMSprop", "lr", o.lr());
  not_negative("RMSprop", "eps", o.eps());
  not_negative("RMSprop", "momentum", o.momentum());
  not_negative("RMSprop", "weight_decay", o.weight_decay());
  not_negative("RMSprop", "alpha", o.alpha());
  return o;
}
AdagradOptions checked(AdagradOptions o) {
  not_negative("Adagrad", "lr", o.lr());
  not_negative("Adagrad", "lr_decay", o.lr_decay());
  not_negative("Adagrad", "weight_decay", o.weight_decay());
  not_negative("Adagrad", "initial_accumulator_value", o.initial_accumulator_value());
  not_negative("Adagrad", "eps", o.eps());
  return o;
}
AdadeltaOptions checked(AdadeltaOptions o) {
  not_negative("Adadelta", "lr", o.lr());
  not_negative("Adadelta", "eps", o.eps());
  not_negative("Adadelta", "weight_decay", o.weight_decay());
  check<ValueError>(0 <= o.rho() && o.rho() <= 1, "Adadelta", "rho must be in [0, 1], got ", o.rho());
  return o;
}
template <class O>
O checked_adam(const char* name, O o) {
  not_negative(name, "lr", o.lr());
  not_negative(name, "eps", o.eps());
  not_negative(name, "weight_decay", o.weight_decay());
  check_betas(name, o.betas());
  return o;
}
AdamaxOptions checked(AdamaxOptions o) { return checked_adam("Adamax", std::move(o)); }
RAdamOptions checked(RAdamOptions o) { return checked_adam("RAdam", std::move(o)); }
NAdamOptions checked(NAdamOptions o) {
  not_negative("NAdam", "momentum_decay", o.momentum_decay());
  return checked_adam("NAdam", std::move(o));
}
LionOptions checked(LionOptions o) {
  not_negative("Lion", "lr", o.lr());
  not_negative("Lion", "weight_decay", o.weight_decay());
  check_betas("Lion", o.betas());
  return o;
}
RpropOptions checked(RpropOptions o) {
  not_negative("Rprop", "lr", o.lr());
  const auto [down, up] = o.etas();
  check<ValueError>(0 < down && down < 1 && up > 1, "Rprop", "etas must be in (0, 1) and above 1, got ", down, " and ",
                    up);
  return o;
}

// f(parameter, gradient with its weight decay, options) for every parameter that has a gradient.
template <class Options, class F>
void each(std::vector<OptimizerParamGroup>& groups, F f) {
  for (OptimizerParamGroup& group : groups) {
    const auto& o = static_cast<const Options&>(group.options());
    for (const Tensor& p : group.params())
      if (p.grad().defined()) f(p, p.grad(), o);
  }
}
Tensor decayed(const Tensor& g, const Tensor& p, double weight_decay) {
  return weight_decay == 0 ? g : g + p.detach() * weight_decay;
}
Tensor start(const Tensor& p) { return zeros_like(p.detach()); }
double power(double base, std::int64_t n) { return std::pow(base, static_cast<double>(n)); }

// m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
template <class S>
void moments(S& s, const Tensor& p, const Tensor& g, double beta1, double beta2) {
  if (!s.exp_avg().defined()) {
    s.exp_avg(start(p));
    s.exp_avg_sq(start(p));
  }
  s.exp_avg().mul_(beta1).add_(g, 1 - beta1);
  s.exp_avg_sq().mul_(beta2).addcmul_(g, g, 1 - beta2);
}

}  // namespace

#define GRADTAPE_DEFINE_OPTIMIZER(Name)                                                                             \
  Name##Options::Name##Options(double lr) : lr_(lr) {}                                                              \
  Name##Options::~Name##Options() = default;                                                                        \
  std::unique_ptr<OptimizerOptions> Name##Options::clone() const { return std::make_unique<Name##Options>(*this); } \
  double Name##Options::get_lr() const { return lr_; }                                                              \
  void Name##Options::set_lr(double lr) { lr_ = lr; }                                                               \
  Name##ParamState::Name##ParamState() = default;                                                                   \
  Name##ParamState::~Name##ParamState() = default;                                                                  \
  std::unique_ptr<OptimizerParamState> Name##ParamState::clone() const {                                            \
    return std::make_unique<Name##ParamState>(*this);                                                               \
  }                                                                                                                 \
  Name::Name(std::vector<OptimizerParamGroup> param_groups, Name##Options defaults)                                 \
      : Optimizer(std::move(param_groups), std::make_unique<Name##Options>(checked(std::move(defaults)))) {}        \
  Name::Name(std::vector<Tensor> params, Name##Options defaults)                                                    \
      : Optimizer(std::move(params), std::make_unique<Name##Options>(checked(std::move(defaults)))) {}              \
  Name::~Name() = default;                                                                                          \
  std::unique_ptr<OptimizerParamState> Name::new_state() const { return std::make_unique<Name##ParamState>(); }
GRADTAPE_DEFINE_OPTIMIZER(AdamW)
GRADTAPE_DEFINE_OPTIMIZER(RMSprop)
GRADTAPE_DEFINE_OPTIMIZER(Adagrad)
GRADTAPE_DEFINE_OPTIMIZER(Adadelta)
GRADTAPE_DEFINE_OPTIMIZER(Adamax)
GRADTAPE_DEFINE_OPTIMIZER(NAdam)
GRADTAPE_DEFINE_OPTIMIZER(RAdam)
GRADTAPE_DEFINE_OPTIMIZER(Lion)
GRADTAPE_DEFINE_OPTIMIZER(Rprop)

GRADTAPE_FIELDS(AdamWOptions, f("lr", o.lr()); f("betas", o.betas()); f("eps", o.eps());
                f("weight_decay", o.weight_decay()); f("amsgrad", o.amsgrad()););
GRADTAPE_FIELDS(AdamWParamState, f("step", o.step()); f("exp_avg", o.exp_avg()); f("exp_avg_sq", o.exp_avg_sq());
                f("max_exp_avg_sq", o.max_exp_avg_sq()););
GRADTAPE_FIELDS(RMSpropOptions, f("lr", o.lr()); f("alpha", o.alpha()); f("eps", o.eps());
                f("weight_decay", o.weight_decay()); f("momentum", o.momentum()); f("centered", o.centered()););
GRADTAPE_FIELDS(RMSpropParamState, f("step", o.step()); f("square_avg", o.square_avg());
                f("momentum_buffer", o.momentum_buffer()); f("grad_avg", o.grad_avg()););
GRADTAPE_FIELDS(AdagradOptions, f("lr", o.lr()); f("lr_decay", o.lr_decay()); f("weight_decay", o.weight_decay());
                f("initial_accumulator_value", o.initial_accumulator_value()); f("eps", o.eps()););
GRADTAPE_FIELDS(AdagradParamState, f("step", o.step()); f("sum", o.sum()););
GRADTAPE_FIELDS(AdadeltaOptions, f("lr", o.lr()); f("rho", o.rho()); f("eps", o.eps());
                f("weight_decay", o.weight_decay()););
GRADTAPE_FIELDS(AdadeltaParamState, f("step", o.step()); f("square_avg", o.square_avg());
                f("acc_delta", o.acc_delta()););
GRADTAPE_FIELDS(AdamaxOptions, f("lr", o.lr()); f("betas", o.betas()); f("eps", o.eps());
                f("weight_decay", o.weight_decay()););
GRADTAPE_FIELDS(AdamaxParamState, f("step", o.step()); f("exp_avg", o.exp_avg()); f("exp_inf", o.exp_inf()););
GRADTAPE_FIELDS(NAdamOptions, f("lr", o.lr()); f("betas", o.betas()); f("eps", o.eps());
                f("weight_decay", o.weight_decay()); f("momentum_decay", o.momentum_decay()););
GRADTAPE_FIELDS(NAdamParamState, f("step", o.step()); f("mu_product", o.mu_product()); f("exp_avg", o.exp_avg());
                f("exp_avg_sq", o.exp_avg_sq()););
GRADTAPE_FIELDS(RAdamOptions, f("lr", o.lr()); f("betas", o.betas()); f("eps", o.eps());
                f("weight_decay", o.weight_decay()););
GRADTAPE_FIELDS(RAdamParamState, f("step", o.step()); f("exp_avg", o.exp_avg()); f("exp_avg_sq", o.exp_avg_sq()););
GRADTAPE_FIELDS(LionOptions, f("lr", o.lr()); f("betas", o.betas()); f("weight_decay", o.weight_decay()););
GRADTAPE_FIELDS(LionParamState, f("exp_avg", o.exp_avg()););
GRADTAPE_FIELDS(RpropOptions, f("lr", o.lr()); f("etas", o.etas()); f("step_sizes", o.step_sizes()););
GRADTAPE_FIELDS(RpropParamState, f("step", o.step()); f("prev", o.prev()); f("step_size", o.step_size()););

bool operator==(const AdamWOptions& a, const AdamWOptions& b) {
  return a.lr() == b.lr() && a.betas() == b.betas() && a.eps() == b.eps() && a.weight_decay() == b.weight_decay() &&
         a.amsgrad() == b.amsgrad();
}
bool operator==(const RMSpropOptions& a, const RMSpropOptions& b) {
  return a.lr() == b.lr() && a.alpha() == b.alpha() && a.eps() == b.eps() && a.weight_decay() == b.weight_decay() &&
         a.momentum() == b.momentum() && a.centered() == b.centered();
}
bool operator==(const AdagradOptions& a, const AdagradOptions& b) {
  return a.lr() == b.lr() && a.lr_decay() == b.lr_decay() && a.weight_decay() == b.weight_decay() &&
         a.initial_accumulator_value() == b.initial_accumulator_value() && a.eps() == b.eps();
}
bool operator==(const AdadeltaOptions& a, const AdadeltaOptions& b) {
  return a.lr() == b.lr() && a.rho() == b.rho() && a.eps() == b.eps() && a.weight_decay() == b.weight_decay();
}
bool operator==(const AdamaxOptions& a, const AdamaxOptions& b) {
  return a.lr() == b.lr() && a.betas() == b.betas() && a.eps() == b.eps() && a.weight_decay() == b.weight_decay();
}
bool operator==(const NAdamOptions& a, const NAdamOptions& b) {
  return a.lr() == b.lr() && a.betas() == b.betas() && a.eps() == b.eps() && a.weight_decay() == b.weight_decay() &&
         a.momentum_decay() == b.momentum_decay();
}
bool operator==(const RAdamOptions& a, const RAdamOptions& b) {
  return a.lr() == b.lr() && a.betas() == b.betas() && a.eps() == b.eps() && a.weight_decay() == b.weight_decay();
}
bool operator==(const LionOptions& a, const LionOptions& b) {
  return a.lr() == b.lr() && a.betas() == b.betas() && a.weight_decay() == b.weight_decay();
}
bool operator==(const RpropOptions& a, const RpropOptions& b) {
  return a.lr() == b.lr() && a.etas() == b.etas() && a.step_sizes() == b.step_sizes();
}

Tensor AdamW::step(LossClosure closure) {
  const NoGradGuard off;
  Tensor loss = evaluate(closure);
  each<AdamWOptions>(param_groups_, [&](const Tensor& p, const Tensor& g, const AdamWOptions& o) {
    auto& s = state_of<AdamWParamState>(p);
    if (!s.exp_avg().defined()) {
      s.exp_avg(start(p));
      s.exp_avg_sq(start(p));
    }
    if (o.amsgrad() && !s.max_exp_avg_sq().defined()) s.max_exp_avg_sq(start(p));
    s.step(s.step() + 1);
    const auto [beta1, beta2] = o.betas();
    if (o.weight_decay() != 0) p.mul_(1 - o.lr() * o.weight_decay());
    update::adam_(p, g, s.exp_avg(), s.exp_avg_sq(), o.amsgrad() ? s.max_exp_avg_sq() : Tensor(),
                  {o.lr(), beta1, beta2, o.eps(), 0, 1 - power(beta1, s.step()), 1 - power(beta2, s.step())});
  });
  return loss;
}

Tensor RMSprop::step(LossClosure closure) {
  const NoGradGuard off;
  Tensor loss = evaluate(closure);
  each<RMSpropOptions>(param_groups_, [&](const Tensor& p, const Tensor& grad, const RMSpropOptions& o) {
    const Tensor g = decayed(grad, p, o.weight_decay());
    auto& s = state_of<RMSpropParamState>(p);
    if (!s.square_avg().defined()) s.square_avg(start(p));
    if (o.centered() && !s.grad_avg().defined()) s.grad_avg(start(p));
    if (o.momentum() > 0 && !s.momentum_buffer().defined()) s.momentum_buffer(start(p));
    s.step(s.step() + 1);
    s.square_avg().mul_(o.alpha()).addcmul_(g, g, 1 - o.alpha());
    Tensor scale = s.square_avg();
    if (o.centered()) {
      s.grad_avg().mul_(o.alpha()).add_(g, 1 - o.alpha());
      scale = scale.addcmul(s.grad_avg(), s.grad_avg(), -1);
    }
    scale = scale.sqrt().add_(o.eps());
    if (o.momentum() > 0) {
      s.momentum_buffer().mul_(o.momentum()).addcdiv_(g, scale);
      p.add_(s.momentum_buffer(), -o.lr());
    } else {
      p.addcdiv_(g, scale, -o.lr());
    }
  });
  return loss;
}

Tensor Adagrad::step(LossClosure closure) {
  const NoGradGuard off;
  Tensor loss = evaluate(closure);
  each<AdagradOptions>(param_groups_, [&](const Tensor& p, const Tensor& grad, const AdagradOptions& o) {
    const Tensor g = decayed(grad, p, o.weight_decay());
    auto& s = state_of<AdagradParamState>(p);
    if (!s.sum().defined()) s.sum(start(p).fill_(o.initial_accumulator_value()));
    s.step(s.step() + 1);
    s.sum().addcmul_(g, g, 1.0);
    p.addcdiv_(g, s.sum().sqrt().add_(o.eps()), -o.lr() / (1 + static_cast<double>(s.step() - 1) * o.lr_decay()));
  });
  return loss;
}

Tensor Adadelta::step(LossClosure closure) {
  const NoGradGuard off;
  Tensor loss = evaluate(closure);
  each<AdadeltaOptions>(param_groups_, [&](const Tensor& p, const Tensor& grad, const AdadeltaOptions& o) {
    const Tensor g = decayed(grad, p, o.weight_decay());
    auto& s = state_of<AdadeltaParamState>(p);
    if (!s.square_avg().defined()) {
      s.square_avg(start(p));
      s.acc_delta(start(p));
    }
    s.step(s.step() + 1);
    s.square_avg().mul_(o.rho()).addcmul_(g, g, 1 - o.rho());
    const Tensor delta = s.acc_delta().add(o.eps()).sqrt_().div_(s.square_avg().add(o.eps()).sqrt_()).mul_(g);
    p.add_(delta, -o.lr());
    s.acc_delta().mul_(o.rho()).addcmul_(delta, delta, 1 - o.rho());
  });
  return loss;
}

Tensor Adamax::step(LossClosure closure) {
  const NoGradGuard off;
  Tensor loss = evaluate(closure);
  each<AdamaxOptions>(param_groups_, [&](const Tensor& p, const Tensor& grad, const AdamaxOptions& o) {
    const Tensor g = decayed(grad, p, o.weight_decay());
    auto& s = state_of<AdamaxParamState>(p);
    if (!s.exp_avg().defined()) {
      s.exp_avg(start(p));
      s.exp_inf(start(p));
    }
    s.step(s.step() + 1);
    const auto [beta1, beta2] = o.betas();
    s.exp_avg().mul_(beta1).add_(g, 1 - beta1);
    s.exp_inf(maximum(s.exp_inf().mul_(beta2), g.abs().add_(o.eps())));
    p.addcdiv_(s.exp_avg(), s.exp_inf(), -o.lr() / (1 - power(beta1, s.step())));
  });
  return loss;
}

Tensor NAdam::step(LossClosure closure) {
  const NoGradGuard off;
  Tensor loss = evaluate(closure);
  each<NAdamOptions>(param_groups_, [&](const Tensor& p, const Tensor& grad, const NAdamOptions& o) {
    const Tensor g = decayed(grad, p, o.weight_decay());
    auto& s = state_of<NAdamParamState>(p);
    s.step(s.step() + 1);
    const auto [beta1, beta2] = o.betas();
    const auto t = static_cast<double>(s.step());
    const double mu = beta1 * (1 - 0.5 * std::pow(0.96, t * o.momentum_decay()));
    const double next = beta1 * (1 - 0.5 * std::pow(0.96, (t + 1) * o.momentum_decay()));
    s.mu_product(s.mu_product() * mu);
    moments(s, p, g, beta1, beta2);
    const Tensor scale = s.exp_avg_sq().div(1 - power(beta2, s.step())).sqrt_().add_(o.eps());
    p.addcdiv_(g, scale, -o.lr() * (1 - mu) / (1 - s.mu_product()));
    p.addcdiv_(s.exp_avg(), scale, -o.lr() * next / (1 - s.mu_product() * next));
  });
  return loss;
}

Tensor RAdam::step(LossClosure closure) {
  const NoGradGuard off;
  Tensor loss = evaluate(closure);
  each<RAdamOptions>(param_groups_, [&](const Tensor& p, const Tensor& grad, const RAdamOptions& o) {
    const Tensor g = decayed(grad, p, o.weight_decay());
    auto& s = state_of<RAdamParamState>(p);
    s.step(s.step() + 1);
    const auto [beta1, beta2] = o.betas();
    moments(s, p, g, beta1, beta2);
    const double correction1 = 1 - power(beta1, s.step()), correction2 = 1 - power(beta2, s.step());
    const double limit = 2 / (1 - beta2) - 1;
    const double r = limit - 2 * static_cast<double>(s.step()) * (1 - correction2) / correction2;
    if (r > 5) {
      const double c = std::sqrt((r - 4) * (r - 2) * limit / ((limit - 4) * (limit - 2) * r));
      p.addcdiv_(s.exp_avg(), s.exp_avg_sq().sqrt().add_(o.eps()), -o.lr() * c * std::sqrt(correction2) / correction1);
    } else {
      p.add_(s.exp_avg(), -o.lr() / correction1);
    }
  });
  return loss;
}

Tensor Lion::step(LossClosure closure) {
  const NoGradGuard off;
  Tensor loss = evaluate(closure);
  each<LionOptions>(param_groups_, [&](const Tensor& p, const Tensor& g, const LionOptions& o) {
    auto& s = state_of<LionParamState>(p);
    if (!s.exp_avg().defined()) s.exp_avg(start(p));
    const auto [beta1, beta2] = o.betas();
    if (o.weight_decay() != 0) p.mul_(1 - o.lr() * o.weight_decay());
    p.add_(s.exp_avg().mul(beta1).add_(g, 1 - beta1).sign_(), -o.lr());
    s.exp_avg().mul_(beta2).add_(g, 1 - beta2);
  });
  return loss;
}

Tensor Rprop::step(LossClosure closure) {
  const NoGradGuard off;
  Tensor loss = evaluate(closure);
  each<RpropOptions>(param_groups_, [&](const Tensor& p, const Tensor& g, const RpropOptions& o) {
    auto& s = state_of<RpropParamState>(p);
    if (!s.prev().defined()) {
      s.prev(start(p));
      s.step_size(start(p).fill_(o.lr()));
    }
    s.step(s.step() + 1);
    const auto [down, up] = o.etas();
    const auto [least, most] = o.step_sizes();
    const Tensor turn = g * s.prev();
    s.step_size(
        where(turn > 0, s.step_size() * up, where(turn < 0, s.step_size() * down, s.step_size())).clamp_(least, most));
    s.prev(where(turn < 0, 0, g));
    p.addcmul_(s.prev().sign(), s.step_size(), -1);
  });
  return loss;
}

}  // namespace gradtape::optim
