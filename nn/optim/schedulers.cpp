#include "nn/optim/schedulers.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "autograd/error.h"

namespace gradtape::optim {
namespace {
constexpr double kPi = 3.14159265358979323846;
}

LRScheduler::LRScheduler(Optimizer& optimizer) : optimizer_(optimizer) { base_lrs_ = get_current_lrs(); }
LRScheduler::~LRScheduler() = default;
std::vector<double> LRScheduler::get_current_lrs() const {
  std::vector<double> lrs;
  for (const OptimizerParamGroup& g : optimizer_.param_groups()) lrs.push_back(g.options().get_lr());
  return lrs;
}
void LRScheduler::step() {
  const std::vector<double> lrs = get_lrs();
  std::vector<OptimizerParamGroup>& groups = optimizer_.param_groups();
  check(lrs.size() == groups.size(), "LRScheduler", "there are ", static_cast<std::int64_t>(lrs.size()),
        " learning rates for ", static_cast<std::int64_t>(groups.size()),
        " parameter groups; make a scheduler after the last add_param_group");
  for (std::size_t i = 0; i < lrs.size(); ++i) groups[i].options().set_lr(lrs[i]);
  ++step_count_;
}

StepLR::StepLR(Optimizer& optimizer, unsigned step_size, double gamma)
    : LRScheduler(optimizer), step_size_(step_size), gamma_(gamma) {
  check<ValueError>(step_size > 0, "StepLR", "step_size must be positive");
}
std::vector<double> StepLR::get_lrs() {
  std::vector<double> lrs = get_current_lrs();
  if (step_count_ != 0 && step_count_ % step_size_ == 0)
    for (double& lr : lrs) lr *= gamma_;
  return lrs;
}

MultiStepLR::MultiStepLR(Optimizer& optimizer, std::vector<unsigned> milestones, double gamma)
    : LRScheduler(optimizer), milestones_(std::move(milestones)), gamma_(gamma) {}
std::vector<double> MultiStepLR::get_lrs() {
  std::vector<double> lrs = get_current_lrs();
  const auto times = std::count(milestones_.begin(), milestones_.end(), step_count_ + 1);
  for (double& lr : lrs) lr *= std::pow(gamma_, static_cast<double>(times));
  return lrs;
}

ExponentialLR::ExponentialLR(Optimizer& optimizer, double gamma) : LRScheduler(optimizer), gamma_(gamma) {}
std::vector<double> ExponentialLR::get_lrs() {
  std::vector<double> lrs = get_current_lrs();
  for (double& lr : lrs) lr *= gamma_;
  return lrs;
}

CosineAnnealingLR::CosineAnnealingLR(Optimizer& optimizer, unsigned T_max, double eta_min)
    : LRScheduler(optimizer), period_(T_max), eta_min_(eta_min) {
  check<ValueError>(T_max > 0, "CosineAnnealingLR", "T_max must be positive");
}
std::vector<double> CosineAnnealingLR::get_lrs() {
  std::vector<double> lrs = base_lrs_;
  const double share = (1 + std::cos(kPi * static_cast<double>(step_count_ + 1) / period_)) / 2;
  for (double& lr : lrs) lr = eta_min_ + (lr - eta_min_) * share;
  return lrs;
}

LinearWarmup::LinearWarmup(Optimizer& optimizer, unsigned total_iters, double start_factor)
    : LRScheduler(optimizer), total_(total_iters), start_(start_factor) {
  check<ValueError>(total_iters > 0, "LinearWarmup", "total_iters must be positive");
  for (OptimizerParamGroup& g : optimizer_.param_groups()) g.options().set_lr(g.options().get_lr() * start_);
}
std::vector<double> LinearWarmup::get_lrs() {
  return scaled([this](double n) { return n >= total_ ? 1 : start_ + (1 - start_) * n / total_; });
}

LambdaLR::LambdaLR(Optimizer& optimizer, std::function<double(std::int64_t)> lr_lambda)
    : LRScheduler(optimizer), lambda_(std::move(lr_lambda)) {
  check<ValueError>(static_cast<bool>(lambda_), "LambdaLR", "the function is empty");
  for (OptimizerParamGroup& g : optimizer_.param_groups()) g.options().set_lr(g.options().get_lr() * lambda_(0));
}
std::vector<double> LambdaLR::get_lrs() {
  return scaled([this](double n) { return lambda_(static_cast<std::int64_t>(n)); });
}

OneCycleLR::OneCycleLR(Optimizer& optimizer, double max_lr, unsigned total_steps, double pct_start, double div_factor,
                       double final_div_factor)
    : LRScheduler(optimizer),
      max_(max_lr),
      first_(max_lr / div_factor),
      last_(max_lr / div_factor / final_div_factor),
      total_(total_steps),
      peak_(pct_start * total_steps - 1) {
  check<ValueError>(total_steps > 1, "OneCycleLR", "total_steps must be above 1");
  check<ValueError>(0 <= pct_start && pct_start <= 1, "OneCycleLR", "pct_start must be in [0, 1], got ", pct_start);
  for (OptimizerParamGroup& g : optimizer_.param_groups()) g.options().set_lr(rate_at(0));
}
double OneCycleLR::rate_at(double step) const {
  const auto between = [](double from, double to, double share) {
    return to + (from - to) / 2 * (1 + std::cos(kPi * share));
  };
  if (step <= peak_) return between(first_, max_, step / peak_);
  return between(max_, last_, (step - peak_) / (total_ - 1 - peak_));
}
std::vector<double> OneCycleLR::get_lrs() {
  const double n = static_cast<double>(step_count_ + 1);
  check<ValueError>(n < total_, "OneCycleLR", "step ", static_cast<std::int64_t>(n), " is beyond total_steps ",
                    static_cast<std::int64_t>(total_));
  return std::vector<double>(base_lrs_.size(), rate_at(n));
}

ReduceLROnPlateauScheduler::ReduceLROnPlateauScheduler(Optimizer& optimizer, SchedulerMode mode, float factor,
                                                       int patience, double threshold, ThresholdMode threshold_mode,
                                                       int cooldown, const std::vector<float>& min_lr, double eps,
                                                       bool verbose)
    : optimizer_(optimizer),
      mode_(mode),
      factor_(static_cast<double>(factor)),
      patience_(patience),
      threshold_(threshold),
      threshold_mode_(threshold_mode),
      cooldown_(cooldown),
      min_lrs_(min_lr.begin(), min_lr.end()),
      eps_(eps),
      best_(mode == min ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity()),
      verbose_(verbose) {
  const char* name = "ReduceLROnPlateauScheduler";
  check<ValueError>(factor < 1, name, "factor must be below 1, got ", static_cast<double>(factor));
  const std::size_t groups = optimizer.param_groups().size();
  check<ValueError>(min_lrs_.empty() || min_lrs_.size() == groups, name, "min_lr needs one number for each of ",
                    static_cast<std::int64_t>(groups), " groups, got ", static_cast<std::int64_t>(min_lrs_.size()));
  if (min_lrs_.empty()) min_lrs_.assign(groups, 0.0);
}
bool ReduceLROnPlateauScheduler::is_better(double metric) const {
  if (std::isinf(best_)) return mode_ == min ? metric < best_ : metric > best_;
  const double by = mode_ == min ? -threshold_ : threshold_;
  const double bound = threshold_mode_ == rel ? best_ * (1 + by) : best_ + by;
  return mode_ == min ? metric < bound : metric > bound;
}
void ReduceLROnPlateauScheduler::step(double metric) {
  ++calls_;
  if (is_better(metric)) {
    best_ = metric;
    bad_ = 0;
  } else {
    ++bad_;
  }
  if (cooling_ > 0) {
    --cooling_;
    bad_ = 0;
  }
  if (bad_ <= patience_) return;
  std::vector<OptimizerParamGroup>& groups = optimizer_.param_groups();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const double old = groups[i].options().get_lr(), lr = std::max(old * factor_, min_lrs_[i]);
    if (old - lr <= eps_) continue;
    groups[i].options().set_lr(lr);
    if (verbose_)
      std::printf("Epoch %lld: reducing learning rate of group %zu to %.4e\n", static_cast<long long>(calls_), i, lr);
  }
  cooling_ = cooldown_;
  bad_ = 0;
}

}  // namespace gradtape::optim
